"""The path-cleaning recipe: declared steps that turn recorded activities into the ones to be looked at.

A recipe is an ordered list of steps, each with one key:

- ``rename: {from: A, to: B}``: one activity gets another name.
- ``group: {activities: [A, "B *"], to: C}``: several become one; ``*`` stands for any signs.
- ``drop: ["heartbeat *"]``: events that are not part of the journey are left out.
- ``collapse: all`` or ``collapse: [A]``: an event that repeats the one before it is left out; the one that stays tells
  how many there were.
- ``trim: {from: A, to: B}``: of every journey the part from the first A to the last B is looked at; a journey without
  such a part is left out. One of the two may be missing.

A touchpoint roll-up is a list of groups, made from a planned map by `roll_up`.

A recipe file may also say which journeys are looked at, as a list of conditions (see `mining.expressions`): then it has
two keys, ``where`` and ``recipe``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mining.errors import Problem, RecipeError
from mining.journey_map import JourneyMap
from mining.messages import N_, Message

EVERY = "*"


@dataclass(frozen=True)
class Rename:
    """One activity gets another name."""

    source: str
    target: str

    def name(self, activity: str) -> str | None:
        """Give the name of an activity after this step."""
        return self.target if activity == self.source else activity

    def as_dict(self) -> dict[str, Any]:
        """Give the step as it is written."""
        return {"rename": {"from": self.source, "to": self.target}}


@dataclass(frozen=True)
class Group:
    """Several activities become one."""

    activities: tuple[str, ...]
    target: str

    def name(self, activity: str) -> str | None:
        """Give the name of an activity after this step."""
        return self.target if matches(activity, self.activities) else activity

    def as_dict(self) -> dict[str, Any]:
        """Give the step as it is written."""
        return {"group": {"activities": list(self.activities), "to": self.target}}


@dataclass(frozen=True)
class Drop:
    """Events of these activities are left out."""

    activities: tuple[str, ...]

    def name(self, activity: str) -> str | None:
        """Give the name of an activity after this step; None when its events are left out."""
        return None if matches(activity, self.activities) else activity

    def as_dict(self) -> dict[str, Any]:
        """Give the step as it is written."""
        return {"drop": list(self.activities)}


@dataclass(frozen=True)
class Collapse:
    """Events that repeat the one before are left out; of all activities, or of these."""

    activities: tuple[str, ...] = (EVERY,)

    def as_dict(self) -> dict[str, Any]:
        """Give the step as it is written."""
        return {"collapse": "all" if self.activities == (EVERY,) else list(self.activities)}


@dataclass(frozen=True)
class Trim:
    """Events before the first of `start` and after the last of `end` are left out; nothing named is no limit."""

    start: tuple[str, ...] = ()
    end: tuple[str, ...] = ()

    @property
    def activities(self) -> tuple[str, ...]:
        """All that it names."""
        return (*self.start, *self.end)

    def as_dict(self) -> dict[str, Any]:
        """Give the step as it is written."""
        ends = {"from": list(self.start), "to": list(self.end)}
        return {"trim": {key: names for key, names in ends.items() if names}}


Step = Rename | Group | Drop | Collapse | Trim
Naming = Rename | Group | Drop  # what looks at each activity by itself, not at its place in the path


@dataclass(frozen=True)
class Recipe:
    """Ordered steps; without any, the log is looked at as it was recorded.

    Attributes
    ----------
    steps : tuple of Step
        What is done to the events.
    where : tuple of str
        Conditions that journeys must meet. They choose what is looked at and change nothing of the log.

    Examples
    --------
    >>> recipe = Recipe.parse("[{drop: [ping]}, {rename: {from: a, to: b}}]")
    >>> recipe.as_list()
    [{'drop': ['ping']}, {'rename': {'from': 'a', 'to': 'b'}}]
    >>> Recipe.of(recipe.as_list()) == recipe
    True
    >>> Recipe.parse("{where: n_events > 3, recipe: [{drop: [ping]}]}").where
    ('n_events > 3',)
    """

    steps: tuple[Step, ...] = ()
    where: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str, name: str = "recipe") -> Recipe:
        """Read a recipe from YAML or JSON.

        Raises
        ------
        RecipeError
            With every problem found, and its line.
        """
        from mining.recipe_reader import read_recipe

        return read_recipe(text, name)

    @classmethod
    def read(cls, path: str | Path) -> Recipe:
        """Read a recipe from a file.

        Raises
        ------
        RecipeError
            When the file cannot be read, or with every problem found in it.
        """
        try:
            text = Path(path).read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            detail = error.strerror if isinstance(error, OSError) else error
            raise RecipeError(N_("{path} cannot be read: {detail}"), path=path, detail=detail) from error
        return cls.parse(text, Path(path).name)

    @classmethod
    def of(cls, steps: Iterable[dict[str, Any]]) -> Recipe:
        """Read what `as_list` gave."""
        import json

        written = list(steps)
        return cls.parse(json.dumps(written, ensure_ascii=False)) if written else cls()

    def as_list(self) -> list[dict[str, Any]]:
        """Give the steps as plain values."""
        return [step.as_dict() for step in self.steps]

    def as_yaml(self) -> str:
        """Give the text of a file that holds all of it.

        Examples
        --------
        >>> recipe = Recipe((Drop(("ping",)),), ("region = 'Huế'",))
        >>> Recipe.parse(recipe.as_yaml()) == recipe
        True
        """
        import yaml

        where = {"where": list(self.where)} if self.where else {}
        document = where | ({"recipe": self.as_list()} if self.steps or not where else {})
        return str(yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=120))

    def after(self, activity: str) -> str | None:
        """Give the name that an activity ends up with; None when its events are left out by name.

        Examples
        --------
        >>> Recipe.parse("[{drop: [ping]}, {rename: {from: a, to: b}}]").after("a")
        'b'
        """
        now: str | None = activity
        for step in self.steps:
            if now is not None and isinstance(step, Naming):
                now = step.name(now)
        return now

    def check(self, activities: Sequence[str]) -> tuple[Message, ...]:
        """Say which steps find nothing among the activities they meet."""
        known = set(activities)
        said = []
        for number, step in enumerate(self.steps, start=1):
            wanted = (step.source,) if isinstance(step, Rename) else step.activities
            for pattern in wanted:
                if not any(matches(activity, (pattern,)) for activity in known):
                    said.append(
                        Message(N_("step {number}: no activity is called {name!r}"), number=number, name=pattern)
                    )
            if isinstance(step, Naming):
                known = {name for name in map(step.name, known) if name is not None}
        return tuple(said)


def matches(activity: str, patterns: Sequence[str]) -> bool:
    """Say whether an activity is one of those named; ``*`` stands for any signs.

    Examples
    --------
    >>> matches("ping 12", ["ping *"]), matches("a.b", ["a?b"])
    (True, False)
    """
    return any(
        activity == p or (EVERY in p and re.fullmatch(".*".join(map(re.escape, p.split(EVERY))), activity, re.DOTALL))
        for p in patterns
    )


def roll_up(plan: JourneyMap) -> Recipe:
    """Give the groups that put touchpoints of a map, by their ids, in the place of activities.

    Raises
    ------
    RecipeError
        When the map binds events by attributes: then the activity alone does not tell the touchpoint.
    """
    by_attributes = [t.id for t in plan.touchpoints() if any(b.attributes or b.activity is None for b in t.events)]
    if by_attributes:
        raise RecipeError(
            N_("The map {map} cannot be used to roll up: {touchpoints} are told by attributes, not by activity alone."),
            map=plan.id,
            touchpoints=", ".join(by_attributes),
            problems=[Problem(Message(N_("Compare with the map instead: that reads attributes.")))],
        )
    taken: set[str] = set()
    steps = []
    for touchpoint in plan.touchpoints():
        names = [b.activity for b in touchpoint.events if b.activity is not None and b.activity not in taken]
        taken.update(names)
        if names:
            steps.append(Group(tuple(names), touchpoint.id))
    return Recipe(tuple(steps))
