"""A look into a file tells what a load would do, and keeps nothing."""

from __future__ import annotations

import gzip
import json
import zipfile
from pathlib import Path

import polars as pl
import pytest

from mining.errors import MappingError, SourceError
from pipeline import preview, queries
from pipeline.store import Workspace

LOG = """case,event,at
1,A,2026-01-01 10:00
1,B,2026-01-01 11:00
,B,2026-01-01 11:00
2,A,never
3,A,2026-01-02 10:00
3,B,2026-01-02 11:00
"""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "log.csv"
    path.write_text(LOG, encoding="utf-8")
    return path


def test_it_shows_rows_and_guesses(log: Path) -> None:
    seen = preview.preview(log)
    assert seen.format == "csv"
    assert seen.columns == ["case", "event", "at"]
    assert seen.rows.row(1) == ("1", "B", "2026-01-01 11:00")
    assert {role: guesses[0].column for role, guesses in seen.guesses.items()} == {
        "journey": "case",
        "activity": "event",
        "time": "at",
    }


def test_a_rehearsal_counts_what_would_be_kept(log: Path) -> None:
    report = preview.rehearse(log, journey="case", activity="event", time="at")
    assert (report.rows_kept, report.rows_rejected, report.journeys) == (4, 2, 2)
    assert report.reasons == {"missing journey": 1, "unreadable time": 1}


def test_small_files_are_looked_at_whole(log: Path, tmp_path: Path) -> None:
    assert preview.head(log, tmp_path) == (log, True)


@pytest.mark.parametrize("packed", [False, True])
def test_of_a_big_text_the_first_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, packed: bool) -> None:
    monkeypatch.setattr(preview, "HEAD_BYTES", 90)
    monkeypatch.setattr(preview, "HEAD_ROWS", 3)
    path = tmp_path / ("log.csv.gz" if packed else "log.csv")
    path.write_bytes(gzip.compress(LOG.encode()) if packed else LOG.encode())
    folder = tmp_path / "head"
    folder.mkdir()
    looked_at, whole = preview.head(path, folder)
    assert (looked_at, whole) == (folder / "log.csv", False)
    assert preview.rehearse(looked_at, journey="case", activity="event", time="at").rows_in == 2


def test_of_a_big_parquet_the_first_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preview, "HEAD_BYTES", 10)
    monkeypatch.setattr(preview, "HEAD_ROWS", 2)
    path = tmp_path / "log.parquet"
    pl.DataFrame({"case": [1, 2, 3], "event": ["A", "B", "C"]}).write_parquet(path)
    folder = tmp_path / "head"
    folder.mkdir()
    looked_at, whole = preview.head(path, folder)
    assert not whole
    assert pl.read_parquet(looked_at)["case"].to_list() == [1, 2]


def test_what_is_no_log_says_so(tmp_path: Path) -> None:
    path = tmp_path / "empty.csv"
    path.touch()
    with pytest.raises(SourceError, match="is empty"):
        preview.preview(path)


def test_the_calendar_counts_events_and_starts(log: Path) -> None:
    with Workspace() as workspace:
        workspace.ingest(log, journey="case", activity="event", time="at")
        days = queries.calendar(workspace)
    assert days.select("n_events", "n_started").rows() == [(2, 1), (2, 1)]


def test_a_check_shows_what_the_roles_make_of_the_rows(log: Path) -> None:
    found = preview.check(log, journey="case", activity="event", time="at", timezone="Asia/Ho_Chi_Minh")
    assert (found.rows, found.journeys, found.activities) == (6, 3, 2)
    assert (found.keys, found.names) == (("1", "2", "3"), (("A", 3), ("B", 3)))
    assert (found.given, found.read, found.share_read) == (6, 5, 5 / 6)
    assert (found.pattern, found.unread) == ("ISO 8601", ("never",))
    assert preview.check(log, journey="case", activity="event", time=()).share_read is None
    with pytest.raises(MappingError, match="there is no such column"):
        preview.check(log, journey="nothing")


def test_the_head_of_json_is_whole_objects(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preview, "HEAD_BYTES", 300)
    events = [{"case": str(n), "event": "{x}", "at": "2026-01-01"} for n in range(20)]
    (tmp_path / "head").mkdir()
    for name, text in (
        ("array.json", json.dumps(events, indent=1)),
        ("lines.jsonl", "".join(json.dumps(event) + "\n" for event in events)),
    ):
        path = tmp_path / name
        path.write_text(text)
        looked_at, whole = preview.head(path, tmp_path / "head")
        assert not whole
        rows = preview.preview(looked_at).rows
        assert 0 < rows.height < 20
        assert rows.row(0) == ("0", "{x}", "2026-01-01")


def test_the_head_of_xes_is_whole_traces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preview, "HEAD_BYTES", 1000)
    date = '<date key="time:timestamp" value="2026-01-01T00:00:00Z"/>'
    event = f'<event><string key="concept:name" value="A"/>{date}</event>'
    traces = "".join(f'<trace><string key="concept:name" value="{n}"/>{event}</trace>\n' for n in range(20))
    path = tmp_path / "log.xes.gz"
    path.write_bytes(gzip.compress(f'<?xml version="1.0"?><log xes.version="1.0">\n{traces}</log>'.encode()))
    (tmp_path / "head").mkdir()
    looked_at, whole = preview.head(path, tmp_path / "head")
    assert (looked_at.name, whole) == ("log.xes", False)
    report = preview.rehearse(looked_at)
    assert 0 < report.rows_kept == report.journeys < 20


def test_of_an_archive_the_first_log_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "logs.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("b.csv", LOG)
        archive.writestr("a.csv", LOG.replace("A", "Z"))
    seen = preview.preview(path)
    assert (seen.logs, seen.rows.row(0)) == (2, ("1", "Z", "2026-01-01 10:00"))
    (tmp_path / "head").mkdir()
    looked_at, whole = preview.head(path, tmp_path / "head")
    assert (looked_at.name, whole) == ("a.csv", False)
