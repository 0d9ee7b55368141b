"""Alignment with a net that has too many markings for an automaton: path by path, most frequent first, with a budget.

Each path is searched by A* until the budget is spent. For the others it is known that the optimum lies between two
bounds: the cheapest solution of the marking equation, and the cost of matching nothing at all; a path nearly the same,
with a known cost, narrows them. Where they meet the cost is known, too, though not the moves.
"""

from __future__ import annotations

import itertools
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from mining.alignment import MOVE_KIND, OFF_MAP
from mining.errors import ModelError
from mining.marking_equation import MarkingEquation
from mining.messages import N_
from mining.petri import PetriNet
from mining.r4pm_bridge import MOST_TOKENS, Found, Search

Move = tuple[int, int, str, int]
"""Path, position, kind, label number (of an event that is no step of the net: `OFF_MAP`)."""


@dataclass(frozen=True)
class Budget:
    """How much may be spent on a net that is too large.

    Attributes
    ----------
    per_path : int
        States that the search for one path may look at.
    in_all : int
        States for all paths together.
    seconds : float
        Time for the search of all paths; looked at between paths.
    relaxed : int
        For how many different contents of paths the marking equation is solved; the rest gets the number of unknown
        events for its lower bound.
    """

    per_path: int = 1_000_000
    in_all: int = 30_000_000
    seconds: float = 120.0
    relaxed: int = 5_000


@dataclass(frozen=True)
class BoundedAlignments:
    """What is known of the optimum of every path.

    Attributes
    ----------
    lowest, highest : (paths,) float arrays
        The cost lies between; where they are equal it is known.
    shortest : int
        Cost of the cheapest run of the net.
    moves : polars.DataFrame
        path, position, kind, label, state (null: there is no automaton), for the paths with a known alignment.
    """

    lowest: np.ndarray
    highest: np.ndarray
    shortest: float
    moves: pl.DataFrame


def align_within(
    net: PetriNet, paths: Sequence[Sequence[str]], n_journeys: Sequence[int], budget: Budget
) -> BoundedAlignments:
    """Align paths with a net as far as the budget lasts.

    Parameters
    ----------
    net : PetriNet
        The net.
    paths : sequence of sequences of str
        Distinct paths, as names of activities.
    n_journeys : sequence of int
        How many journeys take each; the more, the earlier its turn.
    budget : Budget
        What may be spent.

    Raises
    ------
    ModelError
        When the cheapest run of the net is not found within the budget, or there is none.
    """
    equation = MarkingEquation(net)
    search = Search(net) if equation.most_tokens() <= MOST_TOKENS else None
    shortest = _shortest(search, equation, budget)
    turns = sorted(range(len(paths)), key=lambda n: (-n_journeys[n], len(paths[n]), paths[n]))
    found = {} if search is None else _searched(search, paths, turns, budget)
    least = _least(equation, paths, [n for n in turns if n not in found], budget)
    cost = {n: one.cost for n, one in found.items()}
    lowest = [float(cost.get(n, least.get(n, 0))) for n in range(len(paths))]
    highest = [float(cost.get(n, len(path) + shortest)) for n, path in enumerate(paths)]
    _narrow(paths, cost, lowest, highest)
    return BoundedAlignments(np.array(lowest), np.array(highest), shortest, _moves_frame(net, paths, found))


def _narrow(paths: Sequence[Sequence[str]], cost: dict[int, int], lowest: list[float], highest: list[float]) -> None:
    """Narrow the bounds by the nearest known costs: two paths cost as alike as they are, event by event."""
    order = sorted(range(len(paths)), key=lambda n: list(paths[n]))
    for way in (order, order[::-1]):
        near = None
        for n in way:
            if n in cost:
                near = n
            elif near is not None:
                apart = _apart(paths[n], paths[near])
                lowest[n] = max(lowest[n], cost[near] - apart)
                highest[n] = min(highest[n], cost[near] + apart)


def _apart(one: Sequence[str], other: Sequence[str]) -> int:
    """Count the events of two paths outside their common beginning and end: as many edits lead from one to other."""
    shorter = min(len(one), len(other))
    first = next((n for n in range(shorter) if one[n] != other[n]), shorter)
    rest = shorter - first
    last = next((n for n in range(rest) if one[-1 - n] != other[-1 - n]), rest)
    return len(one) + len(other) - 2 * (first + last)


def _shortest(search: Search | None, equation: MarkingEquation, budget: Budget) -> int:
    """Give the cost of the cheapest run: by the search or, where that gives up, by the marking equation."""
    found = None if search is None else search.align([], budget.per_path)
    shortest = equation.shortest(budget.seconds) if found is None else found.cost
    if shortest is None:
        raise ModelError(
            N_(
                "The model is too large: within {n} states no way from its start to its end is found. "
                "Look for very many parallel branches, or places that fill up without limit."
            ),
            n=budget.per_path,
        )
    return shortest


def _searched(search: Search, paths: Sequence[Sequence[str]], turns: Sequence[int], budget: Budget) -> dict[int, Found]:
    """Align one path after the other until the budget is spent; a search that fails has spent all it was given."""
    found: dict[int, Found] = {}
    left, end = budget.in_all, time.monotonic() + budget.seconds
    for n in turns:
        if left <= 0 or time.monotonic() > end:
            break
        given = min(budget.per_path, left)
        one = search.align(paths[n], given)
        left -= given if one is None else one.states
        if one is not None:
            found[n] = one
    return found


def _least(
    equation: MarkingEquation, paths: Sequence[Sequence[str]], rest: Sequence[int], budget: Budget
) -> dict[int, int]:
    """Bound the cost of the paths that were not aligned from below; the equation is solved once for equal contents."""
    known: dict[frozenset[tuple[str, int]], int] = {}
    least = {}
    for n in rest:
        events = Counter(paths[n])
        content = frozenset(events.items())
        if content not in known and len(known) < budget.relaxed:
            known[content] = equation.least(events)
        least[n] = known.get(content, equation.unknown(events))
    return least


def _moves_frame(net: PetriNet, paths: Sequence[Sequence[str]], found: dict[int, Found]) -> pl.DataFrame:
    """Give one row per move, silent steps left out, in the order of paths."""
    number = {label: n for n, label in enumerate(net.labels)}
    labels = [None if t.label is None else number[t.label] for t in net.transitions]
    rows = [
        move
        for n in sorted(found)
        for move in _logs_first(_numbered(n, found[n], [number.get(name, OFF_MAP) for name in paths[n]], labels))
    ]
    schema = {"path": pl.UInt32(), "position": pl.Int32(), "kind": MOVE_KIND, "label": pl.Int32()}
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(state=pl.lit(None, pl.Int32))


def _numbered(path: int, found: Found, symbols: Sequence[int], labels: Sequence[int | None]) -> list[Move]:
    """Turn the moves of one path into rows; a model move stands before the event that follows it."""
    rows: list[Move] = []
    at = 0
    for event, transition in found.moves:
        if event is not None:
            rows.append((path, event, "log" if transition is None else "sync", symbols[event]))
            at = event + 1
        elif transition is not None and (label := labels[transition]) is not None:
            rows.append((path, at, "model", label))
    return rows


def _logs_first(moves: list[Move]) -> list[Move]:
    """Put log moves before the model moves between the same two matches, as `mining.alignment` does."""
    ordered: list[Move] = []
    for matched, group in itertools.groupby(moves, key=lambda move: move[2] == "sync"):
        between = list(group)
        if matched:
            ordered += between
            continue
        logs = [move for move in between if move[2] == "log"]
        at = logs[-1][1] + 1 if logs else between[0][1]
        ordered += logs + [(path, at, kind, label) for path, _, kind, label in between if kind == "model"]
    return ordered
