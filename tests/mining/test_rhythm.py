"""Holes and peaks of made-up rhythms, counted by hand."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mining.rhythm import Stretch, holes, peaks

WEEK = [30, 30, 30, 30, 30, 5, 0]


def test_a_closed_sunday_is_no_hole() -> None:
    assert holes(np.array(WEEK * 10), 7) == []


def test_an_outage_over_a_weekend_is_one_hole() -> None:
    days = np.array(WEEK * 10)
    days[32:38] = 0  # Friday to Wednesday: the Saturday is too quiet to miss, the Sunday is always empty
    assert holes(days, 7) == [Stretch(32, 37, 0, 4 * 30.0)]


def test_a_hole_of_weeks_is_judged_by_what_stands_outside_it() -> None:
    days = np.array([20] * 100)
    days[30:72] = 0
    assert holes(days, 7) == [Stretch(30, 71, 0, 42 * 20.0)]


def test_a_quiet_log_has_no_holes() -> None:
    assert holes(np.array([3, 0, 2, 4, 0, 0, 1] * 10), 7) == []
    assert holes(np.array([0] * 50), 7) == []
    assert holes(np.array([], dtype=np.int64), 7) == []


def test_one_side_is_enough_to_know_a_rhythm() -> None:
    assert holes(np.array([0, 0, *[20] * 60, 0]), 7) == [Stretch(0, 1, 0, 40.0), Stretch(62, 62, 0, 20.0)]
    assert holes(np.array([20, 0, 20]), 7) == []  # too short to know a rhythm


def test_a_peak_is_far_over_its_days_and_its_neighbours() -> None:
    days = np.array(WEEK * 10)
    days[23] = 151
    assert peaks(days, 7) == [Stretch(23, 23, 151, 30.0)]
    days[23] = 150
    assert peaks(days, 7) == []


def test_growth_and_weekly_peaks_are_no_peaks() -> None:
    assert peaks(np.array([10, 10, 10, 10, 10, 300, 10] * 10), 7) == []
    assert peaks(np.array([round(1.05**i) for i in range(150)]), 7) == []


@given(st.lists(st.integers(0, 40), max_size=80), st.integers(1, 9))
def test_holes_are_empty_apart_and_in_order(counts: list[int], cycle: int) -> None:
    found = holes(np.array(counts, dtype=np.int64), cycle)
    assert all(sum(counts[hole.first : hole.last + 1]) == 0 for hole in found)
    assert all(one.last + 1 < two.first for one, two in pairwise(found))
    assert all(hole.usual >= 10 for hole in found)
