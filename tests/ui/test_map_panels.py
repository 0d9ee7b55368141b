"""What a click on the pictures of Explore and Compare opens: numbers, examples, and the filter to look closer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.errors import StreamlitAPIException
from streamlit.testing.v1 import AppTest

from mining.journey_map import JourneyMap
from mining.statistics import wilson
from pipeline import queries
from pipeline.compare import compare
from pipeline.findings import Findings
from pipeline.store import Workspace
from tests.ui.shown import scenes, tables
from ui import canvas
from ui.language import speaking

OpenApp = Callable[..., AppTest]
ROOT = Path(__file__).resolve().parents[2]


def click(app: AppTest, picture: str, kind: str, id_: str) -> AppTest:
    app.session_state[picture] = {"selection": {"type": kind, "id": id_}}
    app.run()
    assert not app.exception
    return app


def texts(app: AppTest) -> str:
    return "\n".join(m.value for m in app.markdown)


def journeys(app: AppTest) -> int:
    """How many journeys the page says it looks at."""
    said = next(m.value for m in app.markdown if m.value.endswith(" journeys") or m.value.endswith("journeys**"))
    return int(said.split("**")[1].replace(",", ""))


@pytest.fixture(scope="module")
def code(sample: Path) -> dict[str, int]:
    with Workspace(sample) as workspace:
        return {name: code for code, name in queries.activities(workspace).select("activity", "name").iter_rows()}


@pytest.fixture(scope="module")
def found(sample: Path) -> Findings:
    with Workspace(sample) as workspace:
        return compare(workspace, JourneyMap.read(ROOT / "data" / "open_university" / "bbb_2013j.yaml"))


def test_a_link_leads_to_exactly_its_journeys(open_app: OpenApp, sample: Path, code: dict[str, int]) -> None:
    app = open_app(sample, "explore")
    app = click(app, "explore_graph", "edge", f"{code['TMA 1']}>{code['TMA 2']}")
    assert "#### TMA 1 → TMA 2" in texts(app)
    assert "**1,413** journeys of 2,187" in texts(app)
    app.button(key="explore_panel_only").click().run()
    assert journeys(app) == 1413
    app = click(app, "explore_graph", "edge", f"{code['TMA 3']}>{code['CMA 2']}")
    with Workspace(sample) as workspace:
        where = "module = 'BBB' and presentation = '2013J' and banked = 0 and directly_follows('TMA 1', 'TMA 2')"
        beyond = queries.summary(workspace, f"{where} and not directly_follows('TMA 3', 'CMA 2')").journeys
    app.button(key="explore_panel_without").click().run()
    assert journeys(app) == beyond


@pytest.mark.parametrize("end", ["start", "end"])
def test_where_journeys_begin_and_end_is_a_door_too(
    open_app: OpenApp, sample: Path, code: dict[str, int], end: str
) -> None:
    edge, n = (f"-1>{code['Register']}", 2185) if end == "start" else (f"{code['Withdraw']}>-2", 622)
    app = click(open_app(sample, "explore"), "explore_graph", "edge", edge)
    app.button(key="explore_panel_only").click().run()
    assert journeys(app) == n


def test_a_step_says_what_comes_next(open_app: OpenApp, sample: Path, code: dict[str, int]) -> None:
    app = click(open_app(sample, "explore"), "explore_graph", "node", str(code["Module starts"]))
    following = next(frame for frame in tables(app) if "range" in frame.columns)
    assert following["name"].to_list()[:2] == ["TMA 1", "Withdraw"]
    assert following["n"].to_list()[0] == 1620
    assert following["share"].to_list()[0] == pytest.approx(1620 / 1838)
    low, high = wilson(1620, 1838)
    assert following["range"].to_list()[0] == f"{low:.0%} – {high:.0%}"
    assert following["share"].sum() <= 1


@pytest.mark.parametrize("detail", ["touchpoint", "stage"])
def test_coarser_boxes_open_as_well(open_app: OpenApp, sample: Path, detail: str) -> None:
    app = open_app(sample, "explore")
    app.selectbox(key="graph_detail").set_value(detail).run()
    app = click(app, "explore_graph", "node", "1")
    n = int(texts(app).split("** journeys of 2,187")[0].rsplit("**", 1)[1].replace(",", ""))
    app.button(key="explore_panel_only").click().run()
    assert journeys(app) == n


def test_a_deviation_is_read_and_chosen(open_app: OpenApp, sample: Path, found: Findings) -> None:
    row = found.deviations.filter(found.deviations["kind"] == "missing").row(0, named=True)
    id_ = f"d:missing:{row['stage']}:{row['touchpoint']}:"
    app = click(open_app(sample), "compare_map", "badge", id_)
    with speaking("en"):
        assert f"{row['journeys']} journeys" in texts(app)
    assert "went past" in texts(app)
    app.button(key="compare_panel_only").click().run()
    assert journeys(app) == row["journeys"]


@pytest.mark.parametrize(
    ("kind", "id_", "said"),
    [
        ("node", "t:tma_1", "**1,645** journeys of 2,187"),
        ("node", "x:enrol:Withdraw", "the plan does not know it"),
        ("node", "t:exam", "Not measured"),
        ("edge", "t:tma_1>t:tma_2>ok", "**1,413** journeys of 2,187"),
        ("edge", "t:cma_5>t:exam>ok", "#### Planned path"),
        ("badge", "d:late:settle_in:tma_1:", "came after its deadline"),
        ("badge", "q:enrol", "What can I do in the weeks until it starts?"),
        ("stage", "settle_in", "**1,855** journeys of 2,187"),
        ("drop_off", "t:tma_1", "**126** journeys of 1,645"),
    ],
)
def test_everything_on_the_map_is_a_door(open_app: OpenApp, sample: Path, kind: str, id_: str, said: str) -> None:
    assert said in texts(click(open_app(sample), "compare_map", kind, id_)).replace("\\", "")


def test_a_link_that_is_taken_in_several_ways_says_how_many_take_it_in_all(
    open_app: OpenApp, sample: Path, found: Findings
) -> None:
    """The number of the whole link is that of Explore: the journeys in which one activity follows the other."""
    app = click(open_app(sample), "compare_map", "edge", "t:tma_2>t:tma_3>skip")
    said = next(c.value for c in app.caption if "in all" in c.value)
    with Workspace(sample) as workspace:
        names = dict(queries.activities(workspace, found.where).select("name", "activity").iter_rows())
        edges = queries.edges(workspace, found.where)
    link = edges.filter(edges["source"] == names["TMA 2"], edges["target"] == names["TMA 3"])
    assert said.startswith(f"{link['n_journeys'].item()} journeys take this link in all: ")
    assert "47 skipped a step" in said


def test_a_deviation_that_a_panel_lists_opens_in_its_place(open_app: OpenApp, sample: Path) -> None:
    app = click(open_app(sample), "compare_map", "node", "t:tma_1")
    app.button(key="deviation_lines_d:failed:settle_in:tma_1:").click().run()
    assert not app.exception
    assert "✕ Failed] · TMA 1: first tutor" in texts(app).replace("\\", "")
    assert "**15** journeys of 2,187" in texts(app).replace("\\", "")
    app.button(key="deviation_lines_back").click().run()
    assert "#### TMA 1: first tutor" in texts(app).replace("\\", "")
    app.button(key="deviation_lines_d:failed:settle_in:tma_1:").click().run()
    app = click(app, "compare_map", "node", "t:tma_2")
    assert "#### TMA 2" in texts(app).replace("\\", "")


ACCEPTED = """
accepted:
  - {kind: ad_hoc, activity: Withdraw, stage: enrol, owner: Registry, reason: May withdraw, until: 2030-01-01}
  - {kind: missing, touchpoint: cma_1, owner: Faculty, reason: Late joiners, until: 2030-01-01}
"""


@pytest.mark.parametrize(
    ("kind", "id_", "owner"),
    [
        ("node", "x:enrol:Withdraw", "Registry"),
        ("node", "t:cma_1", "Faculty"),
        ("badge", "d:missing:first_half:cma_1:", "Faculty"),
        ("edge", "t:register>x:enrol:Withdraw>unplanned", "Registry"),
        ("stage", "first_half", "Faculty"),
    ],
)
def test_what_the_plan_accepts_says_who_answers_for_it(
    open_app: OpenApp, sample: Path, kind: str, id_: str, owner: str
) -> None:
    """Once in the panel, once in the list below the map."""
    plan = (ROOT / "data" / "open_university" / "bbb_2013j.yaml").read_text(encoding="utf-8") + ACCEPTED
    app = click(open_app(sample, plan=plan), "compare_map", kind, id_)
    assert texts(app).replace("\\", "").count(f"{owner} answers for it, until Jan 1, 2030") == 2


def as_table(app: AppTest, which: str) -> AppTest:
    app.segmented_control(key="compare_map_as_table").set_value(True).run()
    return app.segmented_control(key="compare_table").set_value(which).run()


def test_the_tables_say_what_the_map_shows(open_app: OpenApp, sample: Path) -> None:
    app = open_app(sample)
    links = tables(as_table(app, "links"))[0].row(0, named=True)
    assert (links["from_"], links["to"], links["fit"], links["n"]) == ("Register", "Module starts", "As planned", 1834)
    assert links["wait_s"] > 0
    stages = tables(as_table(app, "stages"))[0]
    assert stages["n_journeys"].to_list() == [2187, 1855, 1532, 1302, 1058]
    touchpoints = tables(as_table(app, "touchpoints"))[0]
    assert touchpoints["title"].to_list()[:2] == ["Register", "Module starts"]
    assert dict(zip(touchpoints["title"], touchpoints["n_journeys"], strict=True))["Final exam"] is None
    beside = tables(as_table(app, "beside"))[0].row(0, named=True)
    assert (beside["title"], beside["stage"], beside["n_journeys"]) == ("Withdraw", "Enrol", 333)


@pytest.mark.parametrize("which", ["stages", "touchpoints", "links", "beside"])
def test_every_column_beside_the_map_says_what_it_is_of(open_app: OpenApp, sample: Path, which: str) -> None:
    (scene,) = scenes(as_table(open_app(sample), which))
    assert [column["label"] for column in scene["columns"] if not column.get("help")] == []


@pytest.mark.parametrize(
    ("which", "row", "said"),
    [
        ("stages", 1, "**1,855** journeys of 2,187"),
        ("touchpoints", 3, "**1,645** journeys of 2,187"),
        ("beside", 0, "#### Withdraw"),
    ],
)
def test_a_row_beside_the_map_opens_the_panel_of_the_map(
    open_app: OpenApp, sample: Path, which: str, row: int, said: str
) -> None:
    app = as_table(open_app(sample), which)
    (scene,) = scenes(app)
    app.session_state[f"compare_table_{which}"] = {"chosen": {"row": row, "rows": scene["rows"], "closed": 0}}
    assert said in texts(app.run()).replace("\\", "")
    app.button(key=f"compare_table_{which}_panel_close").click().run()
    assert said not in texts(app).replace("\\", "")


def test_the_table_says_what_the_plan_accepts(open_app: OpenApp, sample: Path) -> None:
    plan = (ROOT / "data" / "open_university" / "bbb_2013j.yaml").read_text(encoding="utf-8") + ACCEPTED
    rows = tables(as_table(open_app(sample, plan=plan), "links"))[0]
    fits = dict(zip(zip(rows["from_"], rows["to"], strict=True), rows["fit"], strict=True))
    assert fits["Register", "Withdraw"] == "Unplanned · accepted"
    assert fits["Register", "Module starts"] == "As planned"


@pytest.mark.parametrize("page", ["explore", "compare"])
def test_there_is_a_picture_without_the_canvas(
    open_app: OpenApp, sample: Path, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    def missing(*_args: Any, **_options: Any) -> None:
        raise StreamlitAPIException("not installed")

    monkeypatch.setattr(canvas, "show", missing)
    app = open_app(sample, page)
    assert not app.exception
    if page == "compare":
        assert any("Click a badge" in caption.value for caption in app.caption)
    else:
        assert len(app.get("graphviz_chart")) == 1


def test_a_name_that_is_markup_is_shown_as_text(open_app: OpenApp, small: Path) -> None:
    app = open_app(small, "explore")
    with Workspace(small) as workspace:
        names = dict(queries.activities(workspace).select("name", "activity").iter_rows())
    app = click(app, "explore_graph", "node", str(names["<b>$x$</b> | **:smile:**"]))
    assert any(m.value.startswith("#### \\<b\\>") for m in app.markdown)


CHOICE = """
id: shop
goal: buy
stages:
  - id: find
    steps:
      - {id: look, events: [Look]}
      - choice: [{id: help, title: Help, events: [Help]}, {id: ask, title: Ask, events: [Ask]}]
      - {id: buy, events: [Buy]}
"""


@pytest.mark.parametrize("badge", ["d:missing:find:help:", "c:help:ask"])
def test_a_skipped_choice_is_marked_at_each_way_and_told_of_all(open_app: OpenApp, small: Path, badge: str) -> None:
    app = open_app(small, plan=CHOICE)
    app = click(app, "compare_map", "badge", badge)
    said = texts(app).replace("\\", "")
    assert "⤼ Skipped] · Help / Ask" in said
    assert "1 journey (25%) went past “Help / Ask” without any of them." in said
    app.button(key="compare_panel_only").click().run()
    assert journeys(app) == 1
