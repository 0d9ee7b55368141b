"""Names from data are shown as they are."""

from __future__ import annotations

import re

import pytest

from pipeline.names import END_OF_ISOLATE, ISOLATE
from ui.text import JOINER, dot_escape, md_escape, shortened, xml_escape

NASTY = [
    "<script>alert(1)</script>",
    "**bold** _it_ `code` ~~no~~",
    "$x^2$ and $$y$$",
    ":red[text] :material/home: :smile: :streamlit:",
    "a | b | c",
    "# heading",
    "- item",
    "1. item",
    "[link](javascript:alert(1))",
    "https://example.com and www.example.com and a@b.com",
    "A -> B <- C -- D",
    'quote " and \\ back',
    "مرحبا بالعالم",
    "&lt; &amp;",
    "😀",
]


def shown(markdown: str) -> str:
    """Undo backslashes before punctuation, as Markdown does, and what cannot be seen."""
    return re.sub(rf"[{JOINER}{ISOLATE}{END_OF_ISOLATE}]", "", re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", markdown))


@pytest.mark.parametrize("name", NASTY)
def test_markdown_shows_the_name_itself(name: str) -> None:
    assert shown(md_escape(name)) == name


@pytest.mark.parametrize("name", NASTY)
def test_no_mark_is_left_bare(name: str) -> None:
    assert re.search(r"(?<!\\)[$*_`<>|\[\]#~]", re.sub(r"\\\\", "", md_escape(name))) is None


@pytest.mark.parametrize(
    ("name", "gone"),
    [
        (":smile:", r":[\w+-]+:"),
        (":material/home:", r":material/\w+:"),
        ("A -> B", r"(^|\s)->(\s|$)"),
        ("https://example.com", r"https?:(\\)?/"),
        ("www.example.com", r"www\\?\."),
    ],
)
def test_what_is_replaced_after_reading_is_parted(name: str, gone: str) -> None:
    plain = re.sub(r"\\(?=[!-/:-@\[-`{-~])", "", md_escape(name))
    assert re.search(gone, plain) is None


def test_a_name_stays_on_one_line() -> None:
    assert md_escape("a\n\n# b\tc") == r"a \# b c"


@pytest.mark.parametrize("name", NASTY)
def test_a_dot_string_cannot_be_left(name: str) -> None:
    inside = dot_escape(name)
    assert re.search(r'(?<!\\)(\\\\)*"', inside) is None
    assert inside.replace('\\"', '"').replace("\\\\", "\\") == name


@pytest.mark.parametrize("name", NASTY)
def test_a_label_has_no_marks_of_its_own(name: str) -> None:
    assert not set("<>\"'") & set(xml_escape(name))


def test_control_characters_do_not_reach_a_label() -> None:
    assert xml_escape("a\x00b\x1b") == "ab"


def test_long_names_are_cut() -> None:
    assert shortened("abcdef", 4) == "abc…"
    assert shortened("abcd", 4) == "abcd"
