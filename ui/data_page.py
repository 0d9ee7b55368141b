"""Data: what is in the workspace and where it came from; loading files into it."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import streamlit as st

from mining.errors import DesirePathError
from ui import data_load, data_outcome, data_paths, data_quality, data_run, data_sources, state
from ui.formats import number, period
from ui.frame import show_error
from ui.language import _, md, translate
from ui.state import Log
from ui.tables import Column
from ui.tables import show as table
from ui.text import heading
from ui.widgets import no_times, rejected_rows, switch

HERE, LOAD, QUALITY, PATHS = "here", "load", "quality", "paths"


def show() -> None:
    """Draw the page."""
    st.title(_("Data"), anchor=False)
    log = state.log()
    views = {
        HERE: _("In this workspace"),
        LOAD: _("Load files"),
        QUALITY: _("Quality"),
        PATHS: _("Clean paths"),
    }
    view = switch("data_view", views, LOAD if log.is_empty else HERE)
    if view == LOAD:
        data_load.show(log)
        return
    running = data_run.settle()
    log = state.log()
    if running is not None and running.job.state == "running":
        data_run.follow()
    elif running is not None and (running.is_load or running.load) and running.job.state == "done":
        data_run.forget()  # this page shows it all
    elif running is not None:
        data_outcome.outcome(log, _load)
    if log.is_empty:
        _switch(log)
        st.info(_("This workspace is empty. Load a file into it, or open the sample."), icon=":material/inbox:")
    elif view == QUALITY:
        data_quality.show(log)
    elif view == PATHS:
        data_paths.show(log)
    else:
        _workspace(log)


def _load() -> None:
    """Go to the load."""
    data_run.forget()
    st.session_state["data_view"] = LOAD


def _workspace(log: Log) -> None:
    """Show what the workspace holds."""
    _switch(log)
    _figures(log)
    data_sources.flow(log)
    data_sources.sources(log, _load)
    data_sources.journeys(log)
    _attributes(log)
    _rejects(log)


def _switch(log: Log) -> None:
    """Offer the workspaces of the same folder, and the sample."""
    folder = Path(log.path).parent
    names = sorted({file.name for file in folder.glob("*.duckdb") if not file.name.startswith(".")} | {log.name})
    pick, sample, _space = st.columns([3, 2, 5], vertical_alignment="bottom")
    picked = pick.selectbox(_("Workspace"), names, index=names.index(log.name), help=str(folder))
    if picked != log.name:
        _open(folder / str(picked))
    if sample.button(_("Open the sample"), icon=":material/school:", width="stretch"):
        _open(_sample(folder))


def _open(path: Path) -> None:
    """Make a workspace the one in use, or say why that cannot be."""
    try:
        with st.spinner(_("Opening {name} …", name=path.name)):
            state.open_workspace(str(path))
    except DesirePathError as error:
        show_error(error)
        return
    state.use_workspace(path)
    st.rerun()


def _sample(folder: Path) -> Path:
    """Give the workspace that holds the sample and nothing else; a new name where another log has taken the first."""
    for n in range(1, 100):
        path = folder / ("sample.duckdb" if n == 1 else f"sample_{n}.duckdb")
        if not path.exists() or state.holds_only_the_sample(state.log_at(str(path))):
            return path
    return folder / "sample.duckdb"


def _figures(log: Log) -> None:
    found = state.summary(log)
    days = period(found.start, found.end)
    figures = [
        (_("Journeys"), number(found.journeys), _("Ordered events of one case: one value of the journey column.")),
        (_("Events"), number(found.events), _("Rows that were kept.")),
        (_("Activities"), number(found.activities), _("Different names of what happened.")),
        (_("Distinct paths"), number(found.variants), _("Sequences of activities that differ in any step.")),
        (
            _("Rejected rows"),
            number(found.rejected_rows),
            _("Rows that could not be used. They are kept, with the reason."),
        ),
    ]
    for column, (label, value, help_) in zip(st.columns(len(figures)), figures, strict=True):
        column.metric(label, value, help=help_, border=True)
    if found.start is None:
        no_times()
    else:
        st.caption(md("From {days} (UTC)", days=days))


def _attributes(log: Log) -> None:
    known = state.frame(log, "attributes")
    if known.is_empty():
        return
    st.markdown(heading(_("Attributes")))
    levels = {"journey": _("of journeys"), "event": _("of events")}
    rows = known.with_columns(
        level=pl.col("level").replace_strict(levels, return_dtype=pl.String),
        type=pl.Series([_type(name) for name in known["type"]], dtype=pl.String),
        role=pl.col("role").replace(
            {
                "channel": _("channel"),
                "actor": _("who answers"),
                "end": _("end"),
                "repeats": _("repeats"),
            }
        ),
    )
    columns = {
        "name": Column(_("Attribute")),
        "level": Column(
            _("Level"), None, _("An attribute that never changes within a journey belongs to the journey.")
        ),
        "type": Column(_("Type")),
        "role": Column(_("Role")),
    }
    table(rows, columns, rows=8, alt=_("Attributes of the log"))


def _type(name: str) -> str:
    """Say what kind of values an attribute has."""
    words = {
        "VARCHAR": _("text"),
        "BOOLEAN": _("true or false"),
        "BIGINT": _("whole number"),
        "DOUBLE": _("number"),
        "TIMESTAMP": _("time"),
        "DATE": _("date"),
    }
    return words.get(name, name.lower())


def _rejects(log: Log) -> None:
    """Show the refused rows and offer them as a file."""
    rejected = state.summary(log).rejected_rows
    if not rejected:
        return
    st.markdown(heading(_("Rejected rows")))
    rows = state.frame(log, "rejects")
    if rejected > rows.height:
        st.caption(md("The first {n} of {of} are shown.", n=rows.height, of=rejected))
    columns = {
        "source": Column(_("File"), width=160),
        "line_no": Column(_("Line"), number, width=80),
        "reason": Column(_("Reason"), translate, width=180),
        "raw": Column(_("Row")),
    }
    table(rows, columns, rows=8, alt=_("Rejected rows"))
    rejected_rows(log, _("Download as CSV"), "rejects_csv", help=None)


show()
