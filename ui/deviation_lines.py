"""Deviations that a panel lists: each is a door, and opens in the place of the panel."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from ui.canvas import Selection
from ui.formats import interval, percent
from ui.laid_out import Shown
from ui.language import _, counted
from ui.scenes.cards import badge_id
from ui.text import md_escape
from ui.words import DEVIATIONS

KEY = "deviation_lines"
CHOSEN, OPENED = f"{KEY}_chosen", f"{KEY}_opened"  # what the panel is of, and the deviation of it that is open
MOST_ROWS = 6
LINES = f"""<style>
.st-key-{KEY} button, .st-key-{KEY} button * {{ justify-content: flex-start; text-align: left; }}
.st-key-{KEY} button {{ min-height: 0; padding: 0.1rem 0; }}
</style>"""
Row = dict[str, Any]


def opened(shown: Shown, selection: Selection) -> Row | None:
    """Give the deviation that was opened in the panel of a selection."""
    if st.session_state.get(CHOSEN) != selection:
        st.session_state[CHOSEN], st.session_state[OPENED] = selection, None
    return row_of(shown, st.session_state[OPENED])


def row_of(shown: Shown, badge: str | None) -> Row | None:
    """Give the deviation of a badge, ranked or accepted."""
    found = shown.seen.found
    rows = (*found.deviations.iter_rows(named=True), *found.accepted.iter_rows(named=True))
    return next((row for row in rows if badge_id(row) == badge), None)


def back() -> None:
    """Offer to go back to the panel that listed the deviation."""
    st.button(_("Back"), type="tertiary", icon=":material/arrow_back:", key=f"{KEY}_back", on_click=_open, args=[None])


def _open(badge: str | None) -> None:
    st.session_state[OPENED] = badge


def show(shown: Shown, rows: pl.DataFrame, *, with_place: bool = False) -> None:
    """Name deviations, the largest first."""
    st.html(LINES)
    with st.container(gap=None, key=KEY):
        for row in rows.head(MOST_ROWS).iter_rows(named=True):
            _line(shown, row, with_place=with_place)
        if rows.height > MOST_ROWS:
            with st.expander(counted("{n} more deviation", "{n} more deviations", rows.height - MOST_ROWS)):
                for row in rows.tail(-MOST_ROWS).iter_rows(named=True):
                    _line(shown, row, with_place=with_place)


def _line(shown: Shown, row: Row, *, with_place: bool) -> None:
    sign = DEVIATIONS[row["kind"]]
    placed = with_place and row["kind"] != "stage_skipped"
    place = f" · {md_escape(shown.seen.place(row))}" if placed or shown.seen.skip(row) is not None else ""
    n = counted("{n} journey", "{n} journeys", row["journeys"])
    said = f":{sign.badge}[{sign.label}]{place}: {n} · {percent(row['share'])} ({interval(row['low'], row['high'])})"
    st.button(said, type="tertiary", key=f"{KEY}_{badge_id(row)}", on_click=_open, args=[badge_id(row)])
