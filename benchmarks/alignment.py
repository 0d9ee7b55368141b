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
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import polars as pl

from mining.alignment import OFF_MAP, Alignments, Paths, align
from mining.automaton import Automaton, compile_net
from mining.journey_map import Binding, JourneyMap, Stage, Touchpoint
from mining.petri import PetriNet
from mining.pm4py_bridge import read_petri_net
from mining.warm_up import warm_up
from pipeline import queries
from pipeline.cli.text import number
from pipeline.compare import compare
from pipeline.store import Workspace

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
COSTS = {"log_move_cost": 1, "model_move_cost": 1, "silent_move_cost": 0, "sync_move_cost": 0}
REPEATS, MOST_TURNS = 3, 50
SHORT, LONG = 2, 20  # seconds


@dataclass(frozen=True)
class Log:
    """The distinct paths of a log: their codes, how many journeys take each, and what the codes are called."""

    paths: pl.Series
    n_journeys: np.ndarray
    names: list[str]


def read(workspace: Workspace) -> Log:
    """Give the paths of a workspace."""
    variants = queries.variants(workspace)
    names = workspace.run("activity_names")["name"].to_list()
    return Log(variants["path"], variants["n_journeys"].cast(pl.Int64).to_numpy(), names)


def ours(log: Log, automaton: Automaton) -> tuple[Alignments, Counter[tuple[str, str]]]:
    """Align every variant, and count the journeys' moves of each kind and activity."""
    code = {label: n for n, label in enumerate(automaton.labels)}
    symbol_of = np.array([code.get(name, OFF_MAP) for name in log.names], np.int32)
    paths = Paths.from_lists(log.paths, symbol_of)
    found = align(paths, automaton, [automaton.final], np.zeros(len(log.n_journeys), np.int64))
    weight = np.repeat(log.n_journeys, np.diff(found.starts))
    n = len(automaton.labels) + 1
    counts = np.bincount(found.kind.astype(np.int64) * n + found.label % n, weights=weight, minlength=3 * n)
    names = [*automaton.labels, "(off the model)"]
    kinds = ("sync", "log", "model")
    return found, Counter({(kinds[k // n], names[k % n]): int(counts[k]) for k in np.flatnonzero(counts).tolist()})


def r4pm_inputs(log: Path, net: PetriNet) -> tuple[dict[str, Any], str]:
    """Give net and log as r4pm takes them: JSON, and a registered projection to activities."""
    import r4pm

    from mining.r4pm_bridge import as_json

    events = r4pm.import_item("EventLog", str(log))
    return as_json(net), r4pm.convert_item(events, "EventLogActivityProjection")


def theirs(net: dict[str, Any], projection: str) -> tuple[dict[tuple[str, ...], int], Counter[str]]:
    """Align every variant with r4pm; gives the costs it found, and counts moves of each kind."""
    from r4pm.bindings import align_variants

    counts: Counter[str] = Counter()
    costs = {}
    for variant in align_variants(net, projection, {"cost_fn": COSTS, "max_states": 50_000_000}):  # type: ignore[typeddict-item]
        result = variant["result"]
        result = result.get("Ok", result)
        if "cost" in result:
            costs[tuple(variant["activities"])] = result["cost"]
            for move in result["moves"]:
                counts[next(iter(move))] += variant["frequency"]
    return costs, counts


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
    import pandas as pd
    import pm4py

    from benchmarks.__main__ import as_pm4py_takes_it

    with Workspace() as workspace:
        workspace.ingest(log)
        frame = as_pm4py_takes_it(workspace)
    if frame["time:timestamp"].isna().any():  # a log of mere order
        frame["time:timestamp"] = pd.to_datetime(range(len(frame)), unit="s", utc=True)
    if model.suffix == ".bpmn":
        net = pm4py.convert_to_petri_net(pm4py.read_bpmn(str(model)))
    else:
        net = pm4py.read_pnml(str(model))
        if not net[2]:  # as ours does: a marking that the file leaves out is inferred
            from pm4py.objects.petri_net.utils.final_marking import discover_final_marking

            net = (*net[:2], discover_final_marking(net[0]))
    return timed(lambda: pm4py.conformance_diagnostics_alignments(frame, *net))[0]


def mined_net() -> None:
    """Mine the net of BPI Challenge 2012 where it is not there yet: inductive miner, noise 0.2."""
    import pm4py

    from benchmarks.__main__ import as_pm4py_takes_it

    if not CASES["BPI Challenge 2012, mined net"][1].exists():
        OUT.mkdir(exist_ok=True)
        with Workspace() as workspace:
            workspace.ingest(BPIC_2012)
            net = pm4py.discover_petri_net_inductive(as_pm4py_takes_it(workspace), noise_threshold=0.2)
        pm4py.write_pnml(*net, str(OUT / "bpic2012.pnml"))


def real_logs(limit: float, only: list[str]) -> Iterator[list[str]]:
    """Measure every real log: one row of the table each."""
    mined_net()
    for name, (file, model) in CASES.items():
        if not any(part in name for part in only):
            continue
        net = read_petri_net(model)
        with Workspace() as workspace:
            workspace.ingest(file)
            log = read(workspace)
        inputs, automaton = r4pm_inputs(file, net), compile_net(net)
        compiled = min(timed(lambda net=net: compile_net(net))[0] for _ in range(REPEATS))
        seconds, (found, _), (costs, _) = in_turns(
            lambda log=log, to=automaton: ours(log, to), lambda given=inputs: theirs(*given)
        )
        paths = (tuple(log.names[code] for code in path) for path in log.paths)
        same = sum(costs.get(path) == cost for path, cost in zip(paths, found.cost, strict=True))
        pm4py = pm4py_seconds(file, model, limit) if limit else None
        yield [
            name,
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
