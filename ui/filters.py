"""The filter that Explore, Compare, Drop-off and Gaps share: which journeys are looked at.

It is a list of conditions, all of which a journey must meet. The list stands in the address of the page, can be taken
back step by step, and is the same everywhere; what it looks like is in `ui.filter_bar`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mining.conditions import both
from pipeline.queries import binding_classes
from ui import state
from ui.state import Log, Plan

NOW, PAST, FUTURE, NEWS = "filter", "filter_past", "filter_future", "filter_news"
IN_ADDRESS, WHOLE = "where", "all"
MOST_STEPS = 100
MOST_VALUES = 200


@dataclass(frozen=True)
class Filter:
    """What is chosen.

    Attributes
    ----------
    conditions : tuple of str
        All of them must hold; see `mining.expressions`.
    whole_log : bool
        Whether Explore also looks at journeys that the plan is not for.
    """

    conditions: tuple[str, ...] = ()
    whole_log: bool = False

    @property
    def where(self) -> str | None:
        """All conditions as one."""
        return both(*self.conditions)


@dataclass(frozen=True)
class Scope:
    """The journeys a page looks at.

    Attributes
    ----------
    log : Log
        Where they are.
    chosen : str or None
        The conditions of the filter as one.
    where : str or None
        The same joined with the condition of the map, and what it asks about the plan answered: what is looked at.
    """

    log: Log
    chosen: str | None
    where: str | None


def now() -> Filter:
    """Give the filter in force; a session begins with that of its address."""
    if NOW not in st.session_state:
        st.session_state[NOW] = _of_address()
    found: Filter = st.session_state[NOW]
    return found


def from_address() -> None:
    """Follow a reader who went back or forward to an address that was written here: it has the filter it had."""
    asked = _of_address()
    if asked in _steps(PAST)[-1:]:
        undo()
    elif asked in _steps(FUTURE)[-1:]:
        redo()
    else:
        use(asked)


def _of_address() -> Filter:
    return Filter(tuple(st.query_params.get_all(IN_ADDRESS)), WHOLE in st.query_params)


def to_address() -> None:
    """Write the filter into the address, where it is not there yet: a new page begins with an empty one."""
    chosen = now()
    if tuple(st.query_params.get_all(IN_ADDRESS)) != chosen.conditions:
        st.query_params[IN_ADDRESS] = list(chosen.conditions)
    if (WHOLE in st.query_params) != chosen.whole_log:
        if chosen.whole_log:
            st.query_params[WHOLE] = "1"
        else:
            del st.query_params[WHOLE]


def use(new: Filter) -> None:
    """Put another filter in force; the one before can be had back."""
    if new != (old := now()):
        st.session_state[PAST] = [*_steps(PAST), old][-MOST_STEPS:]
        st.session_state[FUTURE] = []
        st.session_state[NOW] = new


def add(condition: str) -> None:
    """Ask for one condition more."""
    chosen = now()
    if condition not in chosen.conditions:
        use(replace(chosen, conditions=(*chosen.conditions, condition)))


def look_at(condition: str) -> None:
    """Ask for one condition more from somewhere down the page: the bar, which may be out of sight, says so."""
    add(condition)
    st.session_state[NEWS] = condition


def news() -> str | None:
    """Give the condition that the bar has yet to say; it is given once."""
    found: str | None = st.session_state.pop(NEWS, None)
    return found


def unsaid() -> bool:
    """Tell whether the bar has yet to say what was asked for: it was not drawn in this run."""
    return NEWS in st.session_state


def in_force(condition: str) -> bool:
    """Tell whether a condition is part of the filter."""
    return condition in now().conditions


def remove(condition: str) -> None:
    """Ask for one condition less."""
    chosen = now()
    use(replace(chosen, conditions=tuple(c for c in chosen.conditions if c != condition)))


def widen(whole_log: bool) -> None:
    """Look beyond the journeys that the plan is for, or no longer."""
    use(replace(now(), whole_log=whole_log))


def clear() -> None:
    """Look at all journeys again."""
    use(Filter())


def forget() -> None:
    """Begin anew, as for another log."""
    st.session_state[NOW] = Filter()
    st.session_state[PAST], st.session_state[FUTURE] = [], []


def can_undo() -> bool:
    """Say whether there was another filter before."""
    return bool(_steps(PAST))


def can_redo() -> bool:
    """Say whether a filter was taken back."""
    return bool(_steps(FUTURE))


def undo() -> None:
    """Take the last change back."""
    _step(PAST, FUTURE)


def redo() -> None:
    """Make the change that was taken back again."""
    _step(FUTURE, PAST)


def _step(source: str, target: str) -> None:
    steps = _steps(source)
    if steps:
        st.session_state[target] = [*_steps(target), now()]
        st.session_state[NOW] = steps[-1]
        st.session_state[source] = steps[:-1]


def _steps(which: str) -> list[Filter]:
    found: list[Filter] = st.session_state.get(which, [])
    return found


def changes() -> int:
    """Count the changes so far: what is drawn anew after each carries this number."""
    return len(_steps(PAST)) + 1000 * len(_steps(FUTURE))


def pickable(log: Log) -> list[str]:
    """Name the attributes of journeys, in the order of the log."""
    known = state.frame(log, "attributes")
    return known.filter(pl.col("level") == "journey")["name"].to_list()


@st.cache_resource(show_spinner=False, max_entries=100)
def values_of(log: Log, attribute: str) -> list[object]:
    """Give the values of an attribute of journeys, sorted, the first `MOST_VALUES` of them."""
    found = state.frame(log, "journeys")[attribute].drop_nulls().unique().sort()
    return found.head(MOST_VALUES).to_list()


@st.cache_resource(show_spinner=False, max_entries=100)
def values_of_events(log: Log, attribute: str) -> list[str]:
    """Give the values of an attribute of events as text, the most frequent first, at most `MOST_VALUES` of them."""
    counted = binding_classes(log.workspace, [attribute]).drop_nulls(attribute)
    found = counted.group_by(attribute).agg(pl.col("n_events").sum())
    return found.sort("n_events", attribute, descending=[True, False])[attribute].head(MOST_VALUES).to_list()


def scope(log: Log, plan: Plan | None, head: DeltaGenerator, *, may_widen: bool = False) -> Scope:
    """Give the journeys this page looks at; a bar in its `head` says which these are and lets them be chosen."""
    from ui import filter_bar

    chosen = now()
    of_map = plan.map.where if plan and not (may_widen and chosen.whole_log) else None
    with head:
        where = filter_bar.show(log, plan, of_map, may_widen=may_widen)
    return Scope(log, chosen.where, where)
