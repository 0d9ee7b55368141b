"""After a load, what should be settled before anything else: a click for each, and one to take it back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from mining.recipe import Group
from pipeline import loading, settling
from pipeline.definition import Definition
from pipeline.ingest_report import IngestReport
from pipeline.settling import ToSettle
from ui import data_lost, data_run, state
from ui.data_run import Running
from ui.data_steps import words
from ui.language import _, counted
from ui.state import Log
from ui.text import bold, heading

MOST_NAMED = 8


def show(log: Log, load: Running, report: IngestReport, again: Callable[[], None]) -> None:
    """Draw what there is; nothing where all is well.

    Parameters
    ----------
    load : Running
        The load that is over.
    report : IngestReport
        What it gave.
    again : callable
        What a click on the way back to a load does.
    """
    with st.spinner(_("Looking at every event …")):
        found = _found(log)
    lost = data_lost.is_much(report)
    if not found and not lost:
        return
    meant = log.workspace.definition
    wanted: dict[str, Definition] = {}
    with st.container(border=True, gap="xsmall"):
        st.markdown(heading(_("To settle first")))
        if lost:
            data_lost.show(log, report, again)
        if found.names and _offer("names", _differ(found.names), _steps(found.names)):
            wanted[_("Cleaning the paths")] = settling.with_names(meant, found, together=True)
        if found.taken and _settled("names", _together(found.taken), _steps(found.taken)):
            wanted[_("Cleaning the paths")] = settling.with_names(meant, found, together=False)
        if found.copies and _offer("copies", _twice(found.copies), _untouched()):
            wanted[_("Making journeys anew")] = settling.with_copies(meant, kept=False)
        if found.left_out and _settled("copies", _left_out(found.left_out), _untouched()):
            wanted[_("Making journeys anew")] = settling.with_copies(meant, kept=True)
    for title, definition in wanted.items():
        _begin(log, load, title, definition)


@st.cache_resource(show_spinner=False, max_entries=30)
def _found(log: Log) -> ToSettle:
    return settling.to_settle(log.workspace)


def _begin(log: Log, load: Running, title: str, wanted: Definition) -> None:
    """Make the log anew, and come back to what the load gave."""
    job = loading.redefine(log.workspace, wanted, rows=state.summary(log).events)
    data_run.start(job, title, Path(log.path), load=load)
    job.wait(0.3)
    st.rerun()


def _offer(kind: str, said: str, more: str) -> bool:
    """Say what was found; tell whether it is to be settled."""
    label = {"names": _("Take them together"), "copies": _("Leave them out")}[kind]
    icon = {"names": ":material/join:", "copies": ":material/filter_alt_off:"}[kind]
    return _row(":orange[:material/rule:] " + bold(said), more, label, icon=icon, key=f"settle_{kind}")


def _settled(kind: str, said: str, more: str) -> bool:
    """Say what was settled; tell whether it is to be taken back."""
    undo = {"icon": ":material/undo:", "type": "tertiary", "key": f"unsettle_{kind}"}
    return _row(":green[:material/check:] " + said, more, _("Undo"), **undo)


def _row(said: str, more: str, label: str, **button: Any) -> bool:
    """Say something beside a button, and tell whether that was pressed."""
    text, beside = st.columns([5, 2], vertical_alignment="center")
    text.markdown(said, help=more)
    return beside.button(label, width="stretch", disabled=data_run.is_busy(), **button)


def _differ(steps: Sequence[Group]) -> str:
    n = _names(steps)
    return counted("{n} name differs from another only in writing", "{n} names differ from others only in writing", n)


def _together(steps: Sequence[Group]) -> str:
    n = _names(steps)
    return counted("{n} name is taken together with its twin", "{n} names are taken together with their twins", n)


def _twice(n: int) -> str:
    return counted(
        "{n} duplicate row: it equals an earlier one, and counts twice",
        "{n} duplicate rows: they equal earlier ones, and count twice",
        n,
    )


def _left_out(n: int) -> str:
    return counted("{n} duplicate row is left out", "{n} duplicate rows are left out", n)


def _names(steps: Sequence[Group]) -> int:
    return sum(len(step.activities) for step in steps)


def _steps(steps: Sequence[Group]) -> str:
    more = ["- …"] if len(steps) > MOST_NAMED else []
    return "\n".join([*(f"- {words(step)}" for step in steps[:MOST_NAMED]), *more])


def _untouched() -> str:
    return _("What was recorded stays as it is, and no file is read again.")
