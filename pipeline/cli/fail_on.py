"""The check that `compare --fail-on` asks for: `missing > 10% or fitness < 0.9`."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from mining.errors import ExpressionError
from mining.kinds import KINDS
from mining.messages import N_, Message

FIGURES = ("fitness", "perfect_share", "event_coverage", "journey_coverage")
OPERATORS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_TERM = re.compile(r"\s*(\w+)\s*(<=|>=|<|>)\s*(\d*\.?\d+)\s*(%?)\s*")


@dataclass(frozen=True)
class Term:
    """One comparison of a figure with a bound (a share, 0..1)."""

    name: str
    sign: str
    bound: float

    def __str__(self) -> str:
        return f"{self.name} {self.sign} {self.bound:g}"


@dataclass(frozen=True)
class FailOn:
    """The comparisons, any of which makes the check fail."""

    terms: tuple[Term, ...]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the comparisons, joined by `or`.

        Raises
        ------
        ValueError
            With a sentence for the user.

        Examples
        --------
        >>> [str(term) for term in FailOn.parse("missing > 10% or fitness < 0.9").terms]
        ['missing > 0.1', 'fitness < 0.9']
        """
        return cls(tuple(_term(part) for part in re.split(r"\bor\b", text, flags=re.IGNORECASE)))

    def holding(self, findings: Mapping[str, Any], *, with_accepted: bool = False) -> list[Message]:
        """Say which comparisons hold for the findings, each with the figure found.

        Parameters
        ----------
        findings : mapping
            In the shape of `compare --json`. The figure of a kind of deviation is its largest share of journeys.
        with_accepted : bool, default False
            Whether deviations that are accepted count too.

        Raises
        ------
        ExpressionError
            When a figure is undefined, since a check that cannot be made must not pass.
        """
        held: list[Message] = []
        for term in self.terms:
            found = _figure(term.name, findings, with_accepted)
            if OPERATORS[term.sign](found, term.bound):
                held.append(
                    Message(N_("{term} holds: {name} is {found}"), term=str(term), name=term.name, found=f"{found:.4g}")
                )
        return held


def _term(text: str) -> Term:
    found = _TERM.fullmatch(text)
    if found is None:
        raise ValueError(f"{text.strip()!r} is not a comparison; write for example: missing > 10% or fitness < 0.9")
    name, sign, number, percent = found[1].lower(), found[2], found[3], found[4]
    if name not in FIGURES + KINDS:
        raise ValueError(f"there is no figure {found[1]!r}; there are {', '.join(FIGURES + KINDS)}")
    bound = float(number) / (100 if percent else 1)
    if bound > 1:
        raise ValueError(f"{text.strip()!r} asks for more than the whole: figures are shares, so write 10% or 0.1")
    return Term(name, sign, bound)


def _figure(name: str, findings: Mapping[str, Any], with_accepted: bool) -> float:
    if name in KINDS:
        rows = [*findings["deviations"], *(findings["accepted"] if with_accepted else ())]
        return max((row["share"] or 0.0 for row in rows if row["kind"] == name), default=0.0)
    found = findings["map" if name.endswith("coverage") else "alignment"][name]
    if found is None:
        raise ExpressionError(N_("{name} is undefined for these journeys, so it cannot be checked."), name=name)
    return float(found)
