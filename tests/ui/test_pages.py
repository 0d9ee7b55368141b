"""Each page shows the numbers that the floors below give, in both languages."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from streamlit.errors import StreamlitAPIException
from streamlit.testing.v1 import AppTest

from mining.journey_map import JourneyMap
from pipeline import queries
from pipeline.compare import compare
from pipeline.findings import Findings
from pipeline.store import Workspace
from tests.ui.shown import tables
from ui import canvas, formats
from ui.journey import beyond_goal, with_fault
from ui.language import speaking
from ui.scenes.laid import lay
from ui.scenes.planned import planned_scene

ROOT = Path(__file__).resolve().parents[2]
TITLES = {
    "data": ("Data", "Dữ liệu"),
    "explore": ("Explore", "Khám phá"),
    "plan": ("Plan", "Kế hoạch"),
    "compare": ("Compare", "So sánh"),
    "drop_off": ("Drop-off", "Rời bỏ"),
    "gaps": ("Gaps", "Khoảng trống"),
}
OpenApp = Callable[..., AppTest]


def texts(app: AppTest) -> list[str]:
    return [m.value for m in app.markdown]


@pytest.fixture(scope="module")
def found(sample: Path) -> Findings:
    with Workspace(sample) as workspace:
        return compare(workspace, JourneyMap.read(ROOT / "data" / "open_university" / "bbb_2013j.yaml"))


@pytest.mark.parametrize("page", TITLES)
@pytest.mark.parametrize("language", ["en", "vi"])
def test_a_page_opens_in_both_languages(open_app: OpenApp, sample: Path, page: str, language: str) -> None:
    app = open_app(sample, page, language=language)
    assert not app.exception
    assert [e.value for e in app.error] == []
    assert app.title[0].value == TITLES[page][language == "vi"]


def test_the_language_switch_changes_words_and_the_address(open_app: OpenApp, sample: Path) -> None:
    app = open_app(sample)
    assert app.title[0].value == "Compare"
    app.segmented_control(key="lang").set_value("vi").run()
    assert app.title[0].value == "So sánh"
    assert app.query_params["lang"] in ("vi", ["vi"])
    app.switch_page("ui/plan_page.py").run()
    assert app.title[0].value == "Kế hoạch"
    assert any("Học phần BBB" in text for text in texts(app))


def test_data_shows_counts_and_provenance(open_app: OpenApp, sample: Path) -> None:
    app = open_app(sample, "data")
    with Workspace(sample) as workspace:
        log = queries.summary(workspace)
        source = queries.sources(workspace).row(0, named=True)
    with speaking("en"):
        expected = [formats.number(n) for n in (log.journeys, log.events, log.activities, log.variants, 0)]
    assert [m.value for m in app.metric] == expected
    shown = tables(app)[0].row(0, named=True)
    assert (shown["name"], shown["rows_in"]) == ("open_university.parquet", log.events)
    assert shown["sha256"] == source["sha256"][:12]


def test_compare_shows_the_figures_of_the_findings(open_app: OpenApp, sample: Path, found: Findings) -> None:
    app = open_app(sample)
    n, ends = found.log.journeys, found.outcomes
    with speaking("en"):
        assert [(m.label, m.value) for m in app.metric] == [
            ("As planned", formats.percent(found.alignment.perfect_share)),
            ("Fitness", formats.percent(found.alignment.fitness)),
            ("Converted", formats.percent(ends.converted / n)),
            ("Dropped", formats.percent(ends.dropped / n)),
            ("Open", formats.percent(ends.open / n)),
            ("Coverage", formats.percent(found.map.event_coverage)),
        ]


def test_compare_says_how_many_of_those_as_planned_are_dropped(open_app: OpenApp, small: Path, shop: str) -> None:
    """Journeys 1 and 3 leave the plan nowhere, and 3 stops on the way."""
    shown = {m.label: (m.value, m.delta) for m in open_app(small, plan=shop).metric}
    assert shown["As planned"] == ("50%", "incl. 25% dropped")
    assert shown["Dropped"] == ("25%", "")


@pytest.fixture
def without_canvas(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where the browser's part of the canvas is not installed: the board stands in its place."""

    def missing(*_args: Any, **_options: Any) -> None:
        raise StreamlitAPIException("not installed")

    monkeypatch.setattr(canvas, "show", missing)


@pytest.mark.usefixtures("without_canvas")
def test_the_board_heads_its_stages_with_the_funnel(open_app: OpenApp, sample: Path, found: Findings) -> None:
    captions = [c.value for c in open_app(sample).caption]
    with speaking("en"):
        for n in found.stages["n_journeys"]:
            assert f"**{formats.number(n)}** · {formats.percent(n / found.log.journeys)}" in captions


@pytest.mark.usefixtures("without_canvas")
def test_a_badge_opens_the_examples_of_its_deviation(open_app: OpenApp, sample: Path, found: Findings) -> None:
    app = open_app(sample)
    row = found.deviations.row(0, named=True)
    app.button(key=f"open__{row['kind']}_{row['touchpoint']}_{row['activity']}_{row['stage']}").click().run()
    assert not app.exception
    assert any(f"In {row['journeys']} journeys" in text and "Withdraw" in text for text in texts(app))
    assert any(row["examples"][0].replace("-", r"\-") in text for text in texts(app))


def test_the_list_ranks_the_deviations_and_shows_the_first(open_app: OpenApp, sample: Path, found: Findings) -> None:
    app = open_app(sample)
    app.segmented_control(key="compare_view").set_value("list").run()
    assert not app.exception
    shown = tables(app)[0]
    assert shown["journeys"].to_list() == found.deviations["journeys"].to_list()
    assert shown["effect"].null_count() == found.deviations["effect"].null_count()
    app.pills(key="deviation_kinds").set_value(["late"]).run()
    late = found.deviations.filter(found.deviations["kind"] == "late")
    assert tables(app)[0]["journeys"].to_list() == late["journeys"].to_list()
    assert any("came after its deadline" in text for text in texts(app))


def test_the_event_at_fault_is_marked(open_app: OpenApp, sample: Path) -> None:
    app = open_app(sample)
    app.segmented_control(key="compare_view").set_value("list").run()
    app.pills(key="deviation_kinds").set_value(["late"]).run()
    events = next(table for table in tables(app)[1:] if "sign" in table.columns)
    assert events.filter(pl.col("sign").str.contains("Late")).select("sign", "title").rows() == [("▶ ◷ Late", "TMA 5")]


def test_which_of_two_events_is_at_fault_is_not_guessed() -> None:
    rows = pl.DataFrame({"mark": ["planned", "repeated", "planned"], "touchpoint": ["a", "a", "b"]})
    about = {"kind": "late", "touchpoint": "a"}
    assert with_fault(rows, about)["mark"].to_list() == ["late", "repeated", "planned"]
    twice = rows.with_columns(touchpoint=pl.lit("a"))
    assert with_fault(twice, about).equals(twice)
    assert with_fault(rows, {"kind": "repeated", "touchpoint": "a"}).equals(rows)


@pytest.mark.parametrize(
    ("happened", "wanted"),
    [
        ([("a", "planned"), ("goal", "missing"), (None, "ad_hoc"), ("b", "planned")], "b"),
        ([("a", "planned"), ("goal", "planned"), ("b", "planned")], None),
        ([("b", "irregular_sequence"), ("goal", "missing")], None),
        ([("goal", "missing"), ("b", "planned"), ("goal", "irregular_sequence")], None),
    ],
)
def test_a_journey_that_went_past_the_goal_is_told(happened: list[tuple[str | None, str]], wanted: str | None) -> None:
    rows = pl.DataFrame(happened, ["touchpoint", "mark"], orient="row")
    assert beyond_goal(rows, "goal") == wanted


def test_the_sidebar_says_what_this_is_and_leads_from_the_sample_to_a_load(
    open_app: OpenApp, sample: Path, small: Path
) -> None:
    app = open_app(sample)
    assert any(text.startswith("**Desire Path**") and "compared with" in text for text in texts(app))
    app.button(key="load_yours").click().run()
    assert app.title[0].value == "Data"
    assert app.file_uploader(key="load_upload_0") is not None
    assert not [button for button in open_app(small).button if button.key == "load_yours"]


def test_an_example_journey_is_shown_against_the_plan(open_app: OpenApp, small: Path, shop: str) -> None:
    app = open_app(small, plan=shop)
    app.segmented_control(key="compare_view").set_value("list").run()
    app.pills(key="deviation_kinds").set_value(["repeated"]).run()
    assert not app.exception
    events = next(table for table in tables(app)[1:] if "sign" in table.columns)
    assert (
        events.select("sign", "title", "activity").rows()
        == [
            ("✓ As planned", "Looks", "Look"),
            ("+ Unplanned", None, "Help"),
            ("▶ ↻ Repeated", "Looks", "Look"),
            ("✓ As planned", "Buys", "Buy"),
        ]
        or events["sign"].str.contains("Repeated").sum() == 1
    )


def test_drop_off_shows_rates_over_mature_journeys(open_app: OpenApp, sample: Path, found: Findings) -> None:
    app = open_app(sample, "drop_off")
    shown = tables(app)[0]
    for column in ("reached", "went_on", "dropped", "open", "mature", "rate"):
        assert shown[column].to_list() == found.from_start[column].to_list()
    most = found.from_start["dropped"].arg_max() or 0
    assert most > 0
    following = tables(app)[1]
    assert following["n"].to_list() == [item["journeys"] for item in found.from_start["next"][most]]


def test_drop_off_by_touchpoint_says_what_the_pills_of_the_map_say(
    open_app: OpenApp, sample: Path, found: Findings
) -> None:
    app = open_app(sample, "drop_off")
    app.segmented_control(key="drop_off_by").set_value("touchpoint").run()
    shown = tables(app)[0]
    with speaking("en"):
        cards = {card["label"]: card for card in planned_scene(found, lay(found))["nodes"]}
    for row in shown.to_dicts():
        card = cards[row["title"]]
        assert card.get("drop", {"value": 0})["value"] == row["left"]
        assert card["value"] == row["n_journeys"]
    nowhere = int(next(c.value for c in app.caption if "no planned touchpoint" in c.value).split(": ")[1].split()[0])
    assert shown["left"].sum() + nowhere == found.outcomes.dropped
    assert "#### Left here · Register" in texts(app)


def test_the_share_of_a_skip_names_its_base_on_gaps_and_on_compare(
    open_app: OpenApp, sample: Path, found: Findings
) -> None:
    """144 of the 1,182 that got as far, and of all 2,187."""
    app = open_app(sample, "gaps")
    skips = next(frame for frame in tables(app) if "of_all" in frame.columns)
    assert skips.select("journeys", "of").row(0) == (144, 1182)
    assert skips.select("share", "of_all").row(0) == pytest.approx((144 / 1182, 144 / 2187))
    app = open_app(sample)
    app.session_state["compare_view"], app.session_state["deviation_kinds"] = "list", ["missing"]
    app.run()
    said = "\n".join(texts(app)).replace("\\", "")
    assert "The share is of all 2,187 journeys; of the 1,182 that got as far it is 12%, as on Gaps." in said


def test_gaps_are_grouped_and_counted(open_app: OpenApp, sample: Path, found: Findings) -> None:
    app = open_app(sample, "gaps", language="vi")
    counts = [frame.height for frame in tables(app)]
    kinds = found.gaps["kind"].to_list()
    assert counts == [kinds.count(kind) for kind in dict.fromkeys(kinds)]
    assert "Trong những tuần chờ khai giảng tôi có thể làm gì?" in tables(app)[0]["what"].to_list()


def test_explore_says_what_share_its_picture_covers(open_app: OpenApp, small: Path) -> None:
    app = open_app(small, "explore")
    assert "all **4** journeys" in texts(app)
    assert any(" boxes, " in text and "can be followed from start to end" in text for text in texts(app))
    app.segmented_control(key="explore_view").set_value("paths").run()
    assert tables(app)[0]["n_journeys"].to_list() == [1, 1, 1, 1]
    app.segmented_control(key="explore_view").set_value("journeys").run()
    app.text_input(key="journey_search").input("4").run()
    assert tables(app)[0]["key"].to_list() == ["4"]
    app.segmented_control(key="explore_view").set_value("numbers").run()
    assert tables(app)[1]["n_events"].sum() == 8
    assert not app.exception


@pytest.mark.usefixtures("without_canvas")
def test_names_from_data_stay_text(open_app: OpenApp, small: Path, shop: str) -> None:
    app = open_app(small, plan=shop)
    labels = [button.label for button in app.button]
    nasty = next(label for label in labels if "smile" in label)
    assert r"\<b\>\$x\$\<\/b\>" in nasty
    assert ":smile:" not in nasty


def test_a_new_load_is_seen_at_once(open_app: OpenApp, small: Path, tmp_path: Path) -> None:
    """What was cached about the log before is never shown again."""
    app = open_app(small, "data")
    assert app.metric[0].value == "4"
    more = tmp_path / "more.csv"
    more.write_text("case,event,at,channel\n9,Look,2026-04-01 10:00,web\n", encoding="utf-8")
    from ui import state

    state.open_workspace(str(small)).ingest(more, journey="case", activity="event", time="at", append=True)
    app.run()
    assert app.metric[0].value == "5"


def test_without_a_plan_the_pages_teach(open_app: OpenApp, small: Path) -> None:
    for page in ("compare", "drop_off", "gaps"):
        app = open_app(small, page)
        assert any("No plan is chosen yet" in text for text in texts(app)), page


def test_an_empty_workspace_teaches(open_app: OpenApp, tmp_path: Path) -> None:
    path = tmp_path / "empty.duckdb"
    Workspace(path).close()
    for page in ("compare", "explore"):
        app = open_app(path, page)
        assert any("No log is loaded yet" in text for text in texts(app)), page
        assert not app.exception


def test_a_missing_workspace_is_made_from_the_sample(open_app: OpenApp, tmp_path: Path) -> None:
    app = open_app(tmp_path / "new" / "sample.duckdb", "data")
    assert app.metric[0].value == "32,593"


def test_a_file_that_is_no_workspace_is_said(open_app: OpenApp, tmp_path: Path) -> None:
    path = tmp_path / "log.duckdb"
    path.write_text("not a database, but long enough to be one", encoding="utf-8")
    app = open_app(path)
    assert "is not a workspace" in app.error[0].value
    assert not app.exception


@pytest.mark.parametrize("page", TITLES)
def test_no_page_takes_a_second_once_it_was_seen(open_app: OpenApp, sample: Path, page: str) -> None:
    """The best of three runs, since other programs run on the same machine; a page usually takes a tenth of it."""
    app = open_app(sample, page)
    times = []
    for _ in range(3):
        started = time.perf_counter()
        app.run()
        times.append(time.perf_counter() - started)
    assert min(times) < 1.0
