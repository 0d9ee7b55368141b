"""What changed for each touchpoint between two versions of a map: from what they allow, not from how they say it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from mining.automaton import Automaton, compile_map
from mining.journey_map import JourneyMap

ADDED, REMOVED, REQUIRED, OPTIONAL = "added", "removed", "required", "optional"
REPEATABLE, NOT_REPEATABLE, ORDER = "repeatable", "not_repeatable", "order"
STAGE, EVENTS, GOAL = "stage", "events", "goal"
BEFORE, AFTER, EITHER, NEVER = "before", "after", "either", "never_together"
_ORDERS = {(True, False): BEFORE, (False, True): AFTER, (True, True): EITHER, (False, False): NEVER}


@dataclass(frozen=True)
class Change:
    """One thing that is not as it was.

    Attributes
    ----------
    kind : str
        ``added``, ``removed``; ``required``, ``optional`` (may be left out now); ``repeatable``, ``not_repeatable``;
        ``order`` (relative to `other`); ``stage``, ``events``, ``goal``.
    touchpoint : str
        Id.
    other : str or None
        The second touchpoint of an ``order``.
    old, new : str or None
        For ``order`` where `touchpoint` may happen relative to `other`: ``before``, ``after``, ``either`` or
        ``never_together``; for ``stage``, ``events`` and ``goal`` what the maps say.
    """

    kind: str
    touchpoint: str
    other: str | None = None
    old: str | None = None
    new: str | None = None


@dataclass(frozen=True)
class _Facts:
    """What every path of a map has, and what can come after what."""

    required: frozenset[str]
    follows: dict[str, frozenset[str]]


def changes(old: JourneyMap, new: JourneyMap) -> list[Change]:
    """List what changed, in the order of the maps; touchpoints are the same where their ids are."""
    before, after = ({t.id: t for t in plan.touchpoints()} for plan in (old, new))
    found = [Change(REMOVED, name) for name in before if name not in after]
    found += [Change(ADDED, name) for name in after if name not in before]
    if old.goal != new.goal:
        found.append(Change(GOAL, new.goal, old=old.goal, new=new.goal))
    stages = old.stage_of(), new.stage_of()
    facts = _facts(compile_map(old)), _facts(compile_map(new))
    shared = [name for name in after if name in before]
    for name in shared:
        if stages[0][name] != stages[1][name]:
            found.append(Change(STAGE, name, old=stages[0][name], new=stages[1][name]))
        if before[name].events != after[name].events:
            found.append(Change(EVENTS, name, old=_events(old, name), new=_events(new, name)))
        found += _meaning(name, *facts)
    return found + list(_orders(shared, *facts))


def _meaning(name: str, old: _Facts, new: _Facts) -> Iterator[Change]:
    """Compare whether a touchpoint must happen and whether it may happen again, where both maps can see it."""
    if name not in old.follows or name not in new.follows:
        return
    if (name in old.required) != (name in new.required):
        yield Change(REQUIRED if name in new.required else OPTIONAL, name)
    if (name in old.follows[name]) != (name in new.follows[name]):
        yield Change(REPEATABLE if name in new.follows[name] else NOT_REPEATABLE, name)


def _orders(names: list[str], old: _Facts, new: _Facts) -> Iterator[Change]:
    """Compare where touchpoints may happen relative to each other."""
    seen = [name for name in names if name in old.follows and name in new.follows]
    for one, other in combinations(seen, 2):
        was, is_ = (_ORDERS[other in f.follows[one], one in f.follows[other]] for f in (old, new))
        if was != is_:
            yield Change(ORDER, one, other, was, is_)


def _facts(automaton: Automaton) -> _Facts:
    """Read off an automaton without dead ends; touchpoints that it cannot see are left out."""
    edges: dict[int, list[tuple[int, int]]] = defaultdict(list)
    entered: dict[int, set[int]] = defaultdict(set)
    columns = (automaton.source.tolist(), automaton.label.tolist(), automaton.target.tolist())
    for source, label, target in zip(*columns, strict=True):
        edges[source].append((label, target))
        entered[label].add(target)
    ends = set(automaton.final.nonzero()[0].tolist())
    names = automaton.labels
    return _Facts(
        frozenset(names[label] for label in entered if ends.isdisjoint(_reached(edges, {0}, without=label))),
        {
            names[label]: frozenset(names[a] for state in _reached(edges, targets) for a, _ in edges[state])
            for label, targets in entered.items()
        },
    )


def _reached(edges: dict[int, list[tuple[int, int]]], starts: set[int], without: int | None = None) -> set[int]:
    """Give the states that can be reached, `without` taking one label."""
    seen, todo = set(starts), list(starts)
    while todo:
        for label, target in edges[todo.pop()]:
            if label != without and target not in seen:
                seen.add(target)
                todo.append(target)
    return seen


def _events(plan: JourneyMap, name: str) -> str:
    touchpoint = next(t for t in plan.touchpoints() if t.id == name)
    return ", ".join(binding.name for binding in touchpoint.events)
