"""Steps of journeys, against plain Python."""

from __future__ import annotations

from collections import Counter

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from mining.frames import VARIANTS
from mining.journey_graph import END, OTHER, START
from mining.step_by_step import step_links, step_matrix
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
