"""Drop-off by touchpoint: where in the plan those who dropped stood last, in the numbers of the map's pills."""

from __future__ import annotations

import polars as pl
import streamlit as st

from mining.flow_nodes import START, touchpoint_node
from mining.statistics import wilson
from ui.board import names
from ui.compare_panel import left
from ui.deviations import Seen
from ui.formats import interval, number, percent
from ui.laid_out import shown
from ui.language import _, counted
from ui.scenes.laid import Laid
from ui.tables import Column
from ui.tables import show as table


def show(seen: Seen) -> None:
    """Draw the table, and beside it who left at the touchpoint that is picked."""
    laid = shown(seen).laid
    st.caption(
        _(
            "A dropped journey counts once, at the last planned touchpoint it had in its place. These are the pills "
            "of the map on Compare; the share is of the journeys that had the touchpoint."
        )
    )
    rows = left_by_touchpoint(seen, laid)
    listed, beside = st.columns([2.2, 1], gap="small")
    with listed:
        columns = {
            "title": Column(_("Touchpoint"), None, _("In the order of the plan"), 195),
            "stage_title": Column(_("Stage"), None, _("The stage that the plan has it in"), 95),
            "n_journeys": Column(_("Had it"), number, _("Journeys in which the touchpoint happened"), 65),
            "left": Column(_("Left here"), number, _("Dropped journeys whose last planned touchpoint this is"), 92),
            "share": Column(_("Share"), percent, _("Of the journeys that had the touchpoint"), 60),
            "range": Column("95%", None, _("95% interval of the share (Wilson)"), 90),
        }
        most = rows["left"].arg_max() or 0
        picked = table(
            rows, columns, key="touchpoints_left", select=True, first=most, rows=20, alt=_("Drop-off by touchpoint")
        )
        if before := laid.left.get(START, 0):
            st.caption(
                counted(
                    "Not in the table, since it had no planned touchpoint: {n} dropped journey.",
                    "Not in the table, since they had no planned touchpoint: {n} dropped journeys.",
                    before,
                )
            )
    with beside.container(border=True, gap="small"):
        row = rows.row(most if picked is None else picked, named=True)
        left(shown(seen), touchpoint_node(row["touchpoint"]))


def left_by_touchpoint(seen: Seen, laid: Laid) -> pl.DataFrame:
    """Count who left at each touchpoint that can be seen in the log, in map order.

    Returns
    -------
    frame
        touchpoint, title, stage_title, n_journeys (that had it), left, share (of those), range (of the share).
    """
    measured = [touchpoint.id for touchpoint in seen.plan.map.touchpoints() if touchpoint.measured]
    titles = names(seen.plan.map)
    reach = seen.found.reach.filter(pl.col("touchpoint").is_in(measured)).select("touchpoint", "stage", "n_journeys")
    plain = reach.to_dicts()
    counts = [(laid.left.get(touchpoint_node(row["touchpoint"]), 0), row["n_journeys"]) for row in plain]
    shares = [n / of if of else None for n, of in counts]
    return reach.with_columns(
        title=pl.Series([titles[row["touchpoint"]] for row in plain], dtype=pl.String),
        stage_title=pl.Series([seen.stage(row) for row in plain], dtype=pl.String),
        left=pl.Series([n for n, _of in counts], dtype=pl.Int64),
        share=pl.Series(shares, dtype=pl.Float64),
        range=pl.Series([interval(*wilson(n, of)) for n, of in counts], dtype=pl.String),
    )
