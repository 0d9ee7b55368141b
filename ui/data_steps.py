"""The steps that clean paths, as they are edited: said in words, moved, taken out, added."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from mining.recipe import EVERY, Collapse, Drop, Group, Recipe, Rename, Step
from ui.language import _, md
from ui.text import heading

STEPS = "paths_steps"
NAMES = 6
GROUP, RENAME, DROP, COLLAPSE = "group", "rename", "drop", "collapse"


def edited(key: str, applied: Recipe) -> list[Step]:
    """Give the steps as they are being edited; they begin with those that are applied."""
    kept = st.session_state.get(STEPS)
    if kept is None or kept["of"] != key:
        kept = {"of": key, "steps": list(applied.steps)}
        st.session_state[STEPS] = kept
    found: list[Step] = kept["steps"]
    return found


def words(step: Step) -> str:
    """Say a step in words, as Markdown."""
    if isinstance(step, Rename):
        return md("Rename “**{old}**” to “**{new}**”", old=step.source, new=step.target)
    if isinstance(step, Group):
        return md("Take {names} together as “**{new}**”", names=named(step.activities), new=step.target)
    if isinstance(step, Drop):
        return md("Leave out {names}", names=named(step.activities))
    if step.activities == (EVERY,):
        return _("Count repeats of any activity in a row as one event")
    return md("Count repeats of {names} in a row as one event", names=named(step.activities))


def named(names: Sequence[str]) -> str:
    """List names in quotation marks, the first few of many; blanks that one would overlook are made visible."""
    shown = ", ".join(f"“{name.replace('  ', '␣␣')}”" for name in names[:NAMES])
    return shown if len(names) <= NAMES else shown + " " + _("and {n} more", n=len(names) - NAMES)


def _icon(step: Step) -> str:
    icons = {Rename: "edit", Group: "join", Drop: "delete_sweep", Collapse: "compress"}
    return icons[type(step)]


def show(steps: list[Step], applied: Recipe) -> None:
    """Show the steps in order, each with ways to move it and to take it out."""
    st.markdown(heading(_("Steps, in this order")))
    if not steps:
        st.info(_("No step yet: paths are looked at as they were recorded."), icon=":material/info:")
    with st.container(border=bool(steps), gap="xsmall"):
        for place, step in enumerate(steps):
            said, buttons = st.columns([5, 1.5], vertical_alignment="center", gap="small")
            said.markdown(f":gray[{place + 1}.] :material/{_icon(step)}: {words(step)}")
            with buttons.container(horizontal=True, horizontal_alignment="right", gap="small"):
                _button("arrow_upward", _("Earlier"), f"step_up_{place}", _move, (place, -1), place == 0)
                _button("arrow_downward", _("Later"), f"step_down_{place}", _move, (place, 1), place == len(steps) - 1)
                _button("close", _("Take it out"), f"step_out_{place}", _out, (place,), False)
    if tuple(steps) != applied.steps:
        st.button(
            _("Back to what is applied"), icon=":material/undo:", type="tertiary", key="steps_back", on_click=_back
        )


def _button(icon: str, help_: str, key: str, act: Any, args: tuple[Any, ...], disabled: bool) -> None:
    st.button(
        "", icon=f":material/{icon}:", type="tertiary", key=key, on_click=act, args=args, disabled=disabled, help=help_
    )


def _in_use() -> list[Step]:
    """Give the steps that are being edited."""
    found: list[Step] = st.session_state[STEPS]["steps"]
    return found


def _move(place: int, by: int) -> None:
    steps = _in_use()
    steps[place], steps[place + by] = steps[place + by], steps[place]


def _out(place: int) -> None:
    del _in_use()[place]


def _back() -> None:
    st.session_state.pop(STEPS, None)


def append(step: Step) -> None:
    """Add a step to those that are being edited."""
    _in_use().append(step)


def ask(names: list[str]) -> None:
    """Ask for one more step."""
    kinds = {
        GROUP: _("Take together"),
        RENAME: _("Rename"),
        DROP: _("Leave out"),
        COLLAPSE: _("Count repeats as one"),
    }
    with st.container(border=True, gap="small"):
        kind = st.segmented_control(
            _("Add a step"), list(kinds), default=GROUP, required=True, format_func=kinds.__getitem__, key="step_kind"
        )
        hint = _("Or type a name with * for any signs, such as “page *”.")
        if kind == RENAME:
            picked = [
                st.selectbox(_("Activity"), names, index=None, key="step_one", placeholder=_("Choose an activity"))
            ]
        else:
            picked = st.multiselect(
                _("Activities"),
                names,
                key="step_many",
                accept_new_options=True,
                placeholder=_("All activities") if kind == COLLAPSE else _("Choose activities"),
                help=hint,
                select_all=False,
            )
        target = ""
        if kind in (GROUP, RENAME):
            target = st.text_input(_("New name"), key="step_target").strip()
        step = _made(str(kind), [str(name) for name in picked if name], target)
        st.button(
            _("Add this step"),
            icon=":material/add:",
            key="step_add",
            disabled=step is None,
            on_click=_added,
            args=(step,),
        )


def _made(kind: str, picked: Sequence[str], target: str) -> Step | None:
    """Give the step that was described; None while something is missing."""
    if kind == COLLAPSE:
        return Collapse(tuple(picked)) if picked else Collapse()
    if not picked or (kind in (GROUP, RENAME) and not target):
        return None
    if kind == DROP:
        return Drop(tuple(picked))
    return Rename(picked[0], target) if kind == RENAME else Group(tuple(picked), target)


def _added(step: Step) -> None:
    append(step)
    for name, empty in (("step_many", []), ("step_one", None), ("step_target", "")):
        if name in st.session_state:
            st.session_state[name] = empty
