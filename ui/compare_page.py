"""Compare: the plan with the log laid over it, and every deviation with its reading and example journeys."""

from __future__ import annotations

from itertools import zip_longest

import polars as pl
import streamlit as st

from pipeline.findings import Findings
from ui import compare_beside, compare_map, compare_short, compare_versions, deviation_list
from ui.compared import compared
from ui.deviations import Seen
from ui.formats import duration, percent
from ui.language import _, md
from ui.widgets import head, switch
from ui.words import OUTCOMES

MAP, LIST = "map", "list"
# The map is what the page is for: the figures and the buttons above it are low.
COMPACT = """<style>
.st-key-compare_bar [data-testid="stPopoverButton"] { min-height: 0; padding-block: 0.2rem; }
.st-key-compare_figures > * { flex: 1 1 clamp(10%, (840px - 100%) * 999, 30%); } /* six abreast, or three */
.st-key-compare_figures [data-testid="stMetric"] { padding: 0; width: 100%; height: 100%; }
.st-key-compare_figures [data-testid="stMetric"] > div {
    display: flex; justify-content: space-between; align-items: center; gap: 0.2rem; padding: 0.3rem 0.5rem;
    height: 100%;
}
.st-key-compare_figures [data-testid="stMetricLabel"] { font-size: 0.82rem; }
.st-key-compare_figures { align-items: stretch; }
.st-key-compare_figures > :has([data-testid="stMetricDelta"]) { flex-grow: 1.4; }
.st-key-compare_figures [data-testid="stMetric"] > div:has([data-testid="stMetricDelta"]) { /* the note has a line */
    display: grid; grid-template: auto auto / 1fr auto; row-gap: 0.1rem; padding-block: 0.2rem;
}
.st-key-compare_figures [data-testid="stMetricValue"]:not(:last-child) { grid-area: 1 / 2 / 3 / 3; }
.st-key-compare_figures [data-testid="stMetricDelta"] { padding: 0; background: none; font-size: 0.78rem; }
.st-key-compare_figures [data-testid="stMetricValue"] { font-size: 1.15rem; padding: 0; }
@media print { .st-key-compare_figures [data-testid="stMetricValue"] { container-type: normal; } }
</style>"""


def show() -> None:
    """Draw the page."""
    top = head(_("Compare"))
    seen = compared(top)
    if seen is None:
        return
    with st.container(gap="xsmall"):
        compare_short.show(seen, top)
        _figures(seen.found)
        bar = st.container(horizontal=True, gap="small", vertical_alignment="bottom", key="compare_bar")
    with top.popover(_("Download"), icon=":material/download:", width="content"):
        _downloads(seen)
    with bar:
        view = switch("compare_view", {MAP: _("On the map"), LIST: _("As a ranked list")})
    if view == LIST:
        deviation_list.show(seen)
    else:
        compare_map.show(seen, bar)
        compare_beside.rules(seen)
    compare_beside.accepted(seen)
    compare_beside.notes(seen)
    compare_versions.show(seen)


def _figures(found: Findings) -> None:
    """Show the figures that sum the comparison up, each with its definition."""
    n, aligned = found.log.journeys, found.alignment
    stopped = _stopped(found)
    figures = [
        (
            _("As planned"),
            percent(aligned.perfect_share),
            md(
                "{n} journeys of {of} leave the plan nowhere. Those that only stop on the way are among them, and are "
                "dropped too. Deadlines, channels, failures and rules are not judged here.",
                n=aligned.perfect_journeys,
                of=n,
            ),
        ),
        (
            _("Fitness"),
            percent(aligned.fitness),
            _(
                "1 − the cost of all moves outside the plan / the cost if nothing fits. Each journey is aligned with "
                "the plan at the least possible cost; what would come after its last event is never charged."
            ),
        ),
        *_ends(found),
        (
            _("Coverage"),
            percent(found.map.event_coverage),
            md(
                "Share of events that a touchpoint of the plan stands for; {share} of journeys have no other events.",
                share=percent(found.map.journey_coverage),
            ),
        ),
    ]
    st.html(COMPACT)
    notes = [_("incl. {share} dropped", share=percent(stopped / n))] if stopped else []
    with st.container(horizontal=True, gap="xsmall", key="compare_figures"):
        for (label, value, help_), note in zip_longest(figures, notes):
            st.metric(
                label, value, note, help=help_, border=True, width="content", delta_color="off", delta_arrow="off"
            )


def _stopped(found: Findings) -> int:
    """Count the journeys that are as planned as far as they go, and are dropped."""
    return found.journeys.filter(pl.col("cost") == 0, pl.col("outcome") == "dropped").height


def _ends(found: Findings) -> list[tuple[str, str, str]]:
    """Give label, share and definition of each way a journey can end."""
    outcomes, n = found.outcomes, found.log.journeys
    declared = _("as the plan says") if outcomes.inactive_after_declared else _("95% of pauses in the log are shorter")
    window = md("The window is {window}: {declared}.", window=duration(outcomes.inactive_after_s), declared=declared)
    if (why := outcomes.no_window) is not None:
        window = _(why)
    rows = []
    for name, count in (("converted", outcomes.converted), ("dropped", outcomes.dropped), ("open", outcomes.open)):
        sign = OUTCOMES[name]
        said = [md("{n} journeys of {of}.", n=count, of=n), _(sign.means)]
        rows.append(
            (_(sign.word), percent(count / n if n else None), " ".join(said + [window] * (name != "converted")))
        )
    return rows


def _downloads(seen: Seen) -> None:
    """Offer the findings as data, and the way to the report; each is made when it is asked for."""
    st.page_link("ui/report_page.py", label=_("Report"), icon=":material/description:")
    st.download_button(
        _("Findings (JSON)"),
        seen.found.to_json,
        file_name=f"{seen.plan.map.id}.json",
        mime="application/json",
        on_click="ignore",
        width="stretch",
    )


show()
