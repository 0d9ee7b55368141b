"""Which column is what: guessed with a reason, or given; told apart before any row is read for good."""

from __future__ import annotations

import json
from collections.abc import Container, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from mining.errors import MappingError
from mining.messages import N_, Message
from pipeline.columns.guessing import Guess, guess
from pipeline.columns.guessing_times import looks_like_times
from pipeline.columns.mapping_checks import ROLES, check_distinct, check_names, check_preset, unclear_roles
from pipeline.columns.profiles import Profile, profile
from pipeline.columns.vocabulary import ACTORS, CHANNELS, NAMES, folded
from pipeline.options import Choices
from pipeline.sources import RawTable
from pipeline.store import Session

if TYPE_CHECKING:
    pass

SURE = 0.6
AHEAD = 0.04
SURE_ORDER = 0.9
OF_PRESET = 0.97


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
    undated: str | None = None

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
    check_names(raw, choices)
    choices, known = _of_preset(raw, choices)
    choices = replace(choices, identity=_ids(raw, choices))
    journey = choices.journey or choices.identity or ((choices.customer,) if choices.customer else None)
    said = {"journey": journey, "activity": choices.activity, "time": choices.time}
    given = {role: raw.roles.get(role) if names is None else names for role, names in said.items()}
    if choices.time is None and _is_timeless(raw):
        del given["time"]
    rated = guess(profiles := profile(db, raw)) if None in given.values() else {}
    guessed = _sure_guesses(raw, given, rated, profiles) if rated else {}
    known |= _of_format(raw, choices)
    roles = {role: names or guessed[role].names for role, names in given.items() if names or role in guessed}
    check_distinct(raw, roles)
    end = choices.end
    if end is None:
        end = next(iter(raw.roles.get("end", ())), None) or _end(db, raw, roles)
    mapping = _complete(raw, replace(choices, end=end), roles, rated)
    return mapping, {**known, **guessed}


def _ids(raw: RawTable, choices: Choices) -> tuple[str, ...] | None:
    """Give the columns of this file that name a person; one file of several may have but some of them."""
    if not choices.identity:
        return None
    known = {c.name for c in raw.columns}
    found = tuple(name for name in choices.identity if name in known)
    if not found:
        raise MappingError(
            N_("{file} has none of the columns {columns}, so its events name nobody. Its columns are: {known}."),
            file=raw.source.name,
            columns=", ".join(choices.identity),
            known=", ".join(c.name for c in raw.columns),
        )
    return found


def told(raw: RawTable, choices: Choices) -> dict[str, Guess]:
    """Give the roles that need no guess: the format, a preset or the moments of a table tell them."""
    choices, known = _of_preset(raw, choices)
    return known | _of_format(raw, choices)


def _complete(
    raw: RawTable, choices: Choices, roles: dict[str, tuple[str, ...]], rated: dict[str, list[Guess]]
) -> Mapping:
    """Add to journey, activity and time what else was said, or is beyond doubt."""
    taken = {name for names in roles.values() for name in names}
    channel = _only(raw, CHANNELS) if choices.channel is None else choices.channel or None
    actor = _only(raw, ACTORS) if choices.actor is None else choices.actor or None
    channel, actor = (None if name in taken else name for name in (channel, actor))
    if choices.end and choices.end in roles.get("time", ()):
        raise MappingError(
            N_("{file}: {column!r} is given as --time and as --end. An event needs two columns to have a duration."),
            file=raw.source.name,
            column=choices.end,
        )
    attributes = choices.attributes
    if attributes is None:
        attributes = tuple(c.name for c in raw.columns if c.name not in taken)
    ids = choices.identity or ()
    kept = (*attributes, *ids, *(name for name in (channel, actor, choices.end) if name))
    return Mapping(
        journey=roles["journey"],
        activity=roles["activity"],
        time=roles.get("time", ()),
        journey_pattern=choices.journey_pattern,
        activity_pattern=choices.activity_pattern,
        end=choices.end or None,
        order=_order(roles, rated) if choices.order is None else choices.order or None,
        channel=channel,
        actor=actor,
        attributes=tuple(dict.fromkeys(kept)),
        timezone=choices.timezone,
        zone_column=choices.zone_column,
        time_format=choices.time_format,
        base_date=choices.base_date,
        undated=choices.undated,
    )


def _of_format(raw: RawTable, choices: Choices) -> dict[str, Guess]:
    """Say which roles the format told."""
    reason = Message(N_("the format says so"))
    return {
        role: Guess(role, " + ".join(columns), 1.0, reason, columns=columns)
        for role, columns in raw.roles.items()
        if columns and not getattr(choices, role) and not (role == "journey" and choices.customer)
    }


def _of_preset(raw: RawTable, choices: Choices) -> tuple[Choices, dict[str, Guess]]:
    """Take what a preset says, be it named or recognised by the columns; what was said already stays."""
    from pipeline.columns import moments, presets

    names = [c.name for c in raw.columns]
    preset = presets.preset_named(choices.preset) if choices.preset else presets.recognised(names)
    choices, known = moments.chosen(raw, choices)
    if preset is None:
        return choices, known
    choices, told = presets.chosen(choices, preset, names)
    check_preset(raw, choices, preset)
    reason = Message(N_("it looks like an export of {product}"), product=preset.product)
    return choices, known | {
        role: Guess(role, " + ".join(columns), OF_PRESET, reason, columns=columns) for role, columns in told.items()
    }


def _end(db: Session, raw: RawTable, roles: dict[str, tuple[str, ...]]) -> str | None:
    """Give the column of the end, where it stands beside one of the start, and that is the time."""
    begun = roles.get("time") or ("",)
    if len(begun) > 1 or NAMES["start"].get(folded(begun[0]), 0.0) < SURE:
        return None
    found = [c for c in raw.columns if NAMES["end"].get(folded(c.name), 0.0) >= SURE and c.name != begun[0]]
    if len(found) != 1 or not all(looks_like_times(p) for p in profile(db, raw, found)):
        return None
    return found[0].name


def _order(roles: dict[str, tuple[str, ...]], rated: dict[str, list[Guess]]) -> str | None:
    """Give the column of the order of a log without times."""
    found = [g for g in rated.get("order", []) if g.confidence >= SURE_ORDER]
    taken = {name for names in roles.values() for name in names}
    return found[0].column if "time" not in roles and len(found) == 1 and found[0].column not in taken else None


def _is_timeless(raw: RawTable) -> bool:
    """Tell a log whose events have no times: its format says so, or names the column that would hold them."""
    if raw.roles.get("time") == ():
        return True
    return raw.source.format == "xes" and "time:timestamp" not in {c.name for c in raw.columns}


def _only(raw: RawTable, known: Container[str]) -> str | None:
    found = [c.name for c in raw.columns if folded(c.name) in known]
    return found[0] if len(found) == 1 else None


def _sure_guesses(
    raw: RawTable,
    given: dict[str, tuple[str, ...] | None],
    rated: dict[str, list[Guess]],
    profiles: Sequence[Profile],
) -> dict[str, Guess]:
    """Guess the roles that were not given; only what is beyond doubt counts."""
    taken = {name for names in given.values() for name in names or ()}
    open_roles = [role for role, names in given.items() if names is None]
    sure: dict[str, Guess] = {}
    for role in sorted(open_roles, key=lambda r: -(rated[r][0].confidence if rated[r] else 0)):
        free = [g for g in rated[role] if g.column not in taken]
        if free and free[0].confidence >= SURE and (len(free) == 1 or free[0].confidence - free[1].confidence >= AHEAD):
            sure[role] = _with_clock(free[0], rated) if role == "time" else free[0]
            taken.update(sure[role].names)
    unclear = [role for role in open_roles if role not in sure]
    if unclear == ["time"] and not rated["time"] and _order({}, rated):
        unclear = []
    if unclear:
        raise unclear_roles(raw, unclear, rated, profiles)
    return sure


def _with_clock(time: Guess, rated: dict[str, list[Guess]]) -> Guess:
    """Put the clock beside a date, where there is one such column beyond doubt."""
    clocks = [g for g in rated["clock"] if g.confidence >= SURE]
    if len(clocks) != 1 or clocks[0].reason.values.get("date") != time.column:
        return time
    columns = (time.column, clocks[0].column)
    reason = Message(N_("the date in {date!r} and the clock in {clock!r}"), date=columns[0], clock=columns[1])
    return Guess("time", " + ".join(columns), time.confidence, reason, columns=columns)
