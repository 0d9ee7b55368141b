"""Which column is what: select boxes that start with the best guess and say how sure it is, and why."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pipeline.guessing import Guess
from pipeline.preview import Preview
from ui.formats import percent
from ui.language import _, md, say

SURE = 0.6
MINUTE_S = 60.0
ZONES = [
    "UTC",
    "Asia/Ho_Chi_Minh",
    "Europe/London",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Tokyo",
    "Asia/Singapore",
]


def roles(seen: Preview) -> dict[str, Any]:
    """Ask for the roles of the columns.

    Returns
    -------
    dict
        Options of `pipeline.ingest.ingest`; its values can be compared and hashed.
    """
    names = {"journey": _("Journey"), "activity": _("Activity"), "time": _("Time")}
    helps = {
        "journey": _("Rows with the same value are one journey: a case, a session, an order, a customer."),
        "activity": _("What happened."),
        "time": _("When it happened."),
    }
    chosen: dict[str, str | None] = {}
    for column, role in zip(st.columns(3, gap="medium"), names, strict=True):
        with column:
            chosen[role] = _role(seen, role, names[role], helps[role])
    with st.expander(_("More: channel, attributes, time zone, sessions"), icon=":material/tune:"):
        more = _more(seen, chosen)
    gap = more.pop("session_gap")
    return {
        "journey": None if gap else chosen["journey"],
        "customer": chosen["journey"] if gap else None,
        "session_gap": gap,
        "activity": chosen["activity"],
        "time": chosen["time"],
        **more,
        **_confirmed(seen, chosen, split=bool(gap)),
    }


def _confirmed(seen: Preview, chosen: dict[str, str | None], *, split: bool) -> dict[str, Any]:
    """Give what belongs to the columns that were proposed and confirmed: others beside them, patterns, the day 0."""
    proposed: dict[str, Any] = dict(seen.proposed)
    found: dict[str, Any] = {"moments": dict(seen.moments)} if seen.moments else {}
    for role, picked in chosen.items():
        columns = proposed.get(role, ())
        if not columns or columns[0] != picked or (split and role == "journey"):
            continue
        found |= {role: columns} if len(columns) > 1 else {}
        pattern = f"{role}_pattern"
        found |= {pattern: proposed[pattern]} if pattern in proposed else {}
        found |= {"base_date": proposed["base_date"]} if role == "time" and "base_date" in proposed else {}
    return found


def _role(seen: Preview, role: str, label: str, help_: str) -> str | None:
    """Ask for one role, with the guess and its reason below."""
    guesses = seen.guesses.get(role, [])
    best = guesses[0] if guesses else None
    index = seen.columns.index(best.names[0]) if best else None
    picked: str | None = st.selectbox(
        label, seen.columns, index=index, key=f"role_{role}_{'|'.join(seen.columns)}", help=help_,
        placeholder=_("Choose a column"),
    )  # fmt: skip
    if picked is None and role == "time" and seen.format == "xes":
        st.caption(":material/info: " + _("Without it, only the order of the events is known."))
        return None
    said = next((guess for guess in guesses if guess.names[0] == picked), None)
    st.caption(_why(said, picked))
    return picked


def _why(guess: Guess | None, picked: str | None) -> str:
    if picked is None:
        return ":material/help: " + _("No column looks like it.")
    if guess is None:
        return ":material/person: " + _("Your choice.")
    icon = "check_circle" if guess.confidence >= SURE else "help"
    return f":material/{icon}: " + md(
        "{share} sure: {reason}", share=percent(guess.confidence, 0), reason=say(guess.reason)
    )


def _more(seen: Preview, chosen: dict[str, str | None]) -> dict[str, Any]:
    """Ask for what a file mostly does without."""
    others = [column for column in seen.columns if column not in chosen.values()]
    left, middle, right = st.columns(3, gap="medium")
    with left:
        channel = st.selectbox(_("Channel"), others, index=None, placeholder=_("None"), key="role_channel")
        kept = st.multiselect(_("Attributes to keep"), others, placeholder=_("All of them"), key="role_attributes")
    with middle:
        zone = st.selectbox(_("Time zone of times without one"), ZONES, accept_new_options=True, key="role_zone")
        pattern = st.text_input(
            _("Pattern of the times"),
            placeholder="%d/%m/%Y %H:%M",
            key="role_pattern",
            help=_("Only where it is not told by itself."),
        )
    with right:
        split = st.toggle(
            _("Split journeys at silence"),
            key="role_split",
            help=_("For a column that names customers: after a silence, a new journey begins."),
        )
        minutes = st.number_input(_("Silence in minutes"), 1, 60 * 24 * 365, 30, disabled=not split, key="role_gap")
    known = set(seen.columns)
    return {
        "channel": channel if channel in known else None,
        "attributes": tuple(name for name in kept if name in known) or None,
        "timezone": zone or "UTC",
        "time_format": pattern.strip() or None,
        "session_gap": minutes * MINUTE_S if split else None,
    }
