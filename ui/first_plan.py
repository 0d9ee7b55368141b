"""The way from a log without a plan to a comparison: a first plan made of the log."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from ui.language import _

LOOKED_AT = "plan_discovered"  # whether such a plan is asked for


def button(key: str, type: Literal["primary", "secondary"] = "primary") -> bool:
    """Offer to go to Plan and have one made of the log; tell whether that was taken."""
    taken = st.button(
        _("Make a first plan from this log"),
        type=type,
        icon=":material/conversion_path:",
        help=_("A first plan is made of the paths that journeys take most; you see it before you take it."),
        key=key,
    )
    if taken:
        st.session_state[LOOKED_AT] = True
    return taken
