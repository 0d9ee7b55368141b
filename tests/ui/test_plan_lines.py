"""The lines of a plan in the editor: numbered, and marked where there is something to mend."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

from streamlit.testing.v1 import AppTest

from mining.errors import Problem
from mining.messages import Message
from tests.ui.test_plan_page import BROKEN, edited
from ui import plan_lines

OpenApp = Callable[..., AppTest]


def marked(style: str) -> list[int]:
    """Give the numbers of the lines that have a band, from 1."""
    return [1 + int(line) for line in re.findall(r"linear-gradient\(.*?\) 0 calc\(0\.5rem \+ (\d+) \* 1lh\)", style)]


def test_each_line_has_a_number_and_those_with_a_problem_a_band() -> None:
    problems = [Problem(Message("a"), 3), Problem(Message("b")), Problem(Message("c"), 1), Problem(Message("d"), 3)]
    style = plan_lines.style("field", "a\nb\nc", problems)
    assert marked(style) == [1, 3]
    numbers = [int(n) for n in re.findall(r">(\d+)</text>", unquote(style))]
    assert numbers == list(range(1, 3 + plan_lines.MORE + 1))


def test_the_editor_marks_the_lines_that_are_to_be_mended(open_app: OpenApp, small: Path, shop: str) -> None:
    app = edited(open_app(small, "plan", plan=shop), BROKEN)
    assert marked(_style(app)) == [2, 5, 6, 7]
    assert marked(_style(edited(app, shop))) == []


def _style(app: AppTest) -> str:
    return next(html.proto.body for html in app.get("html") if ".st-key-plan_text" in html.proto.body)
