"""What each single move of a path means, for showing one journey beside the plan."""

from __future__ import annotations

import polars as pl

from mining.alignment import OFF_MAP

MARKS = ("planned", "missing", "ad_hoc", "irregular_sequence", "repeated", "extra")


def marks(moves: pl.DataFrame) -> pl.DataFrame:
    """Add to each move what it means, by the rules of `mining.deviations.path_deviations`.

    Parameters
    ----------
    moves : frame
        One row per move, in order: path, kind (sync, log, model), label.

    Returns
    -------
    frame
        The same rows with ``mark``: one of `MARKS`. The first log moves of a touchpoint are paired with its model
        moves; both sides of a pair are marked ``irregular_sequence``: where it happened, and where the plan has it.
    """
    here = ["path", "label"]
    is_log, is_model = pl.col("kind") == "log", pl.col("kind") == "model"
    paired = pl.min_horizontal(is_log.sum(), is_model.sum()).over(here)
    log_no, model_no = is_log.cum_sum().over(here), is_model.cum_sum().over(here)
    synced = (pl.col("kind") == "sync").sum().over(here)
    mark = (
        pl.when(pl.col("kind") == "sync")
        .then(pl.lit("planned"))
        .when(pl.col("label") == OFF_MAP)
        .then(pl.lit("ad_hoc"))
        .when(is_model & (model_no > paired))
        .then(pl.lit("missing"))
        .when(is_model | (log_no <= paired))
        .then(pl.lit("irregular_sequence"))
        .when((synced == 0) & (paired == 0) & (log_no == 1))
        .then(pl.lit("extra"))
        .otherwise(pl.lit("repeated"))
    )
    return moves.with_columns(mark=mark)
