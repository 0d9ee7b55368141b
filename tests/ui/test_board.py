"""The stage board draws the rules of a map: sequences in a row, alternatives apart, nothing said that is not so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from streamlit.testing.v1 import AppTest

from mining.journey_map import Block, Step, Touchpoint
from ui.board import in_a_row

A, B, C, D = (Touchpoint(id=name) for name in "abcd")
OpenApp = Callable[..., AppTest]


def row(*steps: Step, optional: bool = False, repeatable: bool = False) -> Block:
    return Block("sequence", steps, optional=optional, repeatable=repeatable)


def test_sequences_in_sequences_are_one_row() -> None:
    assert in_a_row([A, row(B, row(C)), D]) == [A, B, C, D]


def test_an_optional_rest_is_marked_where_it_begins_and_nowhere_else() -> None:
    assert in_a_row([A, row(B, row(C, D, optional=True), optional=True)]) == [A, None, B, None, C, D]
    inside = row(B, row(C, D, optional=True))
    assert in_a_row([A, inside, D]) == [A, B, inside.steps[1], D]  # what follows would not be left out
    again = row(B, C, repeatable=True)
    assert in_a_row([again, A]) == [again, A]
    alone = row(A, B, optional=True)
    assert in_a_row([alone]) == [alone]


PLAN = """
id: ways
goal: buy
stages:
  - id: find
    steps:
      - choice: [{id: look, events: [Look]}, {sequence: [{id: help, events: [Help]}, {id: ask}]}]
      - {sequence: [{id: buy, events: [Buy]}, {id: rate}], optional: true}
"""


def test_alternatives_stand_apart_and_nothing_stands_for_nothing(open_app: OpenApp, small: Path) -> None:
    app = open_app(small, "plan", plan=PLAN)
    said = [caption.value for caption in app.caption]
    assert [text for text in said if text == "or"] == ["or"]
    assert sum("One after another" in text for text in said) == 1
    assert sum("the rest may be left out" in text for text in said) == 1
    assert "–" not in said
