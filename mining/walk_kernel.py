"""The loops of `mining.walk`, compiled."""

from __future__ import annotations

import numpy as np

from mining.compiled import compiled


@compiled
def count_pairs(journey, activity, codes, width, size):  # type: ignore[no-untyped-def]
    """Count events and journeys of every activity and of every pair.

    Returns
    -------
    (4, width) int64 array
        Events, journeys, starts and ends of each activity.
    (size,) int64 array
        Occurrences of each pair: ``source * width + target``, or its number in `codes` where that is not empty.
    (size,) int64 array
        Journeys of each pair.
    bool
        Whether every journey comes after the one before.
    """
    per_activity = np.zeros((4, width), np.int64)
    had_activity = np.full(width, -1, np.int64)
    n = np.zeros(size, np.int64)
    n_journeys = np.zeros(size, np.int64)
    had_pair = np.full(size, -1, np.int64)
    before = np.int64(-1)
    for i in range(journey.size):
        here = np.int64(journey[i])
        at = activity[i]
        per_activity[0, at] += 1
        if had_activity[at] != here:
            had_activity[at] = here
            per_activity[1, at] += 1
        if here == before:
            pair = np.int64(codes[i - 1]) if codes.size else np.int64(activity[i - 1]) * width + at
            n[pair] += 1
            if had_pair[pair] != here:
                had_pair[pair] = here
                n_journeys[pair] += 1
        elif here < before:
            return per_activity, n, n_journeys, False
        else:
            per_activity[2, at] += 1
            if i:
                per_activity[3, activity[i - 1]] += 1
        before = here
    per_activity[3, activity[journey.size - 1]] += 1
    return per_activity, n, n_journeys, True


@compiled
def gather_waits(journey, activity, codes, time_us, width, place, waits):  # type: ignore[no-untyped-def]
    """Put the waits of each pair into `waits`, side by side from its `place` on, which moves on with them.

    A wait from or to an unknown time, the least integer, is left out.
    """
    unknown = np.iinfo(np.int64).min
    for i in range(1, journey.size):
        if journey[i] == journey[i - 1] and time_us[i] != unknown and time_us[i - 1] != unknown:
            pair = np.int64(codes[i - 1]) if codes.size else np.int64(activity[i - 1]) * width + activity[i]
            waits[place[pair]] = time_us[i] - time_us[i - 1]
            place[pair] += 1
