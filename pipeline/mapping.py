"""Which column is what: guessed with a reason, or given; told apart before any row is read for good."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from difflib import get_close_matches

from mining.errors import MappingError, Problem
from mining.messages import N_, Message
from pipeline.sources import RawColumn, RawTable
from pipeline.store import Session, quoted
from pipeline.vocabulary import CHANNELS, NAMES

ROLES = ("journey", "activity", "time")
SURE = 0.6
AHEAD = 0.04
DATE_LIKE = (
    r"^(\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{1,2}[-/. ](\d{1,2}|[A-Za-z]{3,9})[-/. ]\d{2,4}|[A-Za-z]{3,9} \d{1,2},? \d{4})(T|\b)"
)
DATE_LIKE_LATE = r"^\d{1,2}:\d{2}(:\d{2})? \d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}$"


@dataclass(frozen=True)
class Profile:
    """What a sample of a column shows."""

    column: RawColumn
    rows: int
    filled: int
    distinct: int
    date_like: int
    number_like: int
    longest: int
    samples: tuple[str, ...]

    @property
    def share_of_times(self) -> float:
        """Share of the filled values that look like a time."""
        if self.column.type.startswith(("TIMESTAMP", "DATE")):
            return 1.0
        return self.date_like / self.filled if self.filled else 0.0


@dataclass(frozen=True)
class Guess:
    """One column for one role: how sure (0 to 1), and why."""

    role: str
    column: str
    confidence: float
    reason: Message


@dataclass(frozen=True)
class Choices:
    """What the user said about the columns; what is None is guessed."""

    journey: str | None = None
    activity: str | None = None
    time: str | None = None
    channel: str | None = None
    attributes: tuple[str, ...] | None = None
    customer: str | None = None
    session_gap: float | None = None
    timezone: str = "UTC"
    time_format: str | None = None


@dataclass(frozen=True)
class Mapping:
    """Which column of a file plays which role.

    Attributes
    ----------
    journey : str
        Column of the journey key; with `session_gap`, of the customer whose events are split.
    session_gap : float, optional
        Seconds of silence that end a journey of a customer.
    """

    journey: str
    activity: str
    time: str
    channel: str | None = None
    attributes: tuple[str, ...] = ()
    timezone: str = "UTC"
    time_format: str | None = None
    session_gap: float | None = None

    def as_json(self) -> str:
        """Give the mapping as it is kept with its source."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)


def folded(name: str) -> str:
    """Give a column name without case, accents and punctuation.

    Examples
    --------
    >>> folded("Mã_Khách-Hàng"), folded("case:concept:name"), folded("CustomerID")
    ('ma khach hang', 'case concept name', 'customer id')
    """
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    plain = unicodedata.normalize("NFD", parted.casefold().replace("đ", "d"))
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(re.findall(r"[^\W_]+", letters))


def profile(db: Session, raw: RawTable) -> list[Profile]:
    """Look at a sample of the rows, up to 20,000 from all over the file."""
    view = quoted(raw.view)
    db.execute(
        f"CREATE OR REPLACE TEMP TABLE profiled AS SELECT * FROM {view} "
        f"WHERE row_no % (SELECT greatest(1, count(*) // 20000) FROM {view}) = 0"
    )
    return [_profile_of(db, column) for column in raw.columns]


def _profile_of(db: Session, column: RawColumn) -> Profile:
    """Count what matters in one column of the sample."""
    rows, filled, distinct, dates, numbers, longest, samples = db.rows(
        f"""
        SELECT count(*), count(x), count(DISTINCT x),
            count(*) FILTER (regexp_matches(x, $date) OR regexp_matches(x, $late)),
            count(*) FILTER (TRY_CAST(x AS DOUBLE) IS NOT NULL), coalesce(max(length(x)), 0),
            list(DISTINCT x ORDER BY x) FILTER (x IS NOT NULL)[:3]
        FROM (SELECT nullif(trim(CAST({quoted(column.column)} AS VARCHAR)), '') AS x FROM profiled)
        """,
        {"date": DATE_LIKE, "late": DATE_LIKE_LATE},
    )[0]
    return Profile(column, rows, filled, distinct, dates, numbers, longest, tuple(samples or ()))


def guess(profiles: Sequence[Profile]) -> dict[str, list[Guess]]:
    """Rate every column for every role, the best first; columns that cannot be it are left out."""
    rating = {"journey": _as_journey, "activity": _as_activity, "time": _as_time}
    found: dict[str, list[Guess]] = {}
    for role, rate in rating.items():
        rated = [g for g in (rate(p) for p in profiles) if g is not None]
        found[role] = sorted(rated, key=lambda g: -g.confidence)
    return found


def _name_says(role: str, name: str) -> float:
    """Rate the name alone: known names fully, names that contain a known one a little."""
    plain = folded(name)
    known = NAMES[role]
    if plain in known:
        return known[plain]
    inside = [weight for n, weight in known.items() if len(n) > 3 and f" {n} " in f" {plain} "]
    return 0.6 * max(inside) if inside else 0.0


def _as_time(p: Profile) -> Guess | None:
    said = _name_says("time", p.column.name)
    if p.share_of_times >= 0.8:
        reason = (
            N_("{share:.0%} of its values read as times")
            if said < 0.6
            else N_("its name, and {share:.0%} of its values read as times")
        )
        return Guess("time", p.column.name, max(said, 0.5), Message(reason, share=p.share_of_times))
    epoch = p.filled and p.number_like == p.filled and all(_epoch_sized(v) for v in p.samples)
    if epoch and said >= 0.8:
        return Guess("time", p.column.name, said, Message(N_("its name, and its numbers read as time since 1970")))
    return None


def _epoch_sized(value: str) -> bool:
    try:
        return float(value) >= 5e8
    except ValueError:
        return False


def _as_journey(p: Profile) -> Guess | None:
    if not p.filled or p.share_of_times >= 0.8 or p.filled < 0.5 * p.rows:
        return None
    said = _name_says("journey", p.column.name)
    starts = folded(p.samples[0]).split(" ")[0] if p.samples else ""
    if starts in ("case", "session", "journey", "ticket", "order") and said < 0.8 and p.distinct > 1:
        said = 0.8
    elif said == 0.0 and p.column.name.lower().endswith(("id", "_no")):
        said = 0.45
    if said == 0.0:
        return None
    repeats = p.filled / p.distinct
    return Guess("journey", p.column.name, said, Message(N_("its name, and {n:.1f} rows per value"), n=repeats))


def _as_activity(p: Profile) -> Guess | None:
    if not p.filled or p.share_of_times >= 0.8 or p.filled < 0.5 * p.rows:
        return None
    said = _name_says("activity", p.column.name)
    few = p.distinct <= max(50, 0.2 * p.filled)
    if said == 0.0 or p.longest > 400:
        return None
    reason = (
        N_("its name, and only {n} different values") if few else N_("its name, though it has {n} different values")
    )
    return Guess("activity", p.column.name, said if few else 0.7 * said, Message(reason, n=p.distinct))


def settle(db: Session, raw: RawTable, choices: Choices) -> tuple[Mapping, dict[str, Guess]]:
    """Give the mapping of one file, and the guesses it rests on.

    Raises
    ------
    MappingError
        Naming all columns that do not exist, or all roles that cannot be told without doubt.
    """
    _check_names(raw, choices)
    given = {"journey": choices.journey or choices.customer, "activity": choices.activity, "time": choices.time}
    guessed = _sure_guesses(db, raw, given) if None in given.values() else {}
    roles = {role: name or guessed[role].column for role, name in given.items()}
    _check_distinct(raw, roles)
    channel = choices.channel or _channel(raw)
    attributes = choices.attributes
    if attributes is None:
        attributes = tuple(c.name for c in raw.columns if c.name not in roles.values())
    if channel in roles.values():
        channel = None
    elif channel is not None and channel not in attributes:
        attributes = (*attributes, channel)
    mapping = Mapping(
        **roles,
        channel=channel,
        attributes=tuple(dict.fromkeys(attributes)),
        timezone=choices.timezone,
        time_format=choices.time_format,
        session_gap=choices.session_gap,
    )
    return mapping, guessed


def _channel(raw: RawTable) -> str | None:
    found = [c.name for c in raw.columns if folded(c.name) in CHANNELS]
    return found[0] if len(found) == 1 else None


def _check_names(raw: RawTable, choices: Choices) -> None:
    """See that every column that was named exists; all wrong names at once."""
    options = {
        "--journey": choices.journey,
        "--customer": choices.customer,
        "--activity": choices.activity,
        "--time": choices.time,
        "--channel": choices.channel,
    }
    named = [(option, name) for option, name in options.items() if name is not None]
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


def _check_distinct(raw: RawTable, roles: dict[str, str]) -> None:
    """See that no column plays two roles."""
    problems = [
        Problem(Message(N_("{column!r} is given as {one} and as {other}."), column=roles[a], one=a, other=b))
        for i, a in enumerate(ROLES)
        for b in ROLES[i + 1 :]
        if roles[a] == roles[b]
    ]
    if problems:
        raise MappingError(
            N_("{file}: journey, activity and time must be three different columns."),
            file=raw.source.name,
            problems=problems,
        )


def _sure_guesses(db: Session, raw: RawTable, given: dict[str, str | None]) -> dict[str, Guess]:
    """Guess the roles that were not given; only what is beyond doubt counts."""
    profiles = profile(db, raw)
    taken = set(filter(None, given.values()))
    open_roles = [role for role in ROLES if given[role] is None]
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
