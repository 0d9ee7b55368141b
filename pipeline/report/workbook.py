"""The report as a spreadsheet: a sheet with the pictures, one for each table; numbers as numbers, names as text."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from pipeline.language import Language
from pipeline.names import Names
from pipeline.report import tables
from pipeline.report.blocks import Cell, Column, Table, opened
from pipeline.report.cover import cover
from pipeline.report.definitions import definitions
from pipeline.report.document import document
from pipeline.report.paths import common_paths
from pipeline.report.repeat import steps

if TYPE_CHECKING:
    from pipeline.report import Report

# Everything that would otherwise be read into a text: formulas, addresses, numbers.
PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
FORMATS = {
    "count": "#,##0",
    "share": "0.0%",
    "points": "+0.0;\u22120.0;0.0",
    "duration": "#,##0.0",
    "q": '[<0.001]"< 0.001";0.000',
    "number": "#,##0.000",
}
DAYS = {"en": "mmm d, yyyy", "vi": "dd/mm/yyyy"}
HOUR_S = 3600.0
MOST_SIGNS = 32_767  # of a cell
LONGEST_NAME = 31  # of a sheet
MADE = datetime(2000, 1, 1)  # a moment of its own would make each file another one


def workbook(report: Report, language: Language) -> bytes:
    """Write the spreadsheet; the same report gives the same bytes."""
    import xlsxwriter

    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, PLAIN) as book:
        book.set_properties({"title": Names(report.findings.plan, language).map, "created": MADE})
        cover(book, document(report, language), FORMATS["share"], FORMATS["count"])
        for table in sheets(report, language):
            _sheet(book, table, language)
    return stream.getvalue()


def sheets(report: Report, language: Language) -> list[Table]:
    """Give the tables in the order of the sheets."""
    found = report.findings
    names = Names(found.plan, language)
    terms = definitions(found, language).terms
    meanings = (Column(language.t("Word"), width=26), Column(language.t("Meaning"), width=110))
    return [
        tables.summary(found, report.chosen(language), language),
        tables.sentences(found, names, language),
        tables.deviations(found, names, language),
        *([] if found.rules.is_empty() else [tables.rules(found, names, language)]),
        *([] if found.accepted.is_empty() else [tables.accepted(found, names, language)]),
        tables.drop_off(found, names, language),
        tables.gaps(found, names, language),
        tables.stages(found, names, language),
        *([common_paths(report.graph, language)] if report.graph is not None else []),
        Table(language.t("Definitions"), meanings, terms),
        *([steps(report, report.origin, language)] if report.origin is not None else []),
    ]


def _sheet(book: Any, table: Table, language: Language) -> None:
    """Write one table, its head frozen, its columns as wide as they need."""
    sheet = book.add_worksheet(table.name[:LONGEST_NAME])
    looks = {"bold": True, "bottom": 1, "bg_color": "#EAEEF2", "text_wrap": True, "valign": "top"}
    head, over_numbers = book.add_format(looks), book.add_format({**looks, "align": "right"})
    text = book.add_format({"text_wrap": True, "valign": "top"})
    day = DAYS[language.code]
    patterns = {**FORMATS, "day": day, "moment": f"{day} hh:mm"}
    numbers = {
        form: book.add_format({"num_format": pattern, "valign": "top", "align": "right"})
        for form, pattern in patterns.items()
    }
    for at, column in enumerate(table.columns):
        sheet.set_column(at, at, column.width)
        sheet.write_string(0, at, _heading(column, language), head if column.form == "text" else over_numbers)
    for line, row in enumerate(table.rows, 1):
        for at, (cell, column) in enumerate(zip(row, table.columns, strict=True)):
            _write(sheet, line, at, cell, column, text, numbers)
    sheet.freeze_panes(1, 0)
    if table.rows:
        sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _heading(column: Column, language: Language) -> str:
    """Name a column, with the unit of its numbers where these do not say it."""
    if column.form == "duration":
        return language.t("{title} (hours)", title=column.title)
    if column.form == "points":
        return language.t("{title} (percentage points)", title=column.title)
    return column.title


def _write(sheet: Any, line: int, at: int, cell: Cell, column: Column, text: Any, numbers: dict[str, Any]) -> None:
    raw, form = opened(cell, column.form)
    if raw is None:
        sheet.write_blank(line, at, None, text)
    elif isinstance(raw, str):
        sheet.write_string(line, at, raw[:MOST_SIGNS], text)
    elif isinstance(raw, date):
        sheet.write_datetime(line, at, raw, numbers[form])
    else:
        scale = {"duration": 1 / HOUR_S, "points": 100.0}.get(form, 1)
        sheet.write_number(line, at, raw * scale, numbers[form])
