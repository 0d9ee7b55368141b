"""The comparison that Compare, Drop-off and Gaps show: the same one, or the same words where there is none."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ui import fit, state
from ui.deviations import Seen
from ui.filters import scope
from ui.frame import no_plan, nothing_loaded
from ui.language import _


def compared(head: DeltaGenerator) -> Seen | None:
    """Lay the log over the plan; where one is missing, or does not fit the other, say so and give None.

    The filter is drawn into the `head` of the page.
    """
    log = state.log()
    if log.is_empty:
        nothing_loaded()
        return None
    plan = state.plan()
    if plan is None:
        no_plan()
        return None
    if fit.missing_attributes(log, plan.map):
        fit.banner(log, plan.map)
        st.page_link("ui/plan_page.py", label=_("Go to Plan"), icon=":material/map:")
        return None
    chosen = scope(log, plan, head)
    with st.spinner(_("Laying the log over the plan …"), show_time=True):
        return Seen(log, plan, state.findings(log, plan.text, plan.name, chosen.chosen), chosen.chosen)
