"""Which synchronous moves must be looked at in the events themselves: deadlines, channels, failures, personas."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from mining.journey_map import JourneyMap


def deadlines(moves: pl.DataFrame, plan: JourneyMap) -> pl.DataFrame:
    """List the synchronous moves that have a deadline, and the event it counts from.

    Without ``after`` that is the synchronous move before, of any touchpoint of a stage; the first event of the journey
    where there is none. With it, the last synchronous move of that touchpoint before; without one nothing is due.

    Parameters
    ----------
    moves : frame
        One row per move, in order: path, position, kind, touchpoint, stage_id.
    plan : JourneyMap
        The map.

    Returns
    -------
    frame
        path, touchpoint, position, reference (position of the event it counts from), limit_s.
    """
    sync = moves.filter(pl.col("kind") == "sync")
    parts = []
    for touchpoint in plan.touchpoints():
        if touchpoint.within is None:
            continue
        after = touchpoint.within.after
        counted = pl.col("stage_id").is_not_null() if after is None else pl.col("touchpoint") == after
        reference = pl.when(counted).then("position").forward_fill().shift(1).over("path")
        due = sync.with_columns(reference=reference).filter(pl.col("touchpoint") == touchpoint.id)
        due = due.with_columns(pl.col("reference").fill_null(0)) if after is None else due
        parts.append(due.with_columns(limit_s=pl.lit(touchpoint.within.time_s)))
    if not parts:
        parts = [sync.head(0).with_columns(reference=pl.col("position"), limit_s=pl.lit(0.0))]
    return (
        pl.concat(parts)
        .filter(pl.col("reference").is_not_null())
        .select("path", "touchpoint", "position", "reference", "limit_s")
    )


def wrong_personas(moves: pl.DataFrame, exempt_of_path: pl.DataFrame) -> pl.DataFrame:
    """Find the synchronous moves of touchpoints that are meant for other personas.

    Parameters
    ----------
    moves : frame
        path, kind, touchpoint, stage_id.
    exempt_of_path : frame
        path, touchpoint: the touchpoints not meant for the journeys of a path.

    Returns
    -------
    frame
        path, kind, touchpoint, activity, stage_id, n.
    """
    return (
        moves.filter(pl.col("kind") == "sync")
        .join(exempt_of_path, on=["path", "touchpoint"], how="semi")
        .group_by("path", "touchpoint", "stage_id")
        .agg(pl.len().cast(pl.Int64).alias("n"))
        .select(
            "path",
            pl.lit("wrong_persona").alias("kind"),
            "touchpoint",
            pl.lit(None, pl.String).alias("activity"),
            "stage_id",
            "n",
        )
    )


def as_deviations(events: pl.DataFrame, kind: str, plan: JourneyMap) -> pl.DataFrame:
    """Count single events found wrong (journey_id, touchpoint) per journey and touchpoint, as deviations of `kind`."""
    stages = plan.stage_of()
    places = pl.DataFrame(
        {"touchpoint": list(stages), "stage_id": list(stages.values())},
        schema={"touchpoint": pl.String, "stage_id": pl.String},
    )
    return (
        events.group_by("journey_id", "touchpoint")
        .agg(pl.len().cast(pl.Int64).alias("n"))
        .join(places, on="touchpoint", how="left")
        .with_columns(kind=pl.lit(kind), activity=pl.lit(None, pl.String))
    )


def exempt(plan: JourneyMap, personas: Collection[str]) -> frozenset[str]:
    """Give the touchpoints that are meant only for personas other than `personas`."""
    return frozenset(t.id for t in plan.touchpoints() if t.personas and not set(t.personas) & set(personas))
