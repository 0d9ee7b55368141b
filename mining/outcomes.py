"""Converted, dropped or still open; and for each milestone who went on, who left, and what they did instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
import polars as pl

from mining.alignment import Paths
from mining.chunks import in_chunks
from mining.journey_map import JourneyMap
from mining.statistics import wilson

OUTCOMES = ("converted", "dropped", "open")
OUTCOME = pl.Enum(OUTCOMES)
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
        Silence in seconds from which on an unfinished journey counts as dropped; one that is younger is open. None
        where the map says nothing, and the silences of the log tell nothing: there is none, or nearly all are 0. Then,
        too, all that did not convert count as dropped.
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


def milestone_visits(paths: Paths, activity: np.ndarray, plan: JourneyMap) -> np.ndarray:
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
    (visits, 4) int32 array
        Path, milestone (number in map order), position, activity of the event right behind it or -1; by path and
        position.
    """
    from mining.path_kernel import first_visits

    number = {t.id: number for number, (_, t) in enumerate(plan.milestones())}
    milestone_of = np.array([number.get(t.id, -1) for t in plan.touchpoints()], dtype=np.int32)

    def work(first: int, last: int) -> np.ndarray:
        some = paths.part(first, last)
        events = activity[paths.offsets[first] : paths.offsets[last]]
        visits: np.ndarray = first_visits(some.symbols, events, some.offsets, milestone_of, len(number))
        visits[:, 0] += first
        return visits

    return np.concatenate(in_chunks(paths.offsets, work))


def chosen_visits(visits: np.ndarray, keep: np.ndarray) -> np.ndarray:
    """Give those `milestone_visits` of the paths that `keep` tells to keep, which are numbered anew."""
    from mining.path_kernel import kept_visits

    found: np.ndarray = kept_visits(visits, keep, np.cumsum(keep, dtype=visits.dtype) - 1)
    return found


def drop_off(
    plan: JourneyMap,
    journeys: pl.DataFrame,
    visits: np.ndarray,
    undecided: pl.DataFrame,
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
    journeys : frame
        path, end, outcome of each journey.
    visits : (visits, 4) int32 array
        Of `milestone_visits`.
    undecided : frame
        The journeys of which some visits are a full window old and some are not: path, outcome, n_ripe (how many of
        their first events are).
    window : Window
        What tells open from dropped.
    last : (paths,) int array
        The number of the last planned touchpoint of each path, or -1.
    activities : sequence of str

    Returns
    -------
    frame
        One row per milestone in map order: milestone (id), stage, reached, went_on, dropped, open, mature, rate, low,
        high, next and last_touchpoints (lists of name and journeys, of those who dropped).
    """
    from mining.path_kernel import count_visits

    milestones, touchpoints = plan.milestones(), [t.id for t in plan.touchpoints()]
    counts, following, before, furthest = count_visits(
        visits, _of_path(journeys, len(last), window), last, len(milestones), len(activities), len(touchpoints)
    )
    counts[:, 3] += _late(undecided, visits, furthest, len(milestones))
    rows = [
        {
            "milestone": touchpoint.id,
            "stage": stage.id,
            **_rates(*counts[number].tolist()),
            "next": _ranked(following[number], activities),
            "last_touchpoints": _ranked(before[number], touchpoints),
        }
        for number, (stage, touchpoint) in enumerate(milestones)
    ]
    return pl.DataFrame(rows, schema=DROP_OFF)


def at_start(
    plan: JourneyMap,
    journeys: pl.DataFrame,
    visits: np.ndarray,
    window: Window,
    *,
    first: np.ndarray,
    last: np.ndarray,
    activities: Sequence[str],
) -> pl.DataFrame:
    """Count what became of all journeys before any milestone, as `drop_off` does behind each.

    Every journey is at the start; it *went on* when any milestone happened in it. The dropped of this row and of those
    of `drop_off` are all that dropped.

    Parameters
    ----------
    plan, visits, window, last, activities
        As for `drop_off`.
    journeys : frame
        path, start, outcome of each journey.
    first : (paths,) int array
        The number of the first activity of each path, or -1.

    Returns
    -------
    frame
        One row in the columns of `drop_off`, without milestone and stage; next is the first activity.
    """
    never = np.ones(len(last), dtype=bool)
    never[visits[:, 0]] = False
    early = journeys.filter(pl.Series(never[journeys["path"].to_numpy()], dtype=pl.Boolean))
    dropped, still_open = (early.filter(pl.col("outcome") == name) for name in ("dropped", "open"))
    ripe = pl.lit(True) if window.silent_since is None else (pl.col("start") <= window.silent_since).fill_null(True)
    mature = journeys.filter(ripe).height - still_open.filter(ripe).height
    touchpoints, path = [t.id for t in plan.touchpoints()], dropped["path"].to_numpy()
    row = {
        **_rates(journeys.height, dropped.height, still_open.height, mature),
        "next": _ranked(_counted(first[path], len(activities)), activities),
        "last_touchpoints": _ranked(_counted(last[path], len(touchpoints)), touchpoints),
    }
    return pl.DataFrame([row], schema=DROP_OFF)


def _counted(numbers: np.ndarray, n: int) -> np.ndarray:
    """Count numbers below n; the last count is of those that are none."""
    return np.bincount(np.where(numbers < 0, n, numbers), minlength=n + 1)


def _rates(reached: int, dropped: int, still_open: int, mature: int) -> dict[str, object]:
    low, high = wilson(dropped, mature)
    return {
        "reached": reached,
        "went_on": reached - dropped - still_open,
        "dropped": dropped,
        "open": still_open,
        "mature": mature,
        "rate": dropped / mature if mature else None,
        "low": low,
        "high": high,
    }


def _of_path(journeys: pl.DataFrame, n_paths: int, window: Window) -> np.ndarray:
    """Count the journeys of each path, those that were dropped, that are open, and that surely had a full window."""
    path, outcome = journeys["path"].to_numpy(), journeys["outcome"].to_physical().to_numpy()
    ripe = np.ones(len(path), dtype=bool)
    if window.silent_since is not None:
        ripe = (journeys["end"] <= window.silent_since).fill_null(True).to_numpy()
    dropped, still_open = (outcome == OUTCOMES.index(name) for name in ("dropped", "open"))
    chosen = (path, path[dropped], path[still_open], path[ripe])
    return np.column_stack([np.bincount(some, minlength=n_paths) for some in chosen])


def _late(undecided: pl.DataFrame, visits: np.ndarray, furthest: np.ndarray, n_milestones: int) -> np.ndarray:
    """Count, per milestone, the visits that are a full window old though the journey went on after that."""
    path, milestone, position, _ = visits.T
    places = pl.DataFrame(
        {"path": path, "milestone": milestone, "position": position, "ends": milestone == furthest[path]},
        schema_overrides={"path": undecided["path"].dtype},
    )
    ripe = undecided.join(places, on="path").filter(
        pl.col("position") < pl.col("n_ripe"), ~((pl.col("outcome") == "open") & pl.col("ends"))
    )
    return np.bincount(ripe["milestone"].to_numpy(), minlength=n_milestones)


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


def _ranked(journeys: np.ndarray, names: Sequence[str]) -> list[dict[str, object]]:
    """Name those who dropped, most first; the last count is of those that have no name: nothing followed."""
    counted = zip([*names, None], journeys.tolist(), strict=True)
    ranked = sorted((-n, name is not None, name) for name, n in counted if n)
    return [{"name": name, "journeys": -n} for n, _, name in ranked[:TOP]]
