"""What the times of a log tell: its span, how exact they are, dates that cannot be, holes and bursts in the calendar.

Everything but the future is told from one small table: events by quarter of an hour. Days are those of the log's own
time zone, since every offset in use today is a number of quarters.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from mining.messages import N_, Message
from mining.rhythm import Stretch, holes, peaks
from pipeline import queries
from pipeline.quality.finding import INFO, PROBLEM, WARNING, QualityFinding
from pipeline.quality.rules import QualityRules
from pipeline.store import Workspace

QUARTER_S = 900
QUARTERS = 96  # of a day
TELLING_DAYS = 10  # on fewer of them, one time of day may be that of the events themselves
# What systems write where they know no date: the zero of spreadsheets, clocks and databases, and the far end of time.
DEFAULT_DATES = (
    *(date(1601, 1, 1), date(1753, 1, 1), date(1899, 12, 30), date(1899, 12, 31), date(1900, 1, 1), date(1904, 1, 1)),
    *(date(1970, 1, 1), date(2099, 12, 31), date(2999, 12, 31), date(9999, 12, 31)),
)
MOST_HOURS = 500_000  # 57 years: longer spans are searched for empty days alone


@dataclass(frozen=True)
class Clock:
    """Events by quarter of an hour: quarter (since 1970, UTC), grain, n, day (of the zone), slot (of that day)."""

    frame: pl.DataFrame
    zone: str

    @property
    def n(self) -> int:
        """The number of events."""
        return int(self.frame["n"].sum())

    def exact(self, grain: int) -> float:
        """Give the share of times that are whole at least to this grain: 1 seconds, 2 minutes, 3 quarters."""
        return float(self.frame.filter(pl.col("grain") >= grain)["n"].sum()) / self.n

    def by_slot(self) -> npt.NDArray[np.int64]:
        """Give the events that stand exactly at the beginning of each quarter of the day."""
        exact = self.frame.filter(pl.col("grain") == 3)
        slots = np.bincount(exact["slot"].to_numpy(), weights=exact["n"].to_numpy(), minlength=QUARTERS)
        return slots.astype(np.int64)

    def are_days(self, whole: float) -> bool:
        """Say whether times have no clock.

        A day that began in another zone stands on two times here, an hour apart, where clocks change in summer.
        """
        slots = self.by_slot()
        return bool((slots + np.roll(slots, -4)).max() >= whole * self.n)

    def by_day(self) -> tuple[date, npt.NDArray[np.int64]]:
        """Give the first day of the bulk of the log, and the events of each day from there on."""
        days = self._bulk().group_by("day").agg(pl.col("n").sum()).sort("day")
        first = days["day"][0]
        places = (days["day"] - first).dt.total_days().to_numpy()
        return first, _spread(places, days["n"].to_numpy())

    def by_hour(self) -> tuple[datetime, npt.NDArray[np.int64]]:
        """Give the first hour (UTC) of the bulk of the log, and the events of each hour from there on."""
        hours = self._bulk().group_by(hour=pl.col("quarter") // 4).agg(pl.col("n").sum()).sort("hour")
        first = int(hours["hour"][0])
        start = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(hours=first)
        return start, _spread(hours["hour"].to_numpy() - first, hours["n"].to_numpy())

    def _bulk(self) -> pl.DataFrame:
        """Leave out the first and the last thousandth of events: one wrong date would make a century of empty days."""
        ordered = self.frame.sort("quarter")
        behind = ordered["n"].cum_sum()
        edge = self.n // 1000
        kept = (behind > edge) & (behind - ordered["n"] < self.n - edge)
        return ordered.filter(kept)


def _spread(places: npt.NDArray[Any], counts: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    spread = np.zeros(int(places[-1]) + 1, dtype=np.int64)
    spread[places] = counts
    return spread


def clock(ws: Workspace, zone: str) -> Clock:
    """Count the events by quarter of an hour."""
    frame = ws.run("quality_clock")
    local = pl.from_epoch(pl.col("quarter") * QUARTER_S, "s").dt.replace_time_zone("UTC").dt.convert_time_zone(zone)
    slot = local.dt.hour().cast(pl.Int64) * 4 + local.dt.minute().cast(pl.Int64) // 15
    return Clock(frame.with_columns(day=local.dt.date(), slot=slot), zone)


def is_coarse(times: Clock, rules: QualityRules) -> bool:
    """Say whether times are no finer than minutes."""
    return times.exact(2) >= rules.whole


def time(ws: Workspace, times: Clock, rules: QualityRules) -> list[QualityFinding]:
    """Give the findings about times."""
    found = [_default_dates(times, rules), _too_old(times, rules), _future(ws, times), *_grain(times, rules)]
    found += [_missing_days(times, rules), _missing_hours(times, rules), _busy_days(times, rules)]
    return [finding for finding in found if finding is not None]


def _default_dates(times: Clock, rules: QualityRules) -> QualityFinding | None:
    """Look at the days of both the log's zone and UTC: the zero of a clock is the latter's midnight."""
    utc = pl.from_epoch(pl.col("quarter") * QUARTER_S, "s").dt.date()
    named = list(DEFAULT_DATES)
    day = pl.when(pl.col("day").is_in(named)).then("day").when(utc.is_in(named)).then(utc)
    found = times.frame.with_columns(day=day).drop_nulls("day").group_by("day").agg(pl.col("n").sum())
    if found.is_empty():
        return None
    said = Message(N_("Events on days that systems write where they know no date."))
    n = int(found["n"].sum())
    severity = PROBLEM if n >= rules.bad_share * times.n else WARNING
    examples = tuple(found.sort("n", "day", descending=[True, False]).head(rules.examples).to_dicts())
    return QualityFinding("default_dates", severity, said, n, times.n, "events", {}, examples)


def _too_old(times: Clock, rules: QualityRules) -> QualityFinding | None:
    old = times.frame.filter((pl.col("day") < rules.oldest.date()) & ~pl.col("day").is_in(list(DEFAULT_DATES)))
    if old.is_empty():
        return None
    said = Message(N_("Events before the year {year}."), year=str(rules.oldest.year))
    by_day = old.group_by("day").agg(pl.col("n").sum()).sort("day").head(rules.examples)
    return QualityFinding(
        "too_old", WARNING, said, int(old["n"].sum()), times.n, "events", {}, tuple(by_day.to_dicts())
    )


def _future(ws: Workspace, times: Clock) -> QualityFinding | None:
    """The last quarter tells whether the events need to be looked at."""
    sources = queries.sources(ws)
    last_s = QUARTER_S * (int(times.frame["quarter"].max()) + 1)  # type: ignore[arg-type]
    if last_s <= sources["ingested_at"].dt.epoch("s").min():  # type: ignore[operator]
        return None
    found = ws.run("quality_future")
    if found.is_empty():
        return None
    said = Message(N_("Events later than the moment in which their file was loaded."))
    return QualityFinding(
        "future", WARNING, said, int(found["n"].sum()), times.n, "events", {}, tuple(found.to_dicts())
    )


def _grain(times: Clock, rules: QualityRules) -> list[QualityFinding]:
    """Say how exact times are: whole days, whole minutes, or some of them on one time of day."""
    by_slot = times.by_slot()
    if times.are_days(rules.whole):
        told = by_slot[0] or times.frame["day"].n_unique() >= TELLING_DAYS
        return [_whole_days(times, by_slot)] if told else []
    found = []
    if times.exact(2) >= rules.whole:
        n = int(times.frame.filter(pl.col("grain") >= 2)["n"].sum())
        said = Message(N_("No event tells its second."))
        found.append(QualityFinding("minute_times", INFO, said, n, times.n, "events"))
    one_clock = _one_clock(times, by_slot, rules)
    return [*found, one_clock] if one_clock else found


def _whole_days(times: Clock, by_slot: npt.NDArray[np.int64]) -> QualityFinding:
    slots = np.flatnonzero(by_slot)[np.argsort(-by_slot[np.flatnonzero(by_slot)], kind="stable")][:2]
    said = (
        Message(N_("No event has a clock."))
        if slots[0] == 0 and (slots.size == 1 or by_slot[0] >= 0.995 * times.n)
        else Message(
            N_("No event has a clock. The days are of another time zone: read as {zone}, they stand at {clocks}."),
            zone=times.zone,
            clocks=" / ".join(sorted(_clock(int(slot)) for slot in slots)),
        )
    )
    return QualityFinding("day_times", INFO, said, int(by_slot[slots].sum()), times.n, "events")


def _one_clock(times: Clock, by_slot: npt.NDArray[np.int64], rules: QualityRules) -> QualityFinding | None:
    others = (by_slot.sum() - by_slot) / (QUARTERS - 1)
    high = np.flatnonzero(
        (by_slot >= rules.one_clock_least) & (by_slot >= 0.001 * times.n) & (by_slot > rules.one_clock_times * others)
    )
    if not high.size:
        return None
    n = int(by_slot[high].sum())
    said = (
        Message(N_("Events exactly at midnight, while others have a clock."))
        if high[0] == 0
        else Message(N_("Events exactly at {clocks}."), clocks=" / ".join(_clock(int(slot)) for slot in high))
    )
    examples = tuple({"clock": _clock(int(slot)), "n": int(by_slot[slot])} for slot in high)
    return QualityFinding("one_clock", WARNING, said, n, times.n, "events", {}, examples)


def _clock(slot: int) -> str:
    return f"{slot // 4:02d}:{slot % 4 * 15:02d}"


def _missing_days(times: Clock, rules: QualityRules) -> QualityFinding | None:
    first, counts = times.by_day()
    found = holes(counts, 7, least=rules.usual_day)
    if not found:
        return None
    n = sum(hole.last - hole.first + 1 for hole in found)
    said = Message(N_("Days without any event, although the same weekdays before and after are busy."))
    longest = sorted(found, key=lambda hole: (hole.first - hole.last, hole.first))[: rules.examples]
    examples = tuple(
        {
            "from": first + timedelta(days=hole.first),
            "to": first + timedelta(days=hole.last),
            "usual": round(hole.usual),
        }
        for hole in longest
    )
    details = {"gaps": len(found)}
    return QualityFinding("missing_days", WARNING, said, n, counts.size, "days", details, examples)


def _missing_hours(times: Clock, rules: QualityRules) -> QualityFinding | None:
    """Look for stretches of empty hours; those of a day and longer are empty days."""
    if times.are_days(rules.whole):
        return None
    start, counts = times.by_hour()
    if counts.size > MOST_HOURS:
        return None
    empty = [hole for hole in holes(counts, 24, around=7, least=rules.usual_hour) if hole.last - hole.first < 24]
    if not empty:
        return None
    n = sum(hole.last - hole.first + 1 for hole in empty)
    said = Message(N_("Hours without any event, although the same hours of the days before and after are busy."))
    longest = sorted(empty, key=lambda hole: (-hole.usual, hole.first))[: rules.examples]
    examples = tuple(_hours(start, hole) for hole in longest)
    return QualityFinding("missing_hours", WARNING, said, n, counts.size, "hours", {"gaps": len(empty)}, examples)


def _hours(start: datetime, hole: Stretch) -> dict[str, Any]:
    return {
        "from": start + timedelta(hours=hole.first),
        "to": start + timedelta(hours=hole.last + 1),
        "usual": round(hole.usual),
    }


def _busy_days(times: Clock, rules: QualityRules) -> QualityFinding | None:
    first, counts = times.by_day()
    found = peaks(counts, 7, times=rules.day_peak)
    if not found:
        return None
    said = Message(
        N_("Days with more than {times:.0f} times the events of the days around them."), times=rules.day_peak
    )
    most = sorted(found, key=lambda peak: (-peak.found, peak.first))[: rules.examples]
    examples = tuple(
        {"day": first + timedelta(days=peak.first), "n": peak.found, "usual": round(peak.usual)} for peak in most
    )
    return QualityFinding("busy_days", INFO, said, len(found), counts.size, "days", {}, examples)
