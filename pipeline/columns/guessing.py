"""Guessing which column is what: by the usual names, held against what a sample of the values shows."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mining.messages import N_, Message
from pipeline.columns.guessing_times import clocks, ends, relative_days, times
from pipeline.columns.profiles import Profile, profile
from pipeline.columns.vocabulary import folded, name_says

__all__ = ["Guess", "Profile", "best", "folded", "guess", "profile"]

URL = r"^([A-Za-z][\w+.-]*://|/)\S*$"
ID_INSIDE = (
    r"(?i)\b((?:user|customer|client|session|case|order|ticket|visitor|member|account|student|kh[aá]ch h[aà]ng"
    r"|[dđ][oơ]n)"
    r"(?: with)?(?: id| no\.?| number| m[aã])?)(?: is|:|=|#)? ?(['\"]?)"
)
FEW = 50
MANY = 300
LAST = 0.2  # how sure a guess is that no name supports
OPENERS = ("case", "session", "journey", "ticket", "order")


@dataclass(frozen=True)
class Guess:
    """One column for one role: how sure (0 to 1), and why.

    Attributes
    ----------
    role : str
        ``journey``, ``activity``, ``time``, ``clock`` (beside a date), ``end``, ``order``, ``channel``, ``actor``,
        ``customer``, ``zone``, ``moments`` (columns that are an event each); or ``journey_pattern``,
        ``activity_pattern`` and ``base_date``, which have a `value`.
    column : str
        The column, or all of them joined by `` + ``.
    value : str, optional
        A pattern for the values of the column, or the day 0 of its day numbers.
    columns : tuple of str
        The columns, where there are several.
    """

    role: str
    column: str
    confidence: float
    reason: Message
    value: str | None = None
    columns: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The columns, be it one or several."""
        return self.columns or (self.column,)


def guess(profiles: Sequence[Profile]) -> dict[str, list[Guess]]:
    """Rate every column for every role, the best first; columns that cannot be it are left out."""
    found = {
        "journey": _rated(profiles, _as_journey),
        "activity": _rated(profiles, _as_activity),
        "time": [Guess("time", *rated) for rated in times(profiles)],
        "end": [Guess("end", *rated) for rated in ends(profiles)],
        "clock": [Guess("clock", *rated) for rated in clocks(profiles)],
        "order": _rated(profiles, _as_order),
        "channel": _rated(profiles, _as_channel),
        "actor": _rated(profiles, _as_actor),
        "customer": _rated(profiles, _as_customer),
        "zone": _rated(profiles, _as_zone),
        "journey_pattern": _rated(profiles, _id_inside),
        "activity_pattern": _rated(profiles, _path_inside),
        "base_date": [Guess("base_date", *rated) for rated in relative_days(profiles)],
    }
    found["journey"] += [Guess("journey", g.column, g.confidence, g.reason) for g in found["journey_pattern"]]
    found["journey"] += _fallback("journey", profiles, found, N_("no name tells, but its values come back"))
    found["activity"] += _fallback(
        "activity", profiles, found, N_("no name tells, but it has only {n} different values")
    )
    found["moments"] = _moments(profiles, found)
    return {role: sorted(guesses, key=lambda g: -g.confidence) for role, guesses in found.items()}


def best(guesses: dict[str, list[Guess]], role: str) -> Guess | None:
    """Give the likeliest column of a role."""
    return next(iter(guesses.get(role, ())), None)


def _rated(profiles: Sequence[Profile], rate: Callable[[Profile], Guess | None]) -> list[Guess]:
    return [g for g in map(rate, profiles) if g is not None]


def _fallback(role: str, profiles: Sequence[Profile], found: dict[str, list[Guess]], reason: str) -> list[Guess]:
    """Propose columns by their values alone, where no name tells: far from sure, but a place to start from."""
    other = {
        g.column
        for r in ("journey", "activity", "time", "end", "clock", "base_date")
        for g in found[r]
        if g.confidence > LAST
    }
    if found[role]:
        return []
    free = [p for p in profiles if p.column.name not in other and 1 < p.distinct < p.filled and 2 * p.filled > p.rows]
    if role == "activity":
        free = [p for p in free if p.distinct <= MANY and p.longest <= 60]
    return [Guess(role, p.column.name, LAST, Message(reason, n=p.distinct)) for p in free]


def _moments(profiles: Sequence[Profile], found: dict[str, list[Guess]]) -> list[Guess]:
    """Propose that each of several times in a row is an event, where no column names what happened."""
    told = [g for g in found["activity"] if g.confidence > LAST]
    timed = [g.column for g in found["time"]]
    columns = tuple(p.column.name for p in profiles if p.column.name in timed)
    if told or len(columns) < 2:
        return []
    reason = Message(N_("each row has {n} times, and no column says what happened"), n=len(columns))
    return [Guess("moments", " + ".join(columns), 0.5, reason, columns=columns)]


def _as_journey(p: Profile) -> Guess | None:
    if not p.filled or p.share_of_times >= 0.8 or p.filled < 0.5 * p.rows:
        return None
    said = name_says("journey", p.column.name)
    starts = folded(p.samples[0]).split(" ")[0] if p.samples else ""
    if starts in OPENERS and said < 0.85 and p.distinct > 1:
        said = 0.85
    elif said == 0.0 and p.column.name.lower().endswith(("id", "_no")):
        said = 0.45
    if said == 0.0:
        return None
    if p.distinct == 1 and p.filled > 20:
        return Guess("journey", p.column.name, 0.3 * said, Message(N_("its name, though all rows have the same value")))
    if p.whole and p.distinct == p.filled > 20:
        return Guess("journey", p.column.name, 0.5 * said, Message(N_("its name, though no value comes back")))
    reason = N_("its name, and values that come back") if p.distinct < p.filled else N_("its name")
    return Guess("journey", p.column.name, said, Message(reason))


def _as_activity(p: Profile) -> Guess | None:
    if not p.filled or p.share_of_times >= 0.8 or p.filled < 0.5 * p.rows:
        return None
    said = name_says("activity", p.column.name)
    few = p.distinct <= max(FEW, 0.2 * p.filled)
    if said == 0.0 or p.longest > 400:
        return None
    reason = (
        N_("its name, and only {n} different values") if few else N_("its name, though it has {n} different values")
    )
    return Guess("activity", p.column.name, said if few else 0.7 * said, Message(reason, n=p.distinct))


def _as_order(p: Profile) -> Guess | None:
    said = name_says("order", p.column.name)
    if said < 0.5 or not p.is_number or p.share_of_times >= 0.8:
        return None
    return Guess("order", p.column.name, said, Message(N_("its name, and values that are all numbers")))


def _as_channel(p: Profile) -> Guess | None:
    said = name_says("channel", p.column.name)
    if said == 0.0 or not p.filled or p.distinct > FEW or p.share_of_times >= 0.8:
        return None
    return Guess("channel", p.column.name, said, Message(N_("its name, and only {n} different values"), n=p.distinct))


def _as_actor(p: Profile) -> Guess | None:
    said = name_says("actor", p.column.name)
    if said == 0.0 or not p.filled or p.longest > 80 or p.share_of_times >= 0.8:
        return None
    return Guess("actor", p.column.name, said, Message(N_("its name")))


def _as_customer(p: Profile) -> Guess | None:
    said = name_says("customer", p.column.name)
    if said == 0.0 or not p.filled or p.share_of_times >= 0.8 or (p.distinct == 1 and p.filled > 20):
        return None
    return Guess("customer", p.column.name, said, Message(N_("its name tells a person or a company")))


def _as_zone(p: Profile) -> Guess | None:
    said = name_says("zone", p.column.name)
    zones = bool(p.values) and all(
        re.match(r"^([A-Z]\w+/[\w/+-]+|(UTC|GMT)?[+-]\d{1,2}(:?\d\d)?|UTC|GMT)$", v) for v in p.values
    )
    if said == 0.0 or not zones:
        return None
    return Guess("zone", p.column.name, said, Message(N_("its name, and values that are time zones")))


def _id_inside(p: Profile) -> Guess | None:
    """Find an id in the middle of sentences, such as ``The user with id '4' viewed the course``."""
    if not p.column.is_text or p.longest < 15 or p.distinct < 2:
        return None
    pairs = [(v, m) for v in p.values if (m := re.search(ID_INSIDE + r"([A-Za-z]*\d[\w-]*)", v))]
    found = [m for _, m in pairs]
    if not found or len(found) < 0.9 * len(p.values):
        return None
    words = max({m[1] for m in found}, key=[m[1] for m in found].count)
    nothing_else = all(m.start() == 0 and m.end() == len(v) for v, m in pairs)
    if nothing_else or sum(m[1] == words for m in found) < 0.9 * len(p.values):
        return None
    quote = found[0][2]
    pattern = re.escape(words).replace(r"\ ", " ") + rf"(?: is|:|=|#)? ?{quote}([\w-]+)"
    reason = Message(N_("an id inside its text, behind {words!r}"), words=words)
    return Guess("journey_pattern", p.column.name, 0.55, reason, value=pattern)


def _path_inside(p: Profile) -> Guess | None:
    """Find web addresses: what is behind the question mark makes each of them another activity."""
    if not p.column.is_text or len(p.values) < 2 or not all(re.match(URL, v) for v in p.values):
        return None
    reason = Message(N_("web addresses, of which the path tells the page"))
    return Guess("activity_pattern", p.column.name, 0.55, reason, value="url-path")
