"""The difference in a real browser: choose two groups, open a card, look at one group on the plan, type a condition."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.ui import server

pytestmark = pytest.mark.browser


def choose(page: Page, label: str, text: str) -> None:
    """Choose, or type, one of several."""
    page.get_by_role("combobox", name=label).click()
    page.keyboard.type(text)
    page.keyboard.press("Enter")
    server.settle(page)


def test_two_groups_are_chosen_opened_and_followed(chromium: Browser, sample: Path, tmp_path: Path) -> None:
    workspace = shutil.copyfile(sample, tmp_path / "sample.duckdb")
    with server.served(workspace, tmp_path / "server.log") as address:
        context = chromium.new_context(viewport={"width": 1280, "height": 720}, locale="en-GB")
        page, wrong = context.new_page(), []
        page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
        page.goto(address)
        server.settle(page)
        page.get_by_text("Difference", exact=True).click()
        server.settle(page)
        choose(page, "Compared by", "How journeys end")
        expect(page.get_by_text("A, reached the goal (1,058 journeys), against B, dropped out")).to_be_visible()
        page.locator(".node[data-id='t:tma_2']").click()
        server.settle(page)
        expect(page.get_by_text("1,051 of 1,058, 95% interval")).to_be_visible()
        choose(page, "Compared by", "Kept filters")
        choose(page, "Group A", "previous_attempts > 0")
        expect(page.get_by_text("(285 journeys), against B, all others (1,902 journeys)")).to_be_visible()
        page.locator(".node[data-id='t:tma_1']").click()
        server.settle(page)
        page.get_by_role("button", name="of A on the plan").click()
        server.settle(page)
        expect(page.get_by_role("radio", name="Plan and log", exact=True)).to_be_checked()
        context.close()
        assert wrong == []
