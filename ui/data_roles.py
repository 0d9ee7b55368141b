"""Which column is what: proposed with reasons, changed in the headers of the table or in the cards below it."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from mining.errors import DesirePathError
from pipeline.columns.guessing import best
from pipeline.columns.moments import named
from pipeline.preview import Preview
from ui import data_looked
from ui.data_table import ATTRIBUTE, MOST_COLUMNS, OUT, ROLES, table
from ui.language import _, md
from ui.text import bold

STATE = "load_roles"
MAIN = ("journey", "activity", "time")
ONE = ("end", "order", "channel", "actor")
LIKELY, SURE = 0.5, 0.6
FEW = 8  # columns that are shown in the order of the file
MANY = 14  # columns among which one has to search


def identity(place: Path, reading: Mapping[str, Any], seen: Preview) -> str:
    """Give the identity of a file, read in one way: what is chosen for it holds for nothing else."""
    said = f"{place}|{sorted(reading.items())}|{'|'.join(seen.columns)}"
    return f"{zlib.crc32(said.encode('utf-8', 'replace')):08x}"


def roles_of(place: Path, reading: Mapping[str, Any], seen: Preview, key: str) -> dict[str, str]:
    """Give the role of each column: as chosen, or as proposed where nothing was chosen yet."""
    kept: dict[str, Any] | None = st.session_state.get(STATE)
    if kept is None or kept["of"] != key:
        roles, order, details = _proposed(place, reading, seen)
        kept = {"of": key, "roles": roles, "proposed": dict(roles)}
        kept.update({f"order_{role}": names for role, names in order.items()})
        st.session_state[STATE] = kept
        for name, value in details.items():
            st.session_state[f"load_{name}_{key}"] = value
    found: dict[str, str] = kept["roles"]
    return found


def _proposed(
    place: Path, reading: Mapping[str, Any], seen: Preview
) -> tuple[dict[str, str], dict[str, list[str]], dict[str, Any]]:
    """Propose roles, the order of columns that are joined, and what else the columns need to be read."""
    said: dict[str, Any] = dict(seen.proposed)
    roles = dict.fromkeys(seen.columns, ATTRIBUTE)
    said["time"] = _with_clock(seen, tuple(said.get("time", ())))
    given: dict[str, tuple[str, ...]] = {role: said.get(role, ()) for role in MAIN}
    try:
        settled = data_looked.checked(place, {**reading, **said}).mapping
        given = {role: getattr(settled, role) for role in MAIN}
        given |= {role: (name,) for role in ONE if (name := getattr(settled, role))}
    except DesirePathError:
        pass  # the page asks for what is missing
    for role, names in (*given.items(), ("moment", tuple(said.get("moments", ())))):
        roles |= {name: role for name in names if name in roles}
    customer = best(seen.guesses, "customer")
    if customer is not None and customer.confidence >= LIKELY and roles.get(customer.column) == ATTRIBUTE:
        roles[customer.column] = "customer"
    details: dict[str, Any] = {
        name: said[name] for name in ("journey_pattern", "activity_pattern", "base_date") if name in said
    }
    return roles, {role: list(given[role]) for role in MAIN}, details


def _with_clock(seen: Preview, time: tuple[str, ...]) -> tuple[str, ...]:
    """Put the clock beside a date, where a column holds nothing else."""
    for guess in seen.guesses.get("clock", ()):
        if len(time) == 1 and guess.confidence >= SURE and guess.reason.values.get("date") == time[0]:
            return (*time, guess.column)
    return time


def change(column: str, role: str) -> None:
    """Give a column a role. A role that one column alone can have leaves the one that had it; so do the main roles."""
    roles = st.session_state[STATE]["roles"]
    if role in MAIN or not ROLES[role].several:
        for other in [name for name, has in roles.items() if has == role]:
            roles[other] = ATTRIBUTE
    roles[column] = role


def columns_with(roles: Mapping[str, str], role: str) -> list[str]:
    """Give the columns of a role; of the main ones in the order in which they were picked."""
    ordered = st.session_state.get(STATE, {}).get(f"order_{role}", [])
    found = [name for name, has in roles.items() if has == role]
    return sorted(found, key=lambda name: ordered.index(name) if name in ordered else -1)


def header(seen: Preview, roles: Mapping[str, str], key: str, readable: float | None) -> None:
    """Draw the table, with a search where there are many columns; see `ui.data_table.table`."""
    proposed = st.session_state[STATE]["proposed"]
    names = list(seen.columns)
    if len(names) > FEW:
        names.sort(key=lambda name: proposed[name] in (ATTRIBUTE, OUT))  # stable: the order of the file within
    title, find = st.columns([3, 1], vertical_alignment="bottom")
    title.markdown(bold(_("What each column is")) + "  \n" + ":small[:gray[" + _hint(seen) + "]]")
    if len(names) > MANY:
        wanted = find.text_input(
            _("Find a column"), key=f"load_find_{key}", placeholder=_("Find a column"), label_visibility="collapsed"
        )
        chosen = [name for name in names if roles[name] not in (ATTRIBUTE, OUT)]
        if wanted.strip():
            names = [n for n in names if n in chosen or wanted.strip().casefold() in n.casefold()]
    shown = names[:MOST_COLUMNS]
    table(seen, roles, shown, f"load_table_{key}_roles", change, readable)
    if len(names) > len(shown):
        st.caption(md("{n} of {of} columns are shown; find the others by their names.", n=len(shown), of=len(names)))


def _hint(seen: Preview) -> str:
    said = _("Proposed from names and values. Click on a role in a header to change it.")
    if seen.preset is not None:
        said = md("It looks like an export of {product}.", product=seen.preset.product) + " " + said
    return said


def options_of(seen: Preview, roles: Mapping[str, str], key: str) -> dict[str, Any]:
    """Give roles and what was said about their values as options of a load."""
    said: dict[str, Any] = {role: columns_with(roles, role) for role in MAIN}
    moments = columns_with(roles, "moment")
    if moments:
        said["moments"] = {name: seen.moments.get(name) or named(name) for name in moments}
        said = {name: value for name, value in said.items() if value}
    if not said.get("journey"):
        said.pop("journey", None)
    if not said.get("activity"):
        said.pop("activity", None)
    said |= {role: next(iter(columns_with(roles, role)), "") for role in ONE}
    if columns_with(roles, OUT):
        said["attributes"] = [name for name, role in roles.items() if role in (ATTRIBUTE, "customer")]
    return said | _details(key)


def _details(key: str) -> dict[str, Any]:
    """Give what was said about how values are read."""
    names = ("journey_pattern", "activity_pattern", "time_format", "base_date", "zone_column", "timezone", "undated")
    found = {name: st.session_state.get(f"load_{name}_{key}") for name in names}
    return {name: str(value).strip() for name, value in found.items() if value and str(value).strip()}
