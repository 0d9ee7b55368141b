"""Loading, step by step: choose files, see how they are read and what each column is, what makes a journey, load."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from mining.errors import DesirePathError
from pipeline import loading
from pipeline.preview import Preview, RoleCheck
from pipeline.sources.postgres import address_in
from pipeline.store import Workspace
from ui import data_cards, data_choose, data_journeys, data_looked, data_outcome, data_roles, data_run, data_verdict
from ui.app_words import in_app
from ui.data_choose import UNSAFE, Given
from ui.data_format import reading
from ui.data_journeys import Way
from ui.data_roles import columns_with
from ui.data_table import ROLES
from ui.formats import size
from ui.frame import show_error
from ui.language import _, counted, md, say
from ui.state import Log
from ui.text import bold, heading, md_escape, small
from ui.theme import is_dark

NEW, ADD = "new", "add"


def show(log: Log) -> None:
    """Draw the steps, one below the other; each appears when the one before is done."""
    running = data_run.settle()
    if running is not None and running.job.state == "running":
        data_run.follow()
        return
    data_outcome.outcome(log, data_run.forget)
    if running is not None and running.job.state == "done":
        return
    replaces = _replaces()
    chosen = [given for given in data_choose.choose() if given.error is None]
    if not chosen:
        return
    place = _shown(chosen)
    _wizard(log, chosen, place, replaces)


def _replaces() -> str | None:
    """Say which source the files take the place of, where that was asked for."""
    name: str | None = st.session_state.get("load_replaces")
    if name is None:
        return None
    said, stop = st.columns([5, 1], vertical_alignment="center")
    said.info(md("What you choose takes the place of **{name}**.", name=name), icon=":material/swap_horiz:")
    stop.button(
        _("Do not replace"), on_click=lambda: st.session_state.pop("load_replaces", None), key="load_no_replace"
    )
    return name


def _shown(chosen: Sequence[Given]) -> Path:
    """Give the file to look into; where there are several, let it be chosen."""
    places = [place for given in chosen for place in data_looked.places(given)]
    if len(places) == 1:
        return places[0]
    return st.selectbox(
        _("Look into"),
        places,
        format_func=lambda place: Path(place).name,
        key="load_shown",
        width=420,
        help=_("What is said of its columns holds for all files of this load."),
    )


def _wizard(log: Log, chosen: Sequence[Given], place: Path, replaces: str | None) -> None:
    """Draw what is known of the shown file, and ask for the rest."""
    source = next((log_ for given in chosen for log_ in given.logs if place in (log_.archive, log_.path)), None)
    format_ = source.format if source is not None else "postgresql"
    plain, error = _plain(place)
    if len(chosen) > 1 or len(data_looked.places(chosen[0])) > 1:
        st.markdown(heading(md_escape(place.name)) + small(f" :gray[{_about(format_, source)}]"))
    said = reading(place, format_, plain, error, data_roles.identity(place, {}, plain) if plain else place.name)
    try:
        seen = data_looked.look(place, said)
    except DesirePathError as fault:
        show_error(fault)
        return
    for note in seen.notes:
        st.caption(":material/info: " + md_escape(say(in_app(note))))
    key = data_roles.identity(place, said, seen)
    roles = data_roles.roles_of(place, said, seen, key)
    columns = st.container()
    options = {**said, **data_roles.options_of(seen, roles, key)}
    result = _checked(place, options, roles)
    with columns:
        data_roles.header(seen, roles, key, None if result is None else result.share_read)
    data_cards.draw(seen, roles, result, key)
    way = _journeys(place, seen, roles, options, key)
    if result is None or not way.is_complete:
        return
    options |= data_journeys.options(way, [_customer(seen, roles, key)])
    if "customer" in options:
        options.pop("journey", None)
    _load_bar(log, chosen, place, options, way, result, replaces)


def _plain(place: Path) -> tuple[Preview | None, DesirePathError | None]:
    """Look into a file as it is, without any choice."""
    try:
        with st.spinner(_("Looking into {name} …", name=place.name)):
            return data_looked.look(place, {}), None
    except DesirePathError as error:
        return None, error


def _about(format_: str, source: Any) -> str:
    said = md_escape(data_choose.kind(format_))
    return said if source is None else f"{said} · {md_escape(size(source.bytes))}"


def _checked(place: Path, options: Mapping[str, Any], roles: Mapping[str, str]) -> RoleCheck | None:
    """Say at once what is wrong with the roles, or give what they make of the rows."""
    missing = [_(ROLES[r].word) for r in ("journey", "activity") if not columns_with(roles, r)]
    if columns_with(roles, "moment"):
        missing = [] if columns_with(roles, "journey") else missing[:1]
    if missing:
        st.warning(md("Still to be chosen: {roles}", roles=", ".join(missing)), icon=":material/pending:")
        return None
    try:
        return data_looked.checked(place, options)
    except DesirePathError as error:
        show_error(error)
        return None


def _customer(seen: Preview, roles: Mapping[str, str], key: str) -> str:
    """Give the column that names the customer: as chosen, else the best filled of those that may be it."""
    chosen: str | None = st.session_state.get(f"load_made_{key}_customer")
    likely = [*columns_with(roles, "customer"), *columns_with(roles, "journey")]
    return chosen or min(likely, key=lambda name: seen.rows[name].null_count())


def _journeys(place: Path, seen: Preview, roles: Mapping[str, str], options: Mapping[str, Any], key: str) -> Way:
    """Ask what makes a journey."""
    st.markdown(bold(_("How journeys are made")))
    prefix = f"load_made_{key}"
    names = [name for name in seen.columns if roles[name] not in ("activity", "time", "end", "moment", "out")]

    def tried() -> Workspace | None:
        said = {**options}
        way = st.session_state.get(f"{prefix}_way")
        if way in (data_journeys.GAP, data_journeys.START):
            said["journey"] = [_customer(seen, roles, key)]
        elif picked := st.session_state.get(f"{prefix}_columns"):
            said["identity"] = picked
        return data_looked.trial(place, said) if said.get("activity") or said.get("moments") else None

    with st.container(border=True, gap="small"):
        timed = bool(columns_with(roles, "time") or columns_with(roles, "moment"))
        way = data_journeys.choose(prefix, names, tried, timed=timed)
        if way.way in (data_journeys.GAP, data_journeys.START) and names:
            first = _customer(seen, roles, key)
            st.selectbox(
                _("Column of the customer"),
                names,
                index=names.index(first) if first in names else 0,
                key=f"{prefix}_customer",
                persist_state="session",
                width=300,
            )
    return way


def _load_bar(
    log: Log,
    chosen: Sequence[Given],
    place: Path,
    options: dict[str, Any],
    way: Way,
    result: RoleCheck,
    replaces: str | None,
) -> None:
    """Say what would be kept, ask where to load, and load."""
    _stick()
    with st.container(key="load_bar", gap="xsmall"):
        fits = data_verdict.show(chosen, place, options)
        where, name, button = st.columns([3, 2, 2], vertical_alignment="bottom", gap="medium")
        into = _into(where, log, replaces)
        wanted = UNSAFE.sub("_", place.name.split(".")[0]) or "log"
        called = name.text_input(
            _("Name of the new workspace"), wanted, disabled=into == ADD, key=f"load_name_{wanted}"
        )
        label = _("Replace") if replaces is not None else _("Load")
        if button.button(
            label, type="primary", icon=":material/upload:", disabled=not fits or data_run.is_busy(), width="stretch",
            key="load_go",
        ):  # fmt: skip
            if way.identity is not None:
                options = {**options, "identity": way.identity}
            elif into == ADD and way.way == data_journeys.COLUMN:
                options = _as_there(log, options)
            _start(log, chosen, options, result, None if into == ADD else UNSAFE.sub("_", called or wanted), replaces)


def _as_there(log: Log, options: dict[str, Any]) -> dict[str, Any]:
    """Make journeys of what is added as the workspace makes them, where nothing else was said."""
    meant = log.workspace.definition
    said = {**options, "duplicates": meant.duplicates}
    if meant.identity is not None:
        said["identity"] = meant.identity
    if meant.splits:
        said |= {"session_gap": meant.session_gap, "start_activity": meant.start_activity}
        if meant.identity is None:
            said["customer"] = next(iter(said.pop("journey", ())), None)
    return {name: value for name, value in said.items() if value is not None}


def _stick() -> None:
    """Keep the bar of the load in sight, whatever the height of the page."""
    paper = st.get_option(f"theme.{'dark' if is_dark() else 'light'}.backgroundColor")
    line = st.get_option(f"theme.{'dark' if is_dark() else 'light'}.borderColor")
    st.html(
        f"<style>[data-testid=stLayoutWrapper]:has(> .st-key-load_bar) {{ position: sticky; bottom: 0; z-index: 50; "
        f"background: {paper}; border-top: 1px solid {line}; padding: 0.6rem 0 0.8rem; }}</style>"
    )


def _into(where: Any, log: Log, replaces: str | None) -> str:
    if replaces is not None:
        where.caption(md("Into {name}, in the place of {source}", name=log.name, source=replaces))
        return ADD
    words = {NEW: _("a new workspace"), ADD: _("this one: {name}", name=log.name)}
    return str(
        where.radio(
            _("Load into"),
            [NEW, ADD],
            format_func=words.__getitem__,
            horizontal=True,
            key="load_into",
            persist_state="session",
        )
    )


def _start(
    log: Log,
    chosen: Sequence[Given],
    options: dict[str, Any],
    result: RoleCheck,
    name: str | None,
    replaces: str | None,
) -> None:
    """Begin to load, in a thread of its own."""
    place = Path(log.path) if name is None else Path(log.path).with_name(f"{name}.duckdb")
    if name is not None and place.exists():
        st.error(
            md("There is a workspace {name} already. Choose another name.", name=place.name), icon=":material/error:"
        )
        return
    places = [p for given in chosen for p in data_looked.places(given)]
    job = loading.load(
        log.workspace if name is None else place,
        [given.name for given in chosen],
        append=name is None and replaces is None,
        replace=replaces,
        rows=data_looked.rows_ahead([p for p in places if not address_in(p)], result.rows),
        **options,
    )
    title = _("Loading {name}", name=chosen[0].shown) if len(chosen) == 1 else counted(
        "Loading {n} file", "Loading {n} files", len(chosen)
    )  # fmt: skip
    data_run.start(job, title, place, files=tuple(given.name for given in chosen))
    job.wait(0.3)  # what is small is done at once, without a picture of progress that blinks
    st.rerun()
