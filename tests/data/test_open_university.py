"""The sample log: its checksum, its counts, and that the script makes it again from the source, byte for byte."""

from __future__ import annotations

import hashlib
import importlib.util
import re
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import polars as pl
import pytest

FOLDER = Path(__file__).resolve().parents[2] / "data" / "open_university"
ORIGIN = (FOLDER / "ORIGIN.md").read_text(encoding="utf-8")


def _load_script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("open_university_derive", FOLDER / "derive.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def log() -> pl.DataFrame:
    return pl.read_parquet(FOLDER / "open_university.parquet")


@pytest.fixture(scope="module")
def derived(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, int]]:
    target = tmp_path_factory.mktemp("oulad") / "log.parquet"
    return target, _load_script().derive(shared_data / "oulad", target)


def test_checksum_and_size_are_those_of_origin() -> None:
    content = (FOLDER / "open_university.parquet").read_bytes()
    assert f"`{hashlib.sha256(content).hexdigest()}`" in ORIGIN
    assert f"{len(content):,} bytes" in ORIGIN


def test_deriving_again_gives_the_same_log(derived: tuple[Path, dict[str, int]], log: pl.DataFrame) -> None:
    assert pl.read_parquet(derived[0]).equals(log)
    if f"polars {pl.__version__})" in ORIGIN:
        assert derived[0].read_bytes() == (FOLDER / "open_university.parquet").read_bytes()


def test_every_count_is_told_in_origin(derived: tuple[Path, dict[str, int]]) -> None:
    told = {int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", ORIGIN)}
    assert {name: n for name, n in derived[1].items() if n not in told} == {}


def test_every_registration_appears_with_fixed_attributes(log: pl.DataFrame) -> None:
    attributes = log.columns[3:-2]
    assert log["registration"].n_unique() == 32_593
    assert log.select("registration", *attributes).unique().height == 32_593
    assert (log.height, log["activity"].n_unique()) == (266_312, 20)


def test_the_index_tells_size_and_period(log: pl.DataFrame) -> None:
    readme = (FOLDER.parent / "README.md").read_text(encoding="utf-8")
    period = log.select(low=pl.col("time").min().dt.date(), high=pl.col("time").max().dt.date()).row(0)
    assert f"{log.height:,} events of {log['registration'].n_unique():,} course registrations" in readme
    assert f"{period[0]} to {period[1]}" in readme
    assert [name for name in log.columns if f"`{name}`" not in readme] == []


def test_no_time_is_missing_and_all_are_midnight_utc(log: pl.DataFrame) -> None:
    assert log.schema["time"] == pl.Datetime("us", "UTC")
    assert log["time"].null_count() == 0
    assert (log["time"].dt.truncate("1d") == log["time"]).all()


def test_rows_stand_in_time_order_within_a_registration(log: pl.DataFrame) -> None:
    assert log["registration"].rle_id().n_unique() == 32_593
    waits = log.select(wait=pl.col("time").diff().over("registration"))["wait"]
    assert waits.min() == pl.Series([0]).cast(pl.Duration("us"))[0]


def test_one_journey_worked_by_hand(log: pl.DataFrame) -> None:
    """Student 100282 in BBB 2013J: registered day -54, TMA 1 on day 19 (due 19) with 78, withdrew day 207."""
    rows = (
        log.filter(pl.col("registration") == "BBB-2013J-100282").select("activity", "time", "score", "days_late").rows()
    )
    assert rows == [
        ("Register", datetime(2013, 8, 8, tzinfo=UTC), None, None),
        ("Module starts", datetime(2013, 10, 1, tzinfo=UTC), None, None),
        ("TMA 1", datetime(2013, 10, 20, tzinfo=UTC), 78, 0),
        ("Withdraw", datetime(2014, 4, 26, tzinfo=UTC), None, None),
    ]


def test_a_result_ends_its_journey_and_excludes_none_but_withdrawn(log: pl.DataFrame) -> None:
    last = log.group_by("registration", maintain_order=True).last()
    results = log.filter(pl.col("activity").str.starts_with("Result")).height
    assert results == 12_361 + 3_024 + 7_052
    assert last.filter(pl.col("activity").str.starts_with("Result")).height == results


def test_days_late_is_against_the_published_due_day(log: pl.DataFrame) -> None:
    """BBB 2013J, TMA 1 is due on day 19: 10.152 % of 1,645 submissions are dated later (167)."""
    chosen = (pl.col("module") == "BBB") & (pl.col("presentation") == "2013J") & (pl.col("activity") == "TMA 1")
    late = log.filter(chosen)["days_late"]
    assert (len(late), int((late > 0).sum())) == (1_645, 167)
