"""The quality report: against counts by hand and by brute force, and against what is known of real logs.

Counts of equal times are those of ``oracles/EXPECTED_COUNTS.csv``, counts of doubled rows are of the raw files.
"""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import queries
from pipeline.quality import QualityFinding, QualityReport, QualityRules, quality, rejects_csv, safe_csv
from pipeline.quality.kinds import KINDS, UNITS
from pipeline.store import Workspace

Write = Callable[..., Path]
Rows = Sequence[tuple[str, ...]]


def log_of(path: Path, rows: Rows, head: Sequence[str] = ("case", "event", "at", "note")) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *rows])
    return path


def examined(path: Path, rules: QualityRules | None = None, **options: Any) -> QualityReport:
    with Workspace() as ws:
        ws.ingest(path, **{"journey": "case", "activity": "event", "time": "at"} | options)
        return quality(ws, rules)


def found(report: QualityReport, kind: str) -> QualityFinding:
    (finding,) = [finding for finding in report.findings if finding.kind == kind]
    return finding


def kinds(report: QualityReport) -> set[str]:
    return {finding.kind for finding in report.findings}


def minute(n: float, start: datetime = datetime(2026, 1, 5, 10, 0, 13)) -> str:
    return (start + timedelta(minutes=n)).isoformat(" ")


def test_a_clean_log_has_no_findings(tmp_path: Path) -> None:
    rows = [
        (str(case), event, minute(case * 7 + i), f"n{case + i}") for case in range(9) for i, event in enumerate("AB")
    ]
    report = examined(log_of(tmp_path / "log.csv", rows))
    assert report.findings == ()
    assert (report.rows_in, report.rows_kept, report.rows_rejected) == (18, 18, 0)
    assert set(report.nothing_found) == set(KINDS) - {"end_before_start"}  # there is no end to look at
    assert report.needs_times == ()
    assert [(c.role, c.column, c.checked, c.rate) for c in report.columns] == [
        ("journey", "case", 18, 1.0),
        ("activity", "event", 18, 1.0),
        ("time", "at", 18, 1.0),
    ]


def test_rejected_rows_by_reason_and_by_column(write: Write) -> None:
    text = "case,event,at\n1,A,2026-01-05 10:00\n,A,2026-01-05 10:00\n2,,2026-01-05 10:00\n2,B,\n3,B,soon\n3,B\n"
    report = examined(write(text), time_format="%Y-%m-%d %H:%M")
    reasons = {f.details["reason"]: (f.n, f.of, f.severity) for f in report.findings if f.kind == "rejected"}
    assert reasons == {
        "missing journey": (1, 6, "problem"),
        "missing activity": (1, 6, "problem"),
        "missing time": (1, 6, "problem"),
        "unreadable time": (1, 6, "problem"),
        "wrong number of columns": (1, 6, "problem"),
    }
    lines = {
        f.details["reason"]: (f.examples[0]["line"], f.examples[0]["row"])
        for f in report.findings
        if f.kind == "rejected"
    }
    assert lines["unreadable time"] == (6, "3,B,soon")
    # One row could not be read at all; each column is judged by the rows in which those before it were right.
    assert [(c.role, c.checked, c.failed) for c in report.columns] == [
        ("journey", 5, 1),
        ("activity", 4, 1),
        ("time", 3, 2),
    ]
    assert report.columns[2].samples == ({"line": 5, "row": "2,B,"}, {"line": 6, "row": "3,B,soon"})


def test_no_cell_of_a_download_is_a_formula(write: Write) -> None:
    text = "case,event,at\n1,A,2026-01-05 10:00\n=1+1,,2026-01-05 10:00\n"
    with Workspace() as ws:
        ws.ingest(write(text), journey="case", activity="event", time="at")
        said = list(csv.reader(rejects_csv(ws).decode().splitlines()))
    assert said == [
        ["source", "line_no", "reason", "raw"],
        ["log.csv", "3", "missing activity", "'=1+1,,2026-01-05 10:00"],
    ]
    cells = ["=1", "+1", "-1", "@a", "\tx", "\rx", "a=1", "", None]
    safe = list(csv.reader(safe_csv(pl.DataFrame({"=x": cells, "n": range(9)})).decode().split("\n")))
    assert safe[0] == ["'=x", "n"]
    assert [row[0] for row in safe[1:5]] == ["'=1", "'+1", "'-1", "'@a"]
    assert b"'\tx" in safe_csv(pl.DataFrame({"x": cells}))
    assert b"'\rx" in safe_csv(pl.DataFrame({"x": cells}))
    assert safe_csv(pl.DataFrame({"n": [-1]})) == b"n\n-1\n"  # a number is no formula


Drawn = tuple[str, str, int, str]
events = st.tuples(st.sampled_from("pqr"), st.sampled_from("XYZ"), st.integers(0, 6), st.sampled_from(["", "a", "b"]))


@settings(max_examples=25)
@given(st.lists(events, min_size=1, max_size=24))
def test_order_and_copies_by_brute_force(
    tmp_path_factory: pytest.TempPathFactory, drawn: list[tuple[str, str, int, str]]
) -> None:
    path = tmp_path_factory.mktemp("log") / "log.csv"
    report = examined(log_of(path, [(case, event, minute(at), note) for case, event, at, note in drawn]))
    journeys = defaultdict(list)
    for row, (case, event, at, _) in enumerate(drawn):
        journeys[case].append((at, row, event))
    pairs, tied, other, backwards, sharing, journeys_tied, journeys_other = 0, 0, 0, 0, 0, set(), set()
    for case, unsorted in journeys.items():
        ordered = sorted(unsorted)
        at_once = Counter(at for at, _, _ in ordered)
        sharing += sum(n for n in at_once.values() if n > 1)
        for one, two in pairwise(ordered):
            pairs += 1
            if one[0] == two[0]:
                tied += 1
                journeys_tied.add(case)
                if one[2] != two[2]:
                    other += 1
                    journeys_other.add(case)
            backwards += two[1] < one[1]
    in_order = pairs - tied
    copies = sum(n - 1 for n in Counter(drawn).values())

    by_kind = {finding.kind: finding for finding in report.findings}
    assert ("ties" in by_kind) == (tied > 0)
    if tied:
        ties = by_kind["ties"]
        assert (ties.n, ties.of) == (sharing, len(drawn))
        assert ties.details == {
            "pairs": tied,
            "pairs_of_neighbours": pairs,
            "pairs_of_different_activities": other,
            "journeys": len(journeys_tied),
            "journeys_whose_path_rests_on_input_order": len(journeys_other),
        }
        assert len(ties.examples) == min(other, 20)
    assert (by_kind["duplicates"].n if "duplicates" in by_kind else 0) == copies
    newest_first = in_order >= 10 and backwards >= 0.9 * in_order
    kind = "newest_first" if newest_first else "backwards"
    assert (kind in by_kind) == (backwards > 0)
    if backwards:
        assert (by_kind[kind].n, by_kind[kind].of) == (backwards, in_order)


def test_copies_that_were_left_out_are_told(tmp_path: Path) -> None:
    path = log_of(tmp_path / "log.csv", [("1", "A", minute(1), "x")] * 3 + [("1", "B", minute(1), "x")])
    finding = found(examined(path, duplicates="drop"), "duplicates")
    assert (finding.severity, finding.n, finding.of, finding.unit) == ("info", 2, 4, "rows")


def test_a_file_written_newest_first_is_one_finding(tmp_path: Path) -> None:
    rows = [("1", event, minute(i), "") for i, event in enumerate("ABCDEFGHIJKL")]
    rows += [("2", "A", minute(3), ""), ("2", "B", minute(3), "")]
    report = examined(log_of(tmp_path / "log.csv", rows[::-1], ("case", "event", "at", "note")))
    finding = found(report, "newest_first")
    assert (finding.n, finding.of, finding.severity) == (11, 11, "warning")
    assert finding.examples == ({"source": "log.csv", "backwards": 11, "neighbours": 11, "ties": 1},)
    assert "backwards" not in kinds(report)


def test_rows_of_two_files_are_not_out_of_order_with_each_other(tmp_path: Path) -> None:
    later = log_of(tmp_path / "later.csv", [("1", "B", minute(5), "x"), ("2", "A", minute(6), "x")])
    earlier = log_of(tmp_path / "earlier.csv", [("1", "A", minute(1), "x"), ("2", "B", minute(2), "x")])
    with Workspace() as ws:
        ws.ingest(later, earlier, journey="case", activity="event", time="at")
        assert "backwards" not in kinds(quality(ws))


def test_bursts_within_a_second(tmp_path: Path) -> None:
    quick = [("1", "A", f"2026-01-05 10:00:00.{i}", str(i)) for i in range(10)]
    slow = [("2", "A", f"2026-01-05 11:00:{2 * i:02d}.5", str(i)) for i in range(10)]
    finding = found(examined(log_of(tmp_path / "log.csv", quick + slow)), "bursts")
    assert (finding.n, finding.of) == (1, 2)
    assert [(row["journey"], row["n"]) for row in finding.examples] == [("1", 10)]
    assert "bursts" not in kinds(examined(log_of(tmp_path / "log.csv", quick[1:] + slow)))


def test_dates_that_cannot_be(tmp_path: Path) -> None:
    times = ["1970-01-01 00:00:00", "1900-01-01", "1969-12-31 23:59:59", "1985-06-01 12:00:00", "2525-01-01 12:00:00"]
    rows = [("1", "A", at, str(i)) for i, at in enumerate(times)] + [("2", "A", minute(i), f"n{i}") for i in range(95)]
    report = examined(log_of(tmp_path / "log.csv", rows))
    assert (found(report, "default_dates").n, found(report, "default_dates").severity) == (2, "warning")
    assert {row["day"]: row["n"] for row in found(report, "default_dates").examples} == {
        date(1970, 1, 1): 1,
        date(1900, 1, 1): 1,
    }
    assert [row["day"] for row in found(report, "too_old").examples] == [date(1969, 12, 31), date(1985, 6, 1)]
    assert (found(report, "future").n, found(report, "future").examples[0]["source"]) == (1, "log.csv")
    assert report.log.start == datetime(1900, 1, 1, tzinfo=UTC)


def test_the_zero_of_a_clock_is_midnight_of_the_zone_or_of_utc(tmp_path: Path) -> None:
    rows = [("1", "A", "1970-01-01 00:00:00", ""), ("2", "A", "1970-01-01 07:00:00", ""), ("3", "A", minute(1), "")]
    report = examined(log_of(tmp_path / "log.csv", rows), timezone="Asia/Ho_Chi_Minh")
    assert (found(report, "default_dates").n, report.zones) == (2, ("Asia/Ho_Chi_Minh",))


@pytest.mark.parametrize("zone", ["UTC", "Asia/Ho_Chi_Minh", "Asia/Kolkata"])
def test_days_without_a_clock_among_times_with_one(tmp_path: Path, zone: str) -> None:
    rows = [("1", "A", minute(7 * i), str(i)) for i in range(400)]
    rows += [("2", "A", f"2026-01-{6 + i % 3:02d} 00:00:00", str(i)) for i in range(30)]
    finding = found(examined(log_of(tmp_path / "log.csv", rows), timezone=zone), "one_clock")
    assert (finding.n, finding.of) == (30, 430)
    assert "midnight" in str(finding.said)


def test_whole_days_and_whole_minutes(tmp_path: Path) -> None:
    days = [("1", "A", f"2026-01-{d:02d}", str(d)) for d in range(1, 29)]
    report = examined(log_of(tmp_path / "log.csv", days))
    assert str(found(report, "day_times").said) == "No event has a clock."
    offset = [("1", "A", f"2026-{m:02d}-03T00:00:00+0{2 if 4 <= m <= 10 else 1}:00", str(m)) for m in range(1, 13)]
    report = examined(log_of(tmp_path / "log.csv", offset))
    assert "they stand at 22:00 / 23:00" in str(found(report, "day_times").said)


@pytest.mark.parametrize(("days", "told"), [(1, False), (9, False), (10, True)])
def test_a_few_events_at_one_time_tell_nothing_of_their_zone(tmp_path: Path, days: int, told: bool) -> None:
    rows = [(str(day), "A", f"2024-05-{day:02d} 10:00:00", "") for day in range(1, days + 1)]
    assert ("day_times" in kinds(examined(log_of(tmp_path / "log.csv", rows)))) is told
    minutes = [("1", "A", f"2026-01-05 10:{m:02d}", str(m)) for m in range(1, 29)]
    assert {"minute_times"} <= kinds(examined(log_of(tmp_path / "log.csv", minutes)))


def test_gaps_in_days_and_hours(tmp_path: Path) -> None:
    start = datetime(2026, 1, 5)
    rows = [
        (f"{day}-{i}", "A", (start + timedelta(days=day, minutes=5 * i, seconds=7)).isoformat(" "), str(i))
        for day in range(42)
        for i in range(288)
        if day not in (20, 21) and not (day == 30 and 120 <= i < 144)
    ]
    report = examined(log_of(tmp_path / "log.csv", rows), QualityRules(usual_hour=10))
    days = found(report, "missing_days")
    assert (days.n, days.of) == (2, 42)
    assert days.examples == ({"from": date(2026, 1, 25), "to": date(2026, 1, 26), "usual": 576},)
    hours = found(report, "missing_hours")
    assert (hours.n, hours.of) == (2, 42 * 24)
    assert hours.examples[0]["from"] == datetime(2026, 2, 4, 10, tzinfo=UTC)
    assert hours.examples[0]["to"] == datetime(2026, 2, 4, 12, tzinfo=UTC)


def test_ids_that_gather_too_much_or_stand_for_nobody(tmp_path: Path) -> None:
    rows = [(f"c{i}", "A", minute(i), str(i)) for i in range(200)]
    rows += [("Không rõ", "A", minute(i), str(i)) for i in range(90)]
    rows += [("NULL", "A", minute(2), "0"), ("test-user 7", "A", minute(3), "0"), ("latest", "A", minute(4), "0")]
    report = examined(log_of(tmp_path / "log.csv", rows))
    catch_all = found(report, "catch_all")
    assert (catch_all.n, catch_all.of, catch_all.severity) == (1, 204, "problem")
    assert catch_all.examples == ({"id": "Không rõ", "n": 90, "share": 90 / 293},)
    nobody = found(report, "placeholder_ids")
    assert [row["id"] for row in nobody.examples] == ["Không rõ", "NULL"]
    assert nobody.severity == "problem"
    assert [row["id"] for row in found(report, "test_ids").examples] == ["test-user 7"]
    assert (found(report, "single_events").n, found(report, "single_events").of) == (203, 204)


def test_an_id_that_reads_like_none_is_only_mentioned(tmp_path: Path) -> None:
    rows = [(case, "A", minute(i), str(i)) for i, case in enumerate(["NA", "0", "1", "ES", "KM"])]
    finding = found(examined(log_of(tmp_path / "log.csv", rows)), "placeholder_ids")
    assert (finding.severity, [row["id"] for row in finding.examples]) == ("info", ["NA"])


def test_a_customer_that_was_split_is_one_id(tmp_path: Path) -> None:
    rows = [(f"c{i}", "A", minute(i), str(i)) for i in range(100)]
    rows += [("unknown", "A", minute(60 * i), str(i)) for i in range(80)]
    report = examined(log_of(tmp_path / "log.csv", rows), journey=None, customer="case", session_gap=600)
    assert report.log.journeys == 180
    assert found(report, "catch_all").examples[0]["id"] == "unknown"
    assert (found(report, "placeholder_ids").n, found(report, "placeholder_ids").of) == (1, 101)


def test_names_values_and_attributes(tmp_path: Path) -> None:
    head = ("case", "event", "at", "town", "empty", "same", "price", "user_agent", "free")
    rows = [
        (
            str(i),
            ["Gọi điện", "Gọi điện", "Goi dien", "GỌI  ĐIỆN", "Thư"][i % 5] if i else "Once",
            minute(i),
            ["Huế", "huế", "Đà Lạt"][i % 3],
            "x" if i == 5 else "",
            "1",
            "n/a" if i == 7 else str(i / 4),
            "Mozilla/5.0 (compatible; Googlebot/2.1)" if i % 10 == 0 else f"Mozilla/5.0 (X11) {i}",
            "demo" if i == 3 else f"word {i}",
        )
        for i in range(60)
    ]
    report = examined(log_of(tmp_path / "log.csv", rows, head))
    activities = found(report, "lookalike_activities")
    assert (activities.n, activities.of) == (3, 5)
    assert activities.examples[0]["common"] == "Gọi điện"
    assert activities.examples[0]["differ_by"] == ["case", "accents", "spaces"]
    values = found(report, "lookalike_values")
    assert [(row["attribute"], row["common"]) for row in values.examples] == [("town", "Huế")]
    assert found(report, "rare_activities").examples == ({"activity": "Once"},)
    assert found(report, "empty_attributes").examples == ({"attribute": "empty", "n": 1, "of": 60},)
    assert found(report, "constant_attributes").examples == ({"attribute": "same", "value": "1"},)
    assert found(report, "mixed_numbers").examples == ({"attribute": "price", "n": 1, "of": 60, "values": ["n/a"]},)
    assert (found(report, "bots").n, found(report, "bots").of) == (6, 60)
    assert found(report, "test_names").examples == ({"attribute": "free", "value": "demo", "n": 1},)


def test_values_are_looked_at_in_a_part_of_a_big_log(tmp_path: Path) -> None:
    rows = [(str(i), "A", minute(i), "n/a" if i == 1234 else str(i)) for i in range(3000)]
    report = examined(log_of(tmp_path / "log.csv", rows), QualityRules(sample=100))
    assert found(report, "mixed_numbers").examples == ({"attribute": "note", "n": 1, "of": 3000, "values": ["n/a"]},)


def test_a_log_without_times_says_what_it_cannot_tell(write: Write) -> None:
    traces = "".join(
        f'<trace><string key="concept:name" value="{key}"/>'
        + "".join(f'<event><string key="concept:name" value="{name}"/></event>' for name in path)
        + "</trace>"
        for key, path in {"1": "AAB", "2": "Aa"}.items()
    )
    report = real(write(f'<?xml version="1.0" encoding="UTF-8"?><log xes.version="1.0">{traces}</log>', "log.xes"))
    assert report.log.start is None
    assert report.zones == ()
    assert set(report.needs_times) == {kind for kind, words in KINDS.items() if words.needs_times}
    assert {"ties", "duplicates", "missing_days", "future"} <= set(report.needs_times)
    assert kinds(report) == {"lookalike_activities", "rare_activities"}
    assert not set(report.needs_times) & (kinds(report) | set(report.nothing_found))
    assert report.as_dict()["log"]["start"] is None


def test_the_most_severe_comes_first_and_json_is_plain(write: Write) -> None:
    text = "case,event,at,note\n1,A,1970-01-01,\n1,A,1970-01-01,\n,A,2026-01-05 10:00:01,\n2,a,2026-01-05 10:00:01,x\n"
    report = examined(write(text))
    severities = [("problem", "warning", "info").index(finding.severity) for finding in report.findings]
    assert severities == sorted(severities)
    document = json.loads(json.dumps(report.as_dict(), allow_nan=False))
    assert document["schema"] == "desirepath/quality@1"
    assert document["rows"] == {"in": 4, "kept": 3, "rejected": 1}
    copies = next(f for f in document["findings"] if f["kind"] == "duplicates")
    assert copies["examples"] == [{"journey": "1", "activity": "A", "time": "1970-01-01T00:00:00Z", "n": 2}]
    assert copies["share"] == 1 / 3
    assert {f["unit"] for f in document["findings"]} <= set(UNITS)


def test_every_finding_can_be_said(tmp_path: Path) -> None:
    for words in KINDS.values():
        assert words.title
        assert words.todo.endswith((".", "?"))


def test_an_empty_workspace_has_an_empty_report(workspace: Workspace) -> None:
    report = quality(workspace)
    assert (report.findings, report.rows_in, report.columns) == ((), 0, ())


def test_the_report_is_the_same_after_append(tmp_path: Path) -> None:
    first = ("1", "A", minute(1), "x")
    one = log_of(tmp_path / "one.csv", [first, ("2", "B", minute(2), "y"), first])
    two = log_of(tmp_path / "two.csv", [first, ("1", "a", minute(0), "z")])
    with Workspace() as at_once, Workspace() as in_turn:
        at_once.ingest(one, two, journey="case", activity="event", time="at")
        in_turn.ingest(one, journey="case", activity="event", time="at")
        in_turn.ingest(two, journey="case", activity="event", time="at", append=True)
        assert quality(at_once).as_dict() == quality(in_turn).as_dict()


# What is known of the real logs -------------------------------------------------------------------------------------


def real(path: Path, **options: Any) -> QualityReport:
    with Workspace() as ws:
        ws.ingest(path, **options)
        return quality(ws)


def test_callcenter(shared_data: Path) -> None:
    path = shared_data / "callcenter" / "CallcenterExample.csv"
    report = real(path, journey="Customer ID", activity="Operation", time="Start Date")
    assert found(report, "duplicates").n == 2
    assert found(report, "catch_all").examples == ({"id": "Customer 3", "n": 583, "share": 583 / 7548},)
    assert (found(report, "catch_all").of, found(report, "catch_all").severity) == (3232, "problem")
    assert found(report, "ties").details["pairs"] == 88
    assert "minute_times" in kinds(report)


def test_helpdesk(shared_data: Path) -> None:
    path = shared_data / "helpdesk_italian" / "finale.csv"
    report = real(path, journey="Case ID", activity="Activity", time="Complete Timestamp")
    assert found(report, "duplicates").n == 127
    assert found(report, "ties").details["pairs"] == 130


def test_moodle(shared_data: Path, tmp_path: Path) -> None:
    """The journey is the id inside the description; rows without one are left out, as the known counts do."""
    path = shared_data / "moodle_edify" / "Moodle_Module_1_F19.csv"
    with path.open(encoding="cp1252", newline="") as file:
        head, *rows = csv.reader(file)
    place = head.index("Description")
    with_id = [[row[place].split("'")[1], *row] for row in rows if row[place].startswith("The user with id '")]
    copy = log_of(tmp_path / "moodle.csv", [tuple(row) for row in with_id], ("user", *head))
    report = real(copy, journey="user", activity="Event name", time="Time")
    copies = sum(n - 1 for n in Counter(map(tuple, with_id)).values())
    assert found(report, "duplicates").n == copies
    assert 850 <= copies <= 1300
    assert found(report, "newest_first").severity == "warning"
    assert found(report, "ties").details["pairs"] == 4100


@pytest.mark.parametrize(
    ("file", "pairs"),
    [("receipt_wabo/receipt.xes.gz", 0), ("sepsis/Sepsis_Cases.xes.gz", 4447)],
    ids=["receipt", "sepsis"],
)
def test_xes(shared_data: Path, file: str, pairs: int) -> None:
    report = real(shared_data / file)
    assert sum(f.details["pairs"] for f in report.findings if f.kind == "ties") == pairs  # type: ignore[misc]
    assert "catch_all" not in kinds(report)


def test_the_tables_say_what_summary_says(shared_data: Path) -> None:
    path = shared_data / "receipt_wabo" / "receipt.parquet"
    with Workspace() as ws:
        ws.ingest(path)
        assert quality(ws).log == queries.summary(ws)


def test_the_last_day_that_there_is_can_be_told_of(tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_text("case,activity,time\n1,A,2024-01-01 10:00:00\n1,B,9999-12-31 23:59:59\n")
    with Workspace() as ws:
        ws.ingest(tmp_path / "f.csv", journey="case", activity="activity", time="time")
        report = quality(ws)
    assert found(report, "future").n == 1
