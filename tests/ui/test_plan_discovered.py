"""A first plan from the log: looked at on Plan, with its figures, before it is taken."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from streamlit.testing.v1 import AppTest

from mining.journey_map import JourneyMap

OpenApp = Callable[..., AppTest]


def looked(app: AppTest) -> AppTest:
    app.button(key="plan_discover").click().run(timeout=60)
    assert not app.exception
    return app


def cover(app: AppTest, percent: int) -> None:
    next(slider for slider in app.slider if slider.label == "Share of journeys to make it from").set_value(percent)
    app.run(timeout=60)


def test_the_map_is_shown_with_its_figures_and_taken_by_one_click(open_app: OpenApp, small: Path) -> None:
    app = looked(open_app(small, "plan"))
    figures = {metric.label: metric.value for metric in app.metric}
    assert set(figures) == {"Fitness", "Precision", "As planned", "Made from"}
    assert "map_text" not in app.session_state or not app.session_state["map_text"]
    app.button(key="plan_discovered_take").click().run(timeout=60)
    plan = JourneyMap.parse(app.session_state["map_text"])
    assert {t.events[0].activity for t in plan.touchpoints()} >= {"Look", "Buy"}
    assert any("First plan (from the log)" in m.value.replace("\\", "") for m in app.markdown)
    assert not app.metric


def test_more_coverage_makes_a_larger_map(open_app: OpenApp, small: Path) -> None:
    """By hand: of four journeys on four paths, half take two paths, and all take four activities."""
    app = looked(open_app(small, "plan"))
    cover(app, 50)
    half = next(metric.value for metric in app.metric if metric.label == "Made from")
    cover(app, 100)
    figures = {metric.label: metric.value for metric in app.metric}
    assert (half, figures["Made from"], figures["Fitness"], figures["As planned"]) == ("2", "4", "100%", "100%")


def test_another_goal_can_be_asked_for(open_app: OpenApp, small: Path) -> None:
    app = looked(open_app(small, "plan"))
    cover(app, 100)
    goal = next(box for box in app.selectbox if box.label == "What means success")
    goal.select("buy").run(timeout=60)
    app.button(key="plan_discovered_take").click().run(timeout=60)
    assert JourneyMap.parse(app.session_state["map_text"]).goal == "buy"


def test_its_figures_are_those_that_compare_will_show(open_app: OpenApp, small: Path) -> None:
    """Both are told in the journey reading."""
    app = looked(open_app(small, "plan"))
    cover(app, 50)
    told = {metric.label: metric.value for metric in app.metric}
    app.button(key="plan_discovered_take").click().run(timeout=60)
    app.switch_page("ui/compare_page.py").run(timeout=60)
    assert not app.exception
    shown = {metric.label: metric.value for metric in app.metric}
    assert (told["As planned"], told["Fitness"]) == (shown["As planned"], shown["Fitness"])


def test_it_can_be_left_and_nothing_changes(open_app: OpenApp, small: Path, shop: str) -> None:
    app = open_app(small, "plan", plan=shop)
    app.button(key="plan_discover_choose").click().run(timeout=60)
    app.button(key="plan_discovered_leave").click().run(timeout=60)
    assert app.session_state["map_text"] == shop
    assert not app.metric


def test_the_way_from_an_empty_comparison_to_a_full_one(open_app: OpenApp, small: Path) -> None:
    app = open_app(small)
    app.button(key="no_plan_first").click().run(timeout=60)
    app.button(key="plan_discovered_take").click().run(timeout=60)
    assert not app.exception
    assert any(link.label == "Compare it with the log" for link in app.get("page_link"))


def test_the_silence_is_said_and_can_be_changed_before_the_map_is_taken(open_app: OpenApp, small: Path) -> None:
    app = looked(open_app(small, "plan"))
    silence = next(box for box in app.number_input if box.label.startswith("Silence that counts as dropped"))
    unit = {"minutes": 60, "hours": 3600, "days": 86_400}[silence.label.split()[-1]]
    silence.set_value(7).run(timeout=60)
    app.button(key="plan_discovered_take").click().run(timeout=60)
    assert JourneyMap.parse(app.session_state["map_text"]).inactive_after_s == 7 * unit
