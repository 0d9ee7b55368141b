"""A load or another change of the workspace at work: how far it is, and a way to stop it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from pipeline.loading import Job
from ui import data_choose, state
from ui.app_words import in_app
from ui.formats import duration, number, number_about, percent
from ui.language import _, say
from ui.text import bold, heading, md_escape

OWN, TAKEN = "data_job", "data_job_taken"
EVERY_S = 0.5
COUNTS = 0.01  # of the work: before, what is being done tells more than how much of it


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
    load : Running, optional
        The load that this settles something of: what it gave is shown again afterwards.
    """

    job: Job
    title: str
    place: str
    files: tuple[str, ...] = ()
    load: Running | None = None

    @property
    def is_load(self) -> bool:
        """Whether files are loaded; otherwise what is there is changed."""
        return bool(self.files)


@st.cache_resource(show_spinner=False)
def _of_all() -> dict[str, Running]:
    """Give the jobs of all sessions by the workspace in use when they began: a page opened anew finds its own."""
    return {}


def start(job: Job, title: str, place: Path, *, files: tuple[str, ...] = (), load: Running | None = None) -> None:
    """Let a page follow a job that has begun."""
    running = Running(job, title, str(place), files, load)
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


def is_new() -> bool:
    """Say whether there is a job that is at work, or is over and was not looked at since."""
    found = current()
    return found is not None and (found.job.state == "running" or st.session_state.get(TAKEN) != id(found.job))


def forget() -> None:
    """Let go of a job that is over."""
    st.session_state.pop(OWN, None)
    _of_all().pop(state.workspace_path(), None)


def settle() -> Running | None:
    """Take over what a job has done, once it is over, and give it where there is something to show."""
    found = current()
    if found is None:
        return None
    if found.job.state != "running" and st.session_state.get(TAKEN) != id(found.job):
        st.session_state[TAKEN] = id(found.job)
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
        share = percent(job.share, 0) + " · " if _counts(job) else ""
        st.progress(min(max(job.share, 0.0), 1.0), text=share + md_escape(said))
        for column, (label, value) in zip(st.columns(3), _figures(job), strict=False):
            column.metric(label, value)
        st.caption(
            ":material/info: "
            + _("You can go to other pages meanwhile; they show the workspace as it was until this is done.")
        )


def _counts(job: Job) -> bool:
    """Say whether so much is done that a share of it means something."""
    return job.share >= COUNTS


def _figures(job: Job) -> list[tuple[str, str]]:
    """Give what can be counted by now: the time always, rows and their speed once some are behind."""
    figures = [(_("Time so far"), duration(job.seconds))]
    if _counts(job) and job.rows and job.rows_per_s:
        figures.append((_("Rows so far"), "≈ " + number(job.rows)))
        figures.append((_("Rows per second"), number_about(job.rows_per_s)))
    return figures


@st.fragment(run_every=2.0)
def card() -> None:
    """Say on every page, in the sidebar, that a job is at work, and that it is over: the way to what it gave."""
    found = current()
    if found is None:
        return
    with st.container(border=True, gap="xxsmall"):
        if found.job.state != "running":
            st.markdown(f":material/task_alt: {bold(md_escape(found.title))}")
            st.page_link("ui/data_page.py", label=_("Finished: see what it gave"), icon=":material/arrow_forward:")
            return
        st.markdown(f":material/progress_activity: {bold(md_escape(found.title))}")
        far = percent(found.job.share, 0) if _counts(found.job) else md_escape(say(in_app(found.job.message)))
        st.caption(f"{far} · {md_escape(duration(found.job.seconds))}")
        st.page_link("ui/data_page.py", label=_("See how far it is"), icon=":material/arrow_forward:")
