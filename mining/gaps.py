"""What the plan lacks, what the log lacks, and what customers do that the plan does not know."""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

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
MEETS: dict[str, Callable[[float, float], bool]] = {
    ">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt,
}  # fmt: skip


@dataclass(frozen=True)
class GapCounts:
    """Journeys, as the gaps need them.

    Attributes
    ----------
    reach : dict
        In which a touchpoint happened, by touchpoint id.
    present : collection of str
        The ids of touchpoints that happen in the journeys that the map is for, whichever of them are compared.
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
    present: Collection[str]
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
    found = [
        *_unanswered(plan, seen),
        *_unmeasured(plan, seen),
        *_silent(plan, seen),
        *_elsewhere(plan, deviations, seen),
        *_skipped(plan, deviations, seen),
        *_off_map(deviations, seen),
        *_missed_targets(plan, seen),
    ]
    return pl.DataFrame([{**gap._asdict(), **_share(gap, seen)} for gap in found], schema=GAPS)


class _Gap(NamedTuple):
    """One gap: what it is, the stage it is in, how many journeys it concerns, and what to say of it."""

    kind: str
    stage: str | None
    journeys: int
    detail: Message
    touchpoint: str | None = None
    activity: str | None = None


def _share(gap: _Gap, seen: GapCounts) -> dict[str, Any]:
    """Give the share that the journeys are of all they could be, with its interval."""
    if gap.kind == "missed_target":
        return {}
    of = seen.at_place[gap.touchpoint] if gap.kind == "skipped" and gap.touchpoint is not None else seen.journeys
    low, high = wilson(gap.journeys, of)
    return {"of": of, "share": gap.journeys / of if of else None, "low": low, "high": high}


def _unanswered(plan: JourneyMap, seen: GapCounts) -> Iterator[_Gap]:
    for stage in plan.stages:
        for question in stage.questions:
            if not question.answered_by:
                detail = Message(N_("Nobody answers: {question}"), question=question.text)
                yield _Gap("unanswered_question", stage.id, seen.at_stage[stage.id], detail)


def _unmeasured(plan: JourneyMap, seen: GapCounts) -> Iterator[_Gap]:
    stage_of = plan.stage_of()
    for t in plan.touchpoints():
        if not t.measured:
            yield _Gap("unmeasured", stage_of[t.id], seen.at_place[t.id], Message(N_("No event is bound to it.")), t.id)


def _silent(plan: JourneyMap, seen: GapCounts) -> Iterator[_Gap]:
    stage_of = plan.stage_of()
    for t in plan.touchpoints():
        if t.measured and t.id not in seen.present:
            detail = Message(
                N_("Bound to {events}, but never seen: a tracking hole or a dead touchpoint."),
                events=", ".join(b.activity or str(dict(b.attributes)) for b in t.events),
            )
            yield _Gap("silent", stage_of[t.id], seen.at_place[t.id], detail, t.id)


def _elsewhere(plan: JourneyMap, deviations: pl.DataFrame, seen: GapCounts) -> Iterator[_Gap]:
    """Find touchpoints that happened, but in every journey in another channel or for another persona than planned."""
    said = {
        "wrong_channel": N_("Seen only in other channels than planned."),
        "wrong_persona": N_("Seen only for other personas than planned."),
    }
    stage_of = plan.stage_of()
    wrong = deviations.filter(pl.col("kind").is_in(list(said))).sort("touchpoint", "kind")
    for row in wrong.iter_rows(named=True):
        touchpoint, n = row["touchpoint"], row["journeys"]
        if n == seen.reach.get(touchpoint):
            yield _Gap("elsewhere", stage_of[touchpoint], n, Message(said[row["kind"]]), touchpoint)


def _missed_targets(plan: JourneyMap, seen: GapCounts) -> Iterator[_Gap]:
    """Hold the reach (share of all journeys) and the conversion of touchpoints against their targets."""
    reach = N_("Reach is {share:.1%} of {n} journeys; the target is {target}.")
    conversion = N_("Conversion is {share:.1%} of {n} journeys; the target is {target}.")
    for stage, t in plan.planned():
        if t.target is None or not t.measured:
            continue
        shares = [
            (reach, t.target.reach, seen.reach[t.id], seen.journeys),
            (conversion, t.target.conversion, *seen.converted.get(t.id, (0, 0))),
        ]
        for template, target, count, n in shares:
            if target is not None and n and not _meets(count / n, target):
                detail = Message(template, share=count / n, n=n, target=target)
                yield _Gap("missed_target", stage.id, n, detail, t.id)


def _meets(share: float, target: str) -> bool:
    sign, limit = target.split()
    return MEETS[sign](share, float(limit))


def _skipped(plan: JourneyMap, deviations: pl.DataFrame, seen: GapCounts) -> Iterator[_Gap]:
    alone = N_("{n} of {of} journeys that got as far went past it.")
    chosen = N_("{n} of {of} journeys that got as far went past it and past all alternatives to it.")
    among = alternatives(plan)
    missing = deviations.filter(pl.col("kind") == "missing").sort("journeys", "touchpoint", descending=[True, False])
    for row in missing.iter_rows(named=True):
        touchpoint, n = row["touchpoint"], row["journeys"]
        if touchpoint in seen.present:
            detail = Message(chosen if touchpoint in among else alone, n=n, of=seen.at_place[touchpoint])
            yield _Gap("skipped", row["stage"], n, detail, touchpoint)


def _off_map(deviations: pl.DataFrame, seen: GapCounts) -> list[_Gap]:
    """Give one per activity, at the stage where most of its journeys met it; the most frequent first."""
    ad_hoc = deviations.filter(pl.col("kind") == "ad_hoc").sort("journeys", "stage", descending=[True, False])
    found = []
    for (activity,), places in ad_hoc.group_by(["activity"], maintain_order=True):
        name, stage = str(activity), places["stage"][0]
        stages = ", ".join(f"{row['stage']} ({row['journeys']})" for row in places.iter_rows(named=True))
        detail = Message(N_("Not on the map; it happens in {stages}."), stages=stages)
        found.append(_Gap("off_map", stage, seen.activity[name], detail, activity=name))
    return sorted(found, key=lambda gap: (-gap.journeys, gap.activity or ""))
