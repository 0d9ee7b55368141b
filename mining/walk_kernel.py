"""The loops of `mining.walk`, compiled. The events of a part are walked journey by journey."""

from __future__ import annotations

import numpy as np

from mining.compiled import compiled


@compiled
def count_pairs(  # type: ignore[no-untyped-def]
    lengths, keep, activity, codes, first, last_activity, last_pair, activities, n, n_journeys
):
    """Count events and journeys of every activity and of every pair.

    Parameters
    ----------
    lengths, keep, activity : array
        As in `mining.walk.Part`.
    codes : (events - 1,) uint32 array
        The number of each pair; where it is empty, that is ``source * width + target``.
    first : int
        The number of the first journey: each has one of its own.
    last_activity, last_pair : (width,), (pairs,) int64 array
        The last journey that had each activity and each pair; kept from part to part.
    activities : (4, width) int64 array
        Events, journeys, starts and ends of each activity, which are added to.
    n, n_journeys : (pairs,) int64 array
        Occurrences and journeys of each pair, which are added to.
    """
    width = activities.shape[1]
    begin = 0
    for j in range(lengths.size):
        end, here = begin + lengths[j], first + j
        if keep[j]:
            activities[2, activity[begin]] += 1
            activities[3, activity[end - 1]] += 1
            for i in range(begin, end):
                at = activity[i]
                activities[0, at] += 1
                if last_activity[at] != here:
                    last_activity[at] = here
                    activities[1, at] += 1
                if i > begin:
                    pair = np.int64(codes[i - 1]) if codes.size else np.int64(activity[i - 1]) * width + at
                    n[pair] += 1
                    if last_pair[pair] != here:
                        last_pair[pair] = here
                        n_journeys[pair] += 1
        begin = end


@compiled
def gather_waits(lengths, keep, activity, codes, time_us, width, place, waits):  # type: ignore[no-untyped-def]
    """Put the waits of each pair into `waits`, side by side from its `place` on, which moves on with them.

    A wait from or to an unknown time, the least integer, is unknown too.

    Returns
    -------
    bool
        Whether there are such.
    """
    unknown = np.iinfo(np.int64).min
    gaps = False
    begin = 0
    for j in range(lengths.size):
        end = begin + lengths[j]
        if keep[j]:
            for i in range(begin + 1, end):
                pair = np.int64(codes[i - 1]) if codes.size else np.int64(activity[i - 1]) * width + activity[i]
                if time_us[i] == unknown or time_us[i - 1] == unknown:
                    waits[place[pair]] = unknown
                    gaps = True
                else:
                    waits[place[pair]] = time_us[i] - time_us[i - 1]
                place[pair] += 1
        begin = end
    return gaps


@compiled
def gather_flow_waits(lengths, path, time_us, rows, flow, place, waits):  # type: ignore[no-untyped-def]
    """Put the known waits of each flow into `waits`, side by side from its `place` on, which moves on with them.

    Parameters
    ----------
    lengths, time_us : array
        As in `mining.walk.Part`.
    path : (journeys,) int64 array
        The path of each journey, or -1 where it does not count.
    rows : (paths,) array
        The row of the first step of each path; the others follow.
    flow : (steps,) int64 array
        The flow of each step.
    """
    unknown = np.iinfo(np.int64).min
    begin = 0
    for j in range(lengths.size):
        end = begin + lengths[j]
        if path[j] >= 0:
            for i in range(begin + 1, end):
                if time_us[i] != unknown and time_us[i - 1] != unknown:
                    at = flow[rows[path[j]] + i - begin]
                    waits[place[at]] = time_us[i] - time_us[i - 1]
                    place[at] += 1
        begin = end
