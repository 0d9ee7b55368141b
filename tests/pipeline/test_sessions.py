"""Customers parted into journeys, and what other gaps would give: against plain loops, and against loads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mining.errors import MappingError
from pipeline import queries
from pipeline.sessions import GAPS_S, GapHint, gap_hint, hint_of, journeys_by_gap, split_query
from pipeline.store import Workspace

START = datetime(2026, 1, 1)
Events = list[tuple[str, str, int]]
EVENTS = st.lists(
    st.tuples(st.sampled_from(["a", "b", "a/1"]), st.sampled_from("SXY"), st.integers(0, 50)), min_size=1, max_size=30
)


def frame(events: Events) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "key": [key for key, _, _ in events],
            "activity": [activity for _, activity, _ in events],
            "time": [START + timedelta(minutes=minute) for _, _, minute in events],
            "event_no": range(len(events)),
            "attr_1": [f"v{i}" for i in range(len(events))],
        }
    )


def expected(events: Events, gap: int | None, start: str | None) -> list[str]:
    """The journey of every event, in input order."""
    keys = [""] * len(events)
    last: dict[str, tuple[int, int]] = {}
    for i in sorted(range(len(events)), key=lambda i: (events[i][2], i)):
        customer, activity, minute = events[i]
        part, before = last.get(customer, (1, minute))
        begins = customer in last and (activity == start or (gap is not None and minute - before > gap))
        last[customer] = (part + begins, minute)
        keys[i] = f"{customer}/{part + begins}"
    return keys


@given(events=EVENTS, gap=st.one_of(st.none(), st.integers(1, 30)), start=st.sampled_from([None, "S", "never"]))
@settings(max_examples=40)
def test_a_customer_is_parted_at_silences_and_at_a_start(events: Events, gap: int | None, start: str | None) -> None:
    with Workspace() as ws, ws.change(keep=False) as db:
        db.register("made", frame(events))
        db.execute("CREATE TEMP TABLE staged AS SELECT * FROM made")
        if gap is None and start is None:
            with pytest.raises(MappingError, match="where a customer's journeys part"):
                split_query("staged")
            return
        query = split_query("staged", gap=gap and gap * 60.0, start_activity=start)
        found = db.frame(f"SELECT * FROM ({query}) ORDER BY event_no")
    assert found["key"].to_list() == expected(events, gap, start)
    assert found.columns == ["key", "activity", "time", "event_no", "attr_1"]
    assert found["attr_1"].to_list() == [f"v{i}" for i in range(len(events))]


def test_what_comes_before_the_first_start_is_a_journey_of_its_own() -> None:
    events = [("a", "X", 0), ("a", "S", 1), ("a", "Y", 2), ("a", "S", 3)]
    assert expected(events, None, "S") == ["a/1", "a/2", "a/2", "a/3"]


def test_a_gap_of_nothing_is_refused() -> None:
    with pytest.raises(MappingError, match="longer than nothing"):
        split_query("staged", gap=0.0)


@given(events=EVENTS, start=st.sampled_from([None, "S", "never"]))
@settings(max_examples=15)
def test_journeys_by_gap_are_those_of_a_split(
    tmp_path_factory: pytest.TempPathFactory, events: Events, start: str | None
) -> None:
    path = tmp_path_factory.mktemp("log") / "log.parquet"
    frame(events).write_parquet(path)
    gaps = [1, 2, 5, 10, 50]
    want = [len(set(expected(events, gap, start))) for gap in gaps]
    with Workspace() as ws:
        ws.ingest(path, journey="key", activity="activity", time="time")
        found = journeys_by_gap(ws, [60.0 * gap for gap in gaps], start_activity=start)
    assert found.rows() == [(60.0 * gap, n) for gap, n in zip(gaps, want, strict=True)]


def test_journeys_by_gap_see_the_customer_behind_sessions(write: Callable[..., Path]) -> None:
    """Eleven visits of one customer, an hour apart, so that the keys are not in the order of time."""
    rows = "".join(f"a,x,2026-01-01 {hour:02d}:{minute}\n" for hour in range(11) for minute in ("00", "10"))
    with Workspace() as ws:
        ws.ingest(write("who,what,at\n" + rows + "b,x,2026-01-01 00:00\n"), customer="who", activity="what", time="at")
        found = journeys_by_gap(ws, [300.0, 1800.0, 3000.0, 3600.0])
        assert found["n_journeys"].to_list() == [23, 12, 2, 2]
        assert journeys_by_gap(ws, [1800.0])["n_journeys"].item() == queries.summary(ws).journeys


def test_journeys_by_gap_keep_the_activity_that_begins_one(write: Callable[..., Path]) -> None:
    events = [("a", "S", 0), ("a", "X", 1), ("a", "S", 2), ("a", "X", 60), ("b", "X", 0), ("b", "S", 1)]
    rows = "".join(f"{who},{what},2026-01-01 {minute // 60:02d}:{minute % 60:02d}\n" for who, what, minute in events)
    with Workspace() as ws:
        log = write("who,what,at\n" + rows)
        ws.ingest(log, customer="who", activity="what", time="at", session_gap=1800, start_activity="S")
        assert journeys_by_gap(ws, [30.0, 1800.0, 7200.0])["n_journeys"].to_list() == [6, 5, 4]
        assert queries.summary(ws).journeys == len(set(expected(events, 30, "S"))) == 5


def test_gaps_go_from_a_minute_to_ninety_days() -> None:
    assert (GAPS_S[0], GAPS_S[-1]) == (60.0, 90 * 86400.0)
    assert list(GAPS_S) == sorted(set(GAPS_S))


def curve(silences: np.ndarray, customers: int = 100) -> pl.DataFrame:
    gaps = [1.25**n for n in range(72)]
    return pl.DataFrame({"gap_s": gaps, "n_journeys": [customers + int((silences > gap).sum()) for gap in gaps]})


def test_the_hint_lies_in_the_valley_between_two_hills() -> None:
    rng = np.random.default_rng(7)
    short, long = rng.lognormal(np.log(40), 1.0, 8000), rng.lognormal(np.log(3 * 86400), 0.9, 2000)
    hint = hint_of(curve(np.concatenate([short, long])))
    assert hint.gap_s is not None
    assert 1200 <= hint.gap_s <= 6 * 3600
    assert str(hint.reason).startswith("80% of the silences are clearly shorter")


def test_one_hill_has_no_valley() -> None:
    hint = hint_of(curve(np.random.default_rng(7).lognormal(np.log(3600), 1.5, 10_000)))
    assert (hint.gap_s, str(hint.reason)[:22]) == (None, "No gap stands out: sho")


def test_hills_that_run_into_each_other_have_a_flat_place() -> None:
    rng = np.random.default_rng(7)
    hills = [rng.lognormal(np.log(median), 1.8, 9000) for median in (300, 90_000)]
    hint = hint_of(curve(np.concatenate(hills)))
    assert hint.gap_s is not None
    assert 1800 <= hint.gap_s <= 6 * 3600
    assert str(hint.reason).startswith("No gap parts short silences from long ones clearly")


def test_a_few_silences_say_nothing(workspace: Workspace, write: Callable[..., Path]) -> None:
    log = write("who,what,at\na,x,2026-01-01 10:00\na,x,2026-01-01 11:00\n")
    workspace.ingest(log, journey="who", activity="what", time="at")
    assert gap_hint(workspace) == GapHint(None, gap_hint(workspace).reason)
    assert "too few silences" in str(gap_hint(workspace).reason)
