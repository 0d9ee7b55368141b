"""Times in all the ways people write them, and the ways that must be refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from mining.errors import MappingError
from pipeline import queries
from pipeline.store import Workspace

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
        (["05/05/2020", "06/06/2020"], ["2020-05-05T00:00:00Z", "2020-06-06T00:00:00Z"]),
    ],
)
def test_times_are_read(write: Callable[..., Path], times: list[str], expected: list[str]) -> None:
    assert read(write, times) == expected


def test_clocks_without_offset_are_local(write: Callable[..., Path]) -> None:
    times = ["2026-01-31 08:05", "2026-01-31T08:05:00Z", "2026-07-31T08:05:00+01:00"]
    expected = ["2026-01-31T01:05:00Z", "2026-01-31T08:05:00Z", "2026-07-31T07:05:00Z"]
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
    with pytest.raises(MappingError, match=r"holds numbers up to 62\.0, too small to be seconds since 1970"):
        read(write, ["-62", "17"])


@pytest.mark.parametrize(
    ("dtype", "values", "expected"),
    [
        (pl.Datetime("ns"), [1_659_304_800_000_000_001], "2022-07-31T22:00:00Z"),
        (pl.Datetime("ms", "Asia/Ho_Chi_Minh"), [1_659_304_800_025], "2022-07-31T22:00:00.025000Z"),
        (pl.Date, [19_000], "2022-01-08T00:00:00Z"),
        (pl.Int64, [1_659_304_800_025], "2022-07-31T22:00:00.025000Z"),
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
