"""Reads BPMN 2.0 diagrams: what has an exact meaning as a Petri net is taken down, everything else is refused by name.

A diagram here is one process with its sub-processes. The usual readers silently drop what they do not know, and leave
holes in the middle of a process; a wrong plan is worse than none, so ad-hoc sub-processes, complex gateways, several
pools with steps and the like are listed, all at once, with what to do about them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from mining.bpmn_checks import incomplete, unclear
from mining.bpmn_diagram import (
    ANY_NUMBER,
    AT_LEAST_ONCE,
    BOUNDARY,
    END,
    EVENT,
    EXCLUSIVE,
    INCLUSIVE,
    PARALLEL,
    START,
    SUB_PROCESS,
    TASK,
    Diagram,
    Flow,
    Node,
)
from mining.errors import ModelError, Problem
from mining.messages import N_, Message
from mining.model_xml import Element, one_line, problem, shown

_TASKS = (
    *("task", "userTask", "manualTask", "serviceTask", "sendTask", "receiveTask", "scriptTask", "businessRuleTask"),
    "callActivity",
)
_KINDS = {
    **dict.fromkeys(_TASKS, TASK),
    "startEvent": START,
    "endEvent": END,
    "exclusiveGateway": EXCLUSIVE,
    "parallelGateway": PARALLEL,
    "inclusiveGateway": INCLUSIVE,
    "eventBasedGateway": EXCLUSIVE,
    "intermediateCatchEvent": EVENT,
    "intermediateThrowEvent": EVENT,
    "boundaryEvent": BOUNDARY,
    "subProcess": SUB_PROCESS,
    "transaction": SUB_PROCESS,
}
_REFUSED = {
    "adHocSubProcess": N_("{name} is an ad-hoc sub-process. Draw the order of its steps, with gateways."),
    "complexGateway": N_("{name} is a complex gateway. Draw exclusive or parallel gateways instead."),
    "compensateEventDefinition": N_("{name} compensates for other steps, which is not read. Draw the steps it causes."),
}
_EVENT_SUB_PROCESS = N_(
    "{name} is an event sub-process, which may start at any time. Draw it as an event attached to a sub-process."
)
_PARALLEL_SUB_PROCESSES = N_(
    "{name} runs several times at once, which has no bound. Mark it as sequential, or draw one run."
)
_EVENTS = {BOUNDARY, END, EVENT, START}


def read_bpmn(root: Element, path: object) -> Diagram:
    """Give the one process of a BPMN document.

    Parameters
    ----------
    root : element
        Of `mining.model_xml.read_xml`; its tag is ``definitions``.
    path : object
        Shown in errors.

    Raises
    ------
    ModelError
        With every element that has no exact meaning here, its line, and what to draw instead.
    """
    processes = [process for process in root.iter("process") if any(child.tag in _KINDS for child in process)]
    problems = [*_several(processes), *_refused(root)]
    if not processes and not problems:
        problems.append(problem(root, N_("There is no process with tasks in it.")))
    if problems:
        raise ModelError(N_("{path} cannot be read as one process."), path=path, problems=problems)
    diagram = _diagram(processes[0])
    problems = [*incomplete(diagram)] or [*unclear(diagram)]
    if problems:
        raise ModelError(N_("{path} is not a complete process."), path=path, problems=problems)
    return diagram


def _several(processes: list[Element]) -> Iterator[Problem]:
    """Refuse more than one pool with a process of its own."""
    if len(processes) > 1:
        yield problem(
            processes[1],
            N_("There are {n} pools or processes with steps: {names}. Keep the one that customers walk through."),
            n=len(processes),
            names=", ".join(_pool(process) for process in processes),
        )


def _pool(process: Element) -> str:
    """Name a process by its pool, which is what the picture shows."""
    for participant in process.getroottree().iter("participant"):
        if (participant.get("processRef") or "").rpartition(":")[2] == process.get("id"):
            return shown(participant)
    return shown(process)


def _refused(root: Element) -> Iterator[Problem]:
    """Name every element that has no exact meaning as a net of plain steps."""
    for element in root.iter(*_REFUSED):
        named = element.getparent() if element.tag.endswith("Definition") else element
        yield problem(element, _REFUSED[element.tag], name=shown(named))
    for element in root.iter("subProcess", "transaction"):
        marker = element.find("multiInstanceLoopCharacteristics")
        if element.get("triggeredByEvent") == "true":
            yield problem(element, _EVENT_SUB_PROCESS, name=shown(element))
        elif marker is not None and marker.get("isSequential") != "true" and not _is_collapsed(element):
            yield problem(element, _PARALLEL_SUB_PROCESSES, name=shown(element))


def _is_collapsed(element: Element) -> bool:
    """Say whether a sub-process is drawn without its steps."""
    return not any(child.tag in _KINDS for child in element)


def _diagram(process: Element) -> Diagram:
    """Take down a process with all that stands in it."""
    elements = [(element, _node(element, scope)) for element, scope in _elements(process, "")]
    arrows = list(process.iter("sequenceFlow"))
    used = Counter(arrow.get("id") for arrow in arrows)
    flows = [
        Flow(
            arrow.get("id") if used[arrow.get("id")] == 1 else f"flow {n}",
            str(arrow.get("sourceRef")),
            str(arrow.get("targetRef")),
            arrow.sourceline,
        )
        for n, arrow in enumerate(arrows, start=1)
    ]
    lanes = (
        (one_line(ref.text or ""), one_line(lane.get("name") or ""))
        for lane in process.iter("lane")
        for ref in lane.findall("flowNodeRef")
    )
    return Diagram(
        nodes=tuple(node for _, node in elements),
        flows=(*flows, *_links(elements)),
        notes=tuple(_notes(elements)),
        lanes=tuple((node, name) for node, name in lanes if name),
    )


def _elements(holder: Element, scope: str) -> Iterator[tuple[Element, str]]:
    """Give every node of a process with the sub-process it stands in."""
    for child in holder:
        if child.tag in _KINDS:
            yield child, scope
        if _KINDS.get(child.tag) == SUB_PROCESS:
            yield from _elements(child, child.get("id") or "")


def _node(element: Element, scope: str) -> Node:
    kind = _KINDS[element.tag]
    if kind == SUB_PROCESS and _is_collapsed(element):
        kind = TASK
    return Node(
        id=element.get("id") or "",
        kind=kind,
        name=one_line(element.get("name") or ""),
        scope=scope,
        repeated=_repeated(element),
        attached=(element.get("attachedToRef") or "").rpartition(":")[2],
        interrupting=element.get("cancelActivity") != "false",
        trigger=_trigger(element) if kind in _EVENTS else "",
        line=element.sourceline,
    )


def _repeated(element: Element) -> str:
    """Read the marks of repetition; several instances of one task are, as a row of events, that task several times."""
    loop = element.find("standardLoopCharacteristics")
    if loop is not None:
        return ANY_NUMBER if loop.get("testBefore") == "true" else AT_LEAST_ONCE
    return "" if element.find("multiInstanceLoopCharacteristics") is None else AT_LEAST_ONCE


def _trigger(element: Element) -> str:
    """Give the kind of an event, such as ``timer``, by its definition."""
    definitions = (child.tag for child in element if child.tag.endswith("EventDefinition"))
    return str(next(definitions, "")).removesuffix("EventDefinition")


def _links(elements: list[tuple[Element, Node]]) -> Iterator[Flow]:
    """Join the link events of one name: what is thrown goes on where it is caught."""
    found = [(element, node, _link_name(element)) for element, node in elements if node.trigger == "link"]
    for element, node, name in found:
        for other, caught, same in found:
            if element.tag == "intermediateThrowEvent" and other.tag == "intermediateCatchEvent" and name == same:
                yield Flow(f"link {node.id} {caught.id}", node.id, caught.id, node.line)


def _link_name(element: Element) -> str:
    return one_line(element.find("linkEventDefinition").get("name") or element.get("name") or "")


def _notes(elements: list[tuple[Element, Node]]) -> Iterator[Message]:
    """Say what was read in a simpler way than it is drawn."""
    nodes = [node for _, node in elements]
    plain = set(_TASKS) - {"callActivity"}
    opaque = [node for element, node in elements if node.kind == TASK and element.tag not in plain]
    interrupted = {node.attached for node in nodes if node.kind == BOUNDARY and node.interrupting}
    for template, meant in (
        (
            N_("Intermediate events are passed through, not looked for in the log: {names}."),
            [node for node in nodes if node.kind == EVENT and node.trigger != "link"],
        ),
        (
            N_("Call activities and sub-processes drawn without their steps are read as one step: {names}."),
            opaque,
        ),
        (
            N_("A mark of repetition is read as a loop without a limit of rounds: {names}."),
            [node for node in nodes if node.repeated],
        ),
        (
            N_("A step that an attached event interrupts counts as not done: {names}."),
            [node for node in nodes if node.id in interrupted and node.kind == TASK],
        ),
        (
            N_("An attached event that does not interrupt happens at most once: {names}."),
            [node for node in nodes if node.kind == BOUNDARY and not node.interrupting],
        ),
        (N_("Tasks without a name are silent: {names}."), [n for n in nodes if n.kind == TASK and not n.name]),
    ):
        if meant:
            yield Message(template, names=", ".join(node.shown for node in meant))
