"""What is found behind a name: folders, patterns, archives, packed files, and what is refused."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pyarrow
import pytest

from mining.errors import SourceError
from pipeline import queries
from pipeline.sources import find, packed, read
from pipeline.store import Workspace

LOG = b"case,activity,time\n1,view,2026-01-01\n1,buy,2026-01-02\n"
OTHER = b"case,activity,time\n2,view,2026-01-03\n2,leave,2026-01-04\n"
Write = Callable[..., Path]


def zst_file(path: Path, content: bytes) -> Path:
    with pyarrow.output_stream(str(path), compression="zstd") as stream:
        stream.write(content)
    return path


def zipped(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def rows(path: Path | str) -> list[tuple[object, ...]]:
    found = []
    with Workspace() as ws, ws.change(keep=False) as db:
        for n, source in enumerate(find([path])):
            raw = read(db, source, f"r{n}")
            assert raw.source is source
            names = ", ".join(c.column for c in raw.columns)
            found.extend(db.rows(f"SELECT {names} FROM {raw.view} ORDER BY row_no"))
    return found


def test_every_packing_gives_the_same_rows_and_digest(tmp_path: Path, write: Write) -> None:
    files = [
        write(LOG),
        write(gzip.compress(LOG), "log.csv.gz"),
        write(gzip.compress(LOG[:30]) + gzip.compress(LOG[30:]), "two.gz"),
        zst_file(tmp_path / "log.csv.zst", LOG),
        zipped(tmp_path / "log.zip", **{"log.csv": LOG}),
    ]
    for file in files:
        assert rows(file) == [("1", "view", "2026-01-01"), ("1", "buy", "2026-01-02")]
        assert find([file])[0].sha256 == hashlib.sha256(LOG).hexdigest()
    with Workspace() as ws:
        report = ws.ingest(*files)
        assert (report.events, len(report.skipped)) == (2, 4)


def test_members_of_an_archive(tmp_path: Path) -> None:
    parquet = io.BytesIO()
    pl.DataFrame({"case": ["3"], "activity": ["x"], "time": ["2026-01-01"]}).write_parquet(parquet)
    archive = zipped(
        tmp_path / "logs.zip",
        **{
            "march/log.csv": OTHER,
            "april/log.csv": LOG,
            "april/log.parquet": parquet.getvalue(),
            "april/log.jsonl": b'{"case": "4", "activity": "x", "time": "2026-01-01"}\n',
            "__MACOSX/april/._log.csv": b"\0\5\x16",
            ".DS_Store": b"x",
            "../../evil.csv": OTHER + b"9,x,2026-01-01\n",
        },
    )
    found = find([archive])
    assert [(s.name, s.format) for s in found] == [
        ("logs.zip/evil.csv", "csv"),
        ("logs.zip/april/log.csv", "csv"),
        ("logs.zip/april/log.jsonl", found[2].format),
        ("logs.zip/april/log.parquet", "parquet"),
        ("logs.zip/march/log.csv", "csv"),
    ]
    assert found[1].sha256 == hashlib.sha256(LOG).hexdigest()
    assert found[1].bytes == len(LOG)
    assert len(rows(archive)) == 9


def test_a_packed_xes_log(tmp_path: Path) -> None:
    xes = (
        b'<?xml version="1.0"?><log><trace><string key="concept:name" value="1"/><event><string key="concept:name" '
        b'value="a"/><date key="time:timestamp" value="2026-01-01T10:00:00+07:00"/></event></trace></log>'
    )
    for file in (zipped(tmp_path / "a.zip", **{"log.xes": xes}), zst_file(tmp_path / "b.xes.zst", xes)):
        with Workspace() as ws:
            assert ws.ingest(file).events == 1


def test_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    for place, content in (
        ("b/log.csv", LOG),
        ("a/log.csv", OTHER),
        ("README.txt", b"These are logs, from a shop.\nThey are ours.\n"),
        ("notes.md", b"# Notes\n"),
        (".hidden.csv", b"x"),
        ("a/.git/x.csv", b"x"),
        ("c.txt", b"case;activity;time\n7;x;2026-01-01\n7;y;2026-01-01\n"),
    ):
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / place).write_bytes(content)
    assert [s.name for s in find([folder])] == ["a/log.csv", "b/log.csv", "c.txt"]
    assert [s.name for s in find([folder / "*" / "*.csv"])] == ["a/log.csv", "b/log.csv"]
    assert [s.name for s in find([str(folder / "**" / "*.csv")])] == ["a/log.csv", "b/log.csv"]
    assert [s.name for s in find([str(folder / "*")])] == ["c.txt"]
    with Workspace() as ws:
        ws.ingest(folder, journey="case", activity="activity", time="time")
        assert queries.sources(ws)["name"].to_list() == ["a/log.csv", "b/log.csv", "c.txt"]


def test_what_lies_beside_the_logs_is_named(tmp_path: Path) -> None:
    beside = {"README.txt": b"Logs of a shop.\n", "licence.pdf": b"%PDF", "w.duckdb": bytes(8) + b"DUCK"}
    archive = zipped(tmp_path / "a.zip", **{"log.csv": LOG}, **beside)
    for name, content in {"log.csv": OTHER, **beside}.items():
        (tmp_path / name).write_bytes(content)
    with Workspace() as ws, ws.change(keep=False) as db:
        found = find([tmp_path])
        assert [s.name for s in found] == ["a.zip/log.csv", "log.csv"]
        said = [[str(note) for note in read(db, s, f"r{n}").notes] for n, s in enumerate(found)]
    left_out = "these look like no logs and were left out: README.txt, licence.pdf, w.duckdb."
    assert said == [[f"{tmp_path}: {left_out}", f"a.zip: {left_out}"], []]
    assert [s.name for s in find([zipped(archive, **{"notes.md": LOG})])] == ["a.zip/notes.md"]


def test_an_office_document_is_no_archive(tmp_path: Path) -> None:
    sheet = {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<x/>"}
    with pytest.raises(SourceError, match="is a document of an office program"):
        find([zipped(tmp_path / "table.ods", **sheet)])


def test_a_folder_without_a_log_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("nothing")
    with pytest.raises(SourceError, match="is a folder without a log in it"):
        find([tmp_path])
    with pytest.raises(SourceError, match=r"No file fits .*\*\.csv"):
        find([str(tmp_path / "*.csv")])


def test_a_name_with_brackets_is_a_file(write: Write) -> None:
    assert find([write(LOG, "log[1].csv")])[0].name == "log[1].csv"


def test_all_problems_at_once(tmp_path: Path, write: Write) -> None:
    with pytest.raises(SourceError) as caught:
        find([write(LOG), tmp_path / "no.csv", write(b"", "empty.csv"), write(gzip.compress(LOG)[:40], "cut.csv.gz")])
    assert str(caught.value).splitlines()[0] == "3 of 4 files cannot be read:"
    assert [text.split("/")[-1][:20] for text in str(caught.value).splitlines()[1:]] == [
        "no.csv does not exis",
        "empty.csv is empty. ",
        "cut.csv.gz cannot be",
    ]


@pytest.mark.parametrize("kind", ["gz", "zst", "zip"])
def test_what_was_cut_off_is_refused(tmp_path: Path, kind: str) -> None:
    content = b"case,activity,time\n" + b"".join(b"%d,%d,2026-01-01\n" % (n, n * n % 977) for n in range(50_000))
    path = tmp_path / f"log.csv.{kind}"
    if kind == "gz":
        path.write_bytes(gzip.compress(content))
    elif kind == "zst":
        zst_file(path, content)
    else:
        zipped(path, **{"log.csv": content})
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(SourceError, match="cannot be unpacked"):
        find([path])
    if kind != "zip":
        path.write_bytes(whole[:-5])
        with pytest.raises(SourceError, match="cannot be unpacked"):
            find([path])


@pytest.mark.parametrize("kind", ["gz", "zst", "zip"])
def test_bombs_are_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.setattr(packed, "ALWAYS", 1 << 22)
    path, content = tmp_path / f"log.csv.{kind}", b"case,activity\n" + b"1,a\n" * (1 << 23)
    if kind == "gz":
        path.write_bytes(gzip.compress(content))
    elif kind == "zst":
        zst_file(path, content)
    else:
        zipped(path, **{"log.csv": content})
    with pytest.raises(SourceError, match="would grow to more than 200 times its size"):
        find([path])


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("log.csv.gz", gzip.compress(gzip.compress(LOG)), "is packed twice"),
        ("log.tar.gz", gzip.compress(b"log.csv".ljust(257, b"\0") + b"ustar\x0000".ljust(300, b"\0")), "is a tar arch"),
        ("log.csv.bz2", b"BZh91AY&SY", "is packed by bzip2, which is not read"),
        ("log.7z", b"7z\xbc\xaf\x27\x1c\0\4", "is packed by 7-Zip"),
        ("log.zip", b"PK\x05\x06" + bytes(18), "is an archive without a file in it"),
        ("log.csv", random.Random(1).randbytes(5000), "is no text and no other kind of log"),
        ("log.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\0", "is no text and no other kind of log"),
    ],
    ids=["packed twice", "tar", "bzip2", "7-Zip", "empty zip", "random bytes", "picture"],
)
def test_what_is_no_log_is_refused(write: Write, name: str, content: bytes, said: str) -> None:
    with pytest.raises(SourceError, match=said):
        find([write(content, name)])


def test_archives_in_archives_and_secrets_are_refused(tmp_path: Path) -> None:
    inner = zipped(tmp_path / "inner.zip", **{"log.csv": LOG}).read_bytes()
    outer = zipped(tmp_path / "outer.zip", **{"inner.zip": inner})
    with pytest.raises(SourceError, match=r"outer\.zip/inner\.zip is packed twice"):
        find([outer])
    secret = zipped(tmp_path / "secret.zip", **{"log.csv": LOG})
    content = bytearray(secret.read_bytes())
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(magic) + offset] |= 1
    secret.write_bytes(content)
    with pytest.raises(SourceError, match="is encrypted"):
        find([secret])


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read(write: Write) -> None:
    path = write(LOG)
    path.chmod(0)
    with pytest.raises(SourceError, match="cannot be opened"):
        find([path])


def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "RESERVE", 1 << 60)
    path = zipped(tmp_path / "log.zip", **{"log.csv": LOG})
    with Workspace() as ws, pytest.raises(Exception, match="There is no room in"):
        ws.ingest(path)
