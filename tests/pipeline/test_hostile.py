"""Files that are meant to break a load, on the command line: each is loaded or refused, in time and in bounds."""

from __future__ import annotations

import gzip
import io
import os
import socket
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pytest

from tests.pipeline.child import Child

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="pipes, devices and /proc")

OK = b"case,activity,time\n" + b"".join(b"%d,a%d,2026-01-01 10:%02d\n" % (n // 3, n % 4, n % 60) for n in range(60))
MORE = OK + b"99,b,2026-01-01 10:00\n"
LINE = b'1.2.3.4 - - [10/Oct/2026:13:55:36 +0700] "GET /a HTTP/1.1" 200 1 "-" "x"\n'
JSON = b'{"case": "1", "activity": "a", "time": "2026-01-01T10:00:00Z"}\n' * 3
EVENT = b'<trace><string key="concept:name" value="c"/><event><string key="concept:name" value="a"/>'
EVENT += b'<date key="time:timestamp" value="2026-01-01T10:00:00Z"/></event></trace>'
ENTITIES = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><log><trace/></log>'
FRAME = pl.DataFrame({"case": ["1", "1"], "activity": ["a", "b"], "time": ["2026-01-01", "2026-01-02"]})
MOST = 2000  # MB
Make = Callable[[Path], object]


def archive(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members:
            made.writestr(name, content)
    return out.getvalue()


def sparse(size: int, head: bytes, tail: bytes = b"") -> Make:
    def make(path: Path) -> None:
        with path.open("wb") as file:
            file.write(head)
            file.truncate(size)
            file.seek(0, 2)
            file.write(tail)

    return make


def tree(path: Path) -> None:
    (path / "sub").mkdir(parents=True)
    (path / "sub" / "back").symlink_to(path)
    (path / "a.csv").write_bytes(OK)
    os.mkfifo(path / "pipe.csv")
    (path / "device.csv").symlink_to("/dev/zero")


def bound(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path))


def link(to: str) -> Make:
    return lambda path: path.symlink_to(to)


REFUSED: dict[str, tuple[str, bytes | Make, str]] = {
    "empty": ("a.csv", b"", "is empty"),
    "blank lines": ("a.csv", b"\n\r\n\n", "is empty"),
    "a mark alone": ("a.csv", b"\xff\xfe", "is empty"),
    "a header": ("a.csv", b"case,activity,time", "has a header but no rows"),
    "an open quote": ("a.csv", b'case,activity,time\n"1,a,2026-01-01\n', "none of its 1 rows can be read"),
    "a pipe": ("a.csv", os.mkfifo, "is a pipe or a device"),
    "a socket": ("a.csv", bound, "is a pipe or a device"),
    "a device": ("a.csv", link("/dev/zero"), "is a pipe or a device"),
    "nothing": ("a.csv", link("/dev/null"), "is a pipe or a device"),
    "a link to itself": ("a.csv", link("a.csv"), "does not exist"),
    "a folder": ("a.csv", Path.mkdir, "is a folder without a log in it"),
    "zeros": ("a.csv", sparse(1 << 40, b""), "is no text"),
    "a log and zeros": ("a.csv", sparse(1 << 32, OK), "is no text"),
    "no spreadsheet": ("a.xlsx", sparse(1 << 32, b"PK\x03\x04"), "cannot be unpacked"),
    "no Parquet": ("a.parquet", sparse(1 << 28, b"PAR1", b"PAR1"), "cannot be read as .parquet"),
    "no columns": ("a.parquet", lambda path: pl.DataFrame().write_parquet(path), "cannot be read as .parquet"),
    "cut": ("a.csv.gz", gzip.compress(OK)[:-9], "cannot be unpacked: it ends before its content does"),
    "followed": ("a.csv.gz", gzip.compress(OK) + b"more", "cannot be unpacked: something else follows"),
    "packed twice": ("a.csv.gz", gzip.compress(gzip.compress(OK)), "is packed twice"),
    "an archive in one": ("a.zip", archive(("b.zip", archive(("c.csv", OK)))), "is packed twice"),
    "no member": ("a.zip", archive(), "is an archive without a file in it"),
    "only of macOS": ("a.zip", archive(("__MACOSX/a.csv", OK)), "is an archive without a file in it"),
    "entities": ("a.xes", ENTITIES, "declares its own document type or entities"),
    "a torn trace": ("a.xes", b"<log>" + EVENT + EVENT[:60] + b"</log>", "cannot be read as .xes: not well-formed"),
    "deep": ("a.xes", b"<log>" + b'<string key="a" value="b">' * 90_000 + b"</log>", "nested more than 500 deep"),
    "no times": ("a.xes", b"<log>" + EVENT.replace(b"2026-", b"") + b"</log>", "none of its times can be read"),
    "deep arrays": ("a.json", b"[" * 100_000 + b"]" * 100_000, "has no line with a JSON object"),
    "a number": ("a.json", b"42", "has no line with a JSON object"),
    "many columns": (
        "a.csv",
        b",".join(b"c%d" % n for n in range(1_000_000)) + b"\n" + b"," * 999_999,
        "1,000,000 columns",
    ),
    "a long first line": ("a.csv", b"x" * 20_000_000 + b"\n" + OK, "its first line is longer than 8 MB"),
    "half a letter": ("a.csv", OK.decode().encode("utf-16") + b"x", "is not in the encoding utf-16"),
    "a program": ("a.csv", b"\x7fELF" + bytes(range(256)) * 20, "is no text"),
    "a damaged database": ("a.sqlite", b"SQLite format 3\0" + bytes(2000), "cannot be read as .sqlite"),
    "another damaged one": ("a.duckdb", bytes(8) + b"DUCK" + bytes(20_000), "cannot be read as .duckdb"),
    "an old spreadsheet": ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(5000), "cannot be read as .xls"),
    "no parts": ("a.xlsx", archive(("xl/workbook.xml", b"<x/>")), "cannot be read as .xlsx"),
}
LOADED: dict[str, tuple[str, bytes | Make, int, int]] = {  # rows kept, rows rejected
    "control characters": ("a.csv", OK.replace(b"a1", b"a\x01\x021"), 60, 0),
    "an eye-catcher": ("a.csv", OK.replace(b"a1", b"\x1b[31ma1"), 60, 0),
    "UTF-32": ("a.csv", OK.decode().encode("utf-32"), 60, 0),
    "padded": ("a.csv.gz", sparse(1 << 27, gzip.compress(OK)), 60, 0),
    "in two parts": ("a.csv.gz", gzip.compress(OK) + gzip.compress(b"99,b,2026-01-01 10:00\n"), 61, 0),
    "names that lead out": ("a.zip", archive(("../../a.csv", OK), ("/etc/a.csv", MORE)), 121, 0),
    "odd members": ("a.zip", archive(("a\nb.csv", OK), ("x'y\".csv", MORE)), 121, 0),
    "a folder that leads into itself": ("a", tree, 60, 0),
    "a long line": ("a.csv", OK + b"x" * 5_000_000 + b"\n" + OK[19:], 120, 1),
    "greetings of another protocol": ("a.log", LINE * 5 + b"\x16\x03\x01\x02\nrubbish\n", 5, 2),
    "a control character in JSON": ("a.jsonl", JSON + b"\x01x\n", 3, 1),
    "half a pair": ("a.jsonl", JSON + b'{"case": "\\ud800", "activity": "a", "time": "2026-01-01T10:00:00Z"}\n', 3, 1),
    "taken names": (
        "a.parquet",
        lambda path: FRAME.with_columns(file_row_number=1, row_no=2).write_parquet(path),
        2,
        0,
    ),
}
NAMES = [
    *(
        "a'b.csv",
        'a"b.csv',
        "a\nb.csv",
        "a*?.csv",
        "[ab].csv",
        "$(touch x).csv",
        "a;b.csv",
        "Đơn hàng ế.csv",
        "{a}.csv",
    ),
    *("%s.csv", "\x1b[31m.csv", " .csv", "a\\b.csv", "~.csv", "csv", "x" * 246 + ".csv", os.fsdecode(b"\xff\xfe.csv")),
]


@pytest.fixture(scope="module")
def child() -> Iterator[Child]:
    with Child(limit=30) as running:
        running.run("--version")
        yield running


def laid(folder: Path, name: str, content: bytes | Make) -> Path:
    path = folder / "in" / name
    path.parent.mkdir()
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        content(path)
    return path


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_log_is_refused(child: Child, tmp_path: Path, case: str) -> None:
    name, content, said = REFUSED[case]
    path = laid(tmp_path, name, content)
    home = tmp_path / "home"
    home.mkdir()
    found = child.run("ingest", path, "-w", home / "log.duckdb")
    assert (found.code, found.out) == (1, "")
    assert found.err.startswith("desirepath: ")
    assert said in found.err
    assert ".desirepath-" not in found.err
    assert found.megabytes < MOST
    assert list(home.iterdir()) == []


@pytest.mark.parametrize("case", LOADED)
def test_what_is_odd_is_loaded(child: Child, tmp_path: Path, case: str) -> None:
    name, content, kept, rejected = LOADED[case]
    path = laid(tmp_path, name, content)
    home = tmp_path / "home"
    home.mkdir()
    found = child.run("ingest", path, "-w", home / "log.duckdb")
    assert found.code == 0, found.err
    assert f"{kept:,} kept, {rejected} rejected" in found.out
    assert not {"\x1b", "\x01"} & set(found.out + found.err)
    assert found.megabytes < MOST
    assert [p.name for p in home.iterdir()] == ["log.duckdb"]


def test_odd_names(child: Child, tmp_path: Path) -> None:
    for n, name in enumerate(NAMES):
        (tmp_path / str(n)).mkdir()
        path = tmp_path / str(n) / name
        path.write_bytes(OK)
        found = child.run("ingest", path, "-w", tmp_path / str(n) / "log.duckdb", "--json")
        assert found.code == 0, found.err
        assert "60" in found.out
        assert sorted(os.listdir(tmp_path / str(n))) == sorted([name, "log.duckdb"])
        assert child.run("info", tmp_path / str(n) / "log.duckdb").code == 0


def test_a_file_that_is_written_to_meanwhile(tmp_path: Path) -> None:
    from mining.errors import SourceError
    from pipeline.sources import find, read
    from pipeline.store import Workspace

    path = tmp_path / "a.csv"
    path.write_bytes(OK)
    with Workspace() as ws, ws.change() as db:
        (source,) = find([path])
        with path.open("ab") as file:
            file.write(b"1,b,2026-01-01 10:00\n")
        os.utime(path, ns=(1, 1))
        with pytest.raises(SourceError, match="changed while it was read"):
            read(db, source, "raw")
        path.unlink()
        with pytest.raises(SourceError, match="cannot be opened: No such file"):
            read(db, source, "again")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", lambda: OK + b"x" * 100_000_000 + b"\n"),
        ("a.csv", lambda: b"x" * 100_000_000 + b"\n" + OK),
        ("a.jsonl", lambda: JSON + b'{"case":"' + b"x" * 100_000_000 + b'"}'),
        ("a.csv.gz", lambda: gzip.compress(b"1,2,3\n" * 300_000_000, 1)),
        ("a.zip", lambda: archive(("a.csv", b"1,2,3\n" * 200_000_000))),
    ],
)
def test_large_ones_stay_in_bounds(tmp_path: Path, name: str, content: Callable[[], bytes]) -> None:
    path = laid(tmp_path, name, content())
    with Child(limit=120) as child:
        found = child.run("ingest", path, "-w", tmp_path / "log.duckdb")
        assert found.code in (0, 1), found.err
        assert found.megabytes < MOST
