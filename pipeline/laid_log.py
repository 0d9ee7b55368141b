"""The log laid over a plan: every path bound and aligned, every journey with its outcome and its deviations."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
import polars as pl

from mining import checks, outcomes
from mining.automaton import Automaton, compile_map
from mining.deviations import PathDeviations, Walked, path_deviations
from mining.journey_map import JourneyMap
from mining.journey_reading import align_journeys
from mining.places import Places, places
from mining.population import Population
from mining.warm_up import warm_up
from pipeline.bound_log import BoundLog, bound_log
from pipeline.event_checks import journey_deviations
from pipeline.findings import AlignmentSummary
from pipeline.store import Workspace
from pipeline.window import window_of


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
class Laid:
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

    def at_events(self, ws: Workspace) -> pl.DataFrame:
        """Look up in the events the deviations that paths cannot tell; see `pipeline.event_checks`."""
        sync = checks.synchronous([part.aligned for part in self.found.parts], self.plan)
        return journey_deviations(ws, self.plan, self.log, sync, self.where)


def lay(ws: Workspace, plan: JourneyMap, where: str | None) -> Laid:
    """Lay the journeys that `where` chooses over the plan.

    Raises
    ------
    SourceError
        When there is no journey.
    ModelError, ExpressionError
        When the map cannot become an automaton, or a condition names what the log does not have.
    """
    log = bound_log(ws, plan, where)
    found = _aligned(log, plan)
    board = places(plan)
    window = window_of(ws, plan)
    journeys = outcomes.with_outcomes(log.journeys, found.converted, window)
    by_path = path_deviations(found.parts, board, log.activities)
    return Laid(plan, where, log, found, board, window, journeys, by_path, Population.of(journeys, by_path))


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
