"""The report as one page that opens anywhere, offline: no script, no request, everything inside."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from pipeline.language import Language
from pipeline.report.blocks import Block, Cell, Column, Table, opened, written
from pipeline.report.document import document
from pipeline.report.pictures.marks import mark, sample
from pipeline.report.pictures.svg import Picture
from pipeline.report.signs import Sign

if TYPE_CHECKING:
    from pipeline.report import Report

HERE = Path(__file__).parent
TEMPLATE = "page.html.j2"


def page(report: Report, language: Language) -> str:
    """Write the page."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(TEMPLATE).render(
        doc=document(report, language),
        kind=_kind,
        cells=lambda table: _cells(table, language),
        tiles=lambda block: [tile.said(language) for tile in block.tiles],
        svg=_svg,
        mark=_mark,
        sample=_sample,
    )


def _kind(block: Block) -> str:
    return type(block).__name__


def _cells(table: Table, language: Language) -> list[list[dict[str, object]]]:
    """Give each cell with its text, whether it is a number, and the number as a machine reads it."""
    return [
        [_cell(cell, column, language) for cell, column in zip(row, table.columns, strict=True)] for row in table.rows
    ]


def _cell(cell: Cell, column: Column, language: Language) -> dict[str, object]:
    raw, _ = opened(cell, column.form)
    return {
        "text": written(cell, column.form, language),
        "number": column.form != "text",
        "raw": raw if isinstance(raw, int | float) else None,
    }


def _svg(picture: Picture) -> Markup:
    """Give a drawing; its texts were escaped when it was made."""
    return Markup(picture.svg())


def _mark(sign: Sign) -> Markup:
    return Markup(mark(sign))


def _sample(sign: Sign) -> Markup:
    return Markup(sample(sign))
