"""The steps that clean paths, as they are edited: said in words, moved, taken out, added."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from mining.recipe import EVERY, Collapse, Drop, Group, Recipe, Rename, Step, Trim
from ui.language import _, md
from ui.text import heading

STEPS = "paths_steps"
NAMES = 6
GROUP, RENAME, DROP, COLLAPSE, TRIM = "group", "rename", "drop", "collapse", "trim"


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
    if isinstance(step, Trim):
        return _words_of_trim(step)
    if step.activities == (EVERY,):
        return _("Count repeats of any activity in a row as one event")
    return md("Count repeats of {names} in a row as one event", names=named(step.activities))


def _words_of_trim(step: Trim) -> str:
    if not step.end:
        return md("Begin every journey with its first {names}", names=named(step.start))
    if not step.start:
        return md("End every journey with its last {names}", names=named(step.end))
    return md("Keep from the first {first} to the last {last}", first=named(step.start), last=named(step.end))


def named(names: Sequence[str]) -> str:
    """List names in quotation marks, the first few of many; blanks that one would overlook are made visible."""
    shown = ", ".join(f"“{name.replace('  ', '␣␣')}”" for name in names[:NAMES])
    return shown if len(names) <= NAMES else shown + " " + _("and {n} more", n=len(names) - NAMES)


def _icon(step: Step) -> str:
    icons = {Rename: "edit", Group: "join", Drop: "delete_sweep", Collapse: "compress", Trim: "content_cut"}
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
        TRIM: _("Cut the ends off"),
    }
    forms = {GROUP: _group, RENAME: _rename, DROP: _drop, COLLAPSE: _collapse, TRIM: _trim}
    with st.container(border=True, gap="small"):
        kind = st.segmented_control(
            _("Add a step"), list(kinds), default=GROUP, required=True, format_func=kinds.__getitem__, key="step_kind"
        )
        step = forms[str(kind)](names)
        st.button(
            _("Add this step"),
            icon=":material/add:",
            key="step_add",
            disabled=step is None,
            on_click=_added,
            args=(step,),
        )


def _group(names: list[str]) -> Step | None:
    picked, target = _several(names, _("Activities"), "step_many"), _new_name()
    return Group(picked, target) if picked and target else None


def _rename(names: list[str]) -> Step | None:
    picked = st.selectbox(_("Activity"), names, index=None, key="step_one", placeholder=_("Choose an activity"))
    target = _new_name()
    return Rename(picked, target) if picked and target else None


def _drop(names: list[str]) -> Step | None:
    picked = _several(names, _("Activities"), "step_many")
    return Drop(picked) if picked else None


def _collapse(names: list[str]) -> Step:
    picked = _several(names, _("Activities"), "step_many", _("All activities"))
    return Collapse(picked) if picked else Collapse()


def _trim(names: list[str]) -> Step | None:
    first = _several(names, _("Begin with the first"), "step_from", _("The first event"))
    last = _several(names, _("End with the last"), "step_to", _("The last event"))
    st.caption(_("A journey without such a part is left out."))
    return Trim(first, last) if first or last else None


def _several(names: list[str], label: str, key: str, placeholder: str | None = None) -> tuple[str, ...]:
    """Ask for activities; names with ``*`` can be typed."""
    picked = st.multiselect(
        label,
        names,
        key=key,
        accept_new_options=True,
        placeholder=placeholder or _("Choose activities"),
        help=_("Or type a name with * for any signs, such as “page *”."),
        select_all=False,
    )
    return tuple(str(name) for name in picked if name)


def _new_name() -> str:
    return st.text_input(_("New name"), key="step_target").strip()


def _added(step: Step) -> None:
    append(step)
    fields: tuple[tuple[str, Any], ...] = (
        *((key, []) for key in ("step_many", "step_from", "step_to")),
        ("step_one", None),
        ("step_target", ""),
    )
    for name, empty in fields:
        if name in st.session_state:
            st.session_state[name] = empty
