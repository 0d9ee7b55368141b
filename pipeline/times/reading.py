"""How a time is read, and what it is read from: shared by the ways of reading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mining.messages import Message
from pipeline.sources import RawTable
from pipeline.store import Session, quoted
from pipeline.times.zones import Zone

MOST_DIFFERENT = 1000


@dataclass(frozen=True)
class TimeReading:
    """How a time is read.

    Attributes
    ----------
    sql : str
        Gives UTC, or null where there is no time to be read.
    pattern : str
        How it is written, in words or as a pattern.
    given : str
        SQL that says whether the row has anything where its time should be.
    order : str, optional
        "day first" or "month first", where that had to be told.
    notes : tuple of Message
        What was assumed.
    """

    sql: str
    pattern: str
    given: str = "true"
    order: str | None = None
    notes: tuple[Message, ...] = ()


@dataclass(frozen=True)
class Text:
    """What a time is read from: the SQL of its text, and what to call it in messages."""

    raw: RawTable
    name: str
    sql: str
    bare: str
    zone: Zone
    order: str | None


def sample_of(db: Session, text: Text) -> list[str]:
    """Give up to a thousand different values from all over the file."""
    view = quoted(text.raw.view)
    # Counted first: with the count inside, the database reads every text before it leaves most of them out.
    step = max(1, db.value(f"SELECT count(*) FROM {view}") // 5000)
    found = db.rows(
        f"SELECT DISTINCT {text.sql} AS x FROM {view} WHERE hash(row_no) % {step} = 0 ORDER BY x LIMIT {MOST_DIFFERENT}"
    )
    return [x for (x,) in found if x]


def sample_left(db: Session, text: Text, sql: str) -> list[str]:
    """Give up to a thousand different values that are no time by a reading, from all of those."""
    left = f"SELECT DISTINCT x FROM (SELECT {text.sql} AS x, {sql} AS t FROM {quoted(text.raw.view)}) WHERE t IS NULL"
    return [x for (x,) in db.rows(f"SELECT x FROM ({left} AND x <> '') ORDER BY hash(x), x LIMIT {MOST_DIFFERENT}")]


def share_read(db: Session, sql: str, sample: Sequence[str]) -> float:
    """Give the share of the sample that an expression over ``x`` can read."""
    query = f"SELECT coalesce(avg(CASE WHEN {sql} IS NOT NULL THEN 1 ELSE 0 END), 0) FROM (SELECT unnest($s) AS x)"
    return float(db.value(query, {"s": list(sample)}))
