"""What a map must keep across its parts: ids that are unique, names that exist, bindings that can match."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from mining.errors import Problem
from mining.journey_map import Binding, JourneyMap, Persona, Stage, Touchpoint
from mining.kinds import KINDS
from mining.messages import N_, Message
from mining.rules import Rule
from mining.yaml_nodes import Reader

_OF = {"at_most": "of"}
T = TypeVar("T", Stage, Persona, Touchpoint, Rule)


def check_references(reader: Reader, plan: JourneyMap, goal_line: int) -> None:
    """See that ids are unique and that everything referred to exists."""
    touchpoints = _unique(reader, plan.touchpoints(), N_("touchpoint"))
    stages = _unique(reader, plan.stages, N_("stage"))
    personas = _unique(reader, plan.personas, N_("persona"))
    if plan.goal:
        planned = {t.id: t.line for _, t in plan.planned()}
        _known(reader, plan.goal, planned, "goal", N_("touchpoint of a stage"), goal_line)
    for touchpoint in plan.touchpoints():
        for persona in touchpoint.personas:
            _known(reader, persona, personas, "personas", N_("persona"), touchpoint.line)
        if touchpoint.within and touchpoint.within.after is not None:
            _known(reader, touchpoint.within.after, touchpoints, "after", N_("touchpoint"), touchpoint.line)
    order = {stage.id: number for number, stage in enumerate(plan.stages)}
    for stage in plan.stages:
        for question in stage.questions:
            for answer in question.answered_by:
                _known(reader, answer, touchpoints, "answered_by", N_("touchpoint"), question.line)
        for other in stage.may_return_to:
            if (
                _known(reader, other, stages, "may_return_to", N_("stage"), stage.line)
                and order[other] > order[stage.id]
            ):
                reader.problem(
                    stage.line,
                    N_("`{stage}` may return only to itself or an earlier stage, not to `{other}`"),
                    stage=stage.id,
                    other=other,
                )
    _check_rules(reader, plan, touchpoints, personas)
    _check_accepted(reader, plan, {"touchpoint": touchpoints, "stage": stages})


def _check_rules(reader: Reader, plan: JourneyMap, touchpoints: dict[str, int], personas: dict[str, int]) -> None:
    """See that rules name touchpoints and personas of the map."""
    for rule in plan.rules:
        for key, named in ((_OF.get(rule.kind, rule.kind), rule.of), ("must", rule.must)):
            for touchpoint in named:
                _known(reader, touchpoint, touchpoints, key, N_("touchpoint"), rule.line)
        for persona in rule.personas:
            _known(reader, persona, personas, "personas", N_("persona"), rule.line)


def _check_accepted(reader: Reader, plan: JourneyMap, known: dict[str, dict[str, int]]) -> None:
    """See that acceptances name what there is, and nothing twice."""
    known = known | {"kind": dict.fromkeys(KINDS, 0), "rule": _unique(reader, plan.rules, N_("rule"))}
    what = {"kind": N_("kind of deviation"), "touchpoint": N_("touchpoint"), "stage": N_("stage"), "rule": N_("rule")}
    first: dict[tuple[str | None, ...], int] = {}
    for accepted in plan.accepted:
        for key, names in known.items():
            found = getattr(accepted, key)
            if found:
                _known(reader, found, names, key, what[key], accepted.line)
        place = (accepted.kind, accepted.touchpoint, accepted.activity, accepted.stage, accepted.rule)
        if first.setdefault(place, accepted.line) != accepted.line:
            reader.problem(accepted.line, N_("the same is accepted in line {first}"), first=first[place])


def _unique(reader: Reader, items: Iterable[T], what: str) -> dict[str, int]:
    """Give id -> line; an id used twice is a problem."""
    lines: dict[str, int] = {}
    for item in items:
        if item.id in lines and item.id:
            reader.problem(
                item.line,
                N_("the {what} id `{id}` is already used in line {first}"),
                what=what,
                id=item.id,
                first=lines[item.id],
            )
        lines.setdefault(item.id, item.line)
    return lines


def _known(reader: Reader, found: str, known: dict[str, int], key: str, what: str, line: int) -> bool:
    if found in known:
        return True
    near = difflib.get_close_matches(found, known, 1)
    hint = Message(N_("; did you mean `{near}`?"), near=near[0]) if near else ""
    reader.problem(
        line, N_("`{key}` names `{found}`, which is no {what}{hint}"), key=key, found=found, what=what, hint=hint
    )
    return False


def with_warnings(plan: JourneyMap) -> JourneyMap:
    """Note what is legal but can hardly be meant."""
    warnings: list[Problem] = []
    first: dict[Binding, str] = {}
    for touchpoint in plan.touchpoints():
        for binding in touchpoint.events:
            owner = first.setdefault(binding, touchpoint.id)
            if owner != touchpoint.id:
                message = Message(
                    N_("`{id}` binds the event `{event}`, which `{owner}` binds first, so it never gets it"),
                    id=touchpoint.id,
                    event=binding.activity or dict(binding.attributes),
                    owner=owner,
                )
                warnings.append(Problem(message, touchpoint.line))
        if touchpoint.id == plan.goal and not touchpoint.events:
            message = Message(N_("the goal `{id}` has no events, so no journey can be seen to succeed"), id=plan.goal)
            warnings.append(Problem(message, touchpoint.line))
    return replace(plan, warnings=(*warnings, *_unseen(plan)))


def _unseen(plan: JourneyMap) -> list[Problem]:
    """Note the rules that no log can answer."""
    measured = {t.id for t in plan.touchpoints() if t.measured}
    unseen = [(rule, [t for t in (*rule.of, *rule.must) if t not in measured]) for rule in plan.rules]
    template = N_("the rule `{id}` is not checked, since nothing is bound to `{touchpoint}`")
    return [Problem(Message(template, id=rule.id, touchpoint=t[0]), rule.line) for rule, t in unseen if t]
