"""Lines that would swallow others: a stray quotation mark, or a line without end, must not cost the rest of a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

LONGEST_LINE = 2_000_000  # bytes: what the database takes for a row
SHOWN = 1_000  # characters of a longer line that are kept
LONGEST = 200  # lines one quoted value may span before its opening quote counts as stray


def without_long_lines(place: Path, mended: Path) -> dict[int, str]:
    """Copy a file, with every line that is too long for a row left blank.

    Returns
    -------
    dict of int to str
        The lines that were blanked, by number from 1: how each begins.
    """
    blanked: dict[int, str] = {}
    number = 1
    with place.open("rb") as file, mended.open("wb") as out:
        while line := file.readline(LONGEST_LINE):
            if len(line) < LONGEST_LINE or line.endswith(b"\n"):
                out.write(line)
            else:
                blanked[number] = line[: 4 * SHOWN].decode(errors="replace")[:SHOWN] + "…"
                while line and not line.endswith(b"\n"):
                    line = file.readline(LONGEST_LINE)
                out.write(b"\n")
            number += 1
    return blanked


def without_stray_quotes(place: Path, delimiter: str, mended: Path, quote: str = '"') -> dict[int, str]:
    """Copy a file, with every line that opens a quote and never closes it left blank.

    Returns
    -------
    dict of int to str
        The lines that were blanked, by number from 1.
    """
    blanked: dict[int, str] = {}
    with place.open(encoding="utf-8", newline="") as file, mended.open("w", encoding="utf-8", newline="") as out:
        waiting: list[str] = []
        number = 0
        lines = _and_again(file, waiting)
        for line in lines:
            number += 1
            record = [line]
            state = _state(line, delimiter, quote, quoted=False)
            while state == "open" and len(record) < LONGEST and (following := next(lines, None)) is not None:
                record.append(following)
                state = _state(following, delimiter, quote, quoted=True)
            if state == "open" or (state == "torn" and len(record) > 1):
                blanked[number] = line.rstrip("\r\n")
                out.write("\n")
                waiting.extend(reversed(record[1:]))
            else:
                out.writelines(record)
                number += len(record) - 1
    return blanked


def _and_again(file: Iterator[str], waiting: list[str]) -> Iterator[str]:
    """Give the lines that wait to be read once more, the last first, and else the next of the file."""
    while True:
        line = waiting.pop() if waiting else next(file, None)
        if line is None:
            return
        yield line


def _state(line: str, delimiter: str, quote: str, *, quoted: bool) -> str:
    """Say how a line ends: ``closed``, ``open`` inside a value, or ``torn`` when text follows a closing quote."""
    if quote not in line:
        return "open" if quoted else "closed"
    torn = False
    fields = line.rstrip("\r\n").split(delimiter)
    for field in fields:
        if not quoted and not field.startswith(quote):
            continue
        rest = (field if quoted else field[1:]).replace(quote * 2, "")
        quoted = quote not in rest
        torn = torn or (not quoted and not rest.endswith(quote)) or rest.count(quote) > 1
    return "open" if quoted else "torn" if torn else "closed"
