"""The discovered graph as DOT text: boxes tinted by frequency, links as wide as they are taken, pills for the ends."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from mining.journey_graph import END, OTHER, START, Graph
from ui.text import dot_escape, shortened, xml_escape

Measure = Literal["n_journeys", "n", "wait_median_s"]
LONGEST_NAME = 34
WIDEST_PX, THINNEST_PX = 6.0, 1.0


@dataclass(frozen=True)
class Paper:
    """The colours of a graph on one kind of paper; links and boxes run from `low` to `high`."""

    ink: str
    muted: str
    low: str
    high: str
    box_low: str
    box_high: str
    frame: str
    pill: str
    pill_ink: str


LIGHT = Paper("#1d2733", "#5a6673", "#a9b9c7", "#17476f", "#f3f6f9", "#b9cfe3", "#9db4c8", "#1d2733", "#fbfaf7")
DARK = Paper("#e6e9ec", "#a7b2bd", "#4a5a6b", "#9fd0f5", "#1d2730", "#2c5578", "#4f6a82", "#e6e9ec", "#14191f")


@dataclass(frozen=True)
class Words:
    """What the graph says: the names of its ends, how counts and durations are written, and what is told of a link.

    ``link`` takes the data of a link, how many journeys there are in all, and whether it leads from the start or to the
    end.
    """

    start: str
    end: str
    count: Callable[[float | None], str]
    duration: Callable[[float | None], str]
    link: Callable[[Mapping[str, Any], int, bool], list[str]]


def graph_dot(
    picture: Graph,
    *,
    measure: Measure,
    words: Words,
    titles: Mapping[str, str] | None = None,
    dark: bool = False,
    across: bool = False,
) -> str:
    """Write a graph as DOT.

    Parameters
    ----------
    picture : networkx.DiGraph
        As `mining.journey_graph.simplify` gives it.
    measure : str
        What links show: journeys, occurrences, or the median wait. Boxes show journeys, or events.
    words : Words
        How to say it.
    titles : mapping of str to str, optional
        Names to show in place of those of the nodes.
    dark : bool, default False
        For dark paper.
    across : bool, default False
        From left to right in place of top to bottom.
    """
    paper = DARK if dark else LIGHT
    lines = [
        "digraph {",
        f'  graph [rankdir={"LR" if across else "TB"}, bgcolor="transparent", nodesep=0.28, ranksep=0.3, pad=0.15]',
        f'  node [fontname="Helvetica", fontsize=11, fontcolor="{paper.ink}", color="{paper.frame}", penwidth=1]',
        f'  edge [fontname="Helvetica", fontsize=9.5, fontcolor="{paper.muted}", arrowsize=0.5]',
        *_nodes(picture, measure, words, titles or {}, paper),
        *_links(picture, measure, words, paper),
        "}",
    ]
    return "\n".join(lines)


def _nodes(picture: Graph, measure: Measure, words: Words, titles: Mapping[str, str], paper: Paper) -> list[str]:
    counted = "n_events" if measure == "n" else "n_journeys"
    most = max((d[counted] for node, d in picture.nodes(data=True) if node not in (START, END)), default=1)
    lines = []
    for node, data in picture.nodes(data=True):
        if node in (START, END):
            word = words.start if node == START else words.end
            lines.append(
                f'  {_id(node)} [shape=box, style="rounded,filled", fillcolor="{paper.pill}", color="{paper.pill}", '
                f'fontcolor="{paper.pill_ink}", height=0.3, margin="0.18,0.04", '
                f'label="{dot_escape(word)}  {dot_escape(words.count(data["n_journeys"]))}"]'
            )
            continue
        name = titles.get(data["name"], data["name"])
        tint = blend(paper.box_low, paper.box_high, data[counted] / most)
        lines.append(
            f'  {_id(node)} [shape=box, style="rounded,filled", fillcolor="{tint}", margin="0.02,0.01", height=0.36, '
            f'tooltip="{dot_escape(name)}: {dot_escape(words.count(data[counted]))}", '
            f"label=<{_label(name, words.count(data[counted]), paper)}>]"
        )
    return lines


def _label(name: str, count: str, paper: Paper) -> str:
    """Give a label in Graphviz's marks: the name, and its count in a softer colour."""
    shown = xml_escape(shortened(name, LONGEST_NAME)) or "&#160;"
    return (
        '<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="4"><TR>'
        f'<TD><B>{shown}</B></TD><TD><FONT COLOR="{paper.muted}" POINT-SIZE="9.5">{xml_escape(count)}</FONT></TD>'
        "</TR></TABLE>"
    )


def _links(picture: Graph, measure: Measure, words: Words, paper: Paper) -> list[str]:
    most = max((data[measure] or 0 for _, _, data in picture.edges(data=True)), default=0) or 1
    total = picture.nodes[START]["n_journeys"]
    lines = []
    for source, target, data in sorted(picture.edges(data=True), key=lambda edge: edge[2][measure] or 0):
        strength = ((data[measure] or 0) / most) ** 0.6
        width = THINNEST_PX + (WIDEST_PX - THINNEST_PX) * strength
        said = words.duration(data[measure]) if measure == "wait_median_s" else words.count(data[measure])
        label = "" if data[measure] is None else f"\u00a0\u00a0{dot_escape(said)} "
        colour = blend(paper.low, paper.high, strength)
        told = words.link(data, total, source == START or target == END)
        lines.append(
            f'  {_id(source)} -> {_id(target)} [penwidth={width:.1f}, color="{colour}", '
            f'weight={1 + round(9 * strength)}, label="{label}", tooltip="{dot_escape(" · ".join(told))}"]'
        )
    return lines


def _id(node: int) -> str:
    return {START: "start", END: "end", OTHER: "other"}.get(node, f"n{node}")


def blend(low: str, high: str, share: float) -> str:
    """Mix two colours.

    Examples
    --------
    >>> blend("#000000", "#ffffff", 0.5)
    '#808080'
    """
    share = min(max(share, 0.0), 1.0)
    parts = [(int(low[i : i + 2], 16), int(high[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in parts)
