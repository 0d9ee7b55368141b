"""Deviations that a company has decided to live with for a while."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from mining.kinds import named_by
from mining.localised import Text


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
