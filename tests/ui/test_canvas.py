"""The Python side of the canvas: what is sent, what comes back, and what is believed of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from ui.canvas import Selection, selection_in

SCENES = Path(__file__).parent / "scenes"

PAGE = """
import json
from pathlib import Path
import streamlit as st
from ui import canvas
scene = json.loads(Path({path!r}).read_text(encoding="utf-8"))
st.text(str(canvas.show(scene, key="map")))
"""


@pytest.fixture
def planned() -> dict[str, Any]:
    scene: dict[str, Any] = json.loads((SCENES / "planned.json").read_text(encoding="utf-8"))
    return scene


@pytest.mark.parametrize(
    ("kind", "chosen"),
    [("node", "docs"), ("edge", "p0"), ("stage", "check"), ("badge", "questions:docs"), ("drop_off", "form")],
)
def test_what_is_in_the_scene_can_be_chosen(planned: dict[str, Any], kind: str, chosen: str) -> None:
    found = selection_in(planned, {"type": kind, "id": chosen})
    assert found is not None
    assert (found.kind, found.id) == (kind, chosen)


@pytest.mark.parametrize(
    "chosen",
    [
        None,
        {},
        {"type": "node", "id": "p0"},
        {"type": "drop_off", "id": "pay"},
        {"type": "more", "id": "docs"},
        {"type": "node"},
        {"type": "stage", "id": "docs"},
    ],
)
def test_anything_else_the_browser_says_is_nothing(planned: dict[str, Any], chosen: dict[str, str] | None) -> None:
    assert selection_in(planned, chosen) is None


def test_a_page_sends_the_scene_and_gets_the_choice(planned: dict[str, Any]) -> None:
    app = AppTest.from_string(PAGE.format(path=str(SCENES / "planned.json")), default_timeout=30)
    app.run()
    assert not app.exception
    assert app.text[0].value == "None"
    app.session_state["map"] = {"selection": {"type": "node", "id": "docs"}}
    assert app.run().text[0].value == str(Selection("node", "docs"))
