"""The discovered graph: activities, the links between them, where journeys start and end; and simpler pictures of it.

Nodes are the codes of the activities, so that no name can collide with the two ends `START` and `END`. Every link
carries how often it is taken, so at each activity as many moves arrive as leave as there are events. A simpler picture
never changes a number: the activities it leaves out are put together in the node `OTHER`, and the links it leaves out
are counted at the nodes and in its `Coverage`.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import polars as pl

from mining.frames import WAITS

if TYPE_CHECKING:
    from networkx import DiGraph

Graph: TypeAlias = "DiGraph[int]"

START, END, OTHER = -1, -2, -3


@dataclass(frozen=True)
class Coverage:
    """What share of the log a picture shows.

    Attributes
    ----------
    activities, of_activities : int
        Activities shown, and in all.
    edges, of_edges : int
        Links shown, and in all, those from the start and to the end included.
    events_share, moves_share : float or None
        Share of the events that fall on shown activities, of the moves that take shown links; None for an empty log.
    """

    activities: int
    of_activities: int
    edges: int
    of_edges: int
    events_share: float | None
    moves_share: float | None


def journey_graph(activities: pl.DataFrame, edges: pl.DataFrame, endpoints: pl.DataFrame, n_journeys: int) -> Graph:
    """Put the three frames of a log together.

    Parameters
    ----------
    activities, edges, endpoints : frame
        In the shapes of `mining.frames`.
    n_journeys : int
        Journeys of the log.

    Returns
    -------
    networkx.DiGraph
        Nodes: activity codes, `START` and `END`, with ``name``, ``n_events`` and ``n_journeys``. Edges: ``n`` moves by
        ``n_journeys`` journeys, with the `mining.frames.WAITS` (None from the start, to the end, and where unknown).
        The sum of all ``n`` is events + journeys.
    """
    from networkx import DiGraph

    graph: Graph = DiGraph()
    for node, name in ((START, "start"), (END, "end")):
        graph.add_node(node, name=name, n_events=0, n_journeys=n_journeys)
    for row in activities.iter_rows(named=True):
        node = row.pop("activity")
        graph.add_node(node, **row)
    for row in edges.iter_rows(named=True):
        source, target = row.pop("source"), row.pop("target")
        graph.add_edge(source, target, **row)
    waits = dict.fromkeys(WAITS)
    for activity, n_start, n_end in endpoints.select("activity", "n_start", "n_end").iter_rows():
        for source, target, n in ((START, activity, n_start), (activity, END, n_end)):
            if n:
                graph.add_edge(source, target, n=n, n_journeys=n, **waits)
    return graph


def simplify(
    graph: Graph, *, activities: float = 1.0, paths: float = 1.0, variants: pl.DataFrame | None = None
) -> tuple[Graph, Coverage]:
    """Give a smaller picture in which every activity lies on a walk from the start to the end.

    Kept are the most frequent activities, for each the widest walk from the start and to the end (the one whose weakest
    link is strongest), and then the strongest other links. An activity that can only be reached through hidden ones
    brings those with it.

    Parameters
    ----------
    graph : networkx.DiGraph
        Of `journey_graph`.
    activities : int or float
        A whole number: how many to keep; a float in 0..1: what share of them (one at least).
    paths : float
        Share of the links between kept nodes to keep, in 0..1; those that the walks need stay in any case.
    variants : frame, optional
        The paths behind the graph (shape `mining.frames.VARIANTS`). With them, the activities that are left out come
        back as one node `OTHER`, its links counted exactly.

    Returns
    -------
    networkx.DiGraph
        Nodes and edges with the numbers they had. Nodes have ``n_in_other`` and ``n_out_other``, too: their moves from
        and to what is hidden, so that arriving and leaving moves still sum up to the events of the node.
    Coverage
        What share of the whole it shows; what `OTHER` stands for is not shown.
    """
    nodes = _kept_nodes(graph, activities)
    picture: Graph = graph.subgraph(nodes).copy()
    needed = needed_links(picture)
    if variants is not None and len(nodes) < len(graph):
        _gather(picture, variants)
        needed.add((_widest_links(picture, START)[OTHER], OTHER))
        needed.add((OTHER, _widest_links(picture.reverse(copy=False), END)[OTHER]))
    strongest = sorted(picture.edges, key=lambda edge: (edge not in needed, -picture.edges[edge]["n"], edge))
    keep = max(len(needed), math.ceil(paths * len(strongest)))
    arrive, leave = _moves(picture if OTHER in picture else graph)
    picture.remove_edges_from(strongest[keep:])
    for node, data in picture.nodes(data=True):
        data["n_in_other"] = arrive[node] - picture.in_degree(node, weight="n")
        data["n_out_other"] = leave[node] - picture.out_degree(node, weight="n")
    return picture, _coverage(picture.subgraph(nodes), graph)


def _moves(graph: Graph) -> tuple[dict[int, int], dict[int, int]]:
    """Count the moves that arrive at each node and those that leave it."""
    return dict(graph.in_degree(weight="n")), dict(graph.out_degree(weight="n"))


def _gather(picture: Graph, variants: pl.DataFrame) -> None:
    """Put what the picture lacks into one node, with links that are counted on the paths."""
    from mining.alignment import flat
    from mining.variant_kernel import links_of

    codes, offsets = flat(variants["path"])
    nodes = [*sorted(activities_of(picture)), OTHER, START, END]
    other = len(nodes) - 3
    node_of = np.full(max(int(codes.max(initial=0)), *nodes) + 1, other, np.int32)
    node_of[nodes[:other]] = np.arange(other)
    weight = variants["n_journeys"].to_numpy(writable=True)
    found, n_journeys = links_of(codes, offsets, weight, node_of, other + 1, other)
    picture.add_node(OTHER, name="other", n_events=int(found[0, :, 0].sum()), n_journeys=int(n_journeys))
    waits = dict.fromkeys(WAITS)
    for side, node in np.argwhere(found[..., 0]).tolist():
        source, target = (nodes[node], OTHER) if side == 0 else (OTHER, nodes[node])
        n, n_taking = found[side, node].tolist()
        picture.add_edge(source, target, n=n, n_journeys=n_taking, **waits)


def needed_links(graph: Graph) -> set[tuple[int, int]]:
    """Give the links of the widest walks from the start to every activity, and from there to the end."""
    before, after = _widest_links(graph, START), _widest_links(graph.reverse(copy=False), END)
    return {(came_from, node) for node, came_from in before.items()} | set(after.items())


def _kept_nodes(graph: Graph, activities: float) -> set[int]:
    """Give the ends, the most frequent activities, and what joins them to the ends."""
    ranked = sorted(activities_of(graph), key=lambda node: (-graph.nodes[node]["n_events"], node))
    wanted = activities if isinstance(activities, int) else math.ceil(activities * len(ranked))
    nodes = {START, END, *ranked[: max(wanted, 1)]}
    picture = graph.subgraph(nodes)
    ways = (
        (_widest_links(graph, START), _widest_links(picture, START)),
        (_widest_links(graph.reverse(copy=False), END), _widest_links(picture.reverse(copy=False), END)),
    )
    for links, near in ways:
        for node in nodes - {START, END} - near.keys():
            nodes = nodes.union(_walk(links, node))
    return nodes


def _walk(links: dict[int, int], node: int) -> Iterator[int]:
    """Follow links from a node to where they all come from."""
    while node in links:
        yield node
        node = links[node]


def _widest_links(graph: Graph, root: int) -> dict[int, int]:
    """Give for every node but the root the node before it on its widest walk from the root (Dijkstra, max of min).

    Of equally wide walks the one with fewer links is taken, then the one through lower codes.
    """
    links: dict[int, int] = {}
    queue = [(0, 0, root, root)]  # minus the width so far: the heap gives the smallest first
    seen: set[int] = set()
    while queue:
        width, hops, node, came_from = heapq.heappop(queue)
        if node in seen:
            continue
        seen.add(node)
        if node != root:
            links[node] = came_from
        for target, data in graph.adj[node].items():
            if target not in seen:
                narrower = -data["n"] if node == root else max(width, -data["n"])
                heapq.heappush(queue, (narrower, hops + 1, target, node))
    return links


def activities_of(graph: Graph) -> list[int]:
    """Give the nodes that are activities, in the order of the graph."""
    return [node for node in graph if node >= 0]


def _coverage(picture: Graph, graph: Graph) -> Coverage:
    """Compare a picture with the whole graph."""
    events, of_events = (sum(data["n_events"] for _, data in g.nodes(data=True)) for g in (picture, graph))
    moves, of_moves = (g.size(weight="n") for g in (picture, graph))
    return Coverage(
        activities=len(activities_of(picture)),
        of_activities=len(activities_of(graph)),
        edges=picture.number_of_edges(),
        of_edges=graph.number_of_edges(),
        events_share=events / of_events if of_events else None,
        moves_share=moves / of_moves if of_moves else None,
    )
