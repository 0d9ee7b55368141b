"""What a sample of a column shows: how many values, of which kinds, and a few of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.sources import RawColumn, RawTable
from pipeline.store import Session, quoted

SAMPLE = 4000
AT_ONCE = 100  # columns
BLOCKS = 16
SHOWN = 3
VALUES = 100
LONGEST = 500  # characters of a value that is looked into
DATE_LIKE = (
    r"^(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/. ](\d{1,2}|[A-Za-z]{3,9})[-/. ]\d{2,4}"
    r"|[A-Za-z]{3,9} \d{1,2},? \d{4}|\d{4}-W\d\d-\d)(T|\b)"
)
DATE_LIKE_LATE = r"^\d{1,2}:\d{2}(:\d{2})? \d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}$"
CLOCK_LIKE = r"^\d{1,2}(:\d{2}(:\d{2}([.,]\d+)?)?|[hH]\d{0,2})( ?([AaPp]\.?[Mm]\.?|SA|CH))?$"


@dataclass(frozen=True)
class Profile:
    """What a sample of a column shows.

    Attributes
    ----------
    rows, filled, distinct : int
        Of the sample.
    whole : bool
        Whether the sample is all there is.
    date_like, clock_like, number_like : int
        Values that look like a date, like a clock alone, like a number.
    least, most : float, optional
        Of the numbers.
    longest : int
        Characters of the longest value.
    samples : tuple of str
        The first few different values.
    values : tuple of str
        More of them.
    """

    column: RawColumn
    rows: int
    filled: int
    distinct: int
    whole: bool
    date_like: int
    clock_like: int
    number_like: int
    least: float | None
    most: float | None
    longest: int
    values: tuple[str, ...]

    @property
    def samples(self) -> tuple[str, ...]:
        """The first few different values."""
        return self.values[:SHOWN]

    @property
    def share_of_times(self) -> float:
        """Share of the filled values that look like a time."""
        if self.column.type.startswith(("TIMESTAMP", "DATE")):
            return 1.0
        return self.date_like / self.filled if self.filled else 0.0

    @property
    def is_number(self) -> bool:
        """Say whether all values are numbers."""
        return bool(self.filled) and self.number_like == self.filled

    @property
    def is_clock(self) -> bool:
        """Say whether the values are clocks without a date."""
        return self.column.type == "TIME" or bool(self.filled and self.clock_like >= 0.7 * self.filled)

    @property
    def has_clock(self) -> bool:
        """Say whether any value has hours and minutes."""
        if self.column.type.startswith("DATE"):
            return False
        bare = [re.sub(r"[ T]00:00(:00([.,]0+)?)?$", "", v) for v in self.values]
        return any(":" in v or re.search(r"\d{8}\D?\d{4}|\dh\d", v) for v in bare)


def profile(db: Session, raw: RawTable, columns: Sequence[RawColumn] | None = None) -> list[Profile]:
    """Look at a sample of the rows: some thousand, in blocks from all over the file."""
    view = quoted(raw.view)
    rows = db.value(f"SELECT count(*) FROM {view}")
    where = "true"
    if rows > SAMPLE:
        # Blocks of neighbours, as a row here and a row there would make the database unpack all of the file.
        starts = [block * (rows - SAMPLE // BLOCKS) // (BLOCKS - 1) for block in range(BLOCKS)]
        where = " OR ".join(f"row_no BETWEEN {start} AND {start + SAMPLE // BLOCKS - 1}" for start in starts)
    left, found = list(raw.columns if columns is None else columns), list[Profile]()
    while left:  # so many at a time, as the database looks at all columns of a table whenever it is asked for one
        now, left = left[:AT_ONCE], left[AT_ONCE:]
        chosen = ", ".join(quoted(c.column) for c in now)
        db.execute(f"CREATE OR REPLACE TEMP TABLE profiled AS SELECT {chosen} FROM {view} WHERE {where}")
        found.extend(_profile_of(db, column, rows <= SAMPLE) for column in now)
    return found


def _profile_of(db: Session, column: RawColumn, whole: bool) -> Profile:
    """Count what matters in one column of the sample."""
    *counts, values = db.rows(
        f"""
        SELECT count(*), count(x), count(DISTINCT x),
            count(*) FILTER (regexp_matches(x, $date) OR regexp_matches(x, $late)),
            count(*) FILTER (regexp_matches(x, $clock)),
            count(n), min(n) FILTER (isfinite(n)), max(n) FILTER (isfinite(n)), coalesce(max(length(x)), 0),
            list(DISTINCT x[:{LONGEST}] ORDER BY x[:{LONGEST}]) FILTER (x IS NOT NULL)[:{VALUES}]
        FROM (
            SELECT x, TRY_CAST(replace(x, ',', '.') AS DOUBLE) AS n
            FROM (SELECT nullif(trim(CAST({quoted(column.column)} AS VARCHAR)), '') AS x FROM profiled)
        )
        """,
        {"date": DATE_LIKE, "late": DATE_LIKE_LATE, "clock": CLOCK_LIKE},
    )[0]
    rows, filled, distinct, dates, clocks, numbers, least, most, longest = counts
    return Profile(
        column, rows, filled, distinct, whole, dates, clocks, numbers, least, most, longest, tuple(values or ())
    )
