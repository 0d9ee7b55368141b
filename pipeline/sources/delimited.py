"""CSV, TSV and their relatives: any usual delimiter, quotes, ragged rows kept aside with their line."""

from __future__ import annotations

import csv
import mmap
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import polars as pl

from mining.errors import Problem, SourceError
from mining.messages import N_, Message
from pipeline.options import Reading
from pipeline.sources.dialect import Dialect, looks_delimited, sniff
from pipeline.sources.quotes import without_long_lines, without_stray_quotes
from pipeline.sources.raw import (
    UNREADABLE_ROW,
    WRONG_WIDTH,
    RawColumn,
    RawTable,
    Source,
    cannot_read,
    unique_names,
)
from pipeline.sources.text import prepare
from pipeline.store import QueryFault, Session, literal, quoted

__all__ = ["Dialect", "looks_delimited", "read_delimited", "sniff"]

NAMED = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "space": " ", "\\x01": "\x01"}

LONGEST_HEADER = 8_000_000  # characters
LARGE = 2_000_000_000  # bytes
AT_ONCE = 1 << 25  # bytes that are read at once; with what the database takes by itself, reading costs a quarter more
SHOWN = 100  # characters of a row in a message


def read_delimited(db: Session, source: Source, name: str, reading: Reading) -> RawTable:
    """Read a delimited text file; all its values stay text, empty ones are null.

    Raises
    ------
    SourceError
        When there is no row below the header.
    """
    text = prepare(db, source.path, reading.encoding, source.look)
    head = text.head()
    if len(head) > LONGEST_HEADER and "\n" not in head:
        raise SourceError(
            N_("{path}: its first line is longer than {most} MB, as in no log. Check its line ends."),
            path=source.path,
            most=LONGEST_HEADER // 1_000_000,
        )
    dialect = sniff(head, source.path, _given(reading.delimiter))
    columns = tuple(RawColumn(n, f"c{i}", "VARCHAR") for i, n in enumerate(unique_names(dialect.header), start=1))
    place, stray = _quiet(db, text.place, dialect, name), {}
    if text.long_lines:
        whole, place = place, db.room / f"{name}.shortened"
        stray = without_long_lines(whole, place)
    faults = _load(db, source, place, dialect, columns, name)
    if any("\n" in fault.strip() for fault in faults.filter(pl.col("reason") == UNREADABLE_ROW)["raw"]):
        whole, place = place, db.room / f"{name}.mended"
        stray |= without_stray_quotes(whole, dialect.delimiter, place, dialect.quote)
        faults = _load(db, source, place, dialect, columns, name)
    _keep_unread(db, place, faults, stray, name)
    _check_rows(db, source.path, name)
    values = ", ".join(_written(quoted(c.column), dialect) for c in columns)
    raw = f"concat_ws({literal(dialect.delimiter)}, {values})"
    return RawTable(
        source,
        name,
        columns,
        f"{name}_unread",
        f"replace({raw}, chr(0), '')",
        lambda rows: _lines(db, place, dialect, name, rows),
        (*text.notes, *dialect.notes),
    )


def _written(value: str, dialect: Dialect) -> str:
    """Give the SQL of a value as a file of this dialect writes it; a null mark stands where there is none."""
    if not dialect.quote:
        return f"coalesce({value}, chr(0))"
    quote, special = literal(dialect.quote), literal(f"[{re.escape(dialect.delimiter + dialect.quote)}\r\n]")
    inside = f"{quote} || replace({value}, {quote}, {literal(dialect.quote * 2)}) || {quote}"
    return f"CASE WHEN regexp_matches({value}, {special}) THEN {inside} ELSE coalesce({value}, chr(0)) END"


def _given(delimiter: str | None) -> str | None:
    """Give the delimiter that was named, also where its name is written out.

    Raises
    ------
    SourceError
        When it cannot be one.
    """
    if delimiter is None:
        return None
    meant = NAMED.get(delimiter.strip().casefold(), delimiter)
    if not 1 <= len(meant.encode()) <= 4 or any(mark in meant for mark in "\r\n\"'"):
        raise SourceError(
            N_("{delimiter!r} cannot be a delimiter. Give one to four characters, or a name such as tab or space."),
            delimiter=delimiter,
        )
    return meant


def _scan(place: Path, dialect: Dialect, columns: Sequence[RawColumn], name: str) -> str:
    """Give the call that reads the file; nothing in it is left to guessing."""
    types = ", ".join(f"{literal(c.column)}: 'VARCHAR'" for c in columns)
    return (
        f"read_csv({literal(str(place))}, auto_detect = false, header = false, skip = {dialect.records}, "
        f"delim = {literal(dialect.delimiter)}, quote = {literal(dialect.quote)}, escape = {literal(dialect.quote)}, "
        f"nullstr = '', columns = {{{types}}}, buffer_size = {AT_ONCE}, "
        f"store_rejects = true, rejects_table = {literal(name + '_faults')}, rejects_scan = {literal(name + '_scans')})"
    )


def _load(
    db: Session, source: Source, place: Path, dialect: Dialect, columns: Sequence[RawColumn], name: str
) -> pl.DataFrame:
    """Read the file into the table of its rows, and give what did not fit, by its place in the file."""
    scan = _scan(place, dialect, columns, name)
    for table in ("_faults", "_scans"):
        db.execute(f"DROP TABLE IF EXISTS {quoted(name + table)}")
    try:
        _keep_rows(db, scan, place.stat().st_size, name)
    except QueryFault as fault:
        raise cannot_read(source.path, fault) from fault
    return db.frame(
        f"""
        SELECT DISTINCT ON (line_byte_position) CAST(line_byte_position AS BIGINT) AS place,
            CASE WHEN error_type IN ('MISSING COLUMNS', 'TOO MANY COLUMNS') THEN {literal(WRONG_WIDTH)}
                 ELSE {literal(UNREADABLE_ROW)} END AS reason,
            csv_line AS raw
        FROM {quoted(name + "_faults")} ORDER BY line_byte_position, error_type DESC
        """
    )


def _keep_rows(db: Session, scan: str, size: int, name: str) -> None:
    """Read the rows once and keep them, in the order of the file: in a table, or packed on the disk when they are many.

    The table is quicker, but as text is not packed there, a large file would fill the memory.
    """
    view = f"CREATE OR REPLACE TEMP VIEW {quoted(name)} AS SELECT"
    if size < LARGE:
        db.execute(f"CREATE OR REPLACE TEMP TABLE {quoted(name + '_rows')} AS FROM {scan}")
        db.execute(f"{view} rowid AS row_no, * FROM {quoted(name + '_rows')}")
        return
    place = literal(str(db.room / f"{name}.parquet"))
    db.execute(f"COPY (FROM {scan}) TO {place} (FORMAT parquet)")
    rows = f"read_parquet({place}, file_row_number = true)"
    db.execute(f"{view} file_row_number AS row_no, * EXCLUDE (file_row_number) FROM {rows}")


def _keep_unread(db: Session, place: Path, faults: pl.DataFrame, stray: Mapping[int, str], name: str) -> None:
    """Put the rows that did not fit into the table of unread rows, with their lines."""
    lines = _lines_at(place, faults["place"].to_list(), faults["raw"].to_list())
    unread = pl.DataFrame(
        {
            "line_no": [*lines, *stray],
            "reason": [*faults["reason"], *[UNREADABLE_ROW] * len(stray)],
            "raw": [*(raw.strip("\r\n") for raw in faults["raw"]), *stray.values()],
        },
        schema={"line_no": pl.Int64, "reason": pl.String, "raw": pl.String},
    )
    db.register(f"{name}_found", unread)
    db.execute(f"CREATE TEMP TABLE {quoted(name + '_unread')} AS FROM {quoted(name + '_found')}")


def _check_rows(db: Session, path: Path, name: str) -> None:
    """Refuse a file of which no row could be read, with the first of them."""
    if db.value(f"SELECT count(*) FROM {quoted(name)}"):
        return
    unread = db.rows(f"SELECT line_no, reason, raw FROM {quoted(name + '_unread')} ORDER BY line_no")
    problems = [
        Problem(Message(N_("{reason}: {raw}"), reason=reason, raw=raw[:SHOWN]), line)
        for line, reason, raw in unread[:5]
    ]
    if all(reason == WRONG_WIDTH for _, reason, _ in unread):
        problems.append(Problem(Message(N_("if each line is one journey, let the name of the file end in .seq"))))
    raise SourceError(
        N_("{path}: none of its {n} rows can be read. Check its delimiter and its quotation marks."),
        path=path,
        n=len(unread),
        problems=problems,
    )


def _lines_at(place: Path, positions: Sequence[int], texts: Sequence[str]) -> list[int]:
    """Give the line that the row at each byte position stands on; blank lines before it are in its text."""
    lines, line, before = [], 1, 0
    with place.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as whole:
        for position, text in zip(positions, texts, strict=True):
            line += whole[before:position].count(b"\n")
            before = position
            blank = text[: len(text) - len(text.lstrip("\r\n"))]
            lines.append(line + blank.count("\n"))
    return lines


def _lines(db: Session, place: Path, dialect: Dialect, name: str, rows: Sequence[int]) -> dict[int, int]:
    """Give the lines of rows: counted where every line is a row or an unread one, else by walking through the file."""
    unread = [line for (line,) in db.rows(f"SELECT line_no FROM {quoted(name + '_unread')} ORDER BY line_no")]
    others = dialect.lines + len(unread)
    if _line_count(place) != others + db.value(f"SELECT count(*) FROM {quoted(name)}"):
        return _walked(place, dialect, rows)
    shifted = np.array(unread, np.int64) - np.arange(len(unread))
    lines = np.array(rows, np.int64) + dialect.lines + 1
    lines += np.searchsorted(shifted, lines, side="right")
    return dict(zip(rows, lines.tolist(), strict=True))


def _line_count(place: Path) -> int:
    """Count the lines, a last one without an end included."""
    feeds, last = 0, b"\n"
    with place.open("rb", buffering=0) as file:
        while chunk := file.read(1 << 20):
            feeds += chunk.count(b"\n")
            last = chunk[-1:]
    return feeds + (last != b"\n")


def _walked(place: Path, dialect: Dialect, rows: Sequence[int]) -> dict[int, int]:
    """Give the lines of rows, by walking through the file once more as the csv module reads it."""
    wanted, found, row = set(rows), {}, -1
    width = len(dialect.header)
    with place.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        for _ in range(dialect.lines):
            file.readline()
        reader = dialect.reader(file)
        start = 1
        while (record := _next(reader)) is not None:
            if len(record) >= width and not any(record[width:]):
                row += 1
                if row in wanted:
                    found[row] = dialect.lines + start
            if len(found) == len(wanted):
                break
            start = reader.line_num + 1
    return found


def _next(reader: Iterator[list[str]]) -> list[str] | None:
    """Give the next record; nothing at the end, or at one that is too long to be walked over."""
    try:
        return next(reader, None)
    except csv.Error:
        return None


def _quiet(db: Session, place: Path, dialect: Dialect, name: str) -> Path:
    """Give the file with what stands before its header blanked, where a stray quote there would swallow the rest."""
    if not dialect.noisy:
        return place
    quiet = db.room / f"{name}.quiet"
    with place.open("rb") as file, quiet.open("wb") as out:
        for _ in range(dialect.noisy):
            file.readline()
            out.write(b"\n")
        shutil.copyfileobj(file, out, 1 << 20)
    return quiet
