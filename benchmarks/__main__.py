"""Speed of the main steps, ours and pm4py's side by side on the same log: ``python -m benchmarks [LOG ...]``.

Without arguments it takes the sample and, where they are, real logs of ../shared/data. Each step runs once to warm up
and then three times; the best time counts, since what is slower is the machine's doing. pm4py gets its data frame ready
made. Our directly-follows pairs come with their waiting times, pm4py's without.
"""

from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import polars as pl

from mining.journey_map import JourneyMap
from pipeline import queries
from pipeline.cli.text import table
from pipeline.compare import compare
from pipeline.formats import Formats
from pipeline.store import Workspace

number = Formats("en").number
ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "data" / "open_university" / "open_university.parquet"
SHARED = ROOT.parent / "shared" / "data"
LOGS = (SAMPLE, SHARED / "receipt_wabo" / "receipt.parquet", SHARED / "bpic2012" / "BPI_Challenge_2012.xes.gz")
REPEATS = 3


def best(run: Callable[[], Any]) -> float:
    """Give the best time of some runs, in seconds."""
    run()
    times = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        run()
        times.append(time.perf_counter() - started)
    return min(times)


def reload(log: Path) -> None:
    """Read a log from its file into sorted, coded events."""
    with Workspace() as workspace:
        workspace.ingest(log)


def as_pm4py_takes_it(workspace: Workspace) -> Any:
    """Give the log as the pandas frame that pm4py works on."""
    events = queries.timeline(workspace, queries.journeys(workspace)["key"].to_list())
    named = events.select(
        pl.col("key").alias("case:concept:name"),
        pl.col("activity").alias("concept:name"),
        pl.col("time").alias("time:timestamp"),
    )
    return named.to_pandas()


def compare_afresh(workspace: Workspace, plan: JourneyMap) -> None:
    """Compare as if nothing of the log had been read before."""
    workspace.memory.forget()
    compare(workspace, plan)


def steps(log: Path) -> Iterable[tuple[str, float, float | None]]:
    """Measure every step on one log: its name, our seconds, pm4py's seconds where it has the step."""
    import pm4py

    yield "read, sort and code", best(lambda: reload(log)), None
    with Workspace() as workspace:
        workspace.ingest(log)
        frame = as_pm4py_takes_it(workspace)
        yield "directly-follows", best(lambda: queries.edges(workspace)), best(lambda: pm4py.discover_dfg(frame))
        yield "variants", best(lambda: queries.variants(workspace)), best(lambda: pm4py.get_variants(frame))
        if log == SAMPLE:
            plan = JourneyMap.read(SAMPLE.with_name("bbb_2013j.yaml"))
            yield "compare with the plan of one module", best(lambda: compare_afresh(workspace, plan)), None


def main(names: list[str]) -> int:
    """Measure the logs and print one table."""
    warnings.simplefilter("ignore")  # pm4py's; they do not belong in the table
    rows = []
    for log in [Path(name) for name in names] or [log for log in LOGS if log.exists()]:
        with Workspace() as workspace:
            events = workspace.ingest(log).events
        for step, ours, theirs in steps(log):
            times = None if theirs is None else theirs / ours
            rows.append([log.name, number(events), step, number(ours, 3), number(theirs, 3), number(times, 1)])
    sys.stdout.write(table(["log", "events", "step", "ours (s)", "pm4py (s)", "times faster"], rows, (0, 2)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
