"""The log laid over a plan: every path bound and aligned, every journey with its outcome and its deviations.

That is done once for all journeys that the plan is for. A condition chooses whole journeys, and whoever else is looked
at, a journey keeps its path, its moves, its outcome and its deviations: so the journeys of a condition are chosen from
what is laid already, and only counted anew.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from mining import checks, outcomes
from mining.automaton import Automaton, compile_map
from mining.conditions import both
from mining.deviations import PathDeviations, Walked, path_deviations
from mining.journey_map import JourneyMap
from mining.journey_reading import align_journeys
from mining.places import Places, places
from mining.population import Population
from mining.warm_up import warm_up
from pipeline import queries
from pipeline.bound_log import BoundLog, bound_log, nothing_left
from pipeline.event_checks import journey_deviations
from pipeline.findings import AlignmentSummary
from pipeline.recall import remembered
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
    costs, worst : (paths,) float arrays
        The cost of each path, and what it would be if nothing of it matched.
    seconds : float
        How long the alignment took.
    """

    automaton: Automaton
    parts: list[Walked]
    costs: np.ndarray
    worst: np.ndarray
    seconds: float

    def summary(self, n_journeys: np.ndarray) -> AlignmentSummary:
        """Sum up over all journeys; `n_journeys` are those of each path."""
        n, costs = n_journeys, self.costs
        sums = float(costs @ n), float(self.worst @ n), int(n[costs == 0].sum()), int(n.sum())
        return AlignmentSummary.of(*sums, self.seconds)

    def chosen(self, keep: np.ndarray, log: BoundLog) -> Aligned:
        """Give the alignments of the paths that `keep` tells to keep, which are those of `log`."""
        firsts = np.cumsum([0, *(len(part.aligned.cost) for part in self.parts)]).tolist()
        kept = [(part, keep[first:end]) for part, first, end in zip(self.parts, firsts, firsts[1:], strict=False)]
        stay = [(part.aligned, some) for part, some in kept if some.any()]
        parts = [
            Walked(aligned.chosen(some, paths), activity, exempt)
            for (aligned, some), (exempt, _, paths, activity) in zip(stay, log.parts(), strict=True)
        ]
        return Aligned(self.automaton, parts, self.costs[keep], self.worst[keep], self.seconds)


@dataclass(frozen=True)
class Laid:
    """The log laid over the plan: every journey with its path, its outcome and the deviations of its path.

    What is found of paths is of `BoundLog.paths`, in their order; `visits` are those of `outcomes.milestone_visits`.
    """

    plan: JourneyMap
    where: str | None
    log: BoundLog
    found: Aligned
    board: Places
    visits: np.ndarray
    window: outcomes.Window
    journeys: pl.DataFrame
    by_path: PathDeviations
    population: Population

    def chosen(self, where: str, journeys: pl.DataFrame) -> Laid:
        """Give some of the journeys (journey_id) alone: those that `where` chooses.

        Raises
        ------
        SourceError
            When there is none.
        """
        if journeys.is_empty():
            raise nothing_left(where)
        if journeys.height == self.journeys.height:
            return replace(self, where=where)
        log, keep = self.log.chosen(journeys)
        found, by_path = self.found.chosen(keep, log), self.by_path.chosen(keep)
        visits = outcomes.chosen_visits(self.visits, keep)
        some = outcomes.with_outcomes(log.journeys, log.converted, self.window)
        population = Population.of(some, by_path)
        return replace(
            self, where=where, log=log, found=found, visits=visits, journeys=some, by_path=by_path,
            population=population,
        )  # fmt: skip

    def at_events(self, ws: Workspace) -> pl.DataFrame:
        """Give the deviations that paths cannot tell; see `pipeline.event_checks`."""
        return _at_events(ws, self.plan).join(self.journeys, on="journey_id", how="semi")


def lay(ws: Workspace, plan: JourneyMap, where: str | None = None) -> Laid:
    """Lay the journeys that a plan is for over it; of these, where it is given, those that `where` chooses.

    Raises
    ------
    SourceError
        When there is no journey.
    ModelError, ExpressionError
        When the map cannot become an automaton, or a condition names what the log does not have.
    """
    laid, asked = _laid(ws, plan), both(plan.where, where)
    return laid if where is None or asked is None else laid.chosen(asked, queries.journey_ids(ws, asked))


@remembered
def _laid(ws: Workspace, plan: JourneyMap) -> Laid:
    log = bound_log(ws, plan)
    found = _aligned(log, plan)
    board = places(plan)
    visits = outcomes.milestone_visits(log.walked, log.activity, plan)
    window = window_of(ws, plan)
    journeys = outcomes.with_outcomes(log.journeys, log.converted, window)
    by_path = path_deviations(found.parts, board, log.activities)
    return Laid(
        plan, plan.where, log, found, board, visits, window, journeys, by_path, Population.of(journeys, by_path)
    )


@remembered
def _at_events(ws: Workspace, plan: JourneyMap) -> pl.DataFrame:
    laid = _laid(ws, plan)
    sync = checks.synchronous([part.aligned for part in laid.found.parts], plan)
    return journey_deviations(ws, plan, laid.log, sync, plan.where)


def _aligned(log: BoundLog, plan: JourneyMap) -> Aligned:
    warm_up()
    started = time.perf_counter()
    parts: list[Walked] = []
    worst: list[np.ndarray] = []
    for exempt, rows, paths, activity in log.parts():
        aligned, at_most = align_journeys(paths, compile_map(plan, exempt), log.converted[rows])
        worst.append(at_most)
        parts.append(Walked(aligned, activity, exempt))
    whole = next((part.aligned.automaton for part in parts if not part.exempt), None)
    return Aligned(
        automaton=compile_map(plan) if whole is None else whole,
        parts=parts,
        costs=np.concatenate([part.aligned.cost for part in parts]),
        worst=np.concatenate(worst),
        seconds=time.perf_counter() - started,
    )
