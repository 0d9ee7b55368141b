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
from mining.alignment import align
from mining.automaton import Automaton, compile_map
from mining.conditions import both
from mining.deviations import Walked
from mining.expressions import parse
from mining.gaps import GapCounts, gaps
from mining.journey_map import JourneyMap
from mining.moves import Moves
from mining.places import Places, places
from mining.population import Population
from mining.warm_up import warm_up
from pipeline import queries, rules
from pipeline.bound_log import BoundLog, Tally, bound_log
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
    window = window_of(ws, plan)
    journeys = outcomes.with_outcomes(log.journeys, found.converted, window)
    by_path = deviations.path_deviations(found.parts, board, log.activities)
    population = Population.of(journeys, by_path)
    sync = checks.synchronous([part.aligned for part in found.parts], plan)
    at_events = journey_deviations(ws, plan, log, sync, where)
    ranked = ranking.rank(by_path, at_events, population, board, rules.beside(ws, plan, log, journeys, window))
    visits = outcomes.milestone_visits(log.walked, log.activity, plan)
    dropped = outcomes.drop_off(
        plan,
        journeys,
        visits,
        _visit_times(ws, outcomes.undecided(journeys, window), visits, where),
        window,
        last=by_path.last,
        activities=log.activities,
    )
    tally = log.tally(plan)
    reach = _reach(plan, tally, board, population)
    counts = _gap_counts(plan, log, population, board, reach, tally)
    return Findings(
        plan=plan,
        where=where,
        log=queries.summary(ws, where),
        map=_map_summary(plan, tally, found.automaton, len(population)),
        alignment=found.summary,
        outcomes=_outcomes(journeys, visits, found.converted.size, window),
        deviations=ranked.deviations,
        accepted=ranked.accepted,
        rules=ranked.rules,
        drop_off=dropped,
        gaps=gaps(plan, ranked.deviations, counts),
        walked=Moves(found.parts, log.paths.select("path", "variant_id", "n_journeys"), log.activities, board),
        journeys=journeys.with_columns(cost=found.costs[population.path]),
        reach=reach,
        stages=pl.DataFrame(
            list(counts.at_stage.items()), schema={"stage": pl.String, "n_journeys": pl.Int64}, orient="row"
        ),
        tests=ranked.tests,
        notes=(*log.notes, *unchecked(ws, plan), *rules.notes(plan, log, window, ranked.unmatched)),
    )


@dataclass(frozen=True)
class Aligned:
    """The alignments of all paths.

    Attributes
    ----------
    automaton : Automaton
        Of the whole map, nothing exempt.
    parts : list of Walked
        The alignments, one part for each set of exempt touchpoints.
    costs : (paths,) float array
        The cost of each path.
    converted : (paths,) bool array
        Whether it has the goal.
    summary : AlignmentSummary
        Over all journeys.
    """

    automaton: Automaton
    parts: list[Walked]
    costs: np.ndarray
    converted: np.ndarray
    summary: AlignmentSummary


def _aligned(log: BoundLog, plan: JourneyMap) -> Aligned:
    reached = log.has(plan.goal, plan)
    warm_up()
    started = time.perf_counter()
    parts: list[Walked] = []
    worst = log.walked.lengths.astype(float)
    cuts = np.searchsorted(log.paths["exempt"].to_numpy(), np.arange(len(log.exempt) + 1)).tolist()
    for exempt, first, last in zip(log.exempt, cuts[:-1], cuts[1:], strict=True):
        automaton = compile_map(plan, exempt)
        paths, goal = log.walked.part(first, last), reached[first:last]
        everywhere = np.ones(automaton.n_states, dtype=bool)
        aligned = align(paths, automaton, [everywhere, automaton.past_goal], goal.astype(np.int64))
        activity = log.activity[log.walked.offsets[first] : log.walked.offsets[last]]
        parts.append(Walked(aligned, activity, exempt))
        if goal.any():
            worst[first:last] += goal * automaton.shortest(automaton.past_goal)
    seconds = time.perf_counter() - started
    costs = np.concatenate([part.aligned.cost for part in parts])
    n = log.n_journeys
    return Aligned(
        automaton=compile_map(plan) if len(log.exempt) > 1 or log.exempt[0] else automaton,
        parts=parts,
        costs=costs,
        converted=reached,
        summary=AlignmentSummary.of(
            float(costs @ n), float(worst @ n), int(n[costs == 0].sum()), int(n.sum()), seconds
        ),
    )


def _visit_times(ws: Workspace, journeys: pl.DataFrame, visits: np.ndarray, where: str | None) -> pl.DataFrame:
    """Give path, outcome, milestone, time of the first visit of some journeys."""
    if journeys.is_empty():
        return journeys.head(0)
    asked = journeys.select("journey_id", "path", "outcome")
    some = visits[np.isin(visits[:, 0], asked["path"].unique().to_numpy())]
    frames = {
        "visits": pl.DataFrame(some, schema=["path", "milestone", "position", "next"]),
        "journey_paths": asked.select("journey_id", "path"),
    }
    return ws.run("visit_times", where=where, frames=frames).join(asked, on="journey_id")


def _outcomes(journeys: pl.DataFrame, visits: np.ndarray, n_paths: int, window: outcomes.Window) -> Outcomes:
    visited = np.zeros(n_paths, dtype=bool)
    visited[visits[:, 0]] = True
    outcome, never = journeys["outcome"], pl.Series(~visited[journeys["path"].to_numpy()])
    counts, early = (dict(some.value_counts().iter_rows()) for some in (outcome, outcome.filter(never)))
    return Outcomes(
        converted=counts.get("converted", 0),
        dropped=counts.get("dropped", 0),
        open=counts.get("open", 0),
        inactive_after_s=window.inactive_after_s,
        inactive_after_declared=window.declared,
        log_end=window.log_end,
        before_first_milestone={name: early.get(name, 0) for name in ("dropped", "open")},
    )


def _reach(plan: JourneyMap, tally: Tally, board: Places, population: Population) -> pl.DataFrame:
    """Count, per touchpoint in map order, its journeys, its events, and the journeys that got as far as its place."""
    n = len(plan.touchpoints())
    there = _beyond(population.beyond(population.place_of_path), board.place_of)
    return board.frame.select("touchpoint", stage="stage_id").with_columns(
        n_journeys=tally.journeys[:n],
        n_events=tally.events[:n],
        n_there=pl.Series(there.values(), dtype=pl.Int64),
    )


def _beyond(journeys: np.ndarray, number_of: dict[str, int]) -> dict[str, int]:
    """Put names to the journeys that got to each number or further."""
    return {name: int(journeys[number]) if number < len(journeys) else 0 for name, number in number_of.items()}


def _map_summary(plan: JourneyMap, tally: Tally, automaton: Automaton, journeys: int) -> MapSummary:
    n = len(plan.touchpoints())
    return MapSummary(
        id=plan.id,
        touchpoints=n,
        states=automaton.n_states,
        event_coverage=int(tally.events[:n].sum()) / int(tally.events.sum()),
        journey_coverage=tally.on_map / journeys,
    )


def _gap_counts(
    plan: JourneyMap, log: BoundLog, population: Population, board: Places, reach: pl.DataFrame, tally: Tally
) -> GapCounts:
    off_map = zip(log.activities, tally.journeys[len(plan.touchpoints()) :].tolist(), strict=True)
    return GapCounts(
        reach=dict(reach.select("touchpoint", "n_journeys").iter_rows()),
        at_place=dict(reach.select("touchpoint", "n_there").iter_rows()),
        at_stage=_beyond(population.beyond(population.stage_of_path), {s: n for n, s in enumerate(board.stages)}),
        activity={name: n for name, n in off_map if n},
        journeys=len(population),
        converted=_converted(plan, log, population),
    )


def _converted(plan: JourneyMap, log: BoundLog, population: Population) -> dict[str, tuple[int, int]]:
    """Count, for touchpoints with a conversion target, the journeys that reached the goal and those that are closed."""
    counts = {}
    for touchpoint in plan.touchpoints():
        if touchpoint.target is not None and touchpoint.target.conversion is not None:
            closed = log.has(touchpoint.id, plan)[population.path] & population.closed
            counts[touchpoint.id] = (int((closed & population.converted).sum()), int(closed.sum()))
    return counts
