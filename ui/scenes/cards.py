"""The cards of the planned map: touchpoints, and what happens beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import polars as pl

from mining.choices import twins
from mining.flow_nodes import touchpoint_node
from mining.journey_map import JourneyMap, Touchpoint
from mining.statistics import wilson
from pipeline.findings import Findings
from ui.board import skip_of
from ui.formats import interval, number, percent
from ui.language import _, local
from ui.scenes.accepted import told
from ui.scenes.laid import Laid
from ui.scenes.parts import Scene, journeys, share_of, with_share
from ui.words import DEVIATIONS

MOST_BADGES = 1
LEAST_BADGE = 0.005  # of journeys: rarer deviations are counted under "more"
OFTEN = 0.1  # of the journeys that got as far: from there on a step counts as often skipped
BADGES = {
    "missing": "skipped",
    "stage_skipped": "skipped",
    "irregular_sequence": "out_of_order",
    "repeated": "repeated",
    "extra": "extra",
    "failed": "failed",
    "late": "late",
    "wrong_channel": "wrong_channel",
    "wrong_persona": "wrong_persona",
}
CHANNELS = {
    "web": ("web", "website", "online"),
    "app": ("app", "mobile"),
    "phone": ("phone", "call", "hotline", "sms"),
    "email": ("email", "mail", "e-mail"),
    "chat": ("chat", "zalo", "messenger"),
    "social": ("social", "facebook"),
    "branch": ("branch", "store", "shop", "club", "office"),
    "letter": ("post", "letter"),
    "person": ("person", "face to face", "visit"),
    "system": ("system", "internal"),
}
_ICON = {word: icon for icon, many in CHANNELS.items() for word in many}


def badge_id(row: Mapping[str, Any]) -> str:
    """Give the id of the badge of a deviation."""
    return "d:" + ":".join(str(row[part] or "") for part in ("kind", "stage", "touchpoint", "activity"))


def names_of(plan: JourneyMap, laid: Laid) -> dict[str, str]:
    """Name every node, as plain text in the language in use."""
    names = {touchpoint_node(t.id): local(t.title) or t.id for t in plan.touchpoints()}
    for node, (_stage_id, activities) in laid.ghosts.items():
        names[node] = activities[0] if len(activities) == 1 else _("Other ({n})", n=len(activities))
    return names


def stage_of(found: Findings, laid: Laid, touchpoint: Touchpoint) -> str:
    """Give the stage a touchpoint is drawn in; one of `anywhere` stands where most journeys come to it from."""
    planned = found.plan.stage_of()
    stage = planned[touchpoint.id]
    if stage is not None:
        return stage
    into = laid.flows.filter(pl.col("target") == touchpoint_node(touchpoint.id))
    for source in into["source"]:
        before = planned.get(source.removeprefix("t:")) or laid.ghosts.get(source, (None,))[0]
        if before is not None:
            return before
    return found.plan.stages[0].id


def cards(found: Findings, laid: Laid, names: Mapping[str, str]) -> Iterable[Scene]:
    """Give the cards of the plan, in map order."""
    at = deviations_at(found)
    lived_with = accepted_badges(found)
    reach = {row["touchpoint"]: row for row in found.reach.iter_rows(named=True)}
    silent = set(found.gaps.filter(pl.col("kind") == "silent")["touchpoint"])
    for order, touchpoint in enumerate(found.plan.touchpoints()):
        node = touchpoint_node(touchpoint.id)
        yield {
            "id": node,
            "label": names[node],
            "role": "touchpoint",
            "stage": stage_of(found, laid, touchpoint),
            "order": order,
            **_channel(touchpoint),
            **_with_accepted(
                _measured(touchpoint, reach[touchpoint.id], names[node], at[touchpoint.id], found, silent),
                lived_with[node],
            ),
            **_left(laid.left.get(node, 0), reach[touchpoint.id]["n_journeys"]),
            **_feeling(touchpoint.feeling),
        }


def deviations_at(found: Findings) -> dict[str, list[dict[str, Any]]]:
    """Give the deviations by the touchpoint they are shown at: the skip of a choice at each of its ways."""
    at: dict[str, list[dict[str, Any]]] = defaultdict(list)
    beside = twins(found.plan)
    for row in found.deviations.iter_rows(named=True):
        if row["touchpoint"] is not None:
            also = beside.get(row["touchpoint"], ()) if row["kind"] == "missing" else ()
            for touchpoint in (row["touchpoint"], *also):
                at[touchpoint].append(row)
    return at


def _channel(touchpoint: Touchpoint) -> Scene:
    return {"channel": _ICON.get(touchpoint.channel[0].casefold(), "other")} if touchpoint.channel else {}


def _measured(
    touchpoint: Touchpoint,
    reach: Mapping[str, Any],
    name: str,
    rows: list[dict[str, Any]],
    found: Findings,
    silent: Collection[str],
) -> Scene:
    """Give status, numbers, badges and tooltip of a card."""
    n, of = reach["n_journeys"], found.log.journeys
    goal = [_("The goal of the plan")] if touchpoint.id == found.plan.goal else []
    anywhere = [_("May happen at any time")] if touchpoint in found.plan.anywhere else []
    if not touchpoint.measured:
        mark = {"id": f"u:{touchpoint.id}", "kind": "unmeasured", "text": "", "tip": [_("not measured")]}
        tip = [name, _("Not measured: no event of the log is bound to it."), *goal, *anywhere]
        return {"status": "unmeasured", "value": None, "text": _("not measured"), "badges": [mark], "tip": tip}
    missed = next((row["journeys"] for row in rows if row["kind"] == "missing"), 0)
    often = reach["n_there"] > 0 and missed / reach["n_there"] >= OFTEN
    return {
        "status": "skipped" if often else "ok",
        "value": n,
        "text": with_share(n, of),
        "share": n / of,
        "badges": _badges(touchpoint, rows, found, silent),
        "tip": [
            name,
            share_of(n, of),
            *goal,
            *anywhere,
            *(_said(row, found) for row in rows),
            *_missed(missed, reach),
        ],
    }


def _missed(n: int, reach: Mapping[str, Any]) -> list[str]:
    """Say what share of those who could have skipped it did."""
    there = reach["n_there"]
    if not n or not there:
        return []
    return [
        _(
            "{share} of the {journeys} that got as far skipped it (95% interval {range})",
            share=percent(n / there),
            journeys=journeys(there),
            range=interval(*wilson(n, there)),
        )
    ]


def _badges(
    touchpoint: Touchpoint, rows: list[dict[str, Any]], found: Findings, silent: Collection[str]
) -> list[Scene]:
    """Give the largest deviations of a card as badges, the others as one."""
    large = [row for row in rows if row["share"] >= LEAST_BADGE][:MOST_BADGES]
    badges = [badge(row, found, touchpoint.id) for row in large]
    rest = [row for row in rows if row not in large]
    if rest:
        tip = [_("Rarer deviations"), *(_said(row, found) for row in rest)]
        badges.append({"id": f"m:{touchpoint.id}", "kind": "more", "text": number(len(rest)), "tip": tip})
    if touchpoint.id in silent:
        said = _("Silent: events are bound to it, and none occurs.")
        badges.append({"id": f"s:{touchpoint.id}", "kind": "silent", "text": "", "tip": [said]})
    if touchpoint.milestone or touchpoint.id == found.plan.goal:
        badges.append({"id": f"g:{touchpoint.id}", "kind": "milestone", "text": "", "tip": [_("Milestone")]})
    return badges


def accepted_badges(found: Findings) -> dict[str, list[Scene]]:
    """Give a quiet badge for each deviation that the plan accepts, by the node of its touchpoint, or by its stage."""
    badges: dict[str, list[Scene]] = defaultdict(list)
    for row in found.accepted.iter_rows(named=True):
        if row["touchpoint"] is not None or row["kind"] == "stage_skipped":
            place = touchpoint_node(row["touchpoint"]) if row["touchpoint"] is not None else row["stage"]
            badges[place].append(accepted_badge(found, row, number(row["journeys"])))
    return badges


def accepted_badge(found: Findings, row: dict[str, Any], text: str) -> Scene:
    """Give a deviation that the plan accepts as a badge."""
    return {"id": badge_id(row), "kind": "accepted", "text": text, "tip": [_said(row, found), *told(found, row)]}


def _with_accepted(card: Scene, badges: list[Scene]) -> Scene:
    """Add to a card the badges of what the plan accepts there, and say so in words."""
    tip = [*card["tip"], *(" · ".join(badge["tip"][:2]) for badge in badges)]
    return card | {"badges": [*card["badges"], *badges], "tip": tip}


def badge(row: dict[str, Any], found: Findings, at: str | None = None) -> Scene:
    """Give a deviation as a badge; `at` is the touchpoint that it is shown at."""
    sign = DEVIATIONS[row["kind"]]
    tip = [_said(row, found), _(sign.means)]
    id_ = badge_id(row) if at in (None, row["touchpoint"]) else f"c:{row['touchpoint']}:{at}"
    return {"id": id_, "kind": BADGES[row["kind"]], "text": number(row["journeys"]), "tip": tip}


def _said(row: dict[str, Any], found: Findings) -> str:
    """Say a deviation in a line: 'Skipped: 52 journeys (2% of 2,187)'; of a choice also what it passed by."""
    said = f"{_(DEVIATIONS[row['kind']].word)}: {share_of(row['journeys'], found.log.journeys)}"
    skip = skip_of(found.plan, row)
    return f"{skip.place} · {said}" if skip else said


def _left(n: int, reached: int) -> Scene:
    """Give the pill of those who left at a card."""
    if not n:
        return {}
    said = _("Dropped with this as their last planned touchpoint: {journeys}", journeys=share_of(n, reached))
    return {"drop": {"value": n, "text": with_share(n, reached), "tip": [_("Left here"), said]}}


def _feeling(score: float | None) -> Scene:
    """Give the planned feeling; the plan writes -2 to 2."""
    if score is None:
        return {}
    return {"feeling": {"score": score / 2, "tip": [_("Planned feeling: {score} of −2 to 2", score=number(score))]}}


def ghosts(found: Findings, laid: Laid, names: Mapping[str, str]) -> Iterable[Scene]:
    """Give the cards that are not in the plan, by stage and then most journeys first."""
    stages = [stage.id for stage in found.plan.stages]
    first = len(found.plan.touchpoints())
    ranked = sorted(laid.ghosts, key=lambda node: (stages.index(laid.ghosts[node][0]), -laid.reach[node], node))
    for order, node in enumerate(ranked, first):
        stage, activities = laid.ghosts[node]
        n, of = laid.reach[node], found.log.journeys
        lived_with = [found.accepted.row(number, named=True) for number in laid.accepted_cards.get(node, ())]
        yield {
            "id": node,
            "label": names[node],
            "role": "touchpoint",
            "stage": stage,
            "order": order,
            "status": "unplanned",
            "value": n,
            "text": with_share(n, of),
            "share": n / of,
            "tip": [
                names[node],
                _("Not in the plan"),
                share_of(n, of),
                *(activities if len(activities) > 1 else ()),
                *(line for row in lived_with for line in told(found, row)),
            ],
            **_lived_with(found, lived_with),
        }


def _lived_with(found: Findings, rows: list[dict[str, Any]]) -> Scene:
    """Mark a card beside the plan that stands for what the plan accepts."""
    return {"accepted": True, "badges": [accepted_badge(found, row, "") for row in rows]} if rows else {}
