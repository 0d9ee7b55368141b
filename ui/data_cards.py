"""Journey, activity and time: a card each, with its columns, the reason, and at once what they give."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import streamlit as st

from pipeline.columns.patterns import NAMED
from pipeline.preview import Preview, RoleCheck
from pipeline.undated import KEEP, REJECT
from ui.app_words import in_app
from ui.data_roles import STATE, columns_with
from ui.data_table import ATTRIBUTE, LIKELY, READABLE, ROLES, certain, guess_of, hardly_read
from ui.formats import number, percent
from ui.language import _, counted, md, say
from ui.text import bold, md_escape, shortened, small
from ui.theme import is_dark

ZONES = [
    "UTC",
    "Asia/Ho_Chi_Minh",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Europe/London",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Sydney",
]
FORMATS = ["%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M", "%d/%m/%Y", "%m/%d/%Y", "%Y-%m-%d %H:%M:%S"]
LONGEST = 34


def draw(seen: Preview, roles: Mapping[str, str], result: RoleCheck | None, key: str) -> None:
    """Draw the three cards.

    Parameters
    ----------
    result : RoleCheck, optional
        What the roles give; nothing where they give nothing.
    """
    st.html(_colours())
    for place, role in zip(st.columns(3, gap="small"), ("journey", "activity", "time"), strict=True):
        with place.container(border=True, key=f"card_{role}", height="stretch", gap="xsmall"):
            _columns(seen, roles, role, key, result.share_read if result is not None and role == "time" else None)
            if role == "time":
                _times(seen, roles, result, key)
            else:
                _values(roles, role, result, key)


def _colours() -> str:
    """Give each card the colour of its role."""
    dark = is_dark()
    rules = []
    for name in ("journey", "activity", "time"):
        own = ROLES[name].dark if dark else ROLES[name].light
        ink = f"color-mix(in srgb, {own} 55%, {'#ffffff' if dark else '#1d2733'})"
        rules.append(f".st-key-card_{name} {{ border-top: 4px solid {own}; }}")
        rules.append(
            f".st-key-card_{name} [data-tag] {{ background: color-mix(in srgb, {own} 18%, transparent); "
            f"color: {ink}; }}"
        )
    return f"<style>{' '.join(rules)}</style>"


def _columns(seen: Preview, roles: Mapping[str, str], role: str, key: str, readable: float | None) -> None:
    """Ask for the columns of a role; several are joined in the order in which they are picked."""
    helps = {
        "journey": _("Rows with the same value are one journey: a case, a session, an order, a customer."),
        "activity": _("What happened."),
        "time": _("When it happened. A date and a clock in two columns are put together."),
    }
    widget = f"load_columns_{role}_{key}"
    picked = columns_with(roles, role)
    st.session_state[widget] = picked
    word = _(ROLES[role].word)
    st.markdown(
        f":material/{ROLES[role].icon}: {bold(word)}", help=helps[role] + " " + _("Several columns are joined.")
    )
    st.multiselect(
        word,
        seen.columns,
        key=widget,
        placeholder=_("Choose a column"),
        label_visibility="collapsed",
        on_change=_picked,
        args=(role, widget),
        select_all=False,
    )
    st.caption(_why(seen, roles, role, picked, readable))


def _picked(role: str, widget: str) -> None:
    """Take over what was picked in a card."""
    kept = st.session_state[STATE]
    wanted = st.session_state[widget]
    for name, has in kept["roles"].items():
        if has == role and name not in wanted:
            kept["roles"][name] = ATTRIBUTE
    kept["roles"] |= dict.fromkeys(wanted, role)
    kept[f"order_{role}"] = list(wanted)


def _why(seen: Preview, roles: Mapping[str, str], role: str, picked: Sequence[str], readable: float | None) -> str:
    """Say how sure the proposal is, and why; or that somebody chose."""
    if not picked:
        several = columns_with(roles, "moment")
        if several and role != "journey":
            return ":material/more_time: " + counted(
                "{n} column holds the time of an event.", "{n} columns hold the time of an event each.", len(several)
            )
        if role == "time":
            return ":material/info: " + _("Without it, only the order of the events is known.")
        return ":material/help: " + _("No column is chosen yet.")
    guesses = [guess for name in picked if (guess := guess_of(seen, name, role))]
    if len(guesses) < len(picked):
        return ":material/person: " + _("Your choice.")
    guess = min(guesses, key=lambda g: g.confidence)
    if readable is not None and readable < READABLE:
        return ":material/help: " + bold(_("please check")) + ": " + md_escape(hardly_read(readable))
    icon = "check_circle" if guess.confidence >= LIKELY else "help"
    return f":material/{icon}: {bold(certain(guess))}: {md_escape(say(guess.reason))}"


def _values(roles: Mapping[str, str], role: str, result: RoleCheck | None, key: str) -> None:
    """Say how many journeys or activities there are, with some of them, and offer to take a part out of the text."""
    if result is not None:
        if role == "journey":
            n = result.journeys
            examples: list[tuple[str, int | None]] = [(name, None) for name in result.keys]
            said = counted(
                "{n} journey",
                "{n} journeys",
                n,
            )
            more = md("{n} events each, on average", n=round(result.rows / n, 1)) if n and result.rows > n else ""
        else:
            n, examples = result.activities, list(result.names[:5])
            said, more = counted("{n} activity", "{n} activities", n), ""
        st.markdown(bold(said) + (f" · {small(more)}" if more else ""))
        st.markdown(_examples(examples))
        if role == "journey" and n == result.rows > 1:
            st.warning(_("No value comes back: each journey has one event."), icon=":material/warning:")
        if role == "activity" and n > 1000:
            st.warning(_("So many activities are seldom meant: take a part of the text."), icon=":material/warning:")
    if columns_with(roles, role):
        _pattern(role, key)


def _examples(values: Sequence[tuple[str, int | None]]) -> str:
    shown = []
    for name, count in values:
        said = f":gray-badge[{md_escape(shortened(name, LONGEST))}]"
        shown.append(said if count is None else f"{said} {small(number(count))}")
    return " ".join(shown) if all(count is None for _name, count in values) else "  \n".join(shown)


def _pattern(role: str, key: str) -> None:
    """Offer to take the value out of its text by a pattern; the examples above show at once what it gives."""
    widget = f"load_{role}_pattern_{key}"
    set_ = st.session_state.get(widget)
    words = {
        "url-path": _("path of an address"),
        "url-host": _("host of an address"),
        "url-section": _("first part of the path"),
    }
    label = (
        _("A part of the text")
        if not set_
        else _("A part of the text: {part}", part=shortened(words.get(set_, set_), 24))
    )
    with st.popover(label, icon=":material/content_cut:", type="tertiary"):
        st.selectbox(
            _("Take out"),
            ["", *NAMED],
            format_func=lambda name: _("all of it") if not name else words.get(name, name),
            accept_new_options=True,
            key=widget,
            persist_state="session",
        )
        st.caption(
            _(
                "Or type a pattern (a regular expression): its first group is taken, such as {example}",
                example=r"id '(\d+)'",
            )
        )


def _times(seen: Preview, roles: Mapping[str, str], result: RoleCheck | None, key: str) -> None:
    """Say how many times can be read, in which pattern, and what fails; offer how they are read."""
    if result is not None and result.share_read is not None:
        share = result.share_read
        if share == 1:
            said = ":green[:material/check:] " + bold(
                counted("The time can be read", "All {n} times can be read", result.given)
            )
        else:
            said = ":orange[:material/warning:] " + bold(md("{share} of the times can be read", share=percent(share)))
        st.markdown(said)
        if result.pattern:
            typed = result.pattern == "typed"
            words = _pattern_words(result.pattern)
            st.caption(
                _("The file itself says that they are times.") if typed else md("written as {pattern}", pattern=words)
            )
        if result.unread:
            st.markdown(
                small(_("These cannot be read:")) + "  \n" + _examples([(text, None) for text in result.unread])
            )
    if result is not None and 0 < result.given < result.rows:
        st.caption(
            ":material/info: " + counted("{n} row has no time.", "{n} rows have no time.", result.rows - result.given)
        )
    for note in result.notes if result is not None else ():
        st.caption(":material/info: " + md_escape(say(in_app(note))))
    if columns_with(roles, "time") or columns_with(roles, "moment"):
        _reading(seen, key)


def _pattern_words(pattern: str) -> str:
    words = {"spreadsheet days": _("days of a spreadsheet")}
    parts = {
        "%d": _("day"),
        "%m": _("month"),
        "%Y": _("year"),
        "%y": _("year"),
        "%H": _("hour"),
        "%I": _("hour"),
        "%M": _("minute"),
        "%S": _("second"),
    }
    if not set(re.findall("%.", pattern)) <= set(parts):
        return words.get(pattern, pattern)
    return re.sub("%.", lambda found: parts[found[0]], words.get(pattern, pattern))


def _reading(seen: Preview, key: str) -> None:
    """Ask for zone, pattern and day 0."""
    with st.popover(_("How times are read"), icon=":material/tune:", type="tertiary"):
        zone, column = st.columns(2)
        zone.selectbox(
            _("Time zone of times without one"),
            ZONES,
            accept_new_options=True,
            key=f"load_timezone_{key}",
            persist_state="session",
        )
        column.selectbox(
            _("Or a column of zones"),
            ["", *seen.columns],
            format_func=lambda name: name if name else _("none"),
            key=f"load_zone_column_{key}",
            persist_state="session",
        )
        pattern, base = st.columns(2)
        pattern.selectbox(
            _("Pattern of the times"),
            ["", *FORMATS],
            format_func=lambda name: name if name else _("as found"),
            accept_new_options=True,
            key=f"load_time_format_{key}",
            help=_(
                "Day first or month first, or any other way to write a time: %d day, %m month, %Y year, %H:%M clock."
            ),
            persist_state="session",
        )
        base.text_input(
            _("Day 0 of day numbers"),
            key=f"load_base_date_{key}",
            placeholder="2026-01-31",
            help=_("For logs that count days from a start."),
            persist_state="session",
        )
        _undated(key)


def _undated(key: str) -> None:
    """Ask what becomes of rows without a time."""
    words = {
        "": _("keep them where the file tells their place"),
        KEEP: _("keep them at their place in the file"),
        REJECT: _("leave them out"),
    }
    st.selectbox(
        _("Rows without a time"),
        list(words),
        format_func=words.__getitem__,
        key=f"load_undated_{key}",
        persist_state="session",
        help=_("What happened belongs into its journey even where nobody knows when; what has not happened does not."),
    )
