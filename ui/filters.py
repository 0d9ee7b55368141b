"""The filter that Explore, Compare, Drop-off and Gaps share: which journeys are looked at."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import polars as pl
import streamlit as st

from mining.journey_map import Persona
from pipeline.bound_log import both
from ui import state
from ui.formats import number
from ui.language import _, local, md
from ui.state import Log, Plan
from ui.text import md_escape

MOST_VALUES = 200
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# What each widget of the filter holds where nothing is chosen; typed wide, since `st.session_state` is.
NOTHING_CHOSEN: dict[str, Any] = {"attribute": None, "values": [], "persona": None, "condition": "", "whole_log": False}


@dataclass(frozen=True)
class Scope:
    """The journeys a page looks at.

    Attributes
    ----------
    log : Log
        Where they are.
    chosen : str or None
        The condition that was picked and written in the filter.
    where : str or None
        The same joined with the condition of the map: what a comparison looks at.
    """

    log: Log
    chosen: str | None
    where: str | None


def forget() -> None:
    """Clear the filter. Values are set, not removed: what a session keeps for a widget comes back once removed."""
    for key, nothing in NOTHING_CHOSEN.items():
        st.session_state[key] = [*nothing] if isinstance(nothing, list) else nothing


def say_again() -> None:
    """Send what is chosen to the browser again, where the words for it have changed with the language."""
    if "persona" in st.session_state:
        st.session_state["persona"] = st.session_state["persona"]


def condition(attribute: str, values: list[object]) -> str:
    """Write "the attribute has one of these values" as a condition.

    Examples
    --------
    >>> condition("region", ["Wales", "King's Lynn"])
    "region in ('Wales', 'King''s Lynn')"
    >>> condition("case:paid", [True])
    '"case:paid" = true'
    """
    name = attribute if _PLAIN.fullmatch(attribute) else '"' + attribute.replace('"', '""') + '"'
    written = [_value(value) for value in values]
    return f"{name} = {written[0]}" if len(written) == 1 else f"{name} in ({', '.join(written)})"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else "'" + str(value).replace("'", "''") + "'"


def draw(log: Log, plan: Plan | None, *, may_widen: bool) -> None:
    """Show the filter in the sidebar. `may_widen` offers to look beyond the journeys the map is for."""
    with st.sidebar:
        st.subheader(_("Journeys"), help=_("The same journeys are counted on Explore, Compare, Drop-off and Gaps."))
        if plan is not None and plan.map.personas:
            _persona(plan)
        _picker(log)
        st.text_input(
            _("Condition"),
            key="condition",
            persist_state="session",
            placeholder="n_events > 3 and region = 'Wales'",
            help=_(
                "Attributes, and key, n_events, duration_s, start, end; with = <> < > in, between, like, is null, and, "
                "or, not. Text stands in 'single quotes'."
            ),
        )
        if may_widen and plan is not None and plan.map.where:
            st.toggle(_("Also journeys the plan is not for"), key="whole_log", persist_state="session")
        if _chosen(log, plan) is not None:
            st.button(_("Clear the filter"), icon=":material/filter_alt_off:", on_click=forget, width="stretch")


def _persona(plan: Plan) -> None:
    known = {p.id: p for p in plan.map.personas if p.where}
    st.selectbox(
        _("Persona"),
        list(known),
        format_func=lambda id_: local(known[id_].title) or id_,
        index=None,
        key="persona",
        persist_state="session",
        placeholder=_("Everyone"),
    )


def _picker(log: Log) -> None:
    names = pickable(log)
    if not names:
        return
    attribute = st.selectbox(
        _("Attribute"), names, index=None, key="attribute", persist_state="session", placeholder=_("Any")
    )
    if attribute:
        known = values_of(log, attribute)
        old = st.session_state.get("values") or []
        if [value for value in old if value not in known]:
            st.session_state["values"] = []
        st.multiselect(
            _("Values"), known, key="values", persist_state="session", format_func=str, placeholder=_("All values")
        )


def pickable(log: Log) -> list[str]:
    """Name the attributes of journeys, in the order of the log."""
    known = state.frame(log, "attributes")
    return known.filter(pl.col("level") == "journey")["name"].to_list()


@st.cache_data(show_spinner=False, max_entries=100)
def values_of(log: Log, attribute: str) -> list[object]:
    """Give the values of an attribute of journeys, sorted, the first `MOST_VALUES` of them."""
    found = state.frame(log, "journeys")[attribute].drop_nulls().unique().sort()
    return found.head(MOST_VALUES).to_list()


def _chosen(log: Log, plan: Plan | None) -> str | None:
    persona = _chosen_persona(plan)
    attribute, values = st.session_state.get("attribute"), st.session_state.get("values")
    return both(
        persona.where if persona else None,
        condition(attribute, values) if attribute in pickable(log) and values else None,
        (st.session_state.get("condition") or "").strip() or None,
    )


def _chosen_persona(plan: Plan | None) -> Persona | None:
    wanted = st.session_state.get("persona")
    return next((p for p in plan.map.personas if p.id == wanted), None) if plan and wanted else None


def scope(log: Log, plan: Plan | None, *, may_widen: bool = False) -> Scope:
    """Give the journeys this page looks at, and say in words above it which these are and how many."""
    chosen = _chosen(log, plan)
    of_map = plan.map.where if plan else None
    if may_widen and st.session_state.get("whole_log"):
        of_map = None
    where = both(of_map, chosen)
    n, of = state.summary(log, where).journeys, state.summary(log).journeys
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.markdown(
            md("**{n}** of {of} journeys", n=n, of=of) if where else md("all **{n}** journeys", n=n), width="content"
        )
        for icon, said, full in _chips(log, plan, of_map):
            st.badge(md_escape(said), icon=f":material/{icon}:", color="gray", help=md_escape(full))
    return Scope(log, chosen, where)


def _chips(log: Log, plan: Plan | None, of_map: str | None) -> list[tuple[str, str, str]]:
    """Give icon, words and condition for each part of the choice."""
    chips = []
    if of_map:
        chips.append(("map", _("for this plan: {condition}", condition=of_map), of_map))
    persona = _chosen_persona(plan)
    if persona is not None:
        chips.append(("person", local(persona.title) or persona.id, persona.where or ""))
    attribute, values = st.session_state.get("attribute"), st.session_state.get("values")
    if attribute in pickable(log) and values:
        chips.append(("filter_alt", f"{attribute}: {_listed(values)}", condition(attribute, values)))
    written = (st.session_state.get("condition") or "").strip()
    if written:
        chips.append(("filter_alt", written, written))
    return chips


def _listed(values: list[object]) -> str:
    shown = ", ".join(str(value) for value in values[:3])
    return shown if len(values) <= 3 else _("{shown} and {n} more", shown=shown, n=number(len(values) - 3))
