"""What somebody chose, read back from the conditions that `mining.conditions` writes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from mining.expressions import parse
from mining.questions import QUESTIONS, read_call

PERIODS = {"begins": ("start", "start"), "ends": ("end", "end"), "lies": ("start", "end"), "touches": ("end", "start")}
"""By how a journey is in a period: which of its two times is not before the first day, and which not after the last."""


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
    return choice_of(parse(text).tree)


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

    tree = bare(parse(text).tree)
    if not isinstance(tree, exp.And) or _period(tree) is not None:
        return (text,)
    return tuple(part.sql("duckdb", normalize_functions=False) for part in tree.flatten())


def bare(tree: Any) -> Any:
    """Take the brackets around a whole condition off."""
    from sqlglot import exp

    return bare(tree.this) if isinstance(tree, exp.Paren) else tree


def choice_of(tree: Any) -> Choice:
    """Read what a condition chooses from what `mining.expressions.parse` read, or from a part of it."""
    from sqlglot import exp

    tree = bare(tree)
    if isinstance(tree, exp.Not):
        found = _simple(bare(tree.this))
        return replace(found, negated=True) if found.kind in ("values", *QUESTIONS) else Choice("other")
    return _period(tree) or _simple(tree)


def _simple(tree: Any) -> Choice:
    """Read a single comparison or question."""
    from sqlglot import exp

    if isinstance(tree, exp.Anonymous):
        call = read_call(tree)
        known = call.name in QUESTIONS
        return Choice(call.name, values=call.texts, within_s=call.within_s) if known else Choice("other")
    name = tree.this.name if isinstance(tree.this, exp.Column) else None
    if name is None:
        return Choice("other")
    if isinstance(tree, exp.EQ):
        return _known(name, [tree.expression])
    if isinstance(tree, exp.In):
        return _known(name, tree.expressions)
    if isinstance(tree, exp.Between):
        return _range(name, low=tree.args["low"], high=tree.args["high"])
    if isinstance(tree, exp.GTE):
        return _range(name, low=tree.expression)
    if isinstance(tree, exp.LTE):
        return _range(name, high=tree.expression)
    return Choice("other")


def _range(name: str, **ends: Any) -> Choice:
    """Give a choice between ends (low, high, or one of them), where they are plain numbers."""
    read = {end: literal(node) for end, node in ends.items()}
    return Choice("range", name, **read) if all(map(_is_number, read.values())) else Choice("other")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _known(name: str, values: Sequence[Any]) -> Choice:
    """Give a choice among values, where all of them are plain."""
    read = tuple(literal(value) for value in values)
    return Choice("other") if None in read else Choice("values", name, read)


def literal(node: Any) -> Any:
    """Give the value of a plain text, number or truth; None for anything else."""
    from sqlglot import exp

    if isinstance(node, exp.Boolean):
        return bool(node.this)
    if isinstance(node, exp.Neg):
        inner = literal(node.this)
        return -inner if isinstance(inner, int | float) else None
    if not isinstance(node, exp.Literal):
        return None
    if node.is_string:
        return str(node.this)
    number = float(node.this)
    return int(number) if number.is_integer() else number


def _period(tree: Any) -> Choice | None:
    """Read what `mining.conditions.in_period` writes."""
    from sqlglot import exp

    if not (isinstance(tree, exp.And) and isinstance(tree.left, exp.GTE) and isinstance(tree.right, exp.LT)):
        return None
    sides = (tree.left.this, tree.right.this)
    if not all(isinstance(side, exp.Column) for side in sides):
        return None
    how = {bounded: how for how, bounded in PERIODS.items()}.get((sides[0].name, sides[1].name))
    days = [_day(literal(side.expression)) for side in (tree.left, tree.right)]
    if how is None or days[0] is None or days[1] is None:
        return None
    return Choice("period", how, low=days[0], high=days[1] - timedelta(days=1))


def _day(text: Any) -> date | None:
    try:
        moment = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return moment.date() if moment is not None and moment.time() == datetime.min.time() else None
