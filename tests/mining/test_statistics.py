"""Intervals and tests against statsmodels and scipy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from mining.statistics import benjamini_hochberg, fisher_exact, median_places, newcombe, wilson

tables = st.tuples(st.integers(1, 400), st.integers(1, 400)).flatmap(
    lambda n: st.tuples(st.integers(0, n[0]), st.just(n[0]), st.integers(0, n[1]), st.just(n[1]))
)


@settings(max_examples=100, deadline=None)
@given(tables)
def test_wilson_equals_statsmodels(table: tuple[int, int, int, int]) -> None:
    count, n, _, _ = table
    assert wilson(count, n) == pytest.approx(proportion_confint(count, n, method="wilson"), abs=1e-9)


@settings(max_examples=100, deadline=None)
@given(tables)
def test_newcombe_equals_statsmodels(table: tuple[int, int, int, int]) -> None:
    difference, low, high = newcombe(*table)
    assert (low, high) == pytest.approx(confint_proportions_2indep(*table, method="newcomb", compare="diff"), abs=1e-9)
    assert difference == pytest.approx(table[0] / table[1] - table[2] / table[3])


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 3000) | st.sampled_from([10_000, 49_999, 50_000, 1_000_000]))
def test_the_interval_of_a_median_equals_scipy(n: int) -> None:
    values = np.arange(n, dtype=float)
    low, high = stats.quantile_test(values, q=0, p=0.5).confidence_interval()
    assert median_places(n) == (None if np.isnan(low) else (low, high))


def test_newcombe_equals_the_published_example() -> None:
    """Newcombe 1998, Statistics in Medicine 17:873, table II, example (a) 56/70 - 48/80, method 10."""
    assert [round(x, 4) for x in newcombe(56, 70, 48, 80)] == [0.2, 0.0524, 0.3339]


@settings(max_examples=100, deadline=None)
@given(tables)
def test_fisher_equals_scipy(table: tuple[int, int, int, int]) -> None:
    a, n1, b, n2 = table
    assert fisher_exact(a, n1, b, n2) == pytest.approx(stats.fisher_exact([[a, n1 - a], [b, n2 - b]])[1], abs=1e-7)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_benjamini_hochberg_equals_scipy(p_values: list[float]) -> None:
    assert benjamini_hochberg(p_values) == pytest.approx(list(stats.false_discovery_control(np.array(p_values))))


def test_nothing_is_undefined_not_zero() -> None:
    assert wilson(0, 0) == (None, None)
    assert benjamini_hochberg([]) == []
