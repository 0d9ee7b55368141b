"""Loading a file: choose it, say which column is what, see at once what would be kept, load."""

from __future__ import annotations

import atexit
import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

import polars as pl
import streamlit as st

from mining.errors import DesirePathError
from mining.messages import Message
from pipeline.ingest_report import IngestReport
from pipeline.preview import Preview, head, preview, rehearse
from pipeline.store import Workspace
from ui import state
from ui.data_roles import roles
from ui.formats import number, size
from ui.frame import show_error
from ui.language import _, counted, md, say, translate
from ui.state import Log
from ui.tables import Column
from ui.tables import show as table
from ui.text import bold, md_escape

TYPES = ["csv", "tsv", "txt", "jsonl", "ndjson", "json", "parquet", "xes", "gz"]
NEW, ADD = "new", "add"
_SAFE = re.compile(r"[^\w.-]+")


def show(log: Log) -> None:
    """Draw the steps, one below the other; each appears when the one before is done."""
    file = _file()
    if file is None:
        _example()
        return
    try:
        looked_at, whole, seen = _look(str(file), file.stat().st_mtime_ns)
    except DesirePathError as error:
        show_error(error)
        return
    st.markdown(
        f"#### {md_escape(file.name)}"
        + f"  \n:small[:gray[{seen.format.upper()} · {md_escape(size(file.stat().st_size))}]]"
    )
    for note in seen.notes:
        st.caption(":material/info: " + md_escape(say(note)))
    options = roles(seen)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        st.markdown(bold(_("First rows")))
        _first_rows(seen, options)
    with right:
        st.markdown(bold(_("What would be kept")))
        fits = _verdict(looked_at, whole, options)
    _target(log, file, options, fits)


def _example() -> None:
    """Teach what a log looks like, where there is no file yet."""
    st.caption(_("CSV, TSV, JSON Lines, Parquet, XES; packed by gzip or not."))
    st.markdown(_("One row is one event, for example:"))
    said = [_("viewed the offer"), _("asked for help"), _("ordered"), _("viewed the offer")]
    times = ["2026-03-02 09:14", "2026-03-02 09:31", "2026-03-03 18:05", "2026-03-03 20:47"]
    rows = pl.DataFrame({"journey": ["A-17", "A-17", "A-17", "A-18"], "activity": said, "time": times})
    place, _space = st.columns(2)
    with place:
        names = {"journey": _("Journey"), "activity": _("Activity"), "time": _("Time")}
        table(rows, {name: Column(word) for name, word in names.items()}, alt=_("First rows of the file"))


def _file() -> Path | None:
    """Ask for a file: an upload, copied to disk at once, or a place on this machine."""
    upload, place = st.columns(2, gap="medium")
    given = upload.file_uploader(_("Upload a file"), type=TYPES, key="load_upload")
    typed = place.text_input(
        _("Or name a file on this machine"),
        key="load_path",
        placeholder="/data/events.parquet",
        help=_("For files too big to upload. The file is read where it is."),
    )
    if given is not None:
        if st.session_state.get("load_id") != given.file_id:
            folder = _shelf()
            kept = folder / (_SAFE.sub("_", Path(given.name).name).lstrip(".") or "upload")
            kept.write_bytes(given.getbuffer())
            st.session_state["load_id"], st.session_state["load_kept"] = given.file_id, str(kept)
        return Path(st.session_state["load_kept"])
    if not typed:
        return None
    path = Path(typed).expanduser()
    if not path.is_file():
        st.error(md("There is no file {path}. Check the name.", path=typed), icon=":material/error:")
        return None
    return path


@st.cache_resource(show_spinner=False)
def _room() -> str:
    """Make the folder of all copies; it goes with the server, since uploads are customers' data."""
    folder = tempfile.mkdtemp(prefix="desirepath-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _shelf() -> Path:
    """Give a fresh folder for one copy."""
    return Path(tempfile.mkdtemp(dir=_room()))


@st.cache_resource(show_spinner=False, max_entries=20)
def _look(path: str, _changed: int) -> tuple[Path, bool, Preview]:
    """Look into a file once; where it is big, into its first rows."""
    looked_at, whole = head(Path(path), _shelf())
    return looked_at, whole, preview(looked_at)


@st.cache_resource(show_spinner=False, max_entries=50)
def _rehearsed(path: str, options: tuple[tuple[str, Any], ...]) -> IngestReport:
    return rehearse(Path(path), **dict(options))


def _first_rows(seen: Preview, options: dict[str, Any]) -> None:
    """Show the raw rows, the columns with a role first and named by it."""
    words = {
        options["journey"] or options["customer"]: _("Journey"),
        options["activity"]: _("Activity"),
        options["time"]: _("Time"),
    }
    ranked = [c for c in seen.columns if c in words] + [c for c in seen.columns if c not in words]
    columns = {c: Column(f"◆ {words[c]}: {c}" if c in words else c, pinned=c in words) for c in ranked}
    table(seen.rows.head(50), columns, rows=9, alt=_("First rows of the file"))


def _verdict(looked_at: Path, whole: bool, options: dict[str, Any]) -> bool:
    """Say what a load would keep and refuse, and why; False where nothing could be loaded."""
    try:
        with st.spinner(_("Checking …")):
            report = _rehearsed(str(looked_at), tuple(sorted(options.items())))
    except DesirePathError as error:
        show_error(error)
        return False
    if not whole:
        st.caption(md("Judged by the first {n} rows.", n=report.rows_in))
    kept, refused, journeys = st.columns(3)
    kept.metric(_("Rows kept"), number(report.rows_kept))
    refused.metric(_("Rejected"), number(report.rows_rejected))
    journeys.metric(_("Journeys"), number(report.journeys))
    for reason, n in report.reasons.items():
        st.markdown(f"- {md_escape(translate(reason))}: " + counted("{n} row", "{n} rows", n))
    for warning in report.warnings:
        st.caption(":material/info: " + md_escape(say(warning)))
    if report.rows_rejected:
        st.caption(_("Rejected rows are kept aside with their reason; nothing is dropped silently."))
    return True


def _target(log: Log, file: Path, options: dict[str, Any], fits: bool) -> None:
    """Ask where to load, and load."""
    st.divider()
    where, name, button = st.columns([3, 2, 2], vertical_alignment="bottom", gap="medium")
    into = where.radio(
        _("Load into"),
        [NEW, ADD],
        format_func={NEW: _("a new workspace"), ADD: _("this one: {name}", name=log.name)}.__getitem__,
        horizontal=True,
        key="load_into",
    )
    wanted = file.name.split(".")[0] or "log"
    chosen = name.text_input(_("Name of the new workspace"), wanted, disabled=into == ADD, key=f"load_name_{wanted}")
    pressed = button.button(_("Load"), type="primary", icon=":material/upload:", disabled=not fits, width="stretch")
    if pressed:
        _load(log, file, options, None if into == ADD else _SAFE.sub("_", chosen or wanted))


def _load(log: Log, file: Path, options: dict[str, Any], name: str | None) -> None:
    """Load the whole file, show how far it is, and go on with the workspace."""
    bar = st.progress(0.0, text=_("Reading {name}", name=file.name))

    def progress(message: Message, share: float) -> None:
        bar.progress(min(max(share, 0.0), 1.0), text=md_escape(say(message)))

    place = Path(log.path) if name is None else Path(log.path).with_name(f"{name}.duckdb")
    if name is not None and place.exists():
        st.error(
            md("There is a workspace {name} already. Choose another name.", name=place.name), icon=":material/error:"
        )
        return
    try:
        report = _ingest(log, place, name is None, file, options, progress)
    except DesirePathError as error:
        show_error(error)
        return
    kept = st.session_state.pop("load_kept", None)
    if kept is not None and Path(kept) == file:
        file.unlink(missing_ok=True)
        st.session_state.pop("load_id", None)
    state.use_workspace(place)
    st.session_state["data_loaded"] = True  # the page then opens on what is there
    if name is not None:
        st.session_state.pop("map_text", None)
    if report.skipped:
        st.toast(md("{name} was loaded before; nothing changed.", name=file.name), icon=":material/info:")
    else:
        st.toast(md("{n} events loaded", n=report.rows_kept), icon=":material/check:")
    st.rerun()


def _ingest(log: Log, place: Path, add: bool, file: Path, options: dict[str, Any], progress: Any) -> IngestReport:
    if add:
        return log.workspace.ingest(file, **options, append=True, progress=progress)
    with Workspace(place) as fresh:
        return fresh.ingest(file, **options, progress=progress)
