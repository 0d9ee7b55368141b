"""The hot loop: cheapest way of every variant through an automaton, by dynamic programming over sorted variants.

A row holds, for one prefix of a variant, the least *value* of ending in each state, model moves included. Variants come
sorted, so the rows of the prefix shared with the variant before are still there: memory is path length x states.

A value packs, from high to low, cost, log moves and model moves, so that one comparison of integers applies the
documented order: cheapest, then fewest log moves (which is most synchronous ones), then fewest model moves.

One more event makes every state one log move dearer. What synchronous moves improve on that spreads from their targets
alone: through the known distances between states where there are few (`ahead`), along the edges where there are many.
"""

from __future__ import annotations

import numpy as np

from mining.compiled import compiled

LOG = -1  # any other step is 2 x the edge taken, and 1 more where the model moved alone


@compiled
def spread(row, dirty, lowest, out_start, target, value):  # type: ignore[no-untyped-def]
    """Spread what got better in the states marked `dirty`, none of them below `lowest`; edges mostly lead upwards."""
    while lowest < row.size:
        again = row.size
        for s in range(lowest, row.size):
            if not dirty[s]:
                continue
            dirty[s] = False
            for e in range(out_start[s], out_start[s + 1]):
                through, t = row.dtype.type(row[s] + value[e]), target[e]
                if through < row[t]:
                    row[t] = through
                    dirty[t] = True
                    if t <= s:
                        again = min(again, t)
        lowest = again


@compiled
def distances(out_start, target, value, unreached):  # type: ignore[no-untyped-def]
    """Give the least value of the model moves from each state to each."""
    n = out_start.size - 1
    ahead = np.full((n, n), unreached, np.int64)
    dirty = np.zeros(n, np.bool_)
    for s in range(n):
        ahead[s, s] = 0
        dirty[s] = True
        spread(ahead[s], dirty, s, out_start, target, value)
    return ahead


@compiled
def _extend(before, row, first, last, tables, log_value, unreached, dirty):  # type: ignore[no-untyped-def]
    """Fill the row behind one more event; the synchronous moves it could be stand in first..last."""
    out_start, target, value, sync_source, sync_target, ahead = tables
    of = row.dtype.type
    for s in range(row.size):
        row[s] = min(of(before[s] + log_value), unreached)
    lowest = row.size
    for e in range(first, last):
        matched, t = before[sync_source[e]], sync_target[e]
        if matched >= row[t]:
            continue
        if ahead.size:
            for s in range(row.size):
                row[s] = min(row[s], of(matched + ahead[t, s]))
        else:
            row[t] = matched
            dirty[t] = True
            lowest = min(lowest, t)
    spread(row, dirty, lowest, out_start, target, value)


@compiled
def _walk_back(rows, path, at, edges, log_value, visible, steps):  # type: ignore[no-untyped-def]
    """Write the steps that lead to state `at` behind the path at the end of `steps`; gives where they begin.

    Where several last moves are optimal a log move is taken before a model move before a synchronous one, so that, read
    forwards, events match as early as they can. Log moves stand before the model moves between the same two matches.
    """
    in_start, in_edge, source, label, value = edges
    i, write, logs = path.size, steps.size, 0
    while i > 0 or at != 0:
        if i > 0 and rows[i - 1, at] + log_value == rows[i, at]:
            i -= 1
            logs += 1
            continue
        alone = matched = -1
        for k in range(in_start[at], in_start[at + 1]):
            e = in_edge[k]
            if rows[i, source[e]] + value[e] == rows[i, at]:
                alone = e
                break
            if matched < 0 and i > 0 and label[e] == path[i - 1] and rows[i - 1, source[e]] == rows[i, at]:
                matched = e
        if alone < 0:
            i -= 1
            for _ in range(logs):
                write -= 1
                steps[write] = LOG
            logs = 0
        taken = alone if alone >= 0 else matched
        at = source[taken]
        if label[taken] < visible:
            write -= 1
            steps[write] = 2 * taken + (alone >= 0)
    for _ in range(logs):
        write -= 1
        steps[write] = LOG
    return write


@compiled
def _best(row, accept, unreached):  # type: ignore[no-untyped-def]
    """Give the accepted state with the least value, the first of equals, and that value; -1 where none is reached."""
    at, best = -1, unreached
    for s in range(row.size):
        if accept[s] and row[s] < best:
            at, best = s, row[s]
    return at, best


@compiled
def room(steps, filled, more):  # type: ignore[no-untyped-def]
    """Give the array with room for `more` behind what is filled."""
    if filled + more <= steps.size:
        return steps
    bigger = np.empty(2 * (filled + more), steps.dtype)
    bigger[:filled] = steps[:filled]
    return bigger


@compiled
def align_sorted(  # type: ignore[no-untyped-def]
    symbols, offsets, accept_of, accepts, sync_start, tables, edges, log_value, model_unit, unreached, visible
):
    """Align variants that come sorted; see `mining.alignment` for the meaning of the arrays.

    Returns
    -------
    values : (variants,) int64
        Packed value of the optimum; `unreached` where no accepted state can be reached.
    lengths : (variants,) int64
        The number of its steps.
    steps : int32
        `LOG`, or the edge.
    """
    n_states = accepts.shape[1]
    longest = 0
    for v in range(offsets.size - 1):
        longest = max(longest, offsets[v + 1] - offsets[v])
    rows = np.full((longest + 1, n_states), unreached)
    dirty = np.zeros(n_states, np.bool_)
    rows[0, 0], dirty[0] = 0, True
    spread(rows[0], dirty, 0, tables[0], tables[1], tables[2])
    values = np.full(offsets.size - 1, np.int64(unreached))
    lengths = np.zeros(offsets.size - 1, np.int64)
    steps = np.empty(symbols.size + offsets.size, np.int32)
    scratch = np.empty(0, np.int32)
    filled = 0
    path = symbols[:0]
    for v in range(offsets.size - 1):
        before, path = path, symbols[offsets[v] : offsets[v + 1]]
        shared = 0
        while shared < min(before.size, path.size) and before[shared] == path[shared]:
            shared += 1
        for i in range(shared, path.size):
            first, last = (sync_start[path[i]], sync_start[path[i] + 1]) if path[i] >= 0 else (0, 0)
            _extend(rows[i], rows[i + 1], first, last, tables, log_value, unreached, dirty)
        at, best = _best(rows[path.size], accepts[accept_of[v]], unreached)
        if at < 0:
            continue
        values[v] = best
        scratch = room(scratch, 0, path.size + best % model_unit)
        begin = _walk_back(rows, path, at, edges, log_value, visible, scratch)
        lengths[v] = scratch.size - begin
        steps = room(steps, filled, lengths[v])
        steps[filled : filled + lengths[v]] = scratch[begin:]
        filled += lengths[v]
    return values, lengths, steps[:filled]


@compiled
def moves_of(steps, starts, symbols, offsets, label, target):  # type: ignore[no-untyped-def]
    """Open steps into moves: kind (0 sync, 1 log, 2 model), position, label, and the state behind each."""
    kind = np.empty(steps.size, np.uint8)
    position = np.empty(steps.size, np.int32)
    labels = np.empty(steps.size, np.int32)
    state = np.empty(steps.size, np.int32)
    for v in range(starts.size - 1):
        read, at = 0, 0
        for m in range(starts[v], starts[v + 1]):
            step = steps[m]
            position[m] = read
            if step == LOG:
                kind[m], labels[m] = 1, symbols[offsets[v] + read]
            else:
                kind[m], labels[m], at = 2 * (step & 1), label[step >> 1], target[step >> 1]
            state[m] = at
            read += kind[m] < 2
    return kind, position, labels, state
