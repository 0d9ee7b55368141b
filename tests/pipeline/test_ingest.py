"""Loading: what is kept, what is refused and why, and that nothing depends on how the rows came in."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mining.errors import MappingError, SourceError, WorkspaceError
from pipeline import queries
from pipeline.store import Workspace

ROLES = {"journey": "case", "activity": "activity", "time": "time"}
BASE = datetime(2026, 1, 1, tzinfo=UTC)
Row = tuple[str, str, int, str | None, int | None]
QUICK = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "NA", "đơn 1", "z|z"]),
        st.sampled_from(["Gọi", "view", "buy", "->"]),
        st.integers(0, 10_000),
        st.sampled_from([None, "web", "shop"]),
        st.sampled_from([None, 1, 2]),
    ),
    min_size=1,
    max_size=30,
    unique_by=lambda row: row[2],
)


def saved(rows: Sequence[Row], path: Path) -> Path:
    """Write rows as Parquet; the third value is seconds after BASE."""
    frame = pl.DataFrame(
        [(case, activity, BASE + timedelta(seconds=s), channel, n) for case, activity, s, channel, n in rows],
        schema={
            "case": pl.String,
            "activity": pl.String,
            "time": pl.Datetime("us", "UTC"),
            "channel": pl.String,
            "n": pl.Int64,
        },
        orient="row",
    )
    frame.write_parquet(path)
    return path


def everything(ws: Workspace) -> dict[str, Any]:
    """Give all that a workspace says, with names in place of codes."""
    names = dict(queries.activities(ws).select("activity", "name").iter_rows())
    journeys = queries.journeys(ws)
    attributes = sorted(queries.attributes(ws).select("name", "level", "type", "role").rows())
    timeline = queries.timeline(ws, journeys["key"].to_list())
    return {
        "edges": sorted((names[s], names[t], *rest) for s, t, *rest in queries.edges(ws).iter_rows()),
        "variants": sorted((tuple(names[a] for a in path), n) for _, path, n in queries.variants(ws).iter_rows()),
        "activities": sorted((n, e, j) for _, n, e, j in queries.activities(ws).iter_rows()),
        "endpoints": sorted((names[a], s, e) for a, s, e in queries.endpoints(ws).iter_rows()),
        "journeys": journeys.drop("variant_id").select(sorted(set(journeys.columns) - {"variant_id"})).rows(),
        "timeline": timeline.select(sorted(timeline.columns)).rows(),
        "attributes": attributes,
        "gap": queries.gap_quantile(ws),
    }


def loaded(*files: Path, **options: Any) -> dict[str, Any]:
    with Workspace() as ws:
        ws.ingest(*files, **ROLES, **options)
        return everything(ws)


def plain_edges(rows: Sequence[Row]) -> tuple[Counter[tuple[str, str]], dict[tuple[str, str], float]]:
    """Count directly-follows pairs and their waits without any database."""
    journeys: dict[str, list[tuple[int, int, str]]] = {}
    for place, (case, activity, seconds, _, _) in enumerate(rows):
        journeys.setdefault(case, []).append((seconds, place, activity))
    counts: Counter[tuple[str, str]] = Counter()
    waits: dict[tuple[str, str], float] = {}
    for events in journeys.values():
        ordered = sorted(events)
        for (before, _, source), (after, _, target) in pairwise(ordered):
            counts[source, target] += 1
            waits[source, target] = waits.get((source, target), 0.0) + after - before
    return counts, waits


@QUICK
@given(rows=ROWS, seed=st.integers(0, 10))
def test_order_of_rows_changes_nothing_when_times_differ(tmp_path: Path, rows: list[Row], seed: int) -> None:
    shuffled = random.Random(seed).sample(rows, len(rows))
    assert loaded(saved(rows, tmp_path / "a.parquet")) == loaded(saved(shuffled, tmp_path / "b.parquet"))


@QUICK
@given(rows=ROWS, cuts=st.tuples(st.integers(0, 30), st.integers(0, 30)))
def test_appending_equals_loading_at_once(tmp_path: Path, rows: list[Row], cuts: tuple[int, int]) -> None:
    low, high = sorted(cuts)
    parts = [part for part in (rows[:low], rows[low:high], rows[high:]) if part]
    files = [saved(part, tmp_path / f"{n}.parquet") for n, part in enumerate(parts)]
    with Workspace() as ws:
        for file in files:
            ws.ingest(file, **ROLES, append=True)
        assert everything(ws) == loaded(*files) == loaded(saved(rows, tmp_path / "all.parquet"))


@QUICK
@given(rows=ROWS)
def test_edges_equal_a_plain_count_and_reconcile(tmp_path: Path, rows: list[Row]) -> None:
    with Workspace() as ws:
        report = ws.ingest(saved(rows, tmp_path / "log.parquet"), **ROLES)
        names = dict(queries.activities(ws).select("activity", "name").iter_rows())
        edges = queries.edges(ws)
        counts, waits = plain_edges(rows)
        assert {(names[e["source"]], names[e["target"]]): e["n"] for e in edges.iter_rows(named=True)} == counts
        assert {
            (names[e["source"]], names[e["target"]]): e["wait_total_s"] for e in edges.iter_rows(named=True)
        } == waits
        ends = queries.endpoints(ws)
        assert edges["n"].sum() == report.events - report.journeys
        assert ends["n_start"].sum() == ends["n_end"].sum() == report.journeys
        assert queries.variants(ws)["n_journeys"].sum() == report.journeys
        assert report.rows_in == report.rows_kept == len(rows)


@QUICK
@given(
    lines=st.lists(
        st.sampled_from(
            ["a,view,2026-01-01", ",view,2026-01-01", "a,,2026-01-01", "a,view,", "a,view,soon", "a,view", "a,b,c,d"]
        ),
        min_size=1,
        max_size=20,
    )
)
def test_every_row_is_kept_or_rejected(tmp_path: Path, lines: list[str]) -> None:
    file = tmp_path / "log.csv"
    file.write_text("\n".join(["case,activity,time", "k,view,2026-01-02", *lines]) + "\n")
    with Workspace() as ws:
        report = ws.ingest(file, **ROLES, undated="reject")
        rejects = queries.rejects(ws)
        assert report.rows_in == len(lines) + 1 == report.rows_kept + report.rows_rejected
        assert rejects.height == report.rows_rejected == sum(report.reasons.values())
        assert rejects["line_no"].to_list() == [n for n, line in enumerate(lines, 3) if line != "a,view,2026-01-01"]
        assert report.events == report.rows_kept


def test_rejects_name_line_reason_and_text(workspace: Workspace, write: Callable[..., Path]) -> None:
    file = write(
        'case,activity,time,note\n1,view,2026-01-01 10:00,"two\nlines"\n\n,view,2026-01-01,\n2,,2026-01-01,x\n'
        "3,view,,\n4,view,yesterday,\n5,view\n6,view,2026-01-02,,,more\n7,buy,2026-01-03,ok\n"
    )
    report = workspace.ingest(file, **ROLES)
    assert queries.rejects(workspace).rows() == [
        ("log.csv", 5, "missing journey", ",view,2026-01-01,"),
        ("log.csv", 6, "missing activity", "2,,2026-01-01,x"),
        ("log.csv", 7, "missing time", "3,view,,"),
        ("log.csv", 8, "unreadable time", "4,view,yesterday,"),
        ("log.csv", 9, "wrong number of columns", "5,view"),
        ("log.csv", 10, "wrong number of columns", "6,view,2026-01-02,,,more"),
    ]
    assert (report.rows_in, report.rows_kept, report.rows_rejected) == (8, 2, 6)
    assert report.reasons["wrong number of columns"] == 2


def test_jsonl_lines_and_rejects(workspace: Workspace, write: Callable[..., Path]) -> None:
    file = write(
        '{"case": 1, "activity": "view", "time": 1767261600000, "cart": {"sum": 2.5}}\n\nnot json\n[1, 2]\n'
        '{"case": 1, "activity": "buy", "time": 1767265200000}\n'
        '{"case": "", "activity": "buy", "time": 1767265200000}\n',
        "log.jsonl",
    )
    report = workspace.ingest(file, **ROLES)
    assert (report.rows_in, report.rows_kept) == (5, 2)
    assert queries.rejects(workspace).select("line_no", "reason", "raw").rows()[:2] == [
        (3, "unreadable row", "not json"),
        (4, "unreadable row", "[1, 2]"),
    ]
    assert queries.rejects(workspace)["line_no"].to_list() == [3, 4, 6]
    assert queries.timeline(workspace, ["1"]).select("activity", "gap_s").rows() == [("view", None), ("buy", 3600.0)]
    assert queries.summary(workspace).as_dict()["start"] == "2026-01-01T10:00:00Z"
    assert queries.timeline(workspace, ["1"])["cart.sum"].to_list() == [2.5, None]


def test_attributes_are_typed_and_put_on_their_level(workspace: Workspace, write: Callable[..., Path]) -> None:
    file = write(
        "case,activity,time,amount,zip,paid,score,seen,note,channel,none\n"
        "1,view,2026-01-01,10,01234,true,1.5,2026-01-01T08:00:00Z,,web,\n"
        "1,buy,2026-01-02,10,01234,false,2,2026-01-02T08:00:00+07:00,hi,shop,\n"
        "2,view,2026-01-03,-3,98765,TRUE,,2026-01-02T08:00:00Z,,web,\n"
    )
    workspace.ingest(file, **ROLES)
    assert queries.attributes(workspace).select("name", "level", "type", "role").rows() == [
        ("amount", "journey", "BIGINT", None),
        ("zip", "journey", "VARCHAR", None),
        ("paid", "event", "BOOLEAN", None),
        ("score", "event", "DOUBLE", None),
        ("seen", "event", "TIMESTAMP", None),
        ("note", "event", "VARCHAR", None),
        ("channel", "event", "VARCHAR", "channel"),
    ]
    assert queries.journeys(workspace).select("key", "amount", "zip").rows() == [("1", 10, "01234"), ("2", -3, "98765")]
    assert queries.timeline(workspace, ["1"])["seen"].to_list()[1] == datetime(2026, 1, 2, 1, tzinfo=UTC)


def test_only_the_chosen_attributes_are_kept(workspace: Workspace, write: Callable[..., Path]) -> None:
    workspace.ingest(write("case,activity,time,a,b\n1,x,2026-01-01,2,3\n"), **ROLES, attributes=["b"])
    assert queries.attributes(workspace)["name"].to_list() == ["b"]


def test_attribute_named_like_a_journey_column(workspace: Workspace, write: Callable[..., Path]) -> None:
    workspace.ingest(write("case,activity,time,Start,key\n1,x,2026-01-01,2,3\n"), **ROLES)
    assert queries.journeys(workspace).columns[6:] == ["attribute:Start", "attribute:key"]


def test_duplicate_header_names_and_nameless_columns(workspace: Workspace, write: Callable[..., Path]) -> None:
    workspace.ingest(write("case,activity,time,Variant,,Variant,variant\n1,x,2026-01-01,a,b,c,d\n"), **ROLES)
    assert queries.attributes(workspace)["name"].to_list() == ["Variant", "column_5", "Variant_1", "variant"]


def test_customers_are_split_at_silence(workspace: Workspace, write: Callable[..., Path]) -> None:
    header = "who,activity,time\n"
    first = write(f"{header}An,a,2026-01-01 10:00:00\nAn,b,2026-01-01 10:30:00\nAn,c,2026-01-01 11:00:01\n", "1.csv")
    report = workspace.ingest(first, customer="who", activity="activity", time="time", session_gap=1800)
    assert queries.journeys(workspace).select("key", "n_events").rows() == [("An/1", 2), ("An/2", 1)]
    assert report.journeys == 2

    second = write(f"{header}An,d,2026-01-01 10:45:00\nBình/1,a,2026-01-01 10:45:00\n", "2.csv")
    with pytest.raises(WorkspaceError, match=r"defined otherwise: split at 1800 s"):
        workspace.ingest(second, journey="who", activity="activity", time="time", append=True)
    workspace.ingest(second, customer="who", activity="activity", time="time", append=True)
    assert queries.journeys(workspace).select("key", "n_events").rows() == [("An/1", 4), ("Bình/1/1", 1)]


def test_same_content_is_skipped_and_another_file_needs_append(
    workspace: Workspace, write: Callable[..., Path]
) -> None:
    one = write("case,activity,time\n1,x,2026-01-01\n", "one.csv")
    copy = write("case,activity,time\n1,x,2026-01-01\n", "copy.csv")
    other = write("case,activity,time\n2,y,2026-01-01\n", "other.csv")
    assert workspace.ingest(one, copy, **ROLES).skipped == ("copy.csv",)
    again = workspace.ingest(copy, **ROLES)
    assert (again.skipped, again.rows_in, again.events) == (("copy.csv",), 0, 1)
    with pytest.raises(WorkspaceError, match=r"holds a log already\. Give --append to add other\.csv"):
        workspace.ingest(other, **ROLES)
    assert workspace.ingest(other, copy, **ROLES, append=True).events == 2
    assert queries.sources(workspace).select("name", "rows_in", "rows_kept", "rows_rejected").rows() == [
        ("one.csv", 1, 1, 0),
        ("other.csv", 1, 1, 0),
    ]


def test_dry_run_reports_and_changes_nothing(tmp_path: Path, write: Callable[..., Path]) -> None:
    file = tmp_path / "new.duckdb"
    with Workspace(file) as ws:
        report = ws.ingest(write("case,activity,time\n1,x,2026-01-01\n"), **ROLES, dry_run=True)
        assert (report.events, report.journeys, ws.is_empty) == (1, 1, True)
    assert not file.exists()


def test_progress_ends_at_one(workspace: Workspace, write: Callable[..., Path]) -> None:
    said: list[tuple[str, float]] = []
    workspace.ingest(
        write("case,activity,time\n1,x,2026-01-01\n"),
        **ROLES,
        progress=lambda text, share: said.append((str(text), share)),
    )
    assert said[0] == ("Reading log.csv", 0.0)
    assert said[-1] == ("Done", 1.0)
    assert "Sorting events" in dict(said)
    assert [share for _, share in said] == sorted(share for _, share in said)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is empty. Give a file with a header and at least one row."),
        ("\n\n", "is empty"),
        ("case,activity,time\n", "has a header but no rows. Give a file with at least one row."),
        ("case,activity,time\n1,x,soon\n2,y,late\n", "does not hold times that can be read, such as 'late'"),
        ("case,activity,time\n,x,2026-01-01\n1,,2026-01-01\n", "none of its 2 rows can be kept, so nothing was loaded"),
        (b"PK\x03\x04 and more", "cannot be unpacked"),
    ],
)
def test_files_without_a_usable_row_are_refused(
    workspace: Workspace, write: Callable[..., Path], content: str | bytes, message: str
) -> None:
    with pytest.raises((SourceError, MappingError)) as caught:
        workspace.ingest(write(content), **ROLES)
    assert message in str(caught.value)
    assert workspace.is_empty


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("log.xes", b"<log><trace>", "cannot be read as .xes"),
        ("log.xes", b"<log/>", "holds no events"),
        ("log.parquet", b"PAR1 broken", "cannot be read as .parquet"),
        ("log.jsonl", b"nothing\nhere\n", "has no line with a JSON object"),
        ("log.csv.gz", b"\x1f\x8b broken", "cannot be unpacked"),
        ("log.xes.gz", b"\x1f\x8b broken", "cannot be unpacked"),
    ],
)
def test_damaged_files_are_refused(
    workspace: Workspace, write: Callable[..., Path], name: str, content: bytes, message: str
) -> None:
    with pytest.raises(SourceError, match=message):
        workspace.ingest(write(content, name))
    assert workspace.is_empty


def test_all_absent_files_are_told_at_once(workspace: Workspace, tmp_path: Path, write: Callable[..., Path]) -> None:
    good = write("case,activity,time\n1,x,2026-01-01\n")
    empty = tmp_path / "empty.csv"
    empty.touch()
    with pytest.raises(SourceError) as caught:
        workspace.ingest(tmp_path / "no.csv", good, empty)
    assert str(caught.value).splitlines() == [
        "2 of 3 files cannot be read:",
        f"  {tmp_path / 'no.csv'} does not exist. Check the name.",
        f"  {empty} is empty. Give a file with a header and at least one row.",
    ]
    with pytest.raises(SourceError, match=r"no\.csv does not exist\. Check the name\."):
        workspace.ingest(tmp_path / "no.csv")


def test_faults_in_several_files_are_told_at_once(workspace: Workspace, write: Callable[..., Path]) -> None:
    with pytest.raises(SourceError) as caught:
        workspace.ingest(write("a,b\n", "1.csv"), write("case,activity,time\n,,\n", "2.csv"), **ROLES)
    assert "2 files cannot be loaded:" in str(caught.value)
    assert "1.csv has a header but no rows" in str(caught.value)
    assert "missing journey" in str(caught.value)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"journey": "case", "customer": "case"}, "either --journey or --customer"),
        ({"session_gap": 60.0}, "name the column with --customer"),
        ({"customer": "case", "session_gap": 0.0}, "must be longer than nothing"),
        ({"timezone": "Asia/Hanoi"}, "no time zone 'Asia/Hanoi'. Did you mean"),
        ({"journey": "activity", "activity": "activity", "time": "time"}, "must be three different columns"),
        ({"time_format": "%d/%Q"}, "The time format '%d/%Q' is not valid"),
    ],
)
def test_options_that_make_no_sense(
    workspace: Workspace, write: Callable[..., Path], options: dict[str, Any], message: str
) -> None:
    with pytest.raises(MappingError, match=message):
        workspace.ingest(write("case,activity,time\n1,x,2026-01-01\n"), **options)


def test_a_stray_quote_costs_its_own_line_only(workspace: Workspace, write: Callable[..., Path]) -> None:
    lines = [
        '1,view,2026-01-01,"two\nlines"',
        '2,"view,2026-01-02,x',
        *(f"{n},buy,2026-01-03,y" for n in range(3, 900)),
    ]
    report = workspace.ingest(write("\n".join(["case,activity,time,note", *lines]) + "\n"), **ROLES)
    assert (report.rows_in, report.rows_kept, report.events) == (899, 898, 898)
    assert queries.rejects(workspace).rows() == [("log.csv", 4, "unreadable row", '2,"view,2026-01-02,x')]


def test_leading_blank_lines_and_line_breaks_in_the_header(workspace: Workspace, write: Callable[..., Path]) -> None:
    workspace.ingest(
        write('\n\n"ca\nse",activity,time\n1,x,2026-01-01\n1,y,\n'), journey="ca\nse", activity="activity", time="time"
    )
    assert queries.rejects(workspace).rows() == [("log.csv", 6, "missing time", "1,y,")]
    assert queries.summary(workspace).events == 1


def test_decimal_commas_are_numbers_where_a_row_proves_them(workspace: Workspace, write: Callable[..., Path]) -> None:
    rows = [
        "A;x;2026-01-01;34,50;1.234,5;1,234;007;1,2,3",
        "A;y;2026-01-02;12,5;12;2,345;1,5;3,4",
        "B;y;2026-01-03;-1.000;;2;2;3",
    ]
    workspace.ingest(write("\n".join(["case;activity;time;price;sum;unproved;code;list", *rows]) + "\n"))
    found = queries.timeline(workspace, ["A", "B"])
    assert found["price"].to_list() == [34.5, 12.5, -1000.0]
    assert found["sum"].to_list() == [1234.5, 12.0, None]
    assert [found[name].to_list() for name in ("unproved", "code", "list")] == [
        ["1,234", "2,345", "2"],
        ["007", "1,5", "2"],
        ["1,2,3", "3,4", "3"],
    ]


@pytest.mark.parametrize(
    ("values", "numbers", "currency"),
    [
        (["971.000 ₫", "1.234.567đ", "0 VND"], [971_000, 1_234_567, 0], "VND"),
        (["971.000 ₫", "-5.000 ₫"], [971_000, -5000], "VND"),  # there is no part of a dong
        (["VND 1,234,567.00", "VND 12,000"], [1_234_567, 12_000], "VND"),
        (["$1,234.50", "-$7"], [1234.5, -7], "$"),
        (["US$ 1,234,567", "USD 1,234"], [1_234_567, 1234], "USD"),
        (["12 345,60 €", "1.000 €", "EUR 7"], [12_345.6, 1000, 7], "EUR"),
        (["12\u202f345 €", "7\u00a0€"], [12_345, 7], "EUR"),
        (["0.500 $", "12.25 $"], [0.5, 12.25], "$"),
        (["$1,234", "$987"], None, None),  # a thousand, or a dollar and some
        (["1.234 €", "1.234,5 $"], None, None),
        (["1.234,50 €", "1,234.50 €"], None, None),
        (["971.000 ₫", "1,000 ₫"], None, None),
        (["971.000 ₫", "free"], None, None),
        (["100 PCS", "200 PCS"], None, None),
        (["12.34.56 €", "1 €"], None, None),
    ],
)
def test_amounts_are_numbers_where_all_rows_prove_how(
    workspace: Workspace,
    write: Callable[..., Path],
    values: list[str],
    numbers: list[float] | None,
    currency: str | None,
) -> None:
    rows = [f"A;x;2026-01-{day:02};{value}" for day, value in enumerate([*values, ""], start=1)]
    report = workspace.ingest(write("\n".join(["case;activity;time;paid", *rows]) + "\n"))
    assert queries.timeline(workspace, ["A"])["paid"].to_list() == [*(numbers or values), None]
    said = f"'paid' holds amounts in {currency}; they were read as numbers"
    assert [str(w) for w in report.warnings if w.values.get("column") == "paid"] == ([said] if numbers else [])
