"""A change at work in a thread: it tells how far it is, and stops without a trace."""

from __future__ import annotations

import gzip
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline import queries
from pipeline.loading import Job, estimated_rows, load, redefine, remove
from pipeline.preview import head
from pipeline.store import Workspace

ROWS = "case,event,time\n" + "".join(f"{i // 5},e{i % 5},2026-01-01 10:{i % 60:02}\n" for i in range(1000))


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "log.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


def ended(job: Job) -> Job:
    assert job.wait(60)
    return job


def test_a_load_reports_and_its_file_is_closed(tmp_path: Path, log: Path) -> None:
    target = tmp_path / "made.duckdb"
    job = ended(load(target, [log], rows=900))
    assert (job.state, job.share, job.rows, job.error) == ("done", 1.0, 1000, None)
    assert job.result.journeys == 200
    assert job.seconds > 0
    assert job.rows_per_s == pytest.approx(1000 / job.seconds)
    with Workspace(target, read_only=True) as made:
        assert queries.summary(made).events == 1000


def test_a_fault_is_given_and_nothing_is_made(tmp_path: Path) -> None:
    job = ended(load(tmp_path / "made.duckdb", [tmp_path / "none.csv"]))
    assert job.state == "failed"
    assert "does not exist" in str(job.error)
    assert not (tmp_path / "made.duckdb").exists()


def test_cancelling_leaves_the_workspace_as_it_was(tmp_path: Path, log: Path) -> None:
    """The job waits inside a progress call until it was cancelled, so that the test meets it at work."""
    reached, go_on = threading.Event(), threading.Event()

    def work(workspace: Workspace, progress: Any) -> Any:
        def slow(message: Any, share: float) -> None:
            if share >= 0.6:
                reached.set()
                assert go_on.wait(30)
            progress(message, share)

        return workspace.ingest(log, append=True, progress=slow)

    other = tmp_path / "other.csv"
    other.write_text("case,event,time\n1,a,2026-01-01\n", encoding="utf-8")
    with Workspace(tmp_path / "kept.duckdb") as workspace:
        workspace.ingest(other)
        job = Job(work, workspace)
        assert reached.wait(60)
        assert queries.summary(workspace).events == 1  # who reads does not wait, and sees what was before
        assert 0.5 <= job.share < 1
        job.cancel()
        go_on.set()
        assert ended(job).state == "cancelled"
        assert queries.summary(workspace).events == 1
        assert ended(load(workspace, [log], append=True)).state == "done"
        assert queries.summary(workspace).events == 1001


def test_a_statement_at_work_is_broken_off(tmp_path: Path) -> None:
    began = threading.Event()

    def work(workspace: Workspace, _progress: Any) -> Any:
        with workspace.change() as db:
            db.begin()
            db.execute("CREATE TABLE made AS SELECT 1")
            began.set()
            return db.value("SELECT count(*) FROM range(100000000) a, range(1000000) b WHERE hash(a.range) = b.range")

    with Workspace(tmp_path / "w.duckdb") as workspace:
        job = Job(work, workspace)
        assert began.wait(30)
        job.cancel()
        assert ended(job).state == "cancelled"
        assert workspace.is_empty
        with workspace.change() as db:
            assert db.value("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'made'") == 0


def test_a_new_workspace_goes_when_its_load_is_cancelled(tmp_path: Path) -> None:
    def work(_workspace: Workspace, progress: Any) -> Any:
        raise KeyboardInterrupt

    job = ended(Job(work, tmp_path / "w.duckdb"))
    assert job.state == "cancelled"
    assert list(tmp_path.iterdir()) == []


def test_sources_and_definitions_change_in_the_same_way(tmp_path: Path, log: Path) -> None:
    with Workspace() as workspace:
        workspace.ingest(log)
        job = ended(redefine(workspace, replace(workspace.definition, start_activity="e1")))
        assert (job.result.before.journeys, job.result.after.journeys) == (200, 400)
        assert ended(remove(workspace, "log.csv")).result.after.events == 0


def test_rows_are_estimated_from_the_first_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.preview.HEAD_BYTES", 4000)
    (tmp_path / "part").mkdir()
    for name, content in (("log.csv", ROWS.encode()), ("log.csv.gz", gzip.compress(ROWS.encode()))):
        path = tmp_path / name
        path.write_bytes(content)
        part, whole = head(path, tmp_path / "part")
        assert not whole
        rows = part.read_text(encoding="utf-8").count("\n") - 1
        assert estimated_rows(path, part, rows) == pytest.approx(1000, rel=0.05)
    assert estimated_rows(path, path, 7) == 7
    assert estimated_rows(tmp_path, part, 7) is None
