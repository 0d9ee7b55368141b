"""What a condition may ask of a journey beyond its attributes: about its events, and about how it meets a plan."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mining.durations import parse_duration
from mining.errors import ExpressionError
from mining.kinds import named_by
from mining.messages import N_

if TYPE_CHECKING:
    from sqlglot import exp

ABOUT_PLAN = ("deviates", "reaches", "visits", "takes", "left_after", "left_before_next")
AMONG = "among"  # journeys that are known by a name: what a question about a plan becomes once it is answered
CALLS = {  # the fewest and the most texts that each takes
    **{"passes": (1, 1), "follows": (2, 3), "directly_follows": (2, 2), "has": (2, 500)},
    **{"deviates": (1, 3), "reaches": (1, 1), "visits": (1, 1), "takes": (3, 3)},
    **{"left_after": (1, 1), "left_before_next": (1, 1), AMONG: (2, 2)},
}
QUESTIONS = tuple(name for name in CALLS if name != AMONG)
_NAMED = re.compile(rf"\b{AMONG}\('\w+', '((?:[^']|'')*)'\)", re.IGNORECASE)


@dataclass(frozen=True)
class Call:
    """A question about the events of a journey, or about how it meets a plan.

    Attributes
    ----------
    name : str
        One of `CALLS`.
    texts : tuple of str
        What it names: activities, an attribute and values, or a kind of deviation and its place.
    within_s : float, optional
        The time within which one activity follows the other.
    """

    name: str
    texts: tuple[str, ...]
    within_s: float | None = None


def read_call(node: exp.Anonymous) -> Call:
    """Read a question.

    Raises
    ------
    ValueError
        When it is none.
    ExpressionError
        When it gives a length of time that cannot be read.
    """
    from sqlglot import exp

    name, texts = str(node.name).lower(), [part.this for part in node.expressions if isinstance(part, exp.Literal)]
    fewest, most = CALLS.get(name, (1, 0))
    if len(texts) != len(node.expressions) or not fewest <= len(texts) <= most:
        raise ValueError(name)
    if name == "follows" and len(texts) > 2:
        return Call(name, tuple(texts[:2]), _time(texts[2]))
    return Call(name, tuple(texts))


def _time(text: str) -> float:
    try:
        return parse_duration(text)
    except ValueError as error:
        raise ExpressionError(
            N_("{question}(…) gives the time {text!r}. Write a number and its unit: '30m', '12h' or '2d'."),
            question="follows",
            text=text,
        ) from error


def deviates(kind: str, place: str, stage: str | None = None) -> str:
    """Write "the journey deviates from the plan in this way, at this place".

    Parameters
    ----------
    kind : str
        One of `mining.kinds.KINDS`.
    place : str
        What names the place: the id of a touchpoint, of a stage or of a rule, or an activity.
    stage : str, optional
        The stage, where the place alone can be in several.

    Examples
    --------
    >>> deviates("ad_hoc", "Call", "pay")
    "deviates('ad_hoc', 'Call', 'pay')"
    """
    return f"deviates({', '.join(_text(name) for name in (kind, place, stage) if name is not None)})"


def shows(row: Mapping[str, Any]) -> str:
    """Write "the journey shows this deviation" of a row of a ranking (kind, touchpoint, activity, stage, rule)."""
    place = named_by(row["kind"])
    return deviates(row["kind"], row[place], row["stage"] if place == "activity" else None)


def reaches(stage: str) -> str:
    """Write "the journey got as far as this stage of the plan"."""
    return f"reaches({_text(stage)})"


def visits(touchpoint: str) -> str:
    """Write "the touchpoint happened in the journey"."""
    return f"visits({_text(touchpoint)})"


def takes(source: str, target: str, status: str) -> str:
    """Write "the journey takes this link of the picture of the plan", by its nodes and status (see `mining.flows`)."""
    return f"takes({_text(source)}, {_text(target)}, {_text(status)})"


def left_after(touchpoint: str) -> str:
    """Write "the journey was dropped, and this is the last touchpoint of the plan that it had in its place"."""
    return f"left_after({_text(touchpoint)})"


def left_before_next(milestone: str | None) -> str:
    """Write "the journey was dropped, and this is the last milestone that it reached"; None is for no milestone."""
    return f"left_before_next({_text(milestone or '')})"


def as_asked(condition: str) -> str:
    """Give a condition with the questions it was asked with in place of names of journeys.

    Examples
    --------
    >>> as_asked("a = 1 AND AMONG('f00d', 'left_after(''ask'')')")
    "a = 1 AND left_after('ask')"
    """
    return _NAMED.sub(lambda found: found[1].replace("''", "'"), condition)


def _text(name: str) -> str:
    return "'" + name.replace("'", "''") + "'"
