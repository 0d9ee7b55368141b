"""Inclusive gateways that come in pairs: a split, branches that do not touch, and a join of just these branches.

Elsewhere what an inclusive join waits for depends on the whole diagram (Völzer 2010, doi 10.1007/978-3-642-15618-2_21),
and tools disagree.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import networkx as nx

from mining.bpmn_diagram import BOUNDARY, END, INCLUSIVE, Diagram, Flow, by_end

_EXIT = ""  # no node has an empty id


@dataclass(frozen=True)
class Pair:
    """A split and its join, by id; for each branch the flow it begins with and the flows it ends with."""

    split: str
    join: str
    branches: tuple[tuple[Flow, tuple[Flow, ...]], ...]


def pairs(diagram: Diagram) -> Iterator[Pair]:
    """Give every inclusive split that has a join."""
    into, out = by_end(diagram.flows)
    inclusive = {node.id for node in diagram.nodes if node.kind == INCLUSIVE}
    splits = [node for node in inclusive if len(out[node]) > 1 and len(into[node]) == 1]
    if not splits:
        return
    ways = _ways(diagram)
    behind = nx.immediate_dominators(ways.reverse(copy=False), _EXIT)
    for split in sorted(splits):
        join = behind.get(split)  # the first node that every way from the split must pass
        if join in inclusive and len(into[join]) > 1 and len(out[join]) == 1:
            pair = _paired(diagram, ways, split, join)
            if pair is not None:
                yield pair


def _ways(diagram: Diagram) -> nx.DiGraph[str]:
    """Give the diagram as a graph in which every end leads to one exit, and a host to the events attached to it."""
    ways: nx.DiGraph[str] = nx.DiGraph()
    ways.add_node(_EXIT)
    ways.add_edges_from((flow.source, flow.target) for flow in diagram.flows)
    for node in diagram.nodes:
        if node.kind == END:
            ways.add_edge(node.id, _EXIT)
        if node.kind == BOUNDARY:
            ways.add_edge(node.attached, node.id)
    return ways


def _paired(diagram: Diagram, ways: nx.DiGraph[str], split: str, join: str) -> Pair | None:
    """Pair a split with a join if each branch leads from the one to the other and nowhere else."""
    into, out = by_end(diagram.flows)
    regions = [_region(ways, flow.target, join) for flow in out[split]]
    inner = [node for region in regions for node in region]
    if len(inner) != len(set(inner)) or {split, _EXIT} & set(inner):
        return None
    branches = []
    for first, region in zip(out[split], regions, strict=True):
        if any(flow.source not in region and flow is not first for node in region for flow in into[node]):
            return None
        branches.append((first, tuple(flow for flow in into[join] if flow.source in region or flow is first)))
    if any(not last for _, last in branches) or sum(len(last) for _, last in branches) != len(into[join]):
        return None
    return Pair(split, join, tuple(branches))


def _region(ways: nx.DiGraph[str], first: str, join: str) -> set[str]:
    """Give the nodes of a branch: all that can be reached from its first one without passing the join."""
    region: set[str] = set()
    todo = [first]
    while todo:
        node = todo.pop()
        if node != join and node not in region:
            region.add(node)
            todo += ways.successors(node)
    return region
