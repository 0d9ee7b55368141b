"""Conditions on a log of several row groups, held against plain polars: what goes along rows needs them in order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from pipeline import queries, steps
from pipeline.store import Workspace

JOURNEYS, EVENTS = 9_000, 400_000  # a row group holds 122,880 rows
FIRST = 1_767_225_600_000_000  # 2026-01-01 in microseconds


@pytest.fixture(scope="module")
def log() -> pl.DataFrame:
    draw = np.random.default_rng(20131)
    seconds = draw.permutation(EVENTS * 5)[:EVENTS]
    return pl.DataFrame(
        {
            "key": [f"c{i:05}" for i in draw.integers(0, JOURNEYS, EVENTS)],
            "activity": pl.Series(draw.choice(list("ABCDEFGH"), EVENTS)),
            "time": pl.Series(seconds * 1_000_000 + FIRST).cast(pl.Datetime("us")),
            "channel": pl.Series(draw.choice(["web", "shop", ""], EVENTS, p=[0.1, 0.1, 0.8])).replace("", None),
        }
    ).sort("key", "time")


@pytest.fixture(scope="module")
def workspace(log: pl.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    folder: Path = tmp_path_factory.mktemp("many")
    log.sample(fraction=1.0, shuffle=True, seed=1).write_parquet(folder / "log.parquet")
    with Workspace(folder / "log.duckdb") as workspace:
        workspace.ingest(folder / "log.parquet", journey="key", activity="activity", time="time")
        yield workspace


def keys_within(log: pl.DataFrame, a: str, b: str, seconds: int) -> pl.Series:
    last = pl.when(pl.col("activity") == a).then("time").forward_fill().shift().over("key")
    near = pl.col("time") - last <= timedelta(seconds=seconds)
    return log.filter((pl.col("activity") == b) & near)["key"].unique()


def keys_of_first(log: pl.DataFrame, channel: str) -> pl.Series:
    firsts = log.drop_nulls("channel").group_by("key", maintain_order=True).first()
    return firsts.filter(pl.col("channel") == channel)["key"]


@pytest.mark.parametrize("case", ["within", "again within", "first value"])
def test_filters_choose_and_count_what_a_plain_reading_does(
    workspace: Workspace, log: pl.DataFrame, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "PART", 70_001)
    where, keys = {
        "within": ("follows('A', 'B', '300s')", keys_within(log, "A", "B", 300)),
        "again within": ("follows('C', 'C', '300s')", keys_within(log, "C", "C", 300)),
        "first value": ("channel = 'shop'", keys_of_first(log, "shop")),
    }[case]
    chosen = log.filter(pl.col("key").is_in(keys.implode()))
    assert 0 < keys.len() < JOURNEYS
    assert queries.journeys(workspace, where)["key"].sort().to_list() == keys.sort().to_list()
    following = pl.col("key") == pl.col("key").shift(-1)
    pairs = (
        chosen.select(
            "key",
            source=pl.col("activity"),
            target=pl.col("activity").shift(-1),
            wait=(pl.col("time").shift(-1) - pl.col("time")).dt.total_seconds(),
            follows=following,
        )
        .filter("follows")
        .group_by("source", "target")
        .agg(pl.len(), pl.col("key").n_unique(), pl.col("wait").median(), pl.col("wait").sum().alias("total"))
        .sort("source", "target")
    )
    found = queries.edges(workspace, where).select("n", "n_journeys", "wait_median_s", "wait_total_s")
    assert found.rows() == pairs.select("len", "key", "wait", "total").rows()
