"""The discovered graph with its sliders; what a slider hides is said, and no number changes by it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import polars as pl
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mining.following import path_steps
from mining.framework import framework
from mining.journey_graph import END, START, Coverage, Graph, activities_of, simplify
from mining.node_order import node_order
from mining.paths import shown_share
from pipeline.discover import ACTIVITY, OFF_MAP, STAGE, TOUCHPOINT, DiscoveredGraph, discover, groups
from pipeline.queries import sampled_steps
from ui import explore_tables, picture, state
from ui.board import names, planned_names, stage_names
from ui.charts.graph import Words, graph_dot
from ui.explore_panel import Shown
from ui.explore_panel import panel as panel_of
from ui.filters import Scope
from ui.formats import compact, duration, number, percent
from ui.language import _, current, md
from ui.scenes.discovered import discovered_scene, edge_id, link_told
from ui.scenes.parts import COLUMN, MEASURES, Measure, Scene, with_door
from ui.scenes.replay import along_graph, replay
from ui.state import Log, Plan
from ui.text import small
from ui.theme import is_dark

MOST_AT_FIRST = 20
LEAST_AT_FIRST, LINKS_AT_FIRST = 30, 30  # percent of the links, but about so many of them where there are few
HEIGHT_PX = 1200  # where the window has so much
INSTEAD_PX = 610
LONGEST_COUNT = 999_999
SAMPLE = 500  # journeys that can be played
KEY = "explore_graph"


def show(head: DeltaGenerator, chosen: Scope) -> None:
    """Draw the controls, the graph, and what is chosen in it; its files are offered in the `head` of the page."""
    plan = state.plan()
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        detail = _detail(plan)
        found = discovered(chosen.log, detail, chosen.where, *_map(plan))
        measure = _measure(detail)
        activities, paths = _sliders(found.graph(), first_share(chosen.log, detail, *_map(plan)))
        across = bool(st.toggle(_("Left to right"), key="graph_across", persist_state="session"))
        in_table = picture.as_table(KEY)
    with head:
        _downloads(found)
    drawn, coverage = simplified(chosen.log, detail, chosen.where, *_map(plan), activities, paths)
    titles = _titles(plan, detail)
    whole = followed(chosen.log, detail, chosen.where, *_map(plan), activities, paths)
    said = _followed(coverage, whole, activities)
    panel = partial(_panel, chosen, drawn, found, titles, detail, plan)
    if in_table:
        st.markdown(f"{_links_shown(coverage)} · {said}")
        explore_tables.show(drawn, found.graph(), titles, panel)
        return
    scene = _scene(chosen.log, detail, chosen.where, *_map(plan), activities, paths, measure, across, current())
    st.markdown(small(said))
    picture.show(
        scene,
        key=KEY,
        height=HEIGHT_PX,
        panel=panel,
        instead=partial(_instead, drawn, measure, titles, across),
    )


def _map(plan: Plan | None) -> tuple[str, str]:
    return (plan.text, plan.name) if plan else ("", "")


def count(value: float | None) -> str:
    """Write a count of the graph: in full up to `LONGEST_COUNT`, where labels have the room, else in few signs."""
    return number(value) if value is None or abs(value) <= LONGEST_COUNT else compact(value)


@st.cache_resource(show_spinner=False, max_entries=50)
def discovered(log: Log, detail: str, where: str | None, map_text: str, map_name: str) -> DiscoveredGraph:
    """Find the graph once per log, detail and choice of journeys."""
    plan = state.parsed(map_text, map_name) if detail != ACTIVITY else None
    return discover(log.workspace, detail=detail, where=where, journey_map=plan)


@st.cache_resource(show_spinner=False, max_entries=50)
def simplified(
    log: Log, detail: str, where: str | None, map_text: str, map_name: str, activities: int, paths: int
) -> tuple[Graph, Coverage]:
    """Choose what to draw once per place of the sliders."""
    found = discovered(log, detail, where, map_text, map_name)
    return simplify(found.graph(), activities=activities, paths=paths / 100, variants=found.frames.variants)


@st.cache_resource(show_spinner=False, max_entries=50)
def followed(
    log: Log, detail: str, where: str | None, map_text: str, map_name: str, activities: int, paths: int
) -> float | None:
    """Give the share of the journeys that can be followed in the picture, once per place of the sliders."""
    drawn, _coverage = simplified(log, detail, where, map_text, map_name, activities, paths)
    links = [(s, t) for s, t in drawn.edges if s >= 0 and t >= 0]
    starts = [t for s, t in drawn.edges if s == START and t >= 0]
    ends = [s for s, t in drawn.edges if t == END and s >= 0]
    return shown_share(discovered(log, detail, where, map_text, map_name).frames.variants, links, starts, ends)


@st.cache_resource(show_spinner=False, max_entries=20)
def whole_order(log: Log, detail: str = ACTIVITY, map_text: str = "", map_name: str = "") -> dict[int, int]:
    """Order the boxes once for the whole log, whatever is chosen of it."""
    return node_order(discovered(log, detail, None, map_text, map_name).graph())


@st.cache_resource(show_spinner=False, max_entries=20)
def first_share(log: Log, detail: str = ACTIVITY, map_text: str = "", map_name: str = "") -> int:
    """Give the share of the links to begin with, in percent, once for the whole log."""
    links = discovered(log, detail, None, map_text, map_name).graph().number_of_edges()
    return min(100, max(LEAST_AT_FIRST, round(100 * LINKS_AT_FIRST / max(links, 1))))


@st.cache_resource(show_spinner=False, max_entries=50)
def _scene(
    log: Log, detail: str, where: str | None, map_text: str, map_name: str, activities: int, paths: int,
    measure: Measure, across: bool, language: str,
) -> Scene:  # fmt: skip
    """Make the scene once per picture and language; the places of its steps are those of the whole log."""
    drawn, coverage = simplified(log, detail, where, map_text, map_name, activities, paths)
    played = None
    if detail == ACTIVITY:
        sample = _sample(log, where)
        links = [edge_id(*edge) for edge in drawn.edges]
        played = replay(along_graph(sample, activities_of(drawn)), links, drawn.nodes[START]["n_journeys"])
    plan = state.plan()
    titles = _titles(plan, detail)
    scene = discovered_scene(
        drawn,
        coverage,
        whole_order(log, detail, map_text, map_name),
        titles=titles,
        planned=planned_names(plan.map) if plan is not None and detail == ACTIVITY else None,
        measure=measure,
        direction="right" if across else "down",
        replay=played,
        whole=framework(discovered(log, detail, None, map_text, map_name).graph(), drawn),
    )
    return with_door(scene)


@st.cache_resource(show_spinner=False, max_entries=20)
def _sample(log: Log, where: str | None) -> pl.DataFrame:
    return sampled_steps(log.workspace, where, n=SAMPLE)


@st.cache_resource(show_spinner=False, max_entries=20)
def _walk(log: Log, detail: str, where: str | None, map_text: str, map_name: str, nodes: tuple[int, ...]) -> Any:
    """Walk along the paths once per choice of boxes."""
    return path_steps(discovered(log, detail, where, map_text, map_name).frames.variants, nodes)


def _panel(
    chosen: Scope,
    drawn: Graph,
    found: DiscoveredGraph,
    titles: Mapping[str, str],
    detail: str,
    plan: Plan | None,
    selection: Any,
) -> None:
    """Draw the panel of what is chosen in the picture."""
    walk = _walk(chosen.log, detail, chosen.where, *_map(plan), tuple(activities_of(drawn)))
    activities, whole = _activities(chosen, found, detail, plan), found.graph()
    all_shown = dict(zip(_keys(whole, first_share(chosen.log, detail, *_map(plan))), (_boxes(whole), 100), strict=True))
    panel_of(Shown(chosen, drawn, walk, titles, activities, whole, all_shown), selection)


def _activities(chosen: Scope, found: DiscoveredGraph, detail: str, plan: Plan | None) -> Mapping[int, Sequence[str]]:
    """Give the activities that each box stands for."""
    if detail == ACTIVITY or plan is None:
        return {code: [name] for code, name in found.names.items()}
    own: dict[int, list[str]] = defaultdict(list)
    activities = state.frame(chosen.log, "activities", chosen.where)
    known = dict(activities.select("activity", "name").iter_rows())
    for activity, group in groups(activities, detail, plan.map).select("activity", "group").iter_rows():
        own[group].append(known[activity])
    return own


def _titles(plan: Plan | None, detail: str) -> dict[str, str]:
    """Give the names to show in place of the ids of touchpoints and stages."""
    if plan is None or detail == ACTIVITY:
        return {}
    return stage_names(plan.map) | names(plan.map) | {OFF_MAP: _("Not in the plan")}


def _detail(plan: Plan | None) -> str:
    words = {ACTIVITY: _("Activities"), TOUCHPOINT: _("Touchpoints"), STAGE: _("Stages")}
    if plan is None or any(b.attributes for t in plan.map.touchpoints() for b in t.events):
        return ACTIVITY
    return str(
        st.selectbox(
            _("Boxes are"), list(words), format_func=words.__getitem__, key="graph_detail", persist_state="session",
            width=120,
        )
    )  # fmt: skip


def _measure(detail: str) -> Measure:
    words = {measure: _(word) for measure, word in MEASURES.items()}
    offered = list(MEASURES)[: 3 if detail == ACTIVITY else 2]
    picked: Measure = st.selectbox(
        _("Links show"),
        offered,
        format_func=words.__getitem__,
        key="graph_measure",
        persist_state="session",
        width=120,
        help=_("Journeys that take the link, how often it is taken, or the median time between its two events."),
    )
    return picked


def _sliders(graph: Graph, share: int) -> tuple[int, int]:
    """Ask how much to show. The sliders never change a number, only what is drawn."""
    n, (boxes, links) = _boxes(graph), _keys(graph, share)
    activities = n
    if n > 1:
        activities = st.slider(
            _("Boxes"), 1, n, min(n, MOST_AT_FIRST), key=boxes, persist_state="session", width=135,
            help=_("The most frequent ones, and those without which they could not be reached."),
        )  # fmt: skip
    paths = st.slider(
        _("Links"), 0, 100, share, format="%d%%", key=links, persist_state="session", width=135,
        help=_("Every box keeps its strongest way from the start and to the end; then the strongest other links."),
    )  # fmt: skip
    return activities, paths


def _boxes(graph: Graph) -> int:
    return graph.number_of_nodes() - 2


def _keys(graph: Graph, share: int) -> tuple[str, str]:
    """Name the sliders: what they begin with belongs to the log, so one of another log is another slider."""
    return f"graph_boxes_{_boxes(graph)}", f"graph_links_{share}"


def _followed(coverage: Coverage, whole: float | None, chosen: int) -> str:
    """Say what share of the log the picture shows; it tells itself how many links."""
    said = md(
        "{boxes} of {of_boxes} boxes, {events} of all events · {whole} of journeys can be followed from start to end",
        boxes=coverage.activities,
        of_boxes=coverage.of_activities,
        events=percent(coverage.events_share),
        whole=percent(whole),
    )
    needed = coverage.activities - chosen
    if needed <= 0:
        return said
    return said + " · " + md("boxes: {chosen} chosen + {needed} needed to reach them", chosen=chosen, needed=needed)


def _links_shown(coverage: Coverage) -> str:
    return md(
        "**{edges} of {of_edges}** links, **{moves}** of all moves",
        edges=coverage.edges,
        of_edges=coverage.of_edges,
        moves=percent(coverage.moves_share),
    )


def _instead(drawn: Graph, measure: Measure, titles: Mapping[str, str], across: bool) -> None:
    """Draw the graph with what Streamlit has."""
    words = Words(_("Start"), _("End"), count, duration, lambda data, of, at_end: link_told(data, of, at_end=at_end))
    dot = graph_dot(drawn, measure=COLUMN[measure], words=words, titles=titles, dark=is_dark(), across=across)  # type: ignore[arg-type]
    with st.container(border=True, height=INSTEAD_PX, horizontal_alignment="center"):
        st.graphviz_chart(dot, width="stretch" if across else "content", alt=_("Graph of the discovered paths"))


def _downloads(found: DiscoveredGraph) -> None:
    """Offer the whole graph, and the model that the inductive miner finds, as files."""
    with st.popover(_("Download"), icon=":material/download:", width="content"):
        st.caption(_("The whole graph, whatever the sliders hide"))
        _download("JSON", found.to_json, "graph.json", "application/json")
        _download("GraphML", found.to_graphml, "graph.graphml", "application/xml")
        st.caption(_("A process model of it"))
        _download("BPMN", found.to_bpmn, "graph.bpmn", "application/xml")
        _download("PNML", found.to_pnml, "graph.pnml", "application/xml")


def _download(label: str, make: object, name: str, mime: str) -> None:
    st.download_button(label, make, file_name=name, mime=mime, on_click="ignore", width="stretch")  # type: ignore[arg-type]
