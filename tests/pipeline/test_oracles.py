"""Real logs against counts, directly-follows graphs and variants that were computed without this program."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from pipeline import queries
from pipeline.store import Workspace

READ_AS_1252 = (
    "Moodle_Module_1_F19.csv is not UTF-8; it was read as cp1252. If its letters look wrong, name its encoding."
)
AMSTERDAM = {"timezone": "Europe/Amsterdam"}
LOGS = {
    "receipt_wabo/receipt.xes.gz": ("receipt", {}),
    "receipt_wabo/receipt.csv": ("receipt", {}),
    "receipt_wabo/receipt.parquet": ("receipt", AMSTERDAM),
    "bpic2012/BPI_Challenge_2012.xes.gz": ("bpic2012", {}),
    "sepsis/Sepsis_Cases.xes.gz": ("sepsis", {}),
    "sepsis/sepsis_eventdataR.csv": ("sepsis", AMSTERDAM),
    "sepsis/sepsis_best.csv": ("sepsis", {}),
    "helpdesk_italian/finale.csv": ("helpdesk", {}),
    "bpic2020/DomesticDeclarations.xes.gz": ("bpic2020_domestic", {}),
    "bpic2020/InternationalDeclarations.xes.gz": ("bpic2020_international", {}),
    "road_traffic_fines/Road_Traffic_Fine_Management_Process.xes.gz": ("road_traffic", {}),
}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def named_edges(ws: Workspace) -> dict[tuple[str, str], int]:
    """Give the directly-follows counts with starts and ends, as the oracles write them."""
    names = dict(queries.activities(ws).select("activity", "name").iter_rows())
    found = {(names[s], names[t]): n for s, t, n in queries.edges(ws).select("source", "target", "n").iter_rows()}
    for activity, start, end in queries.endpoints(ws).iter_rows():
        found |= {("__START__", names[activity]): start} if start else {}
        found |= {(names[activity], "__END__"): end} if end else {}
    return found


@pytest.mark.parametrize("file", LOGS)
def test_real_log_equals_oracle(shared_data: Path, file: str) -> None:
    oracle, options = LOGS[file]
    folder = shared_data / "oracles"
    counts = (
        next(r for r in rows(folder / "EXPECTED_COUNTS.csv") if r["file"] == file) if "parquet" not in file else None
    )
    with Workspace() as ws:
        report = ws.ingest(shared_data / file, **options)
        summary = queries.summary(ws)
        if counts is not None:
            expected = tuple(int(counts[c]) for c in ("cases", "events", "activities", "variants"))
            assert (summary.journeys, summary.events, summary.activities, summary.variants) == expected
        assert (report.rows_kept, report.rows_rejected) == (summary.events, 0)

        dfg = {(r["from"], r["to"]): int(r["frequency"]) for r in rows(folder / f"{oracle}.dfg.csv")}
        assert named_edges(ws) == dfg

        activities = {
            r["activity"]: (int(r["events"]), int(r["cases"])) for r in rows(folder / f"{oracle}.activities.csv")
        }
        assert {n: (e, j) for _, n, e, j in queries.activities(ws).iter_rows()} == activities

        names = dict(queries.activities(ws).select("activity", "name").iter_rows())
        variants = {"|".join(names[a] for a in path): n for _, path, n in queries.variants(ws).iter_rows()}
        for row in rows(folder / f"{oracle}.top_variants.csv"):
            assert variants[row["variant"]] == int(row["cases"])


def test_receipt_gives_equal_aggregates_in_all_formats(shared_data: Path) -> None:
    seen = []
    for name, options in (("receipt.xes.gz", {}), ("receipt.csv", {}), ("receipt.parquet", AMSTERDAM)):
        with Workspace() as ws:
            ws.ingest(shared_data / "receipt_wabo" / name, **options)
            frames = (queries.edges(ws), queries.variants(ws), queries.activities(ws), queries.endpoints(ws))
            journeys = queries.journeys(ws).select("key", "start", "end", "n_events", "variant_id", "case:channel")
            seen.append([f.rows() for f in (*frames, journeys)])
    assert seen[0] == seen[1] == seen[2]
    assert len(seen[0][0]) == 99


def test_sepsis_keeps_the_case_named_na(shared_data: Path) -> None:
    with Workspace() as ws:
        ws.ingest(shared_data / "sepsis" / "sepsis_best.csv")
        assert queries.timeline(ws, ["NA"]).height > 0
        assert queries.summary(ws).journeys == 1050


def test_call_centre_with_carriage_returns_and_short_years(shared_data: Path) -> None:
    with Workspace() as ws:
        ws.ingest(
            shared_data / "callcenter" / "CallcenterExample.csv",
            journey="Customer ID",
            activity="Operation",
            time="Start Date",
        )
        summary = queries.summary(ws)
        assert (summary.journeys, summary.events, summary.variants) == (3232, 7548, 370)
        assert summary.as_dict()["start"] == "2010-03-01T01:05:00Z"
        assert summary.as_dict()["end"] == "2010-04-30T14:28:00Z"


def test_moodle_export_in_windows_1252_newest_first(shared_data: Path) -> None:
    with Workspace() as ws:
        report = ws.ingest(
            shared_data / "moodle_edify" / "Moodle_Module_1_F19.csv", journey="IP address", activity="Event name"
        )
        assert [str(w) for w in report.warnings] == [READ_AS_1252]
        assert queries.summary(ws).as_dict()["end"] == "2021-10-17T12:39:00Z"
