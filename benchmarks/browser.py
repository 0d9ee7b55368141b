"""How long a person waits for the app: ``python -m benchmarks.browser [WORKSPACE] [--map FILE]``.

A real browser opens the app that was just started, goes to every page, and clicks what people click. The clock is the
page's own (`stopwatch.js`): it starts when the browser gets the click and ends with the last change of the page before
it stands still, so neither the commands to the browser nor the wait for stillness are in the figures. Without a
workspace the sample is loaded. Each click is made twice: first as a newcomer makes it, then with what is kept of the
first time. Beside it stands what a click costs in the least app of as many pages (`bare.py`), in the same browser: the
floor that Streamlit sets on this machine at this hour.
"""

from __future__ import annotations

import argparse
import re
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from pipeline.cli.text import table
from pipeline.kept_plan import keep_plan
from pipeline.store import Workspace
from tests.ui import server

STOPWATCH = Path(__file__).with_name("stopwatch.js")
BARE = Path(__file__).with_name("bare.py")
BARE_PAGE, BARE_VIEW, BARE_TIMES = "bare Streamlit: to a page", "bare Streamlit: a view", 5
SAMPLE = server.ROOT / "data" / "open_university" / "open_university.parquet"
PAGES = ("Data", "Explore", "Plan", "Compare", "Drop-off", "Gaps", "Report")
QUIET_MS, PATIENCE_MS = 500, 4000  # without any change; without an answer to what the server was told
LIMIT_MS = 300_000


@dataclass
class Watch:
    """A page with the stopwatch in it, and what was measured there: step -> (seconds, kilobytes) for each time."""

    page: Page
    steps: dict[str, list[tuple[float, float]]] = field(default_factory=dict)

    def rest(self) -> dict[str, Any]:
        """Wait until the page stands still; give what the stopwatch saw."""
        said = self.page.wait_for_function(
            f"() => window.stopwatch?.still({QUIET_MS}, {PATIENCE_MS})", polling=50, timeout=LIMIT_MS
        )
        found: dict[str, Any] = said.json_value()
        return found

    def time(self, step: str | None, act: Callable[[], object]) -> None:
        """Act as a person does, and note how long that takes; without a name of the step, only wait."""
        self.page.evaluate("window.stopwatch?.reset()")
        act()
        seen = self.rest()
        if step:
            self.note(step, seen["seconds"], seen["bytes"] / 1000)

    def note(self, step: str, seconds: float, kilobytes: float = 0) -> None:
        """Note one measurement, and say it at once."""
        sys.stderr.write(f"{step}: {seconds:.2f} s\n")
        self.steps.setdefault(step, []).append((seconds, kilobytes))

    def opened(self, act: Callable[[], object]) -> None:
        """Open the app; note when its heading, its figures and all of it stand."""
        act()
        seen = self.rest()
        for part in ("heading", "figures"):
            if part in seen["seen"]:
                self.note(f"first page: {part}", seen["seen"][part] / 1000)
        self.note("first page: all", seen["seconds"], seen["bytes"] / 1000)

    def there_and_back(self, step: str, there: Callable[[], object], back: Callable[[], object]) -> None:
        """Time a click twice, undone between."""
        self.time(step, there)
        self.time(None, back)
        self.time(step, there)


def link(page: Page, name: str) -> Callable[[], object]:
    """Give the click on a page's name at the top."""
    return lambda: page.get_by_role("link", name=name, exact=True).first.click()


def choice(page: Page, name: str) -> Callable[[], object]:
    """Give the click on one of several choices."""
    return lambda: page.get_by_role("radio", name=name, exact=True).first.click()


def button(page: Page, name: str) -> Callable[[], object]:
    """Give the click on a button."""
    return lambda: page.get_by_role("button", name=name, exact=True).first.click()


def only_these(page: Page) -> Callable[[], object]:
    """Give the click that looks at the journeys of a panel alone; the button says how many they are."""
    return lambda: page.get_by_role("button", name=re.compile("Only th(is|ese) ")).first.click()


def views(page: Page) -> list[str]:
    """Name the views of the page that is open."""
    return page.get_by_test_id("stMain").get_by_test_id("stButtonGroup").first.get_by_role("radio").all_inner_texts()


def measure(watch: Watch, address: str) -> None:
    """Open the app, and make every click."""
    page = watch.page
    watch.opened(lambda: page.goto(address))
    watch.opened(page.reload)
    for name in PAGES:
        if page.get_by_role("link", name=name, exact=True).count():
            watch.time(None, link(page, "Plan" if name != "Plan" else "Data"))
            watch.there_and_back(f"to {name}", link(page, name), link(page, "Plan" if name != "Plan" else "Data"))
    explore(watch)
    compare(watch)
    watch.time("other language", choice(page, "Tiếng Việt"))
    watch.time("other language", choice(page, "English"))


def explore(watch: Watch) -> None:
    """Go through the views of Explore."""
    page = watch.page
    watch.time(None, link(page, "Explore"))
    names = views(page)
    for name in names[1:]:
        watch.there_and_back(f"Explore: {name}", choice(page, name), choice(page, names[0]))
    watch.time(None, choice(page, names[0]))


def compare(watch: Watch) -> None:
    """Click in the map, look at what stands there otherwise, and choose journeys."""
    page = watch.page
    watch.time(None, link(page, "Compare"))
    node = page.locator("[data-type=node][tabindex]")
    watch.there_and_back("Compare: a card", node.nth(0).click, lambda: page.keyboard.press("Escape"))
    watch.there_and_back("Compare: another card", node.nth(1).click, node.nth(0).click)
    watch.time("Compare: only these", only_these(page))
    watch.time("Compare: undo", page.locator(".st-key-filter_undo button").first.click)
    watch.there_and_back("Compare: list", choice(page, "As a ranked list"), choice(page, "On the map"))
    watch.time(None, choice(page, "On the map"))
    watch.there_and_back("Compare: table", choice(page, "Table"), choice(page, "Picture"))


def bare(watch: Watch, address: str) -> None:
    """Make the same kinds of clicks where there is nothing behind them."""
    page = watch.page
    page.goto(address)
    watch.rest()
    for _ in range(BARE_TIMES):
        watch.time(BARE_PAGE, link(page, "Gaps"))
        watch.time(BARE_VIEW, choice(page, "Two"))
        watch.time(None, choice(page, "One"))
        watch.time(None, link(page, "Plan"))


def made(workspace: Path | None, plan: Path | None, folder: Path) -> Path:
    """Give a workspace to measure on: a copy of the given one, or the sample loaded; with the plan kept in it."""
    path = folder / "measured.duckdb"
    if workspace is not None:
        shutil.copyfile(workspace, path)
    with Workspace(path) as ws:
        if workspace is None:
            ws.ingest(SAMPLE)
        if plan is not None:
            keep_plan(ws, plan.name, plan.read_text(encoding="utf-8"))
    return path


def rows(watch: Watch) -> Iterator[list[str]]:
    """Give the rows of the table of what was measured; of the bare app the median."""
    medians = {
        step: statistics.median(seconds for seconds, _ in watch.steps.pop(step)) for step in (BARE_PAGE, BARE_VIEW)
    }
    for step, median in medians.items():
        yield [step, f"{median:.2f}", "", "", "", ""]
    for step, times in watch.steps.items():
        once, again = times[0], times[1] if len(times) > 1 else None
        kilobytes = [f"{time[1]:.0f}" if time and time[1] else "" for time in (once, again)]
        floor = medians[BARE_PAGE if step.startswith("to ") else BARE_VIEW]
        times_bare = f"{again[0] / floor:.1f}" if again and "first page" not in step else ""
        yield [step, f"{once[0]:.2f}", f"{again[0]:.2f}" if again else "", times_bare, *kilobytes]


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("workspace", nargs="?", type=Path)
    parser.add_argument("--map", type=Path)
    given = parser.parse_args()
    path = server.browser_path()
    if path is None:
        raise SystemExit("there is no browser to measure with")
    with tempfile.TemporaryDirectory() as folder:
        workspace = made(given.workspace, given.map, Path(folder))
        with server.browser(path) as browser:
            watch = Watch(browser.new_page(viewport={"width": 1400, "height": 900}))
            watch.page.add_init_script(path=STOPWATCH)
            started = time.perf_counter()
            with server.served(workspace, Path(folder) / "server.log") as address:
                watch.note("server starts", time.perf_counter() - started)
                measure(watch, address)
            with server.served(workspace, Path(folder) / "bare.log", BARE) as address:
                bare(watch, address)
    heads = ["step", "first (s)", "again (s)", "again / bare", "first (kB)", "again (kB)"]
    sys.stdout.write(table(heads, list(rows(watch)), (0,)) + "\n")


if __name__ == "__main__":
    main()
