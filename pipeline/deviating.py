"""The journeys of a comparison that meet a question about its plan, and the events where a deviation happens."""

from __future__ import annotations

import polars as pl

from mining import checks
from mining.rule_checks import answers
from mining.rule_places import broken_at
from mining.rules import Rule
from pipeline import queries
from pipeline.event_checks import at_fault
from pipeline.findings import Findings
from pipeline.plan_questions import settled
from pipeline.rules import meant, not_in_time
from pipeline.store import Workspace


def meeting(ws: Workspace, found: Findings, question: str) -> pl.DataFrame:
    """Give the journeys of a comparison (the rows of its `journeys`) that meet a question about its plan."""
    asked = settled(ws, found.plan, question)
    chosen = queries.journey_ids(ws, asked or question)
    return found.journeys.join(chosen, on="journey_id", how="semi", maintain_order="left")


def checked_spans(found: Findings, kind: str, touchpoint: str) -> pl.DataFrame:
    """Give the synchronous moves of a touchpoint that are looked at for being late, failed or in a wrong channel.

    Returns
    -------
    frame
        path, since (position of the event that the time of a late one counts from, else its own), position; by path.
    """
    moves = checks.synchronous([part.aligned for part in found.walked.parts], found.plan)
    if kind == "late":
        moves = checks.deadlines(moves, found.plan).with_columns(since="reference")
    here = moves.filter(pl.col("touchpoint") == touchpoint)
    return here.with_columns(since="since" if kind == "late" else "position").select("path", "since", "position")


def faults(ws: Workspace, found: Findings, kind: str, touchpoint: str, spans: pl.DataFrame) -> pl.DataFrame:
    """Give those of some moves of `checked_spans` (journey_id, since, position) that are at fault, with their paths."""
    wrong = at_fault(ws, found.plan, kind, touchpoint, spans)
    return wrong.join(found.journeys.select("journey_id", "path"), on="journey_id", maintain_order="left")


def rule_spans(found: Findings, rule: Rule) -> pl.DataFrame:
    """Give the events that may break a rule: where a time is asked, all that ask, else those that break it.

    Returns
    -------
    frame
        path, since (position of the event), position (of the answer; the same where there is none); by path.
    """
    number_of, parts, first = {t.id: number for number, t in enumerate(found.plan.touchpoints())}, [], 0
    for part in found.walked.parts:
        paths = part.aligned.paths
        asks = answers if rule.within_s is not None else broken_at
        events = asks(rule, paths, number_of)
        answer = pl.coalesce("answer", "position") if rule.within_s is not None else pl.col("position")
        parts.append(
            events.select(
                pl.col("path") + pl.lit(first, pl.UInt32), since=pl.col("position").cast(pl.Int64),
                position=answer.cast(pl.Int64),
            )
        )  # fmt: skip
        first += len(part.aligned.cost)
    return pl.concat(parts)


def rule_broken(ws: Workspace, found: Findings, rule: Rule, spans: pl.DataFrame) -> pl.DataFrame:
    """Give the events of `rule_spans` (journey_id, since, position) that break a rule: journey_id, path, position."""
    if rule.within_s is not None:
        answer = pl.when(pl.col("position") > pl.col("since")).then("position")
        asks = spans.select("journey_id", answer=answer, position="since")
        wrong = not_in_time(ws, rule, asks, found.outcomes.log_end).select("journey_id", "position")
    else:
        wrong = spans.select("journey_id", "position")
    return wrong.join(found.journeys.select("journey_id", "path"), on="journey_id", maintain_order="left")


def asked_by(ws: Workspace, found: Findings, rule: Rule) -> pl.DataFrame:
    """Give the journeys of a comparison (the rows of its `journeys`) that a rule is for."""
    return found.journeys.filter(pl.Series(meant(ws, rule, found.plan, found.journeys)))
