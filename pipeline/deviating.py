"""The journeys of a comparison that meet a question about its plan, and the events where a deviation happens."""

from __future__ import annotations

import polars as pl

from mining import checks
from pipeline import queries
from pipeline.event_checks import at_fault
from pipeline.findings import Findings
from pipeline.plan_questions import settled
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
