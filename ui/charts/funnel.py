"""The milestones as stacked bars: of those who reached one, who went on, who dropped, who is open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from ui.charts import axes
from ui.charts.fields import Spec, nominal, quantitative
from ui.formats import number, percent
from ui.language import _

FATES = ("went_on", "dropped", "open")
LETTER_PX, BESIDE_PX = 6.6, 4  # of a text, and beside it


def funnel_data(drop_off: pl.DataFrame, titles: Mapping[str | None, str]) -> pl.DataFrame:
    """Give one row per milestone and fate: place, milestone (its name), reached, rate, fate, n, share (of reached)."""
    return (
        drop_off.with_columns(milestone=pl.Series([titles[id_] for id_ in drop_off["milestone"]], dtype=pl.String))
        .with_row_index("place")
        .unpivot(FATES, index=["place", "milestone", "reached", "rate"], variable_name="fate", value_name="n")
        .with_columns(
            order=pl.col("fate").replace_strict({fate: i for i, fate in enumerate(FATES)}, return_dtype=pl.Int8),
            share=pl.when(pl.col("reached") > 0).then(pl.col("n") / pl.col("reached")),
        )
        .sort("place", "order")
    )


def funnel_chart(data: pl.DataFrame, signs: Mapping[str, tuple[str, str]], *, dark: bool) -> Spec:
    """Draw `funnel_data`; `signs` gives words and colour of each fate.

    The part of those who dropped carries their rate, and the row where most did says so.
    """
    ink = "#e6e9ec" if dark else "#1d2733"
    order, worded = list(dict.fromkeys(data["milestone"])), _worded(data, signs)
    axis = {"labelLimit": 260, "domain": False, "ticks": False, "labelFontSize": 12}
    words, colours = zip(*(signs[fate] for fate in FATES), strict=True)
    bars = {
        "mark": {"type": "bar", "height": {"band": 0.68}},
        "encoding": {
            "x": quantitative("n", title=None, **_along(worded)),
            "order": quantitative("order"),
            "color": nominal(
                "word",
                title=None,
                sort=words,
                scale={"domain": words, "range": colours},
                legend={"orient": "top", "direction": "horizontal", "offset": 2},
            ),
            "tooltip": [
                nominal("milestone", title=_("Milestone")),
                nominal("word", title=_("What became of them")),
                nominal("n_said", title=_("Journeys")),
                nominal("share_said", title=_("Share")),
            ],
        },
    }
    reached = {
        "transform": [{"filter": f"datum.fate === '{FATES[0]}'"}],
        "mark": {"type": "text", "align": "left", "dx": 6, "fontSize": 11.5, "color": ink},
        "encoding": {"x": quantitative("reached"), "text": nominal("reached_said")},
    }
    rates = {
        "transform": [{"filter": f"datum.rate_said !== '' && {_has_room(worded)}"}],
        "mark": {"type": "text", "fontSize": 11.5, "fontWeight": "bold", "color": "#1d2733" if dark else "#ffffff"},
        "encoding": {"x": quantitative("middle"), "text": nominal("rate_said")},
    }
    return {
        "datasets": {"fates": worded},
        "data": {"name": "fates"},
        "encoding": {"y": nominal("milestone", sort=order, title=None, axis=axis)},
        "layer": [bars, reached, rates],
        "height": 34 * len(order) + 50,
    }


def _along(worded: pl.DataFrame) -> Spec:
    """Give scale and axis: there is room for the words behind the bars, and no line strikes them through."""
    longest: Any = worded["reached"].max() or 1
    within = {"condition": {"test": f"datum.value <= {longest}", "value": 1}, "value": 0}
    return {
        "scale": {"domainMin": 0, "domainMax": {"expr": f"{longest} * width / ({_bars_px(worded)})"}, "nice": False},
        "axis": axes.counts(tickCount=6, gridOpacity=within),
    }


def _has_room(worded: pl.DataFrame) -> str:
    """Ask whether a part is as wide on the screen as the rate that stands in it."""
    longest: Any = worded["reached"].max() or 1
    return f"datum.n / {longest} * ({_bars_px(worded)}) >= {LETTER_PX} * length(datum.rate_said) + {BESIDE_PX}"


def _bars_px(worded: pl.DataFrame) -> str:
    """Write how wide the longest bar is on the screen: the words behind it have the rest."""
    words: Any = worded["reached_said"].str.len_chars().max() or 0
    return f"max(width - {LETTER_PX * words + BESIDE_PX:.0f}, width / 3)"


def _worded(data: pl.DataFrame, signs: Mapping[str, tuple[str, str]]) -> pl.DataFrame:
    """Add the words of the fates, and the numbers as the reader's language writes them."""
    dropped = pl.col("fate") == "dropped"
    most = data.filter(dropped)["n"].max()
    worst = data.filter(dropped & (pl.col("n") > 0) & (pl.col("n") == most))["place"].to_list()[:1]
    data = data.with_columns(
        middle=pl.col("n").cum_sum().over("place", order_by="order") - pl.col("n") / 2, of_dropped=dropped
    )
    return data.with_columns(
        word=pl.col("fate").replace_strict({fate: signs[fate][0] for fate in FATES}, return_dtype=pl.String),
        n_said=pl.Series([number(n) for n in data["n"]], dtype=pl.String),
        share_said=pl.Series([percent(share) for share in data["share"]], dtype=pl.String),
        rate_said=pl.Series(
            [
                percent(rate) if of_dropped and rate is not None else ""
                for of_dropped, rate in data.select("of_dropped", "rate").iter_rows()
            ],
            dtype=pl.String,
        ),
        reached_said=pl.Series(
            [
                number(n) + _("  ◀ the largest loss") * (place in worst)
                for n, place in data.select("reached", "place").iter_rows()
            ],
            dtype=pl.String,
        ),
    )
