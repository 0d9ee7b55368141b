"""Journeys step by step as bands that part and meet (a Sankey diagram)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import polars as pl

from mining.journey_graph import END, OTHER, START
from ui.charts import axes
from ui.formats import number, percent
from ui.language import _

BAR, GAP = 0.07, 0.012  # width of a bar in steps, room between bars in shares of all journeys
POINTS = 14  # of the curve of a band
LEAST_BAND = 0.0005  # of all journeys: a quarter of a dot, what is thinner cannot be seen
LEAST_LABEL, LEAST_LINES = 0.02, 0.06  # of all journeys: a bar with a label, and one with room for two lines
HEIGHT_PX = 560
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


def _curves(bands: pl.DataFrame) -> Any:
    """Have the browser sample the two edges of every band; a smooth step leads from one bar to the next."""
    return (
        alt.Chart(bands.filter(pl.col("height") >= LEAST_BAND).with_row_index("band"))
        .transform_calculate(point=f"sequence({POINTS})")
        .transform_flatten(["point"])
        .transform_calculate(t=f"datum.point / {POINTS - 1}", smooth="datum.t * datum.t * (3 - 2 * datum.t)")
        .transform_calculate(
            x=f"datum.step - 1 + {BAR} + {1 - BAR} * datum.t",
            y="datum.from_top + (datum.to_top - datum.from_top) * datum.smooth",
            y2="datum.y + datum.height",
        )
    )


def flow_chart(
    links: pl.DataFrame, order: Mapping[int, int], total: int, names: Mapping[int, str], *, dark: bool
) -> Any:
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
    ink = "#e6e9ec" if dark else "#1d2733"

    def painted(frame: pl.DataFrame, column: str) -> pl.Series:
        return pl.Series([colour.get(node, grey) for node in frame[column]], dtype=pl.String)

    def said(frame: pl.DataFrame) -> pl.Series:
        return pl.Series([f"{number(n)} · {percent(n / total)}" for n in frame["n_journeys"]], dtype=pl.String)

    def named(frame: pl.DataFrame, column: str) -> pl.Series:
        return pl.Series([names[node] for node in frame[column]], dtype=pl.String)

    bands = bands.with_columns(
        colour=painted(bands, "source"), said=said(bands), before=named(bands, "source"), after=named(bands, "target")
    )
    bars = bars.with_columns(
        colour=painted(bars, "node"), said=said(bars), name=named(bars, "node"), right=pl.col("step") + BAR,
        middle=(pl.col("top") + pl.col("bottom")) / 2,
    )  # fmt: skip
    down = alt.Scale(reverse=True, zero=False, nice=False)
    x = alt.X("x:Q", title=None, axis=alt.Axis(title=_("Step"), tickMinStep=1, grid=False, format="d"),
              scale=alt.Scale(nice=False, domain=[1, int(bars["step"].max() or 1) + 0.75]))  # type: ignore[arg-type]  # fmt: skip
    ribbons = _curves(bands).mark_area(opacity=0.35).encode(
        x=x,
        y=alt.Y("y:Q", axis=None, scale=down),
        y2="y2:Q",
        detail="band:N",
        color=alt.Color("colour:N", scale=None),
        tooltip=[alt.Tooltip("before:N", title=_("From")), alt.Tooltip("after:N", title=_("To")),
                 alt.Tooltip("said:N", title=_("Journeys"))],
    )  # fmt: skip
    blocks = alt.Chart(bars).mark_rect(cornerRadius=1).encode(
        x=alt.X("step:Q"), x2="right:Q", y=alt.Y("top:Q", scale=down), y2="bottom:Q",
        color=alt.Color("colour:N", scale=None),
        tooltip=[alt.Tooltip("name:N", title=_("Activity")), alt.Tooltip("said:N", title=_("Journeys"))],
    )  # fmt: skip
    large = bars.filter(pl.col("n_journeys") >= LEAST_LABEL * total)
    large = large.with_columns(
        label=pl.Series([_label(name, n, total) for name, n in large.select("name", "n_journeys").iter_rows()])
    )
    named_at = alt.Chart(large).encode(x="right:Q", y=alt.Y("middle:Q", scale=down), text="label:N")
    look: dict[str, Any] = {
        "align": "left",
        "baseline": "middle",
        "dx": 4,
        "fontSize": 11,
        "lineBreak": "\n",
        "limit": 125,
    }
    halos = named_at.mark_text(**look, **axes.halo(dark=dark))
    return (ribbons + blocks + halos + named_at.mark_text(**look, color=ink)).properties(height=HEIGHT_PX)


def _label(name: str, n: int, total: int) -> str:
    """Write the name and the number of a bar, in two lines where it has the room."""
    return f"{name}\n{number(n)}" if n >= LEAST_LINES * total else f"{name} · {number(n)}"
