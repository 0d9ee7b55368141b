"""One journey on a line of time: a dot per event, coloured by how it fits the plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import pairwise

import polars as pl

from ui.charts import axes
from ui.charts.fields import Spec, nominal, quantitative
from ui.formats import moment
from ui.language import _

LINE_PX, HEIGHT_PX = 56, 165
CLOSE = 0.08  # of the line; where neighbours are closer, names carry the number of their event
ROWS_PX = (-16, 20, -32, 36)  # of names, from the line
NARROW_PX, LETTER_PX, MOST_PX, BETWEEN_PX = 640, 6.0, 110, 6  # of the line in a narrow place; of a name and its letters
SHAPES = {
    "planned": "circle",
    "missing": "cross",
    "ad_hoc": "diamond",
    "irregular_sequence": "triangle-left",
    "repeated": "square",
    "extra": "triangle-up",
    "late": "triangle-down",
    "failed": "cross",
    "wrong_channel": "triangle-right",
    "wrong_persona": "wedge",
}


def timeline_chart(events: pl.DataFrame, signs: Mapping[str, tuple[str, str]], *, dark: bool) -> Spec:
    """Draw the events of one journey.

    Parameters
    ----------
    events : frame
        activity, time, mark (a key of `signs`, or null).
    signs : mapping
        Words and colour of each mark.
    dark : bool
        For dark paper.
    """
    plain, ink, line = ("#6cb4ee", "#e6e9ec", "#4a5a6b") if dark else ("#1f6aa5", "#1d2733", "#c3cdd6")
    present = [mark for mark in signs if (events["mark"] == mark).any()]
    words = {mark: signs[mark][0] for mark in present}
    first, last = events["time"].min(), events["time"].max()
    assert isinstance(first, datetime)
    assert isinstance(last, datetime)
    data = _with_names(events).select(
        "activity",
        "name",
        "row",
        at=pl.col("time").dt.epoch("us") / 1e6,
        fit=pl.col("mark").replace_strict(words, default="", return_dtype=pl.String),
        said=pl.Series([moment(time) for time in events["time"]], dtype=pl.String),
    )
    rail = {"mark": {"type": "line", "color": line, "strokeWidth": 2}}
    dots = {
        "mark": {"type": "point", "size": 110, "filled": True, "opacity": 1},
        "encoding": {
            "color": _scaled([words[m] for m in present], [signs[m][1] for m in present], plain),
            "shape": _scaled([words[m] for m in present], [SHAPES[m] for m in present], "circle"),
            "tooltip": [
                nominal("activity", title=_("Activity")),
                nominal("said", title=_("Time")),
                *([nominal("fit", title=_("Against the plan"))] if present else []),
            ],
        },
    }
    names = [
        {
            "transform": [{"filter": f"datum.row === {row}"}],
            "mark": {"type": "text", "fontSize": 10.5, "color": ink, "limit": MOST_PX, "dy": ROWS_PX[row]},
            "encoding": {"text": nominal("name")},
        }
        for row in sorted(set(data["row"].drop_nulls()))
    ]
    along = {"padding": 40, "zero": False, "nice": False}
    return {
        "datasets": {"events": data},
        "data": {"name": "events"},
        "encoding": {
            "x": quantitative("at", title=None, scale=along, axis=axes.moments(first, last)),
            "y": {"value": LINE_PX},
        },
        "layer": [rail, dots, *names],
        "height": HEIGHT_PX,
    }


def _with_names(events: pl.DataFrame) -> pl.DataFrame:
    """Add what is written along the line, and in which row, so that nothing covers another name.

    Where some events are close, all are numbered in their order; where no row has room for a name its number stands
    there alone, and where there is none even for that, nothing.
    """
    times = events["time"]
    whole = (times.max() - times.min()).total_seconds() or 1.0  # type: ignore[operator,union-attr]  # two times
    at = ((times - times.min()).dt.total_seconds(fractional=True) / whole).to_list()
    crowded = any(later - earlier < CLOSE for earlier, later in pairwise(at))
    free = [-float("inf")] * len(ROWS_PX)  # where the last name of each row ends
    names, rows = [], []
    for n, (place, activity) in enumerate(zip(at, events["activity"], strict=True), 1):
        texts = (f"{n} {activity}", str(n)) if crowded else (activity,)
        text, row, end = _room(place * NARROW_PX, texts, free)
        names.append(text)
        rows.append(row)
        if row is not None:
            free[row] = end
    return events.with_columns(pl.Series("name", names, dtype=pl.String), pl.Series("row", rows, dtype=pl.Int64))


def _room(middle: float, texts: Sequence[str], free: Sequence[float]) -> tuple[str | None, int | None, float]:
    """Find the first text that has room in a row: the text, the row, and where it ends."""
    for text in texts:
        half = min(len(text) * LETTER_PX, MOST_PX) / 2
        for row, end in enumerate(free):
            if middle - half >= end + BETWEEN_PX:
                return text, row, middle + half
    return None, None, 0.0


def _scaled(domain: list[str], values: list[str], otherwise: str) -> Spec:
    """Give colour or shape by fit; one value for all where there is nothing to tell apart."""
    if not domain:
        return {"value": otherwise}
    return nominal("fit", legend=None, scale={"domain": domain, "range": values})
