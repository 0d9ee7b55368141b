"""Findings in plain sentences: templates whose fields the caller fills with numbers as its language writes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mining.choices import Skip
from mining.durations import format_duration
from mining.messages import N_
from mining.rules import Rule

DEVIATION = {
    "missing": N_("{journeys} ({share}) went past “{place}” without it."),
    "stage_skipped": N_("{journeys} ({share}) went through the stage “{place}” without what it requires."),
    "ad_hoc": N_("In {journeys} ({share}) “{place}” happened in the stage “{stage}”; the plan does not know it."),
    "irregular_sequence": N_("In {journeys} ({share}) “{place}” happened elsewhere than the plan has it."),
    "repeated": N_("{journeys} ({share}) came back to “{place}”, which the plan has once."),
    "extra": N_("In {journeys} ({share}) “{place}” happened where the plan did not ask for it."),
    "failed": N_("In {journeys} ({share}) “{place}” happened and failed."),
    "wrong_channel": N_("In {journeys} ({share}) “{place}” happened in a channel that is not planned."),
    "late": N_("In {journeys} ({share}) “{place}” came after its deadline."),
    "wrong_persona": N_("{journeys} ({share}) of other personas met “{place}”."),
    "rule_broken": N_("{journeys}, {share} of those it applies to, broke the rule “{place}”."),
}
"""By kind; fields journeys (how many, with the word), share, place (touchpoint, activity, stage or rule) and stage."""
NONE_OF = N_("{journeys} ({share}) went past “{place}” without any of them.")
NOR_INSTEAD = N_("{journeys} ({share}) went past “{place}” without it, and without “{instead}”, planned instead.")
"""Of a skip in a choice: of one of its ways, and of a part of one; see `mining.choices`."""

RULE = {
    "before": N_("before {of} comes {must}"),
    "after": N_("after {of} comes {must}"),
    "within": N_("after {of} comes {must} within {time}"),
    "never_together": N_("{of} never happen in one journey"),
    "at_most": N_("{of} happens {most} times at most"),
    "once": N_("{of} happens once at most"),
    "never": N_("{of} never happens"),
    "starts_with": N_("the journey starts with {of}"),
    "ends_with": N_("the journey ends with {of}"),
}
"""By kind of rule; `within` is `after` with a time, `once` and `never` are `at_most` 1 and 0."""
OR = N_("{first} or {other}")
AND = N_("{first} and {other}")

NOT_NESTED = N_(
    "A dropped journey counts once, at the last milestone it reached or at the start: the rows add up to {n} dropped. "
    "A journey may reach a milestone without those above it, so a row can be longer than the one before."
)

UNTESTED = N_(
    "No effect on reaching the goal could be tested: there are too few journeys. Each takes 30 closed journeys with a "
    "deviation that got as far, and 30 without it."
)
SOME_UNTESTED = N_("Where no effect is given there are too few journeys: fewer than 30 with it or without it.")
TOO_FEW = N_(
    "Too few closed journeys to compare: of those that got as far {n_with} showed this before the goal and {n_without} "
    "did not; 30 each needed. What comes after the goal, or is about the goal itself, is not compared."
)
MORE = N_(
    "Of the {n_with} closed journeys that got as far and showed this before the goal, {points} more reached the goal "
    "than of the {n_without} others (95% interval {low} to {high}; q {q}). An association, not a cause."
)
LESS = N_(
    "Of the {n_with} closed journeys that got as far and showed this before the goal, {points} fewer reached the goal "
    "than of the {n_without} others (95% interval {low} to {high}; q {q}). An association, not a cause."
)
UNSURE = N_(
    "The {n_with} closed journeys that got as far and showed this before the goal and the {n_without} others do not "
    "differ beyond chance in reaching the goal, by the exact test with all tests counted ({points}, 95% interval {low} "
    "to {high}; q {q})."
)

RULE_TOO_FEW = N_(
    "Too few closed journeys to compare: {n_with} broke it and {n_without} of those it applies to kept it; 30 each "
    "needed."
)
RULE_MORE = N_(
    "Of the {n_with} closed journeys that broke it, {points} more reached the goal than of the {n_without} that kept "
    "it (95% interval {low} to {high}; q {q}). An association, not a cause."
)
RULE_LESS = N_(
    "Of the {n_with} closed journeys that broke it, {points} fewer reached the goal than of the {n_without} that kept "
    "it (95% interval {low} to {high}; q {q}). An association, not a cause."
)
RULE_UNSURE = N_(
    "The {n_with} closed journeys that broke it and the {n_without} that kept it do not differ beyond chance in "
    "reaching the goal, by the exact test with all tests counted ({points}, 95% interval {low} to {high}; q {q})."
)

_LONGER_TO_SHOW_IT = N_("Journeys that do not reach the goal have all their time to show it, which counts against it.")
CAUTION = {
    "missing": N_("It counts as skipped only where the journey went on behind it, which favours those that did."),
    "stage_skipped": N_("It counts as skipped only where the journey went on behind it, which favours those that did."),
    "ad_hoc": _LONGER_TO_SHOW_IT,
    "irregular_sequence": _LONGER_TO_SHOW_IT,
    "repeated": _LONGER_TO_SHOW_IT,
    "extra": _LONGER_TO_SHOW_IT,
}
"""What to bear in mind about the effect of a kind, by kind."""


def deviation(kind: str, skip: Skip | None) -> str:
    """Give the template that says a deviation; a skip of a touchpoint, of a choice, or of a part of one of its ways."""
    if skip is None or kind != "missing":
        return DEVIATION[kind]
    return NOR_INSTEAD if skip.instead else NONE_OF


def effect(kind: str, effect: float | None, q: float | None, limit: float) -> str:
    """Give the template that fits an effect on the goal: more, fewer, not beyond chance, or too few to tell."""
    of_rule = kind == "rule_broken"
    if effect is None or q is None:
        return RULE_TOO_FEW if of_rule else TOO_FEW
    if q > limit:
        return RULE_UNSURE if of_rule else UNSURE
    if effect > 0:
        return RULE_MORE if of_rule else MORE
    return RULE_LESS if of_rule else LESS


def rule_sentence(
    rule: Rule,
    names: Mapping[str, str],
    translate: Callable[[str], str] = str,
    time: Callable[[float], str] = format_duration,
) -> str:
    """Say what a rule asks.

    Parameters
    ----------
    rule : Rule
        The rule.
    names : mapping
        Names of the touchpoints, by id.
    translate, time : callable
        What puts templates and durations into the reader's language.

    Examples
    --------
    >>> rule_sentence(Rule("r", "after", ("buy",), ("ship", "fetch"), 7200.0), {"buy": "Buy", "ship": "Ship"})
    'after Buy comes Ship or fetch within 2h'
    """
    together = AND if rule.kind == "never_together" else OR
    kind: str = rule.kind
    if rule.within_s is not None:
        kind = "within"
    if rule.kind == "at_most":
        kind = {0: "never", 1: "once"}.get(rule.most or 0, "at_most")
    return translate(RULE[kind]).format(
        of=_joined([names.get(t, t) for t in rule.of], translate(together)),
        must=_joined([names.get(t, t) for t in rule.must], translate(OR)),
        most=rule.most,
        time=None if rule.within_s is None else time(rule.within_s),
    )


def _joined(names: list[str], template: str) -> str:
    said = names[-1] if names else ""
    for name in reversed(names[:-1]):
        said = template.format(first=name, other=said)
    return said
