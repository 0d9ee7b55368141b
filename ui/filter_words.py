"""What the chips of the filter say, and the icon beside it."""

from __future__ import annotations

import streamlit as st

from mining.condition_tree import Compared, Joined, Named
from mining.journey_map import JourneyMap
from pipeline import condition_words
from pipeline.condition_words import NOTHING_KNOWN, Known, Part
from pipeline.window import outcome_conditions
from ui import state
from ui.language import in_use
from ui.state import Log, Plan
from ui.text import shortened

LONGEST = 60
OTHER = "filter_alt"
ICONS = {
    "period": "calendar_month",
    "other": OTHER,
    "has": OTHER,
    "deviates": "alt_route",
    "reaches": "flag_check",
    "left_after": "logout",
    "left_before_next": "logout",
}
"""By kinds of choices; all others are about the path."""
OF_ATTRIBUTE = {
    "duration_s": "timer",
    "n_events": "tag",
    "start": "calendar_month",
    "end": "calendar_month",
    "first_activity": "route",
    "last_activity": "route",
    "variant_id": "route",
}


@st.cache_resource(show_spinner=False, max_entries=50)
def outcomes(log: Log, text: str, name: str) -> dict[str, str]:
    """Give each outcome and the condition that chooses it; empty where a condition cannot."""
    return outcome_conditions(log.workspace, state.parsed(text, name))


def known(log: Log, plan: Plan | None) -> Known:
    """Give what the plan has names for."""
    if plan is None:
        return NOTHING_KNOWN
    return Known.of(plan.map, outcomes(log, plan.text, plan.name), in_use())


def said(condition: str, known: Known) -> tuple[str, str]:
    """Give an icon and the words of a condition; one that cannot be read is said as it is written."""
    read = condition_words.read_tree(condition, known)
    words = condition_words.in_words(condition, in_use(), known)
    return "error" if read is None else _icon(read, known), shortened(words, LONGEST)


def in_words(condition: str, plan: JourneyMap | None = None) -> str:
    """Say all of a condition, part by part; what has a name of its own is said in full."""
    return condition_words.in_words(condition, in_use(), Known({}, {}, plan))


def _icon(read: Part, known: Known) -> str:
    if isinstance(read, Named):
        return "person" if read.text in known.personas else "flag"
    if isinstance(read, Joined):
        return OTHER
    if isinstance(read, Compared):
        return next((OF_ATTRIBUTE.get(term.value, OTHER) for term in read.terms if term.how == "name"), OTHER)
    if read.kind in ("values", "range"):
        return OF_ATTRIBUTE.get(read.name, OTHER)
    return ICONS.get(read.kind, "route")
