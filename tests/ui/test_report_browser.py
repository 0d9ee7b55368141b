"""The Report page in a real browser: the report is read there, and comes down in every form."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.pipeline import pdf_text
from tests.ui import server

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("served")
    with server.served(shutil.copyfile(sample, folder / "sample.duckdb"), folder / "server.log") as url:
        yield url


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    """The Report page; every word on the console that is an error fails the test."""
    context = chromium.new_context(viewport={"width": 1400, "height": 900}, locale="en-GB")
    said: list[str] = []
    opened = context.new_page()
    opened.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.goto(address)
    server.settle(opened)
    opened.get_by_role("link", name="Report", exact=True).click()
    server.settle(opened)
    yield opened
    context.close()
    assert said == []


def test_the_report_is_read_and_comes_down_in_every_form(page: Page, tmp_path: Path) -> None:
    report = page.frame_locator("iframe").frame_locator("iframe[sandbox='']")
    expect(report.get_by_role("heading", name="Module BBB, October 2013")).to_be_visible(timeout=30_000)
    expect(report.get_by_role("img", name="The plan with the log laid over it")).to_be_visible()
    forms = {"PDF": "pdf", "Page (HTML)": "html", "Spreadsheet (XLSX)": "xlsx", "Data (JSON)": "json"}
    for name, form in forms.items():
        with page.expect_download(timeout=60_000) as found:
            page.get_by_role("button", name=name).click()
        assert found.value.suggested_filename == f"bbb_2013j.{form}"
        found.value.save_as(tmp_path / f"r.{form}")
    assert pdf_text.pages((tmp_path / "r.pdf").read_bytes()) >= 6
    assert openpyxl.load_workbook(tmp_path / "r.xlsx")["Summary"]["B3"].value == 2187
    assert '"recipe"' in (tmp_path / "r.json").read_text(encoding="utf-8")


def test_the_page_that_came_down_opens_alone(chromium: Browser, page: Page, tmp_path: Path) -> None:
    """Without a network: it asks for nothing, and says nothing on the console."""
    with page.expect_download(timeout=60_000) as found:
        page.get_by_role("button", name="Page (HTML)").click()
    found.value.save_as(tmp_path / "r.html")
    context = chromium.new_context(offline=True)
    alone = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    alone.on("request", lambda request: asked.append(request.url))
    alone.on("console", lambda message: said.append(message.text))
    alone.goto((tmp_path / "r.html").as_uri())
    expect(alone.get_by_role("heading", name="How to repeat this")).to_be_visible()
    width = alone.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    context.close()
    assert (len(asked), said, width) == (1, [], 0)
