"""One walk over sorted events: how often each activity and each directly-follows pair happens, in how many journeys.

The events of a journey stand together and in order, so a journey counts once for a pair when the last journey that had
the pair is another one: no set of journeys is kept, and one pass over plain arrays is enough.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from os import cpu_count
from threading import Thread

import numpy as np
import polars as pl

from mining.errors import FrameError
from mining.frames import CODE, COUNT
from mining.messages import N_

DENSE = 1 << 22  # pairs up to which each has its place in an array, seen or not
QUANTILES = (0.5, 0.95)
UNKNOWN = np.iinfo(np.int64).min  # the time of an event that has none


@dataclass(frozen=True)
class Walk:
    """What one walk gives.

    Attributes
    ----------
    activities : frame
        One row per activity that happens, by code: activity, n_events, n_journeys, n_start, n_end.
    edges : frame
        One row per directly-follows pair, in the shape `mining.frames.EDGES`.
    silence_p95_s : float or None
        The 95th percentile of the waits of all pairs.
    """

    activities: pl.DataFrame
    edges: pl.DataFrame
    silence_p95_s: float | None = None


def load_in_background() -> None:
    """Load the loops on a thread of their own while files are read; who needs them meanwhile waits for just that."""
    Thread(target=_load, name="walk").start()


def _load() -> None:
    from mining.walk_kernel import count_pairs, gather_waits

    one = np.zeros(1, np.uint32)
    count_pairs(one, one, one[:0], 1, 1)
    gather_waits(one, one, one[:0], np.zeros(1, np.int64), 1, np.zeros(1, np.int64), np.zeros(0, np.int64))


def with_gaps(time_us: pl.Series) -> np.ndarray | None:
    """Give times as an array, `UNKNOWN` where there is none; None where no event has a time.

    Examples
    --------
    >>> with_gaps(pl.Series([None], dtype=pl.Int64)) is None
    True
    """
    if not time_us.null_count():
        return time_us.to_numpy()
    return None if time_us.null_count() == time_us.len() else time_us.fill_null(UNKNOWN).to_numpy()


def walk(journey: np.ndarray, activity: np.ndarray, time_us: np.ndarray | None) -> Walk:
    """Count activities and directly-follows pairs.

    Parameters
    ----------
    journey : (events,) uint32 array
        The journey of each event; those of one journey stand together.
    activity : (events,) uint32 array
        Its activity code.
    time_us : (events,) int64 array, optional
        Its time in microseconds, not falling within a journey, or `UNKNOWN`; None where only the order is known. A wait
        from or to an event of unknown time is unknown, and left out.

    Raises
    ------
    FrameError
        When the journeys do not stand in order.
    """
    if not journey.size:
        return Walk(_activities(np.zeros((4, 0), np.int64)), _edges(*_no_pairs()))
    from mining.walk_kernel import count_pairs

    width = int(activity.max()) + 1
    code, keys = None, np.empty(0, np.uint64)
    if width * width > DENSE:
        keys, code = _seen_pairs(activity, width)
    size = keys.size if code is not None else width * width
    codes = np.empty(0, np.uint32) if code is None else code
    parts = _parts(journey)
    with ThreadPoolExecutor(len(parts)) as workers:
        counted = list(workers.map(lambda p: count_pairs(journey[p], activity[p], codes[p], width, size), parts))
    per_activity, n, n_journeys = (sum(part[i] for part in counted) for i in range(3))
    if not all(part[3] for part in counted) or any(journey[p.start - 1] >= journey[p.start] for p in parts[1:]):
        raise FrameError(N_("The events are not sorted by journey."))
    if code is None:
        keys = np.flatnonzero(n).astype(np.uint64)
    waits = ends = None
    if time_us is not None:
        per_part = [part[1] for part in counted]
        waits, ends = _gathered(journey, activity, codes, time_us, width, parts, per_part)
    seen = np.flatnonzero(n)
    source, target = np.divmod(keys if code is None else keys[seen], np.uint64(width))
    edges = _edges(source, target, n[seen], n_journeys[seen], _waits(waits, ends, seen))
    silence = quantiles(waits, (0.95,))[0] / 1e6 if waits is not None and waits.size else None
    return Walk(_activities(per_activity), edges, silence)


def _parts(journey: np.ndarray) -> list[slice]:
    """Part sorted events in about the middle, between two journeys, so that two cores share them."""
    middle = int(np.searchsorted(journey, journey[journey.size // 2]))
    return [slice(0, middle), slice(middle, journey.size)] if 0 < middle < journey.size else [slice(0, journey.size)]


def _gathered(
    journey: np.ndarray,
    activity: np.ndarray,
    codes: np.ndarray,
    time_us: np.ndarray,
    width: int,
    parts: list[slice],
    n: list[np.ndarray],
) -> tuple[np.ndarray, np.ndarray]:
    """Give the waits of each pair side by side, and where each pair ends; `n` are the pairs of each part."""
    from mining.walk_kernel import gather_waits

    arrays = [(journey[p], activity[p], codes[p], time_us[p], width) for p in parts]
    known = np.array([_with_known_waits(*part, pairs) for part, pairs in zip(arrays, n, strict=True)])
    ends = known.sum(axis=0).cumsum()
    places = ends - known[::-1].cumsum(axis=0)[::-1]  # a part begins where those behind it leave room
    waits = np.empty(ends[-1], np.int64)
    with ThreadPoolExecutor(len(parts)) as workers:
        list(workers.map(lambda part, place: gather_waits(*part, place, waits), arrays, places))
    return waits, ends


def _with_known_waits(
    journey: np.ndarray, activity: np.ndarray, codes: np.ndarray, time_us: np.ndarray, width: int, n: np.ndarray
) -> np.ndarray:
    """Count the occurrences of each pair of which both times are known; `n` are all."""
    unknown = time_us == UNKNOWN
    if not unknown.any():
        return n
    places = np.flatnonzero((journey[1:] == journey[:-1]) & (unknown[1:] | unknown[:-1]))
    pairs = codes[places] if codes.size else activity[places].astype(np.int64) * width + activity[places + 1]
    left: np.ndarray = n - np.bincount(pairs, minlength=n.size)
    return left


def _seen_pairs(activity: np.ndarray, width: int) -> tuple[np.ndarray, np.ndarray]:
    """Number the pairs of neighbours that are there, where most of the possible ones are not."""
    after = np.empty_like(activity)
    after[:-1], after[-1] = activity[1:], 0
    keys, code = np.unique(activity.astype(np.uint64) * np.uint64(width) + after, return_inverse=True)
    return keys, code.astype(np.uint32)


def _waits(waits: np.ndarray | None, ends: np.ndarray | None, seen: np.ndarray) -> np.ndarray:
    """Give total, median and 95th percentile of the waits of each pair, in seconds; not a number where unknown."""
    found = np.full((3, seen.size), np.nan)
    if waits is None or ends is None:
        return found
    starts = np.concatenate([[0], ends[:-1]])

    def measure(row: int) -> None:
        part = waits[starts[seen[row]] : ends[seen[row]]]
        if not part.size:
            return
        found[:, row] = part.sum() / 1e6, *(value / 1e6 for value in quantiles(part, QUANTILES))

    with ThreadPoolExecutor(cpu_count()) as workers:  # numpy lets go of the interpreter while it partitions
        list(workers.map(measure, range(seen.size)))
    return found


def quantiles(values: np.ndarray, shares: tuple[float, ...]) -> list[float]:
    """Give quantiles of integers, between two values by straight interpolation; `values` may be reordered.

    Examples
    --------
    >>> quantiles(np.array([4, 1, 3, 2]), (0.5, 1.0))
    [2.5, 4.0]
    """
    places = [share * float(values.size - 1) for share in shares]
    needed = sorted({int(np.floor(p)) for p in places} | {int(np.ceil(p)) for p in places})
    values.partition(needed)
    return [_between(values, place) for place in places]


def _between(values: np.ndarray, place: float) -> float:
    below, above = int(np.floor(place)), int(np.ceil(place))
    return float(values[below]) + (place - below) * float(values[above] - values[below])


def _activities(counts: np.ndarray) -> pl.DataFrame:
    seen = np.flatnonzero(counts[0])
    names = ("n_events", "n_journeys", "n_start", "n_end")
    columns = {name: pl.Series(counts[row][seen], dtype=COUNT) for row, name in enumerate(names)}
    return pl.DataFrame({"activity": pl.Series(seen, dtype=CODE), **columns})


def _no_pairs() -> tuple[np.ndarray, ...]:
    none = np.empty(0, np.int64)
    return none, none, none, none, np.empty((3, 0))


def _edges(
    source: np.ndarray, target: np.ndarray, n: np.ndarray, n_journeys: np.ndarray, waits: np.ndarray
) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "source": pl.Series(source, dtype=CODE),
            "target": pl.Series(target, dtype=CODE),
            "n": pl.Series(n, dtype=COUNT),
            "n_journeys": pl.Series(n_journeys, dtype=COUNT),
            "wait_median_s": pl.Series(waits[1], dtype=pl.Float64),
            "wait_p95_s": pl.Series(waits[2], dtype=pl.Float64),
            "wait_total_s": pl.Series(waits[0], dtype=pl.Float64),
        }
    ).with_columns(pl.col("wait_median_s", "wait_p95_s", "wait_total_s").fill_nan(None))
