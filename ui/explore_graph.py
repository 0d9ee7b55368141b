"""The discovered graph with its sliders; what a slider hides is said, and no number changes by it."""

from __future__ import annotations

import streamlit as st

from mining.journey_graph import END, START, Coverage, Graph, simplify
from mining.paths import shown_share
from pipeline.discover import ACTIVITY, OFF_MAP, STAGE, TOUCHPOINT, DiscoveredGraph, discover
from ui import state
from ui.board import names, stage_names
from ui.charts.graph import Measure, Words, graph_dot
from ui.filters import Scope
from ui.formats import compact, duration, number, percent
from ui.language import _, md
from ui.state import Log, Plan
from ui.theme import is_dark

MOST_AT_FIRST = 20
PATHS_AT_FIRST = 30
FEW = 8
HEIGHT_PX = 690
LONGEST_COUNT = 999_999
CROWDED = 45  # links; with more, the picture is wider than the page and is shrunk to it


def show(chosen: Scope) -> None:
    """Draw the controls and the graph."""
    plan = state.plan()
    picture_place, controls = st.columns([4, 1], gap="medium")
    with controls:
        detail = _detail(plan)
        found = discovered(chosen.log, detail, chosen.where, plan.text if plan else "", plan.name if plan else "")
        measure, across = _measure(detail), _across()
        graph = found.graph()
        activities, paths = _sliders(graph)
        picture, coverage = simplify(graph, activities=activities, paths=paths / 100)
        _downloads(found)
    with picture_place:
        st.markdown(_coverage(coverage, picture, found, activities))
        words = Words(_("Start"), _("End"), count, duration)
        dot = graph_dot(picture, measure=measure, words=words, titles=_titles(plan), dark=is_dark(), across=across)
        crowded = picture.number_of_edges() > CROWDED
        if crowded:
            st.caption(
                ":material/fullscreen: "
                + _(
                    "Many links make the picture wide and its letters small: enlarge it with the button at its corner, "
                    "or show fewer links."
                )
            )
        tall = picture.number_of_nodes() > FEW and not crowded
        with st.container(border=True, height=HEIGHT_PX if tall else "content", horizontal_alignment="center"):
            st.graphviz_chart(
                dot, width="stretch" if across or crowded else "content", alt=_("Graph of the discovered paths")
            )


def count(value: float | None) -> str:
    """Write a count of the graph: in full up to `LONGEST_COUNT`, where labels have the room, else in few signs."""
    return number(value) if value is None or abs(value) <= LONGEST_COUNT else compact(value)


@st.cache_resource(show_spinner=False, max_entries=50)
def discovered(log: Log, detail: str, where: str | None, map_text: str, map_name: str) -> DiscoveredGraph:
    """Find the graph once per log, detail and choice of journeys."""
    plan = state.parsed(map_text, map_name) if detail != ACTIVITY else None
    return discover(log.workspace, detail=detail, where=where, journey_map=plan)


def _titles(plan: Plan | None) -> dict[str, str]:
    """Give the names to show in place of the ids of touchpoints and stages."""
    if plan is None or st.session_state.get("graph_detail", ACTIVITY) == ACTIVITY:
        return {}
    return stage_names(plan.map) | names(plan.map) | {OFF_MAP: _("Not in the plan")}


def _detail(plan: Plan | None) -> str:
    words = {ACTIVITY: _("Activities"), TOUCHPOINT: _("Touchpoints"), STAGE: _("Stages")}
    if plan is None or any(b.attributes for t in plan.map.touchpoints() for b in t.events):
        return ACTIVITY
    return str(
        st.selectbox(
            _("Boxes are"), list(words), format_func=words.__getitem__, key="graph_detail", persist_state="session"
        )
    )


def _measure(detail: str) -> Measure:
    words: dict[Measure, str] = {"n_journeys": _("Journeys"), "n": _("Occurrences"), "wait_median_s": _("Median wait")}
    offered = list(words)[: 3 if detail == ACTIVITY else 2]
    picked: Measure = st.selectbox(
        _("Links show"),
        offered,
        format_func=lambda m: words[m],
        key="graph_measure",
        persist_state="session",
        help=_("Journeys that take the link, how often it is taken, or the median time between its two events."),
    )
    return picked


def _across() -> bool:
    return bool(st.toggle(_("Left to right"), key="graph_across", persist_state="session"))


def _sliders(graph: Graph) -> tuple[int, int]:
    """Ask how much to show. The sliders never change a number, only what is drawn."""
    n = graph.number_of_nodes() - 2
    activities = n
    if n > 1:
        activities = st.slider(
            _("Boxes"), 1, n, min(n, MOST_AT_FIRST), key=f"graph_boxes_{n}", persist_state="session",
            help=_("The most frequent ones, and those without which they could not be reached."),
        )  # fmt: skip
    paths = st.slider(
        _("Links"), 0, 100, PATHS_AT_FIRST, format="%d%%", key="graph_links", persist_state="session",
        help=_("Every box keeps its strongest way from the start and to the end; then the strongest other links."),
    )  # fmt: skip
    return activities, paths


def _coverage(coverage: Coverage, picture: Graph, found: DiscoveredGraph, chosen: int) -> str:
    """Say what share of the log the picture shows."""
    links = [(s, t) for s, t in picture.edges if s != START and t != END]
    starts = [t for s, t in picture.edges if s == START]
    ends = [s for s, t in picture.edges if t == END]
    whole = shown_share(found.frames.variants, links, starts, ends)
    said = md(
        "**{edges} of {of_edges}** links, **{moves}** of all moves · {boxes} of {of_boxes} boxes, {events} of all "
        "events · {whole} of journeys can be followed from start to end",
        edges=coverage.edges,
        of_edges=coverage.of_edges,
        moves=percent(coverage.moves_share),
        boxes=coverage.activities,
        of_boxes=coverage.of_activities,
        events=percent(coverage.events_share),
        whole=percent(whole),
    )
    needed = coverage.activities - chosen
    if needed <= 0:
        return said
    return said + " · " + md("boxes: {chosen} chosen + {needed} needed to reach them", chosen=chosen, needed=needed)


def _downloads(found: DiscoveredGraph) -> None:
    """Offer the whole graph, and the model that the inductive miner finds, as files."""
    with st.popover(_("Download"), icon=":material/download:", width="stretch"):
        st.caption(_("The whole graph, whatever the sliders hide"))
        _download("JSON", found.to_json, "graph.json", "application/json")
        _download("GraphML", found.to_graphml, "graph.graphml", "application/xml")
        st.caption(_("A process model of it"))
        _download("BPMN", found.to_bpmn, "graph.bpmn", "application/xml")
        _download("PNML", found.to_pnml, "graph.pnml", "application/xml")


def _download(label: str, make: object, name: str, mime: str) -> None:
    st.download_button(label, make, file_name=name, mime=mime, on_click="ignore", width="stretch")  # type: ignore[arg-type]
