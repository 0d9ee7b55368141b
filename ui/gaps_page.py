"""Gaps: what the plan lacks, what the log lacks, and what customers do that the plan does not know."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from mining.questions import reaches
from ui.board import stage_names
from ui.compared import compared
from ui.deviation_list import panel
from ui.deviations import Seen, heading_of
from ui.formats import interval, number, percent
from ui.language import _, local, say
from ui.side_panel import only_or_without
from ui.tables import Column
from ui.tables import show as table
from ui.text import bold, heading, md_escape, small
from ui.widgets import head
from ui.words import GAPS

WITHOUT = {  # columns that say nothing of a kind
    "unanswered_question": ("of", "of_all", "detail"),
    "unmeasured": ("of", "of_all", "detail"),
    "skipped": ("detail",),
    "off_map": ("of", "of_all", "stage"),
    "missed_target": ("of", "of_all", "share", "range"),
}
DEVIATIONS_OF = {  # the deviations that a kind of gap is made of
    "skipped": ("missing",),
    "elsewhere": ("wrong_channel", "wrong_persona"),
    "off_map": ("ad_hoc",),
}


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
        st.markdown(f"#### :material/{gap.icon}: {_(gap.word)}")
        st.markdown(_(gap.means) + "  \n" + small(bold(_("What to do")) + ": " + _(gap.todo)))
        _places(kind, rows, seen)


def _places(kind: str, rows: list[dict[str, Any]], seen: Seen) -> None:
    n = seen.found.log.journeys
    frame = pl.DataFrame(
        {
            "what": [_what(row, seen) for row in rows],
            "stage": [seen.stage(row) for row in rows],
            "journeys": [row["journeys"] for row in rows],
            "of": [row["of"] for row in rows],
            "share": [row["share"] for row in rows],
            "range": [interval(row["low"], row["high"]) for row in rows],
            "of_all": [row["journeys"] / n if n else None for row in rows],
            "detail": [_detail(row, seen) for row in rows],
        }
    )
    opens = kind in DEVIATIONS_OF or kind == "unanswered_question"
    if opens:
        st.caption(_("Choose a row to read it."))
    picked = table(frame, _columns(kind), key=f"gaps_{kind}", select=opens, rows=14, alt=_(GAPS[kind].word))
    if opens and picked is not None:
        _door(rows[picked], seen)


def _door(gap: dict[str, Any], seen: Seen) -> None:
    """Open the deviation that a gap is made of, or offer the journeys that came to where a question is asked."""
    if gap["kind"] == "unanswered_question":
        only_or_without(reaches(gap["stage"]), "gap_stage", gap["journeys"])
        return
    about = "activity" if gap["kind"] == "off_map" else "touchpoint"
    here = pl.col("kind").is_in(DEVIATIONS_OF[gap["kind"]]) & (pl.col(about) == gap[about])
    found = seen.found.deviations.filter(here)
    row = found.row(_place(found, seen) if found.height > 1 else 0, named=True)
    st.markdown(heading(heading_of(seen, row)))
    panel(seen, row, key="gap")


def _place(found: pl.DataFrame, seen: Seen) -> int:
    """Ask for one of the places where the same happens."""
    said = [f"{md_escape(seen.stage(row))} · {number(row['journeys'])}" for row in found.iter_rows(named=True)]
    return st.pills(
        _("Where"),
        range(len(said)),
        default=0,
        required=True,
        format_func=said.__getitem__,
        key=f"gap_place_{found['touchpoint'][0]}_{found['activity'][0]}",
        label_visibility="collapsed",
    )


def _columns(kind: str) -> dict[str, Column]:
    head = {"unanswered_question": _("Question"), "off_map": _("Activity")}.get(kind, _("Touchpoint"))
    whole = (
        (_("Of those"), _("Share of the journeys that got as far"))
        if kind == "skipped"
        else (_("Of all"), _("Share of all journeys"))
    )
    columns = {
        "what": Column(head, width=300),
        "stage": Column(_("Stage"), width=130),
        "journeys": Column(_counted(kind), number, _concerned(kind), 88),
        "of": Column(_("Got as far"), number, _("Journeys that went on to this place or past it"), 88),
        "share": Column(whole[0], percent, whole[1], 75),
        "range": Column(_("Share, 95%"), None, _("95% interval of the share (Wilson)"), 100),
        "of_all": Column(_("Of all"), percent, _("Share of all journeys, as on Compare"), 75),
        "detail": Column(_("Where") if kind == "off_map" else _("Detail"), None),
    }
    return {name: column for name, column in columns.items() if name not in WITHOUT.get(kind, ("of", "of_all"))}


def _counted(kind: str) -> str:
    """Name what the number of a kind counts."""
    return _("Got as far") if kind in ("unanswered_question", "unmeasured", "silent") else _("Journeys")


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
