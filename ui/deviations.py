"""Deviations as a ranked list, and the panel of one: what it says in plain words, and journeys that show it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl
import streamlit as st

from mining.choices import Skip
from mining.messages import N_
from mining.questions import shows
from mining.sentences import CAUTION, UNTESTED, deviation
from mining.statistics import METHOD, Q_LIMIT
from pipeline.findings import Findings
from pipeline.report.sentences import effect_message
from ui import filters
from ui.board import names, rule_name, rule_says, skip_of, stage_names
from ui.formats import date, duration, interval, number, percent, points, points_interval
from ui.journey import journey
from ui.language import _, counted, in_use, md, translate
from ui.side_panel import only_or_without
from ui.state import Log, Plan
from ui.tables import Column
from ui.tables import show as table
from ui.text import heading, md_escape
from ui.words import DEVIATIONS


@dataclass(frozen=True)
class Seen:
    """A comparison on screen: the log, the plan, what was found, and the filter in force."""

    log: Log
    plan: Plan
    found: Findings
    chosen: str | None = None

    def place(self, row: dict[str, Any]) -> str:
        """Name the touchpoint, the choice, the activity, the rule or the stage that a row is about, as plain text."""
        if row["rule"] is not None:
            return rule_name(self.plan.map, row["rule"])
        if (skip := self.skip(row)) is not None:
            return skip.place
        if row["touchpoint"] is not None:
            return names(self.plan.map)[row["touchpoint"]]
        return str(row["activity"]) if row["activity"] is not None else self.stage(row)

    def skip(self, row: dict[str, Any]) -> Skip | None:
        """Give how to speak of a row that tells of a skip in a choice."""
        return skip_of(self.plan.map, row)

    def stage(self, row: dict[str, Any]) -> str:
        """Name the stage of a row, as plain text; any stage for touchpoints of `anywhere`."""
        return stage_names(self.plan.map)[row["stage"]] if row["stage"] is not None else _("any stage")


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
    tested = md(
        "{tests} effects were tested; q-values keep false discoveries among them below {limit} "
        "({method}). Effects are associations, not causes.",
        tests=found.tests,
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
            _("How much longer or faster the median converted journey is with it than without it"),
            85,
        )
    return columns | {"occurrences": Column(_("Times"), number, _("How often it happens in all"), 52)}


def _counts(*, roomy: bool) -> dict[str, Column]:
    return {
        "sign": Column(_("Deviation"), width=115),
        "place": Column(_("Where"), width=250 if roomy else 140),
        "stage_title": Column(_("Stage"), width=230 if roomy else 90),
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
                "journeys that got as far. Below 30 with or without it: too few."
            ),
            width=80,
            empty=_("too few"),
        ),
        "effect_range": Column(_("Effect, 95%"), None, _("95% interval of the effect (Newcombe)"), 98),
    }


def slower(seconds: float | None) -> str:
    """Say how much longer or faster one journey is than another."""
    if seconds is None:
        return duration(None)
    words = N_("{time} faster") if seconds < 0 else N_("{time} longer")
    return _(words, time=duration(abs(seconds)))


def heading_of(seen: Seen, row: dict[str, Any]) -> str:
    """Name a deviation and its place, as Markdown."""
    sign = DEVIATIONS[row["kind"]]
    return f":{sign.badge}[{sign.glyph} {_(sign.word)}] · {md_escape(seen.place(row))}"


def open_panel(seen: Seen, row: dict[str, Any]) -> None:
    """Open the panel of a deviation over the page."""

    @st.dialog(heading_of(seen, row), width="large")
    def opened() -> None:
        panel(seen, row, key="map")

    opened()


def panel(seen: Seen, row: dict[str, Any], *, key: str) -> None:
    """Say what a deviation means, in plain words, and show journeys that have it, one at a time."""
    with st.container(border=True, gap="small"):
        st.markdown(sentence(seen, row) + "  \n" + effect_sentence(row))
        cautious = row["effect"] is not None and row["kind"] in CAUTION
        st.caption(_means(seen, row) + (" " + _(CAUTION[row["kind"]]) if cautious else ""))
        if row["expired"] is not None:
            st.caption(
                ":material/event_busy: " + md("It was accepted until {day}; it counts again.", day=date(row["expired"]))
            )
        only_or_without(shows(row), f"deviation_{key}", row["journeys"])
    keys = row["examples"]
    picked = st.pills(
        _("Example journeys"), keys, format_func=md_escape, default=keys[0], required=True,
        key=f"example_{key}_{row['kind']}_{row['touchpoint']}_{row['activity']}_{row['stage']}_{row['rule']}",
    )  # fmt: skip
    journey(seen.log, picked or keys[0], found=seen.found, about=row)


def _means(seen: Seen, row: dict[str, Any]) -> str:
    """Say what a kind means, or what a rule asks that goes by a title, as Markdown."""
    says = seen.place(row) if row["rule"] is None else rule_says(seen.plan.map, row["rule"])
    return _(DEVIATIONS[row["kind"]].means) if says == seen.place(row) else md_escape(says)


def sentence(seen: Seen, row: dict[str, Any]) -> str:
    """Say how many journeys show a deviation, and of how many, as Markdown."""
    skip = seen.skip(row)
    said = md(
        deviation(row["kind"], skip),
        journeys=counted("{n} journey", "{n} journeys", row["journeys"]),
        share=percent(row["share"]),
        place=seen.place(row),
        stage=seen.stage(row),
        instead=skip.instead if skip else "",
    )
    return f"{said} {_base(seen, row)}"


def _base(seen: Seen, row: dict[str, Any]) -> str:
    """Name what the share of a deviation is of; of a skip also the share that Gaps gives."""
    if row["kind"] == "rule_broken":
        return ""  # said in the sentence itself
    if row["kind"] != "missing":
        return md("The share is of all {of} journeys.", of=row["of"])
    there = dict(seen.found.reach.select("touchpoint", "n_there").iter_rows())[row["touchpoint"]]
    return md(
        "The share is of all {of} journeys; of the {there} that got as far it is {share}, as on Gaps.",
        of=row["of"],
        there=there,
        share=percent(row["journeys"] / there if there else None),
    )


def effect_sentence(row: dict[str, Any]) -> str:
    """Say how a deviation goes with reaching the goal, as Markdown; nothing where all journeys shown have it."""
    if filters.in_force(shows(row)):
        return ""
    message = effect_message(row, in_use())
    return md(message.template, **message.values)
