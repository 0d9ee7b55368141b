"""Make the pictures of the documentation anew: ``python docs/pictures/make.py``.

It serves the app on the sample in a folder of its own, opens its pages in a browser and writes what it sees beside
this file. Needs what the tests need: playwright, and a chromium.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "ui")]

from server import browser, browser_path, served, settle  # noqa: E402

MESSY = """Mã khách;Hành động;Ngày;Giờ;Kênh;Số tiền
KH-001;Xem hàng;03/02/2026;09:15;web;
KH-001;Thêm vào giỏ;03/02/2026;09:21;web;450.000
KH-002;Gọi tổng đài;14/02/2026;10:02;điện thoại;
KH-002;Xem hàng;14/02/2026;20:40;app;
KH-001;Thanh toán;03/02/2026;09:34;web;450.000
KH-003;Xem hàng;hôm qua;11:00;cửa hàng;
KH-003;Thanh toán;27/02/2026;11:12;cửa hàng;1.200.000
"""

WIDTH, HEIGHT = 1400, 900


def nothing(page: Page) -> None:
    """Take the page as it opens."""


def see_door(page: Page) -> None:
    """Open the panel of a step of the plan."""
    page.locator(".node", has_text="CMA 2").first.click()


def see_difference(page: Page) -> None:
    """Lay the later journeys over the earlier ones."""
    page.get_by_text("Difference", exact=True).click()


def see_list(page: Page) -> None:
    """Rank the deviations."""
    page.get_by_text("As a ranked list", exact=True).click()


def see_filter(page: Page) -> None:
    """Ask for a condition."""
    page.get_by_role("button", name="Choose journeys").click()
    settle(page)


def see_wizard(page: Page) -> None:
    """Load a file of a shop in the wizard."""
    page.get_by_text("Load files", exact=True).click()
    settle(page)
    page.locator("input[type=file]").set_input_files(
        {"name": "cua_hang.csv", "mimeType": "text/csv", "buffer": MESSY.encode()}
    )
    settle(page, 3000)


def view(name: str) -> Callable[[Page], None]:
    """Give the click on one of the views of a page."""
    return lambda page: page.get_by_test_id("stMain").get_by_role("radio", name=name, exact=True).click()


# name of the picture: place in the address, language, light or dark, height, what to do first
PICTURES: dict[str, tuple[str, str, str, int, Callable[[Page], None]]] = {
    "compare": ("", "en", "light", HEIGHT, nothing),
    "compare_vi_dark": ("", "vi", "dark", HEIGHT, nothing),
    "door": ("", "en", "light", HEIGHT, see_door),
    "difference": ("", "en", "light", HEIGHT, see_difference),
    "deviations": ("", "en", "light", HEIGHT, see_list),
    "drop_off": ("drop-off", "en", "light", 1150, nothing),
    "gaps": ("gaps", "en", "light", 1350, nothing),
    "explore": ("explore", "en", "light", HEIGHT, nothing),
    "explore_dark": ("explore", "vi", "dark", HEIGHT, nothing),
    "paths": ("explore", "en", "light", HEIGHT, view("Paths")),
    "steps": ("explore", "en", "light", HEIGHT, view("Step by step")),
    "filter": ("explore", "en", "light", HEIGHT, see_filter),
    "plan": ("plan", "en", "light", HEIGHT, nothing),
    "data": ("data", "en", "light", HEIGHT, nothing),
    "wizard": ("data", "en", "light", HEIGHT, see_wizard),
    "quality": ("data", "en", "light", HEIGHT, view("Quality")),
    "cleaning": ("data", "en", "light", HEIGHT, view("Clean paths")),
    "report": ("report", "en", "light", HEIGHT, nothing),
}


def take(started: Browser, address: str, name: str) -> None:
    """Take one picture."""
    place, language, scheme, height, prepare = PICTURES[name]
    context = started.new_context(
        viewport={"width": WIDTH, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(f"{address}/{place}?lang={language}")
    settle(page, 1500)
    prepare(page)
    settle(page, 1500)
    page.screenshot(path=HERE / f"{name}.png")
    context.close()


def main() -> None:
    """Take all pictures, or those that are named."""
    path = browser_path()
    if path is None:
        raise SystemExit("There is no browser: install chromium, or run `playwright install chromium`.")
    with tempfile.TemporaryDirectory() as folder:
        workspace = Path(folder) / "sample.duckdb"
        with served(workspace, Path(folder) / "server.log") as address, browser(path) as started:
            for name in sys.argv[1:] or PICTURES:
                take(started, address, name)


if __name__ == "__main__":
    main()
