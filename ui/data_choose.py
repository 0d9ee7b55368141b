"""Choosing what to load: uploads, copied to disk at once, and files, folders, patterns or servers by their names."""

from __future__ import annotations

import atexit
import glob
import re
import shutil
import tempfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import streamlit as st

from mining.errors import DesirePathError
from pipeline.sources import Source, find
from pipeline.sources.postgres import address_in, shown_address
from ui.app_words import error_in_app
from ui.formats import size
from ui.language import _, counted, md, say, say_problem
from ui.tables import Column
from ui.tables import show as table
from ui.text import bold, md_escape, small

FILES, ROUND, TAKEN, WRONG = "load_files", "load_round", "load_taken", "load_wrong"
SHOWN = 4
UNSAFE = re.compile(r"[^\w.-]+")


@dataclass(frozen=True)
class Given:
    """One thing that was chosen: its name as it is given to a load, the logs behind it, or what is wrong with it."""

    name: str
    logs: tuple[Source, ...] = ()
    error: DesirePathError | None = None

    @property
    def is_server(self) -> bool:
        """Whether it is a database on a server, which is asked only when it is known what to read."""
        return address_in(self.name) is not None

    @property
    def mark(self) -> str:
        """A short mark for the keys of widgets: these reach the browser, and an address may hold a password."""
        return f"{zlib.crc32(self.name.encode('utf-8', 'replace')):08x}"

    @property
    def shown(self) -> str:
        """Its name for people, without a password."""
        address = address_in(self.name)
        if address is not None:
            return shown_address(address)
        return Path(self.name).name


def choose() -> list[Given]:
    """Ask for files, list what was chosen, and give it."""
    chosen = [look(name) for name in st.session_state.get(FILES, [])]
    if not chosen:
        _ask()
        _example()
        return []
    with st.container(border=True, gap="xsmall"):
        for place, given in enumerate(chosen):
            _line(given, place)
        with st.expander(_("Add more files"), icon=":material/add:", type="compact"):
            _ask()
    return chosen


def _ask() -> None:
    """Ask for an upload or a name. An upload is taken off the widget at once, so that it is kept when it goes away."""
    turn = st.session_state.setdefault(ROUND, 0)
    upload, place = st.columns([1, 1], gap="medium")
    key = f"load_upload_{turn}"
    upload.file_uploader(
        _("Drop files here"),
        accept_multiple_files=True,
        key=key,
        on_change=_take_uploads,
        args=(key,),
        help=_("Each file is copied to this machine's disk at once. The copies go when they are loaded."),
    )
    place.text_input(
        _("Or name what is on this machine"),
        key="load_path",
        placeholder="/data/logs/*.csv",
        on_change=_take_name,
        help=_(
            "A file, a folder, a pattern such as /data/logs/*.csv, or the address of a database such as "
            "postgresql://user@host/name. It is read where it is."
        ),
    )
    place.caption(
        _(
            "CSV and relatives, Excel, JSON, Parquet, Arrow, XES, web server logs, SQLite, DuckDB, PostgreSQL; packed "
            "by gzip, zip or zstd or not."
        )
    )
    if wrong := st.session_state.pop(WRONG, None):
        place.error(md("There is no file {path}. Check the name.", path=wrong), icon=":material/error:")


def _take_uploads(key: str) -> None:
    """Keep what was uploaded. A choice made elsewhere before the widget is gone tells of the same upload again."""
    taken: set[str] = st.session_state.setdefault(TAKEN, set())
    for given in st.session_state.get(key) or []:
        if given.file_id not in taken:
            taken.add(given.file_id)
            add(keep_upload(given))
    st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1


def keep_upload(given: Any) -> str:
    """Copy an upload to the disk, and say where it lies."""
    kept = Path(tempfile.mkdtemp(dir=room())) / (UNSAFE.sub("_", Path(given.name).name).lstrip(".") or "upload")
    with kept.open("wb") as file:
        shutil.copyfileobj(given, file, 1 << 20)
    return str(kept)


def _take_name() -> None:
    typed = st.session_state["load_path"].strip().strip('"')
    if not typed:
        return
    name = typed if address_in(typed) else str(Path(typed).expanduser().absolute())
    if address_in(typed) or Path(name).exists() or glob.has_magic(name):
        add(name)
        st.session_state["load_path"] = ""
    else:
        st.session_state[WRONG] = typed


def add(name: str) -> None:
    """Add a file to those that were chosen."""
    chosen = st.session_state.setdefault(FILES, [])
    if name not in chosen:
        chosen.append(name)


def drop(name: str) -> None:
    """Take a file out of those that were chosen; a copy that was made of it goes."""
    chosen = st.session_state.get(FILES, [])
    st.session_state[FILES] = [other for other in chosen if other != name]
    if is_upload(name):
        shutil.rmtree(Path(name).parent, ignore_errors=True)


def _part(given: Given) -> None:
    """Put the files behind a name in its place."""
    chosen = st.session_state[FILES]
    place = chosen.index(given.name)
    names = [str(log.path) for log in given.logs]
    st.session_state[FILES] = list(dict.fromkeys([*chosen[:place], *names, *chosen[place + 1 :]]))


def drop_all(names: Sequence[str]) -> None:
    """Take files out of those that were chosen."""
    for name in names:
        drop(name)


@st.cache_resource(show_spinner=False)
def room() -> str:
    """Make the folder of all copies; it goes with the server, since uploads are customers' data."""
    folder = tempfile.mkdtemp(prefix="desirepath-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def is_upload(name: str) -> bool:
    """Say whether a file is a copy of an upload."""
    return Path(name).parent.parent == Path(room())


def look(name: str) -> Given:
    """Find the logs behind a name; what cannot be read is said, and does not hide the others."""
    if address_in(name):
        return Given(name)
    with st.spinner(_("Looking at {name} …", name=Path(name).name)):
        return _found(name, changed(name))


def changed(name: str) -> float:
    """Give when something last changed behind a name, as part of the key of what is known about it."""
    try:
        return Path(name).stat().st_mtime_ns
    except OSError:
        return 0.0


@st.cache_resource(show_spinner=False, max_entries=200)
def _found(name: str, _changed: float) -> Given:
    try:
        return Given(name, tuple(find([name])))
    except DesirePathError as error:
        return Given(name, error=error)


def _line(given: Given, place: int) -> None:
    """Show one thing that was chosen, with what was found in it and a way to take it out."""
    said, close = st.columns([12, 2], vertical_alignment="center")
    close = close.container(horizontal=True, horizontal_alignment="right", gap="small")
    if given.error is not None:
        message, problems = error_in_app(given.error)
        more = "".join(f"  \n{md_escape(say_problem(p))}" for p in problems[:5])
        said.markdown(f":red[:material/error:] {bold(md_escape(given.shown))}  \n{md_escape(say(message))}{more}")
        said.caption(_("It is left out."))
    else:
        where = "" if given.is_server or is_upload(given.name) else " · " + md_escape(Path(given.name).parent)
        about = small(f":gray[{_about(given)}{where}]")
        said.markdown(f":material/{_icon(given)}: {bold(md_escape(given.shown))} &ensp; {about}")
    if len(given.logs) > 1 and all(log.archive is None for log in given.logs):
        close.button(
            _("One by one"),
            type="tertiary",
            key=f"load_parts_{place}_{given.mark}",
            on_click=_part,
            args=(given,),
            help=_("List the files in it, so that some can be taken out."),
        )
    close.button(
        _("Take it out"),
        icon=":material/close:",
        type="tertiary",
        key=f"load_drop_{place}_{given.mark}",
        on_click=drop,
        args=(given.name,),
        help=_("Take it out"),
    )


def _icon(given: Given) -> str:
    if given.is_server:
        return "dns"
    return "folder_open" if len(given.logs) > 1 else "description"


def _about(given: Given) -> str:
    """Say what was found behind a name."""
    if given.is_server:
        return _("database on a server")
    if len(given.logs) == 1:
        return f"{md_escape(kind(given.logs[0].format))} · {md_escape(size(given.logs[0].bytes))}"
    names = ", ".join(md_escape(log.name) for log in given.logs[:SHOWN]) + (", …" if len(given.logs) > SHOWN else "")
    total = md_escape(size(sum(log.bytes for log in given.logs)))
    return counted("{n} log", "{n} logs", len(given.logs)) + f" · {total} · {names}"


def kind(format: str) -> str:
    """Name a kind of file."""
    words = {
        "csv": _("delimited text"),
        "jsonl": "JSON",
        "parquet": "Parquet",
        "arrow": "Arrow",
        "spreadsheet": _("spreadsheet"),
        "sqlite": "SQLite",
        "duckdb": "DuckDB",
        "postgresql": "PostgreSQL",
        "xes": "XES",
        "access_log": _("web server log"),
        "sequence": _("sequences without times"),
    }
    return words.get(format, format.upper())


def _example() -> None:
    """Teach what a log looks like, where there is no file yet."""
    st.markdown(_("One row is one event, for example:"))
    said = [_("viewed the offer"), _("asked for help"), _("ordered"), _("viewed the offer")]
    times = ["2026-03-02 09:14", "2026-03-02 09:31", "2026-03-03 18:05", "2026-03-03 20:47"]
    rows = pl.DataFrame({"journey": ["A-17", "A-17", "A-17", "A-18"], "activity": said, "time": times})
    place, _space = st.columns(2)
    with place:
        names = {"journey": _("Journey"), "activity": _("Activity"), "time": _("Time")}
        table(rows, {name: Column(word) for name, word in names.items()}, alt=_("First rows of the file"))
