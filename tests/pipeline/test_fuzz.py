"""Generated logs with hostile values, in every format: the rows that plain Python reads, or a clear refusal."""

from __future__ import annotations

import csv
import gzip
import io
import json
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from mining.errors import DesirePathError
from pipeline import queries
from pipeline.store import Workspace

SOME = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
MANY = settings(max_examples=500, deadline=None, suppress_health_check=list(HealthCheck))
NASTY = (
    *(
        "NA",
        "null",
        "NULL",
        "None",
        "nan",
        "007",
        "1e5",
        "1,5",
        "-0",
        "9" * 25,
        "=1+1",
        '=HYPERLINK("x")',
        "@x",
        "+1",
        "-1",
    ),
    *(
        '"',
        '""',
        "'",
        'a"b',
        "a,b",
        "a;b",
        "a\tb",
        "a|b",
        "a\nb",
        "\\",
        "\\n",
        "%s",
        "{0}",
        "$(x)",
        "`x`",
        "; DROP TABLE x",
    ),
    *(
        "đơn hàng",
        "đơn hàng",
        "🛒",
        "👨‍👩‍👧",
        "שלום",
        "مرحبا",
        "\u200e",
        "\u2028",
        "\ufeffx",
        "\x01",
        "\x1f",
        "\x7f",
        "\u00a0x",
    ),
    *("x" * 300, "2026-01-01", "true", "#x", "<x>", "&amp;", "[1]", "{", "}", "//", "--", "..", "../x", "\U0010ffff"),
)
TEXTS = st.one_of(
    st.sampled_from(NASTY),
    st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\t\n"), min_size=1, max_size=12),
).map(str.strip)
KEYS = TEXTS.filter(bool)
TIMES = st.sampled_from(
    [
        "2026-01-31T08:05:09Z",
        "2026-03-29T02:30:00Z",
        "2024-02-29T23:59:59Z",
        "1970-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
    ]
)
Row = tuple[str, str, str, str]
ROWS = st.lists(st.tuples(KEYS, KEYS, TIMES, TEXTS), min_size=1, max_size=12)
HEADER = ("case", "activity", "time", "note")
ROLES: dict[str, Any] = {"journey": "case", "activity": "activity", "time": "time"}


def kept(path: Path, **options: Any) -> list[tuple[Any, ...]]:
    """Load a file and give its events in their order, as a workspace holds them."""
    with Workspace() as ws:
        report = ws.ingest(path, **ROLES, **options)
        assert not report.rows_rejected, queries.rejects(ws).rows()
        db = ws.session()
        try:
            found = db.rows(
                "SELECT j.key, a.name, strftime(e.time, '%Y-%m-%dT%H:%M:%SZ') FROM events e JOIN journeys j "
                "USING (journey_id) JOIN activities a USING (activity) ORDER BY e.event_no"
            )
        finally:
            db.close()
        return found


def same(rows: list[Row], path: Path, **options: Any) -> None:
    """See that a file of these rows gives exactly them, apart from blanks at the ends."""
    assert kept(path, **options) == [
        (case.strip(" \t"), activity.strip(" \t"), time) for case, activity, time, _ in rows
    ]


def as_csv(rows: list[Row], delimiter: str, quoting: int, end: str) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator=end)  # type: ignore[arg-type]
    writer.writerows([HEADER, *rows])
    return out.getvalue()


def packed(content: bytes, packing: str, name: str) -> tuple[bytes, str]:
    if packing == "gz":
        return gzip.compress(content), f"{name}.gz"
    if packing == "zip":
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name, content)
        return out.getvalue(), f"{name}.zip"
    return content, name


def placed(folder: str, content: bytes, name: str) -> Path:
    path = Path(folder) / name
    path.write_bytes(content)
    return path


@st.composite
def csv_files(draw: st.DrawFn) -> tuple[list[Row], bytes, str, dict[str, str]]:
    rows = draw(ROWS)
    delimiter = draw(st.sampled_from([",", ";", "\t", "|"]))
    quoting = draw(st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL, csv.QUOTE_NONNUMERIC]))
    end = draw(st.sampled_from(["\n", "\r\n"]))
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]))
    content, name = packed(
        as_csv(rows, delimiter, quoting, end).encode(encoding), draw(st.sampled_from(["", "gz", "zip"])), "log.csv"
    )
    return rows, content, name, {"delimiter": delimiter, "encoding": encoding}


def check_csv(case: tuple[list[Row], bytes, str, dict[str, str]]) -> None:
    rows, content, name, said = case
    with tempfile.TemporaryDirectory() as folder:
        same(rows, placed(folder, content, name), delimiter=said["delimiter"], encoding=said["encoding"])


@SOME
@given(csv_files())
def test_delimited_files(case: tuple[list[Row], bytes, str, dict[str, str]]) -> None:
    check_csv(case)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@MANY
@given(csv_files())
def test_many_delimited_files(case: tuple[list[Row], bytes, str, dict[str, str]]) -> None:
    check_csv(case)


def json_lines(rows: list[Row]) -> tuple[bytes, str]:
    return "\n".join(
        json.dumps(dict(zip(HEADER, row, strict=True)), ensure_ascii=False) for row in rows
    ).encode(), "log.jsonl"


def json_array(rows: list[Row]) -> tuple[bytes, str]:
    return json.dumps([dict(zip(HEADER, row, strict=True)) for row in rows], indent=1).encode(), "log.json"


def parquet(rows: list[Row]) -> tuple[bytes, str]:
    out = io.BytesIO()
    pl.DataFrame(rows, schema=list(HEADER), orient="row").write_parquet(out)
    return out.getvalue(), "log.parquet"


def arrow(rows: list[Row]) -> tuple[bytes, str]:
    out = io.BytesIO()
    pl.DataFrame(rows, schema=list(HEADER), orient="row").write_ipc(out)
    return out.getvalue(), "log.arrow"


def sqlite(rows: list[Row]) -> tuple[bytes, str]:
    with closing(sqlite3.connect(":memory:")) as made:
        made.execute('CREATE TABLE log ("case", activity, time, note)')
        made.executemany("INSERT INTO log VALUES (?, ?, ?, ?)", rows)
        made.commit()
        return made.serialize(), "log.sqlite"


def xlsx(rows: list[Row]) -> tuple[bytes, str]:
    from openpyxl import Workbook
    from openpyxl.utils.exceptions import IllegalCharacterError

    book = Workbook(write_only=True)
    sheet = book.create_sheet("log")
    try:
        for row in (HEADER, *rows):
            sheet.append(list(row))
    except IllegalCharacterError:
        assume(False)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue(), "log.xlsx"


WRITERS: list[Callable[[list[Row]], tuple[bytes, str]]] = [json_lines, json_array, parquet, arrow, sqlite]


@pytest.mark.parametrize("writer", WRITERS, ids=lambda writer: writer.__name__)
@settings(SOME, max_examples=12)
@given(rows=ROWS)
def test_other_files(writer: Callable[[list[Row]], tuple[bytes, str]], rows: list[Row]) -> None:
    content, name = writer(rows)
    with tempfile.TemporaryDirectory() as folder:
        same(rows, placed(folder, content, name))


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("writer", WRITERS, ids=lambda writer: writer.__name__)
@settings(MANY, max_examples=200)
@given(rows=ROWS)
def test_many_other_files(writer: Callable[[list[Row]], tuple[bytes, str]], rows: list[Row]) -> None:
    content, name = writer(rows)
    with tempfile.TemporaryDirectory() as folder:
        same(rows, placed(folder, content, name))


SAMPLE: list[Row] = [(f"c{n // 3}", f"step {n % 5}", "2026-01-31T08:05:09Z", f"đ{n}") for n in range(40)]
XES = (
    '<?xml version="1.0" encoding="UTF-8"?><log>'
    + "".join(
        f'<trace><string key="concept:name" value="{case}"/><event><string key="concept:name" value="{activity}"/>'
        f'<date key="time:timestamp" value="{time}"/></event></trace>'
        for case, activity, time, _ in SAMPLE
    )
    + "</log>"
).encode()
ACCESS = b'1.2.3.4 - - [10/Oct/2026:13:55:36 +0700] "GET /a HTTP/1.1" 200 17 "-" "Mozilla"\n' * 20
SEQUENCES = b"a -> b -> c\nd -> e\n" * 10
WHOLE: list[tuple[bytes, str]] = [
    (as_csv(SAMPLE, ",", csv.QUOTE_MINIMAL, "\n").encode(), "log.csv"),
    packed(as_csv(SAMPLE, ",", csv.QUOTE_MINIMAL, "\n").encode(), "gz", "log.csv"),
    packed(as_csv(SAMPLE, ",", csv.QUOTE_MINIMAL, "\n").encode(), "zip", "log.csv"),
    *(writer(SAMPLE) for writer in WRITERS),
    xlsx(SAMPLE),
    (XES, "log.xes"),
    (gzip.compress(XES), "log.xes.gz"),
    (ACCESS, "access.log"),
    (SEQUENCES, "log.seq"),
]


def refused_or_loaded(content: bytes, name: str) -> None:
    """Load something that may be no log; a workspace in a file shows what is left behind."""
    with tempfile.TemporaryDirectory() as folder:
        path = placed(folder, content, name)
        home = Path(folder) / "home"
        home.mkdir()
        loaded, told = False, ""
        try:
            with Workspace(home / "log.duckdb") as ws:
                report = ws.ingest(path)
                loaded = True
                assert report.rows_in == report.rows_kept + report.rows_rejected
                assert queries.summary(ws).events == report.events > 0
        except DesirePathError as error:
            told = error.text()
        assert loaded or (told and ".desirepath-" not in told)
        assert sorted(p.name for p in home.iterdir()) == (["log.duckdb"] if loaded else [])


@st.composite
def damaged(draw: st.DrawFn) -> tuple[bytes, str]:
    content, name = draw(st.sampled_from(WHOLE))
    how = draw(st.sampled_from(["cut", "flip", "swap", "insert"]))
    at = draw(st.integers(0, len(content) - 1))
    if how == "cut":
        return content[:at], name
    if how == "flip":
        return content[:at] + bytes([content[at] ^ (1 << draw(st.integers(0, 7)))]) + content[at + 1 :], name
    if how == "insert":
        return content[:at] + draw(st.binary(min_size=1, max_size=20)) + content[at:], name
    to = draw(st.integers(0, len(content) - 1))
    return content[:at] + content[to : to + 50] + content[at + 50 :], name


@SOME
@given(damaged())
def test_damaged_files(file: tuple[bytes, str]) -> None:
    refused_or_loaded(*file)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@MANY
@given(damaged())
def test_many_damaged_files(file: tuple[bytes, str]) -> None:
    refused_or_loaded(*file)


STARTS = [
    b"",
    b"PAR1",
    b"ARROW1\0\0",
    b"\xff\xff\xff\xff",
    b"PK\x03\x04",
    b"\x1f\x8b\x08",
    b"\x28\xb5\x2f\xfd",
    b"SQLite format 3\0",
]
STARTS += [
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b'{"a":',
    b"[{",
    b"<?xml?><log>",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"a,b\n",
    b"FEA1",
    b"sep=;\n",
]
NAMES = [
    "x.csv",
    "x.json",
    "x.xes",
    "x.parquet",
    "x.xlsx",
    "x.gz",
    "x.zip",
    "x.zst",
    "x.arrow",
    "x.seq",
    "x.db",
    "x",
    "x.log",
]


@SOME
@given(st.sampled_from(STARTS), st.binary(max_size=400), st.sampled_from(NAMES))
@example(b"", b"\n\r\n\r", "x.csv")
@example(b"", b'"\n"', "x.csv")
def test_random_bytes(start: bytes, rest: bytes, name: str) -> None:
    refused_or_loaded(start + rest, name)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@MANY
@given(st.sampled_from(STARTS), st.binary(max_size=4000), st.sampled_from(NAMES))
def test_many_random_bytes(start: bytes, rest: bytes, name: str) -> None:
    refused_or_loaded(start + rest, name)
