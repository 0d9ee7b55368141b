"""Arrow IPC and Feather, as files and as streams; the types of their columns are kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mining.errors import SourceError
from mining.messages import N_
from pipeline.options import Reading
from pipeline.sources.parquet import in_columns
from pipeline.sources.raw import RawTable, Source, cannot_read, check_width, counted_from_one, json_of_row, no_unread
from pipeline.store import QueryFault, Session, quoted


def read_arrow(db: Session, source: Source, name: str, reading: Reading) -> RawTable:
    """Read an Arrow file, batch by batch.

    Raises
    ------
    SourceError
        When it is damaged, has no rows, or holds a kind of value the database does not know.
    """
    import polars as pl
    import pyarrow as pa

    rows = quoted(f"{name}_rows")
    empty = True
    try:
        for n, batch in enumerate(_batches(source)):
            batch.validate(full=True)  # a damaged length or place would otherwise be followed, wherever it leads
            check_width(source.path, batch.num_columns)
            frame = pl.from_arrow(pa.Table.from_batches([_plain(batch)]))
            assert isinstance(frame, pl.DataFrame)
            frame.columns = [f"c{i}" for i in range(1, frame.width + 1)]
            db.register(f"{name}_batch", frame)
            made = f"CREATE TEMP TABLE {rows} AS" if n == 0 else f"INSERT INTO {rows}"
            db.execute(f"{made} FROM {quoted(name + '_batch')}")
            names = batch.schema.names
            empty = empty and not len(frame)
    except (pa.ArrowException, OSError, QueryFault, pl.exceptions.PolarsError) as error:
        raise cannot_read(source.path, error) from error
    if empty:
        raise SourceError(N_("{path} has columns but no rows. Give a file with at least one row."), path=source.path)
    found = db.rows(f"SELECT column_name, column_type FROM (DESCRIBE {rows})")
    columns, chosen = in_columns([(own, column, type_) for own, (column, type_) in zip(names, found, strict=True)])
    db.execute(f"CREATE TEMP VIEW {quoted(name)} AS SELECT rowid AS row_no, {chosen} FROM {rows}")
    unread = no_unread(db, f"{name}_unread")
    return RawTable(source, name, columns, unread, json_of_row(columns), counted_from_one)


def _batches(source: Source) -> Iterator[Any]:
    """Give the record batches of a file in either of its forms, and of the first version of Feather."""
    import pyarrow as pa
    from pyarrow import feather, ipc

    with pa.memory_map(str(source.path)) as file:
        start = file.read(6)
        file.seek(0)
        if start == b"ARROW1":
            reader = ipc.open_file(file)
            for n in range(reader.num_record_batches):
                yield reader.get_batch(n)
        elif start[:4] == b"FEA1":
            yield from feather.read_table(file).to_batches()
        else:
            yield from ipc.open_stream(file)


def _plain(batch: Any) -> Any:
    """Turn what polars or the database cannot hold into something near: durations become seconds."""
    import pyarrow as pa
    import pyarrow.compute as pc

    columns = []
    for column in batch.columns:
        if pa.types.is_duration(column.type):
            per_second = {"s": 1.0, "ms": 1e3, "us": 1e6, "ns": 1e9}[column.type.unit]
            column = pc.divide(column.cast(pa.int64()).cast(pa.float64(), safe=False), per_second)
        elif pa.types.is_timestamp(column.type) and column.type.unit == "ns":
            column = column.cast(pa.timestamp("us", column.type.tz), safe=False)
        columns.append(column)
    return pa.record_batch(columns, names=[str(n) for n in range(len(columns))])
