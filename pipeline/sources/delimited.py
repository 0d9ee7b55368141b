"""CSV, TSV and their relatives: any usual delimiter, quotes, ragged rows kept aside with their line."""

from __future__ import annotations

import csv
import io
import mmap
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mining.errors import SourceError
from mining.messages import N_
from pipeline.sources.raw import UNREADABLE_ROW, WRONG_WIDTH, RawColumn, RawTable, Source, unique_names
from pipeline.sources.text import TextFile, prepare
from pipeline.store import QueryFault, Session, literal, quoted

DELIMITERS = (",", ";", "\t", "|")


@dataclass(frozen=True)
class Dialect:
    """How a file writes its rows: the delimiter, the header, and the number of lines before the first row."""

    delimiter: str
    header: tuple[str, ...]
    skip: int


def read_delimited(db: Session, source: Source, name: str) -> RawTable:
    """Read a delimited text file; all its values stay text, empty ones are null.

    Raises
    ------
    SourceError
        When there is no row below the header.
    """
    text = prepare(db, source.path)
    dialect = sniff(text.head(), source.path)
    columns = tuple(RawColumn(n, f"c{i}", "VARCHAR") for i, n in enumerate(unique_names(dialect.header), start=1))
    try:
        db.execute(f"CREATE TEMP TABLE {quoted(name + '_rows')} AS FROM {_scan(text.place, dialect, columns, name)}")
    except QueryFault as fault:
        raise SourceError(N_("{path} cannot be read: {detail}"), path=source.path, detail=fault) from fault
    db.execute(f"CREATE TEMP VIEW {quoted(name)} AS SELECT rowid AS row_no, * FROM {quoted(name + '_rows')}")
    _keep_unread(db, text, name)
    values = ", ".join(f"coalesce({quoted(c.column)}, chr(0))" for c in columns)
    raw = f"concat_ws({literal(dialect.delimiter)}, {values})"
    return RawTable(
        source,
        name,
        columns,
        f"{name}_unread",
        f"replace({raw}, chr(0), '')",
        lambda rows: _lines(text.place, dialect, rows),
        text.notes,
    )


def _scan(place: Path, dialect: Dialect, columns: Sequence[RawColumn], name: str) -> str:
    """Give the call that reads the file; nothing in it is left to guessing."""
    types = ", ".join(f"{literal(c.column)}: 'VARCHAR'" for c in columns)
    return (
        f"read_csv({literal(str(place))}, auto_detect = false, header = false, skip = {dialect.skip}, "
        f"delim = {literal(dialect.delimiter)}, quote = '\"', escape = '\"', nullstr = '', columns = {{{types}}}, "
        f"store_rejects = true, rejects_table = {literal(name + '_faults')}, rejects_scan = {literal(name + '_scans')})"
    )


def sniff(head: str, path: Path) -> Dialect:
    """Tell the delimiter by the number of fields of the first records: the one that makes most of them equal.

    Raises
    ------
    SourceError
        When the text is empty or has no row below its header.
    """
    if not head.strip():
        raise SourceError(N_("{path} is empty. Give a file with a header and at least one row."), path=path)
    declared = re.match(r"sep=(.)\r?\n", head)
    offset = 1 if declared else 0
    body = head[declared.end() :] if declared else head
    delimiter = declared.group(1) if declared else max(DELIMITERS, key=lambda d: _evenness(body, d))
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter)
    header = next(record for record in reader if record)
    skip = reader.line_num + offset
    if not any(record for record in reader):
        raise SourceError(N_("{path} has a header but no rows. Give a file with at least one row."), path=path)
    return Dialect(delimiter, tuple(header), skip)


def _evenness(text: str, delimiter: str) -> tuple[float, int]:
    """Rate a delimiter: the share of records as wide as the header, then the width; one column counts for nothing."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    records: list[int] = []
    try:
        for record in reader:
            if record:
                records.append(len(record))
            if len(records) > 200:
                break
    except csv.Error:
        return (0.0, 0)
    if not records or records[0] < 2:
        return (0.0, 0)
    return (sum(width == records[0] for width in records) / len(records), records[0])


def _keep_unread(db: Session, text: TextFile, name: str) -> None:
    """Put the rows that did not fit into the table of unread rows, with their lines."""
    import polars as pl

    faults = db.frame(
        f"""
        SELECT DISTINCT ON (line_byte_position) line_byte_position AS place,
            CASE WHEN error_type IN ('MISSING COLUMNS', 'TOO MANY COLUMNS') THEN {literal(WRONG_WIDTH)}
                 ELSE {literal(UNREADABLE_ROW)} END AS reason,
            ltrim(csv_line, chr(10) || chr(13)) AS raw,
            CAST(starts_with(ltrim(csv_line, chr(13)), chr(10)) AS INTEGER) AS shift
        FROM {quoted(name + "_faults")} ORDER BY line_byte_position
        """
    )
    lines = _lines_at(text.place, faults["place"].to_list()) if len(faults) else []
    faults = faults.with_columns(line_no=pl.Series(lines, dtype=pl.Int64) + pl.col("shift").cast(pl.Int64))
    db.register(f"{name}_found", faults)
    db.execute(
        f"CREATE TEMP TABLE {quoted(name + '_unread')} AS "
        f"SELECT CAST(line_no AS UBIGINT) AS line_no, reason, raw FROM {quoted(name + '_found')}"
    )


def _lines_at(place: Path, positions: Sequence[int]) -> list[int]:
    """Give the line that each byte position stands on."""
    lines, line, before = [], 1, 0
    with place.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text:
        for position in positions:
            line += text[before:position].count(b"\n")
            before = position
            lines.append(line)
    return lines


def _lines(place: Path, dialect: Dialect, rows: Sequence[int]) -> dict[int, int]:
    """Give the lines of rows, by walking through the file once more as the csv module reads it."""
    wanted, found, row = set(rows), {}, -1
    with place.open(encoding="utf-8-sig", newline="") as file:
        for _ in range(dialect.skip):
            file.readline()
        reader = csv.reader(file, delimiter=dialect.delimiter)
        start = 1
        for record in reader:
            if len(record) == len(dialect.header):
                row += 1
                if row in wanted:
                    found[row] = dialect.skip + start
                    if len(found) == len(wanted):
                        break
            start = reader.line_num + 1
    return found
