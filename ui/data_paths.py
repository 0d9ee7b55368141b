"""Clean paths: a list of steps from recorded activities to those that are looked at, previewed before it is applied."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

import polars as pl
import streamlit as st

from mining.errors import DesirePathError
from mining.recipe import Recipe, Step, roll_up
from pipeline import loading
from pipeline.rebuild import Change, recorded_activities
from pipeline.settling import one_name
from ui import data_run, data_steps, state
from ui.data_sources import before_after, redefined, state_path
from ui.data_steps import STEPS, append, named
from ui.formats import number
from ui.frame import show_error
from ui.language import _, counted, local, md
from ui.state import Log
from ui.tables import Column
from ui.tables import show as table
from ui.text import bold, heading, md_escape, small

SUGGESTED = 8


def show(log: Log) -> None:
    """Draw the steps on the left, and what they give on the right."""
    applied = log.workspace.definition.recipe
    steps = data_steps.edited(f"{log.path}|{log.version}", applied)
    recorded = _recorded(log)
    st.caption(
        _(
            "What was recorded stays as it is: steps can be changed and taken back at any time, and no file is read "
            "again."
        )
    )
    left, right = st.columns([1, 1], gap="large")
    with left:
        data_steps.show(steps, applied)
        data_steps.ask(recorded["name"].to_list())
        _suggestions(recorded, steps)
        _files(steps)
    with right:
        _preview(log, recorded, Recipe(tuple(steps)), applied)


@st.cache_resource(show_spinner=False, max_entries=20)
def _recorded(log: Log) -> pl.DataFrame:
    return recorded_activities(log.workspace)


def _suggestions(recorded: pl.DataFrame, steps: Sequence[Step]) -> None:
    """Offer a step for each group of names that seem to be one, and the touchpoints of the plan."""
    groups = one_name(list(recorded.select("name", "n_events").iter_rows()), steps)
    plan = state.plan() if state.log() else None
    if not groups and plan is None:
        return
    st.markdown(heading(_("Suggestions")))
    with st.container(border=True, gap="xsmall"):
        if len(groups) > 1:
            st.button(
                _("Take all together"), icon=":material/join:", key="suggest_all", on_click=_append_all, args=(groups,)
            )
        for place, group in enumerate(groups[:SUGGESTED]):
            said, button = st.columns([2, 1], vertical_alignment="center")
            said.markdown(md("{names} seem to be one activity", names=named((group.target, *group.activities))))
            with button.container(horizontal_alignment="right"):
                st.button(
                    _("Take together"),
                    icon=":material/join:",
                    type="tertiary",
                    key=f"suggest_{place}",
                    on_click=append,
                    args=(group,),
                )
        if plan is not None:
            said, button = st.columns([2, 1], vertical_alignment="center")
            said.markdown(
                md(
                    "Roll activities up to the touchpoints of the plan **{plan}**",
                    plan=local(plan.map.title) or plan.map.id,
                )
            )
            with button.container(horizontal_alignment="right"):
                if st.button(_("Roll up"), icon=":material/map:", type="tertiary", key="suggest_plan"):
                    _roll_up(plan)


def _append_all(steps: Sequence[Step]) -> None:
    for step in steps:
        append(step)


def _roll_up(plan: state.Plan) -> None:
    try:
        found = roll_up(plan.map)
    except DesirePathError as error:
        show_error(error)
        return
    for step in found.steps:
        append(step)
    st.rerun()


def _after(recorded: pl.DataFrame, steps: Sequence[Step]) -> pl.DataFrame:
    """Give recorded activities with their names after some steps; none where their events are left out."""
    recipe = Recipe(tuple(steps))
    names = recorded["name"].to_list()
    return recorded.with_columns(after=pl.Series([recipe.after(name) for name in names], dtype=pl.String))


def _preview(log: Log, recorded: pl.DataFrame, recipe: Recipe, applied: Recipe) -> None:
    """Show what the steps give, and apply them."""
    st.markdown(heading(_("What it gives")))
    changed = recipe != applied
    if not changed:
        st.caption(_("These steps are applied.") if recipe.steps else _("Nothing is cleaned."))
    else:
        meant = replace(log.workspace.definition, recipe=recipe)
        try:
            with st.spinner(_("Working out what would change …")):
                change: Change = redefined(log, json.dumps(meant.as_dict(), sort_keys=True))
        except DesirePathError as error:
            show_error(error)
            return
        before_after(change)
        apply, _space = st.columns([1, 2])
        if apply.button(
            _("Apply"), type="primary", icon=":material/check:", key="paths_apply", disabled=data_run.is_busy(),
            width="stretch",
        ):  # fmt: skip
            job = loading.redefine(log.workspace, meant, rows=change.before.events)
            data_run.start(job, _("Cleaning the paths"), state_path(log))
            job.wait(0.3)
            st.rerun()
    _affected(_after(recorded, recipe.steps))


def _affected(after: pl.DataFrame) -> None:
    """List the activities that are called otherwise afterwards, or are left out."""
    rows = after.filter(pl.col("after").is_null() | (pl.col("after") != pl.col("name")))
    if rows.is_empty():
        return
    of = _("of {n}", n=after.height)
    said = bold(counted("{n} activity is affected", "{n} activities are affected", rows.height))
    st.markdown(f"{said} {small(f':gray[{md_escape(of)}]')}")
    columns = {
        "name": Column(_("As recorded")),
        "n_events": Column(_("Events"), number, width=90),
        "after": Column(_("Afterwards"), empty=_("left out")),
    }
    shown = rows.with_columns(pl.col("after").fill_null(_("left out")))
    table(shown, columns, rows=10, alt=_("Activities that are affected"))


def _files(steps: Sequence[Step]) -> None:
    """Offer the steps as a file, and take one."""
    with st.expander(_("As a file"), icon=":material/description:"):
        if steps:
            st.download_button(
                _("Download as YAML"),
                Recipe(tuple(steps)).as_yaml(),
                file_name="recipe.yaml",
                mime="application/yaml",
                icon=":material/download:",
                on_click="ignore",
                key="paths_download",
            )
        turn = st.session_state.setdefault("paths_turn", 0)
        given = st.file_uploader(
            _("Take the steps of a file"), type=["yaml", "yml", "json"], key=f"paths_upload_{turn}"
        )
        if given is not None:
            try:
                recipe = Recipe.parse(given.getvalue().decode("utf-8-sig", errors="replace"), given.name)
            except DesirePathError as error:
                show_error(error)
                return
            st.session_state[STEPS]["steps"] = list(recipe.steps)
            st.session_state["paths_turn"] = turn + 1
            st.rerun()
