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
def first_positions(symbols, offsets, symbol):  # type: ignore[no-untyped-def]
    """Give the first position of a symbol on each path; -1 where it is not on it."""
    found = np.full(offsets.size - 1, -1, np.int32)
    for v in range(offsets.size - 1):
        for i in range(offsets[v], offsets[v + 1]):
            if symbols[i] == symbol:
                found[v] = i - offsets[v]
                break
    return found


@compiled
def first_visits(symbols, activity, offsets, milestone_of, n_milestones):  # type: ignore[no-untyped-def]
    """Find the first visits to milestones; see `mining.outcomes.milestone_visits`."""
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
def kept_visits(visits, keep, number):  # type: ignore[no-untyped-def]
    """Give the visits of the paths that are kept, under their new numbers."""
    n = 0
    for v in range(visits.shape[0]):
        n += keep[visits[v, 0]]
    found = np.empty((n, visits.shape[1]), visits.dtype)
    n = 0
    for v in range(visits.shape[0]):
        if keep[visits[v, 0]]:
            found[n] = visits[v]
            found[n, 0] = number[visits[v, 0]]
            n += 1
    return found


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


@compiled
def count_visits(visits, of_path, last, n_milestones, n_activities, n_labels):  # type: ignore[no-untyped-def]
    """Count, per milestone, the journeys that reached it and what became of them there.

    Parameters
    ----------
    visits : (visits, 4) int32 array
        See `mining.outcomes.milestone_visits`.
    of_path : (paths, 4) int64 array
        Journeys of each path, those of them that were dropped, that are open, and that are a full window old.
    last : (paths,) int array
        Label of the last planned touchpoint, or -1.

    Returns
    -------
    (milestones, 4) int64 array
        Reached, dropped there, open there, a full window old.
    (milestones, activities + 1), (milestones, labels + 1) int64 arrays
        Of those dropped there: what happened next, and the last planned touchpoint; nothing in the last column.
    (paths,) int64 array
        The furthest milestone of each path, or -1.
    """
    counts = np.zeros((n_milestones, 4), np.int64)
    following = np.zeros((n_milestones, n_activities + 1), np.int64)
    before = np.zeros((n_milestones, n_labels + 1), np.int64)
    furthest = np.full(of_path.shape[0], -1, np.int64)
    for v in range(visits.shape[0]):
        furthest[visits[v, 0]] = max(furthest[visits[v, 0]], visits[v, 1])
    for v in range(visits.shape[0]):
        path, milestone, behind = visits[v, 0], visits[v, 1], visits[v, 3]
        journeys, dropped, still_open, ripe = of_path[path]
        counts[milestone, 0] += journeys
        counts[milestone, 3] += ripe
        if milestone == furthest[path]:
            counts[milestone, 1] += dropped
            counts[milestone, 2] += still_open
            following[milestone, behind if behind >= 0 else n_activities] += dropped
            before[milestone, last[path] if last[path] >= 0 else n_labels] += dropped
    return counts, following, before, furthest


@compiled
def at_places(group, wanted, won, won_s, places):  # type: ignore[no-untyped-def]
    """Give those of the times `won_s`, in order, of the units that are in a group that stand at certain places."""
    found = np.full(places.size, np.nan)
    first, last, at = places.min(), places.max(), 0
    for k in range(won.size):
        if group[won[k]] == wanted:
            if at >= first:
                for i in range(places.size):
                    if places[i] == at:
                        found[i] = won_s[k]
            if at == last:
                break
            at += 1
    return found


@compiled
def look_up(codes, symbol_of, activity_of):  # type: ignore[no-untyped-def]
    """Give the symbol and the activity of each code."""
    symbols = np.empty(codes.size, symbol_of.dtype)
    activity = np.empty(codes.size, activity_of.dtype)
    for i in range(codes.size):
        symbols[i], activity[i] = symbol_of[codes[i]], activity_of[codes[i]]
    return symbols, activity


@compiled
def copy_kept(values, offsets, keep, first, last, found, at):  # type: ignore[no-untyped-def]
    """Copy the values of those rows from `first` to before `last` that are kept into `found`, from `at` on."""
    for v in range(first, last):
        if keep[v]:
            for i in range(offsets[v], offsets[v + 1]):
                found[at] = values[i]
                at += 1


@compiled
def kept(path, times, early, starts, keep, number):  # type: ignore[no-untyped-def]
    """Give of rows of paths those that are kept: how many of each row, numbers, how often, and whether early."""
    lengths = np.zeros(starts.size - 1, np.int64)
    for row in range(starts.size - 1):
        for i in range(starts[row], starts[row + 1]):
            lengths[row] += keep[path[i]]
    paths, often, n = np.empty(lengths.sum(), path.dtype), np.empty(lengths.sum(), times.dtype), 0
    soon = np.empty(lengths.sum(), early.dtype)
    for i in range(starts[0], starts[-1]):
        if keep[path[i]]:
            paths[n], often[n], soon[n] = number[path[i]], times[i], early[i]
            n += 1
    return lengths, paths, often, soon
