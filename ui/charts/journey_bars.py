"""How many journeys take so long, or have so many events: bars of equal width."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from ui.charts import axes
from ui.charts.fields import Spec, nominal, ordinal, quantitative
from ui.formats import number
from ui.language import _

FILLED = 0.9  # of the room of a bar
NAMED_OVER = 5  # bars that lie under the name of the last one
# The bar of all that is longer is drawn lighter than the others: it is as wide as one of them, and holds many.
DENSE_UNLESS_REST: Spec = {"condition": {"test": "datum.rest === null", "value": 1}, "value": 0.45}
_SCHEMA = {
    "bar": pl.Int64,
    "n": pl.Int64,
    "at": pl.Float64,
    "until": pl.Float64,
    "low": pl.String,
    "said": pl.String,
    "n_said": pl.String,
    "rest": pl.String,
}


def bars_data(bins: pl.DataFrame, width: float, last: int, write: Callable[[float], str]) -> pl.DataFrame:
    """Put one kind of `pipeline.queries.journey_bins` into words, empty bars included.

    Returns
    -------
    frame
        bar, n, at (where the bar begins), until (where it ends for the eye), low (as it is written), said (from … to
        …), n_said, rest (what stands at the bar of all that is longer or has more; null for others); in order.
    """
    counts = dict(bins.select("bar", "n_journeys").iter_rows())
    top = max(counts, default=0)
    rows = []
    for bar in range(top + 1):
        low, high = write(bar * width), write((bar + 1) * width)
        said = _("{low} and more", low=low) if bar == last else _("{low} to below {high}", low=low, high=high)
        n, rest = counts.get(bar, 0), f"≥ {low}" if bar == last else None
        rows.append((bar, n, bar * width, (bar + FILLED) * width, low, said, number(n), rest))
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


def bars_said(data: pl.DataFrame) -> list[str]:
    """Say the bars of `bars_data` or `waits_data` in words; empty ones say nothing."""
    return [f"{said}: {n}" for said, n in data.filter(pl.col("n") > 0).select("said", "n_said").iter_rows()]


def bars_chart(data: pl.DataFrame, title: str, *, of_time: bool, dark: bool) -> Spec:
    """Draw `bars_data`, along an axis of time or of numbers."""
    colour = "#6cb4ee" if dark else "#1f6aa5"
    bars = {
        "mark": {"type": "bar", "color": colour, "orient": "vertical", "cornerRadiusEnd": 1},
        "encoding": {
            **({"x2": {"field": "until"}} if of_time else {}),
            "y2": {"datum": 0},
            "opacity": DENSE_UNLESS_REST,
            "tooltip": [nominal("said", title=title), nominal("n_said", title=_("Journeys"))],
        },
    }
    return {
        "datasets": {"bars": data},
        "data": {"name": "bars"},
        "encoding": {
            "x": along_time(data) if of_time else ordinal("bar", title=None, axis=axes.some(data["low"].to_list())),
            "y": quantitative("n", title=None, axis=axes.counts(tickCount=4, domain=False, ticks=False)),
        },
        "layer": [bars, *named_rest(data, dark=dark)],
        "height": 170,
    }


def named_rest(data: pl.DataFrame, *, dark: bool) -> list[Spec]:
    """Name the bar of all that is longer, where no bar beside it is higher and would seem to have the name."""
    ink = "#b9c4cf" if dark else "#566370"
    highest = max(data["n"].tail(NAMED_OVER), default=0)
    if data.filter(pl.col("rest").is_not_null(), pl.col("n") >= highest).is_empty():
        return []
    look = {"type": "text", "align": "right", "baseline": "bottom", "dx": 8, "dy": -3, "fontSize": 10.5}
    return [
        {
            "transform": [{"filter": f"datum.rest !== null && datum.n >= {highest}"}],
            "encoding": {"text": nominal("rest")},
            "layer": [{"mark": {**look, **axes.halo(dark=dark)}}, {"mark": {**look, "color": ink}}],
        }
    ]


def along_time(data: pl.DataFrame, title: str | None = None, *, most: int = 5) -> Spec:
    """Place bars from `at` to `until`, in seconds, on an axis with at most so many round times."""
    longest = float(data["until"].max() or 1.0)  # type: ignore[arg-type]  # seconds
    scale = {"domain": [0, longest], "nice": False}
    return quantitative("at", title=title, axis=axes.durations(longest, most=most), scale=scale)
