"""What a load would keep and refuse, said before it begins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from mining.errors import DesirePathError
from pipeline.undated import NOTES
from ui import data_looked
from ui.app_words import in_app
from ui.data_choose import Given
from ui.formats import number
from ui.frame import show_error
from ui.language import _, counted, md, say, translate
from ui.text import bold, md_escape, small

MOST_OTHERS = 5
DEFINING = {"session_gap", "start_activity", "duplicates", "identity", "identity_table"}


def show(chosen: Sequence[Given], place: Path, options: Mapping[str, Any]) -> bool:
    """Say what a load would keep and refuse, and why; False where nothing could be loaded."""
    try:
        with st.spinner(_("Checking …")):
            # The first rows alone may know nobody of a table of ids.
            tried = {name: value for name, value in options.items() if name != "identity_table"}
            report = data_looked.rehearsed(place, tried)
    except DesirePathError as error:
        show_error(error)
        return False
    _part, whole = data_looked.first_part(place)
    first = counted("the first row", "the first {n} rows", report.rows_in)
    of = counted("{n} row", "{n} rows", report.rows_in) if whole else first
    kept = md("{kept} kept, {refused} rejected", kept=report.rows_kept, refused=report.rows_rejected)
    journeys = counted("{n} journey", "{n} journeys", report.journeys)
    icon = ":green[:material/check_circle:]" if not report.rows_rejected else ":orange[:material/rule:]"
    said = f"{icon} " + _("Of {rows}:", rows=of) + f" {bold(kept)}, {bold(journeys)}"
    reasons = [f"{md_escape(translate(reason))}: {number(n)}" for reason, n in report.reasons.items()]
    st.markdown(said + (small(" :gray[" + " · ".join(reasons) + "]") if reasons else ""))
    for note in report.warnings:
        if note.template in NOTES:
            st.caption(":material/info: " + md_escape(say(in_app(note))))
    return _others_fit(chosen, place, options)


def _others_fit(chosen: Sequence[Given], place: Path, options: Mapping[str, Any]) -> bool:
    """Say which of the other files do not have these columns; a load of all of them would be refused."""
    others = [other for given in chosen for other in data_looked.places(given) if other != place][:MOST_OTHERS]
    columns = {name: value for name, value in options.items() if name not in DEFINING}
    faults = []
    for other in others:
        try:
            data_looked.checked(other, columns)
        except DesirePathError as error:
            faults.append(f"- {bold(md_escape(other.name))}: {md_escape(say(in_app(error.message)))}")
    if faults:
        said = _("These files do not fit what was chosen. Take them out, and load them on their own:")
        st.warning(said + "\n" + "\n".join(faults), icon=":material/warning:")
    return not faults
