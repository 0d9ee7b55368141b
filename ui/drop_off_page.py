"""Drop-off: for each milestone who reached it, who went on, who left and what they did instead."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from mining.questions import left_before_next
from mining.sentences import NOT_NESTED
from pipeline.findings import Findings
from ui import drop_off_touchpoints
from ui.board import names, stage_names
from ui.charts.funnel import FATES, funnel_chart, funnel_data
from ui.charts.shown import show as chart
from ui.compared import compared
from ui.formats import duration, interval, number, percent
from ui.language import _, md
from ui.side_panel import only_or_without
from ui.tables import Column
from ui.tables import show as table
from ui.text import bold, md_escape, small
from ui.theme import is_dark
from ui.widgets import head, switch
from ui.words import OUTCOMES, WENT_ON

Titles = dict[str | None, str]
MILESTONE, TOUCHPOINT = "milestone", "touchpoint"
FATE_SIGNS = {fate: WENT_ON if fate == "went_on" else OUTCOMES[fate] for fate in FATES}


def show() -> None:
    """Draw the page."""
    seen = compared(head(_("Drop-off")))
    if seen is None:
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        by = switch("drop_off_by", {MILESTONE: _("By milestone"), TOUCHPOINT: _("By touchpoint")})
        if by == MILESTONE:
            with st.popover(_("What the words mean"), icon=":material/help:", width="content"):
                _words(seen.found)
    if by == TOUCHPOINT:
        drop_off_touchpoints.show(seen)
        return
    st.caption(
        md(NOT_NESTED, n=seen.found.outcomes.dropped)
        + " "
        + _("The pills of the map count it at its last planned touchpoint: see “By touchpoint”.")
    )
    titles: Titles = {None: _("Start (all journeys)"), **dict[str | None, str](names(seen.plan.map).items())}
    _picture(seen.found, titles)
    _after(_table(seen.found, titles, stage_names(seen.plan.map)), titles)


def _picture(found: Findings, titles: Titles) -> None:
    """Draw the milestones."""
    coloured = {fate: (sign.label, sign.colour(is_dark())) for fate, sign in FATE_SIGNS.items()}
    alt = _("Journeys that reached each milestone, and what became of them")
    chart(funnel_chart, funnel_data(found.from_start, titles), coloured, alt=alt)


def _words(found: Findings) -> None:
    """Say what the words mean."""
    for sign in FATE_SIGNS.values():
        st.markdown(bold(sign.label) + "  \n" + small(_(sign.means)))
    _window(found)


def _window(found: Findings) -> None:
    """Say what the window is, and which journeys are mature."""
    said_so = found.outcomes.inactive_after_declared
    declared = _("The plan says so.") if said_so else _("95% of pauses in the log are shorter.")
    if (why := found.outcomes.no_window) is not None:
        st.markdown(bold(_("Window")) + "  \n" + small(_(why)))
        return
    silence = md("Silence of {time} counts as dropped.", time=duration(found.outcomes.inactive_after_s))
    mature = _(
        "Journeys that reached the milestone a full window before the log ends, and are not open. "
        "Rates count only these: the others had no time to show what becomes of them."
    )
    st.markdown(bold(_("Window")) + "  \n" + small(f"{silence} {declared}"))
    st.markdown(bold(_("Mature")) + "  \n" + small(mature))


def _table(found: Findings, titles: Titles, stages: dict[str, str]) -> dict[str, Any]:
    """Show the figures and give the row that is picked."""
    plain = found.from_start.to_dicts()
    rows = found.from_start.with_columns(
        title=pl.Series([titles[row["milestone"]] for row in plain], dtype=pl.String),
        stage=pl.Series([stages.get(row["stage"]) for row in plain], dtype=pl.String),
        range=pl.Series([interval(row["low"], row["high"]) for row in plain], dtype=pl.String),
        of_start=pl.Series([row["reached"] / found.log.journeys for row in plain], dtype=pl.Float64),
    )
    columns = {
        "title": Column(_("Milestone"), None, _("In the order of the plan"), 185, pinned=True),
        "stage": Column(_("Stage"), None, _("The stage that the plan has it in"), 105),
        "reached": Column(_("Reached"), number, _("Journeys that reached the milestone")),
        "of_start": Column(_("Of all"), percent, _("Share of all journeys that reached it")),
        "went_on": Column(WENT_ON.label, number, _(WENT_ON.means)),
        "dropped": Column(OUTCOMES["dropped"].label, number, _("Journeys that were dropped before a later milestone")),
        "open": Column(OUTCOMES["open"].label, number, _(OUTCOMES["open"].means)),
        "mature": Column(_("Mature"), number, _("The denominator of the rate")),
        "rate": Column(_("Drop-off rate"), percent, _("Dropped among mature journeys")),
        "range": Column("95%", None, _("95% interval of the rate (Wilson)")),
    }
    most = max(range(len(plain)), key=lambda at: plain[at]["dropped"])
    picked = table(rows, columns, key="milestones", select=True, first=most, rows=15, alt=_("Drop-off by milestone"))
    return plain[most if picked is None else picked]


def _after(row: dict[str, Any], titles: Titles) -> None:
    """Say what those did who left after a milestone, or before any."""
    start = row["milestone"] is None
    if start:
        st.markdown("#### " + _("Those who dropped before any milestone"))
    else:
        st.markdown(md("#### Those who dropped after “{milestone}”", milestone=titles[row["milestone"]]))
    if not row["dropped"]:
        st.caption(_("Nobody did."))
        return
    only_or_without(left_before_next(row["milestone"]), "milestone", row["dropped"])
    following, last = st.columns(2, gap="medium")
    with following:
        if start:
            st.markdown(bold(_("What they did first")))
        else:
            st.markdown(
                bold(_("What they did next")), help=_("The event right behind their first visit to the milestone")
            )
        _counted(row["next"], row["dropped"], _("Activity"), {}, _("nothing more"))
    with last:
        st.markdown(
            bold(_("The last planned touchpoint they came to")),
            help=_("Where they stood in the plan when they left, which is not always the last event."),
        )
        _counted(row["last_touchpoints"], row["dropped"], _("Touchpoint"), titles, _("none"))


def _counted(items: list[dict[str, Any]], of: int, label: str, titles: Titles, nothing: str) -> None:
    """Show names with their numbers and their share of those who dropped."""
    rows = pl.DataFrame(
        {
            "name": [nothing if item["name"] is None else titles.get(item["name"], item["name"]) for item in items],
            "n": [item["journeys"] for item in items],
            "share": [item["journeys"] / of for item in items],
            "bar": [item["journeys"] / of for item in items],
        }
    )
    columns = {
        "name": Column(label),
        "n": Column(_("Journeys"), number, _("Journeys that were dropped here"), 90),
        "share": Column(_("Share"), percent, _("Of the journeys that were dropped here"), 80),
        "bar": Column("", bar=True, width=130),
    }
    table(rows, columns, rows=10, alt=md_escape(label))


show()
