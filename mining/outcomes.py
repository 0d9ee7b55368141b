"""Converted, dropped or still open; and for each milestone who went on, who left, and what they did instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
import polars as pl

from mining.alignment import Paths
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


def with_outcomes(journeys: pl.DataFrame, converted: np.ndarray, window: Window) -> pl.DataFrame:
    """Add the column ``outcome`` to journeys.

    Parameters
    ----------
    journeys : frame
        One row per journey with path and end.
    converted : (paths,) bool array
        Whether a path has the goal.
    window : Window
        What tells open from dropped.
    """
    still_open = pl.lit(False) if window.silent_since is None else pl.col("end") > window.silent_since
    outcome = (
        pl.when(pl.Series(converted[journeys["path"].to_numpy()]))
        .then(pl.lit("converted"))
        .when(still_open)
        .then(pl.lit("open"))
        .otherwise(pl.lit("dropped"))
    )
    return journeys.with_columns(outcome=outcome.cast(OUTCOME))


def milestone_visits(paths: Paths, activity: np.ndarray, plan: JourneyMap) -> pl.DataFrame:
    """Find the first visit to each milestone on each path.

    Parameters
    ----------
    paths : Paths
        The touchpoints along each path, by number in map order.
    activity : (events,) int array
        The activities along each path.
    plan : JourneyMap
        The map.

    Returns
    -------
    frame
        path, milestone (number in map order), position, next (activity of the event right behind it, or -1), by path
        and position.
    """
    from mining.path_kernel import first_visits

    number = {t.id: number for number, (_, t) in enumerate(plan.milestones())}
    milestone_of = np.array([number.get(t.id, -1) for t in plan.touchpoints()], dtype=np.int32)
    visits = first_visits(paths.symbols, activity, paths.offsets, milestone_of, len(number))
    return pl.DataFrame(visits, schema=["path", "milestone", "position", "next"]).cast({"path": pl.UInt32})


def undecided(journeys: pl.DataFrame, window: Window) -> pl.DataFrame:
    """Give the journeys of which only the times of their visits tell whether these are a full window old.

    Of the others all visits are, or none is.
    """
    if window.silent_since is None:
        return journeys.head(0)
    return journeys.filter(pl.col("start") <= window.silent_since, pl.col("end") > window.silent_since)


def drop_off(
    plan: JourneyMap,
    journeys: pl.DataFrame,
    visits: pl.DataFrame,
    times: pl.DataFrame,
    window: Window,
    *,
    last: np.ndarray,
    activities: Sequence[str],
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
        path, end, outcome of each journey.
    visits : frame
        Of `milestone_visits`.
    times : frame
        Of the journeys that are `undecided`: path, outcome, milestone, time of the first visit.
    window : Window
        What tells open from dropped.
    last : (paths,) int array
        The number of the last planned touchpoint of each path, or -1.
    activities : sequence of str
        Names of the activities.

    Returns
    -------
    frame
        One row per milestone in map order: milestone (id), stage, reached, went_on, dropped, open, mature, rate, low,
        high, next and last_touchpoints (lists of name and journeys, of those who dropped).
    """
    reached = _reached(journeys, visits, len(last), window)
    counts = reached.group_by("milestone").agg(
        pl.sum("reached", "dropped", "open", "ripe"),
        went_on=(pl.col("reached") - pl.col("dropped") - pl.col("open")).sum(),
    )
    late = _late(times, reached, window)
    left = reached.filter(pl.col("dropped") > 0)
    left = left.with_columns(last=last[left["path"].to_numpy()])
    following = _ranked(left.select("milestone", "dropped", number="next"), activities)
    before = _ranked(left.select("milestone", "dropped", number="last"), [t.id for t in plan.touchpoints()])
    by_number = {row["milestone"]: row for row in counts.iter_rows(named=True)}
    rows = []
    for number, (stage, touchpoint) in enumerate(plan.milestones()):
        found = by_number.get(number, {})
        n = {name: int(found.get(name, 0)) for name in ("reached", "went_on", "dropped", "open")}
        n["mature"] = int(found.get("ripe", 0)) + late.get(number, 0)
        low, high = wilson(n["dropped"], n["mature"])
        rate = n["dropped"] / n["mature"] if n["mature"] else None
        rows.append(
            {"milestone": touchpoint.id, "stage": stage.id, **n, "rate": rate, "low": low, "high": high}
            | {"next": following.get(number, []), "last_touchpoints": before.get(number, [])}
        )
    return pl.DataFrame(rows, schema=DROP_OFF)


def _reached(journeys: pl.DataFrame, visits: pl.DataFrame, n_paths: int, window: Window) -> pl.DataFrame:
    """Add to each visit how many journeys made it, were dropped or are open there, and surely had a full window."""
    path, outcome = journeys["path"].to_numpy(), journeys["outcome"].to_physical().to_numpy()
    n = np.bincount(path.astype(np.int64) * 3 + outcome, minlength=3 * n_paths).reshape(-1, 3)
    _, dropped, still_open = n.T
    old = n.sum(axis=1)
    if window.silent_since is not None:
        ripe = (journeys["end"] <= window.silent_since).fill_null(True).to_numpy()
        old = np.bincount(path[ripe], minlength=n_paths)
    of, milestone = visits["path"].to_numpy(), visits["milestone"].to_numpy()
    furthest = np.full(n_paths, -1)
    first = np.flatnonzero(np.diff(of, prepend=-1)) if of.size else of
    furthest[of[first]] = np.maximum.reduceat(milestone, first) if of.size else 0
    ends = milestone == furthest[of]
    return visits.with_columns(
        reached=n.sum(axis=1)[of], dropped=dropped[of] * ends, open=still_open[of] * ends, ripe=old[of], ends=ends
    )


def _late(times: pl.DataFrame, reached: pl.DataFrame, window: Window) -> dict[int, int]:
    """Count, per milestone, the visits that are a full window old though the journey went on after that."""
    if times.is_empty():
        return {}
    joined = times.join(reached.select("path", "milestone", "ends"), on=["path", "milestone"])
    still_open = (pl.col("outcome") == "open") & pl.col("ends")
    ripe = joined.filter((pl.col("time") <= window.silent_since).fill_null(True), ~still_open)
    return dict(ripe.group_by("milestone").len().iter_rows())


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


def _ranked(left: pl.DataFrame, names: Sequence[str]) -> dict[int, list[dict[str, object]]]:
    """Count those who dropped per milestone and name, most first; null (nothing followed) is counted too.

    Parameters
    ----------
    left : frame
        milestone, dropped, number (into `names`, or -1).
    names : sequence of str
        What the numbers mean.
    """
    named = left.group_by("milestone", "number").agg(pl.sum("dropped"))
    name = [names[number] if number >= 0 else None for number in named["number"]]
    counted = named.with_columns(name=pl.Series(name, dtype=pl.String), journeys="dropped").sort(
        "milestone", "journeys", "name", descending=[False, True, False]
    )
    ranked: dict[int, list[dict[str, object]]] = {}
    for row in counted.iter_rows(named=True):
        if len(ranked.setdefault(row["milestone"], [])) < TOP:
            ranked[row["milestone"]].append({"name": row["name"], "journeys": row["journeys"]})
    return ranked
