"""The planned journey map as frozen values: what a company intends its customers to go through.

Reading and checking lives in `mining.map_reader`, writing in `mining.map_writer`; what a map *means* as a language
is in `mining.automaton`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal

from mining.acceptance import Acceptance
from mining.errors import MapError, Problem
from mining.localised import NO_TEXT, Text
from mining.messages import N_
from mining.rules import Rule

SCHEMA = "desirepath/journey-map@1"
ACTORS = ("customer", "frontstage", "backstage", "technology")
PHASES = ("buyer", "user")
BLOCKS = ("choice", "any_order", "sequence")


@dataclass(frozen=True)
class Binding:
    """One kind of log event: the activity name, attribute values, or both; all must hold."""

    activity: str | None
    attributes: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        """Give it as one text: the activity, and in brackets the values of attributes."""
        values = ", ".join(f"{name}={value}" for name, value in self.attributes)
        return " ".join(filter(None, [self.activity, f"[{values}]" if values else ""]))

    def matches(self, activity: str, attributes: Mapping[str, str | None]) -> bool:
        """Tell whether an event with this name and these attribute values (as text) is meant."""
        return (self.activity is None or self.activity == activity) and all(
            attributes.get(name) == value for name, value in self.attributes
        )


@dataclass(frozen=True)
class Deadline:
    """At most `time_s` seconds after touchpoint `after`; without `after`, after the previous planned touchpoint."""

    time_s: float
    after: str | None = None


@dataclass(frozen=True)
class Target:
    """What the company wants of a touchpoint: comparisons such as ``>= 0.6`` on shares, and a time in seconds."""

    reach: str | None = None
    conversion: str | None = None
    within_s: float | None = None


@dataclass(frozen=True)
class Touchpoint:
    """One planned meeting of customer and company. Without `events` it cannot be seen in a log (*unmeasured*)."""

    id: str
    title: Text = NO_TEXT
    events: tuple[Binding, ...] = ()
    milestone: bool = False
    optional: bool = False
    repeatable: bool = False
    within: Deadline | None = None
    channel: tuple[str, ...] = ()
    actor: str | None = None
    controlled: bool = True
    trackable: bool = True
    doing: tuple[Text, ...] = ()
    thinking: tuple[Text, ...] = ()
    need: tuple[Text, ...] = ()
    feeling: float | None = None
    asset: Text = NO_TEXT
    metric: Text = NO_TEXT
    weight: float = 1.0
    target: Target | None = None
    fails_when: str | None = None
    personas: tuple[str, ...] = ()
    line: int = field(default=0, compare=False)

    @property
    def measured(self) -> bool:
        """Whether any log event is bound to it."""
        return bool(self.events)


@dataclass(frozen=True)
class Block:
    """Several steps under one rule: exactly one (`choice`), all in any order (`any_order`), or one after another."""

    kind: Literal["choice", "any_order", "sequence"]
    steps: tuple[Step, ...]
    optional: bool = False
    repeatable: bool = False
    line: int = field(default=0, compare=False)


Step = Touchpoint | Block


@dataclass(frozen=True)
class Question:
    """Something customers ask, and the touchpoints that answer it; nobody is a gap."""

    text: Text
    answered_by: tuple[str, ...] = ()
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Stage:
    """One phase of the journey, from left to right on the map."""

    id: str
    title: Text = NO_TEXT
    phase: str | None = None
    feeling: float | None = None
    owner: Text = NO_TEXT
    company_goal: Text = NO_TEXT
    tactics: tuple[Text, ...] = ()
    doing: tuple[Text, ...] = ()
    thinking: tuple[Text, ...] = ()
    questions: tuple[Question, ...] = ()
    steps: tuple[Step, ...] = ()
    may_skip: bool = False
    may_return_to: tuple[str, ...] = ()
    line: int = field(default=0, compare=False)

    def touchpoints(self) -> Iterator[Touchpoint]:
        """Give every touchpoint of the stage in map order, blocks opened."""
        for step in self.steps:
            yield from _touchpoints(step)


@dataclass(frozen=True)
class Persona:
    """A kind of customer; `where` is a condition on journey attributes that tells who belongs to it."""

    id: str
    title: Text = NO_TEXT
    where: str | None = None
    motto: Text = NO_TEXT
    occupation: Text = NO_TEXT
    needs: tuple[Text, ...] = ()
    goals: tuple[Text, ...] = ()
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class JourneyMap:
    """The whole plan.

    Attributes
    ----------
    goal : str
        Id of the milestone that means success.
    inactive_after_s : float or None
        Silence after which an unfinished journey counts as dropped; None leaves it to the log.
    where : str or None
        The journeys this map plans; others are left out of a comparison.
    valid_from, valid_until : date or None
        The first and the last day (UTC) on which a journey that begins is planned by this version of the map.
    anywhere : tuple of Touchpoint
        Touchpoints that may happen at any time without cost.
    rules : tuple of Rule
        What is asked of journeys beside the map, in the order of the file.
    accepted : tuple of Acceptance
        Deviations that leave the ranking for a while, in the order of the file.
    warnings : tuple of Problem
        Odd but legal things found while reading.
    """

    id: str
    goal: str
    stages: tuple[Stage, ...]
    title: Text = NO_TEXT
    description: Text = NO_TEXT
    version: str | None = None
    owner: Text = NO_TEXT
    inactive_after_s: float | None = None
    where: str | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    personas: tuple[Persona, ...] = ()
    anywhere: tuple[Touchpoint, ...] = ()
    rules: tuple[Rule, ...] = ()
    accepted: tuple[Acceptance, ...] = ()
    warnings: tuple[Problem, ...] = field(default=(), compare=False)

    @classmethod
    def parse(cls, text: str, name: str = "map") -> JourneyMap:
        """Read a map from YAML or JSON text.

        Raises
        ------
        MapError
            With every problem found and the line of each.

        Examples
        --------
        >>> plan = JourneyMap.parse(
        ...     "{id: shop, goal: buy, stages: [{id: s, steps: [{id: look, events: Look}, {id: buy, events: Buy}]}]}"
        ... )
        >>> [t.id for t in plan.touchpoints()]
        ['look', 'buy']
        """
        from mining.map_reader import read_map

        return read_map(text, name)

    @classmethod
    def read(cls, path: str | Path) -> JourneyMap:
        """Read a map from a YAML or JSON file.

        Raises
        ------
        MapError
            When there is no such file, it is not UTF-8 text, or `parse` finds problems.
        """
        path = Path(path)
        try:
            return cls.parse(path.read_text(encoding="utf-8-sig"), path.name)
        except FileNotFoundError:
            raise MapError(N_("There is no map {path}. Check the name."), path=str(path)) from None
        except UnicodeDecodeError:
            raise MapError(N_("{path} is not UTF-8 text. Save the map as UTF-8."), path=str(path)) from None
        except OSError as error:
            raise MapError(N_("{path} cannot be read: {why}"), path=str(path), why=error.strerror) from None

    def to_yaml(self) -> str:
        """Write the map as YAML that reads back to an equal map; comments of the original are not kept."""
        from mining.map_writer import write_yaml

        return write_yaml(self)

    def as_dict(self) -> dict[str, Any]:
        """Give the map as plain values in the shape of the file, defaults left out."""
        from mining.map_writer import as_dict

        return as_dict(self)

    def planned(self) -> Iterator[tuple[Stage, Touchpoint]]:
        """Give stage and touchpoint for all that has a place in a stage, in map order."""
        for stage in self.stages:
            for touchpoint in stage.touchpoints():
                yield stage, touchpoint

    def touchpoints(self) -> tuple[Touchpoint, ...]:
        """Give every touchpoint in map order: those of the stages, then those of `anywhere`."""
        return (*(touchpoint for _, touchpoint in self.planned()), *self.anywhere)

    def milestones(self) -> tuple[tuple[Stage, Touchpoint], ...]:
        """Give the milestones in map order; the goal is one."""
        return tuple((s, t) for s, t in self.planned() if t.milestone or t.id == self.goal)

    def stage_of(self) -> dict[str, str | None]:
        """Give the stage id of each touchpoint; None for those of `anywhere`."""
        stages: dict[str, str | None] = {touchpoint.id: stage.id for stage, touchpoint in self.planned()}
        return stages | {touchpoint.id: None for touchpoint in self.anywhere}


def _touchpoints(step: Step) -> Iterator[Touchpoint]:
    if isinstance(step, Touchpoint):
        yield step
        return
    for inner in step.steps:
        yield from _touchpoints(inner)
