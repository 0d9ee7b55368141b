"""The most usual changes of a plan without its text: the goal, titles, what is a milestone and what is optional."""

from __future__ import annotations

import streamlit as st

from mining.errors import DesirePathError
from mining.journey_map import Touchpoint
from mining.map_text import with_flag, with_goal, with_title
from ui import state
from ui.board import names, stage_names
from ui.frame import show_error
from ui.language import _, current, local
from ui.state import Plan


def show(plan: Plan) -> str | None:
    """Draw the forms; give the text of the changed plan, where something was changed and the text is valid."""
    with st.expander(_("Change the plan"), icon=":material/edit:", key="plan_forms"):
        st.caption(_("Only what you change is written anew in the text; comments and order stay."))
        goal, touchpoint, stage = st.columns(3, gap="large")
        try:
            with goal:
                text = _goal(plan)
            with touchpoint:
                text = _touchpoint(plan, text)
            with stage:
                text = _stage(plan, text)
            if text != plan.text:
                state.parsed(text, plan.name)
                return text
        except DesirePathError as error:
            show_error(error)
    return None


def _goal(plan: Plan) -> str:
    titles, planned = names(plan.map), [t.id for _stage, t in plan.map.planned()]
    picked = st.selectbox(
        _("Goal"),
        planned,
        index=planned.index(plan.map.goal),
        format_func=lambda id_: titles.get(id_, id_),
        key=f"form_goal_{_version(plan)}",
    )
    apply = st.button(_("Change the goal"), key="form_goal_apply", disabled=picked == plan.map.goal, width="stretch")
    return with_goal(plan.text, str(picked)) if apply else plan.text


def _touchpoint(plan: Plan, text: str) -> str:
    """Ask for a touchpoint, its title and what it is."""
    known, titles = {t.id: t for t in plan.map.touchpoints()}, names(plan.map)
    id_ = str(st.selectbox(_("Touchpoint"), list(known), format_func=titles.__getitem__, key="form_touchpoint"))
    picked, key = known[id_], f"{id_}_{_version(plan)}"
    with st.form(f"form_touchpoint_{key}", border=False, enter_to_submit=False):
        title = st.text_input(_("Title"), local(picked.title) or picked.id, key=f"form_title_{key}")
        flags = {
            "milestone": st.checkbox(_("Milestone"), picked.milestone, key=f"form_milestone_{key}"),
            "optional": st.checkbox(_("May be left out"), picked.optional, key=f"form_optional_{key}"),
        }
        if not st.form_submit_button(_("Change the touchpoint"), width="stretch", key="form_touchpoint_apply"):
            return text
    return _changed(text, picked, title.strip(), flags)


def _changed(text: str, touchpoint: Touchpoint, title: str, flags: dict[str, bool]) -> str:
    if title and title != (local(touchpoint.title) or touchpoint.id):
        text = with_title(text, touchpoint.id, title, current())
    for name, value in flags.items():
        if value != getattr(touchpoint, name):
            text = with_flag(text, touchpoint.id, name, value)
    return text


def _stage(plan: Plan, text: str) -> str:
    """Ask for a stage and its title."""
    titles = stage_names(plan.map)
    picked = str(st.selectbox(_("Stage"), list(titles), format_func=titles.__getitem__, key="form_stage"))
    with st.form(f"form_stage_{picked}_{_version(plan)}", border=False, enter_to_submit=False):
        title = st.text_input(_("Title"), titles[picked], key=f"form_stage_title_{picked}_{_version(plan)}").strip()
        if not st.form_submit_button(_("Change the stage"), width="stretch", key="form_stage_apply"):
            return text
    if not title or title == titles[picked]:
        return text
    return with_title(text, picked, title, current(), stage=True)


def _version(plan: Plan) -> int:
    """Give what differs after each change, so that the fields show the plan as it is."""
    return abs(hash(plan.text))
