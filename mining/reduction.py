"""Making an automaton small: silent steps removed, dead ends dropped, equal states merged, states numbered for good.

All of it works on plain edges (source, label, target); labels are numbers, and state 0 is where every path begins.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable

Edge = tuple[int, int, int]
"""Source state, label (number, or `SILENT`), target state."""

SILENT = -1

Parts = tuple[list[Edge], set[int], set[int]]
"""Edges, the states where the whole map has been walked, and those past the goal."""


def by_source(edges: Iterable[Edge]) -> dict[int, list[tuple[int, int]]]:
    """Give the edges that leave each state, as (label, target)."""
    outgoing: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for source, label, target in edges:
        outgoing[source].append((label, target))
    return outgoing


def without_silent(edges: Iterable[Edge], n: int, start: int, final: set[int]) -> tuple[list[Edge], set[int]]:
    """Remove silent steps; the states kept are renumbered, the start becomes 0.

    Parameters
    ----------
    edges : iterable of (source, label, target)
        Label `SILENT` marks a silent step.
    n : int
        Number of states.
    start : int
        Where paths begin.
    final : set of int
        Where they may end.
    """
    outgoing = by_source(edges)
    silent = [[t for label, t in outgoing[s] if label == SILENT] for s in range(n)]
    visible = [[(label, t) for label, t in outgoing[s] if label != SILENT] for s in range(n)]
    number = {start: 0}
    order = [start]
    kept: set[Edge] = set()
    kept_final: set[int] = set()
    for state in order:  # grows while it is walked
        closure = _closure(state, silent)
        if not closure.isdisjoint(final):
            kept_final.add(number[state])
        for reached in closure:
            for label, target in visible[reached]:
                if target not in number:
                    number[target] = len(order)
                    order.append(target)
                kept.add((number[state], label, number[target]))
    return sorted(kept), kept_final


def _closure(state: int, silent: list[list[int]]) -> set[int]:
    seen = {state}
    todo = [state]
    while todo:
        for target in silent[todo.pop()]:
            if target not in seen:
                seen.add(target)
                todo.append(target)
    return seen


def split_by_goal(edges: list[Edge], final: set[int], goal: int | None) -> Parts:
    """Double the states into before and after the goal, as far as they can be reached."""
    outgoing = by_source(edges)
    number = {(0, False): 0}
    order = [(0, False)]
    split: list[Edge] = []
    for state, past in order:  # grows while it is walked
        for label, target in outgoing[state]:
            following = (target, past or label == goal)
            if following not in number:
                number[following] = len(order)
                order.append(following)
            split.append((number[state, past], label, number[following]))
    return (
        split,
        {number[key] for key in order if key[0] in final},
        {number[key] for key in order if key[1]},
    )


def alive(edges: list[Edge], final: set[int], past: set[int]) -> Parts:
    """Drop what cannot reach an end any more (deadlocks of a net)."""
    incoming: dict[int, list[int]] = defaultdict(list)
    for source, _, target in edges:
        incoming[target].append(source)
    living = _closure_of(final, incoming)
    return [(s, a, t) for s, a, t in edges if s in living and t in living], final, past & living


def _closure_of(states: set[int], neighbours: dict[int, list[int]]) -> set[int]:
    seen = set(states)
    todo = list(states)
    while todo:
        for other in neighbours[todo.pop()]:
            if other not in seen:
                seen.add(other)
                todo.append(other)
    return seen


def merge_equal(edges: list[Edge], final: set[int], past: set[int]) -> Parts:
    """Merge states that no future can tell apart (coarsest bisimulation by refinement of partitions)."""
    states = sorted({0, *itertools.chain.from_iterable((s, t) for s, _, t in edges)})
    outgoing = by_source(edges)
    block = {state: (state in final) + 2 * (state in past) for state in states}
    n_blocks = 0
    while len(set(block.values())) != n_blocks:
        n_blocks = len(set(block.values()))
        known: dict[object, int] = {}
        block = {
            state: known.setdefault(
                (block[state], frozenset((label, block[target]) for label, target in outgoing[state])), len(known)
            )
            for state in states
        }
    merged = sorted({(block[s], a, block[t]) for s, a, t in edges})
    return merged, {block[s] for s in final if s in block}, {block[s] for s in past if s in block}


def ordered(edges: list[Edge], final: set[int], past: set[int]) -> Parts:
    """Number states in reverse postorder from the start, so that edges of a map without loops all lead upwards."""
    outgoing = {state: sorted(pairs, reverse=True) for state, pairs in by_source(edges).items()}
    postorder: list[int] = []
    seen = {0}
    stack = [(0, iter(outgoing.get(0, ())))]
    while stack:
        state, pending = stack[-1]
        following = next((t for _, t in pending if t not in seen), None)
        if following is None:
            postorder.append(state)
            stack.pop()
        else:
            seen.add(following)
            stack.append((following, iter(outgoing.get(following, ()))))
    number = {state: n for n, state in enumerate(reversed(postorder))}
    return (
        [(number[s], a, number[t]) for s, a, t in edges if s in number and t in number],
        {number[s] for s in final if s in number},
        {number[s] for s in past if s in number},
    )
