"""The stage board: stages as columns, touchpoints as cards, in the order of the map. Shared by Plan and Compare."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from mining.choices import SKIPS, Skip, skips
from mining.journey_map import Block, JourneyMap, Question, Stage, Step, Touchpoint
from mining.messages import N_
from mining.sentences import rule_sentence
from ui.formats import duration
from ui.language import _, local, md, translate
from ui.text import md_escape

MOST_COLUMNS = 5
CHANNELS = {
    "web": "language",
    "website": "language",
    "app": "smartphone",
    "mobile": "smartphone",
    "phone": "call",
    "call": "call",
    "email": "mail",
    "mail": "mail",
    "sms": "sms",
    "chat": "chat",
    "zalo": "chat",
    "social": "groups",
    "branch": "storefront",
    "store": "storefront",
    "shop": "storefront",
    "club": "storefront",
    "post": "local_post_office",
}
ACTORS = {
    "customer": N_("customer"),
    "frontstage": N_("front line"),
    "backstage": N_("backstage"),
    "technology": N_("technology"),
}
BLOCKS = {
    "choice": N_("One of these"),
    "any_order": N_("In any order"),
    "sequence": N_("One after another"),
}
BRACKET = """<style>
[class*="st-key-board_"] {
  border-left: 2px solid color-mix(in srgb, currentColor 30%, transparent); padding-left: 0.6rem;
}
</style>"""
Draw = Callable[[Stage], None]


def title_of(touchpoint: Touchpoint) -> str:
    """Give the name of a touchpoint in the current language, as plain text."""
    return local(touchpoint.title) or touchpoint.id


def stage_title(stage: Stage) -> str:
    """Give the name of a stage in the current language, as plain text."""
    return local(stage.title) or stage.id


def names(plan: JourneyMap) -> dict[str, str]:
    """Give the names of all touchpoints by id."""
    return {touchpoint.id: title_of(touchpoint) for touchpoint in plan.touchpoints()}


def skip_names(plan: JourneyMap) -> dict[str, str]:
    """Name what a skip of each touchpoint passes by: the touchpoint, or the choice that it is a way through."""
    own = names(plan)
    return own | {id_: skip.place for id_, skip in skips(plan, own).items()}


def skip_of(plan: JourneyMap, row: Mapping[str, Any]) -> Skip | None:
    """Give how to speak of a deviation or a gap that tells of a skip in a choice; None for any other."""
    return skips(plan, names(plan)).get(row["touchpoint"]) if row["kind"] in SKIPS else None


def planned_names(plan: JourneyMap) -> dict[str, str]:
    """Give what the plan calls each activity: the names of the touchpoints that it shows alone, as plain text."""
    called: dict[str, list[str]] = {}
    for touchpoint in plan.touchpoints():
        for binding in touchpoint.events:
            if binding.activity is not None and not binding.attributes:
                called.setdefault(binding.activity, []).append(title_of(touchpoint))
    return {activity: " · ".join(dict.fromkeys(names)) for activity, names in called.items()}


def stage_names(plan: JourneyMap) -> dict[str, str]:
    """Give the names of all stages by id."""
    return {stage.id: stage_title(stage) for stage in plan.stages}


def rule_name(plan: JourneyMap, identifier: str) -> str:
    """Give the title of a rule in the current language, or else what it asks, as plain text."""
    rule = next(rule for rule in plan.rules if rule.id == identifier)
    return local(rule.title) or rule_says(plan, identifier)


def rule_says(plan: JourneyMap, identifier: str) -> str:
    """Say what a rule asks, in the current language, as plain text."""
    rule = next(rule for rule in plan.rules if rule.id == identifier)
    said = rule_sentence(rule, names(plan), translate, duration)
    return said[:1].upper() + said[1:]


def board(plan: JourneyMap, header: Draw, card: Callable[[Touchpoint], None], footer: Draw) -> None:
    """Draw the stages from left to right, `MOST_COLUMNS` to a row: for each its header, its cards, its footer."""
    st.html(BRACKET)
    rows = -(-len(plan.stages) // MOST_COLUMNS)
    per_row = -(-len(plan.stages) // rows)
    for first in range(0, len(plan.stages), per_row):
        columns = st.columns(per_row, gap="small", wrap=False)
        for column, stage in zip(columns, plan.stages[first:], strict=False):
            with column:
                header(stage)
                _steps(in_a_row(stage.steps), card, f"board_{stage.id}")
                footer(stage)


def _steps(steps: Sequence[Step | None], card: Callable[[Touchpoint], None], key: str) -> None:
    """Draw what follows each other: a touchpoint as a card, a block as a group of cards beside a bracket."""
    for place, step in enumerate(steps):
        if step is None:
            st.caption(":material/more_vert: " + _("the rest may be left out"))
        elif isinstance(step, Touchpoint):
            card(step)
        else:
            _group(step, card, f"{key}_{place}")


def _group(block: Block, card: Callable[[Touchpoint], None], key: str) -> None:
    """Draw a block under its rule, with a word between alternatives."""
    with st.container(gap="xsmall", key=key):
        st.caption(
            f":material/{_block_icon(block)}: " + _(BLOCKS[block.kind]) + _rule(block.optional, block.repeatable)
        )
        if block.kind == "sequence":
            _steps(in_a_row(block.steps), card, key)
            return
        for place, step in enumerate(block.steps):
            if place and block.kind == "choice":
                st.caption(_("or"), text_alignment="center")
            _steps([step], card, f"{key}_{place}")


def in_a_row(steps: Sequence[Step], *, at_end: bool = True) -> list[Step | None]:
    """Give steps without the sequences they are nested in; None stands before a rest that may be left out.

    Parameters
    ----------
    at_end : bool
        Whether nothing follows them: then an optional sequence at their end is such a rest.
    """
    flat: list[Step | None] = []
    for place, step in enumerate(steps):
        last = at_end and place == len(steps) - 1
        plain = isinstance(step, Block) and step.kind == "sequence" and not step.repeatable
        if isinstance(step, Block) and plain and (not step.optional or (last and flat)):
            flat += [None, *in_a_row(step.steps)] if step.optional else in_a_row(step.steps, at_end=last)
        else:
            flat.append(step)
    return flat


def _block_icon(block: Block) -> str:
    return {"choice": "alt_route", "any_order": "shuffle", "sequence": "arrow_downward"}[block.kind]


def _rule(optional: bool, repeatable: bool) -> str:
    said = [_("optional")] if optional else []
    return "".join(f" · {word}" for word in [*said, *([_("may repeat")] if repeatable else [])])


def traits(touchpoint: Touchpoint, titles: dict[str, str]) -> str:
    """Say in one line, as Markdown, who acts, where, and by when."""
    said = [f":material/{CHANNELS.get(c.casefold(), 'hub')}: {md_escape(c)}" for c in touchpoint.channel]
    if touchpoint.actor:
        said.append(_(ACTORS[touchpoint.actor]))
    said += [_("optional")] if touchpoint.optional else []
    said += [_("may repeat")] if touchpoint.repeatable else []
    if touchpoint.within is not None:
        after = touchpoint.within.after
        time = duration(touchpoint.within.time_s)
        said.append(
            ":material/timer:\u00a0"
            + (
                md("within {time} of {after}", time=time, after=titles.get(after, after))
                if after
                else md("within {time}", time=time)
            )
        )
    if not touchpoint.measured:
        said.append(":material/visibility_off:\u00a0" + _("not measured"))
    return " · ".join(said)


def mark(plan: JourneyMap, touchpoint: Touchpoint) -> str:
    """Give the icon of the goal or of a milestone, or nothing."""
    if touchpoint.id == plan.goal:
        return ":material/trophy: "
    return ":material/flag: " if touchpoint.milestone else ""


def question(asked: Question, titles: dict[str, str]) -> str:
    """Say a question and who answers it, as Markdown."""
    if not asked.answered_by:
        nobody = _("Nobody answers")
        return f":material/help: {md_escape(local(asked.text))}  \n:orange-badge[? {nobody}]"
    answers = ", ".join(titles.get(id_, id_) for id_ in asked.answered_by)
    return f":material/help: {md_escape(local(asked.text))}  \n:small[:gray[{md_escape(answers)}]]"
