"""Outcomes as conditions choose the journeys that a comparison counts; filters are kept through rebuilds."""

from __future__ import annotations

from pathlib import Path

import pytest

from mining.conditions import both
from mining.errors import WorkspaceError
from mining.found_words import NO_PAUSES
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


UNTIMED = MAP.replace("inactive_after: 1d\n", "")


def a_log(path: Path, times: str) -> Path:
    """Write two journeys, Look and Ask then Buy, and Look and Ask, at the five times given."""
    whose = zip("aaabb", ("Look", "Ask", "Buy", "Look", "Ask"), times.split(), strict=True)
    path.write_text("case,activity,time\n" + "".join(f"{c},{a},{t}\n" for c, a, t in whose), encoding="utf-8")
    return path


@pytest.mark.parametrize("times", ["2026-01-01 " * 5, "2026-01-01 2026-01-01 2026-01-01 2026-02-01 2026-02-01"])
def test_pauses_of_nothing_tell_nothing_of_open_journeys(tmp_path: Path, times: str) -> None:
    plan = JourneyMap.parse(UNTIMED, "shop")
    with Workspace() as ws:
        ws.ingest(a_log(tmp_path / "days.csv", times))
        found = compare(ws, plan)
        assert found.outcomes.inactive_after_s is None
        assert (found.outcomes.converted, found.outcomes.dropped, found.outcomes.open) == (1, 1, 0)
        assert found.outcomes.no_window == NO_PAUSES
        assert NO_PAUSES in [str(note) for note in found.notes]
        assert set(outcome_conditions(ws, plan)) == {"converted", "dropped"}
        declared = compare(ws, JourneyMap.parse(MAP, "shop"))
        assert declared.outcomes.inactive_after_s == 86400.0
        assert declared.outcomes.open == 1
        assert declared.notes == ()


def test_journeys_of_one_event_have_no_pause(tmp_path: Path) -> None:
    with Workspace() as ws:
        ws.ingest(write_log(tmp_path / "shop.csv", [["Look"], ["Buy"]]))
        found = compare(ws, JourneyMap.parse(UNTIMED, "shop"))
    assert found.outcomes.no_window == NO_PAUSES
    assert (found.outcomes.dropped, found.outcomes.open) == (1, 0)


@pytest.mark.parametrize(("last", "said"), [("9999-12-31T23:59:59", True), ("2026-01-05", False)])
def test_a_log_that_ends_after_it_was_loaded_is_told_of(tmp_path: Path, last: str, said: bool) -> None:
    with Workspace() as ws:
        ws.ingest(a_log(tmp_path / "ahead.csv", f"2026-01-01 2026-01-02 2026-01-03 2026-01-01 {last}"))
        found = compare(ws, JourneyMap.parse(MAP, "shop"))
        assert found.outcomes.no_window is None
    notes = [str(note) for note in found.notes if "was loaded on" in str(note)]
    assert [note.split(".")[0][:29] for note in notes] == ["The log ends on 9999-12-31, b"] * said


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
