"""What can be done with a filter as a whole: keep it, take a kept one, carry it to the command line."""

from __future__ import annotations

import shlex
from collections.abc import Mapping

import streamlit as st

from mining.conditions import both
from mining.errors import DesirePathError
from mining.expressions import parse
from mining.questions import ABOUT_PLAN
from mining.recipe import Recipe
from pipeline.kept_filters import LONGEST_NAME, drop_filter, keep_filter, kept_filters
from ui import filters
from ui.app_words import error_in_app
from ui.language import _, md, say
from ui.state import Log
from ui.text import md_escape


def show(log: Log, of_map: str | None) -> None:
    """Offer the menu; it is drawn when it is opened.

    Parameters
    ----------
    of_map : str or None
        The condition of the plan where this page looks at the journeys it is for alone.
    """
    _menu(log, of_map, filters.changes())


@st.fragment
def _menu(log: Log, of_map: str | None, changes: int) -> None:
    opened = st.popover(_("Kept filters"), icon=":material/bookmark:", key=f"filter_menu_{changes}", on_change="rerun")
    if not opened.open:
        return
    with opened:
        try:
            if filters.now().conditions:
                _keep(log)
                _carry(log, of_map)
            _kept(log, kept_filters(log.workspace))
        except DesirePathError as error:
            st.error(md_escape(say(error_in_app(error)[0])), icon=":material/error:")


def _kept(log: Log, kept: Mapping[str, tuple[str, ...]]) -> None:
    st.markdown("**" + _("Kept filters") + "**")
    if not kept:
        st.caption(_("None yet. Choose journeys, then keep the filter under a name."))
    for name, conditions in kept.items():
        left, right = st.columns([4, 1], vertical_alignment="center")
        if left.button(md_escape(name), key=f"kept_{name}", width="stretch", help=md_escape(" · ".join(conditions))):
            filters.use(filters.Filter(conditions, filters.now().whole_log))
            st.rerun()
        words = _("Keep it no longer")
        if right.button(words, key=f"filter_drop_{name}", icon=":material/delete:", help=words, type="tertiary"):
            drop_filter(log.workspace, name)
            st.rerun()


def _keep(log: Log) -> None:
    with st.form("keep_filter", border=False):
        name = st.text_input(
            _("Name"), key="filter_name", max_chars=LONGEST_NAME, placeholder=_("Such as: returning customers")
        )
        kept = st.form_submit_button(_("Keep this filter with the workspace"), icon=":material/bookmark_add:")
    if kept and name.strip():
        keep_filter(log.workspace, name, filters.now().conditions)


def _carry(log: Log, of_map: str | None) -> None:
    """Give the filter as the command line takes it, alone and with the steps that clean paths."""
    st.markdown("**" + _("On the command line") + "**")
    name, asked = shlex.quote(log.name), shlex.quote(_where())
    commands = [f"desirepath compare {name} map.yaml --where {asked}"]
    if not any(call.name in ABOUT_PLAN for call in parse(_where()).calls):
        commands.append(f"desirepath discover {name} --where {shlex.quote(both(of_map, _where()) or '')}")
    st.code("\n".join(commands), language="bash")
    recipe = Recipe(log.workspace.definition.recipe.steps, filters.now().conditions)
    st.download_button(
        _("Download as recipe"),
        recipe.as_yaml(),
        file_name="recipe.yaml",
        mime="application/yaml",
        icon=":material/download:",
        on_click="ignore",
        key="filter_recipe",
        help=_("With the steps that clean paths; `desirepath compare --recipe recipe.yaml` takes it."),
    )
    st.caption(md("The address of this page holds the filter too: send it, or keep it as a bookmark."))


def _where() -> str:
    return filters.now().where or ""
