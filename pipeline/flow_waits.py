"""How long the steps over a planned map take: the median time between the two events of each flow."""

from __future__ import annotations

import numpy as np
import polars as pl

from mining.flows import STATUSES
from mining.quantiles import Median, bounded
from pipeline import steps
from pipeline.store import Workspace

KEYS = ("source", "target", "status")
_COLUMNS = {"wait_median_s": pl.Float64, "wait_low_s": pl.Float64, "wait_high_s": pl.Float64, "n_waits": pl.Int64}


def flow_waits(ws: Workspace, journeys: pl.DataFrame, walk: pl.DataFrame) -> pl.DataFrame:
    """Give the median wait of each flow, with its interval.

    Parameters
    ----------
    ws : Workspace
        The log.
    journeys : frame
        journey_id, path of each journey of the comparison.
    walk : frame
        Of `mining.flows.Flows`.

    Returns
    -------
    frame
        source, target, status, wait_median_s, the bounds of the median, wait_low_s and wait_high_s (null where
        there are too few), and n_waits, how many they are; without those of which no time is known.
    """
    nodes: pl.Series = walk.schema["source"].categories  # type: ignore[attr-defined]
    source, target, status = walk.select(pl.col(KEYS).to_physical().cast(pl.Int64)).iter_columns()
    flow = ((source * len(nodes) + target) * len(STATUSES) + status).to_numpy()
    waits, firsts, ends = _waits(ws, journeys, walk, flow)
    known = np.flatnonzero(ends > firsts)
    medians = [_median(waits[firsts[number] : ends[number]]) for number in known.tolist()]
    pairs, status_of = np.divmod(known, len(STATUSES))
    return pl.DataFrame(
        {
            "source": nodes.gather(pairs // len(nodes)),
            "target": nodes.gather(pairs % len(nodes)),
            "status": pl.Series(STATUSES).gather(status_of),
            **{
                name: pl.Series([median[place] for median in medians], dtype=dtype)
                for place, (name, dtype) in enumerate(_COLUMNS.items())
            },
        }
    ).sort(KEYS)


def by_link(medians: pl.DataFrame) -> dict[tuple[str, str, str], Median]:
    """Give the medians of `flow_waits` by source, target and status."""
    return {(s, t, status): Median(*of) for s, t, status, *of in medians.select(*KEYS, *_COLUMNS).iter_rows()}


def _median(waits: np.ndarray) -> Median:
    """Give the median of waits in microseconds; the waits are put into another order."""
    (median,), low, high = bounded(waits, (0.5,))
    low_s, high_s = (bound if bound is None else bound / 1e6 for bound in (low, high))
    return Median(median / 1e6, low_s, high_s, waits.size)


def _waits(
    ws: Workspace, journeys: pl.DataFrame, walk: pl.DataFrame, flow: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give the waits in microseconds, those of a flow side by side, and where those of each flow begin and end."""
    from mining.walk_kernel import gather_flow_waits

    inner = (walk["position"] > 0).fill_null(False).to_numpy()
    most = np.bincount(flow[inner], weights=walk["n_journeys"].to_numpy()[inner]).astype(np.int64)
    ends, rows = np.cumsum(most), (walk["position"] == 0).fill_null(False).arg_true().to_numpy()
    waits, place, first = np.empty(most.sum(), np.int64), ends - most, 0
    path_of = np.full(int(journeys["journey_id"].max() or 0) + 1, -1, np.int64)  # type: ignore[arg-type]
    path_of[journeys["journey_id"].to_numpy()] = journeys["path"].to_numpy()
    for part in steps.parts(ws):
        path = path_of[first : first + part.lengths.size]
        if (path >= 0).any():
            gather_flow_waits(part.lengths[: path.size], path, part.read(True)[1], rows, flow, place, waits)
        first += part.lengths.size
    return waits, ends - most, place
