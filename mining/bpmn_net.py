"""A BPMN diagram -> the Petri net with the same runs (after Dijkman and others, doi 10.1016/j.infsof.2008.02.006).

Every flow is a place, every node a few transitions, all silent but those of tasks with a name. A process has come to
its end when all of its tokens have: branches need not be joined. What is silent and adds nothing is taken out again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from mining.bpmn_checks import catchers
from mining.bpmn_diagram import (
    ANY_NUMBER,
    BOUNDARY,
    END,
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
from mining.bpmn_inclusive import Pair, pairs
from mining.errors import ModelError, Problem
from mining.messages import N_, Message
from mining.petri import PetriNet, build_net
from mining.petri_reduction import reduce_net
from mining.reachability import explore

Step = tuple[str, str | None, list[str], list[str]]
"""Name, label (None: silent), places it takes a token from, places it puts one into."""

_START, _DONE = "▷", "■"
_MOST_MARKINGS = 10_000


def diagram_to_net(diagram: Diagram) -> PetriNet:
    """Give the Petri net of a diagram, with as few silent steps as its runs need.

    Raises
    ------
    ModelError
        When a sub-process comes to its end several times in one run: its branches are not joined.
    """
    builder = _Builder(diagram)
    problems = [
        Problem(Message(N_("The branches of {name} end one by one. Join them before its end."), name=n.shown), n.line)
        for n in diagram.nodes
        if n.kind == SUB_PROCESS and not builder.ends_once(n)
    ]
    if problems:
        raise ModelError(N_("The diagram cannot be followed."), problems=problems)
    steps = [*builder.beginning(""), *builder.steps(""), *builder.ending("", [])]
    return replace(reduce_net(_net(steps, {})), notes=diagram.notes)


def _net(steps: Iterable[Step], final: dict[str, int]) -> PetriNet:
    """Put steps together; the process begins with one token and ends with the tokens of `final`."""
    steps = list(steps)
    places = dict.fromkeys([_START, *final, *(place for _, _, take, put in steps for place in (*take, *put))])
    transitions = ((name, label, dict.fromkeys(take, 1), dict.fromkeys(put, 1)) for name, label, take, put in steps)
    return build_net(places, transitions, initial={_START: 1}, final=final)


class _Builder:
    """Gives the steps of each node; a node has a place before it, one where it is under way, and one behind it."""

    def __init__(self, diagram: Diagram) -> None:
        self.diagram = diagram
        self.into, self.out = by_end(diagram.flows)
        self.pairs = list(pairs(diagram))
        self.nodes = {node.id: node for node in diagram.nodes}
        self.called = Counter(node.shown for node in diagram.nodes)

    def place(self, node: Node | str, side: str) -> str:
        """Name a place of a node so that a person finds it in the diagram: ``→ x``, ``x →``."""
        node = self.nodes[node] if isinstance(node, str) else node
        name = f"{node.shown} ({node.id})" if self.called[node.shown] > 1 else node.shown
        return {"before": f"→ {name}", "within": f"({name})", "behind": f"{name} →"}[side]

    def flows(self, node: Node, side: str) -> list[str]:
        """Name the places of the flows into a node or out of it."""
        return [self._flow_place(flow) for flow in (self.into if side == "in" else self.out)[node.id]]

    def beginning(self, scope: str, source: str = _START) -> Iterator[Step]:
        """Begin at one of the start events of a process or sub-process."""
        for node in self._in(scope, START):
            yield node.shown, None, [source], [self.place(node, "behind")]

    def ending(self, scope: str, put: list[str]) -> Iterator[Step]:
        """End wherever a token comes to an end of a process or sub-process."""
        for node in self._in(scope, END):
            caught = catchers(self.diagram, node)
            for target in [[self.place(other, "behind")] for other in caught] or [put]:
                yield node.shown, None, [self.place(node, "before")], target

    def _in(self, scope: str, kind: str) -> Iterator[Node]:
        return (node for node in self.diagram.nodes if node.scope == scope and node.kind == kind)

    def steps(self, scope: str) -> Iterator[Step]:
        """Give the steps of all that stands in a process or sub-process."""
        for node in self.diagram.nodes:
            if node.scope == scope:
                yield from self._node(node)

    def _node(self, node: Node) -> Iterator[Step]:
        before, behind = self.place(node, "before"), self.place(node, "behind")
        into, out = self.flows(node, "in"), self.flows(node, "out")
        pair = next((pair for pair in self.pairs if node.id in (pair.split, pair.join)), None)
        if node.kind == PARALLEL:
            yield node.shown, None, into, out
            return
        if node.kind == INCLUSIVE and pair is not None:
            yield from self._split(node, pair) if node.id == pair.split else self._join(node, pair)
            return
        for place in into:
            yield node.shown, None, [place], [before]
        if node.kind in (TASK, SUB_PROCESS):
            yield from self._activity(node)
        elif node.kind not in (START, BOUNDARY, END):
            yield node.shown, None, [before], [behind]
        for place in out:
            yield node.shown, None, [behind], [place]

    def _activity(self, node: Node) -> Iterator[Step]:
        """Do a task or sub-process, again where it is marked so, with the events attached to it."""
        before, within, behind = (self.place(node, side) for side in ("before", "within", "behind"))
        attached = [other for other in self._in(node.scope, BOUNDARY) if other.attached == node.id]
        at = before
        for other in (other for other in attached if not other.interrupting):
            yield other.shown, None, [at], [f"{at} ({other.id})", self.place(other, "behind")]
            yield other.shown, None, [at], [f"{at} ({other.id})"]
            at = f"{at} ({other.id})"
        yield node.shown, None, [at], [within]
        if node.kind == TASK:
            yield node.shown, node.name or None, [within], [behind]
        else:
            yield from self.inside(node, behind)
        for other in (other for other in attached if other.interrupting):
            for place in self._cut_off(node, other):
                yield other.shown, None, [place], [self.place(other, "behind")]
        if node.repeated:
            yield node.shown, None, [behind], [before]
        if node.repeated == ANY_NUMBER:
            yield node.shown, None, [before], [behind]

    def inside(self, node: Node, done: str) -> Iterator[Step]:
        """Walk a sub-process from where it is under way to the place `done`."""
        yield from self.beginning(node.id, self.place(node, "within"))
        yield from self.steps(node.id)
        yield from self.ending(node.id, [done])

    def _cut_off(self, node: Node, event: Node) -> list[str]:
        """Give the places that an interrupting event takes the token from; an error that is drawn only there."""
        if node.kind == TASK:
            return [self.place(node, "within")]
        if any(node.id == end.scope and event in catchers(self.diagram, end) for end in self._in(node.id, END)):
            return []
        steps = list(self.inside(node, _DONE))
        return list(dict.fromkeys(place for _, _, take, _ in steps for place in take))

    def _split(self, node: Node, pair: Pair) -> Iterator[Step]:
        """Choose one branch that must be walked; each of the others may be."""
        firsts = [self._flow_place(first) for first, _ in pair.branches]
        maybes = [f"{node.shown} ? {place}" for place in firsts]
        for n, (maybe, first) in enumerate(zip(maybes, firsts, strict=True)):
            yield node.shown, None, self.flows(node, "in"), [*maybes[:n], first, *maybes[n + 1 :]]
            yield node.shown, None, [maybe], [first]
            yield node.shown, None, [maybe], [self._joined(pair, n)]

    def _join(self, node: Node, pair: Pair) -> Iterator[Step]:
        """Wait for every branch that was chosen, and for the word that another was not."""
        for n, (_, lasts) in enumerate(pair.branches):
            for flow in lasts:
                yield node.shown, None, [self._flow_place(flow)], [self._joined(pair, n)]
        yield node.shown, None, [self._joined(pair, n) for n in range(len(pair.branches))], self.flows(node, "out")

    def _joined(self, pair: Pair, branch: int) -> str:
        return f"{self.place(pair.join, 'before')} ({branch + 1})"

    def _flow_place(self, flow: Flow) -> str:
        return f"{self.nodes[flow.source].shown} → {self.nodes[flow.target].shown} ({flow.id})"

    def ends_once(self, node: Node) -> bool:
        """Say whether a sub-process, alone, comes to its end once, and leaves nothing behind."""
        start = ("", None, [_START], [self.place(node, "within")])
        net = reduce_net(_net([start, *self.inside(node, _DONE)], {_DONE: 1}))
        graph = explore(net, _MOST_MARKINGS)
        done = net.places.index(_DONE)
        return graph is not None and all(marking == net.final for marking in graph.markings if done in dict(marking))
