"""The workspace file: what opens, what does not and why, and that a failure leaves nothing behind."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import duckdb
import polars as pl
import pytest

from mining.errors import ExpressionError, WorkspaceError
from pipeline import queries
from pipeline.store import Workspace

LOG = "case_id,activity,time,amount\n1,view,2026-01-01,5\n1,buy,2026-01-02,5\n2,view,2026-01-03,9\n"


def test_a_workspace_can_be_closed_and_read_again(tmp_path: Path, write: Callable[..., Path]) -> None:
    with Workspace(tmp_path / "shop.duckdb") as ws:
        ws.ingest(write(LOG))
    with Workspace(tmp_path / "shop.duckdb", read_only=True) as ws:
        assert not ws.is_empty
        assert queries.summary(ws).as_dict() == {
            "events": 3,
            "journeys": 2,
            "variants": 2,
            "activities": 2,
            "start": "2026-01-01T00:00:00Z",
            "end": "2026-01-03T00:00:00Z",
            "rejected_rows": 0,
        }
    assert sorted(os.listdir(tmp_path)) == ["log.csv", "shop.duckdb"]


def test_an_empty_workspace_answers_every_query(workspace: Workspace) -> None:
    assert workspace.is_empty
    assert queries.summary(workspace).as_dict()["start"] is None
    for query in (queries.activities, queries.journeys, queries.variants, queries.edges, queries.endpoints):
        assert query(workspace).height == 0
    assert queries.gap_quantile(workspace) is None
    assert queries.keys_of(workspace, path=[0]) == []


def test_events_lie_sorted_and_coded(tmp_path: Path, write: Callable[..., Path]) -> None:
    with Workspace(tmp_path / "shop.duckdb") as ws:
        ws.ingest(write("case_id,activity,time\nb,y,2026-01-02\na,x,2026-01-01\nb,x,2026-01-02\nb,z,2026-01-01\n"))
    connection = duckdb.connect(str(tmp_path / "shop.duckdb"))
    rows = connection.execute("SELECT rowid, journey_id, event_no, activity FROM events").fetchall()
    assert rows == [(0, 0, 1, 0), (1, 1, 3, 2), (2, 1, 0, 1), (3, 1, 2, 0)]
    assert connection.execute("SELECT key, first_place, n_events FROM journeys").fetchall() == [
        ("a", 0, 1),
        ("b", 1, 3),
    ]
    assert connection.execute("SELECT variant_id, path, n_journeys FROM variants").fetchall() == [
        (0, [0], 1),
        (1, [2, 1, 0], 1),
    ]
    connection.close()


@pytest.mark.parametrize(("version", "said"), [(1, "written by an older version"), (99, "written by a newer version")])
def test_workspaces_of_other_versions_are_refused(tmp_path: Path, version: int, said: str) -> None:
    path = tmp_path / "new.duckdb"
    Workspace(path).close()
    connection = duckdb.connect(str(path))
    connection.execute("UPDATE meta SET value = ? WHERE key = 'schema_version'", [str(version)])
    connection.close()
    with pytest.raises(WorkspaceError, match=said):
        Workspace(path)
    assert path.exists()


def test_other_files_are_refused(tmp_path: Path, write: Callable[..., Path]) -> None:
    with pytest.raises(WorkspaceError, match="is not a workspace: it is not a DuckDB file"):
        Workspace(write("case,activity,time\n" * 1000, "text.duckdb"))
    duckdb.connect(str(tmp_path / "other.duckdb")).execute("CREATE TABLE t (x INTEGER)").close()
    with pytest.raises(WorkspaceError, match="not a Desire Path workspace"):
        Workspace(tmp_path / "other.duckdb")
    with pytest.raises(WorkspaceError, match=r"no\.duckdb does not exist"):
        Workspace(tmp_path / "no.duckdb", read_only=True)
    with pytest.raises(WorkspaceError, match="is a folder"):
        Workspace(tmp_path)
    with pytest.raises(WorkspaceError, match=r"The folder .* does not exist"):
        Workspace(tmp_path / "no" / "a.duckdb")


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.csv", b""), ("b.csv", b"x,y\n1,2\n"), ("c.json", b"[]"), ("d.parquet", b"PAR1"), ("e.html", b"<p>hello, you")],
)
@pytest.mark.parametrize("read_only", [False, True])
def test_a_file_of_data_is_no_workspace(tmp_path: Path, name: str, content: bytes, read_only: bool) -> None:
    """Over some of them DuckDB opens a database in memory: what is loaded there would be gone without a word."""
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(WorkspaceError, match="is not a workspace: it is not a DuckDB file"):
        Workspace(path, read_only=read_only)
    assert path.read_bytes() == content


def test_a_workspace_in_use_elsewhere_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "busy.duckdb"
    code = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", code, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
        with pytest.raises(WorkspaceError, match="is in use by another program"):
            Workspace(path)
        other.communicate("")


def test_the_database_opens_no_file_of_the_machine(tmp_path: Path, write: Callable[..., Path]) -> None:
    secret = write("x\n1\n", "secret.csv")
    with Workspace(tmp_path / "w.duckdb") as ws:
        session = ws.session()
        for sql in (f"SELECT * FROM read_csv('{secret}')", f"COPY (SELECT 1) TO '{tmp_path}/out.csv'"):
            with pytest.raises(Exception, match="Permission Error"):
                session.execute(sql)
        with pytest.raises(Exception, match="locked"):
            session.execute("SET enable_external_access = true")


def test_a_failed_first_load_leaves_no_file(tmp_path: Path, write: Callable[..., Path]) -> None:
    with pytest.raises(Exception, match="none of its 1 rows"), Workspace(tmp_path / "w.duckdb") as ws:
        ws.ingest(write("c,a,time\n,,2026-01-01\n"), journey="c", activity="a")
    assert not (tmp_path / "w.duckdb").exists()


def test_a_load_that_is_broken_off_changes_nothing(tmp_path: Path, write: Callable[..., Path]) -> None:
    def interrupt(_message: object, share: float) -> None:
        if share == 1.0:
            raise KeyboardInterrupt

    with Workspace(tmp_path / "w.duckdb") as ws:
        ws.ingest(write(LOG))
        before = queries.summary(ws)
        with pytest.raises(KeyboardInterrupt):
            ws.ingest(write("case_id,activity,time\n9,new,2026-01-01\n", "b.csv"), append=True, progress=interrupt)
        assert queries.summary(ws) == before
        assert queries.sources(ws).height == 1
        assert queries.activities(ws)["name"].to_list() == ["view", "buy"]
    assert sorted(os.listdir(tmp_path)) == ["b.csv", "log.csv", "w.duckdb"]


def test_a_full_disk_changes_nothing(tmp_path: Path) -> None:
    rows = 200_000
    noise = pl.DataFrame({"case": pl.int_range(rows, eager=True).hash(1).cast(pl.String)})
    noise = noise.with_columns(
        activity=pl.lit("x"), time=pl.lit(1_700_000_000), note=pl.col("case").hash(2).cast(pl.String)
    )
    noise.write_parquet(tmp_path / "big.parquet")
    path = tmp_path / "w.duckdb"
    (tmp_path / "small.csv").write_text(LOG)
    code = (
        "import resource, signal, sys\n"
        "from mining.errors import WorkspaceError\n"
        "from pipeline import queries\n"
        "from pipeline.store import Workspace\n"
        "ws = Workspace(sys.argv[1])\n"
        "ws.ingest(sys.argv[2])\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (3_000_000, resource.RLIM_INFINITY))\n"
        "try:\n"
        "    ws.ingest(sys.argv[3], journey='case', activity='activity', time='time', append=True)\n"
        "except WorkspaceError as error:\n"
        "    sys.stdout.write(str(error))\n"
        "ws.close()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, path, tmp_path / "small.csv", tmp_path / "big.parquet"],
        capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert done.stdout.startswith("The disk is full"), done.stdout + done.stderr
    with Workspace(path) as ws:
        assert queries.summary(ws).events == 3
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 3_000_000


@pytest.mark.skipif(os.geteuid() == 0, reason="root can write everywhere")
def test_a_folder_without_permission_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(WorkspaceError, match="cannot be written"):
        Workspace(tmp_path / "w.duckdb")


def test_threads_read_side_by_side(tmp_path: Path, write: Callable[..., Path]) -> None:
    with Workspace(tmp_path / "w.duckdb") as ws:
        ws.ingest(write(LOG))
        seen: list[int] = []

        def look(where: str) -> None:
            seen.extend(queries.summary(ws, where).journeys for _ in range(10))

        threads = [threading.Thread(target=look, args=(w,)) for w in ("amount < 7", "amount >= 0", "amount > 7")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(seen) == [1] * 20 + [2] * 10


def test_two_workspaces_on_one_file_share_it(tmp_path: Path, write: Callable[..., Path]) -> None:
    with Workspace(tmp_path / "w.duckdb") as one, Workspace(tmp_path / "w.duckdb") as two:
        one.ingest(write(LOG))
        assert queries.summary(two).events == 3
        two.ingest(write("case_id,activity,time,amount\n9,x,2026-01-01,1\n", "b.csv"), append=True)
        assert queries.summary(one).events == 4


def test_conditions_choose_journeys(workspace: Workspace, write: Callable[..., Path]) -> None:
    file = write(
        "case_id,activity,time,amount,shop\n1,view,2026-01-01,5,a\n1,buy,2026-01-02,5,b\n2,view,2026-01-03,9,\n"
        "2,view,2026-01-04,9,b\n3,buy,2026-01-05,,c\n"
    )
    workspace.ingest(file)
    for where, keys in {
        "amount < 7": ["1"],
        "shop = 'b'": ["2"],
        "shop in ('a', 'c') and n_events = 1": ["3"],
        "duration_s >= 86400": ["1", "2"],
        "start >= '2026-01-03' and key <> '3'": ["2"],
        "amount is null": ["3"],
    }.items():
        assert queries.journeys(workspace, where)["key"].to_list() == keys, where
    assert queries.edges(workspace, "amount = 9")["n"].to_list() == [1]
    assert queries.variants(workspace, "amount = 9").height == 1
    with pytest.raises(ExpressionError, match="'amont' is not known: did you mean 'amount'"):
        queries.journeys(workspace, "amont < 7")


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("amount < 'many'", "'amount' holds numbers: compare it with a number such as 10, without quotes."),
        ("shop = 5", "'shop' holds text: compare it with text in 'single quotes'."),
        ("start > 'yesterday'", "'start' holds times: compare it with a time such as '2026-01-31' or"),
        ("Duration_S > 'abc'", "'duration_s' holds numbers:"),
    ],
)
def test_what_cannot_be_compared_is_said_without_the_words_of_the_database(
    workspace: Workspace, write: Callable[..., Path], where: str, said: str
) -> None:
    workspace.ingest(write("case_id,activity,time,amount,shop\n1,a,2026-01-01,5,x\n"))
    with pytest.raises(ExpressionError) as error:
        queries.journeys(workspace, where)
    first, *hints = str(error.value).splitlines()
    assert first == f"The condition {where!r} does not fit the log: its values cannot be compared."
    assert [hint.strip().startswith(said) for hint in hints] == [True]


def test_binding_classes_count_all_events(workspace: Workspace, write: Callable[..., Path]) -> None:
    workspace.ingest(
        write("case_id,activity,time,amount,shop\n1,a,2026-01-01,5,x\n1,a,2026-01-02,5,y\n1,a,2026-01-03,5,x\n")
    )
    assert queries.binding_classes(workspace, ["amount", "shop"]).to_dicts() == [
        {"activity": 0, "amount": "5", "shop": "x", "n_events": 2},
        {"activity": 0, "amount": "5", "shop": "y", "n_events": 1},
    ]
    assert queries.binding_classes(workspace, []).to_dicts() == [{"activity": 0, "n_events": 3}]


def test_keys_and_timelines_of_a_path(workspace: Workspace, write: Callable[..., Path]) -> None:
    workspace.ingest(write(LOG))
    codes = {name: code for code, name, *_ in queries.activities(workspace).iter_rows()}
    assert queries.keys_of(workspace, path=[codes["view"], codes["buy"]]) == ["1"]
    assert queries.keys_of(workspace, variant_ids=[0, 1]) == ["1", "2"]
    assert queries.keys_of(workspace, variant_ids=[0, 1], limit=1, where="amount > 5") == ["2"]
    assert queries.timeline(workspace, ["1", "nobody"]).select("position", "gap_s").rows() == [(0, None), (1, 86400.0)]
    assert queries.gap_quantile(workspace) == 86400.0
