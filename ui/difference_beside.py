"""A beside B in the panel of a difference: how long it takes, what comes next, and journeys of both."""

from __future__ import annotations

import polars as pl
import streamlit as st

from ui import side_panel
from ui.formats import percent, points
from ui.laid_out import Shown
from ui.language import _, counted, md
from ui.panel_data import Panel
from ui.scenes.difference import Difference
from ui.side_panel import NEXT, OF_MEDIAN
from ui.state import Log
from ui.tables import Column
from ui.tables import show as table
from ui.text import bold, md_escape

KEY = "difference_panel"


def draw(a: Panel, b: Panel, shown_a: Shown, shown_b: Shown, shown: Difference) -> None:
    """Draw what is said of both sides."""
    log = shown_a.seen.log
    _waiting(log, a, b)
    _next(a, b, shown_a, shown_b)
    for letter, side, said, on_map in (("A", shown.a, a, shown_a), ("B", shown.b, b, shown_b)):
        if said.keys:
            st.markdown(f"**{letter}** · {md_escape(side.name)}")
            side_panel.examples(log, said.keys, f"{KEY}_{letter}", on_map.seen.found)


def _waiting(log: Log, a: Panel, b: Panel) -> None:
    """Say how long it takes on both sides: medians with intervals."""
    known = [(letter, said.waits, side_panel.waits(log, said.waits.spans)) for letter, said in (("A", a), ("B", b))
             if said.waits is not None]  # fmt: skip
    if all(times.is_empty() for _letter, _waits, times in known):
        return
    what = known[0][1]
    st.markdown(bold(what.title), help=" ".join([what.axis + ".", _(OF_MEDIAN), _("Times are not tested.")]))
    for letter, waits, times in known:
        said = md("no such time") if times.is_empty() else side_panel.stated(waits, times)
        sample = md("Of a random sample: {n} of {of}.", n=waits.spans.height, of=waits.n)
        st.caption(f"**{letter}** · {said}" + (f" {sample}" if waits.n > waits.spans.height else ""))


def _next(a: Panel, b: Panel, shown_a: Shown, shown_b: Shown) -> None:
    """Show what comes next on both sides, what is most frequent on either first."""
    rows = next_rows(a, b)
    if rows.is_empty():
        return
    st.markdown(bold(_("What comes next")))
    names = [
        shown_a.name(node) if on_a else shown_b.name(node)
        for node, on_a in rows.select("next", pl.col("a") > 0).head(NEXT).iter_rows()
    ]
    columns = {
        "name": Column(_("Next"), width=135),
        "a": Column("A", percent, _("Share of the steps of A; not tested"), width=55),
        "b": Column("B", percent, _("Share of the steps of B; not tested"), width=55),
        "difference": Column("A − B", points, _("A minus B, in percentage points"), width=70),
    }
    shown = rows.head(NEXT).with_columns(name=pl.Series(names, dtype=pl.String))
    table(shown, columns, rows=NEXT, lines=2, alt=_("What comes next"))
    if rows.height > NEXT:
        st.caption(counted("and {n} more step", "and {n} more steps", rows.height - NEXT))


def next_rows(a: Panel, b: Panel) -> pl.DataFrame:
    """Give the shares of what comes next on both sides: next, a, b, difference; the most frequent on either first."""
    first, second = _shares(a), _shares(b)
    joined = first.join(second, on="next", how="full", coalesce=True).fill_null(0.0)
    rows = joined.select("next", a="share", b="share_right").with_columns(difference=pl.col("a") - pl.col("b"))
    return rows.sort(pl.max_horizontal("a", "b"), "next", descending=[True, False])


def _shares(said: Panel) -> pl.DataFrame:
    nothing = pl.DataFrame(schema={"next": pl.String, "n": pl.Int64})
    steps = nothing if said.following is None else said.following
    return steps.select(pl.col("next").cast(pl.String), share=pl.col("n") / max(said.n_followed, 1))
