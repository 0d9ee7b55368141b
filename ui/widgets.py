"""Small parts that several pages use in the same way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pipeline.quality import rejects_csv
from ui.language import _
from ui.state import Log

# Buttons that show an icon alone, by their keys: their words are there for who hears the page.
ICONS = (
    "filter_undo",
    "filter_redo",
    "filter_menu_",
    "filter_drop_",
    "_panel_close",
    "_hide",
    "load_drop_",
    "_id_drop",
)
WORDS_HIDDEN = f"""<style>
:is({", ".join(f'[class*="{key}"]' for key in ICONS)})[class*="st-key-"] button [data-testid="stMarkdownContainer"] {{
    position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
}}
</style>"""


def head(title: str) -> DeltaGenerator:
    """Begin a page; give the row of its title, where the filter and what the page offers stand beside it."""
    row = st.container(horizontal=True, gap="medium", vertical_alignment="center", key="page_head")
    row.title(title, anchor=False, width="content")
    return row


def switch(key: str, views: Mapping[str, str], first: str | None = None) -> str:
    """Offer the views of a page; what is not chosen is not computed.

    Parameters
    ----------
    key : str
        Under which the choice is kept for the session. A program may set it before this is called.
    views : mapping of str to str
        Names of the views and their words.
    first : str, optional
        The view to begin with; the first one by default.
    """
    if st.session_state.get(key) not in views:
        st.session_state[key] = first or next(iter(views))
    picked = st.segmented_control(
        _("View"),
        list(views),
        required=True,
        format_func=views.__getitem__,
        key=key,
        persist_state="session",
        label_visibility="collapsed",
    )
    return str(picked or next(iter(views)))


def rejected_rows(log: Log, label: str, key: str, place: Any = st, **look: Any) -> None:
    """Offer the rejected rows of a log as a file that no spreadsheet takes for formulas.

    Parameters
    ----------
    place : module or container, default streamlit
        Where the button stands.
    **look
        Further options of the button, such as its width.
    """
    place.download_button(
        label,
        lambda: rejects_csv(log.workspace),
        file_name="rejected.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
        key=key,
        **{"help": _("All of them, with file, line and reason, as CSV."), **look},
    )


def no_times() -> None:
    """Say that events have an order and no times."""
    st.caption(":material/info: " + _("The log has no times: only the order of the events is known."))
