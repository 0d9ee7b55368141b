"""The panel of how much a picture shows: the links that it leaves out, and a way to have them back."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
import streamlit as st

from mining.statistics import wilson
from ui.formats import interval, number, percent
from ui.language import _, counted, md
from ui.tables import Column
from ui.tables import show as table
from ui.text import bold, heading, md_escape

SCHEMA = {"link": pl.String, "n": pl.Int64, "n_journeys": pl.Int64}
ROWS = 10


def show(title: str, hidden: pl.DataFrame, n_moves: int, n_journeys: int, all_shown: Mapping[str, int]) -> None:
    """Draw the panel.

    Parameters
    ----------
    title : str
        How much is shown.
    hidden : frame
        link, n, n_journeys of each link that is not drawn.
    n_moves, n_journeys : int
        How many moves and journeys there are in all.
    all_shown : mapping of str to int
        The keys of the sliders, and where each stands when all is shown.
    """
    st.markdown(heading(md_escape(title)))
    if hidden.is_empty():
        st.caption(_("Every link is drawn."))
        return
    n = int(hidden["n"].sum())
    st.markdown(
        counted("**{n}** link is not drawn", "**{n}** links are not drawn", hidden.height)
        + "  \n"
        + md(
            "**{n}** of {of} moves: **{share}** · 95% interval {range}",
            n=n,
            of=n_moves,
            share=percent(n / n_moves),
            range=interval(*wilson(n, n_moves)),
        ),
        help=_("A move is a step of a journey from one event to the next. Hiding a link changes no number."),
    )
    if st.button(_("Show all links"), icon=":material/visibility:", key="hidden_links_all", on_click=_move,
                 args=[all_shown]):  # fmt: skip
        st.rerun()  # the sliders stand outside of the part of the page that runs on its own
    _largest(hidden, n_journeys)


def _move(sliders: Mapping[str, int]) -> None:
    for key, value in sliders.items():
        st.session_state[key] = value


def _largest(hidden: pl.DataFrame, n_journeys: int) -> None:
    """List the links that are not drawn, the one that most journeys take first."""
    rows = hidden.sort("n_journeys", "n", "link", descending=[True, True, False])
    st.markdown(bold(_("The largest of them")))
    shown = rows.head(ROWS).with_columns(
        share=pl.col("n_journeys") / max(n_journeys, 1),
        range=pl.Series([interval(*wilson(n, n_journeys)) for n in rows["n_journeys"].head(ROWS)], dtype=pl.String),
    )
    columns = {
        "link": Column(_("Link"), width=140),
        "n_journeys": Column(_("Journeys"), number, width=62),
        "share": Column(_("Share"), percent, _("Of all journeys"), 50),
        "range": Column("95%", None, _("95% interval of the share (Wilson)"), 88),
    }
    table(shown, columns, rows=ROWS, lines=2, alt=_("The largest of them"))
    if rows.height > ROWS:
        st.caption(counted("and {n} more link", "and {n} more links", rows.height - ROWS))
