"""How a delimited file writes its rows: told from its first part, by what makes most rows equally wide."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from mining.errors import SourceError
from mining.messages import N_, Message
from pipeline.sources.raw import check_width

DELIMITERS = (",", ";", "\t", "|")
RARE_DELIMITERS = ("^", "~", "\x01", "\x1f", "¦", " ")
LONGEST_FIELD = 1 << 25
ROWS = 200  # records that are looked at
CLEAR = 0.9  # share of rows that must agree
UNCLEAR = 0.5  # a usual delimiter that makes fewer rows alike is none
STAND_IN = "\x1f"  # for a delimiter of several characters, which the csv module does not know
MOMENT = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}([T ].*)?|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}( .*)?|1\d{9}(\d{3}){0,2}")


@dataclass(frozen=True)
class Dialect:
    """How a file writes its rows: the delimiter, the header, and what stands before the first row.

    That is counted in lines and in records, as a header may have line breaks in its names. `noisy` lines at the start
    hold quotation marks that quote nothing.
    """

    delimiter: str
    header: tuple[str, ...]
    lines: int
    records: int
    quote: str = '"'
    notes: tuple[Message, ...] = ()
    noisy: int = 0

    def reader(self, lines: Iterable[str]) -> Records:
        """Read records as the database does."""
        return Records(lines, self.delimiter, self.quote)


class Records(Iterator[list[str]]):
    """The csv module, with delimiters of several characters."""

    def __init__(self, lines: Iterable[str], delimiter: str, quote: str) -> None:
        csv.field_size_limit(LONGEST_FIELD)
        if len(delimiter) > 1:
            lines = (line.replace(delimiter, STAND_IN) for line in lines)
        self._reader = csv.reader(lines, delimiter=delimiter if len(delimiter) == 1 else STAND_IN, quotechar=quote)

    def __next__(self) -> list[str]:
        return next(self._reader)

    @property
    def line_num(self) -> int:
        """Lines read so far."""
        return self._reader.line_num


def sniff(head: str, path: Path, delimiter: str | None = None) -> Dialect:
    """Tell delimiter, quote and header by the first records.

    Raises
    ------
    SourceError
        When the text is empty or has no row below its header, or has more columns than any log.
    """
    if not head.strip():
        raise SourceError(N_("{path} is empty. Give a file with a header and at least one row."), path=path)
    declared = re.match(r"sep=(.)\r?\n", head)
    offset = 1 if declared else 0
    body = head[declared.end() :] if declared else head
    remarks, body = _without_remarks(body)
    if not body.strip():
        raise _no_rows(path)
    quote = _quote(body)
    chosen = delimiter or (declared.group(1) if declared else _delimiter(body, quote))
    try:
        found = _header(body, chosen, quote, path, remarks)
    except csv.Error as error:
        raise SourceError(N_("{path} cannot be read: {detail}"), path=path, detail=error) from error
    check_width(path, len(found.header))
    before = offset + len(remarks)
    noisy = before if any(quote in remark for remark in remarks) else 0
    return Dialect(chosen, found.header, found.lines + before, found.records + before, quote, found.notes, noisy)


def looks_delimited(start: bytes) -> bool:
    r"""Say whether a text is beyond doubt a table: several columns, and nearly all rows alike.

    Examples
    --------
    >>> looks_delimited(b"a,b\n1,2\n3,4\n"), looks_delimited(b"Origin: a shop, 2026\nLicence: none\n")
    (True, False)
    """
    text = start.decode("utf-16" if start[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", errors="replace")
    widths = [n for n in _widths(text, _delimiter(text, '"'), '"') if n]
    return len(widths) > 2 and Counter(widths).most_common(1)[0][1] >= CLEAR * len(widths) and max(widths) > 1


def _without_remarks(body: str) -> tuple[list[str], str]:
    """Part the lines of remarks before the header from the rest; the last of them may itself be the header."""
    lines = _physical(body)
    n = 0
    while n < len(lines) and (lines[n].startswith("#") or (n and not lines[n].strip())):
        n += 1
    if not n or n == len(lines):
        return [], body
    last = max(i for i in range(n) if lines[i].strip())
    rest = "".join(lines[n:])
    delimiter = _delimiter(rest, '"')
    own = lines[last].removeprefix("#Fields:").lstrip("# ")
    width = Counter(w for w in _widths(rest, delimiter, '"') if w).most_common(1)[0][0]
    if width > 1 and width == max(_widths(own, delimiter, '"'), default=0):
        return lines[:last], own + "".join(lines[last + 1 :])
    return lines[:n], rest


def _physical(text: str) -> list[str]:
    """Give the lines of a text as the database counts them: `str.splitlines` ends lines at other marks too."""
    return io.StringIO(text, newline="\n").readlines()


def _widths(text: str, delimiter: str, quote: str) -> list[int]:
    """Give the number of values of the first records; nothing when they cannot be read."""
    widths: list[int] = []
    try:
        for record in Records(io.StringIO(text, newline=""), delimiter, quote):
            widths.append(len(record))
            if len(widths) > ROWS:
                break
    except csv.Error:
        return []
    return widths


def _delimiter(text: str, quote: str) -> str:
    """Give the delimiter that makes most records equally wide; a rare one only where no usual one parts anything."""
    rated = {d: _evenness(text, d, quote) for d in DELIMITERS}
    best = max(DELIMITERS, key=lambda d: rated[d])
    if rated[best][0] < UNCLEAR:
        rare = {d: _evenness(text, d, quote) for d in RARE_DELIMITERS}
        found = max(RARE_DELIMITERS, key=lambda d: rare[d])
        if rare[found][0] >= CLEAR and rare[found][0] > rated[best][0]:
            best = found
    return best * 2 if _is_doubled(text, best, quote) else best


def _is_doubled(text: str, delimiter: str, quote: str) -> bool:
    """Say whether two delimiters stand wherever one could: every second value is empty, in all records."""
    if delimiter == " " or delimiter * 2 not in text:
        return False
    records = [r for r in _first(text, delimiter, quote) if r]
    return len(records) > 1 and all(len(r) % 2 and len(r) > 1 and not any(r[1::2]) for r in records)


def _first(text: str, delimiter: str, quote: str) -> list[list[str]]:
    """Give the first whole records."""
    records: list[list[str]] = []
    try:
        for record in Records(io.StringIO(text, newline=""), delimiter, quote):
            records.append(record)
            if len(records) > ROWS:
                break
    except csv.Error:
        pass
    return records[:-1] if len(records) > 2 else records


def _evenness(text: str, delimiter: str, quote: str) -> tuple[float, int]:
    """Rate a delimiter: the share of records as wide as the header, then the width; one column counts for nothing."""
    widths = [width for width in _widths(text, delimiter, quote) if width]
    if not widths:
        return (0.0, 0)
    width, n = Counter(widths).most_common(1)[0]
    if widths[0] > 1 and widths.count(widths[0]) == n:
        width = widths[0]
    n += 1 < widths[0] == width - 1  # a header may leave the column of row names unnamed
    return (n / len(widths), width) if width > 1 else (0.0, 0)


def _quote(text: str) -> str:
    """Give the quotation mark: the single one only where values are put in it and nothing in the double one."""
    lines = [line.strip() for line in text.splitlines()[1:50] if line.strip()]
    if '"' in text or len(lines) < 2:
        return '"'
    return "'" if all(re.search(r"(^|[,;\t|])'[^']*'([,;\t|]|$)", line) for line in lines) else '"'


@dataclass(frozen=True)
class _Found:
    header: tuple[str, ...]
    lines: int
    records: int
    notes: tuple[Message, ...]


def _header(body: str, delimiter: str, quote: str, path: Path, remarks: Sequence[str]) -> _Found:
    """Find the header, and make it as wide as the rows below it where that is beyond doubt."""
    reader = Records(io.StringIO(body, newline=""), delimiter, quote)
    placed: list[tuple[list[str], int]] = []
    for record in reader:
        placed.append((record, reader.line_num))
        if len(placed) > ROWS:
            break
    widths = [len(record) for record, _ in placed if record]
    usual = Counter(widths).most_common(1)[0][0]
    at = next(n for n, (record, _) in enumerate(placed) if record)
    above = at
    if len(widths) > 5 and widths.count(usual) >= CLEAR * len(widths) - 1 and usual > 2:
        above = next(n for n, (record, _) in enumerate(placed) if len(record) in (usual, usual - 1))
    if len(placed[at][0]) > max(1, usual // 2):
        above = at
    named = placed[above][0]
    rows = [r for r, _ in placed[above + 1 :] if r]
    if not rows:
        raise _no_rows(path)
    if _is_row(named, rows):
        before = placed[above - 1][1] if above else 0
        note = Message(N_("{name} has no header; its columns were numbered."), name=path.name)
        return _Found(tuple("" for _ in named), before, above, (note,))
    notes = []
    if above > at or remarks:
        left = len(remarks) + sum(bool(r) for r, _ in placed[:above])
        notes.append(Message(N_("Lines left out before the header of {name}: {n}."), name=path.name, n=left))
    names, told = _as_wide(named, rows, path)
    return _Found(tuple(names), placed[above][1], above + 1, (*notes, *told))


def _is_row(record: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Say whether the first record is a row already: it holds a time where all others hold one too."""
    places = [i for i, value in enumerate(record) if MOMENT.fullmatch(value.strip())]
    return all(record) and any(
        all(len(row) > i and MOMENT.fullmatch(row[i].strip()) for row in rows[:20]) for i in places
    )


def _as_wide(header: list[str], rows: Sequence[Sequence[str]], path: Path) -> tuple[list[str], list[Message]]:
    """Add the name that a header lacks before its first column, or take off an empty one that no row has."""
    widths = Counter(len(row) for row in rows)
    usual, n = widths.most_common(1)[0]
    if n < CLEAR * len(rows) or usual == len(header):
        return header, []
    if usual == len(header) - 1 and not header[-1].strip():
        return header[:-1], []
    if usual == len(header) + 1 and any(row[-1] for row in rows if len(row) == usual):
        note = Message(
            N_("{name}: the header has one name less than there are columns; the first has none."), name=path.name
        )
        return ["", *header], [note]
    return header, []


def _no_rows(path: Path) -> SourceError:
    message = Message(N_("{path} has a header but no rows. Give a file with at least one row."), path=path)
    return SourceError(message.template, **message.values)
