"""The dotted chart of a fair sample of the journeys."""

from __future__ import annotations

import polars as pl
import streamlit as st

from pipeline.names import as_text
from pipeline.quality.rows import safe_csv
from pipeline.queries import sampled_steps
from ui import state
from ui.charts.dots import dots_chart, dots_data
from ui.charts.shown import show as chart
from ui.explore_graph import whole_order
from ui.filters import Scope
from ui.formats import number
from ui.language import _, md
from ui.state import Log
from ui.tables import Column
from ui.tables import show as table
from ui.widgets import no_times

SAMPLE, COLOURED = 400, 8
TIME, START, TABLE = "time", "start", "table"


def show(chosen: Scope) -> None:
    """Draw the chart, or its events as a table."""
    words = {TIME: _("By date"), START: _("From each start"), TABLE: _("Table")}
    how = st.segmented_control(
        _("Shown as"), list(words), required=True, default=TIME, format_func=words.__getitem__, key="dots_as",
        persist_state="session", label_visibility="collapsed",
    )  # fmt: skip
    steps = _sample(chosen.log, chosen.where)
    if steps["time_us"].null_count() == steps.height:
        no_times()
        return
    names, most = _names(chosen)
    since_start = how == START
    data = dots_data(steps, names, since_start=since_start)
    n, of = steps["journey_id"].n_unique(), state.n_journeys(chosen.log, chosen.where)
    if how == TABLE:
        rows = data.with_columns(pl.col("row") + 1)
        columns = {
            "row": Column(_("Journey"), number, _("From the top of the chart"), 80),
            "activity": Column(_("Activity"), None, _("What happened")),
            "said": Column(_("Time"), None, _("When it happened")),
        }
        table(rows, columns, rows=18, alt=_("Events of the sample"))
        st.download_button(
            _("Download (CSV)"), lambda: safe_csv(rows.drop("said")), file_name="events.csv", mime="text/csv",
            on_click="ignore", icon=":material/download:",
        )  # fmt: skip
    else:
        chart(dots_chart, data, most, since_start=since_start, alt=_("Dotted chart"))
    said = _("One row per journey, one dot per event.")
    if n < of:
        said += " " + md("{n} of {of} journeys, drawn at random, the same ones each time.", n=n, of=of)
    st.caption(said)


@st.cache_resource(show_spinner=False, max_entries=20)
def _sample(log: Log, where: str | None) -> pl.DataFrame:
    return sampled_steps(log.workspace, where, n=SAMPLE)


def _names(chosen: Scope) -> tuple[dict[int, str], list[str]]:
    """Give the names of activities by code, and those that get a colour."""
    known = state.frame(chosen.log, "activities", chosen.where)
    names = {code: as_text(name) for code, name in known.select("activity", "name").iter_rows()}
    order = whole_order(chosen.log)
    return names, [names[code] for code in sorted(known["activity"].head(COLOURED), key=lambda code: order[code])]
