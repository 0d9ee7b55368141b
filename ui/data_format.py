"""How a file is read: encoding, delimiter, sheet, table, steps of an activity; each offered only where it applies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from mining.errors import DesirePathError
from pipeline.columns.presets import preset_named, presets
from pipeline.preview import Preview
from pipeline.sources.encodings import SUPPORTED
from ui.language import _, current

TEXTS = {"csv", "access_log", "sequence", "jsonl"}
TABLES = {"sqlite", "duckdb", "postgresql"}
TRANSITION = "lifecycle:transition"
OWN_QUERY = "\0query"


def reading(place: Path, format: str, plain: Preview | None, error: DesirePathError | None, key: str) -> dict[str, Any]:
    """Ask how to read a file, in one line; what is left as found is not among the options.

    Parameters
    ----------
    place : Path
    format : str
    plain : Preview, optional
        The file as it is read without any choice.
    error : DesirePathError, optional
        Why it cannot be read so.
    key : str
        The identity of the file.
    """
    said: dict[str, Any] = {}
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        if format in TEXTS:
            said["encoding"] = _encoding(plain, key)
        if format == "csv":
            said["delimiter"] = _delimiter(key)
        if format == "spreadsheet" and (sheets := _choices(plain, error)):
            read = next((str(n.values["sheet"]) for n in plain.notes if "sheet" in n.values), "") if plain else ""
            first = sheets.index(read) if read in sheets else 0
            said["sheet"] = st.selectbox(_("Sheet"), sheets, index=first, key=f"load_sheet_{key}", width=220)
        if format in TABLES:
            said |= _table(_choices(plain, error), key)
        if format == "xes" and plain is not None and TRANSITION in plain.columns:
            said["lifecycle"] = _lifecycle(key)
        said["preset"] = _preset(plain, key)
    return {name: value for name, value in said.items() if value}


def _encoding(plain: Preview | None, key: str) -> str | None:
    notes = plain.notes if plain is not None else ()
    found = next((str(n.values["encoding"]) for n in notes if "encoding" in n.values), "utf-8")
    as_found = _("{name}, as found", name=found.upper())
    return st.selectbox(
        _("Encoding"),
        ["", *SUPPORTED],
        format_func=lambda name: as_found if not name else name.upper(),
        accept_new_options=True,
        key=f"load_encoding_{key}",
        width=190,
        help=_("If letters look wrong in the table, choose another."),
    )


def _delimiter(key: str) -> str | None:
    words = {
        "": _("as found"),
        ",": _("comma ,"),
        ";": _("semicolon ;"),
        "\t": _("tab"),
        "|": _("bar |"),
        " ": _("blank"),
    }
    return st.selectbox(
        _("Delimiter"),
        list(words),
        format_func=lambda sign: words.get(sign, str(sign)),
        accept_new_options=True,
        key=f"load_delimiter_{key}",
        width=150,
    )


def _choices(plain: Preview | None, error: DesirePathError | None) -> list[str]:
    """Give the sheets or tables there are: a reader says them when it chose one, or could not."""
    said = [n.values for n in plain.notes] if plain is not None else [error.message.values] if error is not None else []
    return [str(name) for values in said for name in values.get("choices", ())]


def _table(tables: list[str], key: str) -> dict[str, Any]:
    """Ask for a table, or a query."""
    picked = st.selectbox(
        _("Table"),
        [*tables, OWN_QUERY],
        format_func=lambda name: _("a query of my own") if name == OWN_QUERY else name,
        key=f"load_table_{key}",
        width=220,
    ) if tables else None  # fmt: skip
    if picked == OWN_QUERY:
        query = st.text_input(_("Query"), key=f"load_query_{key}", placeholder="SELECT …", width="stretch")
        return {"query": query.strip()} if query.strip() else {"table": tables[0]}
    return {"table": picked}


def _lifecycle(key: str) -> str | None:
    words = {
        "": _("each is an event"),
        "complete": _("completions alone"),
        "pair": _("start and completion as one"),
        "name": _("named with the activity"),
    }
    return st.selectbox(
        _("Steps of an activity"),
        list(words),
        format_func=words.__getitem__,
        key=f"load_lifecycle_{key}",
        width=230,
        help=_("The log has a line for the start, the completion and more of one activity."),
    )


def _preset(plain: Preview | None, key: str) -> str | None:
    """Offer the known exports; the one it looks like stands first."""
    seen = plain.preset if plain is not None else None
    known = [preset.name for preset in presets() if preset != seen]
    none = seen.title.get(current(), seen.name) if seen is not None else _("none")
    return st.selectbox(
        _("Known export"),
        ["", *known],
        format_func=lambda name: none if not name else preset_named(name).title.get(current(), name),
        key=f"load_preset_{key}",
        width=260,
        help=_("An export of a known product says by itself which column is what."),
    )
