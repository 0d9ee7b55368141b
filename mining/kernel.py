"""The hot loop: cheapest way of every variant through an automaton, by dynamic programming over sorted variants.

A row holds, for one prefix of a variant, the least *value* of ending in each state. Variants come sorted, so the rows
of the prefix shared with the variant before are still there: memory is path length x states.

A value packs, from high to low, cost, minus the synchronous moves, and the model moves, so that one comparison of
integers applies the documented order: cheapest, then most synchronous moves, then fewest model moves.
"""

from __future__ import annotations

import numpy as np
from numba import njit

UNREACHED = np.int64(2**62)
SYNC, LOG, MODEL = 0, 1, 2


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _close(row, model_source, model_target, model_value):  # type: ignore[no-untyped-def]
    """Spread a row along model moves until nothing gets better; edges mostly lead upwards, so this takes few sweeps."""
    changed = True
    while changed:
        changed = False
        for e in range(model_source.size):
            value = row[model_source[e]]
            if value < UNREACHED and value + model_value[e] < row[model_target[e]]:
                row[model_target[e]] = value + model_value[e]
                changed = True


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _extend(before, row, first, last, sync_source, sync_target, log_value, sync_value):  # type: ignore[no-untyped-def]
    """Fill the row behind one more event: it is a log move, or a synchronous one along the edges first..last."""
    for s in range(row.size):
        row[s] = before[s] + log_value if before[s] < UNREACHED else UNREACHED
    for e in range(first, last):
        value = before[sync_source[e]]
        if value < UNREACHED and value + sync_value < row[sync_target[e]]:
            row[sync_target[e]] = value + sync_value


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _grown(array, size):  # type: ignore[no-untyped-def]
    bigger = np.empty(size, array.dtype)
    bigger[: array.size] = array
    return bigger


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _logs_first(start, end, kind, position, label, state):  # type: ignore[no-untyped-def]
    """Put log moves before the model moves between the same two matches: what happened, before what did not.

    A log move stays in its state, so the two kinds may change places; the states are set anew.
    """
    at = 0
    first = start
    while first < end:
        if kind[first] == SYNC:
            at = state[first]
            first += 1
            continue
        last = first
        n_logs = 0
        while last < end and kind[last] != SYNC:
            n_logs += kind[last] == LOG
            last += 1
        models = np.empty((last - first - n_logs, 2), np.int32)
        n_models = 0
        write = first
        for m in range(first, last):
            if kind[m] == MODEL:
                models[n_models, 0], models[n_models, 1] = label[m], state[m]
                n_models += 1
            else:
                kind[write], position[write], label[write], state[write] = LOG, position[m], label[m], at
                write += 1
        behind = position[write - 1] + 1 if n_logs else position[first]
        for m in range(n_models):
            kind[write], position[write] = MODEL, behind
            label[write], state[write] = models[m, 0], models[m, 1]
            at = models[m, 1]
            write += 1
        first = last


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def align_sorted(  # type: ignore[no-untyped-def]
    symbols, offsets, accept_of, accepts,
    sync_start, sync_source, sync_target,
    model_source, model_target, model_label, model_value, incoming_start, incoming_edge,
    log_value, sync_value, model_unit,
):  # fmt: skip
    """Align every variant; see `mining.alignment` for the meaning of the arrays.

    Returns
    -------
    values : (variants,) int64
        Packed value of the optimum; `UNREACHED` where no accepted state can be reached.
    starts : (variants + 1,) int64
        Where the moves of each variant begin in the arrays that follow.
    kind : uint8, position : int32, label : int32, state : int32
        The moves; `position` is the event a move belongs to, for a model move the event it happens before.
    """
    n_variants = offsets.size - 1
    n_states = accepts.shape[1]
    longest = 0
    for v in range(n_variants):
        longest = max(longest, offsets[v + 1] - offsets[v])
    rows = np.full((longest + 1, n_states), UNREACHED, np.int64)
    rows[0, 0] = 0
    _close(rows[0], model_source, model_target, model_value)
    values = np.full(n_variants, UNREACHED, np.int64)
    starts = np.zeros(n_variants + 1, np.int64)
    capacity = symbols.size + n_variants + 16
    kind = np.empty(capacity, np.uint8)
    position = np.empty(capacity, np.int32)
    label = np.empty(capacity, np.int32)
    state = np.empty(capacity, np.int32)
    filled = 0
    for v in range(n_variants):
        begin, end = offsets[v], offsets[v + 1]
        length = end - begin
        shared = 0
        if v > 0:
            previous = offsets[v - 1]
            limit = min(length, begin - previous)
            while shared < limit and symbols[begin + shared] == symbols[previous + shared]:
                shared += 1
        for i in range(shared, length):
            symbol = symbols[begin + i]
            first, last = (sync_start[symbol], sync_start[symbol + 1]) if symbol >= 0 else (0, 0)
            _extend(rows[i], rows[i + 1], first, last, sync_source, sync_target, log_value, sync_value)
            _close(rows[i + 1], model_source, model_target, model_value)
        best = UNREACHED
        at = -1
        for s in range(n_states):
            if accepts[accept_of[v], s] and rows[length, s] < best:
                best = rows[length, s]
                at = s
        values[v] = best
        if at < 0:
            starts[v + 1] = filled
            continue
        n_moves = length + best % model_unit
        if filled + n_moves > capacity:
            capacity = 2 * (filled + n_moves)
            kind = _grown(kind, capacity)
            position = _grown(position, capacity)
            label = _grown(label, capacity)
            state = _grown(state, capacity)
        # Walk back from the end. Where several last moves are optimal a log move is taken before a model move before a
        # synchronous one, so that, read forwards, events match as early as they can.
        i = length
        write = filled + n_moves - 1
        while i > 0 or at != 0:
            value = rows[i, at]
            if i > 0 and rows[i - 1, at] < UNREACHED and rows[i - 1, at] + log_value == value:
                i -= 1
                kind[write], position[write], label[write], state[write] = LOG, i, symbols[begin + i], at
                write -= 1
                continue
            found = -1
            for k in range(incoming_start[at], incoming_start[at + 1]):
                e = incoming_edge[k]
                before = rows[i, model_source[e]]
                if before < UNREACHED and before + model_value[e] == value:
                    found = e
                    break
            if found >= 0:
                kind[write], position[write], label[write], state[write] = MODEL, i, model_label[found], at
                at = model_source[found]
            else:
                i -= 1
                symbol = symbols[begin + i]
                for e in range(sync_start[symbol], sync_start[symbol + 1]):
                    before = rows[i, sync_source[e]]
                    if sync_target[e] == at and before < UNREACHED and before + sync_value == value:
                        found = e
                        break
                kind[write], position[write], label[write], state[write] = SYNC, i, symbol, at
                at = sync_source[found]
            write -= 1
        _logs_first(filled, filled + n_moves, kind, position, label, state)
        filled += n_moves
        starts[v + 1] = filled
    return values, starts, kind[:filled], position[:filled], label[:filled], state[:filled]
