"""XES event logs, packed or not, through r4pm, which reads UTC offsets right."""

from __future__ import annotations

import gzip
import os
import shutil
import sys
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from mining.errors import SourceError
from mining.messages import N_, Message
from pipeline.options import Reading
from pipeline.sources.lifecycle import folded
from pipeline.sources.raw import RawColumn, RawTable, Source, cannot_read, json_of_row, no_unread
from pipeline.sources.xml_guard import check_xml, plain_utf8
from pipeline.store import Session, quoted

FIRST = ("case:concept:name", "concept:name", "time:timestamp", "time:end")
UNREAD = "Failed to parse date from "
PLACE = "\x00place"  # no attribute of a log is called so


def read_xes(db: Session, source: Source, name: str, reading: Reading) -> RawTable:
    """Read an XES log: one row per event, the attributes of its trace repeated under ``case:``.

    Several lines per activity (``lifecycle:transition``) are treated as `Reading.lifecycle` says; see
    `pipeline.sources.lifecycle`. A row has the number of its event in the file.

    Raises
    ------
    SourceError
        When it is not XES, holds no events, or could not be read safely.
    """
    frame, unread = _events(db, source.path, source.name)
    if not len(frame):
        raise SourceError(N_("{path} holds no events. Give a log with at least one event."), path=source.path)
    frame, notes = folded(frame.with_row_index(PLACE), reading.lifecycle, source.name)
    places = frame.drop_in_place(PLACE)
    names = [column for column in FIRST if column in frame.columns]
    names += sorted(set(frame.columns) - set(names))
    frame = frame.select(pl.col(column).alias(f"c{i}") for i, column in enumerate(names, start=1))
    db.register(f"{name}_frame", frame)
    db.execute(f"CREATE TEMP TABLE {quoted(name + '_rows')} AS FROM {quoted(name + '_frame')}")
    db.execute(f"CREATE TEMP VIEW {quoted(name)} AS SELECT rowid AS row_no, * FROM {quoted(name + '_rows')}")
    types = dict(db.rows(f"SELECT column_name, column_type FROM (DESCRIBE {quoted(name)})"))
    columns = tuple(RawColumn(column, f"c{i}", types[f"c{i}"]) for i, column in enumerate(names, start=1))

    def lines(rows: Sequence[int]) -> dict[int, int]:
        return {row: int(places[row]) + 1 for row in rows}

    return RawTable(
        source, name, columns, no_unread(db, f"{name}_unread"), json_of_row(columns), lines, (*unread, *notes)
    )


def _events(db: Session, path: Path, name: str) -> tuple[pl.DataFrame, list[Message]]:
    """Give the events in file order, their times in UTC, and what could not be read of them."""
    from r4pm.df import import_xes

    unread: list[str] = []
    try:
        check_xml(path, _parts)
        place = plain_utf8(path, db.room, _parts)
    except (OSError, EOFError, zlib.error) as error:
        raise cannot_read(path, error) from error
    suffix = ".xes.gz" if _is_packed(place) else ".xes"
    if not place.name.lower().endswith(suffix):
        shutil.copyfile(place, db.room / f"log{suffix}")
        place = db.room / f"log{suffix}"
    try:
        with _heard(unread):
            frame, _ = import_xes(str(place))
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # a panic of the Rust reader is no Exception
        raise cannot_read(path, error) from error
    times = [column for column, dtype in frame.schema.items() if isinstance(dtype, pl.Datetime)]
    if unread and not times:
        raise SourceError(N_("{path}: none of its times can be read, such as {example}."), path=path, example=unread[0])
    told = N_("{name}: {n} times cannot be read, such as {example}")
    notes = [Message(told, name=name, n=len(unread), example=unread[0])] if unread else []
    return frame.with_columns(pl.col(times).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")), notes


@contextmanager
def _heard(unread: list[str]) -> Iterator[None]:
    """Collect the times that the reader complains about on stderr, one line for each; nobody else shall see them."""
    try:
        stderr = os.dup(2)
    except OSError:  # a process may have none
        yield
        return
    with tempfile.TemporaryFile() as file:
        os.dup2(file.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(stderr, 2)
            os.close(stderr)
        file.seek(0)
        for line in file:
            said = line.decode(errors="replace")
            if said.startswith(UNREAD):
                unread.append(said.removeprefix(UNREAD).strip())
            else:
                sys.stderr.write(said)  # of another thread


def _is_packed(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


def _parts(path: Path) -> Iterator[bytes]:
    """Give the content in parts, unpacked where it is packed."""
    with gzip.open(path, "rb") if _is_packed(path) else path.open("rb") as file:
        while part := file.read(1 << 20):
            yield part
