"""`desirepath report`, and the reports of `desirepath compare --out`."""

from __future__ import annotations

import io
import json
from pathlib import Path

import openpyxl
import pytest

from pipeline.cli import main
from tests.pipeline import pdf_text

LOG = """case,activity,time,region
1,Look,2026-01-01 10:00,North
1,Ask,2026-01-01 11:00,North
1,Buy,2026-01-02 10:00,North
2,Look,2026-01-03 10:00,South
2,Look,2026-01-03 12:00,South
3,Buy,2026-01-04 10:00,South
"""
PLAN = """
id: shop
title: {en: The shop, vi: Cửa hàng}
goal: buy
stages: [{id: s, title: {en: Sale, vi: Bán hàng}, steps: [{id: look, events: [Look]}, {id: buy, events: [Buy]}]}]
"""


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a log, its workspace and a map."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shop.csv").write_text(LOG, encoding="utf-8")
    (tmp_path / "shop.yaml").write_text(PLAN, encoding="utf-8")
    roles = ["--journey", "case", "--activity", "activity", "--time", "time"]
    assert main(["ingest", "shop.csv", *roles, "-w", "shop.duckdb", "-q"]) == 0
    return tmp_path


def report(*arguments: str) -> int:
    return main(["report", "shop.duckdb", "shop.yaml", *arguments])


def test_every_form_is_written(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for form in ("html", "htm", "pdf", "xlsx", "json"):
        assert report("--out", f"r.{form}") == 0
    assert "The shop" in (files / "r.html").read_text(encoding="utf-8")
    assert pdf_text.pages((files / "r.pdf").read_bytes()) >= 3
    assert openpyxl.load_workbook(files / "r.xlsx").sheetnames[:4] == ["Report", "Summary", "Findings", "Deviations"]
    said = capsys.readouterr()
    assert "r.html" in said.out
    assert said.err == ""


def test_json_is_one_document_with_the_recipe(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert report("--out", "r.json", "--json", "--where", "region = 'South'") == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed == json.loads((files / "r.json").read_text(encoding="utf-8"))
    assert printed["log"]["journeys"] == 2
    assert printed["recipe"]["where"] == "region = 'South'"
    assert printed["recipe"]["commands"][-1] == (
        "desirepath report shop.duckdb shop.yaml --where 'region = '\"'\"'South'\"'\"'' --language en --out report.html"
    )
    assert main(["compare", "shop.duckdb", "shop.yaml", "--json", "--where", "region = 'South'"]) == 0
    compared = json.loads(capsys.readouterr().out)
    compared["alignment"]["seconds"] = printed["alignment"]["seconds"]
    del printed["recipe"]
    assert printed == compared


def test_the_language_is_chosen(files: Path) -> None:
    assert report("--out", "r.html", "--language", "vi", "-q") == 0
    page = (files / "r.html").read_text(encoding="utf-8")
    assert "Cửa hàng" in page
    assert '<html lang="vi">' in page
    assert "Hành trình dự kiến đối chiếu với hành trình thực tế" in page


def test_compare_writes_the_same_document(files: Path) -> None:
    assert report("--out", "r.html", "-q") == 0
    assert main(["compare", "shop.duckdb", "shop.yaml", "--out", "c.html", "-q"]) == 0
    assert (files / "r.html").read_bytes() == (files / "c.html").read_bytes()
    assert main(["compare", "shop.duckdb", "shop.yaml", "--out", "c.xlsx", "-q"]) == 0
    book = openpyxl.load_workbook(io.BytesIO((files / "c.xlsx").read_bytes()))
    assert book["Summary"]["B3"].value == 3


def test_a_log_without_a_workspace_is_read_for_the_report(files: Path) -> None:
    (files / "events.csv").write_text(LOG.replace("case,", "case_id,").replace("time,", "timestamp,"), encoding="utf-8")
    assert main(["report", "events.csv", "shop.yaml", "--out", "r.json", "-q"]) == 0
    recipe = json.loads((files / "r.json").read_text(encoding="utf-8"))["recipe"]
    assert recipe["commands"] == ["desirepath report events.csv shop.yaml --language en --out report.html"]


def test_the_recipe_names_the_definition(files: Path) -> None:
    (files / "clean.yaml").write_text('- drop: ["Ask"]\n', encoding="utf-8")
    assert main(["define", "shop.duckdb", "--session-gap", "100s", "--recipe", "clean.yaml", "-q"]) == 0
    assert report("--out", "r.json", "-q") == 0
    recipe = json.loads((files / "r.json").read_text(encoding="utf-8"))["recipe"]
    assert recipe["commands"][1] == "desirepath define shop.duckdb --session-gap 100s --recipe recipe.yaml"
    assert recipe["definition"]["recipe"] == [{"drop": ["Ask"]}]
    assert report("--out", "r.html", "-q") == 0
    assert "- drop:" in (files / "r.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("out", ["r.docx", "nowhere/r.html", "r"])
def test_a_name_that_cannot_be_written_is_refused_before_any_work(files: Path, out: str) -> None:
    with pytest.raises(SystemExit) as stopped:
        report("--out", out)
    assert stopped.value.code == 2


def test_a_report_needs_a_name(files: Path) -> None:
    with pytest.raises(SystemExit) as stopped:
        report()
    assert stopped.value.code == 2


def test_what_is_wrong_is_said_and_nothing_is_written(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert report("--out", "r.pdf", "--where", "nothing = 1") == 1
    assert "nothing" in capsys.readouterr().err
    assert main(["report", "none.duckdb", "shop.yaml", "--out", "r.pdf"]) == 1
    assert not (files / "r.pdf").exists()
