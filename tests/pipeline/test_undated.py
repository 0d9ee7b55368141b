"""Rows without a time: when they are kept, where they stand, and that no wait, span or calendar counts them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mining.errors import MappingError, SourceError
from mining.journey_map import JourneyMap
from pipeline import queries
from pipeline.cli import main
from pipeline.compare import compare
from pipeline.definition import Definition
from pipeline.quality import quality
from pipeline.sessions import journeys_by_gap
from pipeline.store import Workspace
from tests.pipeline.test_ingest import ROLES

QUICK = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
BASE = datetime(2026, 1, 1, tzinfo=UTC)
Row = tuple[str, str, int | None]
TIMES = st.one_of(st.none(), st.integers(0, 50))
ROWS = st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xyz"), TIMES), min_size=1, max_size=12).filter(
    lambda rows: any(s is not None for _, _, s in rows)
)
Write = Callable[..., Path]


def saved(folder: Path, rows: list[Row], n: int) -> Path:
    """Write a file; the third value is seconds after `BASE`."""
    path = folder / f"{n}.csv"
    times = ["" if s is None else (BASE + timedelta(seconds=s)).isoformat() for _, _, s in rows]
    lines = [f"{c},{a},{t}" for (c, a, _), t in zip(rows, times, strict=True)]
    path.write_text("\n".join(["case,activity,time", *lines]) + "\n", encoding="utf-8")
    return path


def in_order(files: list[list[Row]]) -> dict[str, list[tuple[str, int | None, float]]]:
    """Put the events of each journey in order without a database: activity, time, place in time."""
    found: dict[str, list[tuple[float, int, str, int | None]]] = {}
    number = 0
    for rows in files:
        for at, (case, activity, seconds) in enumerate(rows):
            before = [s for c, _, s in rows[: at + 1] if c == case and s is not None]
            after = [s for c, _, s in rows[at:] if c == case and s is not None]
            place = float((before[-1:] or after[:1] or [-1])[0])
            found.setdefault(case, []).append((place, number, activity, seconds))
            number += 1
    return {case: [(a, s, place) for place, _, a, s in sorted(events)] for case, events in sorted(found.items())}


@QUICK
@given(files=st.lists(ROWS, min_size=1, max_size=3, unique_by=str))
def test_order_waits_and_spans_by_brute_force(tmp_path: Path, files: list[list[Row]]) -> None:
    expected = in_order(files)
    with Workspace() as ws:
        for n, rows in enumerate(files):
            ws.ingest(saved(tmp_path, rows, n), append=True, undated="keep", **ROLES)
        shown = queries.timeline(ws, list(expected))
        assert shown.select("key", "activity").rows() == [
            (k, a) for k, events in expected.items() for a, _, _ in events
        ]
        names = dict(queries.activities(ws).select("activity", "name").iter_rows())
        pairs: dict[tuple[str, str], tuple[int, list[int]]] = {}
        for events in expected.values():
            for (a, s, _), (b, t, _) in pairwise(events):
                n, waits = pairs.setdefault((a, b), (0, []))
                pairs[a, b] = n + 1, waits + ([t - s] if s is not None and t is not None else [])
        edges = queries.edges(ws).select("source", "target", "n", "wait_total_s").rows()
        assert {(names[a], names[b]): (n, total) for a, b, n, total in edges} == {
            pair: (n, float(sum(waits)) if waits else None) for pair, (n, waits) in pairs.items()
        }
        assert queries.edges(ws, "n_events > 0").equals(queries.edges(ws))
        for key, start, end in queries.journeys(ws).select("key", "start", "end").iter_rows():
            known = [BASE + timedelta(seconds=s) for _, s, _ in expected[key] if s is not None]
            assert (start, end) == ((min(known), max(known)) if known else (None, None))
        dated = sum(s is not None for rows in files for _, _, s in rows)
        assert queries.calendar(ws)["n_events"].to_list() == [dated]


@QUICK
@given(rows=ROWS, gap=st.integers(1, 20))
def test_a_silence_lasts_from_one_known_time_to_the_next(tmp_path: Path, rows: list[Row], gap: int) -> None:
    keys = []
    for key, events in in_order([rows]).items():
        part, before = 1, None
        for _, _, place in events:
            part += before is not None and before >= 0 and place - before > gap
            before = place
            keys.append(f"{key}/{part}")
    with Workspace() as ws:
        ws.ingest(saved(tmp_path, rows, 0), undated="keep", **ROLES)
        foreseen = journeys_by_gap(ws, [float(gap)])["n_journeys"].item()
        ws.redefine(Definition(session_gap=float(gap)))
        assert queries.journeys(ws)["key"].to_list() == sorted(set(keys))
        assert foreseen == len(set(keys)) == journeys_by_gap(ws, [float(gap)])["n_journeys"].item()


@pytest.mark.parametrize(
    ("rows", "choice", "why"),
    [
        ("1,x,\n1,y,2026-01-02\n2,x,2026-01-03", "keep", "a time follow them"),
        ("1,x,2026-01-01\n1,y,\n1,z,2026-01-02\n2,x,", "keep", "a time follow them"),
        ("1,x,2026-01-01\n1,y,\n2,x,\n2,y,2026-01-01", "reject", "1 come last in their journeys"),
        ("1,x,2026-01-01\n2,x,", "reject", "no row with a time"),
        ("1,x,\n1,y,2026-01-02\n2,y,2026-01-03\n2,x,2026-01-01", "reject", "not in the order of time"),
    ],
)
def test_only_what_surely_happened_and_where_is_kept_unasked(
    workspace: Workspace, write: Write, rows: str, choice: str, why: str
) -> None:
    report = workspace.ingest(write(f"case,activity,time\n{rows}\n"), **ROLES)
    assert report.sources[0].mapping.undated == choice
    assert report.reasons == ({} if choice == "keep" else {"missing time": rows.count(",\n") + rows.endswith(",")})
    assert [why in str(note) for note in report.warnings] == [True]


def test_what_is_said_holds(workspace: Workspace, write: Write) -> None:
    first = write("case,activity,time\n1,x,\n1,y,2026-01-02\n", "one.csv")
    assert workspace.ingest(first, undated="reject", **ROLES).reasons == {"missing time": 1}
    second = write("case,activity,time\n2,x,2026-01-01\n3,x,\n", "two.csv")
    report = workspace.ingest(second, undated="keep", append=True, **ROLES)
    assert [str(note) for note in report.warnings] == [
        "two.csv, rows without a time: 1. They keep their place in the file."
    ]
    assert queries.journeys(workspace).select("key", "start").rows()[2] == ("3", None)
    with pytest.raises(MappingError, match="either `keep` or `reject`, found 'drop'"):
        workspace.ingest(second, undated="drop", append=True, **ROLES)


def test_a_file_without_any_time_is_refused_whole(workspace: Workspace, write: Write) -> None:
    with pytest.raises(SourceError, match=r"none of its 2 rows can be kept"):
        workspace.ingest(write("case,activity,time\n1,x,\n1,y,\n"), undated="keep", time_format="%Y", **ROLES)
    workspace.ingest(write("case,activity,time\n1,x,\n1,y,2026-01-01\n", "dated.csv"), undated="keep", **ROLES)
    report = workspace.ingest(
        write("case,activity,time\n1,x,2026-01-01\n", "more.csv"), append=True, **ROLES
    )  # events without a time are no log without times
    assert report.events == 3


def test_the_quality_report_counts_them(workspace: Workspace, write: Write) -> None:
    rows = "1,x,\n1,y,2026-01-02\n1,z,\n1,y,2026-01-03\n2,x,\n"
    workspace.ingest(write(f"case,activity,time\n{rows}"), undated="keep", **ROLES)
    found = next(finding for finding in quality(workspace).findings if finding.kind == "undated")
    assert (found.n, found.of, found.severity) == (3, 5, "warning")
    assert found.details == {"journeys": 2, "journeys_without_time": 1}
    assert [tuple(row.values()) for row in found.examples] == [("1", None, "x"), ("1", "y", "z"), ("2", None, "x")]


def test_rows_without_a_time_are_chosen_at_the_terminal(capsys: pytest.CaptureFixture[str], write: Write) -> None:
    file = write("case,activity,time\n1,x,2026-01-01\n1,y,\n")
    said = ["ingest", str(file), "--json", "--journey", "case", "--activity", "activity", "--time", "time", "-w"]
    assert main([*said, str(file.with_name("a.duckdb"))]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["events"] == 1
    assert "keep them at their place in the file with --undated keep" in err
    assert main([*said, str(file.with_name("b.duckdb")), "--undated", "keep"]) == 0
    assert json.loads(capsys.readouterr().out)["events"] == 2


def test_a_visit_at_an_unknown_time_counts_as_mature(workspace: Workspace, write: Write) -> None:
    """Journeys 1 and 2 dropped after s, at an unknown time the latter; 3 has no time at all; 4 went on; 5 is open."""
    rows = "1,s,2026-01-01\n2,s,\n2,h,2026-01-01\n3,s,\n4,h,2026-01-05\n4,s,\n4,c,2026-02-01\n5,s,2026-02-01\n"
    workspace.ingest(write(f"case,activity,time\n{rows}"), undated="keep", **ROLES)
    plan = JourneyMap.parse(
        "{id: m, inactive_after: 7d, stages: [{id: a, steps: [{id: s, events: [s], milestone: true}, "
        "{id: c, events: [c], milestone: true}]}], anywhere: [{id: h, events: [h]}]}"
    )
    found = compare(workspace, plan).drop_off
    counts = found.select("milestone", "reached", "went_on", "dropped", "open", "mature", "rate").rows()
    assert counts == [("s", 5, 1, 3, 1, 4, 0.75), ("c", 1, 1, 0, 0, 0, None)]
