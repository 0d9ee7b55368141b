"""How much longer the way to the goal is with a deviation: held against medians of times added up event by event."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from math import hypot
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy import stats

from mining.journey_map import JourneyMap
from pipeline.compare import compare
from pipeline.store import Workspace

PLAN = """
id: m
goal: pay
stages:
  - id: s
    steps:
      - {id: see, events: [S]}
      - {id: pay, events: [P]}
      - {id: thank, events: [T], optional: true, repeatable: true}
"""
START = datetime(2026, 1, 1)
Journey = list[tuple[str, float]]  # what happened, and after how many seconds


@pytest.fixture
def ws() -> Iterator[Workspace]:
    with Workspace() as workspace:
        yield workspace


def journeys(n: int, seed: int) -> dict[str, Journey]:
    """Make journeys: some ask (A) before they pay, which takes longer; most go on after the goal, some never pay."""
    draw = random.Random(seed)
    made = {}
    for number in range(n):
        steps = ["S", *(["A"] if draw.random() < 0.5 else []), *(["P"] if draw.random() < 0.9 else [])]
        steps += ["T"] * draw.randrange(4) if "P" in steps else []
        seconds = 0.0
        walked = []
        for step in steps:
            walked.append((step, seconds))
            seconds += draw.expovariate(1 / (9000 if step in "AT" else 1000))
        made[f"j{number:03}"] = walked
    return made


def with_interval(seconds: list[float]) -> tuple[float, float, float]:
    """Give a median with the interval that the sign test gives."""
    interval = stats.quantile_test(seconds, p=0.5, q=0).confidence_interval()
    return float(np.median(seconds)), interval.low, interval.high


def test_it_lasts_from_the_first_event_to_the_goal(ws: Workspace, tmp_path: Path) -> None:
    made = journeys(300, seed=7)
    rows = [
        {"case": key, "act": step, "ts": START + timedelta(seconds=seconds)}
        for key, walked in made.items()
        for step, seconds in walked
    ]
    pl.DataFrame(rows).write_csv(tmp_path / "log.csv")
    ws.ingest(tmp_path / "log.csv", journey="case", activity="act", time="ts")
    found = compare(ws, JourneyMap.parse(PLAN))
    [row] = found.deviations.filter(pl.col("kind") == "ad_hoc").to_dicts()
    to_goal = {key: dict(walked)["P"] for key, walked in made.items() if "P" in dict(walked)}
    asked = {key for key, walked in made.items() if "A" in dict(walked)}
    (one, low1, high1), (two, low2, high2) = (
        with_interval([seconds for key, seconds in to_goal.items() if (key in asked) is those])
        for those in (True, False)
    )
    assert row["median_extra_s"] == pytest.approx(one - two, abs=1e-5)
    assert row["median_extra_low_s"] == pytest.approx(one - two - hypot(one - low1, high2 - two), abs=1e-5)
    assert row["median_extra_high_s"] == pytest.approx(one - two + hypot(high1 - one, two - low2), abs=1e-5)
    times = found.journeys.filter(pl.col("to_goal_s").is_not_null())
    assert dict(times.select("key", "to_goal_s").iter_rows()) == pytest.approx(to_goal, abs=1e-5)


def test_a_goal_without_a_time_tells_no_time(ws: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    file.write_text("case,act,ts\na,S,2026-01-01\na,P,\na,T,2026-01-03\nb,S,2026-01-01\nb,P,2026-01-02\n")
    ws.ingest(file, journey="case", activity="act", time="ts")
    found = compare(ws, JourneyMap.parse(PLAN))
    assert found.outcomes.converted == 2
    assert found.journeys.sort("key")["to_goal_s"].to_list() == [None, 86400.0]
