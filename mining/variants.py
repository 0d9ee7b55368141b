"""From sorted events to distinct paths, numbered in the order of paths."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
import pyarrow as pa

from mining.frames import CODE


@dataclass(frozen=True)
class Variants:
    """The distinct paths of a log.

    Attributes
    ----------
    of_journey : (journeys,) uint32 array
        The variant of each journey.
    paths : frame
        One row per distinct path, in the order of paths: variant_id, path (list of codes), n_journeys.
    """

    of_journey: np.ndarray
    paths: pl.DataFrame


def variants(activity: np.ndarray, lengths: np.ndarray) -> Variants:
    """Find the distinct paths.

    Parameters
    ----------
    activity : (events,) uint32 array
        The activity codes of all events, journey by journey, each in its order.
    lengths : (journeys,) int array
        The number of events of each journey.

    Examples
    --------
    >>> found = variants(np.array([1, 0, 1, 0], np.uint32), np.array([2, 1, 1]))
    >>> found.of_journey.tolist(), found.paths["path"].to_list(), found.paths["n_journeys"].to_list()
    ([2, 1, 0], [[0], [1], [1, 0]], [1, 1, 1])
    """
    # With the high byte first, codes compare as bytes the way paths compare as lists; mostly two bytes are enough.
    code = np.dtype(">u2") if not activity.size or activity.max() < 1 << 16 else np.dtype(">u4")
    ends = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
    as_bytes = pa.py_buffer(activity.astype(code))
    coded = pa.LargeBinaryArray.from_buffers(
        pa.large_binary(), lengths.size, [None, pa.py_buffer(ends * code.itemsize), as_bytes]
    )
    rank = pl.DataFrame({"path": pl.Series(coded)}).select(pl.col("path").rank("dense") - 1).to_series()
    of_journey = rank.cast(CODE).to_numpy()
    _, first, n_journeys = np.unique(of_journey, return_index=True, return_counts=True)
    every = pa.LargeListArray.from_arrays(pa.array(ends), pa.array(activity))
    paths = pl.DataFrame(
        {
            "variant_id": pl.Series(np.arange(first.size), dtype=CODE),
            "path": pl.Series(every).gather(first),
            "n_journeys": pl.Series(n_journeys, dtype=CODE),
        }
    )
    return Variants(of_journey, paths)
