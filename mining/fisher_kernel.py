"""The loop of Fisher's exact test, compiled.

Every table weighs what it is likelier than the likeliest one, so that no logarithm of a large factorial is needed.
"""

from __future__ import annotations

from mining.compiled import compiled

ALIKE = 1 + 1e-7  # probabilities that differ by less are the same, rounded


@compiled
def no_likelier(count1, n1, count2, n2):  # type: ignore[no-untyped-def]
    """Give the probability of all tables with these margins that are no likelier than this one."""
    hits = count1 + count2
    misses = n1 + n2 - hits
    lowest, highest = max(0, hits - n2), min(n1, hits)
    likeliest = min(max((n1 + 1) * (hits + 1) // (n1 + n2 + 2), lowest), highest)
    if count1 >= likeliest:
        seen, _, _ = _upward(likeliest, count1, n1, hits, n2, 0.0)
    else:
        seen, _, _ = _upward(n1 - likeliest, n1 - count1, n1, misses, n2, 0.0)
    limit = seen * ALIKE
    _, above, counted_above = _upward(likeliest, highest, n1, hits, n2, limit)
    _, below, counted_below = _upward(n1 - likeliest, n1 - lowest, n1, misses, n2, limit)
    counted = counted_above + counted_below + (1.0 if limit >= 1 else 0.0)
    return min(1.0, counted / (1 + above + below))


@compiled
def _upward(k, last, n1, hits, n2, limit):  # type: ignore[no-untyped-def]
    """Go from the table with `k` hits among `n1`, which weighs 1, to the one with `last`.

    Returns
    -------
    float
        The weight of the last table.
    float, float
        The weight of all behind the first, and of those of them that weigh no more than `limit`.
    """
    weight, total, counted = 1.0, 0.0, 0.0
    while k < last and weight > 0:  # weights only fall
        weight *= (n1 - k) / (k + 1) * ((hits - k) / (n2 - hits + k + 1))
        k += 1
        total += weight
        counted += weight if weight <= limit else 0.0
    return weight, total, counted
