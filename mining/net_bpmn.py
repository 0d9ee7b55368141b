"""Petri nets -> BPMN 2.0 diagrams with the same runs.

In BPMN a choice is made at one gateway, by itself. Where transitions that share a place take the same from everywhere,
as in a free-choice net (Favre, Fahland and Völzer 2015, doi 10.1016/j.is.2013.12.004), that is no matter: their places
are joined first, then one of them is chosen. Else the token of the shared place must choose early what it waits for.
That gives no other run that comes to an end, but it may get stuck where the net does not; such a net is refused. So is
one that is not sound.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeAlias

import networkx as nx

from mining.automaton import MAX_STATES
from mining.bpmn_document import EVENT, GAP, GATEWAY, TASK, Flow, Shape, bpmn_document
from mining.errors import ModelError, Problem
from mining.messages import N_, Message
from mining.petri import PetriNet, Tokens, Transition
from mining.reachability import check_sound, explore

_START, _END, _TASK = "startEvent", "endEvent", "task"
_EITHER, _ALL = "exclusiveGateway", "parallelGateway"
Step = tuple[str | None, Tokens, Tokens]
"""A transition without its name: label (None: silent), what it takes, what it puts."""
Node = tuple[str, str, bool, object]
"""Tag, name, whether branches leave it, and what else tells it from others."""
Diagram: TypeAlias = "nx.MultiDiGraph[Node]"
_SIZES = {_START: EVENT, _END: EVENT, _TASK: TASK, _EITHER: GATEWAY, _ALL: GATEWAY}


def net_to_bpmn(net: PetriNet, name: str = "") -> bytes:
    """Give a BPMN 2.0 document, with its drawing, that has the runs of a net.

    Raises
    ------
    ModelError
        When the net has no such diagram; it names where.
    """
    steps: list[Step] = [*dict.fromkeys((t.label, t.inputs, t.outputs) for t in net.transitions)]
    whole: list[Step] = [(None, (), net.initial), *steps, (None, net.final, ())]
    problems = list(_undrawable(net, whole))
    if problems:
        raise ModelError(
            N_("The model has no BPMN diagram with the same runs. Written as .pnml it stays what it is."),
            problems=problems,
        )
    diagram = _diagram(whole)
    _take_out_needless(diagram)
    return bpmn_document(*_drawn(diagram), name)


def _undrawable(net: PetriNet, steps: Sequence[Step]) -> Iterator[Problem]:
    """Name what no diagram can say."""
    if any(count != 1 for _, *sides in steps for side in sides for _, count in side):
        yield Problem(Message(N_("It takes or puts several tokens at once.")))
        return
    unsound = list(_unsound(net))
    if unsound:  # a diagram ends when all its tokens have, so it would have runs that the net has not
        yield from unsound
        return
    takers: defaultdict[int, set[Tokens]] = defaultdict(set)
    for _, inputs, _ in steps:
        for place, _ in inputs:
            takers[place].add(inputs)
    shared = {place for place, sets in takers.items() if len(sets) > 1}
    if shared and any(_unsound(_choosing_early(net, shared))):
        bound = [t for t in net.transitions if shared & {place for place, _ in t.inputs}]
        template = N_("Which of these steps comes next is no choice made at one gateway, but hangs on others: {names}.")
        yield Problem(Message(template, names=_named(net, bound)))


def _unsound(net: PetriNet) -> Iterator[Problem]:
    """Say why a net does not always come to its end."""
    try:
        graph = explore(net, MAX_STATES)
        if graph is None:
            yield Problem(Message(N_("It has so many states that nobody can tell whether it always comes to its end.")))
        else:
            check_sound(net, graph)
    except ModelError as error:
        yield from (Problem(error.message), *error.problems)


def _choosing_early(net: PetriNet, shared: set[int]) -> PetriNet:
    """Give the net in which a token of a shared place chooses by itself what it will be taken with."""
    places = list(net.places)
    choices: dict[tuple[int, Tokens], int] = {}

    def chosen(inputs: Tokens) -> Tokens:
        for place in shared & {place for place, _ in inputs}:
            if (place, inputs) not in choices:
                choices[place, inputs] = len(places)
                places.append(net.places[place])
        return tuple(sorted((choices.get((place, inputs), place), n) for place, n in inputs))

    steps = [replace(t, inputs=chosen(t.inputs)) for t in net.transitions]
    final = chosen(net.final)
    early = [Transition("", None, ((place, 1),), ((choice, 1),)) for (place, _), choice in choices.items()]
    return replace(net, places=tuple(places), transitions=(*steps, *early), final=final)


def _named(net: PetriNet, transitions: Sequence[Transition]) -> str:
    """Name transitions by their labels, silent ones by those of what follows right behind them."""
    names = set()
    for transition in transitions:
        put = {place for place, _ in transition.outputs}
        behind = (t.label for t in net.transitions if put & {place for place, _ in t.inputs})
        names |= {transition.label} if transition.label is not None else set(filter(None, behind))
    return ", ".join(sorted(names)) or "–"


def _diagram(steps: Sequence[Step]) -> Diagram:
    """Put a node for everything that places and steps may need; many will have one way in and one way out.

    A place is a gateway where its ways meet, and one where they part by what its token waits for. What several steps
    take is joined, then one of them is chosen. Steps of one label that put the same are one task.
    """
    diagram: nx.DiGraph[Node] = nx.DiGraph()
    for label, inputs, outputs in steps:
        way: list[Node] = []
        if inputs:
            way += [(_ALL, "", False, inputs), (_EITHER, "", True, inputs)]
        if label is not None:
            way += [(_EITHER, label, False, outputs), (_TASK, label, False, outputs)]
        if not inputs or not outputs:
            way += [(_END if inputs else _START, "", False, ())]
        if outputs:
            way += [(_ALL, "", True, (inputs if label is None else label, outputs))]
        nx.add_path(diagram, way)
        for place, _ in inputs:
            nx.add_path(diagram, [(_EITHER, "", False, place), (_EITHER, "", True, place), way[0]])
        diagram.add_edges_from((way[-1], (_EITHER, "", False, place)) for place, _ in outputs)
    return nx.MultiDiGraph(diagram)


def _take_out_needless(diagram: Diagram) -> None:
    """Take out gateways with one way in and one way out."""
    for node in [node for node in diagram if node[0] in (_EITHER, _ALL)]:
        if diagram.in_degree(node) == diagram.out_degree(node) == 1:
            (before,), (behind,) = diagram.predecessors(node), diagram.successors(node)
            diagram.remove_node(node)
            diagram.add_edge(before, behind)


def _drawn(diagram: Diagram) -> tuple[list[Shape], list[Flow]]:
    """Draw in columns, each step as far to the right as the longest way to it; what leads back runs below all."""
    start = next(node for node in diagram if node[0] == _START)
    order = {node: place for place, node in enumerate(reversed([*nx.dfs_postorder_nodes(diagram, start)]))}
    column: dict[Node, int] = {}
    filled: Counter[int] = Counter()
    shapes = []
    for node in order:
        before = (column[other] for other in diagram.predecessors(node) if order[other] < order[node])
        at = column[node] = 1 + max(before, default=-1)
        tag, name, splits, _ = node
        x, y = TASK[0] / 2 + at * (TASK[0] + GAP), TASK[1] / 2 + filled[at] * (TASK[1] + GAP / 2)
        shapes.append(Shape(tag, name if tag == _TASK else "", x, y, _SIZES[tag], splits))
        filled[at] += 1
    below = max(filled.values()) * (TASK[1] + GAP / 2)
    flows = []
    for source, target in sorted((order[a], order[b]) for a, b in diagram.edges()):
        back = shapes[target].x <= shapes[source].x
        flows.append(Flow(source, target, below if back else shapes[target].y))
        below += GAP / 2 if back else 0
    return shapes, flows
