"""Spreadsheets: one sheet with a header somewhere near its top. Nothing in a cell is ever run.

Formulas give the values that were saved with them. Every value becomes text as a person would write it, so that a
number in a column of ids is not 123.0; only columns that hold nothing but dates become times.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any

import polars as pl

from mining.errors import SourceError
from mining.messages import N_, Message
from pipeline.options import Reading
from pipeline.sources.raw import (
    RawColumn,
    RawTable,
    Source,
    cannot_read,
    check_width,
    json_of_row,
    no_unread,
    unique_names,
)
from pipeline.sources.spreadsheet_guard import check_spreadsheet
from pipeline.store import Session, quoted

BATCH = 500_000  # cells
DATES = {dt.datetime, dt.date}
TOP = 50  # rows in which the header is looked for
FILLED = 0.6  # share of the widest of these rows that a header fills

Row = list[Any]


def read_spreadsheet(db: Session, source: Source, name: str, reading: Reading) -> RawTable:
    """Read one sheet; its rows have the numbers that the spreadsheet shows.

    Raises
    ------
    SourceError
        When it is locked by a password, damaged, too large, has no such sheet, or no rows.
    """
    book = opened_book(source.path)
    sheet, notes = _chosen(book, source, reading.sheet)
    rows = enumerate(sheet.iter_rows(), start=1)
    top = list(islice(rows, TOP))
    header, first = _header(*_merged(top, sheet))
    check_width(source.path, len(header))
    dates, others = _fill(db, name, len(header), chain(top[first:], rows))
    if not db.value(f"SELECT count(*) FROM {quoted(name + '_rows')}"):
        raise _without_rows(source, sheet.name, book.sheet_names)
    kept = [i for i, text in enumerate(header, start=1) if text or i in dates | others]
    columns = tuple(
        RawColumn(n, f"c{i}", "TIMESTAMP" if i in dates - others else "VARCHAR")
        for n, i in zip(unique_names([header[i - 1] for i in kept]), kept, strict=True)
    )
    chosen = ", ".join(f"CAST({c.column} AS {c.type}) AS {c.column}" for c in columns)
    db.execute(f"CREATE TEMP VIEW {quoted(name)} AS SELECT rowid AS row_no, {chosen} FROM {quoted(name + '_rows')}")
    unread = no_unread(db, f"{name}_unread")
    return RawTable(
        source, name, columns, unread, json_of_row(columns), lambda rows: _lines(db, f"{name}_rows", rows), notes
    )


def _without_rows(source: Source, sheet: str, known: Sequence[str]) -> SourceError:
    """Say that a sheet has nothing but a header, and which sheets there are besides."""
    others = ", ".join(name for name in known if name != sheet)
    if not others:
        return SourceError(N_("{path} has columns but no rows. Give a file with at least one row."), path=source.path)
    return SourceError(
        N_("The sheet {sheet!r} of {path} has columns but no rows. Choose another with --sheet: {others}."),
        sheet=sheet,
        path=source.path,
        others=others,
    )


def opened_book(path: Path) -> Any:
    """Open the file, or say what is in the way."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    check_spreadsheet(path)
    try:
        return CalamineWorkbook.from_path(str(path))
    except PasswordError as error:
        raise SourceError(
            N_("{path} is locked by a password. Save it without one, or save the sheet as CSV."), path=path
        ) from error
    except (CalamineError, OSError, ValueError) as error:
        raise cannot_read(path, error) from error


def _chosen(book: Any, source: Source, wanted: str | None) -> tuple[Any, tuple[Message, ...]]:
    """Give the sheet that was asked for, or the first with rows, and a note that names the others."""
    known: list[str] = list(book.sheet_names)
    if wanted is not None:
        near = [n for n in known if n == wanted] or [n for n in known if n.strip().casefold() == wanted.casefold()]
        if len(near) != 1:
            raise SourceError(
                N_("{path} has no sheet {sheet!r}. Its sheets are: {known}."),
                path=source.path,
                sheet=wanted,
                known=", ".join(known),
            )
        sheet = _sheet(book, source.path, near[0])
        if not sheet.height:
            raise SourceError(N_("The sheet {sheet!r} of {path} is empty."), sheet=near[0], path=source.path)
        return sheet, ()
    filled = (sheet for sheet in (_sheet(book, source.path, name) for name in known) if sheet.height)
    sheet = next(filled, None)
    if sheet is None:
        raise SourceError(N_("{path} has no sheet with rows."), path=source.path)
    others = [name for name in known if name != sheet.name]
    if not others:
        return sheet, ()
    note = N_("{name}: the sheet {sheet!r} was read. It also has: {others}. Choose another with --sheet.")
    return sheet, (Message(note, name=source.name, sheet=sheet.name, others=", ".join(others), choices=tuple(known)),)


def _sheet(book: Any, path: Path, name: str) -> Any:
    from python_calamine import CalamineError

    try:
        return book.get_sheet_by_name(name)
    except (CalamineError, OSError, ValueError) as error:
        raise cannot_read(path, error) from error


def _merged(top: Sequence[tuple[int, Row]], sheet: Any) -> tuple[list[Row], set[int]]:
    """Give the first rows with the value of merged cells in each of them, and which rows have cells merged sideways."""
    grid = [list(row) for _, row in top]
    sideways = set[int]()
    left = (sheet.start or (0, 0))[1]
    for (r1, c1), (r2, c2) in sheet.merged_cell_ranges or ():
        if r1 >= len(grid) or not left <= c1 < left + sheet.width:
            continue
        if c2 > c1:
            sideways.add(r1)
        for r in range(r1, min(r2 + 1, len(grid))):
            for c in range(c1 - left, min(c2 + 1 - left, sheet.width)):
                grid[r][c] = grid[r1][c1 - left]
    return grid, sideways


def _header(grid: Sequence[Row], sideways: set[int]) -> tuple[list[str], int]:
    """Give the names of the columns, and the place of the first row below them.

    Titles fill little of the width. A header of two rows has cells merged sideways above: its names are joined.
    """
    texts = [[cell_text(value) or "" for value in row] for row in grid]
    wide = max(sum(map(bool, row)) for row in texts)
    for place, row in enumerate(texts):
        is_title = wide > 1 and len(set(filter(None, row))) == 1
        if sum(map(bool, row)) < FILLED * wide or is_title:
            continue
        if place in sideways and place + 1 < len(texts):
            below = texts[place + 1]
            return [a if a == b or not b else f"{a} {b}".strip() for a, b in zip(row, below, strict=True)], place + 2
        return row, place + 1
    return [""] * len(texts[0]), 0


def _fill(db: Session, name: str, width: int, rows: Iterator[tuple[int, Row]]) -> tuple[set[int], set[int]]:
    """Write the rows that are not blank; give the columns that hold dates, and those that hold anything else."""
    schema = {"line_no": pl.Int64, **{f"c{i}": pl.String for i in range(1, width + 1)}}
    dates, others = set[int](), set[int]()
    table = quoted(f"{name}_rows")
    listed = ", ".join(f"{c} {'UBIGINT' if c == 'line_no' else 'VARCHAR'}" for c in schema)
    db.execute(f"CREATE TEMP TABLE {table} ({listed})")
    while batch := list(islice(rows, max(1, BATCH // width))):
        columns: dict[str, list[Any]] = {"line_no": [line for line, _ in batch]}
        for i, values in enumerate(zip(*(row for _, row in batch), strict=True), start=1):
            kinds = {type(value) for value in values if value != ""}
            if kinds & DATES:
                dates.add(i)
            columns[f"c{i}"] = [cell_text(value) for value in values]
            if kinds - DATES and any(cell_text(value) for value in values if type(value) not in DATES):
                others.add(i)
        frame = pl.DataFrame(columns, schema=schema)
        frame = frame.filter(pl.any_horizontal(pl.exclude("line_no").is_not_null()))
        db.register(f"{name}_batch", frame)
        db.execute(f"INSERT INTO {table} FROM {quoted(name + '_batch')}")
    return dates, others


def cell_text(value: object) -> str | None:
    """Give a cell as text.

    Examples
    --------
    >>> cell_text(123.0), cell_text(0.1 + 0.2), cell_text("00123"), cell_text("  "), cell_text(True)
    ('123', '0.3', '00123', None, 'true')
    """
    if isinstance(value, str):
        return value if value.strip() else None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):  # a spreadsheet keeps fifteen digits
        return str(int(value)) if value.is_integer() else format(value, ".15g")
    if isinstance(value, dt.datetime):
        return value.isoformat(" ")
    if isinstance(value, dt.date):
        return f"{value.isoformat()} 00:00:00"
    if isinstance(value, dt.timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"
    return str(value)


def _lines(db: Session, table: str, rows: Sequence[int]) -> dict[int, int]:
    """Give rows the numbers that the spreadsheet shows."""
    found = db.rows(
        f"SELECT r.rowid, r.line_no FROM {quoted(table)} AS r "
        "JOIN (SELECT unnest($rows) AS wanted) ON wanted = r.rowid",
        {"rows": list(rows)},
    )
    return dict(found)
