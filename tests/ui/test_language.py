"""Every word stands in every catalogue, translated, with the same fields; templates are filled by locale."""

from __future__ import annotations

import ast
import re
import string
from pathlib import Path

import pytest

from mining.errors import MapError, Problem
from mining.localised import Text
from mining.messages import Message
from pipeline.language import Language
from pipeline.locale.update import KEYWORDS, TRANSLATED, extract, is_translated, read
from ui.language import counted, md, of_browser, say, say_error, speaking

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted([ROOT / "app.py", *(file for floor in ("ui", "pipeline") for file in (ROOT / floor).rglob("*.py"))])
FOUND = {message.id for message in extract() if message.id}


def fields(template: str) -> set[tuple[str, str | None, str | None]]:
    return {(name, spec, conversion) for _, name, spec, conversion in string.Formatter().parse(template) if name}


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_has_exactly_the_messages_of_the_code(language: str) -> None:
    """Mend it with `python -m pipeline.locale.update`."""
    known = {message.id for message in read(language) if message.id}
    assert FOUND - known == set(), "missing"
    assert known - FOUND == set(), "unused"


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_message_is_translated(language: str) -> None:
    assert [message.id for message in read(language) if message.id and not is_translated(message)] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_has_the_fields_of_its_message(language: str) -> None:
    wrong = []
    for message in read(language):
        if not message.id:
            continue
        one, many = (message.id, message.id) if isinstance(message.id, str) else message.id
        forms = [message.string] if isinstance(message.string, str) else message.string
        wrong += [(one, form) for form in forms if fields(form) not in (fields(one), fields(many))]
    assert wrong == []


def test_english_is_what_the_code_says() -> None:
    assert Language("en").counted("{n} journey", "{n} journeys", 1) == "1 journey"
    assert Language("en").counted("{n} journey", "{n} journeys", 0) == "0 journeys"


def test_vietnamese_is_not_english_again() -> None:
    """A few words are the same in both; a catalogue filled with the originals would have hundreds."""
    same = [m.id for m in read("vi") if m.id and m.string == m.id and re.search(r"\w", re.sub(r"\{\w+\}", "", m.id))]
    assert len(same) <= 5, same


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_message_hides_in_an_f_string(path: Path) -> None:
    """Babel cannot see a call inside an f-string, so its message would never come into a catalogue."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    hidden = [
        (call.lineno, ast.unparse(call))
        for outer in ast.walk(tree)
        if isinstance(outer, ast.JoinedStr)
        for call in ast.walk(outer)
        if isinstance(call, ast.Call)
        and (getattr(call.func, "id", None) or getattr(call.func, "attr", None)) in KEYWORDS
        and call.args
        and isinstance(call.args[0], ast.Constant)
    ]
    assert hidden == []


def test_numbers_are_filled_in_by_locale() -> None:
    message = Message("{n} / {share:.1%} / {time:.1f}", n=12345, share=0.125, time=2.5)
    with speaking("en"):
        assert say(message) == "12,345 / 12.5% / 2.5"
    with speaking("vi"):
        assert say(message) == "12.345 / 12,5% / 2,5"


def test_texts_of_the_map_and_nested_messages_follow_the_language() -> None:
    question = Text((("en", "How long?"), ("vi", "Bao lâu?")))
    message = Message("Nobody answers: {question}", question=question)
    with speaking("en"):
        assert say(message) == "Nobody answers: How long?"
    with speaking("vi"):
        assert say(message) == "Không ai trả lời: Bao lâu?"
        assert say(Message("{what} needs an `id`", what="a stage")) == "một giai đoạn cần có `id`"


def test_plurals_follow_the_language() -> None:
    with speaking("en"):
        assert [counted("{n} event", "{n} events", n) for n in (1, 2)] == ["1 event", "2 events"]
    with speaking("vi"):
        assert counted("{n} event", "{n} events", 2) == "2 sự kiện"


def test_values_from_data_are_escaped_in_markdown() -> None:
    with speaking("en"):
        assert md("Goal: {goal}", goal="**$5$**") == r"Goal: \*\*\$5\$\*\*"


def test_an_error_is_said_with_all_its_problems() -> None:
    error = MapError(
        "{name} is not a valid journey map: {n} to mend",
        name="m.yaml",
        n=1,
        problems=[Problem(Message("a question needs a `text`"), line=1200)],
    )
    with speaking("vi"):
        said = say_error(error)
    assert said == ("m.yaml chưa phải bản đồ hành trình hợp lệ: còn 1 chỗ cần sửa\nDòng 1200: câu hỏi cần có `text`")


@pytest.mark.parametrize(
    ("locale", "language"), [("vi-VN", "vi"), ("vi", "vi"), ("en-GB", "en"), ("fr", "en"), (None, "en")]
)
def test_the_browser_chooses_the_first_language(locale: str | None, language: str) -> None:
    assert of_browser(locale) == language
