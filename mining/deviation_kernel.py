"""The loops of `mining.deviations`, compiled: what the moves of each path mean, as numbers."""

from __future__ import annotations

import numpy as np

from mining.compiled import compiled
from mining.kernel import LOG, room

MISSING, IRREGULAR, REPEATED, EXTRA, WRONG_PERSONA, OF_LABELS = range(6)


@compiled
def _tally(  # type: ignore[no-untyped-def]
    steps, symbols, activity, label_of, stage_of, place_of, n_stages, goal, seen, before, met, off_map, strange, early
):
    """Count the moves of one path: `seen` by label and kind, `off_map` by activity and stage; list what was met.

    Those that stand before the first event of the goal are counted in `before`, too, but for the goal's own; `early`
    tells of each off-map place met whether it was met so.

    Gives the numbers of labels and of off-map places met, the furthest place and stage of a planned move, and the label
    of the last synchronous one in a stage.
    """
    n_met, n_strange, read, stood = 0, 0, 0, 0
    place, stage, last = 0, 0, -1
    on_the_way = True
    for m in range(steps.size):
        step = steps[m]
        label = symbols[read] if step == LOG else label_of[step >> 1]
        if label < 0:
            where = activity[read] * n_stages + stood
            if off_map[where] == 0:
                strange[n_strange], early[n_strange] = where, on_the_way
                n_strange += 1
            off_map[where] += 1
            read += 1
            continue
        if not seen[label].any():
            met[n_met] = label
            n_met += 1
        kind = 1 if step == LOG else 2 * (step & 1)
        seen[label, kind] += 1
        if label == goal:
            on_the_way = on_the_way and kind == 2
        else:
            before[label, kind] += on_the_way
        read += kind < 2
        if kind != 1 and stage_of[label] >= 0:
            stood = stage_of[label]
            place, stage = max(place, place_of[label]), max(stage, stood)
            last = label if kind == 0 else last
    return n_met, n_strange, place, stage, last


@compiled
def _name(seen, before, met, stage_of, required, exempt, stages, what, times, early, n):  # type: ignore[no-untyped-def]
    """Write what the counts of one path mean behind the `n` already written; gives how many there are then."""
    n_labels = stage_of.size
    stages[:] = 0
    for label in met:
        sync, log, model = seen[label]
        sync_before, log_before, model_before = before[label]
        irregular = min(log, model)
        rest = log - irregular
        # Of the log moves left only the first can be `extra`: any other has a log move of the touchpoint before it.
        extra = 1 if rest > 0 and sync == 0 and irregular == 0 else 0
        for kind, count, on_the_way in (
            (MISSING, model - irregular, model_before > irregular),
            (IRREGULAR, irregular, log_before > 0),
            (REPEATED, rest - extra, log_before > irregular + extra),
            (EXTRA, extra, log_before > irregular),
            (WRONG_PERSONA, sync if exempt[label] else 0, sync_before > 0),
        ):
            if count > 0:
                what[n], times[n], early[n] = kind * n_labels + label, count, on_the_way
                n += 1
        if required[label] and not exempt[label]:
            stages[stage_of[label], 0] += model - irregular
            stages[stage_of[label], 1] += sync + log
            stages[stage_of[label], 2] += model_before > irregular
        seen[label], before[label] = 0, 0
    for stage in range(stages.shape[0]):
        if stages[stage, 0] > 0 and stages[stage, 1] == 0:
            what[n], times[n], early[n] = OF_LABELS * n_labels + stage, 1, stages[stage, 2] > 0
            n += 1
    return n


@compiled
def count(steps, starts, symbols, activity, offsets, label_of, labels, goal, n_stages, n_activities):  # type: ignore[no-untyped-def]
    """Count the deviations of every path, and how far it got.

    Returns
    -------
    what : int32
        The deviations of the paths one after another; see `mining.deviations.deviation_names`.
    times : int32
        How often each of them happens on its path.
    early : bool
        Whether it does so before the goal, if there is one; what is about the goal itself never does.
    lengths : (paths,) int64
        How many deviations each path has.
    reached : (paths, 3) int32
        The furthest place and stage of a planned move, and the label of the last synchronous one in a stage, or -1.
    """
    stage_of, place_of, required, exempt = labels
    n_labels = stage_of.size
    first_off_map = OF_LABELS * n_labels + n_stages
    seen, before = np.zeros((n_labels, 3), np.int64), np.zeros((n_labels, 3), np.int64)
    met = np.empty(n_labels, np.int32)
    off_map = np.zeros(n_activities * n_stages, np.int64)
    strange, strange_early = np.empty(off_map.size, np.int64), np.empty(off_map.size, np.bool_)
    stages = np.zeros((n_stages, 3), np.int64)
    what, times = np.empty(steps.size, np.int32), np.empty(steps.size, np.int32)
    early = np.empty(steps.size, np.bool_)
    lengths = np.empty(starts.size - 1, np.int64)
    reached = np.empty((starts.size - 1, 3), np.int32)
    filled = 0
    for v in range(starts.size - 1):
        here = slice(offsets[v], offsets[v + 1])
        n_met, n_strange, place, stage, last = _tally(
            steps[starts[v] : starts[v + 1]], symbols[here], activity[here], label_of, stage_of, place_of, n_stages,
            goal, seen, before, met, off_map, strange, strange_early,
        )  # fmt: skip
        reached[v] = place, stage, last
        most = 3 * n_met + n_stages + n_strange  # a label with log moves left has no model moves left
        what, times, early = room(what, filled, most), room(times, filled, most), room(early, filled, most)
        end = _name(seen, before, met[:n_met], stage_of, required, exempt, stages, what, times, early, filled)
        for k in range(n_strange):
            what[end], times[end], early[end] = first_off_map + strange[k], off_map[strange[k]], strange_early[k]
            off_map[strange[k]] = 0
            end += 1
        lengths[v] = end - filled
        filled = end
    return what[:filled], times[:filled], early[:filled], lengths, reached


@compiled
def sort_in(what, times, early, lengths, first_path, cursor, paths, times_of, early_of):  # type: ignore[no-untyped-def]
    """Put the deviations of some paths to their places, sorted by deviation; `cursor` moves on to the free ones."""
    at = 0
    for v in range(lengths.size):
        for _ in range(lengths[v]):
            to = cursor[what[at]]
            cursor[what[at]] = to + 1
            paths[to], times_of[to], early_of[to] = first_path + v, times[at], early[at]
            at += 1
