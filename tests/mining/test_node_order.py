"""The order of steps: from start to end, few moves back, and none where none need be."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from mining.journey_graph import END, START
from mining.node_order import node_order
from tests.mining.test_journey_graph import LOGS, graph_of


@given(log=LOGS)
def test_every_node_has_a_place_between_start_and_end(log: dict[tuple[int, ...], int]):
    graph = graph_of(log)
    order = node_order(graph)
    assert sorted(order) == sorted(graph)
    assert sorted(order.values()) == list(range(len(graph)))
    assert (order[START], order[END]) == (0, len(graph) - 1)


@given(
    log=st.dictionaries(st.sets(st.integers(0, 7), min_size=1).map(sorted).map(tuple), st.integers(1, 9), min_size=1)
)
def test_no_move_leads_back_where_none_must(log: dict[tuple[int, ...], int]):
    order = node_order(graph_of(log))
    assert all(order[a] < order[b] for path in log for a, b in pairwise(path))


def test_a_rare_return_does_not_turn_the_order_round():
    order = node_order(graph_of({(0, 1, 2): 50, (0, 1, 0, 1, 2): 3, (2, 0): 1}))
    assert sorted(order, key=order.__getitem__) == [START, 0, 1, 2, END]
