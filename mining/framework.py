"""What holds pictures of the discovered graph in place: steps of the whole log, with as many links as stay clear."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from mining.journey_graph import END, START, simplify

if TYPE_CHECKING:
    from mining.journey_graph import Graph

SIZES = (100, 300)  # activities; the smallest one that holds all shown is taken
LINKS_PER_NODE = 1.8  # more make a layout wide and its lines long


def framework(graph: Graph, shown: Collection[int]) -> Graph:
    """Give the part of a graph on which the places of its nodes are found, for all pictures of about this size.

    It is the same for every place of the sliders as long as no more activities are shown than the next of `SIZES` has;
    so a step that is shown in two pictures stands in the same place in both.

    Parameters
    ----------
    graph : networkx.DiGraph
        Of `mining.journey_graph.journey_graph`, of the whole log.
    shown : collection of int
        Nodes to be shown; those that `graph` lacks are passed over.

    Returns
    -------
    networkx.DiGraph
        The most frequent activities and those shown, with the links that every one of them needs to lie on a walk from
        the start to the end, and the strongest others.

    Examples
    --------
    >>> from networkx import DiGraph
    >>> graph = DiGraph()
    >>> graph.add_nodes_from([-1, -2, 1, 2], n_events=1)
    >>> graph.add_weighted_edges_from([(-1, 1, 5), (1, 2, 5), (2, -2, 5)], weight="n")
    >>> sorted(framework(graph, [1]).edges)
    [(-1, 1), (1, 2), (2, -2)]
    """
    own = {node for node in shown if node in graph}
    size = next((size for size in SIZES if size >= len(own - {START, END})), len(graph))
    frequent, _coverage = simplify(graph, activities=size)
    kept = graph.subgraph({*frequent, *own})
    links = LINKS_PER_NODE * len(kept) / max(kept.number_of_edges(), 1)
    return simplify(kept, paths=min(1.0, links))[0]
