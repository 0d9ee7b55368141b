"""XES event logs, packed or not, through r4pm, which reads UTC offsets right."""

from __future__ import annotations

import shutil
import zlib
from pathlib import Path

import polars as pl

from mining.errors import SourceError
from mining.messages import N_
from pipeline.options import Reading
from pipeline.sources.raw import (
    RawColumn,
    RawTable,
    Source,
    cannot_read,
    counted_from_one,
    json_of_row,
    no_unread,
)
from pipeline.sources.text import chunks, is_packed
from pipeline.store import Session, quoted

FIRST = ("case:concept:name", "concept:name", "time:timestamp")


def read_xes(db: Session, source: Source, name: str, reading: Reading) -> RawTable:
    """Read an XES log: one row per event, the attributes of its trace repeated under ``case:``.

    Raises
    ------
    SourceError
        When it is not XES or holds no events.
    """
    frame = _events(db, source.path)
    if not len(frame):
        raise SourceError(N_("{path} holds no events. Give a log with at least one event."), path=source.path)
    names = [column for column in FIRST if column in frame.columns]
    names += sorted(set(frame.columns) - set(names))
    frame = frame.select(pl.col(column).alias(f"c{i}") for i, column in enumerate(names, start=1))
    db.register(f"{name}_frame", frame)
    db.execute(f"CREATE TEMP TABLE {quoted(name + '_rows')} AS FROM {quoted(name + '_frame')}")
    db.execute(f"CREATE TEMP VIEW {quoted(name)} AS SELECT rowid AS row_no, * FROM {quoted(name + '_rows')}")
    types = dict(db.rows(f"SELECT column_name, column_type FROM (DESCRIBE {quoted(name)})"))
    columns = tuple(RawColumn(column, f"c{i}", types[f"c{i}"]) for i, column in enumerate(names, start=1))
    unread = no_unread(db, f"{name}_unread")
    return RawTable(source, name, columns, unread, json_of_row(columns), counted_from_one)


def _events(db: Session, path: Path) -> pl.DataFrame:
    """Give the events in file order; their times are UTC."""
    from r4pm.df import import_xes

    packed = is_packed(path)
    _check_whole(path)
    place = path
    if not path.name.lower().endswith(".xes.gz" if packed else ".xes"):
        place = db.room / ("log.xes.gz" if packed else "log.xes")
        shutil.copyfile(path, place)
    try:
        frame, _ = import_xes(str(place))
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # a panic of the Rust reader is no Exception
        raise cannot_read(path, error) from error
    times = [column for column, dtype in frame.schema.items() if isinstance(dtype, pl.Datetime)]
    return frame.with_columns(pl.col(times).cast(pl.Datetime("us")).dt.replace_time_zone("UTC"))


def _check_whole(path: Path) -> None:
    """See that the log ends where it should: r4pm reads a file that was cut off as far as it goes, and says nothing."""
    tail = b""
    try:
        for chunk in chunks(path):
            tail = (tail + chunk)[-4096:]
    except (OSError, EOFError, zlib.error) as error:
        raise cannot_read(path, error) from error
    if b"</log>" not in tail and not (b"<log" in tail and tail.rstrip().endswith(b"/>")):
        raise cannot_read(path, N_("it does not end with </log>"))
