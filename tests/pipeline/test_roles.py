"""Roles of several columns, values inside text, ends, orders and zones: what each makes of the rows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from mining.errors import MappingError
from pipeline import queries
from pipeline.ingest_report import IngestReport
from pipeline.store import Workspace

Write = Callable[..., Path]


def loaded(path: Path, **options: Any) -> tuple[list[tuple[str, str, str]], IngestReport, pl.DataFrame]:
    """Give journey, activity and time of all events, the report, and the timeline."""
    with Workspace() as ws:
        report = ws.ingest(path, **options)
        keys = queries.journeys(ws)["key"].to_list()
        rows = queries.timeline(ws, keys)
        events = [
            (key, a, t.strftime("%Y-%m-%dT%H:%M:%S") if t else "")
            for key, a, t in rows.select("key", "activity", "time").iter_rows()
        ]
        return events, report, rows


def test_several_columns_join(write: Write) -> None:
    file = write("case,part,page,act,time\n1,a,home,view,2026-01-01\n1,b,cart,,2026-01-02\n,,home,view,2026-01-03\n")
    events, report, _ = loaded(file, journey=["case", "part"], activity=["page", "act"])
    assert events == [("1 a", "home view", "2026-01-01T00:00:00"), ("1 b", "cart", "2026-01-02T00:00:00")]
    assert report.reasons == {"missing journey": 1}
    assert report.mapping is not None
    assert report.mapping.as_dict()["journey"] == ["case", "part"]


def test_a_part_of_a_journey_that_is_missing_keeps_its_place(write: Write) -> None:
    file = write("shop,order,event,time\n1,,a,2026-01-01\n,1,b,2026-01-02\n1,1,c,2026-01-03\n,,d,2026-01-04\n")
    events, report, _ = loaded(file, journey=["shop", "order"], activity="event", time="time")
    assert {key: activity for key, activity, _ in events} == {"1 –": "a", "– 1": "b", "1 1": "c"}
    assert report.reasons == {"missing journey": 1}


def test_an_id_is_taken_out_of_a_sentence(write: Write) -> None:
    file = write(
        "text,event,time\nThe user with id '4' came,in,2026-01-01\nuser with id '12' left,out,2026-01-02\n"
        "nobody,x,2026-01-03\n"
    )
    events, report, _ = loaded(file, journey="text", journey_pattern=r"id '(\d+)'")
    assert [key for key, _, _ in events] == ["12", "4"]
    assert report.reasons == {"missing journey": 1}
    whole, _, _ = loaded(file, journey="text", journey_pattern=r"id '\d+'")
    assert [key for key, _, _ in whole] == ["id '12'", "id '4'"]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("url-path", ["/", "/tea/green", "/tea"]),
        ("url-host", ["shop.example", "shop.example"]),
        ("url-section", ["/", "/tea", "/tea"]),
        (r"/tea.*", ["/tea/green?x=1#top", "/tea?y=2"]),
    ],
)
def test_a_page_is_taken_out_of_an_address(write: Write, pattern: str, expected: list[str]) -> None:
    rows = ["https://shop.example:8080/?a=1", "http://u:p@shop.example/tea/green?x=1#top", "/tea?y=2"]
    text = "".join(f"1,{url},2026-01-0{n}\n" for n, url in enumerate(rows, start=1))
    events, _, _ = loaded(write(f"case,url,time\n{text}"), activity="url", activity_pattern=pattern)
    assert [activity for _, activity, _ in events] == expected


def test_patterns_that_cannot_be_or_find_nothing_are_refused(write: Write) -> None:
    file = write("case,event,time\nA-1,x,2026-01-01\n")
    with pytest.raises(MappingError, match=r"The pattern '\(' is not valid: missing \)"):
        loaded(file, journey_pattern="(")
    with pytest.raises(MappingError, match=r"'\(\?=x\)' is not valid"):
        loaded(file, activity_pattern="(?=x)")
    with pytest.raises(MappingError) as caught:
        loaded(file, journey_pattern=r"(\d{5})")
    assert str(caught.value) == (
        r"The pattern '(\\d{5})' finds nothing in the column 'case' of log.csv, such as in 'A-1'."
    )


def test_blanks_around_values_go_and_na_stays(write: Write) -> None:
    values = ["NA", " NA", "NA ", "\tNA", "NA\u00a0", "\u00a0NA", "null", "   ", "Đơn 1 "]
    rows = "".join(f'"{value}",e,2026-01-01\n' for value in values)
    _, report, rows_read = loaded(write(f"case,event,time\n{rows}"))
    assert dict(rows_read["key"].value_counts().iter_rows()) == {"NA": 6, "null": 1, "Đơn 1": 1}
    assert report.reasons == {"missing journey": 1}


def test_a_date_and_a_clock_are_one_time(write: Write) -> None:
    rows = ["31/12/2025,8:05", "31/12/2025 00:00,14h30", "01/01/2026,", ",9:00", "01/01/2026,never"]
    file = write("case,event,ngày,giờ\n" + "".join(f"1,e,{row}\n" for row in rows))
    for options in ({}, {"time": ["ngày", "giờ"]}):
        events, report, _ = loaded(file, **options)
        assert [time for _, _, time in events] == ["2025-12-31T08:05:00", "2025-12-31T14:30:00"]
        assert report.reasons == {"missing time": 2, "unreadable time": 1}


def test_a_typed_date_and_clock(tmp_path: Path) -> None:
    frame = pl.DataFrame({"case": ["1"], "event": ["x"], "date": ["2026-02-03"], "clock": ["08:05:09.250"]})
    frame = frame.with_columns(pl.col("date").str.to_date(), pl.col("clock").str.to_time("%H:%M:%S%.f"))
    frame.write_parquet(tmp_path / "log.parquet")
    events, _, _ = loaded(tmp_path / "log.parquet", time=["date", "clock"], timezone="Asia/Ho_Chi_Minh")
    assert events == [("1", "x", "2026-02-03T01:05:09")]


def test_an_end_is_read_as_its_start_is(write: Write) -> None:
    file = write(
        "case,event,start,end\n1,a,13/02/2026 08:00,01/03/2026 09:00\n1,b,14/02/2026 08:00,14/02/2026 07:00\n"
        "1,c,15/02/2026 08:00,soon\n1,d,16/02/2026 08:00,\n1,e,17/02/2026 08:00,17/02/2026 08:00\n"
        "1,f,18/02/2026 08:00,18/02/2026 08:00\n"
    )
    _, report, rows = loaded(file, timezone="Asia/Ho_Chi_Minh")
    assert report.mapping is not None
    assert (report.mapping.time, report.mapping.end) == (("start",), "end")
    ends = [t.isoformat() if t else None for t in rows["attribute:end"]]
    assert ends[:4] == ["2026-03-01T02:00:00+00:00", "2026-02-14T00:00:00+00:00", None, None]
    assert [str(w) for w in report.warnings] == [
        "Ends before their starts in the column 'end': 1.",
        "Ends in the column 'end' that cannot be read and are left empty: 1.",
    ]


def test_an_order_settles_ties(write: Write) -> None:
    file = write("case,event,time,n\n1,c,2026-01-01,10\n1,a,2026-01-01,2\n1,b,2026-01-01,9\n1,z,2026-01-01,\n")
    events, report, _ = loaded(file, order="n")
    assert [activity for _, activity, _ in events] == ["a", "b", "c", "z"]
    assert any("Rows without a number in the column 'n'" in str(w) for w in report.warnings)


def test_an_order_alone_is_enough(write: Write) -> None:
    file = write("case,event,step number\n1,c,3\n1,a,1\n1,b,2\n")
    events, report, _ = loaded(file)
    assert report.mapping is not None
    assert (report.mapping.time, report.mapping.order) == ((), "step number")
    assert [activity for _, activity, _ in events] == ["a", "b", "c"]


def test_zones_stand_in_each_row(write: Write) -> None:
    rows = [
        ("2026-07-01 12:00", "Asia/Ho_Chi_Minh", "2026-07-01T05:00:00"),
        ("2026-07-01 12:00", "europe/paris", "2026-07-01T10:00:00"),
        ("2026-07-01 12:00", "+05:30", "2026-07-01T06:30:00"),
        ("2026-07-01 12:00", "UTC-3", "2026-07-01T15:00:00"),
        ("2026-07-01 12:00", "", "2026-07-01T03:00:00"),
        ("2026-07-01T12:00Z", "Asia/Ho_Chi_Minh", "2026-07-01T12:00:00"),
        ("2026-07-01 12:00", "Atlantis", None),
    ]
    text = "".join(f"1,e{n},{time},{zone}\n" for n, (time, zone, _) in enumerate(rows))
    file = write(f"case,event,time,tz\n{text}")
    events, report, _ = loaded(file, zone_column="tz", timezone="Asia/Tokyo")
    assert {e: t for _, e, t in events} == {f"e{n}": t for n, (_, _, t) in enumerate(rows) if t}
    assert report.reasons == {"unreadable time": 1}


def test_wrong_names_of_all_roles_are_told_at_once(write: Write) -> None:
    with pytest.raises(MappingError) as caught:
        loaded(write("case,event,time\n1,x,2026-01-01\n"), end="ends", order="times", zone_column="tz", actor="who")
    assert [line.strip() for line in str(caught.value).splitlines()[1:]] == [
        "--actor 'who': there is no such column.",
        "--end 'ends': there is no such column.",
        "--order 'times': did you mean 'time'?",
        "--zone-column 'tz': there is no such column.",
    ]
    with pytest.raises(MappingError, match="is given as --time and as --end"):
        loaded(write("case,event,time\n1,x,2026-01-01\n"), time="time", end="time")


def test_moments_that_are_named_are_events(write: Write) -> None:
    file = write("order,placed,paid,city\n7,2026-01-01 08:00,2026-01-02 08:00,Huế\n8,2026-01-03 08:00,,Huế\n9,,,Huế\n")
    options = {"journey": "order", "moments": {"placed": "Placed", "paid": "Paid"}, "attributes": ["city"]}
    events, report, _ = loaded(file, **options)
    assert events == [
        ("7", "Placed", "2026-01-01T08:00:00"),
        ("7", "Paid", "2026-01-02T08:00:00"),
        ("8", "Placed", "2026-01-03T08:00:00"),
    ]
    assert report.reasons == {"missing time": 1}
    with pytest.raises(MappingError, match="moment 'sent': there is no such column"):
        loaded(file, journey="order", moments={"sent": "Sent"})
