"""One finding of the quality report, and the order in which findings are told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from mining.messages import Message
from pipeline.quality.kinds import KINDS, UNITS

PROBLEM, WARNING, INFO = "problem", "warning", "info"
SEVERITIES = (PROBLEM, WARNING, INFO)


@dataclass(frozen=True)
class QualityFinding:
    """One thing that was found.

    Attributes
    ----------
    kind : str
        A key of `KINDS`.
    severity : str
        ``"problem"``: figures are wrong until it is mended; ``"warning"``: some are; ``"info"``: good to know.
    said : Message
        What was found, in a sentence.
    n, of : int or None
        How many, of how many; None where it is not known.
    unit : str
        What is counted: a key of `UNITS`.
    details : dict
        Further numbers, by name.
    examples : tuple of dict
        Rows to look at, all with the same names; times are datetimes in UTC.
    """

    kind: str
    severity: str
    said: Message
    n: int | None
    of: int | None
    unit: str
    details: Mapping[str, int | float | str | None] = field(default_factory=dict)
    examples: tuple[Mapping[str, Any], ...] = ()

    @property
    def title(self) -> Message:
        """What is called by this name."""
        return Message(KINDS[self.kind].title)

    @property
    def todo(self) -> Message:
        """What to do about it."""
        return Message(KINDS[self.kind].todo)

    @property
    def counted(self) -> Message:
        """How many of how many."""
        return Message(UNITS[self.unit], n=self.n, of=self.of)

    @property
    def share(self) -> float | None:
        """What part of all is concerned; None where there is no whole."""
        return self.n / self.of if self.n is not None and self.of else None

    def as_dict(self) -> dict[str, Any]:
        """Give the finding as JSON values."""
        return {
            "kind": self.kind,
            "severity": self.severity,
            "title": str(self.title),
            "text": str(self.said),
            "advice": str(self.todo),
            "n": self.n,
            "of": self.of,
            "unit": self.unit,
            "share": self.share,
            "details": dict(self.details),
            "examples": [{name: plain(value) for name, value in row.items()} for row in self.examples],
        }


def plain(value: Any) -> Any:
    """Give a value of an example as JSON has it: times as ISO 8601, in UTC and ending in Z."""
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value


def in_order(findings: Sequence[QualityFinding]) -> tuple[QualityFinding, ...]:
    """Put the most severe first; among equals, in the order of `KINDS`, then the largest."""
    places = {kind: place for place, kind in enumerate(KINDS)}
    return tuple(sorted(findings, key=lambda f: (SEVERITIES.index(f.severity), places[f.kind], -(f.n or 0))))
