"""The Data page as a person uses it: drop a file, change a role in a header, load, cancel, remove, clean and undo."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from playwright.sync_api import Browser, Page, expect

from pipeline import queries
from pipeline.store import Workspace
from tests.ui import server

pytestmark = pytest.mark.browser
LONG = 60_000
EVENTS = 5_000_000  # takes many times as long as a click


@pytest.fixture
def page(chromium: Browser, small: Path, tmp_path: Path) -> Iterator[Page]:
    """The Data page on a copy of the small log, in a folder of its own; an error on the console fails the test."""
    folder = tmp_path / "served"
    folder.mkdir()
    shutil.copyfile(small, folder / "small.duckdb")
    said: list[str] = []
    with server.served(folder / "small.duckdb", tmp_path / "server.log") as address:
        context = chromium.new_context(viewport={"width": 1400, "height": 900}, locale="en-GB")
        opened = context.new_page()
        opened.on("pageerror", lambda error: said.append(str(error)))
        opened.goto(address)
        server.settle(opened)
        opened.get_by_role("link", name="Data", exact=True).click()
        server.settle(opened)
        yield opened
        context.close()
    assert said == []
    assert "Traceback" not in (tmp_path / "server.log").read_text(encoding="utf-8")


def view(page: Page, name: str) -> None:
    page.get_by_test_id("stMain").get_by_role("radio", name=name, exact=True).click()
    server.settle(page)


def test_a_file_is_dropped_its_roles_changed_and_loaded(page: Page, tmp_path: Path) -> None:
    log = tmp_path / "shop_new.csv"
    rows = "".join(f"{n},Look,2026-01-0{n} 10:00,app\n" for n in range(2, 10))
    log.write_text(
        f"case,event,at,channel\n1,<b>Look</b>,2026-01-01 10:00,web\n1,Buy,yesterday,web\n{rows}", encoding="utf-8"
    )
    view(page, "Load files")
    page.locator("input[type=file]").set_input_files(log)
    head = page.get_by_role("columnheader")
    expect(head).to_have_count(4, timeout=LONG)
    expect(page.get_by_role("combobox", name="Role: event")).to_have_value("activity")
    expect(page.get_by_role("cell", name="<b>Look</b>")).to_be_visible()
    expect(page.get_by_text("90% of the times can be read")).to_be_visible()
    expect(page.get_by_text("yesterday").last).to_be_visible()
    expect(page.get_by_text("9 kept, 1 rejected")).to_be_visible(timeout=LONG)

    page.get_by_role("combobox", name="Role: channel").select_option("activity")
    expect(page.get_by_role("combobox", name="Role: event")).to_have_value("attribute", timeout=LONG)
    expect(page.get_by_text("2 activities", exact=True)).to_be_visible(timeout=LONG)
    server.settle(page)  # a choice made while the page still runs for the one before may be lost
    page.get_by_role("combobox", name="Role: event").select_option("out")
    expect(head.nth(1)).to_have_class("out", timeout=LONG)

    page.get_by_role("button", name="Load", exact=True).click()
    expect(page.get_by_text("shop_new.csv is loaded")).to_be_visible(timeout=LONG)
    expect(page.get_by_text("1 row was rejected")).to_be_visible()
    expect(page.get_by_text("unreadable time", exact=True)).to_be_visible()
    expect(page.get_by_test_id("stSidebar").get_by_text("shop_new.duckdb")).to_be_visible(timeout=LONG)
    page.get_by_role("button", name="Explore", exact=True).click()
    expect(page.get_by_role("heading", name="Explore", exact=True)).to_be_visible(timeout=LONG)


def test_a_long_load_shows_how_far_it_is_and_can_be_cancelled(page: Page, tmp_path: Path) -> None:
    log = tmp_path / "many.csv"
    numbers = pl.int_range(EVENTS, eager=True)
    time = (pl.lit("2026-01-01").str.to_datetime() + pl.duration(seconds=pl.col("n"))).dt.to_string("%Y-%m-%d %H:%M:%S")
    frame = pl.DataFrame({"n": numbers}).select(
        case_id=pl.col("n") // 7, activity=pl.format("step {}", pl.col("n") % 40), time=time
    )
    frame.write_csv(log)
    view(page, "Load files")
    page.get_by_placeholder("/data/logs/*.csv").fill(str(log))
    page.get_by_placeholder("/data/logs/*.csv").press("Enter")
    button = page.get_by_role("button", name="Load", exact=True)
    expect(page.get_by_text("Of the first")).to_be_visible(timeout=LONG)
    page.get_by_text("this one: small.duckdb").click()
    server.settle(page)
    button.click()
    expect(page.get_by_text("Time so far")).to_be_visible(timeout=LONG)
    page.get_by_role("button", name="Cancel", exact=True).click()
    expect(page.get_by_text("Cancelled. The workspace is as it was before.")).to_be_visible(timeout=LONG)
    view(page, "In this workspace")
    expect(page.get_by_test_id("stMetric").filter(has_text="Events")).to_contain_text("8")


def test_paths_are_cleaned_and_recorded_again_and_a_source_goes(page: Page, tmp_path: Path) -> None:
    view(page, "Clean paths")
    page.get_by_role("radio", name="Leave out", exact=True).click()
    server.settle(page)
    page.get_by_role("combobox", name="Activities").click()
    page.get_by_role("option", name="Help", exact=True).click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Add this step").click()
    expect(page.get_by_text("Leave out “Help”")).to_be_visible(timeout=LONG)
    expect(page.get_by_text("1 activity is affected")).to_be_visible(timeout=LONG)
    page.get_by_role("button", name="Apply", exact=True).click()
    expect(page.get_by_text("Done: 4 journeys and 7 events; before, it was 4 and 8.")).to_be_visible(timeout=LONG)
    view(page, "In this workspace")
    expect(page.get_by_text("cleaned away")).to_be_visible(timeout=LONG)

    view(page, "Clean paths")
    page.locator(".st-key-step_out_0 button").first.click()
    server.settle(page)
    page.get_by_role("button", name="Apply", exact=True).click()
    expect(page.get_by_text("Done: 4 journeys and 8 events; before, it was 4 and 7.")).to_be_visible(timeout=LONG)

    view(page, "In this workspace")
    page.get_by_role("button", name="Remove", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("The file itself stays where it is")).to_be_visible(timeout=LONG)
    dialog.get_by_role("button", name="Remove", exact=True).click()
    expect(page.get_by_text("This workspace is empty.")).to_be_visible(timeout=LONG)
    served = tmp_path / "served" / "small.duckdb"
    copy = shutil.copyfile(served, tmp_path / "after.duckdb")
    if (wal := served.with_name("small.duckdb.wal")).exists():
        shutil.copyfile(wal, tmp_path / "after.duckdb.wal")
    with Workspace(copy) as left:
        assert queries.sources(left).is_empty()
