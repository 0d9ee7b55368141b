"""Holes and peaks in the number of events over time, told from the usual rhythm of days and weeks.

Both rules compare a place with the *same* place of the neighbouring cycles (a Monday with Mondays, nine o'clock with
nine o'clock), by their median: so a shop that is closed on Sundays has no hole on Sundays, and one odd week does not
make its neighbours look odd.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Stretch:
    """Neighbouring places, `first` to `last` inclusive: events found there, and what is usual for all of them."""

    first: int
    last: int
    found: int
    usual: float


def holes(counts: Counts, cycle: int, *, around: int = 4, least: float = 10.0) -> list[Stretch]:
    """Find places without any event where there are usually many.

    Parameters
    ----------
    counts : array of int
        Events at each place (day, hour), without leaving any out.
    cycle : int
        After how many places the rhythm repeats: 7 for days, 24 for hours.
    around : int, default 4
        How many cycles on either side count as neighbours; the empty stretch itself does not.
    least : float, default 10
        What is usual, as the median of the neighbours, must reach this: with ten events expected, chance leaves a day
        empty once in 20,000 days.

    Returns
    -------
    list of Stretch
        In order. A stretch may hold places that are usually empty between its ends, such as a Sunday.

    Examples
    --------
    >>> week = [20, 20, 20, 20, 20, 0, 0]
    >>> holes(np.array(week * 2 + [0, 0, 20, 20, 20, 0, 0] + week * 2), 7)
    [Stretch(first=14, last=15, found=0, usual=40.0)]
    """
    counts = np.asarray(counts)
    empty = np.flatnonzero(counts == 0)
    if not empty.size or not counts.any():
        return []
    starts = np.flatnonzero(np.diff(empty, prepend=-2) > 1)
    run = np.cumsum(np.diff(empty, prepend=-2) > 1) - 1
    first, last = empty[starts][run], empty[np.append(starts[1:], empty.size) - 1][run]
    usual = _usual(counts, empty, (empty - first) // cycle + 1, (last - empty) // cycle + 1, cycle, around)
    busy = np.flatnonzero(usual >= least)
    parts = np.split(busy, np.flatnonzero(np.diff(run[busy])) + 1)
    return [Stretch(int(empty[p[0]]), int(empty[p[-1]]), 0, float(usual[p].sum())) for p in parts if p.size]


def peaks(
    counts: Counts, cycle: int, *, around: int = 4, times: float = 5.0, least: int = 50, wide: int = 7
) -> list[Stretch]:
    """Find places with far more events than their neighbours.

    A place is a peak when it has at least `least` events and more than `times` the median both of the same place in the
    neighbouring cycles and of the `wide` places before and after it.

    Returns
    -------
    list of Stretch
        One for each place, in order; `usual` is the larger of the two medians.

    Examples
    --------
    >>> peaks(np.array([10] * 14 + [90] + [10] * 14), 7)
    [Stretch(first=14, last=14, found=90, usual=10.0)]
    """
    counts = np.asarray(counts)
    high = np.flatnonzero(counts >= least)
    if not high.size:
        return []
    one = np.ones_like(high)
    usual = np.maximum(
        np.nan_to_num(_usual(counts, high, one, one, cycle, around)),
        np.nan_to_num(_usual(counts, high, one, one, 1, wide)),
    )
    found = high[(counts[high] > times * usual) & (usual > 0)]
    return [
        Stretch(int(i), int(i), int(counts[i]), float(u))
        for i, u in zip(found, usual[np.isin(high, found)], strict=True)
    ]


def _usual(
    counts: Counts, places: Counts, back: Counts, ahead: Counts, cycle: int, around: int
) -> npt.NDArray[np.float64]:
    """Give the median of the neighbours of each place; not a number where it has fewer than three."""
    steps = np.arange(around)
    before = places[:, None] - cycle * (back[:, None] + steps)
    after = places[:, None] + cycle * (ahead[:, None] + steps)
    at = np.concatenate([before, after], axis=1)
    inside = (at >= 0) & (at < counts.size)
    values = np.where(inside, counts[np.clip(at, 0, counts.size - 1)], np.nan)
    enough = inside.sum(axis=1) >= 3
    usual = np.full(places.size, np.nan)
    if enough.any():
        usual[enough] = np.nanmedian(values[enough], axis=1)
    return usual
