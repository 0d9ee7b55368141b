"""What a deviation goes with: more or fewer journeys that reach the goal, and more or less time until then."""

from __future__ import annotations

import numpy as np

from mining.population import Population, There, Units
from mining.statistics import TOO_FEW, Estimate, difference_of, fisher_exact, median_places, newcombe


def effect(having: np.ndarray, units: Units, there: There, population: Population) -> dict[str, object]:
    """Compare the share that converted, and the time to the goal, of closed journeys with and without a deviation.

    Parameters
    ----------
    having : array of int
        The units that show it, before the goal if they reach it.
    units : Units
        All units of their kind.
    there : There
        The units that got as far as its place.
    population : Population
        All journeys compared.

    Returns
    -------
    dict
        effect, effect_low, effect_high, p, n_with, n_without, median_extra_s, median_extra_low_s, median_extra_high_s,
        as `mining.ranking.Ranking` tells them; what is not known is left out.
    """
    among = having[there.mask[having]]
    n_with, won_with = int(units.closed[among].sum()), int(units.converted[among].sum())
    n_without, won_without = there.closed - n_with, there.converted - won_with
    if min(n_with, n_without) < TOO_FEW:
        return {"n_with": n_with, "n_without": n_without}
    difference, low, high = newcombe(won_with, n_with, won_without, n_without)
    group = there.mask.astype(np.uint8)  # 0 not there, 1 there without it, 2 with it
    group[among] = 2
    n_timed = int(units.timed[among].sum())
    medians = [
        _median(group, wanted, units, population, n) if n >= TOO_FEW else None
        for wanted, n in ((2, n_timed), (1, there.timed - n_timed))
    ]
    return {
        "effect": difference,
        "effect_low": low,
        "effect_high": high,
        "p": fisher_exact(won_with, n_with, won_without, n_without),
        "n_with": n_with,
        "n_without": n_without,
        **_extra(*medians),
    }


def _median(group: np.ndarray, wanted: int, units: Units, population: Population, n: int) -> Estimate:
    """Give the median of the `n` times to the goal of a group."""
    from mining.path_kernel import at_places

    places = median_places(n)
    assert places is not None  # TOO_FEW is more than it wants
    wanted_places = np.array([(n - 1) // 2, n // 2, *places], dtype=np.int64)
    low_middle, high_middle, low, high = at_places(group, wanted, units.won, population.won_s, wanted_places).tolist()
    return (low_middle + high_middle) / 2, low, high


def _extra(with_it: Estimate | None, without: Estimate | None) -> dict[str, float | None]:
    """Give the difference of two medians with its interval, where both are known."""
    if with_it is None or without is None:
        return {}
    names = ("median_extra_s", "median_extra_low_s", "median_extra_high_s")
    return dict(zip(names, difference_of(with_it, without), strict=True))
