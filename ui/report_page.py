"""Report: the comparison as a document, to be read here and handed on in one click."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from html import escape

import streamlit as st

from mining.messages import N_
from ui import filters
from ui.compared import compared
from ui.deviations import Seen
from ui.language import _, current
from ui.report import writer
from ui.widgets import head

PREVIEW_PX = 1000
# Streamlit's frame may run scripts and reach the app; what stands in this one, names from data in it, may do nothing.
FRAME = '<iframe sandbox style="position: fixed; inset: 0; width: 100%; height: 100%; border: 0" srcdoc="{}"></iframe>'


@dataclass(frozen=True)
class Form:
    """One form of the report: its name and what it is good for (templates of the catalogue), its type and icon."""

    word: str
    good_for: str
    mime: str
    icon: str


FORMS = {
    "pdf": Form(N_("PDF"), N_("To hand on and to print."), "application/pdf", "picture_as_pdf"),
    "html": Form(N_("Page (HTML)"), N_("One file; opens in any browser, offline."), "text/html", "web"),
    "xlsx": Form(
        N_("Spreadsheet (XLSX)"),
        N_("Every table with its numbers, one sheet each."),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "table_view",
    ),
    "json": Form(N_("Data (JSON)"), N_("For other programs: the findings and the recipe."), "application/json", "code"),
}


def show() -> None:
    """Draw the page."""
    seen = compared(head(_("Report")))
    if seen is None:
        return
    st.markdown(
        _(
            "Pictures, the ranked findings in sentences, what every number means, and the recipe to make it all again. "
            "Nothing in it is fetched from elsewhere."
        )
    )
    for column, (form, words) in zip(st.columns(len(FORMS), gap="small"), FORMS.items(), strict=True):
        with column:
            _download(seen, form, words)
    with st.expander(_("The same from the command line"), icon=":material/terminal:"):
        st.code(_command(seen), language="bash", wrap_lines=True)
        st.caption(
            _("While the app is open, the workspace is in use: close the app first, or run it on a copy of the file.")
        )
    with st.spinner(_("Writing the report …"), show_time=True):
        page = writer(seen, "html")().decode()
    st.iframe(FRAME.format(escape(page)), height=PREVIEW_PX, alt=_("Preview of the report"))


def _download(seen: Seen, form: str, words: Form) -> None:
    """Offer one form; it is made when it is asked for."""
    st.download_button(
        _(words.word),
        writer(seen, form),
        file_name=f"{seen.plan.map.id}.{form}",
        mime=words.mime,
        icon=f":material/{words.icon}:",
        type="primary" if form == "pdf" else "secondary",
        on_click="ignore",
        key=f"report_{form}",
        width="stretch",
    )
    st.caption(_(words.good_for))


def _command(seen: Seen) -> str:
    where = filters.now().where
    chosen = ["--where", where] if where else []
    language = ["--language", current(), "--out", "report.pdf"]
    return shlex.join(["desirepath", "report", seen.log.name, seen.plan.name, *chosen, *language])


show()
