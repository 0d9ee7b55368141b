"""A first plan in a real browser: made from the log, taken, and put right in the forms without a word of YAML."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.ui import server

pytestmark = pytest.mark.browser


@pytest.fixture
def page(chromium: Browser, small: Path, tmp_path: Path) -> Iterator[Page]:
    """The app on a small log without a plan."""
    workspace = shutil.copyfile(small, tmp_path / "plan.duckdb")
    with server.served(workspace, tmp_path / "server.log") as address:
        opened = chromium.new_page(viewport={"width": 1400, "height": 900}, locale="en-GB")
        opened.goto(address)
        server.settle(opened)
        yield opened
        opened.close()


def test_a_first_plan_is_taken_and_changed_in_forms(page: Page) -> None:
    page.get_by_role("link", name="Plan", exact=True).click()
    server.settle(page)
    page.get_by_role("button", name="Choose a map").click()
    page.get_by_test_id("stPopoverBody").get_by_role("button", name="Make a first plan from this log").click()
    take = page.get_by_role("button", name="Use this plan")
    expect(take).to_be_visible(timeout=60_000)
    expect(page.get_by_test_id("stPopoverBody")).to_have_count(0)
    take.click()
    server.settle(page)
    page.get_by_text("Change the plan").click()
    server.settle(page)  # what is done while the page still runs for the step before may be lost
    page.get_by_label("New stage").fill("Afterwards")
    page.get_by_role("button", name="Add the stage").click()
    expect(page.get_by_role("heading", name="Afterwards")).to_be_visible(timeout=20_000)
    server.settle(page)
    page.get_by_role("combobox", name="New touchpoint").fill("Newsletter")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Add the touchpoint").click()
    expect(page.get_by_text("Newsletter", exact=True).first).to_be_visible(timeout=20_000)
