"""Usual changes of a plan are made in forms, and written into its text without touching anything else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from streamlit.testing.v1 import AppTest

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
