"""Where on the map a touchpoint stands, as numbers that can be compared: its stage and its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from mining.journey_map import JourneyMap, Step, Touchpoint


@dataclass(frozen=True)
class Places:
    """Numbers for the labels of a map's automaton.

    Attributes
    ----------
    frame : polars.DataFrame
        One row per label: label, touchpoint (id), stage (number, null for `anywhere`), stage_id, place (number that
        grows along the map; the steps of one choice or any_order block share it; null for `anywhere`), required.
    stages : tuple of str
        Stage ids by number.
    """

    frame: pl.DataFrame
    stages: tuple[str, ...]

    @property
    def place_of(self) -> dict[str, int]:
        """Place by touchpoint; 0, where every journey has been, for those of `anywhere`."""
        rows = self.frame.select("touchpoint", pl.col("place").fill_null(0)).iter_rows()
        return dict(rows)


def places(plan: JourneyMap) -> Places:
    """Number the places of a map."""
    rows: list[tuple[str, int | None, str | None, int | None, bool]] = []
    place = 0
    for number, stage in enumerate(plan.stages):
        for step in stage.steps:
            place += 1
            for touchpoint, required in _opened(step, True):
                rows.append((touchpoint.id, number, stage.id, place, required and touchpoint.measured))
    rows += [(t.id, None, None, None, False) for t in plan.anywhere]
    schema = {
        "touchpoint": pl.String,
        "stage": pl.Int32,
        "stage_id": pl.String,
        "place": pl.Int32,
        "required": pl.Boolean,
    }
    frame = pl.DataFrame(rows, schema=schema, orient="row").with_row_index("label").cast({"label": pl.Int32})
    return Places(frame, tuple(stage.id for stage in plan.stages))


def _opened(step: Step, required: bool) -> Iterator[tuple[Touchpoint, bool]]:
    required = required and not step.optional
    if isinstance(step, Touchpoint):
        yield step, required
        return
    for inner in step.steps:
        yield from _opened(inner, required)
