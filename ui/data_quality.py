"""The quality of a log: everything that should be known before its figures are trusted, the most severe first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl
import streamlit as st

from mining.lookalikes import KINDS as DIFFERENCES
from mining.messages import N_
from pipeline.quality import QualityFinding, QualityReport, safe_csv
from pipeline.quality.kinds import KINDS
from ui import state
from ui.formats import date, moment, number, percent, period
from ui.language import _, md, say, translate
from ui.state import Log
from ui.tables import Column
from ui.tables import show as table
from ui.text import bold, heading, md_escape, small
from ui.widgets import no_times, rejected_rows


@dataclass(frozen=True)
class Severity:
    """How findings of one severity are shown: heading (a template of the catalogue), icon and colour."""

    word: str
    icon: str
    colour: str
    means: str


SEVERITIES = {
    "problem": Severity(N_("Problems"), "error", "red", N_("Figures are wrong until this is mended.")),
    "warning": Severity(N_("Warnings"), "warning", "orange", N_("Some figures may mislead.")),
    "info": Severity(N_("Good to know"), "info", "blue", N_("Nothing is wrong with it.")),
}
ROLES = {"journey": N_("Journey"), "activity": N_("Activity"), "time": N_("Time")}


def show(log: Log) -> None:
    """Draw the report."""
    with st.spinner(_("Looking at every event …")):
        report = state.quality(log)
    _head(log, report)
    for severity in SEVERITIES:
        _group(severity, [finding for finding in report.findings if finding.severity == severity])
    if not report.findings:
        st.success(_("Nothing was found that should be known before the figures are trusted."), icon=":material/check:")
    _columns(report)
    _rest(report)


def _head(log: Log, report: QualityReport) -> None:
    """Say how much was found, of what, and offer the rejected rows."""
    words, button = st.columns([4, 1], vertical_alignment="center")
    with words:
        with st.container(horizontal=True, gap="small"):
            for severity, words_ in SEVERITIES.items():
                n = sum(finding.severity == severity for finding in report.findings)
                colour = words_.colour if n else "gray"
                label = f"{_(words_.word)}: {number(n)}"
                st.badge(label, icon=f":material/{words_.icon}:", color=colour, help=_(words_.means))  # type: ignore[arg-type]
        st.caption(
            md(
                "{rows} rows read · {kept} kept · {rejected} rejected",
                rows=report.rows_in,
                kept=report.rows_kept,
                rejected=report.rows_rejected,
            )
            + _span(report)
        )
    if report.rows_rejected:
        rejected_rows(log, _("Rejected rows"), "quality_rejects", button, width="stretch")
    if report.log.start is None and report.log.events:
        no_times()


def _span(report: QualityReport) -> str:
    if report.log.start is None:
        return ""
    days = period(report.log.start, report.log.end)
    return " · " + md("{days} (clocks without an offset: {zones})", days=days, zones=", ".join(report.zones))


def _group(severity: str, findings: list[QualityFinding]) -> None:
    """Show the findings of one severity under their heading."""
    if not findings:
        return
    words = SEVERITIES[severity]
    st.markdown(heading(f":{words.colour}[:material/{words.icon}:] {_(words.word)}"))
    with st.container(border=True, gap="small"):
        for place, finding in enumerate(findings):
            _finding(finding, f"quality_{finding.kind}_{place}")


@st.fragment
def _finding(finding: QualityFinding, key: str) -> None:
    """Show what was found, how many of how many, and on request examples and advice."""
    said, counts, more = st.columns([6, 2.2, 1.5], gap="small")
    said.markdown(bold(md_escape(say(finding.title))) + "  \n" + small(say(finding.said, escape=md_escape)))
    share = small(f":gray[{md_escape(percent(finding.share))}]")
    counts.markdown(bold(md_escape(say(finding.counted))) + "  \n" + share, text_alignment="right")
    opened = bool(st.session_state.get(key))
    with more.container(horizontal_alignment="right"):
        st.button(
            _("Examples") if finding.examples else _("Advice"),
            icon=f":material/{'expand_less' if opened else 'expand_more'}:",
            icon_position="right",
            type="tertiary",
            key=f"{key}_more",
            on_click=_turn,
            args=(key,),
        )
    if opened:
        with st.container(border=True, gap="small"):
            st.markdown(":material/build: " + md_escape(say(finding.todo)))
            if finding.examples:
                _examples(finding, key)


def _turn(key: str) -> None:
    """Open what is closed and close what is open."""
    st.session_state[key] = not st.session_state.get(key)


def _examples(finding: QualityFinding, key: str) -> None:
    frame = examples(finding)
    table(frame, {name: _column(name) for name in frame.columns}, rows=8, alt=_("Examples"))
    st.download_button(
        _("Download the examples"),
        lambda: safe_csv(frame.with_columns(pl.col(pl.List(pl.String)).list.join(" | "))),
        file_name=f"{finding.kind}.csv",
        mime="text/csv",
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
        key=f"{key}_download",
    )


def examples(finding: QualityFinding) -> pl.DataFrame:
    """Give the examples of a finding as a frame, one row each, what names differ by in the reader's words."""
    frame = pl.DataFrame([dict(row) for row in finding.examples], infer_schema_length=None)
    if "differ_by" not in frame.columns:
        return frame
    said = [", ".join(translate(DIFFERENCES[kind]) for kind in row) for row in frame["differ_by"].to_list()]
    return frame.with_columns(differ_by=pl.Series(said, dtype=pl.String))


def _column(name: str) -> Column:
    """Give the heading of an example's column, and how its values are written."""
    known = {
        "source": Column(_("File"), width=170),
        "line": Column(_("Line"), number, width=80),
        "row": Column(_("Row")),
        "journey": Column(_("Journey")),
        "id": Column(_("Id")),
        "activity": Column(_("Activity")),
        "before": Column(_("Activity before")),
        "time": Column(_("Time"), moment),
        "time_before": Column(_("Time before"), moment),
        "finish": Column(_("End"), moment),
        "day": Column(_("Day"), _when),
        "from": Column(_("From"), _when),
        "to": Column(_("To"), _when),
        "clock": Column(_("Clock")),
        "last": Column(_("Last"), moment),
        "loaded": Column(_("Loaded"), moment),
        "n": Column(_("Number"), number, width=100),
        "of": Column(_("Of"), number, width=100),
        "share": Column(_("Share"), percent, width=90),
        "usual": Column(_("Usual"), number, _("What the neighbours of the same kind have"), 100),
        "backwards": Column(_("Backwards"), number),
        "neighbours": Column(_("Pairs"), number),
        "ties": Column(_("Pairs at the same time"), number),
        "common": Column(_("Common name")),
        "names": Column(_("Written as"), chips=True, width=400),
        "differ_by": Column(_("They differ in")),
        "attribute": Column(_("Attribute"), empty=""),
        "value": Column(_("Value")),
        "values": Column(_("Values"), chips=True),
    }
    return known.get(name, Column(name))


def _when(value: Any) -> str:
    """Write a day or a time."""
    return moment(value) if isinstance(value, datetime) else date(value)


def _columns(report: QualityReport) -> None:
    """Say how many values of each column could be read."""
    if not report.columns:
        return
    st.markdown(heading(_("Columns")))
    rows = pl.DataFrame(
        [
            {
                "source": c.source,
                "role": translate(ROLES[c.role]),
                "column": c.column,
                "checked": c.checked,
                "failed": c.failed,
                "rate": c.rate,
                "sample": c.samples[0]["row"] if c.samples else None,
            }
            for c in report.columns
        ],
        infer_schema_length=None,
        schema_overrides={"sample": pl.String, "rate": pl.Float64},
    )
    shown = {
        "source": Column(_("File"), width=150),
        "role": Column(_("Role"), width=90),
        "column": Column(_("Column"), width=140),
        "checked": Column(_("Values"), number, _("Rows in which the columns before it were right"), 100),
        "failed": Column(_("Unreadable"), number, width=110),
        "rate": Column(_("Read"), percent, width=90),
    }
    if any(c.samples for c in report.columns):
        shown["sample"] = Column(_("First row that failed"))
    table(rows, shown, rows=9, alt=_("Columns"))


def _rest(report: QualityReport) -> None:
    """Name what was looked for and not found, and what cannot be told."""
    for said, kinds in (
        (_("Looked for, and not found"), report.nothing_found),
        (_("Cannot be told without times"), report.needs_times),
    ):
        if kinds:
            titles = " · ".join(md_escape(translate(KINDS[kind].title)) for kind in kinds)
            st.caption(bold(said) + "  \n" + titles)
