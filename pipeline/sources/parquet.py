"""Parquet files, read where they lie; the types of their columns are kept."""

from __future__ import annotations

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
    unique_names,
)
from pipeline.store import QueryFault, Session, literal, quoted


def read_parquet(db: Session, source: Source, name: str, reading: Reading) -> RawTable:
    """Open a Parquet file as a view.

    Raises
    ------
    SourceError
        When it is damaged or has no rows.
    """
    scan = f"read_parquet({literal(str(db.admit(source.path)))}, file_row_number = true)"
    try:
        found = db.rows(f"SELECT column_name, column_type FROM (DESCRIBE FROM {scan})")
        rows = db.value(f"SELECT count(*) FROM {scan}")
    except QueryFault as fault:
        raise cannot_read(source.path, fault) from fault
    if not rows:
        raise SourceError(N_("{path} has columns but no rows. Give a file with at least one row."), path=source.path)
    own = [(column, type_) for column, type_ in found if column != "file_row_number"]
    names = unique_names([column for column, _ in own])
    columns = tuple(RawColumn(n, f"c{i}", type_) for i, (n, (_, type_)) in enumerate(zip(names, own, strict=True), 1))
    chosen = ", ".join(f"{quoted(column)} AS c{i}" for i, (column, _) in enumerate(own, start=1))
    db.execute(f"CREATE TEMP VIEW {quoted(name)} AS SELECT file_row_number AS row_no, {chosen} FROM {scan}")
    unread = no_unread(db, f"{name}_unread")
    return RawTable(source, name, columns, unread, json_of_row(columns), counted_from_one)
