"""What a report is made of, without a form: sections of tiles, pictures, findings, tables, definitions and commands.

Words are in the language of the reader already; numbers of tables are still numbers, so that a spreadsheet gets them as
such and a page as text.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from pipeline.language import Language
from pipeline.report.pictures.svg import Picture
from pipeline.report.signs import Sign

Form = Literal["text", "count", "share", "points", "duration", "q", "number", "day", "moment"]
Raw = str | float | int | date | None


@dataclass(frozen=True)
class Value:
    """A number that is written in another form than its column."""

    value: Raw
    form: Form


Cell = Raw | Value


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes
    ----------
    title : str
        Its name.
    form : str
        How its cells are written.
    width : int
        On a sheet, in signs.
    on_page : bool
        Whether a page has room for it; a spreadsheet has all columns.
    """

    title: str
    form: Form = "text"
    width: int = 12
    on_page: bool = True


@dataclass(frozen=True)
class Table:
    """Rows of raw values.

    Attributes
    ----------
    name : str
        Of the sheet, at most 31 signs.
    note : str
        What to know of it, said beneath.
    """

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""


@dataclass(frozen=True)
class Paragraph:
    """A sentence or a few; `soft` for what is beside the point."""

    text: str
    soft: bool = False


@dataclass(frozen=True)
class Bullets:
    """Sentences, one beside a mark each."""

    texts: tuple[str, ...]


@dataclass(frozen=True)
class Tile:
    """One figure, large, with its name; of a count also its share of all, and the 95% interval of that."""

    value: Value
    label: str
    share: float | None = None
    low: float | None = None
    high: float | None = None

    def said(self, language: Language) -> dict[str, str]:
        """Write the figure (value), its label, its share (note) and the interval (range)."""
        counted, word = self.share is not None, language.t("95% interval")
        return {
            "value": written(self.value, self.value.form, language),
            "label": self.label,
            "note": language.percent(self.share) if counted else "",
            "range": f"{word} {language.interval(self.low, self.high)}" if counted else "",
        }


@dataclass(frozen=True)
class Tiles:
    """The figures that sum a report up."""

    tiles: tuple[Tile, ...]


@dataclass(frozen=True)
class Figure:
    """A picture with its legend (signs with a line, or with a glyph) and a caption; `broad` asks for a wide page."""

    picture: Picture
    caption: str = ""
    legend: tuple[tuple[Sign, str, bool], ...] = ()
    broad: bool = False


@dataclass(frozen=True)
class Finding:
    """One deviation in sentences: what, with which uncertainty, with what effect, and whose journeys show it."""

    sign: Sign
    word: str
    text: str
    interval: str
    effect: str
    examples: str


@dataclass(frozen=True)
class Ranking:
    """Findings in the order of their weight, numbered."""

    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Terms:
    """Words and what they mean."""

    terms: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Code:
    """Lines to be typed or read as they are."""

    lines: tuple[str, ...]


Block = Table | Paragraph | Bullets | Tiles | Figure | Ranking | Terms | Code


@dataclass(frozen=True)
class Section:
    """A part of a report under its heading."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Document:
    """A whole report in one language."""

    language: Language
    title: str
    subtitle: str
    facts: tuple[str, ...]
    sections: tuple[Section, ...]


def for_page(table: Table) -> Table:
    """Give the part of a table that a page has room for."""
    shown = [number for number, column in enumerate(table.columns) if column.on_page]
    return Table(
        table.name,
        tuple(table.columns[k] for k in shown),
        tuple(tuple(row[k] for k in shown) for row in table.rows),
        table.note,
    )


def opened(cell: Cell, form: Form) -> tuple[Raw, Form]:
    """Give the raw value of a cell, and the form it is written in."""
    return (cell.value, cell.form) if isinstance(cell, Value) else (cell, form)


def written(cell: Cell, form: Form, language: Language) -> str:
    """Write a cell as text."""
    raw, form = opened(cell, form)
    if raw is None or isinstance(raw, str):
        return raw or language.number(None)
    if isinstance(raw, date):
        return language.moment(raw) if isinstance(raw, datetime) else language.date(raw)
    writers: dict[str, Callable[[float], str]] = {
        "count": language.number,
        "share": language.percent,
        "points": language.points,
        "duration": language.duration,
        "q": language.q_value,
        "number": lambda value: language.number(value, 3),
    }
    return writers[form](raw)
