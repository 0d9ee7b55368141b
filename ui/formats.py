"""Numbers, shares, durations and dates as the reader's language writes them. What is not known is a dash."""

from __future__ import annotations

from datetime import datetime

from babel import dates, numbers
from babel.units import format_unit

from ui.language import current

NOTHING = "–"
_UNITS = (("duration-day", 86400.0), ("duration-hour", 3600.0), ("duration-minute", 60.0), ("duration-second", 1.0))
_BYTES = (("digital-gigabyte", 1e9), ("digital-megabyte", 1e6), ("digital-kilobyte", 1e3), ("digital-byte", 1.0))


def number(value: float | None, digits: int = 0) -> str:
    """Write a number with its thousands parted."""
    if value is None:
        return NOTHING
    return str(numbers.format_decimal(value, f"#,##0{_places(digits)}", locale=current()))


def percent(share: float | None, digits: int | None = None) -> str:
    """Write a share as a percentage; small ones, and those near the whole, get a decimal.

    What is not quite nothing or not quite all is never written as 0 % or 100 %.
    """
    if share is None:
        return NOTHING
    if digits is None:
        digits = 1 if 0 < abs(share) < 0.0995 or 0.99 <= abs(share) < 1 else 0
    rounded = round(share, digits + 2)
    if digits == 1 and share != 0 and rounded == 0:
        return "< " + percent(0.001, 1)
    if digits == 1 and share < 1 and rounded == 1:
        return "> " + percent(0.999, 1)
    return str(numbers.format_percent(share, f"#,##0{_places(digits)}%", locale=current()))


def interval(low: float | None, high: float | None) -> str:
    """Write an interval of shares; with a decimal where either end is near nothing or near the whole."""
    if low is None or high is None:
        return NOTHING
    digits = 1 if low < 0.0995 or high > 0.99 else 0
    return f"{percent(low, digits)} – {percent(high, digits)}"


def points(difference: float | None) -> str:
    """Write a difference of shares in percentage points, with its sign."""
    if difference is None:
        return NOTHING
    return str(numbers.format_decimal(100 * difference, "+#,##0.0;\u2212#,##0.0", locale=current()))


def points_interval(low: float | None, high: float | None) -> str:
    """Write an interval of differences."""
    return NOTHING if low is None or high is None else f"{points(low)} … {points(high)}"


def q_equals(q: float) -> str:
    """Write a q-value with its sign of equation, for sentences."""
    return "< " + number(0.001, 3) if q < 0.001 else "= " + number(q, 3)


def q_value(q: float | None) -> str:
    """Write a q-value."""
    if q is None:
        return NOTHING
    return "< " + number(0.001, 3) if q < 0.001 else number(q, 3)


def duration(seconds: float | None) -> str:
    """Write seconds in the largest unit that keeps the number at one or above."""
    if seconds is None:
        return NOTHING
    for unit, size in _UNITS:
        value = seconds / size
        if abs(value) >= 1 or size == 1.0:
            digits = 1 if abs(value) < 10 and round(value, 1) % 1 else 0
            return str(format_unit(round(value, digits), unit, length="short", locale=current()))
    raise AssertionError("unreachable")


def size(bytes_: int) -> str:
    """Write a size of a file."""
    for unit, one in _BYTES:
        if bytes_ >= one or one == 1.0:
            value = bytes_ / one
            return str(format_unit(round(value, 1 if value < 10 else 0), unit, length="short", locale=current()))
    raise AssertionError("unreachable")


def date(time: datetime | None) -> str:
    """Write the day of a time."""
    return NOTHING if time is None else str(dates.format_date(time, "medium", locale=current()))


def moment(time: datetime | None) -> str:
    """Write a time; midnight is written as its day alone, since logs of days have nothing else."""
    if time is None:
        return NOTHING
    if (time.hour, time.minute, time.second) == (0, 0, 0):
        return date(time)
    return f"{date(time)}, {dates.format_time(time, 'HH:mm:ss' if time.second else 'HH:mm', locale=current())}"


def period(start: datetime | None, end: datetime | None) -> str:
    """Write the days from `start` to `end`."""
    return NOTHING if start is None or end is None else f"{date(start)} – {date(end)}"


def _places(digits: int) -> str:
    return "." + "0" * digits if digits else ""


def compact(value: float | None) -> str:
    """Write a number in few signs, as labels of pictures need it."""
    if value is None:
        return NOTHING
    digits = 1 if 1000 <= abs(value) < 10_000 or 1e6 <= abs(value) < 1e7 else 0
    return str(numbers.format_compact_decimal(value, locale=current(), fraction_digits=digits))
