"""A log that has an order and no times: every page says so in words, and none stumbles."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from pipeline import queries
from pipeline.store import Workspace
from tests.ui.shown import tables
from ui.charts.lines_of_time import lines_data
from ui.language import speaking
from ui.scenes.replay import replay

OpenApp = Callable[..., AppTest]
PATHS = {"1": ["Look", "Buy"], "2": ["Look", "Help", "Buy"], "3": ["Look"]}
NO_TIMES = "The log has no times"


def xes() -> str:
    """Three journeys, as a file of a process mining tool that keeps no times."""
    traces = "".join(
        f'<trace><string key="concept:name" value="{key}"/>'
        + "".join(f'<event><string key="concept:name" value="{name}"/></event>' for name in path)
        + "</trace>"
        for key, path in PATHS.items()
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><log xes.version="1.0">{traces}</log>'


@pytest.fixture
def untimed_file(tmp_path: Path) -> Path:
    path = tmp_path / "untimed.xes"
    path.write_text(xes(), encoding="utf-8")
    return path


@pytest.fixture
def untimed(tmp_path: Path, untimed_file: Path) -> Path:
    path = tmp_path / "untimed.duckdb"
    with Workspace(path) as workspace:
        workspace.ingest(untimed_file)
    return path


def captions(app: AppTest) -> list[str]:
    return [c.value for c in app.caption]


def test_activities_are_counted_and_the_calendar_is_left_out(open_app: OpenApp, untimed: Path) -> None:
    app = open_app(untimed, "explore")
    app.segmented_control(key="explore_view").set_value("numbers").run()
    assert not app.exception
    assert any(NO_TIMES in said for said in captions(app))
    lengths, counted = tables(app)
    assert "duration_s" not in lengths.columns
    assert dict(zip(counted["name"], counted["n_events"], strict=True)) == {"Look": 3, "Buy": 2, "Help": 1}


def test_a_journey_is_shown_in_order_without_dates(open_app: OpenApp, untimed: Path, shop: str) -> None:
    app = open_app(untimed, plan=shop)
    app.segmented_control(key="compare_view").set_value("list").run()
    assert not app.exception
    assert any(NO_TIMES in said for said in captions(app))
    events = next(frame for frame in tables(app) if "activity" in frame.columns)
    assert events["activity"].drop_nulls().to_list() in list(PATHS.values())
    assert "time" not in events.columns
    assert "gap_s" not in events.columns


def test_drop_off_and_data_say_that_times_are_unknown(open_app: OpenApp, untimed: Path, shop: str) -> None:
    app = open_app(untimed, "drop_off", plan=shop)
    assert any("none as open" in m.value for m in app.markdown)
    assert not any("Silence of" in m.value for m in app.markdown)
    assert "without times" in captions(app)
    app.switch_page("ui/data_page.py").run()
    assert any(NO_TIMES in said for said in captions(app))
    assert not any(said.startswith("From") for said in captions(app))


def test_a_file_without_times_can_be_loaded(open_app: OpenApp, small: Path, untimed_file: Path) -> None:
    app = open_app(small, "data")
    app.segmented_control(key="data_view").set_value("load").run()
    app.text_input(key="load_path").input(str(untimed_file)).run()
    assert any("**6 kept, 0 rejected**, **3 journeys**" in m.value.replace("\\", "") for m in app.markdown)
    assert any("only the order of the events is known" in said for said in captions(app))
    app.button(key="load_go").click().run()
    assert app.session_state["data_job"].job.wait(60)
    app.run()
    assert not app.exception
    assert [e.value for e in app.error] == []
    assert small.with_name("untimed.duckdb").exists()


@pytest.fixture
def some(tmp_path: Path) -> Path:
    """Two of five events have no time, one of them in a journey of its own."""
    log, path = tmp_path / "some.csv", tmp_path / "some.duckdb"
    log.write_text("case,activity,time\n1,Look,\n1,Help,2026-01-01\n1,Buy,2026-01-03\n2,Look,2026-01-02\n3,Look,\n")
    with Workspace(path) as workspace:
        workspace.ingest(log, journey="case", activity="activity", time="time", undated="keep")
    return path


def test_pictures_of_time_leave_events_without_a_time_out(some: Path) -> None:
    with Workspace(some) as workspace, speaking("en"):
        lines = lines_data(queries.timeline(workspace, ["1", "2", "3"]))
        steps = queries.sampled_steps(workspace).select("journey_id", "time_us", link=pl.lit("a"))
        played = replay(steps, ["a"], 3)
        assert replay(steps.with_columns(time_us=pl.lit(None, pl.Int64)), ["a"], 3) is None
    assert lines.select("key", "activity", "at").rows() == [
        ("1", "Help", 0.0),
        ("1", "Buy", 172_800.0),
        ("2", "Look", 0.0),
    ]
    assert played is not None
    assert [token["at"] for token in played["tokens"]] == [[0.0, 0.0, 172_800.0], [0.0]]


def test_some_events_without_a_time_stop_no_page(open_app: OpenApp, some: Path, shop: str) -> None:
    app = open_app(some, "explore", plan=shop)
    app.segmented_control(key="explore_view").set_value("numbers").run()
    assert not app.exception
    for page in ("compare", "drop_off", "data"):
        app.switch_page(f"ui/{page}_page.py").run()
        assert not app.exception
    app.segmented_control(key="data_view").set_value("quality").run()
    assert any("Events without a time" in m.value for m in app.markdown)
    app.switch_page("ui/compare_page.py").run()
    app.segmented_control(key="compare_view").set_value("list").run()
    assert not app.exception
