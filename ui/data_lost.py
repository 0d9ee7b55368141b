"""A load that rejected so much that what is left may mislead: how many rows, which, and what to do."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import streamlit as st

from mining.messages import N_
from pipeline.ingest_report import IngestReport
from pipeline.staging import MISSING_ACTIVITY, MISSING_JOURNEY, MISSING_TIME, UNREADABLE_TIME
from ui import state
from ui.formats import number, percent
from ui.language import _, counted, md, translate
from ui.state import Log
from ui.text import bold, md_escape, shortened, small, visible
from ui.widgets import rejected_rows

MUCH = 0.05  # share of the rows of a load
EXAMPLES, LONGEST = 2, 90
OTHER_COLUMN = N_("Load again with another column for it, or fill the gaps in the file.")
UNLIKE = N_("Look at these rows in the file: they are not written like the others.")
TO_DO = {
    UNREADABLE_TIME: N_(
        "Load again and choose their pattern under “How times are read”, or write them in the file like the others."
    ),
    MISSING_TIME: N_("Load again and choose under “How times are read” to keep rows without a time."),
    MISSING_JOURNEY: OTHER_COLUMN,
    MISSING_ACTIVITY: OTHER_COLUMN,
}


def is_much(report: IngestReport) -> bool:
    """Say whether so many rows of a load were rejected that this has to be settled before anything else."""
    return report.rows_rejected > MUCH * report.rows_in


def show(log: Log, report: IngestReport, again: Callable[[], None]) -> None:
    """Say how many rows were rejected and why, with some of them, and offer to load again."""
    said = counted("{n} row was rejected", "{n} rows were rejected", report.rows_rejected)
    share = md("{share} of {n} rows", share=percent(report.rows_rejected / report.rows_in), n=report.rows_in)
    text, buttons = st.columns([5, 2])
    text.markdown(f":orange[:material/warning:] {bold(said)} · {share}")
    known = state.frame(log, "rejects").filter(pl.col("source").is_in([source.name for source in report.sources]))
    for reason, n in report.reasons.items():
        rows = known.filter(pl.col("reason") == reason)["raw"].head(EXAMPLES)
        examples = " ".join(f":gray-badge[{md_escape(shortened(visible(row), LONGEST))}]" for row in rows)
        advice = _(TO_DO.get(reason, UNLIKE))
        text.markdown(f"{bold(md_escape(translate(reason)))}: {number(n)}  \n{examples}  \n{small(advice)}")
    if len(report.sources) == 1:
        buttons.button(
            _("Load again"),
            icon=":material/swap_horiz:",
            type="primary",
            on_click=_replace,
            args=(report.sources[0].name, again),
            help=_("What you load takes the place of this file."),
            key="lost_again",
            width="stretch",
        )
    rejected_rows(log, _("Rejected rows"), "loaded_rejects", buttons, width="stretch")


def _replace(name: str, again: Callable[[], None]) -> None:
    st.session_state["load_replaces"] = name
    again()
