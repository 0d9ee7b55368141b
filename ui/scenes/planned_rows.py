"""What the picture of the plan shows, as rows of tables: stages, touchpoints, links, and what happens beside the plan.

Nothing is left out for being rare. Every row has the `id` that the same thing has in the picture.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from mining.flow_nodes import ghost_node, other_node, touchpoint_node
from mining.flows import OK
from mining.journey_map import Stage, Touchpoint
from mining.quantiles import Median
from mining.statistics import wilson
from pipeline.findings import Findings
from ui.board import stage_names
from ui.formats import interval
from ui.language import _, local
from ui.scenes.accepted import told
from ui.scenes.cards import accepted_badges, deviations_at, names_of
from ui.scenes.laid import Laid, unplanned
from ui.scenes.parts import STATUSES, bounds_of
from ui.scenes.planned import edge_id, unseen
from ui.words import DEVIATIONS

_SHARES = {"share": pl.Float64, "range": pl.String}
_LEFT = {"left": pl.Int64, "left_share": pl.Float64}
Row = tuple[Any, ...]


def stage_rows(found: Findings, laid: Laid) -> pl.DataFrame:
    """Give the stages, in map order.

    Returns
    -------
    frame
        id, title, n_journeys (that got as far), share (of all), range (of the share), of_before (share of those that
        got as far as the stage before), left (dropped journeys whose last planned touchpoint is in the stage),
        left_share (of those that got as far), skipped (journeys without any touchpoint of it; null where the plan
        allows that), questions (that nobody answers).
    """
    reached = dict(found.stages.iter_rows())
    skips = found.deviations.filter(pl.col("kind") == "stage_skipped")
    skipped = dict(skips.select("stage", "journeys").iter_rows())
    before = [None, *reached.values()]
    rows = [
        (stage.id, names, n, *_share(n, found.log.journeys), _part(n, n_before), *_left(_left_in(stage, laid), n),
         skipped.get(stage.id), _unanswered(stage))
        for (stage, names), n, n_before in zip(_titled(found), reached.values(), before, strict=False)
    ]  # fmt: skip
    schema = {"id": pl.String, "title": pl.String, "n_journeys": pl.Int64, **_SHARES, "of_before": pl.Float64, **_LEFT,
              "skipped": pl.Int64, "questions": pl.String}  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def touchpoint_rows(found: Findings, laid: Laid) -> pl.DataFrame:
    """Give the touchpoints, in map order.

    Returns
    -------
    frame
        id, title, stage (its name), channel, n_journeys (that had it; null where it is not measured), share (of all),
        range (of the share), left (dropped journeys whose last planned touchpoint it is), left_share (of those that
        had it), a column for each kind of deviation there is (journeys), feeling (that the plan wants, -2 to 2), marks
        (its goal, milestone and the like, in words), accepted (deviations that the plan accepts, in words).
    """
    at, lived_with = deviations_at(found), accepted_badges(found)
    kinds = kinds_at(found)
    names, stages, stage_of = names_of(found.plan, laid), stage_names(found.plan), found.plan.stage_of()
    reach = dict(found.reach.select("touchpoint", "n_journeys").iter_rows())
    rows = []
    for touchpoint in found.plan.touchpoints():
        node, n = touchpoint_node(touchpoint.id), reach[touchpoint.id] if touchpoint.measured else None
        here = {row["kind"]: row["journeys"] for row in at[touchpoint.id]}
        said = [badge["tip"][0] for badge in lived_with[node]]
        rows.append(
            (node, names[node], stages.get(stage_of[touchpoint.id] or "", _("any stage")),
             ", ".join(touchpoint.channel), n, *_share(n, found.log.journeys), *_left(laid.left.get(node, 0), n),
             *(here.get(kind) for kind in kinds), touchpoint.feeling, _marks(touchpoint, n, found), " · ".join(said))
        )  # fmt: skip
    schema = {"id": pl.String, "title": pl.String, "stage": pl.String, "channel": pl.String, "n_journeys": pl.Int64,
              **_SHARES, **_LEFT, **dict.fromkeys(kinds, pl.Int64), "feeling": pl.Float64, "marks": pl.String,
              "accepted": pl.String}  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def link_rows(found: Findings, laid: Laid, medians: Mapping[tuple[str, str, str], Median]) -> pl.DataFrame:
    """Give the links between cards, most journeys first; those of the plan that nobody takes stand last.

    Parameters
    ----------
    medians : mapping
        Median waiting time by (source, target, status).

    Returns
    -------
    frame
        id, from_, to, fit (against the plan, in words), n_journeys, share (of all), n (how often), wait_s (the median),
        wait_range (its interval, in words), n_waits. What leads to a touchpoint that is not measured has no numbers.
    """
    names, of = names_of(found.plan, laid), found.log.journeys
    flows = laid.between().select("source", "target", "status", "n_journeys", "n")
    taken = {(source, target) for source, target, status, *_n in flows.iter_rows() if status == OK}
    idle = [(source, target, OK, 0, 0) for source, target in laid.spine if (source, target) not in taken]
    rows = []
    for source, target, status, n_journeys, n in [*flows.iter_rows(), *idle]:
        key = (source, target, status)
        blind = not n and unseen(found.plan, key)
        counts = (None, None, None) if blind else (n_journeys, _part(n_journeys, of), n)
        wait = medians.get(key)
        times = (None, None, None) if wait is None else (wait.value, bounds_of(wait), wait.n)
        rows.append((edge_id(*key), names[source], names[target], _fit(key, laid), *counts, *times))
    schema = {"id": pl.String, "from_": pl.String, "to": pl.String, "fit": pl.String, "n_journeys": pl.Int64,
              "share": pl.Float64, "n": pl.Int64, "wait_s": pl.Float64, "wait_range": pl.String,
              "n_waits": pl.Int64}  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def beside_rows(found: Findings, laid: Laid) -> pl.DataFrame:
    """Give what happens and the plan does not know, by stage in map order and then most journeys first.

    Returns
    -------
    frame
        id (of the card it stands on), title, stage (where it happens, by name), n_journeys, share (of all), range (of
        the share), n (how often), accepted (who answers for it and until when, in words).
    """
    stages = stage_names(found.plan)
    place = {stage: order for order, stage in enumerate(stages)}
    accepted = {
        (row["stage"], row["activity"]): " · ".join(told(found, row)) for row in found.accepted.iter_rows(named=True)
    }
    rows = [
        (_card(row["stage"], row["activity"], laid), row["activity"], stages[row["stage"]], row["journeys"],
         *_share(row["journeys"], found.log.journeys), row["occurrences"],
         accepted.get((row["stage"], row["activity"]), ""))
        for row in sorted(unplanned(found).to_dicts(), key=lambda r: (place[r["stage"]], -r["journeys"], r["activity"]))
    ]  # fmt: skip
    schema = {"id": pl.String, "title": pl.String, "stage": pl.String, "n_journeys": pl.Int64, **_SHARES,
              "n": pl.Int64, "accepted": pl.String}  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def kinds_at(found: Findings) -> list[str]:
    """Give the kinds of deviations that touchpoints have, in their fixed order."""
    present = set(found.deviations.filter(pl.col("touchpoint").is_not_null())["kind"])
    return [kind for kind in DEVIATIONS if kind in present]


def _titled(found: Findings) -> Iterable[tuple[Stage, str]]:
    titles = stage_names(found.plan)
    return ((stage, titles[stage.id]) for stage in found.plan.stages)


def _share(n: int | None, of: int) -> tuple[float | None, str | None]:
    """Give a share and how its 95 % interval is written; nothing of what is not measured."""
    return (None, None) if n is None else (_part(n, of), interval(*wilson(n, of)))


def _part(n: int, of: int | None) -> float | None:
    return n / of if of else None


def _left(left: int, of: int | None) -> tuple[int | None, float | None]:
    return (None, None) if of is None else (left, _part(left, of))


def _left_in(stage: Stage, laid: Laid) -> int:
    return sum(laid.left.get(touchpoint_node(touchpoint.id), 0) for touchpoint in stage.touchpoints())


def _unanswered(stage: Stage) -> str:
    return " · ".join(local(question.text) for question in stage.questions if not question.answered_by)


def _marks(touchpoint: Touchpoint, n: int | None, found: Findings) -> str:
    """Say what the marks of a card say."""
    marks = {
        _("The goal of the plan"): touchpoint.id == found.plan.goal,
        _("Milestone"): touchpoint.milestone and touchpoint.id != found.plan.goal,
        _("May happen at any time"): touchpoint in found.plan.anywhere,
        _("not measured"): not touchpoint.measured,
        _("Silent: no event occurs"): n == 0,
    }
    return " · ".join(word for word, holds in marks.items() if holds)


def _fit(link: tuple[str, str, str], laid: Laid) -> str:
    """Say how a link fits the plan, and whether the plan accepts that."""
    return _(STATUSES[link[2]]) + (" · " + _("accepted") if link in laid.accepted_links else "")


def _card(stage: str, activity: str, laid: Laid) -> str:
    own = ghost_node(stage, activity)
    return own if own in laid.ghosts else other_node(stage)
