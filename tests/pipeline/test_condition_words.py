"""Every condition that can be written has words, and words that tell it from its opposite."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mining.conditions import without
from mining.journey_map import JourneyMap
from pipeline.condition_words import Known, in_words
from pipeline.language import Language

ENGLISH = Language("en")
PLAN = JourneyMap.parse(
    """{id: m, goal: buy, personas: [{id: new, title: New ones, where: "visits_before = 0 and n_events > 1"}],
    stages: [{id: s, steps: [{id: look, title: Look around, events: [Look]}, {id: buy, events: [Buy]}]}]}"""
)
SAID = {
    "n_events > 3": "number of events: more than 3",
    "n_events < 3": "number of events: less than 3",
    "3 < n_events": "number of events: more than 3",
    "not n_events >= 3": "number of events: less than 3",
    "not n_events between 3 and 5": "number of events: not 3 to 5",
    "amount <> 10": "amount: not 10",
    "duration_s > 86400": "lasts more than 1 day",
    "start >= '2026-01-01'": "begins no earlier than Jan 1, 2026",
    "start <= '2026-01-31'": "begins no later than Jan 31, 2026, 00:00",
    "\"end\" < '2026-01-31 10:30'::timestamp": "ends before Jan 31, 2026, 10:30",
    "start between '2026-01-01' and '2026-02-01'": "begins Jan 1, 2026 to Feb 1, 2026, 00:00",
    "region is null": "region is missing",
    "region is not null": "region is known",
    "paid": "paid: yes",
    "not paid": "paid: no",
    "paid is not true": "paid: not yes",
    "name like 'A%'": "name begins with “A”",
    "name not like '%b%'": "name does not contain “b”",
    "name ilike '%c'": "name ends with “c” (in upper or lower case)",
    "name like 'a_c%'": "name is like “a_c%”",
    "lower(region) = 'wales'": "region in lower case equals “wales”",
    "paid_out > paid_in": "paid_out: more than paid_in",
    "a in (1, b)": "a is one of 1, b",
    "abs(a - b) >= 2 * length(name)": "size of (a − b): at least 2 × length of name",
    "a // 2 = b % 3": "whole part of a ÷ 2 equals rest of b ÷ 3",
    "first_activity like 'CMA%'": "first activity begins with “CMA”",
    "a = 1 or b = 2 and passes('Buy')": "a: 1 or (b: 2 and goes through “Buy”)",
    "not (a = 1 or b = 2)": "not (a: 1 or b: 2)",
    "a = 1 and (b = 2 or b = 3)": "a: 1 · b: 2 or b: 3",
    "(a = 1 and (b = 2 and c = 3)) and (d = 4)": "a: 1 · b: 2 · c: 3 · d: 4",
    "true": "every journey",
    "region =": "region =",
}


@pytest.mark.parametrize("condition", SAID)
def test_a_condition_in_words(condition: str) -> None:
    assert in_words(condition, ENGLISH) == SAID[condition]


def test_what_has_a_name_is_called_by_it_wherever_it_stands() -> None:
    dropped = "not (passes('Buy')) and \"end\" <= '2026-01-31 10:30'"
    known = Known.of(PLAN, {"dropped": dropped}, ENGLISH)
    assert in_words(dropped, ENGLISH, known) == "Outcome: dropped out"
    asked = f"(a = 1) and ({dropped}) and not (visits_before = 0 and n_events > 1)"
    assert in_words(asked, ENGLISH, known) == "a: 1 · Outcome: dropped out · not (Persona: New ones)"
    assert in_words("visits('look')", ENGLISH, known) == "goes through “Look around”"
    assert in_words("AMONG('f00d', 'left_after(''look'')')", ENGLISH, known) == "left after “Look around”"


names = st.sampled_from(["a", "region", "n_events", "duration_s", "start", "key", "first_activity"])
literals = st.integers(-99, 99).map(str) | st.sampled_from(["'Wales'", "'2026-01-01'", "'x%'", "true", "null"])
terms = st.recursive(
    names | literals,
    lambda inner: (
        st.builds("({} {} {})".format, inner, st.sampled_from("+-*/%"), inner)
        | st.builds("{}({})".format, st.sampled_from(["lower", "upper", "abs", "length"]), inner)
    ),
    max_leaves=4,
)
questions = st.sampled_from(
    [
        *("passes('A')", "follows('A', 'B')", "follows('A', 'B', '2d')", "directly_follows('A', 'B')"),
        *("has('c', 'web')", "deviates('missing', 'look')", "reaches('s')", "visits('look')"),
        *("takes('t:look', 't:buy', 'ok')", "left_after('look')", "left_before_next('look')", "left_before_next('')"),
    ]
)
singles = st.one_of(
    questions,
    st.builds("{} {} {}".format, terms, st.sampled_from(["=", "<>", "<", "<=", ">", ">=", "like", "not ilike"]), terms),
    st.builds("{} in ({}, {})".format, terms, terms, terms),
    st.builds("{} between {} and {}".format, terms, terms, terms),
    st.builds("{} is {}".format, terms, st.sampled_from(["null", "not null", "true", "not false"])),
)
conditions = st.recursive(
    singles, lambda inner: st.builds("({} {} {})".format, inner, st.sampled_from(["and", "or"]), inner), max_leaves=4
)


@given(condition=conditions, language=st.sampled_from(["en", "vi"]))
def test_no_condition_is_said_as_it_is_written(condition: str, language: str) -> None:
    said = in_words(condition, Language(language), Known({}, {}, PLAN))
    assert said != condition
    assert not any(sign in said for sign in ("('", "<", "=", " AND ", " OR ", "NULL", "{"))
    assert said != in_words(without(condition), Language(language), Known({}, {}, PLAN))
