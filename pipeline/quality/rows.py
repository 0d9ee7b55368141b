"""What became of the rows of the files: kept or rejected, why, and which column is at fault."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import polars as pl

from mining.messages import N_, Message
from pipeline import queries
from pipeline.quality.finding import PROBLEM, WARNING, QualityFinding
from pipeline.quality.rules import QualityRules
from pipeline.staging import MISSING_ACTIVITY, MISSING_JOURNEY, MISSING_TIME, UNREADABLE_TIME
from pipeline.store import Workspace

# In the order in which a row is checked: one reason is kept for each row, that of the first role that fails.
FAILING = {
    MISSING_JOURNEY: "journey",
    MISSING_ACTIVITY: "activity",
    MISSING_TIME: "time",
    UNREADABLE_TIME: "time",
}
ROLES = ("journey", "activity", "time")
_UNDATED = N_("The reason: {reason}. Such rows can be kept: they then have their place in the file, and no time.")
EVERY_ROW = 1_000_000  # rejected rows that are written to one file


@dataclass(frozen=True)
class ColumnRate:
    """How many values of a column that has a role could be read.

    A row counts as checked for a column when it could be read at all and the columns checked before it were right.
    `samples` are rows that failed: line (from 1, where known) and text.
    """

    source: str
    role: str
    column: str
    checked: int
    failed: int
    samples: tuple[Mapping[str, Any], ...]

    @property
    def rate(self) -> float | None:
        """The share that could be read; None where nothing was checked."""
        return 1 - self.failed / self.checked if self.checked else None

    def as_dict(self) -> dict[str, Any]:
        """Give it as JSON values."""
        return {**asdict(self), "samples": [dict(sample) for sample in self.samples], "rate": self.rate}


def reasons(ws: Workspace, rules: QualityRules) -> pl.DataFrame:
    """Give the reasons for rejected rows: source, reason, n, and the first rows as a list of line_no and raw."""
    return ws.run("quality_reasons", n=rules.examples)


def rejected(found: pl.DataFrame, rows_in: int, rules: QualityRules) -> list[QualityFinding]:
    """Give a finding for each reason, over all files."""
    findings = []
    for (reason,), part in found.group_by("reason", maintain_order=True):
        n = int(part["n"].sum())
        examples = [
            {"source": source, "line": row["line_no"], "row": row["raw"]}
            for source, rows in part.select("source", "rows").iter_rows()
            for row in rows
        ]
        findings.append(
            QualityFinding(
                "rejected",
                PROBLEM if n >= rules.bad_share * rows_in else WARNING,
                Message(_UNDATED if reason == MISSING_TIME else N_("The reason: {reason}."), reason=str(reason)),
                n,
                rows_in,
                "rows",
                {"reason": str(reason)},
                tuple(examples[: rules.examples]),
            )
        )
    return findings


def undated(ws: Workspace, rules: QualityRules) -> QualityFinding | None:
    """Give the events that were kept without a time, in a log that has times."""
    found = ws.run("quality_undated", n=rules.examples)
    if found.is_empty():
        return None
    n, of, journeys, alone = found.select("n_all", "n_events", "n_journeys", "n_alone").row(0)
    said = Message(
        N_(
            "These events have no time and stand where their file has them. No wait, span or calendar counts them. "
            "Journeys: {journeys:,}, of which without any time: {alone:,}."
        ),
        journeys=journeys,
        alone=alone,
    )
    examples = tuple(found.select("journey", "before", "activity").to_dicts())
    return QualityFinding(
        "undated", WARNING, said, n, of, "events", {"journeys": journeys, "journeys_without_time": alone}, examples
    )


def column_rates(ws: Workspace, found: pl.DataFrame) -> tuple[ColumnRate, ...]:
    """Give, for each file and each column with a role, how many values could be read."""
    by_source: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    for row in found.iter_rows(named=True):
        by_source[row["source"]][row["reason"]] = row
    rates: list[ColumnRate] = []
    for source in queries.sources(ws).iter_rows(named=True):
        rates += _rates(source, by_source[source["name"]])
    return tuple(rates)


def _rates(source: Mapping[str, Any], by_reason: Mapping[str, Mapping[str, Any]]) -> Iterable[ColumnRate]:
    mapping = json.loads(source["mapping"]) if source["mapping"] else {}
    left = source["rows_in"] - sum(row["n"] for reason, row in by_reason.items() if reason not in FAILING)
    for role in ROLES:
        columns = mapping.get(role)
        failing = [row for reason, row in by_reason.items() if FAILING.get(reason) == role]
        failed = sum(row["n"] for row in failing)
        if columns:
            shown = columns if isinstance(columns, str) else " + ".join(columns)
            samples = tuple({"line": s["line_no"], "row": s["raw"]} for row in failing for s in row["rows"])
            yield ColumnRate(source["name"], role, shown, left, failed, samples)
        left -= failed


def rejects_csv(ws: Workspace) -> bytes:
    """Give the rejected rows as CSV: source, line_no, reason, raw; see `safe_csv`."""
    return safe_csv(queries.rejects(ws, EVERY_ROW))


def safe_csv(frame: pl.DataFrame) -> bytes:
    r"""Write a frame as CSV in which no cell is taken for a formula by a spreadsheet.

    Cells of text that begin with ``=``, ``+``, ``-``, ``@``, a tab or a carriage return get an apostrophe in front.

    Examples
    --------
    >>> safe_csv(pl.DataFrame({"raw": ["=1+1", "a"]}))
    b"raw\n'=1+1\na\n"
    """
    harmless = pl.col(pl.String).str.replace(r"^([=+\-@\t\r])", "'${1}")
    names = {name: f"'{name}" for name in frame.columns if name[:1] in "=+-@\t\r" and name}
    return frame.with_columns(harmless).rename(names).write_csv().encode()
