"""The panel beside a picture: what is chosen in numbers, how long it takes, what comes next, and who did it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import polars as pl
import streamlit as st

from mining.conditions import without
from mining.following import following, journeys_at, sampled
from mining.statistics import wilson
from pipeline import queries
from pipeline.findings import Findings
from ui import filters, state
from ui.filter_words import in_words
from ui.formats import duration, interval, number, percent
from ui.journey import journey
from ui.language import _, counted, md
from ui.state import Log
from ui.tables import Column
from ui.tables import show as table
from ui.text import bold, md_escape, small

EXAMPLES, NEXT = 5, 6
MOST_WAITS = 50_000
SEED = 20131


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


def waiting(log: Log, places: pl.DataFrame, n: int) -> None:
    """Show how long after the event before the events at `places` (journey_id, position) came; `n` are there in all."""
    from ui.charts.shown import show as chart
    from ui.charts.waits import waits_chart, waits_data  # charts take long to load, and the first page has none

    if places.is_empty():
        return
    waits = _waits(log, places)
    known = waits.drop_nulls()
    if known.is_empty():
        return
    median, p95 = (known.quantile(q, "linear") for q in (0.5, 0.95))
    st.markdown(bold(_("Waiting time")))
    st.caption(md("median {median}, 95% below {p95}", median=duration(median), p95=duration(p95)))
    chart(waits_chart, waits_data(known), alt=_("Waiting time"))
    if n > places.height:
        st.caption(md("Of a random sample: {n} of {of}.", n=places.height, of=n))


@st.cache_resource(show_spinner=False, max_entries=100)
def _waits(log: Log, places: pl.DataFrame) -> pl.Series:
    return queries.waits_at(log.workspace, places)["wait_s"]


def next_steps(found: pl.DataFrame, name_of: Callable[[Any], str], n: int) -> None:
    """Show what comes next after the steps of `mining.following.places`.

    Parameters
    ----------
    found : frame
        The steps.
    name_of : callable
        Gives the name of a node.
    n : int
        How many steps there are in all: what shares are of.
    """
    rows = following(found)
    if rows.is_empty():
        return
    st.markdown(bold(_("What comes next")))
    shown = rows.head(NEXT).with_columns(
        name=pl.Series([name_of(node) for node in rows["next"].head(NEXT)], dtype=pl.String),
        share=pl.col("n") / max(n, 1),
        share_said=pl.col("n") / max(n, 1),
    )
    columns = {
        "name": Column(_("Next"), width=205),
        "share_said": Column(_("Share"), percent, width=60),
        "share": Column("", bar=True, width=60),
    }
    table(shown, columns, rows=NEXT, alt=_("What comes next"))
    if rows.height > NEXT:
        st.caption(md("and {n} more", n=rows.height - NEXT))


def examples(log: Log, keys: Sequence[str], key: str, found: Findings | None = None) -> None:
    """Show journeys as lines of time, and each in full on request."""
    if not keys:
        return
    from ui.charts.lines_of_time import lines_chart, lines_data
    from ui.charts.shown import show as chart

    st.markdown(bold(_("Example journeys")))
    data = lines_data(state.timeline(log, list(keys)))
    chart(lines_chart, data, alt=_("Example journeys"))
    picked = st.selectbox(
        _("See one in full"), keys, index=None, key=f"{key}_example", placeholder=_("Choose a journey")
    )
    if picked and st.button(_("Open"), key=f"{key}_open", icon=":material/open_in_full:"):
        _opened(log, picked, found)


def _opened(log: Log, picked: str, found: Findings | None) -> None:
    @st.dialog(md_escape(picked), width="large")
    def opened() -> None:
        journey(log, picked, found=found)

    opened()


def some_keys(journeys: pl.DataFrame, paths: pl.Series) -> list[str]:
    """Give keys of a few of the journeys (key, path) that take certain paths; the same ones each time."""
    taken = journeys.filter(pl.col("path").is_in(paths.implode()))
    return sorted(taken["key"].sample(min(EXAMPLES, taken.height), seed=SEED).to_list())


def only_or_without(condition: str | None, key: str, n: int) -> None:
    """Offer to look at these n journeys alone, or at all others; say so where a filter cannot, or does already."""
    if condition is None:
        st.caption(small(_("These journeys cannot be told apart by a filter.")))
        return
    if filters.unsaid():  # chosen in a part of the page that runs on its own: the bar and the picture have to follow
        st.rerun()
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


def steps_panel(
    log: Log,
    found: pl.DataFrame,
    journeys: pl.DataFrame,
    of: int,
    name_of: Callable[[Any], str],
    condition: str | None,
    key: str,
    compared: Findings | None = None,
) -> None:
    """Draw all of the panel for some steps of a picture.

    Parameters
    ----------
    log : Log
        Where they are.
    found : frame
        The steps, of `mining.following.places`.
    journeys : frame
        journey_id, key, path of the journeys of the picture.
    of : int
        How many these are.
    name_of : callable
        Gives the name of a node.
    condition : str or None
        What chooses these journeys; None where no condition can.
    key : str
        Of the widgets.
    compared : Findings, optional
        The comparison they belong to.
    """
    times = int(found["n_journeys"].sum())
    n = journeys_at(found)
    numbers(n, of, times)
    only_or_without(condition, key, n)
    paths = found["path"].unique()
    waiting(log, *sampled(found, journeys, MOST_WAITS, SEED))
    next_steps(found, name_of, times)
    examples(log, some_keys(journeys, paths), key, compared)
