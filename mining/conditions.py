"""Conditions on journeys written from choices, and choices read back from conditions.

A filter is a list of conditions, as `mining.expressions` reads them, all of which a journey must meet. Nothing else is
kept: what a page, an address, a workspace or a recipe file hands on are these texts, and their words for people are
found by `choice`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from mining.durations import format_duration, parse_duration
from mining.expressions import Expression, parse
from mining.questions import QUESTIONS

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
PERIODS = ("begins", "ends", "lies", "touches")


@dataclass(frozen=True)
class Choice:
    """What a condition chooses, where it has one of the usual forms.

    Attributes
    ----------
    kind : str
        "values", "range", "period", one of `QUESTIONS`, or "other".
    name : str
        The attribute; for a period one of `PERIODS`.
    values : tuple
        The values, the activities that the path is asked about, or what a question about the plan names.
    low, high : number or text, optional
        The ends of a range; of a period the first and the last day.
    within_s : float, optional
        The time within which one activity follows the other.
    negated : bool
        Whether journeys are left out instead.
    """

    kind: str
    name: str = ""
    values: tuple[Any, ...] = ()
    low: Any = None
    high: Any = None
    within_s: float | None = None
    negated: bool = False


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
    lower, upper = {
        "begins": ("start", "start"),
        "ends": ('"end"', '"end"'),
        "lies": ("start", '"end"'),
        "touches": ('"end"', "start"),
    }[how]
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


def choice(text: str) -> Choice:
    """Read what a condition chooses.

    Raises
    ------
    ExpressionError
        When it is no condition.

    Examples
    --------
    >>> choice("region in ('Wales', 'Scotland')").values
    ('Wales', 'Scotland')
    >>> choice("not follows('Ask', 'Pay', '2d')").negated
    True
    >>> choice("lower(region) = 'wales'").kind
    'other'
    """
    return _choice(parse(text))


def parts(text: str) -> tuple[str, ...]:
    """Part a condition where `and` joins others; a period stays whole.

    Raises
    ------
    ExpressionError
        When it is no condition.

    Examples
    --------
    >>> parts("module = 'BBB' and (region = 'Wales' or passes('Pay'))")
    ("module = 'BBB'", "region = 'Wales' OR passes('Pay')")
    """
    from sqlglot import exp

    tree = _bare(parse(text).tree)
    if not isinstance(tree, exp.And) or _period(tree) is not None:
        return (text,)
    return tuple(part.sql("duckdb", normalize_functions=False) for part in tree.flatten())


def _bare(tree: Any) -> Any:
    """Take the brackets around a whole condition off."""
    from sqlglot import exp

    return _bare(tree.this) if isinstance(tree, exp.Paren) else tree


def _choice(read: Expression) -> Choice:
    from sqlglot import exp

    tree = _bare(read.tree)
    if isinstance(tree, exp.Not):
        inner = tree.this.this if isinstance(tree.this, exp.Paren) else tree.this
        found = _simple(inner, read)
        return replace(found, negated=True) if found.kind in ("values", *QUESTIONS) else Choice("other")
    return _period(tree) or _simple(tree, read)


def _simple(tree: Any, read: Expression) -> Choice:
    """Read a single comparison or question."""
    from sqlglot import exp

    if isinstance(tree, exp.Anonymous):
        call = read.calls[0]
        known = call.name in QUESTIONS
        return Choice(call.name, values=call.texts, within_s=call.within_s) if known else Choice("other")
    name = tree.this.name if isinstance(tree.this, exp.Column) else None
    if name is None:
        return Choice("other")
    if isinstance(tree, exp.EQ):
        return _known(name, [tree.expression])
    if isinstance(tree, exp.In):
        return _known(name, tree.expressions)
    if not isinstance(tree, exp.Between | exp.GTE | exp.LTE):
        return Choice("other")
    between = isinstance(tree, exp.Between)
    low = tree.args["low"] if between else tree.expression if isinstance(tree, exp.GTE) else None
    high = tree.args["high"] if between else tree.expression if isinstance(tree, exp.LTE) else None
    ends = [None if end is None else _literal(end) for end in (low, high)]
    plain = all(_is_number(end) for end, node in zip(ends, (low, high), strict=True) if node is not None)
    return Choice("range", name, low=ends[0], high=ends[1]) if plain else Choice("other")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _known(name: str, values: Sequence[Any]) -> Choice:
    """Give a choice among values, where all of them are plain."""
    read = tuple(_literal(value) for value in values)
    return Choice("other") if None in read else Choice("values", name, read)


def _literal(node: Any) -> Any:
    """Give the value of a plain text, number or truth; None for anything else."""
    from sqlglot import exp

    if isinstance(node, exp.Boolean):
        return bool(node.this)
    if isinstance(node, exp.Neg):
        inner = _literal(node.this)
        return -inner if isinstance(inner, int | float) else None
    if not isinstance(node, exp.Literal):
        return None
    if node.is_string:
        return str(node.this)
    number = float(node.this)
    return int(number) if number.is_integer() else number


def _period(tree: Any) -> Choice | None:
    """Read what `in_period` writes."""
    from sqlglot import exp

    if not (isinstance(tree, exp.And) and isinstance(tree.left, exp.GTE) and isinstance(tree.right, exp.LT)):
        return None
    sides = (tree.left.this, tree.right.this)
    if not all(isinstance(side, exp.Column) for side in sides):
        return None
    how = {
        ("start", "start"): "begins",
        ("end", "end"): "ends",
        ("start", "end"): "lies",
        ("end", "start"): "touches",
    }.get((sides[0].name, sides[1].name))
    days = [_day(_literal(side.expression)) for side in (tree.left, tree.right)]
    if how is None or days[0] is None or days[1] is None:
        return None
    return Choice("period", how, low=days[0], high=days[1] - timedelta(days=1))


def _day(text: Any) -> date | None:
    try:
        moment = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return moment.date() if moment is not None and moment.time() == datetime.min.time() else None
