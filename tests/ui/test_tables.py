"""Tables: what is sent to the browser, what is believed of what comes back, and what a person does with one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from playwright.sync_api import Browser, Page, expect
from streamlit.errors import StreamlitAPIException
from streamlit.testing.v1 import AppTest

from tests.ui import server
from tests.ui.shown import scenes
from ui.canvas import table

NASTY = "<b onclick=alert(1)>$x$</b> | **:smile:**"


def page() -> None:
    from datetime import datetime

    import polars as pl
    import streamlit as st

    from ui.formats import number
    from ui.tables import Column, show

    frame = pl.DataFrame(
        {
            "name": ["a\x01b", None, "c"],
            "n": [2000, None, 3],
            "share": [0.5, float("nan"), 1.0],
            "at": [datetime(2026, 1, 2), None, datetime(2026, 1, 1)],
            "path": [["x", "y"], None, []],
        }
    )
    columns = {
        "name": Column("Name", help="Who"),
        "n": Column("N", number, width=80, empty="too few"),
        "share": Column("Share", bar=True),
        "at": Column("At", lambda at: f"{at:%d.%m.}"),
        "path": Column("Path", chips=True),
    }
    picked = show(frame, columns, key="t", select=True, first=1 if "begin" in st.session_state else None, alt="A table")
    st.text(str(picked))


def test_columns_are_sent_as_they_are_written_and_as_they_are_sorted() -> None:
    (scene,) = scenes(AppTest.from_function(page, default_timeout=30).run())
    name, n, share, at, path = scene["columns"]
    assert (name["label"], name["help"], name["texts"]) == ("Name", "Who", ["a␁b", None, "c"])
    assert (n["kind"], n["width"], n["texts"], n["values"]) == ("number", 80, ["2,000", None, "3"], [2000, None, 3])
    assert n["empty"] == "too few"
    assert (share["kind"], share["values"]) == ("bar", [0.5, None, 1.0])
    assert (at["texts"], at["values"][2] < at["values"][0]) == (["02.01.", None, "01.01."], True)
    assert (path["kind"], path["chips"]) == ("chips", [["x", "y"], [], []])
    assert (scene["n"], scene["seen"], scene["alt"]) == (3, 12, "A table")


def test_a_choice_is_believed_for_the_rows_that_it_was_made_of() -> None:
    app = AppTest.from_function(page, default_timeout=30).run()
    assert app.text[0].value == "None"
    (scene,) = scenes(app)
    for chosen, expected in (({"row": 2, "rows": scene["rows"]}, "2"), ({"row": 2, "rows": 1}, "None"), (None, "None")):
        app.session_state["t"] = {"chosen": chosen}
        assert app.run().text[0].value == expected
    app.session_state["begin"] = True
    assert app.run().text[0].value == "1"


def test_there_is_a_table_where_the_browsers_part_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_args: Any, **_options: Any) -> None:
        raise StreamlitAPIException("not installed")

    monkeypatch.setattr(table, "show", missing)
    app = AppTest.from_function(page, default_timeout=30).run()
    assert not app.exception
    assert app.dataframe[0].value["n"].tolist() == ["2,000", None, "3"]


LONG = """
import polars as pl
import streamlit as st
from ui.tables import Column, show
frame = pl.DataFrame({"name": [NASTY, *(f"row {i}" for i in range(1, 400))], "n": range(400)})
columns = {"name": Column("Name", help="What it is called"), "n": Column("N", str)}
picked = show(frame, columns, key="long", select=True, rows=10, alt="Long")
st.text(f"picked {picked}")
""".replace("NASTY", repr(NASTY))


@pytest.fixture(scope="module")
def long(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    folder = tmp_path_factory.mktemp("long")
    script = folder / "app.py"
    script.write_text(LONG, encoding="utf-8")
    with server.served(folder / "none.duckdb", folder / "server.log", script) as address:
        opened = chromium.new_page()
        problems: list[str] = []
        opened.on("pageerror", lambda error: problems.append(str(error)))
        opened.goto(address)
        opened.get_by_role("grid", name="Long").wait_for()
        yield opened
        opened.close()
        assert problems == []


def first_row(shown: Page) -> Any:
    return shown.locator("tbody tr").first


def test_a_long_table_draws_what_is_seen_and_names_stay_text(long: Page) -> None:
    grid = long.get_by_role("grid", name="Long")
    assert grid.get_attribute("aria-rowcount") == "401"
    assert long.locator("tbody tr").count() < 60
    assert first_row(long).locator("td").first.inner_text() == NASTY
    long.locator(".frame").evaluate("frame => frame.scrollTop = frame.scrollHeight")
    expect(long.get_by_text("row 399")).to_be_visible()
    long.locator(".frame").evaluate("frame => frame.scrollTop = 0")


def test_a_row_is_chosen_by_click_and_by_key_and_given_up_again(long: Page) -> None:
    long.get_by_text("row 3", exact=True).click()
    expect(long.get_by_text("picked 3")).to_be_visible()
    long.keyboard.press("ArrowDown")
    long.keyboard.press("Enter")
    expect(long.get_by_text("picked 4")).to_be_visible()
    assert long.locator("tr[aria-selected=true]").get_attribute("data-row") == "4"
    long.keyboard.press("Escape")
    expect(long.get_by_text("picked None")).to_be_visible()
    long.keyboard.press("Enter")
    long.keyboard.press("End")
    expect(long.locator("tr[data-row='399']")).to_be_focused()
    long.keyboard.press("Home")
    long.get_by_text("row 4", exact=True).click()
    expect(long.get_by_text("picked None")).to_be_visible()


def test_a_heading_sorts_down_up_and_back_and_tells_what_it_means(long: Page) -> None:
    heading = long.get_by_role("button", name="N", exact=True)
    heading.click()
    heading.click()
    assert first_row(long).inner_text().split() == ["row", "399", "399"]
    assert long.locator("th[aria-sort=descending]").inner_text() == "N"
    first_row(long).click()
    expect(long.get_by_text("picked 399")).to_be_visible()  # the row, not its place
    first_row(long).click()
    heading.click()
    assert first_row(long).get_attribute("data-row") == "0"
    long.get_by_role("button", name="Name", exact=True).hover()
    expect(long.get_by_text("What it is called")).to_be_visible()


def test_the_table_can_be_taken_away_as_a_file(long: Page, tmp_path: Path) -> None:
    long.locator("tbody").hover()
    with long.expect_download() as taken:
        long.get_by_role("button", name="Download (CSV)").click()
    taken.value.save_as(tmp_path / "table.csv")
    frame = pl.read_csv(tmp_path / "table.csv")
    assert frame["N"].to_list() == list(range(400))
    assert frame["Name"][0] == NASTY
