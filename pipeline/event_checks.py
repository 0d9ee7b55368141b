"""Deviations that paths cannot tell: deadlines, channels and failures, looked up in the events concerned."""

from __future__ import annotations

import polars as pl

from mining import checks
from mining.errors import WorkspaceError
from mining.journey_map import JourneyMap
from mining.messages import N_, Message
from pipeline import queries
from pipeline.bound_log import BoundLog
from pipeline.selection import chosen_events, event_values
from pipeline.store import QueryFault, Workspace
from pipeline.unlike_values import unlike

_NONE = pl.DataFrame(schema={"journey_id": pl.UInt32, "touchpoint": pl.String, "position": pl.Int32})


def journey_deviations(
    ws: Workspace, plan: JourneyMap, log: BoundLog, sync: pl.DataFrame, where: str | None
) -> pl.DataFrame:
    """Find the deviations that need times or attributes; `sync` are the moves of `mining.checks.synchronous`.

    Returns
    -------
    frame
        One row per journey, kind (late, wrong_channel, failed) and touchpoint: journey_id, kind, touchpoint, activity
        (null), stage_id, n, early (see `mining.checks.as_deviations`).
    """
    happened, journeys = sync.select("path", "touchpoint", "position"), log.journeys.select("journey_id", "path")
    if not any(checks.looked_at(plan)):
        return checks.as_deviations({"late": _NONE}, plan, _won(log))
    wrong = {
        "late": _late(ws, journeys, checks.deadlines(sync, plan), where),
        "wrong_channel": _wrong_channel(ws, plan, journeys, happened, where),
        "failed": _failed(ws, plan, journeys, happened, where),
    }
    return checks.as_deviations(wrong, plan, _won(log))


def _won(log: BoundLog) -> pl.DataFrame:
    """Give the journeys that reached the goal, and the position of its first event: journey_id, goal_at."""
    goal_at = log.goal_at[log.journeys["path"].to_numpy()]
    return log.journeys.select("journey_id").with_columns(goal_at=goal_at).filter(pl.col("goal_at") >= 0)


def at_fault(ws: Workspace, plan: JourneyMap, kind: str, touchpoint: str, spans: pl.DataFrame) -> pl.DataFrame:
    """Give those of some synchronous moves of a touchpoint that are at fault.

    Parameters
    ----------
    ws, plan
        The log, and the map.
    kind : str
        late, wrong_channel or failed.
    touchpoint : str
        Its id.
    spans : frame
        journey_id, since (position of the event that its time counts from), position; each event once.
    """
    if kind == "late":
        within = next(t.within for t in plan.touchpoints() if t.id == touchpoint)
        waits = queries.waits_at(ws, spans)
        return waits.filter(pl.col("wait_s") > (within.time_s if within else 0.0)).drop("wait_s")
    numbered = spans.with_row_index("path")
    checked = numbered.select("path", pl.lit(touchpoint).alias("touchpoint"), "position")
    check = {"wrong_channel": _wrong_channel, "failed": _failed}[kind]
    found = check(ws, plan, numbered.select("journey_id", "path"), checked, None)
    return spans.join(found, on=["journey_id", "position"], how="semi", maintain_order="left")


def _late(ws: Workspace, journeys: pl.DataFrame, due: pl.DataFrame, where: str | None) -> pl.DataFrame:
    if due.is_empty():
        return _NONE
    return ws.run("late_events", where=where, frames={"due": due, "journey_paths": journeys})


def _wrong_channel(
    ws: Workspace, plan: JourneyMap, journeys: pl.DataFrame, sync: pl.DataFrame, where: str | None
) -> pl.DataFrame:
    allowed = pl.DataFrame(
        [(t.id, channel.casefold()) for t in plan.touchpoints() for channel in t.channel],
        schema={"touchpoint": pl.String, "channel": pl.String},
        orient="row",
    )
    checked = sync.join(allowed.select("touchpoint").unique(), on="touchpoint", how="semi")
    if checked.is_empty():
        return _NONE
    channel = queries.attributes(ws).filter(pl.col("role") == "channel")["name"].to_list()
    if not channel:
        return _NONE
    frames = {"checked": checked, "journey_paths": journeys}
    seen = ws.run("checked_values", where=where, frames=frames, views={"event_values": event_values(channel[0])})
    folded = seen.filter(pl.col("value").is_not_null()).with_columns(
        channel=pl.col("value").map_elements(str.casefold, return_dtype=pl.String)
    )
    return folded.join(allowed, on=["touchpoint", "channel"], how="anti").select(_NONE.columns)


def _failed(
    ws: Workspace, plan: JourneyMap, journeys: pl.DataFrame, sync: pl.DataFrame, where: str | None
) -> pl.DataFrame:
    found = [_NONE]
    for touchpoint in plan.touchpoints():
        if touchpoint.fails_when is not None:
            checked = sync.filter(pl.col("touchpoint") == touchpoint.id)
            frames = {"checked": checked, "journey_paths": journeys}
            views = {"chosen_events": chosen_events(touchpoint.fails_when)}
            try:
                failed = ws.run("checked_events", where=where, frames=frames, views=views)
            except WorkspaceError as fault:
                if not isinstance(fault.__cause__, QueryFault):
                    raise
                types = dict(queries.attributes(ws).select("name", "type").iter_rows())
                raise unlike(touchpoint.fails_when, types) from fault
            found.append(failed.cast(_NONE.schema))
    return pl.concat(found)


def unchecked(ws: Workspace, plan: JourneyMap) -> tuple[Message, ...]:
    """Say what the map asks for and the log cannot tell."""
    asks = [t.id for t in plan.touchpoints() if t.channel and t.measured]
    if not asks or not queries.attributes(ws).filter(pl.col("role") == "channel").is_empty():
        return ()
    return (
        Message(N_("The log has no channel, so those of {touchpoints} were not checked."), touchpoints=", ".join(asks)),
    )
