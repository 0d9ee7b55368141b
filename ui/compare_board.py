"""The stage board with the log laid over it: the header row is the funnel, and the badges of a card its deviations."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import streamlit as st

from mining.journey_map import Stage, Touchpoint
from ui import fit
from ui.board import board, mark, stage_title, title_of
from ui.deviation_list import open_panel
from ui.deviations import Seen, heading_of
from ui.formats import NOTHING, number, percent
from ui.language import _, counted, md
from ui.scenes.cards import deviations_at
from ui.text import md_escape, shortened
from ui.words import DEVIATIONS

MOST_BADGES = 3
LEAST_SHARE = 0.005  # what fewer journeys show is counted beside the badges, and stands in the list
MOST_UNPLANNED = 5
LONGEST_NAME = 26
Row = dict[str, Any]
LEFT = """<style>
[data-testid="stBaseButton-tertiary"], [data-testid="stBaseButton-tertiary"] * {
  justify-content: flex-start; text-align: left;
}
</style>"""


def show(seen: Seen) -> None:
    """Draw the board."""
    found = seen.found
    reach = {row["touchpoint"]: row for row in found.reach.iter_rows(named=True)}
    stages = dict(found.stages.iter_rows())
    at_touchpoint, at_stage, unplanned = _sorted_out(seen)

    def header(stage: Stage) -> None:
        share = stages[stage.id] / found.log.journeys
        with st.container(border=True, gap="xxsmall"):
            st.markdown(f"#### {md_escape(stage_title(stage))}")
            st.caption(
                f"**{number(stages[stage.id])}** · {percent(share)}", help=_("Journeys that got as far as this stage")
            )
            st.progress(share)
            _badges(seen, at_stage[stage.id], stage.id)

    def card(touchpoint: Touchpoint) -> None:
        with st.container(border=True, gap="xxsmall"):
            st.markdown(f"**{mark(seen.plan.map, touchpoint)}{md_escape(title_of(touchpoint))}**")
            if not touchpoint.measured:
                st.caption(":material/visibility_off: " + _("not measured"))
                return
            row = reach[touchpoint.id]
            share = row["n_journeys"] / found.log.journeys
            st.caption(f"**{number(row['n_journeys'])}** · {percent(share)}")
            st.progress(share)
            _badges(seen, at_touchpoint[touchpoint.id], touchpoint.id)

    def footer(stage: Stage) -> None:
        _beside_the_plan(seen, unplanned[stage.id])

    if not found.reach["n_events"].sum():
        fit.banner(seen.log, seen.plan.map)
    st.html(LEFT)
    _legend(seen)
    board(seen.plan.map, header, card, footer)
    if seen.plan.map.anywhere:
        st.markdown("**" + _("May happen at any time") + "**")
        for column, touchpoint in zip(st.columns(5), seen.plan.map.anywhere, strict=False):
            with column:
                card(touchpoint)


def _beside_the_plan(seen: Seen, rows: list[Row]) -> None:
    """Show what happened in a stage that the plan does not know."""
    if not rows:
        return
    with st.container(gap="xxsmall"):
        st.caption(":violet[" + _("Not in the plan") + "]")
        for row in rows[:MOST_UNPLANNED]:
            _unplanned(seen, row)
        if len(rows) > MOST_UNPLANNED:
            st.caption(md("and {n} more in the list", n=len(rows) - MOST_UNPLANNED))


def _sorted_out(seen: Seen) -> tuple[dict[str, list[Row]], dict[str, list[Row]], dict[str, list[Row]]]:
    """Give the deviations by the touchpoint, the stage, or the stage beside which they stand; most journeys first."""
    at_touchpoint = deviations_at(seen.found)
    at_stage: dict[str, list[Row]] = defaultdict(list)
    unplanned: dict[str, list[Row]] = defaultdict(list)
    for row in seen.found.deviations.iter_rows(named=True):
        if row["activity"] is not None:
            unplanned[row["stage"]].append(row)
        elif row["touchpoint"] is None:
            at_stage[row["stage"]].append(row)
    return at_touchpoint, at_stage, unplanned


def _legend(seen: Seen) -> None:
    """Say what the badges mean: only the kinds that are there."""
    present = set(seen.found.deviations["kind"])
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        st.caption(
            _("Numbers and bars: journeys in which it happened. Click a badge for its reading and example journeys."),
            width="content",
        )
        for kind, sign in DEVIATIONS.items():
            if kind in present:
                st.badge(sign.label, color=sign.badge, help=_(sign.means))  # type: ignore[arg-type]


def _badges(seen: Seen, rows: list[Row], at: str) -> None:
    """Show the largest deviations of a place as buttons."""
    if not rows:
        return
    shown = [row for row in rows if row["share"] >= LEAST_SHARE][:MOST_BADGES]
    with st.container(horizontal=True, gap="xxsmall", vertical_alignment="center"):
        for row in shown:
            sign = DEVIATIONS[row["kind"]]
            label = f":{sign.badge}-badge[{sign.glyph} {number(row['journeys'])} · {percent(row['share'])}]"
            _button(seen, row, label, at)
        rarer = rows[len(shown) :]
        if rarer:
            st.caption(md("and {n} rarer", n=len(rarer)), width="content", help=_rarer(seen, rarer))


def _rarer(seen: Seen, rows: list[Row]) -> str:
    """Name the deviations that have no badge, one a line, as Markdown."""
    counts = [counted("{n} journey", "{n} journeys", row["journeys"]) for row in rows]
    kinds = [heading_of(seen, row) if seen.skip(row) else DEVIATIONS[row["kind"]].label for row in rows]
    listed = [f"- {kind}: {n} · {percent(row['share'])}" for row, kind, n in zip(rows, kinds, counts, strict=True)]
    return "\n".join([*listed, "", _("Each has its row in the ranked list.")])


def _unplanned(seen: Seen, row: Row) -> None:
    name = md_escape(shortened(row["activity"], LONGEST_NAME)) or NOTHING
    with st.container(border=True, gap="xxsmall"):
        _button(
            seen, row, f":violet[**+ {name}**] :small[:gray[{number(row['journeys'])} · {percent(row['share'])}]]", ""
        )


def _button(seen: Seen, row: Row, label: str, at: str) -> None:
    key = f"open_{at}_{row['kind']}_{row['touchpoint']}_{row['activity']}_{row['stage']}"
    sign = DEVIATIONS[row["kind"]]
    said = md("{word}: {n} journeys", word=_(sign.word), n=row["journeys"])
    if row["kind"] == "missing":
        there = dict(seen.found.reach.select("touchpoint", "n_there").iter_rows())[row["touchpoint"]]
        said = md("{n} of {of} journeys that got as far went past it.", n=row["journeys"], of=there)
        if seen.skip(row) is not None:
            said = md_escape(seen.place(row)) + ": " + said
    if st.button(label, key=key, type="tertiary", help=said):
        open_panel(seen, row)
