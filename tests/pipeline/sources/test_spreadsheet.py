"""Spreadsheets: what openpyxl writes comes back as a person would read it."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mining.errors import SourceError
from pipeline.options import Reading
from pipeline.sources.raw import Source
from pipeline.sources.spreadsheet import read_spreadsheet
from pipeline.store import Workspace

Write = Callable[..., Path]


@cache
def empty_workspace() -> Workspace:
    """Give one workspace for all readings: nothing of them is kept."""
    return Workspace()


def loaded(path: Path, sheet: str | None = None) -> tuple[list[str], list[tuple[Any, ...]], list[int], list[str]]:
    """Give the names of the columns, the rows, their numbers and the notes."""
    with empty_workspace().change(keep=False) as db:
        raw = read_spreadsheet(db, Source(path, "spreadsheet", 1, ""), "raw", Reading(sheet=sheet))
        rows = db.rows(f"SELECT {', '.join(c.column for c in raw.columns)} FROM raw ORDER BY row_no")
        lines = raw.lines(range(len(rows)))
        assert db.value("SELECT count(*) FROM raw_unread") == 0
        return [c.name for c in raw.columns], rows, [lines[n] for n in range(len(rows))], [str(n) for n in raw.notes]


def saved(path: Path, *rows: list[Any], merge: tuple[str, ...] = (), **sheets: list[list[Any]]) -> Path:
    """Save rows as the first sheet, and further sheets by name."""
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    for row in rows:
        first.append(row)
    for cells in merge:
        first.merge_cells(cells)
    for name, content in sheets.items():
        further = book.create_sheet(name)
        for row in content:
            further.append(row)
    book.save(path)
    return path


def test_values_as_a_person_reads_them(tmp_path: Path) -> None:
    """Ids stay ids, dates become times, formulas stay text or nothing, and nothing is run."""
    at = dt.datetime(2026, 1, 31, 8, 30, 15)
    path = saved(
        tmp_path / "log.xlsx",
        ["case", "id", "at", "day", "amount", "flag", "long", "clock", "mixed"],
        ["00123", 123.0, at, dt.date(2026, 1, 31), 0.1 + 0.2, True, dt.timedelta(hours=30), dt.time(8, 30), at],
        ["'=1+1", 12345678901, at, dt.date(2026, 2, 1), -1.5, False, dt.timedelta(seconds=61), dt.time(0), "soon"],
        ["@SUM(A1)", "x", None, None, 1e20, None, None, None, 5],
        ["=1+1", "+1", None, None, None, None, None, None, None],
    )
    names, rows, lines, notes = loaded(path)
    assert names == ["case", "id", "at", "day", "amount", "flag", "long", "clock", "mixed"]
    midnight = dt.datetime(2026, 1, 31)
    assert rows == [
        ("00123", "123", at, midnight, "0.3", "true", "30:00:00", "08:30:00", "2026-01-31 08:30:15"),
        ("'=1+1", "12345678901", at, dt.datetime(2026, 2, 1), "-1.5", "false", "00:01:01", "00:00:00", "soon"),
        ("@SUM(A1)", "x", None, None, "100000000000000000000", None, None, None, "5"),
        (None, "+1", None, None, None, None, None, None, None),
    ]
    assert lines == [2, 3, 4, 5]
    assert notes == []


def test_a_report_with_titles_and_gaps(tmp_path: Path) -> None:
    """Titles, blank rows and blank columns are passed over; rows keep the numbers that the spreadsheet shows."""
    path = saved(
        tmp_path / "log.xlsx",
        [],
        ["Tickets of January", None, None, None],
        [None],
        [None, "case", None, "event", "time"],
        [None, 1, None, "a", dt.datetime(2026, 1, 1)],
        [None, None, None, None, " "],
        [None, 2, None, "b", dt.datetime(2026, 1, 2)],
    )
    names, rows, lines, _ = loaded(path)
    assert names == ["case", "event", "time"]
    assert rows == [("1", "a", dt.datetime(2026, 1, 1)), ("2", "b", dt.datetime(2026, 1, 2))]
    assert lines == [5, 7]


def test_a_header_of_two_rows(tmp_path: Path) -> None:
    """Merged cells above are part of the names below them."""
    path = saved(
        tmp_path / "log.xlsx",
        ["All of it", None, None, None],
        ["Customer", None, "Event", "Time"],
        ["id", "name", None, None],
        [1, "x", "a", 5],
        merge=("A1:D1", "A2:B2", "C2:C3", "D2:D3"),
    )
    assert loaded(path)[:3] == (["Customer id", "Customer name", "Event", "Time"], [("1", "x", "a", "5")], [4])


def test_sheets_are_chosen(tmp_path: Path) -> None:
    """The first sheet with rows is read, and the others named; another is read when it is asked for."""
    path = saved(tmp_path / "log.xlsx", Data=[["a", "b"], [1, 2]], More=[["c", "d"], [3, 4]])
    names, rows, _, notes = loaded(path)
    assert (names, rows) == (["a", "b"], [("1", "2")])
    assert notes == ["log.xlsx: the sheet 'Data' was read. It also has: Sheet, More. Choose another with --sheet."]
    assert loaded(path, "more")[:2] == (["c", "d"], [("3", "4")])
    with pytest.raises(SourceError, match=r"no sheet 'Other'\. Its sheets are: Sheet, Data, More"):
        loaded(path, "Other")
    with pytest.raises(SourceError, match=r"The sheet 'Sheet' of .* is empty"):
        loaded(path, "Sheet")


def bomb(path: Path, sheet: bytes) -> Path:
    """Save a spreadsheet whose sheet is these bytes."""
    saved(path, ["a", "b"], [1, 2])
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    parts["xl/worksheets/sheet1.xml"] = sheet
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return path


FAR = b'<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row>'
FAR += b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'


def test_what_is_refused(tmp_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """Locked, damaged, empty, spread out or blown up: a clear error, before memory is asked for."""
    locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600)
    good = saved(tmp_path / "good.xlsx", ["a", "b"], [1, 2]).read_bytes()
    plain = io.BytesIO()
    with zipfile.ZipFile(plain, "w") as archive:
        archive.writestr("content.xml", "<x/>")
    entities = b'<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><worksheet><sheetData><row r="1">'
    entities += b'<c r="A1" t="str"><v>&b;</v></c></row></sheetData></worksheet>'
    cases = [
        (write(locked, "locked.xlsx"), "locked by a password"),
        (write(locked[:300], "old.xls"), "cannot be read as .xls"),
        (write(good[: len(good) // 2], "half.xlsx"), "cannot be read as .xlsx"),
        (write(good.replace(b"\x00\x00\x08\x00", b"\x00\x00\x09\x00"), "odd.xlsx"), "cannot be read as .xlsx"),
        (write(plain.getvalue(), "log.ods"), "of a kind that is not read"),
        (saved(tmp_path / "none.xlsx"), "no sheet with rows"),
        (saved(tmp_path / "header.xlsx", ["a", "b"]), "has columns but no rows. Give a file"),
        (bomb(tmp_path / "far.xlsx", FAR), "spreads over more cells"),
        (bomb(tmp_path / "entities.xlsx", entities), "cannot be read|no rows|no sheet"),
    ]
    for path, said in cases:
        with pytest.raises(SourceError, match=said):
            loaded(path)
    monkeypatch.setattr("pipeline.sources.spreadsheet_guard.LARGEST", 1 << 20)
    with pytest.raises(SourceError, match="more cells than can be held"):
        loaded(bomb(tmp_path / "zeros.xlsx", b"<worksheet>" + b" " * (1 << 21) + b"</worksheet>"))


WORDS = st.text("aé đ0123=+-@\"',", max_size=8).map(str.strip)
CELLS = st.none() | st.integers(-(2**53), 2**53) | st.booleans() | WORDS


@settings(max_examples=25)
@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=8))
def test_every_cell_comes_back(tmp_path_factory: pytest.TempPathFactory, rows: list[list[Any]]) -> None:
    """Whole numbers, flags and text are there again; text that looks like a formula is what it looks like."""
    path = tmp_path_factory.mktemp("xlsx") / "log.xlsx"
    rows = [["x", *row] for row in rows]
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for r, row in enumerate([["k", "a", "b", "c"], *rows], start=1):
        for c, value in enumerate(row, start=1):
            cell = sheet.cell(r, c)
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"
    book.save(path)

    def said(value: Any) -> str | None:
        return str(value).lower() if isinstance(value, bool) else None if value in (None, "") else str(value)

    names, found, lines, _ = loaded(path)
    assert names == ["k", "a", "b", "c"]
    assert found == [tuple(said(v) for v in row) for row in rows]
    assert lines == list(range(2, len(rows) + 2))
