"""Times in all the ways people write them, and the ways that must be refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mining.errors import MappingError
from pipeline import queries
from pipeline.store import Workspace
from pipeline.times.patterns import MACHINE, ORDERS, _has_its_marks, _with_clocks

ROLES = {"journey": "case", "activity": "activity", "time": "time"}


def read(write: Callable[..., Path], times: Sequence[str], **options: Any) -> list[str]:
    """Load one journey with these times and give them back as UTC, in the order of the rows."""
    rows = "".join(f'1,{n:03},"{time}"\n' for n, time in enumerate(times))
    with Workspace() as ws:
        ws.ingest(write(f"case,activity,time\n{rows}"), **ROLES, **options)
        found = queries.timeline(ws, ["1"]).sort("activity")["time"]
        return [t.isoformat().replace("+00:00", "Z") for t in found]


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        (["2026-01-31T08:05:09Z", "2026-01-31 08:05"], ["2026-01-31T08:05:09Z", "2026-01-31T08:05:00Z"]),
        (["2011-10-11 13:45:40.276000+02:00", "2011-10-11"], ["2011-10-11T11:45:40.276000Z", "2011-10-11T00:00:00Z"]),
        (
            ["2026-01-31T08:05:09.5+0530", "2026-01-31T08:05:09-03"],
            ["2026-01-31T02:35:09.500000Z", "2026-01-31T11:05:09Z"],
        ),
        ([" 2026-01-31 08:05:09 ", "2026-01-31T08:05:09+07:00 "], ["2026-01-31T08:05:09Z", "2026-01-31T01:05:09Z"]),
        (["2026-01-31 08:05:09-03", "2026-01-31 08:05:09 GMT"], ["2026-01-31T11:05:09Z", "2026-01-31T08:05:09Z"]),
        (["2026-01-31 08:05:09,250"], ["2026-01-31T08:05:09.250000Z"]),
        (["2012/10/09 14:50:17.000", "2012/1/9 4:50"], ["2012-10-09T14:50:17Z", "2012-01-09T04:50:00Z"]),
        (["9.3.10 8:05", "31.3.10 23:59"], ["2010-03-09T08:05:00Z", "2010-03-31T23:59:00Z"]),
        (["17/10/21, 12:39", "1/02/20, 04:14"], ["2021-10-17T12:39:00Z", "2020-02-01T04:14:00Z"]),
        (["12/31/2020 1:05 PM", "01/02/2021 12:00 AM"], ["2020-12-31T13:05:00Z", "2021-01-02T00:00:00Z"]),
        (["31/12/2020 1:05:09 CH", "01/02/2021 9:00:00 SA"], ["2020-12-31T13:05:09Z", "2021-02-01T09:00:00Z"]),
        (["14:30 31/12/2020", "08:00 01/02/2021"], ["2020-12-31T14:30:00Z", "2021-02-01T08:00:00Z"]),
        (["09-Oct-2012 14:50:17", "1-Jan-2013 00:00:00"], ["2012-10-09T14:50:17Z", "2013-01-01T00:00:00Z"]),
        (["October 9, 2012 2:50 PM"], ["2012-10-09T14:50:00Z"]),
        (
            ["31/12/2020 13:05:09.25 +07:00", "1/1/2021 00:00:00.5 +07:00"],
            ["2020-12-31T06:05:09.250000Z", "2020-12-31T17:00:00.500000Z"],
        ),
        (["20201231130500", "20210101000000"], ["2020-12-31T13:05:00Z", "2021-01-01T00:00:00Z"]),
        (["20201231", "20210101"], ["2020-12-31T00:00:00Z", "2021-01-01T00:00:00Z"]),
        (["20201231T130500Z"], ["2020-12-31T13:05:00Z"]),
        (["1659304800", "1659304801.5"], ["2022-07-31T22:00:00Z", "2022-07-31T22:00:01.500000Z"]),
        (["1659304800025"], ["2022-07-31T22:00:00.025000Z"]),
        (["1659304800025001"], ["2022-07-31T22:00:00.025001Z"]),
        (["1659304800025001999"], ["2022-07-31T22:00:00.025001Z"]),
        (["2026.01.31 08:05", "2026.2.1 8:05:06"], ["2026-01-31T08:05:00Z", "2026-02-01T08:05:06Z"]),
        (
            ["13/01/2026 08:05:09,25", "1/2/2026 08:05:09,5"],
            ["2026-01-13T08:05:09.250000Z", "2026-02-01T08:05:09.500000Z"],
        ),
        (["31/12/2020 13:05:09.1234567", "1/1/2021 0:0:0.0"], ["2020-12-31T13:05:09.123456Z", "2021-01-01T00:00:00Z"]),
        (["ngày 31 tháng 12 năm 2025", "5 tháng 6 năm 2026"], ["2025-12-31T00:00:00Z", "2026-06-05T00:00:00Z"]),
        (["31 thg 12, 2025 14:30", "5 thg 6, 2026 09:00"], ["2025-12-31T14:30:00Z", "2026-06-05T09:00:00Z"]),
        (
            ["14:30 31 tháng 12, 2025", "lúc 9:00 ngày 5 tháng 6 năm 2026"],
            ["2025-12-31T14:30:00Z", "2026-06-05T09:00:00Z"],
        ),
        (["Thứ Hai, 23/02/2026 08:00", "Chủ Nhật, 01/03/2026 9:15"], ["2026-02-23T08:00:00Z", "2026-03-01T09:15:00Z"]),
        (["Thứ 2, 23/02/2026", "CN 01/03/2026"], ["2026-02-23T00:00:00Z", "2026-03-01T00:00:00Z"]),
        (["23/02/2026 14h30", "01/03/2026 9 giờ 05 phút"], ["2026-02-23T14:30:00Z", "2026-03-01T09:05:00Z"]),
        (["23/02/2026 2:30 chiều", "01/03/2026 9:05 sáng"], ["2026-02-23T14:30:00Z", "2026-03-01T09:05:00Z"]),
        (
            ["Mon, 23 Feb 2026 08:05:09 GMT", "Sun, 1 Mar 2026 08:05:09 +0700"],
            ["2026-02-23T08:05:09Z", "2026-03-01T01:05:09Z"],
        ),
        (["Mon Feb 23 2026 08:05:09 GMT+0700 (Indochina Time)"], ["2026-02-23T01:05:09Z"]),
        (["Mon Feb 23 08:05:09 2026", "Sun Mar  1 08:05:09 2026"], ["2026-02-23T08:05:09Z", "2026-03-01T08:05:09Z"]),
        (["23/Feb/2026:08:05:09 +0700"], ["2026-02-23T01:05:09Z"]),
        (["Feb 23rd, 2026 8:05 p.m.", "March 1st, 2026 8:05 a.m."], ["2026-02-23T20:05:00Z", "2026-03-01T08:05:00Z"]),
        (["2026-W09-1", "2026-W10-7T08:30"], ["2026-02-23T00:00:00Z", "2026-03-08T08:30:00Z"]),
        (["2026-02-23 08:05:09 +0700", "2026-02-23 08:05:09 -03"], ["2026-02-23T01:05:09Z", "2026-02-23T11:05:09Z"]),
        (["1.659304800e9", "1659304801,5"], ["2022-07-31T22:00:00Z", "2022-07-31T22:00:01.500000Z"]),
        (["1659304800", "1659304800025"], ["2022-07-31T22:00:00Z", "2022-07-31T22:00:00.025000Z"]),
        (["45678.354166666664", "45678"], ["2025-01-21T08:30:00Z", "2025-01-21T00:00:00Z"]),
        (["05/05/2020", "06/06/2020"], ["2020-05-05T00:00:00Z", "2020-06-06T00:00:00Z"]),
    ],
)
def test_times_are_read(write: Callable[..., Path], times: list[str], expected: list[str]) -> None:
    assert read(write, times) == expected


def test_clocks_without_offset_are_local(write: Callable[..., Path]) -> None:
    times = ["2026-01-31 08:05", "2026-01-31T08:05:00Z", "2026-07-31T08:05:00+01:00", " 2026-01-31 08:05:00,5 "]
    expected = ["2026-01-31T01:05:00Z", "2026-01-31T08:05:00Z", "2026-07-31T07:05:00Z", "2026-01-31T01:05:00.500000Z"]
    assert read(write, times, timezone="Asia/Ho_Chi_Minh") == expected
    assert read(write, ["31.1.2026 8:05", "31.7.2026 8:05"], timezone="Europe/Amsterdam") == [
        "2026-01-31T07:05:00Z",
        "2026-07-31T06:05:00Z",
    ]


def test_given_format_settles_what_the_rows_do_not(write: Callable[..., Path]) -> None:
    times = ["01/02/2020 10:00", "03/04/2020 10:00"]
    with pytest.raises(MappingError) as caught:
        read(write, times)
    assert str(caught.value) == (
        "The times in the column 'time' of log.csv, such as '01/02/2020 10:00', can be read day first or month first, "
        "and no row tells which. Give --time-format '%d/%m/%Y %H:%M' or --time-format '%m/%d/%Y %H:%M'."
    )
    assert read(write, times, time_format="%m/%d/%Y %H:%M")[0] == "2020-01-02T10:00:00Z"
    assert read(write, times, time_format="%d/%m/%Y %H:%M")[0] == "2020-02-01T10:00:00Z"
    zoned = read(write, ["01/02/2020 10:00 +0700"], time_format="%d/%m/%Y %H:%M %z", timezone="Europe/Paris")
    assert zoned == ["2020-02-01T03:00:00Z"]


def test_rows_that_contradict_each_other_are_refused(write: Callable[..., Path]) -> None:
    with pytest.raises(MappingError, match="can only be day first, others only month first"):
        read(write, ["31/01/2020", "01/31/2020"])


def test_one_telling_row_among_many_is_found(write: Callable[..., Path]) -> None:
    times = ["01/02/2020 10:00"] * 30_000 + ["01/13/2020 10:00"]
    assert read(write, times)[0] == "2020-01-02T10:00:00Z"


def test_small_numbers_are_no_times(write: Callable[..., Path]) -> None:
    with pytest.raises(MappingError, match=r"up to 62\.0, too small to be seconds since 1970.*--base-date"):
        read(write, ["-62", "17"])


def test_day_numbers_count_from_their_base_date(write: Callable[..., Path]) -> None:
    days = ["-62", "0", "17.5", "1,25"]
    assert read(write, days, base_date="2026-01-31") == [
        "2025-11-30T00:00:00Z",
        "2026-01-31T00:00:00Z",
        "2026-02-17T12:00:00Z",
        "2026-02-01T06:00:00Z",
    ]
    assert read(write, ["0"], base_date="2026-01-31", timezone="Asia/Ho_Chi_Minh") == ["2026-01-30T17:00:00Z"]
    with pytest.raises(MappingError, match=r"The base date 'soon' is no date"):
        read(write, days, base_date="soon")


def test_what_was_assumed_is_said(write: Callable[..., Path]) -> None:
    with Workspace() as ws:
        report = ws.ingest(write("case,activity,time\n1,x,45678.5\n"), **ROLES)
        assert [str(w) for w in report.warnings] == [
            "'time' holds numbers from 45678.5 to 45678.5: they were read as the days of a spreadsheet"
        ]


def test_an_end_that_leaves_its_order_open_has_that_of_its_start(write: Callable[..., Path]) -> None:
    rows = "1,x,13/02/2026,01/03/2026\n1,y,14/02/2026,02/03/2026\n"
    with Workspace() as ws:
        ws.ingest(write(f"case,activity,start,end\n{rows}"))
        ends = queries.timeline(ws, ["1"])["attribute:end"]
        assert [t.isoformat() for t in ends] == ["2026-03-01T00:00:00+00:00", "2026-03-02T00:00:00+00:00"]


WRITTEN = (
    *("%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%dT%H:%M:%S.%f%z", "%Y/%m/%d %H:%M:%S.%f", "%d/%m/%Y %H:%M:%S.%f"),
    *("%d.%m.%Y %H:%M:%S.%f", "%d-%b-%Y %H:%M:%S.%f", "%B %d, %Y %H:%M:%S.%f", "%d/%m/%Y %H:%M:%S.%f %z"),
    *(
        "%A, %d %b %Y %H:%M:%S.%f",
        "ngày %d tháng %m năm %Y %H:%M:%S.%f",
        "%H:%M:%S.%f %d/%m/%Y",
        "%Y.%m.%d %H:%M:%S.%f",
    ),
)
ZONES = ("UTC", "Asia/Ho_Chi_Minh", "America/St_Johns", "Australia/Lord_Howe")
MOMENTS = st.datetimes(datetime(1971, 1, 1), datetime(2199, 12, 31))


@settings(max_examples=15)
@given(moments=st.lists(MOMENTS, min_size=1, max_size=6), pattern=st.sampled_from(WRITTEN), zone=st.sampled_from(ZONES))
def test_a_time_in_any_pattern_and_zone_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, moments: list[datetime], pattern: str, zone: str
) -> None:
    """Moments are given in UTC; clocks that a zone skips or has twice are so never written without their offset."""
    local = [m.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)) for m in moments]
    telling = datetime(2020, 1, 31, 12, tzinfo=ZoneInfo(zone))  # proves that the day comes first
    once = [t for t in local if "%z" in pattern or t.replace(fold=0).utcoffset() == t.replace(fold=1).utcoffset()]
    values = [t.strftime(pattern) for t in [*once, telling]]
    expected = [t.astimezone(UTC) for t in [*once, telling]]
    path = tmp_path_factory.mktemp("times") / "log.csv"
    path.write_text("case,activity,time\n" + "".join(f'1,{n:03},"{v}"\n' for n, v in enumerate(values)))
    with Workspace() as ws:
        ws.ingest(path, **ROLES, timezone=zone)
        assert queries.timeline(ws, ["1"]).sort("activity")["time"].to_list() == expected


@settings(max_examples=15)
@example(moment=datetime(2031, 1, 1), unit=(1_000_000, 0), as_text=False)  # 1924992000: not 1924-9-9 at 2:00:0
@example(moment=datetime(2030, 8, 2, 16), unit=(1_000, 3), as_text=True)
@given(
    moment=st.datetimes(datetime(1977, 1, 1), datetime(2199, 12, 31)),  # 190012312359 ms is a day of 1976
    unit=st.sampled_from([(1_000_000, 0), (1_000, 3), (1, 6), (1, 9)]),
    as_text=st.booleans(),
)
def test_a_time_since_1970_is_read_back_in_any_unit(
    tmp_path_factory: pytest.TempPathFactory, moment: datetime, unit: tuple[int, int], as_text: bool
) -> None:
    us = (moment - datetime(1970, 1, 1)) // timedelta(microseconds=1)
    number = us // unit[0] if unit[1] < 9 else us * 1000
    expected = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=us // unit[0] * unit[0])
    frame = pl.DataFrame({"case": ["1"], "activity": ["x"], "time": [str(number) if as_text else number]})
    path = tmp_path_factory.mktemp("epochs") / "log.parquet"
    frame.write_parquet(path)
    with Workspace() as ws:
        ws.ingest(path, **ROLES)
        assert queries.timeline(ws, ["1"])["time"].to_list() == [expected]


@pytest.mark.parametrize(
    ("dtype", "values", "expected"),
    [
        (pl.Datetime("ns"), [1_659_304_800_000_000_001], "2022-07-31T22:00:00Z"),
        (pl.Datetime("ms", "Asia/Ho_Chi_Minh"), [1_659_304_800_025], "2022-07-31T22:00:00.025000Z"),
        (pl.Date, [19_000], "2022-01-08T00:00:00Z"),
        (pl.Int64, [1_659_304_800_025], "2022-07-31T22:00:00.025000Z"),
        (pl.Int32, [20_220_731], "2022-07-31T00:00:00Z"),
        (pl.Float64, [1_659_304_800.5], "2022-07-31T22:00:00.500000Z"),
        (pl.Int64, [1_659_304_800_025_001_999], "2022-07-31T22:00:00.025001Z"),
    ],
)
def test_typed_columns_are_taken_as_they_are(tmp_path: Path, dtype: Any, values: list[Any], expected: str) -> None:
    frame = pl.DataFrame({"case": ["1"], "activity": ["x"], "time": pl.Series(values).cast(dtype)})
    frame.write_parquet(tmp_path / "log.parquet")
    with Workspace() as ws:
        ws.ingest(tmp_path / "log.parquet", **ROLES)
        assert queries.summary(ws).as_dict()["start"] == expected


YEAR_FIRST = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%SZ", "%Y/%m/%d %H:%M:%S", "%Y.%m.%d %H:%M:%S")
DAY_OR_MONTH_FIRST = ("%d/%m/%Y %H:%M:%S", "%m/%d/%Y %H:%M:%S", "%d.%m.%y %H:%M:%S", "%m-%d-%y %H:%M:%S")
SECONDS = st.datetimes(datetime(1990, 1, 1), datetime(2060, 12, 31)).map(lambda moment: moment.replace(microsecond=0))


@settings(max_examples=12)
@given(
    first=st.lists(SECONDS, min_size=1, max_size=30),
    others=st.lists(SECONDS, min_size=1, max_size=30),
    patterns=st.tuples(st.sampled_from(YEAR_FIRST), st.sampled_from(DAY_OR_MONTH_FIRST)),
)
def test_year_first_beside_a_proved_order_reads_every_row(
    tmp_path_factory: pytest.TempPathFactory,
    first: list[datetime],
    others: list[datetime],
    patterns: tuple[str, str],
) -> None:
    """The oracle is Python's reader, told the pattern of each row; a file that proves no order is refused."""
    values = [(m.strftime(patterns[0]), patterns[0]) for m in first]
    values += [(m.strftime(patterns[1]), patterns[1]) for m in others]
    path = tmp_path_factory.mktemp("mixed") / "log.csv"
    path.write_text("case,activity,time\n" + "".join(f"1,{n:03},{v}\n" for n, (v, _) in enumerate(values)))
    with Workspace() as ws:
        if any(m.day > 12 for m in others) or all(m.day == m.month for m in others):
            report = ws.ingest(path, **ROLES)
            found = queries.timeline(ws, ["1"]).sort("activity")["time"].to_list()
            assert found == [datetime.strptime(v, p).replace(tzinfo=UTC) for v, p in values]
            assert [str(w) for w in report.warnings if w.values.get("column") == "time"] == [
                "'time' holds times that are written in different ways; each was read as it is written"
            ]
        else:
            with pytest.raises(MappingError, match="day first or month first, and no row tells which"):
                ws.ingest(path, **ROLES)


@pytest.mark.parametrize("common", [YEAR_FIRST[0], DAY_OR_MONTH_FIRST[1]])
def test_one_row_of_another_format_among_many_is_read(write: Callable[..., Path], common: str) -> None:
    moment = datetime(2025, 3, 28, 4, 50, 34)
    rare = YEAR_FIRST[0] if common in DAY_OR_MONTH_FIRST else DAY_OR_MONTH_FIRST[0]
    times = [moment.strftime(common)] * 20_000 + [moment.strftime(rare)]
    with Workspace() as ws:
        report = ws.ingest(write("case,activity,time\n" + "".join(f"1,x,{t}\n" for t in times)), **ROLES)
        assert (report.rows_kept, queries.summary(ws).start, queries.summary(ws).end) == (
            len(times),
            moment.replace(tzinfo=UTC),
            moment.replace(tzinfo=UTC),
        )


def test_a_given_order_leaves_what_is_year_first_readable(write: Callable[..., Path]) -> None:
    times = ["01/02/2020 10:00", "2020-02-03 10:00:30", "03/04/2020 10:00"]
    with pytest.raises(MappingError, match="such as '01/02/2020 10:00', can be read day first or month first"):
        read(write, times)
    day_first = ["2020-02-01T10:00:00Z", "2020-02-03T10:00:30Z", "2020-04-03T10:00:00Z"]
    assert read(write, times, time_format="%d/%m/%Y %H:%M") == day_first
    month_first = ["2020-01-02T10:00:00Z", "2020-02-03T10:00:30Z", "2020-03-04T10:00:00Z"]
    assert read(write, times, time_format="%m/%d/%Y %H:%M") == month_first


def test_what_follows_no_certain_format_stays_unreadable(write: Callable[..., Path]) -> None:
    """A bare number beside dates is not told from one that means something else."""
    times = ["2025-03-28 04:50", "28/03/2025 04:50", "20250328", "28/28/2025", "soon"]
    rows = "".join(f"1,{n},{time}\n" for n, time in enumerate(times))
    with Workspace() as ws:
        report = ws.ingest(write(f"case,activity,time\n{rows}"), **ROLES)
        assert (report.rows_kept, report.reasons) == (2, {"unreadable time": 3})


def test_what_the_signs_rule_out_cannot_be_read() -> None:
    """The oracle is Python's reader, asked for every pattern and values written in a tenth of them."""
    known = [p for order, dates in ORDERS.items() for date in dates for p in _with_clocks(date, order)] + list(MACHINE)
    moment = datetime(2026, 3, 1, 14, 5, 9, 120_000, timezone(timedelta(hours=7)))
    written = [text for p in known[::10] for text in (moment.strftime(p), moment.strftime(p).lower() + "Z")]
    ruled_out = [(text, p) for p in known for text in written[::4] if not _has_its_marks(text, p)]
    assert all(_has_its_marks(moment.strftime(p), p) for p in known)
    for text, pattern in ruled_out[::3]:
        with pytest.raises(ValueError, match=r"does not match|unconverted"):
            datetime.strptime(text, pattern)
