"""One journey on a line of time: a dot per event, coloured by how it fits the plan."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import altair as alt
import polars as pl

from ui.charts import axes
from ui.formats import moment
from ui.language import _

LINE_PX, HEIGHT_PX = 56, 165
CLOSE = 0.08  # of the line; the names of closer neighbours stand above one another
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


def timeline_chart(events: pl.DataFrame, signs: Mapping[str, tuple[str, str]], *, dark: bool) -> Any:
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
    data = events.select(
        "activity",
        at=pl.col("time").dt.epoch("us") / 1e6,
        name=_named(events),
        fit=pl.col("mark").replace_strict(words, default="", return_dtype=pl.String),
        said=pl.Series([moment(time) for time in events["time"]], dtype=pl.String),
        # Names stand above and below the line in turn, so that neighbours do not cover one another.
        level=pl.int_range(pl.len()) % 4,
    )
    base = alt.Chart(data).encode(
        x=alt.X("at:Q", title=None, scale=alt.Scale(padding=40, zero=False, nice=False), axis=axes.moments(first, last))
    )
    rail = base.mark_line(color=line, strokeWidth=2).encode(y=alt.value(LINE_PX))
    dots = base.mark_point(size=110, filled=True, opacity=1).encode(
        y=alt.value(LINE_PX),
        color=_scaled(alt.Color, [words[m] for m in present], [signs[m][1] for m in present], plain),
        shape=_scaled(alt.Shape, [words[m] for m in present], [SHAPES[m] for m in present], "circle"),
        tooltip=[
            alt.Tooltip("activity:N", title=_("Activity")),
            alt.Tooltip("said:N", title=_("Time")),
            *([alt.Tooltip("fit:N", title=_("Against the plan"))] if present else []),
        ],
    )
    layers = [rail, dots]
    for level, dy in enumerate((-16, 20, -32, 36)):
        layers.append(
            base.transform_filter(alt.datum.level == level)
            .mark_text(fontSize=10.5, color=ink, limit=110, dy=dy)
            .encode(y=alt.value(LINE_PX), text="name:N")
        )
    return alt.layer(*layers).properties(height=HEIGHT_PX)


def _named(events: pl.DataFrame) -> pl.Expr:
    """Give the names along the line, numbered in their order where some are too close to read it off the line."""
    times = events["time"]
    gaps = times.diff().drop_nulls()
    crowded = (gaps < (times.max() - times.min()) * CLOSE).any()  # type: ignore[operator]  # two times
    return pl.format("{} {}", pl.int_range(1, pl.len() + 1), "activity") if crowded else pl.col("activity")


def _scaled(channel: Any, domain: list[str], values: list[str], otherwise: str) -> Any:
    """Give colour or shape by fit; one value for all where there is nothing to tell apart."""
    if not domain:
        return alt.value(otherwise)
    return channel("fit:N", legend=None, scale=alt.Scale(domain=domain, range=values))
