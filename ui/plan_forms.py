"""The most usual changes of a plan without its text: the goal, and touchpoints and stages with their places."""

from __future__ import annotations

import streamlit as st

from mining.errors import DesirePathError
from mining.journey_map import Touchpoint
from mining.map_places_text import (
    new_id,
    with_stage,
    with_stage_moved,
    with_touchpoint,
    with_touchpoint_moved,
    with_touchpoint_to_stage,
    without_stage,
    without_touchpoint,
)
from mining.map_text import with_flag, with_goal, with_title
from ui import fit, state
from ui.board import names, stage_names
from ui.frame import show_error
from ui.language import _, current, local
from ui.state import Log, Plan


def show(plan: Plan, log: Log) -> str | None:
    """Draw the forms; give the text of the changed plan, where something was changed and the text is valid."""
    with st.expander(_("Change the plan"), icon=":material/edit:", key="plan_forms"):
        st.caption(_("Only what you change is written anew in the text; comments and order stay."))
        goal, touchpoint, stage = st.columns(3, gap="large")
        try:
            with goal:
                text = _new_touchpoint(plan, log, _goal(plan))
            with touchpoint:
                text = _touchpoint(plan, text)
            with stage:
                text = _new_stage(plan, _stage(plan, text))
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


def _new_touchpoint(plan: Plan, log: Log, text: str) -> str:
    """Ask for a touchpoint to add: an activity of the log that no touchpoint shows yet, or a name of one's own."""
    free = [] if log.is_empty else fit.activities(log, plan.map).filter(n_bound=0)["name"].to_list()
    titles = stage_names(plan.map)
    with st.form(f"form_new_touchpoint_{_version(plan)}", border=False, enter_to_submit=False):
        name = st.selectbox(
            _("New touchpoint"),
            free,
            index=None,
            accept_new_options=True,
            key=f"form_new_name_{_version(plan)}",
            placeholder=_("Choose an activity, or type a name"),
            help=_("Offered are the activities of the log that no touchpoint shows yet."),
        )
        stage = st.selectbox(
            _("In the stage"), list(titles), format_func=titles.__getitem__, key=f"form_new_stage_{_version(plan)}"
        )
        submitted = st.form_submit_button(_("Add the touchpoint"), width="stretch", key="form_new_touchpoint_apply")
    if not submitted or not name or stage is None:
        return text
    id_ = new_id(name, [t.id for t in plan.map.touchpoints()])
    return with_touchpoint(text, stage, id_, name, [name] if name in free else [])


def _touchpoint(plan: Plan, text: str) -> str:
    """Ask for a touchpoint, its title, what it is and where it stands."""
    known, titles = {t.id: t for t in plan.map.touchpoints()}, names(plan.map)
    id_ = str(st.selectbox(_("Touchpoint"), list(known), format_func=titles.__getitem__, key="form_touchpoint"))
    picked, key = known[id_], f"{id_}_{_version(plan)}"
    stages, planned = stage_names(plan.map), {t.id: stage.id for stage, t in plan.map.planned()}
    with st.form(f"form_touchpoint_{key}", border=False, enter_to_submit=False):
        title = st.text_input(_("Title"), local(picked.title) or picked.id, key=f"form_title_{key}")
        stage = st.selectbox(
            _("In the stage"),
            list(stages),
            index=list(stages).index(planned[id_]) if id_ in planned else None,
            format_func=stages.__getitem__,
            key=f"form_in_stage_{key}",
            placeholder=_("May happen at any time"),
        )
        flags = {
            "milestone": st.checkbox(_("Milestone"), picked.milestone, key=f"form_milestone_{key}"),
            "optional": st.checkbox(_("May be left out"), picked.optional, key=f"form_optional_{key}"),
        }
        if st.form_submit_button(_("Change the touchpoint"), width="stretch", key="form_touchpoint_apply"):
            text = _changed(text, picked, title.strip(), flags)
            return text if stage in (None, planned.get(id_)) else with_touchpoint_to_stage(text, id_, str(stage))
    with st.container(horizontal=True, gap="small"):
        ahead = _moving("arrow_upward", _("Earlier"), with_touchpoint_moved(text, id_, -1), text, "form_touchpoint_up")
        behind = _moving(
            "arrow_downward", _("Later"), with_touchpoint_moved(text, id_, 1), text, "form_touchpoint_down"
        )
        out = st.button(
            _("Take out"),
            icon=":material/delete:",
            key="form_touchpoint_out",
            disabled=id_ == plan.map.goal,
            help=_("Its events are then off the map. The goal cannot be taken out; choose another goal first."),
        )
    return without_touchpoint(text, id_) if out else ahead or behind or text


def _moving(icon: str, label: str, moved: str, text: str, key: str) -> str | None:
    """Offer to move something, where it can be; give the text with it moved when that is chosen."""
    clicked = st.button(label, icon=f":material/{icon}:", key=key, disabled=moved == text)
    return moved if clicked else None


def _changed(text: str, touchpoint: Touchpoint, title: str, flags: dict[str, bool]) -> str:
    if title and title != (local(touchpoint.title) or touchpoint.id):
        text = with_title(text, touchpoint.id, title, current())
    for name, value in flags.items():
        if value != getattr(touchpoint, name):
            text = with_flag(text, touchpoint.id, name, value)
    return text


def _stage(plan: Plan, text: str) -> str:
    """Ask for a stage, its title and where it stands."""
    titles = stage_names(plan.map)
    picked = str(st.selectbox(_("Stage"), list(titles), format_func=titles.__getitem__, key="form_stage"))
    with st.form(f"form_stage_{picked}_{_version(plan)}", border=False, enter_to_submit=False):
        title = st.text_input(_("Title"), titles[picked], key=f"form_stage_title_{picked}_{_version(plan)}").strip()
        if st.form_submit_button(_("Change the stage"), width="stretch", key="form_stage_apply"):
            changed = title and title != titles[picked]
            return with_title(text, picked, title, current(), stage=True) if changed else text
    holds_goal = plan.map.goal in {t.id for stage, t in plan.map.planned() if stage.id == picked}
    with st.container(horizontal=True, gap="small"):
        ahead = _moving("arrow_back", _("Earlier"), with_stage_moved(text, picked, -1), text, "form_stage_up")
        behind = _moving("arrow_forward", _("Later"), with_stage_moved(text, picked, 1), text, "form_stage_down")
        out = st.button(
            _("Take out"),
            icon=":material/delete:",
            key="form_stage_out",
            disabled=holds_goal,
            help=_("Its touchpoints go with it. The stage of the goal cannot be taken out; choose another goal first."),
        )
    return without_stage(text, picked) if out else ahead or behind or text


def _new_stage(plan: Plan, text: str) -> str:
    """Ask for the title of a stage to add at the end."""
    with st.form(f"form_new_stage_{_version(plan)}", border=False, enter_to_submit=False):
        title = st.text_input(_("New stage"), key=f"form_new_stage_title_{_version(plan)}").strip()
        if not st.form_submit_button(_("Add the stage"), width="stretch", key="form_new_stage_apply") or not title:
            return text
    return with_stage(text, new_id(title, [stage.id for stage in plan.map.stages]), title)


def _version(plan: Plan) -> int:
    """Give what differs after each change, so that the fields show the plan as it is."""
    return abs(hash(plan.text))
