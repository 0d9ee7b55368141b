"""A comparison as a document that can be handed on: a page, a PDF, a spreadsheet, or JSON.

`document` says what stands in it, in one language and without a form; `page`, `paper` and `workbook` give it theirs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mining.errors import SourceError
from mining.messages import N_
from pipeline.condition_words import Known, in_words
from pipeline.discover import DiscoveredGraph, discover
from pipeline.files import write_atomically
from pipeline.findings import Findings
from pipeline.language import Language
from pipeline.plan_questions import settled
from pipeline.report.origin import Origin
from pipeline.store import Workspace
from pipeline.window import outcome_conditions

__all__ = ["ENDINGS", "Origin", "Report"]

ENDINGS = (".html", ".htm", ".pdf", ".xlsx", ".json")


@dataclass(frozen=True)
class Report:
    """What a report is made of.

    Attributes
    ----------
    findings : Findings
        The comparison.
    origin : Origin, optional
        Where it comes from; without it, the report does not say how to repeat it.
    graph : DiscoveredGraph, optional
        The paths of the same journeys; without it, the report does not show them.
    outcomes : mapping of str to str
        Outcome -> the condition that chooses it, so that such a condition is called by its name.
    """

    findings: Findings
    origin: Origin | None = None
    graph: DiscoveredGraph | None = None
    outcomes: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, ws: Workspace, findings: Findings, origin: Origin) -> Report:
        """Add to a comparison what the workspace knows of the same journeys."""
        graph = discover(ws, where=settled(ws, findings.plan, findings.where))
        return cls(findings, origin, graph, outcome_conditions(ws, findings.plan))

    def chosen(self, language: Language) -> str | None:
        """Say by what the journeys were chosen; None for all of the log."""
        found = self.findings
        return in_words(found.where, language, self.known(language)) if found.where else None

    def known(self, language: Language) -> Known:
        """Give what conditions on these journeys are called by."""
        return Known.of(self.findings.plan, self.outcomes, language)

    def to_dict(self) -> dict[str, Any]:
        """Give the document of ``desirepath report --json``: the findings, and the recipe to repeat them."""
        recipe = {} if self.origin is None else {"recipe": self.origin.as_dict()}
        return self.findings.to_dict() | recipe

    def to_json(self) -> str:
        """Give `to_dict` as text."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=1)

    def to_html(self, language: str = "en") -> str:
        """Give a page that needs nothing besides itself."""
        from pipeline.report.page import page

        return page(self, Language(language))

    def to_pdf(self, language: str = "en") -> bytes:
        """Give a PDF."""
        from pipeline.report.paper import paper

        return paper(self, Language(language))

    def to_xlsx(self, language: str = "en") -> bytes:
        """Give a spreadsheet with a sheet for each table."""
        from pipeline.report.workbook import workbook

        return workbook(self, Language(language))

    def write(self, path: str | Path, *, language: str = "en") -> None:
        """Write the report in the form that the name asks for: .html, .pdf, .xlsx or .json.

        Raises
        ------
        SourceError
            For any other ending, or where the file cannot be written.
        """
        writers = {
            ".html": lambda: self.to_html(language).encode(),
            ".htm": lambda: self.to_html(language).encode(),
            ".pdf": lambda: self.to_pdf(language),
            ".xlsx": lambda: self.to_xlsx(language),
            ".json": lambda: (self.to_json() + "\n").encode(),
        }
        writer = writers.get(Path(path).suffix.lower())
        if writer is None:
            raise SourceError(
                N_("A report is written as .html, .pdf, .xlsx or .json; {path} is none of these."), path=str(path)
            )
        write_atomically(path, writer())
