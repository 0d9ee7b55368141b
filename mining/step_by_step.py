"""Journeys step by step: what the first, the second, the third event is, and how journeys part from step to step."""

from __future__ import annotations

import polars as pl

from mining.following import path_steps
from mining.journey_graph import END

LEAST_END = 0.02  # of the journeys; a last step of fewer is told apart by how frequent it is alone


def told_apart(activities: pl.DataFrame, endpoints: pl.DataFrame, n: int) -> list[int]:
    """Choose the activities that have a band of their own: the most frequent, and those with which most journeys end.

    Journeys that end with a rare activity are told by nothing else, so that ends come first, up to half of the room.

    Parameters
    ----------
    activities : frame
        In the shape `mining.frames.ACTIVITIES`, the most frequent first.
    endpoints : frame
        In the shape `mining.frames.ENDPOINTS`.
    n : int
        How many to choose, at most.
    """
    ends = endpoints.filter(pl.col("n_end") >= LEAST_END * pl.col("n_end").sum())
    last = ends.sort("n_end", "activity", descending=[True, False])["activity"].head(n // 2)
    others = activities.filter(~pl.col("activity").is_in(last.implode()))["activity"].head(n - last.len())
    return [*last.to_list(), *others.to_list()]


def step_links(variants: pl.DataFrame, n_steps: int, activities: list[int]) -> pl.DataFrame:
    """Count how journeys go on from each step to the next.

    Parameters
    ----------
    variants : frame
        In the shape `mining.frames.VARIANTS`.
    n_steps : int
        How many steps to look at.
    activities : list of int
        Those that are told apart; all others are `mining.journey_graph.OTHER`.

    Returns
    -------
    frame
        step (of the target, from 1), source (`START` at step 1), target (`END` where the journey ended at the step
        before), n_journeys; by all three.
    """
    begun = variants.with_columns(pl.col("path").list.head(n_steps))
    length = variants.select(path="variant_id", length=pl.col("path").list.len().cast(pl.Int32))
    walk = path_steps(begun, activities).join(length, on="path", how="left")
    return (
        walk.with_columns(step=pl.coalesce("position", "length").cast(pl.Int64) + 1)
        .filter(pl.col("step") <= n_steps)
        .group_by("step", "source", "target")
        .agg(pl.col("n_journeys").sum())
        .sort("step", "source", "target")
    )


def step_matrix(links: pl.DataFrame) -> pl.DataFrame:
    """Count what journeys do at each step; who has ended stays ended, so that every step sums up to all journeys.

    Parameters
    ----------
    links : frame
        Of `step_links`.

    Returns
    -------
    frame
        step, activity (`END`: ended before this step), n_journeys; by both.
    """
    at = links.group_by("step", activity="target").agg(pl.col("n_journeys").sum())
    ended = at.filter(pl.col("activity") == END).sort("step")
    steps = pl.DataFrame({"step": at["step"].unique().sort()})
    gone = (
        steps.join(ended, on="step", how="left")
        .with_columns(activity=pl.lit(END, pl.Int32), n_journeys=pl.col("n_journeys").fill_null(0).cum_sum())
        .filter(pl.col("n_journeys") > 0)
    )
    going = at.filter(pl.col("activity") != END)
    return pl.concat([going, gone.select(going.columns)]).sort("step", "activity")
