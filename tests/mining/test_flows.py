"""Flows from event to event, against moves that are written down by hand and against the counts of deviations."""

from __future__ import annotations

from collections import Counter

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from mining.alignment import OFF_MAP, Paths, align
from mining.automaton import compile_map
from mining.deviations import Walked, path_deviations
from mining.flow_nodes import END, START, ghost_node, other_node, touchpoint_node
from mining.flows import Flows, flows, left_at
from mining.journey_map import JourneyMap
from mining.moves import Moves
from mining.places import places
from mining.planned_links import allowed

PLAN = JourneyMap.parse(
    """
    id: shop
    goal: d
    stages:
      - {id: one, steps: [{id: a, events: [A]}, {id: b, events: [B]}]}
      - {id: two, may_return_to: [one], steps: [{id: c, events: [C], optional: true}, {id: d, events: [D]}]}
    """
)
NAMES = "ABCDXY"  # the first four are touchpoints 0 to 3, the others are off the map
AUTOMATON = compile_map(PLAN)


def walked(log: dict[str, int]) -> Walked:
    """Align paths of letters."""
    texts = list(log)
    codes = pl.Series([[NAMES.index(letter) for letter in text] for text in texts], dtype=pl.List(pl.UInt32))
    paths = Paths.from_lists(codes, np.array([0, 1, 2, 3, OFF_MAP, OFF_MAP], np.int32))
    everywhere = np.ones(AUTOMATON.n_states, dtype=bool)
    reached = np.array(["D" in text for text in texts]).astype(np.int64)
    activity = np.array([NAMES.index(letter) for text in texts for letter in text], np.uint16)
    return Walked(align(paths, AUTOMATON, [everywhere, AUTOMATON.past_goal], reached), activity)


def moves_of(log: dict[str, int]) -> Moves:
    """Give the moves as a comparison keeps them."""
    n_journeys = pl.DataFrame({"n_journeys": list(log.values())}).with_row_index("path")
    return Moves([walked(log)], n_journeys.with_columns(variant_id="path"), list(NAMES), places(PLAN))


def laid(log: dict[str, int], **more: object) -> Flows:
    return flows(moves_of(log), allowed(AUTOMATON), **more)  # type: ignore[arg-type]


def walk_of(log: dict[str, int]) -> pl.DataFrame:
    return laid(log).walk


def seen(log: dict[str, int]) -> list[tuple[str, str, str]]:
    """The one path of a log as (source, target, status), without the marks of nodes."""
    rows = walk_of(log).select("source", "target", "status").iter_rows()
    return [(s.removeprefix("t:"), t.removeprefix("t:"), status) for s, t, status in rows]


def test_a_journey_as_planned():
    assert seen({"ABD": 1}) == [(START, "a", "ok"), ("a", "b", "ok"), ("b", "d", "ok"), ("d", END, "ok")]


def test_a_step_that_is_passed_by():
    assert seen({"AD": 1}) == [(START, "a", "ok"), ("a", "d", "skip"), ("d", END, "ok")]
    assert laid({"AD": 1}).passed.rows() == [(1, "b", True)]


def test_a_journey_that_passes_by_twice_is_one():
    found = laid({"ADAD": 4, "AD": 2})
    twice = found.past.filter(source=touchpoint_node("a"), target=touchpoint_node("d"), status="skip", touchpoint="b")
    of_paths = {row["path"] for row in found.walk[found.passed["row"]].iter_rows(named=True)}
    assert of_paths == {0, 1}
    assert twice["n_journeys"].to_list() == [6]


def test_the_way_to_a_detour_and_back_is_unplanned():
    assert seen({"AXBD": 1})[1:3] == [("a", "x:one:X", "unplanned"), ("x:one:X", "b", "unplanned")]


def test_a_repetition_leads_back_to_the_plan_without_a_mark_of_its_own():
    assert seen({"AABD": 1})[1:3] == [("a", "a", "repeat"), ("a", "b", "ok")]


def test_out_of_order_passes_the_place_it_should_have_had():
    assert seen({"BAD": 1})[:3] == [(START, "b", "skip"), ("b", "a", "out_of_order"), ("a", "d", "out_of_order")]
    assert laid({"BAD": 1}).passed.rows() == [(0, "a", False)]


def test_rare_activities_of_a_stage_share_a_node():
    found = laid({"AXBYD": 1}, shown={("one", "Y")}).walk
    assert ghost_node("one", "Y") in found["target"].to_list()
    assert other_node("one") in found["target"].to_list()


def test_the_same_link_counts_journeys_once_and_steps_each_time():
    found = laid({"AAABD": 3}).counts
    row = found.filter((pl.col("source") == "t:a") & (pl.col("target") == "t:a")).row(0, named=True)
    assert (row["status"], row["n"], row["n_journeys"]) == ("repeat", 6, 3)


def test_who_left_is_counted_at_the_last_planned_touchpoint():
    found = laid({"AX": 1, "ABX": 2, "X": 1, "ABD": 5})
    ended = (("dropped", 1), ("dropped", 2), ("dropped", 1), ("converted", 5))
    journeys = [(path, outcome) for path, (outcome, n) in enumerate(ended) for _ in range(n)]
    frame = pl.DataFrame(journeys, schema={"path": pl.UInt32, "outcome": pl.String}, orient="row")
    assert dict(left_at(found, frame).iter_rows()) == {START: 1, "t:a": 1, "t:b": 2}


LOGS = st.dictionaries(st.text(NAMES, min_size=1, max_size=7), st.integers(1, 9), min_size=1, max_size=6)


@given(log=LOGS)
def test_flows_sum_up_to_events_journeys_and_deviations(log: dict[str, int]):
    found = laid(log)
    walk = found.walk
    assert found.counts["n"].sum() == sum((len(path) + 1) * n for path, n in log.items())
    arrived: Counter[tuple[str, str]] = Counter()
    for target, mark, n in walk.select("target", "mark", "n_journeys").iter_rows():
        arrived[mark, target] += n
    for row, touchpoint, missed in found.passed.rows():
        arrived["missing", touchpoint_node(touchpoint)] += walk["n_journeys"][row] * missed
    expected: Counter[tuple[str, str]] = Counter()
    journeys = dict(enumerate(log.values()))
    for path, kind, touchpoint, activity, stage, n in (
        path_deviations([walked(log)], places(PLAN), list(NAMES)).frame().iter_rows()
    ):
        if kind != "stage_skipped":
            node = ghost_node(stage, activity) if kind == "ad_hoc" else touchpoint_node(touchpoint)
            expected[kind, node] += n * journeys[path]
    del arrived[None, END]
    assert {key: n for key, n in arrived.items() if key[0] != "planned" and n} == dict(expected)


@given(log=LOGS)
def test_as_many_arrive_at_a_node_as_leave_it(log: dict[str, int]):
    found = laid(log).counts
    into, out = (dict(found.group_by(side).agg(pl.col("n").sum()).iter_rows()) for side in ("target", "source"))
    assert into.pop(END) == out.pop(START) == sum(log.values())
    assert into == out


@given(log=LOGS)
def test_what_is_counted_is_what_the_steps_sum_up_to(log: dict[str, int]):
    found, link = laid(log), ["source", "target", "status"]
    walk = found.walk.cast(dict.fromkeys([*link, "mark"], pl.String))
    steps, journeys = (pl.col("n_journeys").sum().alias(name) for name in ("n", "n_journeys"))
    once = walk.unique(["path", *link]).group_by(link).agg(journeys)
    assert found.counts.sort(link).equals(walk.group_by(link).agg(steps).join(once, on=link).sort(link))

    past = walk[found.passed["row"]].with_columns(touchpoint=found.passed["touchpoint"].cast(pl.String))
    past = past.unique(["path", *link, "touchpoint"]).group_by(*link, "touchpoint").agg(journeys)
    assert found.past.equals(past.sort(*link, "touchpoint"))

    met = walk.unique(["path", "target"]).group_by("target").agg(journeys)
    assert {node: n for node, n in found.reach.items() if n} == dict(met.iter_rows())
    planned = walk.filter(mark="planned").group_by("path").agg(pl.col("target").last())
    last = dict.fromkeys(range(len(log)), START) | dict(planned.iter_rows())
    assert dict(found.last.cast({"node": pl.String}).iter_rows()) == last


@given(log=LOGS, path=st.integers(0, 5))
def test_the_steps_of_a_few_paths_are_those_among_all(log: dict[str, int], path: int):
    found, some = laid(log), {path % len(log), 0}
    assert found.walk_of(pl.Series(sorted(some))).equals(found.walk.filter(pl.col("path").is_in(some)))
