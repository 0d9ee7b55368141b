"""A condition as a tree of plain values, so that all of it can be said in words, in whatever form it was written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain
from typing import Any, Literal

from mining.condition_reader import Choice, bare, choice_of, literal
from mining.expressions import parse
from mining.questions import AMONG, read_call


@dataclass(frozen=True)
class Named:
    """A condition that has a name of its own, as it was given."""

    text: str


@dataclass(frozen=True)
class Joined:
    """All of the parts, any of them, or not the one."""

    how: Literal["and", "or", "not"]
    parts: tuple[Choice | Named | Joined | Compared, ...]


@dataclass(frozen=True)
class Compared:
    """A comparison of another form than `Choice` has.

    Attributes
    ----------
    how : str
        "=", "<", "<=", ">", ">=", "in", "between", "like", "ilike", "missing", "holds" (a truth by itself), or
        "always".
    terms : tuple of Term
        What is compared, first what is asked about.
    negated : bool
        Whether it must not be so.
    """

    how: str
    terms: tuple[Term, ...]
    negated: bool = False


@dataclass(frozen=True)
class Term:
    """A side of a comparison.

    Attributes
    ----------
    how : str
        "name" (of an attribute), "value", "nothing", "condition", or what is done with `parts`: "+", "-", "*", "/",
        "//", "%", "lower", "upper", "abs", "length".
    value : object
        The name, the value, or the condition as a tree.
    """

    how: str
    value: Any = None
    parts: tuple[Term, ...] = ()


def tree(text: str, named: tuple[str, ...] = ()) -> Choice | Named | Joined | Compared:
    """Read a condition; where it or a part of it is one of those that are `named`, that is left whole.

    Raises
    ------
    ExpressionError
        When it is no condition.

    Examples
    --------
    >>> tree("a = 1 and not (n_events > 3 or b is null)").parts[1].how
    'not'
    >>> tree("a = 1 and (b = 2 and c = 3)", ("b = 2 and c = 3",)).parts[1]
    Named(text='b = 2 and c = 3')
    """
    return _part(parse(text).tree, {_alike(bare(parse(name).tree)): name for name in named})


def _alike(node: Any) -> str:
    """Write a part in one way, however it was written."""
    return str(node.sql("duckdb", normalize_functions="lower", comments=False))


def _part(node: Any, named: Mapping[str, str]) -> Choice | Named | Joined | Compared:
    from sqlglot import exp

    node = bare(node)
    if named and (text := named.get(_alike(node))) is not None:
        return Named(text)
    if isinstance(node, exp.NEQ):
        return _opposite(_part(exp.EQ(this=node.this, expression=node.expression), named))
    if (found := choice_of(node)).kind != "other":
        return found
    if isinstance(node, exp.And | exp.Or):
        return _joined("and" if isinstance(node, exp.And) else "or", [_part(part, named) for part in node.flatten()])
    if isinstance(node, exp.Not):
        return _opposite(_part(node.this, named))
    if isinstance(node, exp.Anonymous) and (call := read_call(node)).name == AMONG:
        return _part(parse(call.texts[1]).tree, named)
    return _compared(node, named)


def _joined(how: Literal["and", "or"], parts: Sequence[Choice | Named | Joined | Compared]) -> Joined:
    """Join parts; those that are joined in the same way by themselves are taken apart."""
    apart = ((part.parts if isinstance(part, Joined) and part.how == how else (part,)) for part in parts)
    return Joined(how, tuple(chain.from_iterable(apart)))


def _opposite(part: Choice | Named | Joined | Compared) -> Choice | Named | Joined | Compared:
    if isinstance(part, Choice | Compared):
        return replace(part, negated=not part.negated)
    return part.parts[0] if isinstance(part, Joined) and part.how == "not" else Joined("not", (part,))


def _compared(node: Any, named: Mapping[str, str]) -> Choice | Compared:
    from sqlglot import exp

    if isinstance(node, exp.Boolean):
        return Compared("always", (), negated=not node.this)
    if isinstance(node, exp.Is) and isinstance(node.expression, exp.Null):
        return Compared("missing", (_term(node.this, named),))
    if isinstance(node, exp.Is):
        return _of_truth(node, named)
    how = _signs().get(type(node))
    if how is None:
        return Compared("holds", (_term(node, named),))
    sides = node.expressions if how == "in" else [node.args[k] for k in ("low", "high", "expression") if k in node.args]
    terms = tuple(_term(side, named) for side in (node.this, *sides))
    return Compared(how, terms, negated=bool(node.args.get("negate")))


def _of_truth(node: Any, named: Mapping[str, str]) -> Choice | Compared:
    """Read ``a is true``."""
    from sqlglot import exp

    found = choice_of(exp.EQ(this=node.this, expression=node.expression))
    terms = (_term(node.this, named), _term(node.expression, named))
    return Compared("=", terms) if found.kind == "other" else found


def _term(node: Any, named: Mapping[str, str]) -> Term:
    from sqlglot import exp

    node = bare(node)
    if isinstance(node, exp.Cast):
        return _term(node.this, named)
    if isinstance(node, exp.Column):
        return Term("name", node.name)
    if isinstance(node, exp.Null):
        return Term("nothing")
    if (value := literal(node)) is not None:
        return Term("value", value)
    if isinstance(node, exp.Neg):
        return Term("-", parts=(Term("value", 0), _term(node.this, named)))
    how = _operations().get(type(node))
    if how is None:
        return Term("condition", _part(node, named))
    sides = [node.this, *([node.expression] if node.args.get("expression") is not None else [])]
    return Term(how, parts=tuple(_term(side, named) for side in sides))


@cache
def _signs() -> dict[type, str]:
    from sqlglot import exp

    return {
        **{exp.EQ: "=", exp.LT: "<", exp.LTE: "<=", exp.GT: ">", exp.GTE: ">="},
        **{exp.In: "in", exp.Between: "between", exp.Like: "like", exp.ILike: "ilike"},
    }


@cache
def _operations() -> dict[type, str]:
    from sqlglot import exp

    return {
        **{exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.Div: "/", exp.IntDiv: "//", exp.Mod: "%"},
        **{exp.Lower: "lower", exp.Upper: "upper", exp.Abs: "abs", exp.Length: "length"},
    }
