"""Choosing a table of ids: a file whose rows each hold ids of one person, such as an export of a CRM."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from mining.errors import DesirePathError
from pipeline.identity.id_table import IdTable, alike
from pipeline.sources.postgres import address_in, shown_address
from ui import data_looked
from ui.data_choose import keep_upload
from ui.language import _, md
from ui.text import bold, md_escape, small


def choose(key: str, kept: IdTable | None) -> str | IdTable | None:
    """Ask for a table of ids.

    Parameters
    ----------
    key : str
        Under which the choice is kept.
    kept : IdTable, optional
        The one whose ids are in the workspace: the choice to begin with.

    Returns
    -------
    str, IdTable or None
        The name of a file, the table that is kept already, or nothing.
    """
    chosen = _chosen(key, kept)
    if chosen is None:
        _ask(key)
    else:
        _line(key, chosen)
    return chosen


def _chosen(key: str, kept: IdTable | None) -> str | IdTable | None:
    chosen: str | IdTable | None = st.session_state.get(f"{key}_id_table", kept) or None
    return chosen


def more_columns(key: str, kept: IdTable | None, columns: Sequence[str]) -> list[str]:
    """Give the columns of the chosen table that the log does not have: they may join two of its rows."""
    chosen = _chosen(key, kept)
    if chosen is None:
        return []
    if isinstance(chosen, IdTable):
        names: Sequence[str] = chosen.columns
    else:
        try:
            names = data_looked.look(Path(chosen), {}).columns
        except DesirePathError:
            return []  # said where the table is tried
    known = {alike(name) for name in columns}
    return [name for name in names if alike(name) not in known]


def _ask(key: str) -> None:
    with st.expander(_("A file that links ids, such as an export of the CRM"), icon=":material/contacts:"):
        upload, place = st.columns([1, 1], gap="medium")
        upload.file_uploader(_("Drop the file here"), key=f"{key}_id_upload", on_change=_take_upload, args=(key,))
        place.text_input(
            _("Or name what is on this machine"),
            key=f"{key}_id_path",
            placeholder="/data/crm.xlsx",
            on_change=_take_name,
            args=(key,),
        )
        place.caption(
            _(
                "Each row holds ids of one person. Its columns are called as those picked above, upper and lower case "
                "and signs aside. The ids are kept in the workspace, the other columns are not."
            )
        )
        if wrong := st.session_state.pop(f"{key}_id_wrong", None):
            place.error(md("There is no file {path}. Check the name.", path=wrong), icon=":material/error:")


def _take_upload(key: str) -> None:
    given = st.session_state.get(f"{key}_id_upload")
    if given is not None:
        st.session_state[f"{key}_id_table"] = keep_upload(given)


def _take_name(key: str) -> None:
    typed = st.session_state[f"{key}_id_path"].strip().strip('"')
    if not typed:
        return
    name = typed if address_in(typed) else str(Path(typed).expanduser().absolute())
    known = address_in(typed) or Path(name).is_file()
    st.session_state[f"{key}_id_table" if known else f"{key}_id_wrong"] = name if known else typed


def _line(key: str, chosen: str | IdTable) -> None:
    """Show the table that was chosen, and a way to leave it out."""
    said, close = st.columns([12, 1], vertical_alignment="center")
    if isinstance(chosen, IdTable):
        name = chosen.name
        about = md(
            "{n} rows link {columns}; they are in the workspace", n=chosen.rows, columns=", ".join(chosen.columns)
        )
    else:
        address = address_in(chosen)
        name, about = (
            (Path(chosen).name, _("links ids")) if address is None else (shown_address(address), _("links ids"))
        )
    said.markdown(f":material/contacts: {bold(md_escape(name))} &ensp; {small(f':gray[{about}]')}")
    close.container(horizontal=True, horizontal_alignment="right").button(
        _("Take it out"),
        icon=":material/close:",
        type="tertiary",
        key=f"{key}_id_drop",
        on_click=_drop,
        args=(key,),
        help=_("Take it out"),
    )


def _drop(key: str) -> None:
    st.session_state[f"{key}_id_table"] = ""
