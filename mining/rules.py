"""Rules beside the map: the handful of things that a plan asks of journeys whatever path they take."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from mining.localised import NO_TEXT, Text

RuleKind = Literal["before", "after", "never_together", "at_most", "starts_with", "ends_with"]
KEYS: dict[RuleKind, tuple[str, ...]] = {
    "before": ("before", "must"),
    "after": ("after", "must", "within"),
    "never_together": ("never_together",),
    "at_most": ("at_most", "of"),
    "starts_with": ("starts_with",),
    "ends_with": ("ends_with",),
}
"""What a rule of each kind is written with; the first key tells the kind."""


@dataclass(frozen=True)
class Rule:
    """One rule.

    Attributes
    ----------
    id : str
        Its name among the rules.
    kind : str
        ``before``: no touchpoint of `of` happens before one of `must` has. ``after``: after each of `of` one of `must`
        happens, within `within_s` where that is given. ``never_together``: of `of`, one journey has one at most.
        ``at_most``: `of` happen `most` times at most, all counted. ``starts_with``, ``ends_with``: the first or the
        last touchpoint of a journey is one of `of`.
    of, must : tuple of str
        Touchpoint ids.
    within_s : float or None
        Seconds.
    most : int or None
        Times.
    where : str or None
        The journeys it is for; all without it.
    personas : tuple of str
        The personas it is for; all where there is none.
    """

    id: str
    kind: RuleKind
    of: tuple[str, ...]
    must: tuple[str, ...] = ()
    within_s: float | None = None
    most: int | None = None
    title: Text = NO_TEXT
    where: str | None = None
    personas: tuple[str, ...] = ()
    line: int = field(default=0, compare=False)
