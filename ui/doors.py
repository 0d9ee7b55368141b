"""What the panel of a deviation, a stage or a drop-off says; see `ui.panel_data.Panel`."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from mining.flow_nodes import END, ghost_node, other_node, touchpoint_node
from mining.following import following, places, places_at, until_next
from mining.questions import left_after, reaches, shows
from pipeline import deviating
from ui.board import names
from ui.laid_out import Shown
from ui.language import _
from ui.panel_data import Panel, Times, of_steps, some_keys, some_of, until_next_step, waited

CHECKED = ("late", "failed", "wrong_channel")


def of_deviation(shown: Shown, row: dict[str, Any]) -> Panel:
    """Say what there is to say of a row of the ranking, or of what the plan accepts."""
    if row["kind"] in CHECKED:
        return _checked(shown, row)
    if row["kind"] == "rule_broken":
        return _rule(shown, row)
    steps = _passing(shown, row) if row["kind"] in ("missing", "stage_skipped") else _at(shown, row)
    return of_steps(steps, shown.seen.found.journeys, row["of"], shows(row))


def _at(shown: Shown, row: dict[str, Any]) -> pl.DataFrame:
    """Give the steps whose event is the deviation."""
    walk, found = shown.laid.walk, shown.seen.found
    if row["kind"] == "ad_hoc":
        return _unplanned(shown, row["stage"], row["activity"])
    here = pl.col("target") == touchpoint_node(row["touchpoint"])
    if row["kind"] != "wrong_persona":
        return places(walk, here & (pl.col("mark") == row["kind"]))
    meant, first = [], 0
    for part in found.walked.parts:
        ends = first + len(part.aligned.cost)
        if row["touchpoint"] in part.exempt:
            meant.append(pl.col("path").is_between(first, ends, closed="left"))
        first = ends
    return places(walk, here & (pl.col("mark") == "planned") & pl.any_horizontal(meant))


def _unplanned(shown: Shown, stage: str, activity: str) -> pl.DataFrame:
    """Give the steps of an activity beside the plan; where it shares a card, by what happened at each."""
    node, walk, walked = ghost_node(stage, activity), shown.laid.walk, shown.seen.found.walked
    if node in shown.laid.ghosts:
        return places(walk, pl.col("target") == node)
    rows = walk.select(pl.col("target") == other_node(stage)).to_series().arg_true()
    events = rows.to_numpy() - walk["path"][rows].to_numpy()  # each path before has one row more than events
    happened = np.concatenate([part.activity for part in walked.parts])[events]
    return places_at(walk, rows.filter(pl.Series(happened == list(walked.activities).index(activity))))


def _passing(shown: Shown, row: dict[str, Any]) -> pl.DataFrame:
    """Give the steps that go past a touchpoint or a whole stage: what they come to is what comes next."""
    laid, found = shown.laid, shown.seen.found
    if row["kind"] == "missing":
        rows = laid.found.steps_past(row["touchpoint"]).unique().sort()
    else:
        inside = [touchpoint for touchpoint, stage in found.plan.stage_of().items() if stage == row["stage"]]
        paths = deviating.meeting(shown.seen.log.workspace, found, shows(row))["path"].unique()
        passed = laid.found.passed.filter(pl.col("touchpoint").is_in(inside))["row"].unique().sort()
        of_path = pl.DataFrame({"path": laid.walk["path"][passed], "row": passed})
        skipped = of_path.filter(pl.col("path").is_in(paths.implode()))
        rows = skipped.group_by("path").agg(pl.col("row").max())["row"].sort()
    return places_at(laid.walk, rows).with_columns(next="target")


def _checked(shown: Shown, row: dict[str, Any]) -> Panel:
    """Say what there is to say of events that are late, failed or in a wrong channel, which their paths do not tell."""
    seen, kind, touchpoint = shown.seen, row["kind"], row["touchpoint"]
    ws, found, condition = seen.log.workspace, seen.found, shows(row)
    spans = deviating.checked_spans(found, kind, touchpoint)
    some, n = some_of(spans, deviating.meeting(ws, found, condition))
    wrong = deviating.faults(ws, found, kind, touchpoint, some)
    steps = _steps_at(shown.laid.walk, wrong)
    n_wrong = wrong.height if some.height == n else row["occurrences"]
    return Panel(
        n=row["journeys"],
        of=row["of"],
        condition=condition,
        keys=row["examples"],
        times=row["occurrences"],
        waits=_delays(shown, touchpoint, spans)
        if kind == "late"
        else _times(shown, wrong, n_wrong, until=kind == "failed"),
        following=following(steps),
        n_followed=wrong.height,
    )


def _rule(shown: Shown, row: dict[str, Any]) -> Panel:
    """Say what there is to say of the events that break a rule."""
    found, ws, condition = shown.seen.found, shown.seen.log.workspace, shows(row)
    rule = next(rule for rule in found.plan.rules if rule.id == row["rule"])
    spans = deviating.rule_spans(found, rule)
    some, n = some_of(spans, deviating.meeting(ws, found, condition))
    wrong = deviating.rule_broken(ws, found, rule, some)
    if rule.within_s is not None:
        answered = spans.filter(pl.col("position") > pl.col("since"))
        times = Times(
            *some_of(answered, deviating.asked_by(ws, found, rule)),
            title=_("Time until what must follow"),
            axis=_("Time since the step that asks for it"),
            limit_s=rule.within_s,
        )
    else:
        n_wrong = wrong.height if some.height == n else row["occurrences"]
        times = _times(shown, wrong, n_wrong, until=rule.kind in ("after", "starts_with"))
    steps = _steps_at(shown.laid.walk, wrong)
    return Panel(
        row["journeys"], row["of"], condition, row["examples"], row["occurrences"], times, following(steps),
        wrong.height,
    )  # fmt: skip


def _steps_at(walk: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """Give the steps of some events (path, position) as `places` does; ``n_journeys`` are those that have one there."""
    counted = events.group_by("path", "position").agg(n_journeys=pl.len().cast(pl.Int64)).sort("path", "position")
    rows = walk["path"].search_sorted(counted["path"]) + counted["position"]
    return places_at(walk, rows.cast(pl.UInt32)).with_columns(counted["n_journeys"])


def _delays(shown: Shown, touchpoint: str, spans: pl.DataFrame) -> Times:
    """Give how long after what its time counts from a touchpoint came wherever it was due, and what the plan allows."""
    within = next(t.within for t in shown.seen.plan.map.touchpoints() if t.id == touchpoint)
    assert within is not None  # nothing is late without
    after = names(shown.seen.plan.map).get(within.after or "")
    axis = _("Time since “{touchpoint}”", touchpoint=after) if after else _("Time since the planned step before")
    return Times(*some_of(spans, shown.seen.found.journeys), _("Time until it came"), axis, within.time_s)


def _times(shown: Shown, wrong: pl.DataFrame, n: int, *, until: bool) -> Times:
    """Give how long after some events the next thing came, or how long after the step before they did."""
    if until:
        lengths = np.concatenate([part.aligned.paths.lengths for part in shown.seen.found.walked.parts])
        timed = wrong.filter(pl.Series(wrong["position"].to_numpy() + 1 < lengths[wrong["path"].to_numpy()]))
        spans, say = timed.with_columns(since="position", position=pl.col("position") + 1), until_next_step
    else:
        timed = wrong.filter(pl.col("position") > 0)
        spans, say = timed.with_columns(since=pl.col("position") - 1), waited
    return say(spans.select("journey_id", "since", "position"), n - wrong.height + spans.height)


def of_stage(shown: Shown, stage: str) -> Panel:
    """Say how many got as far as a stage, how long those with a planned step in it were there, and what came after."""
    laid, found = shown.laid, shown.seen.found
    inside = [touchpoint_node(touchpoint) for touchpoint, at in found.plan.stage_of().items() if at == stage]
    planned = (pl.col("mark") == "planned") & pl.col("target").is_in(inside)
    rows = laid.walk.select(planned).to_series().arg_true()
    stays = laid.walk.select("path", "position")[rows].with_columns(row=rows)
    stays = stays.group_by("path").agg(since=pl.col("position").min(), row=pl.col("row").max()).sort("path")
    last = places_at(laid.walk, stays["row"]).with_columns(stays["since"])
    spans = last.filter(pl.col("next") != END).select("path", "since", position=pl.col("position") + 1)
    return Panel(
        n=dict(found.stages.iter_rows())[stage],
        of=found.log.journeys,
        condition=reaches(stage),
        keys=some_keys(found.journeys, last["path"]),
        waits=Times(
            *some_of(spans, found.journeys),
            title=_("Time in the stage"),
            axis=_("From the first planned step in it to the one after the last"),
            stayed=int(last["n_journeys"].sum()),
        ),
        following=following(last),
        n_followed=int(last["n_journeys"].sum()),
    )


def of_left(shown: Shown, touchpoint: str) -> Panel:
    """Say who left at a touchpoint, and what they did after it."""
    found, walk, node = shown.seen.found, shown.laid.walk, touchpoint_node(touchpoint)
    ended = shown.laid.found.last.filter(pl.col("node") == node)
    rows = walk.select((pl.col("mark") == "planned") & (pl.col("target") == node)).to_series().arg_true()
    here = pl.DataFrame({"path": walk["path"][rows], "row": rows}).join(ended, on="path", how="semi")
    last = here.group_by("path").agg(pl.col("row").max()).sort("row")
    dropped = found.journeys.filter(pl.col("outcome") == "dropped").join(last.select("path"), on="path", how="semi")
    per_path = dropped.group_by("path").agg(n_journeys=pl.len().cast(pl.Int64))
    steps = places_at(walk, last["row"]).drop("n_journeys").join(per_path, on="path", maintain_order="left")
    return Panel(
        n=dropped.height,
        of=shown.laid.reach.get(node, 0),
        condition=left_after(touchpoint),
        keys=some_keys(dropped, per_path["path"]),
        waits=until_next_step(*some_of(until_next(steps, END), dropped)),
        following=following(steps),
        n_followed=dropped.height,
    )
