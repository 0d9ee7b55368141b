"""The complete reading over whole logs: totals, fitness and fitting journeys against the known ones."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import polars as pl
import pytest

from mining.budgeted_alignment import Budget
from mining.errors import ModelError, WorkspaceError
from mining.journey_map import JourneyMap
from mining.model_writing import net_to_pnml
from mining.petri import build_net
from mining.process_tree import PARALLEL, ProcessTree, tree_to_net
from pipeline.align import align
from pipeline.compare import compare
from pipeline.store import Workspace

PAIRS = [
    ("receipt_vs_pm4py_receipt_bpmn", "receipt_wabo/receipt.xes.gz", "normative/receipt.bpmn"),
    ("receipt_vs_pm4py_receipt_bpmn", "receipt_wabo/receipt.csv", "normative/receipt.bpmn"),
    ("sepsis_vs_mannhardt_SepsisModel_fixed", "sepsis/Sepsis_Cases.xes.gz", "normative/SepsisModel_fixed.pnml"),
    (
        "road_fines_vs_mannhardt_RoadFines_NoData",
        "road_traffic_fines/Road_Traffic_Fine_Management_Process.xes.gz",
        "normative/RoadFines_NoData.pnml",
    ),
    ("synthetic_a12f0n50_vs_a12_pnml", "models/synthetic/a12f0n50.xes.gz", "synthetic/a12.pnml"),
    ("synthetic_a12f0n50_vs_a12_pnml", "models/synthetic/a12f0n50.xes.gz", "synthetic/a12.ptml"),
    ("synthetic_a22f0n20_vs_a22_pnml", "models/synthetic/a22f0n20.xes.gz", "synthetic/a22.pnml"),
]


@pytest.mark.parametrize(("pair", "log", "model"), PAIRS)
def test_the_known_totals(shared_data: Path, pair: str, log: str, model: str) -> None:
    """Totals by pm4py 2.7.23, see ../shared/data/models/SOURCE.txt."""
    with (shared_data / "models" / "oracles" / "SUMMARY.csv").open(encoding="utf-8") as file:
        known = next(row for row in csv.DictReader(file) if row["pair"] == pair)
    with Workspace() as ws:
        ws.ingest(shared_data / log)
        found = align(ws, shared_data / "models" / model)
    assert found.alignment.total_cost == int(known["total_optimal_cost"])
    assert found.alignment.fitness == pytest.approx(float(known["log_fitness"]), abs=1e-6)
    assert found.alignment.perfect_journeys == int(known["perfectly_fitting_cases"])
    n = found.variants["n_journeys"].cast(pl.Int64)
    average = (found.variants["fitness"] * n).sum() / n.sum()
    assert average == pytest.approx(float(known["avg_trace_fitness"]), abs=1e-6)


def test_moves_carry_names(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text("case,activity,time\na,A,2026-01-01\na,X,2026-01-02\n", encoding="utf-8")
    (tmp_path / "map.yaml").write_text(
        "{id: m, goal: b, stages: [{id: s, steps: [{id: a, events: [A]}, {id: b, events: [B]}]}]}", encoding="utf-8"
    )
    with Workspace() as ws:
        ws.ingest(tmp_path / "log.csv")
        found = align(ws, tmp_path / "map.yaml")
    assert found.moves.select(pl.col("kind").cast(pl.String), "label", "activity").rows() == [
        ("sync", "a", "A"),
        ("log", None, "X"),
        ("model", "b", None),
    ]
    assert found.variants["path"].to_list() == [["A", "X"]]
    assert found.alignment.fitness == pytest.approx(1 - 2 / (2 + 2))


XES = """<?xml version="1.0"?><log xes.version="1.0">
<trace><string key="concept:name" value="1"/>{events}</trace></log>"""


def timeless(folder: Path, events: str) -> Path:
    tags = "".join(f'<event><string key="concept:name" value="{name}"/></event>' for name in events)
    file = folder / "log.xes"
    file.write_text(XES.format(events=tags), encoding="utf-8")
    return file


def test_a_log_without_times_keeps_its_order_and_knows_no_times(tmp_path: Path) -> None:
    """Nothing can be told to be open: what did not convert counts as dropped."""
    plan = JourneyMap.parse(
        "{id: m, goal: b, stages: [{id: s, steps: [{id: c, events: [C], milestone: true, within: 1d},"
        " {id: a, events: [A], within: 2d}, {id: b, events: [B]}]}]}"
    )
    with Workspace() as ws:
        report = ws.ingest(timeless(tmp_path, "CAX"))
        found = compare(ws, plan)
        assert [str(w) for w in report.warnings] == ["log.xes has no times: all that needs them stays unknown"]
        assert found.log.as_dict()["start"] is None
        assert found.outcomes.as_dict()["inactive_after_s"] is None
        assert (found.outcomes.dropped, found.outcomes.open) == (1, 0)
        assert found.deviations["kind"].to_list() == ["ad_hoc"]
        assert found.drop_off["rate"].to_list() == [1.0, None]
        (tmp_path / "timed.csv").write_text("case,activity,time\na,A,2026-01-01\n", encoding="utf-8")
        with pytest.raises(WorkspaceError, match="events with times and events without"):
            ws.ingest(tmp_path / "timed.csv", append=True)


def test_a_log_without_times_has_effects_and_no_median(tmp_path: Path) -> None:
    trace = '<trace><string key="concept:name" value="{n}"/>{events}</trace>'
    event = '<event><string key="concept:name" value="{name}"/></event>'
    paths = ["AXB", "AB"] * 40
    traces = [trace.format(n=n, events="".join(event.format(name=x) for x in path)) for n, path in enumerate(paths)]
    (tmp_path / "log.xes").write_text(f'<log xes.version="1.0">{"".join(traces)}</log>', encoding="utf-8")
    plan = "{id: m, goal: b, stages: [{id: s, steps: [{id: a, events: [A]}, {id: b, events: [B]}]}]}"
    with Workspace() as ws:
        ws.ingest(tmp_path / "log.xes")
        found = compare(ws, JourneyMap.parse(plan))
    row = found.deviations.row(0, named=True)
    assert (row["kind"], row["n_with"], row["effect"], row["median_extra_s"]) == ("ad_hoc", 40, 0.0, None)
    json.loads(found.to_json(), parse_constant=pytest.fail)


def wide(folder: Path, n: int) -> Path:
    """Write a model of n steps in any order: above 15 it has more states than an automaton may have."""
    tree = ProcessTree(PARALLEL, None, tuple(ProcessTree(label=f"a{k:02}") for k in range(n)))
    (folder / "wide.pnml").write_bytes(net_to_pnml(tree_to_net(tree)))
    return folder / "wide.pnml"


def log_of(folder: Path, *journeys: list[str]) -> Path:
    lines = [f"{n},{name},2026-01-01T00:00:{at:02}" for n, path in enumerate(journeys) for at, name in enumerate(path)]
    (folder / "log.csv").write_text("\n".join(["case,activity,time", *lines]), encoding="utf-8")
    return folder / "log.csv"


def test_a_model_with_too_many_states_says_what_is_exact_and_what_lies_between_what(tmp_path: Path) -> None:
    """Three journeys that fit, and one with half of the steps: its ten missing steps are too many for the search."""
    full = [f"a{k:02}" for k in range(20)]
    with Workspace() as ws:
        ws.ingest(log_of(tmp_path, full, full, full, full[9::-1]))
        found = align(ws, wide(tmp_path, 20), budget=Budget(per_path=2_000))
    said = found.to_dict()["alignment"]
    del said["seconds"]
    assert said == {
        "total_cost": None,
        "fitness": None,
        "perfect_journeys": None,
        "perfect_share": None,
        "exact_share": 0.75,
        "bounds": {
            "total_cost": [10, 30],
            "fitness": [round(1 - 30 / (3 * 40 + 30), 6), round(1 - 10 / (3 * 40 + 30), 6)],
            "perfect_journeys": [3, 3],
        },
    }
    assert found.variants.select("n_journeys", "cost", "fitness", "lowest", "highest").sort("n_journeys").rows() == [
        (1, None, None, 10.0, 30.0),
        (3, 0.0, 1.0, 0.0, 0.0),
    ]
    assert set(found.moves["kind"].cast(pl.String)) == {"sync"}
    assert [str(note) for note in found.notes] == [
        "The model has more than 50000 states, so journeys were aligned one path after the other, the most frequent "
        "first. For 25.00 % of the journeys the cost is not known exactly; in all it lies between 10 and 30. Fewer "
        "parallel branches make a model smaller."
    ]


def test_an_exact_alignment_has_bounds_that_meet(tmp_path: Path) -> None:
    with Workspace() as ws:
        ws.ingest(log_of(tmp_path, ["a00", "a01"], ["x"]))
        found = align(ws, wide(tmp_path, 2))
    said = found.to_dict()["alignment"]
    assert (said["total_cost"], said["fitness"], said["exact_share"]) == (3, pytest.approx(1 - 3 / 7, abs=1e-6), 1.0)
    assert said["bounds"] == {"total_cost": [3, 3], "fitness": [said["fitness"]] * 2, "perfect_journeys": [1, 1]}


def test_a_model_that_is_not_sound_is_refused_with_the_reason(tmp_path: Path) -> None:
    net = build_net(
        ["p", "q", "r"],
        [("t", "A", {"p": 1}, {"q": 1}), ("u", "B", {"p": 1}, {"r": 1})],
        initial={"p": 1},
        final={"q": 1},
    )
    (tmp_path / "net.pnml").write_bytes(net_to_pnml(net))
    with Workspace() as ws:
        ws.ingest(log_of(tmp_path, ["A"]))
        with pytest.raises(ModelError, match="not sound") as caught:
            align(ws, tmp_path / "net.pnml")
    assert [p.text() for p in caught.value.problems] == [
        "After B tokens stand in p2, and from there it cannot come to its end, p1 (1)."
    ]
