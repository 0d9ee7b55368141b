"""Distinct paths, most journeys first: what one shares with the most common one is folded, so that they can be told."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
import streamlit as st

from ui import state
from ui.filters import Scope
from ui.formats import number, percent
from ui.journey import journey
from ui.language import _, md
from ui.state import Log
from ui.tables import Column
from ui.tables import show as table
from ui.text import md_escape

MOST_VARIANTS, EXAMPLES = 500, 20
FITS = 8  # so many steps are seen in a row of the table
LEAST_FOLDED = 2  # steps in a row: one is as short as what would stand for it


def show(chosen: Scope) -> None:
    """Show the distinct paths, and journeys that take the one that is picked."""
    shown = _ranked(chosen.log, chosen.where)
    known = state.frame(chosen.log, "activities", chosen.where)
    names = dict(known.select("activity", "name").iter_rows())
    paths = [[names[code] for code in path] for path in shown["path"]]
    said, turn = st.columns([3, 1], vertical_alignment="center")
    said.caption(_about(chosen, shown))
    with turn.container(horizontal_alignment="right"):
        folds = st.toggle(
            _("Fold what is alike"), True, key="paths_folded", persist_state="session",
            help=_("Long paths begin where they part from the most common one, and end where they meet it again."),
        )  # fmt: skip
    rows = [paths[0], *(folded(path, paths[0]) for path in paths[1:])] if folds and paths else paths
    if rows != paths:
        st.caption("#1: " + " → ".join(md_escape(name) for name in paths[0]))
    picked = table(
        shown.with_columns(path=pl.Series(rows, dtype=pl.List(pl.String))),
        _columns(),
        key="variants",
        select=True,
        rows=11,
        alt=_("Distinct paths, most journeys first"),
    )
    if picked is None:
        st.caption(":material/touch_app: " + _("Choose a path to see all of its steps, and journeys that take it."))
        return
    st.markdown(_whole(paths[picked], paths[0]))
    row = shown.row(picked, named=True)
    keys = state.keys_of(chosen.log, row["variant_id"], chosen.where, EXAMPLES)
    key = st.selectbox(
        _("A journey on this path"), keys, help=md("{n} of {of} are listed.", n=len(keys), of=row["n_journeys"])
    )
    journey(chosen.log, key)


def _columns() -> dict[str, Column]:
    return {
        "rank": Column("#", number, _("The place by journeys"), 45),
        "n_journeys": Column(_("Journeys"), number, _("Journeys on exactly this path"), 80),
        "share": Column(_("Share"), percent, _("Share of journeys on this path"), width=65),
        "beside": Column("", bar=True, width=75),
        "cumulative": Column(_("Cumulative"), percent, _("Share of journeys on this path and all above it"), width=80),
        "steps": Column(_("Events"), number, _("Events on the path"), 65),
        "path": Column(_("Path"), None, _("The activities in their order"), 550, chips=True),
    }


@st.cache_resource(show_spinner=False, max_entries=50)
def _ranked(log: Log, where: str | None) -> pl.DataFrame:
    """Give the most common paths with their rank, their share of the journeys, and that beside the largest."""
    variants = state.frame(log, "variants", where)
    share = pl.col("n_journeys") / int(variants["n_journeys"].sum())
    most = variants.sort("n_journeys", "variant_id", descending=[True, False]).head(MOST_VARIANTS)
    return most.with_columns(
        rank=pl.int_range(1, pl.len() + 1), share=share, beside=share / share.max(), cumulative=share.cum_sum(),
        steps=pl.col("path").list.len(),
    )  # fmt: skip


def _about(chosen: Scope, shown: pl.DataFrame) -> str:
    n = state.frame(chosen.log, "variants", chosen.where).height
    said = [md("{n} distinct paths", n=n)]
    if n:
        said.append(md("the most common one is taken by {share} of journeys", share=percent(shown["share"][0])))
    if shown.height < n:
        said.append(md("the first {n} are shown", n=shown.height))
    return " · ".join(said)


def alike(path: Sequence[str], other: Sequence[str]) -> tuple[int, int]:
    """Count the steps that two paths share at their beginning, and then those they share at their end.

    Examples
    --------
    >>> alike("abcxyz", "abcyz")
    (3, 2)
    >>> alike("aa", "aaa")
    (2, 0)
    """
    least = min(len(path), len(other))
    begin = next((i for i in range(least) if path[i] != other[i]), least)
    end = next((i for i in range(least - begin) if path[-1 - i] != other[-1 - i]), least - begin)
    return begin, end


def folded(path: Sequence[str], common: Sequence[str]) -> list[str]:
    """Give the steps of a path; of a long one, a sign for those that it shares with the most common one at an end.

    A path that only lacks steps of the most common one says which.
    """
    begin, end = alike(path, common)
    if len(path) <= FITS:
        return list(path)
    head = [_sign(1, begin)] if begin >= LEAST_FOLDED else list(path[:begin])
    tail = [_sign(len(path) - end + 1, len(path))] if end >= LEAST_FOLDED else list(path[len(path) - end :])
    own = list(path[begin : len(path) - end])
    left_out = [_("without {step}", step=step) for step in common[begin : len(common) - end]]
    return [*head, *(own or left_out), *tail]


def _sign(first: int, last: int) -> str:
    """Say that some steps are those of the path with the number 1."""
    return _("{first}–{last} as #1", first=number(first), last=number(last))


def _whole(path: Sequence[str], common: Sequence[str]) -> str:
    """Write all steps of a path as Markdown; those that part it from the most common one stand out."""
    begin, end = alike(path, common)
    own = range(begin, len(path) - end)
    return " → ".join(f"**{md_escape(name)}**" if i in own else md_escape(name) for i, name in enumerate(path))
