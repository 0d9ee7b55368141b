"""One short function per query of ``pipeline/sql``; every result is checked against its shape.

`where` is a condition on journeys (see `mining.expressions`); without it, everything counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import polars as pl

from mining import frames
from mining.quantiles import quantiles
from mining.walk import Walk, walk
from pipeline import steps
from pipeline.recall import remembered
from pipeline.store import Workspace

KEPT_QUANTILE = 0.95


@dataclass(frozen=True)
class LogSummary:
    """The size of a log, and the times of its first and last event (UTC; None when it is empty)."""

    events: int
    journeys: int
    variants: int
    activities: int
    start: datetime | None
    end: datetime | None
    rejected_rows: int

    def as_dict(self) -> dict[str, Any]:
        """Give the object that results show as ``log``; times are ISO 8601 and end in Z."""
        return {**self.__dict__, "start": iso(self.start), "end": iso(self.end)}


def iso(time: datetime | None) -> str | None:
    """Write a time as ISO 8601 in UTC, ending in Z."""
    return None if time is None else time.astimezone(UTC).isoformat().replace("+00:00", "Z")


@remembered
def walked(ws: Workspace, where: str | None = None) -> Walk:
    """Give the counts of activities and of directly-follows pairs: those kept for the whole log, else by one walk."""
    if where is None:
        kept = [pl.DataFrame(schema=frames.EDGES.columns), ws.run("whole_edges")]
        return Walk(ws.run("whole_activity_counts"), pl.concat(kept, how="diagonal"))
    n_activities = ws.run("activity_names").height
    return walk(steps.parts(ws, where), n_activities, timed=summary(ws).start is not None)


@remembered
def summary(ws: Workspace, where: str | None = None) -> LogSummary:
    """Give the size of the log."""
    if where is None:
        return LogSummary(**ws.run("whole_summary").row(0, named=True))
    return LogSummary(**ws.run("summary", where=where).row(0, named=True))


def activities(ws: Workspace, where: str | None = None) -> pl.DataFrame:
    """Give the activities, most frequent first."""
    return frames.check(ws.run("activities", frames={"counted": walked(ws, where).activities}), frames.ACTIVITIES)


def journeys(ws: Workspace, where: str | None = None) -> pl.DataFrame:
    """Give the journeys by id, with their attributes under their own names."""
    return frames.check(_with_names(ws, ws.run("journeys", where=where)), frames.JOURNEYS)


@remembered
def journey_ids(ws: Workspace, where: str) -> pl.DataFrame:
    """Give the ids of the journeys that a condition chooses, in any order."""
    return ws.run("journey_ids", where=where)


def variants(ws: Workspace, where: str | None = None) -> pl.DataFrame:
    """Give the distinct paths with their counts, in the order of paths."""
    if where is None:
        return frames.check(ws.run("whole_variants").cast({"n_journeys": frames.COUNT}), frames.VARIANTS)
    return frames.check(ws.run("variants", where=where), frames.VARIANTS)


def edges(ws: Workspace, where: str | None = None) -> pl.DataFrame:
    """Give the directly-follows pairs with waits in seconds, by source and target."""
    return frames.check(walked(ws, where).edges, frames.EDGES)


def endpoints(ws: Workspace, where: str | None = None) -> pl.DataFrame:
    """Give how many journeys start and end at each activity."""
    found = walked(ws, where).activities.filter((pl.col("n_start") > 0) | (pl.col("n_end") > 0))
    return frames.check(found.select("activity", "n_start", "n_end"), frames.ENDPOINTS)


@remembered
def sources(ws: Workspace) -> pl.DataFrame:
    """Give the files that were loaded, in order."""
    return frames.check(ws.run("sources"), frames.SOURCES)


def rejects(ws: Workspace, limit: int = 1000) -> pl.DataFrame:
    """Give refused rows in file order, `limit` of them at most."""
    return frames.check(ws.run("rejects", limit=limit), frames.REJECTS)


@remembered
def attributes(ws: Workspace) -> pl.DataFrame:
    """Give the attributes with their level and type."""
    return frames.check(ws.run("attributes"), frames.ATTRIBUTES)


def calendar(ws: Workspace, where: str | None = None) -> pl.DataFrame:
    """Give the days (UTC) that have events: day, n_events, n_started (journeys whose first event it is)."""
    found = ws.run("whole_calendar") if where is None else ws.run("calendar", where=where)
    return frames.check(found, frames.CALENDAR)


@remembered
def gap_quantile(ws: Workspace, q: float = 0.95) -> float | None:
    """Give a quantile of the silences inside journeys, in seconds; None when no journey has two events."""
    if q == KEPT_QUANTILE:
        gap: float | None = ws.run("silence").item()
        return gap
    events = steps.steps_of(ws)
    silences = events.select(gap=pl.col("time_us").diff(), same=pl.col("journey_id") == pl.col("journey_id").shift())
    known = silences.filter("same")["gap"].drop_nulls().to_numpy(writable=True)
    return quantiles(known, (q,))[0] / 1e6 if known.size else None


@remembered
def ripe_events(ws: Workspace, since: datetime) -> pl.DataFrame:
    """Give the journeys that began by `since` and went on after it: journey_id, n_ripe; by id.

    The latter says how many of their events lie before the first that is later.
    """
    return ws.run("ripe_events", since=since.astimezone(UTC).replace(tzinfo=None))


def timeline(ws: Workspace, keys: Sequence[str]) -> pl.DataFrame:
    """Give the events of chosen journeys, by key and position, with event attributes under their own names."""
    wanted = pl.DataFrame({"key": list(dict.fromkeys(keys))}, schema={"key": pl.String})
    return frames.check(_with_names(ws, ws.run("timeline", frames={"wanted": wanted})), frames.TIMELINE)


def keys_of(
    ws: Workspace,
    *,
    path: Sequence[int] | None = None,
    variant_ids: Sequence[int] | None = None,
    where: str | None = None,
    limit: int = 100,
) -> list[str]:
    """Give keys of journeys, in the order of keys: those of one path (activity codes) or of some variants."""
    if path is not None:
        wanted = pl.DataFrame({"path": [list(path)]}, schema={"path": pl.List(frames.CODE)})
        variant_ids = ws.run("variant_of_path", frames={"wanted": wanted})["variant_id"].to_list()
    chosen = pl.DataFrame({"variant_id": list(variant_ids or ())}, schema={"variant_id": frames.CODE})
    return ws.run("keys_of", where=where, frames={"wanted": chosen}, limit=limit)["key"].to_list()


def binding_classes(ws: Workspace, columns: Sequence[str], where: str | None = None) -> pl.DataFrame:
    """Give the distinct combinations of activity and named attributes, with the number of their events.

    Attributes of journeys are those of each of their events. Columns: ``activity``, one per name in `columns` as text,
    ``n_events``; sorted by all of them.

    Raises
    ------
    KeyError
        When the log has no attribute of that name.
    """
    known = dict(attributes(ws).select("name", "column").iter_rows())
    chosen = [known[name] for name in dict.fromkeys(columns)]
    found = ws.run("binding_classes", where=where, columns=chosen).cast({"activity": frames.CODE})
    order = ["activity", *chosen, "n_events"]
    return found.select(order).sort(order[:-1]).rename({known[name]: name for name in columns})


def _with_names(ws: Workspace, frame: pl.DataFrame) -> pl.DataFrame:
    """Give attributes their own names instead of those of their columns."""
    names = dict(attributes(ws).select("column", "name").iter_rows())
    return frame.rename({c: n for c, n in names.items() if c in frame.columns})


def sampled_steps(ws: Workspace, where: str | None = None, *, n: int = 300, seed: int = 20131) -> pl.DataFrame:
    """Give the events of a fair random sample of journeys: journey_id, position, activity, time_us; in order.

    Parameters
    ----------
    n : int
        How many journeys.
    seed : int
        The same seed draws the same journeys from the same log.
    """
    return ws.run("sampled_steps", where=where, n=n, seed=seed)


def waits_at(ws: Workspace, spans: pl.DataFrame) -> pl.DataFrame:
    """Give how long after the event at ``since`` the one at ``position`` came, for each of `spans` with a journey_id.

    Columns: journey_id, since, position, wait_s (null where there is no time); by journey and position.
    """
    return ws.run("waits_at", frames={"spans": spans})


SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)


def journey_quantiles(ws: Workspace, where: str | None = None) -> pl.DataFrame:
    """Give duration and number of events that a share of the journeys does not exceed.

    Columns: share (`SHARES`), duration_s (null without times), n_events; no rows where there is no journey.
    """
    row = ws.run("journey_quantiles", where=where, shares=list(SHARES)).row(0, named=True)
    if row["n_events"] is None:
        return pl.DataFrame(schema={"share": pl.Float64, "duration_s": pl.Float64, "n_events": pl.Float64})
    return pl.DataFrame(
        {"share": SHARES, "duration_s": row["duration_s"] or [None] * len(SHARES), "n_events": row["n_events"]},
        schema={"share": pl.Float64, "duration_s": pl.Float64, "n_events": pl.Float64},
    )


def journey_bins(
    ws: Workspace, where: str | None = None, *, duration_width: float, events_width: float, last: int
) -> pl.DataFrame:
    """Count journeys by duration and by number of events in bars of equal width.

    Columns: what (duration_s or n_events), bar (from 0; `last` holds all above), n_journeys; by both.
    """
    return ws.run("journey_bins", where=where, duration_width=duration_width, events_width=events_width, last=last)
