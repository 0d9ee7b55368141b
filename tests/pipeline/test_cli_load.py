"""The commands that bring logs in and define journeys, as a person types them."""

from __future__ import annotations

import csv
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.cli import main


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "visits.csv"
    path.write_text(
        "cookie;email;what;day;clock;agent\n"
        "c1;;view;03/02/2026;09:00;\n"
        "c1;an@x.vn;ping;13/02/2026;09:10;\n"
        "c2;AN@x.vn;buy;13/02/2026;11:00;Lan\n"
        "c2;AN@x.vn;buy;13/02/2026;11:00;Lan\n",
        encoding="utf-8",
    )
    return path


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, Any]:
    """Run a command for its JSON."""
    assert main([str(a) for a in arguments] + ["--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def roles(path: Path) -> list[object]:
    return [
        path,
        "--activity",
        "what",
        "--time",
        "day",
        "--time",
        "clock",
        "--actor",
        "agent",
        "--timezone",
        "Asia/Tokyo",
    ]


def test_two_columns_of_time_and_a_zone(capsys: pytest.CaptureFixture[str], log: Path, tmp_path: Path) -> None:
    report = run(capsys, "ingest", *roles(log), "--journey", "cookie", "-w", tmp_path / "w.duckdb")
    assert (report["events"], report["journeys"]) == (4, 2)
    assert report["sources"][0]["mapping"]["time"] == ["day", "clock"]
    info = run(capsys, "info", tmp_path / "w.duckdb")
    assert info["log"]["start"] == "2026-02-03T00:00:00Z"
    assert {a["name"]: a["role"] for a in info["attributes"]}["agent"] == "actor"


def test_journeys_are_defined_and_told_again(capsys: pytest.CaptureFixture[str], log: Path, tmp_path: Path) -> None:
    workspace = tmp_path / "w.duckdb"
    ids = ["--identity", "email", "--identity", "cookie", "--duplicates", "drop"]
    report = run(capsys, "ingest", *roles(log), *ids, "-w", workspace)
    assert (report["events"], report["journeys"]) == (3, 1)
    recipe = tmp_path / "clean.yaml"
    recipe.write_text("- drop: [ping]\n", encoding="utf-8")
    rehearsed = run(capsys, "define", workspace, "--session-gap", "1h", "--recipe", recipe, "--dry-run")
    assert (rehearsed["before"]["events"], rehearsed["after"]["events"], rehearsed["after"]["journeys"]) == (3, 2, 2)
    assert run(capsys, "define", workspace)["definition"]["recipe"] == []
    done = run(capsys, "define", workspace, "--session-gap", "1h", "--recipe", recipe)
    assert done["definition"]["recipe"] == [{"drop": ["ping"]}]
    back = run(capsys, "define", workspace, "--no-recipe", "--no-split", "--no-identity", "--duplicates", "keep")
    assert (back["after"]["events"], back["after"]["journeys"]) == (4, 3)
    assert main(["define", str(workspace)]) == 0
    assert "the key as recorded" in capsys.readouterr().out
    assert run(capsys, "define", workspace, "--gaps")["gaps"][0]["gap_s"] == 60.0


def test_the_gap_that_the_log_suggests_can_be_typed(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Visits of five events, a minute apart and a day after each other: the gap lies between."""
    start = datetime(2026, 1, 5, 9)
    log, workspace = tmp_path / "visits.csv", tmp_path / "v.duckdb"
    times = [start + timedelta(days=day, minutes=minute) for day in range(20) for minute in range(5)]
    rows = [f"c{n},look,{time + timedelta(seconds=7 * n)}" for n in range(20) for time in times]
    log.write_text("\n".join(["customer,event,at", *rows]) + "\n", encoding="utf-8")
    run(capsys, "ingest", log, "--journey", "customer", "--activity", "event", "--time", "at", "-w", workspace)
    found = run(capsys, "define", workspace, "--gaps")
    assert 60 < found["hint_s"] < 86400 - 240
    assert main(["define", str(workspace), "--gaps"]) == 0
    typed = capsys.readouterr().out.splitlines()[-1].removeprefix("The log suggests ").split()
    assert run(capsys, "define", workspace, *typed)["after"]["journeys"] == 20 * 20


def test_a_wrong_recipe_is_told_with_its_lines(capsys: pytest.CaptureFixture[str], log: Path, tmp_path: Path) -> None:
    run(capsys, "ingest", *roles(log), "--journey", "cookie", "-w", tmp_path / "w.duckdb")
    recipe = tmp_path / "clean.yaml"
    recipe.write_text("- dorp: [ping]\n- rename: {from: a}\n- group: {to: b}\n", encoding="utf-8")
    assert main(["define", str(tmp_path / "w.duckdb"), "--recipe", str(recipe)]) == 1
    assert capsys.readouterr().err.splitlines() == [
        "desirepath: clean.yaml is not a path-cleaning recipe",
        "  line 1: a step has no `dorp`; did you mean `drop`?",
        "  line 1: a step has exactly one of rename, group, drop, collapse, trim",
        "  line 2: rename.to is missing",
        "  line 3: group.activities is missing",
    ]


def test_sources_are_replaced_and_removed(capsys: pytest.CaptureFixture[str], log: Path, tmp_path: Path) -> None:
    workspace, more = tmp_path / "w.duckdb", tmp_path / "more.csv"
    more.write_text("cookie;what;day;clock\nc9;view;14/02/2026;10:00\n", encoding="utf-8")
    run(capsys, "ingest", *roles(log), "--journey", "cookie", "-w", workspace)
    plain = ["--journey", "cookie", "--activity", "what", "--time", "day", "--time", "clock"]
    assert run(capsys, "ingest", more, *plain, "--append", "-w", workspace)["events"] == 5
    assert run(capsys, "remove", workspace, "visits.csv", "--dry-run")["after"]["events"] == 1
    assert run(capsys, "remove", workspace, "visits.csv")["after"]["journeys"] == 1
    assert main(["remove", str(workspace), "visits.csv"]) == 1
    assert "It has: more.csv." in capsys.readouterr().err
    report = run(capsys, "ingest", *roles(log), "--journey", "cookie", "--replace", "more.csv", "-w", workspace)
    assert report["events"] == 4


def test_known_exports_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    names = [preset["name"] for preset in run(capsys, "presets")["presets"]]
    assert {"ga4", "segment", "posthog", "mixpanel", "amplitude", "matomo", "snowplow"} <= set(names)


def test_the_quality_of_a_log(capsys: pytest.CaptureFixture[str], log: Path, tmp_path: Path) -> None:
    run(capsys, "ingest", *roles(log), "--journey", "cookie", "-w", tmp_path / "w.duckdb")
    report = run(capsys, "quality", tmp_path / "w.duckdb")
    assert report["schema"] == "desirepath/quality@1"
    assert report["rows"] == {"in": 4, "kept": 4, "rejected": 0}


def test_the_likeliest_columns_are_offered_and_taken(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    log = tmp_path / "clicks.csv"
    rows = [f"2026-02-{day:02d} 09:00,Course viewed,The user with id '{day % 3}' viewed it" for day in range(1, 20)]
    log.write_text("\n".join(["Time,Event name,Description", *rows]) + "\n", encoding="utf-8")
    assert main(["ingest", str(log), "-w", str(tmp_path / "w.duckdb")]) == 1
    said = capsys.readouterr().err.splitlines()[-1]
    assert said.startswith("  or give --yes to take the likeliest: journey = Description; activity = Event name")
    assert not (tmp_path / "w.duckdb").exists()
    report = run(capsys, "ingest", log, "--yes", "-w", tmp_path / "w.duckdb")
    assert (report["journeys"], report["events"]) == (3, 19)


def test_doubt_names_the_other_sheet_and_offers_only_what_is_likely(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    from openpyxl import Workbook

    book = Workbook()
    for row in (["Guide"], ["read"], ["this first"]):
        book.active.append(row)
    for row in (["case", "activity", "time"], ["1", "a", "2026-03-01 10:00"]):
        (book["Log"] if "Log" in book.sheetnames else book.create_sheet("Log")).append(row)
    book.save(tmp_path / "book.xlsx")
    assert main(["ingest", str(tmp_path / "book.xlsx"), "-w", str(tmp_path / "w.duckdb")]) == 1
    said = capsys.readouterr().err
    assert "It also has: Log. Choose another with --sheet." in said
    assert "--yes" not in said
    assert run(capsys, "ingest", tmp_path / "book.xlsx", "--sheet", "Log", "-w", tmp_path / "w.duckdb")["events"] == 1


def test_a_start_activity_that_never_happens_is_told(
    capsys: pytest.CaptureFixture[str], log: Path, tmp_path: Path
) -> None:
    run(capsys, "ingest", *roles(log), "--journey", "cookie", "-w", tmp_path / "w.duckdb")
    assert main(["define", str(tmp_path / "w.duckdb"), "--start-activity", "Buy"]) == 0
    said = capsys.readouterr().err
    assert "No event is called 'Buy', so no journey begins there. There are: buy." in said


def test_a_rejected_row_is_told_as_it_was_written(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    bad = ['B,y,bad,"a,b ""q"""', 'B,z,bad,"l1\nl2"', "B,z,bad,"]
    rows = ["case,activity,time,note", *["A,x,2026-01-01,ok"] * 40, *bad]
    (tmp_path / "log.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    run(capsys, "ingest", tmp_path / "log.csv", "-w", tmp_path / "w.duckdb")
    run(capsys, "quality", tmp_path / "w.duckdb", "--rejects", tmp_path / "rejects.csv")
    with (tmp_path / "rejects.csv").open(encoding="utf-8", newline="") as file:
        assert [row["raw"] for row in csv.DictReader(file)] == bad


def test_lines_of_any_length_lead_to_sequences(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "paths.txt").write_text("home,search,cart\nsearch,search\nhome,pay\n", encoding="utf-8")
    assert main(["ingest", str(tmp_path / "paths.txt"), "-w", str(tmp_path / "w.duckdb")]) == 1
    assert "if each line is one journey, let the name of the file end in .seq" in capsys.readouterr().err
    (tmp_path / "paths.txt").rename(tmp_path / "paths.seq")
    assert run(capsys, "ingest", tmp_path / "paths.seq", "-w", tmp_path / "w.duckdb")["events"] == 7


def test_a_newer_export_and_options_without_effect_are_told(
    capsys: pytest.CaptureFixture[str], log: Path, tmp_path: Path
) -> None:
    said = [str(a) for a in (*roles(log), "--journey", "cookie", "-w", tmp_path / "w.duckdb")]
    assert main(["ingest", *said, "--sheet", "x", "--lifecycle", "pair"]) == 0
    told = capsys.readouterr().err
    assert "--sheet was not used" in told
    assert "--lifecycle was not used" in told
    log.write_text(log.read_text(encoding="utf-8").replace("view", "look"), encoding="utf-8")
    assert main(["ingest", *said, "--append", "--dry-run"]) == 0
    assert "visits.csv is there already with other content." in capsys.readouterr().err
    assert main(["ingest", *said, "--replace", "visits.csv"]) == 0
    assert "is there already" not in capsys.readouterr().err


def test_a_file_that_has_grown_is_read_once(capsys: pytest.CaptureFixture[str], log: Path, tmp_path: Path) -> None:
    to, scratch = tmp_path / "w.duckdb", tmp_path / "scratch.duckdb"
    said = [str(a) for a in (*roles(log), "--journey", "cookie")]
    assert main(["ingest", *said, "-w", str(to)]) == 0
    (tmp_path / "other").mkdir()
    newer = tmp_path / "other" / log.name
    newer.write_text(log.read_text(encoding="utf-8") + "c3;;view;14/02/2026;09:00;\n", encoding="utf-8")
    said = [str(a) for a in (*roles(newer), "--journey", "cookie")]
    capsys.readouterr()
    assert main(["ingest", *said, "-w", str(to), "--append"]) == 0
    assert "visits.csv has grown since it was loaded" in capsys.readouterr().err
    assert main(["ingest", *said, "-w", str(scratch)]) == 0
    capsys.readouterr()
    assert run(capsys, "info", to)["log"] == run(capsys, "info", scratch)["log"]
