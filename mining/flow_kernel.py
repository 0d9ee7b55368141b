"""The loops of `mining.flows`, compiled: from the moves of each path to its steps between nodes, as numbers.

The moves of a path lie side by side, in order. Nodes are the labels, then the activities off the map by stage, then the
start and the end.
"""

from __future__ import annotations

import numpy as np

from mining.compiled import compiled

SYNC, LOG, MODEL = 0, 1, 2
PLANNED, MISSING, AD_HOC, IRREGULAR, REPEATED, EXTRA, NO_MARK = range(7)
OK, SKIP, OUT_OF_ORDER, REPEAT, UNPLANNED = range(5)


@compiled
def marked(path, kind, label, n_labels):  # type: ignore[no-untyped-def]
    """Say what each move means, as `mining.move_marks.marks` does."""
    marks = np.empty(path.size, np.int8)
    seen = np.zeros((3, n_labels), np.int32)
    number = np.zeros((3, n_labels), np.int32)
    first = 0
    while first < path.size:
        behind = first
        while behind < path.size and path[behind] == path[first]:
            if label[behind] >= 0:
                seen[kind[behind], label[behind]] += 1
                number[kind[behind], label[behind]] = 0
            behind += 1
        for m in range(first, behind):
            here, what = label[m], kind[m]
            if here < 0:
                marks[m] = AD_HOC
                continue
            number[what, here] += 1
            paired = min(seen[LOG, here], seen[MODEL, here])
            if what == SYNC:
                marks[m] = PLANNED
            elif number[what, here] <= paired:
                marks[m] = IRREGULAR
            elif what == MODEL:
                marks[m] = MISSING
            else:
                marks[m] = EXTRA if seen[SYNC, here] == 0 and paired == 0 and number[LOG, here] == 1 else REPEATED
        for m in range(first, behind):
            if label[m] >= 0:
                seen[:, label[m]] = 0
        first = behind
    return marks


@compiled
def status_of(mark, passing, before, node, own_before, follows, end):  # type: ignore[no-untyped-def]
    """Say how a step fits the plan, and how its event does by itself; the way back from a detour is part of it."""
    if mark == AD_HOC:
        return UNPLANNED, UNPLANNED
    if mark == IRREGULAR:
        return OUT_OF_ORDER, OUT_OF_ORDER
    if mark in (REPEATED, EXTRA):
        return REPEAT, REPEAT
    if passing:
        return SKIP, OK
    if node == end or (before < follows.shape[0] and follows[before, node]):
        return OK, OK
    return own_before, OK


@compiled
def walked(path, kind, label, activity, marks, stage_of, ghost_of, follows, n_nodes):  # type: ignore[no-untyped-def]
    """Walk along the moves of all paths; `activity` are those of their events.

    Returns
    -------
    (6, steps) int32 array
        Number of the path, position (-1 at the end), source, target, mark, status.
    (passed, 3) int64 array
        Row of the step, label, and whether it happened nowhere else on the path.
    (paths,) int32 array
        The last node of each path that stands in its place, or -1.
    """
    start, end = n_nodes - 2, n_nodes - 1
    n_events = np.sum(kind != MODEL)
    n_paths = np.sum(path[1:] != path[:-1]) + (path.size > 0)
    steps = np.empty((6, n_events + n_paths), np.int32)
    passed = np.empty((path.size - n_events, 3), np.int64)
    last = np.full(n_paths, -1, np.int32)
    row, n_passed, p, event = 0, 0, 0, 0
    before, own, passing, stood, position = start, OK, 0, 0, 0
    for m in range(path.size):
        here = label[m]
        if kind[m] != LOG and stage_of[here] >= 0:
            stood = stage_of[here]
        if kind[m] == MODEL:
            passed[n_passed, 0], passed[n_passed, 1], passed[n_passed, 2] = row, here, marks[m] == MISSING
            n_passed += 1
            passing += 1
        else:
            node = ghost_of[activity[event], stood] if here < 0 else here
            status, own = status_of(marks[m], passing, before, node, own, follows, end)
            steps[0, row], steps[1, row], steps[2, row], steps[3, row] = p, position, before, node
            steps[4, row], steps[5, row] = marks[m], status
            if kind[m] == SYNC:
                last[p] = here
            before, passing, position = node, 0, position + 1
            row, event = row + 1, event + 1
        if m + 1 == path.size or path[m + 1] != path[m]:
            status, own = status_of(NO_MARK, passing, before, end, own, follows, end)
            steps[0, row], steps[1, row], steps[2, row], steps[3, row] = p, -1, before, end
            steps[4, row], steps[5, row] = NO_MARK, status
            before, own, passing, stood, position = start, OK, 0, 0, 0
            row, p = row + 1, p + 1
    return steps, passed, last


@compiled
def counted(steps, weight, n_nodes):  # type: ignore[no-untyped-def]
    """Count steps and journeys by source, target and status, and journeys by node; `weight` are those of each path."""
    flows = np.zeros((n_nodes, n_nodes, 5, 2), np.int64)
    had_flow = np.full((n_nodes, n_nodes, 5), -1, np.int64)
    reach = np.zeros(n_nodes, np.int64)
    had_node = np.full(n_nodes, -1, np.int64)
    for row in range(steps.shape[1]):
        p, before, node, status = steps[0, row], steps[2, row], steps[3, row], steps[5, row]
        n = weight[p]
        flows[before, node, status, 0] += n
        if had_flow[before, node, status] != p:
            had_flow[before, node, status] = p
            flows[before, node, status, 1] += n
        if had_node[node] != p:
            had_node[node] = p
            reach[node] += n
    return flows, reach
