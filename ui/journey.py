"""One journey: its events on a line of time and in a table, beside the plan where there is a comparison."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import polars as pl
import streamlit as st

from mining.frames import TIMELINE
from mining.journey_map import JourneyMap
from mining.move_marks import marks
from pipeline.findings import Findings
from ui import state
from ui.board import names, skip_names, stage_names
from ui.charts.shown import show as chart
from ui.charts.timeline import timeline_chart
from ui.formats import duration, moment, number, period
from ui.language import _, counted, md
from ui.state import Log
from ui.tables import Column
from ui.tables import show as table
from ui.text import md_escape
from ui.theme import is_dark
from ui.widgets import no_times
from ui.words import FAULTS, MOVES, OUTCOMES

MOST_ROWS = 14


def journey(log: Log, key: str, *, found: Findings | None = None, about: dict[str, Any] | None = None) -> None:
    """Show one journey.

    Parameters
    ----------
    log : Log
        Where it is.
    key : str
        Which journey.
    found : Findings, optional
        A comparison it is part of; its events are then marked by how they fit the plan.
    about : dict, optional
        The deviation it is an example of: its rows are pointed at.
    """
    events = state.timeline(log, [key])
    rows = against_plan(events, found, key) if found is not None else events.with_columns(mark=pl.lit(None, pl.String))
    if about is not None:
        rows = with_fault(rows, about)
    with st.container(border=True, gap="small"):
        _head(key, events, found)
        if found is not None:
            _hint(rows, found)
        timed = rows.filter(pl.col("time").is_not_null())
        if timed.is_empty():
            no_times()
        else:
            signs = {kind: (sign.label, sign.colour(is_dark())) for kind, sign in MOVES.items()}
            chart(timeline_chart, timed, signs, alt=md("Events of journey {key} over time", key=key))
        _table(rows, found, about)


def _head(key: str, events: pl.DataFrame, found: Findings | None) -> None:
    said = [counted("{n} event", "{n} events", events.height)]
    first, last = events["time"].min(), events["time"].max()
    if isinstance(first, datetime) and isinstance(last, datetime):
        said += [md_escape(period(first, last)), md_escape(duration((last - first).total_seconds()))]
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.markdown(f"**{md_escape(key)}**", width="content")
        if found is not None:
            row = found.journeys.filter(pl.col("key") == key).row(0, named=True)
            sign = OUTCOMES[row["outcome"]]
            st.badge(sign.label, color=sign.badge, help=_(sign.means))  # type: ignore[arg-type]
        st.caption(" · ".join(said), width="content")


def _hint(rows: pl.DataFrame, found: Findings) -> None:
    """Say that a journey went beyond the goal without it: it counts as dropped or open, and looks as if it did not."""
    further = beyond_goal(rows, found.plan.goal)
    if further is None:
        return
    titles = names(found.plan)
    st.caption(
        ":material/lightbulb: "
        + md(
            "It came to “{further}”, beyond the goal “{goal}”, and the goal itself is not in the log. If that "
            "means success, plan another goal; if not, the event is missing.",
            further=titles[further],
            goal=titles[found.plan.goal],
        )
    )


def beyond_goal(rows: pl.DataFrame, goal: str) -> str | None:
    """Give the first planned touchpoint that a journey came to after it went past the goal without it.

    Parameters
    ----------
    rows : frame
        Of `against_plan`.
    goal : str
        The touchpoint that is the goal.
    """
    told = list(rows.select("touchpoint", "mark").iter_rows())
    if (goal, "missing") not in told or any(touchpoint == goal and mark != "missing" for touchpoint, mark in told):
        return None
    after = told[told.index((goal, "missing")) + 1 :]
    return next((touchpoint for touchpoint, mark in after if mark == "planned" and touchpoint is not None), None)


def against_plan(events: pl.DataFrame, found: Findings, key: str) -> pl.DataFrame:
    """Give the events of a journey with what the plan says of each, and what it asked for and did not get.

    Returns
    -------
    frame
        The columns of `events`, with ``mark`` (see `mining.move_marks`), ``touchpoint`` and ``stage_id``; rows that
        did not happen have no time.
    """
    path = found.journeys.filter(pl.col("key") == key)["path"][0]
    moves = marks(found.moves_of(path)).with_row_index("order")
    happened = moves.filter(pl.col("kind") != "model").select(
        "order", "mark", "touchpoint", "stage_id", pl.col("position").cast(pl.Int64)
    )
    absent = moves.filter((pl.col("kind") == "model") & (pl.col("mark") == "missing")).select(
        "order", "mark", "touchpoint", "stage_id"
    )
    return (
        pl.concat([events.join(happened, on="position", how="left"), absent], how="diagonal")
        .sort("order")
        .drop("order")
    )


def with_fault(rows: pl.DataFrame, about: dict[str, Any]) -> pl.DataFrame:
    """Mark the event that a deviation is about where the plan has it in place and only its time or kind is at fault.

    Where the touchpoint happened in place more than once, nothing tells here which of them is meant: none is marked.
    """
    if about["kind"] not in FAULTS:
        return rows
    meant = (pl.col("mark") == "planned") & (pl.col("touchpoint") == about["touchpoint"])
    if rows.filter(meant).height != 1:
        return rows
    return rows.with_columns(mark=pl.when(meant).then(pl.lit(about["kind"])).otherwise("mark"))


def _table(rows: pl.DataFrame, found: Findings | None, about: dict[str, Any] | None) -> None:
    extra = [
        name
        for name in rows.columns
        if name not in (*TIMELINE.columns, "mark", "touchpoint", "stage_id") and rows[name].null_count() < rows.height
    ]
    columns: dict[str, Column] = {}
    if found is not None:
        rows = _worded(rows, found.plan, about)
        columns = {"sign": Column(_("Against the plan"), width=150), "title": Column(_("Touchpoint"))}
        columns |= {"stage": Column(_("Stage"))}
    columns |= {"activity": Column(_("Activity"))}
    if rows["time"].null_count() < rows.height:
        columns["time"] = Column(_("Time"), moment)
        columns["gap_s"] = Column(_("After"), duration, _("Time since the event before"), width=100)
    columns |= {name: Column(name, number if rows[name].dtype.is_numeric() else None) for name in extra}
    table(rows, columns, rows=MOST_ROWS, alt=_("Events of the journey in order"))


def _worded(rows: pl.DataFrame, plan: JourneyMap, about: dict[str, Any] | None) -> pl.DataFrame:
    """Add the words of the plan; the rows that `about` is about carry a pointer."""
    titles, stages = names(plan), stage_names(plan)
    words = {name: sign.label for name, sign in MOVES.items()}
    here = pl.lit(False)
    if about is not None:
        place = "touchpoint" if about["touchpoint"] else "activity" if about["activity"] else "stage_id"
        meant = pl.lit(about["touchpoint"] or about["activity"] or about["stage"], pl.String)
        here = (pl.col(place) == meant).fill_null(False)
    pointer = pl.when(here).then(pl.lit("▶ ")).otherwise(pl.lit(""))
    return rows.with_columns(
        sign=pointer + pl.col("mark").replace_strict(words, default="", return_dtype=pl.String),
        title=pl.when(pl.col("mark") == "missing")
        .then(pl.col("touchpoint").replace_strict(skip_names(plan), default=None, return_dtype=pl.String))
        .otherwise(pl.col("touchpoint").replace_strict(titles, default=None, return_dtype=pl.String)),
        stage=pl.col("stage_id").replace_strict(stages, default=None, return_dtype=pl.String),
    )
