"""What follows what on the paths of a picture: where a step or a link stands, and what comes next.

A *walk* is a frame with one row per step of each path, the end included: path, n_journeys, position (of the event,
from 0; null at the end), source, target. `path_steps` gives that of a discovered graph, `mining.flows.steps` that of a
plan with the log laid over it.
"""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from mining.journey_graph import END, OTHER, START
from mining.paths import counted


def path_steps(variants: pl.DataFrame, nodes: Collection[int] | None = None) -> pl.DataFrame:
    """Walk along distinct paths.

    Parameters
    ----------
    variants : frame
        In the shape `mining.frames.VARIANTS`.
    nodes : collection of int, optional
        The activities with a node of their own; the others are `OTHER`.

    Returns
    -------
    frame
        path (the variant_id), n_journeys, position, source, target; by path and in order.
    """
    code = pl.col("target").cast(pl.Int64)
    events = variants.select("n_journeys", path="variant_id", target="path").explode("target")
    position = pl.int_range(pl.len(), dtype=pl.Int64).over("path")
    own = code if nodes is None else pl.when(code.is_in(list(nodes))).then(code).otherwise(OTHER)
    ends = variants.select(
        "n_journeys", path="variant_id", target=pl.lit(END, pl.Int64), position=pl.lit(None, pl.Int64)
    )
    events = events.select("n_journeys", "path", target=own, position=position)
    steps = pl.concat([events, ends]).sort("path", maintain_order=True)
    source = pl.col("target").shift(1).over("path").fill_null(START)
    return steps.select("path", "n_journeys", "position", "target", source=source).select(
        "path", "n_journeys", "position", "source", "target"
    )


def places(walk: pl.DataFrame, meant: pl.Expr) -> pl.DataFrame:
    """Give the steps that are meant, with what comes after each (``next``; null after the end)."""
    return walk.with_columns(next=pl.col("target").shift(-1).over("path")).filter(meant)


def following(found: pl.DataFrame) -> pl.DataFrame:
    """Count what comes next after the steps of `places`.

    Returns
    -------
    frame
        next, n, n_journeys; the most frequent first.
    """
    steps = found.drop_nulls("next").select("next", "n_journeys", variant_id="path")
    return counted(steps, ["next"]).sort("n", "next", descending=[True, False])


def journeys_at(found: pl.DataFrame) -> int:
    """Count the journeys that have at least one of the steps of `places`."""
    return int(found.unique("path")["n_journeys"].sum())
