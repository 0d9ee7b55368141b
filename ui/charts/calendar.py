"""Events over time: one bar per day, week or month, whichever the width can show."""

from __future__ import annotations

import polars as pl

from ui.charts import axes
from ui.charts.fields import Spec, nominal, quantitative, temporal
from ui.formats import date, number
from ui.language import _

MOST_BARS, MOST_SAID = 150, 12
STEPS = {"1d": 1, "1w": 7, "1mo": 30, "1q": 91, "1y": 365}


def calendar_data(days: pl.DataFrame) -> tuple[pl.DataFrame, str]:
    """Add days up to the finest step that gives no more than `MOST_BARS` bars.

    Parameters
    ----------
    days : frame
        In the shape `CALENDAR`; events without a time, on a day that is null, are left out.

    Returns
    -------
    frame
        day (first of the step), n_events, n_started.
    str
        The step: 1d, 1w, 1mo, 1q or 1y.
    """
    days = days.drop_nulls("day")
    if days.is_empty():
        return days, "1d"
    first, last = days["day"][0], days["day"][-1]
    span = (last - first).days + 1
    step = next((step for step, length in STEPS.items() if span / length <= MOST_BARS), "1y")
    return days.group_by_dynamic("day", every=step).agg(pl.col("n_events", "n_started").sum()), step


def calendar_said(data: pl.DataFrame, column: str) -> list[str]:
    """Say the highest bars of `calendar_data` in words, in the order of time."""
    highest = data.top_k(MOST_SAID, by=column).sort("day")
    return [f"{date(day)}: {number(n)}" for day, n in highest.select("day", column).iter_rows()]


def calendar_chart(data: pl.DataFrame, *, column: str, title: str, dark: bool) -> Spec:
    """Draw the bars of `calendar_data`."""
    colour = "#6cb4ee" if dark else "#1f6aa5"
    worded = data.with_columns(
        pl.Series("from", [date(day) for day in data["day"]], dtype=pl.String),
        said=pl.Series([number(n) for n in data[column]], dtype=pl.String),
    )
    up = axes.counts(tickCount=4, domain=False, ticks=False)
    return {
        "datasets": {"days": worded},
        "data": {"name": "days"},
        "mark": {"type": "bar", "color": colour, "cornerRadiusEnd": 1},
        "encoding": {
            "x": temporal("day", title=None, axis=axes.calendar(data["day"])),
            # a bar that could be part of a stack is drawn in three nested groups
            "y": quantitative(column, title=None, axis=up, stack=None),
            "tooltip": [nominal("from", title=_("From")), nominal("said", title=title)],
        },
        "height": 200,
    }
