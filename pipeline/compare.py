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

from mining import checks, outcomes, ranking
from mining.automaton import Automaton, compile_map
from mining.conditions import both
from mining.deviations import PathDeviations, Walked, path_deviations
from mining.expressions import parse
from mining.gaps import GapCounts, gaps
from mining.journey_map import JourneyMap
from mining.journey_reading import align_journeys
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
    laid = _laid(ws, plan, both(plan.where, where))
    log, found, window = laid.log, laid.found, laid.window
    ranked = _ranked(ws, laid)
    visits = outcomes.milestone_visits(log.walked, log.activity, plan)
    tally = log.tally(plan)
    reach = _reach(laid, tally)
    counts = _gap_counts(laid, reach, tally)
    return Findings(
        plan=plan,
        where=laid.where,
        log=queries.summary(ws, laid.where),
        map=_map_summary(laid, tally),
        alignment=found.summary,
        outcomes=_outcomes(laid, visits),
        deviations=ranked.deviations,
        accepted=ranked.accepted,
        rules=ranked.rules,
        drop_off=_drop_off(ws, laid, visits),
        gaps=gaps(plan, ranked.deviations, counts),
        walked=Moves(found.parts, log.paths.select("path", "variant_id", "n_journeys"), log.activities, laid.board),
        journeys=laid.journeys.with_columns(cost=found.costs[laid.population.path]),
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


@dataclass(frozen=True)
class _Laid:
    """The log laid over the plan: every journey with its path, its outcome and the deviations of its path."""

    plan: JourneyMap
    where: str | None
    log: BoundLog
    found: Aligned
    board: Places
    window: outcomes.Window
    journeys: pl.DataFrame
    by_path: PathDeviations
    population: Population


def _laid(ws: Workspace, plan: JourneyMap, where: str | None) -> _Laid:
    log = bound_log(ws, plan, where)
    found = _aligned(log, plan)
    board = places(plan)
    window = window_of(ws, plan)
    journeys = outcomes.with_outcomes(log.journeys, found.converted, window)
    by_path = path_deviations(found.parts, board, log.activities)
    return _Laid(plan, where, log, found, board, window, journeys, by_path, Population.of(journeys, by_path))


def _aligned(log: BoundLog, plan: JourneyMap) -> Aligned:
    reached = log.has(plan.goal, plan)
    warm_up()
    started = time.perf_counter()
    parts: list[Walked] = []
    worst: list[np.ndarray] = []
    cuts = np.searchsorted(log.paths["exempt"].to_numpy(), np.arange(len(log.exempt) + 1)).tolist()
    for exempt, first, last in zip(log.exempt, cuts[:-1], cuts[1:], strict=True):
        automaton = compile_map(plan, exempt)
        paths, goal = log.walked.part(first, last), reached[first:last]
        aligned, at_most = align_journeys(paths, automaton, goal)
        worst.append(at_most)
        activity = log.activity[log.walked.offsets[first] : log.walked.offsets[last]]
        parts.append(Walked(aligned, activity, exempt))
    seconds = time.perf_counter() - started
    costs = np.concatenate([part.aligned.cost for part in parts])
    n = log.n_journeys
    return Aligned(
        automaton=compile_map(plan) if len(log.exempt) > 1 or log.exempt[0] else automaton,
        parts=parts,
        costs=costs,
        converted=reached,
        summary=AlignmentSummary.of(
            float(costs @ n), float(np.concatenate(worst) @ n), int(n[costs == 0].sum()), int(n.sum()), seconds
        ),
    )


def _ranked(ws: Workspace, laid: _Laid) -> ranking.Ranking:
    """Rank the deviations of paths, of what the events tell beyond them, and of the rules beside the map."""
    plan, log = laid.plan, laid.log
    sync = checks.synchronous([part.aligned for part in laid.found.parts], plan)
    at_events = journey_deviations(ws, plan, log, sync, laid.where)
    beside = rules.beside(ws, plan, log, laid.journeys, laid.window)
    return ranking.rank(laid.by_path, at_events, laid.population, laid.board, beside)


def _drop_off(ws: Workspace, laid: _Laid, visits: np.ndarray) -> pl.DataFrame:
    return outcomes.drop_off(
        laid.plan,
        laid.journeys,
        visits,
        _undecided(ws, laid),
        laid.window,
        last=laid.by_path.last,
        activities=laid.log.activities,
    )


def _undecided(ws: Workspace, laid: _Laid) -> pl.DataFrame:
    """Give the journeys of which some events are a full window old and some are not; n_ripe are the first of them."""
    since = laid.window.silent_since
    if since is None:
        return laid.journeys.head(0).with_columns(n_ripe=pl.lit(0))
    ripe = queries.ripe_events(ws, since, laid.where)
    return laid.journeys.select("journey_id", "path", "outcome").join(ripe, on="journey_id")


def _outcomes(laid: _Laid, visits: np.ndarray) -> Outcomes:
    window, outcome = laid.window, laid.journeys["outcome"]
    visited = np.zeros(laid.log.paths.height, dtype=bool)
    visited[visits[:, 0]] = True
    never = pl.Series(~visited[laid.population.path])
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


def _reach(laid: _Laid, tally: Tally) -> pl.DataFrame:
    """Count, per touchpoint in map order, its journeys, its events, and the journeys that got as far as its place."""
    n, population = len(laid.plan.touchpoints()), laid.population
    there = _beyond(population.beyond(population.place_of_path), laid.board.place_of)
    return laid.board.frame.select("touchpoint", stage="stage_id").with_columns(
        n_journeys=tally.journeys[:n],
        n_events=tally.events[:n],
        n_there=pl.Series(there.values(), dtype=pl.Int64),
    )


def _beyond(journeys: np.ndarray, number_of: dict[str, int]) -> dict[str, int]:
    """Put names to the journeys that got to each number or further."""
    return {name: int(journeys[number]) if number < len(journeys) else 0 for name, number in number_of.items()}


def _map_summary(laid: _Laid, tally: Tally) -> MapSummary:
    n = len(laid.plan.touchpoints())
    return MapSummary(
        id=laid.plan.id,
        touchpoints=n,
        states=laid.found.automaton.n_states,
        event_coverage=int(tally.events[:n].sum()) / int(tally.events.sum()),
        journey_coverage=tally.on_map / len(laid.population),
    )


def _gap_counts(laid: _Laid, reach: pl.DataFrame, tally: Tally) -> GapCounts:
    population, board = laid.population, laid.board
    off_map = zip(laid.log.activities, tally.journeys[len(laid.plan.touchpoints()) :].tolist(), strict=True)
    return GapCounts(
        reach=dict(reach.select("touchpoint", "n_journeys").iter_rows()),
        at_place=dict(reach.select("touchpoint", "n_there").iter_rows()),
        at_stage=_beyond(population.beyond(population.stage_of_path), {s: n for n, s in enumerate(board.stages)}),
        activity={name: n for name, n in off_map if n},
        journeys=len(population),
        converted=_converted(laid),
    )


def _converted(laid: _Laid) -> dict[str, tuple[int, int]]:
    """Count, for touchpoints with a conversion target, the journeys that reached the goal and those that are closed."""
    plan, log, population, counts = laid.plan, laid.log, laid.population, {}
    for touchpoint in plan.touchpoints():
        if touchpoint.target is not None and touchpoint.target.conversion is not None:
            closed = log.has(touchpoint.id, plan)[population.path] & population.closed
            counts[touchpoint.id] = (int((closed & population.converted).sum()), int(closed.sum()))
    return counts
