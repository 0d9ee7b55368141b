"""Times written as numbers: since 1970 in any unit, days before and after a start, or the days of a spreadsheet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mining.errors import MappingError
from mining.messages import N_, Message
from pipeline.sources import RawTable
from pipeline.store import Session, literal, quoted
from pipeline.times.zones import Zone

UNITS = (
    ("seconds", 1e11, "CAST(round({n} * 1e6) AS BIGINT)"),
    ("milliseconds", 1e14, "CAST(round({n} * 1e3) AS BIGINT)"),
    ("microseconds", 1e17, "CAST({w} AS BIGINT)"),
    ("nanoseconds", float("inf"), "CAST({w} // 1000 AS BIGINT)"),
)
OLDEST_EPOCH = 1e8  # seconds: 1973; smaller numbers are days or counters, not times
SPREADSHEET = (20_000, 80_000)  # days since 1899-12-30: 1954 to 2119
MOST_DAYS = 1_000_000


@dataclass(frozen=True)
class Numbers:
    """A column of numbers: its name for people, and the SQL of its values as floats and as whole numbers."""

    raw: RawTable
    column: str
    number: str
    whole: str

    def range(self, db: Session) -> tuple[float | None, float | None, float | None]:
        """Give the least and the greatest value, and the least of those that can be times since 1970."""
        least, most, oldest = db.rows(
            f"SELECT min({self.number}), max({self.number}), "
            f"min(abs({self.number})) FILTER (abs({self.number}) >= {OLDEST_EPOCH}) FROM {quoted(self.raw.view)}"
        )[0]
        return least, most, oldest


def read_numbers(
    db: Session, numbers: Numbers, zone: Zone, base_date: str | None
) -> tuple[str, str, tuple[Message, ...]]:
    """Tell what the numbers count, by their size.

    Returns
    -------
    str
        The SQL of the time in UTC.
    str
        How it is read, in words.
    tuple of Message
        What was assumed.

    Raises
    ------
    MappingError
        When they can be no times, or days of which it is not known when they began.
    """
    if base_date is not None:
        start = _start(base_date)
        return _days(numbers.number, start, zone), f"days since {start:%Y-%m-%d}", ()
    least, most, oldest = numbers.range(db)
    largest = max(abs(least or 0), abs(most or 0))
    if least is not None and SPREADSHEET[0] <= least and (most or 0) < SPREADSHEET[1]:
        sql = _days(numbers.number, datetime(1899, 12, 30), zone)
        note = Message(
            N_("{column!r} holds numbers from {least:g} to {most:g}: they were read as the days of a spreadsheet"),
            column=numbers.column,
            least=least,
            most=most,
        )
        return sql, "spreadsheet days", (note,)
    if largest < OLDEST_EPOCH or oldest is None:
        raise MappingError(
            N_(
                "The column {column!r} of {file} holds numbers up to {largest}, too small to be seconds since 1970. "
                "If they are days before and after a start, say with --base-date which day was 0, such as "
                "'--base-date 2026-01-31'; else choose another column with --time."
            ),
            column=numbers.column,
            file=numbers.raw.source.name,
            largest=largest,
        )
    return _since_1970(numbers, largest, oldest)


def _since_1970(numbers: Numbers, largest: float, oldest: float) -> tuple[str, str, tuple[Message, ...]]:
    """Read time since 1970; where units are mixed, each number by its own size, as their ranges lie far apart."""
    sizes = [next(i for i, (_, limit, _) in enumerate(UNITS) if size < limit) for size in (oldest, largest)]
    chosen = UNITS[sizes[0] : sizes[1] + 1]
    exact = [way.format(n=numbers.number, w=numbers.whole) for _, _, way in chosen]
    pattern = "epoch " + " and ".join(unit for unit, _, _ in chosen)
    if len(chosen) == 1:
        return f"make_timestamp({exact[0]})", pattern, ()
    cases = " ".join(
        f"WHEN abs({numbers.number}) < {limit:.0f} THEN {way}"
        for (_, limit, _), way in zip(chosen[:-1], exact[:-1], strict=True)
    )
    note = Message(
        N_("{column!r} counts time since 1970 in more than one unit; each number was read by its size"),
        column=numbers.column,
    )
    return f"make_timestamp(CASE {cases} ELSE {exact[-1]} END)", pattern, (note,)


def _start(base_date: str) -> datetime:
    """Read the day 0."""
    try:
        return datetime.fromisoformat(base_date.strip()).replace(tzinfo=None)
    except ValueError:
        raise MappingError(
            N_("The base date {date!r} is no date. Write it as year-month-day, such as '2026-01-31'."), date=base_date
        ) from None


def _days(number: str, start: datetime, zone: Zone) -> str:
    """Give the SQL of a day number as UTC, to the millisecond, which is what a spreadsheet's fractions can tell."""
    rounded = f"CAST(round({number} * 86400000) AS BIGINT) * 1000"
    local = f"TIMESTAMP {literal(start.isoformat(sep=' '))} + to_microseconds({rounded})"
    return f"CASE WHEN abs({number}) < {MOST_DAYS} THEN {zone.to_utc(local)} END"
