"""Numbers, shares, durations and dates as the reader's language writes them. What is not known is a dash."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date as Day
from datetime import datetime
from functools import lru_cache
from typing import Literal

NOTHING = "–"
MOST_DIGITS = 4  # of the ends of intervals, in percent
KEPT = 20_000  # written values that are remembered: a table that is shown again writes the same ones
_DAYS = {"vi": "dd/MM/yyyy"}  # where the usual way is not the medium one of CLDR
_UNITS = (("duration-day", 86400.0), ("duration-hour", 3600.0), ("duration-minute", 60.0), ("duration-second", 1.0))
_BYTES = (("digital-gigabyte", 1e9), ("digital-megabyte", 1e6), ("digital-kilobyte", 1e3), ("digital-byte", 1.0))
_NO_SHORT_PLURAL = {("en", "digital-byte")}


@dataclass(frozen=True)
class Formats:
    """How one language writes numbers.

    Attributes
    ----------
    code : str
        Of the language: ``en`` or ``vi``.
    """

    code: str = "en"

    def number(self, value: float | None, digits: int = 0) -> str:
        """Write a number with its thousands parted."""
        return NOTHING if value is None else self._decimal(value, f"#,##0{_places(digits)}")

    def percent(self, share: float | None, digits: int | None = None) -> str:
        """Write a share as a percentage; small ones, and those near the whole, get a decimal.

        What is not quite nothing or not quite all is never written as 0 % or 100 %.

        Examples
        --------
        >>> Formats("en").percent(0.99999), Formats("vi").percent(0.0123)
        ('> 99.9%', '1,2%')
        """
        if share is None:
            return NOTHING
        if digits is None:
            digits = 1 if 0 < abs(share) < 0.0995 or 0.99 <= abs(share) < 1 else 0
        rounded = round(share, digits + 2)
        if digits == 1 and share != 0 and rounded == 0:
            return "< " + self.percent(0.001, 1)
        if digits == 1 and share < 1 and rounded == 1:
            return "> " + self.percent(0.999, 1)
        return self._decimal(rounded, f"#,##0{_places(digits)}%")

    def interval(self, low: float | None, high: float | None) -> str:
        """Write an interval of shares; with decimals where either end is near nothing or near the whole.

        Examples
        --------
        >>> Formats("en").interval(0.9967, 0.99975), Formats("vi").interval(0.137, 0.168)
        ('99.7% – 99.98%', '14% – 17%')
        """
        if low is None or high is None:
            return NOTHING
        digits = 1 if low < 0.0995 or high > 0.99 else 0
        return f"{self._end(low, digits)} – {self._end(high, digits)}"

    def _end(self, share: float, digits: int) -> str:
        """Write an end of an interval, with the digits it takes to tell it from nothing and from the whole."""
        enough = (k for k in range(digits, MOST_DIGITS) if round(share, k + 2) not in (0, 1))
        digits = digits if share in (0, 1) else next(enough, MOST_DIGITS)
        return self._decimal(round(share, digits + 2), f"#,##0{_places(digits)}%")

    def points(self, difference: float | None) -> str:
        """Write a difference of shares in percentage points, with its sign; what rounds to nothing has none."""
        if difference is None:
            return NOTHING
        rounded = round(100 * difference, 1)
        return self._decimal(rounded, "+#,##0.0;\u2212#,##0.0") if rounded else self.number(0, 1)

    def points_interval(self, low: float | None, high: float | None) -> str:
        """Write an interval of differences."""
        return NOTHING if low is None or high is None else f"{self.points(low)} – {self.points(high)}"

    def q_equals(self, q: float) -> str:
        """Write a q-value with its sign of equation, for sentences."""
        return "< " + self.number(0.001, 3) if q < 0.001 else "= " + self.number(q, 3)

    def q_value(self, q: float | None) -> str:
        """Write a q-value."""
        if q is None:
            return NOTHING
        return "< " + self.number(0.001, 3) if q < 0.001 else self.number(q, 3)

    def duration(self, seconds: float | None) -> str:
        """Write seconds in the largest unit that keeps the number at one or above."""
        if seconds is None:
            return NOTHING
        for unit, size in _UNITS:
            value = seconds / size
            if abs(value) >= 1 or size == 1.0:
                digits = 1 if abs(value) < 10 and round(value, 1) % 1 else 0
                return self._unit(round(value, digits), unit).replace("-", "−", 1 if value < 0 else 0)
        raise AssertionError("unreachable")

    def size(self, bytes_: int) -> str:
        """Write a size of a file."""
        for unit, one in _BYTES:
            if bytes_ >= one or one == 1.0:
                value = bytes_ / one
                return self._unit(round(value, 1 if value < 10 else 0), unit)
        raise AssertionError("unreachable")

    def date(self, time: Day | None) -> str:
        """Write a day, or the day of a time."""
        return NOTHING if time is None else _day(self.code, Day(time.year, time.month, time.day))

    def moment(self, time: datetime | None) -> str:
        """Write a time; midnight is written as its day alone, since logs of days have nothing else."""
        if time is None:
            return NOTHING
        if (time.hour, time.minute, time.second) == (0, 0, 0):
            return self.date(time)
        return f"{self.date(time)}, {time:%H:%M:%S}" if time.second else f"{self.date(time)}, {time:%H:%M}"

    def period(self, start: datetime | None, end: datetime | None) -> str:
        """Write the days from `start` to `end`, or the one day."""
        if start is None or end is None:
            return NOTHING
        first, last = self.date(start), self.date(end)
        return first if first == last else f"{first} – {last}"

    def compact(self, value: float | None) -> str:
        """Write a number in few signs, as labels of pictures need it."""
        from babel.numbers import format_compact_decimal

        if value is None:
            return NOTHING
        digits = 1 if 1000 <= abs(value) < 10_000 or 1e6 <= abs(value) < 1e7 else 0
        return str(format_compact_decimal(value, locale=self.code, fraction_digits=digits))

    def by_spec(self, value: float, spec: str) -> str:
        """Write a number as Python would with `spec`, in the signs of the language."""
        digits = spec[spec.index(".") + 1 : -1] if "." in spec else "0"
        places = _places(int(digits)) if digits.isdigit() else ""
        if spec.endswith("%"):
            return self._decimal(value, f"#,##0{places}%")
        return self._decimal(value, f"#,##0{places}" if spec.endswith("f") else None)

    def _decimal(self, value: float, pattern: str | None) -> str:
        return _number(self.code, value + 0, pattern)  # no minus before nothing

    def _unit(self, value: float, unit: str) -> str:
        return _measured(self.code, value + 0, unit)


@lru_cache(KEPT, typed=True)
def _number(code: str, value: float, pattern: str | None) -> str:
    from babel.numbers import format_decimal, format_percent

    write = format_percent if pattern is not None and pattern.endswith("%") else format_decimal
    return str(write(value, pattern, locale=code))


@lru_cache(KEPT, typed=True)
def _measured(code: str, value: float, unit: str) -> str:
    from babel.units import format_unit

    length: Literal["short", "long"] = "long" if (code, unit) in _NO_SHORT_PLURAL else "short"
    return str(format_unit(value, unit, length=length, locale=code))


@lru_cache(KEPT)
def _day(code: str, day: Day) -> str:
    from babel.dates import format_date

    return str(format_date(day, _DAYS.get(code, "medium"), locale=code))


def _places(digits: int) -> str:
    return "." + "0" * digits if digits else ""
