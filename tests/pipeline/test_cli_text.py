"""How the commands write numbers, tables and the progress bar."""

from __future__ import annotations

from pathlib import PurePath

import pytest

from mining.errors import MapError, Problem
from mining.messages import Message
from pipeline.cli import text as cli_text
from pipeline.cli.findings import log_facts
from pipeline.language import Language

PROBLEM = Problem(Message("a question needs a `text`"), line=1200)


def test_a_message_keeps_all_of_a_path_and_speaks_the_language() -> None:
    """In the app a path is the server's business; on the command line it is what the reader typed."""
    inner = Message("{n} rows", n=1234)
    message = Message("{path}: {inner}", path=PurePath("logs/a.csv"), inner=inner)
    assert cli_text.say(message, Language("en")) == "logs/a.csv: 1,234 rows"
    assert cli_text.say(message, Language("vi")) == "logs/a.csv: 1.234 rows"


def test_an_error_is_said_with_its_problems_and_their_lines() -> None:
    error = MapError("{name} is not a valid journey map: {n} to mend", name="m.yaml", n=1, problems=[PROBLEM])
    said = "m.yaml is not a valid journey map: 1 to mend\n  line 1200: a question needs a `text`"
    assert cli_text.say_error(error, Language("en")) == said == error.text()
    assert cli_text.say_error(error, Language("vi")).splitlines()[1].endswith(" 1200: câu hỏi cần có `text`")


@pytest.mark.parametrize(
    ("n", "said"),
    [(1, "1 event in 1 journey, 1 path, 1 activity"), (2, "2 events in 2 journeys, 2 paths, 2 activities")],
)
def test_one_is_no_plural(n: int, said: str) -> None:
    log = dict.fromkeys(("events", "journeys", "variants", "activities", "rejected_rows"), n)
    moment = "2024-03-01T09:00:00Z"
    facts = dict(log_facts({**log, "start": moment, "end": moment}, Language("en")))
    assert facts["Log"] == said
    assert facts["Time"] == "Mar 1, 2024, 09:00 to Mar 1, 2024, 09:00 (UTC)"
    assert facts["Rejected"] == ("1 row" if n == 1 else "2 rows")


def test_a_table_keeps_long_and_many_lined_cells_on_one_line() -> None:
    text = cli_text.table(["activity", "n"], [["a\nb\tc", "1"], ["x" * 80, "2"]])
    lines = text.splitlines()
    assert lines[1].startswith("a b c ")
    assert lines[2] == "x" * 59 + "…  2"
    assert len({len(line) for line in lines}) == 1


def test_what_is_to_be_typed_is_never_cut() -> None:
    condition = f"deviates('ad_hoc', '{'x' * 80}  y', 'find')"
    text = cli_text.table(["deviation", "--where"], [["Unplanned", condition], ["Skipped", "a\nb"]], range(2))
    assert text.splitlines()[1:] == [f"Unplanned  {condition}", "Skipped    a b"]


def test_no_bar_is_drawn_where_nobody_sees_it(capsys: pytest.CaptureFixture[str]) -> None:
    with cli_text.progress(quiet=False) as bar:
        assert bar is None
    assert capsys.readouterr().err == ""


def test_a_bar_is_drawn_on_a_terminal_and_wiped(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with cli_text.progress(quiet=False) as bar:
        assert bar is not None
        bar("reading", 0.5)
    said = capsys.readouterr()
    assert f"[{'#' * 12}{'.' * 12}] reading" in said.err
    assert said.err.endswith("\r\x1b[K")
    assert said.out == ""
    with cli_text.progress(quiet=False, language=Language("vi")) as bar:
        assert bar is not None
        bar(Message("Reading {name}", name="a.csv"), 0.5)
    assert "Đang đọc a.csv" in capsys.readouterr().err
    with cli_text.progress(quiet=True) as bar:
        assert bar is None
