"""A picture that can be clicked: the canvas, a side panel for what is chosen, and a table that says the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl
import streamlit as st
from streamlit.errors import StreamlitAPIException

from ui import canvas, filters
from ui.canvas import Kind, Selection
from ui.language import _
from ui.tables import Column
from ui.tables import show as table

PANEL_PX = 370
SEEN_ROWS, LISTED_PX = 20, 655  # of a table, and the height of as many
# Under the menus and dialogs of Streamlit, over all else.
# The panel is as high as the map, which takes what is left of the window (ui/canvas/frontend/src/place.js).
# Before the map says how high it is, a calm sheet is as high as it is likely to be: what follows stays in its place.
FILLING = """<style>
[class*="_row"]:not([class*="table_row"], [style*="--map-height"])
> [data-testid="stLayoutWrapper"]:first-child > * > :first-child {
    min-height: clamp(375px, calc(100vh - 18rem), 690px);
    background: color-mix(in srgb, currentcolor 7%, transparent); border-radius: 10px;
}
[class*="_row"] > * > * > * > [data-testid="stSkeleton"] { height: clamp(375px, calc(100vh - 18rem), 690px); }
[style*="--map-height"]:not([data-filling]) > [data-testid="stLayoutWrapper"]:has(> [class*="_panel"]),
[style*="--map-height"]:not([data-filling]) > * > [class*="_panel"] { max-height: var(--map-height); }
[data-testid="stLayoutWrapper"]:has(> [class*="_corner"]) {
    position: absolute; z-index: 1; top: 0.75rem; right: 0.35rem; width: auto;
}
[class*="_corner"] button { padding: 0.45rem; } /* a finger finds it */
[data-testid="stVerticalBlock"]:has(> [data-testid="stLayoutWrapper"] > [class*="_corner"]) { position: relative; }
[data-testid="stLayoutWrapper"]:has(> [class*="_corner"]) + * { padding-right: 1.6rem; }
[data-filling] { position: fixed; z-index: 999996; inset: 0; gap: 0; }
[data-filling] > [data-testid="stLayoutWrapper"]:has(> [class*="_panel"]) { height: 100%; }
[data-filling] > * > [class*="_panel"] { height: 100%; border-block: 0; border-right: 0; border-radius: 0; }
</style>"""
Draw = Callable[[], None]


def as_table(key: str) -> bool:
    """Offer the picture or the table in its place; tell whether it is the table."""
    words = {False: _("Picture"), True: _("Table")}
    picked = st.segmented_control(
        _("Shown as"),
        [False, True],
        required=True,
        default=False,
        format_func=words.__getitem__,
        key=f"{key}_as_table",
        persist_state="session",
        label_visibility="collapsed",
    )
    return bool(picked)


@st.fragment
def show(
    scene: dict[str, Any], *, key: str, height: int, panel: Callable[[Selection], None], instead: Draw | None = None
) -> None:
    """Draw a scene, and beside it the panel of what is chosen; a click reruns nothing else.

    Parameters
    ----------
    scene : dict
        Of `ui.scenes`.
    key : str
        Identity of the picture; what is chosen stands in the session under it.
    height : int
        Pixels at most; it takes what is left of the window.
    panel : callable
        Draws the panel of a selection.
    instead : callable, optional
        Draws what is shown where the browser's part of the canvas is not installed.
    """
    _follow()
    with st.container(horizontal=True, gap="small", key=f"{key}_row"):
        with st.container():
            closed = st.session_state.get(f"{key}_closed", 0)
            try:
                chosen = canvas.show(scene, key=key, height=height, closed=closed, row=f"{key}_row")
            except StreamlitAPIException:
                if instead is None:
                    raise
                chosen = None
                instead()
        if st.session_state.pop(f"{key}_closing", False):
            return  # the browser is about to say that nothing is chosen any more
        if chosen is not None:
            with st.container(width=PANEL_PX, height=height, border=True, key=f"{key}_panel", gap="small"):
                _close_button(key, _close)
                panel(chosen)


@st.fragment
def listed(
    rows: pl.DataFrame,
    columns: Mapping[str, Column],
    *,
    key: str,
    kind: Kind,
    panel: Callable[[Selection], None],
    alt: str,
) -> None:
    """Draw a table in place of a scene, and beside it the panel of the row that is picked.

    Parameters
    ----------
    rows : frame
        With the `id` that each row has in the scene.
    columns : mapping of str to Column
        Which columns to show.
    key : str
        Identity of the table.
    kind : str
        What the rows are.
    panel : callable
        Draws the panel of a selection.
    alt : str
        What the table shows, for people who hear it.
    """
    _follow()
    with st.container(horizontal=True, gap="small"):
        with st.container():
            closed = st.session_state.get(f"{key}_closed", 0)
            row = table(rows, columns, key=key, select=True, rows=SEEN_ROWS, alt=alt, closed=closed)
        if row is not None:
            with st.container(width=PANEL_PX, height=LISTED_PX, border=True, gap="small"):
                _close_button(key, _give_up)
                panel(Selection(kind, rows["id"][row]))


def _follow() -> None:
    """Where a filter was just chosen in the panel, draw the whole page, and nothing here before it: all changes."""
    if filters.unsaid():
        st.rerun()


def _close_button(key: str, close: Callable[[str], None]) -> None:
    with st.container(horizontal=True, key=f"{key}_corner"):
        st.button(_("Close"), icon=":material/close:", type="tertiary", key=f"{key}_panel_close",
                  help=_("Close (Esc)"), on_click=close, args=(key,))  # fmt: skip


def _close(key: str) -> None:
    _give_up(key)
    st.session_state[f"{key}_closing"] = True


def _give_up(key: str) -> None:
    st.session_state[f"{key}_closed"] = st.session_state.get(f"{key}_closed", 0) + 1
