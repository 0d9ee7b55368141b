"""Explore: the paths that journeys really take, as a graph, as variants, one by one, and in numbers."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import polars as pl
import streamlit as st

from ui import explore_dots, explore_graph, explore_numbers, explore_paths, explore_steps, state
from ui.filters import Scope, scope
from ui.formats import duration, moment, number
from ui.frame import nothing_loaded
from ui.journey import journey
from ui.language import _, md
from ui.tables import Column
from ui.tables import show as table
from ui.widgets import head, switch

GRAPH, STEPS, PATHS, JOURNEYS, DOTS, NUMBERS = "graph", "steps", "paths", "journeys", "dots", "numbers"
MOST_JOURNEYS = 1000


def show() -> None:
    """Draw the page."""
    top = head(_("Explore"))
    log = state.log()
    if log.is_empty:
        nothing_loaded()
        return
    chosen = scope(log, state.plan(), top, may_widen=True)
    if not state.n_journeys(log, chosen.where):
        st.info(_("No journey meets the filter. Clear it, or ask for less at once."), icon=":material/filter_alt_off:")
        return
    views = {
        GRAPH: _("Graph"),
        STEPS: _("Step by step"),
        PATHS: _("Paths"),
        JOURNEYS: _("Journeys"),
        DOTS: _("Dotted chart"),
        NUMBERS: _("Activities and time"),
    }
    view = switch("explore_view", views)
    shows: dict[str, Callable[[Scope], None]] = {
        GRAPH: partial(explore_graph.show, top),
        STEPS: explore_steps.show,
        PATHS: explore_paths.show,
        JOURNEYS: _journeys,
        DOTS: explore_dots.show,
        NUMBERS: explore_numbers.show,
    }
    shows[view](chosen)


def _journeys(chosen: Scope) -> None:
    """Search a journey by its key, or pick one from the list, and see its events."""
    journeys = state.frame(chosen.log, "journeys", chosen.where)
    wanted = st.text_input(_("Find a journey"), key="journey_search", placeholder=_("Part of its key"), width=360)
    found = journeys.filter(pl.col("key").str.contains(wanted, literal=True)) if wanted else journeys
    if found.is_empty():
        st.info(
            md("No key contains {wanted}. Capital and small letters differ.", wanted=f"“{wanted}”"),
            icon=":material/search_off:",
        )
        return
    shown = found.head(MOST_JOURNEYS).with_columns(duration_s=(pl.col("end") - pl.col("start")).dt.total_seconds())
    if found.height > shown.height:
        st.caption(md("The first {n} of {of} are listed; search for the others.", n=shown.height, of=found.height))
    attributes = [name for name in found.columns if name not in ("journey_id", "variant_id", *_OWN)]
    columns = {
        "key": Column(_("Journey"), None, _("The key that tells journeys apart"), pinned=True),
        "start": Column(_("Start"), moment, _("Time of the first event")),
        "end": Column(_("End"), moment, _("Time of the last event")),
        "n_events": Column(_("Events"), number, _("Events of the journey"), 80),
        "duration_s": Column(_("Duration"), duration, _("From the first to the last event"), 100),
        **{
            name: Column(name, None, _("An attribute of the log")) for name in attributes if name not in ("duration_s",)
        },
    }
    picked = table(shown, columns, key="journeys", select=True, rows=9, alt=_("Journeys by key"))
    if picked is None:
        st.caption(":material/touch_app: " + _("Choose a journey to see its events."))
        return
    journey(chosen.log, shown["key"][picked])


_OWN = ("key", "start", "end", "n_events")


show()
