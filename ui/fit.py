"""How a plan fits the log: which activities it binds, and what it asks for that the log does not have."""

from __future__ import annotations

import polars as pl
import streamlit as st

from mining.alignment import OFF_MAP
from mining.binding import bind, bound_attributes
from mining.errors import ExpressionError
from mining.expressions import candidates, parse
from mining.journey_map import JourneyMap
from pipeline import queries
from pipeline.selection import BUILT_IN
from ui import state
from ui.board import names
from ui.formats import number
from ui.language import _, md
from ui.state import Log
from ui.tables import Column
from ui.tables import show as table
from ui.text import md_escape

MOST_NAMED = 8


def activities(log: Log, plan: JourneyMap | None) -> pl.DataFrame:
    """Give the activities of the whole log, most journeys first, and what a plan makes of them.

    Returns
    -------
    frame
        One row per activity: name, n_events, n_journeys, n_bound (how many of its events the plan binds), bound
        (titles of the touchpoints they show, or null).
    """
    rows = state.frame(log, "activities").select("activity", "name", "n_events", "n_journeys")
    if plan is None:
        found = rows.with_columns(n_bound=pl.lit(0, pl.Int64), bound=pl.lit(None, pl.String))
    else:
        found = rows.join(_bound(log, plan), on="activity", how="left", maintain_order="left")
    ranked = found.sort("n_journeys", "n_events", "name", descending=[True, True, False])
    return ranked.select("name", "n_events", "n_journeys", pl.col("n_bound").fill_null(0), "bound")


def _bound(log: Log, plan: JourneyMap) -> pl.DataFrame:
    """Give activity, n_bound, bound for the activities that have an event the plan binds."""
    asked = bound_attributes(plan)
    known = {name: hits[0] for name in asked if len(hits := candidates(name, _attributes(log))) == 1}
    values = [
        pl.col(known[name]).alias(name) if name in known else pl.lit(None, pl.String).alias(name) for name in asked
    ]
    code_of = state.frame(log, "activities").select("activity", label="name")
    kinds = _kinds(log, tuple(sorted(set(known.values())))).join(code_of, on="activity", how="left")
    classes = kinds.select(pl.col("label").alias("activity"), *values)
    title = list(names(plan).values())
    symbols = bind(plan, classes, asked)
    return (
        kinds.select("activity", "n_events")
        .with_columns(bound=pl.Series([None if s == OFF_MAP else title[s] for s in symbols], dtype=pl.String))
        .filter(pl.col("bound").is_not_null())
        .group_by("activity")
        .agg(pl.col("n_events").sum().cast(pl.Int64).alias("n_bound"), pl.col("bound").unique().sort().str.join(", "))
    )


@st.cache_resource(show_spinner=False, max_entries=50)
def _kinds(log: Log, columns: tuple[str, ...]) -> pl.DataFrame:
    """Give activity, the attributes asked for and n_events, one row per kind of event."""
    if not columns:
        return state.frame(log, "activities").select("activity", "n_events")
    return queries.binding_classes(log.workspace, columns)


def _attributes(log: Log) -> list[str]:
    return state.frame(log, "attributes")["name"].to_list()


def missing_attributes(log: Log, plan: JourneyMap) -> list[str]:
    """Name what the condition of a plan asks for and the log does not have."""
    if not plan.where or log.is_empty:
        return []
    try:
        asked = parse(plan.where).columns
    except ExpressionError:
        return []  # the page that compares says what is wrong with it
    known = [*_attributes(log), *BUILT_IN]
    return sorted(name for name in asked if not candidates(name, known))


def banner(log: Log, plan: JourneyMap) -> None:
    """Say so where the plan is for other journeys, or where not one of its events occurs in the log."""
    if log.is_empty:
        return
    missing = missing_attributes(log, plan)
    if missing:
        st.warning(
            md(
                "This plan is for journeys that meet {condition}; the log has no attribute {names}. Mend or delete the "
                "line `where` under Edit as text, or choose another plan.",
                condition=plan.where,
                names=", ".join(missing),
            ),
            icon=":material/filter_alt_off:",
        )
    rows = activities(log, plan)
    if rows["n_bound"].sum():
        return
    named = " · ".join(f"**{md_escape(name)}**" for name in rows["name"].head(MOST_NAMED))
    st.warning(
        _("No event of this plan occurs in the log, so nothing can be compared yet.")
        + "\n\n"
        + _("The log's most frequent activities:")
        + f" {named}\n\n"
        + _("Write these names under `events` of the touchpoints they show: Plan, Edit as text."),
        icon=":material/link_off:",
    )


def listing(log: Log, plan: JourneyMap | None) -> None:
    """List the activities of the log with their counts, those that the text does not bind yet first."""
    if log.is_empty:
        st.caption(_("Load a log, and its activities are listed here."))
        return
    rows = activities(log, plan)
    n = rows.filter(pl.col("n_bound") > 0).height
    st.markdown("**" + _("Activities of the log") + "**")
    st.caption(
        md("{n} of {of} are bound. Copy a name into `events` of the touchpoint it shows.", n=n, of=rows.height)
        if plan is not None
        else _("Copy a name into `events` of the touchpoint it shows.")
    )
    mark = pl.when(pl.col("n_bound") == 0).then(pl.lit("○ " + _("not bound")))
    part = pl.format(
        "{} {}", pl.when(pl.col("n_bound") < pl.col("n_events")).then(pl.lit("◐")).otherwise(pl.lit("●")), "bound"
    )
    shown = rows.with_columns(state=mark.otherwise(part)).sort(pl.col("n_bound") > 0, maintain_order=True)
    columns = {
        "name": Column(_("Activity"), width=170),
        "n_journeys": Column(_("Journeys"), number, width=80),
        "state": Column(_("Bound to"), None, _("● all of its events, ◐ some of them, ○ none"), 170),
    }
    if plan is None:
        del columns["state"]
    table(shown, columns, rows=14, alt=_("Activities of the log, those not bound first"))
