"""The rules of a map held against the journeys of a log: on distinct paths, and in the events where a time is asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import numpy as np
import polars as pl

from mining import acceptance
from mining.acceptance import Acceptance
from mining.journey_map import JourneyMap
from mining.messages import N_, Message
from mining.outcomes import Window
from mining.ranking import Beside
from mining.rule_checks import Verdict, answers, on_paths
from mining.rules import Rule
from pipeline import queries
from pipeline.bound_log import BoundLog
from pipeline.store import Workspace


def beside(ws: Workspace, plan: JourneyMap, log: BoundLog, journeys: pl.DataFrame, window: Window) -> Beside:
    """Hold what the plan says beside its map against the log; each rule is judged when it is asked for.

    Parameters
    ----------
    ws, plan, log
        The log, the map, and the log bound to it.
    journeys : frame
        One row per journey: journey_id, path, end.
    window : Window
        What tells whether a journey is over.

    Raises
    ------
    ExpressionError
        When the condition of a rule or of a persona names what the log does not have.
    """
    return Beside(_verdicts(ws, plan, log, journeys, window), plan.accepted, window.last_day)


def _verdicts(
    ws: Workspace, plan: JourneyMap, log: BoundLog, journeys: pl.DataFrame, window: Window
) -> Iterator[Verdict]:
    if not plan.rules:
        return
    paths = log.walked
    number_of = {touchpoint.id: number for number, touchpoint in enumerate(plan.touchpoints())}
    over = np.ones(journeys.height, dtype=bool)
    if window.silent_since is not None:
        over = (journeys["end"] <= window.silent_since).fill_null(True).to_numpy()
    for rule in plan.rules:
        if _why_not(rule, plan, window) is None:
            asked_of = meant(ws, rule, plan, journeys)
            if rule.within_s is not None:
                due = answers(rule, paths, number_of)
                yield _timed(ws, rule, due, journeys.filter(pl.Series(asked_of)), journeys, window)
            else:
                found = on_paths(rule, paths, number_of)
                path = journeys["path"].to_numpy()
                asked, broken = found.asked[path] * asked_of, found.broken[path] * asked_of
                waits = rule.kind in ("after", "ends_with")
                yield Verdict.of(rule, asked, broken, over if waits else np.ones_like(over))


def notes(plan: JourneyMap, log: BoundLog, window: Window, unmatched: Sequence[Acceptance]) -> tuple[Message, ...]:
    """Say which rules the log cannot answer, which acceptances match nothing in it, and which have run out."""
    unanswered = filter(None, (_why_not(rule, plan, window) for rule in plan.rules))
    return (*unanswered, *acceptance.notes(plan.accepted, unmatched, window.last_day, log.activities))


def _why_not(rule: Rule, plan: JourneyMap, window: Window) -> Message | None:
    measured = {t.id for t in plan.touchpoints() if t.measured}
    unseen = next((t for t in (*rule.of, *rule.must) if t not in measured), None)
    if unseen is not None:
        template = N_("The rule {rule} is not checked, since nothing is bound to {touchpoint}.")
        return Message(template, rule=rule.id, touchpoint=unseen)
    if rule.within_s is not None and window.log_end is None:
        return Message(N_("The rule {rule} is not checked, since the log has no times."), rule=rule.id)
    return None


def meant(ws: Workspace, rule: Rule, plan: JourneyMap, journeys: pl.DataFrame) -> np.ndarray:
    """Tell which journeys a rule is for."""
    conditions = [rule.where] if rule.where else []
    where_of = {persona.id: persona.where for persona in plan.personas}
    if rule.personas and all(where_of[persona] for persona in rule.personas):
        conditions.append(" or ".join(f"({where_of[persona]})" for persona in rule.personas))
    for_them = np.ones(journeys.height, dtype=bool)
    for condition in conditions:
        chosen = queries.journey_ids(ws, condition)["journey_id"]
        for_them &= journeys["journey_id"].is_in(chosen.implode()).to_numpy()
    return for_them


def _timed(
    ws: Workspace, rule: Rule, due: pl.DataFrame, asked: pl.DataFrame, journeys: pl.DataFrame, window: Window
) -> Verdict:
    """Tell from the events whether the answers came in time, and whether their time was up when the log ended.

    It was up a moment before the end at least, since the last moment may hold more. Where the time of an answer is
    not known, it counts as one.
    """
    is_up, in_time = _judged(rule, window.log_end)
    found = (
        _with_times(ws, asked.select("journey_id", "path").join(due, on="path"))
        .group_by("journey_id")
        .agg(pl.len().alias("n_asks"), is_up.sum().alias("n_up"), (is_up & ~in_time).sum().alias("n_late"))
    )
    by_journey = journeys.select("journey_id").join(found, on="journey_id", how="left", maintain_order="left")
    asks, up, late = (by_journey[name].fill_null(0).to_numpy() for name in ("n_asks", "n_up", "n_late"))
    return Verdict.of(rule, asks, late, up > 0)


def _judged(rule: Rule, log_end: datetime | None) -> tuple[pl.Expr, pl.Expr]:
    """Tell whether the time of an answer was up when the log ended, and whether the answer came in time."""
    within = pl.duration(microseconds=round((rule.within_s or 0.0) * 1e6))
    is_up = (pl.lit(log_end) - pl.col("time") > within).fill_null(False)
    in_time = (pl.col("time_answer") - pl.col("time") <= within).fill_null(pl.col("answer").is_not_null())
    return is_up, in_time


def not_in_time(ws: Workspace, rule: Rule, asks: pl.DataFrame, log_end: datetime | None) -> pl.DataFrame:
    """Give those of some events that ask (journey_id, position, answer) whose time was up before an answer came."""
    is_up, in_time = _judged(rule, log_end)
    timed = _with_times(ws, asks.with_row_index("row"))
    return asks[timed.filter(is_up & ~in_time)["row"].sort()]


def _with_times(ws: Workspace, asks: pl.DataFrame) -> pl.DataFrame:
    """Add the times of events that ask, and of those that may answer, to journey_id, position and answer."""
    first = pl.col("first_place").cast(pl.Int64)
    placed = asks.join(ws.run("first_places"), on="journey_id").select(
        pl.exclude("path", "position", "answer", "first_place"),
        place=first + pl.col("position"),
        answer=first + pl.col("answer"),
    )
    wanted = pl.concat([placed["place"], placed["answer"]]).drop_nulls().unique()
    times = ws.run("times_at", frames={"wanted": wanted.to_frame("place")})
    return placed.join(times, on="place", how="left").join(
        times, left_on="answer", right_on="place", how="left", suffix="_answer"
    )
