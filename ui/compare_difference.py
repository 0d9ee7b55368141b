"""How two choices of journeys differ on the planned map: who is on which side, the picture, and the same as a table."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

import polars as pl
import streamlit as st

from mining.conditions import both
from mining.errors import DesirePathError
from mining.expressions import parse
from mining.statistics import TOO_FEW
from ui import difference_panel, picture, state
from ui.canvas import Selection
from ui.compare_sides import Asked, Choice, ask
from ui.deviations import Seen
from ui.formats import number, percent, points, q_value
from ui.frame import show_error
from ui.language import _, counted, current, md
from ui.scenes.changes import Side, sides
from ui.scenes.difference import Difference, difference_scene
from ui.scenes.difference_rows import difference_rows
from ui.scenes.parts import Scene
from ui.state import Log
from ui.tables import Column
from ui.tables import show as table
from ui.text import md_escape

HEIGHT_PX = 1200  # where the window has so much
KEY = "compare_difference"
ROWS = 20


def show(seen: Seen, share: int, in_table: bool) -> None:
    """Ask for the two sides, say who is on them, and draw how they differ; links from `share` percent on."""
    with st.container(gap="xsmall"):
        pair = _pair(seen)
        if pair is None:
            return
        compared = seen.log, seen.plan.text, seen.plan.name, seen.chosen, pair.a, pair.b, share
        with st.spinner(_("Comparing both sides …"), show_time=True):
            shown = _difference(*compared)
        st.caption("  \n".join(_said(seen, pair, shown)))
    if in_table:
        _table(seen, shown)
    else:
        draw = partial(difference_panel.panel, seen, shown)
        picture.show(_scene(*compared, current()), key=KEY, height=HEIGHT_PX, panel=draw)


@dataclass(frozen=True)
class Who:
    """How many journeys are on side A, on side B, in both, and in none of them."""

    a: int
    b: int
    both: int
    neither: int


@dataclass(frozen=True)
class Pair:
    """Both sides without a journey in common, and who is on which."""

    a: Choice
    b: Choice
    attribute: str | None
    who: Who


def _pair(seen: Seen) -> Pair | None:
    """Ask for both sides; None where there is nothing to compare, and then that is said."""
    asked = ask(seen)
    if asked is None:
        return None
    try:
        who = _who(seen, asked)
    except DesirePathError as error:  # of a condition that somebody wrote
        show_error(error)
        return None
    if not _large_enough(asked, who):
        return None

    def apart(choice: Choice, other: Choice) -> Choice:
        parted = f"({other.where}) is not true" if who.both else None
        return replace(choice, where=both(choice.where, parted) or choice.where)

    return Pair(apart(asked.a, asked.b), apart(asked.b, asked.a), asked.attribute, who)


def _who(seen: Seen, asked: Asked) -> Who:
    """Count the journeys of both sides, within what the filter chooses.

    Raises
    ------
    ExpressionError
        When a condition cannot be read, or names what the log does not have.
    """
    for choice in (asked.a, asked.b):
        parse(choice.where)  # by itself, before it is joined with others
    try:
        a, b = (_journeys(seen, choice.where) for choice in (asked.a, asked.b))
    except DesirePathError:
        for choice in (asked.a, asked.b):  # a fault is told in the words of the one that has it, too
            state.frame(seen.log, "journey_ids", state.settled(seen.log, seen.plan.map, choice.where))
        raise
    shared = a.join(b, on="journey_id", how="semi").height
    return Who(a.height, b.height, shared, seen.found.log.journeys - a.height - b.height + shared)


def _journeys(seen: Seen, where: str) -> pl.DataFrame:
    """Give the ids of the journeys that the plan is for, the filter chooses, and a condition too."""
    asked = state.settled(seen.log, seen.plan.map, both(seen.chosen, where))
    return state.frame(seen.log, "journey_ids", both(seen.plan.map.where, asked))


def _large_enough(asked: Asked, who: Who) -> bool:
    """Tell whether both sides have journeys enough of their own; say everything that stands against it where not."""
    said = []
    for side, choice, n in (("A", asked.a, who.a), ("B", asked.b, who.b)):
        name = f"{side}, {choice.name}"
        own = n - who.both
        if not n:
            said.append(md("{name}: no journey. Choose another one, or a wider filter.", name=name))
        elif not own:
            said.append(
                md("{name}: every one of its {n} journeys is on the other side too. Compare with “all others”.",
                   name=name, n=n)
            )  # fmt: skip
        elif own < TOO_FEW:
            said.append(
                counted(
                    "{name}: {n} journey, too few to compare; {fewest} are needed.",
                    "{name}: {n} journeys, too few to compare; {fewest} are needed.",
                    own, name=md_escape(name), fewest=number(TOO_FEW),
                )
            )  # fmt: skip
    if said:
        st.info("  \n".join(said), icon=":material/info:")
    return not said


def _said(seen: Seen, pair: Pair, shown: Difference) -> list[str]:
    """Say who is compared with whom, who is not, and who is not done yet, as Markdown."""
    said = md(
        "A, **{a}** ({n_a} journeys), against B, **{b}** ({n_b} journeys); numbers are percentage points, A minus B.",
        a=pair.a.name,
        b=pair.b.name,
        n_a=shown.a.n,
        n_b=shown.b.n,
    )
    notes = filter(None, [said, _shared(pair.who.both), _neither(seen, pair.attribute, pair.who.neither)])
    return [line for line in (" ".join(notes), _open(shown)) if line]


def _shared(n: int) -> str | None:
    if not n:
        return None
    return counted("{n} journey is on both sides and left out of both.",
                   "{n} journeys are on both sides and left out of both.", n)  # fmt: skip


def _neither(seen: Seen, attribute: str | None, n: int) -> str | None:
    """Say how many journeys are on neither side, and why where that is known."""
    if not n:
        return None
    chosen = state.settled(seen.log, seen.plan.map, seen.chosen)
    journeys = state.frame(seen.log, "journeys", both(seen.plan.map.where, chosen)) if attribute else None
    missing = journeys[attribute].null_count() if journeys is not None and attribute else 0
    if missing == n:
        return md("{n} without {attribute} are in neither.", n=n, attribute=attribute)
    if missing:
        return md("{n} are in neither, {missing} of them without {attribute}.",
                  n=n, missing=missing, attribute=attribute)  # fmt: skip
    return counted("{n} journey is in neither.", "{n} journeys are in neither.", n)


def _open(shown: Difference) -> str | None:
    """Warn of what journeys that are still open have yet to do; nothing where there are none."""
    n_a, n_b = (side.found.outcomes.open for side in (shown.a, shown.b))
    if not n_a and not n_b:
        return None
    return md("Still open: {n_a} of A ({a}), {n_b} of B ({b}). What they have yet to do counts as not done.",
              n_a=n_a, n_b=n_b, a=percent(n_a / shown.a.n), b=percent(n_b / shown.b.n))  # fmt: skip


@st.cache_resource(show_spinner=False, max_entries=6)  # of a large log each takes some hundred MB
def _sides(log: Log, text: str, name: str, chosen: str | None, a: Choice, b: Choice) -> tuple[Side, Side]:
    """Count both sides, within what the filter chooses, once per pair."""
    found = [(choice.name, state.findings(log, text, name, both(chosen, choice.where))) for choice in (a, b)]
    first, second = sides(*found)
    return replace(first, where=a.where), replace(second, where=b.where)


@st.cache_resource(show_spinner=False, max_entries=6)
def _difference(log: Log, text: str, name: str, chosen: str | None, a: Choice, b: Choice, share: int) -> Difference:
    """Hold both sides against each other once per pair and per share of the links that are drawn."""
    return Difference.between(*_sides(log, text, name, chosen, a, b), share=share / 100)


@st.cache_resource(show_spinner=False, max_entries=20)
def _scene(
    log: Log, text: str, name: str, chosen: str | None, a: Choice, b: Choice, share: int, language: str
) -> Scene:
    """Make the scene once per pair and language."""
    return difference_scene(_difference(log, text, name, chosen, a, b, share))


def _table(seen: Seen, shown: Difference) -> None:
    """Say in a table what the picture shows; a row that is chosen opens its panel beside it."""
    rows = pl.DataFrame(difference_rows(shown), infer_schema_length=None)
    columns = {
        "kind_said": Column(_("Kind"), None, _("Stages, touchpoints, who left where, and links"), width=85),
        "name": Column(_("Place"), None, _("Of each kind the largest differences first; stages in order"), width=215),
        "a": Column("A", percent, _("{name}: of its journeys, those that have it", name=shown.a.name), width=55),
        "b": Column("B", percent, _("{name}: of its journeys, those that have it", name=shown.b.name), width=55),
        "difference": Column(_("Difference"), points, _("A minus B, in percentage points"), width=80),
        "range": Column("95%", None, _("95% interval of the difference (Newcombe)"), width=110),
        "judged": Column(_("Beyond chance"), None, _("False discoveries among all rows are kept below 5%."), width=190),
        "q": Column("q", q_value, _("Fisher's exact test, with false discoveries controlled (Benjamini-Hochberg)")),
    }
    with st.container(horizontal=True, gap="small", key=f"{KEY}_table_row"):
        with st.container():
            picked = table(rows, columns, key=f"{KEY}_table", select=True, rows=ROWS, alt=_("Differences"))
        if picked is None:
            return
        row = rows.row(picked, named=True)
        with st.container(width=picture.PANEL_PX, border=True, key=f"{KEY}_table_panel", gap="small"):
            difference_panel.panel(seen, shown, Selection(row["kind"], row["id"]))
