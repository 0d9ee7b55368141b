"""What is written from a choice is a condition the log understands, and is read back as the same choice."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mining.condition_reader import PERIODS, Choice, choice
from mining.conditions import follows, in_period, one_of, passes, ranged, without
from mining.expressions import parse

names = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1, max_size=20).filter(str.strip)
values = st.one_of(names, st.booleans(), st.integers(-(10**12), 10**12))
numbers = st.one_of(st.integers(-(10**9), 10**9), st.floats(-1e9, 1e9).map(lambda x: float(f"{x:.15g}")))
seconds = st.one_of(st.integers(1, 10**7), st.floats(0.001, 1e6).map(lambda x: round(x, 3)))


@given(name=names, chosen=st.lists(values, min_size=1, max_size=4), negated=st.booleans())
def test_values_are_read_back(name: str, chosen: list[Any], negated: bool) -> None:
    said = one_of(name, chosen, negated=negated)
    assert choice(said) == Choice("values", name, tuple(chosen), negated=negated)
    assert parse(said).columns == {name}


@given(
    name=names,
    ends=st.lists(numbers, min_size=2, max_size=2).map(sorted),
    sides=st.sampled_from(["both", "low", "high"]),
)
def test_a_range_is_read_back(name: str, ends: list[float], sides: str) -> None:
    low, high = ends[0] if sides != "high" else None, ends[1] if sides != "low" else None
    assert choice(ranged(name, low, high)) == Choice("range", name, low=low, high=high)


@given(
    how=st.sampled_from(list(PERIODS)), first=st.dates(date(1970, 1, 1), date(2100, 1, 1)), days=st.integers(0, 4000)
)
def test_a_period_is_read_back(how: str, first: date, days: int) -> None:
    last = first + timedelta(days=days)
    assert choice(in_period(how, first, last)) == Choice("period", how, low=first, high=last)


@given(first=names, second=names, how=st.sampled_from(["some time", "directly"]) | seconds, negated=st.booleans())
def test_questions_about_paths_are_read_back(first: str, second: str, how: Any, negated: bool) -> None:
    within = None if isinstance(how, str) else float(how)
    said = follows(first, second, directly=how == "directly", within_s=within, negated=negated)
    kind = "directly_follows" if how == "directly" else "follows"
    assert choice(said) == Choice(kind, values=(first, second), within_s=within, negated=negated)
    assert choice(passes(first, negated=negated)) == Choice("passes", values=(first,), negated=negated)


@pytest.mark.parametrize(
    "text",
    [
        "lower(region) = 'wales'",
        "a = 1 or b = 2",
        "a = b",
        "a in (1, b)",
        "a is null",
        "not (a = 1 and b = 2)",
        "start >= '2026-01-01 10:00' and start < '2026-02-01'",
        "a >= 'x'",
        "a between 1 and b",
        "passes('A') and passes('B')",
    ],
)
def test_what_no_choice_writes_is_kept_as_it_is(text: str) -> None:
    assert choice(text) == Choice("other")


@given(activity=names)
def test_the_opposite_of_the_opposite_is_the_condition(activity: str) -> None:
    for said in (passes(activity), one_of("a", [activity]), follows(activity, activity)):
        assert without(without(said)) == said


def test_attributes_named_like_a_word_of_the_language_can_be_chosen() -> None:
    from sqlglot.dialects.duckdb import DuckDB

    for word in DuckDB.Tokenizer.KEYWORDS:
        if word.isidentifier():
            assert choice(one_of(word.lower(), ["x"])) == Choice("values", word.lower(), ("x",)), word
