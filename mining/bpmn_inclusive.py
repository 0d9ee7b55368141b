"""Inclusive gateways that come in pairs: a split, branches that do not touch, and a join of just these branches.

Elsewhere what an inclusive join waits for depends on the whole diagram (Völzer 2010, doi 10.1007/978-3-642-15618-2_21),
and tools disagree.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mining.bpmn_diagram import BOUNDARY, END, INCLUSIVE, Diagram, Flow, by_end


@dataclass(frozen=True)
class Pair:
    """A split and its join, by id; for each branch the flow it begins with and the flows it ends with."""

    split: str
    join: str
    branches: tuple[tuple[Flow, tuple[Flow, ...]], ...]


def pairs(diagram: Diagram) -> Iterator[Pair]:
    """Give every inclusive split that has a join."""
    into, out = by_end(diagram.flows)
    gateways = [node for node in diagram.nodes if node.kind == INCLUSIVE]
    for split in (g for g in gateways if len(out[g.id]) > 1 and len(into[g.id]) == 1):
        for join in (g for g in gateways if len(into[g.id]) > 1 and len(out[g.id]) == 1 and g.scope == split.scope):
            pair = _paired(diagram, split.id, join.id)
            if pair is not None:
                yield pair


def _paired(diagram: Diagram, split: str, join: str) -> Pair | None:
    """Pair a split with a join if each branch leads from the one to the other and nowhere else."""
    into, out = by_end(diagram.flows)
    regions = [_region(diagram, flow, join) for flow in out[split]]
    inner = [node for region in regions for node in region]
    ends = {node.id for node in diagram.nodes if node.kind == END}
    if len(inner) != len(set(inner)) or {split, *ends} & set(inner):
        return None
    branches = []
    for first, region in zip(out[split], regions, strict=True):
        if any(flow.source not in region and flow is not first for node in region for flow in into[node]):
            return None
        branches.append((first, tuple(flow for flow in into[join] if flow.source in region or flow is first)))
    if any(not last for _, last in branches) or sum(len(last) for _, last in branches) != len(into[join]):
        return None
    return Pair(split, join, tuple(branches))


def _region(diagram: Diagram, first: Flow, join: str) -> set[str]:
    """Give the nodes of a branch: all that can be reached from its first flow without passing the join."""
    _, out = by_end(diagram.flows)
    region: set[str] = set()
    todo = [first.target]
    while todo:
        node = todo.pop()
        if node == join or node in region:
            continue
        region.add(node)
        todo += [flow.target for flow in out[node]]
        todo += [other.id for other in diagram.nodes if other.kind == BOUNDARY and other.attached == node]
    return region
