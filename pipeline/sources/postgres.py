"""A table or a query of a PostgreSQL server, given as ``postgresql://user@host/database``.

The server writes the rows as text into a file of the reading room, so that no more than a row is ever in memory here.
The password is taken from the address, from PGPASSWORD or from ~/.pgpass; it is kept nowhere.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from mining.errors import SourceError
from mining.messages import N_
from pipeline.options import Reading
from pipeline.sources.database import check_one_way, chosen_table
from pipeline.sources.raw import RawColumn, RawTable, Source, counted_from_one, json_of_row, no_unread, unique_names
from pipeline.store import Session, literal, quoted

SCHEME = re.compile(r"^postgres(ql)?://?")
BOOL = 16  # the number of the type in every server
LARGEST_ROW = 1 << 26


def address_in(name: str | Path) -> str | None:
    """Give the address of a server, if a name is one; a path has lost one of its slashes.

    Examples
    --------
    >>> address_in(Path("postgres://me@localhost/crm")), address_in("log.csv")
    ('postgresql://me@localhost/crm', None)
    """
    said = str(name)
    return SCHEME.sub("postgresql://", said) if SCHEME.match(said) else None


def shown_address(address: str) -> str:
    """Give an address without its password, and without anything said after a question mark.

    Examples
    --------
    >>> shown_address("postgresql://me:secret@db.example.org:5433/crm?sslmode=require")
    'postgresql://me@db.example.org:5433/crm'
    """
    parts = urlsplit(address)
    place = parts.netloc.rpartition("@")[2]
    user = parts.netloc.rpartition("@")[0].partition(":")[0]
    return f"postgresql://{user}@{place}{parts.path}" if user else f"postgresql://{place}{parts.path}"


def find_postgres(address: str, reading: Reading) -> Source:
    """Look at what is to be read: its digest is made by the server, of all rows, whatever their order.

    Raises
    ------
    SourceError
        When the server cannot be reached, or it is not clear what to read.
    """
    shown = shown_address(address)
    source = Source(Path(urlsplit(shown).path.strip("/") or "postgresql"), "postgresql", 0, "", shown, address=address)
    check_one_way(source, reading)
    with _connected(source) as server:
        query = _query(server, source, reading)
        count, total, size = server.execute(
            "SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)), 0), coalesce(sum(length(t::text)), 0) "
            f"FROM ({query}\n) AS t"
        ).fetchone()
        if not count:
            raise SourceError(N_("What was read of {name} has no rows."), name=source.name)
    what = reading.query or reading.table or ""
    digest = hashlib.sha256(f"{shown}\n{what}\n{count}\n{total}".encode()).hexdigest()
    return Source(source.path, source.format, int(size), digest, shown, address=address)


@contextmanager
def _connected(source: Source) -> Iterator[Any]:
    """Give a connection that can only read."""
    try:
        import psycopg
    except ImportError as error:
        raise SourceError(
            N_("PostgreSQL needs one more package. Install it with: {command}"),
            command="pip install 'desirepath[postgres]'",
        ) from error
    try:
        with psycopg.connect(source.address or "", connect_timeout=10, application_name="desirepath") as server:
            server.read_only = True
            server.execute("SET TIME ZONE 'UTC'")
            server.execute("SET DateStyle = 'ISO'")
            yield server
    except psycopg.Error as error:
        raise SourceError(
            N_("{name} could not be read: {detail}."),
            name=source.name,
            detail=str(error).strip().splitlines()[0].rstrip("."),
        ) from error


def _query(server: Any, source: Source, reading: Reading) -> str:
    """Give the query to run; the server has seen that it is a single one."""
    if reading.query is not None:
        query = reading.query.strip().rstrip(";")
    else:
        found = server.execute(
            "SELECT table_schema, table_name FROM information_schema.tables "
            "WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2"
        ).fetchall()
        tables = {(name if schema == "public" else f"{schema}.{name}"): (schema, name) for schema, name in found}
        schema, name = tables[chosen_table(source, list(tables), reading.table)]
        query = f"SELECT * FROM {quoted(schema)}.{quoted(name)}"
    server.execute(f"SELECT FROM ({query}\n) AS t LIMIT 0", prepare=True)  # several statements cannot be prepared
    return query


def read_postgres(db: Session, source: Source, name: str, reading: Reading) -> RawTable:
    """Read a table or a query of a server.

    Raises
    ------
    SourceError
        When the server cannot be reached, or refuses the query.
    """
    place = db.room / f"{name}.csv"
    with _connected(source) as server, place.open("wb") as out, server.cursor() as cursor:
        query = _query(server, source, reading)
        described = server.execute(f"SELECT * FROM ({query}\n) AS t LIMIT 0").description
        with cursor.copy(f"COPY ({query}\n) TO STDOUT WITH (FORMAT csv, FORCE_QUOTE *)") as copy:
            for part in copy:
                out.write(part)
    names = unique_names([column.name for column in described])
    columns = tuple(RawColumn(n, f"c{i}", "VARCHAR") for i, n in enumerate(names, start=1))
    flags = {c.column for c, told in zip(columns, described, strict=True) if told.type_code == BOOL}
    rows = quoted(f"{name}_rows")
    shape = ", ".join(f"{literal(c.column)}: 'VARCHAR'" for c in columns)
    large = place.stat().st_size > 1 << 21
    widest = f", max_line_size = {LARGEST_ROW}, buffer_size = {2 * LARGEST_ROW}" if large else ""
    db.execute(
        f"CREATE TEMP TABLE {rows} AS FROM read_csv({literal(str(place))}, auto_detect = false, header = false, "
        f"delim = ',', quote = '\"', escape = '\"', columns = {{{shape}}}, parallel = false{widest})"
    )
    place.unlink()
    flag = "CASE {0} WHEN 't' THEN 'true' WHEN 'f' THEN 'false' END AS {0}"
    chosen = ", ".join(flag.format(c.column) if c.column in flags else c.column for c in columns)
    db.execute(f"CREATE TEMP VIEW {quoted(name)} AS SELECT rowid AS row_no, {chosen} FROM {rows}")
    return RawTable(source, name, columns, no_unread(db, f"{name}_unread"), json_of_row(columns), counted_from_one)
