"""Every deviation and every drop-off that is shown can be looked at alone, or left out: exactly the journeys told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from mining.journey_map import JourneyMap
from mining.questions import shows
from pipeline.compare import compare
from pipeline.findings import Findings
from pipeline.language import Language
from pipeline.names import Names
from pipeline.report.sentences import told
from pipeline.store import Workspace
from tests.ui.test_map_panels import click, journeys
from ui.filter_words import Known, in_words, said
from ui.filters import Filter
from ui.language import speaking
from ui.plan_discovered import LOOKED_AT

OpenApp = Callable[..., AppTest]
PLAN = Path(__file__).resolve().parents[2] / "data" / "open_university" / "bbb_2013j.yaml"
ALL = 2187
RULED = PLAN.read_text(encoding="utf-8") + "\nrules: [{id: registers, before: tma_2, must: cma_1}]\n"


@pytest.fixture(scope="module")
def found(sample: Path) -> Findings:
    with Workspace(sample) as workspace:
        return compare(workspace, JourneyMap.parse(RULED))


@pytest.mark.parametrize(
    ("kind", "id_", "n"),
    [
        ("badge", "d:late:settle_in:tma_1:", None),
        ("stage", "settle_in", 1855),
        ("drop_off", "t:tma_1", 126),
        ("edge", "t:register>t:module_starts>ok", 1834),
        ("node", "t:tma_1", 1645),
        ("node", "x:enrol:Withdraw", None),
    ],
)
def test_a_click_on_the_map_chooses_what_it_tells(
    open_app: OpenApp, sample: Path, found: Findings, kind: str, id_: str, n: int | None
) -> None:
    parts = id_.split(":")
    if n is None:
        here = (pl.col("kind") == parts[1]) & (pl.col("touchpoint") == parts[-2])
        if kind == "node":
            here = (pl.col("stage") == parts[1]) & (pl.col("activity") == parts[2])
        n = found.deviations.filter(here)["journeys"].item()
    app = click(open_app(sample), "compare_map", kind, id_)
    app.button(key="compare_panel_only").click().run()
    assert journeys(app) == n
    app.button(key="filter_undo").click().run()
    app = click(app, "compare_map", kind, id_)
    app.button(key="compare_panel_without").click().run()
    assert journeys(app) == ALL - n


@pytest.mark.parametrize("kind", ["missing", "stage_skipped", "ad_hoc", "late", "rule_broken"])
def test_a_row_of_the_list_chooses_its_journeys(open_app: OpenApp, sample: Path, found: Findings, kind: str) -> None:
    rows = found.deviations.filter(pl.col("kind") == kind)
    app = open_app(sample, plan=RULED)
    app.session_state["compare_view"], app.session_state["deviation_kinds"] = "list", [kind]
    app.run()
    app.button(key="deviation_list_only").click().run()
    assert not app.exception
    assert journeys(app) == rows["journeys"][0]


def test_a_row_of_drop_off_chooses_its_journeys(open_app: OpenApp, sample: Path, found: Findings) -> None:
    app = open_app(sample, "drop_off")
    app.button(key="milestone_only").click().run()
    assert not app.exception
    assert journeys(app) == found.from_start["dropped"].max()
    app.button(key="filter_undo").click().run()
    app.segmented_control(key="drop_off_by").set_value("touchpoint").run()
    told = next(m.value for m in app.markdown if m.value.startswith("**") and "journeys of " in m.value)
    app.button(key="compare_panel_only").click().run()
    assert journeys(app) == int(told.split("**")[1].replace(",", ""))


@pytest.mark.parametrize("page", ["explore", "drop_off", "gaps"])
def test_every_page_looks_at_the_same_journeys(open_app: OpenApp, sample: Path, found: Findings, page: str) -> None:
    row = found.deviations.filter(pl.col("kind") == "late").row(0, named=True)
    app = open_app(sample, page)
    app.session_state["filter"] = Filter((shows(row),))
    app.run()
    assert not app.exception
    assert journeys(app) == row["journeys"]


def test_a_first_plan_is_made_of_the_same_journeys(open_app: OpenApp, sample: Path, found: Findings) -> None:
    row = found.deviations.filter(pl.col("kind") == "late").row(0, named=True)
    app = open_app(sample, "plan")
    app.session_state["filter"], app.session_state[LOOKED_AT] = Filter((shows(row),)), True
    app.run()
    assert not app.exception
    assert any(f"Made of the **{row['journeys']}** journeys" in caption.value for caption in app.caption)


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("deviates('missing', 'register')", "Skipped: “Register”"),
        ("not deviates('late', 'register')", "without Late: “Register”"),
        ("deviates('ad_hoc', 'Withdraw', 'enrol')", "Unplanned: “Withdraw” in stage “Enrol”"),
        ("deviates('stage_skipped', 'enrol')", "Stage skipped: “Enrol”"),
        ("deviates('repeated', 'gone')", "Repeated: “gone”"),
        ("deviates('late')", "Late"),
        ("takes('t:register', 't:tma_2', 'skip')", "Register → TMA 2 · Skipped a step"),
        ("takes('t:register', 'x:enrol:Withdraw', 'unplanned')", "Register → Withdraw · Unplanned"),
        ("not takes('start', 't:register', 'ok')", "without Start → Register · As planned"),
        ("visits('register')", "goes through “Register”"),
        ("reaches('enrol')", "got to “Enrol”"),
        ("left_after('register')", "left after “Register”"),
        ("not left_before_next('register')", "did not leave after milestone “Register”"),
    ],
)
def test_questions_about_the_plan_in_words(condition: str, words: str) -> None:
    with speaking("en"):
        assert said(condition, Known({}, {}, JourneyMap.parse(RULED)))[1] == words
        joined = in_words(f"n_events > 2 and ({condition})", JourneyMap.parse(RULED))
        assert joined == f"number of events: more than 2 · {words}"
        assert said(condition, Known({}, {}))[0] in ("alt_route", "flag_check", "logout", "route")


def test_those_who_met_no_milestone_are_the_first_row_and_can_be_chosen(open_app: OpenApp, small: Path) -> None:
    """Of four journeys two bought; one only looked, long before the log ended, and one began on its last day."""
    plan = """{id: shop, goal: buy, inactive_after: 1d, stages: [{id: s, steps: [
      {id: look, events: [Look]}, {id: buy, events: [Buy], milestone: true}]}]}"""
    app = open_app(small, "drop_off", plan=plan)
    assert "#### Those who dropped before any milestone" in [m.value for m in app.markdown]
    app.button(key="milestone_only").click().run()
    assert not app.exception
    assert journeys(app) == 1


def test_a_filter_in_force_is_not_offered_again_and_is_no_finding(
    open_app: OpenApp, sample: Path, found: Findings
) -> None:
    row = found.deviations.filter(pl.col("kind") == "ad_hoc").row(0, named=True)
    app = open_app(sample)
    app.segmented_control(key="compare_view").set_value("list").run()
    only = app.button(key="deviation_list_only")
    assert only.label == f"Only these {row['journeys']} journeys"
    only.click().run()
    assert not app.exception
    assert journeys(app) == row["journeys"]
    assert [toast.value.replace("\\", "") for toast in app.toast] == [
        f"Unplanned: “Withdraw” in stage “Enrol”: {row['journeys']} journeys"
    ]
    assert "deviation_list_only" not in {button.key for button in app.button}
    assert any("already" in caption.value for caption in app.caption)
    with Workspace(sample) as workspace:
        chosen = compare(workspace, found.plan, where=shows(row))
    english = Language("en")
    lines = list(told(chosen, Names(chosen.plan, english), english))
    assert lines
    assert not any("“Withdraw” happened in the stage “Enrol”" in line for line in lines)


def test_the_panel_of_a_card_has_the_figure_of_its_pill(open_app: OpenApp, sample: Path) -> None:
    app = click(open_app(sample), "compare_map", "node", "t:tma_1")
    assert next(m.value for m in app.markdown if "Left here" in m.value) == (
        ":red[▼ Left here]: 126 journeys · 7.7% (6.5% – 9.0%)"
    )
    assert app.button(key="compare_panel_only").label == "Only these 1,645 journeys"
    app.button(key="compare_panel_left_only").click().run()
    assert not app.exception
    assert journeys(app) == 126


@pytest.mark.parametrize(
    ("page", "picture", "said", "all_said"),
    [
        ("explore", "explore_graph", "#### 35 of 114 links, 95% of all moves", "114 of 114 links, 100% of all moves"),
        ("compare", "compare_map", "#### 43 of 151 links, 96% of all moves", "151 of 151 links, 100% of all moves"),
    ],
)
def test_what_is_not_drawn_is_a_door_and_can_be_had_back(
    open_app: OpenApp, sample: Path, page: str, picture: str, said: str, all_said: str
) -> None:
    app = click(open_app(sample, page), picture, "coverage", "links")
    texts = [m.value.replace("\\", "") for m in app.markdown]
    assert said in texts
    drawn, of = (int(number) for number in said.split()[1:4:2])
    assert any(text.startswith(f"**{of - drawn}** links are not drawn") for text in texts)
    app.button(key="hidden_links_all").click().run()
    assert not app.exception
    app = click(app, picture, "coverage", "links")
    assert f"#### {all_said}" in [m.value.replace("\\", "") for m in app.markdown]
    assert any(caption.value == "Every link is drawn." for caption in app.caption)
