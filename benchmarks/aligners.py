"""One log and one model for several tools, each given both ready made: ours, r4pm and pm4py."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from mining.alignment import OFF_MAP, Alignments, Paths, align
from mining.automaton import Automaton
from mining.petri import PetriNet
from pipeline import queries
from pipeline.store import Workspace

COSTS = {"log_move_cost": 1, "model_move_cost": 1, "silent_move_cost": 0, "sync_move_cost": 0}


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


def r4pm(net: dict[str, Any], projection: str) -> tuple[dict[tuple[str, ...], int], Counter[str]]:
    """Align every variant; give the costs that were found, and count moves of each kind."""
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


def pm4py_inputs(log: Path, model: Path) -> tuple[Any, ...]:
    """Give log and net as pm4py takes them: a frame, a net, its first and its last marking."""
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
    return frame, *net


def mine(log: Path, net: Path) -> None:
    """Mine the net of a log where it is not there yet: inductive miner, noise 0.2."""
    import pm4py

    from benchmarks.__main__ import as_pm4py_takes_it

    if not net.exists():
        net.parent.mkdir(exist_ok=True)
        with Workspace() as workspace:
            workspace.ingest(log)
            mined = pm4py.discover_petri_net_inductive(as_pm4py_takes_it(workspace), noise_threshold=0.2)
        pm4py.write_pnml(*mined, str(net))
