from __future__ import annotations

from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mining.frames import CODE, VARIANTS, check
from mining.paths import HappyPath, count, happy_path, loops, regroup, shown_share, without_rare

Log = dict[tuple[int, ...], int]
LOGS = st.dictionaries(st.lists(st.integers(0, 3), min_size=1, max_size=9).map(tuple), st.integers(1, 9), max_size=8)
NAMES = pl.DataFrame({"activity": range(4), "name": list("abcd")}, schema={"activity": CODE, "name": pl.String})


def variants_of(log: Log) -> pl.DataFrame:
    rows = [(number, list(path), n) for number, (path, n) in enumerate(sorted(log.items()))]
    return pl.DataFrame(rows, VARIANTS.columns, orient="row")


def runs_of(path: tuple[int, ...]) -> list[tuple[int, int]]:
    """The alternating runs of a path, one after the other, found by walking along it."""
    found, start = [], 0
    while start + 2 < len(path):
        end = start + 1
        while end + 1 < len(path) and path[end + 1] == path[end - 1] != path[end]:
            end += 1
        if end - start >= 2:
            found.append((min(path[start : start + 2]), max(path[start : start + 2])))
        start = max(end - 1, start + 1) if end - start >= 2 else start + 1
    return found


@given(log=LOGS)
def test_loops_equal_a_walk_along_every_path(log: Log):
    expected: dict[tuple[str, int, int | None], list[int]] = {}
    for path, n in log.items():
        found = [("repeat", a, None) for a, b in pairwise(path) if a == b]
        found += [("ping_pong", *pair) for pair in runs_of(path)]
        for key in found:
            expected.setdefault(key, [0, 0])[0] += n
        for key in set(found):
            expected[key][1] += n
    rows = loops(variants_of(log)).rows()
    assert {row[:3]: list(row[3:]) for row in rows} == expected
    assert [row[4] for row in rows] == sorted((row[4] for row in rows), reverse=True)


def test_loops_of_a_path_written_down_by_hand():
    """0 1 0 1 0 is one run, not three; 1 1 is a repeat and ends a run."""
    assert loops(variants_of({(0, 1, 0, 1, 0, 2): 3, (0, 1, 1, 0): 2, (2, 1, 2, 0, 2): 1})).rows() == [
        ("ping_pong", 0, 1, 3, 3),
        ("repeat", 1, None, 2, 2),
        ("ping_pong", 0, 2, 1, 1),
        ("ping_pong", 1, 2, 1, 1),
    ]


def test_happy_path_is_the_most_common_one_and_the_first_of_several():
    assert happy_path(variants_of({(0, 1): 2, (0, 2): 3, (0, 3): 3})) == HappyPath((0, 2), 3, 3 / 8)
    assert happy_path(variants_of({})) is None


@given(log=LOGS, edges=st.sets(st.tuples(st.integers(0, 3), st.integers(0, 3))), data=st.data())
def test_shown_share_equals_following_every_path(log: Log, edges: set[tuple[int, int]], data: st.DataObject):
    starts, ends = (data.draw(st.sets(st.integers(0, 3))) for _ in range(2))
    shown = sum(
        n for path, n in log.items() if path[0] in starts and path[-1] in ends and edges.issuperset(pairwise(path))
    )
    share = shown_share(variants_of(log), edges, starts, ends)
    assert share == (pytest.approx(shown / sum(log.values())) if log else None)


@given(log=LOGS)
def test_counts_equal_counting_in_plain_python(log: Log):
    frames = count(variants_of(log), NAMES)
    for activity, name, n_events, n_journeys in frames.activities.rows():
        assert name == "abcd"[activity]
        assert n_events == sum(path.count(activity) * n for path, n in log.items())
        assert n_journeys == sum(n for path, n in log.items() if activity in path)
    for source, target, n, n_journeys, *waits in frames.edges.rows():
        assert n == sum(list(pairwise(path)).count((source, target)) * k for path, k in log.items())
        assert n_journeys == sum(k for path, k in log.items() if (source, target) in pairwise(path))
        assert set(waits) == {None}
    assert frames.edges["n"].sum() == sum((len(path) - 1) * n for path, n in log.items())
    assert frames.endpoints.rows() == [
        (a, sum(n for p, n in log.items() if p[0] == a), sum(n for p, n in log.items() if p[-1] == a))
        for a in sorted({a for path in log for a in path})
    ]


def test_regroup_merges_paths_and_keeps_events_and_journeys():
    groups = pl.DataFrame({"activity": [0, 1, 2, 3], "group": [5, 5, 2, 9], "name": ["x", "x", "y", "z"]})
    frames = regroup(variants_of({(0, 2): 1, (1, 2): 2, (0, 1, 2): 4, (2,): 8}), groups)
    check(frames.variants, VARIANTS)
    assert frames.variants.rows() == [(0, [2], 8), (1, [5, 2], 3), (2, [5, 5, 2], 4)]
    assert frames.activities.rows() == [(2, "y", 15, 15), (5, "x", 11, 7)]
    assert [row[:4] for row in frames.edges.rows()] == [(5, 2, 7, 7), (5, 5, 4, 4)]
    assert frames.endpoints.rows() == [(2, 8, 15), (5, 7, 0)]


@given(log=LOGS, most=st.integers(1, 4), always=st.sets(st.integers(0, 3), max_size=1))
def test_without_rare_activities_the_journeys_are_those_cut_by_hand(log: Log, most: int, always: set[int]):
    had = {code: sum(n for path, n in log.items() if code in path) for code in range(4)}
    ranked = sorted((code for code in had if had[code]), key=lambda code: (-had[code], code))
    stays = always.union(ranked[:most])
    cut: Log = {}
    for path, n in log.items():
        short = tuple(code for code in path if code in stays)
        cut[short] = cut.get(short, 0) + n
    cut.pop((), None)
    assert without_rare(variants_of(log), most, always).equals(variants_of(cut))
