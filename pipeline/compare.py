"""The main job end to end: a workspace and a planned map -> `Findings`.

The order of work: bind events to touchpoints, sort journeys by what is asked of them (their personas), align distinct
paths, name the deviations, look up in the events what paths cannot tell (deadlines, channels, failures), tell the
outcomes, and count everything over journeys.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from mining import outcomes, ranking
from mining.binding import bound_attributes
from mining.conditions import both
from mining.expressions import parse
from mining.gaps import GapCounts, gaps
from mining.journey_map import JourneyMap
from mining.moves import Moves
from mining.questions import as_asked
from pipeline import queries, rules, window
from pipeline.bound_log import Tally
from pipeline.event_checks import unchecked
from pipeline.findings import Findings, MapSummary, Outcomes
from pipeline.laid_log import Laid, lay
from pipeline.plan_questions import settled
from pipeline.queries import LogSummary
from pipeline.store import Workspace


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
    asked = both(plan.where, where)
    laid = lay(ws, plan, settled(ws, plan, where))
    log, found = laid.log, laid.found
    ranked = _ranked(ws, laid)
    visits = laid.visits
    tally = log.tally(plan)
    reach = _reach(laid, tally)
    counts = _gap_counts(laid, reach, tally)
    return Findings(
        plan=plan,
        where=as_asked(asked) if asked else None,
        log=_size(ws, laid),
        map=_map_summary(laid, tally),
        alignment=found.summary(log.n_journeys),
        outcomes=_outcomes(laid, visits),
        deviations=ranked.deviations,
        accepted=ranked.accepted,
        rules=ranked.rules,
        at_start=_at_start(laid, visits),
        drop_off=_drop_off(ws, laid, visits),
        gaps=gaps(plan, ranked.deviations, counts),
        walked=Moves(found.parts, log.paths.select("path", "variant_id", "n_journeys"), log.activities, laid.board),
        journeys=laid.journeys.with_columns(cost=found.costs[laid.population.path]),
        reach=reach,
        stages=pl.DataFrame(
            list(counts.at_stage.items()), schema={"stage": pl.String, "n_journeys": pl.Int64}, orient="row"
        ),
        tests=ranked.tests,
        notes=(
            *log.notes,
            *window.notes(ws, laid.window, laid.journeys["outcome"]),
            *unchecked(ws, plan),
            *rules.notes(plan, log, laid.window, ranked.unmatched),
        ),
    )


def _size(ws: Workspace, laid: Laid) -> LogSummary:
    """Give the size of the log of these journeys, which their paths tell unless the plan looks at attributes."""
    if laid.where is None or bound_attributes(laid.plan):
        return queries.summary(ws, laid.where)
    log = laid.log
    happens = np.zeros(len(log.activities), dtype=bool)
    happens[log.activity] = True
    start, end = laid.journeys.select(pl.col("start").min(), pl.col("end").max()).row(0)
    return LogSummary(
        events=int(log.walked.lengths @ log.n_journeys),
        journeys=laid.journeys.height,
        variants=log.paths["variant_id"].n_unique(),
        activities=int(happens.sum()),
        start=start,
        end=end,
        rejected_rows=queries.summary(ws).rejected_rows,
    )


def _ranked(ws: Workspace, laid: Laid) -> ranking.Ranking:
    """Rank the deviations of paths, of what the events tell beyond them, and of the rules beside the map."""
    plan, log = laid.plan, laid.log
    at_events = laid.at_events(ws)
    beside = rules.beside(ws, plan, log, laid.journeys, laid.window)
    return ranking.rank(laid.by_path, at_events, laid.population, laid.board, beside)


def _at_start(laid: Laid, visits: np.ndarray) -> pl.DataFrame:
    offsets = laid.log.walked.offsets
    starts, some = offsets[:-1], np.diff(offsets) > 0
    first = np.full(len(starts), -1)
    first[some] = laid.log.activity[starts[some]]
    return outcomes.at_start(
        laid.plan,
        laid.journeys,
        visits,
        laid.window,
        first=first,
        last=laid.by_path.last,
        activities=laid.log.activities,
    )


def _drop_off(ws: Workspace, laid: Laid, visits: np.ndarray) -> pl.DataFrame:
    return outcomes.drop_off(
        laid.plan,
        laid.journeys,
        visits,
        _undecided(ws, laid),
        laid.window,
        last=laid.by_path.last,
        activities=laid.log.activities,
    )


def _undecided(ws: Workspace, laid: Laid) -> pl.DataFrame:
    """Give the journeys of which some events are a full window old and some are not; n_ripe are the first of them."""
    since = laid.window.silent_since
    if since is None:
        return laid.journeys.head(0).with_columns(n_ripe=pl.lit(0))
    ripe = queries.ripe_events(ws, since)
    return laid.journeys.select("journey_id", "path", "outcome").join(ripe, on="journey_id")


def _outcomes(laid: Laid, visits: np.ndarray) -> Outcomes:
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


def _reach(laid: Laid, tally: Tally) -> pl.DataFrame:
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


def _map_summary(laid: Laid, tally: Tally) -> MapSummary:
    n = len(laid.plan.touchpoints())
    return MapSummary(
        id=laid.plan.id,
        touchpoints=n,
        states=laid.found.automaton.n_states,
        event_coverage=int(tally.events[:n].sum()) / int(tally.events.sum()),
        journey_coverage=tally.on_map / len(laid.population),
    )


def _gap_counts(laid: Laid, reach: pl.DataFrame, tally: Tally) -> GapCounts:
    population, board = laid.population, laid.board
    off_map = zip(laid.log.activities, tally.journeys[len(laid.plan.touchpoints()) :].tolist(), strict=True)
    return GapCounts(
        reach=dict(reach.select("touchpoint", "n_journeys").iter_rows()),
        present={t.id for t, there in zip(laid.plan.touchpoints(), laid.log.present.tolist(), strict=True) if there},
        at_place=dict(reach.select("touchpoint", "n_there").iter_rows()),
        at_stage=_beyond(population.beyond(population.stage_of_path), {s: n for n, s in enumerate(board.stages)}),
        activity={name: n for name, n in off_map if n},
        journeys=len(population),
        converted=_converted(laid),
    )


def _converted(laid: Laid) -> dict[str, tuple[int, int]]:
    """Count, for touchpoints with a conversion target, the journeys that reached the goal and those that are closed."""
    plan, log, population, counts = laid.plan, laid.log, laid.population, {}
    for touchpoint in plan.touchpoints():
        if touchpoint.target is not None and touchpoint.target.conversion is not None:
            closed = log.has(touchpoint.id, plan)[population.path] & population.closed
            counts[touchpoint.id] = (int((closed & population.converted).sum()), int(closed.sum()))
    return counts
