"""The paths really taken, as a drawing: boxes tinted by frequency, links as wide as they are taken."""

from __future__ import annotations

from dataclasses import dataclass

from mining.journey_graph import END, START, Coverage, Graph, simplify
from pipeline.language import Language
from pipeline.palette import BLUE
from pipeline.report.pictures.graph_layout import graph_layout
from pipeline.report.pictures.routes import Box, label_place
from pipeline.report.pictures.svg import Picture, el, fitted, group, length, short, text, text_width, wrapped
from pipeline.report.signs import HIGH, INK, LOW, PALE_BLUE, PAPER, SOFT, mixed

ACTIVITIES, LINKS = 16, 34
THINNEST, WIDEST = 1.1, 7.0


@dataclass(frozen=True)
class GraphScene:
    """A graph small enough for paper, and what share of the whole it is."""

    graph: Graph
    coverage: Coverage


def graph_scene(whole: Graph) -> GraphScene:
    """Choose the most frequent activities, and the strongest links between them."""
    picture, coverage = simplify(whole, activities=ACTIVITIES)
    links = picture.number_of_edges()
    if links > LINKS:
        picture, coverage = simplify(whole, activities=ACTIVITIES, paths=LINKS / links)
    return GraphScene(picture, coverage)


def graph_picture(scene: GraphScene, language: Language) -> Picture:
    """Draw a scene; numbers are journeys."""
    graph = scene.graph
    most = max((data["n_journeys"] for _, _, data in graph.edges(data=True)), default=1)
    strength = {(a, b): (data["n_journeys"] / most) ** 0.6 for a, b, data in graph.edges(data=True)}
    places = graph_layout(graph, {link: THINNEST + (WIDEST - THINNEST) * s for link, s in strength.items()})
    order = sorted(graph.edges, key=lambda link: (strength[link], link))
    taken = [*places.boxes.values()]
    lines, labels = [], []
    for link in order:
        route, colour = places.routes[link], mixed(HIGH, strength[link], LOW)
        width = THINNEST + (WIDEST - THINNEST) * strength[link]
        lines.append(el("path", d=route.path, fill="none", stroke=colour, stroke_width=width))
        lines.append(el("path", d=route.arrow, fill=colour))
    for link in reversed(order):
        said = short(language, graph.edges[link]["n_journeys"])
        wide = text_width(said, 11, bold=True)
        place = label_place(places.routes[link], wide + 6, 15, taken)
        taken.append(place)
        pill = {"x": place.left + 1, "y": place.top, "width": place.w - 2, "height": 15.0, "rx": 7.0}
        labels.append(el("rect", **pill, fill=PAPER, fill_opacity=0.92))
        labels.append(text(place.x, place.y + 3.8, said, size=11, fill=SOFT, bold=True, anchor="middle"))
    boxes = [_box(node, graph, places.boxes[node], language) for node in graph]
    title = language.t("Graph of the discovered paths")
    return Picture(places.width, places.height, "".join([*lines, *boxes, *labels]), title)


def _box(node: int, graph: Graph, box: Box, language: Language) -> str:
    data, all_ = graph.nodes[node], graph.nodes[START]["n_journeys"]
    if node in (START, END):
        word = language.t("Start") if node == START else language.t("End")
        said = f"{word} · {language.number(data['n_journeys'])}"
        wide = text_width(said, 12, bold=True) + 28
        return el("rect", x=box.x - wide / 2, y=box.top, width=wide, height=box.h, rx=box.h / 2, fill=INK) + text(
            box.x, box.y + 4.2, said, size=12, fill=PAPER, bold=True, anchor="middle"
        )
    share = data["n_journeys"] / all_ if all_ else 0.0
    lines = wrapped(data["name"], 12, box.w - 20, 1, bold=True) or ["–"]
    said = f"{language.number(data['n_journeys'])} · {language.percent(share)}"
    bar = {"x": box.left + 10, "y": box.bottom - 7, "height": 3.5, "rx": 1.7}
    return group(
        [
            el(
                "rect", x=box.left, y=box.top, width=box.w, height=box.h, rx=8.0,
                fill=mixed(BLUE, 0.03 + 0.17 * share), stroke=mixed(BLUE, 0.35), stroke_width=1.0,
            ),
            text(box.left + 10, box.top + 16, lines[0], size=12, fill=INK, bold=True),
            text(box.left + 10, box.top + 30.5, fitted(said, 10.5, box.w - 20), size=10.5, fill=SOFT),
            el("rect", **bar, width=box.w - 20, fill=PALE_BLUE),
            el("rect", **bar, width=length(box.w - 20, share), fill=BLUE),
        ],
        data["name"],
    )  # fmt: skip
