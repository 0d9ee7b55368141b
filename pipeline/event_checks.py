"""Deviations that paths cannot tell: deadlines, channels and failures, looked up in the events concerned."""

from __future__ import annotations

import polars as pl

from mining import checks
from mining.journey_map import JourneyMap
from mining.messages import N_, Message
from pipeline import queries
from pipeline.bound_log import BoundLog
from pipeline.selection import chosen_events, event_values
from pipeline.store import Workspace

_NONE = pl.DataFrame(schema={"journey_id": pl.UInt32, "touchpoint": pl.String})


def journey_deviations(
    ws: Workspace, plan: JourneyMap, log: BoundLog, sync: pl.DataFrame, where: str | None
) -> pl.DataFrame:
    """Find the deviations that need times or attributes; `sync` are the moves of `mining.checks.synchronous`.

    Returns
    -------
    frame
        One row per journey, kind (late, wrong_channel, failed) and touchpoint: journey_id, kind, touchpoint, activity
        (null), stage_id, n.
    """
    happened = sync.select("path", "touchpoint", "position")
    if not any(checks.looked_at(plan)):
        return checks.as_deviations({"late": _NONE}, plan)
    wrong = {
        "late": _late(ws, log, checks.deadlines(sync, plan), where),
        "wrong_channel": _wrong_channel(ws, plan, log, happened, where),
        "failed": _failed(ws, plan, log, happened, where),
    }
    return checks.as_deviations(wrong, plan)


def _late(ws: Workspace, log: BoundLog, due: pl.DataFrame, where: str | None) -> pl.DataFrame:
    if due.is_empty():
        return _NONE
    frames = {"due": due, "journey_paths": log.journeys.select("journey_id", "path")}
    return ws.run("late_events", where=where, frames=frames)


def _wrong_channel(
    ws: Workspace, plan: JourneyMap, log: BoundLog, sync: pl.DataFrame, where: str | None
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
    frames = {"checked": checked, "journey_paths": log.journeys.select("journey_id", "path")}
    seen = ws.run("checked_values", where=where, frames=frames, views={"event_values": event_values(channel[0])})
    folded = seen.filter(pl.col("value").is_not_null()).with_columns(
        channel=pl.col("value").map_elements(str.casefold, return_dtype=pl.String)
    )
    return folded.join(allowed, on=["touchpoint", "channel"], how="anti").select("journey_id", "touchpoint")


def _failed(ws: Workspace, plan: JourneyMap, log: BoundLog, sync: pl.DataFrame, where: str | None) -> pl.DataFrame:
    found = [_NONE]
    for touchpoint in plan.touchpoints():
        if touchpoint.fails_when is not None:
            checked = sync.filter(pl.col("touchpoint") == touchpoint.id)
            frames = {"checked": checked, "journey_paths": log.journeys.select("journey_id", "path")}
            views = {"chosen_events": chosen_events(touchpoint.fails_when)}
            found.append(ws.run("checked_events", where=where, frames=frames, views=views))
    return pl.concat(found)


def unchecked(ws: Workspace, plan: JourneyMap) -> tuple[Message, ...]:
    """Say what the map asks for and the log cannot tell."""
    asks = [t.id for t in plan.touchpoints() if t.channel and t.measured]
    if not asks or not queries.attributes(ws).filter(pl.col("role") == "channel").is_empty():
        return ()
    return (
        Message(N_("The log has no channel, so those of {touchpoints} were not checked."), touchpoints=", ".join(asks)),
    )
