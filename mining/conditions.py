"""Conditions on journeys, written from what somebody chose.

A filter is a list of conditions, as `mining.expressions` reads them, all of which a journey must meet. Nothing else is
kept: what a page, an address, a workspace or a recipe file hands on are these texts, and their words for people are
found by `mining.condition_reader.choice`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from mining.condition_reader import PERIODS, choice
from mining.durations import format_duration, parse_duration
from mining.questions import QUESTIONS

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def one_of(name: str, values: Sequence[object], *, negated: bool = False) -> str:
    """Write "the attribute has one of these values", or has none of them.

    Examples
    --------
    >>> one_of("region", ["Wales", "King's Lynn"])
    "region in ('Wales', 'King''s Lynn')"
    >>> one_of("case:paid", [True], negated=True)
    'not "case:paid" = true'
    """
    written = [_value(value) for value in values]
    said = f"{_name(name)} = {written[0]}" if len(written) == 1 else f"{_name(name)} in ({', '.join(written)})"
    return f"not {said}" if negated else said


def ranged(name: str, low: float | None, high: float | None) -> str:
    """Write "the number lies from `low` to `high`", both included; one of them may be open.

    Examples
    --------
    >>> ranged("n_events", 3, None), ranged("duration_s", 60, 3600.0)
    ('n_events >= 3', 'duration_s between 60 and 3600')
    """
    if low is not None and high is not None:
        return f"{_name(name)} between {low:.15g} and {high:.15g}"
    return f"{_name(name)} >= {low:.15g}" if low is not None else f"{_name(name)} <= {high:.15g}"


def in_period(how: str, first: date, last: date) -> str:
    """Write "the journey begins, ends, lies or touches, from the first to the last of these days" (UTC).

    Examples
    --------
    >>> in_period("begins", date(2026, 1, 1), date(2026, 1, 31))
    "start >= '2026-01-01' and start < '2026-02-01'"
    """
    lower, upper = map(_name, PERIODS[how])
    return f"{lower} >= '{first.isoformat()}' and {upper} < '{(last + timedelta(days=1)).isoformat()}'"


def passes(activity: str, *, negated: bool = False) -> str:
    """Write "the journey goes through the activity".

    Examples
    --------
    >>> passes("Pay", negated=True)
    "not passes('Pay')"
    """
    return ("not " if negated else "") + f"passes({_value(activity)})"


def has(attribute: str, values: Sequence[object], *, negated: bool = False) -> str:
    """Write "some event of the journey has one of these values of an attribute".

    Examples
    --------
    >>> has("channel", ["web", "app"])
    "has('channel', 'web', 'app')"
    """
    return ("not " if negated else "") + f"has({', '.join(_value(str(text)) for text in (attribute, *values))})"


def follows(
    first: str, second: str, *, directly: bool = False, within_s: float | None = None, negated: bool = False
) -> str:
    """Write "the second activity follows the first": at some time, within a time, or as the very next event.

    Examples
    --------
    >>> follows("Ask", "Pay", within_s=172800)
    "follows('Ask', 'Pay', '2d')"
    """
    name = "directly_follows" if directly else "follows"
    time = "" if within_s is None else f", '{_duration(within_s)}'"
    return ("not " if negated else "") + f"{name}({_value(first)}, {_value(second)}{time})"


def both(*conditions: str | None) -> str | None:
    """Join conditions with `and`; None where there is none."""
    given = [condition for condition in conditions if condition]
    return " and ".join(f"({condition})" for condition in given) if len(given) > 1 else next(iter(given), None)


def without(condition: str) -> str:
    """Write the opposite of a condition.

    Examples
    --------
    >>> without("passes('Pay')"), without("not passes('Pay')"), without("a = 1 or b = 2")
    ("not passes('Pay')", "passes('Pay')", 'not (a = 1 or b = 2)')
    """
    said = choice(condition)
    if said.kind in QUESTIONS or said.kind == "values":
        return condition.strip()[len("not ") :] if said.negated else f"not {condition.strip()}"
    return f"not ({condition})"


def _duration(seconds: float) -> str:
    """Write a duration exactly: in the largest unit that can, else in seconds."""
    said = format_duration(seconds)
    return said if parse_duration(said) == seconds else f"{seconds:.15g}s"


def _name(name: str) -> str:
    from sqlglot.dialects.duckdb import DuckDB

    plain = _PLAIN.fullmatch(name) and name.upper() not in DuckDB.Tokenizer.KEYWORDS
    return name if plain else '"' + name.replace('"', '""') + '"'


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else "'" + str(value).replace("'", "''") + "'"
