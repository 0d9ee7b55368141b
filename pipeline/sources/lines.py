"""Texts of which every line stands for itself: read into a table of lines, whatever is in them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import polars as pl

from pipeline.sources.quotes import without_long_lines
from pipeline.sources.raw import UNREADABLE_ROW, Source, cannot_read
from pipeline.sources.text import TextFile
from pipeline.store import QueryFault, Session, literal, quoted

NO_DELIMITERS = ("\U0010ffff", "\U0010fffe", "\U000fffff")  # no characters, and never to be any


def read_lines(db: Session, source: Source, text: TextFile, name: str) -> dict[int, str]:
    """Read a text into the table ``name_lines``: its column is ``line``, its row numbers are those of the lines.

    Returns
    -------
    dict of int to str
        Lines that are too long to be read, by number from 1: how each begins. They are empty in the table.

    Raises
    ------
    SourceError
        When it cannot be read.
    """
    place, long = text.place, {}
    if text.long_lines:
        place = db.room / f"{name}.shortened"
        long = without_long_lines(text.place, place)
    try:
        with_each_line(
            place, lambda query: db.execute(f"CREATE TEMP TABLE {quoted(name + '_lines')} AS SELECT line FROM {query}")
        )
    except QueryFault as fault:
        raise cannot_read(source.path, fault) from fault
    return long


def with_each_line(place: Path, use: Callable[[str], None], room: str = "") -> None:
    """Have `use` run a query on what gives the lines of a text, whole, with a delimiter that is not in it.

    Raises
    ------
    QueryFault
        When it cannot be read.
    """
    for mark in NO_DELIMITERS:
        try:
            use(
                f"read_csv({literal(str(place))}, auto_detect = false, header = false, quote = '', escape = '', "
                f"delim = '{mark}', columns = {{'line': 'VARCHAR'}}, nullstr = '', null_padding = true{room})"
            )
            return
        except QueryFault as fault:
            if mark == NO_DELIMITERS[-1] or "Expected Number of Columns" not in str(fault):
                raise


def keep_unread(db: Session, name: str, bad: str, long: dict[int, str]) -> None:
    """Make the table of unread rows: the lines for which `bad` is true in SQL, blank ones aside, and those too long."""
    frame = pl.DataFrame({"line_no": list(long), "raw": list(long.values())}, {"line_no": pl.Int64, "raw": pl.String})
    db.register(f"{name}_long", frame)
    db.execute(
        f"CREATE TEMP TABLE {quoted(name + '_unread')} AS "
        f"SELECT rowid + 1 AS line_no, {literal(UNREADABLE_ROW)} AS reason, line AS raw "
        f"FROM {quoted(name + '_lines')} WHERE ({bad}) AND trim(line) <> '' "
        f"UNION ALL SELECT line_no, {literal(UNREADABLE_ROW)}, raw FROM {quoted(name + '_long')}"
    )


def lines_of(db: Session, name: str, rows: Sequence[int]) -> dict[int, int]:
    """Give the lines of rows, where the table ``name_rows`` has them as ``line_no``."""
    found = db.rows(
        f"SELECT r.rowid, r.line_no FROM {quoted(name + '_rows')} AS r "
        "JOIN (SELECT unnest($rows) AS wanted) ON wanted = r.rowid",
        {"rows": list(rows)},
    )
    return dict(found)
