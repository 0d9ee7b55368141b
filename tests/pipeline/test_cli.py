"""The commands: what they print, what they write, and with which code they end."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from pipeline import queries
from pipeline.cli import commands as cli_commands
from pipeline.cli import main
from pipeline.cli.findings import alignment_facts
from pipeline.language import Language
from pipeline.store import Workspace

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "data" / "open_university"
START = "2024-03-01T09:{:02d}:00"

MAP = """\
schema: desirepath/journey-map@1
id: shop
goal: buy
inactive_after: 1d
stages:
  - id: find
    steps:
      - {id: look, events: [Look], milestone: true}
      - {id: ask, events: [Ask]}
  - id: pay
    steps:
      - {id: buy, events: [Buy], milestone: true}
      - {id: thank, events: [Thank], optional: true}
"""

# Three go as planned, one skips `ask`, one does something unplanned, one looks and leaves.
PATHS = [["Look", "Ask", "Buy"]] * 3 + [["Look", "Buy"], ["Look", "Ask", "Phone", "Buy"], ["Look"]]


def write_log(path: Path, paths: list[list[str]] = PATHS) -> Path:
    """Write journeys j0, j1 ... as CSV, an event a minute."""
    rows = [f"j{n},{name},{START.format(k)}" for n, names in enumerate(paths) for k, name in enumerate(names)]
    path.write_text("\n".join(["case_id,activity,timestamp", *rows]) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return write_log(tmp_path / "shop.csv")


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "shop.yaml"
    path.write_text(MAP, encoding="utf-8")
    return path


@pytest.fixture
def workspace(tmp_path: Path, log: Path) -> Path:
    path = tmp_path / "shop.duckdb"
    with Workspace(path) as made:
        made.ingest(log)
    return path


def run_json(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, Any]:
    """Run a command that must succeed and read its one JSON document."""
    assert main([*map(str, arguments), "--json", "-q"]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    document = json.loads(said.out)
    assert isinstance(document, dict)
    return document


def refused(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """Run a command that must find fault with its input, and give what it says."""
    assert main([*map(str, arguments)]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("desirepath: ")
    assert "Traceback" not in said.err
    return said.err


# ingest


def test_ingest_reports_what_it_kept(capsys: pytest.CaptureFixture[str], log: Path, tmp_path: Path) -> None:
    document = run_json(capsys, "ingest", log, "--workspace", tmp_path / "new.duckdb")
    assert document.pop("sources")[0]["mapping"]["journey"] == "case_id"
    assert document == {
        "schema": "desirepath/ingest@1",
        "rows_in": 16,
        "rows_kept": 16,
        "rows_rejected": 0,
        "journeys": 6,
        "events": 16,
        "activities": 4,
        "reasons": {},
        "skipped": [],
        "warnings": [],
    }


def test_ingest_says_how_it_read_the_columns(capsys: pytest.CaptureFixture[str], log: Path, tmp_path: Path) -> None:
    assert main(["ingest", str(log), "-w", str(tmp_path / "new.duckdb")]) == 0
    said = capsys.readouterr()
    assert "Rows  16 read, 16 kept, 0 rejected\nLog   16 events in 6 journeys, 4 activities\n" in said.out
    assert said.err == (
        "note: shop.csv: the journey is in 'case_id', the activity in 'activity', the time in 'timestamp'\n"
    )


def test_a_dry_run_changes_nothing(capsys: pytest.CaptureFixture[str], log: Path, tmp_path: Path) -> None:
    assert run_json(capsys, "ingest", log, "-w", tmp_path / "new.duckdb", "--dry-run")["rows_kept"] == 16
    assert not (tmp_path / "new.duckdb").exists()


def test_a_second_log_needs_append(capsys: pytest.CaptureFixture[str], workspace: Path, tmp_path: Path) -> None:
    more = write_log(tmp_path / "more.csv", [["Look", "Ask", "Buy", "Thank"]])
    assert "--append" in refused(capsys, "ingest", more, "-w", workspace)
    assert run_json(capsys, "ingest", more, "-w", workspace, "--append")["events"] == 20 - 3 + 3
    assert main(["ingest", str(more), "-w", str(workspace), "--append"]) == 0
    assert "more.csv was left out: the same content is there already" in capsys.readouterr().err


def test_customers_are_cut_into_journeys_at_the_gap(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    rows = ["c1,Look,2024-03-01T09:00:00", "c1,Buy,2024-03-01T09:20:00", "c1,Look,2024-03-01T12:00:00"]
    log = tmp_path / "clicks.csv"
    log.write_text("\n".join(["customer,activity,timestamp", *rows]) + "\n", encoding="utf-8")
    ingest = ("ingest", log, "--customer", "customer", "-w")
    assert run_json(capsys, *ingest, tmp_path / "a.duckdb", "--session-gap", "30m")["journeys"] == 2
    assert run_json(capsys, *ingest, tmp_path / "b.duckdb", "--session-gap", "1d")["journeys"] == 1


# info


def test_info_has_the_keys_of_the_contract(capsys: pytest.CaptureFixture[str], workspace: Path) -> None:
    document = run_json(capsys, "info", workspace)
    assert document["schema"] == "desirepath/info@1"
    assert document["log"] == {
        "events": 16,
        "journeys": 6,
        "variants": 4,
        "activities": 4,
        "start": "2024-03-01T09:00:00Z",
        "end": "2024-03-01T09:03:00Z",
        "rejected_rows": 0,
    }
    (source,) = document["sources"]
    assert {"name", "format", "bytes", "sha256", "rows_in", "rows_kept", "rows_rejected", "mapping"} < set(source)
    assert (source["name"], source["rows_kept"], len(source["sha256"])) == ("shop.csv", 16, 64)


def test_a_log_can_stand_in_place_of_a_workspace(
    capsys: pytest.CaptureFixture[str], log: Path, workspace: Path
) -> None:
    assert run_json(capsys, "info", log)["log"] == run_json(capsys, "info", workspace)["log"]


def test_a_workspace_is_known_by_its_content(capsys: pytest.CaptureFixture[str], workspace: Path) -> None:
    renamed = workspace.rename(workspace.with_name("export.csv"))
    assert run_json(capsys, "info", renamed)["log"]["events"] == 16


def test_info_for_people(capsys: pytest.CaptureFixture[str], workspace: Path) -> None:
    assert main(["info", str(workspace)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Log   16 events in 6 journeys, 4 paths, 4 activities"
    assert lines[1] == "Time  Mar 1, 2024, 09:00 to Mar 1, 2024, 09:03 (UTC)"
    assert lines[3] == "Person      the key as recorded"
    assert lines[8].split() == ["Source", "Format", "Rows", "Kept", "Rejected", "SHA-256"]
    assert lines[9].split()[:5] == ["shop.csv", "csv", "16", "16", "0"]


# discover


def test_discover_gives_the_graph(capsys: pytest.CaptureFixture[str], workspace: Path, tmp_path: Path) -> None:
    document = run_json(capsys, "discover", workspace, "--out", tmp_path / "graph.json")
    assert document["schema"].startswith("desirepath/")
    assert json.loads((tmp_path / "graph.json").read_text(encoding="utf-8")) == document


def test_discover_for_people(capsys: pytest.CaptureFixture[str], workspace: Path) -> None:
    assert main(["discover", str(workspace)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[2:6] == [
        "Graph        4 nodes, 5 links; its nodes are activities",
        "Begins with  Look (6)",
        "Ends with    Buy (5), Look (1)",
        "Usual        Look > Ask > Buy (3 journeys, 50%)",
    ]
    assert lines[8].split() == ["Look", "Ask", "4", "4", "1", "min", "–"]


def test_discover_by_stage_needs_a_map(capsys: pytest.CaptureFixture[str], workspace: Path, plan: Path) -> None:
    assert "needs a planned map" in refused(capsys, "discover", workspace, "--detail", "stage")
    document = run_json(capsys, "discover", workspace, "--detail", "stage", "--map", plan)
    assert {"find", "pay"} <= {node["name"] for node in document["nodes"]}


# map


def test_the_templates_are_listed_with_both_titles(capsys: pytest.CaptureFixture[str]) -> None:
    document = run_json(capsys, "map", "template", "list")
    titles = {template["name"]: template["title"] for template in document["templates"]}
    assert {path.stem for path in (ROOT / "data" / "templates").glob("*.yaml")} == set(titles)
    assert [name for name, title in titles.items() if not (title["en"] and title["vi"])] == []


def test_a_template_is_written_once(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    out = tmp_path / "map.yaml"
    assert main(["map", "template", "gym", "--out", str(out)]) == 0
    assert out.read_text(encoding="utf-8") == (ROOT / "data" / "templates" / "gym.yaml").read_text(encoding="utf-8")
    out.write_text("mine", encoding="utf-8")
    capsys.readouterr()
    assert "is already there" in refused(capsys, "map", "template", "gym", "--out", out)
    assert out.read_text(encoding="utf-8") == "mine"


def test_a_template_on_stdout_is_a_map(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["map", "template", "gym"]) == 0
    (tmp_path / "copy.yaml").write_text(capsys.readouterr().out, encoding="utf-8")
    assert run_json(capsys, "map", "check", tmp_path / "copy.yaml")["valid"] is True


def test_an_unknown_template_names_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert "There is no template gim. There are: b2b, b2c," in refused(capsys, "map", "template", "gim")


def test_a_valid_map_is_counted(capsys: pytest.CaptureFixture[str], plan: Path) -> None:
    document = run_json(capsys, "map", "check", plan)
    assert document["valid"] is True
    assert {k: v for k, v in document["map"].items() if k != "states"} == {
        "id": "shop",
        "stages": 2,
        "touchpoints": 4,
        "milestones": 2,
        "rules": 0,
        "accepted": 0,
    }
    assert document["map"]["states"] == 5  # before look, ask, buy; after buy; after thank


def test_a_map_is_checked_against_a_log(capsys: pytest.CaptureFixture[str], plan: Path, workspace: Path) -> None:
    found = run_json(capsys, "map", "check", plan, "--log", workspace)["log"]
    assert found["event_coverage"] == pytest.approx(15 / 16)
    assert found["journey_coverage"] == pytest.approx(5 / 6, abs=1e-6)
    assert found["off_map"] == [{"activity": "Phone", "journeys": 1}]
    assert found["silent"] == ["thank"]


def test_every_problem_of_a_map_is_said_with_its_line(capsys: pytest.CaptureFixture[str], plan: Path) -> None:
    faulty = (
        MAP.replace("goal: buy", "goal: bye").replace("[Ask]", "[Ask], evnts: [x]").replace("id: thank", "id: look")
    )
    faulty = faulty.replace("inactive_after: 1d", "inactive_after: 1")
    plan.write_text(faulty, encoding="utf-8")
    said = refused(capsys, "map", "check", plan)
    for line in (3, 4, 9, 13):
        assert f"\n  line {line}: " in said
    assert main(["map", "check", str(plan), "--json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert document["valid"] is False
    assert sorted(problem["line"] for problem in document["problems"]) == [3, 4, 9, 13]


# compare


def test_compare_has_the_keys_of_the_contract(capsys: pytest.CaptureFixture[str], plan: Path, workspace: Path) -> None:
    document = run_json(capsys, "compare", workspace, plan)
    assert document["schema"] == "desirepath/findings@1"
    assert set(document) >= {"log", "map", "alignment", "outcomes", "deviations", "drop_off", "gaps", "ledger"}
    assert set(document["map"]) >= {"id", "touchpoints", "states", "event_coverage", "journey_coverage"}
    assert set(document["alignment"]) >= {"total_cost", "fitness", "perfect_journeys", "perfect_share", "seconds"}
    assert set(document["outcomes"]) >= {"converted", "dropped", "open", "inactive_after_s"}
    kinds = {(row["kind"], row["touchpoint"] or row["activity"]): row["journeys"] for row in document["deviations"]}
    assert kinds == {("missing", "ask"): 1, ("ad_hoc", "Phone"): 1}
    assert set(document["deviations"][0]) >= {
        *("kind", "touchpoint", "activity", "stage", "journeys", "share", "low", "high", "occurrences"),
        *("effect", "effect_low", "effect_high", "q", "examples"),
    }
    assert set(document["drop_off"][0]) >= {
        *("milestone", "stage", "reached", "went_on", "dropped", "open", "rate", "low", "high"),
        *("next", "last_touchpoints"),
    }
    assert (document["alignment"]["total_cost"], document["alignment"]["perfect_journeys"]) == (2, 4)
    assert document["outcomes"]["converted"] == 5
    assert set(document["ledger"]) >= {"tests", "method", "q"}


def test_two_runs_give_the_same_bytes(capsys: pytest.CaptureFixture[str], plan: Path, log: Path) -> None:
    texts = []
    for _ in range(2):
        document = run_json(capsys, "compare", log, plan)
        del document["alignment"]["seconds"]
        texts.append(json.dumps(document))
    assert texts[0] == texts[1]


@pytest.mark.parametrize(
    ("check", "code", "said"),
    [
        ("missing > 10%", 3, "check failed: missing > 0.1 holds: missing is 0.1667\n"),
        ("missing > 20% or fitness < 0.5", 0, ""),
        ("event_coverage < 1 or repeated > 0", 3, "check failed: event_coverage < 1 holds: event_coverage is 0.9375\n"),
    ],
)
def test_fail_on(
    capsys: pytest.CaptureFixture[str], plan: Path, workspace: Path, check: str, code: int, said: str
) -> None:
    assert main(["compare", str(workspace), str(plan), "--fail-on", check, "-q"]) == code
    assert capsys.readouterr().err == said


def test_compare_writes_what_is_asked_for(
    capsys: pytest.CaptureFixture[str], plan: Path, log: Path, tmp_path: Path
) -> None:
    import polars as pl

    document = run_json(
        capsys, "compare", log, plan, "--out", tmp_path / "f.json", "--moves", tmp_path / "moves.parquet"
    )
    assert json.loads((tmp_path / "f.json").read_text(encoding="utf-8")) == document
    moves = pl.read_parquet(tmp_path / "moves.parquet")
    assert set(moves["kind"].unique()) == {"sync", "log", "model"}
    assert main(["compare", str(log), str(plan), "-q", "--out", str(tmp_path / "f.html")]) == 0
    assert "shop" in (tmp_path / "f.html").read_text(encoding="utf-8")
    assert capsys.readouterr().out == ""


def test_where_chooses_journeys(capsys: pytest.CaptureFixture[str], plan: Path, workspace: Path) -> None:
    assert run_json(capsys, "compare", workspace, plan, "--where", "n_events = 3")["log"]["journeys"] == 3
    assert "n_event" in refused(capsys, "compare", workspace, plan, "--where", "n_event = 3")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["compare", "{plan}", "{workspace}"], "{workspace} is a workspace, and a map is expected in its place."),
        (["report", "{plan}", "{workspace}", "--out", "r.html"], "{workspace} is a workspace, and a map is expected"),
        (["map", "check", "{workspace}"], "{workspace} is a workspace, and a map is expected in its place."),
        (["map", "bind", "{workspace}", "{plan}"], "{workspace} is a workspace, and a map is expected in its place."),
        (["discover", "{plan}"], "{plan} is a map or a model, and a log is expected in its place."),
        (["align", "{plan}", "{workspace}"], "{plan} is a map or a model, and a log is expected in its place."),
        (["info", "{plan}"], "{plan} is a map or a model, and a log is expected in its place."),
    ],
)
def test_arguments_in_the_wrong_order_are_told(
    capsys: pytest.CaptureFixture[str], plan: Path, workspace: Path, arguments: list[str], said: str
) -> None:
    names = {"plan": plan, "workspace": workspace}
    assert said.format(**names) in refused(capsys, *(argument.format(**names) for argument in arguments))


def test_a_map_for_journeys_that_the_log_cannot_tell_is_said(
    capsys: pytest.CaptureFixture[str], plan: Path, workspace: Path
) -> None:
    """Nobody typed that condition: it came with the map, which was made for another log."""
    plan.write_text(f"{MAP}where: module = 'BBB'\n", encoding="utf-8")
    said = refused(capsys, "compare", workspace, plan)
    begins = (
        'desirepath: The plan is for some journeys only, and this log does not tell which. The condition "module = '
    )
    assert said.startswith(begins)
    assert "\n  'module' is not known." in said


def test_compare_for_people(capsys: pytest.CaptureFixture[str], plan: Path, workspace: Path) -> None:
    assert main(["compare", str(workspace), str(plan)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "Plan        shop: 4 touchpoints; explains 94% of events, 83% of journeys" in lines
    assert any(line.split()[:5] == ["Skipped", "ask", "find", "1", "17%"] for line in lines)
    assert any(line.split()[:2] == ["Unplanned", "Phone"] for line in lines)


def test_what_stands_beside_a_row_chooses_its_journeys(
    capsys: pytest.CaptureFixture[str], plan: Path, workspace: Path
) -> None:
    """Titles are for people; the condition at the end of a row of deviations or drop-off is for `--where`."""
    found = run_json(capsys, "compare", workspace, plan)
    assert main(["compare", str(workspace), str(plan)]) == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if line.endswith("')")]
    starts = [line.split()[0] for line in lines]
    assert starts[len(found["deviations"])] == "Start"
    assert len(lines) == len(found["deviations"]) + 1 + len(found["drop_off"])
    for line in lines[: len(found["deviations"])]:
        condition = re.search(r"deviates\(.*\)$", line)
        assert condition
        chosen = run_json(capsys, "compare", workspace, plan, "--where", condition[0])
        assert f" {chosen['log']['journeys']} " in line


def test_compare_speaks_the_language_asked_for(capsys: pytest.CaptureFixture[str], plan: Path, workspace: Path) -> None:
    assert main(["compare", str(workspace), str(plan), "--language", "vi", "--where", "n_events >= 3"]) == 0
    said = capsys.readouterr().out
    assert "Ngoài dự kiến" in said
    assert "Khởi đầu (mọi hành trình)" in said
    assert "ít nhất 3" in said


# align


def test_align_has_the_keys_of_the_contract(capsys: pytest.CaptureFixture[str], plan: Path, workspace: Path) -> None:
    """By hand: `ask` missing, Phone extra, and the one who left misses ask and buy; the shortest path has 3 steps."""
    document = run_json(capsys, "align", workspace, plan)
    assert document["schema"] == "desirepath/alignment@1"
    found = document["alignment"]
    assert found.pop("seconds") >= 0
    assert found == {
        "total_cost": 4,
        "fitness": pytest.approx(1 - 4 / (16 + 6 * 3), abs=1e-6),
        "perfect_journeys": 3,
        "perfect_share": 0.5,
        "exact_share": 1.0,
        "bounds": {"total_cost": [4, 4], "fitness": [found["fitness"]] * 2, "perfect_journeys": [3, 3]},
    }
    assert main(["align", str(workspace), str(plan)]) == 0
    assert "Cost     4\n" in capsys.readouterr().out


def test_align_says_what_a_cost_lies_between_where_it_is_not_known() -> None:
    bounds = {"total_cost": [10, 30], "fitness": [0.8, 0.9], "perfect_journeys": [3, 1234]}
    unknown = dict.fromkeys(["total_cost", "fitness", "perfect_journeys", "perfect_share"])
    assert alignment_facts({**unknown, "exact_share": 0.75, "bounds": bounds, "seconds": 1.5}, Language("en")) == [
        ("Exact", "75% of journeys"),
        ("Cost", "10 to 30"),
        ("Fitness", "0.800000 to 0.900000"),
        ("Fitting", "3 to 1,234"),
        ("Seconds", "1.500"),
    ]


# app


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Give what this process was asked to become."""
    arguments_of: list[list[str]] = []

    def execv(_program: str, arguments: list[str]) -> None:
        arguments_of.append(arguments)
        raise SystemExit(0)  # the real one does not come back either

    monkeypatch.setattr(os, "execv", execv)
    monkeypatch.delenv("DESIREPATH_WORKSPACE", raising=False)
    monkeypatch.setattr(os, "environ", dict(os.environ))
    return arguments_of


def test_app_becomes_the_server(capsys: pytest.CaptureFixture[str], called: list[list[str]], workspace: Path) -> None:
    with pytest.raises(SystemExit):
        main(["app", str(workspace), "--port", "8601"])
    assert called[0][1:4] == ["-P", "-m", "ui.serve"]
    assert os.environ["PYTHONPATH"].split(os.pathsep)[0] == str(ROOT)
    assert called[0][4:] == ["--server.port", "8601", "--server.address", "127.0.0.1"]
    assert os.environ["DESIREPATH_WORKSPACE"] == str(workspace)
    assert "http://127.0.0.1:8601" in capsys.readouterr().out


def test_app_makes_a_new_workspace_and_says_so(
    capsys: pytest.CaptureFixture[str], called: list[list[str]], tmp_path: Path
) -> None:
    new = tmp_path / "new.duckdb"
    for _again in range(2):
        with pytest.raises(SystemExit):
            main(["app", str(new)])
    assert len(called) == 2
    said = capsys.readouterr()
    made = f"There was no workspace {new}, so an empty one was made. If you meant another, check the name."
    assert said.err == f"note: {made}\n"
    with Workspace(new) as ws:
        assert queries.sources(ws).is_empty()
    missing = tmp_path / "no folder" / "new.duckdb"
    assert f"{missing} does not exist. Check the name." in refused(capsys, "app", missing)


def test_app_asks_for_a_workspace(capsys: pytest.CaptureFixture[str], log: Path) -> None:
    assert "is not a workspace. Load it first: desirepath ingest" in refused(capsys, "app", log)


# What goes wrong


@pytest.mark.parametrize(
    "arguments",
    [
        ["info", "{no}"],
        ["discover", "{no}"],
        ["ingest", "{no}", "-w", "{new}"],
        ["compare", "{no}", "{plan}"],
        ["align", "{no}", "{plan}"],
        ["align", "{log}", "{no}"],
        ["app", "{no}"],
        ["map", "check", "{plan}", "--log", "{no}"],
        ["map", "check", "{no}"],
        ["map", "diff", "{plan}", "{no}"],
        ["map", "bind", "{no}", "{log}"],
        ["compare", "{log}", "{no}"],
        ["compare", "{log}", "{plan}", "--recipe", "{no}"],
        ["report", "{log}", "{no}", "--out", "{out}"],
    ],
)
def test_a_missing_file_is_named(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, log: Path, plan: Path, arguments: list[str]
) -> None:
    names = {"no": tmp_path / "nowhere.csv", "new": tmp_path / "new.duckdb", "plan": plan, "log": log}
    names["out"] = tmp_path / "report.html"
    said = refused(capsys, *(argument.format(**names) for argument in arguments))
    assert said == f"desirepath: {tmp_path / 'nowhere.csv'} does not exist. Check the name.\n"
    assert not (tmp_path / "new.duckdb").exists()
    assert not (tmp_path / "report.html").exists()


@pytest.mark.parametrize("arguments", [["compare"], ["align"], ["map", "diff"], ["map", "bind"]])
def test_all_missing_files_are_named_at_once(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    said = refused(capsys, *arguments, "no.csv", "nor.yaml").splitlines()
    assert said[0] == "desirepath: 2 files are missing:"
    assert sorted(said[1:]) == [f"  {name} does not exist. Check the name." for name in ("no.csv", "nor.yaml")]


@pytest.mark.parametrize(
    ("content", "options", "said"),
    [
        ("", [], "is empty"),
        ("case_id,activity,timestamp\n", [], "has a header but no rows"),
        (
            "case_id,activity,timestamp\na,b,2024-01-01\n",
            ["--activity", "actvity"],
            "--activity 'actvity': did you mean 'activity'?",
        ),
        (
            "case_id,activity,timestamp\na,b,soon\nc,d,later\n",
            ["--time", "timestamp"],
            "does not hold times that can be read",
        ),
        ("colour,size\nred,1\n", [], "it cannot be told without doubt which column is the journey, activity, time"),
    ],
    ids=["empty", "header only", "wrong column", "no times", "no idea"],
)
def test_a_bad_log_is_refused_whole(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, content: str, options: list[str], said: str
) -> None:
    log = tmp_path / "bad.csv"
    log.write_text(content, encoding="utf-8")
    assert said in refused(capsys, "ingest", log, "-w", tmp_path / "new.duckdb", *options)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.csv"]


def test_a_bad_load_leaves_a_workspace_as_it_was(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, workspace: Path
) -> None:
    log = tmp_path / "bad.csv"
    log.write_text("case_id,activity,timestamp\na,b,soon\n", encoding="utf-8")
    refused(capsys, "ingest", log, "-w", workspace, "--append", "--time", "timestamp")
    assert run_json(capsys, "info", workspace)["log"]["events"] == 16


def test_a_newer_workspace_is_refused(capsys: pytest.CaptureFixture[str], workspace: Path) -> None:
    with Workspace(workspace) as made, made.change() as db:
        db.execute("UPDATE meta SET value = '999' WHERE key = 'schema_version'")
    assert "newer version of Desire Path" in refused(capsys, "info", workspace)


def test_an_empty_workspace_says_what_to_do(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    Workspace(tmp_path / "empty.duckdb").close()
    assert "desirepath ingest FILE -w" in refused(capsys, "info", tmp_path / "empty.duckdb")


def test_a_folder_is_no_log(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert "is a folder" in refused(capsys, "info", tmp_path)


def test_what_the_system_refuses_is_said_without_traceback(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, log: Path
) -> None:
    def full(_arguments: object) -> int:
        raise OSError(28, "No space left on device", "shop.duckdb")

    monkeypatch.setattr(cli_commands, "info", full)
    assert refused(capsys, "info", log) == "desirepath: shop.duckdb: No space left on device\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "the following arguments are required: COMMAND"),
        (["inform"], "invalid choice: 'inform'"),
        (["ingest", "a.csv"], "the following arguments are required: --workspace/-w"),
        (["ingest", "a.csv", "-w", "w", "--session-gap", "30"], "'30' is not a duration; write 30s, 30m, 2h, 3d or 2w"),
        (["compare", "w", "m", "--fail-on", "misssing > 1"], "there is no figure 'misssing'"),
        (["compare", "w", "m", "--out", "f.docx"], "'f.docx' must end in .html or .htm or .pdf or .xlsx or .json"),
        (["compare", "w", "m", "--out", "/no/where/f.json"], "there is no folder '/no/where'"),
        (["app", "--port", "99999"], "'99999' is not a port"),
        (["discover", "w", "--detail", "atom"], "invalid choice: 'atom'"),
        (["compare", "w", "m", "--bogus"], "desirepath compare: error: unrecognized arguments: --bogus"),
        (["compare", "w", "m", "--fail-on", "missing > 10"], "figures are shares, so write 10% or 0.1"),
        (["compare", "w", "m", "--fail-on-accepted"], "--fail-on-accepted goes with --fail-on"),
        (["compare", "w", "m.json", "--out", "./m.json"], "--out m.json would write over a file that is read"),
        (["report", "w.json", "m", "--out", "w.json"], "--out w.json would write over a file that is read"),
        (["compare", "w.parquet", "m", "--moves", "w.parquet"], "--moves w.parquet would write over"),
        (["quality", "w.csv", "--rejects", "w.csv"], "--rejects w.csv would write over"),
        (["discover", "w", "--goal", "Buy", "--out", "g.json"], "give --out with a name that ends in .yaml"),
        (["map", "diff", "a", "b", "--where", "n_events > 1"], "--where chooses journeys of a log; give --log, too"),
        (["info", "w", "x", "--port", "1"], "desirepath info: error: unrecognized arguments: x --port 1"),
    ],
)
def test_wrong_usage_ends_with_2(capsys: pytest.CaptureFixture[str], arguments: list[str], said: str) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert said in capsys.readouterr().err


# The process


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-c", "from pipeline.cli import command; command()", *map(str, arguments)]


def test_help_is_quick() -> None:
    """Under 0.3 s of processor time, Python's own start included: what the machine does besides does not count."""
    before = os.times()
    ran = subprocess.run(command("--help"), cwd=ROOT, capture_output=True, text=True, check=True)
    after = os.times()
    assert ran.stdout.startswith("usage: desirepath")
    assert (after.children_user - before.children_user) + (after.children_system - before.children_system) < 0.3


def test_a_reader_that_leaves_early_is_no_fault(workspace: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    ran = subprocess.run(command("info", workspace), cwd=ROOT, stdout=write, stderr=subprocess.PIPE, check=False)
    os.close(write)
    assert (ran.returncode, ran.stderr) == (0, b"")


@pytest.mark.parametrize("delay_s", [0.0, 0.1, 0.3])
def test_interrupting_a_load_leaves_nothing(tmp_path: Path, delay_s: float) -> None:
    """The signal comes when the load has made its file, or in the middle of the work of the database."""
    new = tmp_path / "new.duckdb"
    load = command("ingest", SAMPLE / "open_university.parquet", "-w", new)
    with subprocess.Popen(load, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        while not new.exists() and running.poll() is None:
            time.sleep(0.002)
        time.sleep(delay_s)
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=60)
    assert (running.returncode, out) == (130, b"")
    assert err == b"Interrupted; nothing was left half-written.\n"
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_nothing(tmp_path: Path) -> None:
    """A limit on the size of files stands in for the disk."""
    limited = "ulimit -f 300; trap '' XFSZ; exec \"$@\""
    load = [
        "bash",
        "-c",
        limited,
        "bash",
        *command("ingest", SAMPLE / "open_university.parquet", "-w", tmp_path / "n.duckdb"),
    ]
    ran = subprocess.run(load, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert ran.stderr.startswith("desirepath: The disk is full")
    assert "Traceback" not in ran.stderr
    assert list(tmp_path.iterdir()) == []
