"""What the plan lacks, what the log lacks, and what customers do that the plan does not know."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from mining.choices import alternatives
from mining.journey_map import JourneyMap
from mining.messages import N_, Message
from mining.statistics import wilson

GAPS = {
    "kind": pl.String,
    "touchpoint": pl.String,
    "activity": pl.String,
    "stage": pl.String,
    "journeys": pl.Int64,
    "of": pl.Int64,
    "share": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "detail": pl.Object,
}


@dataclass(frozen=True)
class GapCounts:
    """Journeys, as the gaps need them.

    Attributes
    ----------
    reach : dict
        In which a touchpoint happened, by touchpoint id.
    at_place, at_stage : dict
        That got as far as a touchpoint, and as a stage.
    activity : dict
        In which an activity happened that is bound to nothing, by name.
    journeys : int
        Compared.
    converted : dict
        That reached the goal, and that are closed, of those in which a touchpoint happened, by touchpoint id.
    """

    reach: dict[str, int]
    at_place: dict[str, int]
    at_stage: dict[str, int]
    activity: dict[str, int]
    journeys: int
    converted: dict[str, tuple[int, int]]


def gaps(
    plan: JourneyMap,
    deviations: pl.DataFrame,
    seen: GapCounts,
) -> pl.DataFrame:
    """Find the gaps between the plan and the log.

    Parameters
    ----------
    plan : JourneyMap
        The map.
    deviations : frame
        One row per kind and place: kind, touchpoint, activity, stage, journeys.
    seen : GapCounts
        What was counted.

    Returns
    -------
    frame
        kind, touchpoint, activity, stage, journeys (how many the gap concerns), of (those that got as far for skipped,
        else all), share with its 95% Wilson interval low, high (null where nothing is counted, and for missed_target,
        whose share stands in the detail), detail (a `Message`); in the order unanswered_question, unmeasured, silent,
        elsewhere, skipped, off_map, missed_target.
    """
    rows = [
        *_unanswered(plan, seen),
        *_unseen(plan, seen),
        *_elsewhere(plan, deviations, seen),
        *_skipped(plan, deviations, seen),
        *_off_map(deviations, seen),
        *_missed_targets(plan, seen),
    ]
    return pl.DataFrame([_with_share(row, seen) for row in rows], schema=GAPS, orient="row")


Row = tuple[str, str | None, str | None, str | None, int, Message]


def _with_share(row: Row, seen: GapCounts) -> tuple[object, ...]:
    """Put the share that the journeys are of all they could be, with its interval, before the detail."""
    kind, touchpoint, *_place, n, detail = row
    if kind == "missed_target":
        return *row[:-1], None, None, None, None, detail
    of = seen.at_place[touchpoint] if kind == "skipped" and touchpoint is not None else seen.journeys
    return *row[:-1], of, n / of if of else None, *wilson(n, of), detail


def _unanswered(plan: JourneyMap, seen: GapCounts) -> list[Row]:
    return [
        (
            "unanswered_question",
            None,
            None,
            stage.id,
            seen.at_stage[stage.id],
            Message(N_("Nobody answers: {question}"), question=question.text),
        )
        for stage in plan.stages
        for question in stage.questions
        if not question.answered_by
    ]


def _unseen(plan: JourneyMap, seen: GapCounts) -> list[Row]:
    stage_of = plan.stage_of()
    unmeasured = [
        (
            "unmeasured",
            t.id,
            None,
            stage_of[t.id],
            seen.at_place[t.id],
            Message(N_("No event is bound to it.")),
        )
        for t in plan.touchpoints()
        if not t.measured
    ]
    silent = [
        (
            "silent",
            t.id,
            None,
            stage_of[t.id],
            seen.at_place[t.id],
            Message(
                N_("Bound to {events}, but never seen: a tracking hole or a dead touchpoint."),
                events=", ".join(b.activity or str(dict(b.attributes)) for b in t.events),
            ),
        )
        for t in plan.touchpoints()
        if t.measured and not seen.reach.get(t.id)
    ]
    return [*unmeasured, *silent]  # type: ignore[list-item]


def _elsewhere(plan: JourneyMap, deviations: pl.DataFrame, seen: GapCounts) -> list[Row]:
    """Find touchpoints that happened, but in every journey in another channel or for another persona than planned."""
    wrong = deviations.filter(pl.col("kind").is_in(["wrong_channel", "wrong_persona"]))
    stage_of = plan.stage_of()
    return [
        (
            "elsewhere",
            row["touchpoint"],
            None,
            stage_of[row["touchpoint"]],
            row["journeys"],
            Message(N_("Seen only in other channels than planned."))
            if row["kind"] == "wrong_channel"
            else Message(N_("Seen only for other personas than planned.")),
        )
        for row in wrong.sort("touchpoint", "kind").iter_rows(named=True)
        if row["journeys"] == seen.reach.get(row["touchpoint"])
    ]


def _missed_targets(plan: JourneyMap, seen: GapCounts) -> list[Row]:
    """Hold the reach (share of all journeys) and the conversion of touchpoints against their targets."""
    rows: list[Row] = []
    for stage, t in plan.planned():
        if t.target is None or not t.measured:
            continue
        won, closed = seen.converted.get(t.id, (0, 0))
        shares = [
            (
                N_("Reach is {share:.1%} of {n} journeys; the target is {target}."),
                t.target.reach,
                seen.reach[t.id],
                seen.journeys,
            ),
            (
                N_("Conversion is {share:.1%} of {n} journeys; the target is {target}."),
                t.target.conversion,
                won,
                closed,
            ),
        ]
        for template, target, count, n in shares:
            if target is not None and n and not _meets(count / n, target):
                message = Message(template, share=count / n, n=n, target=target)
                rows.append(("missed_target", t.id, None, stage.id, n, message))
    return rows


def _meets(share: float, target: str) -> bool:
    operator, limit = target.split()
    compare = {">=": share >= float(limit), "<=": share <= float(limit), ">": share > float(limit)}
    return compare.get(operator, share < float(limit))


def _skipped(plan: JourneyMap, deviations: pl.DataFrame, seen: GapCounts) -> list[Row]:
    among = alternatives(plan)
    missing = deviations.filter(pl.col("kind") == "missing").sort("journeys", "touchpoint", descending=[True, False])
    return [
        (
            "skipped",
            row["touchpoint"],
            None,
            row["stage"],
            row["journeys"],
            Message(
                N_("{n} of {of} journeys that got as far went past it and past all alternatives to it.")
                if row["touchpoint"] in among
                else N_("{n} of {of} journeys that got as far went past it."),
                n=row["journeys"],
                of=seen.at_place[row["touchpoint"]],
            ),
        )
        for row in missing.iter_rows(named=True)
        if seen.reach.get(row["touchpoint"])
    ]


def _off_map(deviations: pl.DataFrame, seen: GapCounts) -> list[Row]:
    """One row per activity, at the stage where most of its journeys met it."""
    ad_hoc = deviations.filter(pl.col("kind") == "ad_hoc").sort("journeys", "stage", descending=[True, False])
    rows: list[Row] = []
    for (activity,), places in ad_hoc.group_by(["activity"], maintain_order=True):
        stages = ", ".join(f"{row['stage']} ({row['journeys']})" for row in places.iter_rows(named=True))
        message = Message(N_("Not on the map; it happens in {stages}."), stages=stages)
        first = places.row(0, named=True)
        rows.append(("off_map", None, str(activity), first["stage"], seen.activity[str(activity)], message))
    return sorted(rows, key=lambda row: (-row[4], row[2] or ""))
