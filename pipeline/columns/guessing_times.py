"""Which columns tell times: when an event began and ended, the clock beside a date, and what day numbers count from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from mining.messages import N_, Message
from pipeline.columns.profiles import Profile
from pipeline.columns.vocabulary import NAMES, folded, name_says
from pipeline.times.numbers import SPREADSHEET
from pipeline.times.patterns import ORDERS, patterns_of

Rated = tuple[str, float, Message]
DAY_0 = "2000-01-01"
MOST_DAYS = 20_000
BARE_DATE = re.compile(r"(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")


def times(profiles: Sequence[Profile]) -> Iterator[Rated]:
    """Rate the columns that may be the time of an event."""
    starts = {p.column.name for p in profiles if _named("start", p) and looks_like_times(p)}
    ends = any(_named("end", p) and looks_like_times(p) for p in profiles)
    for p in profiles:
        rated = _time(p)
        if rated is None:
            continue
        if ends and len(starts) == 1 and p.column.name in starts:
            yield (
                p.column.name,
                max(rated[1], 0.99),
                Message(N_("its name: when an event began; another column has its end")),
            )
        else:
            yield rated


def _time(p: Profile) -> Rated | None:
    said = name_says("time", p.column.name)
    if _is_bare_date(p):
        return p.column.name, min(said, 0.75), Message(N_("its name, and its numbers read as dates such as 20260131"))
    if looks_like_times(p):
        reason = N_("its values read as times") if said < 0.6 else N_("its name, and its values read as times")
        return p.column.name, max(said, 0.5), Message(reason)
    if not p.is_number or p.least is None or p.most is None:
        return None
    if p.least >= 5e8:
        if said >= 0.8:
            return p.column.name, said, Message(N_("its name, and its numbers read as time since 1970"))
        if said or (p.least >= 9e8 and p.most < 2.2e9) or (p.least >= 9e11 and p.most < 2.2e12):
            return p.column.name, 0.5, Message(N_("its numbers read as time since 1970"))
        return None
    if said < 0.45:
        return None
    span = {"least": p.least, "most": p.most}
    if SPREADSHEET[0] <= p.least and p.most < SPREADSHEET[1]:
        fine = any("." in v or "," in v for v in p.values) and said >= 0.8
        reason = N_("its name, and numbers from {least:g} to {most:g}: the days of a spreadsheet")
        return p.column.name, 0.7 if fine else 0.5, Message(reason, **span)
    if max(abs(p.least), abs(p.most)) < MOST_DAYS:
        reason = N_("its name, and numbers from {least:g} to {most:g}: days before and after a start")
        return p.column.name, 0.5, Message(reason, **span)
    return None


def ends(profiles: Sequence[Profile]) -> Iterator[Rated]:
    """Rate the columns that may be the time at which an event ended: there must be one at which it began, too."""
    begun = [p for p in profiles if _named("start", p) and looks_like_times(p)]
    for p in profiles:
        if _named("end", p) and looks_like_times(p) and any(p is not b for b in begun):
            yield p.column.name, 0.9, Message(N_("its name, and another column says when the event began"))


def clocks(profiles: Sequence[Profile]) -> Iterator[Rated]:
    """Rate the columns that may be the clock beside a date."""
    dates = [p for p in profiles if looks_like_times(p) and not p.has_clock]
    found = [p for p in profiles if p.is_clock]
    for p in found if dates else ():
        said = _named("clock", p) or (0.7 if len(found) == 1 else 0.4)
        yield (
            p.column.name,
            said,
            Message(N_("its values are clocks, and {date!r} has none"), date=dates[0].column.name),
        )


def relative_days(profiles: Sequence[Profile]) -> Iterator[tuple[str, float, Message, str]]:
    """Propose a day 0 for numbers that count days from a start that is not told: any will do, as differences count."""
    for p in profiles:
        rated = _time(p)
        small = p.least is not None and p.most is not None and max(abs(p.least), abs(p.most)) < MOST_DAYS
        if rated and p.is_number and small:
            reason = N_("its numbers count days; taking {day} for day 0 keeps all that lies between them")
            yield p.column.name, rated[1], Message(reason, day=DAY_0), DAY_0


def looks_like_times(p: Profile) -> bool:
    """Say whether the values read as times."""
    if p.share_of_times >= 0.8 or _is_bare_date(p):
        return True
    if p.is_number or p.is_clock or p.longest > 60 or not any(_named(role, p) for role in ("time", "start", "end")):
        return False
    few = [v for v in p.values[:: max(1, len(p.values) // 10)] if any(c.isdigit() for c in v)]
    return len(few) >= 0.8 * len(p.values[:10]) > 0 and any(patterns_of(few, order) for order in ORDERS)


def _is_bare_date(p: Profile) -> bool:
    """Say whether its name says a time, and its numbers are a year, a month and a day each."""
    return (
        p.is_number
        and name_says("time", p.column.name) >= 0.6
        and all(BARE_DATE.fullmatch(value) for value in p.values)
    )


def _named(role: str, p: Profile) -> float:
    return NAMES[role].get(folded(p.column.name), 0.0)
