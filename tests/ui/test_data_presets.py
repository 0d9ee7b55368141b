"""Exports that need more than one column per role come in from the Data page as they are proposed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.test_data_page import OpenApp, load_view, texts, upload

SAMPLES = Path(__file__).resolve().parents[1] / "data" / "presets"
DAYS = "case,activity,day\n1,a,-3\n1,b,7\n2,a,0\n"


@pytest.mark.parametrize(
    ("name", "text", "kept", "journeys"),
    [
        ("ga4.jsonl", None, "6", "3"),
        ("shopify-orders.csv", None, "7", "3"),
        ("days.csv", DAYS, "3", "2"),
    ],
)
def test_what_is_proposed_can_be_loaded(
    open_app: OpenApp, small: Path, name: str, text: str | None, kept: str, journeys: str
) -> None:
    app = upload(load_view(open_app(small, "data")), name, text or (SAMPLES / name).read_text(encoding="utf-8"))
    assert not app.exception
    said = texts(app)
    assert f"**{kept} kept" in said
    assert f"**{journeys} journeys**" in said
    assert not app.button(key="load_go").disabled
