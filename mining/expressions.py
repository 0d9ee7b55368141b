"""Conditions that people write: `--where`, personas, `fails_when`. Read as a tree, never pasted into a query.

A condition compares attributes with values: ``amount < 10000 and region in ('Wales', 'Scotland')``. Allowed are
comparisons, ``and``, ``or``, ``not``, ``in``, ``between``, ``like``, ``ilike``, ``is null``, arithmetic, ``lower``,
``upper``, ``abs``, ``length``, and casts of plain values; nothing else is, so a condition can read nothing but the
attributes it names. Text stands in ``'single quotes'``, a name with blanks or colons in ``"double quotes"``.

Journeys may also be chosen by their paths: ``passes('Pay')``, ``follows('Ask', 'Pay')`` (some time later),
``follows('Ask', 'Pay', '2d')`` (within that time) and ``directly_follows('Ask', 'Pay')``; and by an attribute of their
events: ``has('channel', 'web', 'app')`` (some event has one of these values), where a comparison of such an attribute
looks at the first event alone that has a value of it.
Where there is a plan, also by how they meet it: ``deviates('missing', 'pay')``, ``reaches('buy')`` (got as far as that
stage), ``visits('pay')`` (the touchpoint happened), ``takes('t:ask', 't:pay', 'ok')`` (a link of the picture),
``left_after('ask')`` (dropped, with that as the last touchpoint of the plan that stood in its place) and
``left_before_next('ask')`` (dropped, with that as the last milestone; ``''`` for none).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING, Any

from mining.errors import ExpressionError, Problem
from mining.messages import N_, Message
from mining.questions import ABOUT_PLAN, AMONG, Call, read_call

if TYPE_CHECKING:
    from sqlglot import exp

LONGEST = 4000
PREFIX = "case:"


@dataclass(frozen=True)
class Expression:
    """A condition that has been read.

    Attributes
    ----------
    text : str
        The condition as it was written.
    columns : frozenset of str
        The names in it, as they were written.
    calls : tuple of Call
        The questions about paths and plans in it.
    tree : sqlglot expression
        What was read.
    """

    text: str
    columns: frozenset[str]
    calls: tuple[Call, ...]
    tree: Any = field(repr=False, compare=False)

    def resolve(self, known: Sequence[str] | Mapping[str, str]) -> dict[str, str]:
        """Give for each name in the condition the known name it means.

        Upper and lower case do not matter, nor does a leading ``case:``, as long as one known name is left.

        Raises
        ------
        ExpressionError
            Naming every name that is not known, or means more than one, with the nearest that are.
        """
        names = list(known)
        found = {name: candidates(name, names) for name in sorted(self.columns)}
        problems = [Problem(_unknown(name, hits, names)) for name, hits in found.items() if len(hits) != 1]
        if problems:
            raise ExpressionError(
                N_("The condition {text!r} names what is not there. Known are: {known}."),
                text=self.text,
                known=", ".join(sorted(names)) or "–",
                problems=problems,
            )
        return {name: hits[0] for name, hits in found.items()}

    def sql(self, column_of: Mapping[str, str], column_of_call: Mapping[Call, str] | None = None) -> str:
        r"""Give the condition as SQL over the columns that stand for the names.

        Parameters
        ----------
        column_of : mapping of str to str
            Known name -> physical column; the columns are quoted here.
        column_of_call : mapping of Call to str, optional
            Question about paths or plans -> the column with its answer; without it, none may be asked.

        Raises
        ------
        ExpressionError
            As `resolve` does.

        Examples
        --------
        >>> parse("amount < 10 and Region = 'Wales'").sql({"amount": "attr_1", "region": "attr_2"})
        '"attr_1" < 10 AND "attr_2" = \'Wales\''
        """
        from sqlglot import exp

        meant = self.resolve(column_of)
        if self.calls and column_of_call is None:
            raise ExpressionError(
                N_("The condition {text!r} asks about the path of a journey, but it is one on single events."),
                text=self.text,
            )

        def placed(node: exp.Expression) -> exp.Expression:
            if isinstance(node, exp.Anonymous):
                return exp.column(exp.to_identifier((column_of_call or {})[read_call(node)], quoted=True))
            if isinstance(node, exp.Column):
                return exp.column(exp.to_identifier(column_of[meant[node.name]], quoted=True))
            return node

        return str(self.tree.transform(placed).sql(dialect="duckdb", comments=False))

    def answered(self, name_of: Callable[[Call], str]) -> str:
        """Give the condition with names of journeys in place of its questions about a plan.

        Parameters
        ----------
        name_of : callable
            Gives the name under which the journeys that meet a question are known.

        Examples
        --------
        >>> parse("a = 1 and left_after('ask')").answered(lambda call: "f00d")
        "a = 1 AND AMONG('f00d', 'left_after(''ask'')')"
        """
        from sqlglot import exp

        def named(node: exp.Expression) -> exp.Expression:
            if isinstance(node, exp.Anonymous) and (call := read_call(node)).name in ABOUT_PLAN:
                asked = node.sql(dialect="duckdb", normalize_functions="lower")
                texts = [exp.Literal.string(text) for text in (name_of(call), asked)]
                return exp.Anonymous(this=AMONG, expressions=texts)
            return node

        return str(self.tree.transform(named).sql(dialect="duckdb", comments=False))


def parse(text: str) -> Expression:
    """Read a condition.

    Raises
    ------
    ExpressionError
        When it cannot be read, is no condition, or uses more than conditions may.

    Examples
    --------
    >>> sorted(parse('n_events > 3 and not "case:channel" is null').columns)
    ['case:channel', 'n_events']
    """
    if not text.strip():
        raise ExpressionError(N_("The condition is empty. Write one such as {example}."), example="amount < 10000")
    if len(text) > LONGEST:
        raise ExpressionError(N_("The condition has {n} characters; {most} are allowed."), n=len(text), most=LONGEST)
    try:
        tree = _tree(text)
        _check(text, tree)
    except RecursionError as error:
        raise ExpressionError(N_("The condition is nested too deeply. Write it with fewer brackets.")) from error
    from sqlglot import exp

    calls = tuple(dict.fromkeys(read_call(node) for node in tree.find_all(exp.Anonymous)))
    return Expression(text, frozenset(column.name for column in tree.find_all(exp.Column)), calls, tree)


def _tree(text: str) -> Any:
    """Read the text with sqlglot, or say where it stops making sense."""
    from sqlglot import errors, parse_one

    try:
        return parse_one(text, dialect="duckdb")
    except errors.SqlglotError as error:
        at: dict[str, Any] = next(iter(getattr(error, "errors", ())), {})
        near = f"{at.get('start_context', '')}{at.get('highlight', '')}".strip()[-40:] or text
        raise ExpressionError(
            N_(
                "The condition {text!r} cannot be read near {near!r}. Text stands in 'single quotes', "
                'a name with blanks or colons in "double quotes".'
            ),
            text=text,
            near=near,
        ) from error


@cache
def _allowed() -> tuple[tuple[type, ...], tuple[type, ...]]:
    """Give the kinds of nodes a condition may consist of, and those that are true or false by themselves."""
    from sqlglot import exp

    conditions = (
        exp.And, exp.Or, exp.Not, exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.In, exp.Between, exp.Like,
        exp.ILike, exp.Is, exp.Boolean, exp.Column, exp.Anonymous,
    )  # fmt: skip
    parts = (
        exp.Paren, exp.Literal, exp.Null, exp.Neg, exp.Add, exp.Sub, exp.Mul, exp.Div, exp.IntDiv, exp.Mod, exp.Lower,
        exp.Upper, exp.Abs, exp.Length, exp.Cast, exp.TryCast, exp.DataType, exp.Identifier,
    )  # fmt: skip
    return conditions + parts, conditions


def _check(text: str, tree: Any) -> None:
    """See that the tree holds nothing but what is allowed, and says true or false."""
    from sqlglot import exp

    every, conditions = _allowed()
    problems = [
        Problem(Message(N_("{part} is not allowed here."), part=_shown(node)))
        for node in tree.walk()
        if _foreign(node, every)
    ]
    if problems:
        raise ExpressionError(
            N_(
                "The condition {text!r} uses more than a condition may: comparisons, and, or, not, in, between, like, "
                "is null, arithmetic, lower, upper, abs, length, passes('A'), follows('A', 'B'), "
                "follows('A', 'B', '2d'), directly_follows('A', 'B'), has('channel', 'web') or, where there is a plan, "
                "deviates('missing', 'a'), reaches('s'), visits('a'), takes('t:a', 't:b', 'ok'), left_after('a') or "
                "left_before_next('a')."
            ),
            text=text,
            problems=problems[:1],
        )
    root = tree
    while isinstance(root, exp.Paren):
        root = root.this
    if not isinstance(root, conditions):
        raise ExpressionError(
            N_("{text!r} is a value, not a condition. Compare it with something, as in {example}."),
            text=text,
            example="amount < 10000",
        )


def _foreign(node: exp.Expression, every: tuple[type, ...]) -> bool:
    """Say whether a node does not belong into a condition."""
    from sqlglot import exp

    if type(node) not in every:
        return True
    if isinstance(node, exp.Anonymous):
        try:
            read_call(node)
        except ValueError:
            return True
        return False
    if isinstance(node, exp.Column):
        return bool(node.table) or not isinstance(node.this, exp.Identifier)
    if isinstance(node, exp.In):
        return any(node.args.get(part) for part in ("query", "unnest", "field"))
    if isinstance(node, exp.Cast):
        return not isinstance(node.this, exp.Literal) or bool(node.to.expressions)
    return False


def _shown(node: exp.Expression) -> str:
    """Give the text of a node, shortened."""
    said = node.sql(dialect="duckdb", comments=False)
    return said if len(said) <= 60 else said[:59] + "…"


def candidates(name: str, known: Sequence[str]) -> list[str]:
    """Give the known names that `name` may mean: itself, or else those equal but for case, or but for ``case:``."""
    if name in known:
        return [name]
    if f"{PREFIX}{name}" in known:
        return [f"{PREFIX}{name}"]
    same = [k for k in known if k.casefold() == name.casefold()]
    return same or [k for k in known if k.casefold() == f"{PREFIX}{name}".casefold()]


def _unknown(name: str, hits: Sequence[str], known: Sequence[str]) -> Message:
    """Say that a name is not known or means several things."""
    if hits:
        return Message(
            N_("{name!r} can mean {hits}; write it exactly."), name=name, hits=", ".join(repr(h) for h in sorted(hits))
        )
    folded = {k.casefold(): k for k in known} | {k.casefold().removeprefix(PREFIX): k for k in known}
    near = get_close_matches(name.casefold(), list(folded), n=1, cutoff=0.6)
    if near:
        return Message(N_("{name!r} is not known: did you mean {near!r}?"), name=name, near=folded[near[0]])
    return Message(N_("{name!r} is not known. Text stands in 'single quotes'."), name=name)
