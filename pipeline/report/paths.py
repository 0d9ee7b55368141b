"""The part of a report on the paths really taken: the graph, and the most common paths."""

from __future__ import annotations

from pipeline.discover import DiscoveredGraph
from pipeline.language import Language
from pipeline.names import as_text
from pipeline.report.blocks import Block, Column, Figure, Section, Table
from pipeline.report.pictures.graph_picture import graph_picture, graph_scene

COMMON = 10  # paths
LONGEST = 30  # activities of a path that are named
ARROW = " → "


def paths_section(found: DiscoveredGraph, language: Language) -> Section:
    """Show the graph and the most common paths."""
    scene = graph_scene(found.graph())
    covered = scene.coverage
    caption = language.t(
        "{edges} of {of_edges} links, {moves} of all moves; {activities} of {of_activities} activities, {events} of "
        "all events. Numbers are journeys.",
        edges=covered.edges,
        of_edges=covered.of_edges,
        moves=language.percent(covered.moves_share),
        activities=covered.activities,
        of_activities=covered.of_activities,
        events=language.percent(covered.events_share),
    )
    blocks: tuple[Block, ...] = (Figure(graph_picture(scene, language), caption), common_paths(found, language))
    return Section(language.t("The paths really taken"), blocks)


def common_paths(found: DiscoveredGraph, language: Language) -> Table:
    """Give the paths that most journeys take, from start to end."""
    names, n = found.names, found.log.journeys
    best = found.frames.variants.with_row_index("place").sort("n_journeys", "place", descending=[True, False])
    rows = tuple(
        (number, _said([names[code] for code in path]), count, count / n)
        for number, (path, count) in enumerate(best.head(COMMON).select("path", "n_journeys").iter_rows(), 1)
    )
    t = language.t
    columns = (
        Column("#", "count", 5),
        Column(t("Path"), width=90),
        Column(t("Journeys"), "count"),
        Column(t("Share"), "share"),
    )
    of_all = sum(count for *_, count, _ in rows) / n if n else None
    note = t(
        "{n} of {of} paths, {share} of all journeys.",
        n=len(rows),
        of=found.frames.variants.height,
        share=language.percent(of_all),
    )
    return Table(t("Most common paths"), columns, rows, note)


def _said(path: list[str]) -> str:
    named = ARROW.join(as_text(name) for name in path[:LONGEST])
    return named if len(path) <= LONGEST else f"{named}{ARROW}…"
