"""The app by keyboard in a real browser: where the focus goes, and what is said to who does not see the page."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.ui import server

pytestmark = pytest.mark.browser

LEVELS = "all => all.map(it => Number(it.ariaLevel ?? it.localName[1]))"


@pytest.fixture(scope="module")
def address(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("served")
    workspace = shutil.copyfile(sample, folder / "sample.duckdb")
    with server.served(workspace, folder / "server.log") as url:
        yield url


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1400, "height": 900}, locale="en-GB")
    opened = context.new_page()
    opened.goto(address)
    server.settle(opened)
    yield opened
    context.close()


def enter(place: Locator) -> None:
    """Go to a place without the pointer, and press Enter there."""
    place.focus()
    place.page.keyboard.press("Enter")
    server.settle(place.page)


def test_the_keyboard_goes_into_a_panel_and_back_to_where_it_chose(page: Page) -> None:
    card = page.locator(".card[data-id='t:tma_1']")
    panel = page.get_by_role("region", name="What is chosen")
    for leave in ("Enter", "Escape"):  # on the button that closes
        enter(card)
        expect(card).to_be_focused()
        page.keyboard.press("Enter")
        expect(panel.get_by_role("button", name="Close")).to_be_focused()
        page.keyboard.press(leave)
        expect(panel).to_have_count(0)
        expect(card).to_be_focused()


def test_what_is_taken_away_hands_the_keyboard_on(page: Page) -> None:
    enter(page.locator(".card[data-id='t:tma_1']"))
    enter(page.get_by_role("region", name="What is chosen").get_by_role("button", name="Without these"))
    journeys = page.locator(".st-key-filter_bar").get_by_role("status")
    expect(journeys).to_contain_text("542 of 32,593 journeys")
    enter(page.locator("[class*=st-key-chip_] button").first)
    expect(journeys).to_contain_text("2,187 of 32,593 journeys")
    expect(page.get_by_role("button", name="Undo")).to_be_focused()


def test_a_menu_takes_the_keyboard_and_gives_it_back(page: Page) -> None:
    door = page.get_by_role("button", name="Choose journeys")
    enter(door)
    expect(page.get_by_test_id("stPopoverBody").get_by_role("combobox").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(door).to_be_focused()


def test_a_definition_is_said_when_the_keyboard_comes_to_it(page: Page) -> None:
    page.get_by_role("button", name="Choose journeys").focus()
    page.keyboard.press("Shift+Tab")
    expect(page.locator(".st-key-spoken").get_by_role("status")).to_contain_text("journeys every number of this page")


@pytest.mark.parametrize(("path", "title"), [("gaps", "Gaps"), ("drop-off", "Drop-off")])
def test_a_page_has_a_title_and_no_heading_is_left_out(page: Page, address: str, path: str, title: str) -> None:
    page.goto(f"{address}/{path}")
    server.settle(page)
    expect(page).to_have_title(f"{title} · Desire Path")
    levels = page.get_by_test_id("stMain").get_by_role("heading").evaluate_all(LEVELS)
    assert levels[0] == 1
    assert set(levels) <= {1, 2, 3}
    assert len(levels) > 1


def test_on_a_small_window_the_closed_sidebar_holds_no_stops(chromium: Browser, address: str) -> None:
    page = chromium.new_page(viewport={"width": 700, "height": 450})
    page.goto(address)
    server.settle(page)
    for name in ("Skip to main content", "Open the sidebar"):
        page.keyboard.press("Tab")
        expect(page.get_by_label(name).or_(page.get_by_text(name))).to_be_focused()
    page.close()
