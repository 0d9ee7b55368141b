"""Outcomes as conditions choose the journeys that a comparison counts; filters are kept through rebuilds."""

from __future__ import annotations

from pathlib import Path

import pytest

from mining.conditions import both
from mining.errors import WorkspaceError
from mining.journey_map import JourneyMap
from pipeline import queries
from pipeline.compare import compare
from pipeline.kept_filters import drop_filter, keep_filter, kept_filters
from pipeline.kept_plan import keep_plan, kept_plan
from pipeline.store import Workspace
from pipeline.window import outcome_conditions
from tests.pipeline.test_cli import MAP, SAMPLE, write_log


@pytest.mark.parametrize("name", ["bbb_2013j", "ddd_2013j"])
def test_outcomes_of_the_sample(name: str) -> None:
    plan = JourneyMap.read(SAMPLE / f"{name}.yaml")
    with Workspace() as ws:
        ws.ingest(SAMPLE / "open_university.parquet")
        counted = compare(ws, plan).outcomes
        chosen = {
            outcome: queries.summary(ws, both(plan.where, condition)).journeys
            for outcome, condition in outcome_conditions(ws, plan).items()
        }
    assert chosen == {"converted": counted.converted, "dropped": counted.dropped, "open": counted.open}


def test_open_journeys_are_those_that_are_young_at_the_end(tmp_path: Path) -> None:
    plan = JourneyMap.parse(MAP.replace("inactive_after: 1d", "inactive_after: 150s"), "shop")
    with Workspace() as ws:
        ws.ingest(write_log(tmp_path / "shop.csv", [["Look"], ["Look", "Ask"], ["Look", "Ask", "Ask", "Buy"]]))
        conditions = outcome_conditions(ws, plan)
        counted = compare(ws, plan).outcomes
        found = {name: queries.summary(ws, condition).journeys for name, condition in conditions.items()}
    assert found == {"converted": 1, "dropped": 1, "open": 1}
    assert (counted.converted, counted.dropped, counted.open) == (1, 1, 1)


def test_outcomes_that_attributes_tell_are_no_conditions(tmp_path: Path) -> None:
    plan = JourneyMap.parse(MAP.replace("events: [Buy]", "events: [{activity: Buy, channel: web}]"), "shop")
    with Workspace() as ws:
        ws.ingest(write_log(tmp_path / "shop.csv"))
        assert outcome_conditions(ws, plan) == {}
        nowhere = JourneyMap.parse(MAP.replace("events: [Buy]", "events: [Sold]"), "shop")
        assert outcome_conditions(ws, nowhere) == {}


def test_filters_are_kept_with_the_workspace(tmp_path: Path) -> None:
    log, place = write_log(tmp_path / "shop.csv"), tmp_path / "shop.duckdb"
    with Workspace(place) as ws:
        ws.ingest(log)
        assert kept_filters(ws) == {}
        keep_filter(ws, " người  mới ", ("n_events > 1", "key <> 'a''b'"))
        keep_filter(ws, "b", ())
        keep_filter(ws, "b", ("n_events = 1",))
        ws.remove("shop.csv")
        ws.ingest(log)
    with Workspace(place) as ws:
        assert kept_filters(ws) == {"b": ("n_events = 1",), "người mới": ("n_events > 1", "key <> 'a''b'")}
        drop_filter(ws, "b")
        drop_filter(ws, "nobody")
        assert list(kept_filters(ws)) == ["người mới"]
        for name in ("  ", "x" * 81):
            with pytest.raises(WorkspaceError, match="needs a name"):
                keep_filter(ws, name, ())


def test_the_plan_in_use_is_kept_with_the_workspace(tmp_path: Path) -> None:
    log, place = write_log(tmp_path / "shop.csv"), tmp_path / "shop.duckdb"
    with Workspace(place) as ws:
        ws.ingest(log)
        assert kept_plan(ws) is None
        keep_plan(ws, "a.yaml", "id: a")
        keep_plan(ws, "cửa hàng.yaml", MAP)
        ws.remove("shop.csv")
        ws.ingest(log)
    with Workspace(place) as ws:
        assert kept_plan(ws) == ("cửa hàng.yaml", MAP)
