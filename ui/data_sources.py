"""The sources of a workspace with what can be done to them, the way from rows to events, and what makes a journey."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import polars as pl
import streamlit as st

from mining.errors import DesirePathError
from pipeline import loading
from pipeline.chain import chain
from pipeline.queries import LogSummary
from pipeline.rebuild import Change
from ui import data_journeys, data_run, state
from ui.app_words import in_app
from ui.data_choose import kind
from ui.formats import moment, number, size
from ui.frame import show_error
from ui.language import _, counted, md, say
from ui.state import Log
from ui.tables import Column
from ui.tables import show as table
from ui.text import bold, heading, md_escape, small

MOST = 20
CHANGING = "data_changing"


def sources(log: Log, load: Callable[[], None]) -> None:
    """Show where the log came from, and offer to add, replace and remove.

    Parameters
    ----------
    load : callable
        What a click on the way to the load does.
    """
    title, add = st.columns([4, 1], vertical_alignment="center")
    title.markdown(heading(_("Where it came from")))
    add.button(_("Add files"), icon=":material/add:", on_click=_add, args=(load,), width="stretch", key="sources_add")
    rows = state.frame(log, "sources")
    with st.container(border=True, gap="xsmall"):
        for place, row in enumerate(rows.head(MOST).iter_rows(named=True)):
            _source(log, row, place, load)
    if rows.height > MOST:
        st.caption(md("{n} more are in the table.", n=rows.height - MOST))
    with st.expander(_("As a table"), icon=":material/table:"):
        _table(rows)


def _add(load: Callable[[], None]) -> None:
    st.session_state.pop("load_replaces", None)
    st.session_state["load_into"] = "add"
    load()


def _source(log: Log, row: dict[str, Any], place: int, load: Callable[[], None]) -> None:
    said, figures, buttons = st.columns([5, 4, 2], vertical_alignment="center", gap="small")
    about = f"{kind(row['format'])} · {size(row['bytes'])} · " + _("loaded {when}", when=moment(row["ingested_at"]))
    said.markdown(f"{bold(md_escape(row['name']))}  \n" + small(f":gray[{md_escape(about)}]"))
    kept = md("{n} rows, {kept} kept", n=row["rows_in"], kept=row["rows_kept"])
    if row["rows_rejected"]:
        kept += " · :orange[" + md("{n} rejected", n=row["rows_rejected"]) + "]"
    read = small(":gray[" + md("read as {columns}", columns=read_as(row["mapping"])) + "]")
    figures.markdown(f"{kept}  \n{read}")
    with buttons.container(horizontal=True, horizontal_alignment="right", gap="small"):
        st.button(
            _("Replace"),
            icon=":material/swap_horiz:",
            type="tertiary",
            key=f"source_replace_{place}",
            on_click=_replace,
            args=(row["name"], load),
            help=_("Load other files in its place."),
        )
        if st.button(
            _("Remove"), icon=":material/delete:", type="tertiary", key=f"source_remove_{place}",
            disabled=data_run.is_busy(),
        ):  # fmt: skip
            _ask_to_remove(log, row["name"], row["rows_in"])


def _replace(name: str, load: Callable[[], None]) -> None:
    st.session_state["load_replaces"] = name
    load()


def _ask_to_remove(log: Log, name: str, rows: int) -> None:
    """Show what taking a source out would leave, and ask."""

    @st.dialog(_("Remove this source?"), width="medium", icon=":material/delete:")
    def ask() -> None:
        st.markdown(bold(md_escape(name)))
        with st.spinner(_("Working out what would be left …")):
            change = _without(log, name)
        before_after(change)
        st.caption(_("The file itself stays where it is; it can be loaded again."))
        if st.button(_("Remove"), type="primary", icon=":material/delete:", key="source_remove_sure"):
            data_run.start(
                loading.remove(log.workspace, name, rows=rows), _("Removing {name}", name=name), state_path(log)
            )
            st.rerun()

    ask()


@st.cache_resource(show_spinner=False, max_entries=20)
def _without(log: Log, name: str) -> Change:
    return log.workspace.remove(name, dry_run=True)


def state_path(log: Log) -> Any:
    """Give the file of a log."""
    return log.workspace.path


def before_after(change: Change) -> None:
    """Show a change of the log as two columns of numbers."""

    def figures(size_: LogSummary) -> list[int]:
        return [size_.events, size_.journeys, size_.variants, size_.activities]

    rows = pl.DataFrame(
        {
            "what": [_("Events"), _("Journeys"), _("Distinct paths"), _("Activities")],
            "before": figures(change.before),
            "after": figures(change.after),
        }
    ).with_columns(change=pl.col("after") - pl.col("before"))
    columns = {
        "what": Column(""),
        "before": Column(_("Before"), number),
        "after": Column(_("After"), number),
        "change": Column(_("Change"), _signed),
    }
    table(rows, columns, alt=_("Before and after"))
    for note in change.notes:
        st.caption(":material/info: " + md_escape(say(in_app(note))))


def _signed(n: float) -> str:
    return number(n) if not n else ("+" if n > 0 else "−") + number(abs(n))


def read_as(mapping: str) -> str:
    """Name the columns of journey, activity and time of a mapping."""
    found = json.loads(mapping)
    columns = [found.get(role) or "–" for role in ("journey", "activity", "time")]
    return " · ".join(" + ".join(names) if isinstance(names, list) else names for names in columns)


def _table(rows: pl.DataFrame) -> None:
    shown = rows.with_columns(
        pl.col("sha256").str.head(12), read=pl.col("mapping").map_elements(read_as, return_dtype=pl.String)
    )
    columns = {
        "name": Column(_("File"), pinned=True),
        "format": Column(_("Format"), width=80),
        "bytes": Column(_("Size"), size, width=90),
        "rows_in": Column(_("Rows"), number, width=90),
        "rows_kept": Column(_("Kept"), number, width=90),
        "rows_rejected": Column(_("Rejected"), number, width=90),
        "read": Column(_("Read as"), None, _("The columns of journey, activity and time")),
        "ingested_at": Column(_("Loaded"), moment),
        "sha256": Column("SHA-256", None, _("The first 12 signs of the file's fingerprint"), 120),
    }
    table(shown, columns, alt=_("Files that were loaded"))


def flow(log: Log) -> None:
    """Show how rows became events: nothing seems to vanish."""
    found = _chain(log)
    steps = [
        (_("Rows in files"), found.rows_in, None),
        (_("rejected"), -found.rejected, _("Rows that could not be used. They are kept, with the reason.")),
        (_("equal to an earlier row"), -found.duplicates, None),
        (_("name nobody"), -found.nameless, _("None of the columns that name a person has a value.")),
        (
            _("cleaned away"),
            -found.cleaned,
            _("Dropped by the path-cleaning recipe, or put together with the one before."),
        ),
        (_("Events"), found.events, None),
    ]
    shown = [(label, n, help_) for label, n, help_ in steps if n or label in (steps[0][0], steps[1][0], steps[-1][0])]
    with st.container(border=True, horizontal=True, gap="medium", vertical_alignment="center"):
        for place, (label, n, help_) in enumerate(shown):
            if place == len(shown) - 1:
                st.markdown(":gray[:material/arrow_forward:]", width="content")
            number_ = number(n) if n >= 0 and place in (0, len(shown) - 1) else "− " + number(abs(n))
            st.markdown(f"{bold(md_escape(number_))}  \n{small(md_escape(label))}", help=help_, width="content")
        st.markdown(
            small(":gray[" + counted("in {n} journey", "in {n} journeys", found.journeys) + "]"), width="content"
        )


@st.cache_resource(show_spinner=False, max_entries=30)
def _chain(log: Log) -> Any:
    return chain(log.workspace)


def journeys(log: Log) -> None:
    """Say what makes a journey here, and let it be changed."""
    meant = log.workspace.definition
    first = json.loads(state.frame(log, "sources")["mapping"][0]).get("journey") or "–"
    column = " + ".join(first) if isinstance(first, list) else first
    title, button = st.columns([4, 1], vertical_alignment="center")
    title.markdown(heading(_("What makes a journey")))
    opened = bool(st.session_state.get(CHANGING))
    button.button(
        _("Close") if opened else _("Change"),
        icon=":material/close:" if opened else ":material/edit:",
        on_click=_turn,
        width="stretch",
        key="definition_change",
    )
    said = data_journeys.in_words(meant, column)
    if meant.recipe.steps:
        said.append(counted("{n} step cleans the paths.", "{n} steps clean the paths.", len(meant.recipe.steps)))
    st.markdown(" ".join(said))
    if opened:
        with st.container(border=True):
            _change(log)


def _turn() -> None:
    st.session_state[CHANGING] = not st.session_state.get(CHANGING)


def _change(log: Log) -> None:
    """Ask for another definition, show what it would give, and apply it. No file is read again."""
    meant = log.workspace.definition
    names = state.frame(log, "attributes")["name"].to_list()
    timed = state.summary(log).start is not None
    version = abs(hash((log.path, log.version)))
    way = data_journeys.choose(f"definition_{version}", names, lambda: log.workspace, first=meant, timed=timed)
    try:
        wanted = way.definition(meant)
        if not way.is_complete or (wanted == meant and way.id_file is None):
            st.caption(_("This is how it is now.") if way.is_complete else _("Something is still to be chosen."))
            return
        with st.spinner(_("Working out what would change …")):
            change = redefined(log, json.dumps(wanted.as_dict(), sort_keys=True), way.id_file)
    except DesirePathError as error:
        show_error(error)
        return
    before_after(change)
    if st.button(
        _("Apply"), type="primary", icon=":material/check:", key="definition_apply", disabled=data_run.is_busy()
    ):
        st.session_state[CHANGING] = False
        rows = state.summary(log).events
        data_run.start(
            loading.redefine(log.workspace, wanted, identity_table=way.id_file, rows=rows),
            _("Making journeys anew"),
            state_path(log),
        )
        st.rerun()


@st.cache_resource(show_spinner=False, max_entries=30)
def redefined(log: Log, wanted: str, identity_table: str | None = None) -> Change:
    """Say what another definition, as JSON, would change."""
    from pipeline.definition import Definition

    return log.workspace.redefine(Definition.of(json.loads(wanted)), identity_table=identity_table, dry_run=True)
