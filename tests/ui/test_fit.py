"""How a plan fits the log: what is bound, and what the pages say where nothing is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from streamlit.testing.v1 import AppTest

from mining.journey_map import JourneyMap
from tests.ui.shown import tables
from ui import fit
from ui.state import Log

OpenApp = Callable[..., AppTest]
NASTY = "<b>$x$</b> | **:smile:**"


def test_activities_say_what_a_plan_binds(small: Path, shop: str) -> None:
    rows = fit.activities(Log(str(small), "1"), JourneyMap.parse(shop, "shop.yaml"))
    assert rows.rows() == [
        ("Look", 4, 3, 4, "Looks"),
        ("Buy", 2, 2, 2, "Buys"),
        (NASTY, 1, 1, 0, None),
        ("Help", 1, 1, 0, None),
    ]


def test_a_binding_on_attributes_binds_part_of_an_activity(small: Path, shop: str) -> None:
    plan = shop.replace("events: [Look]", "events: [{activity: Look, channel: web}]")
    rows = fit.activities(Log(str(small), "1"), JourneyMap.parse(plan, "shop.yaml"))
    assert rows.row(0) == ("Look", 4, 3, 2, "Looks")
    other = plan.replace("channel: web", "shelf: top")
    assert fit.activities(Log(str(small), "1"), JourneyMap.parse(other, "shop.yaml")).row(0)[3:] == (0, None)


def test_a_condition_names_what_the_log_lacks(small: Path, shop: str) -> None:
    log = Log(str(small), "1")
    where = "goal: buy\nwhere: \"country = 'VN' and n_events > 1 and Channel = 'web'\""
    plan = JourneyMap.parse(shop.replace("goal: buy", where), "shop.yaml")
    assert fit.missing_attributes(log, plan) == ["country"]
    assert fit.missing_attributes(log, JourneyMap.parse(shop, "shop.yaml")) == []


def test_a_plan_that_binds_nothing_says_so_on_plan_and_compare(open_app: OpenApp, small: Path, shop: str) -> None:
    other = shop.replace("[Look]", "[viewed]").replace("[Buy]", "[paid]")
    for page in ("plan", "compare"):
        app = open_app(small, page, plan=other)
        assert len(app.warning) == 1, page
        assert "No event of this plan occurs in the log" in app.warning[0].value
        assert "**Look** · **Buy** · " in app.warning[0].value
        assert [w.value for w in open_app(small, page, plan=shop).warning] == []


def test_a_plan_for_other_journeys_says_so(open_app: OpenApp, small: Path, shop: str) -> None:
    plan = shop.replace("goal: buy", "goal: buy\nwhere: \"country = 'VN'\"")
    said = [w.value for w in open_app(small, "plan", plan=plan).warning]
    assert len(said) == 1
    assert "the log has no attribute country" in said[0]


def test_the_editor_lists_the_activities_beside_the_text(open_app: OpenApp, small: Path, shop: str) -> None:
    app = open_app(small, "plan", plan=shop)
    app.segmented_control(key="plan_view").set_value("text").run()
    shown = tables(app)[0]
    assert shown["name"].to_list() == [NASTY, "Help", "Look", "Buy"]
    assert shown["state"].to_list() == ["○ not bound", "○ not bound", "● Looks", "● Buys"]
    assert "2 of 4 are bound. Copy a name into `events` of the touchpoint it shows." in [c.value for c in app.caption]
    app.text_area(key="plan_text").input(shop.replace("[Look]", "[Look, Help]")).run()
    assert tables(app)[0]["state"].to_list() == ["○ not bound", "● Looks", "● Buys", "● Looks"]
    app.text_area(key="plan_text").input("id: [").run()
    assert tables(app)[0]["state"].to_list() == ["○ not bound", "● Looks", "● Buys", "● Looks"]
