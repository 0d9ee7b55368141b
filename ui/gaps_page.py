"""Gaps: what the plan lacks, what the log lacks, and what customers do that the plan does not know."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from ui.board import stage_names
from ui.compared import compared
from ui.deviations import Seen
from ui.formats import number, percent
from ui.language import _, local, say
from ui.tables import Column
from ui.tables import show as table
from ui.text import bold
from ui.widgets import head
from ui.words import GAPS

WHAT_PX = {"unanswered_question": 340, "unmeasured": 300, "off_map": 130, "silent": 150, "skipped": 195}


def show() -> None:
    """Draw the page."""
    seen = compared(head(_("Gaps")))
    if seen is None:
        return
    rows = list(seen.found.gaps.iter_rows(named=True))
    if not rows:
        st.success(
            _("The plan and the log know the same, and every question has an answer."), icon=":material/check_circle:"
        )
        return
    by_kind = {kind: [row for row in rows if row["kind"] == kind] for kind in GAPS}
    present = [kind for kind in GAPS if by_kind[kind]]
    only = st.pills(
        _("Kinds"),
        present,
        selection_mode="multi",
        format_func=lambda kind: f":material/{GAPS[kind].icon}: {_(GAPS[kind].word)} · {number(len(by_kind[kind]))}",
        key="gap_kinds",
        persist_state="session",
        label_visibility="collapsed",
    )
    for kind in only or present:
        _group(kind, by_kind[kind], seen)


def _group(kind: str, rows: list[dict[str, Any]], seen: Seen) -> None:
    """Show the gaps of one kind: what they are, what to do, and where."""
    gap = GAPS[kind]
    with st.container(border=True, gap="small"):
        words, places = st.columns([1, 2.4], gap="small")
        with words:
            st.markdown(f"#### :material/{gap.icon}: {_(gap.word)}")
            st.markdown(_(gap.means))
            st.caption(bold(_("What to do")) + "  \n" + _(gap.todo))
        with places:
            _places(kind, rows, seen)


def _places(kind: str, rows: list[dict[str, Any]], seen: Seen) -> None:
    n = seen.found.log.journeys
    there = dict(seen.found.reach.select("touchpoint", "n_there").iter_rows())
    of = [there.get(row["touchpoint"], n) if kind == "skipped" else n for row in rows]
    frame = pl.DataFrame(
        {
            "what": [_what(row, seen) for row in rows],
            "stage": [seen.stage(row) for row in rows],
            "journeys": [row["journeys"] for row in rows],
            "of": of,
            "share": [row["journeys"] / all_ if all_ else None for row, all_ in zip(rows, of, strict=True)],
            "of_all": [row["journeys"] / n if n else None for row in rows],
            "detail": [_detail(row, seen) for row in rows],
        }
    )
    table(frame, _columns(kind), rows=14, alt=_(GAPS[kind].word))


def _columns(kind: str) -> dict[str, Column]:
    head = {"unanswered_question": _("Question"), "off_map": _("Activity")}.get(kind, _("Touchpoint"))
    whole = (
        (_("Of those"), _("Share of the journeys that got as far"))
        if kind == "skipped"
        else (_("Of all"), _("Share of all journeys"))
    )
    columns = {
        "what": Column(head, width=WHAT_PX.get(kind, 180)),
        "stage": Column(_("Stage"), width=95),
        "journeys": Column(_("Journeys"), number, _concerned(kind), 72),
        "of": Column(_("Got as far"), number, _("Journeys that went on to this place or past it"), 88),
        "share": Column(whole[0], percent, whole[1], 75),
        "of_all": Column(_("Of all"), percent, _("Share of all journeys, as on Compare"), 75),
        "detail": Column(_("Where") if kind == "off_map" else _("Detail"), None),
    }
    if kind != "skipped":
        del columns["of"], columns["of_all"]
    if kind == "off_map":
        del columns["stage"]
    if kind in ("unanswered_question", "unmeasured", "skipped"):
        del columns["detail"]
    return columns


def _concerned(kind: str) -> str:
    """Say which journeys the number of a kind counts."""
    if kind == "off_map":
        return _("Journeys in which this happened")
    if kind == "skipped":
        return _("Journeys that went past this place without it")
    if kind == "unanswered_question":
        return _("Journeys that got as far as this stage")
    if kind in ("unmeasured", "silent"):
        return _("Journeys that went on to this place or past it; whether they met the touchpoint is not known")
    return _("Journeys that this concerns")


def _what(row: dict[str, Any], seen: Seen) -> str:
    if row["kind"] == "unanswered_question":
        return local(row["detail"].values["question"])
    return seen.place(row | {"rule": None})


def _detail(row: dict[str, Any], seen: Seen) -> str:
    """Say the rest; of what is silent the events it waits for, of what is off the map the stages where it happens."""
    if row["kind"] == "silent":
        return str(row["detail"].values["events"])
    if row["kind"] != "off_map":
        return say(row["detail"])
    stages = stage_names(seen.plan.map)
    places = seen.found.deviations.filter((pl.col("kind") == "ad_hoc") & (pl.col("activity") == row["activity"]))
    return " · ".join(f"{stages[row['stage']]} {number(row['journeys'])}" for row in places.iter_rows(named=True))


show()
