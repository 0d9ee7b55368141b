"""How long journeys are, and samples of them, against numpy on the events themselves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from pipeline import queries
from pipeline.store import Workspace

PATHS = {"1": ["A", "B"], "2": ["A"], "3": ["A", "B", "B", "C"], "4": ["B", "C"]}


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    rows = [
        f"{key},{name},2026-01-0{int(key)} {10 + position}:{int(key):02}"
        for key, path in PATHS.items()
        for position, name in enumerate(path)
    ]
    file = tmp_path / "log.csv"
    file.write_text("\n".join(["case,event,at", *rows]), encoding="utf-8")
    with Workspace() as workspace:
        workspace.ingest(file, journey="case", activity="event", time="at")
        yield workspace


def test_quantiles_are_those_of_numpy(workspace: Workspace):
    found = queries.journey_quantiles(workspace)
    events = [len(path) for path in PATHS.values()]
    assert found["n_events"].to_list() == pytest.approx(np.quantile(events, queries.SHARES))
    assert found["duration_s"].to_list() == pytest.approx(
        np.quantile([3600.0 * (n - 1) for n in events], queries.SHARES)
    )
    assert queries.journey_quantiles(workspace, "key = 'nobody'").is_empty()


def test_bars_count_every_journey_once(workspace: Workspace):
    bins = queries.journey_bins(workspace, duration_width=3600.0, events_width=1.0, last=2)
    assert bins.rows() == [
        ("duration_s", 0, 1),
        ("duration_s", 1, 2),
        ("duration_s", 2, 1),
        ("n_events", 1, 1),
        ("n_events", 2, 3),
    ]


def test_a_sample_has_whole_journeys_and_the_same_ones_again(workspace: Workspace):
    every = queries.sampled_steps(workspace, n=99)
    names = dict(queries.activities(workspace).select("activity", "name").iter_rows())
    named = every.with_columns(pl.col("activity").replace_strict(names, return_dtype=pl.String))
    paths = named.group_by("journey_id", maintain_order=True).agg("activity", "position")
    assert sorted(paths["activity"].to_list()) == sorted(PATHS.values())
    assert all(position == list(range(len(position))) for position in paths["position"].to_list())
    two = queries.sampled_steps(workspace, n=2)
    assert two["journey_id"].n_unique() == 2
    assert two.equals(queries.sampled_steps(workspace, n=2))
    assert set(queries.sampled_steps(workspace, "key = '3'", n=2)["position"]) == {0, 1, 2, 3}


def test_every_journey_is_drawn_as_often_as_any_other(workspace: Workspace):
    """400 draws of one of four journeys: each about 100 times (a chi-square of 3 degrees, p = 0.001)."""
    drawn = [queries.sampled_steps(workspace, n=1, seed=seed)["journey_id"][0] for seed in range(400)]
    counts = np.bincount(drawn, minlength=4)
    assert ((counts - 100) ** 2 / 100).sum() < 16.27


def test_a_wait_is_the_time_from_one_event_to_another(workspace: Workspace):
    schema = {"journey_id": pl.UInt32, "since": pl.Int64, "position": pl.Int64}
    spans = pl.DataFrame({"journey_id": [0, 2, 2], "since": [0, 0, 2], "position": [1, 1, 3]}, schema=schema)
    found = queries.waits_at(workspace, spans)
    assert found.rows() == [(0, 0, 1, 3600.0), (2, 0, 1, 3600.0), (2, 2, 3, 3600.0)]
