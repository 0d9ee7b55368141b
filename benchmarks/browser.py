"""How long a person waits for the app: ``python -m benchmarks.browser [WORKSPACE]``.

A real browser opens the app that was just started, goes to every page, and clicks what people click; a step ends when
the server is at rest and its elements stand in the page. Without a workspace the sample is loaded. Each click is made
twice: first as a newcomer makes it, then with what is kept of the first time.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import Page, TimeoutError

from pipeline.cli.text import table
from pipeline.store import Workspace
from tests.ui import server

SAMPLE = server.ROOT / "data" / "open_university" / "open_university.parquet"
PAGES = ("Data", "Explore", "Plan", "Compare", "Drop-off", "Gaps", "Report")
RUNNING = "[data-testid=stApp][data-test-script-state=running]"
STALE = "[data-stale=true]"


def at_rest(page: Page) -> None:
    """Wait until the server is at rest, and nothing in the page is of the time before."""
    page.wait_for_selector(server.RUNNING, timeout=120_000, state="attached")
    page.wait_for_function(f"!document.querySelector('{STALE}') && !document.querySelector('{RUNNING}')")


def timed(page: Page, act: Callable[[], object]) -> float:
    """Give the seconds from an act of the person to rest."""
    started = time.perf_counter()
    act()
    with suppress(TimeoutError):  # what was clicked reaches the server, or the page alone has answered it
        page.wait_for_selector(RUNNING, timeout=300, state="attached")
    at_rest(page)
    return time.perf_counter() - started


def go(page: Page, name: str) -> Callable[[], object]:
    """Give the click on a page's name at the top."""
    return lambda: page.get_by_role("link", name=name, exact=True).first.click()


def views(page: Page) -> list[str]:
    """Name the views of the page that is open."""
    return page.get_by_test_id("stMain").get_by_test_id("stButtonGroup").first.get_by_role("radio").all_inner_texts()


def measured(page: Page, address: str) -> dict[str, tuple[float, float]]:
    """Give for each step its seconds the first and the second time."""
    found: dict[str, tuple[float, float]] = {}
    first = timed(page, lambda: page.goto(address))
    found["first page"] = (first, timed(page, page.reload))
    for name in PAGES:
        link = page.get_by_role("link", name=name, exact=True)
        if not link.count():
            continue
        other = "Plan" if name != "Plan" else "Data"
        once = timed(page, go(page, name))
        timed(page, go(page, other))
        found[f"to {name}"] = (once, timed(page, go(page, name)))
    timed(page, go(page, "Explore"))
    names = views(page)
    for name in names[1:]:
        view = page.get_by_role("radio", name=name, exact=True).first
        once = timed(page, view.click)
        timed(page, page.get_by_role("radio", name=names[0], exact=True).first.click)
        found[f"Explore: {name}"] = (once, timed(page, view.click))
    found["other language"] = (
        timed(page, page.get_by_role("radio", name="Tiếng Việt").click),
        timed(page, page.get_by_role("radio", name="English").click),
    )
    return found


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("workspace", nargs="?", type=Path)
    given = parser.parse_args().workspace
    path = server.browser_path()
    if path is None:
        raise SystemExit("there is no browser to measure with")
    with tempfile.TemporaryDirectory() as folder:
        workspace = given or Path(folder) / "sample.duckdb"
        if given is None:
            with Workspace(workspace) as ws:
                ws.ingest(SAMPLE)
        started = time.perf_counter()
        with server.served(workspace, Path(folder) / "server.log") as address, server.browser(path) as browser:
            start = time.perf_counter() - started
            page = browser.new_page(viewport={"width": 1400, "height": 900})
            found = measured(page, address)
    rows = [["server starts", f"{start:.2f}", ""], *([name, f"{a:.2f}", f"{b:.2f}"] for name, (a, b) in found.items())]
    sys.stdout.write(table(["step", "first (s)", "again (s)"], rows, (0,)) + "\n")


if __name__ == "__main__":
    main()
