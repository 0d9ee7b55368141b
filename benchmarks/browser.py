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
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks import clicks
from benchmarks.watch import SCRIPT, Watch
from pipeline.cli.text import table
from pipeline.kept_plan import keep_plan
from pipeline.store import Workspace
from tests.ui import server

BARE = Path(__file__).with_name("bare.py")
BARE_PAGE, BARE_VIEW, BARE_TIMES = "bare Streamlit: to a page", "bare Streamlit: a view", 5
SAMPLE = server.ROOT / "data" / "open_university" / "open_university.parquet"


def measure(watch: Watch, address: str) -> None:
    """Open the app, and make every click."""
    page = watch.page
    watch.opened(lambda: page.goto(address))
    watch.opened(page.reload)
    for part in (clicks.pages, clicks.explore, clicks.compare, clicks.difference, clicks.read_on, clicks.filters):
        part(watch)
    for language in ("Tiếng Việt", "English"):
        watch.time("other language", clicks.choice(page, language))
    clicks.report(watch)


def bare(watch: Watch, address: str) -> None:
    """Make the same kinds of clicks where there is nothing behind them."""
    page = watch.page
    page.goto(address)
    watch.rest()
    for _ in range(BARE_TIMES):
        watch.time(BARE_PAGE, clicks.link(page, "Gaps"))
        watch.time(BARE_VIEW, clicks.choice(page, "Two"))
        watch.time(None, clicks.choice(page, "One"))
        watch.time(None, clicks.link(page, "Plan"))


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
            watch.page.add_init_script(path=SCRIPT)
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
