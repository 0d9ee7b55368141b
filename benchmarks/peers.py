"""One step of one tool, measured in a process of its own: ``python benchmarks/peers.py STEP LOG [OUT]``.

Each step prints one JSON line with its seconds, imports aside, and the peak of memory of the process. Steps of other
tools import nothing of ours, so they can run in an environment of their own.
"""

from __future__ import annotations

import json
import resource
import sys
import time
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

ROLES = {"journey": "session_id", "activity": "event", "time": "time"}
WHERE = {
    "time": "start >= '2025-05-01' and start < '2025-07-01'",
    "attribute of journeys": "segment = 'loyal' and region in ('region 07', 'region 21')",
    "attribute of events": "channel = 'Zalo'",
    "duration": "duration_s > 86400",
    "number of events": "n_events between 5 and 8",
    "variant": "variant_id in (0, 1, 2, 3)",
    "endpoint": "last_activity = 'Touchpoint 09'",
    "passes": "passes('Touchpoint 21')",
    "follows": "follows('Touchpoint 02', 'Touchpoint 09')",
    "follows within": "follows('Touchpoint 02', 'Touchpoint 09', '1d')",
}


def bare(log: Path, out: Path | None) -> Callable[[], Any]:
    """Let the database load the file as it is."""
    import duckdb

    assert out is not None
    connection = duckdb.connect(str(out))
    connection.execute("SET memory_limit = '3GB'; SET enable_progress_bar = false")
    read = f"read_csv('{log}')" if log.suffix == ".csv" else f"'{log}'"

    def run() -> int:
        connection.execute(f"CREATE TABLE raw AS SELECT * FROM {read}")
        connection.execute("CHECKPOINT")
        return int(connection.execute("SELECT count(*) FROM raw").fetchall()[0][0])

    return run


def ingest(log: Path, out: Path | None) -> Callable[[], Any]:
    """Load the file into a workspace, ready to explore."""
    from pipeline.store import Workspace

    assert out is not None
    workspace = Workspace(out)

    def run() -> int:
        report = workspace.ingest(log, **ROLES)  # type: ignore[arg-type]
        workspace.close()
        return report.events

    return run


def explore(log: Path, _out: Path | None) -> Callable[[], Any]:
    """Directly-follows pairs with journeys and waits, and variants, counted anew from the events."""
    from mining.walk import load
    from pipeline import queries
    from pipeline.store import Workspace

    workspace = Workspace(log, read_only=True)
    load()

    def run() -> int:
        everything = "n_events > 0"  # a condition that all meet: what is kept for the whole log is not used
        pairs = queries.edges(workspace, everything)
        return pairs.height + queries.variants(workspace, everything).height

    return run


def pages(log: Path, _out: Path | None) -> Callable[[], Any]:
    """Every query behind Explore, on the whole log; gives the seconds of each."""
    from pipeline import queries
    from pipeline.store import Workspace

    workspace = Workspace(log, read_only=True)
    asked: dict[str, Callable[[], Any]] = {
        name: partial(getattr(queries, name), workspace)
        for name in ("summary", "activities", "edges", "endpoints", "variants", "calendar", "attributes")
    }
    asked["gap_quantile"] = lambda: queries.gap_quantile(workspace)
    asked["keys_of"] = lambda: queries.keys_of(workspace, variant_ids=[0], limit=20)
    asked["timeline"] = lambda: queries.timeline(workspace, queries.keys_of(workspace, variant_ids=[1], limit=20))
    return lambda: {name: _seconds(query) for name, query in asked.items()}


def filters(log: Path, _out: Path | None) -> Callable[[], Any]:
    """Summary, activities and pairs of what each kind of filter leaves; gives the seconds of each kind."""
    from mining.walk import load
    from pipeline import queries
    from pipeline.store import Workspace

    workspace = Workspace(log, read_only=True)

    def answer(where: str) -> None:
        queries.walked(workspace, where)

    load()
    answer("n_events > 1000000")
    return lambda: {name: _seconds(lambda: answer(where)) for name, where in WHERE.items()}  # noqa: B023


def pm4py_read(log: Path, _out: Path | None) -> Callable[[], Any]:
    """Read and prepare with pm4py."""
    import pandas as pd
    import pm4py

    def run() -> int:
        frame = pd.read_parquet(log)
        return len(pm4py.format_dataframe(frame, "session_id", "event", "time"))

    return run


def pm4py_explore(log: Path, _out: Path | None) -> Callable[[], Any]:
    """Directly-follows counts and times, and variants, with pm4py; the log is prepared before."""
    import pandas as pd
    import pm4py

    frame = pm4py.format_dataframe(pd.read_parquet(log), "session_id", "event", "time")

    def run() -> int:
        counts, _, _ = pm4py.discover_dfg(frame)
        pm4py.discover_performance_dfg(frame)
        return len(counts) + len(pm4py.get_variants(frame))

    return run


def retentioneering(log: Path, _out: Path | None) -> Callable[[], Any]:
    """Read and prepare with retentioneering."""
    import pandas as pd
    from retentioneering import Eventstream

    schema = {"path_cols": ["session_id"], "event_col": "event", "timestamp_col": "time"}
    return lambda: str(Eventstream(pd.read_parquet(log), schema=schema))[:1]


def _seconds(run: Callable[[], Any]) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


STEPS = {
    "bare": bare,
    "ingest": ingest,
    "explore": explore,
    "pages": pages,
    "filters": filters,
    "pm4py-read": pm4py_read,
    "pm4py-explore": pm4py_explore,
    "retentioneering": retentioneering,
}


def main(step: str, log: str, out: str | None = None) -> None:
    """Prepare a step, run it once, and say what it took."""
    warnings.simplefilter("ignore")
    run = STEPS[step](Path(log), None if out is None else Path(out))
    started = time.perf_counter()
    result = run()
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9
    sys.stdout.write(json.dumps({"seconds": seconds, "memory_gb": peak, "result": result}) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
