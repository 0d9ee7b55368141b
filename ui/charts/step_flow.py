"""Journeys step by step as bands that part and meet (a Sankey diagram)."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from mining.journey_graph import END, OTHER, START
from ui.charts import axes
from ui.charts.fields import Spec, nominal, quantitative
from ui.formats import number, percent
from ui.language import _

BAR, GAP = 0.07, 0.012  # width of a bar in steps, room between bars in shares of all journeys
POINTS = 14  # of the curve of a band
LEAST_BAND = 0.0005  # of all journeys: a quarter of a dot, what is thinner cannot be seen
LEAST_LABEL, LEAST_LINES = 0.02, 0.06  # of all journeys: a bar with a label, and one with room for two lines
HEIGHT_PX = 560
DOWN: Spec = {"reverse": True, "zero": False, "nice": False}
COLOURS = ("#1f6aa5", "#c28007", "#9f45dc", "#b73214", "#0f8a6d", "#6b0b22", "#3f8fa8", "#8a6d3b",
           "#4a5fc4", "#5f7f1e", "#c2478b", "#7a4a2b")  # fmt: skip
COLOURS_DARK = ("#6cb4ee", "#f2c14e", "#c98be8", "#f08f6a", "#4fd39a", "#ef7fa5", "#7fd0e0", "#c9b08a",
                "#9aa9f0", "#b5cf6b", "#f2a0cc", "#d19a6a")  # fmt: skip
GREY, GREY_DARK = "#9aa6b2", "#6b7784"


def flow_bars(links: pl.DataFrame, order: Mapping[int, int], total: int) -> pl.DataFrame:
    """Place a bar for each activity of each step, one below the other.

    Parameters
    ----------
    links : frame
        Of `mining.step_by_step.step_links`.
    order : mapping of int to int
        Place of each node from the top.
    total : int
        All journeys.

    Returns
    -------
    frame
        step, node, n_journeys, top, bottom (shares of all journeys from the top, gaps included).
    """
    bars = links.group_by("step", node="target").agg(pl.col("n_journeys").sum())
    rank = pl.col("node").replace_strict(dict(order), default=len(order), return_dtype=pl.Int64)
    bars = bars.with_columns(rank=rank).sort("step", "rank", "node")
    share = pl.col("n_journeys") / total
    above = share.cum_sum().over("step") - share + GAP * pl.int_range(pl.len()).over("step")
    return bars.with_columns(top=above).with_columns(bottom=pl.col("top") + share).drop("rank")


def flow_bands(links: pl.DataFrame, bars: pl.DataFrame, total: int) -> pl.DataFrame:
    """Give each link between two steps the places where it leaves one bar and reaches the next.

    Returns
    -------
    frame
        step, source, target, n_journeys, from_top, to_top, height; bands of a bar lie side by side.
    """
    inner = links.filter(pl.col("source") != START)
    bars = bars.select("step", "node", "top")
    height = pl.col("n_journeys") / total
    leaving = bars.rename({"node": "source", "top": "source_top"}).with_columns(pl.col("step") + 1)
    reached = bars.rename({"node": "target", "top": "target_top"})
    placed = inner.join(leaving, on=["step", "source"]).join(reached, on=["step", "target"])
    out, into = ["step", "source"], ["step", "target"]
    return (
        placed.sort("step", "source", "target_top")
        .with_columns(from_top=pl.col("source_top") + height.cum_sum().over(out) - height)
        .sort("step", "target", "source_top")
        .with_columns(to_top=pl.col("target_top") + height.cum_sum().over(into) - height, height=height)
        .select("step", "source", "target", "n_journeys", "from_top", "to_top", "height")
        .sort("step", "source", "target")
    )


def flow_chart(
    links: pl.DataFrame, order: Mapping[int, int], total: int, names: Mapping[int, str], *, dark: bool
) -> Spec:
    """Draw the bands between the steps.

    Parameters
    ----------
    links : frame
        Of `mining.step_by_step.step_links`.
    order : mapping of int to int
        Place of each node from the top; the first nodes have a colour of their own.
    total : int
        All journeys.
    names : mapping of int to str
        Of all nodes.
    dark : bool
        For dark paper.
    """
    bars = flow_bars(links, order, total)
    bands = flow_bands(links, bars, total)
    own = [node for node in sorted(order, key=lambda node: order[node]) if node not in (END, OTHER)]
    grey = GREY_DARK if dark else GREY
    colour = dict(zip(own, COLOURS_DARK if dark else COLOURS, strict=False))

    def painted(frame: pl.DataFrame, column: str) -> pl.Series:
        return pl.Series([colour.get(node, grey) for node in frame[column]], dtype=pl.String)

    def said(frame: pl.DataFrame) -> pl.Series:
        return pl.Series([f"{number(n)} · {percent(n / total)}" for n in frame["n_journeys"]], dtype=pl.String)

    def named(frame: pl.DataFrame, column: str) -> pl.Series:
        return pl.Series([names[node] for node in frame[column]], dtype=pl.String)

    bands = bands.filter(pl.col("height") >= LEAST_BAND).with_row_index("band")
    bands = bands.with_columns(
        colour=painted(bands, "source"), said=said(bands), before=named(bands, "source"), after=named(bands, "target")
    )
    bars = bars.with_columns(
        colour=painted(bars, "node"), said=said(bars), name=named(bars, "node"), right=pl.col("step") + BAR,
        middle=(pl.col("top") + pl.col("bottom")) / 2,
    )  # fmt: skip
    labels = [_label(name, n, total) for name, n in bars.select("name", "n_journeys").iter_rows()]
    bars = bars.with_columns(label=pl.Series(labels, dtype=pl.String))
    blocks = {"data": {"name": "bars"}, "layer": [_blocks(), _labels(dark=dark)]}
    return {
        "datasets": {"bands": bands, "bars": bars},
        "layer": [_ribbons(last_step=int(bars["step"].max() or 1)), blocks],  # type: ignore[arg-type]  # a number
        "height": HEIGHT_PX,
    }


def _ribbons(*, last_step: int) -> Spec:
    """Draw the bands: the browser samples their two edges; a smooth step leads from one bar to the next."""
    along = {"nice": False, "domain": [1, last_step + 0.75]}
    return {
        "data": {"name": "bands"},
        "transform": [
            {"calculate": f"sequence({POINTS})", "as": "point"},
            {"flatten": ["point"]},
            {"calculate": f"datum.point / {POINTS - 1}", "as": "t"},
            {"calculate": "datum.t * datum.t * (3 - 2 * datum.t)", "as": "smooth"},
            {"calculate": f"datum.step - 1 + {BAR} + {1 - BAR} * datum.t", "as": "x"},
            {"calculate": "datum.from_top + (datum.to_top - datum.from_top) * datum.smooth", "as": "y"},
            {"calculate": "datum.y + datum.height", "as": "y2"},
        ],
        "mark": {"type": "area", "opacity": 0.35},
        "encoding": {
            "x": quantitative("x", title=_("Step"), axis={"tickMinStep": 1, "grid": False, "format": "d"}, scale=along),
            "y": quantitative("y", axis=None, scale=DOWN),
            "y2": {"field": "y2"},
            "detail": nominal("band"),
            "color": nominal("colour", scale=None),
            "tooltip": [
                nominal("before", title=_("From")),
                nominal("after", title=_("To")),
                nominal("said", title=_("Journeys")),
            ],
        },
    }


def _blocks() -> Spec:
    """Draw the bars."""
    return {
        "mark": {"type": "rect", "cornerRadius": 1},
        "encoding": {
            "x": quantitative("step"),
            "x2": {"field": "right"},
            "y": quantitative("top", scale=DOWN),
            "y2": {"field": "bottom"},
            "color": nominal("colour", scale=None),
            "tooltip": [nominal("name", title=_("Activity")), nominal("said", title=_("Journeys"))],
        },
    }


def _labels(*, dark: bool) -> Spec:
    """Write beside the bars what they are, on the colour of the paper."""
    ink = "#e6e9ec" if dark else "#1d2733"
    look = {
        "type": "text", "align": "left", "baseline": "middle", "dx": 4, "fontSize": 11, "lineBreak": "\n", "limit": 125,
    }  # fmt: skip
    return {
        "transform": [{"filter": "datum.label !== null"}],
        "encoding": {
            "x": quantitative("right"),
            "y": quantitative("middle", scale=DOWN),
            "text": nominal("label"),
        },
        "layer": [{"mark": {**look, **axes.halo(dark=dark)}}, {"mark": {**look, "color": ink}}],
    }


def _label(name: str, n: int, total: int) -> str | None:
    """Write the name and the number of a bar, in two lines where it has the room; nothing where it has none."""
    if n < LEAST_LABEL * total:
        return None
    return f"{name}\n{number(n)}" if n >= LEAST_LINES * total else f"{name} · {number(n)}"
