"""What stands beside the map on Plan: its rules, the deviations it accepts, and its personas."""

from __future__ import annotations

import streamlit as st

from mining.journey_map import JourneyMap, Persona
from mining.kinds import named_by
from ui.board import names, rule_says, stage_names
from ui.filter_words import in_words
from ui.formats import date
from ui.language import _, local, md
from ui.state import Plan
from ui.text import md_escape
from ui.words import DEVIATIONS


def show(plan: JourneyMap) -> None:
    """List the rules and the accepted deviations of a map, where it has them."""
    rules, accepted = st.columns(2) if plan.rules and plan.accepted else (st.container(), st.container())
    if plan.rules:
        with rules:
            st.markdown("**" + _("Rules beside the map") + "**")
            st.markdown("\n".join("- " + _rule(plan, number) for number in range(len(plan.rules))))
    if plan.accepted:
        with accepted:
            st.markdown("**" + _("Accepted") + "**")
            st.markdown("\n".join("- " + _accepted(plan, number) for number in range(len(plan.accepted))))


def personas(plan: Plan) -> None:
    """Show the kinds of customers that a map is made for, as cards."""
    if not plan.map.personas:
        st.info(_("This map has no personas. Describe the kinds of customers under `personas`."))
        return
    for first in range(0, len(plan.map.personas), 3):
        columns = st.columns(3)
        for column, persona in zip(columns, plan.map.personas[first:], strict=False):
            with column.container(border=True, gap="xsmall"):
                _persona(persona)


def _persona(persona: Persona) -> None:
    st.markdown(f"#### :material/person: {md_escape(local(persona.title) or persona.id)}")
    if persona.occupation:
        st.caption(md_escape(local(persona.occupation)))
    if persona.motto:
        st.markdown(f"*“{md_escape(local(persona.motto))}”*")
    for label, texts in ((_("Needs"), persona.needs), (_("Goals"), persona.goals)):
        if texts:
            st.markdown(f"**{label}**\n" + "\n".join(f"- {md_escape(local(text))}" for text in texts))
    if persona.where:
        st.badge(md_escape(in_words(persona.where)), color="gray", icon=":material/filter_alt:")


def _rule(plan: JourneyMap, number: int) -> str:
    rule = plan.rules[number]
    said = md_escape(rule_says(plan, rule.id))
    people = {persona.id: persona for persona in plan.personas}
    wanted = [local(people[persona].title) or persona for persona in rule.personas]
    wanted += [rule.where] if rule.where else []
    title = f"**{md_escape(local(rule.title))}**: " if rule.title else ""
    return title + said + (" · " + md("for {condition}", condition=", ".join(wanted)) if wanted else "")


def _accepted(plan: JourneyMap, number: int) -> str:
    """Name what is accepted, and who answers for it until when."""
    by = plan.accepted[number]
    rules = {rule.id: rule_says(plan, rule.id) for rule in plan.rules}
    titles = {"touchpoint": names(plan), "stage": stage_names(plan), "rule": rules}.get(named_by(by.kind), {})
    place = titles.get(by.place, by.place)
    owned = md(
        "{owner} answers for it, until {until}: {reason}", owner=by.owner, until=date(by.until), reason=by.reason
    )
    return f"{md_escape(DEVIATIONS[by.kind].label)} · {md_escape(place)}  \n  :small[:gray[{owned}]]"
