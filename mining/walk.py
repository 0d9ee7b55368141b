"""Walks over sorted events: how often each activity and each directly-follows pair happens, in how many journeys.

The events of a journey stand together and in order, so a journey counts once for a pair when the last journey that had
the pair is another one: no set of journeys is kept. Events are read part by part, once to count them and once more for
the waits; of each event only its wait is kept, since new memory costs more than reading again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from os import cpu_count
from threading import Thread

import numpy as np
import polars as pl

from mining.frames import CODE, COUNT, EDGES, WAITS
from mining.quantiles import bounded, quantiles

DENSE = 1 << 22  # pairs up to which each has its place in an array, seen or not
WALKERS = 2
QUANTILES = (0.5, 0.95)
UNKNOWN = np.iinfo(np.int64).min  # the time of an event that has none


@dataclass(frozen=True)
class Part:
    """The events of journeys that stand side by side.

    Attributes
    ----------
    lengths : (journeys,) uint32 array
        The number of events of each journey.
    keep : (journeys,) bool array
        Whether the journey counts.
    read : callable
        Gives the activity code (uint32) of each event of all these journeys, in order; called with True it gives their
        times besides: microseconds (int64), not falling within a journey, or `UNKNOWN`.
    """

    lengths: np.ndarray
    keep: np.ndarray
    read: Callable[[bool], Sequence[np.ndarray]]


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
        The 95th percentile of the waits of all pairs, where it was asked for.
    """

    activities: pl.DataFrame
    edges: pl.DataFrame
    silence_p95_s: float | None = None


@dataclass(frozen=True)
class _Alphabet:
    """How activities and pairs are numbered: a pair by both its codes, or by its place among the `keys` that happen."""

    width: int
    keys: np.ndarray | None

    @property
    def n_pairs(self) -> int:
        return self.width * self.width if self.keys is None else self.keys.size

    def codes(self, activity: np.ndarray) -> np.ndarray:
        """Number the pairs of neighbours; nothing where both their codes do."""
        if self.keys is None:
            return np.empty(0, np.uint32)
        return np.searchsorted(self.keys, _pairs(activity, self.width)).astype(np.uint32)

    def ends(self, seen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Give source and target of pairs by their numbers."""
        source, target = np.divmod(seen if self.keys is None else self.keys[seen], self.width)
        return source, target


def load_in_background() -> None:
    """Load the loops on a thread of their own while files are read; who needs them meanwhile waits for just that."""
    Thread(target=load, name="walk").start()


def load() -> None:
    """Load the loops now, or compile them where they never ran."""
    one = np.ones(1, np.uint32)
    walk(parts_of(one, one, np.ones(1, np.int64)), 2)


def parts_of(lengths: np.ndarray, activity: np.ndarray, time_us: np.ndarray | None) -> list[Part]:
    """Part events that are in memory in about the middle, between two journeys, so that two cores share them.

    Parameters
    ----------
    lengths, activity, time_us : array
        As in `Part`, of all journeys and events. All journeys count.
    """
    ends = np.cumsum(lengths, dtype=np.int64)
    middle = int(np.searchsorted(ends, activity.size // 2))
    at = int(ends[middle - 1]) if middle else 0

    def part(journeys: slice, events: slice) -> Part:
        own = lengths[journeys].astype(np.uint32)
        read = [activity[events]] if time_us is None else [activity[events], time_us[events]]
        return Part(own, np.ones(own.size, np.bool_), lambda _timed: read)

    return [part(slice(0, middle), slice(0, at)), part(slice(middle, None), slice(at, None))]


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


def walk(parts: Sequence[Part], width: int, *, timed: bool = True, silence: bool = False) -> Walk:
    """Count activities and directly-follows pairs.

    Parameters
    ----------
    parts : sequence of Part
        The events.
    width : int
        All activity codes are below.
    timed : bool, default True
        Whether times are read. A wait from or to an event of unknown time is unknown, and left out.
    silence : bool, default False
        Whether `Walk.silence_p95_s` is asked for.
    """
    parts = [part for part in parts if part.keep.any()]
    pairs = _Alphabet(width, _seen_pairs(parts, width) if width * width > DENSE else None)
    runs = [parts[first::WALKERS] for first in range(WALKERS)]
    with ThreadPoolExecutor(WALKERS) as walkers:
        counted = list(walkers.map(lambda run: _count(run, pairs), runs))
        per_activity, n, n_journeys = (sum(counts[1:], counts[0]) for counts in zip(*counted, strict=True))
        waits, gaps = np.empty(int(n.sum()) if timed else 0, np.int64), [False]
        if waits.size:
            ends = n.cumsum()
            places = [ends - sum(own for _, own, _ in counted[first:]) for first in range(WALKERS)]
            gaps = list(walkers.map(lambda run, place: _gather(run, pairs, place, waits), runs, places))
    seen = np.flatnonzero(n)
    measured = _measured(waits, n[seen], any(gaps))
    edges = _edges(*pairs.ends(seen), n[seen], n_journeys[seen], measured)
    known = _known(waits, any(gaps)) if silence else waits[:0]
    return Walk(_activities(per_activity), edges, quantiles(known, (0.95,))[0] / 1e6 if known.size else None)


def _count(parts: Sequence[Part], pairs: _Alphabet) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give events, journeys, starts and ends of each activity, and occurrences and journeys of each pair."""
    from mining.walk_kernel import count_pairs

    activities, (n, n_journeys) = np.zeros((4, pairs.width), np.int64), np.zeros((2, pairs.n_pairs), np.int64)
    last_had = np.full(pairs.width, -1, np.int64), np.full(pairs.n_pairs, -1, np.int64)
    first = 0
    for part in parts:
        activity = _fixed(part.read(False)[0])
        count_pairs(
            _fixed(part.lengths), _fixed(part.keep), activity, pairs.codes(activity), first, *last_had,
            activities, n, n_journeys,
        )  # fmt: skip
        first += part.lengths.size
    return activities, n, n_journeys


def _gather(parts: Sequence[Part], pairs: _Alphabet, place: np.ndarray, waits: np.ndarray) -> bool:
    """Put the waits of each pair into `waits` from its `place` on; says whether some are unknown."""
    from mining.walk_kernel import gather_waits

    gaps = False
    for part in parts:
        activity, time_us = map(_fixed, part.read(True))
        codes = pairs.codes(activity)
        gaps |= gather_waits(
            _fixed(part.lengths), _fixed(part.keep), activity, codes, time_us, pairs.width, place, waits
        )
    return gaps


def _fixed(array: np.ndarray) -> np.ndarray:
    """Give an array that cannot be written to, as the loops are compiled for."""
    view = array.view()
    view.flags.writeable = False
    return view


def _seen_pairs(parts: Sequence[Part], width: int) -> np.ndarray:
    """Give the pairs of neighbours that are there, where most of the possible ones are not."""
    found = [np.unique(_pairs(part.read(False)[0], width)) for part in parts]
    return np.unique(np.concatenate([np.empty(0, np.int64), *found]))


def _pairs(activity: np.ndarray, width: int) -> np.ndarray:
    pairs: np.ndarray = activity[:-1].astype(np.int64) * width + activity[1:]
    return pairs


def _measured(waits: np.ndarray, n: np.ndarray, gaps: bool) -> np.ndarray:
    """Give the columns of `WAITS` as rows, one column per pair; not a number where unknown."""
    found = np.full((len(WAITS), n.size), np.nan)
    found[-1] = 0
    if not waits.size:
        return found
    ends = n.cumsum()

    def measure(row: int) -> None:
        part = _known(waits[ends[row] - n[row] : ends[row]], gaps)
        if part.size:
            (median, p95), low, high = bounded(part, QUANTILES)
            found[:-1, row] = [np.nan if us is None else us / 1e6 for us in (median, p95, part.sum(), low, high)]
            found[-1, row] = part.size

    with ThreadPoolExecutor(cpu_count()) as workers:  # numpy lets go of the interpreter while it partitions
        list(workers.map(measure, range(n.size)))
    return found


def _known(waits: np.ndarray, gaps: bool) -> np.ndarray:
    return waits[waits != UNKNOWN] if gaps else waits


def _activities(counts: np.ndarray) -> pl.DataFrame:
    seen = np.flatnonzero(counts[0])
    names = ("n_events", "n_journeys", "n_start", "n_end")
    columns = {name: pl.Series(counts[row][seen], dtype=COUNT) for row, name in enumerate(names)}
    return pl.DataFrame({"activity": pl.Series(seen, dtype=CODE), **columns})


def _edges(
    source: np.ndarray, target: np.ndarray, n: np.ndarray, n_journeys: np.ndarray, waits: np.ndarray
) -> pl.DataFrame:
    return (
        pl.DataFrame(
            {
                "source": pl.Series(source, dtype=CODE),
                "target": pl.Series(target, dtype=CODE),
                "n": pl.Series(n, dtype=COUNT),
                "n_journeys": pl.Series(n_journeys, dtype=COUNT),
                **dict(zip(WAITS, waits, strict=True)),
            }
        )
        .select(pl.all().fill_nan(None))
        .cast(EDGES.columns)  # type: ignore[arg-type]
    )
