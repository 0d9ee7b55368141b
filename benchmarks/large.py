"""Speed and memory on large logs, beside other tools: ``python -m benchmarks.large [EVENTS] [--repeats N]``.

Every step runs in a process of its own, in turns with the ones it is held against, so that what else the machine does
falls on all alike; the best of the repeats counts. Logs are made once, into ``benchmarks/out``. retentioneering is
measured where PEERS names the Python of an environment that has it. A report goes to ``benchmarks/out/EVENTS.json``.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.generate import write
from pipeline.cli.text import table
from pipeline.formats import Formats

number = Formats("en").number
ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "benchmarks" / "out"
HUGE = 50_000_000  # from here on, other tools run out of memory or patience

Steps = dict[str, tuple[str, Path, Path | None, str]]
"""By name: the step of `benchmarks.peers`, the log it reads, the file it writes, and the Python it runs in."""


def measured(step: str, log: Path, out: Path | None = None, python: str = sys.executable) -> dict[str, Any]:
    """Run one step in a process of its own."""
    for leftover in (out, out and Path(f"{out}.wal")):
        if leftover is not None:
            leftover.unlink(missing_ok=True)
    command = [python, str(ROOT / "benchmarks" / "peers.py"), step, str(log), *([str(out)] if out else [])]
    ours = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, env=ours)
    if done.returncode:
        raise SystemExit(f"{step} failed:\n{done.stderr}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def in_turns(steps: Steps, repeats: int) -> dict[str, dict[str, Any]]:
    """Run steps one after the other, `repeats` times, and give the best of each."""
    best: dict[str, dict[str, Any]] = {}
    for _ in range(repeats):
        for name, (step, log, out, python) in steps.items():
            found = measured(step, log, out, python)
            if name not in best or found["seconds"] < best[name]["seconds"]:
                best[name] = found
            sys.stderr.write(f"{name}: {found['seconds']:.1f} s, {found['memory_gb']:.1f} GB\n")
    return best


def logs(events: int) -> tuple[Path, Path]:
    """Give the log as Parquet and as CSV, made where they are not there yet."""
    OUT.mkdir(exist_ok=True)
    parquet, csv = OUT / f"{events}.parquet", OUT / f"{events}.csv"
    for path in (parquet, csv):
        if not path.exists() and (path.suffix == ".parquet" or events < HUGE):
            write(events, path)
    return parquet, csv


def main(arguments: list[str]) -> int:
    """Measure, print the table, and keep the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("events", type=int, nargs="?", default=10_000_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--alone", action="store_true", help="without other tools")
    said = parser.parse_args(arguments)
    found: dict[str, dict[str, Any]] = {}
    for together in beside_each_other(said.events, peers=not said.alone and said.events < HUGE):
        found |= in_turns(together, said.repeats)
    (OUT / f"{said.events}.json").write_text(json.dumps(found, indent=1), encoding="utf-8")
    sys.stdout.write(report(said.events, found) + "\n")
    return 0


def beside_each_other(events: int, *, peers: bool) -> Iterator[Steps]:
    """Give the steps that are held against each other: those that load, those that count, those behind the pages."""
    parquet, csv = logs(events)
    workspace, here = OUT / f"{events}.duckdb", sys.executable
    load: Steps = {
        "bare Parquet": ("bare", parquet, OUT / "bare.duckdb", here),
        "ingest Parquet": ("ingest", parquet, workspace, here),
    }
    if csv.exists():
        load |= {
            "bare CSV": ("bare", csv, OUT / "bare.duckdb", here),
            "ingest CSV": ("ingest", csv, OUT / "csv.duckdb", here),
        }
    if peers:
        load["pm4py read"] = ("pm4py-read", parquet, None, here)
    if peers and os.environ.get("PEERS"):
        load["retentioneering"] = ("retentioneering", parquet, None, os.environ["PEERS"])
    yield load
    walks: Steps = {"explore": ("explore", workspace, None, here)}
    if peers:
        walks["pm4py explore"] = ("pm4py-explore", parquet, None, here)
    yield walks
    yield {step: (step, workspace, None, here) for step in ("pages", "filters")}


RATIOS = (
    ("ingest from Parquet / the database's bare load", "ingest Parquet", "bare Parquet", "at most 2.5"),
    ("ingest from CSV / the database's bare load", "ingest CSV", "bare CSV", "at most 2"),
    ("pm4py's read and prepare / ingest", "pm4py read", "ingest Parquet", "at least 4"),
    ("retentioneering's Eventstream / ingest", "retentioneering", "ingest Parquet", "at least 8"),
    ("pm4py's pairs, times and variants / ours", "pm4py explore", "explore", "at least 25"),
)


def report(events: int, found: dict[str, dict[str, Any]]) -> str:
    """Say what was measured: ratios, seconds and memory."""
    rows = []
    for name, over, under, wanted in RATIOS:
        if over in found and under in found:
            seconds = [found[step]["seconds"] for step in (over, under)]
            rows.append([name, number(seconds[0] / seconds[1], 1), wanted, *(number(s, 1) for s in seconds)])
    parts = [f"{events:,} events", table(["ratio", "is", "wanted", "over (s)", "under (s)"], rows, (0, 2))]
    memory = [[name, number(step["seconds"], 1), number(step["memory_gb"], 1)] for name, step in found.items()]
    parts.append(table(["step", "seconds", "GB at most"], memory, (0,)))
    for step in ("pages", "filters"):
        rows = [[name, number(seconds, 2)] for name, seconds in found[step]["result"].items()]
        parts.append(table([step, "seconds"], rows, (0,)))
    return "\n\n".join(parts)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
