"""Quantiles of times, and the bounds of their median, by putting values into order only as far as it takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from mining.statistics import median_places


class Median(NamedTuple):
    """The median of times in seconds, the bounds of its 95% interval, and of how many times; None is not known."""

    value: float
    low: float | None
    high: float | None
    n: int | None


def quantiles(values: np.ndarray, shares: tuple[float, ...]) -> list[float]:
    """Give quantiles of integers, between two values by straight interpolation; `values` may be reordered.

    Examples
    --------
    >>> quantiles(np.array([4, 1, 3, 2]), (0.5, 1.0))
    [2.5, 4.0]
    """
    return _at(values, [share * float(values.size - 1) for share in shares])


def bounded(values: np.ndarray, shares: tuple[float, ...]) -> tuple[list[float], float | None, float | None]:
    """Give quantiles of integers, and the 95% interval of the median by order statistics; `values` may be reordered.

    Returns
    -------
    list of float
        As `quantiles` gives them.
    float or None, float or None
        The bounds of the median; None where there are too few values, see `mining.statistics.median_places`.

    Examples
    --------
    >>> bounded(np.array([4, 1, 3, 2, 6, 5]), (0.5,)), bounded(np.array([4, 1]), (0.5,))
    (([3.5], 1.0, 6.0), ([2.5], None, None))
    """
    places = median_places(values.size)
    if places is None:
        return quantiles(values, shares), None, None
    found = _at(values, [*(share * float(values.size - 1) for share in shares), *map(float, places)])
    return found[:-2], found[-2], found[-1]


def _at(values: np.ndarray, places: Sequence[float]) -> list[float]:
    """Give what stands at some places of the values in order."""
    values.partition(sorted({int(np.floor(p)) for p in places} | {int(np.ceil(p)) for p in places}))
    return [_between(values, place) for place in places]


def _between(values: np.ndarray, place: float) -> float:
    below, above = int(np.floor(place)), int(np.ceil(place))
    return float(values[below]) + (place - below) * float(values[above] - values[below])
