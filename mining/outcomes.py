"""Converted, dropped or still open; and for each milestone who went on, who left, and what they did instead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import polars as pl

from mining.journey_map import JourneyMap
from mining.statistics import wilson

OUTCOME = pl.Enum(["converted", "dropped", "open"])
TOP = 10


@dataclass(frozen=True)
class Window:
    """How long a silent journey is given the benefit of the doubt.

    Attributes
    ----------
    log_end : datetime or None
        The last event of the whole log; None where the log has an order but no times. Then no journey can be told to
        be open, and all that did not convert count as dropped.
    inactive_after_s : float or None
        Silence in seconds from which on an unfinished journey counts as dropped; one that is younger is open.
    declared : bool
        Whether the map says so; otherwise it is the 95th percentile of the silences inside journeys.
    """

    log_end: datetime | None
    inactive_after_s: float | None
    declared: bool

    @property
    def silent_since(self) -> datetime | None:
        """The latest last event of a journey that is not open."""
        if self.log_end is None or self.inactive_after_s is None:
            return None
        return self.log_end - timedelta(seconds=self.inactive_after_s)

    @property
    def last_day(self) -> date | None:
        """The day (UTC) on which the log ends."""
        return None if self.log_end is None else self.log_end.date()


def with_outcomes(journeys: pl.DataFrame, converted: pl.DataFrame, window: Window) -> pl.DataFrame:
    """Add the column ``outcome`` to journeys.

    Parameters
    ----------
    journeys : frame
        One row per journey with path and end.
    converted : frame
        One row per path: path, converted (whether it has the goal).
    window : Window
        What tells open from dropped.
    """
    still_open = pl.lit(False) if window.silent_since is None else pl.col("end") > window.silent_since
    outcome = (
        pl.when("converted")
        .then(pl.lit("converted"))
        .when(still_open)
        .then(pl.lit("open"))
        .otherwise(pl.lit("dropped"))
    )
    return (
        journeys.join(converted, on="path", how="left", maintain_order="left")
        .with_columns(outcome=outcome.cast(OUTCOME))
        .drop("converted")
    )


def milestone_visits(events: pl.DataFrame, plan: JourneyMap) -> pl.DataFrame:
    """Find the first visit to each milestone on each path.

    Parameters
    ----------
    events : frame
        One row per event of a path, in order: path, position, touchpoint (id or null), activity.
    plan : JourneyMap
        The map.

    Returns
    -------
    frame
        path, milestone (number in map order), position, next_activity (of the event right behind it; null at the end).
    """
    numbers = pl.DataFrame(
        [(t.id, number) for number, (_, t) in enumerate(plan.milestones())],
        schema={"touchpoint": pl.String, "milestone": pl.Int32},
        orient="row",
    )
    return (
        events.with_columns(next_activity=pl.col("activity").shift(-1).over("path"))
        .join(numbers, on="touchpoint", how="inner", maintain_order="left")
        .group_by("path", "milestone", maintain_order=True)
        .agg(pl.col("position").first(), pl.col("next_activity").first())
    )


def drop_off(
    plan: JourneyMap,
    journeys: pl.DataFrame,
    visits: pl.DataFrame,
    times: pl.DataFrame,
    last_touchpoints: pl.DataFrame,
    window: Window,
) -> pl.DataFrame:
    """Count, per milestone, who reached it and what became of them.

    A journey *reached* a milestone when the milestone happened in it. It *went on* when a later milestone of the map
    happened too, or it converted; otherwise it is *dropped* or *open*, as its outcome says. The *rate* is the share
    that dropped among mature journeys: those that reached the milestone a full window before the log ended, and are
    not open.

    Parameters
    ----------
    plan : JourneyMap
        The map.
    journeys : frame
        journey_id, path, outcome.
    visits : frame
        Of `milestone_visits`.
    times : frame
        journey_id, milestone, time of the first visit.
    last_touchpoints : frame
        path, last_touchpoint: the last planned touchpoint of the alignment.
    window : Window
        What tells open from dropped.

    Returns
    -------
    frame
        One row per milestone in map order: milestone (id), stage, reached, went_on, dropped, open, mature, rate, low,
        high, next and last_touchpoints (lists of name and journeys, of those who dropped).
    """
    reached = _reached(journeys, visits, times, window)
    counts = reached.group_by("milestone").agg(
        pl.len().alias("reached"),
        *((pl.col("status") == status).sum().alias(status) for status in ("went_on", "dropped", "open")),
        (pl.col("mature") & (pl.col("status") != "open")).sum().alias("mature"),
    )
    left = reached.filter(pl.col("status") == "dropped").join(last_touchpoints, on="path")
    following, last = _ranked(left, "next_activity"), _ranked(left, "last_touchpoint")
    by_number = {row["milestone"]: row for row in counts.iter_rows(named=True)}
    rows = []
    for number, (stage, touchpoint) in enumerate(plan.milestones()):
        found = by_number.get(number, {})
        n = {name: int(found.get(name, 0)) for name in ("reached", "went_on", "dropped", "open", "mature")}
        low, high = wilson(n["dropped"], n["mature"])
        rate = n["dropped"] / n["mature"] if n["mature"] else None
        rows.append(
            {"milestone": touchpoint.id, "stage": stage.id, **n, "rate": rate, "low": low, "high": high}
            | {"next": following.get(number, []), "last_touchpoints": last.get(number, [])}
        )
    return pl.DataFrame(rows, schema=DROP_OFF)


def _reached(journeys: pl.DataFrame, visits: pl.DataFrame, times: pl.DataFrame, window: Window) -> pl.DataFrame:
    """Give one row per journey and milestone it reached: what became of it there, and whether its window is full."""
    furthest = visits.group_by("path").agg(pl.col("milestone").max().alias("furthest"))
    return (
        journeys.select("journey_id", "path", "outcome")
        .join(visits, on="path")
        .join(furthest, on="path")
        .join(times, on=["journey_id", "milestone"])
        .with_columns(
            status=pl.when((pl.col("outcome") == "converted") | (pl.col("milestone") < pl.col("furthest")))
            .then(pl.lit("went_on"))
            .otherwise(pl.col("outcome").cast(pl.String)),
            mature=pl.lit(True)
            if window.silent_since is None
            else (pl.col("time") <= window.silent_since).fill_null(True),
        )
    )


_NAMED = pl.List(pl.Struct({"name": pl.String, "journeys": pl.Int64}))
DROP_OFF: dict[str, pl.DataType] = {
    "milestone": pl.String(),
    "stage": pl.String(),
    "reached": pl.Int64(),
    "went_on": pl.Int64(),
    "dropped": pl.Int64(),
    "open": pl.Int64(),
    "mature": pl.Int64(),
    "rate": pl.Float64(),
    "low": pl.Float64(),
    "high": pl.Float64(),
    "next": _NAMED,
    "last_touchpoints": _NAMED,
}


def _ranked(left: pl.DataFrame, column: str) -> dict[int, list[dict[str, object]]]:
    """Count the values of `column` per milestone, most frequent first; null (nothing followed) is counted too."""
    counted = (
        left.group_by("milestone", column)
        .agg(pl.len().alias("journeys"))
        .sort("milestone", "journeys", column, descending=[False, True, False])
    )
    ranked: dict[int, list[dict[str, object]]] = {}
    for row in counted.iter_rows(named=True):
        if len(ranked.setdefault(row["milestone"], [])) < TOP:
            ranked[row["milestone"]].append({"name": row[column], "journeys": row["journeys"]})
    return ranked
