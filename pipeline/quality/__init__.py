"""The quality report of a log: everything about it that should be known before its figures are trusted, at once.

It reads the workspace alone: the events as they lie there, sorted by journey and time, in few passes that stream, and
the small tables beside them. What needs times is not looked at in a log that has none, and the report says so.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipeline import queries
from pipeline.quality.clock import clock, is_coarse, time
from pipeline.quality.finding import QualityFinding, in_order
from pipeline.quality.ids import ids
from pipeline.quality.kinds import KINDS
from pipeline.quality.names import activities, attributes
from pipeline.quality.order import has_ends, left_out, neighbours, order
from pipeline.quality.rows import ColumnRate, column_rates, reasons, rejected, rejects_csv, safe_csv, undated
from pipeline.quality.rules import QualityRules
from pipeline.queries import LogSummary
from pipeline.store import Workspace

__all__ = ["QualityFinding", "QualityReport", "QualityRules", "quality", "rejects_csv", "safe_csv"]

SCHEMA = "desirepath/quality@1"


@dataclass(frozen=True)
class QualityReport:
    """What was found in a log, and what was looked for.

    Attributes
    ----------
    log : LogSummary
        The size of the log and its first and last time.
    rows_in, rows_kept, rows_rejected : int
        Rows of all files; the first is the sum of the others.
    zones : tuple of str
        The time zones in which clocks without an offset were read, one for each that a file was read in.
    columns : tuple of ColumnRate
        For each file and column with a role, how many values could be read.
    findings : tuple of QualityFinding
        The most severe first.
    nothing_found : tuple of str
        Kinds that were looked for and not found.
    needs_times : tuple of str
        Kinds that cannot be told, since the log has no times.
    """

    log: LogSummary
    rows_in: int
    rows_kept: int
    rows_rejected: int
    zones: tuple[str, ...]
    columns: tuple[ColumnRate, ...]
    findings: tuple[QualityFinding, ...]
    nothing_found: tuple[str, ...]
    needs_times: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Give the report as JSON values."""
        return {
            "schema": SCHEMA,
            "log": self.log.as_dict(),
            "rows": {"in": self.rows_in, "kept": self.rows_kept, "rejected": self.rows_rejected},
            "zones": list(self.zones),
            "columns": [column.as_dict() for column in self.columns],
            "findings": [finding.as_dict() for finding in self.findings],
            "nothing_found": list(self.nothing_found),
            "needs_times": list(self.needs_times),
        }


def quality(ws: Workspace, rules: QualityRules | None = None) -> QualityReport:
    """Look for everything in `pipeline.quality.kinds.KINDS`.

    Parameters
    ----------
    ws : Workspace
        A workspace that holds a log.
    rules : QualityRules, optional
        The thresholds, where others than the usual ones are wanted.

    Returns
    -------
    QualityReport
    """
    rules = rules or QualityRules()
    log = queries.summary(ws)
    sources = queries.sources(ws)
    rows_in, kept, refused = (int(sources[name].sum()) for name in ("rows_in", "rows_kept", "rows_rejected"))
    why = reasons(ws, rules)
    timed = log.start is not None
    zones = _zones(sources["mapping"].to_list())
    found = [*rejected(why, rows_in, rules), *(ids(ws, rules) if log.events else ())]
    if timed:
        found += _with_times(ws, zones, rules)
    dropped = left_out(ws, kept, log.events)
    found += [*activities(ws, rules), *attributes(ws, rules), *([dropped] if dropped else ())]
    seen = {finding.kind for finding in found}
    needs = tuple(kind for kind, words in KINDS.items() if words.needs_times and not timed)
    skipped = {*seen, *needs} if has_ends(ws) else {*seen, *needs, "end_before_start"}
    return QualityReport(
        log=log,
        rows_in=rows_in,
        rows_kept=kept,
        rows_rejected=refused,
        zones=zones,
        columns=column_rates(ws, why),
        findings=in_order(found),
        nothing_found=tuple(kind for kind in KINDS if kind not in skipped),
        needs_times=needs,
    )


def _with_times(ws: Workspace, zones: tuple[str, ...], rules: QualityRules) -> list[QualityFinding]:
    times = clock(ws, zones[0] if zones else "UTC")
    pairs = neighbours(ws, rules)
    kept = undated(ws, rules)
    found = [*time(ws, times, rules), *order(ws, pairs, is_coarse(times, rules), rules)]
    return [*found, kept] if kept else found


def _zones(mappings: list[str | None]) -> tuple[str, ...]:
    """Give the time zones of the files, the first file's first."""
    read: list[Mapping[str, Any]] = [json.loads(mapping) for mapping in mappings if mapping]
    return tuple(dict.fromkeys(str(mapping.get("timezone") or "UTC") for mapping in read if mapping.get("time")))
