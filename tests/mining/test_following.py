"""What comes next on paths, against plain Python."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import polars as pl
from hypothesis import given

from mining.following import (
    following,
    journeys_at,
    path_steps,
    places,
    places_at,
    sampled,
    since_before,
    steps_of,
    until_next,
)
from mining.frames import VARIANTS
from mining.journey_graph import END, OTHER, START
from tests.mining.test_journey_graph import LOGS


def walk_of(log: dict[tuple[int, ...], int], nodes: list[int] | None = None) -> pl.DataFrame:
    rows = [(i, list(path), n) for i, (path, n) in enumerate(log.items())]
    return path_steps(pl.DataFrame(rows, VARIANTS.columns, orient="row"), nodes)


def test_a_walk_goes_from_the_start_to_the_end():
    walk = walk_of({(0, 1, 7): 3}, [0, 1])
    assert walk.rows() == [(0, 3, 0, START, 0), (0, 3, 1, 0, 1), (0, 3, 2, 1, OTHER), (0, 3, None, OTHER, END)]


@given(log=LOGS)
def test_what_comes_next_is_counted_by_events_and_by_journeys(log: dict[tuple[int, ...], int]):
    found = places(walk_of(log), (pl.col("source") == 0) & (pl.col("target") == 1))
    n: Counter[int] = Counter()
    n_journeys: Counter[int] = Counter()
    with_it = 0
    for path, journeys in log.items():
        ends = [*path, END]
        after = [ends[i + 2] for i, pair in enumerate(pairwise(path)) if pair == (0, 1)]
        with_it += journeys * bool(after)
        n.update({key: times * journeys for key, times in Counter(after).items()})
        n_journeys.update(dict.fromkeys(set(after), journeys))
    assert {row[0]: row[1:] for row in following(found).rows()} == {key: (n[key], n_journeys[key]) for key in n}
    assert journeys_at(found) == with_it


@given(log=LOGS)
def test_steps_are_found_in_the_journeys_of_their_paths(log: dict[tuple[int, ...], int]):
    walk = walk_of(log)
    paths = [path for path, n in enumerate(log.values()) for _ in range(n)][::-1]
    journeys = pl.DataFrame({"journey_id": range(len(paths)), "path": pl.Series(paths, dtype=pl.UInt32)})
    expected = {
        (journey, position)
        for journey, path in enumerate(paths)
        for position, pair in enumerate(pairwise(list(log)[path]), 1)
        if pair[1] == 1
    }
    found = places(walk, pl.col("target") == 1)
    every, n = sampled(since_before(found), journeys, 1000, 1)
    assert set(every.rows()) == {(journey, position - 1, position) for journey, position in expected}
    assert (every.height, n) == (len(expected), len(expected))
    some, n = sampled(since_before(found), journeys, 2, 1)
    assert set(some.rows()) <= set(every.rows())
    assert (some.height, n) == (min(2, len(expected)), len(expected))
    assert some.equals(sampled(since_before(found), journeys, 2, 1)[0])


@given(log=LOGS)
def test_the_time_until_the_next_step_ends_there(log: dict[tuple[int, ...], int]):
    found = until_next(places(walk_of(log), pl.col("target") == 1), END)
    assert set(found.select("path", "since", "position").rows()) == {
        (number, position, position + 1)
        for number, path in enumerate(log)
        for position, (node, _) in enumerate(pairwise(path))
        if node == 1
    }


@given(log=LOGS)
def test_steps_are_given_by_rows_and_by_paths(log: dict[tuple[int, ...], int]):
    walk = walk_of(log)
    rows = walk.select(pl.col("target") == 1).to_series().arg_true()
    after = pl.when(pl.col("path") == pl.col("path").shift(-1)).then(pl.col("target").shift(-1))
    assert places_at(walk, rows).equals(walk.with_columns(next=after).filter(pl.col("target") == 1))
    odd = pl.Series(range(1, len(log), 2), dtype=pl.UInt32)
    assert steps_of(walk, odd).equals(walk.filter(pl.col("path") % 2 == 1))
