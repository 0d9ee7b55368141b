"""The usual ways of writing a time, and which of them a sample of values follows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from itertools import product

ORDERS: dict[str, tuple[str, ...]] = {
    "day first": tuple(f"%d{s}%m{s}{y}" for s, y in product("/-.", ("%Y", "%y"))),
    "month first": tuple(f"%m{s}%d{s}{y}" for s, y in product("/-.", ("%Y", "%y"))),
    "named month": ("%d-%b-%Y", "%d-%b-%y", "%d %b %Y", "%d %B %Y", "%d/%b/%Y", "%b %d %Y", "%B %d %Y"),
    "compact": ("%Y%m%d",),
}
CLOCKS = (
    *("", " %H:%M", " %H:%M:%S", " %H:%M:%S.%f", " %I:%M %p", " %I:%M:%S %p", " %I:%M%p", " %I:%M:%S%p"),
    *("T%H:%M", "T%H:%M:%S", "T%H:%M:%S.%f"),
)
COMPACT_CLOCKS = ("", "%H%M%S", "T%H%M%S", "T%H%M%SZ", " %H%M%S", "%H%M", " %H:%M", " %H:%M:%S")
TELLING = 40  # values that stand for the sample: those whose shapes differ, then others


def cleaned(value: str) -> str:
    """Even out commas, blanks and the Vietnamese for a.m. (SA) and p.m. (CH), as the SQL of `pipeline.times` does.

    Examples
    --------
    >>> cleaned("31/12/2020,  1:05 CH")
    '31/12/2020 1:05 PM'
    """
    spaced = re.sub(r"\s+", " ", value.replace(",", " "))
    return re.sub(r"(?i) ?CH$", " PM", re.sub(r"(?i) ?SA$", " AM", spaced))


def patterns_of(sample: Sequence[str], order: str) -> list[str]:
    """Give the patterns of one order of day, month and year that some of the sample follows, the most frequent first.

    Other clocks with the same date come after them, since a rare row may be written with them.
    """
    values = _telling([cleaned(v) for v in sample])
    found: dict[str, int] = {}
    for date in ORDERS[order]:
        if order == "compact" or any(date[2] in value for value in values):
            hits = {p: sum(_follows(v, p) for v in values) for p in _with_clocks(date, order)}
            if any(hits.values()):
                found |= hits
    return sorted(found, key=lambda p: -found[p])


def _telling(values: Sequence[str]) -> list[str]:
    """Give few values that show all shapes, digits and letters taken as alike."""
    by_shape: dict[str, str] = {}
    for value in values:
        by_shape.setdefault(re.sub(r"[^\W\d_]+", "a", re.sub(r"\d", "0", value)), value)
    step = max(1, len(values) // TELLING)
    return list(dict.fromkeys([*list(by_shape.values())[:TELLING], *values[::step]]))


def _with_clocks(date: str, order: str) -> list[str]:
    """Give a date with every clock, before and after it, with and without an offset."""
    both = [date + clock for clock in (COMPACT_CLOCKS if order == "compact" else CLOCKS)]
    if order in ("day first", "month first"):
        both += [f"{clock.strip()} {date}" for clock in CLOCKS[1:3]]
    timed = [p for p in both if "%M" in p and not p.endswith("Z")]
    return both + [p + offset for p in timed for offset in ("%z", " %z")]


def _follows(value: str, pattern: str) -> bool:
    """Say whether a value is a time of our days in the pattern."""
    try:
        return 1900 <= datetime.strptime(value, pattern).year < 2200
    except ValueError:
        return False
