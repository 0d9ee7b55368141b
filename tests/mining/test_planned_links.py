"""The links of a plan, against the paths that its automaton allows."""

from __future__ import annotations

import pytest

from mining.automaton import compile_map
from mining.journey_map import JourneyMap
from mining.planned_links import allowed, spine


def plan_of(steps: str, more: str = "") -> JourneyMap:
    return JourneyMap.parse(f"{{id: m, goal: z, {more} stages: [{{id: s, steps: [{steps}, {seen('z')}]}}]}}")


def seen(name: str, more: str = "") -> str:
    return f"{{id: {name}, events: [{name.upper()}]{more}}}"


A, B, C = (seen(name) for name in "abc")


@pytest.mark.parametrize(
    ("steps", "drawn", "besides"),
    [
        (f"{A}, {B}", "ab bz", ""),
        (f"{A}, {seen('b', ', optional: true')}", "ab bz", "az"),
        (f"{A}, {{choice: [{B}, {C}]}}", "ab ac bz cz", ""),
        (f"{A}, {{any_order: [{B}, {C}]}}", "ab bc cz", "ac cb bz"),
        (f"{A}, {seen('b', ', repeatable: true')}", "ab bz", "bb"),
    ],
)
def test_what_is_drawn_is_part_of_what_is_allowed(steps: str, drawn: str, besides: str) -> None:
    plan = plan_of(steps)
    links = {f"{source}{target}" for source, target in spine(plan)}
    assert links == set(drawn.split())
    assert {f"{s}{t}" for s, t in allowed(compile_map(plan))} == links | set(besides.split())


def test_what_cannot_be_seen_is_drawn_and_passed_by_in_the_log() -> None:
    plan = plan_of(f"{A}, {{id: b}}")
    assert spine(plan) == [("a", "b"), ("b", "z")]
    assert allowed(compile_map(plan)) == {("a", "z")}
