"""What journeys do at each step, as a table of tinted cells."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import altair as alt
import polars as pl

from ui.formats import number, percent
from ui.language import _

ROW_PX = 38
LEAST_TEXT = 0.005
NAMES = alt.Axis(labelLimit=190, labelFontSize=12, labelFlush=False, ticks=False, domain=False)


def matrix_data(
    matrix: pl.DataFrame, order: Mapping[int, int], total: int, name_of: Callable[[int], str]
) -> pl.DataFrame:
    """Put `mining.step_by_step.step_matrix` into words.

    Returns
    -------
    frame
        step, name, n_journeys, share, text (of the cell; empty for what is rare), said; rows in the given order.
    """
    rank = pl.col("activity").replace_strict(dict(order), default=len(order), return_dtype=pl.Int64)
    rows = matrix.with_columns(rank=rank, share=pl.col("n_journeys") / total).sort("rank", "step")
    return rows.select(
        "step",
        "n_journeys",
        "share",
        name=pl.Series([name_of(node) for node in rows["activity"]], dtype=pl.String),
        text=pl.Series([percent(s, 0) if s >= LEAST_TEXT else "" for s in rows["share"]], dtype=pl.String),
        said=pl.Series([f"{number(n)} · {percent(n / total)}" for n in rows["n_journeys"]], dtype=pl.String),
    )


def matrix_chart(data: pl.DataFrame, *, dark: bool) -> Any:
    """Draw `matrix_data`."""
    low, high, ink, paper = (
        ("#2a3440", "#6cb4ee", "#e6e9ec", "#0e1319") if dark else ("#eef2f6", "#17476f", "#1d2733", "#ffffff")
    )
    names = data["name"].unique(maintain_order=True).to_list()
    base = alt.Chart(data).encode(
        x=alt.X("step:O", title=_("Step"), axis=alt.Axis(labelAngle=0, orient="top", ticks=False, domain=False)),
        y=alt.Y("name:N", title=None, sort=names, axis=NAMES),
        tooltip=[
            alt.Tooltip("name:N", title=_("Activity")),
            alt.Tooltip("step:O", title=_("Step")),
            alt.Tooltip("said:N", title=_("Journeys")),
        ],
    )
    cells = base.mark_rect(cornerRadius=2, stroke=paper if not dark else None, strokeWidth=1).encode(
        color=alt.Color("share:Q", legend=None, scale=alt.Scale(range=[low, high], domain=[0, 1], type="sqrt"))
    )
    text = base.mark_text(fontSize=12).encode(
        text="text:N", color=alt.condition("datum.share > 0.25", alt.value(paper), alt.value(ink))
    )
    return (cells + text).properties(height=ROW_PX * max(len(names), 1))
