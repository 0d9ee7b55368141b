"""A first plan out of the log, looked at before it is taken."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from mining.errors import DesirePathError
from mining.journey_map import JourneyMap
from mining.messages import N_
from pipeline.proposed_map import ProposedMap
from ui import filters, state
from ui.board import mark, names, stage_title, title_of
from ui.first_plan import LOOKED_AT
from ui.formats import number, percent
from ui.frame import show_error
from ui.language import _, counted, md, say
from ui.state import Log
from ui.text import md_escape

NAME = "first_plan.yaml"
MINUTE_S, HOUR_S, DAY_S = 60, 3600, 86_400
WHOLE_ENOUGH = 10  # days, or hours: a longer silence is told in them
MADE_OF = N_("A map is made of the paths that journeys take most. You see how well it fits before you take it.")


def offer(log: Log) -> None:
    """Offer it as the first of the ways to a plan."""
    if log.is_empty or st.session_state.get(LOOKED_AT):
        return
    with st.container(border=True, gap="xsmall"):
        st.markdown("#### :material/conversion_path: " + _("First plan (from the log)"))
        st.markdown(_(MADE_OF))
        _ask("plan_discover", type="primary")
    st.markdown("#### " + _("Or start from a template"))


def button(log: Log, key: str) -> None:
    """Offer to look; looking takes a moment, so it waits for the click."""
    if not st.session_state.get(LOOKED_AT):
        _ask(key, icon=":material/conversion_path:", disabled=log.is_empty, help=_(MADE_OF))


def _ask(key: str, **look: Any) -> None:
    if st.button(_("Make a first plan from this log"), key=key, **look):
        st.session_state[LOOKED_AT] = True
        st.rerun()


def panel(log: Log) -> str | None:
    """Show the map that would be taken, if it was asked for; give its text when it is."""
    if not st.session_state.get(LOOKED_AT) or log.is_empty:
        return None
    with st.container(border=True):
        st.markdown("#### " + _("First plan (from the log)"))
        success, cover, silence = st.columns(3, gap="medium")
        plan = state.plan()
        try:
            where = state.settled(log, plan.map if plan else None, filters.now().where)
            if where:
                n = state.n_journeys(log, where)
                st.caption(":material/filter_alt: " + md("Made of the **{n}** journeys that the filter chooses.", n=n))
            with st.spinner(_("Finding the map in the paths …"), show_time=True):
                found = state.proposed(log, where, None, None)
                with cover:
                    share = _share(found)
                if share != found.mining.coverage:
                    found = state.proposed(log, where, share, None)
                with success:
                    goal = _goal(found)
                if goal is not None:
                    found = state.proposed(log, where, share, goal)
        except DesirePathError as error:
            show_error(error)
            return None
        _figures(found)
        _stages(found)
        with silence:
            silent_s = _silence(log, found)
        return _decision(replace(found.map, inactive_after_s=silent_s))


def _share(found: ProposedMap) -> float:
    """Ask how many journeys the map is made from; proposed is what gives the best one."""
    proposed = round(100 * found.mining.coverage)
    share = st.slider(
        _("Share of journeys to make it from"),
        min_value=50,
        max_value=100,
        value=proposed,
        step=5,
        format="%d%%",
        key=f"plan_coverage_{proposed}",
        help=_(
            "The map is made from the most frequent paths, which so many journeys take; rare turns in them may be left "
            "out. It begins where the map both explains the journeys well and allows little that nobody does."
        ),
    )
    return float(share) / 100


def _goal(found: ProposedMap) -> str | None:
    """Ask what means success; give the activity, or None for the one proposed."""
    activity = {t.id: t.events[0].activity for t in found.map.touchpoints()}
    titles = names(found.map)
    ids = list(activity)
    picked = st.selectbox(
        _("What means success"),
        ids,
        index=ids.index(found.map.goal),
        format_func=lambda id_: titles.get(id_, id_),
        key=f"plan_goal_{'_'.join(ids)}",
        help=_(
            "Proposed is what is called like an order, a payment or a registration that is done; else the last step "
            "that at least a tenth of the journeys end with. Whoever gets there has converted, so choose with care."
        ),
    )
    return None if picked == found.map.goal else activity[str(picked)]


def _silence(log: Log, found: ProposedMap) -> float | None:
    """Ask after how much silence a journey counts as dropped; give the seconds, or None for what the pauses tell."""
    told = state.silence(log, found.map.to_yaml())
    if not told:
        return None
    unit, label = DAY_S, _("Silence that counts as dropped, in days")
    if told < WHOLE_ENOUGH * DAY_S:
        unit, label = HOUR_S, _("Silence that counts as dropped, in hours")
    if told < WHOLE_ENOUGH * HOUR_S:
        unit, label = MINUTE_S, _("Silence that counts as dropped, in minutes")
    proposed = max(round(told / unit), 1)
    given = st.number_input(
        label,
        min_value=1,
        value=proposed,
        step=1,
        key=f"plan_silence_{unit}_{proposed}",
        help=_(
            "A journey that has not reached the goal is open as long as its last event is younger than this, and "
            "dropped afterwards. Proposed is what 95% of the pauses in the log are shorter than."
        ),
    )
    return None if given == proposed else given * unit


def _figures(found: ProposedMap) -> None:
    """Say how well the map tells of all the journeys."""
    quality, compared = found.quality, found.compared
    if quality is not None and compared is not None:
        figures = (
            (
                _("Fitness"),
                percent(compared.fitness),
                _(
                    "How much of all journeys the map explains, those it was not made from included. Compare will show "
                    "the same: what would come after a journey's last event is never charged."
                ),
            ),
            (
                _("Precision"),
                percent(quality.precision),
                _(
                    "Of the steps the map offers on the way, the share that somebody takes. A map that allows "
                    "everything fits every journey, and says nothing."
                ),
            ),
            (
                _("As planned"),
                percent(compared.perfect_share),
                md(
                    "{n} journeys would leave this map nowhere, as Compare will show. Those that only stop on the way "
                    "are among them.",
                    n=compared.perfect_journeys,
                ),
            ),
            (_("Made from"), number(found.journeys), _("Journeys that take the paths the map was made from.")),
        )
        for column, (label, value, help_) in zip(st.columns(len(figures)), figures, strict=True):
            column.metric(label, value, help=help_, border=True)
        st.caption(
            ":material/info: "
            + _(
                "As planned means here: no step out of its place. Since steps may be left out, a journey that leaves "
                "on the way can be as planned, and yet be among the dropped ones."
            )
        )
    for warning in found.warnings:
        st.warning(say(warning, escape=md_escape), icon=":material/warning:")
    for note in found.notes:
        st.caption(":material/info: " + say(note, escape=md_escape))


def _stages(found: ProposedMap) -> None:
    stages = found.map.stages
    for column, stage in zip(st.columns(len(stages)), stages, strict=True):
        with column.container(border=True, gap="xxsmall", height="stretch"):
            st.markdown(f"**{md_escape(stage_title(stage))}**")
            st.caption(counted("{n} touchpoint", "{n} touchpoints", len(list(stage.touchpoints()))))
            st.markdown("\n".join(f"- {mark(found.map, t)}{md_escape(title_of(t))}" for t in stage.touchpoints()))


def _decision(plan: JourneyMap) -> str | None:
    take, leave = st.columns([1, 1])
    if leave.button(_("Not now"), key="plan_discovered_leave", width="stretch"):
        st.session_state[LOOKED_AT] = False
        st.rerun()
    if take.button(
        _("Use this plan"),
        key="plan_discovered_take",
        type="primary",
        width="stretch",
        help=_("This map becomes the plan. Name its stages afterwards, under “Change the plan”."),
    ):
        st.session_state[LOOKED_AT] = False
        return plan.to_yaml()
    return None
