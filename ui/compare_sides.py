"""Which two choices of journeys are held against each other: their names and conditions, asked for with few widgets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import polars as pl
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mining.conditions import both, has, one_of, ranged, without
from pipeline.condition_words import OUTCOMES
from pipeline.kept_filters import kept_filters
from ui import filter_words, filters, state
from ui.compare_periods import Period, days, halves, months
from ui.deviations import Seen
from ui.filter_editor import HOW_TO_WRITE
from ui.formats import moment, number
from ui.language import _, current
from ui.state import Log
from ui.text import shortened

LONGEST_NAME = 60
OTHERS = None  # in the place of a choice for B
_NONE = object()
WIDTH_PX, BY_PX, PERIODS_PX, DAYS_PX = 215, 185, 240, 192  # all that is in the row fits beside each other


@dataclass(frozen=True)
class Choice:
    """One side as it is asked for: what it is called, and the condition that chooses its journeys."""

    name: str
    where: str


@dataclass(frozen=True)
class Asked:
    """Both sides, and the attribute of journeys whose values part them, where one does."""

    a: Choice
    b: Choice
    attribute: str | None = None


Form = Callable[[], Asked | None]


def ask(seen: Seen) -> Asked | None:
    """Ask for A and for B, in one row; None as long as they are not chosen."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="difference_sides"):
        forms = _forms(seen)
        by = _select(_("Compared by"), list(forms), lambda kind: forms[kind][0], "difference_by", width=BY_PX)
        return forms[by][1]()


def _select(
    label: str, options: Sequence[Any], form: Callable[[Any], str], key: str, *, first: int | None = 0,
    written: bool = False, width: int = WIDTH_PX,
) -> Any:  # fmt: skip
    """Ask for one of several; what is chosen, or was `written`, outlives other pages and another language."""
    kept = st.session_state.get(key, _NONE)
    offered = [*options, kept] if written and isinstance(kept, str) and kept not in options else list(options)
    chosen = st.selectbox(
        label, offered, offered.index(kept) if kept in offered else first, format_func=form,
        key=f"{key}_{current()}",  # a widget goes on to show the words it was drawn with
        label_visibility="collapsed", width=width, accept_new_options=written,
        placeholder=_("Kept filter or condition") if written else None,
    )  # fmt: skip
    st.session_state[key] = chosen
    return chosen


def _forms(seen: Seen) -> dict[str, tuple[str, Form]]:
    """Give the ways to part the journeys that this log and this plan have an answer to."""
    forms: dict[str, tuple[str, Form]] = {}
    if isinstance(seen.found.journeys["start"].max(), datetime):
        forms["time"] = (_("Periods of time"), partial(_periods, seen))
    if len(ends := filter_words.outcomes(seen.log, seen.plan.text, seen.plan.name)) > 1:
        forms["outcome"] = (_("How journeys end"), partial(_outcomes, ends))
    if personas := filter_words.known(seen.log, seen.plan).personas:
        forms["persona"] = (_("Personas of the plan"), partial(_personas, personas))
    forms["condition"] = (_("Kept filters, conditions"), partial(_conditions, seen))
    for name, values in _values(seen.log, seen.plan.map.where).items():
        forms[f"attribute:{name}"] = (name, partial(_attribute, name, values))
    for name in _of_events(seen.log):
        forms[f"event:{name}"] = (_("{name} of events", name=name), partial(_events, seen.log, name))
    return forms


@st.cache_resource(show_spinner=False, max_entries=20)
def _values(log: Log, where: str | None) -> dict[str, list[Any]]:
    """Give the attributes that part the journeys a plan is for, and their values; of too many numbers the median."""
    journeys, found = state.frame(log, "journeys", where), {}
    for name in filters.pickable(log):
        known = journeys[name].drop_nulls()
        values = known.unique().sort()
        if 1 < len(values) <= filters.MOST_VALUES:
            found[name] = values.to_list()
        elif len(values) > filters.MOST_VALUES and values.dtype.is_numeric():
            found[name] = [known.median()]
    return found


def _of_events(log: Log) -> list[str]:
    known = state.frame(log, "attributes")
    return known.filter(pl.col("level") == "event")["name"].to_list()


def _attribute(name: str, values: Sequence[Any]) -> Asked | None:
    """Ask for two values of an attribute; where there is only their middle, for all up to it and all above."""
    if len(values) == 1:
        below, above = (f"{name} {sign} {number(values[0], 1)}" for sign in "≤>")
        low = ranged(name, None, values[0])
        known = {"above": (above, Choice(above, without(low))), "below": (below, Choice(below, low))}
        return _two(known, f"attribute:{name}", name, others=False)
    choices = {value: (str(value), Choice(f"{name}: {value}", one_of(name, [value]))) for value in values}
    return _two(choices, f"attribute:{name}", name)


def _events(log: Log, name: str) -> Asked | None:
    """Ask for two values of an attribute of events: journeys are on the side of each that some event has."""
    values = filters.values_of_events(log, name)
    return _two({v: (v, Choice(f"{name}: {v}", has(name, [v]))) for v in values}, f"event:{name}")


def _outcomes(ends: Mapping[str, str]) -> Asked | None:
    names = {end: _(OUTCOMES[end]) for end in ends}
    known = {end: (names[end], Choice(names[end], condition)) for end, condition in ends.items()}
    return _two(known, "outcome", others=False)


def _personas(personas: Mapping[str, str]) -> Asked | None:
    return _two({where: (name, Choice(name, where)) for where, name in personas.items()}, "persona")


def _conditions(seen: Seen) -> Asked | None:
    """Ask for kept filters by their names, or for conditions as they are written."""
    kept = kept_filters(seen.log.workspace)
    known = {name: (name, Choice(name, both(*conditions) or "")) for name, conditions in kept.items()}
    asked = _two(known, "condition", written=partial(_written, seen, known))
    if asked is None:
        st.caption(_("Choose a kept filter, or type a condition and press Enter."), width="content")
    return asked


def _written(seen: Seen, known: Mapping[str, tuple[str, Choice]], text: str) -> Choice:
    """Give the kept filter whose name is written in part, or else take what is written for a condition."""
    meant = [choice for name, choice in known.values() if text.strip().casefold() in name.casefold()]
    if len(meant) == 1:
        return meant[0]
    return Choice(shortened(filter_words.in_words(text, seen.plan.map), LONGEST_NAME), text)


def _two(
    known: Mapping[Any, tuple[str, Choice]],
    key: str,
    attribute: str | None = None,
    *,
    others: bool = True,
    written: Callable[[str], Choice] | None = None,
) -> Asked | None:
    """Ask for two of the choices that are known, by what they are called; or for some that are written."""

    def pick(side: str, label: str, offered: Sequence[Any], first: int | None) -> Any:
        words = {one: name for one, (name, _choice) in known.items()} | {OTHERS: _("all others")}
        with _beside(side, _(HOW_TO_WRITE) if written else None):
            return _select(
            label, offered, lambda one: words.get(one, one), f"difference_{side.lower()}_{key}", first=first,
            written=written is not None,
        )  # fmt: skip

    def choice(one: Any) -> Choice:
        return known[one][1] if one in known or written is None else written(one)

    first = pick("A", _("Group A"), list(known), None if written else 0)
    if first is None:
        return None
    rest = [one for one in known if one != first]
    second = pick("B", _("Group B"), [*([OTHERS] if others else []), *rest], 0)
    a = choice(first)
    b = Choice(_("all others"), without(a.where)) if second is OTHERS else choice(second)
    return Asked(a, b, attribute)


def _periods(seen: Seen) -> Asked | None:
    """Ask for two periods in which journeys begin: those that are asked for most, or any days."""
    words = {
        "halves": _("Later half, earlier half"),
        "months": _("Last month, month before"),
        "days": _("Last 30 days, 30 days before"),
        "own": _("Days of your own"),
    }
    how = _select(_("Periods"), list(words), words.__getitem__, "difference_periods", width=PERIODS_PX)
    starts = seen.found.journeys["start"]
    first, middle, last = starts.min(), starts.median(), starts.max()
    if not isinstance(first, datetime) or not isinstance(middle, datetime) or not isinstance(last, datetime):
        return None
    if how == "halves":
        return _parted_at(middle)
    if how == "own":
        return _own_days(seen.log, *halves(first.date(), last.date()))
    return _asked(*(months if how == "months" else days)(last.date()))


def _asked(a: Period, b: Period) -> Asked:
    return Asked(Choice(a.name, a.where), Choice(b.name, b.where))


def _parted_at(middle: datetime) -> Asked:
    """Part the journeys at the middle of their starts."""
    cut = middle.replace(tzinfo=None).isoformat(sep=" ")
    time = moment(middle)
    later, earlier = Choice(_("from {day} on", day=time), f"start >= '{cut}'"), f"start < '{cut}'"
    return Asked(later, Choice(_("before {day}", day=time), earlier))


def _own_days(log: Log, a: Period, b: Period) -> Asked | None:
    """Ask for the days of both periods; `a` and `b` are those to begin with."""
    size = state.summary(log)
    if size.start is None or size.end is None:
        return None
    least, most = size.start.date(), size.end.date()
    picked: list[Any] = []
    for side, label, period in zip("ab", (_("Days of A"), _("Days of B")), (a, b), strict=True):
        with _beside(side.upper()):
            chosen = st.date_input(
                label, (period.first, period.last), min_value=least, max_value=most,
                key=f"difference_days_{side}_{least}_{most}", persist_state="session",
                label_visibility="collapsed", width=DAYS_PX,
            )  # fmt: skip
        picked.append(chosen)
    if any(len(chosen) < 2 for chosen in picked):
        st.caption(_("Choose the first and the last day of both."), width="content")
        return None
    first, second = (Period(*chosen) for chosen in picked)
    return _asked(first, second)


def _beside(letter: str, help_: str | None = None) -> DeltaGenerator:
    """Give a place for a widget, with the letter of its side before it."""
    place = st.container(horizontal=True, gap="xsmall", width="content", vertical_alignment="center")
    place.markdown(f"**{letter}**", width="content", help=help_)
    return place
