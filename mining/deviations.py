"""Moves -> named deviations of every path. One row is a kind and place on a path, with how often it happens there."""

from __future__ import annotations

import polars as pl

from mining.alignment import OFF_MAP
from mining.places import Places

FOUND: dict[str, pl.DataType] = {
    "path": pl.UInt32(),
    "kind": pl.String(),
    "touchpoint": pl.String(),
    "activity": pl.String(),
    "stage_id": pl.String(),
    "n": pl.Int64(),
}


def path_deviations(moves: pl.DataFrame, where: Places) -> pl.DataFrame:
    """Name what the moves of each path mean.

    Parameters
    ----------
    moves : frame
        One row per move, in order: path, position, kind, label, activity (name of the event; null for model moves).
    where : Places
        Places of the labels.

    Returns
    -------
    frame
        path, kind (missing, stage_skipped, ad_hoc, irregular_sequence, repeated or extra), touchpoint, activity,
        stage_id, n (occurrences on the path).

    Notes
    -----
    A log move and a model move of one touchpoint on one path are one irregularity; the first log moves are paired.
    """
    counts = _label_counts(moves)
    bound = counts.with_columns(irregular=pl.min_horizontal("n_log", "n_model")).with_columns(
        missing=pl.col("n_model") - pl.col("irregular"), rest=pl.col("n_log") - pl.col("irregular")
    )
    # Of the log moves left only the first can be `extra`: any other has a log move of the touchpoint before it.
    extra = ((pl.col("rest") > 0) & (pl.col("n_sync") == 0) & (pl.col("irregular") == 0)).cast(pl.Int64)
    bound = bound.with_columns(extra=extra).with_columns(repeated=pl.col("rest") - pl.col("extra"))
    bound = bound.join(where.frame, on="label", how="left")
    kinds = {"missing": "missing", "irregular": "irregular_sequence", "repeated": "repeated", "extra": "extra"}
    named = [
        bound.filter(pl.col(column) > 0).select(
            "path",
            pl.lit(kind).alias("kind"),
            "touchpoint",
            pl.lit(None, pl.String).alias("activity"),
            "stage_id",
            pl.col(column).cast(pl.Int64).alias("n"),
        )
        for column, kind in kinds.items()
    ]
    return pl.concat([*named, _stages_skipped(bound), _ad_hoc(moves, where)]).cast(pl.Schema(FOUND))


def _label_counts(moves: pl.DataFrame) -> pl.DataFrame:
    """Count the moves of each kind per path and label."""
    return (
        moves.filter(pl.col("label") != OFF_MAP)
        .group_by("path", "label")
        .agg(((pl.col("kind") == kind).sum().cast(pl.Int64)).alias(f"n_{kind}") for kind in ("sync", "log", "model"))
    )


def _stages_skipped(bound: pl.DataFrame) -> pl.DataFrame:
    """Find the stages that a path walks through though none of their required touchpoints happened anywhere."""
    required = bound.filter(pl.col("required"))
    return (
        required.group_by("path", "stage_id")
        .agg(pl.col("missing").sum().alias("missing"), (pl.col("n_sync") + pl.col("n_log")).sum().alias("happened"))
        .filter((pl.col("missing") > 0) & (pl.col("happened") == 0))
        .select(
            "path",
            pl.lit("stage_skipped").alias("kind"),
            pl.lit(None, pl.String).alias("touchpoint"),
            pl.lit(None, pl.String).alias("activity"),
            "stage_id",
            pl.lit(1, pl.Int64).alias("n"),
        )
    )


def _ad_hoc(moves: pl.DataFrame, where: Places) -> pl.DataFrame:
    """Count off-map events per path, activity and the stage where the path stood: that of the last planned move."""
    stood = pl.col("stage_id").forward_fill().over("path").fill_null(where.stages[0])
    planned = pl.when(pl.col("kind") != "log").then("stage_id")
    return (
        moves.join(where.frame.select("label", "stage_id"), on="label", how="left", maintain_order="left")
        .with_columns(stage_id=planned)
        .with_columns(stage_id=stood)
        .filter((pl.col("kind") == "log") & (pl.col("label") == OFF_MAP))
        .group_by("path", "activity", "stage_id")
        .agg(pl.len().cast(pl.Int64).alias("n"))
        .select(
            "path",
            pl.lit("ad_hoc").alias("kind"),
            pl.lit(None, pl.String).alias("touchpoint"),
            "activity",
            "stage_id",
            "n",
        )
    )


def progress(moves: pl.DataFrame, where: Places, n_paths: int) -> pl.DataFrame:
    """Tell how far each path got.

    Returns
    -------
    frame
        One row per path, in order: path, place and stage (the furthest that a planned move stands at; 0 where there is
        none), last_touchpoint (of the last synchronous move in a stage; null where there is none).
    """
    planned = moves.filter(pl.col("kind") != "log").join(
        where.frame.filter(pl.col("stage").is_not_null()), on="label", how="inner", maintain_order="left"
    )
    reached = planned.group_by("path").agg(
        pl.col("place").max(),
        pl.col("stage").max(),
        pl.col("touchpoint").filter(pl.col("kind") == "sync").last().alias("last_touchpoint"),
    )
    every = pl.DataFrame({"path": pl.int_range(n_paths, dtype=pl.UInt32(), eager=True)})
    return every.join(reached, on="path", how="left", maintain_order="left").with_columns(
        pl.col("place", "stage").fill_null(0)
    )
