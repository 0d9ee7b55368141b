"""The first sheet of a spreadsheet: what the report says in short, and its pictures."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pipeline.language import Language
from pipeline.report.blocks import Bullets, Document, Figure, Paragraph, Section, Tile, Tiles
from pipeline.report.pictures.marks import mark, sample

HERE = Path(__file__).parent
SHARP = 2  # points of a picture for each of the screen
SCREEN_PPI = 96
WIDEST = 1500  # pixels of a picture on the sheet
ROW_PX, LINE_PT = 20, 15
FIRST, LAST = 1, 9  # columns
COLUMN_SIGNS = 17
SIGNS = (LAST - FIRST + 1) * COLUMN_SIGNS  # of a line across them
Formats = Callable[..., Any]


def cover(book: Any, doc: Document, percent: str, count: str) -> None:
    """Write the sheet.

    Parameters
    ----------
    book : xlsxwriter.Workbook
        The spreadsheet.
    doc : Document
        The report.
    percent, count : str
        Number formats of shares and counts.
    """
    sheet = book.add_worksheet(doc.language.t("Report"))
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 2)
    sheet.set_column(FIRST, LAST, COLUMN_SIGNS)
    writer = _Writer(book, sheet, doc.language, {"share": percent, "count": count})
    writer.line(doc.title, bold=True, font_size=20, height=30)
    writer.line(doc.subtitle, font_size=13, font_color="#566370", height=20)
    for fact in doc.facts:
        writer.line(fact, font_color="#566370")
    for section in doc.sections:
        writer.section(section)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


class _Writer:
    """Writes one thing below the other."""

    def __init__(self, book: Any, sheet: Any, language: Language, numbers: dict[str, str]) -> None:
        self.book, self.sheet, self.language, self.numbers = book, sheet, language, numbers
        self.row = 0

    def line(self, said: str, *, height: float | None = None, **looks: Any) -> None:
        """Write a text over all columns, as high as it takes."""
        lines = -(-len(said) // SIGNS)
        looks = {"text_wrap": True, "valign": "top", **looks}
        self.sheet.set_row(self.row, height or LINE_PT * lines)
        self.sheet.merge_range(self.row, FIRST, self.row, LAST, "", self.book.add_format(looks))
        self.sheet.write_string(self.row, FIRST, said, self.book.add_format(looks))
        self.row += 1

    def section(self, section: Section) -> None:
        """Write the part of a section that belongs on the first sheet; nothing of one without it."""
        shown = [block for block in section.blocks if isinstance(block, Tiles | Bullets | Figure)]
        if not shown:
            return
        short = any(isinstance(block, Tiles) for block in shown)
        self.row += 1
        self.line(section.title, bold=True, font_size=14, height=24)
        for block in section.blocks if short else shown:
            if isinstance(block, Tiles):
                self.tiles(block.tiles)
            elif isinstance(block, Bullets):
                for said in block.texts:
                    self.line(f"• {said}")
            elif isinstance(block, Paragraph):
                self.line(block.text, font_color="#566370")
            elif isinstance(block, Figure):
                self.figure(block)

    def tiles(self, tiles: tuple[Tile, ...]) -> None:
        """Write the figures as a table: what, how many, what share, and its interval."""
        t = self.language.t
        head = {"bold": True, "bottom": 1, "bg_color": "#EAEEF2"}
        titles = (t("What"), t("Value"), t("Share"), t("95% from"), t("95% to"))
        for at, title in zip((FIRST, *range(FIRST + 3, FIRST + 7)), titles, strict=True):
            right = {} if at == FIRST else {"align": "right"}
            self.sheet.write_string(self.row, at, title, self.book.add_format(head | right))
        self.sheet.merge_range(self.row, FIRST, self.row, FIRST + 2, t("What"), self.book.add_format(head))
        for tile in tiles:
            self.row += 1
            label = tile.label[:1].upper() + tile.label[1:]
            self.sheet.merge_range(self.row, FIRST, self.row, FIRST + 2, "", self.book.add_format())
            self.sheet.write_string(self.row, FIRST, label, self.book.add_format())
            shares = (tile.share, tile.low, tile.high)
            cells = [(tile.value.value, tile.value.form), *((share, "share") for share in shares)]
            for at, (raw, form) in enumerate(cells, FIRST + 3):
                if isinstance(raw, int | float):
                    self.sheet.write_number(self.row, at, raw, self.book.add_format({"num_format": self.numbers[form]}))
        self.row += 2

    def figure(self, figure: Figure) -> None:
        """Put a picture with its legend, and its caption below."""
        drawn, height = _drawn(figure, self.language)
        scale = min(1.0, WIDEST / figure.picture.width)
        options = {"x_scale": scale / SHARP, "y_scale": scale / SHARP, "description": figure.picture.title}
        self.sheet.insert_image(self.row, FIRST, "picture.png", {"image_data": io.BytesIO(drawn), **options})
        self.row += -(-int(height * scale) // ROW_PX) + 1
        if figure.caption:
            self.line(figure.caption, font_color="#566370")


def _drawn(figure: Figure, language: Language) -> tuple[bytes, float]:
    """Draw a picture with its legend as a PNG without a resolution of its own, and give its height on the screen."""
    import typst

    legend = [
        {
            "line": sample(sign, alone=True) if line else "",
            "mark": mark(sign, alone=True) if sign.glyph else "",
            "word": word,
        }
        for sign, word, line in figure.legend
    ]
    picture = figure.picture
    data = {"svg": picture.svg(alone=True), "width": picture.width, "legend": legend, "language": language.code}
    drawn = typst.compile(
        HERE / "picture.typ",
        format="png",
        root=HERE,
        ppi=SHARP * SCREEN_PPI,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )
    assert isinstance(drawn, bytes)
    return drawn, int.from_bytes(drawn[20:24]) / SHARP
