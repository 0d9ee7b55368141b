"""Steps keep their places when a slider moves: next to no pair changes sides, and next to nothing moves."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from itertools import combinations, pairwise
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

import pytest
from networkx import DiGraph

from mining.framework import framework
from mining.journey_graph import END, START, Graph, simplify
from mining.node_order import node_order
from pipeline.discover import discover
from pipeline.store import Workspace
from ui.scenes.discovered import discovered_scene

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="Node is not on this machine")

PLACES = Path(__file__).with_name("places.mjs")
LINKS = [0, 5, 15, 25, 30, 31, 32, 33, 34, 35, 45, 60]  # percent
Place = dict[str, tuple[float, float]]


@pytest.fixture(params=["sample", "bpic2012"], scope="module")
def workspace(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    if request.param == "sample":
        path = request.getfixturevalue("sample")
    else:
        path = tmp_path_factory.mktemp("stable") / "log.duckdb"
        with Workspace(path) as new:
            new.ingest(request.getfixturevalue("shared_data") / "bpic2012" / "BPI_Challenge_2012.xes.gz")
    with Workspace(path) as workspace:
        yield workspace


@pytest.mark.parametrize("direction", ["down", "right"])
def test_a_step_of_the_slider_of_links_moves_nothing(workspace: Workspace, direction: str) -> None:
    found = discover(workspace)
    boxes = min(20, len(found.names))
    places = laid_out([scene(found, boxes, share / 100, direction) for share in LINKS])
    for before, after in pairwise(places):
        assert turned(before, after) <= 0.01
        assert median(moves(before, after)) <= 1


def test_a_step_of_the_slider_of_boxes_turns_nothing_round(workspace: Workspace) -> None:
    found = discover(workspace)
    places = laid_out([scene(found, boxes, 0.3, "down") for boxes in range(6, len(found.names) + 1, 2)])
    for before, after in pairwise(places):
        assert turned(before, after) == 0
        assert median(moves(before, after)) <= 70  # a row that goes draws what is below it up


def test_a_log_of_a_hundred_activities_has_one_layout_whatever_is_shown() -> None:
    """A process with ways round and back; the sliders pass every number at which a layout of its own could begin."""
    draw, n = Random(7), 100
    links = {(step, step + 1): 500 + step for step in range(n - 1)}
    links |= {(draw.randrange(n), draw.randrange(n)): draw.randint(1, 400) for _link in range(300)}
    arrive = {
        step: sum(count for (_s, t), count in links.items() if t == step) + 500 * (step == 0) for step in range(n)
    }
    leave = {step: sum(count for (s, _t), count in links.items() if s == step) for step in range(n)}
    graph: Graph = DiGraph()
    graph.add_nodes_from((end, {"name": "end", "n_events": 0, "n_journeys": 5_000}) for end in (START, END))
    for step, count in arrive.items():
        graph.add_node(step, name=f"step {step}", n_events=count, n_journeys=count)
    ends = {(START, 0): 500, **{(step, END): max(1, arrive[step] - leave[step]) for step in range(n)}}
    for (source, target), count in {**links, **ends}.items():
        graph.add_edge(source, target, n=count, n_journeys=count, wait_median_s=None, wait_p95_s=None)
    scenes = []
    for boxes in (20, 37, 39, 60, 75, 77, 99):
        drawn, coverage = simplify(graph, activities=boxes, paths=0.3)
        whole = framework(graph, drawn)
        scenes.append(discovered_scene(drawn, coverage, node_order(graph), whole=whole))
    for before, after in pairwise(laid_out(scenes)):
        assert turned(before, after) == 0


def scene(found: Any, boxes: int, paths: float, direction: Any) -> dict[str, Any]:
    graph: Graph = found.graph()
    drawn, coverage = simplify(graph, activities=boxes, paths=paths, variants=found.frames.variants)
    whole = framework(graph, drawn)
    return discovered_scene(drawn, coverage, node_order(graph), direction=direction, whole=whole)


def laid_out(scenes: list[dict[str, Any]]) -> list[Place]:
    run = subprocess.run(
        ["node", str(PLACES)], input=json.dumps(scenes), capture_output=True, text=True, timeout=240, check=True
    )
    places: list[Place] = json.loads(run.stdout)
    return places


def turned(before: Place, after: Place) -> float:
    """Give the share of pairs of steps that changed sides, across or along."""
    both = [(before[id_], after[id_]) for id_ in before if id_ in after]
    pairs = list(combinations(both, 2))
    changed = sum(
        any((was[axis] - other_was[axis]) * (now[axis] - other_now[axis]) < -1 for axis in (0, 1))
        for (was, now), (other_was, other_now) in pairs
    )
    return changed / len(pairs)


def moves(before: Place, after: Place) -> list[float]:
    """Give how far each step moves, in pixels, the shift of all of them left out."""
    steps = [[after[id_][axis] - before[id_][axis] for axis in (0, 1)] for id_ in before if id_ in after]
    x, y = (median(step[axis] for step in steps) for axis in (0, 1))
    return [float(((dx - x) ** 2 + (dy - y) ** 2) ** 0.5) for dx, dy in steps]
