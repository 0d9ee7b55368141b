"""What a condition asks about a plan, answered from the log laid over that plan.

Whether a journey deviates, and after what it was dropped, hangs on nothing but the journey, the plan and the end of the
whole log. So the log that the plan is for is laid over it once, and the answers hold under any other condition. In the
condition a name for the journeys takes the place of the question: it is made of who they are, so that whatever is kept
under the condition is found again while they are the same, and never when they are others.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import polars as pl

from mining import outcomes
from mining.errors import ExpressionError
from mining.expressions import parse
from mining.flows import STATUSES, flows, ghost_node, touchpoint_node
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

_LISTED = 20
_LINK = ("source", "target", "status")


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


def _journeys(ws: Workspace, plan: JourneyMap, call: Call) -> pl.DataFrame:
    """Give the journeys (journey_id, sorted) that meet a question."""
    told = _told(ws, plan)
    if call.name == "visits":
        links = _links(ws, plan, frozenset()).filter(pl.col("target") == touchpoint_node(call.texts[0]))
    elif call.name == "takes":
        same = [pl.col(part) == text for part, text in zip(_LINK, call.texts, strict=True)]
        links = _links(ws, plan, _unplanned(ws, plan, call)).filter(same)
    else:
        return told.journeys_of(call)
    return told.journeys.join(links, on="path", how="semi").select("journey_id").sort("journey_id")


def _unplanned(ws: Workspace, plan: JourneyMap, call: Call) -> frozenset[tuple[str, str]]:
    """Give what the plan does not know (stage, activity) among the nodes that a question names."""
    if not any(text.startswith(ghost_node("", "")[0]) for text in call.texts):
        return frozenset()
    every = ((stage.id, name) for stage in plan.stages for name in queries.activities(ws)["name"])
    return frozenset(one for one in every if ghost_node(*one) in call.texts)


@remembered
def _links(ws: Workspace, plan: JourneyMap, own: frozenset[tuple[str, str]]) -> pl.DataFrame:
    """Give the links (path, source, target, status) of the picture of the plan; `own` are the unplanned nodes in it."""
    from pipeline.laid_log import lay

    laid = lay(ws, plan, plan.where)
    numbered = laid.log.paths.select("path", "variant_id", "n_journeys")
    moves = Moves(laid.found.parts, numbered, laid.log.activities, laid.board).frame()
    walk = flows(moves, laid.board, allowed(laid.found.automaton), shown=own).walk
    return walk.select("path", *(pl.col(part).cast(pl.String).cast(pl.Categorical) for part in _LINK)).unique()


@dataclass(frozen=True)
class _Told:
    """How the journeys that a plan is for meet it.

    Attributes
    ----------
    journeys : frame
        journey_id, path, outcome.
    ends : frame
        One row per path: path, touchpoint (the last that happened in its place), milestone (the furthest), stages
        (all it got as far as).
    names : frame
        One row per deviation of paths: kind, touchpoint, activity, stage_id, first and end (rows of `paths`).
    paths : frame
        path.
    singly : frame
        One row per deviation of a journey that its path does not tell: journey_id, kind, touchpoint, activity,
        stage_id, rule.
    """

    journeys: pl.DataFrame
    ends: pl.DataFrame
    names: pl.DataFrame
    paths: pl.DataFrame
    singly: pl.DataFrame

    def journeys_of(self, call: Call) -> pl.DataFrame:
        """Give the journeys (journey_id, sorted) that meet a question."""
        if call.name == "reaches":
            far = self.ends.filter(pl.col("stages").list.contains(call.texts[0]))
            return self.journeys.join(far, on="path", how="semi").select("journey_id").sort("journey_id")
        if call.name != "deviates":
            end = "touchpoint" if call.name == "left_after" else "milestone"
            there = self.ends.filter(pl.col(end) == call.texts[0])
            dropped = self.journeys.filter(pl.col("outcome") == "dropped").join(there, on="path", how="semi")
            return dropped.select("journey_id").sort("journey_id")
        meant = _meant(call)
        rows = self.names.filter(meant).select("first", "end").rows()
        paths = pl.concat([self.paths.head(0), *(self.paths[first:end] for first, end in rows)])
        found = [self.journeys.join(paths, on="path", how="semi"), self.singly.filter(meant)]
        return pl.concat([some.select("journey_id") for some in found]).unique().sort("journey_id")


def _meant(call: Call) -> pl.Expr:
    """Tell which deviations a question means."""
    kind, *places = call.texts
    columns = (named_by(kind).replace("stage", "stage_id"), "stage_id")
    same = [pl.col(column) == place for column, place in zip(columns, places, strict=False)]
    return pl.all_horizontal(pl.col("kind") == kind, *same)


@remembered
def _told(ws: Workspace, plan: JourneyMap) -> _Told:
    from pipeline import rules
    from pipeline.laid_log import lay

    laid = lay(ws, plan, plan.where)
    visits = outcomes.milestone_visits(laid.log.walked, laid.log.activity, plan)
    furthest = np.full(laid.log.paths.height, -1)
    np.maximum.at(furthest, visits[:, 0], visits[:, 1])
    beside = rules.beside(ws, plan, laid.log, laid.journeys, laid.window)
    broken = [
        laid.journeys.filter(pl.Series(verdict.times > 0)).select("journey_id", rule=pl.lit(verdict.rule.id))
        for verdict in beside.verdicts
    ]
    rows = [laid.at_events(ws).drop("n"), *(some.with_columns(kind=pl.lit("rule_broken")) for some in broken)]
    none = pl.DataFrame(schema={"rule": pl.String})
    return _Told(
        journeys=laid.journeys.select("journey_id", "path", "outcome"),
        ends=laid.log.paths.select("path").with_columns(
            touchpoint=_named([touchpoint.id for touchpoint in plan.touchpoints()], laid.by_path.last),
            milestone=_named([touchpoint.id for _, touchpoint in plan.milestones()], furthest),
            stages=pl.Series([list(laid.board.stages[: n + 1]) for n in range(len(laid.board.stages))]).gather(
                laid.by_path.stage
            ),
        ),
        names=laid.by_path.names.with_columns(
            first=laid.by_path.starts[:-1], end=laid.by_path.starts[1:], rule=pl.lit(None, pl.String)
        ).filter(pl.col("first") < pl.col("end")),
        paths=pl.DataFrame({"path": laid.by_path.path}),
        singly=pl.concat([*rows, none], how="diagonal"),
    )


def _named(names: list[str], numbers: np.ndarray) -> pl.Series:
    """Put names to numbers; -1 has none."""
    return pl.Series([*names, None], dtype=pl.String).gather(np.where(numbers < 0, len(names), numbers))


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
        if call.name in ends:
            _one_of(call, call.texts[0], ends[call.name])
        else:
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


def _one_of(call: Call, name: str, known: Collection[str]) -> None:
    if name not in known:
        raise ExpressionError(
            N_("{question}(…) names {name!r}, which is not there. There are: {known}."),
            question=call.name,
            name=name,
            known=", ".join([*list(known)[:_LISTED], *("…" for _ in list(known)[_LISTED : _LISTED + 1])]) or "–",
        )
