"""Loops over the events of distinct paths, compiled."""

from __future__ import annotations

import numpy as np

from mining.compiled import compiled


@compiled
def tally(symbols, activity, offsets, weight, n_labels, n_activities):  # type: ignore[no-untyped-def]
    """Count journeys and events of each label and, behind those, of each activity off the map.

    Returns
    -------
    (2, labels + activities) int64 array
        Journeys, events.
    int
        Journeys all of whose events are on the map.
    """
    found = np.zeros((2, n_labels + n_activities), np.int64)
    had = np.full(n_labels + n_activities, -1, np.int64)
    whole = 0
    for v in range(offsets.size - 1):
        strange = 0
        for i in range(offsets[v], offsets[v + 1]):
            at = symbols[i] if symbols[i] >= 0 else n_labels + activity[i]
            strange += symbols[i] < 0
            found[1, at] += weight[v]
            if had[at] != v:
                had[at] = v
                found[0, at] += weight[v]
        if strange == 0:
            whole += weight[v]
    return found, whole


@compiled
def contains(symbols, offsets, symbol):  # type: ignore[no-untyped-def]
    """Tell which paths have a symbol."""
    found = np.zeros(offsets.size - 1, np.bool_)
    for v in range(offsets.size - 1):
        for i in range(offsets[v], offsets[v + 1]):
            if symbols[i] == symbol:
                found[v] = True
                break
    return found


@compiled
def first_visits(symbols, activity, offsets, milestone_of, n_milestones):  # type: ignore[no-untyped-def]
    """Find the first visit to each milestone on each path, in the order of their positions.

    Returns
    -------
    (visits, 4) int32 array
        Path, milestone, position, activity of the event right behind it or -1.
    """
    n, had = 0, np.full(n_milestones, -1, np.int64)
    for v in range(offsets.size - 1):
        for i in range(offsets[v], offsets[v + 1]):
            at = milestone_of[symbols[i]] if symbols[i] >= 0 else -1
            if at >= 0 and had[at] != v:
                had[at] = v
                n += 1
    visits = np.empty((n, 4), np.int32)
    n = 0
    had[:] = -1
    for v in range(offsets.size - 1):
        for i in range(offsets[v], offsets[v + 1]):
            at = milestone_of[symbols[i]] if symbols[i] >= 0 else -1
            if at >= 0 and had[at] != v:
                had[at] = v
                visits[n, 0], visits[n, 1], visits[n, 2] = v, at, i - offsets[v]
                visits[n, 3] = activity[i + 1] if i + 1 < offsets[v + 1] else -1
                n += 1
    return visits


@compiled
def synchronous(steps, starts, label_of, wanted, first_path):  # type: ignore[no-untyped-def]
    """Find the synchronous moves of the labels wanted: (moves, 3) int32 of path, position, label, in order."""
    n = 0
    for step in steps:
        n += step >= 0 and step & 1 == 0 and wanted[label_of[step >> 1]]
    found = np.empty((n, 3), np.int32)
    n = 0
    for v in range(starts.size - 1):
        read = 0
        for m in range(starts[v], starts[v + 1]):
            step = steps[m]
            alone = step >= 0 and step & 1
            if step >= 0 and not alone and wanted[label_of[step >> 1]]:
                found[n, 0], found[n, 1], found[n, 2] = first_path + v, read, label_of[step >> 1]
                n += 1
            read += not alone
    return found
