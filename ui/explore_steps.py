"""Journeys step by step: as bands that part, and as a table of what happens at each step."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import streamlit as st

from mining.journey_graph import END, OTHER, START
from mining.step_by_step import step_links, step_matrix, told_apart
from pipeline.names import as_text
from pipeline.quality.rows import safe_csv
from ui import state
from ui.charts.shown import show as chart
from ui.charts.step_flow import flow_chart
from ui.charts.step_matrix import matrix_chart, matrix_data
from ui.explore_graph import whole_order
from ui.filters import Scope
from ui.formats import number, percent
from ui.language import _, md
from ui.scenes.discovered import name_of
from ui.state import Log
from ui.tables import Column
from ui.tables import show as table

FLOW, MATRIX, TABLE = "flow", "matrix", "table"
STEPS_AT_FIRST, MOST_STEPS = 8, 20
ACTIVITIES_AT_FIRST, MOST_ACTIVITIES = 12, 30


def show(chosen: Scope) -> None:
    """Draw the controls and what is picked."""
    names = dict(state.frame(chosen.log, "activities", chosen.where).select("activity", "name").iter_rows())
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        words = {FLOW: _("Flow"), MATRIX: _("Matrix"), TABLE: _("Table")}
        how = st.segmented_control(
            _("Shown as"), list(words), required=True, default=FLOW, format_func=words.__getitem__, key="steps_as",
            persist_state="session", label_visibility="collapsed",
        )  # fmt: skip
        n_steps = st.slider(
            _("Steps"), 2, MOST_STEPS, STEPS_AT_FIRST, key="steps_n", persist_state="session", width=180
        )
        n_own = min(ACTIVITIES_AT_FIRST, len(names))
        if len(names) > 1:
            n_own = st.slider(
                _("Activities"), 1, min(len(names), MOST_ACTIVITIES), n_own, key=f"steps_activities_{len(names)}",
                persist_state="session", width=180,
                help=_(
                    "The most frequent ones in these steps, and those with which most journeys end in them; the "
                    "others are one, “(other)”."
                ),
            )  # fmt: skip
    links = _links(chosen.log, chosen.where, n_steps, n_own)
    total = state.n_journeys(chosen.log, chosen.where)
    order = _order(chosen.log, links)

    def said(node: int) -> str:
        return _("(ended)") if node == END else as_text(name_of(node, names.get(node, ""), {}))

    if how == FLOW:
        nodes = {*links["source"], *links["target"]}
        chart(flow_chart, links, order, total, {node: said(node) for node in nodes}, alt=_("Journeys step by step"))
        st.caption(_("A band is as thick as the journeys in it are many; grey ones end, or are rare."))
    elif how == MATRIX:
        data = matrix_data(step_matrix(links), order, total, said)
        chart(matrix_chart, data, alt=_("What journeys do at each step"))
        st.caption(_("Share of all journeys that do this as their first, second, third … step; columns sum up to all."))
    else:
        _table(links, total, said)


@st.cache_resource(show_spinner=False, max_entries=50)
def _links(log: Log, where: str | None, n_steps: int, n_own: int) -> pl.DataFrame:
    variants = state.frame(log, "variants", where)
    return step_links(variants, n_steps, told_apart(variants, n_steps, n_own))


def _order(log: Log, links: pl.DataFrame) -> dict[int, int]:
    """Order activities as they follow one another in the whole log; what is rare, and who ended, stands below."""
    whole = whole_order(log)
    nodes = [node for node in links["target"].unique() if node not in (OTHER, END, START)]
    ranked = sorted(nodes, key=lambda node: whole.get(node, len(whole)))
    return {node: place for place, node in enumerate([*ranked, OTHER, END])}


def _table(links: pl.DataFrame, total: int, name: Callable[[int], str]) -> None:
    """Show the counts behind the pictures, and offer them as a file."""
    rows = links.select(
        "step",
        before=pl.Series([name(node) for node in links["source"]], dtype=pl.String),
        after=pl.Series([name(node) for node in links["target"]], dtype=pl.String),
        n_journeys="n_journeys",
        share=pl.col("n_journeys") / total,
    )
    columns = {
        "step": Column(_("Step"), number, _("Counted from the start of each journey"), 70),
        "before": Column(_("Before"), None, _("What journeys did one step earlier")),
        "after": Column(_("At this step"), None, _("What they do at this step")),
        "n_journeys": Column(_("Journeys"), number, _("Journeys that go from one to the other at this step")),
        "share": Column(_("Share"), percent, md("of {n} journeys", n=total)),
    }
    table(rows, columns, rows=18, alt=_("Journeys step by step"))
    st.download_button(
        _("Download (CSV)"), lambda: safe_csv(rows), file_name="steps.csv", mime="text/csv", on_click="ignore",
        icon=":material/download:",
    )  # fmt: skip
