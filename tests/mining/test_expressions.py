"""Conditions: what may be said, what may not, and which name is meant."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mining.errors import ExpressionError
from mining.expressions import parse

COLUMNS = {"amount": "attr_1", "case:channel": "attr_2", "Region": "attr_3", "n_events": "v", "order date": "attr_4"}


@pytest.mark.parametrize(
    ("text", "sql"),
    [
        ("amount < 10000", '"attr_1" < 10000'),
        ("region in ('Wales', 'Scotland')", "\"attr_3\" IN ('Wales', 'Scotland')"),
        ("channel = 'it''s' or not amount >= 1", "\"attr_2\" = 'it''s' OR NOT \"attr_1\" >= 1"),
        ('"case:channel" is not null', 'NOT "attr_2" IS NULL'),
        ("\"order date\" between '2026-01-01' and '2026-02-01'", "\"attr_4\" BETWEEN '2026-01-01' AND '2026-02-01'"),
        ("lower(REGION) like 'w%' and length(region) > 2", 'LOWER("attr_3") LIKE \'w%\' AND LENGTH("attr_3") > 2'),
        ("(amount + 1) * -2 <> abs(n_events) / 3", '("attr_1" + 1) * -2 <> ABS("v") / 3'),
        ("amount not in (1, 2)", 'NOT "attr_1" IN (1, 2)'),
        ("\"order date\" > date '2026-01-01'", "\"attr_4\" > CAST('2026-01-01' AS DATE)"),
        ("amount is null -- a remark", '"attr_1" IS NULL'),
    ],
)
def test_conditions_become_sql_over_quoted_columns(text: str, sql: str) -> None:
    assert parse(text).sql(COLUMNS) == sql


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("amount < (select 1)", "SELECT 1"),
        ("read_csv('/etc/passwd') = 1", "READ_CSV"),
        ("getenv('HOME') = 'x'", "GETENV"),
        ("events.amount < 1", "events.amount"),
        ("amount < 1; drop table events", "DROP TABLE"),
        ("amount = (case when amount then 1 end)", "CASE"),
        ("amount in (select journey_id from events)", "SELECT"),
        ("exists (select 1)", "EXISTS"),
        ("count(*) > 1", "COUNT"),
        ("amount = $secret", "$secret"),
        ("cast(amount as varchar) = 'x'", "CAST"),
        ("amount = random()", "RAND"),
        ("region similar to 'a'", "SIMILAR"),
        ("select * from events", "SELECT"),
        ("amount > interval 1 day", "INTERVAL"),
    ],
)
def test_anything_else_is_refused_by_name(text: str, part: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(text).sql(COLUMNS)
    assert part in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "The condition is empty"),
        ("amount <", "cannot be read near 'amount <'"),
        ("amount", "no"),
        ("amount + 1", "is a value, not a condition"),
        ("'web'", "is a value, not a condition"),
        ("x < " + "1" * 5000, "5004 characters"),
        ("(" * 1500 + "1 = 1" + ")" * 1500, "cannot be read|nested too deeply"),
    ],
)
def test_what_cannot_be_read_is_said(text: str, message: str) -> None:
    if message == "no":
        assert parse(text).columns == {"amount"}
        return
    with pytest.raises(ExpressionError, match=message):
        parse(text)


def test_unknown_names_are_told_all_at_once() -> None:
    with pytest.raises(ExpressionError) as caught:
        parse("amont < 1 and chanel = 'web' and web = 2").sql(COLUMNS)
    assert [p.text() for p in caught.value.problems] == [
        "'amont' is not known: did you mean 'amount'?",
        "'chanel' is not known: did you mean 'case:channel'?",
        "'web' is not known. Text stands in 'single quotes'.",
    ]
    assert "Known are: Region, amount, case:channel, n_events, order date." in str(caught.value)


def test_a_length_of_time_that_cannot_be_read_is_named() -> None:
    with pytest.raises(ExpressionError, match=r"^follows\(…\) gives the time '2 dd'\. Write a number and its unit"):
        parse("follows('A', 'B', '2 dd')")


def test_ambiguous_names_must_be_written_exactly() -> None:
    columns = {"Amount": "a", "amount": "b", "AMOUNT": "c"}
    assert parse("amount = 1").sql(columns) == '"b" = 1'
    with pytest.raises(ExpressionError, match="'aMount' can mean 'AMOUNT', 'Amount', 'amount'; write it exactly"):
        parse("aMount = 1").sql(columns)


def test_an_own_name_goes_before_a_case_name() -> None:
    assert parse("channel = 1").sql({"channel": "a", "case:channel": "b"}) == '"a" = 1'


def test_columns_are_quoted_whatever_they_hold() -> None:
    assert parse("a = 1").sql({"a": 'x" or 1=1 --'}) == '"x"" or 1=1 --" = 1'


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    with contextlib.suppress(ExpressionError):
        assert isinstance(parse(text).columns, frozenset)
