"""Real logs, counted once more from their raw files in plain Python, with nothing of our own: the same figures."""

from __future__ import annotations

import csv
import gzip
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import polars as pl
import pytest

from pipeline import queries
from pipeline.preview import preview
from pipeline.store import Workspace

Event = tuple[str | None, str | None, Any]


def records(path: Path, delimiter: str = ",", encoding: str = "utf-8-sig") -> Iterator[dict[str, str]]:
    with path.open(encoding=encoding) as file:  # any line end
        header, *rows = csv.reader(file, delimiter=delimiter)
    names = [name if name not in header[:n] else f"{name}#{n}" for n, name in enumerate(header)]
    for row in rows:
        if row:
            assert len(row) == len(names)
            yield dict(zip(names, row, strict=True))


def callcenter(path: Path) -> Iterator[Event]:
    for row in records(path):
        yield row["Service ID"], row["Operation"], datetime.strptime(row["Start Date"], "%d.%m.%y %H:%M")


def moodle(path: Path) -> Iterator[Event]:
    for row in records(path, encoding="cp1252"):
        user = re.search(r"user with id '(\d+)'", row["Description"])
        yield user and user[1], row["Event name"], datetime.strptime(row["Time"], "%d/%m/%y, %H:%M")


def helpdesk(path: Path) -> Iterator[Event]:
    for row in records(path):
        yield row["Case ID"], row["Activity"], datetime.strptime(row["Complete Timestamp"], "%Y/%m/%d %H:%M:%S.%f")


def otto(path: Path) -> Iterator[Event]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            session = json.loads(line)
            for event in session["events"]:
                yield str(session["session"]), event["type"], event["ts"]


def oulad(path: Path) -> Iterator[Event]:
    import pyarrow.parquet as pq

    for row in pq.read_table(path, columns=["case_id", "activity", "day"]).to_pylist():
        yield row["case_id"], row["activity"], None if row["day"] is None else timedelta(days=row["day"])


def receipt_csv(path: Path) -> Iterator[Event]:
    for row in records(path):
        yield row["case:concept:name"], row["concept:name"], datetime.fromisoformat(row["time:timestamp"])


def receipt_parquet(path: Path) -> Iterator[Event]:
    import pyarrow.parquet as pq

    names = ["case:concept:name", "concept:name", "time:timestamp"]
    for row in pq.read_table(path, columns=names).to_pylist():
        yield tuple(row[name] for name in names)  # type: ignore[misc]


def receipt_xes(path: Path) -> Iterator[Event]:
    with gzip.open(path) as file:
        log = ElementTree.parse(file).getroot()
    for trace in log.findall("{*}trace"):
        case = next(a.get("value") for a in trace if a.get("key") == "concept:name")
        for event in trace.findall("{*}event"):
            said = {a.get("key"): a.get("value") for a in event}
            yield case, said["concept:name"], datetime.fromisoformat(said["time:timestamp"] or "")


def sepsis_semicolons(path: Path) -> Iterator[Event]:
    for row in records(path, ";"):
        yield row["Case ID"], row["Activity"], datetime.strptime(row["Complete Timestamp"], "%Y/%m/%d %H:%M:%S.%f")


LOGS: list[tuple[str, Callable[[Path], Iterator[Event]]]] = [
    ("callcenter/CallcenterExample.csv", callcenter),
    ("moodle_edify/Moodle_Module_1_F19.csv", moodle),
    ("helpdesk_italian/finale.csv", helpdesk),
    ("otto_sample/train.jsonl", otto),
    ("oulad/oulad_journey.derived.parquet", oulad),
    ("receipt_wabo/receipt.csv", receipt_csv),
    ("receipt_wabo/receipt.parquet", receipt_parquet),
    ("receipt_wabo/receipt.xes.gz", receipt_xes),
    ("sepsis/sepsis_best.csv", receipt_csv),
    ("sepsis/sepsis_eventdataR.csv", sepsis_semicolons),
]


@pytest.mark.parametrize(("file", "read"), LOGS, ids=[file.rpartition("/")[2] for file, _ in LOGS])
def test_a_real_log_counted_in_plain_python(
    shared_data: Path, file: str, read: Callable[[Path], Iterator[Event]]
) -> None:
    path = shared_data / file
    rows = list(read(path))
    whole = [(n, *row) for n, row in enumerate(rows) if None not in row[:2] and "" not in row]
    journeys: dict[str, list[tuple[Any, int, str]]] = {}
    for n, case, activity, time in whole:
        journeys.setdefault(case, []).append((time, n, activity))
    # The few events without a time are the first rows of their journeys.
    paths = {case: tuple(activity for *_, activity in sorted(events, key=_place)) for case, events in journeys.items()}
    with Workspace() as ws:
        report = ws.ingest(path, **preview(path).proposed)
        log = queries.summary(ws)
        names = dict(queries.activities(ws).select("activity", "name").iter_rows())
        edges = {(names[s], names[t]): n for s, t, n, *_ in queries.edges(ws).iter_rows()}
        variants = {tuple(names[a] for a in path): n for _, path, n in queries.variants(ws).iter_rows()}
        held = dict(queries.journeys(ws).select("key", "n_events").iter_rows())
        spans = dict(queries.journeys(ws).select("key", pl.col("end") - pl.col("start")).iter_rows())
    assert (report.rows_in, report.rows_rejected) == (len(rows), len(rows) - len(whole))
    assert (log.events, log.journeys) == (len(whole), len(journeys))
    assert held == {case: len(events) for case, events in journeys.items()}
    assert Counter(names.values()) == Counter(dict.fromkeys({activity for _, _, activity, _ in whole}, 1))
    assert variants == Counter(paths.values())
    assert edges == Counter(pair for path in paths.values() for pair in pairwise(path))
    for case, events in journeys.items():
        known = [time for time, *_ in events if time is not None]
        span = max(known) - min(known) if known else None
        assert spans[case] == (timedelta(milliseconds=span) if isinstance(span, int) else span)


def _place(event: tuple[Any, int, str]) -> tuple[Any, ...]:
    time, n, _ = event
    return (time is not None, n if time is None else time, n)
