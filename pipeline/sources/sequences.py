"""Sequence files: one journey per line, its activities in their order, and no time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from mining.errors import SourceError
from mining.messages import N_, Message
from pipeline.options import Reading
from pipeline.sources.lines import keep_unread, lines_of, read_lines
from pipeline.sources.raw import RawColumn, RawTable, Source
from pipeline.sources.text import prepare
from pipeline.store import Session, literal, quoted

NAMES = {".seq", ".spmf", ".sequences"}
SPMF_LINE = re.compile(r"(?:\S+ )+-1 (?:(?:\S+ )+-1 )*-2\s*")
CODES = re.compile(r"\d+(?:[ \t]+\d+)*[ \t]*")
COLUMNS = (RawColumn("journey", "c1", "VARCHAR"), RawColumn("activity", "c2", "VARCHAR"))


@dataclass(frozen=True)
class Style:
    """How a file writes its sequences: what stands between the items, and the names of items written as codes."""

    separator: str
    ends: tuple[str, ...] = ()
    names: tuple[tuple[int, str], ...] = ()


def is_sequences(start: bytes, name: str) -> bool:
    r"""Say whether a text is one sequence per line: by its name, by the marks of SPMF, or by a legend over bare codes.

    Examples
    --------
    >>> is_sequences(b"1 -1 2 -1 -2\n3 -1 -2\n", "a.txt"), is_sequences(b"case,activity", "a.csv")
    (True, False)
    """
    suffixes = {suffix.lower() for suffix in PurePath(name).suffixes[-2:]}
    if suffixes & NAMES:
        return True
    lines = start.decode("utf-8-sig", errors="replace").splitlines()[: -1 if len(start) >= 1 << 16 else None]
    rows = [line for line in lines if line.strip() and not _is_remark(line)]
    if not rows:
        return False
    if all(SPMF_LINE.fullmatch(line) for line in rows[:200]):
        return True
    with_legend = any(line.startswith("%") for line in lines)
    return with_legend and all(CODES.fullmatch(line) for line in rows[1:200]) and len(rows) > 2


def read_sequences(db: Session, source: Source, name: str, reading: Reading) -> RawTable:
    """Read one journey per line: its running number is its key.

    Raises
    ------
    SourceError
        When no line holds a sequence.
    """
    text = prepare(db, source.path, reading.encoding, source.look)
    style, legend_lines = _style(text.head(), reading.delimiter)
    long = read_lines(db, source, text, name)
    _split(db, name, style, legend_lines)
    if not db.value(f"SELECT count(*) FROM {quoted(name + '_rows')}"):
        raise SourceError(N_("{path} holds no sequence. One journey per line is expected."), path=source.path)
    db.execute(f"CREATE TEMP VIEW {quoted(name)} AS SELECT rowid AS row_no, c1, c2 FROM {quoted(name + '_rows')}")
    keep_unread(db, name, "false", long)
    return RawTable(
        source,
        name,
        COLUMNS,
        f"{name}_unread",
        "concat_ws(' ', c1, c2)",
        lambda rows: lines_of(db, name, rows),
        (*text.notes, *_notes(source, style)),
        {"journey": ("journey",), "activity": ("activity",), "time": ()},
    )


def _notes(source: Source, style: Style) -> list[Message]:
    if not style.names:
        return []
    return [
        Message(
            N_("{name} numbers its activities; they were given the {n} names in its header, from {first} on."),
            name=source.name,
            n=len(style.names),
            first=style.names[0][1],
        )
    ]


def _is_remark(line: str) -> bool:
    return line.startswith(("%", "@", "#"))


def _style(head: str, separator: str | None) -> tuple[Style, int]:
    """Tell how items are parted and named, and how many lines stand before the first sequence."""
    lines = [line.rstrip("\r") for line in head.split("\n")]
    before = _after_remarks(lines, 0)
    found = [re.fullmatch(r"@ITEM=(\d{1,6})=(.*)", line) for line in lines[:before]]
    names = tuple((int(item[1]), item[2].strip()) for item in found if item and int(item[1]))
    if not names and before and _is_legend(lines[before:]):
        names = tuple(enumerate(lines[before].split(), start=1))
        before = _after_remarks(lines, before + 1)
    rows = [line for line in lines[before : before + 200] if line.strip() and not _is_remark(line)]
    if separator is not None:
        return Style(separator, (), names), before
    if rows and all(SPMF_LINE.fullmatch(row) for row in rows[:-1] or rows):
        return Style(" ", ("-1", "-2"), names), before
    mark = next((mark for mark in (" -> ", "\t", ";", ",", "|") if rows and _parts_most(rows, mark)), " ")
    return Style(mark, (), names), before


def _after_remarks(lines: Sequence[str], place: int) -> int:
    """Give the first line from `place` on that is neither blank nor a remark."""
    while place < len(lines) and (not lines[place].strip() or _is_remark(lines[place])):
        place += 1
    return place


def _is_legend(lines: Sequence[str]) -> bool:
    """Say whether the first line names what the lines below number: words over bare codes, each within their count."""
    rows = [line for line in lines[1:200] if line.strip() and not _is_remark(line)]
    if not rows or CODES.fullmatch(lines[0]) or not all(CODES.fullmatch(row) for row in rows):
        return False
    return all(1 <= int(code) <= len(lines[0].split()) for row in rows for code in row.split())


def _parts_most(rows: Sequence[str], mark: str) -> bool:
    """Say whether a mark stands in most of the lines that have several items at all."""
    return sum(mark in row for row in rows) > 0.5 * len(rows)


def _split(db: Session, name: str, style: Style, before: int) -> None:
    """Make a row of every item, in the order of the file."""
    legend: list[str | None] = [None] * max((code for code, _ in style.names), default=0)
    for code, label in style.names:
        legend[code - 1] = label
    db.execute(f"CREATE TEMP TABLE {quoted(name + '_legend')} (names VARCHAR[])")
    db.execute(f"INSERT INTO {quoted(name + '_legend')} VALUES ($names)", {"names": legend})
    marks = ", ".join(literal(mark) for mark in ("", *style.ends))
    db.execute(
        f"""
        CREATE TEMP TABLE {quoted(name + "_rows")} AS
        SELECT CAST(key AS VARCHAR) AS c1, coalesce(names[try_cast(item AS INTEGER)], item) AS c2, line_no
        FROM (
            SELECT key, line_no, trim(unnest(string_split(line, {literal(style.separator)}))) AS item FROM (
                SELECT row_number() OVER () AS key, rowid + 1 AS line_no, trim(line, ' \t\r') AS line
                FROM {quoted(name + "_lines")}
                WHERE rowid >= {before} AND trim(line, ' \t\r') <> '' AND left(line, 1) NOT IN ('%', '@', '#')
            )
        ), {quoted(name + "_legend")} WHERE item NOT IN ({marks})
        """
    )
