"""What a condition asks about a plan, answered from the log laid over that plan.

Whether a journey deviates, and after what it was dropped, hangs on nothing but the journey, the plan and the end of the
whole log. So the log that the plan is for is laid over it once, and the answers hold under any other condition. In the
condition a name for the journeys takes the place of the question: it is made of who they are, so that whatever is kept
under the condition is found again while they are the same, and never when they are others.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from mining.errors import ExpressionError
from mining.expressions import parse
from mining.flow_nodes import END, START, ghost_node, other_node, touchpoint_node
from mining.flows import STATUSES, taking
from mining.journey_map import JourneyMap
from mining.kinds import KINDS, named_by
from mining.messages import N_
from mining.moves import Moves
from mining.planned_links import allowed
from mining.questions import ABOUT_PLAN, Call
from pipeline import queries
from pipeline.kept_plan import kept_plan
from pipeline.recall import remembered
from pipeline.store import Workspace

if TYPE_CHECKING:
    from pipeline.laid_log import Laid

_LISTED = 20


def settled(ws: Workspace, plan: JourneyMap | None, where: str | None) -> str | None:
    """Give a condition that can be held against the log alone: one whose questions about the plan are answered.

    Parameters
    ----------
    ws : Workspace
        The log.
    plan : JourneyMap or None
        The plan that is asked about; without one, that which is kept with the workspace.
    where : str or None
        The condition.

    Raises
    ------
    ExpressionError
        When the condition cannot be read, or names what neither the plan nor the log has.
    """
    if where is None or not any(name in where.lower() for name in ABOUT_PLAN):
        return where
    expression = parse(where)
    asked = [call for call in expression.calls if call.name in ABOUT_PLAN]
    if plan is None and asked and (kept := kept_plan(ws)) is not None:
        plan = JourneyMap.parse(kept[1], kept[0])
    if plan is None or not asked:
        return where
    for call in asked:
        _check(ws, plan, call)
    name_of = {call: ws.memory.know(_journeys(ws, plan, call)) for call in asked}
    return expression.answered(name_of.__getitem__)


@remembered
def _journeys(ws: Workspace, plan: JourneyMap, call: Call) -> pl.DataFrame:
    """Give the journeys (journey_id, sorted) that meet a question."""
    from pipeline.laid_log import lay

    laid = lay(ws, plan)
    if call.name == "deviates":
        return _deviating(ws, laid, call)
    there = pl.Series(_paths(laid, call)[laid.population.path])
    if call.name in ("left_after", "left_before_next"):
        there &= laid.journeys["outcome"] == "dropped"
    return laid.journeys.filter(there).select("journey_id").sort("journey_id")


def _paths(laid: Laid, call: Call) -> np.ndarray:
    """Tell which paths meet a question about paths."""
    plan, log, name = laid.plan, laid.log, call.texts[0]
    found: np.ndarray
    if call.name == "takes":
        moves = Moves(laid.found.parts, log.paths, log.activities, laid.board)
        found = taking(moves, allowed(laid.found.automaton), call.texts)
    elif call.name == "visits":
        found = log.has(name, plan)
    elif call.name == "reaches":
        found = laid.by_path.stage >= laid.board.stages.index(name)
    elif call.name == "left_after":
        found = laid.by_path.last == [touchpoint.id for touchpoint in plan.touchpoints()].index(name)
    else:
        visits = laid.visits
        furthest = np.full(log.paths.height, -1)
        np.maximum.at(furthest, visits[:, 0], visits[:, 1])
        found = furthest == ["", *(touchpoint.id for _, touchpoint in plan.milestones())].index(name) - 1
    return found


def _deviating(ws: Workspace, laid: Laid, call: Call) -> pl.DataFrame:
    """Give the journeys (journey_id, sorted) that deviate in a way: by their path, or by what their events tell."""
    from pipeline import rules

    kind, *places = call.texts
    if kind == "rule_broken":
        verdicts = rules.beside(ws, laid.plan, laid.log, laid.journeys, laid.window).verdicts
        found = [laid.journeys.filter(pl.Series(v.times > 0)) for v in verdicts if v.rule.id == places[0]]
    else:
        columns = (named_by(kind).replace("stage", "stage_id"), "stage_id")
        same = [pl.col(column) == place for column, place in zip(columns, places, strict=False)]
        meant = pl.all_horizontal(pl.col("kind") == kind, *same)
        there, starts = np.zeros(laid.log.paths.height, dtype=bool), laid.by_path.starts
        for row in laid.by_path.names.with_row_index("row").filter(meant)["row"]:
            there[laid.by_path.path[starts[row] : starts[row + 1]]] = True
        found = [laid.journeys.filter(pl.Series(there[laid.population.path])), laid.at_events(ws).filter(meant)]
    every = pl.concat([laid.journeys.head(0).select("journey_id"), *(some.select("journey_id") for some in found)])
    return every.unique().sort("journey_id")


def _check(ws: Workspace, plan: JourneyMap, call: Call) -> None:
    """See that the plan and the log have what a question names.

    Raises
    ------
    ExpressionError
        When they do not, with what they have.
    """
    touchpoints = [touchpoint.id for touchpoint in plan.touchpoints()]
    stages = [stage.id for stage in plan.stages]
    if call.name != "deviates":
        milestones = [touchpoint.id for _, touchpoint in plan.milestones()]
        ends = {"reaches": stages, "visits": touchpoints, "left_after": touchpoints, "left_before_next": milestones}
        if call.name == "left_before_next" and not call.texts[0]:
            return
        if call.name in ends:
            _one_of(call, call.texts[0], ends[call.name])
        else:
            for node in call.texts[:2]:
                _one_of(call, node, _nodes(plan, queries.activities(ws)["name"].to_list()))
            _one_of(call, call.texts[2], STATUSES)
        return
    known: dict[str, Collection[str]] = {
        "touchpoint": touchpoints,
        "stage": stages,
        "rule": [rule.id for rule in plan.rules],
        "activity": queries.activities(ws)["name"].to_list() if call.texts[0] == "ad_hoc" else (),
    }
    kind = call.texts[0]
    _one_of(call, kind, KINDS)
    for name, names in zip(call.texts[1:], (known[named_by(kind)], stages), strict=False):
        _one_of(call, name, names)


def _nodes(plan: JourneyMap, activities: Collection[str]) -> list[str]:
    """Give what a link of the picture can lead from or to; see `mining.flow_nodes`."""
    stages = [stage.id for stage in plan.stages]
    ghosts = [ghost_node(stage, activity) for stage in stages for activity in activities]
    return [*map(touchpoint_node, (t.id for t in plan.touchpoints())), START, END, *map(other_node, stages), *ghosts]


def _one_of(call: Call, name: str, known: Collection[str]) -> None:
    if name not in known:
        raise ExpressionError(
            N_("{question}(…) names {name!r}, which is not there. There are: {known}."),
            question=call.name,
            name=name,
            known=", ".join([*list(known)[:_LISTED], *("…" for _ in list(known)[_LISTED : _LISTED + 1])]) or "–",
        )
