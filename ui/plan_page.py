"""Plan: choose a map, see it as a board, mend it as text."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from mining.errors import DesirePathError, MapError
from mining.journey_map import JourneyMap, Stage, Touchpoint
from pipeline.kept_plan import keep_plan
from ui import data_run, fit, plan_beside, plan_discovered, plan_forms, plan_lines, plan_offers, state
from ui.board import board, mark, names, question, stage_title, title_of, traits
from ui.charts.feeling import feeling_chart, feeling_data, feelings_said
from ui.charts.shown import show as chart
from ui.filter_words import in_words
from ui.first_plan import LOOKED_AT
from ui.formats import duration
from ui.frame import show_error
from ui.language import _, counted, local, md, say_problem
from ui.state import Plan
from ui.text import md_escape
from ui.widgets import head, switch

BOARD, FEELING, PERSONAS, TEXT = "board", "feeling", "personas", "text"


def show() -> None:
    """Draw the page."""
    row = head(_("Plan"))
    row.space("stretch")
    to_compare = row.empty()
    with row.popover(_("Choose a map"), icon=":material/folder_open:", width="content", key=_choice()):
        _choose()
    text = plan_discovered.panel(state.log())
    if text is not None:
        _use(plan_discovered.NAME, text)
    plan = _plan()
    if plan is None:
        if "plan_draft" in st.session_state:
            _text(None)
        return
    row.download_button(
        _("Download"),
        plan.text,
        file_name=f"{plan.map.id}.yaml",
        mime="application/yaml",
        icon=":material/download:",
        width="content",
        on_click="ignore",
    )
    if not state.log().is_empty:
        to_compare.page_link("ui/compare_page.py", label=_("Compare it with the log"), icon=":material/difference:")
    _head(plan.map)
    fit.banner(state.log(), plan.map)
    views = {BOARD: _("Stage board"), FEELING: _("Feeling"), PERSONAS: _("Personas"), TEXT: _("Edit as text")}
    view = switch("plan_view", views)
    {BOARD: _board, FEELING: _feeling, PERSONAS: plan_beside.personas, TEXT: _text}[view](plan)


def _plan() -> Plan | None:
    """Give the map in use; where its text is not valid, say why and offer the editor alone."""
    try:
        plan = state.plan()
    except DesirePathError as error:
        show_error(error)
        return None
    if plan is None:
        st.info(
            _(
                "A plan is a text file that names stages, touchpoints and the events that show them. "
                "Choose one to start from."
            ),
            icon=":material/lightbulb:",
        )
        plan_discovered.offer(state.log())
        taken = plan_offers.cards()
        if taken is not None:
            _use(taken.file.name, taken.text)
    return plan


def _choice() -> str:
    """Give a key that differs after each choice, so that what it was made in closes."""
    looked = st.session_state.get(LOOKED_AT, False)
    return f"plan_choose_{looked}_{abs(hash(st.session_state.get('map_text')))}"


def _choose() -> None:
    """Offer what really happens, the templates, the maps of the sample, and an upload."""
    plan_discovered.button(state.log(), "plan_discover_choose")
    offered = plan_offers.offers()
    picked = st.selectbox(
        _("Samples and templates"),
        list(offered),
        format_func=lambda name: offered[name].title,
        index=None,
        key="plan_offer",
        placeholder=_("Choose one to start from"),
    )
    if st.button(_("Use it"), disabled=picked is None, type="primary", width="stretch") and picked:
        _use(offered[picked].file.name, offered[picked].text)
    file = st.file_uploader(_("Or upload a map (YAML or JSON)"), type=["yaml", "yml", "json"], key="plan_upload")
    if file is not None and st.session_state.get("plan_uploaded") != file.file_id:
        st.session_state["plan_uploaded"] = file.file_id
        _upload(file.name, file.getvalue())


def _upload(name: str, content: bytes) -> None:
    """Use an uploaded map where it is valid; put it into the editor where it is not."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        st.error(md("{name} is not UTF-8 text. Save the map as UTF-8.", name=name))
        return
    try:
        state.parsed(text, name)
    except MapError:
        _draft(name, text)
        st.session_state["plan_view"] = TEXT
        st.rerun()
    _use(name, text)


def _use(name: str, text: str) -> None:
    state.use_plan(name, text)
    if not data_run.is_busy():  # a load has the workspace to itself
        keep_plan(state.log().workspace, name, text)
    for key in ("plan_draft", "plan_draft_name"):
        st.session_state.pop(key, None)
    st.rerun()


def _draft(name: str, text: str) -> None:
    """Keep a text that is not the map in use, since it is not valid (yet)."""
    st.session_state["plan_draft"], st.session_state["plan_draft_name"] = text, name
    st.session_state.pop("plan_text", None)


def _head(plan: JourneyMap) -> None:
    """Say what the map is."""
    said = [f"**{md_escape(local(plan.title) or plan.id)}**"]
    said += [md("version {version}", version=plan.version)] if plan.version else []
    said += [md("owner: {owner}", owner=plan.owner)] if plan.owner else []
    said.append(counted("{n} stage", "{n} stages", len(plan.stages)))
    said.append(counted("{n} touchpoint", "{n} touchpoints", len(plan.touchpoints())))
    st.markdown(" · ".join(said))
    if plan.description:
        st.caption(md_escape(local(plan.description)))
    with st.container(horizontal=True, gap="xsmall"):
        unseen = sum(not t.measured for t in plan.touchpoints())
        goal = names(plan).get(plan.goal, plan.goal)
        st.badge(md("Goal: {goal}", goal=goal), color="green", icon=":material/trophy:")
        if plan.inactive_after_s is not None:
            st.badge(
                md("Dropped after {time} of silence", time=duration(plan.inactive_after_s)),
                color="gray",
                icon=":material/hourglass_bottom:",
            )
        if plan.where:
            st.badge(md("for {condition}", condition=in_words(plan.where)), color="gray", icon=":material/filter_alt:")
        if unseen:
            st.badge(md("{n} not measured", n=unseen), color="orange", icon=":material/visibility_off:")
        asked = [q for stage in plan.stages for q in stage.questions if not q.answered_by]
        if asked:
            st.badge(
                counted("{n} question nobody answers", "{n} questions nobody answers", len(asked)),
                color="orange",
                icon=":material/help:",
            )


def _board(plan: Plan) -> None:
    """Draw the stage board, with forms to change it, and what may happen anywhere below it."""
    changed = plan_forms.show(plan, state.log())
    if changed is not None:
        _use(plan.name, changed)
    titles = names(plan.map)

    def card(touchpoint: Touchpoint) -> None:
        with st.container(border=True, gap="xxsmall"):
            st.markdown(f"**{mark(plan.map, touchpoint)}{md_escape(title_of(touchpoint))}**")
            st.caption(traits(touchpoint, titles) or _("planned"), help=_details(touchpoint))

    def footer(stage: Stage) -> None:
        if stage.questions:
            with st.container(gap="xsmall"):
                st.caption(_("Customers ask"))
                for asked in stage.questions:
                    st.markdown(question(asked, titles))

    board(plan.map, _stage, card, footer)
    if plan.map.anywhere:
        st.markdown("**" + _("May happen at any time") + "**")
        for column, touchpoint in zip(st.columns(5), plan.map.anywhere, strict=False):
            with column:
                card(touchpoint)
    plan_beside.show(plan.map)


def _stage(stage: Stage) -> None:
    """Head the column of a stage."""
    with st.container(border=True, gap="xxsmall"):
        st.markdown(f"#### {md_escape(stage_title(stage))}", help=_aims(stage))
        said = [md_escape(local(stage.owner))] if stage.owner else []
        said += [_("may be skipped")] if stage.may_skip else []
        if said:
            st.caption(" · ".join(said))


def _aims(stage: Stage) -> str | None:
    """Say where a stage lies, what the company wants of it and how it goes about it."""
    phases = {"buyer": _("Before the purchase"), "user": _("After the purchase")}
    said = [phases[stage.phase]] if stage.phase else []
    said += [md("Company goal: {goal}", goal=stage.company_goal)] if stage.company_goal else []
    said += ["- " + md_escape(local(tactic)) for tactic in stage.tactics]
    return "\n\n".join(said) or None


def _details(touchpoint: Touchpoint) -> str | None:
    """Say what the map tells about a touchpoint besides its traits."""
    said = []
    for label, texts in (
        (_("Doing"), touchpoint.doing),
        (_("Thinking"), touchpoint.thinking),
        (_("Need"), touchpoint.need),
    ):
        said += [f"{label}: {md_escape(local(text))}" for text in texts]
    said += [md("Asset: {asset}", asset=touchpoint.asset)] if touchpoint.asset else []
    said += [md("Measure: {metric}", metric=touchpoint.metric)] if touchpoint.metric else []
    said += [md("Fails when: {condition}", condition=touchpoint.fails_when)] if touchpoint.fails_when else []
    events = ", ".join(b.activity or str(dict(b.attributes)) for b in touchpoint.events)
    said += [md("Events: {events}", events=events)] if events else []
    return "\n\n".join(said) or None


def _feeling(plan: Plan) -> None:
    data = feeling_data(plan.map)
    if data.is_empty():
        st.info(_("This map plans no feelings. Give a stage or a touchpoint a `feeling` from -2 to 2."))
        return
    st.caption(_("How customers are meant to feel, from −2 to +2, touchpoint by touchpoint."))
    chart(feeling_chart, data, alt=_("Curve of the planned feeling"), said=feelings_said(data))


def _text(plan: Plan | None) -> None:
    """Edit the map as text; a valid text becomes the map in use at once, the problems of another are listed."""
    in_use = plan.text if plan else ""
    if "plan_text" not in st.session_state or st.session_state.get("plan_text_of") != in_use:
        st.session_state["plan_text"] = st.session_state.get("plan_draft", in_use)
        st.session_state["plan_text_of"] = in_use
    editor, verdict = st.columns([3, 2])
    text = editor.text_area(
        _("The map as text"), key="plan_text", height=620, help=_("Leave the field or press Ctrl+Enter to check it.")
    )
    with verdict:
        read = _verdict(plan, text)
        fit.listing(state.log(), read or (plan.map if plan else None))


def _verdict(plan: Plan | None, text: str) -> JourneyMap | None:
    """Say what is wrong with a text, or take it; give what it says where it is valid."""
    name = st.session_state.get("plan_draft_name") or (plan.name if plan else "map.yaml")
    try:
        read = state.parsed(text, name)
    except MapError as error:
        st.session_state["plan_draft"] = text
        st.html(plan_lines.style("plan_text", text, error.problems))
        show_error(error)
        st.caption(_("The map in use stays as it was until this text is valid."))
        return None
    if plan is None or text != plan.text:
        _use(name, text)
        return read
    st.html(plan_lines.style("plan_text", text, read.warnings))
    st.success(_("The map is valid and in use."), icon=":material/check_circle:")
    for warning in read.warnings:
        st.warning(md_escape(say_problem(warning)), icon=":material/info:")
    _save(plan)
    return read


def _save(plan: Plan) -> None:
    """Write the map into the folder of the workspace."""
    from pipeline.files import write_atomically

    place = Path(state.workspace_path()).with_name(f"{plan.map.id}.yaml")
    if st.button(_("Save beside the workspace"), icon=":material/save:", help=md_escape(place)):
        write_atomically(place, plan.text.encode())
        st.toast(md("Saved as {path}", path=place.name), icon=":material/check:")


show()
