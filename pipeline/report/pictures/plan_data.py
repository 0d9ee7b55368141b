"""What the picture of the plan shows: stages, cards and the flows between them, counted and put into words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from mining.automaton import compile_map
from mining.choices import twins
from mining.flow_nodes import END, START, ghost_node, other_node, touchpoint_node
from mining.flows import Flows, flows, left_at
from mining.journey_map import Touchpoint
from mining.planned_links import allowed, spine
from pipeline.findings import Findings
from pipeline.language import Language
from pipeline.report.pictures.svg import short

MOST_LEFT, LEAST_LEFT = 2, 0.02  # places where most journeys left, and the least share of the journeys for it
GHOSTS = 2  # unplanned activities of a stage with a card of their own
OFTEN = 0.1  # share of those that got as far, from which on a touchpoint counts as often missed
LEAST_SHARE = 0.005  # of the journeys; rarer flows are not drawn
MOST_PLANNED, MOST_DEVIATING, MOST_PER_GUTTER = 40, 14, 3


@dataclass(frozen=True)
class StageHead:
    """The head of a column: how many journeys got as far, their share, and both in words."""

    id: str
    title: str
    share: float
    text: str


@dataclass(frozen=True)
class Card:
    """A touchpoint, or an activity that the plan does not know.

    Attributes
    ----------
    id : str
        Of its node in the flows.
    column : int or None
        Number of the stage; None for what may happen at any time.
    share : float
        Of the journeys in which it happened.
    text : str
        Journeys and share, or that it is not measured.
    kind : str
        ``planned``, ``unmeasured`` or ``ghost``.
    milestone : bool
        Whether the plan calls it one.
    left : int
        Journeys that were dropped with it as the last they had in its place.
    left_text, missed_text : str
        How many left here, and how many skipped it; empty where nobody did.
    most_left : bool
        Whether it is one of the places where most journeys left.
    often_missed : bool
        Whether many of those that got as far skipped it.
    """

    id: str
    title: str
    column: int | None
    share: float
    text: str
    kind: str
    milestone: bool = False
    left: int = 0
    left_text: str = ""
    missed_text: str = ""
    often_missed: bool = False
    most_left: bool = False


@dataclass(frozen=True)
class Flow:
    """How many journeys went from one card to another, and how that fits the plan."""

    source: str
    target: str
    status: str
    n: int
    text: str


@dataclass(frozen=True)
class PlanScene:
    """The whole picture, without places and colours.

    Attributes
    ----------
    planned : tuple of (str, str)
        The links of the plan.
    hidden : int
        Deviating flows that are not drawn.
    """

    title: str
    stages: tuple[StageHead, ...]
    cards: tuple[Card, ...]
    flows: tuple[Flow, ...]
    planned: tuple[tuple[str, str], ...]
    hidden: int


def plan_scene(found: Findings, language: Language) -> PlanScene:
    """Count and word what the picture of the plan shows."""
    plan, n = found.plan, found.log.journeys
    ghosts = _ghosts(found)
    laid = flows(found.walked, allowed(compile_map(plan)), shown=ghosts)
    columns = {stage.id: number for number, stage in enumerate(plan.stages)}
    cards = (*_touchpoints(found, laid, columns, language), *_unplanned(laid, ghosts, columns, n, language))
    drawn, hidden = _flows(laid, cards, n, language)
    return PlanScene(
        title=language.local(plan.title) or plan.id,
        stages=tuple(
            StageHead(
                stage.id,
                language.local(stage.title) or stage.id,
                reached / n if n else 0.0,
                f"{language.number(reached)} · {language.percent(reached / n if n else None)}",
            )
            for stage, (_, reached) in zip(plan.stages, found.stages.iter_rows(), strict=True)
        ),
        cards=cards,
        flows=drawn,
        planned=tuple((touchpoint_node(a), touchpoint_node(b)) for a, b in spine(plan)),
        hidden=hidden,
    )


def _ghosts(found: Findings) -> list[tuple[str, str]]:
    """Give stage and activity of the unplanned activities that most journeys met, stage by stage."""
    rows = found.deviations.filter(pl.col("kind") == "ad_hoc").sort(
        "stage", "journeys", "activity", descending=[False, True, False]
    )
    return list(rows.group_by("stage", maintain_order=True).head(GHOSTS).select("stage", "activity").iter_rows())


def _touchpoints(found: Findings, laid: Flows, columns: dict[str, int], language: Language) -> list[Card]:
    left: dict[str, int] = dict(left_at(laid, found.journeys).iter_rows())
    beside = twins(found.plan)
    missed = dict(found.deviations.filter(pl.col("kind") == "missing").select("touchpoint", "journeys").iter_rows())
    for touchpoint, n in tuple(missed.items()):
        missed |= {twin: n for twin in beside.get(touchpoint, ()) if twin not in missed}
    reach = {row["touchpoint"]: row for row in found.reach.iter_rows(named=True)}
    stage_of = found.plan.stage_of()
    cards = [
        _card(t, columns.get(stage_of[t.id] or ""), found, reach[t.id], left, missed.get(t.id, 0), language)
        for t in found.plan.touchpoints()
    ]
    worst = sorted((card.left for card in cards), reverse=True)[:MOST_LEFT]
    much = LEAST_LEFT * found.log.journeys
    return [replace(card, most_left=card.left in worst and card.left >= much) for card in cards]


def _card(
    t: Touchpoint,
    column: int | None,
    found: Findings,
    row: dict[str, Any],
    left: dict[str, int],
    missed: int,
    language: Language,
) -> Card:
    n, reached = found.log.journeys, row["n_journeys"]
    node, title = touchpoint_node(t.id), language.local(t.title) or t.id
    milestone = t.milestone or t.id == found.plan.goal
    if not t.measured:
        return Card(node, title, column, 0.0, language.t("not measured"), "unmeasured", milestone)
    gone = 0 if t.id == found.plan.goal else left.get(node, 0)
    return Card(
        node,
        title,
        column,
        reached / n if n else 0.0,
        f"{language.number(reached)} · {language.percent(reached / n if n else None)}",
        "planned",
        milestone,
        left=gone,
        left_text=f"{language.number(gone)} · {language.percent(gone / reached)}" if gone and reached else "",
        missed_text=language.number(missed) if missed else "",
        often_missed=missed >= OFTEN * max(row["n_there"], 1),
    )


def _unplanned(
    laid: Flows, ghosts: list[tuple[str, str]], columns: dict[str, int], n: int, language: Language
) -> list[Card]:
    """Give the cards of unplanned activities: the most frequent of each stage, and one for all its others."""
    journeys = laid.reach
    named = [(ghost_node(stage, activity), activity, columns[stage]) for stage, activity in ghosts]
    others = [(other_node(stage), language.t("Others"), number) for stage, number in columns.items()]
    return [
        Card(node, title, column, share, f"{language.number(journeys[node])} · {language.percent(share)}", "ghost")
        for node, title, column in (*named, *others)
        if node in journeys and (share := journeys[node] / n) >= LEAST_SHARE
    ]


def _flows(laid: Flows, cards: tuple[Card, ...], n: int, language: Language) -> tuple[tuple[Flow, ...], int]:
    """Choose what is drawn: the strongest planned and deviating flows, few of the latter between two columns."""
    column = {card.id: card.column for card in cards if card.column is not None}
    every = [
        Flow(row["source"], row["target"], row["status"], row["n_journeys"], short(language, row["n_journeys"]))
        for row in laid.counts.sort("n_journeys", "source", "target", descending=[True, False, False]).iter_rows(
            named=True
        )
        if row["source"] not in (START, END) and row["target"] not in (START, END)
    ]
    strong = [f for f in every if f.n >= LEAST_SHARE * n and f.source in column and f.target in column]
    planned = [flow for flow in strong if flow.status == "ok"][:MOST_PLANNED]
    gutters: Counter[tuple[int, int]] = Counter()
    deviating: list[Flow] = []
    for flow in (f for f in strong if f.status != "ok"):
        gutter = (column[flow.source] or 0, column[flow.target] or 0)
        if gutters[gutter] < MOST_PER_GUTTER and len(deviating) < MOST_DEVIATING:
            gutters[gutter] += 1
            deviating.append(flow)
    hidden = sum(flow.status != "ok" for flow in every) - len(deviating)
    return (*planned, *deviating), hidden
