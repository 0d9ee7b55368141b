"""The panel beside a picture: what is chosen in numbers, how long it takes, what comes next, and who did it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import polars as pl
import streamlit as st

from mining.conditions import without
from mining.messages import N_
from mining.statistics import TOO_FEW, median_places, wilson
from pipeline import queries
from pipeline.findings import Findings
from ui import filters, state
from ui.charts.journey_bars import bars_said
from ui.charts.lines_of_time import lines_chart, lines_data, lines_said
from ui.charts.shown import show as chart
from ui.charts.waits import waits_chart, waits_data
from ui.filter_words import in_words
from ui.formats import duration, interval, number, percent
from ui.journey import journey
from ui.language import _, counted, md
from ui.panel_data import Panel, Times
from ui.state import Log
from ui.tables import Column
from ui.tables import show as table
from ui.text import bold, md_escape, small

NEXT = 6
OF_MEDIAN = N_("The interval of the median holds whatever the distribution (order statistics).")


def numbers(n: int, of: int, times: int | None = None) -> None:
    """Say how many journeys, what share of all with its interval, and how often in all."""
    low, high = wilson(n, of)
    said = [
        counted("**{n}** journey of {of}", "**{n}** journeys of {of}", n, of=number(of)),
        md(
            "**{share}** · 95% interval {interval}",
            share=percent(n / of if of else None),
            interval=interval(low, high),
        ),
    ]
    if times is not None and times != n:
        said.append(counted("**{n}** time in all", "**{n}** times in all", times))
    st.markdown("  \n".join(said), help=_("The interval of the share is Wilson's."))


def waiting(log: Log, times: Times) -> None:
    """Show a histogram of times, their median with its interval, and what is beyond the limit where there is one."""
    known = waits(log, times.spans)
    if known.is_empty():
        return
    st.markdown(bold(times.title))
    st.caption(stated(times, known), help=_(OF_MEDIAN))
    data = waits_data(known, times.limit_s)
    chart(waits_chart, data, times.axis, alt=times.title, said=bars_said(data))
    if times.limit_s is not None:
        _beyond(known, times.limit_s)
    if times.n > times.spans.height:
        st.caption(md("Of a random sample: {n} of {of}.", n=times.spans.height, of=times.n))


def stated(times: Times, known: pl.Series) -> str:
    """Say the median of sorted times, and whose times they are where the others are not known."""
    if times.stayed is None:
        return median(known)
    said = counted(
        "Only of the {n} journey that went on, of {of} in the stage: how long the others stayed is not known.",
        "Only of the {n} journeys that went on, of {of} in the stage: how long the others stayed is not known.",
        times.n,
        of=number(times.stayed),
    )
    return f"{median(known, TOO_FEW)}  \n{said}" if times.n < times.stayed else median(known, TOO_FEW)


def median(known: pl.Series, least: int = 0) -> str:
    """Say the median of sorted times with its interval, their 95th percentile, and how many there are.

    Where there are fewer than `least`, an interval would promise more than is known.
    """
    middle, p95 = (duration(known.quantile(q, "linear")) for q in (0.5, 0.95))
    places = median_places(known.len()) if known.len() >= least else None
    if places is None:
        return counted(
            "median {median} of {n} time: too few for an interval",
            "median {median} of {n} times: too few for an interval",
            known.len(),
            median=middle,
        )
    low, high = (duration(known[place]) for place in places)
    return md(
        "n = {n}: median {median}, 95% interval {low} to {high}; 95% below {p95}",
        median=middle, low=low, high=high, p95=p95, n=known.len(),
    )  # fmt: skip


def _beyond(known: pl.Series, limit_s: float) -> None:
    """Say how many of sorted times are beyond a limit, and how far."""
    over = known.filter(known > limit_s) - limit_s
    said = md(
        "{n} of {of} beyond the limit of {limit}: {share} ({range})",
        n=over.len(),
        of=known.len(),
        limit=duration(limit_s),
        share=percent(over.len() / known.len()),
        range=interval(*wilson(over.len(), known.len())),
    )
    st.caption(said + ("  \n" + _("How far beyond:") + " " + median(over) if over.len() else ""))


@st.cache_resource(show_spinner=False, max_entries=100)
def waits(log: Log, spans: pl.DataFrame) -> pl.Series:
    """Give how many seconds each of some spans (journey_id, since, position) took where that is known, sorted."""
    return queries.waits_at(log.workspace, spans)["wait_s"].drop_nulls().sort()


def next_steps(rows: pl.DataFrame, name_of: Callable[[Any], str], n: int) -> None:
    """Show what comes next.

    Parameters
    ----------
    rows : frame
        Of `mining.following.following`.
    name_of : callable
        Gives the name of a node.
    n : int
        How many steps there are in all: what shares are of.
    """
    if rows.is_empty():
        return
    st.markdown(bold(_("What comes next")))
    counts = rows["n"].head(NEXT).to_list()
    shown = rows.head(NEXT).with_columns(
        name=pl.Series([name_of(node) for node in rows["next"].head(NEXT)], dtype=pl.String),
        share=pl.col("n") / max(n, 1),
        range=pl.Series([interval(*wilson(count, n)) for count in counts], dtype=pl.String),
    )
    columns = {
        "name": Column(_("Next"), width=120),
        "n": Column(_("Times"), number, width=55),
        "share": Column(_("Share"), percent, width=58),
        "range": Column("95%", None, _("95% interval of the share (Wilson)"), 92),
    }
    table(shown, columns, rows=NEXT, lines=2, alt=_("What comes next"))
    if rows.height > NEXT:
        st.caption(counted("and {n} more step", "and {n} more steps", rows.height - NEXT))


def examples(log: Log, keys: Sequence[str], key: str, found: Findings | None = None) -> None:
    """Show journeys as lines of time, and each in full on request."""
    if not keys:
        return
    lines(log, keys)
    picked = st.selectbox(
        _("See one in full"), keys, index=None, key=f"{key}_example", placeholder=_("Choose a journey")
    )
    if picked and st.button(_("Open this journey"), key=f"{key}_open", icon=":material/open_in_full:"):
        _opened(log, picked, found)


def lines(log: Log, keys: Sequence[str]) -> None:
    """Show journeys one below the other, each as a line of time on which gaps are seen."""
    st.markdown(bold(_("Example journeys")))
    data = lines_data(state.timeline(log, list(keys)))
    chart(lines_chart, data, alt=_("Example journeys"), said=lines_said(data))


def _opened(log: Log, picked: str, found: Findings | None) -> None:
    @st.dialog(md_escape(picked), width="large")
    def opened() -> None:
        journey(log, picked, found=found)

    opened()


def only_or_without(condition: str | None, key: str, n: int) -> None:
    """Offer to look at these n journeys alone, or at all others; say so where a filter cannot, or does already."""
    if condition is None:
        st.caption(small(_("These journeys cannot be told apart by a filter.")))
        return
    if filters.in_force(condition):
        st.caption(":material/filter_alt: " + _("The filter chooses just these journeys already."))
        return
    only = counted("Only this {n} journey", "Only these {n} journeys", n)
    opposite, plan = without(condition), state.plan()
    said, not_said = (md_escape(in_words(asked, plan.map if plan else None)) for asked in (condition, opposite))
    with st.container(horizontal=True, gap="small"):
        st.button(
            only, icon=":material/filter_alt:", key=f"{key}_only", help=said, on_click=filters.look_at, args=[condition]
        )
        st.button(_("Without these"), icon=":material/filter_alt_off:", key=f"{key}_without", help=not_said,
                  on_click=filters.look_at, args=[opposite])  # fmt: skip


def draw(panel: Panel, log: Log, name_of: Callable[[Any], str], key: str, compared: Findings | None = None) -> None:
    """Draw all that a panel says: its figures, then examples; see `figures` and `examples`."""
    figures(panel, log, name_of, key)
    examples(log, panel.keys, key, compared)


def figures(panel: Panel, log: Log, name_of: Callable[[Any], str], key: str) -> None:
    """Draw the figures of a panel, and the filters for its journeys.

    Parameters
    ----------
    panel : Panel
        What it says.
    log : Log
        Where the journeys are.
    name_of : callable
        Gives the name of a node.
    key : str
        Of the widgets.
    """
    numbers(panel.n, panel.of, panel.times)
    only_or_without(panel.condition, key, panel.n)
    if panel.waits is not None:
        waiting(log, panel.waits)
    if panel.following is not None:
        next_steps(panel.following, name_of, panel.n_followed)
