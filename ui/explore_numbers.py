"""The journeys in numbers: how long they take, when they happen, which activities they have, where they turn round."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import streamlit as st

from mining.paths import PING_PONG, loops
from pipeline import queries
from pipeline.quality.rows import safe_csv
from ui import state
from ui.charts.calendar import MOST_SAID, calendar_chart, calendar_data, calendar_said
from ui.charts.journey_bars import bars_chart, bars_data, bars_said
from ui.charts.shown import show as chart
from ui.filters import Scope
from ui.formats import duration, number, percent
from ui.language import _
from ui.state import Log
from ui.tables import Column
from ui.tables import show as table
from ui.text import bold
from ui.widgets import no_times

BARS = 30
WHOLE = 0.95  # the share of journeys with bars of their own; the longest stand together in the last
MOST_LOOPS = 100


def show(chosen: Scope) -> None:
    """Draw everything, one below the other."""
    _journeys(chosen)
    _calendar(chosen)
    _activities(chosen)
    _loops(chosen)


def _journeys(chosen: Scope) -> None:
    """Show how long journeys take and how many events they have."""
    quantiles, bins, widths = _lengths(chosen.log, chosen.where)
    numbers, *charts = st.columns([1.3, 1, 1])
    with numbers:
        so_far = _("A journey that may still go on counts as if its last event so far were its end.")
        st.markdown(bold(_("Journeys")), help=so_far)
        columns = {
            "share": Column(
                _("Of the journeys"),
                _at_most,
                _("This share of the journeys has no more events, and takes no longer."),
                105,
            ),
            "n_events": Column(_("Events"), number, _("Events per journey"), 62),
        }
        if quantiles["duration_s"].null_count() < quantiles.height:
            columns["duration_s"] = Column(_("Duration"), duration, _("From the first to the last event"), 80)
        table(quantiles, columns, alt=_("Length of journeys"))
    kinds: tuple[tuple[str, str, Callable[[float], str]], ...] = (
        ("duration_s", _("Duration"), duration),
        ("n_events", _("Events per journey"), number),
    )
    for column, (kind, title, write) in zip(charts, kinds, strict=True):
        found = bins.filter(pl.col("what") == kind)
        if found.is_empty():
            continue
        with column:
            st.markdown(bold(title))
            data = bars_data(found, widths[kind], BARS, write)
            chart(bars_chart, data, title, of_time=write is duration, alt=title, said=bars_said(data))


def _at_most(share: float) -> str:
    """Name the journeys that have no more than a quantile."""
    return _("Median") if share == 0.5 else _("{share} at most", share=percent(share, 0))


@st.cache_resource(show_spinner=False, max_entries=50)
def _lengths(log: Log, where: str | None) -> tuple[pl.DataFrame, pl.DataFrame, dict[str, float]]:
    """Give quantiles and bars of the lengths of journeys, and the widths of the bars."""
    quantiles = queries.journey_quantiles(log.workspace, where)
    top = dict(zip(quantiles["share"], quantiles.select("duration_s", "n_events").iter_rows(), strict=True)).get(WHOLE)
    long, many = top or (None, 1.0)
    widths = {"duration_s": (long or 1.0) / BARS, "n_events": max(round(many / BARS), 1.0)}
    bins = queries.journey_bins(
        log.workspace, where, duration_width=widths["duration_s"], events_width=widths["n_events"], last=BARS
    )
    return quantiles, bins, widths


def _calendar(chosen: Scope) -> None:
    """Show events over time."""
    days, step = calendar_data(state.frame(chosen.log, "calendar", chosen.where))
    per = {"1d": _("per day"), "1w": _("per week"), "1mo": _("per month"), "1q": _("per quarter"), "1y": _("per year")}[
        step
    ]
    if days.is_empty():
        no_times()
    charts = () if days.is_empty() else (("n_events", _("Events")), ("n_started", _("Journeys that start")))
    for column, (name, title) in zip(st.columns(2), charts, strict=False):
        with column:
            st.markdown(f"**{title}** {per}")
            alt = (
                f"{title} {per}"
                if days.height <= MOST_SAID
                else _("{title} {per}, the highest bars", title=title, per=per)
            )
            chart(calendar_chart, days, column=name, title=title, alt=alt, said=calendar_said(days, name))


def _activities(chosen: Scope) -> None:
    """Show the activities with their counts."""
    total = state.n_journeys(chosen.log, chosen.where)
    activities = state.frame(chosen.log, "activities", chosen.where)
    ends = state.frame(chosen.log, "endpoints", chosen.where)
    rows = activities.join(ends, on="activity", how="left", maintain_order="left").with_columns(
        pl.col("n_start", "n_end").fill_null(0),
        share=pl.col("n_journeys") / total,
        text_share=pl.col("n_journeys") / total,
    )
    columns = {
        "name": Column(_("Activity"), None, _("As the log names it"), pinned=True),
        "n_events": Column(_("Events"), number, _("Events of the activity in all")),
        "n_journeys": Column(_("Journeys"), number, _("Journeys that have the activity at least once")),
        "text_share": Column(_("Share of journeys"), percent, _("Of all journeys")),
        "share": Column("", bar=True, width=120),
        "n_start": Column(_("Start here"), number, _("Journeys whose first event this is")),
        "n_end": Column(_("End here"), number, _("Journeys whose last event this is")),
    }
    table(rows, columns, rows=20, alt=_("Activities, most frequent first"))
    st.download_button(
        _("Download (CSV)"), lambda: safe_csv(rows.drop("text_share")), file_name="activities.csv", mime="text/csv",
        on_click="ignore", icon=":material/download:",
    )  # fmt: skip


@st.cache_resource(show_spinner=False, max_entries=50)
def _found_loops(log: Log, where: str | None) -> pl.DataFrame:
    return loops(state.frame(log, "variants", where)).head(MOST_LOOPS)


def _loops(chosen: Scope) -> None:
    """Show what comes again at once, and what goes to and fro."""
    found = _found_loops(chosen.log, chosen.where)
    if found.is_empty():
        return
    known = state.frame(chosen.log, "activities", chosen.where)
    names: dict[Any, str] = dict(known.select("activity", "name").iter_rows())
    total = state.n_journeys(chosen.log, chosen.where)
    rows = found.with_columns(
        what=pl.Series([_("To and fro") if kind == PING_PONG else _("Again") for kind in found["kind"]]),
        name=pl.Series([names[code] for code in found["activity"]], dtype=pl.String),
        with_=pl.Series([names.get(code) for code in found["other"]], dtype=pl.String),
        share=pl.col("n_journeys") / total,
    )
    columns = {
        "what": Column(_("Loop"), None, _("Again: A, A. To and fro: A, B, A, in turn."), 90),
        "name": Column(_("Activity"), None, _("What comes again")),
        "with_": Column(_("and"), None, _("What it goes to and fro with"), empty=""),
        "n_journeys": Column(_("Journeys"), number, _("Journeys that have the loop at least once"), 90),
        "share": Column(_("Share"), percent, _("Of all journeys"), 80),
        "n": Column(_("Times"), number, _("How often the loop happens in all"), 90),
    }
    st.markdown(bold(_("Loops")))
    table(rows, columns, rows=8, alt=_("Loops"))
