"""How the commands write numbers, tables and the progress bar."""

from __future__ import annotations

import pytest

from pipeline.cli import text as cli_text


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (cli_text.count(1234567), "1,234,567"),
        (cli_text.count(0), "0"),
        (cli_text.number(0.123456), "0.123"),
        (cli_text.percent(0.0), "0.0 %"),
        (cli_text.duration(1800.0), "30m"),
        (cli_text.moment("2013-10-07T08:15:00Z"), "2013-10-07 08:15"),
    ],
)
def test_values_are_written_for_people(written: str, expected: str) -> None:
    assert written == expected


@pytest.mark.parametrize("write", [cli_text.count, cli_text.number, cli_text.percent, cli_text.duration])
def test_undefined_is_a_dash_and_never_zero(write: object) -> None:
    assert callable(write)
    assert write(None) == "-"


def test_a_table_keeps_long_and_many_lined_cells_on_one_line() -> None:
    text = cli_text.table(["activity", "n"], [["a\nb\tc", "1"], ["x" * 80, "2"]])
    lines = text.splitlines()
    assert lines[1].startswith("a b c ")
    assert lines[2] == "x" * 59 + "…  2"
    assert len({len(line) for line in lines}) == 1


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
    with cli_text.progress(quiet=True) as bar:
        assert bar is None
