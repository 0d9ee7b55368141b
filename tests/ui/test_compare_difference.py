"""The difference on Compare: how its two sides are chosen, who is on them, and what is said where they do not do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from shutil import copyfile

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from mining.conditions import both
from mining.flow_nodes import touchpoint_node
from mining.following import places
from mining.journey_map import JourneyMap
from pipeline import queries
from pipeline.compare import compare
from pipeline.kept_filters import keep_filter
from pipeline.plan_questions import settled
from pipeline.store import Workspace
from tests.ui.shown import tables
from ui.difference_beside import next_rows
from ui.panel_data import of_steps
from ui.scenes.laid import lay

OpenApp = Callable[..., AppTest]
ROOT = Path(__file__).resolve().parents[2]
PLAN = JourneyMap.read(ROOT / "data" / "open_university" / "bbb_2013j.yaml")


def difference(app: AppTest, by: str = "time", a: object = None, b: object = None) -> AppTest:
    """Open the difference, with two sides that were chosen or written before."""
    app.session_state["difference_by"] = by
    if a is not None:
        app.session_state[f"difference_a_{by}"], app.session_state[f"difference_b_{by}"] = a, b
    app.segmented_control(key="compare_map_of").set_value("difference").run()
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    return next(c.value for c in app.caption if c.value.startswith("A, ")).replace("\\", "")


def refused(app: AppTest) -> str:
    assert not any(c.value.startswith("A, ") for c in app.caption)
    return "\n".join(i.value for i in (*app.info, *app.error)).replace("\\", "")


@pytest.fixture(scope="module")
def count(sample: Path) -> Callable[..., int]:
    """Count journeys that the plan is for and that meet all conditions."""

    def counted(*conditions: str) -> int:
        with Workspace(sample) as workspace:
            return queries.summary(workspace, both(PLAN.where, *conditions)).journeys

    return counted


def test_two_halves_of_the_time_are_compared(open_app: OpenApp, sample: Path) -> None:
    app = difference(open_app(sample))
    assert "**from Aug 6, 2013 on** (1,105 journeys), against B, **before Aug 6, 2013** (1,082 journeys)" in said(app)
    app.session_state["compare_difference"] = {"selection": {"type": "node", "id": "t:tma_1"}}
    app.run()
    assert any("Difference: **+" in m.value.replace("\\", "") for m in app.markdown)
    app.segmented_control(key="compare_map_as_table").set_value(True).run()
    assert not app.exception
    assert "Register" in tables(app)[0]["name"].to_list()


def test_what_parts_the_journeys_of_the_plan_is_offered(open_app: OpenApp, sample: Path) -> None:
    """The plan is of one module and one presentation: neither parts its journeys; scores are of events."""
    offered = difference(open_app(sample)).selectbox(key="difference_by_en").options
    assert offered[:4] == ["Periods of time", "How journeys end", "Personas of the plan", "Kept filters, conditions"]
    assert {"previous_attempts", "score of events"} <= set(offered)
    assert not {"module", "presentation", "banked"} & set(offered)


def test_values_of_an_attribute_and_those_without_one(open_app: OpenApp, sample: Path) -> None:
    with Workspace(sample) as workspace:
        bands = queries.journeys(workspace, PLAN.where)["deprivation_band"]
    n, missing = dict(bands.value_counts().iter_rows()), bands.null_count()
    assert missing > 0
    a, b = sorted(band for band in n if band is not None)[:2]
    app = difference(open_app(sample), "attribute:deprivation_band", a, b)
    assert f"**deprivation_band: {a}** ({n[a]} journeys), against B, **deprivation_band: {b}** ({n[b]} " in said(app)
    assert f"{len(bands) - n[a] - n[b]:,} are in neither, {missing} of them without deprivation_band." in said(app)


@pytest.mark.parametrize(
    ("by", "a", "b"),
    [
        ("outcome", "converted", "dropped"),
        ("persona", PLAN.personas[0].where, PLAN.personas[1].where),
    ],
)
def test_outcomes_and_personas_part_all_journeys(open_app: OpenApp, sample: Path, by: str, a: str, b: str) -> None:
    app = difference(open_app(sample), by, a, b)
    assert "neither" not in said(app)
    assert "both" not in said(app)


def test_a_typed_condition_against_all_others_within_the_filter(
    open_app: OpenApp, sample: Path, count: Callable[..., int]
) -> None:
    app = difference(open_app(sample), "condition")
    assert any("type a condition" in c.value for c in app.caption)
    app = difference(open_app(sample, where=["gender = 'F'"]), "condition", "previous_attempts > 0")
    a, b = (count("gender = 'F'", f"previous_attempts {sign} 0") for sign in (">", "<="))
    assert f"**previous_attempts: more than 0** ({a} journeys), against B, **all others** ({b:,} journeys)" in said(app)


def test_who_is_on_both_sides_is_left_out_of_both(
    open_app: OpenApp, sample: Path, tmp_path: Path, count: Callable[..., int]
) -> None:
    path = tmp_path / "kept.duckdb"
    copyfile(sample, path)
    with Workspace(path) as workspace:
        keep_filter(workspace, "Women", ("gender = 'F'",))
        keep_filter(workspace, "Again", ("previous_attempts > 0",))
    app = difference(open_app(path), "condition", "Women", "agai")  # a part of a name tells which
    shared = count("gender = 'F'", "previous_attempts > 0")
    a, b = count("gender = 'F'") - shared, count("previous_attempts > 0") - shared
    assert f"A, **Women** ({a:,} journeys), against B, **Again** ({b:,} journeys)" in said(app)
    assert f"{shared} journeys are on both sides and left out of both." in said(app)
    app.segmented_control(key="compare_map_as_table").set_value(True).run()
    rows = {row["name"]: row for row in tables(app)[0].rows(named=True) if row["kind_said"] == "Touchpoint"}
    passed = "(passes('Result: Pass') or passes('Result: Distinction'))"
    n = count("gender = 'F'", "previous_attempts = 0", passed)
    assert rows["Pass the module"]["a"] == pytest.approx(n / a)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("gender = 'X'", None, ["A, gender: X: no journey."]),
        (
            "gender = 'X'",
            "n_events > 14 or n_events < 2",
            ["A, gender: X: no journey.", "2 journeys, too few to compare; 30 are needed"],
        ),
        ("gender = 'F' and n_events > 3", "gender = 'F'", ["every one of its"]),
        ("gender = 'F') or (1 = 1", None, ["cannot be read"]),
        ("gendr = 'F'", None, ["names what is not there"]),
    ],
)
def test_sides_that_will_not_do_are_told(
    open_app: OpenApp, sample: Path, a: str, b: str | None, expected: list[str]
) -> None:
    told = refused(difference(open_app(sample), "condition", a, b))
    assert all(words in told for words in expected), told


@pytest.mark.parametrize(
    ("preset", "a", "b"),
    [
        (
            "months",
            "A, begins Nov 1, 2013 – Nov 2, 2013: 1 journey",
            "B, begins Oct 1, 2013 – Oct 31, 2013: 15 journeys",
        ),
        ("days", "A, begins Oct 4, 2013 – Nov 2, 2013: ", None),
    ],
)
def test_presets_end_with_the_last_journey(open_app: OpenApp, sample: Path, preset: str, a: str, b: str | None) -> None:
    app = difference(open_app(sample))
    app.selectbox(key="difference_periods_en").set_value(preset).run()
    assert a in refused(app)
    assert b is None or b in refused(app)


def test_days_of_ones_own(open_app: OpenApp, sample: Path, count: Callable[..., int]) -> None:
    app = difference(open_app(sample))
    app.selectbox(key="difference_periods_en").set_value("own").run()
    days = (date(2013, 7, 1), date(2013, 7, 31)), (date(2013, 6, 1), date(2013, 6, 30))
    for widget, chosen in zip(app.date_input, days, strict=True):
        widget.set_value(chosen)
    app.run()
    b, a = (count(f"start >= '2013-0{month}-01'", f"start < '2013-0{month + 1}-01'") for month in (6, 7))
    assert f"A, **begins Jul 1, 2013 – Jul 31, 2013** ({a} journeys)" in said(app)
    assert f"B, **begins Jun 1, 2013 – Jun 30, 2013** ({b} journeys)" in said(app)


def test_a_choice_of_sides_outlives_another_page_and_another_language(open_app: OpenApp, sample: Path) -> None:
    app = difference(open_app(sample))
    app.selectbox(key="difference_by_en").set_value("attribute:gender").run()
    app.selectbox(key="difference_a_attribute:gender_en").set_value("M").run()
    app.selectbox(key="difference_b_attribute:gender_en").set_value("F").run()
    before = said(app)
    app.switch_page("ui/gaps_page.py").run()
    app.switch_page("ui/compare_page.py").run()
    assert said(app) == before
    app.session_state["lang"] = "vi"
    app.run()
    assert app.selectbox(key="difference_by_vi").value == "attribute:gender"
    assert app.selectbox(key="difference_a_attribute:gender_vi").value == "M"
    assert app.selectbox(key="difference_b_attribute:gender_vi").value == "F"


def test_the_table_says_what_the_picture_shows(open_app: OpenApp, sample: Path) -> None:
    app = difference(open_app(sample), "outcome")
    app.segmented_control(key="compare_map_as_table").set_value(True).run()
    rows = tables(app)[0]
    assert set(rows["kind_said"]) == {"Stage", "Touchpoint", "Left here", "Link"}
    known = rows.drop_nulls("difference")
    assert known["difference"].to_list() == pytest.approx((known["a"] - known["b"]).to_list())


WOMEN, MEN = "gender = 'F'", "gender = 'M'"


@pytest.mark.parametrize(
    ("kind", "id_", "question", "more"),
    [
        ("node", "t:tma_1", "visits('tma_1')", ("Waiting time", "What comes next", "Example journeys")),
        ("node", "x:settle_in:Withdraw", "deviates('ad_hoc', 'Withdraw', 'settle_in')", ("Example journeys",)),
        ("edge", "t:tma_1>t:tma_2>ok", "takes('t:tma_1', 't:tma_2', 'ok')", ("Waiting time", "What comes next")),
        ("stage", "first_half", "reaches('first_half')", ("Time in the stage", "Example journeys")),
        ("drop_off", "t:tma_1", "left_after('tma_1')", ("Example journeys",)),
    ],
)
def test_everything_in_the_picture_opens_a_panel_of_both_sides(
    open_app: OpenApp, sample: Path, kind: str, id_: str, question: str, more: tuple[str, ...]
) -> None:
    def count(*conditions: str) -> int:
        with Workspace(sample) as workspace:
            return queries.summary(
                workspace, settled(workspace, PLAN, both(PLAN.where, question, *conditions))
            ).journeys

    app = difference(open_app(sample), "condition", "previous_attempts > 0")
    app.session_state["compare_difference"] = {"selection": {"type": kind, "id": id_}}
    app.run()
    assert not app.exception
    texts = "\n".join(m.value for m in app.markdown).replace("\\", "")
    a, b = count("previous_attempts > 0"), count("previous_attempts = 0")
    assert f"{a:,} of " in texts
    assert f"{b:,} of " in texts
    assert all(words in texts for words in more), texts
    assert ("beyond chance" in texts) or ("Within chance" in texts)
    assert app.button(key="difference_panel_only").label == f"Only these {a + b:,} journeys"
    app.button(key="difference_panel_A").click().run()
    assert app.session_state["compare_map_of"] == "log"
    assert any(f"**{a:,}** of" in m.value for m in app.markdown)


def test_what_comes_next_is_that_of_the_raw_rows(sample: Path) -> None:
    """Counted in the file itself: the activity of the row behind each one of TMA 1, by learner and in order."""
    rows = pl.read_parquet(ROOT / "data" / "open_university" / "open_university.parquet")
    rows = rows.filter(pl.col("module") == "BBB", pl.col("presentation") == "2013J", pl.col("banked") == 0)
    rows = rows.with_row_index("place").sort("registration", "time", "place")
    behind = rows.with_columns(next=pl.col("activity").shift(-1).over("registration")).filter(activity="TMA 1")
    activity = {touchpoint_node(t.id): {b.activity for b in t.events} for t in PLAN.touchpoints()}
    for condition, gender in ((WOMEN, "F"), (MEN, "M")):
        with Workspace(sample) as workspace:
            found = compare(workspace, PLAN, where=condition)
        laid = lay(found)
        steps = places(laid.walk, pl.col("target") == "t:tma_1")
        said = of_steps(steps, found.journeys, found.log.journeys, None)
        shares = next_rows(said, said)
        side = behind.filter(gender=gender)
        assert said.n_followed == side.height
        for node, share in shares.select("next", "a").iter_rows():
            if node in activity:
                assert share == pytest.approx(side.filter(pl.col("next").is_in(activity[node])).height / side.height)
        ended = shares.filter(next="end")["a"].sum()
        assert ended == pytest.approx(side["next"].null_count() / side.height)
        assert shares["difference"].to_list() == [0.0] * shares.height
