"""The planned mood along the journey: a curve over the touchpoints of the stages."""

from __future__ import annotations

import json
import math
from textwrap import wrap

import polars as pl

from mining.journey_map import JourneyMap
from ui.board import stage_title, title_of
from ui.charts.fields import Spec, nominal, ordinal, quantitative
from ui.formats import signed
from ui.language import _

NARROW_PX, NAME_PX, LETTER_PX, LINE_PX = 640, 76, 5.6, 12  # of the chart in a narrow window; of a name and its letters
LINES = 3  # of a name
BLANK = "\u200b"  # a line without letters that a browser does not leave out


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


def feeling_chart(data: pl.DataFrame, *, dark: bool) -> Spec:
    """Draw the curve of `feeling_data`."""
    grid = "#34404c" if dark else "#dcd7cc"
    line = "#6cb4ee" if dark else "#1f6aa5"
    axis = {
        "values": [-2, -1, 0, 1, 2],
        "labelExpr": "{'-2': '−2', '-1': '−1', '0': '0', '1': '+1', '2': '+2'}[datum.value]",
        "gridColor": grid,
        "domain": False,
        "ticks": False,
    }
    return {
        "datasets": {"feelings": data},
        "data": {"name": "feelings"},
        "encoding": {
            "x": ordinal("place", title=None, axis=_axis(data, grid), scale={"padding": _room(data)[0] / 2}),
            "y": quantitative("feeling", title=None, axis=axis, scale={"domain": [-2.3, 2.3]}),
            "tooltip": [
                nominal("touchpoint", title=_("Touchpoint")),
                nominal("stage", title=_("Stage")),
                quantitative("feeling", title=_("Planned feeling"), format="+.0f"),
            ],
        },
        "layer": [
            {"mark": {"type": "line", "interpolate": "monotone", "strokeWidth": 2.5, "color": line}},
            {"mark": {"type": "circle", "size": 80, "color": line, "opacity": 1}},
        ],
        "height": 380,
    }


def feelings_said(data: pl.DataFrame) -> list[str]:
    """Say the curve of `feeling_data` in words."""
    return [f"{name}: {signed(feeling)}" for name, feeling in data.select("touchpoint", "feeling").iter_rows()]


def _axis(data: pl.DataFrame, grid: str) -> Spec:
    """Give the axis with the names of the touchpoints; a thin line leads from each to its place on the curve."""
    return {
        "labelExpr": _names(data),
        "labelAngle": 0,
        "labelLimit": _room(data)[1],
        "labelLineHeight": LINE_PX,
        "labelOverlap": False,
        "ticks": False,
        "domain": False,
        "grid": True,
        "gridColor": grid,
        "gridDash": [1, 4],
    }


def _room(data: pl.DataFrame) -> tuple[int, float]:
    """Give the rows of names and the pixels of each name."""
    rows = math.ceil(data.height * NAME_PX / NARROW_PX)
    return rows, NARROW_PX * rows / max(data.height, 1)


def _names(data: pl.DataFrame) -> str:
    """Give the expression that turns a place into the name of its touchpoint; names may be alike, places are not.

    Names are level, in as many rows one below the other as it takes to give each its room.
    """
    rows, room = _room(data)
    letters = int(room / LETTER_PX)
    names = {
        str(place): [BLANK] * LINES * (n % rows)
        + wrap(name, letters, max_lines=LINES, placeholder="…", break_long_words=False)
        for n, (place, name) in enumerate(data.select("place", "touchpoint").iter_rows())
    }
    return json.dumps(names, ensure_ascii=False) + "[datum.value]"
