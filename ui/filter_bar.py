"""The bar of the filter above a page: how many journeys, which ones, and the ways to choose others."""

from __future__ import annotations

import streamlit as st

from mining.conditions import both
from ui import filter_editor, filter_menu, filter_words, filters, state
from ui.language import _, counted, md
from ui.state import Log, Plan
from ui.text import md_escape

CHIPS = """<style>
.st-key-filter_bar button { min-height: 0; padding: 0.1rem 0.6rem; border-radius: 1rem; }
.st-key-filter_bar [data-testid="stVerticalBlock"] { width: auto; }
.st-key-filter_bar button p { font-size: 0.875rem; }
</style>"""


def show(log: Log, plan: Plan | None, of_map: str | None, *, may_widen: bool) -> str | None:
    """Draw the bar, and give the condition that chooses the journeys, questions about the plan answered.

    Parameters
    ----------
    log, plan
        What is looked at.
    of_map : str or None
        The condition of the map, where only journeys that the plan is for are looked at.
    may_widen : bool
        Whether to offer to look beyond these.

    Raises
    ------
    DesirePathError
        When the conditions do not fit the log; by then they are shown, so that they can be taken out.
    """
    st.html(CHIPS)
    chosen = filters.now()
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="filter_bar"):
        count = st.empty()
        _of_map(plan, chosen.whole_log, may_widen)
        names = filter_words.known(log, plan)
        for place, condition in enumerate(chosen.conditions):
            icon, words = filter_words.said(condition, names)
            st.button(
                f":material/{icon}: {md_escape(words)}",
                key=f"chip_{place}_{filters.changes()}",
                help=_(
                    "Take this condition out: {condition}",
                    condition=md_escape(filter_words.in_words(condition, names.plan)),
                ),
                icon=":material/close:",
                icon_position="right",
                on_click=filters.remove,
                args=(condition,),
            )
        with st.container(width="content"):
            filter_editor.show(log, plan, of_map)
        _history()
        with st.container(width="content"):
            filter_menu.show(log, of_map)
    where = both(of_map, state.settled(log, plan.map if plan else None, chosen.where))
    n, of = state.n_journeys(log, where), state.summary(log).journeys
    count.markdown(
        md("**{n}** of {of} journeys", n=n, of=of) if where else counted("**{n}** journey", "all **{n}** journeys", n),
        help=_("The journeys every number of this page is of: those of the log that meet all conditions beside this."),
        width="content",
    )
    if (news := filters.news()) is not None:
        said = md_escape(filter_words.said(news, names)[1])
        st.toast(f"{said}: " + counted("{n} journey", "{n} journeys", n), icon=":material/filter_alt:")
    return where


def _of_map(plan: Plan | None, whole_log: bool, may_widen: bool) -> None:
    """Say which journeys the plan is for; where a page may look beyond, let it."""
    if plan is None or not plan.map.where:
        return
    condition = md_escape(filter_words.in_words(plan.map.where))
    if not may_widen:
        st.badge(_("for this plan"), icon=":material/map:", color="gray", help=condition)
        return
    st.button(
        _("Only journeys the plan is for") if whole_log else _("for this plan"),
        key="whole_log",
        icon=":material/map:" if whole_log else ":material/close:",
        icon_position="left" if whole_log else "right",
        help=condition if whole_log else _("Also journeys the plan is not for") + f"  \n{condition}",
        on_click=filters.widen,
        args=(not whole_log,),
    )


def _history() -> None:
    for key, icon, words, can, act in (
        ("filter_undo", "undo", _("Undo"), filters.can_undo(), filters.undo),
        ("filter_redo", "redo", _("Redo"), filters.can_redo(), filters.redo),
    ):
        if filters.can_undo() or filters.can_redo():
            st.button(words, key=key, icon=f":material/{icon}:", help=words, disabled=not can, on_click=act)
    if filters.now() != filters.Filter():
        st.button(_("Clear"), key="filter_clear", icon=":material/filter_alt_off:", on_click=filters.clear)
