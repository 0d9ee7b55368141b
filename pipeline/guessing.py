"""Guessing which column is what: by the usual names, held against what a sample of the values shows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from mining.messages import N_, Message
from pipeline.sources import RawColumn, RawTable
from pipeline.store import Session, quoted
from pipeline.vocabulary import NAMES

DATE_LIKE = (
    r"^(\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{1,2}[-/. ](\d{1,2}|[A-Za-z]{3,9})[-/. ]\d{2,4}"
    r"|[A-Za-z]{3,9} \d{1,2},? \d{4})(T|\b)"
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
    """Look at a sample of the rows, up to 4,000 from all over the file."""
    view = quoted(raw.view)
    db.execute(
        f"CREATE OR REPLACE TEMP TABLE profiled AS SELECT * FROM {view} "
        f"WHERE row_no % (SELECT greatest(1, count(*) // 4000) FROM {view}) = 0"
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
    reason = N_("its name, and values that come back") if p.distinct < p.filled else N_("its name")
    return Guess("journey", p.column.name, said, Message(reason))


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
