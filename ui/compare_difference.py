"""Which two choices of journeys are compared on the map: two values of an attribute, or two halves of the time."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from mining.conditions import both, one_of, without
from mining.messages import N_
from ui import filters, state
from ui.deviations import Seen
from ui.formats import date
from ui.language import _, counted, md

PERIODS = ""  # stands before the names of attributes, none of which is empty
MOST_VALUES = 50
FEWEST = 30  # journeys on each side
Pair = tuple[tuple[str, str], tuple[str, str]]


def choose(seen: Seen) -> Pair | None:
    """Ask for two choices of journeys; give name and condition of B and of A, which is held against B, or None."""
    attributes = [name for name in filters.pickable(seen.log) if len(_values(seen, name)) > 1]
    words = {PERIODS: _("Time: earlier and later"), **{name: name for name in attributes}}
    by = st.selectbox(
        _("Compared by"), list(words), format_func=words.__getitem__,
        key="difference_by", persist_state="session", width=170,
    )  # fmt: skip
    return _halves(seen) if by == PERIODS else _two_values(seen, by)


def _values(seen: Seen, attribute: str) -> list[object]:
    """Give the values that the journeys compared have; none where there are too many to choose from."""
    journeys = state.frame(seen.log, "journeys", both(seen.plan.map.where, seen.chosen))
    found = journeys[attribute].drop_nulls().unique().sort().to_list()
    return found if len(found) <= MOST_VALUES else []


def _two_values(seen: Seen, attribute: str) -> Pair:
    """Ask for two values, of which B may be all others."""
    values = _values(seen, attribute)
    first = st.selectbox(_("Group A"), values, format_func=str, key=f"difference_first_{attribute}", width=150)
    words: dict[object, str] = {None: _("all others"), **{value: str(value) for value in values if value != first}}
    second = st.selectbox(
        _("Group B"), list(words), format_func=words.__getitem__,
        key=f"difference_second_{attribute}", width=150,
    )  # fmt: skip
    one = one_of(attribute, [first])
    if second is None:
        return _named(seen, (_("all others"), without(one)), (f"{attribute}: {first}", one))
    return _named(seen, (f"{attribute}: {second}", one_of(attribute, [second])), (f"{attribute}: {first}", one))


def in_neither(seen: Seen, n: int) -> str | None:
    """Say, as Markdown, how many journeys are in neither group, of which `n` are in one; None where there are none."""
    left = seen.found.log.journeys - n
    if not left:
        return None
    attribute = st.session_state["difference_by"]
    if attribute == PERIODS:
        return counted("{n} journey without a time is in neither.", "{n} journeys without a time are in neither.", left)
    journeys = state.frame(seen.log, "journeys", both(seen.plan.map.where, seen.chosen))
    missing = journeys[attribute].null_count()
    if missing == left:
        return md("{n} without {attribute} are in neither.", n=left, attribute=attribute)
    words = N_("{n} are in neither, {missing} of them without {attribute}.")
    return md(words, n=left, missing=missing, attribute=attribute)


def _halves(seen: Seen) -> Pair | None:
    """Part the journeys at the middle of their starts."""
    middle = seen.found.journeys["start"].median()
    if not isinstance(middle, datetime):
        st.info(_("The log has no times; choose an attribute."), icon=":material/info:")
        return None
    cut = middle.replace(tzinfo=None).isoformat(sep=" ")
    day = date(middle)
    return _named(
        seen,
        (_("before {day}", day=day), f"start < '{cut}'"),
        (_("from {day} on", day=day), f"start >= '{cut}'"),
    )


def _named(seen: Seen, first: tuple[str, str], second: tuple[str, str]) -> Pair:
    """Join both conditions with the filter in force."""
    (name, one), (other, two) = first, second
    return (name, both(seen.chosen, one) or one), (other, both(seen.chosen, two) or two)


def large_enough(seen: Seen, pair: Pair) -> bool:
    """Tell whether both sides have journeys enough; say so where not."""
    of_map = seen.plan.map.where
    for name, where in pair:
        n = state.summary(seen.log, both(of_map, state.settled(seen.log, seen.plan.map, where))).journeys
        if n < FEWEST:
            st.info(
                md("{name}: {n} journeys, too few to compare; {fewest} are needed.", name=name, n=n, fewest=FEWEST),
                icon=":material/info:",
            )
            return False
    return True
