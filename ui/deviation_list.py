"""Deviations as a ranked list, and the panel of one: what it says in plain words, in figures, and in journeys."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from mining.sentences import UNTESTED
from mining.statistics import METHOD, Q_LIMIT
from pipeline.findings import Findings
from ui import doors, side_panel
from ui.deviations import Seen, heading_of, slower, to_bear_in_mind, told
from ui.formats import date, interval, number, percent, points, points_interval
from ui.journey import journey
from ui.laid_out import shown as laid_out
from ui.language import _, counted, md, translate
from ui.tables import Column
from ui.tables import show as table
from ui.text import heading, md_escape
from ui.words import DEVIATIONS

FIGURES_PX = 370


def show(seen: Seen) -> None:
    """Draw the list, and below it the panel of the row that is picked."""
    rows = seen.found.deviations
    if rows.is_empty():
        st.success(_("No journey leaves the plan."), icon=":material/check_circle:")
        return
    present = [kind for kind in DEVIATIONS if (rows["kind"] == kind).any()]
    kinds = st.pills(
        _("Kinds"),
        present,
        selection_mode="multi",
        format_func=lambda kind: DEVIATIONS[kind].label,
        key="deviation_kinds",
        persist_state="session",
        label_visibility="collapsed",
        help=_("Show only some kinds"),
    )
    shown = rows.filter(pl.col("kind").is_in(kinds)) if kinds else rows
    st.caption(_("Most journeys first; choose a row to read it."), help=_ledger(seen.found), width="content")
    picked = table(
        _worded(shown, seen), _columns(shown), key="deviations", select=True, first=0, rows=10, alt=_("Deviations")
    )
    if picked is not None:
        row = shown.row(picked, named=True)
        st.markdown(heading(heading_of(seen, row)))
        panel(seen, row, key="list")


def _ledger(found: Findings) -> str:
    """Say how rows are ordered and tested, and what their shares are of, as Markdown."""
    bases = _(
        "Shares are of all journeys, those of rules of the journeys they apply to. Of a skip, Gaps also gives the "
        "share of the journeys that got as far."
    )
    if not found.tests:
        return f"{_(UNTESTED)} {bases}"
    tested = counted(
        "{n} effect was tested; q-values keep false discoveries among them below {limit} ({method}). "
        "Effects are associations, not causes.",
        "{n} effects were tested; q-values keep false discoveries among them below {limit} ({method}). "
        "Effects are associations, not causes.",
        found.tests,
        limit=percent(Q_LIMIT, 0),
        method=translate(str(METHOD)),
    )
    return f"{tested} {bases}"


def _worded(rows: pl.DataFrame, seen: Seen) -> pl.DataFrame:
    """Add the words of a row to its numbers."""
    plain = rows.to_dicts()
    return rows.with_columns(
        sign=pl.Series([DEVIATIONS[row["kind"]].label for row in plain], dtype=pl.String),
        place=pl.Series([seen.place(row) for row in plain], dtype=pl.String),
        stage_title=pl.Series([seen.stage(row) for row in plain], dtype=pl.String),
        range=pl.Series([interval(row["low"], row["high"]) for row in plain], dtype=pl.String),
        effect_range=pl.Series(
            [points_interval(row["effect_low"], row["effect_high"]) for row in plain], dtype=pl.String
        ),
    )


def _columns(rows: pl.DataFrame) -> dict[str, Column]:
    """Give the columns; those of effects and of times only where one of the rows has any."""
    tested = rows["effect"].null_count() < rows.height
    columns = {**_counts(roomy=not tested), **(_effects() if tested else {})}
    if rows["median_extra_s"].null_count() < rows.height:
        columns["median_extra_s"] = Column(
            _("Time to the goal"),
            slower,
            _(
                "How much later or sooner the goal is reached with it than without it: the difference of the two "
                "median times from the first event to the goal, among journeys that got as far and reached it, "
                "with it those that showed it before."
            ),
            85,
        )
    return columns | {"occurrences": Column(_("Times"), number, _("How often it happens in all"), 52)}


def _counts(*, roomy: bool) -> dict[str, Column]:
    return {
        "sign": Column(_("Deviation"), None, _("How the journeys leave the plan"), 104),
        "place": Column(_("Where"), None, _("The touchpoint, choice, activity, rule or stage"), 250 if roomy else 140),
        "stage_title": Column(_("Stage"), None, _("The stage of the plan in which it happens"), 230 if roomy else 90),
        "journeys": Column(_("Journeys"), number, _("A journey counts once, however often it happens in it."), 65),
        "share": Column(
            _("Share"), percent, _("Share of all journeys compared; of a rule, of those it applies to"), 55
        ),
        "range": Column(_("Share, 95%"), None, _("95% interval of the share (Wilson)"), 88),
    }


def _effects() -> dict[str, Column]:
    return {
        "effect": Column(
            _("Effect on goal (points)"),
            points,
            _(
                "Percentage points more (+) or fewer (−) journeys reach the goal with it than without it, among closed "
                "journeys that got as far. With it are those that showed it before the goal, or never reached the "
                "goal: what comes after the goal, or is about the goal itself, is not compared. Below 30 with or "
                "without it: too few."
            ),
            width=80,
            empty=_("too few"),
        ),
        "effect_range": Column(_("Effect, 95%"), None, _("95% interval of the effect (Newcombe)"), 98),
    }


def open_panel(seen: Seen, row: dict[str, Any]) -> None:
    """Open the panel of a deviation over the page."""

    @st.dialog(heading_of(seen, row), width="large")
    def opened() -> None:
        panel(seen, row, key="map")

    opened()


def panel(seen: Seen, row: dict[str, Any], *, key: str) -> None:
    """Say what a deviation means, in plain words and in figures, and show journeys that have it."""
    laid = laid_out(seen)
    with st.container(horizontal=True, gap="medium"):
        with st.container(width=FIGURES_PX, gap="small"):
            side_panel.figures(doors.of_deviation(laid, row), seen.log, laid.name, f"deviation_{key}")
        with st.container(gap="small"):
            _words(seen, row)
            side_panel.lines(seen.log, row["examples"])
            picked = _picked(row, key)
    journey(seen.log, picked, found=seen.found, about=row)


def _words(seen: Seen, row: dict[str, Any]) -> None:
    """Say what a deviation means, in plain words."""
    with st.container(border=True, gap="small"):
        st.markdown(told(seen, row))
        st.caption(to_bear_in_mind(seen, row))
        if row["expired"] is not None:
            st.caption(
                ":material/event_busy: " + md("It was accepted until {day}; it counts again.", day=date(row["expired"]))
            )


def _picked(row: dict[str, Any], key: str) -> str:
    """Ask which of the examples to show in full."""
    keys: list[str] = row["examples"]
    picked = st.pills(
        _("Example journeys"), keys, format_func=md_escape, default=keys[0], required=True,
        key=f"example_{key}_{row['kind']}_{row['touchpoint']}_{row['activity']}_{row['stage']}_{row['rule']}",
        label_visibility="collapsed",
    )  # fmt: skip
    return picked or keys[0]
