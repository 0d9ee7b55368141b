"""The report of a comparison in the reader's language."""

from __future__ import annotations

from pipeline.findings import Findings
from pipeline.report import html_report
from ui.language import speaking, translate


def report_in(language: str, found: Findings) -> str:
    """Write the report. A download is made outside the session, which alone would know the language."""
    with speaking(language):
        return html_report(found, language, translate)
