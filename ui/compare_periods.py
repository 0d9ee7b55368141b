"""Periods to hold against each other: which two of them an analyst asks for first, and their days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from mining.conditions import in_period
from ui import formats
from ui.language import _

DAYS = 30


@dataclass(frozen=True)
class Period:
    """Days, the first and the last one included; a journey belongs to that in which it begins."""

    first: date
    last: date

    @property
    def where(self) -> str:
        """The condition that chooses the journeys."""
        return in_period("begins", self.first, self.last)

    @property
    def name(self) -> str:
        """What it is called."""
        return _("begins {first} – {last}", first=formats.date(self.first), last=formats.date(self.last))


def months(last: date) -> tuple[Period, Period]:
    """Give the month up to a day, and the whole month before it.

    Examples
    --------
    >>> this, before = months(date(2026, 3, 20))
    >>> this.first.isoformat(), before.first.isoformat(), before.last.isoformat()
    ('2026-03-01', '2026-02-01', '2026-02-28')
    """
    first = last.replace(day=1)
    day_before = first - timedelta(days=1)
    return Period(first, last), Period(day_before.replace(day=1), day_before)


def days(last: date, n: int = DAYS) -> tuple[Period, Period]:
    """Give the `n` days up to one, and as many before them.

    Examples
    --------
    >>> recent, before = days(date(2026, 3, 31))
    >>> recent.first.isoformat(), before.first.isoformat(), before.last.isoformat()
    ('2026-03-02', '2026-01-31', '2026-03-01')
    """
    first = last - timedelta(days=n - 1)
    return Period(first, last), Period(first - timedelta(days=n), first - timedelta(days=1))


def halves(first: date, last: date) -> tuple[Period, Period]:
    """Give the later and the earlier half of some days.

    Examples
    --------
    >>> later, earlier = halves(date(2026, 1, 1), date(2026, 1, 5))
    >>> earlier.last.isoformat(), later.first.isoformat()
    ('2026-01-02', '2026-01-03')
    """
    middle = first + timedelta(days=((last - first).days + 1) // 2)
    return Period(middle, last), Period(first, max(first, middle - timedelta(days=1)))
