"""The planned mood along the journey: a curve over the touchpoints of the stages."""

from __future__ import annotations

import json
from typing import Any

import altair as alt
import polars as pl

from mining.journey_map import JourneyMap
from ui.board import stage_title, title_of
from ui.formats import signed
from ui.language import _


def feeling_data(plan: JourneyMap) -> pl.DataFrame:
    """Give one row per touchpoint that has a planned feeling, in map order: place, touchpoint, stage, feeling.

    A touchpoint without one takes that of its stage; without either it is left out.
    """
    rows = []
    for place, (stage, touchpoint) in enumerate(plan.planned()):
        feeling = touchpoint.feeling if touchpoint.feeling is not None else stage.feeling
        if feeling is not None:
            rows.append((place, title_of(touchpoint), stage_title(stage), float(feeling)))
    schema = {"place": pl.Int64, "touchpoint": pl.String, "stage": pl.String, "feeling": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def feeling_chart(data: pl.DataFrame, *, dark: bool) -> Any:
    """Draw the curve of `feeling_data`."""
    grid = "#34404c" if dark else "#dcd7cc"
    line = "#6cb4ee" if dark else "#1f6aa5"
    axis = alt.Axis(
        values=[-2, -1, 0, 1, 2],
        labelExpr="{'-2': '−2', '-1': '−1', '0': '0', '1': '+1', '2': '+2'}[datum.value]",
        gridColor=grid,
        domain=False,
        ticks=False,
    )
    base = alt.Chart(data).encode(
        x=alt.X(
            "place:O",
            title=None,
            axis=alt.Axis(labelExpr=_names(data), labelAngle=-40, labelLimit=150, ticks=False, labelOverlap=False),
        ),
        y=alt.Y("feeling:Q", title=None, axis=axis, scale=alt.Scale(domain=[-2.3, 2.3])),
        tooltip=[
            alt.Tooltip("touchpoint:N", title=_("Touchpoint")),
            alt.Tooltip("stage:N", title=_("Stage")),
            alt.Tooltip("feeling:Q", title=_("Planned feeling"), format="+.0f"),
        ],
    )
    curve = base.mark_line(interpolate="monotone", strokeWidth=2.5, color=line)
    points = base.mark_circle(size=80, color=line, opacity=1)
    return (curve + points).properties(height=380)


def feelings_said(data: pl.DataFrame) -> list[str]:
    """Say the curve of `feeling_data` in words."""
    return [f"{name}: {signed(feeling)}" for name, feeling in data.select("touchpoint", "feeling").iter_rows()]


def _names(data: pl.DataFrame) -> str:
    """Give the expression that turns a place into the name of its touchpoint; names may be alike, places are not."""
    return json.dumps(dict(zip(map(str, data["place"]), data["touchpoint"], strict=True))) + "[datum.value]"
