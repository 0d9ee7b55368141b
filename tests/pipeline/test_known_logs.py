"""Every real log comes in with its known counts, with guessed roles, or with what the first guess proposes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
import pytest

from mining.errors import MappingError
from pipeline import queries
from pipeline.preview import preview
from pipeline.store import Workspace


class Known(NamedTuple):
    """One file and what is known of it: the row of EXPECTED_COUNTS.csv, and what else must be said to load it."""

    file: str
    case_column: str
    asked: tuple[str, ...] = ()
    journey: str | None = None


LOGS = [
    Known("receipt_wabo/receipt.xes.gz", "trace"),
    Known("receipt_wabo/receipt.csv", "case:concept:name"),
    Known("bpic2012/BPI_Challenge_2012.xes.gz", "trace"),
    Known("bpic2020/DomesticDeclarations.xes.gz", "trace"),
    Known("bpic2020/InternationalDeclarations.xes.gz", "trace"),
    pytest.param(
        Known("road_traffic_fines/Road_Traffic_Fine_Management_Process.xes.gz", "trace"), marks=pytest.mark.slow
    ),
    Known("sepsis/Sepsis_Cases.xes.gz", "trace"),
    Known("sepsis/sepsis_eventdataR.csv", "Case ID"),
    Known("sepsis/sepsis_best.csv", "case:concept:name"),
    Known("helpdesk_italian/finale.csv", "Case ID"),
    Known("callcenter/CallcenterExample.csv", "Service ID"),
    Known("callcenter/CallcenterExample.csv", "Customer ID", journey="Customer ID"),
    Known("moodle_edify/Moodle_Module_1_F19.csv", "user id inside Description", ("journey",)),
    Known("otto_sample/train.jsonl", "session"),
    pytest.param(Known("msnbc_clickstream/msnbc990928.zip", "line"), marks=pytest.mark.slow),
]


def _name(known: Any) -> str:
    return f"{Path(known.file).name}-{known.case_column}" if isinstance(known, Known) else ""


@pytest.mark.parametrize("known", LOGS, ids=_name)
def test_a_known_log_comes_in_by_its_guesses(shared_data: Path, known: Known) -> None:
    path = shared_data / known.file
    with Workspace() as ws:
        options: Any = {"journey": known.journey}
        if known.asked:
            with pytest.raises(MappingError) as doubt:
                ws.ingest(path)
            assert ", ".join(known.asked) in str(doubt.value).splitlines()[0]
            options = preview(path).proposed
        report = ws.ingest(path, **options)
        expected = _expected(shared_data, known)
        log = queries.summary(ws)
        found = (log.journeys, log.events, log.activities, log.variants)
        assert report.rows_kept == log.events
        assert found[:3] == expected[:3]
        assert expected[3] is None or found[3] == expected[3]
        assert expected[4] is None or queries.journeys(ws)["n_events"].max() == expected[4]
        assert expected[5] is None or (log.start, log.end) == expected[5:]


def test_relative_days_come_in_by_the_day_0_that_is_proposed(shared_data: Path) -> None:
    path = shared_data / "oulad" / "oulad_journey.derived.parquet"
    proposed = preview(path).proposed
    assert proposed["base_date"] == "2000-01-01"
    rows = pl.read_parquet(path)
    known = rows["day"].drop_nulls()
    with Workspace() as ws:
        with pytest.raises(MappingError, match="which column is the time"):
            ws.ingest(path)
        report = ws.ingest(path, **proposed)
        log = queries.summary(ws)
        expected = _expected(shared_data, Known("oulad/oulad_journey.derived.parquet", "case_id"))
        assert (log.journeys, log.events, log.activities, log.variants) == expected[:4]
        assert (report.rows_in, report.rows_kept) == (216_577, 216_577)
        assert "rows without a time: 45. They keep their place" in str(report.warnings[-1])
        assert queries.calendar(ws)["n_events"].sum() == known.len() == 216_532
        day = datetime(2000, 1, 1, tzinfo=UTC)
        assert log.start == day + timedelta(days=known.min())  # type: ignore[arg-type]
        assert log.end == day + timedelta(days=known.max())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("file", "events", "journeys", "activities"),
    [
        ("studentRegistration.derived.csv", 42_620, 28_780, {"registration", "unregistration"}),
        ("studentAssessment.derived.csv", 173_912, 23_369, None),
    ],
)
def test_tables_of_the_university_come_in_as_proposed(
    shared_data: Path, file: str, events: int, journeys: int, activities: set[str] | None
) -> None:
    path = shared_data / "oulad" / file
    with Workspace() as ws:
        ws.ingest(path, **preview(path).proposed)
        log = queries.summary(ws)
        assert (log.events, log.journeys) == (events, journeys)
        assert activities is None or set(queries.activities(ws)["name"]) == activities


def test_an_end_is_found_beside_its_start(shared_data: Path) -> None:
    with Workspace() as ws:
        report = ws.ingest(shared_data / "callcenter" / "CallcenterExample.csv")
        assert report.mapping is not None
        assert (report.mapping.time, report.mapping.end, report.mapping.actor) == (("Start Date",), "End Date", "Agent")
        types = dict(queries.attributes(ws).select("name", "type").iter_rows())
        assert types["End Date"] == "TIMESTAMP"


def _expected(shared_data: Path, known: Known) -> tuple[Any, ...]:
    """Give journeys, events, activities, variants, the longest journey, first and last time."""
    table = pl.read_csv(shared_data / "oracles" / "EXPECTED_COUNTS.csv", infer_schema=False)
    row = table.filter(pl.col("file") == known.file, pl.col("case_column") == known.case_column).row(0, named=True)
    counts = [int(row[n]) if row[n] else None for n in ("cases", "events", "activities", "variants", "longest_case")]
    times = [_utc(row[name]) for name in ("first_timestamp", "last_timestamp")]
    return (*counts, *times)


def _utc(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).astimezone(UTC) if text else None
