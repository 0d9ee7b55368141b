"""Loops over distinct paths for pictures of a graph, compiled. Paths are codes of activities, one after the other."""

from __future__ import annotations

import numpy as np

from mining.compiled import compiled


@compiled
def followed(codes, offsets, weight, node_of, shown):  # type: ignore[no-untyped-def]
    """Count the journeys all of whose steps are shown; behind the nodes stand the start and the end.

    `node_of` gives the node of each code, `shown` says which node may follow which.
    """
    outside = shown.shape[0] - 1
    found = 0
    for v in range(offsets.size - 1):
        before, whole = outside, True
        for i in range(offsets[v], offsets[v + 1]):
            node = node_of[codes[i]]
            if not shown[before, node]:
                whole = False
                break
            before = node
        if whole and shown[before, outside]:
            found += weight[v]
    return found


@compiled
def links_of(codes, offsets, weight, node_of, n_nodes, one):  # type: ignore[no-untyped-def]
    """Count the links to one node, by their source, and those from it, by their target.

    `node_of` gives the node of each code; behind the `n_nodes` nodes stand the start and the end.

    Returns
    -------
    (2, nodes + 2, 2) int64 array
        To it or from it; how often, and by how many journeys.
    int
        Journeys that have the node.
    """
    found = np.zeros((2, n_nodes + 2, 2), np.int64)
    had = np.full((2, n_nodes + 2), -1, np.int64)
    journeys = 0
    for v in range(offsets.size - 1):
        before, has = n_nodes, False
        for i in range(offsets[v], offsets[v + 1] + 1):
            node = node_of[codes[i]] if i < offsets[v + 1] else n_nodes + 1
            has |= node == one
            for side, there, other in ((0, node, before), (1, before, node)):
                if there == one:
                    found[side, other, 0] += weight[v]
                    if had[side, other] != v:
                        had[side, other] = v
                        found[side, other, 1] += weight[v]
            before = node
        if has:
            journeys += weight[v]
    return found, journeys


@compiled
def steps_along(codes, offsets, paths, weight, first, last, node_of, start, end, columns):  # type: ignore[no-untyped-def]
    """Write the steps of the paths from `first` to before `last` into columns; each ends at the position -1.

    `paths` are the numbers of the paths, `weight` their journeys; so begins each row, with position, source and target.
    """
    path, n_journeys, position, source, target = columns
    for v in range(first, last):
        here = slice(offsets[v] + v, offsets[v + 1] + v + 1)
        path[here], n_journeys[here] = paths[v], weight[v]
        before, row = start, offsets[v] + v
        for i in range(offsets[v], offsets[v + 1]):
            position[row], source[row], target[row] = i - offsets[v], before, node_of[codes[i]]
            before, row = node_of[codes[i]], row + 1
        position[row], source[row], target[row] = -1, before, end
