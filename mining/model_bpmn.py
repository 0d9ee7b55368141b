"""Reads BPMN 2.0 diagrams: what has an exact meaning as a Petri net is taken down, everything else is refused by name.

A diagram here is one process of tasks, events and gateways. The usual readers silently drop what they do not know, and
leave holes in the middle of a process; a wrong plan is worse than none, so sub-processes, several pools, markers of
repetition and the like are listed, all at once, with what to do about them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from mining.errors import ModelError, Problem
from mining.messages import N_, Message
from mining.model_xml import Element, one_line, problem, shown

TASK, START, END = "task", "start", "end"
EXCLUSIVE, PARALLEL, INCLUSIVE = "exclusive", "parallel", "inclusive"

_KINDS = {
    **dict.fromkeys(
        (
            "task",
            "userTask",
            "manualTask",
            "serviceTask",
            "sendTask",
            "receiveTask",
            "scriptTask",
            "businessRuleTask",
        ),
        TASK,
    ),
    "startEvent": START,
    "endEvent": END,
    "exclusiveGateway": EXCLUSIVE,
    "parallelGateway": PARALLEL,
    "inclusiveGateway": INCLUSIVE,
    "eventBasedGateway": EXCLUSIVE,
    "intermediateCatchEvent": EXCLUSIVE,
    "intermediateThrowEvent": EXCLUSIVE,
}
_PASSED_THROUGH = ("intermediateCatchEvent", "intermediateThrowEvent")
_REFUSED = {
    "subProcess": N_("{name} is a sub-process. Draw its steps in the main process."),
    "adHocSubProcess": N_("{name} is an ad-hoc sub-process. Draw its steps in the main process."),
    "transaction": N_("{name} is a transaction. Draw its steps in the main process."),
    "callActivity": N_("{name} calls another process. Draw a task instead, or the steps of that process."),
    "boundaryEvent": N_("{name} is attached to a task. Draw the exception as a gateway after that task."),
    "complexGateway": N_("{name} is a complex gateway. Draw exclusive or parallel gateways instead."),
}
_MARKERS = {
    "standardLoopCharacteristics": N_("{name} is marked to be repeated. Draw the loop with two exclusive gateways."),
    "multiInstanceLoopCharacteristics": N_(
        "{name} is marked for several instances. Draw the repetition with two exclusive gateways."
    ),
}


@dataclass(frozen=True)
class Node:
    """One task, event or gateway; `kind` is one of the constants of this file."""

    id: str
    kind: str
    name: str


@dataclass(frozen=True)
class Flow:
    """One sequence flow between two nodes, by their ids."""

    id: str
    source: str
    target: str


@dataclass(frozen=True)
class Diagram:
    """One process; nodes and flows in the order of the file, notes on what was simplified."""

    nodes: tuple[Node, ...]
    flows: tuple[Flow, ...]
    notes: tuple[Message, ...] = ()


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
    elements = [child for child in processes[0] if child.tag in _KINDS]
    flows = processes[0].findall("sequenceFlow")
    problems = [*_unclear_ids(elements), *_disconnected(elements, flows), *_unmatched(elements, flows)]
    if problems:
        raise ModelError(N_("{path} is not a complete process."), path=path, problems=problems)
    return Diagram(
        nodes=tuple(Node(e.get("id"), _KINDS[e.tag], _name(e)) for e in elements),
        flows=tuple(
            Flow(flow.get("id") or f"flow {n}", flow.get("sourceRef"), flow.get("targetRef"))
            for n, flow in enumerate(flows, start=1)
        ),
        notes=tuple(_notes(elements)),
    )


def _name(element: Element) -> str:
    """Give the name of an element, "" when it has none."""
    return one_line(element.get("name") or "")


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
        yield problem(element, _REFUSED[element.tag], name=shown(element))
    for marker in root.iter(*_MARKERS):
        yield problem(marker, _MARKERS[marker.tag], name=shown(marker.getparent()))


def _unclear_ids(elements: list[Element]) -> Iterator[Problem]:
    """Refuse nodes without an id of their own, since flows could not tell them apart."""
    seen: set[str] = set()
    for element in elements:
        if element.get("id") is None or element.get("id") in seen:
            yield problem(element, N_("The id of {name} is missing or used twice."), name=shown(element))
        seen.add(element.get("id"))


def _disconnected(elements: list[Element], flows: list[Element]) -> Iterator[Problem]:
    """Refuse flows into nowhere, and nodes at which a journey could not arrive or would be stuck."""
    ids = {element.get("id") for element in elements}
    for flow in flows:
        ends = (flow.get("sourceRef"), flow.get("targetRef"))
        if not ids.issuperset(ends):
            yield problem(
                flow, N_("The flow from {source} to {target} lacks an end."), source=str(ends[0]), target=str(ends[1])
            )
    sources = [flow.get("sourceRef") for flow in flows]
    targets = {flow.get("targetRef") for flow in flows}
    for kind, template in (
        (START, N_("There is no start event. Draw one, with a flow to the first step.")),
        (END, N_("There is no end event. Draw one, with a flow from the last step.")),
    ):
        if not any(_KINDS[element.tag] == kind for element in elements):
            yield Problem(Message(template))
    for element in elements:
        yield from _unfinished(element, sources.count(element.get("id")), element.get("id") in targets)


def _unfinished(element: Element, n_out: int, entered: bool) -> Iterator[Problem]:
    """Check the number of flows at one node."""
    kind = _KINDS[element.tag]
    if kind != START and not entered:
        yield problem(element, N_("No flow leads to {name}. Draw one, or take the element out."), name=shown(element))
    if kind != END and n_out == 0:
        yield problem(element, N_("No flow leads on from {name}. Draw one to the next step."), name=shown(element))
    if n_out > 1 and (kind in (TASK, START) or element.tag in _PASSED_THROUGH):
        yield problem(
            element,
            N_("{n} flows leave {name}. Draw a gateway after it that says whether all or one of them is taken."),
            n=n_out,
            name=shown(element),
        )


def _unmatched(elements: list[Element], flows: list[Element]) -> Iterator[Problem]:
    """Refuse inclusive gateways, save one split with one join of the same branches: what others wait for is unclear."""
    n_out = Counter(flow.get("sourceRef") for flow in flows)
    n_in = Counter(flow.get("targetRef") for flow in flows)
    gateways = [e for e in elements if _KINDS[e.tag] == INCLUSIVE and max(n_in[e.get("id")], n_out[e.get("id")]) > 1]
    splits = sorted(n_out[e.get("id")] for e in gateways)
    joins = sorted(n_in[e.get("id")] for e in gateways)
    if len(gateways) == 2 and splits[0] == joins[0] == 1 and splits[1] == joins[1]:
        return
    for element in gateways:
        yield problem(
            element,
            N_(
                "{name} is an inclusive gateway; only one split with one join of the same branches is read. "
                "Draw parallel gateways, and exclusive ones around the branches that may be left out."
            ),
            name=shown(element),
        )


def _notes(elements: list[Element]) -> Iterator[Message]:
    """Say what was read in a simpler way than it is drawn."""
    passed = [shown(element) for element in elements if element.tag in _PASSED_THROUGH]
    if passed:
        yield Message(
            N_("Intermediate events are passed through, not looked for in the log: {names}."),
            names=", ".join(passed),
        )
    inclusive = [shown(element) for element in elements if _KINDS[element.tag] == INCLUSIVE]
    if inclusive:
        yield Message(
            N_("Inclusive gateways are read as any of the branches, or none: {names}."), names=", ".join(inclusive)
        )
    unnamed = [shown(e) for e in elements if _KINDS[e.tag] == TASK and not _name(e)]
    if unnamed:
        yield Message(N_("Tasks without a name are silent: {names}."), names=", ".join(unnamed))
