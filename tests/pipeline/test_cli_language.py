"""What the commands say in the language asked for: titles beside the ids that a person types; JSON stays as it is."""

from __future__ import annotations

import json
from argparse import ArgumentParser, _SubParsersAction
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.cli.help import language_of, put_into
from pipeline.cli.parser import parser
from pipeline.language import Language
from pipeline.store import Workspace

OLD = """\
schema: desirepath/journey-map@1
id: shop
title: {en: Our shop, vi: Cửa hàng}
goal: buy
inactive_after: 1d
stages:
  - id: find
    title: {en: Find, vi: Tìm}
    steps:
      - {id: look, title: {en: Look around, vi: Xem hàng}, events: [Look], milestone: true}
      - {id: ask, title: {en: Ask us, vi: Hỏi}, events: [Ask]}
  - id: pay
    title: {en: Pay, vi: Trả tiền}
    steps:
      - {id: buy, title: {en: Buy it, vi: Mua}, events: [Buy], milestone: true}
      - {id: thank, title: {en: Thanks, vi: Cảm ơn}, optional: true}
"""
NEW = OLD.replace("events: [Ask]", "events: [Ask], optional: true")
PATHS = [["Look", "Ask", "Buy"]] * 2 + [["Look", "Phone", "Buy"]]


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    """Give the names of a workspace and of two versions of a map."""
    rows = [f"j{n},{name},2024-03-01T09:{k:02d}:00" for n, path in enumerate(PATHS) for k, name in enumerate(path)]
    log = tmp_path / "shop.csv"
    log.write_text("\n".join(["case_id,activity,timestamp", *rows]) + "\n", encoding="utf-8")
    names = {"log": tmp_path / "shop.duckdb", "old": tmp_path / "old.yaml", "new": tmp_path / "new.yaml", "csv": log}
    names["old"].write_text(OLD, encoding="utf-8")
    names["new"].write_text(NEW, encoding="utf-8")
    with Workspace(names["log"]) as workspace:
        workspace.ingest(log)
    return {name: str(path) for name, path in names.items()}


def said(capsys: pytest.CaptureFixture[str], files: dict[str, str], command: str, language: str = "en") -> str:
    """Run a command that must succeed, and give what it prints."""
    assert main([*(word.format(**files) for word in command.split()), "--language", language]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("command", "english", "vietnamese"),
    [
        (
            "map check {old} --log {log}",
            ["old.yaml is a valid map: 2 stages, 4 touchpoints, 2 milestones, ", "Our shop (shop)", "Thanks (thank)"],
            ["Cửa hàng (shop)", "Cảm ơn (thank)", "Ngoài kế hoạch"],
        ),
        (
            "map diff {old} {new}",
            ["Look around > [Buy it]", "Ask us (ask) may be left out now"],
            ["Xem hàng > [Mua]", "Hỏi (ask) "],
        ),
        (
            "map diff {old} {new} --log {log}",
            ["3 of the old map, 3 of the new one, 3 of both", "gone    Skipped    Ask us (ask)", "89% before, 93% now"],
            ["Bỏ qua", "Hỏi (ask)", "89%"],
        ),
        (
            "discover {log} --detail touchpoint --map {old}",
            [
                "Begins with  Look around (look) (3)",
                "Look around > Ask us > Buy it (2 journeys, 67%)",
                "Ask us (ask) ",
            ],
            ["Xem hàng (look) (3)", "Xem hàng > Hỏi > Mua", "67%"],
        ),
        (
            "discover {log} --detail stage --map {old}",
            ["Find (find) (3)", "(not in the plan)  Pay (pay) "],
            ["Tìm (find) (3)", "Trả tiền (pay)"],
        ),
        ("map bind {new} {log}", ["Thanks (thank)"], ["Cảm ơn (thank)"]),
        ("info {log}", ["9 events in 3 journeys"], ["9 sự kiện", "01/03/2024"]),
        (
            "quality {log}",
            ["info  Activities seen only once: 1 of 4 activities (25%)"],
            ["Hoạt động chỉ gặp một lần: 1 trên 4 hoạt động (25%)"],
        ),
        ("align {log} {old}", ["3 journeys, 2 paths", "Fitting  2 journeys (67%)"], ["3 hành trình", "67%"]),
        ("map template list", ["Gym"], ["Hội viên phòng tập"]),
    ],
)
def test_titles_stand_beside_ids_in_the_language(
    capsys: pytest.CaptureFixture[str], files: dict[str, str], command: str, english: list[str], vietnamese: list[str]
) -> None:
    for language, parts in (("en", english), ("vi", vietnamese)):
        text = said(capsys, files, command, language)
        assert [part for part in parts if part not in text] == [], text


@pytest.mark.parametrize(
    "command",
    [
        *("info {log}", "quality {log}", "discover {log} --miner inductive", "map check {old} --log {log}"),
        *("map diff {old} {new} --log {log}", "map bind {old} {log}", "map template list", "compare {log} {old}"),
        *("compare {log} {old} {new}", "align {log} {old}", "presets", "define {log}", "define {log} --gaps"),
        *("ingest {csv} -w new.duckdb --dry-run", "report {log} {old} --out report.json"),
    ],
)
def test_json_knows_no_language(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, files: dict[str, str], command: str
) -> None:
    monkeypatch.chdir(Path(files["csv"]).parent)
    if command.startswith("compare {log} {old} {new}"):
        Path(files["new"]).write_text(NEW + "valid_from: 2024-02-01\n", encoding="utf-8")
    documents = [json.loads(said(capsys, files, f"{command} --json", language)) for language in ("en", "vi")]
    for document in documents:
        for found in [document, *(v["findings"] or {} for v in document.get("versions", ()))]:
            found.get("alignment", {}).pop("seconds", None)
    assert documents[0] == documents[1]


def test_faults_and_notes_are_said_in_the_language(capsys: pytest.CaptureFixture[str], files: dict[str, str]) -> None:
    assert main(["info", "nowhere.csv", "--language", "vi"]) == 1
    assert capsys.readouterr().err == "desirepath: nowhere.csv không tồn tại. Hãy kiểm tra lại tên.\n"
    assert main(["compare", files["log"], files["old"], "--where", "n_event = 3", "--language", "vi"]) == 1
    assert "có phải ý bạn là 'n_events'?" in capsys.readouterr().err


def test_a_condition_that_leaves_nothing_is_said_and_nothing_is_written(
    capsys: pytest.CaptureFixture[str], files: dict[str, str], tmp_path: Path
) -> None:
    out = tmp_path / "graph.json"
    assert main(["discover", files["log"], "--where", "n_events > 99", "--out", str(out)]) == 1
    heard = capsys.readouterr()
    assert heard.out == ""
    assert heard.err == "desirepath: No journey is left. The condition was: n_events > 99\n"
    assert not out.exists()


class Loud(Language):
    """A language whose words are told apart from those of the code without a catalogue."""

    def translate(self, template: str) -> str:
        return template.upper()


def under(whole: ArgumentParser) -> list[ArgumentParser]:
    """Give a parser and those of the commands under it."""
    choices = [action.choices for action in whole._actions if isinstance(action, _SubParsersAction)]
    return [whole, *(found for some in choices for parser in some.values() for found in under(parser))]


def test_all_help_is_put_into_the_language() -> None:
    whole = parser()
    put_into(whole, Loud("vi"))
    parsers = under(whole)
    assert len(parsers) > 15
    said = [text for one in parsers for text in (one.description, one.epilog, *(a.help for a in one._actions))]
    said += [text for one in parsers for group in one._action_groups for text in (group.title, group.description)]
    assert [text for text in said if text and text != text.upper()] == []


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["info", "a.csv"], "en"),
        (["--language", "vi", "info", "a.csv"], "vi"),
        (["info", "a.csv", "--language", "vi"], "vi"),
        (["info", "--language=vi", "--help"], "vi"),
        (["--language", "vi", "map", "check", "--help"], "vi"),
        (["info", "--language", "fr"], "en"),
        (["info", "--language"], "en"),
    ],
)
def test_the_language_is_known_before_help_is_printed(arguments: list[str], code: str) -> None:
    assert language_of(arguments).code == code


def test_the_language_may_stand_before_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (
        ["--language", "vi", "info", "no.csv"],
        ["--language", "en", "info", "no.csv", "--language", "vi"],
    ):
        main(arguments)
        assert "không tồn tại" in capsys.readouterr().err
