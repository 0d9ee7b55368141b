"""One order of the steps of a graph from start to end in which few moves lead back."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

from mining.journey_graph import END, START, activities_of

if TYPE_CHECKING:
    from mining.journey_graph import Graph


def node_order(graph: Graph) -> dict[int, int]:
    """Number the nodes so that few moves lead from a later to an earlier one.

    The greedy rule of Eades, Lin and Smyth (1993, doi 10.1016/0020-0190(93)90079-O), weighted by moves: what nothing
    leads out of goes to the end, what nothing leads into to the beginning, else that to the beginning where most more
    moves leave than arrive. Among equals the lower code goes first.

    Parameters
    ----------
    graph : networkx.DiGraph
        Of `mining.journey_graph.journey_graph`.

    Returns
    -------
    dict
        Node -> place from 0; `START` is first and `END` is last.

    Examples
    --------
    >>> from networkx import DiGraph
    >>> graph = DiGraph()
    >>> graph.add_weighted_edges_from([(-1, 2, 5), (2, 1, 5), (1, 2, 1), (1, -2, 5)], weight="n")
    >>> node_order(graph)
    {-1: 0, 2: 1, 1: 2, -2: 3}
    """
    rest = graph.subgraph(activities_of(graph)).copy()
    rest.remove_edges_from([(node, node) for node in rest if rest.has_edge(node, node)])
    # Starts and ends of journeys pull their activities to the two sides, and decide among equals.
    pull = {node: _n(graph, START, node) - _n(graph, node, END) for node in rest}
    into, out = dict(rest.in_degree(weight="n")), dict(rest.out_degree(weight="n"))
    queue = [(_rank(node, into, out, pull), node) for node in rest]
    heapq.heapify(queue)
    first: list[int] = []
    last: list[int] = []
    while queue:
        rank, node = heapq.heappop(queue)
        if node not in rest or rank != _rank(node, into, out, pull):
            continue  # a newer rank of it stands in the queue
        (last if rank[0] == 0 else first).append(node)
        near = {*rest.predecessors(node), *rest.successors(node)}
        for other in near:
            into[other] -= _n(rest, node, other)
            out[other] -= _n(rest, other, node)
        rest.remove_node(node)
        for other in near:
            heapq.heappush(queue, (_rank(other, into, out, pull), other))
    return {node: place for place, node in enumerate([START, *first, *reversed(last), END])}


def _n(graph: Graph, source: int, target: int) -> int:
    return int(graph.edges[source, target]["n"]) if graph.has_edge(source, target) else 0


def _rank(node: int, into: dict[int, int], out: dict[int, int], pull: dict[int, int]) -> tuple[int, int, int]:
    """Give the key by which nodes are taken: sinks, then sources, then by how many more moves leave than arrive."""
    surplus = out[node] - into[node] + pull[node]
    if out[node] == 0 and into[node] > 0:
        return 0, 0, node
    return (1, -surplus, node) if into[node] == 0 else (2, -surplus, node)
