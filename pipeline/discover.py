"""The paths that journeys really take, as one graph; written as JSON, GraphML, SVG, BPMN or PNML."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from mining.errors import MapError, SourceError
from mining.frames import WAITS
from mining.journey_graph import END, START, journey_graph
from mining.messages import N_
from mining.paths import LogFrames, happy_path, regroup
from pipeline import queries
from pipeline.files import write_atomically
from pipeline.queries import LogSummary

if TYPE_CHECKING:
    from mining.journey_graph import Graph
    from mining.journey_map import JourneyMap
    from mining.process_tree import ProcessTree
from pipeline.plan_questions import settled
from pipeline.store import Workspace

SCHEMA = "desirepath/graph@1"
ACTIVITY, TOUCHPOINT, STAGE = "activity", "touchpoint", "stage"
OFF_MAP = "(off map)"
"""The node of all events that the map does not bind; no id of a touchpoint or stage can look like it."""


@dataclass(frozen=True)
class DiscoveredGraph:
    """What `discover` gives.

    Attributes
    ----------
    detail : str
        What a node is: ``activity``, ``touchpoint`` or ``stage``.
    log : LogSummary
        Size of the log that was looked at.
    frames : LogFrames
        Nodes, links, ends and distinct paths. Waiting times of links are null unless nodes are activities.
    noise : float
        What the inductive miner may leave out when a model is written; see `mining.pm4py_bridge.discover_tree`.
    """

    detail: str
    log: LogSummary
    frames: LogFrames
    noise: float = 0.2

    @property
    def names(self) -> dict[int, str]:
        """Names of the nodes by code."""
        return dict(self.frames.activities.select("activity", "name").iter_rows())

    def graph(self) -> Graph:
        """Give it as a networkx graph; see `mining.journey_graph.journey_graph`."""
        return journey_graph(self.frames.activities, self.frames.edges, self.frames.endpoints, self.log.journeys)

    def tree(self) -> ProcessTree:
        """Give the process tree that the inductive miner finds in the variants."""
        from mining.pm4py_bridge import discover_tree

        variants = {tuple(path): n for path, n in self.frames.variants.select("path", "n_journeys").iter_rows()}
        return discover_tree(variants, self.names, noise=self.noise)

    def to_dict(self) -> dict[str, Any]:
        """Give it as plain JSON values, always in the same order: what is most frequent first, then by name.

        Notes
        -----
        ``occurrences`` of all edges and ``journeys`` of all starts and of all ends sum up to events + journeys.
        """
        names = self.names
        best = happy_path(self.frames.variants)
        return {
            "schema": SCHEMA,
            "detail": self.detail,
            "log": self.log.as_dict(),
            "nodes": _nodes(self.frames.activities),
            "edges": _edges(self.frames.edges, names),
            "starts": _ends(self.frames.endpoints, "n_start", names),
            "ends": _ends(self.frames.endpoints, "n_end", names),
            "most_common_path": None
            if best is None
            else {"path": [names[code] for code in best.path], "journeys": best.n_journeys, "share": best.share},
        }

    def to_json(self) -> str:
        """Give `to_dict` as text; the same log gives the same bytes."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=1)

    def to_graphml(self) -> bytes:
        """Give a GraphML document: nodes with name and counts, edges with counts and waiting times in seconds."""
        import networkx as nx

        from mining.model_xml import xml_safe

        graph = self.graph()
        kinds = {START: "start", END: "end"}
        for node, data in graph.nodes(data=True):
            data.update(name=xml_safe(data["name"]), kind=kinds.get(node, self.detail))
        for _, _, data in graph.edges(data=True):
            for name in [name for name, value in data.items() if value is None]:
                del data[name]
        text = "\n".join(nx.generate_graphml(graph, named_key_ids=True))
        return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'.encode()

    def to_svg(self) -> bytes:
        """Give a picture of the graph."""
        from mining.graph_svg import graph_to_svg

        return graph_to_svg(self.graph())

    def to_bpmn(self) -> bytes:
        """Give a BPMN 2.0 diagram of the process that the inductive miner finds."""
        from mining.model_writing import tree_to_bpmn

        return tree_to_bpmn(self.tree())

    def to_pnml(self) -> bytes:
        """Give a Petri net of the process that the inductive miner finds."""
        from mining.model_writing import net_to_pnml
        from mining.process_tree import tree_to_net

        return net_to_pnml(tree_to_net(self.tree()))

    def write(self, path: str | Path) -> None:
        """Write it to a file in the format that its ending names: .json, .graphml, .svg, .bpmn or .pnml.

        Raises
        ------
        SourceError
            When the ending is another one, or the file cannot be written; nothing is changed then.
        """
        writers: dict[str, Callable[[], bytes]] = {
            ".json": lambda: f"{self.to_json()}\n".encode(),
            ".graphml": self.to_graphml,
            ".svg": self.to_svg,
            ".bpmn": self.to_bpmn,
            ".pnml": self.to_pnml,
        }
        writer = writers.get(Path(path).suffix.lower())
        if writer is None:
            raise SourceError(
                N_("A graph cannot be written as {path}. Give a name that ends in one of {endings}."),
                path=path,
                endings=", ".join(writers),
            )
        write_atomically(path, writer())


def discover(
    ws: Workspace,
    *,
    detail: str = ACTIVITY,
    where: str | None = None,
    journey_map: JourneyMap | None = None,
    noise: float = 0.2,
) -> DiscoveredGraph:
    """Find the graph of the paths that journeys really take.

    Parameters
    ----------
    ws : Workspace
        The log.
    detail : str
        What a node is: an ``activity``, a ``touchpoint`` of the map, or a ``stage`` of it.
    where : str, optional
        A condition on journeys; only theirs count.
    journey_map : JourneyMap, optional
        The planned map; needed for touchpoints and stages. What it does not bind is the node `OFF_MAP`.
    noise : float
        See `DiscoveredGraph`.

    Raises
    ------
    MapError
        When `detail` needs a map and there is none, or one that tells events apart by their attributes.
    ExpressionError
        When the condition does not fit the log, or asks about a plan and there is none, not even one that is kept.
    """
    where = settled(ws, journey_map, where)
    frames = LogFrames(
        queries.activities(ws, where),
        queries.edges(ws, where),
        queries.endpoints(ws, where),
        queries.variants(ws, where),
    )
    if detail != ACTIVITY:
        frames = regroup(frames.variants, groups(frames.activities, detail, journey_map))
    return DiscoveredGraph(detail, queries.summary(ws, where), frames, noise)


def groups(activities: pl.DataFrame, detail: str, plan: JourneyMap | None) -> pl.DataFrame:
    """Give the touchpoint or stage of every activity: one row each with activity, group (its code) and name.

    Raises
    ------
    MapError
        As `discover` does.
    """
    from mining.binding import bind, bound_attributes

    if detail not in (TOUCHPOINT, STAGE):
        raise MapError(N_("There is no detail {detail}. Choose activity, touchpoint or stage."), detail=detail)
    if plan is None:
        raise MapError(N_("The detail {detail} needs a planned map, which says what a {detail} is."), detail=detail)
    if used := bound_attributes(plan):
        raise MapError(
            N_("The map tells events apart by {names}; a graph of its {detail}s can be found by activity names only."),
            names=", ".join(used),
            detail=detail,
        )
    names = [t.id for t in plan.touchpoints()]
    if detail == STAGE:
        stages = {t.id: stage.id for stage in plan.stages for t in stage.touchpoints()}
        names = [stages.get(name, name) for name in names]
    names.append(OFF_MAP)  # what is bound to nothing has the number -1
    order = {name: number for number, name in enumerate(dict.fromkeys(names))}
    found = [names[number] for number in bind(plan, activities.select(activity="name"), []).tolist()]
    codes = pl.Series([order[name] for name in found], dtype=pl.UInt32)
    return activities.select("activity", group=codes, name=pl.Series(found, dtype=pl.String))


def _nodes(activities: pl.DataFrame) -> list[dict[str, Any]]:
    """Give the nodes, most events first."""
    order = activities.sort("n_events", "name", descending=[True, False])
    return order.select("name", events="n_events", journeys="n_journeys").to_dicts()


def _edges(edges: pl.DataFrame, names: dict[int, str]) -> list[dict[str, Any]]:
    """Give the links between nodes by name, most occurrences first."""
    named = edges.with_columns(pl.col("source", "target").replace_strict(names, return_dtype=pl.String))
    order = named.sort("n", "source", "target", descending=[True, False, False])
    order = order.rename({"n": "occurrences", "n_journeys": "journeys"})
    return order.select("source", "target", "occurrences", "journeys", *WAITS).to_dicts()


def _ends(endpoints: pl.DataFrame, column: str, names: dict[int, str]) -> list[dict[str, Any]]:
    """Give where journeys start (or end) by name, most journeys first."""
    named = endpoints.filter(pl.col(column) > 0).select(
        name=pl.col("activity").replace_strict(names, return_dtype=pl.String), journeys=column
    )
    return named.sort("journeys", "name", descending=[True, False]).to_dicts()
