"""Parquet files, read where they lie; the types of their columns are kept."""

from __future__ import annotations

from collections.abc import Sequence

from mining.errors import SourceError
from mining.messages import N_
from pipeline.options import Reading
from pipeline.sources.raw import (
    RawColumn,
    RawTable,
    Source,
    cannot_read,
    check_width,
    counted_from_one,
    json_of_row,
    no_unread,
    unique_names,
)
from pipeline.store import QueryFault, Session, literal, quoted

NESTED = ("STRUCT", "MAP", "UNION")


def read_parquet(db: Session, source: Source, name: str, reading: Reading) -> RawTable:
    """Open a Parquet file as a view. What is nested shows as JSON; all else is scanned as it is.

    Raises
    ------
    SourceError
        When it is damaged or has no rows.
    """
    scan = f"read_parquet({literal(str(db.admit(source.path)))})"
    try:
        found = db.rows(f"SELECT column_name, column_type FROM (DESCRIBE FROM {scan})")
        rows = db.value(f"SELECT count(*) FROM {scan}")
    except QueryFault as fault:
        raise cannot_read(source.path, fault) from fault
    check_width(source.path, len(found))
    if not rows:
        raise SourceError(N_("{path} has columns but no rows. Give a file with at least one row."), path=source.path)
    columns, chosen = in_columns([(own, own, type_) for own, type_ in found])
    row = "file_row_number"
    if any(own.casefold() == row for own, _ in found):  # the name is taken, so the rows are numbered in a copy
        db.execute(f"CREATE TEMP TABLE {quoted(name + '_rows')} AS FROM {scan}")
        row, scan = "rowid", quoted(f"{name}_rows")
    else:
        scan = f"{scan[:-1]}, file_row_number = true)"
    db.execute(f"CREATE TEMP VIEW {quoted(name)} AS SELECT {row} AS row_no, {chosen} FROM {scan}")
    unread = no_unread(db, f"{name}_unread")
    return RawTable(source, name, columns, unread, json_of_row(columns), counted_from_one)


def in_columns(found: Sequence[tuple[str, str, str]]) -> tuple[tuple[RawColumn, ...], str]:
    """Give the columns ``c1..`` of typed data, and the SQL that selects them: as they are where that is possible.

    Parameters
    ----------
    found : sequence of tuple
        For each column its name for people, its name in the database and its type there.
    """
    columns, chosen = [], []
    names = unique_names([shown for shown, _, _ in found])
    for i, (shown, (_, own, type_)) in enumerate(zip(names, found, strict=True), start=1):
        sql = quoted(own)
        if type_.endswith("]") or type_.startswith(NESTED):
            sql, type_ = f"CAST(to_json({sql}) AS VARCHAR)", "VARCHAR"
        elif type_ == "BLOB":
            sql, type_ = f"CASE WHEN {sql} IS NOT NULL THEN coalesce(TRY(decode({sql})), hex({sql})) END", "VARCHAR"
        elif type_ in ("INTERVAL", "UUID", "TIME", "TIME WITH TIME ZONE", "TIME_NS", "JSON") or type_.startswith(
            "ENUM"
        ):
            sql, type_ = f"CAST({sql} AS VARCHAR)", "VARCHAR"
        columns.append(RawColumn(shown, f"c{i}", type_))
        chosen.append(f"{sql} AS c{i}")
    return tuple(columns), ", ".join(chosen)
