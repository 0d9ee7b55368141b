"""Delimited text: whatever it is written with, the rows come back as they were."""

from __future__ import annotations

import csv
import gzip
import io
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mining.errors import SourceError
from pipeline.options import Reading
from pipeline.sources import RawTable, delimited, find, read
from pipeline.store import Workspace

Write = Callable[..., Path]
Rows = list[tuple[Any, ...]]


@cache
def _workspace() -> Workspace:
    """Give one workspace for all tests: nothing is kept in it."""
    return Workspace()


def loaded(path: Path, **reading: str) -> tuple[list[str], Rows, list[tuple[int, str]], RawTable, dict[int, int]]:
    """Give names, rows, unread rows, the raw table and the lines of all rows."""
    with _workspace().change(keep=False) as db:
        raw = read(db, find([path])[0], "r", Reading(**reading))
        columns = ", ".join(c.column for c in raw.columns)
        rows = db.rows(f"SELECT {columns} FROM r ORDER BY row_no")
        unread = db.rows(f"SELECT line_no, raw FROM {raw.unread} ORDER BY line_no")
        return [c.name for c in raw.columns], rows, unread, raw, dict(raw.lines(range(len(rows))))


def refusal(path: Path) -> SourceError | None:
    """Give what keeps a file from being loaded; any other fault is one of ours."""
    try:
        loaded(path)
    except SourceError as error:
        return error
    return None


def notes(raw: RawTable) -> list[str]:
    return [str(note) for note in raw.notes]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^", "~", "\x01", "\x1f", " ", "||"])
def test_usual_and_rare_delimiters_are_told(write: Write, delimiter: str) -> None:
    text = "case_id,activity,day\n1,view,2026-01-01\n1,buy,2026-01-02\n2,view,2026-01-03\n"
    names, rows, unread, _, lines = loaded(write(text.replace(",", delimiter)))
    assert names == ["case_id", "activity", "day"]
    assert rows == [("1", "view", "2026-01-01"), ("1", "buy", "2026-01-02"), ("2", "view", "2026-01-03")]
    assert (unread, lines) == ([], {0: 2, 1: 3, 2: 4})


@pytest.mark.parametrize(("said", "meant"), [("tab", "\t"), ("::", "::"), ("@", "@"), ("\\t", "\t"), ("€", "€")])
def test_the_delimiter_may_be_given(write: Write, said: str, meant: str) -> None:
    names, rows, *_ = loaded(write(f"a,x{meant}b\n1,5{meant}'2'\n"), delimiter=said)
    assert (names, rows) == (["a,x", "b"], [("1,5", "'2'")])


@pytest.mark.parametrize("said", ["", "abcde", '"', "\n"])
def test_what_cannot_be_a_delimiter(write: Write, said: str) -> None:
    with pytest.raises(SourceError, match="cannot be a delimiter"):
        loaded(write("a,b\n1,2\n"), delimiter=said)


def test_blanks_in_values_part_nothing(write: Write) -> None:
    good = "".join(f"{n},x,2026-01-01 10:0{n}\n" for n in range(8))
    names, rows, unread, *_ = loaded(write(f"case id,activity,time\n{good}bad row\nworse row\n"))
    assert (names, len(rows), len(unread)) == (["case id", "activity", "time"], 8, 2)


def test_single_quotes(write: Write) -> None:
    names, rows, *_ = loaded(write("'a,1','b'\n'1,5','it''s'\n'2','x'\n"))
    assert (names, rows) == (["a,1", "b"], [("1,5", "it's"), ("2", "x")])
    _, rows, *_ = loaded(write("a,b\n1,'til then\n2,it's\n"))
    assert rows == [("1", "'til then"), ("2", "it's")]


def test_rows_that_end_in_a_delimiter(write: Write) -> None:
    for text in ("a,b,\n1,2,\n3,4,\n", "a,b,\n1,2\n3,4\n", "a,b\n1,2,\n3,4,\n"):
        names, rows, unread, *_ = loaded(write(text))
        assert (names[:2], [row[:2] for row in rows], unread) == (["a", "b"], [("1", "2"), ("3", "4")], [])


def test_a_header_that_lacks_the_first_name(write: Write) -> None:
    names, rows, _, raw, _ = loaded(write("case activity\n1 x y\n2 x z\n3 w y\n", "frame.txt"))
    assert (names, rows[0]) == (["column_1", "case", "activity"], ("1", "x", "y"))
    assert notes(raw) == ["frame.txt: the header has one name less than there are columns; the first has none."]


def test_equal_names_blank_lines_and_an_id_called_na(write: Write) -> None:
    names, rows, unread, _, lines = loaded(write("\n\nid,v,v,\n\nNA,1,,\n\n\nnull,2,3,4\n"))
    assert names == ["id", "v", "v_1", "column_4"]
    assert rows == [("NA", "1", None, None), ("null", "2", "3", "4")]
    assert (unread, lines) == ([], {0: 5, 1: 8})


def test_remarks_before_the_header(write: Write) -> None:
    remarks = '# ----\n# All "Web, Site Data\n# 20260101-20260131\n# ----\n\n'
    text = f"{remarks}Page,Day,Views\n/a,2026-01-01,1\n/b,2026-01-01,2\n"
    names, rows, unread, raw, lines = loaded(write(text))
    assert (names, rows[1], unread, lines) == (
        ["Page", "Day", "Views"],
        ("/b", "2026-01-01", "2"),
        [],
        {0: 7, 1: 8},
    )
    assert notes(raw) == ["Lines left out before the header of log.csv: 5."]
    names, rows, *_ = loaded(write("# an export\n#case,activity\n1,x\n2,y\n"))
    assert (names, rows) == (["case", "activity"], [("1", "x"), ("2", "y")])
    names, rows, *_ = loaded(
        write("#Version: 1.0\n#Fields: day time host\n2026-01-01 10:00 ::1\n2026-01-01 10:01 ::1\n")
    )
    assert (names, rows[0]) == (["day", "time", "host"], ("2026-01-01", "10:00", "::1"))


def test_a_title_before_the_header(write: Write) -> None:
    rows_ = "".join(f"{n},x,2026-01-0{n}\n" for n in range(1, 8))
    names, rows, unread, raw, lines = loaded(write(f"Report of all orders\n\ncase,activity,day\n{rows_}"))
    assert (names, len(rows), unread, lines[0]) == (["case", "activity", "day"], 7, [], 4)
    assert notes(raw) == ["Lines left out before the header of log.csv: 1."]


def test_a_file_without_a_header(write: Write) -> None:
    names, rows, _, raw, lines = loaded(write("1,x,2026-01-01 10:00\n1,y,2026-01-01 10:05\n"))
    assert (names, len(rows), lines) == (["column_1", "column_2", "column_3"], 2, {0: 1, 1: 2})
    assert notes(raw) == ["log.csv has no header; its columns were numbered."]


def test_lines_of_rows_beside_unread_rows(write: Write) -> None:
    _, rows, unread, _, lines = loaded(write("a,b\n1,2\nbad\n3,4\n5,6,7\n8,9"))
    assert (rows, unread) == ([("1", "2"), ("3", "4"), ("8", "9")], [(3, "bad"), (5, "5,6,7")])
    assert lines == {0: 2, 1: 4, 2: 6}
    _, rows, unread, _, lines = loaded(write('a,b\n1,"x\ny"\nbad\n3,4\n'))
    assert (rows, unread, lines) == ([("1", "x\ny"), ("3", "4")], [(4, "bad")], {0: 2, 1: 5})


def test_a_large_file_is_kept_on_the_disk(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write("a,b\n1,2\nbad\n" + "".join(f'{n},"x\n{n}"\n' for n in range(300_000)))
    small = loaded(path)
    monkeypatch.setattr(delimited, "LARGE", 0)
    large = loaded(path)
    assert len(small[1]) == 300_001
    assert [found == other for n, (found, other) in enumerate(zip(small, large, strict=True)) if n != 3] == [True] * 4


def test_lines_that_are_damaged_in_utf8_are_left_aside(write: Write) -> None:
    good = "".join(f"{n},Gọi điện thoại\n" for n in range(30)).encode()
    _, rows, unread, _, _ = loaded(write(b"a,b\n" + good + b"7,\xff\xfe\n" + good))
    assert (len(rows), [line for line, _ in unread]) == (60, [32])


def test_a_given_encoding_is_obeyed(write: Write) -> None:
    path = write("a,b\n1,Привет\n".encode("cp1251"))
    assert loaded(path, encoding="windows-1251")[1] == [("1", "Привет")]
    with pytest.raises(SourceError, match=r"There is no encoding 'nonsense'\. Give one of utf-8"):
        loaded(path, encoding="nonsense")
    with pytest.raises(SourceError, match="is not in the encoding ascii"):
        loaded(path, encoding="ascii")


def test_more_columns_than_any_log(write: Write) -> None:
    wide = ",".join(f"c{n}" for n in range(1_000_000))
    with pytest.raises(SourceError, match="has 1000000 columns; more than 2000 are not read"):
        loaded(write(f"{wide}\n{wide}\n"))


def test_a_line_of_a_hundred_megabytes(write: Write) -> None:
    long = b"x" * 100_000_000
    _, rows, unread, *_ = loaded(write(b"a,b\n1,2\n3," + long + b"\n5,6\n"))
    assert (rows, [line for line, _ in unread]) == ([("1", "2"), ("5", "6")], [3])
    with pytest.raises(SourceError, match="its first line is longer than 8 MB, as in no log"):
        loaded(write(long + b"\n1\n"))


VALUES = (st.just("NA") | st.text("abzđọớ ,;|\t'\"\n019-€", max_size=6)).filter(
    lambda value: value == value.strip() and not value.startswith("#")
)
TABLES = st.integers(2, 4).flatmap(
    lambda width: st.lists(st.lists(VALUES, min_size=width, max_size=width).filter(any), min_size=2, max_size=8)
)


def written(rows: Sequence[Sequence[str]], delimiter: str, ends: str) -> str:
    """Write a table as the csv module does, every value quoted."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    return out.getvalue().replace("\n", ends)


def packed(content: bytes, packing: str, folder: Path) -> Path:
    """Put a content into a file."""
    path = folder / f"log.csv{packing}"
    if packing == ".zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("log.csv", content)
    else:
        path.write_bytes(gzip.compress(content) if packing == ".gz" else content)
    return path


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(
    table=TABLES,
    delimiter=st.sampled_from(",;\t|^~\x01"),
    ends=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]),
    packing=st.sampled_from(["", ".gz", ".zip"]),
)
def test_rows_come_back(table: list[list[str]], delimiter: str, ends: str, encoding: str, packing: str) -> None:
    header = [f"name {n}" for n, _ in enumerate(table[0], start=1)]
    text = written([header, *table], delimiter, ends)
    given_encoding = encoding if encoding in ("utf-16-le", "utf-16-be") else None
    with tempfile.TemporaryDirectory() as folder:
        path = packed(text.encode(encoding), packing, Path(folder))
        names, rows, unread, _, lines = loaded(path, delimiter=delimiter, **_given(given_encoding))
    assert names == header
    assert unread == []
    inside = "\r\n" if ends == "\r\n" and encoding.startswith("utf-8") else "\n"  # what is rewritten has line feeds
    assert rows == [tuple(value.replace("\n", inside) or None for value in row) for row in table]
    starts, line = {}, 2
    for n, row in enumerate(table):
        starts[n] = line
        line += 1 + sum(value.count("\n") for value in row)
    assert lines == starts


def _given(encoding: str | None) -> dict[str, str]:
    return {"encoding": encoding} if encoding else {}


@settings(max_examples=60, deadline=None)
@given(content=st.binary(min_size=1, max_size=400))
def test_any_bytes_load_or_are_refused_in_words(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log.csv"
        path.write_bytes(content)
        assert refusal(path) is None or "log.csv" in str(refusal(path))


@settings(max_examples=40, deadline=None)
@given(text=st.text("ab1,;\"'#%|\t \n\r-ọ", min_size=1, max_size=120))
def test_any_text_loads_or_is_refused_in_words(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log.csv"
        path.write_bytes(text.encode())
        assert refusal(path) is None or "log.csv" in str(refusal(path))


def test_real_logs(shared_data: Path) -> None:
    names, rows, unread, *_ = loaded(shared_data / "callcenter" / "CallcenterExample.csv")
    assert (names[0], len(rows), unread) == ("Service ID", 7548, [])
    names, rows, unread, raw, _ = loaded(shared_data / "helpdesk_italian" / "finale.csv")
    assert ([n for n in names if n.startswith("Variant")], len(rows), unread) == (
        ["Variant", "Variant index", "Variant_1"],
        21348,
        [],
    )
    names, rows, unread, raw, _ = loaded(shared_data / "moodle_edify" / "Moodle_Module_1_F19.csv")
    assert (names[0], unread, raw.notes[0].values["encoding"]) == ("Time", [], "cp1252")
