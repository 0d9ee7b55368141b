"""A planned map or a Petri net -> one finite automaton over labels, without silent steps, small and in a fixed order.

The language is that of the map: a list is a sequence, `optional`, `repeatable`, `choice`, `any_order` (shuffle),
`may_skip` and `may_return_to` mean what they say. A touchpoint without events cannot be seen, so it is a silent step.
Touchpoints of `anywhere` loop on every state.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from math import prod

import numpy as np

from mining.errors import ModelError
from mining.journey_map import Block, JourneyMap, Stage, Step, Touchpoint
from mining.messages import N_
from mining.petri import PetriNet
from mining.reachability import StateGraph, explore
from mining.reduction import SILENT, Edge, alive, by_source, merge_equal, ordered, split_by_goal, without_silent

MAX_STATES = 50_000
WEIGHT_SCALE = 1000  # weights have at most three decimals


@dataclass(frozen=True)
class Automaton:
    """A nondeterministic finite automaton; state 0 is where every path begins.

    That of a map has no silent steps. That of a net keeps them, as edges of the label behind the last and of weight 0:
    taking them out would multiply its edges.

    Attributes
    ----------
    labels : tuple of str
        What the edges are called: touchpoint ids in map order, or transition labels in alphabetical order.
    weights : (labels,) int64 array
        Cost of a model move of each label, in units of ``1 / scale``; one more, 0, where there are silent steps.
    scale : int
        What one unit of cost (a log move) is in those units.
    source, label, target : (edges,) int32 arrays
        The edges, ordered by source, label and target. Sources are numbered so that edges mostly lead upwards.
    final : (states,) bool array
        Where the whole map has been walked.
    past_goal : (states,) bool array
        Where the goal lies behind; all False without a goal.
    """

    labels: tuple[str, ...]
    weights: np.ndarray
    scale: int
    source: np.ndarray
    label: np.ndarray
    target: np.ndarray
    final: np.ndarray
    past_goal: np.ndarray

    @property
    def n_states(self) -> int:
        """Number of states."""
        return len(self.final)

    def shortest(self, accept: np.ndarray) -> float:
        """Give the cost of the cheapest path from the start to a state of `accept`, in units of one log move.

        Raises
        ------
        ModelError
            When no such state can be reached.
        """
        cost = np.full(self.n_states, np.inf)
        cost[0] = 0
        for _ in range(self.n_states):
            reached = cost.copy()
            np.minimum.at(reached, self.target, cost[self.source] + self.weights[self.label])
            if np.array_equal(reached, cost):
                break
            cost = reached
        best = cost[accept].min(initial=np.inf)
        if np.isinf(best):
            raise ModelError(N_("The model has no path from its start to its end."))
        return float(best) / self.scale


def compile_map(plan: JourneyMap, exempt: Collection[str] = ()) -> Automaton:
    """Compile a planned map.

    Parameters
    ----------
    plan : JourneyMap
        The map.
    exempt : collection of touchpoint ids
        Touchpoints that are not asked of these journeys (they are meant for other personas): free to leave out.

    Raises
    ------
    ModelError
        When a block has too many states; it names the block and says what to do.
    """
    touchpoints = plan.touchpoints()
    labels = {t.id: number for number, t in enumerate(touchpoints)}
    builder = _Builder(labels, frozenset(exempt))
    end = builder.stages(plan.stages)
    edges, final = without_silent(builder.edges, builder.n, 0, {end})
    weights = [t.weight for t in touchpoints]
    free = [labels[t.id] for t in plan.anywhere if t.measured]
    return _finish(edges, final, tuple(labels), weights, goal=labels[plan.goal], free=free)


def compile_net(net: PetriNet, graph: StateGraph | None = None) -> Automaton:
    """Compile a Petri net through its reachable markings; every visible label weighs 1, silent steps nothing.

    Parameters
    ----------
    net : PetriNet
        The net; dead ends in it are left out.
    graph : StateGraph, optional
        What `mining.reachability.explore` found, where that is known already.

    Raises
    ------
    ModelError
        When the net is unbounded, has more than `MAX_STATES` reachable markings or cannot reach its final marking.
    """
    graph = graph or explore(net, MAX_STATES)
    if graph is None:
        raise ModelError(
            N_("The net has more than {limit} reachable markings. Look for very many parallel branches."),
            limit=MAX_STATES,
        )
    if net.final not in graph.markings:
        raise ModelError(N_("The net can never reach its final marking, so no journey could follow it to the end."))
    code = {label: number for number, label in enumerate(net.labels)}
    label_of = [len(code) if t.label is None else code[t.label] for t in net.transitions]
    edges = [(source, label_of[transition], target) for source, transition, target in graph.edges]
    weights = [1.0] * len(net.labels) + [0.0]
    return _finish(edges, {graph.markings[net.final]}, net.labels, weights, goal=None, free=[])


class _Builder:
    """Grows an automaton with silent steps, one method per construct of the map; state 0 is the start."""

    def __init__(self, labels: dict[str, int], exempt: frozenset[str]) -> None:
        self.labels = labels
        self.exempt = exempt
        self.n = 1
        self.edges: list[Edge] = []

    def fresh(self, count: int = 1) -> int:
        self.n += count
        return self.n - count

    def silent(self, source: int, target: int) -> None:
        self.edges.append((source, SILENT, target))

    def stages(self, stages: Iterable[Stage]) -> int:
        """Put the stages after one another from state 0; give the end."""
        entry: dict[str, int] = {}
        at = 0
        for stage in stages:
            entry[stage.id], end = self.fresh(), self.fresh()
            self.silent(at, entry[stage.id])
            self.silent(self.sequence(stage.steps, entry[stage.id]), end)
            if stage.may_skip:
                self.silent(entry[stage.id], end)
            for other in stage.may_return_to:
                self.silent(end, entry[other])
            at = end
        return at

    def sequence(self, steps: Iterable[Step], start: int) -> int:
        for step in steps:
            start = self.step(step, start)
        return start

    def step(self, step: Step, start: int) -> int:
        """Add one step from `start`; give the state behind it."""
        inner, last, end = self.fresh(), self.fresh(), self.fresh()
        self.silent(start, inner)
        self.silent(last, end)
        if isinstance(step, Touchpoint):
            self.edges.append((inner, self.labels[step.id] if step.measured else SILENT, last))
        else:
            self.block(step, inner, last)
        if step.optional or (isinstance(step, Touchpoint) and step.id in self.exempt):
            self.silent(start, end)
        if step.repeatable:
            self.silent(last, inner)
        return end

    def block(self, block: Block, start: int, end: int) -> None:
        if block.kind == "choice":
            for option in block.steps:
                self.silent(self.step(option, start), end)
        elif block.kind == "sequence":
            self.silent(self.sequence(block.steps, start), end)
        else:
            self.shuffle(block, start, end)

    def shuffle(self, block: Block, start: int, end: int) -> None:
        """Add all interleavings of the block's steps: the product of their automata."""
        parts = []
        for step in block.steps:
            part = _Builder(self.labels, self.exempt)
            last = part.step(step, 0)
            edges, final = without_silent(part.edges, part.n, 0, {last})
            parts.append((by_source(edges), final))
        if prod(_size(outgoing) for outgoing, _ in parts) > MAX_STATES:
            raise _too_many(block)
        first = (0,) * len(parts)
        number = {first: self.fresh()}
        self.silent(start, number[first])
        todo = [first]
        while todo:
            state = todo.pop()
            if all(at in final for at, (_, final) in zip(state, parts, strict=True)):
                self.silent(number[state], end)
            for i, (outgoing, _) in enumerate(parts):
                for label, target in outgoing[state[i]]:
                    following = (*state[:i], target, *state[i + 1 :])
                    if following not in number:
                        number[following] = self.fresh()
                        todo.append(following)
                    self.edges.append((number[state], label, number[following]))


def _size(outgoing: dict[int, list[tuple[int, int]]]) -> int:
    """Count the states of a part: all that an edge leads to, and the start."""
    return len({0, *(target for edges in outgoing.values() for _, target in edges)})


def _too_many(block: Block) -> ModelError:
    names = ", ".join(step.id if isinstance(step, Touchpoint) else step.kind for step in block.steps)
    return ModelError(
        N_(
            "The any_order block in line {line} ({names}) has more than {limit} states: each further step doubles "
            "them. Split the block into several, or put steps that may happen at any time under `anywhere`."
        ),
        line=block.line,
        names=names,
        limit=MAX_STATES,
    )


def _finish(
    edges: list[Edge],
    final: set[int],
    labels: tuple[str, ...],
    weights: list[float],
    *,
    goal: int | None,
    free: list[int],
) -> Automaton:
    """Split states by the goal, drop dead ends, merge equals, number them in a fixed order, and pack the result."""
    edges, final, past = split_by_goal(edges, final, goal)
    edges, final, past = alive(edges, final, past)
    edges, final, past = merge_equal(edges, final, past)
    edges, final, past = ordered(edges, final, past)
    n = 1 + max((max(s, t) for s, _, t in edges), default=0)
    edges = sorted({*edges, *((state, label, state) for state in range(n) for label in free)})
    scale = 1 if all(float(w).is_integer() for w in weights) else WEIGHT_SCALE
    columns = np.array(edges, dtype=np.int32).reshape(-1, 3).T
    return Automaton(
        labels=labels,
        weights=np.array([round(w * scale) for w in weights], dtype=np.int64),
        scale=scale,
        source=np.ascontiguousarray(columns[0]),
        label=np.ascontiguousarray(columns[1]),
        target=np.ascontiguousarray(columns[2]),
        final=np.isin(np.arange(n), list(final)),
        past_goal=np.isin(np.arange(n), list(past)),
    )
