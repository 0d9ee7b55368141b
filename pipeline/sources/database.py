"""A table, a view or a query of another database: a DuckDB or SQLite file.

Nothing is changed there: both are opened for reading alone, and a query may only select.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from difflib import get_close_matches
from typing import Any

import polars as pl

from mining.errors import SourceError
from mining.messages import N_
from pipeline.options import Reading
from pipeline.sources.parquet import in_columns
from pipeline.sources.raw import (
    RawColumn,
    RawTable,
    Source,
    cannot_read,
    counted_from_one,
    json_of_row,
    no_unread,
    unique_names,
)
from pipeline.store import QueryFault, Session, literal, quoted

BATCH = 50_000
WORKSPACE = {"meta", "events", "journeys", "variants"}
OTHER = "other_database"
ALLOWED = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
ONE_SELECT = N_("only one SELECT may be given")


def chosen_table(source: Source, known: Sequence[str], wanted: str | None) -> str:
    """Give the table to read: the one asked for, or the only one there is.

    Raises
    ------
    SourceError
        Naming the tables there are.
    """
    if wanted is None and len(known) == 1:
        return known[0]
    if not known:
        raise SourceError(N_("{name} holds no table."), name=source.name)
    tables = ", ".join(known[:50]) + (", …" if len(known) > 50 else "")
    if wanted is None:
        raise SourceError(
            N_("{name} holds {n} tables. Choose one with --table, or select with --query. They are: {tables}."),
            name=source.name,
            n=len(known),
            tables=tables,
            choices=tuple(known),
        )
    found = [n for n in known if n == wanted] or [n for n in known if n.casefold() == wanted.casefold()]
    if len(found) == 1:
        return found[0]
    near = get_close_matches(wanted, known, n=1)
    raise SourceError(
        N_("{name} has no table {wanted!r}. Did you mean {near!r}? Its tables are: {tables}.")
        if near
        else N_("{name} has no table {wanted!r}. Its tables are: {tables}."),
        name=source.name,
        wanted=wanted,
        near=near[0] if near else "",
        tables=tables,
    )


def check_one_way(source: Source, reading: Reading) -> None:
    """Refuse a table and a query at once."""
    if reading.table is not None and reading.query is not None:
        raise SourceError(N_("Give either --table or --query for {name}, not both."), name=source.name)


def _query_failed(source: Source, error: object) -> SourceError:
    return SourceError(
        N_("The query on {name} failed: {detail}."),
        name=source.name,
        detail=str(error).splitlines()[0].rstrip("."),
    )


def _refuse_workspace(source: Source, tables: set[str]) -> None:
    if tables >= WORKSPACE:
        raise SourceError(
            N_("{path} is a workspace, not a log. Open it as the workspace, or load the files it was made from."),
            path=source.path,
        )


# --- DuckDB ---


def read_duckdb(db: Session, source: Source, name: str, reading: Reading) -> RawTable:
    """Read a table or a query of a DuckDB file.

    Raises
    ------
    SourceError
        When it is a workspace, cannot be opened, or it is not clear what to read.
    """
    check_one_way(source, reading)
    if source.path.with_name(source.path.name + ".wal").exists():
        raise SourceError(
            N_("{path} is in use, or was not closed: some of it still lies in {wal}. Close it in its program first."),
            path=source.path,
            wal=source.path.name + ".wal",
        )
    home = db.value("SELECT current_database()")
    try:
        db.execute(f"ATTACH {literal(str(db.admit(source.path)))} AS {OTHER} (READ_ONLY)")
    except QueryFault as fault:
        raise cannot_read(source.path, fault) from fault
    try:
        db.execute(f"USE {OTHER}")
        _copy_from_duckdb(db, source, name, reading)
    finally:
        db.execute(f"USE {quoted(home)}")
        db.execute(f"DETACH {OTHER}")
    return _typed_table(db, source, name)


def _copy_from_duckdb(db: Session, source: Source, name: str, reading: Reading) -> None:
    """Copy what is asked for into a temporary table; the other database is the current one meanwhile."""
    found = db.rows(
        f"SELECT CASE schema_name WHEN 'main' THEN t ELSE schema_name || '.' || t END, schema_name, t FROM ("
        f"SELECT schema_name, table_name AS t FROM duckdb_tables() WHERE database_name = '{OTHER}' AND NOT internal "
        f"UNION ALL SELECT schema_name, view_name FROM duckdb_views() WHERE database_name = '{OTHER}' AND NOT internal"
        ") ORDER BY 1"
    )
    _refuse_workspace(source, {shown for shown, _, _ in found})
    if reading.query is None:
        wanted = chosen_table(source, [shown for shown, _, _ in found], reading.table)
        schema, table = next((s, t) for shown, s, t in found if shown == wanted)
        query = f"SELECT * FROM {OTHER}.{quoted(schema)}.{quoted(table)}"
    else:
        query = _one_select(db, source, reading.query)
    try:
        db.execute(f"CREATE TEMP TABLE {quoted(name + '_rows')} AS SELECT * FROM ({query}\n)")
    except QueryFault as fault:
        raise _query_failed(source, fault) if reading.query else cannot_read(source.path, fault) from fault


def _one_select(db: Session, source: Source, query: str) -> str:
    """See that a query is one statement that selects, and nothing besides."""
    query = query.strip().rstrip(";")
    counted = "SELECT json_extract_string(j, '$.error_message'), json_array_length(j, '$.statements') FROM (SELECT "
    said, statements = db.rows(counted + "CAST(json_serialize_sql($q) AS JSON) AS j)", {"q": query})[0]
    if said and not said.startswith("Only SELECT"):
        raise _query_failed(source, said)
    if statements != 1:
        raise _query_failed(source, ONE_SELECT)
    return query


def _typed_table(db: Session, source: Source, name: str) -> RawTable:
    """Give a temporary table as a raw table."""
    rows = quoted(f"{name}_rows")
    found = db.rows(f"SELECT column_name, column_type FROM (DESCRIBE {rows})")
    return _raw(db, source, name, *in_columns([(own, own, type_) for own, type_ in found]))


def _raw(db: Session, source: Source, name: str, columns: tuple[RawColumn, ...], chosen: str) -> RawTable:
    rows = quoted(f"{name}_rows")
    if not db.value(f"SELECT count(*) FROM {rows}"):
        raise SourceError(N_("What was read of {name} has no rows."), name=source.name)
    db.execute(f"CREATE TEMP VIEW {quoted(name)} AS SELECT rowid AS row_no, {chosen} FROM {rows}")
    return RawTable(source, name, columns, no_unread(db, f"{name}_unread"), json_of_row(columns), counted_from_one)


# --- SQLite ---


def read_sqlite(db: Session, source: Source, name: str, reading: Reading) -> RawTable:
    """Read a table or a query of an SQLite file, in batches; its values have types of their own, so all become text.

    Raises
    ------
    SourceError
        When it is damaged, or it is not clear what to read.
    """
    check_one_way(source, reading)
    for decode in (str, _forgiving):
        try:
            with closing(sqlite3.connect(f"{source.path.resolve().as_uri()}?mode=ro", uri=True)) as other:
                other.text_factory = decode
                other.set_authorizer(lambda action, *_: sqlite3.SQLITE_OK if action in ALLOWED else sqlite3.SQLITE_DENY)
                return _from_sqlite(db, other, source, name, reading)
        except sqlite3.Error as error:
            if decode is str and "decode to UTF-8" in str(error):
                continue
            if reading.query is not None and not isinstance(error, sqlite3.DatabaseError):
                raise _query_failed(source, error) from error
            raise cannot_read(source.path, error) from error
    raise AssertionError  # the second way of decoding has no such fault


def _forgiving(content: bytes) -> str:
    return content.decode("utf-8", errors="replace")


def _from_sqlite(db: Session, other: sqlite3.Connection, source: Source, name: str, reading: Reading) -> RawTable:
    known = other.execute(
        "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
        "ORDER BY name"
    )
    tables = [table for (table,) in known]
    if reading.query is None:
        cursor = other.execute(f"SELECT * FROM {quoted(chosen_table(source, tables, reading.table))}")
    else:
        try:
            cursor = other.execute(reading.query)
        except (sqlite3.Error, sqlite3.Warning) as error:
            refused = str(error) == "not authorized"
            raise _query_failed(source, ONE_SELECT if refused else error) from error
        if cursor.description is None:
            raise _query_failed(source, ONE_SELECT)
    names = unique_names([column[0] for column in cursor.description])
    columns = tuple(RawColumn(n, f"c{i}", "VARCHAR") for i, n in enumerate(names, start=1))
    rows = quoted(f"{name}_rows")
    db.execute(f"CREATE OR REPLACE TEMP TABLE {rows} ({', '.join(f'{c.column} VARCHAR' for c in columns)})")
    for frame in _frames(cursor, columns):
        db.register(f"{name}_batch", frame)
        db.execute(f"INSERT INTO {rows} FROM {quoted(name + '_batch')}")
    return _raw(db, source, name, columns, ", ".join(c.column for c in columns))


def _frames(cursor: sqlite3.Cursor, columns: Sequence[RawColumn]) -> Iterator[pl.DataFrame]:
    """Give the rows of a cursor, so many at a time."""
    while batch := cursor.fetchmany(max(1, BATCH * 10 // (10 + len(columns)))):
        yield pl.DataFrame(
            [_text(column.column, values) for column, values in zip(columns, zip(*batch, strict=True), strict=True)]
        )


def _text(name: str, values: Sequence[Any]) -> pl.Series:
    """Give the values of one column as text: numbers with all their digits, bytes as text where they are text."""
    kinds = set(map(type, values)) - {type(None)}
    if kinds <= {str}:
        return pl.Series(name, values, dtype=pl.String)
    if kinds == {int}:
        return pl.Series(name, values, dtype=pl.Int64).cast(pl.String)
    if kinds == {float}:
        return pl.Series(name, values, dtype=pl.Float64).cast(pl.String)
    return pl.Series(name, [_shown(value) for value in values], dtype=pl.String)


def _shown(value: Any) -> str | None:
    if isinstance(value, bytes):
        try:
            return value.decode("utf-8")
        except UnicodeDecodeError:
            return value.hex()
    return None if value is None else str(value)
