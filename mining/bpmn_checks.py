"""What a BPMN diagram must have to be read: whole flows, starts and ends, and gateways whose meaning can be told."""

from __future__ import annotations

from collections.abc import Iterator

from mining.bpmn_diagram import (
    BOUNDARY,
    END,
    EVENT,
    INCLUSIVE,
    PARALLEL,
    START,
    SUB_PROCESS,
    TASK,
    Diagram,
    Flow,
    Node,
    by_end,
)
from mining.bpmn_inclusive import pairs
from mining.errors import Problem
from mining.messages import N_, Message

_ONE_WAY_OUT = {TASK, START, EVENT, SUB_PROCESS, BOUNDARY}
_THROWN = ("error", "cancel")


def incomplete(diagram: Diagram) -> Iterator[Problem]:
    """Name ids that are not clear, flows into nowhere, and nodes at which a journey cannot arrive or would be stuck."""
    seen: set[str] = set()
    for node in diagram.nodes:
        if not node.id or node.id in seen:
            yield _at(node, N_("The id of {name} is missing or used twice."))
        seen.add(node.id)
    yield from _flows(diagram)
    for scope in ("", *(node.id for node in diagram.nodes if node.kind == SUB_PROCESS)):
        yield from _ends(diagram, scope)
    into, out = by_end(diagram.flows)
    for node in diagram.nodes:
        yield from _unfinished(node, len(into[node.id]), len(out[node.id]))
        if node.kind == BOUNDARY and _host(diagram, node) is None:
            yield _at(node, N_("{name} is not attached to a task or sub-process next to it."))


def _at(node: Node, template: str, **values: object) -> Problem:
    return Problem(Message(template, name=node.shown, **values), line=node.line)


def _host(diagram: Diagram, boundary: Node) -> Node | None:
    """Give the task or sub-process that an event is attached to."""
    hosts = (node for node in diagram.nodes if node.id == boundary.attached and node.scope == boundary.scope)
    return next((node for node in hosts if node.kind in (TASK, SUB_PROCESS)), None)


def _flows(diagram: Diagram) -> Iterator[Problem]:
    scope = {node.id: node.scope for node in diagram.nodes}
    for flow in diagram.flows:
        ends = {"source": flow.source, "target": flow.target}
        if flow.source not in scope or flow.target not in scope:
            yield _on(flow, N_("The flow from {source} to {target} lacks an end."), **ends)
        elif scope[flow.source] != scope[flow.target]:
            yield _on(flow, N_("The flow from {source} to {target} crosses the border of a sub-process."), **ends)


def _on(flow: Flow, template: str, **values: object) -> Problem:
    return Problem(Message(template, **values), line=flow.line)


def _ends(diagram: Diagram, scope: str) -> Iterator[Problem]:
    """See that a process or sub-process begins and ends somewhere."""
    inside = {node.kind for node in diagram.nodes if node.scope == scope}
    for kind, whole, part in (
        (
            START,
            N_("There is no start event. Draw one, with a flow to the first step."),
            N_("There is no start event in {name}. Draw one, with a flow to its first step."),
        ),
        (
            END,
            N_("There is no end event. Draw one, with a flow from the last step."),
            N_("There is no end event in {name}. Draw one, with a flow from its last step."),
        ),
    ):
        if kind in inside:
            continue
        holder = next((node for node in diagram.nodes if node.id == scope), None)
        yield Problem(Message(whole)) if holder is None else _at(holder, part)


def _unfinished(node: Node, n_in: int, n_out: int) -> Iterator[Problem]:
    """Check the number of flows at one node."""
    if node.kind in (START, BOUNDARY):
        if n_in:
            yield _at(node, N_("{name} is where something begins; no flow may lead to it."))
    elif not n_in and node.trigger == "link":
        yield _at(node, N_("No link event is called like {name}, so nothing leads there. Give both the same name."))
    elif not n_in:
        yield _at(node, N_("No flow leads to {name}. Draw one, or take the element out."))
    if node.kind == END:
        if n_out:
            yield _at(node, N_("{name} is an end; no flow may leave it."))
    elif not n_out and node.trigger == "link":
        yield _at(node, N_("No link event is called like {name}, so it leads nowhere. Give both the same name."))
    elif not n_out:
        yield _at(node, N_("No flow leads on from {name}. Draw one to the next step."))
    if n_out > 1 and node.kind in _ONE_WAY_OUT:
        template = N_("{n} flows leave {name}. Draw a gateway after it that says whether all or one of them is taken.")
        yield _at(node, template, n=n_out)


def unclear(diagram: Diagram) -> Iterator[Problem]:
    """Name what is drawn whole, and still has no exact meaning; asked only of a diagram that is complete."""
    into, out = by_end(diagram.flows)
    paired = {gateway for pair in pairs(diagram) for gateway in (pair.split, pair.join)}
    for node in diagram.nodes:
        if node.kind == INCLUSIVE and node.id not in paired and len(into[node.id]) + len(out[node.id]) > 2:
            yield _at(
                node,
                N_(
                    "{name} is an inclusive gateway; only a split with a join of all its branches, and nothing else, "
                    "is read. Draw parallel gateways, and exclusive ones around the branches that may be left out."
                ),
            )
        if node.kind == END and node.trigger in ("terminate", *_THROWN) and _runs_in_parallel(diagram, node.scope):
            yield _at(node, N_("{name} cuts off steps that run in parallel. Join them before the end."))
        if node.kind == END and node.scope and node.trigger in _THROWN and not catchers(diagram, node):
            template = N_("{name} is caught by no event attached to its sub-process. Attach one, with a flow from it.")
            yield _at(node, template)
        if node.kind == BOUNDARY and node.interrupting and _runs_in_parallel(diagram, node.attached):
            template = N_("{name} cuts off steps that run in parallel. Attach it to single steps of the sub-process.")
            yield _at(node, template)


def _runs_in_parallel(diagram: Diagram, scope: str) -> bool:
    """Say whether a process or sub-process can be in two places at once."""
    _, out = by_end(diagram.flows)
    return any(
        (node.kind in (PARALLEL, INCLUSIVE) and len(out[node.id]) > 1)
        or (node.kind == BOUNDARY and not node.interrupting)
        for node in diagram.within(scope)
    )


def catchers(diagram: Diagram, end: Node) -> list[Node]:
    """Give the events attached to the sub-process of an end that catch what it throws."""
    if not end.scope or end.trigger not in _THROWN:
        return []
    attached = (node for node in diagram.nodes if node.kind == BOUNDARY and node.attached == end.scope)
    return [node for node in attached if node.trigger == end.trigger]
