from __future__ import annotations

from collections import Counter
from itertools import pairwise

import networkx as nx
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mining.frames import ACTIVITIES, EDGES, ENDPOINTS, VARIANTS
from mining.journey_graph import END, OTHER, START, Coverage, Graph, activities_of, journey_graph, simplify

LOGS = st.dictionaries(st.lists(st.integers(0, 5), min_size=1, max_size=6).map(tuple), st.integers(1, 9), min_size=1)


def graph_of(log: dict[tuple[int, ...], int]) -> Graph:
    """The graph of a log that is given as paths with their journeys, counted in plain Python."""
    events: Counter[int] = Counter()
    seen: Counter[int] = Counter()
    moves: Counter[tuple[int, int]] = Counter()
    taken: Counter[tuple[int, int]] = Counter()
    starts: Counter[int] = Counter()
    ends: Counter[int] = Counter()
    for path, n in log.items():
        for activity, times in Counter(path).items():
            events[activity] += times * n
            seen[activity] += n
        for pair, times in Counter(pairwise(path)).items():
            moves[pair] += times * n
            taken[pair] += n
        starts[path[0]] += n
        ends[path[-1]] += n
    return journey_graph(
        pl.DataFrame([(a, f"<{a}>", n, seen[a]) for a, n in sorted(events.items())], ACTIVITIES.columns, orient="row"),
        pl.DataFrame(
            [(*pair, n, taken[pair], 60.0, 90.0, 60.0 * n, 50.0, 70.0, n) for pair, n in sorted(moves.items())],
            EDGES.columns,
            orient="row",
        ),
        pl.DataFrame([(a, starts[a], ends[a]) for a in sorted(events)], ENDPOINTS.columns, orient="row"),
        sum(log.values()),
    )


SHOP = {(0, 1, 2): 5, (0, 1, 1, 2): 2, (0, 3): 3, (0, 4, 2): 1}


def test_a_graph_has_its_ends_as_nodes_and_keeps_every_number():
    graph = graph_of(SHOP)
    assert graph.nodes[START] == {"name": "start", "n_events": 0, "n_journeys": 11}
    assert graph.nodes[1] == {"name": "<1>", "n_events": 9, "n_journeys": 7}
    assert graph.edges[0, 1] == {
        "n": 7,
        "n_journeys": 7,
        "wait_median_s": 60.0,
        "wait_p95_s": 90.0,
        "wait_total_s": 420.0,
        "wait_median_low_s": 50.0,
        "wait_median_high_s": 70.0,
        "n_waits": 7,
    }
    assert graph.edges[3, END]["n"] == 3
    assert graph.edges[START, 0]["wait_median_s"] is None
    assert not graph.has_edge(START, 1)


def test_no_name_collides_with_the_ends():
    activities = pl.DataFrame([(0, "start", 1, 1), (1, "end", 1, 1)], ACTIVITIES.columns, orient="row")
    edges = pl.DataFrame([(0, 1, 1, 1, 0.0, 0.0, 0.0, None, None, 1)], EDGES.columns, orient="row")
    ends = pl.DataFrame([(0, 1, 0), (1, 0, 1)], ENDPOINTS.columns, orient="row")
    assert sorted(journey_graph(activities, edges, ends, 1).edges) == [(START, 0), (0, 1), (1, END)]


@given(log=LOGS)
def test_links_add_up_to_events_and_journeys(log: dict[tuple[int, ...], int]):
    graph = graph_of(log)
    journeys = sum(log.values())
    events = sum(len(path) * n for path, n in log.items())
    assert graph.size(weight="n") == events + journeys
    for node in activities_of(graph):
        assert graph.in_degree(node, weight="n") == graph.out_degree(node, weight="n") == graph.nodes[node]["n_events"]
    assert graph.out_degree(START, weight="n") == graph.in_degree(END, weight="n") == journeys


@given(log=LOGS, activities=st.integers(1, 6) | st.floats(0, 1), paths=st.floats(0, 1))
def test_a_simpler_picture_changes_no_number_and_leaves_no_dead_end(log, activities, paths):
    graph = graph_of(log)
    picture, coverage = simplify(graph, activities=activities, paths=paths)
    for node, data in picture.nodes(data=True):
        assert data.items() >= graph.nodes[node].items()
        assert picture.in_degree(node, weight="n") + data["n_in_other"] == graph.in_degree(node, weight="n")
        assert picture.out_degree(node, weight="n") + data["n_out_other"] == graph.out_degree(node, weight="n")
    assert all(data == graph.edges[edge] for edge, data in ((e, picture.edges[e]) for e in picture.edges))
    assert nx.descendants(picture, START) == nx.ancestors(picture, END) ^ {START, END}
    assert set(picture) == nx.descendants(picture, START) | {START}
    events = sum(len(path) * n for path, n in log.items())
    assert coverage.moves_share == pytest.approx(picture.size(weight="n") / (events + sum(log.values())))
    assert (coverage.activities, coverage.of_activities) == (len(activities_of(picture)), len(activities_of(graph)))


@given(log=LOGS)
def test_everything_kept_is_the_whole_graph(log: dict[tuple[int, ...], int]):
    graph = graph_of(log)
    picture, coverage = simplify(graph)
    assert nx.utils.edges_equal(picture.edges(data="n"), graph.edges(data="n"), directed=True)
    assert (coverage.events_share, coverage.moves_share) == (1.0, 1.0)


def widest(graph: Graph, source: int, target: int) -> int:
    """The strongest weakest link of all simple walks: brute force."""
    if source == target:
        return 0
    walks = nx.all_simple_edge_paths(graph, source, target)
    return max(min(graph.edges[edge]["n"] for edge in walk) for walk in walks)


@given(log=LOGS, activities=st.integers(1, 6))
def test_the_links_that_are_kept_hold_a_widest_walk_for_every_activity(log, activities):
    graph = graph_of(log)
    picture, _ = simplify(graph, activities=activities, paths=0.0)
    among = graph.subgraph(picture)
    for node in activities_of(picture):
        assert widest(picture, START, node) == widest(among, START, node)
        assert widest(picture, node, END) == widest(among, node, END)


def test_the_most_frequent_are_kept_with_what_joins_them():
    log = {(0, 1, 2, 2, 2): 4, (3, 4): 1}
    picture, coverage = simplify(graph_of(log), activities=1, paths=0.0)
    assert sorted(picture.edges) == [(START, 0), (0, 1), (1, 2), (2, END)]  # 2 is met only after 0 and 1
    assert coverage == Coverage(3, 5, 4, 8, 20 / 22, 16 / 27)
    assert picture.nodes[2]["n_in_other"] == 8  # its own loop, which is hidden
    picture, _ = simplify(graph_of(log), activities=1, paths=1.0)
    assert (2, 2) in picture.edges


def test_an_empty_log_has_a_graph_of_two_nodes():
    empty = [pl.DataFrame(schema=shape.columns) for shape in (ACTIVITIES, EDGES, ENDPOINTS)]
    picture, coverage = simplify(journey_graph(*empty, 0))
    assert sorted(picture) == [END, START]
    assert coverage == Coverage(0, 0, 0, 0, None, None)


@given(log=LOGS, activities=st.integers(1, 6), paths=st.floats(0, 1))
def test_what_is_left_out_comes_back_as_one_node(log: dict[tuple[int, ...], int], activities: int, paths: float):
    graph = graph_of(log)
    variants = pl.DataFrame(
        [(i, list(path), n) for i, (path, n) in enumerate(log.items())], VARIANTS.columns, orient="row"
    )
    picture, coverage = simplify(graph, activities=activities, paths=paths, variants=variants)
    bare, same = simplify(graph, activities=activities, paths=1.0)
    whole, _ = simplify(graph, activities=activities, paths=1.0, variants=variants)
    assert coverage.activities == same.activities
    assert set(picture) - {OTHER} == set(bare)
    assert whole.size(weight="n") == graph.size(weight="n")
    kept = set(activities_of(bare))
    gathered = graph_of(merged(log, kept)) if OTHER in whole else graph
    for source, target, data in whole.edges(data=True):
        ends = [FAR if node == OTHER else node for node in (source, target)]
        assert [data[key] for key in COUNTS] == [gathered.edges[ends][key] for key in COUNTS]
    if OTHER in picture:
        assert whole.nodes[OTHER]["n_journeys"] == gathered.nodes[FAR]["n_journeys"]
        assert OTHER in nx.descendants(picture, START) & nx.ancestors(picture, END)
    for node, data in picture.nodes(data=True):
        assert picture.in_degree(node, weight="n") + data["n_in_other"] == whole.in_degree(node, weight="n")


FAR = 99
COUNTS = ("n", "n_journeys")


def merged(log: dict[tuple[int, ...], int], kept: set[int]) -> dict[tuple[int, ...], int]:
    """The log with everything that is not kept under one code."""
    found: Counter[tuple[int, ...]] = Counter()
    for path, n in log.items():
        found[tuple(code if code in kept else FAR for code in path)] += n
    return dict(found)
