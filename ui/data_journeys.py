"""What makes a journey: one value of a column, a customer split at silences or activities, a person with many ids."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
import streamlit as st

from mining.errors import DesirePathError
from pipeline.chain import persons
from pipeline.definition import Definition
from pipeline.identity import Identity
from pipeline.identity.id_table import IdTable
from pipeline.rebuild import recorded_activities
from pipeline.sessions import DEFAULT_GAP_S, GAPS_S, GapHint, gap_hint, journeys_by_gap
from pipeline.store import Workspace
from ui import data_id_table
from ui.formats import duration
from ui.frame import show_error
from ui.journeys_panel import gap_panel, identity_choice, identity_preview
from ui.language import _, md
from ui.text import bold

COLUMN, GAP, START, PERSON = "column", "gap", "start", "person"
ACTIVITIES = 500


@dataclass(frozen=True)
class Way:
    """What makes a journey, as it was chosen: which way, and its values.

    `id_table` is the name of a file that links ids, or the table that the workspace keeps.
    """

    way: str
    duplicates: str
    gap_s: float | None = None
    start_activity: str | None = None
    identity: Identity | None = None
    id_table: str | IdTable | None = None

    @property
    def id_file(self) -> str | None:
        """The file that links ids, where one was chosen."""
        return self.id_table if isinstance(self.id_table, str) else None

    @property
    def is_complete(self) -> bool:
        """Whether all that the way needs was said."""
        return self.way == COLUMN or bool(self.gap_s or self.start_activity or self.identity)

    def definition(self, former: Definition) -> Definition:
        """Give the definition of journeys, with the recipe of a former one; `id_file` is to be read besides.

        Raises
        ------
        MappingError
            When the table of ids does not fit the columns of the person.
        """
        kept = self.id_table if isinstance(self.id_table, IdTable) else None
        return Definition(self.duplicates, self.identity, self.gap_s, self.start_activity, former.recipe, kept)


def way_of(definition: Definition) -> str:
    """Give the way of a definition."""
    if definition.identity is not None:
        return PERSON
    if definition.session_gap is not None:
        return GAP
    return START if definition.start_activity is not None else COLUMN


def in_words(definition: Definition, column: str) -> list[str]:
    """Say what makes a journey, a sentence each, as Markdown."""
    said = []
    if definition.identity is not None:
        said.append(
            md(
                "A journey is a person, known by **{columns}** together.",
                columns=" + ".join(definition.identity.columns),
            )
        )
        if definition.id_table is not None:
            said.append(md("Ids are joined over **{name}**, too.", name=definition.id_table.name))
    elif definition.splits:
        said.append(
            md("Each value of **{column}** is a customer, whose events are split into journeys.", column=column)
        )
    else:
        said.append(md("A journey is one value of **{column}**.", column=column))
    if definition.session_gap is not None:
        said.append(md("After **{gap}** of silence a new journey begins.", gap=duration(definition.session_gap)))
    if definition.start_activity is not None:
        said.append(md("With each “**{activity}**” a new journey begins.", activity=definition.start_activity))
    if definition.duplicates == "drop":
        said.append(_("Rows that equal an earlier one in everything are left out."))
    else:
        said.append(_("Rows that equal an earlier one are kept."))
    return said


def choose(
    key: str,
    columns: Sequence[str],
    tried: Callable[[], Workspace | None],
    *,
    first: Definition | None = None,
    timed: bool = True,
) -> Way:
    """Ask what makes a journey, and show what each choice gives.

    Parameters
    ----------
    key : str
        Under which the choices are kept.
    columns : sequence of str
        What may name a person.
    tried : callable
        Gives a workspace with the events to try choices on, its journeys being customers; None where there is none yet.
    first : Definition, optional
        The choices to begin with.
    timed : bool
        Whether the events have times.
    """
    now = first or Definition()
    way = _ask(key, now)
    gap, start, identity, id_table = None, None, None, None
    if way == PERSON:
        identity, id_table, gap, start = _person(key, columns, tried, now, timed)
    elif way == GAP:
        gap = _gap(key, tried, now, timed)
    elif way == START:
        start = _start(key, tried, now)
    drop = st.toggle(
        _("Leave out rows that equal an earlier one in everything"),
        value=now.duplicates == "drop",
        key=f"{key}_drop",
        persist_state="session",
        help=_("Exports that overlap repeat rows; but a click can also happen twice in the same second."),
    )
    return Way(way, "drop" if drop else "keep", gap, start, identity, id_table)


def _ask(key: str, now: Definition) -> str:
    """Ask which way makes a journey."""
    words = {
        COLUMN: _("One value of the journey column"),
        GAP: _("A customer, split at silences"),
        START: _("A customer, split at an activity"),
        PERSON: _("A person with several ids"),
    }
    about = [
        _("a case, an order, a session"),
        _("visits of the same customer"),
        _("each search, call or order begins one"),
        _("cookie, e-mail, phone, card"),
    ]
    way = st.radio(
        _("What makes a journey"),
        list(words),
        index=list(words).index(way_of(now)),
        format_func=words.__getitem__,
        captions=about,
        horizontal=True,
        key=f"{key}_way",
        persist_state="session",
        label_visibility="collapsed",
    )
    return str(way)


def _minutes(key: str, now: Definition) -> float:
    """Ask for the silence."""
    first = (now.session_gap or DEFAULT_GAP_S) / 60
    minutes = st.number_input(
        _("Silence in minutes"),
        1.0,
        60.0 * 24 * 365,
        first,
        step=5.0,
        format="%g",
        key=f"{key}_minutes",
        persist_state="session",
        width=180,
    )
    return float(minutes) * 60


def _gap(key: str, tried: Callable[[], Workspace | None], now: Definition, timed: bool) -> float | None:
    if not timed:
        st.warning(_("The events have no times, so there are no silences."), icon=":material/warning:")
        return None
    ask, panel = st.columns([1, 3], gap="medium")
    with ask:
        gap = _minutes(key, now)
    with panel:
        workspace = _tried(tried)
        if workspace is not None:
            curve, hint = _curve(workspace, gap, now.start_activity)
            gap_panel(curve, gap, hint)
    return gap


def _tried(tried: Callable[[], Workspace | None]) -> Workspace | None:
    """Give the workspace to try choices on, or say why there is none."""
    try:
        with st.spinner(_("Trying it on the first rows …")):
            return tried()
    except DesirePathError as error:
        show_error(error)
        return None


def _curve(workspace: Workspace, gap: float, start: str | None) -> tuple[pl.DataFrame, GapHint]:
    curve = journeys_by_gap(workspace, sorted({*GAPS_S, gap}), start_activity=start)
    return curve, gap_hint(workspace)


def _start(key: str, tried: Callable[[], Workspace | None], now: Definition) -> str | None:
    workspace = _tried(tried)
    names = recorded_activities(workspace)["name"].head(ACTIVITIES).to_list() if workspace is not None else []
    if now.start_activity is not None and now.start_activity not in names:
        names = [now.start_activity, *names]
    picked: str | None = st.selectbox(
        _("A new journey begins with"),
        names,
        index=names.index(now.start_activity) if now.start_activity in names else None,
        placeholder=_("Choose an activity"),
        key=f"{key}_start",
        persist_state="session",
        width=420,
    )
    return picked


def _person(
    key: str, columns: Sequence[str], tried: Callable[[], Workspace | None], now: Definition, timed: bool
) -> tuple[Identity | None, str | IdTable | None, float | None, str | None]:
    """Ask for the ids of a person and a file that links them, show whom they join, and ask whether to split."""
    columns = [*columns, *data_id_table.more_columns(key, now.id_table, columns)]
    if now.identity is not None and f"{key}_columns" not in st.session_state:
        st.session_state[f"{key}_columns"] = [name for name in now.identity.columns if name in columns]
    try:
        identity = identity_choice(columns, key=key)
    except DesirePathError as error:
        show_error(error)
        return None, None, None, None
    id_table = data_id_table.choose(key, now.id_table) if identity is not None else None
    words = {None: _("no"), GAP: _("at silences"), START: _("at an activity")}
    first = GAP if now.session_gap is not None else START if now.start_activity is not None else None
    split = st.segmented_control(
        _("Split the events of a person into journeys"),
        list(words),
        default=first,
        format_func=words.__getitem__,
        key=f"{key}_split",
        persist_state="session",
    )
    gap = _minutes(key, now) if split == GAP and timed else None
    start = _start(key, tried, now) if split == START else None
    if identity is not None and st.toggle(_("Show whom this joins"), value=True, key=f"{key}_show"):
        workspace = _tried(tried)
        if workspace is not None:
            _whom(workspace, identity, id_table, key)
    return identity, id_table, gap, start


def _whom(workspace: Workspace, identity: Identity, id_table: str | IdTable | None, key: str) -> None:
    try:
        counts, tables = persons(workspace, identity, id_table)
    except DesirePathError as error:
        show_error(error)
        return
    with st.container(border=True):
        st.markdown(bold(_("Whom this joins")))
        identity_preview(counts, tables, key=f"{key}_preview")


def options(way: Way, customer: Sequence[str]) -> dict[str, Any]:
    """Give a way as options of a load."""
    said: dict[str, Any] = {"duplicates": way.duplicates} if way.duplicates != "keep" else {}
    if way.identity is not None:
        said["identity"] = list(way.identity.columns)
        if way.id_file is not None:
            said["identity_table"] = way.id_file
    elif way.way in (GAP, START) and way.is_complete:
        said["customer"] = next(iter(customer), None)
    if way.gap_s is not None:
        said["session_gap"] = way.gap_s
    if way.start_activity is not None:
        said["start_activity"] = way.start_activity
    return said
