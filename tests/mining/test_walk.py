"""The walk over sorted events and the numbering of paths, against plain Python."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from mining import walk as walking
from mining.quantiles import quantiles
from mining.variants import variants
from mining.walk import UNKNOWN, Part, Walk, parts_of, walk, with_gaps

LOGS = st.lists(
    st.lists(st.tuples(st.sampled_from([0, 1, 2, 7, 300, 70_000]), st.integers(0, 5)), min_size=1, max_size=7),
    max_size=12,
)
Log = list[list[tuple[int, int]]]


def arrays(log: Log) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give journey, activity and time of every event; the second number is the wait before it, in seconds."""
    journey = [j for j, events in enumerate(log) for _ in events]
    activity = [a for events in log for a, _ in events]
    times = [t for events in log for t in np.cumsum([w for _, w in events]) * 1_000_000]
    return np.array(journey, np.uint32), np.array(activity, np.uint32), np.array(times, np.int64)


def whole(journey: np.ndarray, activity: np.ndarray, time_us: np.ndarray | None) -> Walk:
    """Walk over all events."""
    lengths = np.unique(journey, return_counts=True)[1]
    width = int(activity.max(initial=0)) + 1
    return walk(parts_of(lengths, activity, time_us), width, timed=time_us is not None, silence=True)


def bounds_of_median(waits: list[int]) -> tuple[float | None, float | None]:
    """Give the 95% interval of the median as scipy does."""
    low, high = stats.quantile_test(waits, q=0, p=0.5).confidence_interval()
    return (None, None) if np.isnan(low) else (low, high)


@pytest.mark.parametrize("dense", [1 << 40, 0], ids=["every pair has a place", "only pairs that happen"])
@given(log=LOGS)
def test_a_walk_counts_what_a_plain_loop_counts(log: Log, dense: int) -> None:
    log = [[(a % 301, w) for a, w in events] for events in log] if dense else log
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(walking, "DENSE", dense)
        found = whole(*arrays(log))
    events = Counter(a for journey in log for a, _ in journey)
    assert dict(found.activities.select("activity", "n_events").iter_rows()) == events
    for column, counted in {
        "n_journeys": Counter(a for journey in log for a in {a for a, _ in journey}),
        "n_start": Counter(journey[0][0] for journey in log),
        "n_end": Counter(journey[-1][0] for journey in log),
    }.items():
        assert dict(found.activities.select("activity", column).iter_rows()) == {a: counted[a] for a in events}
    waits: dict[tuple[int, int], list[int]] = {}
    for journey in log:
        for (a, _), (b, wait) in pairwise(journey):
            waits.setdefault((a, b), []).append(wait)
    journeys = Counter(p for j in log for p in {(a, b) for (a, _), (b, _) in pairwise(j)})
    expected = [
        (
            *p,
            len(w),
            journeys[p],
            *(pytest.approx(float(np.quantile(w, q))) for q in (0.5, 0.95)),
            pytest.approx(sum(w)),
            *bounds_of_median(w),
            len(w),
        )
        for p, w in sorted(waits.items())
    ]
    assert found.edges.rows() == expected
    silences = [wait for w in waits.values() for wait in w]
    assert found.silence_p95_s == (pytest.approx(float(np.quantile(silences, 0.95))) if silences else None)


def test_a_log_without_times_has_pairs_without_waits() -> None:
    found = whole(np.array([0, 0], np.uint32), np.array([1, 0], np.uint32), None)
    assert found.edges.rows() == [(1, 0, 1, 1, None, None, None, None, None, 0)]


@pytest.mark.parametrize("dense", [1 << 22, 0])
def test_a_wait_to_or_from_an_unknown_time_is_left_out(dense: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walking, "DENSE", dense)
    times = with_gaps(pl.Series([None, 0, 2_000_000, None, 5_000_000, 9_000_000]))
    found = whole(np.zeros(6, np.uint32), np.array([1, 0, 1, 0, 1, 0], np.uint32), times)
    assert found.edges.rows() == [
        (0, 1, 2, 1, 2.0, 2.0, 2.0, None, None, 1),
        (1, 0, 3, 1, 4.0, 4.0, 4.0, None, None, 1),
    ]
    assert found.silence_p95_s == pytest.approx(3.9)
    assert whole(np.zeros(2, np.uint32), np.array([0, 1], np.uint32), np.array([UNKNOWN, 3])).edges.rows() == [
        (0, 1, 1, 1, None, None, None, None, None, 0)
    ]


@pytest.mark.parametrize("dense", [1 << 40, 0])
@given(log=LOGS, kept=st.lists(st.booleans(), min_size=12, max_size=12), borders=st.sets(st.integers(1, 11)))
def test_a_walk_part_by_part_counts_the_kept_journeys_alone(
    dense: int, log: Log, kept: list[bool], borders: set[int]
) -> None:
    log = [[(a % 301, w) for a, w in events] for events in log]
    lengths, (_, activity, time_us) = np.array([len(j) for j in log], np.uint32), arrays(log)
    keep, ends = np.array(kept[: len(log)], np.bool_), np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
    parts = [
        Part(lengths[i:j], keep[i:j], lambda _timed, e=slice(ends[i], ends[j]): (activity[e], time_us[e]))
        for i, j in pairwise(sorted({0, len(log)} | {b for b in borders if b < len(log)}))
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(walking, "DENSE", dense)
        found = walk(parts, 301, silence=True)
        alone = whole(*arrays([journey for journey, stays in zip(log, kept, strict=False) if stays]))
        bare = walk(parts, 301, timed=False)
    assert found.activities.equals(alone.activities)
    assert found.edges.equals(alone.edges)
    assert found.silence_p95_s == alone.silence_p95_s
    assert bare.activities.equals(alone.activities)
    assert bare.edges.drop("^(wait_.*|n_waits)$").equals(alone.edges.drop("^(wait_.*|n_waits)$"))


@given(values=st.lists(st.integers(-(10**12), 10**12), min_size=1), share=st.floats(0, 1))
def test_quantiles_are_those_of_numpy(values: list[int], share: float) -> None:
    found = quantiles(np.array(values), (share, 0.5))
    assert found == pytest.approx([float(np.quantile(values, share)), float(np.quantile(values, 0.5))])


@given(log=LOGS)
def test_paths_are_numbered_in_their_order(log: Log) -> None:
    paths = [[a for a, _ in events] for events in log]
    found = variants(arrays(log)[1], np.array([len(p) for p in paths], np.int64))
    counted = Counter(map(tuple, paths))
    assert found.paths.rows() == [(n, list(path), counted[path]) for n, path in enumerate(sorted(counted))]
    assert [found.paths["path"][int(v)].to_list() for v in found.of_journey] == paths
