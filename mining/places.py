"""Where on the map a touchpoint stands, as numbers that can be compared: its stage and its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from mining.journey_map import JourneyMap, Step, Touchpoint


@dataclass(frozen=True)
class Places:
    """Numbers for the labels of a map's automaton.

    Attributes
    ----------
    frame : polars.DataFrame
        One row per label: label, touchpoint (id), stage (number, null for `anywhere`), stage_id, place (number that
        grows along the map; what stands side by side in a block shares it; null for `anywhere`), required.
    stages : tuple of str
        Stage ids by number.
    goal : int
        The label of the goal.
    """

    frame: pl.DataFrame
    stages: tuple[str, ...]
    goal: int

    @cached_property
    def place_of(self) -> dict[str, int]:
        """Place by touchpoint; 0, where every journey has been, for those of `anywhere`."""
        rows = self.frame.select("touchpoint", pl.col("place").fill_null(0)).iter_rows()
        return dict(rows)


def places(plan: JourneyMap) -> Places:
    """Number the places of a map."""
    rows: list[tuple[str, int | None, str | None, int | None, bool]] = []
    place = 1
    for number, stage in enumerate(plan.stages):
        for step in stage.steps:
            for touchpoint, at, required in _opened(step, place, True):
                rows.append((touchpoint.id, number, stage.id, at, required and touchpoint.measured))
            place += _length(step)
    rows += [(t.id, None, None, None, False) for t in plan.anywhere]
    schema = {
        "touchpoint": pl.String,
        "stage": pl.Int32,
        "stage_id": pl.String,
        "place": pl.Int32,
        "required": pl.Boolean,
    }
    frame = pl.DataFrame(rows, schema=schema, orient="row").with_row_index("label").cast({"label": pl.Int32})
    goal = [t.id for t in plan.touchpoints()].index(plan.goal)
    return Places(frame, tuple(stage.id for stage in plan.stages), goal)


def _opened(step: Step, place: int, required: bool) -> Iterator[tuple[Touchpoint, int, bool]]:
    """Give the touchpoints of a step with their places: one after another in a sequence, side by side elsewhere."""
    required = required and not step.optional
    if isinstance(step, Touchpoint):
        yield step, place, required
        return
    for inner in step.steps:
        yield from _opened(inner, place, required)
        if step.kind == "sequence":
            place += _length(inner)


def _length(step: Step) -> int:
    """Give how many places a step takes: a sequence the sum of its steps, another block the longest of them."""
    if isinstance(step, Touchpoint):
        return 1
    lengths = [_length(inner) for inner in step.steps]
    return sum(lengths) if step.kind == "sequence" else max(lengths)
