"""Parquet and Arrow: types are kept, what is nested shows as JSON, and damage is told."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import feather, ipc

from mining.errors import SourceError
from pipeline.options import Reading
from pipeline.sources import find, read
from pipeline.store import Workspace

Write = Callable[..., Path]
AT = dt.datetime(2026, 1, 31, 8, 30, 15, 123456)
ZONE = dt.timezone(dt.timedelta(hours=7))


@cache
def empty_workspace() -> Workspace:
    """Give one workspace for all readings: nothing of them is kept."""
    return Workspace()


def loaded(path: Path) -> tuple[dict[str, str], list[tuple[Any, ...]]]:
    """Give the columns with their types, and the rows."""
    with empty_workspace().change(keep=False) as db:
        raw = read(db, find([path])[0], "raw", Reading())
        rows = db.rows(f"SELECT {', '.join(c.column for c in raw.columns)} FROM raw ORDER BY row_no")
        assert db.rows("SELECT row_no FROM raw ORDER BY 1") == [(n,) for n in range(len(rows))]
        assert raw.lines([0]) == {0: 1}
        assert db.value(f"SELECT count(*) FROM (SELECT {raw.raw} AS r FROM raw) WHERE json_valid(r)") == len(rows)
        return {c.name: c.type for c in raw.columns}, rows


TABLE = pa.table(
    {
        "case": pa.array(["1", "NA", None]).dictionary_encode(),
        "large": pa.array(["x", "đ", None], pa.large_string()),
        "ns": pa.array([AT, None, AT], pa.timestamp("ns")),
        "zoned": pa.array([AT.replace(tzinfo=ZONE), None, None], pa.timestamp("us", "Asia/Ho_Chi_Minh")),
        "day": pa.array([AT.date(), None, None], pa.date32()),
        "took": pa.array([dt.timedelta(seconds=90), None, None], pa.duration("ms")),
        "n": pa.array([2**53 + 1, None, -1], pa.int64()),
        "u": pa.array([2**64 - 1, None, 0], pa.uint64()),
        "x": pa.array([0.5, None, 1e300]),
        "yes": pa.array([True, None, False]),
        "list": pa.array([[1, 2], None, []], pa.list_(pa.int32())),
        "struct": pa.array([{"a": 1, "b": ["x"]}, None, {"a": None, "b": []}]),
    }
)
SHARED = {
    "case": ("1", "NA", None),
    "large": ("x", "đ", None),
    "day": (AT.date(), None, None),
    "n": (2**53 + 1, None, -1),
    "u": (2**64 - 1, None, 0),
    "x": (0.5, None, 1e300),
    "yes": (True, None, False),
}


def written(folder: Path, form: str) -> Path:
    """Write the table in one of its forms."""
    path = folder / f"log.{form}"
    if form == "parquet":
        pq.write_table(TABLE.drop(["took"]), path, row_group_size=1, version="2.6")
    elif form == "int96":
        pq.write_table(TABLE.drop(["took"]), path, use_deprecated_int96_timestamps=True)
    elif form == "feather":
        feather.write_feather(TABLE, path, compression="zstd")
    else:
        make = ipc.new_file if form == "arrow" else ipc.new_stream
        with make(path, TABLE.schema) as out:
            for batch in TABLE.to_batches(max_chunksize=2):
                out.write_batch(batch)
    return path


@pytest.mark.parametrize("form", ["parquet", "int96", "feather", "arrow", "stream"])
def test_every_type(tmp_path: Path, form: str) -> None:
    """Values are as they were, whichever file they come from."""
    types, rows = loaded(written(tmp_path, form))
    found = dict(zip(types, zip(*rows, strict=True), strict=True))
    assert {name: found[name] for name in SHARED} == SHARED
    assert [json.loads(v) if v else None for v in found["list"]] == [[1, 2], None, []]
    assert [json.loads(v) if v else None for v in found["struct"]] == [{"a": 1, "b": ["x"]}, None, {"a": None, "b": []}]
    assert types["ns"].startswith("TIMESTAMP")
    assert types["list"] == types["struct"] == types["case"] == "VARCHAR"
    assert str(found["ns"][0]).startswith("2026-01-31 08:30:15.123456")
    if form == "int96":  # has no zones
        assert str(found["zoned"][0]).startswith("2026-01-31 01:30:15.123456")
    else:
        assert types["zoned"] == "TIMESTAMP WITH TIME ZONE"
        assert found["zoned"][0] == AT.replace(tzinfo=ZONE)
    if form not in ("parquet", "int96"):
        assert found["took"] == (90.0, None, None)


def test_a_parquet_file_stays_a_plain_scan(tmp_path: Path) -> None:
    """Flat columns are handed on as they lie, so that a load costs no more than the file."""
    path = tmp_path / "log.parquet"
    pl.DataFrame({"case": ["1"], "what": ["a"], "at": [AT], "n": [1]}).write_parquet(path)
    with empty_workspace().change(keep=False) as db:
        read(db, find([path])[0], "raw", Reading())
        view = db.value("SELECT sql FROM duckdb_views() WHERE view_name = 'raw'")
        assert "CAST" not in view.upper()


def test_names_twice_and_binary(tmp_path: Path) -> None:
    """Equal names are told apart; bytes show as text where they are text."""
    table = pa.table([pa.array([b"abc", b"\xff\x00"]), pa.array([1, 2])], names=["a", "a"])
    with ipc.new_file(tmp_path / "log.arrow", table.schema) as out:
        out.write_table(table)
    types, rows = loaded(tmp_path / "log.arrow")
    assert types == {"a": "VARCHAR", "a_1": "BIGINT"}
    assert rows == [("abc", 1), ("FF00", 2)]


def test_nothing_in_it(tmp_path: Path) -> None:
    """Columns without rows are no log."""
    feather.write_feather(TABLE.slice(0, 0), tmp_path / "log.feather")
    pq.write_table(TABLE.drop(["took"]).slice(0, 0), tmp_path / "log.parquet")
    for name in ("log.feather", "log.parquet"):
        with pytest.raises(SourceError, match="has columns but no rows"):
            loaded(tmp_path / name)


@settings(max_examples=40)
@given(st.sampled_from(["parquet", "arrow", "stream", "feather"]), st.randoms(use_true_random=False))
def test_damage_is_told(tmp_path_factory: pytest.TempPathFactory, form: str, random: Any) -> None:
    """A file that was cut off or changed ends in rows or an error, not in a crash."""
    path = written(tmp_path_factory.mktemp("typed"), form)
    content = bytearray(path.read_bytes())
    for _ in range(random.randint(0, 3)):
        content[random.randrange(8, len(content))] = random.randrange(256)
    path.write_bytes(bytes(content[: random.randint(8, len(content))]))
    try:
        _, rows = loaded(path)
    except SourceError:
        return
    assert rows
