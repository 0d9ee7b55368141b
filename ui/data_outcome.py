"""What became of a load or of another change of the workspace, and the ways on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import streamlit as st

from pipeline.ingest_report import IngestReport
from pipeline.loading import Job
from ui import data_lost, data_settle, first_plan, state
from ui.app_words import in_app
from ui.data_run import OWN, Running, forget
from ui.formats import duration, number, number_about
from ui.frame import show_error
from ui.language import _, counted, md, say, translate
from ui.state import Log
from ui.text import bold, heading, md_escape
from ui.widgets import rejected_rows

MANY = 5000


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
    elif not isinstance(job.result, IngestReport):
        _changed(job.result)
    load = found.load or found
    if isinstance(load.job.result, IngestReport):
        _loaded(log, load, load.job.result, again)
        return
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
    """Sum a load up, say what should be settled first, and offer the ways on."""
    now = state.summary(log)
    with st.container(border=True):
        icon = ":orange[:material/warning:]" if data_lost.is_much(report) else ":green[:material/check_circle:]"
        st.markdown(heading(f"{icon} {_loaded_title(report)}"))
        if report.skipped:
            names = ", ".join(report.skipped)
            st.info(md("Loaded before, and left as they are: {names}", names=names), icon=":material/info:")
        figures = [
            (_("Rows read"), number(report.rows_in), None),
            (_("Kept"), number(report.rows_kept), None),
            (_("Rejected"), number(report.rows_rejected), _("Kept aside with their reason.")),
            (_("Journeys"), number(now.journeys), _("In the whole workspace.")),
            (_("Activities"), number(now.activities), _("In the whole workspace.")),
        ]
        for column, (label, value, help_) in zip(st.columns(len(figures)), figures, strict=True):
            column.metric(label, value, help=help_, border=True)
        _speed(found.job, report.rows_in)
        _reasons(log, report)
        for warning in dict.fromkeys(report.warnings):
            st.caption(":material/info: " + md_escape(say(in_app(warning))))
        settle = st.container()
        _ways_on(again, settled=not data_lost.is_much(report))
        with settle:
            data_settle.show(log, found, report, again)


def _speed(job: Job, rows: int) -> None:
    """Say how long it took; of few rows, the speed tells nothing."""
    speed = job.rows_per_s
    if speed is None or rows < MANY:
        st.caption(md("In {seconds}", seconds=duration(job.seconds)))
    else:
        st.caption(
            md("In {seconds}, {speed} rows per second", seconds=duration(job.seconds), speed=number_about(speed))
        )


def _loaded_title(report: IngestReport) -> str:
    if not report.sources:
        return _("Nothing new")
    if len(report.sources) == 1:
        return md("{name} is loaded", name=report.sources[0].name)
    return counted("{n} source is loaded", "{n} sources are loaded", len(report.sources))


def _reasons(log: Log, report: IngestReport) -> None:
    if not report.rows_rejected or data_lost.is_much(report):
        return
    said, button = st.columns([3, 1], vertical_alignment="bottom")
    lines = [
        f"- {md_escape(translate(reason))}: " + counted("{n} row", "{n} rows", n)
        for reason, n in report.reasons.items()
    ]
    said.markdown(bold(_("Why rows were rejected")) + "\n" + "\n".join(lines))
    rejected_rows(log, _("Rejected rows"), "loaded_rejects", button, width="stretch")


def _ways_on(again: Callable[[], None], *, settled: bool) -> None:
    """Offer what one does after a load; where much is to be settled, none of it stands out."""
    loud: Literal["primary", "secondary"] = "primary" if settled else "secondary"
    with st.container(horizontal=True, gap="small"):
        if state.plan() is None:
            if first_plan.button("loaded_first_plan", loud):
                _leave("ui/plan_page.py")
        elif st.button(_("Compare"), type=loud, icon=":material/difference:", key="loaded_compare"):
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
