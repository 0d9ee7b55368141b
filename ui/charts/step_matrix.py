"""What journeys do at each step, as a table of tinted cells."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl

from ui.charts.fields import Spec, nominal, ordinal, quantitative
from ui.formats import number, percent
from ui.language import _

ROW_PX = 38
LEAST_TEXT = 0.005
TINTS = {False: ("#eef2f6", "#17476f"), True: ("#2a3440", "#6cb4ee")}  # of cells that few and that all come to, by dark
TURN = {False: 0.48, True: 0.3}  # the share at which black and white stand out from its tint alike
NAMES: Spec = {"labelLimit": 190, "labelFontSize": 12, "labelFlush": False, "ticks": False, "domain": False}
STEPS: Spec = {"labelAngle": 0, "orient": "top", "ticks": False, "domain": False}


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


def matrix_chart(data: pl.DataFrame, *, dark: bool) -> Spec:
    """Draw `matrix_data`."""
    low, high = TINTS[dark]
    rare, common = ("#ffffff", "#000000") if dark else ("#000000", "#ffffff")
    names = data["name"].unique(maintain_order=True).to_list()
    tint = {"range": [low, high], "domain": [0, 1], "type": "sqrt"}
    cells = {
        "mark": {"type": "rect", "cornerRadius": 2, "stroke": None if dark else "#ffffff", "strokeWidth": 1},
        "encoding": {"color": quantitative("share", legend=None, scale=tint)},
    }
    text = {
        "mark": {"type": "text", "fontSize": 12},
        "encoding": {
            "text": nominal("text"),
            "color": {"condition": {"test": f"datum.share > {TURN[dark]}", "value": common}, "value": rare},
        },
    }
    return {
        "datasets": {"cells": data},
        "data": {"name": "cells"},
        "encoding": {
            "x": ordinal("step", title=_("Step"), axis=STEPS),
            "y": nominal("name", title=None, sort=names, axis=NAMES),
            "tooltip": [
                nominal("name", title=_("Activity")),
                ordinal("step", title=_("Step")),
                nominal("said", title=_("Journeys")),
            ],
        },
        "layer": [cells, text],
        "height": ROW_PX * max(len(names), 1),
    }
