"""The discovered graph as a scene."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from mining.journey_graph import END, OTHER, START, Coverage
from mining.quantiles import Median
from ui.formats import duration, number, percent
from ui.language import _, counted, current
from ui.scenes.parts import (
    COLUMN,
    MEASURES,
    VERSION,
    Measure,
    Scene,
    bounds_of,
    from_to,
    journeys,
    label,
    legend,
    share_of,
    times,
    waits,
    words,
)

if TYPE_CHECKING:
    from mining.journey_graph import Graph

ENDS = {START: "start", END: "end"}


def node_id(node: int) -> str:
    """Give the id of a node in a scene."""
    return str(node)


def edge_id(source: int, target: int) -> str:
    """Give the id of a link in a scene."""
    return f"{source}>{target}"


def nodes_of(edge: str) -> tuple[int, int]:
    """Give the two nodes of a link from its id."""
    source, target = edge.split(">")
    return int(source), int(target)


def discovered_scene(
    picture: Graph,
    coverage: Coverage,
    order: Mapping[int, int],
    *,
    titles: Mapping[str, str] | None = None,
    planned: Mapping[str, str] | None = None,
    measure: Measure = "journeys",
    direction: Literal["down", "right"] = "down",
    replay: Scene | None = None,
    whole: Graph | None = None,
) -> Scene:
    """Put a graph into a scene.

    Parameters
    ----------
    picture : networkx.DiGraph
        Of `mining.journey_graph.simplify`.
    coverage : Coverage
        What share of the whole it shows.
    order : mapping of int to int
        Node -> place, of `mining.node_order.node_order` on the whole log.
    titles : mapping of str to str, optional
        Names to show in place of those of the graph.
    planned : mapping of str to str, optional
        What the plan calls the activities of the graph, where that is another name.
    measure : str
        What the links show.
    direction : str
        Which way time runs.
    replay : dict, optional
        Of `ui.scenes.replay.replay`.
    whole : networkx.DiGraph, optional
        Of `mining.framework.framework`: what gives the steps their places, whatever a slider hides.
    """
    total = picture.nodes[START]["n_journeys"]
    names = {node: name_of(node, data["name"], titles or {}) for node, data in picture.nodes(data=True)}
    scene: Scene = {
        "version": VERSION,
        "kind": "discovered",
        "language": current(),
        "direction": direction,
        "measure": measure,
        "title": _("Discovered paths of {journeys}", journeys=journeys(total)),
        "coverage": coverage_told(coverage, picture),
        "stages": [],
        "nodes": [
            _node(node, data, names, planned or {}, total, measure)
            | {"order": order[node] if node in order else _place_of_other(picture, order)}
            for node, data in picture.nodes(data=True)
        ],
        "edges": [_edge(s, t, data, names, total, measure) for s, t, data in picture.edges(data=True)],
        "legend": legend(
            ("wait" if measure == "wait" else "width", _("Links: {measure}", measure=_(MEASURES[measure]))),
            ("bar", _("Bar: share of journeys")),
        ),
        "words": words(replay["unit_s"] if replay else 86400.0),
    }
    if whole is not None:
        scene["whole"] = _whole(whole, order, titles or {})
    return scene | ({"replay": replay} if replay else {})


def _whole(whole: Graph, order: Mapping[int, int], titles: Mapping[str, str]) -> Scene:
    """Give what the layout has to know of the whole log: sizes, order and strengths."""
    return {
        "nodes": [
            {"id": node_id(node), "role": ENDS.get(node, "step"), "order": order[node],
             "label": name_of(node, data["name"], titles), "text": number(data["n_journeys"])}
            for node, data in whole.nodes(data=True)
        ],
        "edges": [
            {"source": node_id(s), "target": node_id(t), "weight": data["n_journeys"]}
            for s, t, data in whole.edges(data=True)
        ],
    }  # fmt: skip


def name_of(node: int, name: str, titles: Mapping[str, str]) -> str:
    """Give the name of a node, in words where it is none of the log's."""
    own = {START: _("Start"), END: _("End"), OTHER: _("(other)")}
    return own.get(node) or titles.get(name, name)


def coverage_told(coverage: Coverage, picture: Graph | None = None) -> Scene:
    """Say what share of the log a picture shows."""
    tip = [
        _("What the picture shows"),
        _("{n} of {of} activities, {share} of all events", n=coverage.activities, of=coverage.of_activities,
          share=percent(coverage.events_share)),
    ]  # fmt: skip
    if picture is not None and OTHER in picture:
        tip.append(_("The other activities are one step, “(other)”; its numbers are exact."))
    return {"text": shown_links(coverage.edges, coverage.of_edges, coverage.moves_share), "tip": tip}


def shown_links(edges: int, of_edges: int, moves_share: float | None) -> str:
    """Say how many links are shown, and how much runs over them."""
    return _("{n} of {of} links, {share} of all moves", n=edges, of=of_edges, share=percent(moves_share))


def _node(
    node: int, data: Mapping[str, Any], names: Mapping[int, str], planned: Mapping[str, str], total: int,
    measure: Measure,
) -> Scene:  # fmt: skip
    in_events = measure == "occurrences" and node not in ENDS
    told: dict[str, Any] = {
        "id": node_id(node),
        "label": names[node],
        "role": ENDS.get(node, "other" if node == OTHER else "step"),
        "status": "observed",
        "value": data["n_events"] if in_events else data["n_journeys"],
        "text": number(data["n_events"] if in_events else data["n_journeys"]),
        "tip": [names[node], share_of(data["n_journeys"], total)],
    }
    if node in ENDS:
        return told | {"tip": [names[node], journeys(total)]}
    told["tip"] += [counted("{n} event", "{n} events", data["n_events"]), *_hidden(data)]
    called = planned.get(data["name"], names[node])
    if called != names[node]:
        told["tip"].append(_("In the plan: {names}", names=called))
    return told | {"share": data["n_journeys"] / total}


def _hidden(data: Mapping[str, Any]) -> list[str]:
    """Say what moves of a node run over links that are not drawn."""
    n_in, n_out = data["n_in_other"], data["n_out_other"]
    if not n_in and not n_out:
        return []
    return [_("moves not drawn: {n_in} arrive, {n_out} leave", n_in=n_in, n_out=n_out)]


def _place_of_other(picture: Graph, order: Mapping[int, int]) -> int:
    """Give the first place that no step of the picture has: that of a step which is put together with others."""
    taken = {order[node] for node in picture if node in order}
    return next(place for place in order.values() if place not in taken)


def _edge(
    source: int, target: int, data: Mapping[str, Any], names: Mapping[int, str], total: int, measure: Measure
) -> Scene:
    value = data[COLUMN[measure]]
    at_end = source == START or target == END
    return {
        "id": edge_id(source, target),
        "source": node_id(source),
        "target": node_id(target),
        "status": "observed",
        "value": value,
        "weight": data["n_journeys"],
        "text": label(value, measure),
        "tip": [from_to(names[source], names[target]), *link_told(data, total, at_end=at_end)],
    }


def link_told(data: Mapping[str, Any], total: int, *, at_end: bool) -> list[str]:
    """Say how many of all journeys take a link, how often, and how long it takes, each with its interval."""
    median = median_of(data)
    return [
        share_of(data["n_journeys"], total),
        *([] if at_end else [times(data["n"])]),
        *waits(median),
        *([] if median is None else [_("95% below {p95}", p95=duration(data["wait_p95_s"]))]),
    ]


def link_rows(picture: Graph, titles: Mapping[str, str]) -> list[dict[str, Any]]:
    """Give the links of a picture as rows of a table, most journeys first: source and target by name, numbers."""
    names = {node: name_of(node, data["name"], titles) for node, data in picture.nodes(data=True)}
    total = picture.nodes[START]["n_journeys"]
    rows = [
        {"id": edge_id(s, t), "source": names[s], "target": names[t], "share": data["n_journeys"] / total,
         "wait_range": None if (median := median_of(data)) is None else bounds_of(median),
         **{column: data[column] for column in _NUMBERS}}
        for s, t, data in picture.edges(data=True)
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (-row["n_journeys"], row["source"], row["target"]))


_NUMBERS = ("n_journeys", "n", "wait_median_s", "wait_p95_s", "n_waits")


def median_of(data: Mapping[str, Any]) -> Median | None:
    """Give the median wait of a link with its interval; None where no time is known."""
    if data["wait_median_s"] is None:
        return None
    return Median(*(data[name] for name in ("wait_median_s", "wait_median_low_s", "wait_median_high_s", "n_waits")))


def box_rows(picture: Graph, whole: Graph, titles: Mapping[str, str]) -> list[dict[str, Any]]:
    """Give the boxes of a picture as rows of a table, most journeys first: title, numbers, starts and ends.

    Parameters
    ----------
    picture : networkx.DiGraph
        As it is drawn.
    whole : networkx.DiGraph
        All of it: journeys start and end as often, whatever links are drawn.
    titles : mapping of str to str
        Names to show in place of those of the graph.
    """
    total = picture.nodes[START]["n_journeys"]
    starts = {node: data["n_journeys"] for _start, node, data in whole.out_edges(START, data=True)}
    ends = {node: data["n_journeys"] for node, _end, data in whole.in_edges(END, data=True)}
    for counts in (starts, ends):
        counts[OTHER] = sum(n for node, n in counts.items() if node not in picture)
    rows = [
        {"id": node_id(node), "title": name_of(node, data["name"], titles), "n_journeys": data["n_journeys"],
         "share": data["n_journeys"] / total, "n_events": data["n_events"], "n_start": starts.get(node, 0),
         "n_end": ends.get(node, 0)}
        for node, data in picture.nodes(data=True)
        if node not in ENDS
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (-row["n_journeys"], row["title"]))
