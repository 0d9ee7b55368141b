"""What a load did, in numbers: rows in, kept and rejected, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from mining.messages import Message
from pipeline.columns.guessing import Guess
from pipeline.columns.mapping import Mapping
from pipeline.staging import Staged
from pipeline.store import Session, quoted


@dataclass(frozen=True)
class SourceReport:
    """What became of the rows of one file."""

    name: str
    format: str
    rows_in: int
    rows_kept: int
    rows_rejected: int
    mapping: Mapping
    guesses: tuple[Guess, ...] = ()


@dataclass(frozen=True)
class IngestReport:
    """What a load did; `journeys`, `events` and `activities` are those of the whole workspace afterwards.

    ``rows_in = rows_kept + rows_rejected``, over the files of this load.
    """

    rows_in: int
    rows_kept: int
    rows_rejected: int
    journeys: int
    events: int
    activities: int
    reasons: dict[str, int] = field(default_factory=dict)
    sources: tuple[SourceReport, ...] = ()
    skipped: tuple[str, ...] = ()
    warnings: tuple[Message, ...] = ()

    @property
    def mapping(self) -> Mapping | None:
        """The mapping of the first file that was read."""
        return self.sources[0].mapping if self.sources else None


def reported(
    db: Session,
    staged: Sequence[Staged],
    guesses: dict[str, tuple[Guess, ...]],
    skipped: Sequence[str],
    warnings: Sequence[Message],
) -> IngestReport:
    """Count what a load did; `guesses` are those about each raw table, by its view."""
    sources = tuple(_of_source(part, guesses[part.raw.view]) for part in staged)
    reasons: Counter[str] = Counter()
    for part in staged:
        reasons.update(dict(reason_counts(db, part)))
    return IngestReport(
        rows_in=sum(source.rows_in for source in sources),
        rows_kept=sum(source.rows_kept for source in sources),
        rows_rejected=sum(source.rows_rejected for source in sources),
        journeys=db.value("SELECT count(*) FROM journeys"),
        events=db.value("SELECT count(*) FROM events"),
        activities=db.value("SELECT count(*) FROM activities"),
        reasons=dict(sorted(reasons.items(), key=lambda item: (-item[1], item[0]))),
        sources=sources,
        skipped=tuple(skipped),
        warnings=tuple(warnings),
    )


def _of_source(part: Staged, guesses: tuple[Guess, ...]) -> SourceReport:
    source = part.raw.source
    rows_in = part.rows + part.unread
    return SourceReport(source.name, source.format, rows_in, part.kept, part.rejected, part.mapping, guesses)


def reason_counts(db: Session, staged: Staged) -> list[tuple[str, int]]:
    """Give the reasons for rejected rows with their numbers."""
    if not staged.rejected:
        return []
    return [
        (reason, n)
        for reason, n in db.rows(
            f"""
            SELECT reason, count(*) FROM (
                SELECT reason FROM {quoted(staged.table)} WHERE reason IS NOT NULL
                UNION ALL SELECT reason FROM {quoted(staged.raw.unread)}
            ) GROUP BY reason ORDER BY reason
            """
        )
    ]
