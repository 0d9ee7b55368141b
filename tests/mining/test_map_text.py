"""Small edits of a map's text: the map changes as asked and in nothing else, and every other line stays."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from mining.errors import MapError
from mining.journey_map import JourneyMap, Touchpoint
from mining.map_edit import with_each_touchpoint
from mining.map_text import with_flag, with_goal, with_title

TEMPLATES = sorted((Path(__file__).resolve().parents[2] / "data" / "templates").glob("*.yaml"))
TEXT = """# our shop
id: shop
goal: buy  # for now
stages:
  - id: find   # where it begins
    title: {en: Find, vi: Tìm}
    steps:
      - {id: look, events: [Look]}
      - id: ask # by phone
        title: "Asks: a lot"
        optional: true
  - id: pay
    steps:
      - choice:
          - {id: buy, events: [Buy], milestone: true}
          - id: rent
            events: [Rent]
"""


def test_only_what_is_changed_is_written_anew() -> None:
    text = with_goal(TEXT, "rent")
    text = with_flag(text, "look", "milestone", True)
    text = with_flag(text, "ask", "optional", False)
    text = with_flag(text, "rent", "milestone", True)
    text = with_title(text, "ask", 'Hỏi "nhiều"', "vi")
    text = with_title(text, "find", "Tìm kiếm", "vi", stage=True)
    text = with_title(text, "pay", "Pays", "en", stage=True)
    assert text == (
        TEXT.replace("goal: buy", "goal: rent")
        .replace("{id: look,", "{id: look, milestone: true,")
        .replace("optional: true", "optional: false")
        .replace("          - id: rent\n", "          - id: rent\n            milestone: true\n")
        .replace('"Asks: a lot"', '"Hỏi \\"nhiều\\""')
        .replace("vi: Tìm}", 'vi: "Tìm kiếm"}')
        .replace("  - id: pay\n", '  - id: pay\n    title: "Pays"\n')
    )


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.stem)
def test_touchpoints_of_every_template_can_be_changed_and_nothing_else_changes(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    plan, lines = JourneyMap.parse(text), text.splitlines()
    for touchpoint in plan.touchpoints()[::6]:

        def changed(other: Touchpoint, id_: str = touchpoint.id) -> Touchpoint:
            return replace(other, optional=True) if other.id == id_ else other

        new = with_flag(text, touchpoint.id, "optional", True)
        assert JourneyMap.parse(new).to_yaml() == with_each_touchpoint(plan, changed).to_yaml()
        assert len([line for line in lines if line not in new.splitlines()]) <= 1


def test_what_is_not_there_is_said() -> None:
    assert with_flag(TEXT, "look", "milestone", False) == TEXT
    with pytest.raises(MapError, match="no place called nobody"):
        with_flag(TEXT, "nobody", "milestone", True)


def test_json_stays_json() -> None:
    import json

    text = '{"id": "x", "goal": "a", "stages": [{"id": "s", "steps": [{"id": "a", "events": ["A"]}]}]}'
    new = with_title(with_flag(text, "a", "milestone", True), "s", "S", "en", stage=True)
    assert json.loads(new)["stages"] == [
        {"id": "s", "title": "S", "steps": [{"id": "a", "milestone": True, "events": ["A"]}]}
    ]
