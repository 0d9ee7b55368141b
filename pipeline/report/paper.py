"""The report as a PDF. All texts reach the typesetter as data, so that no name from a log can be a command of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.language import Language
from pipeline.report import blocks
from pipeline.report.blocks import Block, written
from pipeline.report.document import document
from pipeline.report.pictures.marks import mark, sample
from pipeline.report.pictures.svg import Picture
from pipeline.report.signs import Sign

if TYPE_CHECKING:
    from pipeline.report import Report

HERE = Path(__file__).parent
TEMPLATE = HERE / "paper.typ"


def paper(report: Report, language: Language) -> bytes:
    """Typeset the report; the same report gives the same bytes.

    Fonts come with the typesetter; those of the machine stand in only for signs that these do not have.
    """
    import typst

    doc = document(report, language)
    data = {
        "language": language.code,
        "title": doc.title,
        "subtitle": doc.subtitle,
        "facts": doc.facts,
        "page": language.t("Page"),
        "sections": [
            {"title": section.title, "blocks": [_plain(block, section.title, language) for block in section.blocks]}
            for section in doc.sections
        ],
    }
    made = typst.compile(
        TEMPLATE,
        format="pdf",
        root=HERE,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        timestamp=0,
    )
    assert isinstance(made, bytes)
    return made


def _plain(block: Block, title: str, language: Language) -> dict[str, Any]:
    """Give a block as plain values, pictures as SVG text; a table is not called again what its section is called."""
    kind = type(block).__name__
    if isinstance(block, blocks.Table):
        return {"kind": kind, **_table(block, language), "name": "" if block.name == title else block.name}
    if isinstance(block, blocks.Figure):
        legend = [
            {"line": sample(sign, alone=True) if line else "", "mark": _mark(sign), "word": word}
            for sign, word, line in block.legend
        ]
        return {"kind": kind, "caption": block.caption, "broad": block.broad, "legend": legend} | _picture(
            block.picture
        )
    if isinstance(block, blocks.Ranking):
        return {"kind": kind, "findings": [_finding(finding) for finding in block.findings]}
    if isinstance(block, blocks.Tiles):
        return {"kind": kind, "tiles": [tile.said(language) for tile in block.tiles]}
    return {"kind": kind, **block.__dict__}


def _table(table: blocks.Table, language: Language) -> dict[str, Any]:
    return {
        "name": table.name,
        "note": table.note,
        "columns": [{"title": c.title, "number": c.form != "text", "width": c.width} for c in table.columns],
        "rows": [
            [written(cell, column.form, language) for cell, column in zip(row, table.columns, strict=True)]
            for row in table.rows
        ],
    }


def _finding(finding: blocks.Finding) -> dict[str, Any]:
    return {**finding.__dict__, "sign": {"mark": _mark(finding.sign), "colour": finding.sign.colour}}


def _picture(picture: Picture) -> dict[str, Any]:
    return {"svg": picture.svg(alone=True), "width": picture.width, "height": picture.height, "alt": picture.title}


def _mark(sign: Sign) -> str:
    return mark(sign, alone=True) if sign.glyph else ""
