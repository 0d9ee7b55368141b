"""Conditions of the usual forms in words: values, ranges, periods, paths, and how a journey meets the plan."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from mining.condition_reader import Choice
from mining.flow_nodes import END, START, ghost_node, touchpoint_node
from mining.found_words import DEVIATIONS, STATUSES
from mining.kinds import named_by
from mining.messages import N_
from mining.questions import ABOUT_PLAN
from pipeline.language import Language
from pipeline.names import Names, as_text

LISTED = 3
ENDS = {
    "first_activity": (N_("starts with {names}"), N_("does not start with {names}")),
    "last_activity": (N_("ends with {names}"), N_("does not end with {names}")),
}
NOUNS = {
    "n_events": N_("number of events"),
    "duration_s": N_("duration"),
    "start": N_("first event"),
    "end": N_("last event"),
    "key": N_("journey"),
    "first_activity": N_("first activity"),
    "last_activity": N_("last activity"),
}
"""Of what every journey has, as the side of a comparison."""
VERBS = {"duration_s": N_("lasts"), "start": N_("begins"), "end": N_("ends")}
"""The same, where a duration or a time is said of the journey right after it."""
PERIOD = {
    "begins": N_("begins {first} – {last}"),
    "ends": N_("ends {first} – {last}"),
    "lies": N_("lies within {first} – {last}"),
    "touches": N_("touches {first} – {last}"),
}
PLAN_QUESTIONS = {
    "visits": (N_("goes through {place}"), N_("does not go through {place}")),
    "reaches": (N_("got to {place}"), N_("did not get to {place}")),
    "left_after": (N_("left after {place}"), N_("did not leave after {place}")),
    "left_before_next": (N_("left after milestone {place}"), N_("did not leave after milestone {place}")),
}


def chosen(read: Choice, language: Language, names: Names | None) -> str:
    """Say what a condition chooses; what the plan does not know, or without a plan all of it, by its id."""
    if read.kind in ABOUT_PLAN:
        return _of_plan(read, language, names)
    if read.kind == "values":
        return _of_values(read, language)
    if read.kind == "range":
        return _of_range(read, language)
    if read.kind == "period":
        said = language.t(PERIOD[read.name], first=language.date(read.low), last=language.date(read.high))
        return language.t("not ({condition})", condition=said) if read.negated else said
    if read.kind == "has":
        name, *values = read.values
        way = N_("no event with {name}: {values}") if read.negated else N_("some event with {name}: {values}")
        return language.t(way, name=as_text(name), values=listed(values, language))
    return _of_path(read, language)


def noun(name: str, language: Language) -> str:
    """Name an attribute."""
    return language.t(NOUNS[name.lower()]) if name.lower() in NOUNS else as_text(name)


def asked(name: str, language: Language) -> str:
    """Name an attribute so that a size or a time can be said right after it."""
    return language.t(VERBS[name.lower()]) if name.lower() in VERBS else noun(name, language) + ":"


def value(raw: Any, name: str, language: Language) -> str:
    """Write a value of an attribute; a duration with its unit."""
    if isinstance(raw, bool):
        return language.t(N_("yes")) if raw else language.t(N_("no"))
    if isinstance(raw, int | float):
        if name.lower() == "duration_s":
            return language.duration(raw)
        return language.number(raw, 0 if float(raw).is_integer() else 2)
    return as_text(raw)


def listed(values: Sequence[Any], language: Language, write: Callable[[Any], str] = as_text) -> str:
    """List values, the first few of many."""
    shown = ", ".join(write(one) for one in values[:LISTED])
    left = len(values) - LISTED
    return shown if left <= 0 else language.t(N_("{shown} and {n} more"), shown=shown, n=left)


def _of_values(read: Choice, language: Language) -> str:
    t, n, name = language.t, len(read.values), read.name.lower()
    if name == "variant_id":
        return t("not on {n} chosen paths", n=n) if read.negated else t("on {n} chosen paths", n=n)

    def write(raw: Any) -> str:
        return value(raw, name, language) if name in NOUNS or isinstance(raw, bool) else as_text(raw)

    said = listed(read.values, language, write)
    if name in ENDS:
        return t(ENDS[name][read.negated], names=said)
    way = N_("{name}: not {values}") if read.negated else N_("{name}: {values}")
    return t(way, name=noun(read.name, language), values=said)


def _of_range(read: Choice, language: Language) -> str:
    name = asked(read.name, language)
    low, high = (None if end is None else value(end, read.name, language) for end in (read.low, read.high))
    if low is None:
        way = N_("{name} more than {low}") if read.negated else N_("{name} at most {high}")
        return language.t(way, name=name, low=high, high=high)
    if high is None:
        way = N_("{name} less than {high}") if read.negated else N_("{name} at least {low}")
        return language.t(way, name=name, low=low, high=low)
    way = N_("{name} not {low} to {high}") if read.negated else N_("{name} {low} to {high}")
    return language.t(way, name=name, low=low, high=high)


def _of_path(read: Choice, language: Language) -> str:
    quoted = [f"“{as_text(name)}”" for name in read.values]
    if read.kind == "passes":
        way = N_("does not go through {a}") if read.negated else N_("goes through {a}")
        return language.t(way, a=quoted[0])
    if read.kind == "directly_follows":
        way = N_("{b} never directly after {a}") if read.negated else N_("{b} directly after {a}")
    elif read.within_s is not None:
        way = N_("{b} never within {time} after {a}") if read.negated else N_("{b} within {time} after {a}")
    else:
        way = N_("{b} never after {a}") if read.negated else N_("{b} some time after {a}")
    return language.t(way, a=quoted[0], b=quoted[1], time=language.duration(read.within_s))


def _of_plan(read: Choice, language: Language, names: Names | None) -> str:
    t = language.t
    if read.kind == "left_before_next" and not read.values[0]:
        return t("did not leave before any milestone") if read.negated else t("left before any milestone")
    if read.kind in PLAN_QUESTIONS:
        kind = "stage_skipped" if read.kind == "reaches" else read.kind
        return t(PLAN_QUESTIONS[read.kind][read.negated], place=f"“{_place(kind, read.values[0], names)}”")
    said = _link(read, language, names) if read.kind == "takes" else _deviation(read, language, names)
    return t("without {deviation}", deviation=said) if read.negated else said


def _link(read: Choice, language: Language, names: Names | None) -> str:
    *nodes, status = read.values
    link = " → ".join(_node(node, language, names) for node in nodes)
    return f"{link} · {language.t(STATUSES[status])}" if status in STATUSES else link


def _deviation(read: Choice, language: Language, names: Names | None) -> str:
    kind, *ids = read.values
    said = language.t(DEVIATIONS[kind].word) if kind in DEVIATIONS else as_text(kind)
    if ids:
        said = f"{said}: “{_place(kind, ids[0], names)}”"
    if ids[1:]:
        stage = f"“{_place('stage_skipped', ids[1], names)}”"
        said = language.t("{deviation} in stage {stage}", deviation=said, stage=stage)
    return said


def _node(node: str, language: Language, names: Names | None) -> str:
    """Name a node of the picture of the plan."""
    if names is None or node in (START, END):
        return {START: language.t("Start"), END: language.t("End")}.get(node, as_text(node))
    known = {touchpoint_node(id_): name for id_, name in names.touchpoints.items()}
    first = next((begin for id_ in names.stages if node.startswith(begin := ghost_node(id_, ""))), "")
    return known.get(node, as_text(node.removeprefix(first)))


def _place(kind: str, id_: str, names: Names | None) -> str:
    """Name the place of a deviation of a kind; where the plan does not know it, as it is written."""
    if names is None:
        return as_text(id_)
    if kind == "missing" and id_ in names.skips:
        return names.skips[id_].place
    known = {"touchpoint": names.touchpoints, "stage": names.stages, "rule": names.rules}
    return known.get(named_by(kind), {}).get(id_, as_text(id_))
