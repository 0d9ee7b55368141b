"""Comparisons of any form in words: patterns, arithmetic, times, one attribute with another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from mining.condition_tree import Compared, Term
from mining.messages import N_
from pipeline.choice_words import NOUNS, asked, listed, noun, value
from pipeline.language import Language
from pipeline.names import as_text

TIMES = ("start", "end")
OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
SIZES = {
    "<": N_("{name} less than {high}"),
    "<=": N_("{name} at most {high}"),
    ">": N_("{name} more than {low}"),
    ">=": N_("{name} at least {low}"),
}
MOMENTS = {
    "<": N_("{name} before {time}"),
    "<=": N_("{name} no later than {time}"),
    ">": N_("{name} after {time}"),
    ">=": N_("{name} no earlier than {time}"),
}
OTHERS = {
    "=": (N_("{name} equals {value}"), N_("{name} differs from {value}")),
    "in": (N_("{name} is one of {value}"), N_("{name} is none of {value}")),
    "missing": (N_("{name} is missing"), N_("{name} is known")),
    "holds": (N_("{name}: yes"), N_("{name}: no")),
    "always": (N_("every journey"), N_("no journey")),
}
PATTERNS = {
    (False, False): (N_("{name} is like “{text}”"), N_("{name} is not like “{text}”")),
    (True, False): (N_("{name} ends with “{text}”"), N_("{name} does not end with “{text}”")),
    (False, True): (N_("{name} begins with “{text}”"), N_("{name} does not begin with “{text}”")),
    (True, True): (N_("{name} contains “{text}”"), N_("{name} does not contain “{text}”")),
}
"""By whether any text may stand before, and behind."""
CALCULATED = {
    "lower": N_("{a} in lower case"),
    "upper": N_("{a} in upper case"),
    "abs": N_("size of {a}"),
    "length": N_("length of {a}"),
    "%": N_("rest of {a} ÷ {b}"),
    "//": N_("whole part of {a} ÷ {b}"),
}
SIGNS = {"+": "+", "-": "−", "*": "×", "/": "÷"}
Say = Callable[[Any], str]


def compared(part: Compared, language: Language, say: Say) -> str:
    """Say a comparison.

    Parameters
    ----------
    part : Compared
        The comparison.
    language : Language
        In which it is said.
    say : callable
        Says a condition that is a side of it.
    """
    words = _Words(language, say)
    if part.how in OPPOSITE:
        return words.size(OPPOSITE[part.how] if part.negated else part.how, *part.terms)
    if part.how in ("like", "ilike"):
        return words.pattern(part)
    first, *others = part.terms or (Term("nothing"),)
    if part.how == "between":
        ends = [words.beside(first, others[0]), words.beside(first, others[1], exact=True)]
        way = N_("{name} not {low} to {high}") if part.negated else N_("{name} {low} to {high}")
        return language.t(way, name=words.asked(first), low=ends[0], high=ends[1])
    said = listed(others, language, lambda end: words.beside(first, end))
    return language.t(OTHERS[part.how][part.negated], name=words.term(first), value=said)


class _Words:
    """Says the sides of comparisons."""

    def __init__(self, language: Language, say: Say) -> None:
        self.language, self.say = language, say

    def size(self, how: str, left: Term, right: Term) -> str:
        """Say that one side is larger, smaller, earlier or later; what is asked about first."""
        if left.how == "value" and right.how != "value":
            left, right, how = right, left, how.replace("<", "\0").replace(">", "<").replace("\0", ">")
        if _is_time(left) and (moment := _moment(right)) is not None:
            time = self._time(moment, exact=how in ("<=", ">"))
            return self.language.t(MOMENTS[how], name=self.asked(left), time=time)
        said = self.beside(left, right)
        return self.language.t(SIZES[how], name=self.asked(left), low=said, high=said)

    def pattern(self, part: Compared) -> str:
        """Say that a text is like a pattern."""
        name, pattern = part.terms
        text = str(pattern.value) if pattern.how == "value" else self.term(pattern)
        inner = text.strip("%")
        before, behind = text.startswith("%"), text.endswith("%")
        if not inner or "%" in inner or "_" in inner:
            inner, before, behind = text, False, False
        said = self.language.t(PATTERNS[before, behind][part.negated], name=self.term(name), text=as_text(inner))
        return self.language.t(N_("{said} (in upper or lower case)"), said=said) if part.how == "ilike" else said

    def asked(self, term: Term) -> str:
        """Name what a size or a time is said of."""
        return asked(term.value, self.language) if term.how == "name" else self.term(term) + ":"

    def beside(self, of: Term, term: Term, *, exact: bool = False) -> str:
        """Write what something is compared with, in its unit; a midnight as its day alone unless `exact`."""
        if term.how != "value" or of.how != "name":
            return self.term(term)
        if _is_time(of) and (moment := _moment(term)) is not None:
            return self._time(moment, exact=exact)
        if isinstance(term.value, str) and of.value.lower() not in NOUNS:
            return self.term(term)
        return value(term.value, of.value, self.language)

    def _time(self, moment: datetime, *, exact: bool) -> str:
        """Write a time; until a day means until it begins, which is said with the hour."""
        midnight = moment.time() == datetime.min.time()
        return f"{self.language.date(moment)}, 00:00" if exact and midnight else self.language.moment(moment)

    def term(self, term: Term) -> str:
        """Say a side by itself."""
        if term.how == "name":
            return noun(term.value, self.language)
        if term.how == "value":
            said = value(term.value, "", self.language)
            return f"“{said}”" if isinstance(term.value, str) else said
        if term.how == "nothing":
            return self.language.t(N_("nothing"))
        if term.how == "condition":
            return f"({self.say(term.value)})"
        sides = [self._inner(part) for part in term.parts]
        if term.how in CALCULATED:
            return self.language.t(CALCULATED[term.how], a=sides[0], b=sides[-1])
        return f" {SIGNS[term.how]} ".join(sides)

    def _inner(self, term: Term) -> str:
        said = self.term(term)
        return f"({said})" if term.how in SIGNS else said


def _is_time(term: Term) -> bool:
    return term.how == "name" and term.value.lower() in TIMES


def _moment(term: Term) -> datetime | None:
    try:
        return datetime.fromisoformat(term.value) if term.how == "value" and isinstance(term.value, str) else None
    except ValueError:
        return None
