"""One reader per kind of file, all giving the same raw table. The kind is told by content, then by name."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from mining.errors import Problem, SourceError
from mining.messages import N_, Message
from pipeline.options import Reading
from pipeline.sources.raw import RawColumn, RawTable, Source
from pipeline.store import Session

__all__ = ["RawColumn", "RawTable", "Source", "find", "read"]

AS_IT_IS = Reading()
DATABASES = ("sqlite", "duckdb")  # other programs may write to them, and they keep readers apart from that
Reader = Callable[[Session, Source, str, Reading], RawTable]


def find(files: Sequence[str | Path], reading: Reading = AS_IT_IS) -> list[Source]:
    """Look at all files before any is read.

    Parameters
    ----------
    files : sequence of str or Path
        Files, folders, patterns such as ``logs/**/*.csv``, and ZIP archives; each log in them is a source of its own.
        Addresses of PostgreSQL servers come after the files.

    Raises
    ------
    SourceError
        Naming every file that is absent, empty or not a log, all at once.
    """
    from pipeline.sources.finding import find_all
    from pipeline.sources.postgres import address_in, find_postgres

    servers = [address for file in files if (address := address_in(file)) is not None]
    local = [file for file in files if address_in(file) is None]
    found = [_told_apart(source, reading) for source in find_all(local)]
    return found + [find_postgres(address, reading) for address in servers]


def _told_apart(source: Source, reading: Reading) -> Source:
    """Give each sheet, table and query of a file a digest of its own, so that one after the other can be loaded."""
    part = reading.sheet if source.format == "spreadsheet" else reading.query or reading.table
    if source.format not in ("spreadsheet", "sqlite", "duckdb"):
        return source
    parts = [] if part is None else [part.encode()]
    newest = source.path.with_name(f"{source.path.name}-wal")
    if source.format == "sqlite" and source.packing is None and newest.exists():
        parts.append(newest.read_bytes())  # rows of a database in use, not in its file yet
    if not parts:
        return source
    return replace(source, sha256=hashlib.sha256(b"\n".join([source.sha256.encode(), *parts])).hexdigest())


def read(db: Session, source: Source, name: str, reading: Reading = AS_IT_IS) -> RawTable:
    """Read one log into views and temporary tables called `name` and ``name_...``.

    Readers know plain files alone: what is packed is unpacked into the reading room before.

    Raises
    ------
    SourceError
        When it cannot be read.
    WorkspaceError
        When there is no room to unpack it.
    """
    reader = _reader(source.format)
    if source.packing is None:
        raw = reader(db, source, name, reading)
        _check_unchanged(source)
        return replace(raw, notes=(*source.notes, *raw.notes)) if source.notes else raw
    from pipeline.sources.packed import SUFFIXES, unpack

    suffixes = [suffix for suffix in source.path.suffixes[-2:] if suffix.lower() not in SUFFIXES]
    place = unpack(db.room, source.archive or source.path, source.packing, source.member, suffixes[-1:])
    _check_unchanged(source)
    inside = replace(source, path=place, packing=None, shown=source.name)
    try:
        raw = reader(db, inside, name, reading)
    except SourceError as fault:
        raise _named_anew(fault, place, source) from fault
    notes = (_about(note, place, source) for note in raw.notes)
    return replace(raw, source=source, notes=(*source.notes, *notes))


def _check_unchanged(source: Source) -> None:
    """Refuse a file that was written to since it was found: what was read may be half of it, or of two versions.

    Raises
    ------
    SourceError
        When it is so.
    """
    if source.modified is None or source.format in DATABASES:
        return
    place = source.archive or source.path
    try:
        now = place.stat().st_mtime_ns
    except OSError as error:
        raise SourceError(N_("{path} cannot be opened: {detail}."), path=place, detail=error.strerror) from error
    if now != source.modified:
        raise SourceError(
            N_("{path} changed while it was read. Load it again when nothing writes to it any more."), path=place
        )


def _named_anew(fault: SourceError, place: Path, source: Source) -> SourceError:
    """Say of the packed file what was said of its unpacked content."""
    about = _about(fault.message, place, source)
    problems = [Problem(_about(p.message, place, source), p.line) for p in fault.problems]
    return SourceError(about.template, problems=problems, **about.values)


def _about(message: Message, place: Path, source: Source) -> Message:
    names = {place: source.path, place.name: source.name}
    values = {k: names.get(v, v) if isinstance(v, str | Path) else v for k, v in message.values.items()}
    return Message(message.template, **values)


def _reader(format: str) -> Reader:
    """Give the reader of a kind of file; XES pays for its import only here."""
    if format == "parquet":
        from pipeline.sources.parquet import read_parquet as reader
    elif format == "arrow":
        from pipeline.sources.arrow import read_arrow as reader
    elif format == "spreadsheet":
        from pipeline.sources.spreadsheet import read_spreadsheet as reader
    elif format == "sqlite":
        from pipeline.sources.database import read_sqlite as reader
    elif format == "duckdb":
        from pipeline.sources.database import read_duckdb as reader
    elif format == "postgresql":
        from pipeline.sources.postgres import read_postgres as reader
    elif format == "xes":
        from pipeline.sources.xes import read_xes as reader
    elif format == "jsonl":
        from pipeline.sources.json_documents import read_json as reader
    elif format == "access_log":
        from pipeline.sources.access_log import read_access_log as reader
    elif format == "sequence":
        from pipeline.sources.sequences import read_sequences as reader
    else:
        from pipeline.sources.delimited import read_delimited as reader
    return reader
