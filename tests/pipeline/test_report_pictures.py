"""The pictures of a report: right numbers, nothing on top of anything else, and names that stay text."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import networkx as nx
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from mining.journey_graph import END, START, Graph
from mining.journey_map import JourneyMap
from pipeline.compare import compare
from pipeline.discover import discover
from pipeline.findings import Findings
from pipeline.language import Language
from pipeline.report.pictures.funnel_picture import funnel_picture
from pipeline.report.pictures.graph_layout import graph_layout
from pipeline.report.pictures.graph_picture import ACTIVITIES, LINKS, graph_picture, graph_scene
from pipeline.report.pictures.plan_data import MOST_DEVIATING, plan_scene
from pipeline.report.pictures.plan_layout import plan_layout
from pipeline.report.pictures.plan_picture import plan_picture
from pipeline.report.pictures.routes import Box, bends, curve, label_place, spread
from pipeline.report.pictures.svg import Picture, el, fitted, text_width, wrapped
from pipeline.report.signs import DEVIATIONS, FLOWS, mixed
from pipeline.store import Workspace

ENGLISH = Language("en")
NASTY = '</title><script>alert("1")</script> & \x00\x1b' + "x" * 300
PLAN = """
id: loan
goal: paid
stages:
  - id: ask
    steps: [{id: look, title: TITLE, events: [Look], milestone: true}, {id: form, events: [Form]}]
  - id: check
    may_return_to: [ask]
    steps: [{id: docs, events: [Docs]}, {id: call, events: [Call], optional: true}, {id: visit}]
  - id: pay
    steps: [{id: paid, events: [Paid], milestone: true}]
anywhere: [{id: help, events: [Help]}]
"""
PATHS = {
    "Look Form Docs Paid": 40,
    "Look Docs Paid": 20,
    "Form Look Docs Call Paid": 10,
    "Look Form Form Docs": 15,
    "Look Form Docs Chat Docs Paid": 12,
    "Look Other Form Help Docs Look Form Docs Paid": 8,
    "Look": 30,
}


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> tuple[Findings, Graph]:
    """A comparison with every kind of flow, and the graph of its log."""
    rows, number = ["case,activity,time"], 0
    for path, n in PATHS.items():
        for _ in range(n):
            number += 1
            steps = path.split()
            rows += [f"{number},{name},2026-01-{number % 28 + 1:02} 10:{k:02}" for k, name in enumerate(steps)]
    log = tmp_path_factory.mktemp("pictures") / "log.csv"
    log.write_text("\n".join(rows) + "\n", encoding="utf-8")
    with Workspace() as ws:
        ws.ingest(str(log), journey="case", activity="activity", time="time")
        plan = JourneyMap.parse(PLAN.replace("TITLE", '"The look"'))
        return compare(ws, plan), discover(ws).graph()


def drawn(picture: Picture) -> Any:
    """Read a picture as XML, which it must be."""
    return etree.fromstring(picture.svg(alone=True).encode())


def texts(picture: Picture) -> list[str]:
    return [element.text or "" for element in drawn(picture).iter("{*}text")]


def test_the_plan_shows_the_numbers_of_the_findings(laid: tuple[Findings, Graph]) -> None:
    found, _ = laid
    scene = plan_scene(found, ENGLISH)
    cards = {card.id: card for card in scene.cards}
    for row in found.reach.iter_rows(named=True):
        card = cards[f"t:{row['touchpoint']}"]
        assert (
            card.text == "not measured" if card.kind == "unmeasured" else card.text.startswith(str(row["n_journeys"]))
        )
    for head, (stage, n) in zip(scene.stages, found.stages.iter_rows(), strict=True):
        assert (head.id, head.text.split(" ")[0]) == (stage, str(n))
    skipped = found.deviations.filter(pl.col("kind") == "missing")
    for touchpoint, n in skipped.select("touchpoint", "journeys").iter_rows():
        assert cards[f"t:{touchpoint}"].missed_text == str(n)
    assert sum(card.left for card in scene.cards) <= found.outcomes.dropped
    assert {flow.status for flow in scene.flows} == set(FLOWS)


def test_flows_count_journeys(laid: tuple[Findings, Graph]) -> None:
    scene = plan_scene(laid[0], ENGLISH)
    flows = {(flow.source, flow.target, flow.status): flow.n for flow in scene.flows}
    assert flows["t:look", "t:docs", "skip"] == 20
    assert flows["t:docs", "x:check:Chat", "unplanned"] == 12
    assert flows["t:form", "t:form", "repeat"] == 15
    assert flows["t:docs", "t:paid", "ok"] == 40 + 20 + 12 + 8
    assert sum(flow.status != "ok" for flow in scene.flows) <= MOST_DEVIATING


def test_nothing_of_the_plan_overlaps(laid: tuple[Findings, Graph]) -> None:
    scene = plan_scene(laid[0], ENGLISH)
    places = plan_layout(scene)
    for (_, one), (_, other) in combinations(places.boxes.items(), 2):
        assert one.overlap(other) == 0
    for box in places.boxes.values():
        assert box.left >= 0
        assert box.right <= places.width
        assert box.bottom <= places.height
    assert len(places.routes) == len(scene.flows)
    for flow, route in zip(scene.flows, places.routes, strict=True):
        source, target = places.boxes[flow.source], places.boxes[flow.target]
        assert on_edge(source, *route.points[0])
        assert on_edge(target, *route.points[-1])


def on_edge(box: Box, x: float, y: float) -> bool:
    inside = box.left - 0.1 <= x <= box.right + 0.1 and box.top - 0.1 <= y <= box.bottom + 0.1
    return inside and min(abs(x - box.left), abs(x - box.right), abs(y - box.top), abs(y - box.bottom)) < 0.1


def test_the_picture_of_the_plan_says_its_numbers(laid: tuple[Findings, Graph]) -> None:
    scene = plan_scene(laid[0], ENGLISH)
    picture = plan_picture(scene, ENGLISH)
    said = texts(picture)
    for flow in scene.flows:
        assert flow.text in said
    for word in ("The look", "Not in the plan", "May happen at any time", "Chat"):
        assert word in said
    assert plan_picture(scene, ENGLISH) == picture


def test_the_graph_is_small_and_says_its_numbers(laid: tuple[Findings, Graph]) -> None:
    _, graph = laid
    scene = graph_scene(graph)
    assert scene.graph.number_of_nodes() <= ACTIVITIES + 2
    assert scene.graph.number_of_edges() <= max(LINKS, 2 * scene.graph.number_of_nodes())
    said = texts(graph_picture(scene, ENGLISH))
    assert f"Start · {sum(PATHS.values())}" in said
    for *_, data in scene.graph.edges(data=True):
        assert str(data["n_journeys"]) in said


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(1, 50)), min_size=1, max_size=30))
def test_any_graph_has_a_place_for_everything(links: list[tuple[int, int, int]]) -> None:
    """Boxes are apart, every link goes from the edge of its box to that of the other, and down unless it must go up."""
    graph: Graph = nx.DiGraph()
    for node in (START, END, *{n for a, b, _ in links for n in (a, b)}):
        graph.add_node(node, name=str(node), n_events=1, n_journeys=1)
    for a, b, n in links:
        graph.add_edge(a, b, n=n, n_journeys=n)
    for node in set(graph) - {START, END}:
        graph.add_edge(START, node, n=1, n_journeys=1)
        graph.add_edge(node, END, n=1, n_journeys=1)
    places = graph_layout(graph, dict.fromkeys(graph.edges, 2.0))
    assert places == graph_layout(graph, dict.fromkeys(graph.edges, 2.0))
    for one, other in combinations(places.boxes.values(), 2):
        assert one.overlap(other) == 0
    assert all(box.left >= 0 and box.right <= places.width for box in places.boxes.values())
    assert set(places.routes) == set(graph.edges)
    for (a, b), route in places.routes.items():
        assert on_edge(places.boxes[a], *route.points[0])
        assert on_edge(places.boxes[b], *route.points[-1])
    upward = {(a, b) for a, b in graph.edges if a != b and places.boxes[a].y >= places.boxes[b].y}
    down = graph.copy()
    down.remove_edges_from([*upward, *nx.selfloop_edges(graph)])
    assert nx.is_directed_acyclic_graph(down)
    if nx.is_directed_acyclic_graph(graph):
        assert upward == set()


def test_the_funnel_is_to_scale() -> None:
    rows = [
        {
            "milestone": "a",
            "reached": 100,
            "went_on": 60,
            "dropped": 30,
            "open": 10,
            "rate": 0.3,
            "low": 0.2,
            "high": 0.4,
        },
        {
            "milestone": "b",
            "reached": 0,
            "went_on": 0,
            "dropped": 0,
            "open": 0,
            "rate": None,
            "low": None,
            "high": None,
        },
    ]
    picture = funnel_picture(pl.DataFrame(rows), lambda id_: NASTY if id_ == "a" else "B", ENGLISH)
    bars = [element for element in drawn(picture).iter("{*}rect") if element.get("height") == "22"]
    widths = [float(bar.get("width")) + 1 for bar in bars]
    assert widths[0] / widths[1] == pytest.approx(2, rel=0.01)
    assert widths[0] / widths[2] == pytest.approx(6, rel=0.02)
    said = texts(picture)
    assert {"60", "30", "100", "30%", "0", "–"} <= set(said)


def test_names_are_text_in_pictures(laid: tuple[Findings, Graph]) -> None:
    found, graph = laid
    for node in graph:
        graph.nodes[node]["name"] = NASTY
    for picture in (
        graph_picture(graph_scene(graph), ENGLISH),
        funnel_picture(found.from_start, lambda _id: NASTY, ENGLISH),
    ):
        tree = drawn(picture)
        assert {etree.QName(element).localname for element in tree.iter()} <= {
            *("svg", "g", "path", "rect", "line", "circle", "text", "title")
        }
        assert any((title.text or "").startswith("</title><script>") for title in tree.iter("{*}title"))
        assert all(len(said) < 60 for said in texts(picture))


@given(st.text(max_size=80), st.floats(20, 300))
def test_a_text_is_cut_to_its_room(said: str, room: float) -> None:
    assert text_width(fitted(said, 12, room), 12) <= room + 1e-6
    lines = wrapped(said, 12, room, 2)
    assert len(lines) <= 2
    assert all(text_width(line, 12) <= room + 1e-6 for line in lines)


def test_a_label_goes_where_there_is_room() -> None:
    line = curve((0, 0), (50, 0), (50, 0), (100, 0), 2)
    middle = label_place(line, 10, 10, [])
    assert middle.x == pytest.approx(50, abs=6)
    moved = label_place(line, 10, 10, [Box(50, 0, 40, 20)])
    assert moved.overlap(Box(50, 0, 40, 20)) == 0
    full = label_place(line, 10, 10, [Box(50, 0, 400, 20)])
    assert full.x == pytest.approx(50, abs=6)


def test_lines_side_by_side_are_centred() -> None:
    assert spread([2, 4, 2], 100) == [-3, 0, 3]
    assert spread([20, 20], 20) == [-5, 5]
    assert spread([], 20) == []


def test_a_bend_ends_inside_its_arrow() -> None:
    route = bends([(0, 0), (50, 0), (50, 50)], 2)
    assert route.points[0] == (0, 0)
    assert route.points[-1] == pytest.approx((50, 50))
    assert "Q50 0" in route.path
    assert route.arrow.startswith("M50 50")


def test_signs_differ_by_more_than_colour() -> None:
    assert len({sign.glyph for sign in DEVIATIONS.values()}) == len(DEVIATIONS)
    lines = [(sign.colour, sign.dash) for sign in FLOWS.values()]
    assert len(set(lines)) == len(lines)
    assert len({sign.glyph for sign in FLOWS.values()}) == len(FLOWS)


def test_attributes_and_colours() -> None:
    assert el("a", "b", x=1.0, stroke_width=None, title='"<') == '<a x="1" title="&quot;&lt;">b</a>'
    assert mixed("#ff0000", 0.5, "#0000ff") == "#800080"
