"""What a skip says where the plan has a choice: that none of the alternatives was taken, not which of them is missed.

An alignment puts such a skip down to one of them, by a fixed rule; the plan does not ask for that one more than for the
others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mining.journey_map import Block, JourneyMap, Step, Touchpoint

MOST_NAMED = 3
SKIPS = ("missing", "skipped")  # the kinds of a deviation and of a gap that tell of a skip
BETWEEN = {"choice": " / ", "any_order": " + ", "sequence": " → "}


@dataclass(frozen=True)
class Alternatives:
    """The ways through the choice that a touchpoint is in.

    Attributes
    ----------
    own : Step
        The way that the touchpoint is on.
    ways : tuple of Step
        All of them; choices within the choice are opened.
    alone : bool
        Whether its own way asks for nothing but the touchpoint.
    """

    own: Step
    ways: tuple[Step, ...]
    alone: bool


@dataclass(frozen=True)
class Skip:
    """How to speak of a skip: `place` is what was passed, `instead` the other ways where `place` does not name them."""

    place: str
    instead: str = ""


def alternatives(plan: JourneyMap) -> dict[str, Alternatives]:
    """Give the innermost choice that each touchpoint is in, by its id; those in none are left out."""
    return {
        touchpoint.id: found
        for stage in plan.stages
        for step in stage.steps
        for touchpoint, found in _within(step, None)
        if found is not None
    }


def twins(plan: JourneyMap) -> dict[str, tuple[str, ...]]:
    """Give by touchpoint the others that are passed with it in one skip: each a way of its own through its choice."""
    found = {id_: choice for id_, choice in alternatives(plan).items() if choice.alone}
    return {
        id_: tuple(other for other, also in found.items() if other != id_ and also.ways == choice.ways)
        for id_, choice in found.items()
    }


def skips(plan: JourneyMap, names: Mapping[str, str]) -> dict[str, Skip]:
    """Say what a skip of each touchpoint in a choice passed by.

    Parameters
    ----------
    plan : JourneyMap
        The map.
    names : mapping
        Names of the touchpoints, by id.

    Examples
    --------
    >>> plan = JourneyMap.parse('''{id: m, goal: c, stages: [{id: s, steps: [
    ...     {choice: [{id: a, events: [A]}, {id: b, events: [B]}]}, {id: c, events: [C]}]}]}''')
    >>> skips(plan, {"a": "Card", "b": "Cash", "c": "Thanks"})
    {'a': Skip(place='Card / Cash', instead=''), 'b': Skip(place='Card / Cash', instead='')}
    """
    return {
        id_: Skip(_one_of(found.ways, names))
        if found.alone
        else Skip(names[id_], _one_of([way for way in found.ways if way is not found.own], names))
        for id_, found in alternatives(plan).items()
    }


def _within(step: Step, found: Alternatives | None) -> Iterator[tuple[Touchpoint, Alternatives | None]]:
    """Give the touchpoints of a step; `found` is the choice that the step is a way of, or stands on a way of."""
    if isinstance(step, Touchpoint):
        yield step, found
    elif step.kind == "choice":
        outer = found is not None and found.alone
        ways = found.ways if found is not None and outer else tuple(_opened(step))
        for option in step.steps:
            yield from _within(option, Alternatives(option, ways, alone=True))
    else:
        for inner in step.steps:
            others = any(_asked(other) for other in step.steps if other is not inner)
            here = found and Alternatives(found.own, found.ways, found.alone and not others)
            yield from _within(inner, here)


def _opened(block: Block) -> Iterator[Step]:
    """Give the ways through a choice, those of choices among them one by one."""
    for option in block.steps:
        if isinstance(option, Block) and option.kind == "choice":
            yield from _opened(option)
        else:
            yield option


def _asked(step: Step) -> bool:
    """Tell whether nobody can pass a step without a skip."""
    if step.optional:
        return False
    if isinstance(step, Touchpoint):
        return step.measured
    each = [_asked(inner) for inner in step.steps]
    return all(each) if step.kind == "choice" else any(each)


def _one_of(ways: tuple[Step, ...] | list[Step], names: Mapping[str, str]) -> str:
    said = [_named(way, names) for way in ways]
    more = len(said) - MOST_NAMED
    return BETWEEN["choice"].join([*said[:MOST_NAMED], *([f"… (+{more})"] if more > 0 else [])])


def _named(step: Step, names: Mapping[str, str]) -> str:
    """Name a way by what it asks for."""
    if isinstance(step, Touchpoint):
        return names[step.id]
    asked = [inner for inner in step.steps if _asked(inner)] or step.steps
    return BETWEEN[step.kind].join(_named(inner, names) for inner in asked)
