"""The plan with the log laid over it, on the canvas; or how two choices of journeys differ on it."""

from __future__ import annotations

from functools import partial

import polars as pl
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pipeline import queries
from pipeline.flow_waits import by_link, flow_waits
from ui import compare_board, compare_difference, compare_tables, fit, picture, state
from ui.compare_panel import LINKS_KEY, panel
from ui.deviations import Seen
from ui.laid_out import Shown, laid_out
from ui.language import _, current
from ui.scenes.laid import FLOW_SHARE
from ui.scenes.parts import MEASURES, Measure, Scene, with_door
from ui.scenes.planned import planned_scene, played
from ui.scenes.replay import along_plan, replay
from ui.state import Log

HEIGHT_PX = 1200  # where the window has so much
SAMPLE = 500  # journeys that can be played
KEY = "compare_map"
LOG, DIFFERENCE = "log", "difference"


def show(seen: Seen, bar: DeltaGenerator) -> None:
    """Draw the controls into `bar`, and below it the map and what is chosen in it."""
    if not seen.found.reach["n_events"].sum():
        fit.banner(seen.log, seen.plan.map)
    with bar:
        what = _what()
        measure, share = _links(what)
        in_table = picture.as_table(KEY)
    if what == DIFFERENCE:
        compare_difference.show(seen, share, in_table)
        return
    laid = laid_out(seen.log, seen.plan.text, seen.plan.name, seen.chosen)
    if in_table:
        medians = partial(_medians, seen.log, seen.plan.text, seen.plan.name, seen.chosen)
        compare_tables.show(Shown(seen, laid), medians)
        return
    scene = _scene(seen.log, seen.plan.text, seen.plan.name, seen.chosen, measure, share, current())
    picture.show(
        scene,
        key=KEY,
        height=HEIGHT_PX,
        panel=partial(panel, Shown(seen, laid, share / 100)),
        instead=partial(compare_board.show, seen),
    )


@st.cache_resource(show_spinner=False, max_entries=50)
def _scene(log: Log, text: str, name: str, where: str | None, measure: Measure, share: int, language: str) -> Scene:
    """Make the scene once per picture and language."""
    found, laid = state.findings(log, text, name, where), laid_out(log, text, name, where)
    medians = by_link(_medians(log, text, name, where)) if measure == "wait" else None
    scene = planned_scene(found, laid, measure=measure, share=share / 100, medians=medians)
    sampled = queries.sampled_steps(log.workspace, state.settled(log, found.plan, found.where), n=SAMPLE)
    shown = found.journeys.join(sampled, on="journey_id", how="semi")
    walk = laid.found.walk_of(shown["path"])
    outcomes = dict(shown.select("journey_id", pl.col("outcome").cast(pl.String)).iter_rows())
    links = [edge["id"] for edge in scene["edges"]]
    return played(with_door(scene), replay(along_plan(sampled, walk, shown), links, found.log.journeys, outcomes))


def first_scene(log: Log, name: str, text: str) -> Scene:
    """Make the scene that a session begins with, in the current language."""
    return _scene(log, text, name, None, next(iter(MEASURES)), round(100 * FLOW_SHARE), current())


def first_walk(log: Log, name: str, text: str) -> pl.DataFrame:
    """Walk the steps of the scene that a session begins with, which its panels look at."""
    return laid_out(log, text, name, None).walk


@st.cache_resource(show_spinner=False, max_entries=20)
def _medians(log: Log, text: str, name: str, where: str | None) -> pl.DataFrame:
    """Give the median time between the two ends of each link, with its interval, in seconds."""
    found, laid = state.findings(log, text, name, where), laid_out(log, text, name, where)
    return flow_waits(log.workspace, found.journeys, laid.walk)


def _what() -> str:
    words = {LOG: _("Plan and log"), DIFFERENCE: _("Difference")}
    picked = st.segmented_control(
        _("Map of"), list(words), required=True, default=LOG, format_func=words.__getitem__, key="compare_map_of",
        persist_state="session", label_visibility="collapsed",
        help=_("The log laid over the plan, or how two choices of journeys differ on it."),
    )  # fmt: skip
    return str(picked)


def _links(what: str) -> tuple[Measure, int]:
    """Ask what links show, and from which share of the journeys on they are drawn; behind a button, for few ask."""
    with st.popover(_("Links"), icon=":material/tune:", width="content"):
        return "journeys" if what == DIFFERENCE else _measure(), _share()


def _measure() -> Measure:
    words = {measure: _(word) for measure, word in MEASURES.items()}
    picked: Measure = st.selectbox(
        _("Links show"), list(MEASURES), format_func=words.__getitem__, key="compare_measure",
        persist_state="session",
        help=_("Journeys that take the link, how often it is taken, or the median time between its two events."),
    )  # fmt: skip
    return picked


def _share() -> int:
    """Ask from which share of the journeys on a link is drawn."""
    return int(
        st.slider(
            _("Links from"), 0, 20, round(100 * FLOW_SHARE), format="%d%%", key=LINKS_KEY,
            persist_state="session",
            help=_("Of all journeys. The links of the plan are always drawn; rarer ones stand in the table."),
        )
    )  # fmt: skip
