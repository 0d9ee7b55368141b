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

WIDTH, HEIGHT = 1400, 900


def nothing(page: Page) -> None:
    """Take the page as it opens."""


def see_skipped(page: Page) -> None:
    """Open the deviation of the largest badge of what was skipped."""
    page.get_by_role("button", name="⤼ 144").first.click()


def see_list(page: Page) -> None:
    """Rank the deviations."""
    page.get_by_text("As a ranked list", exact=True).click()


def see_paths(page: Page) -> None:
    """List the distinct paths."""
    page.get_by_text("Paths", exact=True).click()


# name of the picture: place in the address, language, light or dark, height, what to do first
PICTURES: dict[str, tuple[str, str, str, int, Callable[[Page], None]]] = {
    "compare": ("", "en", "light", 1250, nothing),
    "compare_vi_dark": ("", "vi", "dark", HEIGHT, nothing),
    "deviation": ("", "en", "light", HEIGHT, see_skipped),
    "deviations": ("", "en", "light", HEIGHT, see_list),
    "drop_off": ("drop-off", "en", "light", 1150, nothing),
    "gaps": ("gaps", "en", "light", 1350, nothing),
    "explore": ("explore", "en", "light", HEIGHT, nothing),
    "paths": ("explore", "en", "light", HEIGHT, see_paths),
    "plan": ("plan", "en", "light", HEIGHT, nothing),
    "data": ("data", "en", "light", HEIGHT, nothing),
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
