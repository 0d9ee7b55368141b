"""Findings in plain sentences: templates whose fields the caller fills with numbers as its language writes them."""

from __future__ import annotations

from mining.messages import N_

DEVIATION = {
    "missing": N_("{n} journeys ({share}) went past “{place}” without it."),
    "stage_skipped": N_("{n} journeys ({share}) went through the stage “{place}” without what it requires."),
    "ad_hoc": N_("In {n} journeys ({share}) “{place}” happened in the stage “{stage}”; the plan does not know it."),
    "irregular_sequence": N_("In {n} journeys ({share}) “{place}” happened elsewhere than the plan has it."),
    "repeated": N_("{n} journeys ({share}) came back to “{place}”, which the plan has once."),
    "extra": N_("In {n} journeys ({share}) “{place}” happened where the plan did not ask for it."),
    "failed": N_("In {n} journeys ({share}) “{place}” happened and failed."),
    "wrong_channel": N_("In {n} journeys ({share}) “{place}” happened in a channel that is not planned."),
    "late": N_("In {n} journeys ({share}) “{place}” came after its deadline."),
    "wrong_persona": N_("{n} journeys ({share}) of other personas met “{place}”."),
}
"""By kind; fields n, share, place (of the touchpoint, activity or stage) and stage."""

TOO_FEW = N_(
    "Too few to compare: {n_with} closed journeys with it and {n_without} without it got as far; 30 each needed."
)
MORE = N_(
    "Of the {n_with} closed journeys with it that got as far, {points} more reached the goal than of the {n_without} "
    "without it (95 % interval {low} to {high}; q {q}). An association, not a cause."
)
LESS = N_(
    "Of the {n_with} closed journeys with it that got as far, {points} fewer reached the goal than of the {n_without} "
    "without it (95 % interval {low} to {high}; q {q}). An association, not a cause."
)
UNSURE = N_(
    "The {n_with} closed journeys with it that got as far and the {n_without} without it do not differ beyond chance "
    "in reaching the goal ({points}, 95 % interval {low} to {high}; q {q})."
)

CAUTION = {
    "missing": N_("It counts as skipped only where the journey went on behind it, which favours those that did."),
    "stage_skipped": N_("It counts as skipped only where the journey went on behind it, which favours those that did."),
}
"""What to bear in mind about the effect of a kind, by kind."""


def effect(effect: float | None, q: float | None, limit: float) -> str:
    """Give the template that fits an effect on the goal: more, fewer, not beyond chance, or too few to tell."""
    if effect is None or q is None:
        return TOO_FEW
    if q > limit:
        return UNSURE
    return MORE if effect > 0 else LESS
