"""A skip in a choice is told of the whole choice: any other of its ways would have done as well."""

from __future__ import annotations

from hypothesis import given, settings

from mining.choices import Skip, skips, twins
from mining.journey_map import JourneyMap
from tests.mining.oracle import regex, words
from tests.mining.test_alignment import LETTERS, plan_of, steps

PLAN = JourneyMap.parse(
    """
    id: shop
    goal: z
    stages:
      - id: one
        steps:
          - {id: a, events: [A]}
          - choice:
              - {id: b, events: [B]}
              - choice: [{id: c, events: [C]}, {id: d, events: [D]}]
              - sequence: [{id: e, events: [E]}, {id: f, events: [F], optional: true}]
          - choice:
              - sequence: [{id: g, events: [G]}, {choice: [{id: h, events: [H]}, {id: i, events: [I]}]}]
              - any_order: [{id: j, events: [J]}, {id: k, events: [K]}]
          - {id: z, events: [Z]}
    """
)
NAMES = {t.id: t.id.upper() for t in PLAN.touchpoints()}


def test_a_skip_names_the_choice_and_a_part_of_a_way_what_is_planned_instead() -> None:
    first, second = "B / C / D / … (+1)", "G → H / I"
    assert skips(PLAN, NAMES) == {
        **dict.fromkeys("bcde", Skip(first)),
        "f": Skip("F", "B / C / D"),
        "g": Skip("G", "J + K"),
        **dict.fromkeys("hi", Skip("H / I")),
        **{letter: Skip(letter.upper(), second) for letter in "jk"},
    }


def test_what_is_passed_in_one_skip() -> None:
    found = {"b": "cde", "c": "bde", "d": "bce", "e": "bcd", "h": "i", "i": "h"}
    assert twins(PLAN) == {touchpoint: tuple(others) for touchpoint, others in found.items()}


@settings(max_examples=40, deadline=None)
@given(steps(LETTERS))
def test_any_of_them_would_do(drawn: tuple) -> None:
    """Brute force over all words: in the shortest through a touchpoint each of its twins can stand for it."""
    plan = plan_of(drawn)
    language = words(regex(plan), LETTERS, len(LETTERS))
    for touchpoint, others in twins(plan).items():
        shortest = min((word for word in language if touchpoint in word), key=len)
        assert all(shortest.replace(touchpoint, other, 1) in language for other in others)
