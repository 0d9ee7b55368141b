"""Reports made for tests, and their sheets read back."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl

from mining.journey_map import JourneyMap
from pipeline.compare import compare
from pipeline.report import Origin, Report
from pipeline.store import Workspace

ROLES = {"journey": "case", "activity": "activity", "time": "time"}


def opened(log: Path | str, map_text: str, **options: Any) -> Report:
    """Load a log, compare it with a map, and give the report."""
    with Workspace() as ws:
        ws.ingest(str(log), **options)
        plan = JourneyMap.parse(map_text)
        origin = Origin.of(ws, log="log.duckdb", map_name="map.yaml", map_content=map_text.encode())
        return Report.of(ws, compare(ws, plan), origin)


def sheets(report: Report, language: str = "en") -> dict[str, list[tuple[Any, ...]]]:
    """Give the rows of every sheet, the head first."""
    book = openpyxl.load_workbook(io.BytesIO(report.to_xlsx(language)))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}
