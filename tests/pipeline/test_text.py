"""Text files in every usual encoding and with every usual line end give the same log."""

from __future__ import annotations

import gzip
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline import queries
from pipeline.sources.delimited import sniff
from pipeline.sources.quotes import without_stray_quotes
from pipeline.store import Workspace

TEXT = (
    "mã đơn;hoạt động;thời gian\n1;Gọi điện thoại;2026-01-01\n1;Trả hàng về kho ở Huế;2026-01-02\n"
    "2;Đặt mua;2026-01-03\n"
)
FRENCH = "case_id;activity;time\n1;Réponse reçue, déjà lue;2026-01-01\n2;Élève à l’école;2026-01-02\n"
ITALIAN = "case_id;activity;time\n1;Così è più bello, però;2026-01-01\n1;Perché no: città e virtù;2026-01-02\n"


def cp1258(text: str) -> bytes:
    """Write Vietnamese as Windows-1258 does: tone marks follow their vowel."""
    out = b""
    for letter in text:
        try:
            out += letter.encode("cp1258")
        except UnicodeEncodeError:
            parts = unicodedata.normalize("NFD", letter)
            tone = next(mark for mark in parts if mark in "\u0300\u0301\u0303\u0309\u0323")
            out += unicodedata.normalize("NFC", parts.replace(tone, "")).encode("cp1258") + tone.encode("cp1258")
    return out


def activities(path: Path) -> tuple[list[str], list[str]]:
    with Workspace() as ws:
        report = ws.ingest(path)
        return sorted(queries.activities(ws)["name"].to_list()), [str(w) for w in report.warnings]


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1258"])
def test_vietnamese_survives(write: Callable[..., Path], encoding: str, ends: str) -> None:
    text = TEXT.replace("\n", ends)
    content = cp1258(text) if encoding == "cp1258" else text.encode(encoding)
    names, warnings = activities(write(content))
    assert names == ["Gọi điện thoại", "Trả hàng về kho ở Huế", "Đặt mua"]
    assert bool(warnings) == (not encoding.startswith("utf-8"))


@pytest.mark.parametrize("text", [FRENCH, ITALIAN])
def test_western_european_text_survives(write: Callable[..., Path], text: str) -> None:
    names, warnings = activities(write(text.encode("cp1252")))
    assert names == sorted(line.split(";")[1] for line in text.splitlines()[1:])
    assert warnings == ["log.csv is not UTF-8; it was read as cp1252. If its letters look wrong, name its encoding."]


def test_packed_text_is_unpacked(write: Callable[..., Path]) -> None:
    assert activities(write(gzip.compress(TEXT.encode()), "log.csv.gz"))[0][0] == "Gọi điện thoại"
    assert activities(write(gzip.compress(cp1258(TEXT)), "packed.csv"))[0][0] == "Gọi điện thoại"


def test_mixed_line_ends(write: Callable[..., Path]) -> None:
    assert len(activities(write(TEXT.replace("\n", "\r\n", 2)))[0]) == 3


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_told_by_even_rows(delimiter: str) -> None:
    rows = [["case", "what; more, or less|", "time\tof"], ["1", "a, b; c|d", "2026-01-01"], ["2", 'say ""hi""', "x"]]
    text = "".join(delimiter.join(f'"{value}"' for value in row) + "\n" for row in rows)
    dialect = sniff(text, Path("log.csv"))
    assert (dialect.delimiter, dialect.header) == (delimiter, ("case", "what; more, or less|", "time\tof"))


def test_a_spreadsheet_may_declare_its_delimiter(write: Callable[..., Path]) -> None:
    with Workspace() as ws:
        ws.ingest(write("sep=|\r\ncase_id|activity|time\r\n1|x|2026-01-01\r\n1|y|\r\n"))
        assert queries.rejects(ws).rows() == [("log.csv", 4, "missing time", "1|y|")]


def test_blanks_around_keys_are_trimmed_and_nothing_else(workspace: Workspace, write: Callable[..., Path]) -> None:
    workspace.ingest(
        write('case_id,activity,time\n" NA ", null ,2026-01-01\n\u00a0NA,N/A,2026-01-02\n007,\t-,2026-01-03\n')
    )
    assert queries.journeys(workspace)["key"].to_list() == ["007", "NA"]
    assert sorted(queries.activities(workspace)["name"]) == ["-", "N/A", "null"]


def test_stray_quotes_are_blanked_and_torn_rows_left_alone(tmp_path: Path) -> None:
    place, mended = tmp_path / "a.csv", tmp_path / "b.csv"
    place.write_text('a,b\n"x\ny",1\n"open,2\n3,4\n5,"6" torn\n7,8" inch\n"9""9",9\n')
    assert without_stray_quotes(place, ",", mended) == {4: '"open,2'}
    assert mended.read_text() == 'a,b\n"x\ny",1\n\n3,4\n5,"6" torn\n7,8" inch\n"9""9",9\n'
