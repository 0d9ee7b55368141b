"""Several journeys one below the other, each on a line of time from its own start: gaps are seen as gaps."""

from __future__ import annotations

import polars as pl

from ui.charts import axes
from ui.charts.fields import Spec, nominal, quantitative
from ui.formats import duration
from ui.language import _
from ui.text import shortened

ROW_PX, AXIS_PX = 26, 36
LONGEST_KEY = 18


def lines_data(events: pl.DataFrame) -> pl.DataFrame:
    """Place the events of journeys by the time since the start of each; an event without a time has no place there.

    Parameters
    ----------
    events : frame
        In the shape `mining.frames.TIMELINE`.

    Returns
    -------
    frame
        key, label, at (seconds since the start; the position where there is no time), activity, and both times as they
        are written: at_said, gap_said.
    """
    known = events.drop_nulls("time")
    timed = not known.is_empty()
    events = known if timed else events
    since = (pl.col("time") - pl.col("time").first().over("key")).dt.total_microseconds() / 1e6
    data = events.with_columns(at=since if timed else pl.col("position").cast(pl.Float64))
    return data.select(
        "key",
        "at",
        "activity",
        label=pl.Series([shortened(key, LONGEST_KEY) for key in data["key"]], dtype=pl.String),
        at_said=pl.Series([duration(at) if timed else "" for at in data["at"]], dtype=pl.String),
        gap_said=pl.Series([duration(gap) for gap in data["gap_s"]], dtype=pl.String),
    )


def lines_said(data: pl.DataFrame) -> list[str]:
    """Say the journeys of `lines_data` in words: each activity and when it came."""
    said = data.select("key", said=pl.format("{} {}", "activity", "at_said").str.strip_chars())
    journeys = said.group_by("key", maintain_order=True).agg(pl.col("said").str.join(", "))
    return [f"{key}: {steps}" for key, steps in journeys.iter_rows()]


def lines_chart(data: pl.DataFrame, *, dark: bool) -> Spec:
    """Draw `lines_data`."""
    dot, rail = ("#6cb4ee", "#4a5a6b") if dark else ("#1f6aa5", "#c3cdd6")
    longest = float(data["at"].max() or 0.0)  # type: ignore[arg-type]  # seconds, where there are times
    timed = longest > 0 and not data["at_said"].eq("").all()
    hidden = {"labels": False, "ticks": False, "grid": False, "domain": False}
    axis = axes.durations(longest, most=3, ticks=False, domain=False) if timed else hidden
    lines = {
        "mark": {"type": "line", "color": rail, "strokeWidth": 2},
        "encoding": {"detail": nominal("key")},  # a line of its own for each
    }
    dots = {
        "mark": {"type": "circle", "size": 55, "color": dot, "opacity": 0.85},
        "encoding": {
            "tooltip": [
                nominal("activity", title=_("Activity")),
                nominal("at_said", title=_("Since the start")),
                nominal("gap_said", title=_("After the event before")),
            ]
        },
    }
    names = {"labelLimit": 110, "ticks": False, "domain": False}
    return {
        "datasets": {"events": data},
        "data": {"name": "events"},
        "encoding": {
            "x": quantitative("at", title=None, axis=axis, scale={"nice": False}),
            "y": nominal("key", title=None, sort=None, axis=names),
        },
        "layer": [lines, dots],
        "height": ROW_PX * data["key"].n_unique() + AXIS_PX,
    }
