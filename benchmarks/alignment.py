"""Exact alignment, ours and other tools', side by side on the same logs and models: ``python -m benchmarks.alignment``.

Real logs against their models: from variants to the moves of each activity, counted over journeys. Every tool gets log
and model ready made; what ours takes to compile the model, once, stands in a column of its own. The best of some turns
counts, so that what else the machine does falls on all alike; pm4py runs once, in a process of its own that is ended
after a while. Costs are compared variant by variant. Then a map that is edited, and large generated logs: what
`compare` takes as a whole, in a process of its own, with its peak of memory.

Options: ``--peers SECONDS`` for pm4py (0 leaves it out), ``--only NAME ...`` for some of the logs, ``--events N ...``
for workspaces that `benchmarks.large` has made. See also `benchmarks.growth`.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from benchmarks import aligners
from mining.automaton import compile_net
from mining.journey_map import Binding, JourneyMap, Stage, Touchpoint
from mining.model_reader import read_petri_net
from mining.warm_up import warm_up
from pipeline import queries
from pipeline.compare import compare
from pipeline.formats import Formats
from pipeline.store import Workspace

number = Formats("en").number
ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "benchmarks" / "out"
SHARED = ROOT.parent / "shared" / "data"
MODELS = SHARED / "models"
PLAN = Path(__file__).with_name("generated.yaml")
BPIC_2012 = SHARED / "bpic2012" / "BPI_Challenge_2012.xes.gz"
CASES = {
    "BPI Challenge 2012, mined net": (BPIC_2012, OUT / "bpic2012.pnml"),
    "receipt": (SHARED / "receipt_wabo" / "receipt.xes.gz", MODELS / "normative" / "receipt.bpmn"),
    "sepsis": (SHARED / "sepsis" / "Sepsis_Cases.xes.gz", MODELS / "normative" / "SepsisModel_fixed.pnml"),
    "road fines": (
        SHARED / "road_traffic_fines" / "Road_Traffic_Fine_Management_Process.xes.gz",
        MODELS / "normative" / "RoadFines_NoData.pnml",
    ),
    "a22, noise 20 %": (MODELS / "synthetic" / "a22f0n20.xes.gz", MODELS / "synthetic" / "a22.pnml"),
}
REPEATS, MOST_TURNS = 3, 50
SHORT, LONG = 2, 20  # seconds


def timed(run: Callable[[], Any]) -> tuple[float, Any]:
    """Run something; gives seconds and result."""
    started = time.perf_counter()
    result = run()
    return time.perf_counter() - started, result


def in_turns(one: Callable[[], Any], other: Callable[[], Any]) -> tuple[list[float], Any, Any]:
    """Run two things in turns, for some seconds or once where that takes longer; the best times, and both results."""
    best, started, found = [np.inf, np.inf], time.perf_counter(), [None, None]
    for turn in range(MOST_TURNS):
        for which, run in enumerate((one, other)):
            seconds, found[which] = timed(run)
            best[which] = min(best[which], seconds)
        spent = time.perf_counter() - started
        if spent > LONG or (turn >= REPEATS - 1 and spent > SHORT):
            break
    return best, *found


def pm4py_seconds(log: Path, model: Path, limit: float) -> float | None:
    """Let pm4py align the log in a process of its own; None where it is not done within the limit."""
    command = [sys.executable, "-m", "benchmarks.alignment", "--pm4py", str(log), str(model)]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=limit)
    except subprocess.TimeoutExpired:
        return None
    return float(done.stdout.splitlines()[-1])


def run_pm4py(log: Path, model: Path) -> float:
    """Align with pm4py; log and net are read before."""
    import pm4py

    given = aligners.pm4py_inputs(log, model)
    return timed(lambda: pm4py.conformance_diagnostics_alignments(*given))[0]


def real_logs(limit: float, only: list[str]) -> Iterator[list[str]]:
    """Measure every real log: one row of the table each."""
    aligners.mine(*CASES["BPI Challenge 2012, mined net"])
    for name, (log, model) in CASES.items():
        if any(part in name for part in only):
            yield [name, *side_by_side(log, model, limit)]


def side_by_side(file: Path, model: Path, limit: float) -> list[str]:
    """Measure one log against one model, all but the name of a row."""
    net = read_petri_net(model)
    with Workspace() as workspace:
        workspace.ingest(file)
        log = aligners.read(workspace)
    inputs, automaton = aligners.r4pm_inputs(file, net), compile_net(net)
    compiled = min(timed(lambda: compile_net(net))[0] for _ in range(REPEATS))
    seconds, (found, _), (costs, _) = in_turns(lambda: aligners.ours(log, automaton), lambda: aligners.r4pm(*inputs))
    paths = (tuple(log.names[code] for code in path) for path in log.paths)
    same = sum(costs.get(path) == cost for path, cost in zip(paths, found.cost, strict=True))
    pm4py = pm4py_seconds(file, model, limit) if limit else None
    return [
        f"{len(log.paths):,}",
        f"{found.automaton.n_states:,}",
        number(compiled, 4),
        number(seconds[0], 4),
        number(seconds[1], 3),
        number(seconds[1] / seconds[0], 0),
        (f"> {limit:.0f}" if limit else "") if pm4py is None else number(pm4py, 1),
        "" if not limit else ("> " if pm4py is None else "") + number((pm4py or limit) / seconds[0], 0),
        f"{same:,} of {len(costs):,}",
    ]


def edits(names: list[str]) -> Iterator[JourneyMap]:
    """Give a map of 20 touchpoints, then with one of them changed: each in turn made optional or not, then unbound."""
    steps = [
        Touchpoint(id=f"t{n}", events=(Binding(name),), optional=n % 3 == 1, repeatable=name[0] == "W")
        for n, name in enumerate(names)
    ]
    others = range(5, 20)  # the goal and what stands before it stay
    changed = [(n, replace(steps[n], optional=not steps[n].optional)) for n in others]
    changed += [(n, replace(steps[n], events=())) for n in others]
    for edited in ({}, *({n: step} for n, step in changed)):
        now = [edited.get(n, step) for n, step in enumerate(steps)]
        stages = tuple(Stage(id=f"s{n}", steps=tuple(now[5 * n : 5 * n + 5])) for n in range(4))
        yield JourneyMap(id="loan", goal="t4", stages=stages)


def edited_map() -> list[str]:
    """Compare BPI Challenge 2012 with a map that is another one each time; what the median edit takes."""
    with Workspace() as workspace:
        workspace.ingest(BPIC_2012)
        names = sorted(queries.activities(workspace)["name"].head(20), key=lambda name: ("AOW".index(name[0]), name))
        first, *edited = edits(names)
        compare(workspace, first)
        times, found = zip(*(timed(lambda plan=plan: compare(workspace, plan)) for plan in edited), strict=True)
    alignment = median(one.alignment.seconds for one in found)
    return ["BPI Challenge 2012, 20 touchpoints, edited", number(alignment, 4), number(median(times), 4), ""]


def large_log(events: int) -> list[str]:
    """Compare a large log with a map of 30 touchpoints, in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.alignment", "--compare", str(OUT / f"{events}.duckdb")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout.splitlines()[-1])
    name = f"{events:,} events, {found['variants']:,} variants, 30 touchpoints"
    return [name, number(found["alignment"], 1), number(found["seconds"], 1), number(found["memory_gb"], 1)]


def run_compare(workspace: Path) -> dict[str, float]:
    """Compare one workspace with the plan for generated logs; gives seconds, and the peak of memory in GB."""
    warm_up()
    with Workspace(workspace, read_only=True) as opened:
        seconds, found = timed(lambda: compare(opened, JourneyMap.read(PLAN)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9
    return {"seconds": seconds, "alignment": found.alignment.seconds, "variants": found.log.variants, "memory_gb": peak}


def markdown(head: list[str], rows: list[list[str]]) -> str:
    """Write a table as Markdown, numbers flush right."""
    lines = [head, ["---", *("---:" for _ in head[1:])], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def report(limit: float, events: list[int], only: list[str]) -> str:
    """Measure all of it and write two tables."""
    real = ["log and model", "variants", "states", "model compiled (s)", "ours (s)", "r4pm (s)", "times faster"]
    real += ["pm4py (s)", "times faster", "same costs as r4pm"]
    whole = ["comparison with a map", "alignment (s)", "all of it (s)", "GB at most"]
    warm_up()
    rows = list(real_logs(limit, only))
    maps = [edited_map(), *(large_log(n) for n in events if (OUT / f"{n}.duckdb").exists())]
    return f"{markdown(real, rows)}\n\n{markdown(whole, maps)}"


def main(arguments: list[str]) -> int:
    """Measure and print Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", type=float, default=300, help="seconds that pm4py is given for each log")
    parser.add_argument("--events", type=int, nargs="*", default=[10_000_000, 100_000_000])
    parser.add_argument("--only", nargs="+", default=[""], help="logs whose name has one of these in it")
    parser.add_argument("--pm4py", type=Path, nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--compare", type=Path, help=argparse.SUPPRESS)
    said = parser.parse_args(arguments)
    warnings.simplefilter("ignore")  # pm4py's; they do not belong in the table
    if said.pm4py:
        sys.stdout.write(f"{run_pm4py(*said.pm4py)}\n")
    elif said.compare:
        sys.stdout.write(json.dumps(run_compare(said.compare)) + "\n")
    else:
        sys.stdout.write(report(said.peers, said.events, said.only) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
