"""`desirepath quality`: what it prints, and the files it writes."""

from __future__ import annotations

import csv
import json
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.cli.quality import quality
from pipeline.store import Workspace

LOG = """case,event,at
1,Gọi điện,2026-01-05 10:00:00
1,Gọi điện,2026-01-05 10:00:00
1,Goi dien,2026-01-05 10:00:05
2,Thư,2026-01-05 10:01:00
,Thư,2026-01-05 10:02:00
"""
Write = Callable[..., Path]


@pytest.fixture
def log(write: Write, tmp_path: Path) -> Path:
    path = tmp_path / "log.duckdb"
    with Workspace(path) as workspace:
        workspace.ingest(write(LOG), journey="case", activity="event", time="at")
    return path


def run(log: Path, **options: object) -> int:
    return quality(Namespace(log=log, **{"json": False, "quiet": False, "rejects": None, "language": "en"} | options))


def test_the_report_is_said(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(log) == 0
    said = capsys.readouterr().out
    assert "Rows  5 read, 4 kept, 1 rejected" in said
    assert "log.csv Journey case 5 1 80%" in " ".join(said.split())
    assert "PROBLEM  Rejected rows: 1 of 5 rows (20%)" in said
    assert "- file: log.csv, line: 6, row: ,Thư,2026-01-05 10:02:00" in said
    assert "PROBLEM  Exact duplicates: 1 of 4 events (25%)" in said
    assert "WARNING  Activities that differ only in writing: 2 of 3 activities (67%)" in said
    assert "- common name: Gọi điện, written as: Gọi điện (2) | Goi dien (1), they differ in: accents" in said
    assert said.index("PROBLEM") < said.index("WARNING") < said.index("\ninfo")
    assert "Not found: " in said
    assert max(map(len, said.splitlines())) <= 120


def test_the_report_as_json(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(log, json=True) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "desirepath/quality@1"
    assert document["rows"] == {"in": 5, "kept": 4, "rejected": 1}
    assert [c["rate"] for c in document["columns"]] == [0.8, 1.0, 1.0]


def test_rejected_rows_go_to_a_file(log: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = tmp_path / "rejected.csv"
    assert run(log, quiet=True, rejects=place) == 0
    assert capsys.readouterr().out == ""
    with place.open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == [
            ["source", "line_no", "reason", "raw"],
            ["log.csv", "6", "missing journey", ",Thư,2026-01-05 10:02:00"],
        ]
