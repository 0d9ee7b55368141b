"""Which log event is which touchpoint: the first touchpoint in map order that matches wins."""

from __future__ import annotations

import numpy as np
import polars as pl

from mining.alignment import OFF_MAP
from mining.journey_map import Binding, JourneyMap


def bound_attributes(plan: JourneyMap) -> list[str]:
    """Give the attributes that any binding of the map looks at, by name; none where activities say it all."""
    return sorted({name for t in plan.touchpoints() for b in t.events for name, _ in b.attributes})


def bind(plan: JourneyMap, classes: pl.DataFrame, attributes: list[str]) -> np.ndarray:
    """Give the touchpoint of each kind of event.

    Parameters
    ----------
    plan : JourneyMap
        The map.
    classes : frame
        One row per kind of event: ``activity`` (its name) and the columns `attributes` (as text, or null).
    attributes : list of str
        What `bound_attributes` gave.

    Returns
    -------
    (classes,) int32 array
        Number of the touchpoint in map order, or `OFF_MAP`.
    """
    touchpoints = plan.touchpoints()
    rules: list[tuple[int, Binding]] = [
        (number, binding) for number, t in enumerate(touchpoints) for binding in t.events
    ]
    by_activity: dict[str | None, list[int]] = {}
    for index, (_, binding) in enumerate(rules):
        by_activity.setdefault(binding.activity, []).append(index)

    def touchpoint_of(row: dict[str, str | None]) -> int:
        activity = row["activity"] or ""
        for index in sorted([*by_activity.get(activity, ()), *by_activity.get(None, ())]):
            if rules[index][1].matches(activity, row):
                return int(rules[index][0])
        return OFF_MAP

    rows = classes.select("activity", *attributes).iter_rows(named=True)
    return np.array([touchpoint_of(row) for row in rows], dtype=np.int32)
