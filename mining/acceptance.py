"""Deviations that a company has decided to live with for a while."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from mining.kinds import named_by
from mining.localised import Text
from mining.messages import N_, Message

PLACES = ("touchpoint", "activity", "stage", "rule")


@dataclass(frozen=True)
class Acceptance:
    """One accepted deviation.

    Attributes
    ----------
    kind : str
        Kind of the deviation (see `mining.kinds`).
    owner, reason : Text
        Who answers for it, and why.
    until : date
        The last day on which it holds, held against the end of the log.
    touchpoint, activity, stage, rule : str or None
        Where; what is not named may be anything.
    """

    kind: str
    owner: Text
    reason: Text
    until: date
    touchpoint: str | None = None
    activity: str | None = None
    stage: str | None = None
    rule: str | None = None
    line: int = field(default=0, compare=False)

    @property
    def place(self) -> str:
        """The name of what is accepted: of a touchpoint, an activity, a stage or a rule."""
        return str(getattr(self, named_by(self.kind)))

    def covers(self, deviation: Mapping[str, object]) -> bool:
        """Say whether a deviation (kind, touchpoint, activity, stage, rule) is what is accepted."""
        meant = {name: getattr(self, name) for name in PLACES}
        return deviation["kind"] == self.kind and all(
            deviation.get(name) == wanted for name, wanted in meant.items() if wanted is not None
        )

    def holds(self, day: date | None) -> bool:
        """Say whether it has not run out on a day; without a day it has not."""
        return day is None or day <= self.until


def notes(
    accepted: Sequence[Acceptance], unmatched: Sequence[Acceptance], day: date | None, activities: Sequence[str]
) -> tuple[Message, ...]:
    """Say which acceptances match nothing in a log, and which have run out by its last day.

    Parameters
    ----------
    accepted, unmatched : sequence of Acceptance
        Those of the map, and those of them that match nothing.
    day : date or None
        The last day of the log.
    activities : sequence of str
        The names that the log has.
    """
    said = []
    for one in accepted:
        if one in unmatched:
            near = difflib.get_close_matches(one.activity or "", activities, 1)
            template = N_("Nothing in this log is the accepted `{kind}` of {place}.")
            if near and near[0] != one.activity:
                template = N_("Nothing in this log is the accepted `{kind}` of {place}; did you mean `{near}`?")
            said.append(Message(template, kind=one.kind, place=one.place, near="".join(near)))
        elif not one.holds(day):
            template = N_("The acceptance of `{kind}` of {place} ran out on {until}: it counts again.")
            said.append(Message(template, kind=one.kind, place=one.place, until=one.until))
    if accepted and day is None:
        said.append(Message(N_("The log has no times, so no acceptance can be seen to run out.")))
    return tuple(said)
