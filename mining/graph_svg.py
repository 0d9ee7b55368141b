"""The discovered graph as a plain SVG picture: steps from left to right in columns, links as wide as they are taken."""

from __future__ import annotations

import math
from statistics import fmean
from typing import TYPE_CHECKING
from xml.etree import ElementTree as xml

from mining.journey_graph import END, START
from mining.model_xml import xml_safe
from mining.node_order import node_order

if TYPE_CHECKING:
    from mining.journey_graph import Graph

_BOX, _GAP, _MARGIN = (170, 44), (80, 26), 30
_LETTERS = 24  # of a name, in a box; the whole of it is in its tooltip
_WIDEST = 8
_STYLE = (
    "rect{fill:#f4f6f8;stroke:#5b6b7a}path{fill:none;stroke:#7d8fa0}path.back{stroke:#c08552}"
    "text{font:12px sans-serif;fill:#1d2733;text-anchor:middle}text.n{font-size:10px;fill:#5b6b7a}"
)


def graph_to_svg(graph: Graph) -> bytes:
    """Give an SVG document of a graph of `mining.journey_graph.journey_graph`.

    A step stands in the column behind the last step that leads to it; links that lead back to an earlier step are
    drawn below, in another colour.
    """
    order = node_order(graph)
    place = _places(graph, order)
    width = max(x for x, _ in place.values()) + _BOX[0] / 2 + _MARGIN
    height = max(y for _, y in place.values()) + _BOX[1] / 2 + 2 * _MARGIN
    root = xml.Element(
        "svg", {"xmlns": "http://www.w3.org/2000/svg", "viewBox": f"0 0 {width:g} {height:g}", "width": f"{width:g}"}
    )
    xml.SubElement(root, "style").text = _STYLE
    links = {(source, target): int(data["n"]) for source, target, data in graph.edges(data=True)}
    most = max(links.values(), default=1)
    for (source, target), n in sorted(links.items(), key=lambda link: (link[1], link[0])):
        _link(root, place, (source, target), n, n / most, back=order[target] <= order[source])
    names = {START: "▶", END: "■"}
    for node in sorted(graph, key=order.__getitem__):
        _box(root, place[node], names.get(node, graph.nodes[node]["name"]), graph.nodes[node])
    xml.indent(root)
    return bytes(xml.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _places(graph: Graph, order: dict[int, int]) -> dict[int, tuple[float, float]]:
    """Give the middle of each node: its column by the longest way to it, its row near the rows before it."""
    column = dict.fromkeys(graph, 0)
    for node in sorted(graph, key=order.__getitem__):
        before = [column[other] + 1 for other in graph.predecessors(node) if order[other] < order[node]]
        column[node] = max(before, default=0 if node == START else 1)
    column[END] = max(column.values()) if len(graph) == 2 else 1 + max(column[n] for n in graph if n != END)
    row: dict[int, float] = {}
    for number in range(max(column.values()) + 1):
        nodes = [node for node in graph if column[node] == number]
        wish = {n: fmean([row[p] for p in graph.predecessors(n) if p in row] or [0.0]) for n in nodes}
        nodes.sort(key=lambda node: (wish[node], order[node]))
        for n, node in enumerate(nodes):
            row[node] = n - (len(nodes) - 1) / 2
    top = min(row.values())
    return {
        node: (
            _MARGIN + _BOX[0] / 2 + column[node] * (_BOX[0] + _GAP[0]),
            _MARGIN + _BOX[1] / 2 + (row[node] - top) * (_BOX[1] + _GAP[1]),
        )
        for node in graph
    }


def _link(
    root: xml.Element,
    place: dict[int, tuple[float, float]],
    ends: tuple[int, int],
    n: int,
    strength: float,
    *,
    back: bool,
) -> None:
    (x1, y1), (x2, y2) = (place[end] for end in ends)
    half, bend = _BOX[0] / 2, _GAP[0] / 2
    if back:
        low = max(y1, y2) + _BOX[1]
        x1, x2 = x1 + bend / 2, x2 - bend / 2  # so that a link to itself can be seen
        way = f"M{x1:g} {y1 + _BOX[1] / 2:g} C{x1:g} {low:g} {x2:g} {low:g} {x2:g} {y2 + _BOX[1] / 2:g}"
    else:
        x1, x2 = x1 + half, x2 - half
        way = f"M{x1:g} {y1:g} C{x1 + bend:g} {y1:g} {x2 - bend:g} {y2:g} {x2:g} {y2:g}"
    said = {"d": way, "stroke-width": f"{1 + (_WIDEST - 1) * math.sqrt(strength):.3g}"} | (
        {"class": "back"} if back else {}
    )
    path = xml.SubElement(root, "path", said)
    xml.SubElement(path, "title").text = f"{n:,}"


def _box(root: xml.Element, middle: tuple[float, float], name: str, data: dict[str, int]) -> None:
    x, y = middle
    group = xml.SubElement(root, "g")
    xml.SubElement(group, "title").text = f"{xml_safe(name)}: {data['n_events'] or data['n_journeys']:,}"
    box = {"x": f"{x - _BOX[0] / 2:g}", "y": f"{y - _BOX[1] / 2:g}", "rx": "6"}
    xml.SubElement(group, "rect", box | {"width": str(_BOX[0]), "height": str(_BOX[1])})
    short = name if len(name) <= _LETTERS else name[: _LETTERS - 1] + "…"
    xml.SubElement(group, "text", {"x": f"{x:g}", "y": f"{y - 2:g}"}).text = xml_safe(short)
    number = xml.SubElement(group, "text", {"x": f"{x:g}", "y": f"{y + 14:g}", "class": "n"})
    number.text = f"{data['n_events'] or data['n_journeys']:,}"
