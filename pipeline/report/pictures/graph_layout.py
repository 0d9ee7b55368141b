"""A layered layout of a small graph: every link goes down where it can, long ones pass between the boxes.

The way of Sugiyama, Tagawa and Toda (doi 10.1109/TSMC.1981.4308636): break cycles at their weakest links, rank by the
longest way, put dummies where a link crosses a rank, order by barycentres, then draw boxes towards their neighbours.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise

import networkx as nx

from mining.journey_graph import END, START, Graph
from pipeline.report.pictures.routes import Box, Point, Route, curve, spread
from pipeline.report.pictures.svg import num

NODE_W, NODE_H, RANK_GAP, SIDE_GAP, DUMMY_W = 158.0, 44.0, 46.0, 36.0, 20.0
PILL_H = 28.0
SWEEPS = 12
Spot = tuple[int, int, int]
"""A box (node, 0, 0), or the dummy of a link at a rank: (source, target, rank)."""


@dataclass(frozen=True)
class GraphLayout:
    """Places of boxes by node, and routes by link."""

    width: float
    height: float
    boxes: dict[int, Box]
    routes: dict[tuple[int, int], Route]


def graph_layout(graph: Graph, widths: dict[tuple[int, int], float]) -> GraphLayout:
    """Place a graph.

    Parameters
    ----------
    graph : networkx.DiGraph
        Of `mining.journey_graph.simplify`; links carry ``n``.
    widths : dict
        Of the lines, by link.
    """
    down = _without_cycles(graph)
    rank = _ranks(down)
    chains = {(a, b): _chain(a, b, rank) for a, b in graph.edges if a != b}
    layers = _ordered(graph, rank, chains)
    x = _across(layers, graph, chains)
    left = min(x[spot] - _width_of(spot) / 2 for layer in layers for spot in layer)
    y = [k * (NODE_H + RANK_GAP) + NODE_H / 2 + 8 for k in range(len(layers))]
    places = {spot: (x[spot] - left + 40, y[k]) for k, layer in enumerate(layers) for spot in layer}
    boxes = {node: Box(*places[node, 0, 0], NODE_W, PILL_H if node in (START, END) else NODE_H) for node in graph}
    right = max(places[spot][0] + _width_of(spot) / 2 for spot in places)
    return GraphLayout(right + 40, y[-1] + NODE_H / 2 + 8, boxes, _routes(graph, chains, places, boxes, widths))


def _without_cycles(graph: Graph) -> Graph:
    """Take the links, the strongest first, as long as none closes a cycle."""
    down: Graph = nx.DiGraph()
    down.add_nodes_from(graph)
    ends = {START, END}
    for a, b in sorted(graph.edges, key=lambda e: (not ends & {*e}, -graph.edges[e]["n"], e)):
        if a != b and not nx.has_path(down, b, a):
            down.add_edge(a, b)
    return down


def _ranks(down: Graph) -> dict[int, int]:
    """Give each node the number of links on the longest way to it; the end stands below all."""
    rank: dict[int, int] = {}
    for node in nx.lexicographical_topological_sort(down):
        rank[node] = max((rank[before] + 1 for before in down.predecessors(node)), default=0)
    rank[END] = max([rank[END], *(r + 1 for node, r in rank.items() if node != END)])
    return rank


def _chain(a: int, b: int, rank: dict[int, int]) -> list[Spot]:
    """Give the spots of a link, from the upper end to the lower one."""
    (upper, lower) = (a, b) if rank[a] < rank[b] else (b, a)
    between = [(a, b, k) for k in range(rank[upper] + 1, rank[lower])]
    return [(upper, 0, 0), *between, (lower, 0, 0)]


def _ordered(graph: Graph, rank: dict[int, int], chains: dict[tuple[int, int], list[Spot]]) -> list[list[Spot]]:
    """Put the spots of each rank into an order with few crossings."""
    layers: list[list[Spot]] = [[] for _ in range(max(rank.values()) + 1)]
    for node in sorted(graph, key=lambda node: (-graph.nodes[node]["n_events"], node)):
        layers[rank[node]].append((node, 0, 0))
    for link in sorted(chains):
        for spot in chains[link][1:-1]:
            layers[spot[2]].append(spot)
    near = _neighbours(graph, chains)
    for sweep in range(SWEEPS):
        walk = range(1, len(layers)) if sweep % 2 == 0 else range(len(layers) - 2, -1, -1)
        for k in walk:
            fixed = layers[k - 1 if sweep % 2 == 0 else k + 1]
            place = {spot: n for n, spot in enumerate(fixed)}
            middle = {spot: _middle(near[spot], place, n) for n, spot in enumerate(layers[k])}
            layers[k].sort(key=lambda spot: middle[spot])
    return layers


def _neighbours(graph: Graph, chains: dict[tuple[int, int], list[Spot]]) -> dict[Spot, list[tuple[Spot, float]]]:
    """Give for each spot those it is joined to, with how strongly."""
    near: dict[Spot, list[tuple[Spot, float]]] = defaultdict(list)
    for link, chain in sorted(chains.items()):
        strength = float(graph.edges[link]["n"])
        for one, other in pairwise(chain):
            pull = strength * (4 if len(chain) > 2 else 1)  # long links stay straight
            near[one].append((other, pull))
            near[other].append((one, pull))
    return near


def _middle(near: list[tuple[Spot, float]], place: dict[Spot, int], otherwise: float) -> float:
    """Give the mean place of a spot's neighbours, weighted by strength."""
    known = [(place[spot], pull) for spot, pull in near if spot in place]
    total = sum(pull for _, pull in known)
    return sum(at * pull for at, pull in known) / total if total else float(otherwise)


def _width_of(spot: Spot) -> float:
    return NODE_W if spot[1:] == (0, 0) else DUMMY_W


def _across(layers: list[list[Spot]], graph: Graph, chains: dict[tuple[int, int], list[Spot]]) -> dict[Spot, float]:
    """Draw the spots towards their neighbours, their order and distance kept."""
    near = _neighbours(graph, chains)
    x: dict[Spot, float] = {}
    for layer in layers:
        used = 0.0
        for spot in layer:
            x[spot] = used + _width_of(spot) / 2
            used += _width_of(spot) + SIDE_GAP
        for spot in layer:
            x[spot] -= used / 2
    for sweep in range(2 * SWEEPS):
        for layer in layers if sweep % 2 == 0 else reversed(layers):
            wanted = [_wanted(near[spot], x, x[spot]) for spot in layer]
            pulls = [sum(pull for _, pull in near[spot]) or 1.0 for spot in layer]
            for spot, at in zip(layer, _kept_apart(layer, wanted, pulls), strict=True):
                x[spot] = at
    return x


def _wanted(near: list[tuple[Spot, float]], x: dict[Spot, float], otherwise: float) -> float:
    total = sum(pull for _, pull in near)
    return sum(x[spot] * pull for spot, pull in near) / total if total else otherwise


def _kept_apart(layer: list[Spot], wanted: list[float], pulls: list[float]) -> list[float]:
    """Give the places nearest to the wanted ones that keep order and distance (pool adjacent violators).

    Of two that are in each other's way, the one with the stronger pull gives way less.
    """
    room = [0.0]
    for one, other in pairwise(layer):
        room.append(room[-1] + (_width_of(one) + _width_of(other)) / 2 + SIDE_GAP)
    blocks: list[tuple[float, float, int]] = []  # mean of the places less the room before them, its weight, how many
    for at, used, pull in zip(wanted, room, pulls, strict=True):
        mean, weight, n = at - used, pull, 1
        while blocks and blocks[-1][0] > mean:
            before, w, m = blocks.pop()
            mean, weight, n = (before * w + mean * weight) / (w + weight), w + weight, m + n
        blocks.append((mean, weight, n))
    bases = [mean for mean, _, n in blocks for _ in range(n)]
    return [base + used for base, used in zip(bases, room, strict=True)]


def _routes(
    graph: Graph,
    chains: dict[tuple[int, int], list[Spot]],
    places: dict[Spot, Point],
    boxes: dict[int, Box],
    widths: dict[tuple[int, int], float],
) -> dict[tuple[int, int], Route]:
    """Draw each link through its spots; ends are spread along the edges of the boxes."""
    ends: dict[tuple[int, str], list[tuple[float, tuple[int, int]]]] = defaultdict(list)
    for link, chain in sorted(chains.items()):
        ends[chain[0][0], "bottom"].append((places[chain[1]][0], link))
        ends[chain[-1][0], "top"].append((places[chain[-2]][0], link))
    port: dict[tuple[tuple[int, int], str], float] = {}
    for (_, side), group in ends.items():
        group.sort()
        offsets = spread([max(widths[link], 6.0) + 5 for _, link in group], NODE_W - 40)
        port |= {(link, side): offset for offset, (_, link) in zip(offsets, group, strict=True)}
    routes = {}
    for link in graph.edges:
        if link[0] == link[1]:
            routes[link] = _loop(boxes[link[0]], widths[link])
            continue
        chain = chains[link]
        upper, lower = boxes[chain[0][0]], boxes[chain[-1][0]]
        points = [
            (upper.x + port[link, "bottom"], upper.bottom),
            *(places[spot] for spot in chain[1:-1]),
            (lower.x + port[link, "top"], lower.top),
        ]
        routes[link] = _through(points if chain[0][0] == link[0] else points[::-1], widths[link])
    return routes


def _loop(box: Box, width: float) -> Route:
    x, y = box.right, box.y
    return curve((x, y - 9), (x + 34, y - 24), (x + 34, y + 24), (x, y + 9), min(width, 3.0))


def _through(points: list[Point], width: float) -> Route:
    """Draw a smooth line through points, upright at each of them."""
    path = ""
    seen: list[Point] = []
    for a, b in pairwise(points):
        half = (b[1] - a[1]) * 0.5
        piece = curve(a, (a[0], a[1] + half), (b[0], b[1] - half), b, width)
        last = b == points[-1]
        start = f"M{num(a[0])} {num(a[1])}" if not path else ""
        body = piece.path.split("C", 1)[1] if last else _plain(a, b, half)
        path += f"{start}C{body}"
        seen += piece.points
    return Route(path, piece.arrow, tuple(seen))


def _plain(a: Point, b: Point, half: float) -> str:
    return " ".join(f"{num(x)} {num(y)}" for x, y in ((a[0], a[1] + half), (b[0], b[1] - half), b))
