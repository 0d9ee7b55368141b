"""What a comparison is about and says, in a line each above the map: what the plan is of, and what is found first."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pipeline.names import Names
from pipeline.report.sentences import told
from ui import state
from ui.deviations import Seen
from ui.language import _, current, in_use, local
from ui.state import Log
from ui.text import md_escape, small

KEY, HIDDEN = "compare_short", "compare_short_hidden"
FINDINGS = 2
# A line each where they have the room, else two: the report has all of it.
LINES = """<style>
.st-key-compare_short p {
    display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden;
    margin: 0; line-height: 1.35;
}
.st-key-compare_short [data-testid="stMarkdownContainer"] { margin-bottom: 0; overflow: hidden; }
</style>"""


def show(seen: Seen, corner: DeltaGenerator) -> None:
    """Draw the lines; once they are hidden, a button in `corner` brings them back."""
    if st.session_state.get(HIDDEN):
        corner.button(
            _("In short"), type="tertiary", icon=":material/notes:", key=f"{KEY}_back", on_click=_hide, args=(False,)
        )
        return
    lines = [local(seen.plan.map.description)] if seen.plan.map.description else []
    lines += _told(seen.log, seen.plan.text, seen.plan.name, seen.chosen, current())
    st.html(LINES)
    with st.container(horizontal=True, gap="small", vertical_alignment="top"):
        with st.container(key=KEY, gap=None):
            for line in lines:
                st.markdown(small(md_escape(line)))
        st.button(
            _("Hide these lines"),
            type="tertiary",
            icon=":material/close:",
            key=f"{KEY}_hide",
            help=_("Hide these lines"),
            on_click=_hide,
            args=(True,),
        )


def _hide(hidden: bool) -> None:
    st.session_state[HIDDEN] = hidden


@st.cache_resource(show_spinner=False, max_entries=30)
def _told(log: Log, text: str, name: str, where: str | None, language: str) -> list[str]:
    """Say the first findings of the report once per comparison and language."""
    found = state.findings(log, text, name, where)
    return list(told(found, Names(found.plan, in_use()), in_use()))[:FINDINGS]
