"""Intervals, the exact test, and the ledger of all tests with its false-discovery control.

Closed forms, because importing a statistics package would cost more time than a whole comparison; the tests hold every
function against statsmodels and scipy.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from mining.messages import N_

LEVEL = 0.95
Z95 = 1.959963984540054
TOO_FEW = 30  # below this many journeys in either group a comparison is not shown
METHOD = N_("Benjamini-Hochberg")
Q_LIMIT = 0.05


Estimate = tuple[float, float, float]  # a value, and the bounds of its 95% interval


def wilson(count: int, n: int) -> tuple[float | None, float | None]:
    """Give the 95% Wilson score interval of a share; None, None where n is 0 (doi 10.1080/01621459.1927.10502953).

    Examples
    --------
    >>> [round(bound, 4) for bound in wilson(15, 148)]
    [0.0624, 0.1605]
    """
    if n == 0:
        return None, None
    return _wilson(count / n, n)


def _wilson(share: float, n: int) -> tuple[float, float]:
    centre = share + Z95**2 / (2 * n)
    half = Z95 * math.sqrt(share * (1 - share) / n + Z95**2 / (4 * n**2))
    scale = 1 + Z95**2 / n
    low = 0.0 if share == 0 else (centre - half) / scale
    high = 1.0 if share == 1 else (centre + half) / scale
    return low, high


@lru_cache(10_000)
def median_places(n: int) -> tuple[int, int] | None:
    """Give the places in order, from 0, of the values that bound the median of `n` with 95% confidence or more.

    Whatever the distribution: the number of values below the median is binomial (Conover 1999, Practical Nonparametric
    Statistics, chapter 3.2). None where there are fewer than 6, which bound nothing.

    Examples
    --------
    >>> median_places(10), median_places(5)
    ((1, 8), None)
    """
    first = max(0, math.floor(n / 2 - 5 * math.sqrt(n)))  # fewer lie below the median once in 10**22
    below = np.arange(first, n // 2 + 1)
    start = math.lgamma(n + 1) - math.lgamma(first + 1) - math.lgamma(n - first + 1) - n * math.log(2)
    steps = np.log((n - below[:-1]) / (below[:-1] + 1))
    at_most = np.exp(start + np.append(0.0, steps.cumsum())).cumsum()
    bound = first + int(np.searchsorted(at_most, (1 - LEVEL) / 2))
    return (bound - 1, n - bound) if bound else None


def newcombe(count1: int, n1: int, count2: int, n2: int) -> Estimate:
    """Give the risk difference p1 - p2 with its 95% interval by Newcombe's hybrid score method.

    Method 10 of doi 10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I. Both n must be above 0.

    Examples
    --------
    >>> [round(x, 4) for x in newcombe(56, 70, 48, 80)]
    [0.2, 0.0524, 0.3339]
    """
    p1, p2 = count1 / n1, count2 / n2
    return difference_of((p1, *_wilson(p1, n1)), (p2, *_wilson(p2, n2)))


def difference_of(first: Estimate, second: Estimate) -> Estimate:
    """Give the difference of two independent estimates with an interval made of theirs.

    Zou and Donner's MOVER, doi 10.1002/sim.3095; of two shares with Wilson's intervals it is Newcombe's method 10.

    Examples
    --------
    >>> difference_of((10.0, 7.0, 14.0), (4.0, 0.0, 7.0))
    (6.0, 1.7573593128807152, 11.65685424949238)
    """
    (one, low1, high1), (two, low2, high2) = first, second
    difference = one - two
    low = difference - math.hypot(one - low1, high2 - two)
    high = difference + math.hypot(high1 - one, two - low2)
    return difference, low, high


def fisher_exact(count1: int, n1: int, count2: int, n2: int) -> float:
    """Give the two-sided p-value of Fisher's exact test: the probability of all tables no likelier than this one."""
    from mining.fisher_kernel import no_likelier

    return float(no_likelier(count1, n1, count2, n2))


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """Give the q-value of each p-value over the whole ledger (doi 10.1111/j.2517-6161.1995.tb02031.x).

    Examples
    --------
    >>> benjamini_hochberg([0.01, 0.04, 0.03])
    [0.03, 0.04, 0.04]
    """
    if not len(p_values):
        return []
    p = np.asarray(p_values, dtype=float)
    order = np.argsort(p)[::-1]
    ranks = np.arange(len(p), 0, -1)
    q = np.minimum.accumulate(np.minimum(1.0, p[order] * len(p) / ranks))
    back = np.empty_like(q)
    back[order] = q
    return [float(x) for x in back]
