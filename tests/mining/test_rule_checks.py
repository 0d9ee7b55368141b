"""Rules on paths against a judge that reads one journey at a time, and against Declare."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mining.alignment import OFF_MAP, Paths
from mining.rule_checks import answers, on_paths
from mining.rule_places import broken_at
from mining.rules import Rule

NUMBER_OF = {"a": 0, "b": 1, "c": 2, "d": 3}


def flat(paths: list[str]) -> Paths:
    """Take one letter per event; what is no touchpoint is off the map."""
    symbols = [NUMBER_OF.get(letter, OFF_MAP) for path in paths for letter in path]
    return Paths(np.array(symbols, np.int32), np.cumsum([0, *map(len, paths)]))


def judged(rule: Rule, path: str) -> tuple[int, int]:
    """Say how often a rule asks something of one path, and how often that is broken, event by event."""
    on_map = [letter for letter in path if letter in NUMBER_OF]
    asks = [n for n, letter in enumerate(on_map) if letter in rule.of]
    if rule.kind == "before":
        return len(asks), sum(not any(letter in rule.must for letter in on_map[:n]) for n in asks)
    if rule.kind == "after":
        return len(asks), sum(not any(letter in rule.must for letter in on_map[n + 1 :]) for n in asks)
    if rule.kind == "never_together":
        return bool(asks), len({on_map[n] for n in asks}) > 1
    if rule.kind == "at_most":
        return bool(asks), max(0, len(asks) - (rule.most or 0))
    end = {"starts_with": on_map[:1], "ends_with": on_map[-1:]}[rule.kind]
    return bool(end), bool(end) and end[0] not in rule.of


paths_ = st.lists(st.text("abcdx", max_size=9), min_size=1, max_size=12)


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    kind = draw(st.sampled_from(["before", "after", "never_together", "at_most", "starts_with", "ends_with"]))
    sides = draw(st.permutations("abcd"))
    cut = draw(st.integers(1, 3))
    return Rule("r", kind, tuple(sides[:cut]), tuple(sides[cut:]), most=draw(st.integers(0, 3)))


@settings(max_examples=400)
@given(rules(), paths_)
def test_every_kind_judges_as_one_reading_event_by_event(rule: Rule, paths: list[str]) -> None:
    found = on_paths(rule, flat(paths), NUMBER_OF)
    assert list(zip(found.asked.tolist(), found.broken.tolist(), strict=True)) == [judged(rule, p) for p in paths]


def breaks(rule: Rule, path: str) -> list[int]:
    """Give the places of one path where a rule is broken, event by event."""
    on_map = [n for n, letter in enumerate(path) if letter in NUMBER_OF]
    asks = [n for n in on_map if path[n] in rule.of]
    if rule.kind == "before":
        return [n for n in asks if not set(path[:n]) & set(rule.must)]
    if rule.kind == "after":
        return [n for n in asks if not set(path[n + 1 :]) & set(rule.must)]
    if rule.kind == "never_together":
        return [n for n in asks if path[n] not in path[:n] and set(path[:n]) & set(rule.of)]
    if rule.kind == "at_most":
        return asks[rule.most or 0 :]
    end = on_map[:1] if rule.kind == "starts_with" else on_map[-1:]
    return [n for n in end if path[n] not in rule.of]


@settings(max_examples=400)
@given(rules(), paths_)
def test_a_rule_is_broken_at_its_events(rule: Rule, paths: list[str]) -> None:
    found = broken_at(rule, flat(paths), NUMBER_OF)
    assert found.rows() == [(number, n) for number, path in enumerate(paths) for n in breaks(rule, path)]


@settings(max_examples=200)
@given(st.permutations("abcd"), st.integers(1, 3), paths_)
def test_the_first_answer_is_the_next_event_that_may_be_one(sides: list[str], cut: int, paths: list[str]) -> None:
    of, must = sides[:cut], sides[cut:]
    expected = [
        (number, n, next((m for m in range(n + 1, len(path)) if path[m] in must), None))
        for number, path in enumerate(paths)
        for n, letter in enumerate(path)
        if letter in of
    ]
    rule = Rule("r", "after", tuple(of), tuple(must), within_s=60.0)
    assert answers(rule, flat(paths), NUMBER_OF).rows() == expected


TEMPLATES = {  # of Declare; the rule that says the same
    ("precedence", ("a", "b")): Rule("r", "before", ("b",), ("a",)),
    ("response", ("a", "b")): Rule("r", "after", ("a",), ("b",)),
    ("noncoexistence", ("a", "b")): Rule("r", "never_together", ("a", "b")),
    ("absence", "c"): Rule("r", "at_most", ("c",), most=0),
    ("init", "a"): Rule("r", "starts_with", ("a",)),
}


@pytest.mark.parametrize(
    ("template", "rule"), TEMPLATES.items(), ids=lambda value: value[0] if type(value) is tuple else ""
)
def test_declare_finds_the_same_journeys(template: tuple[str, Any], rule: Rule) -> None:
    """The checker of pm4py, on random journeys."""
    import pm4py

    random = np.random.default_rng(7)
    paths = ["".join(random.choice(list("abcd"), random.integers(1, 8))) for _ in range(300)]
    log = pd.DataFrame(
        [
            (f"{n:04}", letter, pd.Timestamp(2026, 1, 1) + pd.Timedelta(m, "h"))
            for n, p in enumerate(paths)
            for m, letter in enumerate(p)
        ],
        columns=["case:concept:name", "concept:name", "time:timestamp"],
    )
    log["time:timestamp"] = log["time:timestamp"].dt.tz_localize("UTC")
    name, subject = template
    verdicts = pm4py.conformance_declare(log, {name: {subject: {"support": 1.0, "confidence": 1.0}}})
    broken = on_paths(rule, flat(paths), NUMBER_OF).broken
    assert [not verdict["is_fit"] for verdict in verdicts] == (broken > 0).tolist()
    assert 0 < (broken > 0).sum() < len(paths)
