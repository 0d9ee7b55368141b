"""Asking for one condition more: what about, which, and how many journeys would be left."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any

import streamlit as st

from mining.condition_reader import PERIODS
from mining.conditions import both, follows, has, in_period, one_of, passes, ranged
from mining.durations import UNITS_S
from mining.errors import DesirePathError
from mining.expressions import parse
from mining.messages import N_
from pipeline.condition_words import OUTCOMES
from ui import filter_words, filters, state
from ui.app_words import error_in_app
from ui.formats import percent
from ui.language import _, md, say
from ui.state import Log, Plan
from ui.text import md_escape, small

MOST_PATHS = 100
LEAVE_OUT = N_("Leave these journeys out instead")
HOW_TO_WRITE = N_(
    "Attributes, and key, n_events, duration_s, start, end, first_activity, last_activity; with = <> < > in, "
    "between, like, is null, and, or, not; passes('A'), follows('A', 'B', '2d'), directly_follows('A', 'B'), "
    "has('channel', 'web'). An attribute of events is compared by its first value; has(…) asks for any. "
    "Text stands in 'single quotes'."
)
Form = Callable[[Log, Plan | None], str | None]


def show(log: Log, plan: Plan | None, of_map: str | None) -> None:
    """Offer the form; it is drawn when it is opened, and closes when something was added.

    Parameters
    ----------
    of_map : str or None
        The condition of the plan where this page looks at the journeys it is for alone.
    """
    _editor(log, plan, of_map, filters.changes())


@st.fragment
def _editor(log: Log, plan: Plan | None, of_map: str | None, changes: int) -> None:
    opened = st.popover(_("Choose journeys"), icon=":material/add:", key=f"filter_editor_{changes}", on_change="rerun")
    if not opened.open:
        return
    with opened:
        forms = _forms(log, plan, of_map)
        picked = st.selectbox(_("By"), list(forms), format_func=lambda kind: forms[kind][0], key="filter_kind")
        found = forms[picked][1](log, plan)
        _offer(log, plan, of_map, found)
        st.caption(_("Conditions choose whole journeys; a journey must meet all of them."))
        st.page_link(
            "ui/data_page.py",
            label=_("To leave out or rename single events: Data, Clean paths"),
            icon=":material/cleaning_services:",
        )


def _offer(log: Log, plan: Plan | None, of_map: str | None, found: str | None) -> None:
    """Say how many journeys a condition would leave, and offer to take it."""
    if found:
        try:
            parse(found)
            asked = state.settled(log, plan.map if plan else None, both(filters.now().where, found))
            left = state.n_journeys(log, both(of_map, asked))
            st.markdown(small(md("leaves **{n}** journeys", n=left)))
        except DesirePathError as error:
            st.error(md_escape(say(error_in_app(error)[0])), icon=":material/error:")
            found = None
    if st.button(_("Add"), type="primary", key="filter_add", disabled=not found, width="stretch") and found:
        filters.add(found)
        st.rerun()


def _forms(log: Log, plan: Plan | None, of_map: str | None) -> dict[str, tuple[str, Form]]:
    """Give the forms that this log and this plan have an answer to."""
    forms: dict[str, tuple[str, Form]] = {}
    if state.frame(log, "attributes").height:
        forms["attribute"] = (_("Attribute"), _attribute)
    forms["activities"] = (_("What happened"), _activities)
    forms["order"] = (_("What followed what"), _order)
    forms["paths"] = (_("The most common paths"), partial(_paths, of_map=of_map))
    if state.summary(log).start is not None:
        forms["period"] = (_("Time"), _period)
        forms["duration"] = (_("Duration"), _duration)
    forms["events"] = (_("Number of events"), _events)
    if plan is not None and any(p.where for p in plan.map.personas):
        forms["persona"] = (_("Persona"), _persona)
    if plan is not None and filter_words.outcomes(log, plan.text, plan.name):
        forms["outcome"] = (_("Outcome"), _outcome)
    forms["written"] = (_("A written condition"), _written)
    return forms


def _attribute(log: Log, plan: Plan | None) -> str | None:
    known = {
        name: (level, kind)
        for name, level, kind in state.frame(log, "attributes").select("name", "level", "type").iter_rows()
    }
    name = st.selectbox(_("Attribute"), list(known), key="filter_attribute")
    level, kind = known[name]
    if level == "event":
        return _attribute_of_events(log, name)
    values = filters.values_of(log, name)
    if kind in ("BIGINT", "DOUBLE") and len(values) > 12:
        low, high = st.columns(2)
        least = low.number_input(_("From"), value=None, key=f"filter_low_{name}")
        most = high.number_input(_("To"), value=None, key=f"filter_high_{name}")
        return ranged(name, least, most) if least is not None or most is not None else None
    chosen = _values(name, values)
    out = st.checkbox(_(LEAVE_OUT), key="filter_attribute_out")
    return one_of(name, chosen, negated=out) if chosen else None


def _attribute_of_events(log: Log, name: str) -> str | None:
    chosen = _values(name, filters.values_of_events(log, name))
    st.caption(_("Journeys in which some event has one of these values."))
    out = st.checkbox(_(LEAVE_OUT), key="filter_attribute_out")
    return has(name, chosen, negated=out) if chosen else None


def _values(name: str, values: Sequence[Any]) -> list[Any]:
    return st.multiselect(
        _("Values"),
        values,
        format_func=str,
        key=f"filter_values_{name}",
        placeholder=_("Choose values"),
        select_all=False,
    )


def _names(log: Log) -> list[str]:
    known = state.frame(log, "activities")
    return known.sort("n_events", "name", descending=[True, False])["name"].to_list()


def _activities(log: Log, plan: Plan | None) -> str | None:
    ways = {
        "passes": _("goes through"),
        "not": _("does not go through"),
        "first_activity": _("starts with"),
        "last_activity": _("ends with"),
    }
    way = st.selectbox(_("The journey"), list(ways), format_func=ways.__getitem__, key="filter_way")
    if way in ("passes", "not"):
        name = st.selectbox(
            _("Activity"), _names(log), index=None, key="filter_activity", placeholder=_("Choose an activity")
        )
        return passes(name, negated=way == "not") if name else None
    names = st.multiselect(
        _("Any of"), _names(log), key="filter_ends", placeholder=_("Choose activities"), select_all=False
    )
    return one_of(way, names) if names else None


def _order(log: Log, plan: Plan | None) -> str | None:
    names = _names(log)
    first = st.selectbox(_("First"), names, index=None, key="filter_first", placeholder=_("Choose an activity"))
    ways = {"some": _("some time later"), "directly": _("as the very next event")}
    if state.summary(log).start is not None:
        ways["within"] = _("within a time")
    way = st.segmented_control(
        _("How soon"), list(ways), required=True, default="some", format_func=ways.__getitem__, key="filter_soon"
    )
    time = _seconds("filter_within") if way == "within" else None
    second = st.selectbox(_("Then"), names, index=None, key="filter_second", placeholder=_("Choose an activity"))
    out = st.checkbox(_(LEAVE_OUT), key="filter_order_out")
    if not first or not second or (way == "within" and time is None):
        return None
    return follows(first, second, directly=way == "directly", within_s=time, negated=out)


def _seconds(key: str, label: str | None = None) -> float | None:
    """Ask for a duration."""
    units = {"m": _("minutes"), "h": _("hours"), "d": _("days")}
    left, right = st.columns(2, vertical_alignment="bottom")
    amount = left.number_input(label or _("Time"), min_value=0.0, value=None, key=key)
    unit = right.selectbox(
        _("Unit"), list(units), index=2, format_func=units.__getitem__, key=f"{key}_unit", label_visibility="collapsed"
    )
    return None if amount is None else amount * UNITS_S[unit]


def _paths(log: Log, plan: Plan | None, of_map: str | None) -> str | None:
    asked = state.settled(log, plan.map if plan else None, filters.now().where)
    variants = state.frame(log, "variants", both(of_map, asked))
    ranked = variants.sort("n_journeys", "variant_id", descending=[True, False])
    most = min(MOST_PATHS, ranked.height)
    if most < 2:
        st.caption(_("There is only one path."))
        return None
    n = st.slider(_("How many of the most common paths"), 1, most, min(10, most), key="filter_paths")
    share = int(ranked["n_journeys"].head(n).sum()) / int(ranked["n_journeys"].sum())
    st.caption(md("{share} of the journeys take them", share=percent(share)))
    out = st.checkbox(_(LEAVE_OUT), key="filter_paths_out")
    return one_of("variant_id", ranked["variant_id"].head(n).to_list(), negated=out)


def _period(log: Log, plan: Plan | None) -> str | None:
    size = state.summary(log)
    if size.start is None or size.end is None:
        return None
    words = (_("begins in it"), _("ends in it"), _("lies within it"), _("touches it"))
    how = st.selectbox(
        _("The journey"),
        list(PERIODS),
        format_func=dict(zip(PERIODS, words, strict=True)).__getitem__,
        key="filter_how",
    )
    span = (size.start.date(), size.end.date())
    days: Any = st.date_input(_("From – to"), span, min_value=span[0], max_value=span[1], key="filter_days")
    whole = isinstance(days, tuple) and len(days) == 2 and all(isinstance(day, date) for day in days)
    return in_period(how, days[0], days[1]) if whole else None


def _duration(log: Log, plan: Plan | None) -> str | None:
    low = _seconds("filter_shortest", _("At least"))
    high = _seconds("filter_longest", _("At most"))
    return None if low is None and high is None else ranged("duration_s", low, high)


def _events(log: Log, plan: Plan | None) -> str | None:
    left, right = st.columns(2)
    low = left.number_input(_("At least"), min_value=1, value=None, key="filter_fewest")
    high = right.number_input(_("At most"), min_value=1, value=None, key="filter_most")
    return None if low is None and high is None else ranged("n_events", low, high)


def _persona(log: Log, plan: Plan | None) -> str | None:
    known = filter_words.known(log, plan).personas
    return st.selectbox(
        _("Persona"),
        list(known),
        index=None,
        format_func=known.__getitem__,
        key="filter_persona",
        placeholder=_("Choose one"),
    )


def _outcome(log: Log, plan: Plan | None) -> str | None:
    known = filter_words.outcomes(log, plan.text, plan.name) if plan else {}
    words = {o: _(OUTCOMES[o]) for o in known}
    picked = st.selectbox(
        _("Outcome"),
        list(known),
        index=None,
        format_func=words.__getitem__,
        key="filter_outcome",
        placeholder=_("Choose one"),
    )
    return known[picked] if picked else None


def _written(log: Log, plan: Plan | None) -> str | None:
    text = st.text_input(
        _("Condition"),
        key="filter_condition",
        placeholder="n_events > 3 and region = 'Wales'",
        help=_(HOW_TO_WRITE),
    )
    return text.strip() or None
