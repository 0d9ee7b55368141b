"""The dotted chart: a dot per event, a row per journey; waves, gaps and batches are seen at a glance."""

from __future__ import annotations

import polars as pl

from ui.charts import axes
from ui.charts.fields import Spec, nominal, quantitative, temporal
from ui.charts.step_flow import COLOURS, COLOURS_DARK, GREY, GREY_DARK
from ui.formats import duration, moment
from ui.language import _

ROWS_PX = 560


def dots_data(steps: pl.DataFrame, names: dict[int, str], *, since_start: bool) -> pl.DataFrame:
    """Place the events of a sample.

    Parameters
    ----------
    steps : frame
        Of `pipeline.queries.sampled_steps`.
    names : dict
        Activity by code.
    since_start : bool
        Whether each journey is drawn from its own start; it is then ordered by its length, else by its start.

    Returns
    -------
    frame
        row (from the top), at (a time, or seconds since the start), activity, said.
    """
    timed = steps.drop_nulls("time_us").with_columns(
        start=pl.col("time_us").min().over("journey_id"),
        length=(pl.col("time_us").max() - pl.col("time_us").min()).over("journey_id"),
    )
    order = ["length", "start", "journey_id"] if since_start else ["start", "journey_id"]
    rows = timed.unique("journey_id").sort(order).select("journey_id").with_row_index("row")
    placed = timed.join(rows, on="journey_id").sort("row", "position")
    since = (pl.col("time_us") - pl.col("start")) / 1e6
    time = pl.col("time_us").cast(pl.Datetime("us", "UTC"))
    placed = placed.with_columns(since=since, time=time)
    said = [duration(s) for s in placed["since"]] if since_start else [moment(t) for t in placed["time"]]
    return placed.select(
        "row",
        at="since" if since_start else "time",
        activity=pl.col("activity").replace_strict(names, default=None, return_dtype=pl.String),
        said=pl.Series(said, dtype=pl.String),
    )


def dots_chart(data: pl.DataFrame, most: list[str], *, since_start: bool, dark: bool) -> Spec:
    """Draw `dots_data`; the activities `most` have a colour each, all others are grey."""
    own = list(zip(most, COLOURS_DARK if dark else COLOURS, strict=False))
    rest = _("(other)")
    coloured = data.with_columns(
        shown=pl.when(pl.col("activity").is_in([name for name, _c in own])).then("activity").otherwise(pl.lit(rest))
    )
    grey = GREY_DARK if dark else GREY
    scale = {"domain": [*(name for name, _c in own), rest], "range": [*(colour for _n, colour in own), grey]}
    longest = float(data["at"].max() or 1.0) if since_start else 0.0  # type: ignore[arg-type]  # seconds then
    x = (
        quantitative("at", title=_("Since the start of the journey"), axis=axes.durations(longest))
        if since_start
        else temporal("at", title=None, axis=axes.calendar(coloured["at"]))
    )
    hidden = {"labels": False, "ticks": False, "grid": False}
    down = {"reverse": True, "nice": False}
    return {
        "datasets": {"events": coloured},
        "data": {"name": "events"},
        "mark": {"type": "circle", "size": 14, "opacity": 0.8},
        "encoding": {
            "x": x,
            "y": quantitative("row", title=_("Journeys"), axis=hidden, scale=down),
            "color": nominal("shown", title=None, scale=scale, legend={"orient": "right", "labelLimit": 180}),
            "tooltip": [nominal("activity", title=_("Activity")), nominal("said", title=_("Time"))],
        },
        "height": ROWS_PX,
    }
