from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as xml

import duckdb
import networkx as nx
import pytest

from mining.errors import MapError, SourceError
from mining.frames import WAITS
from mining.journey_graph import END, START
from mining.journey_map import JourneyMap
from mining.model_reader import read_petri_net
from mining.petri_reduction import reduce_net
from mining.pm4py_bridge import _plain_tree
from mining.process_tree import tidy
from pipeline.align import align
from pipeline.discover import OFF_MAP, DiscoveredGraph, discover
from pipeline.store import Workspace

ROOT = Path(__file__).resolve().parents[2]
SHOP = """journey,activity,time
1,Look,2026-01-01T10:00:00
1,Buy,2026-01-01T10:01:00
2,Look,2026-01-01T11:00:00
2,Look,2026-01-01T11:10:00
2,Leave,2026-01-01T11:11:00
3,Look,2026-01-02T10:00:00
3,Buy,2026-01-02T10:03:00
"""
MAP = """
id: shop
goal: buy
stages:
  - {id: choose, steps: [{id: look, events: [Look]}, {id: ask, events: [Ask]}]}
  - {id: pay, steps: [{id: buy, events: [Buy]}]}
"""


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Workspace]:
    (tmp_path / "shop.csv").write_text(SHOP, encoding="utf-8")
    with Workspace() as ws:
        ws.ingest(tmp_path / "shop.csv", journey="journey", activity="activity", time="time")
        yield ws


@pytest.fixture(scope="module", params=["receipt", "sepsis"])
def real(request: pytest.FixtureRequest, shared_data: Path) -> Iterator[tuple[str, DiscoveredGraph]]:
    file = {"receipt": "receipt_wabo/receipt.xes.gz", "sepsis": "sepsis/Sepsis_Cases.xes.gz"}[request.param]
    with Workspace() as ws:
        ws.ingest(shared_data / file)
        yield request.param, discover(ws)


def test_the_graph_of_a_log_written_down_by_hand(shop: Workspace):
    found = discover(shop).to_dict()
    log = found.pop("log")
    assert (log["events"], log["journeys"], log["variants"]) == (7, 3, 2)
    edges = [
        ({k: v for k, v in e.items() if k not in WAITS}, e["wait_median_s"], e["wait_total_s"])
        for e in found.pop("edges")
    ]
    assert edges == [
        ({"source": "Look", "target": "Buy", "occurrences": 2, "journeys": 2}, 120.0, 240.0),
        ({"source": "Look", "target": "Leave", "occurrences": 1, "journeys": 1}, 60.0, 60.0),
        ({"source": "Look", "target": "Look", "occurrences": 1, "journeys": 1}, 600.0, 600.0),
    ]
    assert found == {
        "schema": "desirepath/graph@1",
        "detail": "activity",
        "nodes": [
            {"name": "Look", "events": 4, "journeys": 3},
            {"name": "Buy", "events": 2, "journeys": 2},
            {"name": "Leave", "events": 1, "journeys": 1},
        ],
        "starts": [{"name": "Look", "journeys": 3}],
        "ends": [{"name": "Buy", "journeys": 2}, {"name": "Leave", "journeys": 1}],
        "most_common_path": {"path": ["Look", "Buy"], "journeys": 2, "share": 2 / 3},
    }


def test_a_workspace_of_before_the_intervals_has_its_medians_without_them(shop: Workspace, tmp_path: Path):
    now = discover(shop).frames.edges
    with Workspace(tmp_path / "shop.duckdb") as ws:
        ws.ingest(tmp_path / "shop.csv", journey="journey", activity="activity", time="time")
    with duckdb.connect(str(tmp_path / "shop.duckdb")) as old:
        for column in WAITS[3:]:
            old.execute(f"ALTER TABLE edges DROP COLUMN {column}")
    with Workspace(tmp_path / "shop.duckdb", read_only=True) as ws:
        found = discover(ws).frames.edges
    assert found.drop(WAITS[3:]).equals(now.drop(WAITS[3:]))
    assert [found[column].null_count() for column in WAITS[3:]] == [found.height] * 3
    assert now["n_waits"].to_list() == now["n"].to_list()


def test_only_chosen_journeys_count(shop: Workspace):
    found = discover(shop, where="n_events = 2").to_dict()
    assert [node["name"] for node in found["nodes"]] == ["Buy", "Look"]
    assert found["log"]["journeys"] == 2


def test_nobody_chosen_is_an_empty_graph_that_can_be_written(shop: Workspace, tmp_path: Path):
    found = discover(shop, where="n_events = 99")
    assert found.to_dict()["most_common_path"] is None
    assert found.to_dict()["nodes"] == []
    for ending in ("json", "graphml", "svg", "bpmn", "pnml"):
        found.write(tmp_path / f"graph.{ending}")
    assert read_petri_net(tmp_path / "graph.bpmn").labels == ()


def test_touchpoints_and_stages_are_the_same_journeys_in_coarser_steps(shop: Workspace):
    plan = JourneyMap.parse(MAP)
    touchpoints = discover(shop, detail="touchpoint", journey_map=plan).to_dict()
    assert [(n["name"], n["events"]) for n in touchpoints["nodes"]] == [("look", 4), ("buy", 2), (OFF_MAP, 1)]
    stages = discover(shop, detail="stage", journey_map=plan).to_dict()
    assert [(e["source"], e["target"], e["occurrences"], e["wait_median_s"]) for e in stages["edges"]] == [
        ("choose", "pay", 2, None),
        ("choose", OFF_MAP, 1, None),
        ("choose", "choose", 1, None),
    ]
    assert stages["log"] == touchpoints["log"]


def test_details_that_need_more_are_refused(shop: Workspace):
    with pytest.raises(MapError, match=r"^The detail stage needs a planned map"):
        discover(shop, detail="stage")
    with pytest.raises(MapError, match=r"^There is no detail page\. Choose activity, touchpoint or stage\."):
        discover(shop, detail="page")
    by_page = JourneyMap.parse(MAP.replace("[Look]", "[{activity: Look, page: /a}]"))
    with pytest.raises(MapError, match=r"^The map tells events apart by page;"):
        discover(shop, detail="touchpoint", journey_map=by_page)


def test_edges_and_ends_equal_the_oracle(real: tuple[str, DiscoveredGraph], shared_data: Path):
    """Directly-follows counts of the shared oracles, which were made without this code."""
    name, graph = real
    found = graph.to_dict()
    ours = {(e["source"], e["target"]): e["occurrences"] for e in found["edges"]}
    ours |= {("__START__", e["name"]): e["journeys"] for e in found["starts"]}
    ours |= {(e["name"], "__END__"): e["journeys"] for e in found["ends"]}
    with (shared_data / f"oracles/{name}.dfg.csv").open(encoding="utf-8", newline="") as file:
        assert ours == {(row["from"], row["to"]): int(row["frequency"]) for row in csv.DictReader(file)}


def test_links_add_up_to_events_and_journeys(real: tuple[str, DiscoveredGraph]):
    _, found = real
    graph = found.graph()
    assert graph.size(weight="n") == found.log.events + found.log.journeys
    assert graph.out_degree(START, weight="n") == graph.in_degree(END, weight="n") == found.log.journeys
    for node in graph.nodes - {START, END}:
        assert graph.in_degree(node, weight="n") == graph.out_degree(node, weight="n") == graph.nodes[node]["n_events"]


def test_the_tree_equals_what_pm4py_finds_in_the_events(real: tuple[str, DiscoveredGraph]):
    from datetime import datetime, timedelta

    import pm4py
    from pm4py.objects.log.obj import Event, EventLog, Trace

    _, graph = real
    paths = [
        [graph.names[code] for code in path]
        for path, n in graph.frames.variants.select("path", "n_journeys").iter_rows()
        for _ in range(n)
    ]
    times = [datetime(2026, 1, 1) + timedelta(seconds=n) for n in range(max(map(len, paths)))]
    log = EventLog(
        Trace([Event({"concept:name": a, "time:timestamp": t}) for a, t in zip(path, times, strict=False)])
        for path in paths
    )
    theirs = pm4py.discover_process_tree_inductive(log, noise_threshold=0.2)
    assert graph.tree() == tidy(_plain_tree(theirs, {name: name for name in graph.names.values()}))


@pytest.mark.parametrize("ending", ["bpmn", "pnml"])
def test_without_noise_every_journey_is_a_run_of_the_written_model(shared_data: Path, tmp_path: Path, ending: str):
    with Workspace() as ws:
        ws.ingest(shared_data / "receipt_wabo/receipt.xes.gz")
        discover(ws, noise=0.0).write(tmp_path / f"graph.{ending}")
        assert read_petri_net(tmp_path / f"graph.{ending}").labels == tuple(sorted(discover(ws).names.values()))
        found = align(ws, tmp_path / f"graph.{ending}").to_dict()["alignment"]
    assert (found["total_cost"], found["fitness"], found["perfect_journeys"]) == (0, 1.0, 1434)


def test_bpmn_and_pnml_are_the_same_model(real: tuple[str, DiscoveredGraph], tmp_path: Path):
    """Reading them gives the same steps between the same number of places, silent ones apart."""
    for ending in ("bpmn", "pnml"):
        real[1].write(tmp_path / f"graph.{ending}")
    bpmn, pnml = (read_petri_net(tmp_path / f"graph.{ending}") for ending in ("bpmn", "pnml"))
    assert bpmn.labels == pnml.labels != ()
    assert [len(n.places) for n in (bpmn, reduce_net(pnml))] == [len(pnml.places)] * 2


def test_json_and_models_are_the_same_bytes_in_every_process(tmp_path: Path):
    (tmp_path / "shop.csv").write_text(SHOP, encoding="utf-8")
    code = (
        "import sys; from pipeline.store import Workspace; from pipeline.discover import discover\n"
        f"with Workspace() as ws:\n ws.ingest({str(tmp_path / 'shop.csv')!r})\n"
        " g = discover(ws)\n for e in ('json', 'graphml', 'svg', 'bpmn', 'pnml'): g.write(f'{sys.argv[1]}.{e}')"
    )
    for run in ("1", "2"):
        environment = {"PYTHONHASHSEED": run, "PATH": "/usr/bin:/bin"}
        subprocess.run([sys.executable, "-c", code, str(tmp_path / run)], cwd=ROOT, env=environment, check=True)
    for ending in ("json", "graphml", "svg", "bpmn", "pnml"):
        assert (tmp_path / f"1.{ending}").read_bytes() == (tmp_path / f"2.{ending}").read_bytes()


def test_json_is_one_document_with_letters_as_they_are(tmp_path: Path):
    (tmp_path / "log.csv").write_text("j,a,t\n1,Trả tiền,2026-01-01\n", encoding="utf-8")
    with Workspace() as ws:
        ws.ingest(tmp_path / "log.csv", journey="j", activity="a", time="t")
        discover(ws).write(tmp_path / "graph.json")
    text = (tmp_path / "graph.json").read_text(encoding="utf-8")
    assert json.loads(text)["nodes"] == [{"name": "Trả tiền", "events": 1, "journeys": 1}]
    assert "Trả tiền" in text


def test_graphml_holds_every_number_under_any_name(tmp_path: Path):
    (tmp_path / "log.csv").write_text(
        'j,a,t\n1,"<Đặt & ""mua"">",2026-01-01\n1,bell\x07,2026-01-02\n', encoding="utf-8"
    )
    with Workspace() as ws:
        ws.ingest(tmp_path / "log.csv", journey="j", activity="a", time="t")
        discover(ws).write(tmp_path / "graph.graphml")
    graph = nx.read_graphml(tmp_path / "graph.graphml", node_type=int)
    assert {data["name"]: data["kind"] for _, data in graph.nodes(data=True)} == {
        "start": "start",
        "end": "end",
        '<Đặt & "mua">': "activity",
        "bell\ufffd": "activity",
    }
    assert sorted(data.get("wait_total_s", -1.0) for *_, data in graph.edges(data=True)) == [-1.0, -1.0, 86400.0]
    assert xml.parse(tmp_path / "graph.graphml").getroot().tag == "{http://graphml.graphdrawing.org/xmlns}graphml"


def test_the_picture_has_every_step_and_link_with_its_number(tmp_path: Path):
    (tmp_path / "log.csv").write_text('j,a,t\n1,"<Đặt> & mua",2026-01-01\n1,Pay,2026-01-02\n1,Pay,2026-01-03\n')
    with Workspace() as ws:
        ws.ingest(tmp_path / "log.csv", journey="j", activity="a", time="t")
        discover(ws).write(tmp_path / "graph.svg")
    root = xml.parse(tmp_path / "graph.svg").getroot()
    svg = "{http://www.w3.org/2000/svg}"
    assert [g.findtext(f"{svg}title") for g in root.iter(f"{svg}g")] == ["▶: 1", "<Đặt> & mua: 1", "Pay: 2", "■: 1"]
    assert [p.get("class") for p in root.iter(f"{svg}path")].count("back") == 1  # Pay to itself
    assert len(list(root.iter(f"{svg}path"))) == 4


@pytest.mark.parametrize("name", ["graph.png", "graph", "graph.json.bak"])
def test_other_endings_are_refused_with_those_that_can_be_written(shop: Workspace, tmp_path: Path, name: str):
    with pytest.raises(SourceError, match=r"ends in one of \.json, \.graphml, \.svg, \.bpmn, \.pnml\."):
        discover(shop).write(tmp_path / name)
    assert not (tmp_path / name).exists()


def test_a_place_that_cannot_be_written_is_refused_and_nothing_is_left(shop: Workspace, tmp_path: Path):
    with pytest.raises(SourceError, match=r"cannot be written"):
        discover(shop).write(tmp_path / "no such folder" / "graph.json")
    (tmp_path / "graph.json").mkdir()
    with pytest.raises(SourceError, match=r"cannot be written"):
        discover(shop).write(tmp_path / "graph.json")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["graph.json", "shop.csv"]
