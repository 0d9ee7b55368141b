"""The main job end to end: a workspace and a planned map -> `Findings`.

The order of work: bind events to touchpoints, sort journeys by what is asked of them (their personas), align distinct
paths, name the deviations, look up in the events what paths cannot tell (deadlines, channels, failures), tell the
outcomes, and count everything over journeys.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
import polars as pl

from mining import checks, deviations, outcomes, ranking
from mining.alignment import Alignments, Paths, align, warm_up
from mining.automaton import Automaton, compile_map
from mining.conditions import both
from mining.expressions import parse
from mining.gaps import GapCounts, gaps
from mining.journey_map import JourneyMap
from mining.places import Places, places
from pipeline import queries, rules
from pipeline.bound_log import BoundLog, bound_log
from pipeline.event_checks import journey_deviations, unchecked
from pipeline.findings import AlignmentSummary, Findings, MapSummary, Outcomes
from pipeline.store import Workspace
from pipeline.window import window_of


def compare(ws: Workspace, plan: JourneyMap, *, where: str | None = None) -> Findings:
    """Compare the log of a workspace with a planned map, in the *journey* reading.

    Parameters
    ----------
    ws : Workspace
        The log.
    plan : JourneyMap
        The map; its own `where` narrows the journeys further.
    where : str, optional
        Compare only the journeys that this condition chooses.

    Raises
    ------
    SourceError
        When no journey is left to compare.
    ModelError, ExpressionError
        When the map cannot become an automaton, or a condition names what the log does not have.
    """
    for condition in filter(None, (plan.where, where)):
        parse(condition)  # a fault is told in the words of the one that has it, not of both joined
    where = both(plan.where, where)
    log = bound_log(ws, plan, where)
    found = _aligned(log, plan)
    board = places(plan)
    progress = deviations.progress(found.moves, board, len(log.paths))
    window = window_of(ws, plan)
    journeys = outcomes.with_outcomes(log.journeys, found.converted, window)
    by_path = pl.concat(
        [deviations.path_deviations(found.moves, board), checks.wrong_personas(found.moves, log.exempt_of_path(plan))],
        how="vertical_relaxed",
    )
    population = ranking.Population.of(journeys, progress)
    at_events = journey_deviations(ws, plan, log, found.moves, where)
    ranked = ranking.rank(by_path, at_events, population, board, rules.beside(ws, plan, log, journeys, window))
    visits = outcomes.milestone_visits(log.events, plan)
    dropped = outcomes.drop_off(
        plan,
        journeys,
        visits,
        _visit_times(ws, journeys, visits, where),
        progress.select("path", "last_touchpoint"),
        window,
    )
    reach = _reach(plan, log, board, population)
    counts = _gap_counts(plan, log, population, board, reach)
    return Findings(
        plan=plan,
        where=where,
        log=queries.summary(ws, where),
        map=_map_summary(plan, log, found.automaton),
        alignment=found.summary,
        outcomes=_outcomes(journeys, visits, window),
        deviations=ranked.deviations,
        accepted=ranked.accepted,
        rules=ranked.rules,
        drop_off=dropped,
        gaps=gaps(plan, ranked.deviations, counts),
        moves=found.moves,
        journeys=journeys.join(found.costs, on="path", how="left", maintain_order="left"),
        reach=reach,
        stages=pl.DataFrame(
            list(counts.at_stage.items()), schema={"stage": pl.String, "n_journeys": pl.Int64}, orient="row"
        ),
        tests=ranked.tests,
        notes=(*log.notes, *unchecked(ws, plan), *rules.notes(plan, log, window, ranked.unmatched)),
    )


@dataclass(frozen=True)
class Aligned:
    """The alignments of all paths, as frames.

    Attributes
    ----------
    automaton : Automaton
        Of the whole map, nothing exempt.
    moves : frame
        path, variant_id, n_journeys, position, kind, label, touchpoint, stage_id, activity, state; in order.
    costs : frame
        path, cost.
    converted : frame
        path, converted: whether it has the goal.
    summary : AlignmentSummary
        Over all journeys.
    """

    automaton: Automaton
    moves: pl.DataFrame
    costs: pl.DataFrame
    converted: pl.DataFrame
    summary: AlignmentSummary


def _aligned(log: BoundLog, plan: JourneyMap) -> Aligned:
    converted = log.events.group_by("path").agg((pl.col("touchpoint") == plan.goal).any().fill_null(False)).sort("path")
    reached = converted["touchpoint"].to_numpy()
    warm_up()
    started = time.perf_counter()
    parts: list[Alignments] = []
    worst = np.zeros(log.paths.height)
    for number, exempt in enumerate(log.exempt):
        automaton = compile_map(plan, exempt)
        rows = (log.paths["exempt"] == number).to_numpy()
        paths = Paths.from_lists(log.paths.filter(rows)["codes"], log.symbol_of)
        everywhere = np.ones(automaton.n_states, dtype=bool)
        parts.append(align(paths, automaton, [everywhere, automaton.past_goal], reached[rows].astype(np.int64)))
        to_goal = automaton.shortest(automaton.past_goal) if reached[rows].any() else 0.0
        worst[rows] = paths.lengths + np.where(reached[rows], to_goal, 0.0)
    seconds = time.perf_counter() - started
    costs = np.concatenate([part.cost for part in parts])
    n = log.paths["n_journeys"].to_numpy()
    return Aligned(
        automaton=compile_map(plan) if len(log.exempt) > 1 or log.exempt[0] else automaton,
        moves=_moves(parts, log, plan),
        costs=pl.DataFrame({"path": log.paths["path"], "cost": costs}),
        converted=converted.rename({"touchpoint": "converted"}),
        summary=AlignmentSummary.of(
            float(costs @ n), float(worst @ n), int(n[costs == 0].sum()), int(n.sum()), seconds
        ),
    )


def _moves(parts: list[Alignments], log: BoundLog, plan: JourneyMap) -> pl.DataFrame:
    """Put the moves of all paths into one frame, with names in place of numbers."""
    offsets = np.cumsum([0, *(len(part.cost) for part in parts)])
    moves = pl.concat(
        [part.moves().with_columns(pl.col("path") + int(offset)) for part, offset in zip(parts, offsets, strict=False)]
    ).cast({"path": pl.UInt32})
    board = places(plan).frame.select("label", "touchpoint", "stage_id")
    return (
        moves.join(board, on="label", how="left", maintain_order="left")
        .join(
            log.events.select("path", "position", "activity"),
            on=["path", "position"],
            how="left",
            maintain_order="left",
        )
        .with_columns(activity=pl.when(pl.col("kind") != "model").then("activity"))
        .join(log.paths.select("path", "variant_id", "n_journeys"), on="path", how="left", maintain_order="left")
        .select(
            *("path", "variant_id", "n_journeys", "position", "kind", "label"),
            *("touchpoint", "stage_id", "activity", "state"),
        )
    )


def _visit_times(ws: Workspace, journeys: pl.DataFrame, visits: pl.DataFrame, where: str | None) -> pl.DataFrame:
    """Give journey_id, milestone, time of the first visit."""
    frames = {
        "visits": visits.select("path", "milestone", "position"),
        "journey_paths": journeys.select("journey_id", "path"),
    }
    return ws.run("visit_times", where=where, frames=frames)


def _outcomes(journeys: pl.DataFrame, visits: pl.DataFrame, window: outcomes.Window) -> Outcomes:
    counts = dict(journeys["outcome"].cast(pl.String).value_counts().iter_rows())
    never = journeys.join(visits.select("path").unique(), on="path", how="anti")
    early = dict(never["outcome"].cast(pl.String).value_counts().iter_rows())
    return Outcomes(
        converted=counts.get("converted", 0),
        dropped=counts.get("dropped", 0),
        open=counts.get("open", 0),
        inactive_after_s=window.inactive_after_s,
        inactive_after_declared=window.declared,
        log_end=window.log_end,
        before_first_milestone={name: early.get(name, 0) for name in ("dropped", "open")},
    )


def _reach(plan: JourneyMap, log: BoundLog, board: Places, population: ranking.Population) -> pl.DataFrame:
    """Count, per touchpoint in map order, its journeys, its events, and the journeys that got as far as its place."""
    counted = (
        log.events.filter(pl.col("touchpoint").is_not_null())
        .group_by("path", "touchpoint")
        .agg(pl.len().alias("times"))
        .join(log.paths.select("path", "n_journeys"), on="path")
        .group_by("touchpoint")
        .agg(pl.col("n_journeys").sum(), (pl.col("n_journeys") * pl.col("times")).sum().alias("n_events"))
    )
    return (
        board.frame.select("touchpoint", stage="stage_id")
        .join(counted, on="touchpoint", how="left", maintain_order="left")
        .with_columns(pl.col("n_journeys", "n_events").fill_null(0).cast(pl.Int64))
        .with_columns(n_there=pl.Series(_at_place(population, board).values(), dtype=pl.Int64))
    )


def _at_place(population: ranking.Population, board: Places) -> dict[str, int]:
    """Count the journeys that got as far as each touchpoint, in map order."""
    return {t: int((population.place >= place).sum()) for t, place in board.place_of.items()}


def _map_summary(plan: JourneyMap, log: BoundLog, automaton: Automaton) -> MapSummary:
    per_path = log.events.group_by("path").agg(
        pl.len().alias("events"), pl.col("touchpoint").is_not_null().sum().alias("bound")
    )
    n = per_path.join(log.paths.select("path", "n_journeys"), on="path")
    events, bound, journeys, whole = n.select(
        (pl.col("events") * pl.col("n_journeys")).sum().alias("events"),
        (pl.col("bound") * pl.col("n_journeys")).sum().alias("bound"),
        pl.col("n_journeys").sum().alias("journeys"),
        pl.col("n_journeys").filter(pl.col("bound") == pl.col("events")).sum().alias("whole"),
    ).row(0)
    return MapSummary(
        id=plan.id,
        touchpoints=len(plan.touchpoints()),
        states=automaton.n_states,
        event_coverage=bound / events,
        journey_coverage=whole / journeys,
    )


def _gap_counts(
    plan: JourneyMap, log: BoundLog, population: ranking.Population, board: Places, reach: pl.DataFrame
) -> GapCounts:
    in_activity = (
        log.events.filter(pl.col("touchpoint").is_null())
        .select("path", "activity")
        .unique()
        .join(log.paths.select("path", "n_journeys"), on="path")
        .group_by("activity")
        .agg(pl.col("n_journeys").sum())
    )
    return GapCounts(
        reach=dict(reach.select("touchpoint", "n_journeys").iter_rows()),
        at_place=dict(reach.select("touchpoint", "n_there").iter_rows()),
        at_stage={stage: int((population.stage >= number).sum()) for number, stage in enumerate(board.stages)},
        activity=dict(in_activity.iter_rows()),
        journeys=len(population),
        converted=_converted(plan, log, population),
    )


def _converted(plan: JourneyMap, log: BoundLog, population: ranking.Population) -> dict[str, tuple[int, int]]:
    """Count, for touchpoints with a conversion target, the journeys that reached the goal and those that are closed."""
    counts = {}
    for touchpoint in plan.touchpoints():
        if touchpoint.target is not None and touchpoint.target.conversion is not None:
            paths = log.events.filter(pl.col("touchpoint") == touchpoint.id)["path"].unique().to_numpy()
            closed = np.isin(population.path, paths) & (population.outcome != "open")
            counts[touchpoint.id] = (int((closed & (population.outcome == "converted")).sum()), int(closed.sum()))
    return counts
