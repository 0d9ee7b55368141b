"""The usual ways of writing a time, and which of them a sample of values follows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from itertools import product

from pipeline.times.words import cleaned

ORDERS: dict[str, tuple[str, ...]] = {
    "day first": tuple(f"%d{s}%m{s}{y}" for s, y in product("/-.", ("%Y", "%y"))),
    "month first": tuple(f"%m{s}%d{s}{y}" for s, y in product("/-.", ("%Y", "%y"))),
    "named month": (
        *("%d-%b-%Y", "%d-%b-%y", "%d %b %Y", "%d %b %y", "%d %B %Y", "%d/%b/%Y", "%b %d %Y", "%B %d %Y"),
        *("%d-%B-%Y", "%Y-%b-%d"),
    ),
    "year first": ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d"),
    "week": ("%G-W%V-%u",),
    "compact": ("%Y%m%d",),
}
MARKS = {"week": "-W"}  # what a date must hold for its patterns to be tried; else what parts its first two numbers
CLOCKS = (
    *("", " %H:%M", " %H:%M:%S", " %H:%M:%S.%f", " %I:%M %p", " %I:%M:%S %p", " %I:%M%p", " %I:%M:%S%p"),
    *(" %I:%M:%S.%f %p", "T%H:%M", "T%H:%M:%S", "T%H:%M:%S.%f", " %H.%M", " %H.%M.%S", ":%H:%M:%S"),
)
COMPACT_CLOCKS = ("", "%H%M%S", "T%H%M%S", "T%H%M%SZ", " %H%M%S", "%H%M", " %H%M", " %H:%M", " %H:%M:%S")
MACHINE = ("%b %d %H:%M:%S %Y", "%b %d %H:%M:%S %z %Y")  # what C and Unix print
TELLING = 40  # values that stand for the sample: those whose shapes differ, then others


def patterns_of(sample: Sequence[str], order: str) -> list[str]:
    """Give the patterns of one order of day, month and year that some of the sample follows, the most frequent first.

    Other clocks with the same date come after them, since a rare row may be written with them.
    """
    values = _telling([cleaned(v) for v in sample])
    found: dict[str, int] = {}
    for date in ORDERS[order]:
        if order == "compact" or any(MARKS.get(order, date[2]) in value for value in values):
            hits = {p: sum(_follows(v, p) for v in values) for p in _with_clocks(date, order)}
            if any(hits.values()):
                found |= hits
    if order == "named month" and not found:
        found = {p: n for p in MACHINE if (n := sum(_follows(v, p) for v in values))}
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
    if order in ("day first", "month first", "year first", "named month"):
        both += [f"{clock.strip()} {date}" for clock in CLOCKS[1:8]]
    timed = [p for p in both if "%M" in p and not p.endswith("Z")]
    return both + [p + offset for p in timed for offset in ("%z", " %z")]


def _follows(value: str, pattern: str) -> bool:
    """Say whether a value is a time of our days in the pattern; where nothing parts the numbers, to the digit."""
    if not _has_its_marks(value, pattern):
        return False
    try:
        moment = datetime.strptime(value, pattern)
    except ValueError:
        return False
    if pattern.startswith("%Y%m%d") and not value.startswith(moment.strftime(pattern.removesuffix("%z").rstrip())):
        return False  # months and hours of one digit, which are the seconds since 1970 misread
    return 1900 <= moment.year < 2200


def _has_its_marks(value: str, pattern: str) -> bool:
    """Say whether a value has the signs that the pattern must find; to compile a pattern is slow, to count is not."""
    if any(value.count(sign) < pattern.count(sign) for sign in ":/.-"):
        return False
    if any(word in pattern for word in ("%p", "%b", "%B", "T")) and not any(c.isalpha() for c in value):
        return False
    if "%z" in pattern and not any(c in "+-zZ" for c in value):
        return False
    return value.count("/") == pattern.count("/") and ("%z" in pattern or value.count(":") == pattern.count(":"))
