"""The page that a browser gets first knows parts of Streamlit's script by name; each must be one of this version."""

from __future__ import annotations

import re

import pytest

from ui import opening


@pytest.mark.parametrize("name", [*opening.FIRST, *opening.SOON])
def test_each_part_is_one_file_of_streamlits(name: str) -> None:
    assert len(opening.parts([name])) == 1


def test_what_a_part_imports_comes_with_it() -> None:
    page = (opening.STATIC / "index.html").read_text(encoding="utf-8")
    fetched = {*re.findall(r'"\./(static/js/[^"]+)"', page), *opening.needed(opening.FIRST, page)}
    for part in opening.needed(opening.FIRST, page):
        text = (opening.STATIC / part).read_text(encoding="utf-8")
        assert {f"static/js/{name}" for name in re.findall(r'from"\./([^"]+)"', text)} <= fetched, part


def test_the_page_is_streamlits_with_ours_in_its_head() -> None:
    page = opening.opening_page()
    assert page.index("__streamlit") < page.index('type="module"')
    assert "<title>Desire Path</title>" in page
    for part in opening.needed(opening.FIRST, (opening.STATIC / "index.html").read_text(encoding="utf-8")):
        assert page.count(f'href="./{part}"') == 1
