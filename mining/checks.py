"""Which synchronous moves must be looked at in the events themselves: deadlines, channels, failures."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import polars as pl

from mining.alignment import Alignments
from mining.journey_map import JourneyMap


def looked_at(plan: JourneyMap) -> list[bool]:
    """Tell which touchpoints, in map order, have synchronous moves that `synchronous` must find."""
    touchpoints = plan.touchpoints()
    due = [t.within for t in touchpoints if t.within is not None]
    after = {deadline.after for deadline in due}
    staged = {t.id for _, t in plan.planned()} if None in after else set()
    return [bool(t.id in after or t.id in staged or t.within or t.channel or t.fails_when) for t in touchpoints]


def synchronous(parts: Sequence[Alignments], plan: JourneyMap) -> pl.DataFrame:
    """Give the synchronous moves that must be looked at in the events, or that a deadline counts from.

    Returns
    -------
    frame
        path, position, label (number of the touchpoint), touchpoint; in order.
    """
    from mining.path_kernel import synchronous

    touchpoints, wanted = plan.touchpoints(), np.array(looked_at(plan))
    found, first = [np.empty((0, 3), np.int32)], 0
    for part in parts if wanted.any() else ():
        found.append(synchronous(part.steps, part.starts, part.automaton.label, wanted, first))
        first += len(part.cost)
    moves = pl.DataFrame(np.concatenate(found), schema=["path", "position", "label"])
    names = pl.Series([t.id for t in touchpoints], dtype=pl.String)
    return moves.cast({"path": pl.UInt32}).with_columns(touchpoint=names.gather(moves["label"]))


def deadlines(sync: pl.DataFrame, plan: JourneyMap) -> pl.DataFrame:
    """List the synchronous moves that have a deadline, and the event it counts from.

    Without ``after`` that is the synchronous move before, of any touchpoint of a stage; the first event of the journey
    where there is none. With it, the last synchronous move of that touchpoint before; without one nothing is due.

    Parameters
    ----------
    sync : frame
        Of `synchronous`.
    plan : JourneyMap
        The map.

    Returns
    -------
    frame
        path, touchpoint, position, reference (position of the event it counts from), limit_s.
    """
    number_of = {touchpoint.id: number for number, touchpoint in enumerate(plan.touchpoints())}
    staged = [number_of[id_] for id_, stage in plan.stage_of().items() if stage is not None]
    parts = []
    for touchpoint in plan.touchpoints():
        if touchpoint.within is None:
            continue
        after = touchpoint.within.after
        due = _with_reference(sync, number_of[touchpoint.id], staged if after is None else [number_of[after]])
        due = due.with_columns(pl.col("reference").fill_null(0)) if after is None else due
        parts.append(due.with_columns(limit_s=pl.lit(touchpoint.within.time_s)))
    if not parts:
        parts = [sync.head(0).with_columns(reference=pl.col("position"), limit_s=pl.lit(0.0))]
    return (
        pl.concat(parts)
        .filter(pl.col("reference").is_not_null())
        .select("path", "touchpoint", "position", "reference", "limit_s")
    )


def _with_reference(sync: pl.DataFrame, label: int, counted: list[int]) -> pl.DataFrame:
    """Give the moves of a label with the position of the last move before, on the same path, whose label is counted."""
    last = pl.when(pl.col("label").is_in(counted)).then(pl.int_range(pl.len())).forward_fill().shift(1).fill_null(0)
    due = sync.with_columns(last=last).filter(pl.col("label") == label)
    before = sync.select("path", "position", "label")[due["last"]]
    there = (before["path"] == due["path"]) & before["label"].is_in(counted) & (before["position"] < due["position"])
    return due.drop("last").with_columns(reference=pl.when(there).then(before["position"]))


def as_deviations(events: Mapping[str, pl.DataFrame], plan: JourneyMap, won: pl.DataFrame) -> pl.DataFrame:
    """Count, for each kind, single events found wrong (journey_id, touchpoint, position) per journey and touchpoint.

    `won` are the journeys that reached the goal (journey_id, goal_at: its first position). Columns: journey_id, kind,
    touchpoint, activity (null), stage_id, n, early: whether the first of these events stands before the goal, or there
    is none; what is about the goal itself never does.
    """
    stages = plan.stage_of()
    places = pl.DataFrame(
        {"touchpoint": list(stages), "stage_id": list(stages.values())},
        schema={"touchpoint": pl.String, "stage_id": pl.String},
    )
    return (
        pl.concat(
            [wrong.select("journey_id", "touchpoint", "position", kind=pl.lit(kind)) for kind, wrong in events.items()]
        )
        .group_by("journey_id", "kind", "touchpoint")
        .agg(pl.len().cast(pl.Int64).alias("n"), pl.min("position"))
        .join(won, on="journey_id", how="left")
        .with_columns(
            early=(pl.col("position") < pl.col("goal_at")).fill_null(True) & (pl.col("touchpoint") != plan.goal)
        )
        .join(places, on="touchpoint", how="left")
        .select("journey_id", "kind", "touchpoint", pl.lit(None, pl.String).alias("activity"), "stage_id", "n", "early")
    )


def exempt(plan: JourneyMap, personas: Collection[str]) -> frozenset[str]:
    """Give the touchpoints that are meant only for personas other than `personas`."""
    return frozenset(t.id for t in plan.touchpoints() if t.personas and not set(t.personas) & set(personas))
