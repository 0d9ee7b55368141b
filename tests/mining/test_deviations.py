"""What moves mean, counted by compiled loops, against the same told in plain Python from the moves with their names."""

from __future__ import annotations

from collections import Counter

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mining import checks, deviations
from mining.alignment import Alignments, Paths, align
from mining.automaton import compile_map
from mining.deviations import Walked, path_deviations
from mining.journey_map import JourneyMap
from mining.move_marks import marks
from mining.moves import Moves
from mining.places import Places, places

PLAN = JourneyMap.parse(
    """
    id: shop
    goal: d
    personas: [{id: old, where: "age > 60"}]
    stages:
      - {id: one, steps: [{id: a, events: [A]}, {id: b, events: [B], optional: true, personas: [old]}]}
      - id: two
        may_skip: true
        steps:
          - {id: c, events: [C], within: {time: 1h, after: a}}
          - choice: [{id: e, events: [E]}, {id: f, events: [F], repeatable: true}]
      - {id: three, may_return_to: [two], steps: [{id: d, events: [D], within: 1h}]}
    anywhere: [{id: g, events: [G]}]
    """
)
NAMES = "ABCEFDGXY"  # those behind G are off the map
BOARD = places(PLAN)
LOGS = st.lists(st.text(NAMES, max_size=9), min_size=1, max_size=7, unique=True).map(sorted)


def walked(texts: list[str], exempt: frozenset[str] = frozenset()) -> Walked:
    """Align paths of letters, each through the goal where it has it."""
    automaton = compile_map(PLAN, exempt)
    symbols = [NAMES.index(letter) if letter not in "XY" else -1 for text in texts for letter in text]
    paths = Paths(np.array(symbols, np.int32), np.cumsum([0, *map(len, texts)], dtype=np.int64))
    ends = [np.ones(automaton.n_states, dtype=bool), automaton.past_goal]
    found = align(paths, automaton, ends, np.array(["D" in text for text in texts], dtype=np.int64))
    return Walked(found, np.array([NAMES.index(letter) for text in texts for letter in text], np.uint16), exempt)


def moves_of(parts: list[Walked]) -> Moves:
    n = sum(len(part.aligned.cost) for part in parts)
    every = pl.DataFrame({"path": np.arange(n, dtype=np.uint32), "variant_id": np.arange(n), "n_journeys": np.ones(n)})
    return Moves(parts, every, list(NAMES), BOARD)


Place = tuple[str, str | None, str | None, str | None]


def told(
    moves: pl.DataFrame, board: Places, exempt: frozenset[str]
) -> tuple[Counter[Place], tuple[int, int, str | None], set[Place]]:
    """Tell the deviations of one path, how far it got, and what it shows before the goal, from its marked moves."""
    found: Counter[Place] = Counter()
    spot = {row["touchpoint"]: row for row in board.frame.iter_rows(named=True)}
    stood, place, stage, last = board.stages[0], 0, 0, None
    happened, missed = set(), set()
    on_the_way, missed_early = True, set()
    early: set[Place] = set()
    for kind, touchpoint, own, activity, mark in moves.select(
        "kind", "touchpoint", "stage_id", "activity", "mark"
    ).iter_rows():
        if kind != "log" and own is not None:
            stood, place, stage = own, max(place, spot[touchpoint]["place"]), max(stage, spot[touchpoint]["stage"])
            last = touchpoint if kind == "sync" else last
        if kind != "model" and touchpoint is not None and spot[touchpoint]["required"] and touchpoint not in exempt:
            happened.add(own)
        if kind == "model" and mark == "missing" and spot[touchpoint]["required"]:
            missed.add(own)
            missed_early |= {own} if on_the_way and touchpoint != "d" else set()
        on_the_way = on_the_way and (kind == "model" or touchpoint != "d")
        pair = mark == "irregular_sequence" and kind == "model"
        if on_the_way and touchpoint != "d" and mark != "planned" and not pair:
            early.add(("ad_hoc", None, activity, stood) if mark == "ad_hoc" else (mark, touchpoint, None, own))
        if on_the_way and kind == "sync" and touchpoint in exempt:
            early.add(("wrong_persona", touchpoint, None, own))
        if mark == "ad_hoc":
            found["ad_hoc", None, activity, stood] += 1
        elif mark != "planned" and not pair:
            found[mark, touchpoint, None, own] += 1
        if kind == "sync" and touchpoint in exempt:
            found["wrong_persona", touchpoint, None, own] += 1
    for skipped in missed - happened:
        found["stage_skipped", None, None, skipped] += 1
        early |= {("stage_skipped", None, None, skipped)} if skipped in missed_early else set()
    return found, (place, stage, last), early


@settings(max_examples=150, deadline=None)
@given(LOGS, LOGS)
def test_deviations_are_what_the_marks_of_the_moves_say(some: list[str], others: list[str]) -> None:
    of_others = frozenset("be")
    parts = [walked(some), walked(others, of_others)]
    moves = moves_of(parts)
    found = path_deviations(parts, BOARD, list(NAMES))
    rows: dict[int, Counter[Place]] = {path: Counter() for path in range(len(some) + len(others))}
    for path, kind, touchpoint, activity, stage, n in found.frame().iter_rows():
        rows[path][kind, touchpoint, activity, stage] += n
    ids = BOARD.frame["touchpoint"].to_list()
    for path in rows:
        expected, reached, early = told(marks(moves.of(path)), BOARD, of_others if path >= len(some) else frozenset())
        assert rows[path] == expected
        assert {names for names, having, _, soon in found.each() if path in having[soon]} == early
        last = None if found.last[path] < 0 else ids[found.last[path]]
        assert (found.place[path], found.stage[path], last) == reached


def test_what_is_meant_for_others_does_not_make_up_for_a_stage() -> None:
    parts = [walked(["AED"]), walked(["AED"], frozenset("e"))]
    kinds = path_deviations(parts, BOARD, list(NAMES)).frame().select("path", "kind").rows()
    assert sorted(kinds) == [(0, "missing"), (1, "missing"), (1, "stage_skipped"), (1, "wrong_persona")]


@given(LOGS, LOGS)
def test_the_moves_of_one_path_are_those_of_all(some: list[str], others: list[str]) -> None:
    moves = moves_of([walked(some), walked(others, frozenset("b"))])
    whole = moves.frame()
    for path in range(len(some) + len(others)):
        assert moves.of(path).equals(whole.filter(pl.col("path") == path))
    with pytest.raises(IndexError):
        moves.of(len(some) + len(others))


@given(LOGS)
def test_moves_tell_the_path_again(texts: list[str]) -> None:
    whole = moves_of([walked(texts)]).frame()
    for path, text in enumerate(texts):
        events = whole.filter(pl.col("path") == path, pl.col("kind") != "model")
        assert "".join(events["activity"]) == text
        assert events["position"].to_list() == list(range(len(text)))


@pytest.mark.parametrize("chunk", [1, 3, 50])
def test_deviations_do_not_depend_on_how_the_work_is_cut(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    part = walked(sorted({"ABCD", "ABXCD", "BAD", "XXADD", "GGA", "", "FED", "ACFFD", "D", "AYXD"}))
    whole = path_deviations([part], BOARD, list(NAMES))

    def cut(offsets: np.ndarray, work: object, **_: int) -> object:
        from mining.chunks import in_chunks

        return in_chunks(offsets, work, threads=2, chunk=chunk)  # type: ignore[arg-type]

    monkeypatch.setattr(deviations, "in_chunks", cut)
    other = path_deviations([part], BOARD, list(NAMES))
    assert other.frame().equals(whole.frame())
    assert np.array_equal(other.place, whole.place)


@given(LOGS)
def test_the_synchronous_moves_that_have_deadlines(texts: list[str]) -> None:
    part = walked(texts)
    found: list[Alignments] = [part.aligned]
    sync = moves_of([part]).frame().filter(pl.col("kind") == "sync", pl.col("stage_id").is_not_null())
    assert checks.synchronous(found, PLAN).rows() == sync.select("path", "position", "label", "touchpoint").rows()


@given(LOGS)
def test_a_deadline_counts_from_the_move_before(texts: list[str]) -> None:
    """Move by move: from the last one of what it counts from, or of any stage; the first event where there is none."""
    sync = checks.synchronous([walked(texts).aligned], PLAN)
    stages, expected = PLAN.stage_of(), []
    for touchpoint in PLAN.touchpoints():
        if touchpoint.within is None:
            continue
        after = touchpoint.within.after
        for path, position, _label, name in sync.rows():
            before = [
                at for other, at, _, of in sync.rows()
                if other == path and at < position and (stages[of] is not None if after is None else of == after)
            ]  # fmt: skip
            if name == touchpoint.id and (before or after is None):
                expected.append((path, name, position, max(before, default=0), touchpoint.within.time_s))
    assert checks.deadlines(sync, PLAN).rows() == expected


def test_nothing_is_looked_at_that_nobody_asks_for() -> None:
    plain = JourneyMap.parse("{id: m, goal: a, stages: [{id: s, steps: [{id: a, events: [A]}]}]}")
    assert checks.looked_at(plain) == [False]
    assert checks.looked_at(PLAN) == [True] * 6 + [False]  # c counts from a, but d from whatever came before
    assert checks.synchronous([walked(["A"]).aligned], plain).is_empty()
