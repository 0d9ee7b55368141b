"""Numbers, shares, durations and dates as the language in use writes them. What is not known is a dash."""

from __future__ import annotations

from datetime import date as Day
from datetime import datetime

from pipeline.formats import NOTHING as NOTHING
from ui.language import in_use


def number(value: float | None, digits: int = 0) -> str:
    """Write a number with its thousands parted."""
    return in_use().number(value, digits)


def percent(share: float | None, digits: int | None = None) -> str:
    """Write a share as a percentage; never 0 % or 100 % for what is not quite nothing or not quite all."""
    return in_use().percent(share, digits)


def interval(low: float | None, high: float | None) -> str:
    """Write an interval of shares."""
    return in_use().interval(low, high)


def points(difference: float | None) -> str:
    """Write a difference of shares in percentage points, with its sign."""
    return in_use().points(difference)


def points_interval(low: float | None, high: float | None) -> str:
    """Write an interval of differences."""
    return in_use().points_interval(low, high)


def q_equals(q: float) -> str:
    """Write a q-value with its sign of equation, for sentences."""
    return in_use().q_equals(q)


def q_value(q: float | None) -> str:
    """Write a q-value."""
    return in_use().q_value(q)


def signed(value: float) -> str:
    """Write a number with its sign, such as a feeling.

    Examples
    --------
    >>> signed(1.0), signed(-1.5), signed(0.0)
    ('+1', '−1.5', '0')
    """
    size = number(abs(value), 0 if value == int(value) else 1)
    return f"{'+' if value > 0 else '−'}{size}" if value else size


def duration(seconds: float | None) -> str:
    """Write seconds in the largest unit that keeps the number at one or above."""
    return in_use().duration(seconds)


def size(bytes_: int) -> str:
    """Write a size of a file."""
    return in_use().size(bytes_)


def date(time: Day | None) -> str:
    """Write a day, or the day of a time."""
    return in_use().date(time)


def moment(time: datetime | None) -> str:
    """Write a time; midnight is written as its day alone, since logs of days have nothing else."""
    return in_use().moment(time)


def period(start: datetime | None, end: datetime | None) -> str:
    """Write the days from `start` to `end`."""
    return in_use().period(start, end)


def number_about(value: float) -> str:
    """Write a number to two digits: what is measured once is not known better."""
    return number(int(float(f"{value:.2g}")))


def compact(value: float | None) -> str:
    """Write a number in few signs, as labels of pictures need it."""
    return in_use().compact(value)
