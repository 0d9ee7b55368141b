"""A load or another change of the workspace at work: how far it is, a way to stop it, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from pipeline.ingest_report import IngestReport
from pipeline.loading import Job
from ui import data_choose, first_plan, state
from ui.app_words import in_app
from ui.formats import compact, duration, number, percent
from ui.frame import show_error
from ui.language import _, counted, md, say, translate
from ui.state import Log
from ui.text import bold, heading, md_escape
from ui.widgets import rejected_rows

OWN = "data_job"
EVERY_S = 0.5
MANY = 5000


@dataclass(frozen=True)
class Running:
    """A job with what the pages know of it.

    Attributes
    ----------
    title : str
        What it does, for people.
    place : str
        The workspace it changes.
    files : tuple of str
        What was chosen to be loaded.
    """

    job: Job
    title: str
    place: str
    files: tuple[str, ...] = ()

    @property
    def is_load(self) -> bool:
        """Whether files are loaded; otherwise what is there is changed."""
        return bool(self.files)


@st.cache_resource(show_spinner=False)
def _of_all() -> dict[str, Running]:
    """Give the jobs of all sessions by the workspace in use when they began: a page opened anew finds its own."""
    return {}


def start(job: Job, title: str, place: Path, *, files: tuple[str, ...] = ()) -> None:
    """Let a page follow a job that has begun."""
    running = Running(job, title, str(place), files)
    st.session_state[OWN] = running
    _of_all()[state.workspace_path()] = running


def current() -> Running | None:
    """Give the job of this session, or one that is at work on its workspace."""
    own: Running | None = st.session_state.get(OWN)
    if own is not None:
        return own
    found = _of_all().get(state.workspace_path())
    return found if found is not None and found.job.state == "running" else None


def is_busy() -> bool:
    """Say whether a job is at work: a second one would have to wait."""
    found = current()
    return found is not None and found.job.state == "running"


def forget() -> None:
    """Let go of a job that is over."""
    st.session_state.pop(OWN, None)
    _of_all().pop(state.workspace_path(), None)


def settle() -> Running | None:
    """Take over what a job has done, once it is over, and give it where there is something to show."""
    found = current()
    if found is None:
        return None
    if found.job.state != "running" and st.session_state.get(f"{OWN}_taken") != id(found.job):
        st.session_state[f"{OWN}_taken"] = id(found.job)
        if found.job.state == "done":
            _take(found)
    return found


def _take(found: Running) -> None:
    """Open the workspace that was loaded, and let go of the copies."""
    data_choose.drop_all(found.files)
    st.session_state.pop("load_replaces", None)
    _of_all().pop(state.workspace_path(), None)
    if found.place != state.workspace_path():
        state.use_workspace(Path(found.place))
    st.rerun()  # the frame above has shown what was before


@st.fragment(run_every=EVERY_S)
def follow() -> None:
    """Show how far the job is, again and again until it is over."""
    found = current()
    if found is None or found.job.state != "running":
        st.rerun()
        return
    job = found.job
    with st.container(border=True):
        title, button = st.columns([5, 1], vertical_alignment="center")
        title.markdown(heading(md_escape(found.title)))
        button.button(
            _("Cancel"),
            icon=":material/close:",
            on_click=job.cancel,
            disabled=job.stopping,
            width="stretch",
            key="data_cancel",
        )
        said = _("Cancelling, and taking back what was done …") if job.stopping else say(in_app(job.message)) + " …"
        st.progress(min(max(job.share, 0.0), 1.0), text=f"{percent(job.share, 0)} · {md_escape(said)}")
        figures = st.columns(3)
        rows = job.rows
        figures[0].metric(_("Rows so far"), ("≈ " + number(rows)) if rows is not None else "–")
        figures[1].metric(_("Rows per second"), compact(round(job.rows_per_s)) if job.rows_per_s else "–")
        figures[2].metric(_("Time so far"), duration(job.seconds))
        st.caption(
            ":material/info: "
            + _("You can go to other pages meanwhile; they show the workspace as it was until this is done.")
        )


def outcome(log: Log, again: Callable[[], None]) -> None:
    """Show what became of the job that is over.

    Parameters
    ----------
    again : callable
        What a click on the way back does.
    """
    found = st.session_state.get(OWN)
    if found is None or found.job.state == "running":
        return
    job = found.job
    if job.state == "cancelled":
        st.info(_("Cancelled. The workspace is as it was before."), icon=":material/undo:")
    elif job.state == "failed":
        show_error(job.error)
        st.caption(_("Nothing was changed."))
    elif isinstance(job.result, IngestReport):
        _loaded(log, found, job.result, again)
        return
    else:
        _changed(job.result)
    st.button(_("Close"), icon=":material/close:", type="tertiary", on_click=forget, key="data_close")


def _changed(change: Any) -> None:
    """Say what another definition, or a source less, has given."""
    before, after = change.before, change.after
    st.success(
        md(
            "Done: {journeys} journeys and {events} events; before, it was {journeys_before} and {events_before}.",
            journeys=after.journeys,
            events=after.events,
            journeys_before=before.journeys,
            events_before=before.events,
        ),
        icon=":material/check:",
    )
    for note in change.notes:
        st.caption(":material/info: " + md_escape(say(in_app(note))))


def _loaded(log: Log, found: Running, report: IngestReport, again: Callable[[], None]) -> None:
    """Sum a load up, and offer the ways on."""
    with st.container(border=True):
        st.markdown(heading(":green[:material/check_circle:] " + _loaded_title(report)))
        if report.skipped:
            names = ", ".join(report.skipped)
            st.info(md("Loaded before, and left as they are: {names}", names=names), icon=":material/info:")
        figures = [
            (_("Rows read"), number(report.rows_in), None),
            (_("Kept"), number(report.rows_kept), None),
            (_("Rejected"), number(report.rows_rejected), _("Kept aside with their reason.")),
            (_("Journeys"), number(report.journeys), _("In the whole workspace.")),
            (_("Activities"), number(report.activities), _("In the whole workspace.")),
        ]
        for column, (label, value, help_) in zip(st.columns(len(figures)), figures, strict=True):
            column.metric(label, value, help=help_, border=True)
        _speed(found.job, report.rows_in)
        _reasons(log, report)
        for warning in dict.fromkeys(report.warnings):
            st.caption(":material/info: " + md_escape(say(in_app(warning))))
        _ways_on(again)


def _speed(job: Job, rows: int) -> None:
    """Say how long it took; of few rows, the speed tells nothing."""
    speed = job.rows_per_s
    if speed is None or rows < MANY:
        st.caption(md("In {seconds}", seconds=duration(job.seconds)))
    else:
        st.caption(
            md("In {seconds}, {speed} rows per second", seconds=duration(job.seconds), speed=compact(round(speed)))
        )


def _loaded_title(report: IngestReport) -> str:
    if not report.sources:
        return _("Nothing new")
    if len(report.sources) == 1:
        return md("{name} is loaded", name=report.sources[0].name)
    return counted("{n} source is loaded", "{n} sources are loaded", len(report.sources))


def _reasons(log: Log, report: IngestReport) -> None:
    if not report.rows_rejected:
        return
    said, button = st.columns([3, 1], vertical_alignment="bottom")
    lines = [
        f"- {md_escape(translate(reason))}: " + counted("{n} row", "{n} rows", n)
        for reason, n in report.reasons.items()
    ]
    said.markdown(bold(_("Why rows were rejected")) + "\n" + "\n".join(lines))
    rejected_rows(log, _("Rejected rows"), "loaded_rejects", button, width="stretch")


def _ways_on(again: Callable[[], None]) -> None:
    """Offer what one does after a load."""
    with st.container(horizontal=True, gap="small"):
        if state.plan() is None:
            if first_plan.button("loaded_first_plan"):
                _leave("ui/plan_page.py")
        elif st.button(_("Compare"), type="primary", icon=":material/difference:", key="loaded_compare"):
            _leave("ui/compare_page.py")
        if st.button(_("Explore"), icon=":material/account_tree:", key="loaded_explore"):
            _leave("ui/explore_page.py")
        st.button(
            _("See its quality"), icon=":material/fact_check:", on_click=_go, args=("quality",), key="loaded_quality"
        )
        st.button(_("See the workspace"), icon=":material/database:", on_click=_go, args=("here",), key="loaded_here")
        st.button(_("Load more"), icon=":material/add:", on_click=again, key="loaded_more")


def _leave(page: str) -> None:
    forget()
    st.switch_page(page)


def _go(view: str) -> None:
    forget()
    st.session_state["data_view"] = view


@st.fragment(run_every=2.0)
def card() -> None:
    """Say on every page, in the sidebar, that a job is at work."""
    found = current()
    if found is None or found.job.state != "running":
        return
    with st.container(border=True, gap="xxsmall"):
        st.markdown(f":material/progress_activity: {bold(md_escape(found.title))}")
        st.caption(f"{percent(found.job.share, 0)} · {md_escape(duration(found.job.seconds))}")
        st.page_link("ui/data_page.py", label=_("See how far it is"), icon=":material/arrow_forward:")
