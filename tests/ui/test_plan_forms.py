"""Usual changes of a plan are made in forms, and written into its text without touching anything else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from streamlit.testing.v1 import AppTest

from mining.journey_map import JourneyMap

OpenApp = Callable[..., AppTest]


def field(app: AppTest, kind: str, key: str) -> object:
    return next(box for box in getattr(app, kind) if box.key and box.key.startswith(key))


def test_goal_flags_and_titles_are_changed_in_the_text(open_app: OpenApp, small: Path, shop: str) -> None:
    text = shop + "# the end"
    app = open_app(small, "plan", plan=text)
    field(app, "selectbox", "form_goal").select("basket").run()
    app.button(key="form_goal_apply").click().run()
    expected = text.replace("goal: buy", "goal: basket")
    assert app.session_state["map_text"] == expected
    app.selectbox(key="form_touchpoint").select("basket").run()
    field(app, "text_input", "form_title_basket").input("Cart")
    field(app, "checkbox", "form_optional_basket").check()
    app.button(key="form_touchpoint_apply").click().run()
    expected = expected.replace("{id: basket,", "{id: basket, optional: true,").replace("en: Basket", 'en: "Cart"')
    assert app.session_state["map_text"] == expected
    app.selectbox(key="form_stage").select("pay").run()
    field(app, "text_input", "form_stage_title_pay").input("Checkout")
    app.button(key="form_stage_apply").click().run()
    assert app.session_state["map_text"] == expected.replace("en: Pay,", 'en: "Checkout",')
    assert not app.exception


def test_touchpoints_and_stages_come_move_and_go(open_app: OpenApp, small: Path, shop: str) -> None:
    """Help is the only activity with a readable name that the shop's plan does not show."""

    def stages() -> list[tuple[str, list[str]]]:
        plan = JourneyMap.parse(app.session_state["map_text"])
        return [(stage.id, [t.id for t in stage.touchpoints()]) for stage in plan.stages]

    app = open_app(small, "plan", plan="# ours" + shop)
    field(app, "text_input", "form_new_stage_title").input("After all")
    app.button(key="form_new_stage_apply").click().run()
    assert stages() == [("find", ["look"]), ("pay", ["basket", "buy"]), ("after_all", [])]
    new = field(app, "selectbox", "form_new_name")
    assert "Help" in new.options
    assert "Look" not in new.options
    new.select("Help")
    field(app, "selectbox", "form_new_stage").select("after_all")
    app.button(key="form_new_touchpoint_apply").click().run()
    assert stages()[-1] == ("after_all", ["help"])
    app.selectbox(key="form_touchpoint").select("basket").run()
    assert app.button(key="form_touchpoint_up").disabled
    app.button(key="form_touchpoint_down").click().run()
    assert stages()[1] == ("pay", ["buy", "basket"])
    field(app, "selectbox", "form_in_stage_basket").select("find")
    app.button(key="form_touchpoint_apply").click().run()
    assert stages()[:2] == [("find", ["look", "basket"]), ("pay", ["buy"])]
    app.selectbox(key="form_stage").select("after_all").run()
    app.button(key="form_stage_up").click().run()
    assert [id_ for id_, _touchpoints in stages()] == ["find", "after_all", "pay"]
    app.button(key="form_stage_out").click().run()
    app.selectbox(key="form_touchpoint").select("buy").run()
    assert app.button(key="form_touchpoint_out").disabled
    app.selectbox(key="form_touchpoint").select("basket").run()
    app.button(key="form_touchpoint_out").click().run()
    assert stages() == [("find", ["look"]), ("pay", ["buy"])]
    assert app.session_state["map_text"].startswith("# ours")
    assert not app.exception
