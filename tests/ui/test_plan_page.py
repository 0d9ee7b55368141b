"""Plan: choosing, editing with everything wrong said at once, and what the board shows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

BROKEN = """id: shop
goal: nowhere
stages:
  - id: find
    steps: [{id: look, events: [Look], colour: red}]
  - id: find
    steps: [{id: buy, within: soon, events: [Buy]}]
"""
OpenApp = Callable[..., AppTest]


def edited(app: AppTest, text: str) -> AppTest:
    app.segmented_control(key="plan_view").set_value("text").run()
    return app.text_area(key="plan_text").input(text).run()


def test_the_board_shows_the_plan(open_app: OpenApp, sample: Path) -> None:
    app = open_app(sample, "plan")
    texts = [m.value for m in app.markdown]
    assert "#### Enrol" in texts
    assert "**:material/flag: TMA 2**" in texts
    assert any("orange-badge[? Nobody answers]" in text for text in texts)


def test_every_problem_of_a_text_is_listed_with_its_line(open_app: OpenApp, small: Path, shop: str) -> None:
    app = edited(open_app(small, "plan", plan=shop), BROKEN)
    said = [m.value for m in app.markdown if m.value.startswith("- ")]
    assert "not a valid journey map" in app.error[0].value
    assert len(said) >= 4
    assert [text[:8] for text in said] == ["- Line 2", "- Line 5", "- Line 6", "- Line 7"]
    assert app.session_state["map_text"] == shop


def test_a_valid_text_is_in_use_at_once(open_app: OpenApp, small: Path, shop: str) -> None:
    app = edited(open_app(small, "plan", plan=shop), shop.replace("The shop", "Another shop"))
    assert "valid and in use" in app.success[0].value
    app.switch_page("ui/compare_page.py").run()
    assert any("Another shop" in m.value for m in app.markdown)


def test_a_template_can_be_chosen(open_app: OpenApp, small: Path) -> None:
    app = open_app(small, "plan")
    assert "A plan is a text file" in app.info[0].value
    app.selectbox(key="plan_offer").select("gym").run()
    next(b for b in app.button if b.label == "Use it").click().run()
    assert any("Gym membership" in m.value for m in app.markdown)
    for view in ("feeling", "personas"):
        app.segmented_control(key="plan_view").set_value(view).run()
        assert not app.exception


def test_all_templates_can_be_seen(open_app: OpenApp, small: Path) -> None:
    templates = Path(__file__).resolve().parents[2] / "data" / "templates"
    for file in sorted(templates.glob("*.yaml")):
        app = open_app(small, "plan", language="vi", plan=file.read_text(encoding="utf-8"))
        assert not app.exception, file.name
        assert [e.value for e in app.error] == [], file.name


def test_an_uploaded_map_is_used(open_app: OpenApp, small: Path, shop: str) -> None:
    app = open_app(small, "plan")
    app.file_uploader(key="plan_upload").upload("shop.yaml", shop.encode(), "application/yaml").run()
    assert any("The shop" in m.value for m in app.markdown)


def test_an_uploaded_map_with_faults_opens_in_the_editor(open_app: OpenApp, small: Path) -> None:
    app = open_app(small, "plan")
    app.file_uploader(key="plan_upload").upload("shop.yaml", BROKEN.encode(), "application/yaml").run()
    assert app.text_area(key="plan_text").value == BROKEN
    assert "not a valid journey map" in app.error[0].value


def test_without_a_plan_the_templates_are_cards_that_can_be_taken(open_app: OpenApp, small: Path) -> None:
    app = open_app(small, "plan", language="vi")
    titles = [m.value for m in app.markdown if m.value.startswith("#### ")]
    assert len(titles) == 13  # eleven templates, what really happens, and a heading
    assert "#### Bản thiết kế dịch vụ hỗ trợ" in titles
    assert any("Từ lúc có trục trặc" in m.value for m in app.markdown)
    app.button(key="use_support").click().run()
    assert app.session_state["map_name"] == "support.yaml"
    assert not app.exception


def test_maps_of_the_sample_are_offered_with_the_sample_alone(open_app: OpenApp, small: Path, sample: Path) -> None:
    other = open_app(small, "plan").selectbox(key="plan_offer").options
    of_sample = open_app(sample, "plan").selectbox(key="plan_offer").options
    assert of_sample[:2] == ["Module BBB, October 2013", "Module DDD, October 2013"]
    assert of_sample[2:] == other


def test_rules_and_what_is_accepted_stand_below_the_board(open_app: OpenApp, small: Path, shop: str) -> None:
    beside = """
rules: [{id: r, before: buy, must: [look, basket], where: "channel = 'web'", title: {en: Look first}}]
accepted:
  - {kind: stage_skipped, stage: find, owner: Shop, reason: Regulars, until: 2026-05-01}
  - {kind: ad_hoc, activity: Help, owner: Shop, reason: Trial, until: 2026-05-01}
"""
    text = "".join(m.value for m in open_app(small, "plan", plan=shop + beside).markdown)
    assert "- \\+ Unplanned · Help" in text  # no list within the list
    text = text.replace("\\", "")
    assert "- **Look first**: Before Buys comes Looks or Basket · for channel = 'web'" in text
    assert "- ⇥ Stage skipped · Find" in text
    assert "Shop answers for it, until May 1, 2026: Regulars" in text


@pytest.mark.parametrize("page", ["compare", "drop_off", "gaps"])
def test_a_condition_on_what_the_log_lacks_is_explained_where_journeys_are_compared(
    page: str, open_app: OpenApp, small: Path, shop: str
) -> None:
    app = open_app(small, page, plan=shop + "where: region = 'Hue'\n")
    assert "the log has no attribute region" in app.warning[0].value
    assert not app.error


def test_an_empty_text_leads_to_what_the_app_offers(open_app: OpenApp, small: Path, shop: str) -> None:
    app = open_app(small, "plan", plan=shop)
    app.session_state["plan_view"] = "text"
    app.run()
    app.text_area(key="plan_text").set_value("").run()
    assert "Start from one of the samples and templates under “Choose a map”" in app.error[0].value.replace("\\", "")
