"""The first rows of a file under coloured headers: each header shows the role of its column, and changes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from mining.messages import N_
from pipeline.columns.guessing import Guess
from pipeline.preview import Preview
from ui.formats import percent
from ui.language import _, say
from ui.text import visible
from ui.theme import is_dark

ROWS, MOST_COLUMNS, LONGEST = 12, 60, 300
CLEAR, LIKELY = 0.8, 0.5  # how sure a guess is
READABLE = 0.95  # of the times; where fewer can be read, no guess is sure
TIMED = ("time", "moment")
HERE = Path(__file__).parent


@dataclass(frozen=True)
class Role:
    """What a column can be: word (a template of the catalogue), icon, colours on light and dark, whether several can.

    The colours are at least 13 apart (CIEDE2000) for people who see all, no red, no green or no blue, and have a
    contrast of 3 with the paper; the icon and the word tell without them.
    """

    word: str
    icon: str
    light: str = ""
    dark: str = ""
    several: bool = False


ATTRIBUTE, OUT = "attribute", "out"
ROLES = {
    "journey": Role(N_("Journey"), "route", "#426dfa", "#526398", True),
    "activity": Role(N_("Activity"), "bolt", "#5b0d77", "#d1b8ea", True),
    "time": Role(N_("Time"), "schedule", "#396a5f", "#41c89b", True),
    "end": Role(N_("End"), "flag", "#049f6e", "#c3fdeb"),
    "moment": Role(N_("Time of an event"), "more_time", "#738103", "#fbfb6a", True),
    "order": Role(N_("Order"), "format_list_numbered", "#2b323b", "#848ea4"),
    "channel": Role(N_("Channel"), "alt_route", "#635203", "#d39b17"),
    "actor": Role(N_("Who answers"), "support_agent", "#400f07", "#d33017"),
    "customer": Role(N_("Customer"), "person", "#d3699b", "#985263"),
    ATTRIBUTE: Role(N_("Attribute"), "label", several=True),
    OUT: Role(N_("Left out"), "block", several=True),
}


def table(
    seen: Preview,
    roles: Mapping[str, str],
    shown: list[str],
    key: str,
    on_change: Callable[[str, str], None],
    readable: float | None,
) -> None:
    """Draw the table.

    Parameters
    ----------
    seen : Preview
    roles : mapping of str to str
        Column -> role.
    shown : list of str
        The columns to show, in order.
    key : str
        Identity of the widget; it stands for one file, read in one way.
    on_change : callable
        Told column and role when somebody has chosen.
    readable : float, optional
        The share of the times that can be read, where that is known.
    """
    numbers = {name: number for number, name in enumerate(seen.columns)}

    def changed() -> None:
        said = (st.session_state.get(key) or {}).get("role")
        if said and 0 <= said["column"] < len(seen.columns) and said["role"] in ROLES:
            on_change(seen.columns[said["column"]], said["role"])

    component = st.components.v2.component(
        "desirepath_roles_table",
        html='<div class="frame" tabindex="0"></div>',
        css=_text("roles_table.css"),
        js=_text("roles_table.js"),
    )
    columns = [
        {"id": numbers[name], "name": visible(name), "role": roles[name], **_sure(seen, name, roles[name], readable)}
        for name in shown
    ]
    component(key=key, data=_data(seen, columns, shown), on_role_change=changed)


def _data(seen: Preview, columns: list[dict[str, Any]], shown: list[str]) -> dict[str, Any]:
    dark = is_dark()
    roles = [
        {"id": id_, "word": _(role.word), "icon": role.icon, "colour": role.dark if dark else role.light}
        for id_, role in ROLES.items()
    ]
    rows = [
        [None if value is None else visible(str(value)[:LONGEST]) for value in row]
        for row in seen.rows.select(shown).head(ROWS).iter_rows()
    ]
    return {"columns": columns, "roles": roles, "rows": rows, "label": _("Role"), "title": _("First rows of the file")}


def guess_of(seen: Preview, column: str, role: str) -> Guess | None:
    """Give the guess that a column has a role, if there is one."""
    wanted = "moments" if role == "moment" else role
    found = (g for g in seen.guesses.get(wanted, ()) if column in g.names)
    if role == "time":
        found = (g for r in ("time", "clock", "base_date") for g in seen.guesses.get(r, ()) if column in g.names)
    return next(found, None)


def certain(guess: Guess) -> str:
    """Say in a word how sure a guess is; the number behind it would be taken for a share of the rows."""
    if guess.confidence >= CLEAR:
        return _("clear")
    return _("likely") if guess.confidence >= LIKELY else _("please check")


def hardly_read(readable: float) -> str:
    """Say that too few values can be read for any guess to be sure."""
    return _("only {share} of its values can be read", share=percent(readable))


def _sure(seen: Preview, column: str, role: str, readable: float | None) -> dict[str, str]:
    """Say how sure the guess is, and, where one points at it, why."""
    if role in (ATTRIBUTE, OUT):
        return {"sure": "", "why": ""}
    if role in TIMED and readable is not None and readable < READABLE:
        return {"sure": _("please check"), "why": hardly_read(readable)}
    guess = guess_of(seen, column, role)
    if guess is None:
        return {"sure": _("your choice"), "why": ""}
    word = certain(guess)
    return {"sure": word, "why": f"{word}: {say(guess.reason)}"}


@st.cache_resource(show_spinner=False)
def _text(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")
