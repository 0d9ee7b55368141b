"""The report of what is on screen, in the forms that it can be downloaded in."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from pipeline.report import Origin, Report
from ui import filters, state
from ui.deviations import Seen
from ui.language import current
from ui.state import Log


def writer(seen: Seen, form: str) -> Callable[[], bytes]:
    """Give what writes the report of a comparison in one form: html, pdf, xlsx or json.

    A download is made outside the session, which alone knows the language and the filter: both are taken now.
    """
    return partial(_written, seen.log, seen.plan.text, seen.plan.name, filters.now().where, form, current())


@st.cache_resource(show_spinner=False, max_entries=40)
def _written(log: Log, text: str, name: str, where: str | None, form: str, language: str) -> bytes:
    report = _report(log, text, name, where)
    if form == "html":
        return report.to_html(language).encode()
    if form == "pdf":
        return report.to_pdf(language)
    return report.to_xlsx(language) if form == "xlsx" else (report.to_json() + "\n").encode()


@st.cache_resource(show_spinner=False, max_entries=20)
def _report(log: Log, text: str, name: str, where: str | None) -> Report:
    found = state.findings(log, text, name, where)
    origin = Origin.of(log.workspace, log=log.name, map_name=name, map_content=text.encode(), where=where)
    return Report.of(log.workspace, found, origin)
