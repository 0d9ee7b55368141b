"""The discovered graph as a scene: its sums are those of the log, its words those of the language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from mining.journey_graph import simplify
from mining.node_order import node_order
from mining.quantiles import Median
from pipeline.discover import discover
from pipeline.queries import sampled_steps
from pipeline.store import Workspace
from ui.language import speaking
from ui.scenes.discovered import box_rows, discovered_scene, edge_id, link_rows, node_id, nodes_of
from ui.scenes.parts import Measure, waits
from ui.scenes.replay import along_graph, replay

Valid = Callable[[dict[str, Any]], dict[str, Any]]
BOXES, SHARE = 8, 0.3


def drawn(workspace: Workspace, activities: int = BOXES, paths: float = SHARE, **options: Any) -> dict[str, Any]:
    found = discover(workspace)
    graph = found.graph()
    picture, coverage = simplify(graph, activities=activities, paths=paths, variants=found.frames.variants)
    return discovered_scene(picture, coverage, node_order(graph), **options)


@pytest.mark.parametrize("measure", ["journeys", "occurrences", "wait"])
@pytest.mark.parametrize("activities", [1, BOXES, 20])
def test_every_scene_is_valid(workspace: Workspace, valid: Valid, measure: Measure, activities: int) -> None:
    valid(drawn(workspace, activities, measure=measure))


def test_all_moves_of_all_links_are_events_and_journeys(workspace: Workspace) -> None:
    scene = drawn(workspace, BOXES, 1.0, measure="occurrences")
    nodes = {node["id"]: node for node in scene["nodes"]}
    size = discover(workspace).log
    assert sum(edge["value"] for edge in scene["edges"]) == size.events + size.journeys
    for id_, node in nodes.items():
        if node["role"] in ("step", "other"):
            assert sum(edge["value"] for edge in scene["edges"] if edge["target"] == id_) == node["value"]
    assert [node["label"] for node in nodes.values() if node["role"] == "other"] == ["(other)"]


def test_places_do_not_depend_on_what_is_shown(workspace: Workspace) -> None:
    few, many = ({n["id"]: n["order"] for n in drawn(workspace, n)["nodes"] if n["role"] != "other"} for n in (5, 20))
    assert few.items() <= many.items()


def test_a_tip_has_the_name_of_the_plan_where_it_is_another(workspace: Workspace) -> None:
    plain = {node["label"]: node["tip"] for node in drawn(workspace, 20)["nodes"] if node["role"] == "step"}
    one, other = list(plain)[:2]
    named = drawn(workspace, 20, planned={one: "Đăng ký", other: other})
    tips = {node["label"]: node["tip"] for node in named["nodes"] if node["role"] == "step"}
    assert tips == plain | {one: [*plain[one], "In the plan: Đăng ký"]}


def test_a_change_of_the_measure_changes_nothing_that_places_depend_on(workspace: Workspace) -> None:
    scenes = [drawn(workspace, 20, 1.0, measure=measure) for measure in ("journeys", "wait")]
    placed = [[(e["id"], e["source"], e["target"], e["weight"]) for e in scene["edges"]] for scene in scenes]
    assert placed[0] == placed[1]
    assert all(edge["weight"] == edge["value"] for edge in scenes[0]["edges"])
    boxes = [[(n["id"], n["order"], n["label"], n["text"]) for n in scene["nodes"]] for scene in scenes]
    assert boxes[0] == boxes[1]


def test_what_is_hidden_is_said(workspace: Workspace) -> None:
    scene = drawn(workspace)
    graph = discover(workspace).graph()
    shown = [e for e in scene["edges"] if "-3" not in (e["source"], e["target"])]
    moves = sum(graph.edges[nodes_of(edge["id"])]["n"] for edge in shown)
    share = f"{100 * moves / graph.size(weight='n'):.0f}%"
    assert scene["coverage"]["text"] == f"{len(shown)} of {graph.number_of_edges()} links, {share} of all moves"


def test_a_waiting_time_that_nobody_knows_has_no_label(workspace: Workspace) -> None:
    scene = drawn(workspace, 20, 1.0, measure="wait")
    for edge in scene["edges"]:
        assert (edge["value"] is None) == (edge["source"] == "-1" or edge["target"] == "-2") == (edge["text"] == "")


def test_words_and_numbers_are_those_of_the_language(workspace: Workspace) -> None:
    with speaking("vi"):
        scene = drawn(workspace)
    assert scene["language"] == "vi"
    assert next(n["text"] for n in scene["nodes"] if n["label"] == "Register") == "32.548"


def test_the_table_says_what_the_picture_shows(workspace: Workspace) -> None:
    found = discover(workspace)
    picture, _coverage = simplify(found.graph(), activities=BOXES, paths=SHARE)
    rows = link_rows(picture, {})
    assert {row["id"] for row in rows} == {edge_id(s, t) for s, t in picture.edges}
    assert rows[0]["n_journeys"] == max(row["n_journeys"] for row in rows)
    boxes = box_rows(picture, found.graph(), {})
    assert {row["id"] for row in boxes} == {node_id(node) for node in picture} - {"-1", "-2"}


def test_boxes_start_and_end_as_often_as_in_the_log(workspace: Workspace) -> None:
    """Every journey starts in one box and ends in one, and every event is of one: those of a slider, too."""
    found = discover(workspace)
    picture, _coverage = simplify(found.graph(), activities=BOXES, paths=SHARE, variants=found.frames.variants)
    boxes = box_rows(picture, found.graph(), {})
    assert sum(row["n_start"] for row in boxes) == sum(row["n_end"] for row in boxes) == found.log.journeys
    assert sum(row["n_events"] for row in boxes) == found.log.events
    first, last = Counter[str](), Counter[str]()
    for path, n in found.frames.variants.select("path", "n_journeys").iter_rows():
        first[found.names[path[0]]] += n
        last[found.names[path[-1]]] += n
    own = [row for row in boxes if row["title"] != "(other)"]
    assert {row["title"]: (row["n_start"], row["n_end"]) for row in own} == {
        row["title"]: (first[row["title"]], last[row["title"]]) for row in own
    }


def test_a_sample_of_journeys_can_be_played(workspace: Workspace, valid: Valid) -> None:
    found = discover(workspace)
    graph = found.graph()
    picture, coverage = simplify(graph, activities=BOXES, paths=SHARE, variants=found.frames.variants)
    sampled = sampled_steps(workspace, n=40)
    links = [edge_id(s, t) for s, t in picture.edges]
    played = replay(along_graph(sampled, list(picture)), links, found.log.journeys)
    assert played is not None
    assert len(played["tokens"]) == 40
    assert played["note"]["text"] == "40 of 32,593 journeys, drawn at random"
    every = {
        edge["id"] for edge in valid(discovered_scene(picture, coverage, node_order(graph), replay=played))["edges"]
    }
    assert set(played["links"]) <= every
    for token in played["tokens"]:
        assert len(token["at"]) == len(token["edges"]) + 1
        assert token["at"] == sorted(token["at"])
        assert token["at"][0] == 0
        assert set(token["edges"]) <= {*range(len(played["links"])), None}


def test_the_same_journeys_are_drawn_again(workspace: Workspace) -> None:
    first, again = (sampled_steps(workspace, n=30) for _ in range(2))
    assert first.equals(again)
    other = sampled_steps(workspace, n=30, seed=7)
    assert set(other["journey_id"]) != set(first["journey_id"])


def test_a_median_is_told_with_its_interval_and_of_how_many_times() -> None:
    with speaking("en"):
        assert waits(Median(60.0, 30.0, 120.0, 40)) == ["median wait 1 min", "95% interval 30 sec to 2 min (n = 40)"]
        assert waits(Median(60.0, None, None, 5)) == ["median wait 1 min", "too few for an interval (n = 5)"]
        assert waits(Median(60.0, None, None, None)) == ["median wait 1 min"]  # counted before there were intervals
    assert waits(None) == []
