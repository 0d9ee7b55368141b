"""Which column is what: guessed with a reason, or given; told apart before any row is read for good."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from typing import Any

from mining.errors import MappingError, Problem
from mining.messages import N_, Message
from pipeline.guessing import Guess, Profile, folded, guess, profile
from pipeline.options import Choices
from pipeline.sources import RawTable
from pipeline.store import Session
from pipeline.vocabulary import CHANNELS

ROLES = ("journey", "activity", "time")
SURE = 0.6
AHEAD = 0.04


@dataclass(frozen=True)
class Mapping:
    """Which columns of a file play which role.

    Attributes
    ----------
    journey, activity : tuple of str
        Columns whose values, joined by a blank, are the journey key and the name of what happened.
    time : tuple of str
        Columns of the time: one, a date and a clock, or none for a log that has an order but no times.

    The other roles are those of `pipeline.options.IngestOptions`.
    """

    journey: tuple[str, ...]
    activity: tuple[str, ...]
    time: tuple[str, ...] = ()
    journey_pattern: str | None = None
    activity_pattern: str | None = None
    end: str | None = None
    order: str | None = None
    channel: str | None = None
    actor: str | None = None
    attributes: tuple[str, ...] = ()
    timezone: str = "UTC"
    zone_column: str | None = None
    time_format: str | None = None
    base_date: str | None = None

    def shown(self, role: str) -> str:
        """Name the columns of a role for people; nothing when there is none.

        Examples
        --------
        >>> Mapping(("first", "last"), ("event",)).shown("journey")
        'first + last'
        """
        return " + ".join(getattr(self, role))

    def as_dict(self) -> dict[str, Any]:
        """Give the mapping as plain values: a role of one column by its name, of several as a list."""
        plain = asdict(self)
        for role in ROLES:
            columns = getattr(self, role)
            plain[role] = list(columns) if len(columns) > 1 else next(iter(columns), None)
        return plain

    def as_json(self) -> str:
        """Give the mapping as it is kept with its source."""
        return json.dumps(self.as_dict(), ensure_ascii=False, sort_keys=True)


def settle(db: Session, raw: RawTable, choices: Choices) -> tuple[Mapping, dict[str, Guess]]:
    """Give the mapping of one file, and the guesses it rests on.

    Raises
    ------
    MappingError
        Naming all columns that do not exist, or all roles that cannot be told without doubt.
    """
    _check_names(raw, choices)
    journey = choices.journey or ((choices.customer,) if choices.customer else None)
    given = {"journey": journey, "activity": choices.activity, "time": choices.time}
    if choices.time is None and _is_timeless(raw):
        del given["time"]
    guessed = _sure_guesses(db, raw, given) if None in given.values() else {}
    roles = {role: names or (guessed[role].column,) for role, names in given.items()}
    _check_distinct(raw, roles)
    taken = {name for names in roles.values() for name in names}
    channel = choices.channel or _channel(raw)
    attributes = choices.attributes
    if attributes is None:
        attributes = tuple(c.name for c in raw.columns if c.name not in taken)
    if channel in taken:
        channel = None
    elif channel is not None and channel not in attributes:
        attributes = (*attributes, channel)
    mapping = Mapping(
        journey=roles["journey"],
        activity=roles["activity"],
        time=roles.get("time", ()),
        journey_pattern=choices.journey_pattern,
        activity_pattern=choices.activity_pattern,
        end=choices.end,
        order=choices.order,
        channel=channel,
        actor=choices.actor,
        attributes=tuple(dict.fromkeys(attributes)),
        timezone=choices.timezone,
        zone_column=choices.zone_column,
        time_format=choices.time_format,
        base_date=choices.base_date,
    )
    return mapping, guessed


def _is_timeless(raw: RawTable) -> bool:
    """Tell an XES log whose events have no times: its format names the column that would hold them."""
    return raw.source.format == "xes" and "time:timestamp" not in {c.name for c in raw.columns}


def _channel(raw: RawTable) -> str | None:
    found = [c.name for c in raw.columns if folded(c.name) in CHANNELS]
    return found[0] if len(found) == 1 else None


def _check_names(raw: RawTable, choices: Choices) -> None:
    """See that every column that was named exists; all wrong names at once."""
    one = {"--customer": choices.customer, "--channel": choices.channel}
    many = {"--journey": choices.journey, "--activity": choices.activity, "--time": choices.time}
    named = [(option, name) for option, names in many.items() for name in names or ()]
    named += [(option, name) for option, name in one.items() if name is not None]
    named += [("--attribute", name) for name in choices.attributes or ()]
    known = [c.name for c in raw.columns]
    problems = [Problem(_no_such(option, name, known)) for option, name in named if name not in known]
    if problems:
        raise MappingError(
            N_("{file} does not have the columns that were named. Its columns are: {known}."),
            file=raw.source.name,
            known=", ".join(known),
            problems=problems,
        )


def _no_such(option: str, name: str, known: Sequence[str]) -> Message:
    """Say that a column does not exist, with the nearest name that does."""
    by_fold = {folded(k): k for k in known}
    near = get_close_matches(folded(name), list(by_fold), n=1, cutoff=0.6)
    if near:
        return Message(N_("{option} {name!r}: did you mean {near!r}?"), option=option, name=name, near=by_fold[near[0]])
    return Message(N_("{option} {name!r}: there is no such column."), option=option, name=name)


def _check_distinct(raw: RawTable, roles: dict[str, tuple[str, ...]]) -> None:
    """See that no column plays two roles."""
    problems = [
        Problem(Message(N_("{column!r} is given as {one} and as {other}."), column=column, one=a, other=b))
        for i, a in enumerate(roles)
        for b in list(roles)[i + 1 :]
        for column in roles[a]
        if column in roles[b]
    ]
    if problems:
        raise MappingError(
            N_("{file}: journey, activity and time must be three different columns."),
            file=raw.source.name,
            problems=problems,
        )


def _sure_guesses(db: Session, raw: RawTable, given: dict[str, tuple[str, ...] | None]) -> dict[str, Guess]:
    """Guess the roles that were not given; only what is beyond doubt counts."""
    profiles = profile(db, raw)
    taken = {name for names in given.values() for name in names or ()}
    open_roles = [role for role, names in given.items() if names is None]
    rated = guess(profiles)
    sure: dict[str, Guess] = {}
    for role in sorted(open_roles, key=lambda r: -(rated[r][0].confidence if rated[r] else 0)):
        free = [g for g in rated[role] if g.column not in taken]
        if free and free[0].confidence >= SURE and (len(free) == 1 or free[0].confidence - free[1].confidence >= AHEAD):
            sure[role] = free[0]
            taken.add(free[0].column)
    unclear = [role for role in open_roles if role not in sure]
    if unclear:
        raise _unclear(raw, unclear, rated, profiles)
    return sure


def _unclear(
    raw: RawTable, unclear: Sequence[str], rated: dict[str, list[Guess]], profiles: Sequence[Profile]
) -> MappingError:
    """Say which roles cannot be told, what the columns hold, and which option settles it."""
    problems = []
    for role in unclear:
        candidates = ", ".join(g.column for g in rated[role][:3])
        template = (
            N_("{role}: it could be {candidates}. Give --{role} COLUMN.")
            if candidates
            else N_("{role}: no column looks like it. Give --{role} COLUMN.")
        )
        problems.append(Problem(Message(template, role=role, candidates=candidates)))
    for p in profiles:
        shown = ", ".join(v if len(v) <= 30 else v[:29] + "…" for v in p.samples)
        problems.append(Problem(Message(N_("column {name!r}: {samples}"), name=p.column.name, samples=shown or "–")))
    return MappingError(
        N_("{file}: it cannot be told without doubt which column is the {roles}."),
        file=raw.source.name,
        roles=", ".join(unclear),
        problems=problems,
    )
