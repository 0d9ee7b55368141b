"""How long the steps over a planned map take: the median time between the two events of each flow."""

from __future__ import annotations

import numpy as np
import polars as pl

from pipeline.steps import steps_of
from pipeline.store import Workspace

KEYS = ("source", "target", "status")


def flow_waits(ws: Workspace, where: str | None, journeys: pl.DataFrame, walk: pl.DataFrame) -> pl.DataFrame:
    """Give the median wait of each flow.

    Parameters
    ----------
    ws : Workspace
        The log.
    where : str or None
        The condition that chose the journeys of the comparison.
    journeys : frame
        journey_id, path of each of them.
    walk : frame
        Of `mining.flows.Flows`.

    Returns
    -------
    frame
        source, target, status, wait_median_s; without those of which no time is known.
    """
    time_us = steps_of(ws, where)["time_us"]
    events = walk.filter(pl.col("position").is_not_null())
    per_path = np.bincount(events["path"].to_numpy())
    path = journeys.sort("journey_id")["path"].to_numpy()
    starts, lengths = (np.cumsum(per_path) - per_path)[path], per_path[path]
    behind = np.cumsum(lengths)
    # The events of the log lie by journey and in order, and so do the steps of its path.
    row = np.repeat(starts - (behind - lengths), lengths) + np.arange(behind[-1] if len(behind) else 0)
    code = pl.lit(0, pl.UInt64)
    for name in KEYS:
        number = pl.col(name).to_physical().cast(pl.UInt64)
        code = code * (number.max() + 1) + number
    flows = events.select(*KEYS, flow=code)
    timed = pl.DataFrame({"flow": flows["flow"].gather(row), "position": events["position"].gather(row), "at": time_us})
    waits = timed.with_columns(wait=pl.col("at").diff() / 1e6).filter(pl.col("position") > 0).drop_nulls("wait")
    medians = waits.group_by("flow").agg(wait_median_s=pl.col("wait").median())
    named = flows.group_by("flow").first().join(medians, on="flow")
    return named.select(pl.col(KEYS).cast(pl.String), "wait_median_s").sort(KEYS)
