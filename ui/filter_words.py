"""Conditions in words: what the chips of the filter say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from mining.condition_reader import Choice, choice, parts
from mining.errors import DesirePathError
from mining.flows import END, START, ghost_node, touchpoint_node
from mining.journey_map import JourneyMap
from mining.kinds import named_by
from mining.messages import N_
from mining.questions import ABOUT_PLAN
from pipeline.window import outcome_conditions
from ui import formats, state
from ui.board import names, rule_name, skip_names, stage_names
from ui.language import _, local
from ui.scenes.parts import STATUSES, from_to
from ui.state import Log, Plan
from ui.text import shortened
from ui.words import DEVIATIONS

OUTCOMES = {"converted": N_("reached the goal"), "dropped": N_("dropped out"), "open": N_("still open")}
ENDS = {
    "first_activity": (N_("starts with {names}"), N_("does not start with {names}")),
    "last_activity": (N_("ends with {names}"), N_("does not end with {names}")),
}
LONGEST = 60
LISTED = 3
OTHER = "filter_alt"


@dataclass(frozen=True)
class Known:
    """What has a name of its own.

    Attributes
    ----------
    personas, outcomes : mapping of str to str
        Conditions -> their words.
    plan : JourneyMap or None
        The plan that conditions may ask about.
    """

    personas: Mapping[str, str]
    outcomes: Mapping[str, str]
    plan: JourneyMap | None = None


@st.cache_resource(show_spinner=False, max_entries=50)
def outcomes(log: Log, text: str, name: str) -> dict[str, str]:
    """Give each outcome and the condition that chooses it; empty where a condition cannot."""
    return outcome_conditions(log.workspace, state.parsed(text, name))


def known(log: Log, plan: Plan | None) -> Known:
    """Give what the plan has names for."""
    if plan is None:
        return Known({}, {})
    personas = {p.where: local(p.title) or p.id for p in plan.map.personas if p.where}
    ends = {condition: _(OUTCOMES[o]) for o, condition in outcomes(log, plan.text, plan.name).items()}
    return Known(personas, ends, plan.map)


def said(condition: str, known: Known) -> tuple[str, str]:
    """Give an icon and the words of a condition; one without the usual form is said as it is written."""
    if condition in known.personas:
        return "person", _("Persona: {name}", name=known.personas[condition])
    if condition in known.outcomes:
        return "flag", _("Outcome: {name}", name=known.outcomes[condition])
    try:
        read = choice(condition)
    except DesirePathError:
        return "error", shortened(condition, LONGEST)
    icon, words = _words(read, known.plan)
    return icon, shortened(words or condition, LONGEST)


def in_words(condition: str, plan: JourneyMap | None = None) -> str:
    """Say all of a condition, part by part; a part without the usual form is said as it is written."""
    try:
        return " · ".join(_words(choice(part), plan)[1] or part for part in parts(condition))
    except DesirePathError:
        return condition


def _words(read: Choice, plan: JourneyMap | None) -> tuple[str, str]:
    if read.kind in ABOUT_PLAN:
        return _of_plan(read, plan)
    if read.kind == "values":
        return _of_values(read)
    if read.kind == "range":
        return _of_range(read)
    if read.kind == "period":
        return "calendar_month", _of_period(read)
    if read.kind == "other":
        return OTHER, ""
    if read.kind == "has":
        name, *values = read.values
        way = N_("no event with {name}: {values}") if read.negated else N_("some event with {name}: {values}")
        return OTHER, _(way, name=name, values=named(values))
    return "route", _of_path(read)


def _of_values(read: Choice) -> tuple[str, str]:
    listed = named(read.values)
    if read.name in ENDS:
        return "route", _(ENDS[read.name][read.negated], names=listed)
    if read.name == "variant_id":
        n = len(read.values)
        return "route", _("not on {n} chosen paths", n=n) if read.negated else _("on {n} chosen paths", n=n)
    if read.negated:
        return OTHER, _("{name}: not {values}", name=read.name, values=listed)
    return OTHER, _("{name}: {values}", name=read.name, values=listed)


def _of_range(read: Choice) -> tuple[str, str]:
    icon, name = {"duration_s": ("timer", _("lasts")), "n_events": ("tag", _("events"))}.get(
        read.name, (OTHER, read.name)
    )
    write = formats.duration if read.name == "duration_s" else _number
    if read.low is None:
        return icon, _("{name} at most {high}", name=name, high=write(read.high))
    if read.high is None:
        return icon, _("{name} at least {low}", name=name, low=write(read.low))
    return icon, _("{name} {low} to {high}", name=name, low=write(read.low), high=write(read.high))


def _number(value: float | None) -> str:
    return formats.number(value, 0 if value is None or float(value).is_integer() else 2)


def _of_period(read: Choice) -> str:
    words = {
        "begins": N_("begins {first} – {last}"),
        "ends": N_("ends {first} – {last}"),
        "lies": N_("lies within {first} – {last}"),
        "touches": N_("touches {first} – {last}"),
    }
    return _(words[read.name], first=formats.date(read.low), last=formats.date(read.high))


def _of_path(read: Choice) -> str:
    quoted = [f"“{name}”" for name in read.values]
    if read.kind == "passes":
        way = N_("does not go through {a}") if read.negated else N_("goes through {a}")
        return _(way, a=quoted[0])
    if read.kind == "directly_follows":
        way = N_("{b} never directly after {a}") if read.negated else N_("{b} directly after {a}")
    elif read.within_s is not None:
        way = N_("{b} never within {time} after {a}") if read.negated else N_("{b} within {time} after {a}")
    else:
        way = N_("{b} never after {a}") if read.negated else N_("{b} some time after {a}")
    return _(way, a=quoted[0], b=quoted[1], time=formats.duration(read.within_s))


PLAN_QUESTIONS = {
    "visits": ("route", N_("goes through {place}"), N_("does not go through {place}")),
    "reaches": ("flag_check", N_("got to {place}"), N_("did not get to {place}")),
    "left_after": ("logout", N_("left after {place}"), N_("did not leave after {place}")),
    "left_before_next": ("logout", N_("left after milestone {place}"), N_("did not leave after milestone {place}")),
}


def _of_plan(read: Choice, plan: JourneyMap | None) -> tuple[str, str]:
    if read.kind == "takes":
        *nodes, status = read.values
        link = from_to(*(_node(node, plan) for node in nodes))
        said = f"{link} · {_(STATUSES[status])}" if status in STATUSES else link
        return "route", _("without {deviation}", deviation=said) if read.negated else said
    if read.kind == "left_before_next" and not read.values[0]:
        return "logout", _("did not leave before any milestone") if read.negated else _("left before any milestone")
    if read.kind != "deviates":
        icon, *ways = PLAN_QUESTIONS[read.kind]
        kind = "stage_skipped" if read.kind == "reaches" else read.kind
        return icon, _(ways[read.negated], place=f"“{_place(kind, read.values[0], plan)}”")
    kind, *ids = read.values
    said = _(DEVIATIONS[kind].word) if kind in DEVIATIONS else kind
    if ids:
        said = f"{said}: “{_place(kind, ids[0], plan)}”"
    if ids[1:]:
        said = _("{deviation} in stage {stage}", deviation=said, stage=f"“{_place('stage_skipped', ids[1], plan)}”")
    return "alt_route", _("without {deviation}", deviation=said) if read.negated else said


def _node(node: str, plan: JourneyMap | None) -> str:
    """Name a node of the picture of the plan."""
    if plan is None or node in (START, END):
        return {START: _("Start"), END: _("End")}.get(node, node)
    known = {touchpoint_node(id_): name for id_, name in names(plan).items()}
    first = next((ghost_node(s.id, "") for s in plan.stages if node.startswith(ghost_node(s.id, ""))), "")
    return known.get(node, node.removeprefix(first))


def _place(kind: str, id_: str, plan: JourneyMap | None) -> str:
    """Name the place of a deviation of a kind; where the plan does not know it, as it is written."""
    if plan is None:
        return id_
    rules = {rule.id: rule_name(plan, rule.id) for rule in plan.rules}
    touchpoints = skip_names(plan) if kind == "missing" else names(plan)
    known = {"touchpoint": touchpoints, "stage": stage_names(plan), "rule": rules}
    return known.get(named_by(kind), {}).get(id_, id_)


def named(values: Sequence[Any]) -> str:
    """List values, the first few of many."""
    shown = ", ".join(str(value) for value in values[:LISTED])
    left = len(values) - LISTED
    return shown if left <= 0 else _("{shown} and {n} more", shown=shown, n=left)
