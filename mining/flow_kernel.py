"""The loops of `mining.flows`, compiled: from the moves of each path to its steps between nodes, as numbers.

The moves of a path lie side by side, in order. Nodes are the labels, then the activities off the map by stage, then the
start and the end. A `board` is what all paths share: the label of each edge of the automaton, the stage of each label,
the node of each activity off the map by stage, and which node may follow which label.
"""

from __future__ import annotations

import numpy as np

from mining.compiled import compiled
from mining.kernel import LOG as ALONE

SYNC, LOG, MODEL = 0, 1, 2
PLANNED, MISSING, AD_HOC, IRREGULAR, REPEATED, EXTRA, NO_MARK = range(7)
OK, SKIP, OUT_OF_ORDER, REPEAT, UNPLANNED, N_STATUSES = range(6)


@compiled
def _open(steps, symbols, label_of, seen, number, moves):  # type: ignore[no-untyped-def]
    """Write kind, label and mark of each move of a path into `moves`; the marks are those of `mining.move_marks`."""
    kind, label, marks = moves
    read = 0
    for m in range(steps.size):
        if steps[m] == ALONE:
            kind[m], label[m] = LOG, symbols[read]
        else:
            kind[m], label[m] = 2 * (steps[m] & 1), label_of[steps[m] >> 1]
        read += kind[m] != MODEL
        if label[m] >= 0:
            seen[label[m], kind[m]] += 1
    for m in range(steps.size):
        here, what = label[m], kind[m]
        if what == SYNC:
            marks[m] = PLANNED
            continue
        if here < 0:
            marks[m] = AD_HOC
            continue
        number[here, what] += 1
        paired = min(seen[here, LOG], seen[here, MODEL])
        if number[here, what] <= paired:
            marks[m] = IRREGULAR
        elif what == MODEL:
            marks[m] = MISSING
        else:
            marks[m] = EXTRA if seen[here, SYNC] == 0 and paired == 0 and number[here, LOG] == 1 else REPEATED
    for m in range(steps.size):
        for what in range(3 if label[m] >= 0 else 0):
            seen[label[m], what], number[label[m], what] = 0, 0


@compiled
def _status_of(mark, passing, before, node, own_before, follows, end):  # type: ignore[no-untyped-def]
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
def _walk(n_moves, activity, board, n_nodes, moves, rows, passed):  # type: ignore[no-untyped-def]
    """Walk along the moves of one path, as `_open` wrote them.

    Writes the steps, as columns of `rows`: source, target, mark, status; and into `passed` what they pass: number of
    the step, label, whether it happened nowhere else on the path. Gives how many of both there are, and the last node
    that stands in its place, or -1.
    """
    _, stage_of, ghost_of, follows = board
    kind, label, marks = moves
    before, end = n_nodes - 2, n_nodes - 1
    row, n_passed, passing, stood, own, last = 0, 0, 0, 0, OK, -1
    for m in range(n_moves):
        here = label[m]
        if kind[m] != LOG and stage_of[here] >= 0:
            stood = stage_of[here]
        if kind[m] == MODEL:
            passed[n_passed, 0], passed[n_passed, 1], passed[n_passed, 2] = row, here, marks[m] == MISSING
            n_passed += 1
            passing += 1
            continue
        node = ghost_of[activity[row], stood] if here < 0 else here
        status, own = _status_of(marks[m], passing, before, node, own, follows, end)
        rows[0, row], rows[1, row], rows[2, row], rows[3, row] = before, node, marks[m], status
        if kind[m] == SYNC:
            last = here
        before, passing, row = node, 0, row + 1
    status, own = _status_of(NO_MARK, passing, before, end, own, follows, end)
    rows[0, row], rows[1, row], rows[2, row], rows[3, row] = before, end, NO_MARK, status
    return row + 1, n_passed, last


@compiled
def _scratch(starts, n_labels):  # type: ignore[no-untyped-def]
    """Make room for one path: what is seen, and numbered, by label and kind; its moves, its steps, what these pass."""
    most = 1
    for v in range(starts.size - 1):
        most = max(most, starts[v + 1] - starts[v])
    moves = np.empty(most, np.int32), np.empty(most, np.int32), np.empty(most, np.int32)
    counts = np.zeros((n_labels, 3), np.int32), np.zeros((n_labels, 3), np.int32)
    return counts, moves, np.empty((4, most + 1), np.int32), np.empty((most, 3), np.int32)


@compiled
def _more(table):  # type: ignore[no-untyped-def]
    """Give a table twice as long."""
    return np.concatenate((table, np.zeros_like(table)))


@compiled
def count(steps, starts, symbols, activity, offsets, weight, board, n_nodes):  # type: ignore[no-untyped-def]
    """Count steps and journeys by source, target and status; `weight` are the journeys of each path.

    Beside each count of journeys stands the last path that was counted, from 1.

    Returns
    -------
    links : (links, 3) int32
        Source, target and status of each link that is taken, in the order in which they are met.
    counts : (links, 3) int64
        How often each is taken, by how many journeys, and the last path.
    past : (links, labels, 2) int64
        The journeys that pass a label on it, and the last path.
    reach : (nodes, 2) int64
        Journeys by node, and the last path.
    last : (paths,) int32
        The last node of each path that stands in its place, or -1.
    """
    n_labels = board[1].size
    (seen, number), moves, rows, passed = _scratch(starts, n_labels)
    link_of, n_links = np.full((n_nodes, n_nodes, N_STATUSES), -1, np.int32), 0
    links, counts, past = (
        np.zeros((64, 3), np.int32),
        np.zeros((64, 3), np.int64),
        np.zeros((64, n_labels, 2), np.int64),
    )
    reach, last = np.zeros((n_nodes, 2), np.int64), np.empty(starts.size - 1, np.int32)
    for v in range(starts.size - 1):
        here = slice(offsets[v], offsets[v + 1])
        of_path = steps[starts[v] : starts[v + 1]]
        _open(of_path, symbols[here], board[0], seen, number, moves)
        n_rows, n_passed, last[v] = _walk(of_path.size, activity[here], board, n_nodes, moves, rows, passed)
        n = weight[v]
        for row in range(n_rows):
            before, node, status = rows[0, row], rows[1, row], rows[3, row]
            link = link_of[before, node, status]
            if link < 0:
                link = n_links
                if link == links.shape[0]:
                    links, counts, past = _more(links), _more(counts), _more(past)
                link_of[before, node, status] = link
                links[link, 0], links[link, 1], links[link, 2] = before, node, status
                n_links += 1
            counts[link, 0] += n
            counts[link, 1] += n * (counts[link, 2] <= v)
            counts[link, 2] = v + 1
            reach[node, 0] += n * (reach[node, 1] <= v)
            reach[node, 1] = v + 1
            rows[0, row] = link
        for p in range(n_passed):
            link, label = rows[0, passed[p, 0]], passed[p, 1]
            past[link, label, 0] += n * (past[link, label, 1] <= v)
            past[link, label, 1] = v + 1
    return links[:n_links], counts[:n_links], past[:n_links], reach, last


@compiled
def walk(steps, starts, symbols, activity, offsets, paths, weight, board, n_nodes, columns):  # type: ignore[no-untyped-def]
    """Write the steps of all paths into columns: path, n_journeys, position (-1 at the end), source to status.

    Returns
    -------
    (passed, 3) int32 array
        What the steps pass: number of the step, label, whether it happened nowhere else on the path.
    """
    (seen, number), moves, rows, passed = _scratch(starts, board[1].size)
    path, n_journeys, position, source, target, mark, status = columns
    found, first, n = np.empty((steps.size - symbols.size, 3), np.int32), 0, 0
    for v in range(starts.size - 1):
        here = slice(offsets[v], offsets[v + 1])
        of_path = steps[starts[v] : starts[v + 1]]
        _open(of_path, symbols[here], board[0], seen, number, moves)
        n_rows, n_passed, _ = _walk(of_path.size, activity[here], board, n_nodes, moves, rows, passed)
        path[first : first + n_rows], n_journeys[first : first + n_rows] = paths[v], weight[v]
        for row in range(n_rows):
            position[first + row] = row if row + 1 < n_rows else -1
            source[first + row], target[first + row] = rows[0, row], rows[1, row]
            mark[first + row], status[first + row] = rows[2, row], rows[3, row]
        for p in range(n_passed):
            found[n, 0], found[n, 1], found[n, 2] = first + passed[p, 0], passed[p, 1], passed[p, 2]
            n += 1
        first += n_rows
    return found


@compiled
def taking(steps, starts, symbols, activity, offsets, board, n_nodes, link):  # type: ignore[no-untyped-def]
    """Tell which paths take a link: source, target and status."""
    (seen, number), moves, rows, passed = _scratch(starts, board[1].size)
    found = np.zeros(starts.size - 1, np.bool_)
    for v in range(starts.size - 1):
        here = slice(offsets[v], offsets[v + 1])
        of_path = steps[starts[v] : starts[v + 1]]
        _open(of_path, symbols[here], board[0], seen, number, moves)
        n_rows, _, _ = _walk(of_path.size, activity[here], board, n_nodes, moves, rows, passed)
        for row in range(n_rows):
            if rows[0, row] == link[0] and rows[1, row] == link[1] and rows[3, row] == link[2]:
                found[v] = True
                break
    return found
