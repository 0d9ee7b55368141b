"""How many journeys take so long, or have so many events: bars of equal width."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import altair as alt
import polars as pl

from ui.charts import axes
from ui.formats import number
from ui.language import _

FILLED = 0.9  # of the room of a bar
NAMED_OVER = 5  # bars that lie under the name of the last one
REST = 0.45  # how dense the bar of all that is longer is drawn, which is no bar like the others
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


def bars_chart(data: pl.DataFrame, title: str, *, of_time: bool, dark: bool) -> Any:
    """Draw `bars_data`, along an axis of time or of numbers."""
    colour = "#6cb4ee" if dark else "#1f6aa5"
    base = alt.Chart(data).encode(
        **(along_time(data) if of_time else _one_by_one(data)),
        y=alt.Y("n:Q", title=None, axis=axes.counts(tickCount=4, domain=False, ticks=False)),
    )
    bars = base.mark_bar(color=colour, orient="vertical", cornerRadiusEnd=1).encode(
        y2=alt.datum(0),
        opacity=dense_unless_rest(),
        tooltip=[alt.Tooltip("said:N", title=title), alt.Tooltip("n_said:N", title=_("Journeys"))],
    )
    return alt.layer(bars, *named_rest(base, data, dark=dark)).properties(height=170)


def dense_unless_rest() -> Any:
    """Draw the bar of all that is longer lighter than the others: it is as wide as one of them, and holds many."""
    return alt.condition("datum.rest === null", alt.value(1), alt.value(REST))


def named_rest(base: Any, data: pl.DataFrame, *, dark: bool) -> list[Any]:
    """Name the bar of all that is longer, where no bar beside it is higher and would seem to have the name."""
    ink = "#b9c4cf" if dark else "#566370"
    highest = max(data["n"].tail(NAMED_OVER), default=0)
    if data.filter(pl.col("rest").is_not_null(), pl.col("n") >= highest).is_empty():
        return []
    named = base.transform_filter(f"datum.rest !== null && datum.n >= {highest}").mark_text(
        align="right", baseline="bottom", dx=8, dy=-3, fontSize=10.5, color=ink
    ).encode(text="rest:N")  # fmt: skip
    named.encoding.x2 = alt.Undefined  # a text has no width
    return [named]


def along_time(data: pl.DataFrame, title: str | None = None, *, most: int = 5) -> dict[str, Any]:
    """Place bars of `at` and `until`, in seconds, on an axis with at most so many round times."""
    longest = float(data["until"].max() or 1.0)  # type: ignore[arg-type]  # seconds
    scale = alt.Scale(domain=[0, longest], nice=False)
    return {"x": alt.X("at:Q", title=title, axis=axes.durations(longest, most=most), scale=scale), "x2": "until:Q"}


def _one_by_one(data: pl.DataFrame) -> dict[str, Any]:
    return {"x": alt.X("bar:O", title=None, axis=axes.some(data["low"].to_list()))}
