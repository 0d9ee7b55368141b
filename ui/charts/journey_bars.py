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
_SCHEMA = {
    "bar": pl.Int64,
    "n": pl.Int64,
    "at": pl.Float64,
    "until": pl.Float64,
    "low": pl.String,
    "said": pl.String,
    "n_said": pl.String,
}


def bars_data(bins: pl.DataFrame, width: float, last: int, write: Callable[[float], str]) -> pl.DataFrame:
    """Put one kind of `pipeline.queries.journey_bins` into words, empty bars included.

    Returns
    -------
    frame
        bar, n, at (where the bar begins), until (where it ends for the eye), low (as it is written), said (from … to
        …), n_said; in order.
    """
    counts = dict(bins.select("bar", "n_journeys").iter_rows())
    top = max(counts, default=0)
    rows = []
    for bar in range(top + 1):
        low, high = write(bar * width), write((bar + 1) * width)
        said = _("{low} and more", low=low) if bar == last else _("{low} to below {high}", low=low, high=high)
        rows.append(
            (bar, counts.get(bar, 0), bar * width, (bar + FILLED) * width, low, said, number(counts.get(bar, 0)))
        )
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


def bars_chart(data: pl.DataFrame, title: str, *, of_time: bool, dark: bool) -> Any:
    """Draw `bars_data`, along an axis of time or of numbers."""
    colour = "#6cb4ee" if dark else "#1f6aa5"
    return (
        alt.Chart(data)
        .mark_bar(color=colour, orient="vertical", cornerRadiusEnd=1)
        .encode(
            **(along_time(data) if of_time else _one_by_one(data)),
            y2=alt.datum(0),
            y=alt.Y("n:Q", title=None, axis=axes.counts(tickCount=4, tickMinStep=1, domain=False, ticks=False)),
            tooltip=[alt.Tooltip("said:N", title=title), alt.Tooltip("n_said:N", title=_("Journeys"))],
        )
        .properties(height=170)
    )


def along_time(data: pl.DataFrame, title: str | None = None, *, most: int = 5) -> dict[str, Any]:
    """Place bars of `at` and `until`, in seconds, on an axis with at most so many round times."""
    longest = float(data["until"].max() or 1.0)  # type: ignore[arg-type]  # seconds
    scale = alt.Scale(domain=[0, longest], nice=False)
    return {"x": alt.X("at:Q", title=title, axis=axes.durations(longest, most=most), scale=scale), "x2": "until:Q"}


def _one_by_one(data: pl.DataFrame) -> dict[str, Any]:
    return {"x": alt.X("bar:O", title=None, axis=axes.some(data["low"].to_list()))}
