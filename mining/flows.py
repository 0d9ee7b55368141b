"""The log laid over the plan as flows: from each event of a journey to the next, and how that fits the plan.

Every event of a journey arrives once, from the event before it or from the start, and every journey arrives once at
the end. So flows sum up to events + journeys, and those whose arriving event is a deviation sum up to the occurrences
of that deviation (see `mining.deviations`).
"""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from mining.move_marks import marks
from mining.planned_links import Link

START, END = "start", "end"
OK, SKIP, OUT_OF_ORDER, REPEAT, UNPLANNED = "ok", "skip", "out_of_order", "repeat", "unplanned"
STATUSES = (OK, SKIP, OUT_OF_ORDER, REPEAT, UNPLANNED)
STATUS_OF_MARK = {
    "ad_hoc": UNPLANNED,
    "irregular_sequence": OUT_OF_ORDER,
    "repeated": REPEAT,
    "extra": REPEAT,
}


def touchpoint_node(touchpoint: str) -> str:
    """Give the node of a touchpoint; no activity has one like it."""
    return f"t:{touchpoint}"


def ghost_node(stage: str, activity: str) -> str:
    """Give the node of an activity that the plan does not know, in the stage where it happens."""
    return f"x:{stage}:{activity}"


def other_node(stage: str) -> str:
    """Give the node of all rare activities that the plan does not know, in the stage where they happen."""
    return f"o:{stage}"


def steps(
    moves: pl.DataFrame,
    follows: Collection[Link],
    *,
    first_stage: str,
    shown: Collection[tuple[str, str]] | None = None,
) -> pl.DataFrame:
    """Walk along the events of each path.

    Parameters
    ----------
    moves : frame
        One row per move of each path, in order: path, n_journeys, position, kind, label, touchpoint, stage_id,
        activity; as in `pipeline.findings.Findings`.
    follows : collection of (str, str)
        What may follow what by the plan; see `mining.planned_links.allowed`.
    first_stage : str
        The stage where a journey stands before any planned move.
    shown : collection of (stage, activity), optional
        The unplanned activities with a node of their own; all by default. The others of a stage share one.

    Returns
    -------
    frame
        One row per event of each path, and one for its end: path, n_journeys, position (null at the end), source,
        target, mark (of the event, see `mining.move_marks`; null at the end), status (one of `STATUSES`), passed (the
        touchpoints of the plan that lie between source and target and did not happen there), missed (those of them
        that did not happen anywhere else either).
    """
    placed = _placed(moves, first_stage, shown)
    events = placed.filter(pl.col("kind") != "model").select(
        "path", "n_journeys", "step", "position", "mark", target="node"
    )
    ends = events.group_by("path", "n_journeys").agg(
        step=pl.len().cast(pl.UInt32), target=pl.lit(END, pl.String)
    )  # behind the last event
    walk = pl.concat([events, ends], how="diagonal").sort("path", "step")
    walk = walk.with_columns(
        source=pl.col("target").shift(1).over("path").fill_null(START), from_mark=pl.col("mark").shift(1).over("path")
    )
    walk = walk.join(_passed(placed), on=["path", "step"], how="left", maintain_order="left")
    walk = walk.with_columns(pl.col("passed", "missed").fill_null([]))
    return walk.with_columns(status=_status(follows)).select(
        "path", "n_journeys", "position", "source", "target", "mark", "status", "passed", "missed"
    )


def _placed(moves: pl.DataFrame, first_stage: str, shown: Collection[tuple[str, str]] | None) -> pl.DataFrame:
    """Add to each move its mark, its node, and the step it is part of: the event itself, or the next one."""
    happened = pl.col("kind") != "model"
    stood = pl.when(pl.col("kind") != "log").then("stage_id").forward_fill().over("path").fill_null(first_stage)
    own = pl.lit(True)
    if shown is not None:
        listed = pl.DataFrame(list(shown), schema={"stood": pl.String, "activity": pl.String}, orient="row")
        own = pl.struct("stood", "activity").is_in(listed.to_struct().implode())
    ghost = pl.when(own).then(pl.format("x:{}:{}", "stood", "activity")).otherwise(pl.format("o:{}", "stood"))
    return (
        marks(moves)
        .with_columns(stood=stood, step=(happened.cum_sum().over("path") - happened.cast(pl.UInt32)).cast(pl.UInt32))
        .with_columns(node=pl.when(pl.col("mark") == "ad_hoc").then(ghost).otherwise(pl.format("t:{}", "touchpoint")))
    )


def _passed(placed: pl.DataFrame) -> pl.DataFrame:
    """Give by path and step the touchpoints that were passed by on the way to it."""
    return (
        placed.filter(pl.col("kind") == "model")
        .group_by("path", "step", maintain_order=True)
        .agg(passed="touchpoint", missed=pl.col("touchpoint").filter(pl.col("mark") == "missing"))
    )


def _status(follows: Collection[Link]) -> pl.Expr:
    """Say how the way from one event to the next fits the plan; the way back from a detour is part of the detour."""
    links = pl.Series([f"t:{a}\x00t:{b}" for a, b in follows], dtype=pl.String)
    planned = pl.concat_str("source", "target", separator="\x00").is_in(links.implode())
    came_from = pl.col("from_mark").replace_strict(STATUS_OF_MARK, default=OK, return_dtype=pl.String)
    return (
        pl.when(pl.col("mark").is_in(list(STATUS_OF_MARK)))
        .then(pl.col("mark").replace_strict(STATUS_OF_MARK, default=OK, return_dtype=pl.String))
        .when(pl.col("passed").list.len() > 0)
        .then(pl.lit(SKIP))
        .when((pl.col("target") == END) | planned)
        .then(pl.lit(OK))
        .otherwise(came_from)
    )


def flows(walk: pl.DataFrame) -> pl.DataFrame:
    """Count the steps of all journeys per pair of nodes and status.

    Parameters
    ----------
    walk : frame
        Of `steps`.

    Returns
    -------
    frame
        source, target, status, n (steps), n_journeys (that take it at least once); the strongest first.
    """
    by = ["source", "target", "status"]
    return (
        walk.group_by(*by, "path", "n_journeys")
        .len("times")
        .group_by(by)
        .agg(n=(pl.col("times") * pl.col("n_journeys")).sum().cast(pl.Int64), n_journeys=pl.col("n_journeys").sum())
        .sort("n", *by, descending=[True, False, False, False])
    )


def left_at(walk: pl.DataFrame, journeys: pl.DataFrame) -> pl.DataFrame:
    """Count the journeys that were dropped, by the last planned touchpoint they had in its place.

    Parameters
    ----------
    walk : frame
        Of `steps`.
    journeys : frame
        path, outcome of each journey.

    Returns
    -------
    frame
        node (`START` for those that had none), n_dropped; in the order of nodes.
    """
    last = (
        walk.filter(pl.col("mark") == "planned").group_by("path", maintain_order=True).agg(node=pl.col("target").last())
    )
    return (
        journeys.filter(pl.col("outcome") == "dropped")
        .join(last, on="path", how="left")
        .with_columns(pl.col("node").fill_null(START))
        .group_by("node")
        .agg(n_dropped=pl.len().cast(pl.Int64))
        .sort("node")
    )
