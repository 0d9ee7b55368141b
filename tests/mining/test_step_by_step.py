"""Steps of journeys, against plain Python."""

from __future__ import annotations

from collections import Counter

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from mining.frames import ACTIVITIES, ENDPOINTS, VARIANTS
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


def test_what_most_journeys_end_with_is_told_apart():
    activities = pl.DataFrame([(i, str(i), 100 - i, 100 - i) for i in range(6)], ACTIVITIES.columns, orient="row")
    endpoints = pl.DataFrame([(0, 100, 1), (1, 0, 1), (4, 0, 8), (5, 0, 90)], ENDPOINTS.columns, orient="row")
    assert told_apart(activities, endpoints, 1) == [0]
    assert told_apart(activities, endpoints, 4) == [5, 4, 0, 1]
    assert told_apart(activities, endpoints, 5) == [5, 4, 0, 1, 2]  # 0 and 1 end one journey of 100 each
    assert sorted(told_apart(activities, endpoints, 9)) == [0, 1, 2, 3, 4, 5]


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
