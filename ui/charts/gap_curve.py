"""The number of journeys by the silence at which customers are split: a falling curve, with the chosen gap marked."""

from __future__ import annotations

import json

import polars as pl

from ui.charts import axes
from ui.charts.fields import Spec, nominal, quantitative
from ui.formats import duration, number
from ui.language import _

_TICKS = (60, 300, 1800, 7200, 28_800, 86_400, 259_200, 604_800, 2_592_000, 7_776_000)


def gap_curve_data(curve: pl.DataFrame, chosen_s: float) -> pl.DataFrame:
    """Give one row per gap: gap_s, n_journeys, chosen, and both as they are written: gap_said, n_said."""
    return curve.sort("gap_s").with_columns(
        chosen=pl.col("gap_s") == chosen_s,
        gap_said=pl.Series([duration(gap) for gap in curve.sort("gap_s")["gap_s"]], dtype=pl.String),
        n_said=pl.Series([number(n) for n in curve.sort("gap_s")["n_journeys"]], dtype=pl.String),
    )


def gap_curve_said(data: pl.DataFrame) -> list[str]:
    """Say the curve of `gap_curve_data` in words."""
    return [f"{gap}: {n}" for gap, n in data.select("gap_said", "n_said").iter_rows()]


def gap_curve_chart(data: pl.DataFrame, *, dark: bool) -> Spec:
    """Draw `gap_curve_data`; the chosen gap is marked where the data has it."""
    line, mark, ink = ("#6cb4ee", "#f2a65a", "#e6e9ec") if dark else ("#1f6aa5", "#c2410c", "#1d2733")
    ends = data["gap_s"].to_list()[:: max(data.height - 1, 1)] if data.height > 1 else [_TICKS[0], _TICKS[-1]]
    x = quantitative(
        "gap_s",
        title=_("Silence after which a new journey begins"),
        scale={"type": "log", "domain": ends, "nice": False},
        axis={"values": _TICKS, "labelExpr": _labels(), "grid": False, "labelOverlap": True},
    )
    y = quantitative("n_journeys", title=_("Journeys"), axis=axes.counts(tickCount=5), scale={"zero": True})
    said = [nominal("gap_said", title=_("Silence")), nominal("n_said", title=_("Journeys"))]
    chosen = {
        "transform": [{"filter": "datum.chosen"}],
        "layer": [
            {
                "mark": {"type": "rule", "strokeDash": [4, 4], "color": mark},
                "encoding": {"y": {"value": 0}, "y2": {"value": "height"}},
            },
            {"mark": {"type": "circle", "size": 110, "color": mark, "opacity": 1}},
            {
                "mark": {"type": "text", "align": "left", "dx": 9, "dy": -9, "fontSize": 12, "color": ink},
                "encoding": {"text": nominal("n_said")},
            },
        ],
    }
    return {
        "datasets": {"gaps": data},
        "data": {"name": "gaps"},
        "encoding": {"x": x, "y": y, "tooltip": said},
        "layer": [
            {"mark": {"type": "line", "interpolate": "monotone", "strokeWidth": 2.5, "color": line}},
            {"mark": {"type": "circle", "size": 40, "color": line, "opacity": 1}},
            chosen,
        ],
        "height": 260,
    }


def _labels() -> str:
    """Give the expression that writes the gap of a tick."""
    return json.dumps({str(tick): duration(tick) for tick in _TICKS}, ensure_ascii=False) + "[datum.value]"
