"""Tables and queries of other databases, read from real ones."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mining.errors import SourceError
from pipeline.options import Reading
from pipeline.sources import find, read
from pipeline.sources.postgres import find_postgres, shown_address
from pipeline.store import Workspace

Write = Callable[..., Path]
EVENTS = [("1", "visit", "2026-01-01 08:00:00"), ("1", "buy", "2026-01-02 08:00:00"), ("2", "đổi", None)]


def loaded(file: str | Path, **reading: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Give the names of the columns and the rows."""
    how = Reading(**reading)
    with Workspace() as workspace, workspace.change(keep=False) as db:
        raw = read(db, find([file], how)[0], "raw", how)
        rows = db.rows(f"SELECT {', '.join(c.column for c in raw.columns)} FROM raw ORDER BY row_no")
        return [c.name for c in raw.columns], rows


def in_sqlite(path: Path, *statements: str) -> Path:
    """Make an SQLite file with the events, and what else is said."""
    with closing(sqlite3.connect(path)) as db, db:
        db.execute('CREATE TABLE "log" ("case" TEXT, what TEXT, seen TEXT)')
        db.executemany("INSERT INTO log VALUES (?, ?, ?)", EVENTS)
        for statement in statements:
            db.execute(statement)
    return path


def in_duckdb(path: Path, *statements: str) -> Path:
    """Make a DuckDB file with the events, and what else is said."""
    with duckdb.connect(str(path)) as db:
        db.execute('CREATE TABLE log ("case" VARCHAR, what VARCHAR, seen TIMESTAMP)')
        db.executemany("INSERT INTO log VALUES (?, ?, ?)", EVENTS)
        for statement in statements:
            db.execute(statement)
    return path


TIMED = [(c, w, t and dt.datetime.fromisoformat(t)) for c, w, t in EVENTS]


@pytest.mark.parametrize(("make", "rows"), [(in_sqlite, EVENTS), (in_duckdb, TIMED)])
def test_files(tmp_path: Path, make: Callable[..., Path], rows: list[tuple[Any, ...]]) -> None:
    """The only table needs no name; of several one is chosen, or a query is run; nothing else is possible."""
    assert loaded(make(tmp_path / "one.db")) == (["case", "what", "seen"], rows)
    path = make(tmp_path / "two", "CREATE VIEW late AS SELECT * FROM log WHERE what <> 'visit'")
    assert loaded(path, table="late")[1] == rows[1:]
    assert loaded(path, table="LOG")[1] == rows
    query = "SELECT what, count(*) AS n FROM log GROUP BY 1 ORDER BY 1;"
    assert [(w, str(n)) for w, n in loaded(path, query=query)[1]] == [("buy", "1"), ("visit", "1"), ("đổi", "1")]
    for reading, said in (
        ({}, "holds 2 tables. Choose one with --table, or select with --query. They are: late, log"),
        ({"table": "logs"}, "has no table 'logs'. Did you mean 'log'"),
        ({"table": "log", "query": query}, "either --table or --query"),
        ({"query": "SELECT nothing FROM log"}, "The query on two failed: "),
        ({"query": "DELETE FROM log"}, "The query on two failed|cannot be read"),
        ({"query": "SELECT 1; SELECT 2"}, "The query on two failed: (only one SELECT|You can only execute one)"),
        ({"query": "DROP TABLE log"}, "The query on two failed: only one SELECT may be given"),
        ({"query": "SELECT 1); DROP TABLE log; --"}, "The query on two failed"),
        ({"query": "ATTACH 'x.db' AS x"}, "The query on two failed"),
        ({"query": "SELECT * FROM log WHERE false"}, "has no rows"),
    ):
        with pytest.raises(SourceError, match=said):
            loaded(path, **reading)
    assert loaded(path, table="log")[1] == rows


def test_a_load_goes_through(tmp_path: Path) -> None:
    """From a table to journeys; a second table of the same file is another log, the same one is not."""
    path = in_sqlite(
        tmp_path / "crm.sqlite", "CREATE TABLE more AS SELECT '9' AS 'case', what, seen FROM log WHERE seen > ''"
    )
    with Workspace() as workspace:
        names = {"journey": "case", "activity": "what", "time": "seen"}
        assert workspace.ingest(path, table="log", **names).rows_kept == 2
        assert workspace.ingest(path, table="log", append=True, **names).skipped == ("crm.sqlite",)
        assert workspace.ingest(path, table="more", append=True, **names).journeys == 2


def test_types_of_duckdb_are_kept(tmp_path: Path) -> None:
    """Typed columns stay typed; nested ones show as JSON; schemas are named."""
    path = in_duckdb(
        tmp_path / "x.duckdb",
        "CREATE SCHEMA s",
        "CREATE TABLE s.t AS SELECT 9007199254740993 AS n, [1, 2] AS l, {'a': 1} AS s, "
        "TIMESTAMPTZ '2026-01-01 07:00+07' AS z",
    )
    names, rows = loaded(path, table="s.t")
    assert names == ["n", "l", "s", "z"]
    assert rows == [(9007199254740993, "[1,2]", '{"a":1}', dt.datetime(2026, 1, 1, tzinfo=dt.UTC))]


def test_what_is_no_log(tmp_path: Path, write: Write) -> None:
    """A workspace, an empty database, a damaged one, one in use: each is told."""
    with Workspace(tmp_path / "shop.duckdb") as workspace:
        workspace.ingest(write("case,activity,time\n1,a,2026-01-01\n"))
    with pytest.raises(SourceError, match="is a workspace, not a log"):
        loaded(tmp_path / "shop.duckdb")
    duckdb.connect(str(tmp_path / "empty.duckdb")).close()
    with pytest.raises(SourceError, match="holds no table"):
        loaded(tmp_path / "empty.duckdb")
    for name, make in (("a.duckdb", in_duckdb), ("a.sqlite", in_sqlite)):
        content = make(tmp_path / name, "CREATE TABLE b AS SELECT * FROM log").read_bytes()
        with pytest.raises(SourceError):
            loaded(write(content[:5000], f"cut_{name}"))
    (tmp_path / "a.duckdb.wal").write_bytes(b"x")
    with pytest.raises(SourceError, match=r"still lies in a\.duckdb\.wal"):
        loaded(tmp_path / "a.duckdb")


CELLS = (
    st.none()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False)
    | st.text(max_size=6)
    | st.binary(max_size=4)
)


@settings(max_examples=30)
@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=8))
def test_every_value_of_sqlite_comes_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[Any, Any]]
) -> None:
    """A column may hold anything; numbers keep their digits."""
    path = tmp_path_factory.mktemp("db") / "x.db"
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("CREATE TABLE t (a, b)")
        db.executemany("INSERT INTO t VALUES (?, ?)", rows)
    for found, wanted in zip(loaded(path)[1], rows, strict=True):
        for one, other in zip(found, wanted, strict=True):
            if isinstance(other, float):
                assert float(one) == other
            elif isinstance(other, bytes):
                assert one in (other.decode(errors="replace"), other.hex())
            else:
                assert one == (None if other is None else str(other))


# --- PostgreSQL ---


def _program(name: str) -> str | None:
    """Find a program of the server, which is seldom in the path."""
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((str(p / name) for p in places if (p / name).exists()), shutil.which(name))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start a server of its own, and give its address."""
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    initdb, postgres = _program("initdb"), _program("postgres")
    if initdb is None or postgres is None:
        pytest.skip("no PostgreSQL server is installed")
    folder = tmp_path_factory.mktemp("pg")
    user: dict[str, Any] = {}
    if os.geteuid() == 0:  # the server refuses to run as root
        try:
            shutil.chown(folder, "postgres")
        except LookupError:
            pytest.skip("a PostgreSQL server does not run as root, and there is no user postgres")
        for above in folder.parents:
            if above.stat().st_uid:
                break
            if above.name.startswith(("pytest", "popen")):
                above.chmod(0o755)
        user = {"user": "postgres", "group": "postgres"}
    data = folder / "data"
    subprocess.run(
        [initdb, "-D", data, "-U", "me", "-A", "trust", "-N"], check=True, capture_output=True, cwd=folder, **user
    )
    command = [postgres, "-D", data, "-k", folder, "-c", "listen_addresses=", "-F"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder, **user) as running:
        try:
            yield _filled(folder)
        finally:
            running.terminate()


def _filled(folder: Path) -> str:
    """Wait for the server, and make some tables."""
    import time

    import psycopg

    address = f"postgresql://me:secret@/postgres?host={folder}"
    for _ in range(100):
        try:
            db = psycopg.connect(address, autocommit=True)
            break
        except psycopg.OperationalError:
            time.sleep(0.1)
    with db:
        db.execute(
            'CREATE TABLE log ("case" text, what text, at timestamptz, n bigint, x numeric, ok boolean, j jsonb)'
        )
        db.execute(
            "INSERT INTO log VALUES "
            "('1', 'vi\"s,\nit', '2026-01-01 08:00+07', 9007199254740993, 0.10, true, '{\"a\": 1}'),"
            " ('1', '', '2026-01-01 08:00:00.5+00', NULL, NULL, false, NULL)"
        )
        db.execute("CREATE SCHEMA crm; CREATE TABLE crm.many AS SELECT g AS id FROM generate_series(1, 200000) AS g")
        db.execute("CREATE TABLE crm.none (id int)")
    return address


def test_postgres_tables_and_queries(server: str) -> None:
    """Values come as text with all their digits; a table is chosen by name, or a query is run."""
    names, rows = loaded(server, table="log")
    assert names == ["case", "what", "at", "n", "x", "ok", "j"]
    assert rows == [
        ("1", 'vi"s,\nit', "2026-01-01 01:00:00+00", "9007199254740993", "0.10", "true", '{"a": 1}'),
        ("1", rows[1][1], "2026-01-01 08:00:00.5+00", None, None, "false", None),
    ]
    assert not rows[1][1]
    assert len(loaded(server, table="crm.many")[1]) == 200_000
    assert loaded(server, query="SELECT id % 3 AS m, 100 % 7 AS p FROM crm.many WHERE id < 3 ORDER BY id")[1] == [
        ("1", "2"),
        ("2", "2"),
    ]


@pytest.mark.parametrize(
    ("reading", "said"),
    [
        ({}, "holds 3 tables. Choose one"),
        ({"table": "crm.man"}, "Did you mean 'crm.many'"),
        ({"table": "crm.none"}, "has no rows"),
        ({"query": "SELECT nothing"}, 'column "nothing" does not exist'),
        ({"query": "SELECT 1) AS t; DROP TABLE log; --"}, "could not be read"),
        ({"query": "SELECT 1 AS a) AS t LIMIT 0; DROP TABLE log; SELECT 1 FROM (SELECT 1"}, "multiple commands"),
        ({"query": "DELETE FROM log RETURNING *"}, "could not be read"),
        ({"query": "SELECT setval('x', 1)"}, "could not be read"),
    ],
)
def test_postgres_refusals(server: str, reading: dict[str, str], said: str) -> None:
    """What cannot be read is told, without the password."""
    with pytest.raises(SourceError, match=said) as told:
        loaded(server, **reading)
    assert "secret" not in str(told.value)
    assert len(loaded(server, table="log")[1]) == 2


def test_postgres_is_loaded_once_and_keeps_no_password(server: str, tmp_path: Path) -> None:
    """The same rows add nothing; new rows do; the password is nowhere in the workspace."""
    import psycopg

    names = {"journey": "case", "activity": "what", "time": "at", "query": "SELECT * FROM log WHERE what <> ''"}
    with Workspace(tmp_path / "w.duckdb") as workspace:
        assert workspace.ingest(server, **names).rows_kept == 1
        assert workspace.ingest(server, append=True, **names).rows_kept == 0
        first = find_postgres(server, Reading(query=names["query"]))
        with psycopg.connect(server, autocommit=True) as db:
            db.execute("INSERT INTO log VALUES ('2', 'new', '2026-01-03 08:00+07')")
        assert find_postgres(server, Reading(query=names["query"])).sha256 != first.sha256
        assert "secret" not in repr(first)
        with psycopg.connect(server, autocommit=True) as db:
            db.execute("DELETE FROM log WHERE what = 'new'")
    assert b"secret" not in (tmp_path / "w.duckdb").read_bytes()


def test_postgres_out_of_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    """No server, or no client: what to do is said."""
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    with pytest.raises(SourceError, match="could not be read") as told:
        find(["postgresql://me:secret@127.0.0.1:1/x"])
    assert "secret" not in str(told.value)
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(SourceError, match=r"desirepath\[postgres\]"):
        find(["postgresql://me:secret@127.0.0.1:1/x"])


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("postgresql://me:p@ss@host/db", "postgresql://me@host/db"),
        ("postgresql://host:5432/db?password=secret", "postgresql://host:5432/db"),
        ("postgresql:///db", "postgresql:///db"),
    ],
)
def test_addresses_are_shown_without_secrets(address: str, shown: str) -> None:
    """The name of a source is what may be seen by all."""
    assert shown_address(address) == shown


def test_many_rows_are_read_in_bounded_batches(tmp_path: Path) -> None:
    """A hundred thousand rows of SQLite are all there, in order."""
    frame = pl.DataFrame({"n": range(100_000), "x": [n / 7 for n in range(100_000)]})
    with closing(sqlite3.connect(tmp_path / "x.db")) as db, db:
        db.execute("CREATE TABLE t (n INTEGER, x REAL)")
        db.executemany("INSERT INTO t VALUES (?, ?)", frame.iter_rows())
    rows = loaded(tmp_path / "x.db")[1]
    assert [(int(n), float(x)) for n, x in rows] == frame.rows()
