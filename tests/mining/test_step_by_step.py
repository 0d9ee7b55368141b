"""Steps of journeys, against plain Python."""

from __future__ import annotations

from collections import Counter

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from mining.frames import VARIANTS
from mining.journey_graph import END, OTHER, START
from mining.step_by_step import step_links, step_matrix, told_apart
from tests.mining.test_journey_graph import LOGS


def variants_of(log: dict[tuple[int, ...], int]) -> pl.DataFrame:
    rows = [(i, list(path), n) for i, (path, n) in enumerate(log.items())]
    return pl.DataFrame(rows, VARIANTS.columns, orient="row")


def test_journeys_part_from_step_to_step():
    links = step_links(variants_of({(0, 1): 3, (0, 5, 1): 2}), 3, [0, 1])
    assert links.rows() == [
        (1, START, 0, 5),
        (2, 0, OTHER, 2),
        (2, 0, 1, 3),
        (3, OTHER, 1, 2),
        (3, 1, END, 3),
    ]


def test_what_happens_and_ends_within_the_steps_is_told_apart():
    log = variants_of({(0, 1, 2): 50, (0, 4): 30, (0, 1, 1, 3): 15, (5,): 1})
    assert told_apart(log, 2, 2) == [4, 0]  # of the ends, only 4 comes within two steps
    assert told_apart(log, 2, 9) == [4, 0, 1, 5]  # 2 and 3 come later; 5 ends one journey of 96
    assert told_apart(log, 3, 4) == [2, 4, 0, 1]
    assert told_apart(log, 9, 1) == [0]


@given(log=LOGS, n_steps=st.integers(1, 8), n=st.integers(1, 6))
def test_the_rest_is_never_more_than_what_is_told_apart(log: dict[tuple[int, ...], int], n_steps: int, n: int):
    happens: Counter[int] = Counter()
    ends: Counter[int] = Counter()
    for path, journeys in log.items():
        for code in path[:n_steps]:
            happens[code] += journeys
        if path and len(path) <= n_steps:
            ends[path[-1]] += journeys
    ends = Counter({code: count for code, count in ends.items() if count >= 0.02 * sum(log.values())})
    own = told_apart(variants_of(log), n_steps, n)
    last = sorted(ends, key=lambda code: (-ends[code], code))[: n // 2]
    assert own[: len(last)] == last
    assert own[len(last) :] == sorted(happens.keys() - set(last), key=lambda c: (-happens[c], c))[: n - len(last)]


@given(log=LOGS, n_steps=st.integers(1, 8))
def test_every_step_has_all_journeys(log: dict[tuple[int, ...], int], n_steps: int):
    matrix = step_matrix(step_links(variants_of(log), n_steps, list(range(6))))
    journeys = sum(log.values())
    for step in matrix["step"].unique():
        counted: Counter[int] = Counter()
        for path, n in log.items():
            counted[path[step - 1] if step <= len(path) else END] += n
        at = matrix.filter(pl.col("step") == step)
        assert dict(at.select("activity", "n_journeys").iter_rows()) == counted
        assert at["n_journeys"].sum() == journeys
