"""How long a step takes: a histogram of waiting times."""

from __future__ import annotations

import polars as pl

from ui.charts import axes
from ui.charts.fields import Spec, nominal, quantitative
from ui.charts.journey_bars import DENSE_UNLESS_REST, FILLED, along_time, named_rest
from ui.formats import duration, number
from ui.language import _

BINS, HEIGHT_PX = 16, 140
_SCHEMA = {"bar": pl.Int64, "n": pl.Int64, "at": pl.Float64, "until": pl.Float64, "said": pl.String, "rest": pl.String}
WHOLE = 0.95  # the share of waits with bars of their own; the longest stand together in the last


def waits_data(waits: pl.Series, limit_s: float | None = None) -> pl.DataFrame:
    """Count waiting times in bars of equal width.

    Parameters
    ----------
    waits : polars.Series
        Seconds.
    limit_s : float, optional
        What the plan allows, in seconds; it is on the picture wherever it lies.

    Returns
    -------
    frame
        One row per bar, in order: bar, n, at (where the bar begins, in seconds), until (where it ends for the eye), and
        how they are written: said (from … to …), rest (at the bar of all that is longer; null for others), n_said.
        A wait as long as the last of the equal bars ends is in it.
    """
    if waits.is_empty():
        return pl.DataFrame(schema={**_SCHEMA, "n_said": pl.String, "limit": pl.Float64, "limit_said": pl.String})
    top = max(float(waits.quantile(WHOLE, "higher") or 0.0), limit_s or 0.0) or float(waits.max())  # type: ignore[arg-type]
    width = top / BINS if top else 1.0
    bars = (waits / width).floor().clip(0, BINS - 1).cast(pl.Int64).set(waits > top, BINS)
    counts = dict(bars.value_counts().iter_rows())
    last = BINS if counts.get(BINS) else BINS - 1
    rows = [
        (bar, counts.get(bar, 0), bar * width, (bar + FILLED) * width, *_said(bar * width, width, bar == BINS))
        for bar in range((last if top else 0) + 1)
    ]
    data = pl.DataFrame(rows, schema=_SCHEMA, orient="row")
    return data.with_columns(
        n_said=pl.Series([number(n) for n in data["n"]], dtype=pl.String),
        limit=pl.lit(limit_s, pl.Float64),
        limit_said=pl.lit(None if limit_s is None else _("limit {time}", time=duration(limit_s)), pl.String),
    )


def _said(low: float, width: float, is_last: bool) -> tuple[str, str | None]:
    """Write what a bar holds, and what stands at it."""
    if is_last:
        return _("longer than {low}", low=duration(low)), f"> {duration(low)}"
    return _("{low} to {high}", low=duration(low), high=duration(low + width)), None


def waits_chart(data: pl.DataFrame, title: str, *, dark: bool) -> Spec:
    """Draw `waits_data` over an axis of that title; the limit, where there is one, as a line."""
    colour = "#6cb4ee" if dark else "#1f6aa5"
    round_above = {"cornerRadiusTopLeft": 2, "cornerRadiusTopRight": 2}
    bars = {
        "mark": {"type": "bar", "color": colour, "orient": "vertical", **round_above},
        "encoding": {
            "x2": {"field": "until"},
            "y2": {"datum": 0},
            "opacity": DENSE_UNLESS_REST,
            "tooltip": [nominal("said", title=_("Time")), nominal("n_said", title=_("Times"))],
        },
    }
    histogram = {
        "encoding": {
            "x": along_time(data, title, most=4),
            "y": quantitative("n", title=None, axis=axes.counts(tickCount=3)),
        },
        "layer": [bars, *named_rest(data, dark=dark)],
    }
    limit = [] if data["limit"].is_null().all() else [_limit(data, dark=dark)]
    return {
        "datasets": {"bars": data},
        "data": {"name": "bars"},
        "layer": [histogram, *limit],
        "height": HEIGHT_PX,
    }


def _limit(data: pl.DataFrame, *, dark: bool) -> Spec:
    """Draw the line that the plan allows time until, its name above the bars."""
    ink = "#f08f6a" if dark else "#a8431d"
    align = "right" if 2 * data["limit"][0] > data["until"][-1] else "left"
    name = {"type": "text", "align": align, "baseline": "bottom", "dy": -3, "fontSize": 10.5, "color": ink}
    return {
        "transform": [{"filter": "datum.bar === 0"}],  # every bar has it, and it is drawn once
        "encoding": {"x": quantitative("limit")},
        "layer": [
            {"mark": {"type": "rule", "color": ink, "strokeDash": [4, 3], "strokeWidth": 1.5}},
            {"mark": name, "encoding": {"y": {"value": 0}, "text": nominal("limit_said")}},
        ],
    }
