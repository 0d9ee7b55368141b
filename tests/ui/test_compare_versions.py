"""Compare with another version, on Compare."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from streamlit.testing.v1 import AppTest

OpenApp = Callable[..., AppTest]


def opened(app: AppTest) -> AppTest:
    """Open the section, whose content is not drawn before."""
    assert not app.file_uploader
    app.session_state["other_version_open"] = True
    return app.run()


def with_old(app: AppTest, text: str) -> AppTest:
    asked = opened(app).file_uploader(key="other_version_file")
    asked.upload("old.yaml", text.encode(), "application/yaml").run(timeout=60)
    assert not app.exception
    return app


def test_what_changed_between_two_plans_is_told(open_app: OpenApp, small: Path, shop: str) -> None:
    """By hand: with `Help` required no journey but 2 gets nearer the plan, which needs one more touchpoint."""
    old = shop.replace("- {id: basket,", "- {id: help, title: Help, events: [Help]}\n      - {id: basket,")
    assert old != shop
    app = with_old(open_app(small, "compare", plan=shop), old)
    said = [m.value for m in app.markdown]
    assert any("**Help** is gone" in text for text in said)
    assert any(":orange-badge[Help] → Buys" in text for text in said)
    figures = {metric.label: metric.value for metric in app.metric}
    assert {"As planned by both", "Only by the old plan", "Only by the new plan", "By neither"} <= set(figures)


def test_the_same_plan_allows_the_same(open_app: OpenApp, small: Path, shop: str) -> None:
    app = with_old(open_app(small, "compare", plan=shop), shop)
    assert "Both plans allow the same paths." in [s.value for s in app.success]
    assert not any("What changed" in m.value for m in app.markdown)


def test_versions_judge_the_journeys_of_their_time(open_app: OpenApp, small: Path, shop: str) -> None:
    app = with_old(open_app(small, "compare", plan=shop + "valid_from: 2026-02-01\n"), shop)
    assert any("in force when it began" in m.value for m in app.markdown)


def test_a_text_that_is_no_map_says_what_is_wrong(open_app: OpenApp, small: Path, shop: str) -> None:
    app = with_old(open_app(small, "compare", plan=shop), "id: x")
    assert "not a valid journey map" in app.error[0].value


def test_the_plan_can_be_compared_with_what_really_happens(open_app: OpenApp, small: Path, shop: str) -> None:
    app = opened(open_app(small, "compare", plan=shop))
    app.segmented_control(key="other_version").set_value("happens").run(timeout=90)
    assert not app.exception
    assert [e.value for e in app.error] == []
    assert any("Only the old plan allows" in m.value for m in app.markdown)
