"""What the commands print for people: numbers with separators, compact tables, a progress bar."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from mining.durations import format_duration

Draw = Callable[[object, float], None]  # what is being done, and the share that is behind
UNDEFINED = "-"
WIDEST = 60  # characters of a cell; what is longer is cut, the JSON has all of it
BAR = 24
UNWRITABLE = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\ud800-\\udfff]")


def out(text: str) -> None:
    """Print to stdout, quietly when who reads it (`| head`) has had enough."""
    _print(plain(text))


def _print(text: str) -> None:
    try:
        sys.stdout.write(text if text.endswith("\n") else f"{text}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        # Python flushes once more at the end, and would complain then.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def out_json(document: Mapping[str, Any]) -> None:
    """Print one JSON document."""
    text = json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False)
    _print(UNWRITABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text))


def note(texts: Iterable[object], quiet: bool) -> None:
    """Say on stderr what a person should know besides the result."""
    if not quiet:
        sys.stderr.write("".join(f"note: {plain(str(text))}\n" for text in texts))


def plain(text: str) -> str:
    """Take out what would steer the terminal or cannot be written: a log may call a file or a column so.

    Examples
    --------
    >>> plain("a" + chr(27) + "[31mb")
    'a�[31mb'
    """
    return UNWRITABLE.sub("\ufffd", text)


def count(value: float | None) -> str:
    """Write a whole number with separators.

    Examples
    --------
    >>> count(32593)
    '32,593'
    """
    return UNDEFINED if value is None else f"{value:,.0f}"


def number(value: float | None, digits: int = 3) -> str:
    """Write a number with a fixed number of digits after the point."""
    return UNDEFINED if value is None else f"{value:,.{digits}f}"


def percent(share: float | None) -> str:
    """Write a share as per cent.

    Examples
    --------
    >>> percent(0.1234)
    '12.3 %'
    """
    return UNDEFINED if share is None else f"{100 * share:.1f} %"


def duration(seconds: float | None) -> str:
    """Write a duration in its largest unit."""
    return UNDEFINED if seconds is None else format_duration(seconds)


def moment(text: str | None) -> str:
    """Write an ISO 8601 time to the minute."""
    return UNDEFINED if text is None else text[:16].replace("T", " ")


def table(head: Sequence[str], rows: Iterable[Sequence[str]], left: Collection[int] = (0,)) -> str:
    """Set rows in columns, those numbered in `left` flush left, the others flush right.

    Examples
    --------
    >>> print(table(["step", "n"], [["look", "12"], ["buy", "3"]]))
    step   n
    look  12
    buy    3
    """
    cells = [[_cut(cell) for cell in row] for row in (head, *rows)]
    widths = [max(len(row[k]) for row in cells) for k in range(len(head))]
    lines = (
        "  ".join(
            cell.ljust(w) if k in left else cell.rjust(w) for k, (cell, w) in enumerate(zip(row, widths, strict=True))
        )
        for row in cells
    )
    return "\n".join(line.rstrip() for line in lines)


def facts(pairs: Iterable[tuple[str, str]]) -> str:
    """Set label and text in two columns."""
    pairs = list(pairs)
    width = max(len(label) for label, _ in pairs)
    return "\n".join(f"{label.ljust(width)}  {text}" for label, text in pairs)


def log_facts(log: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Say what a log holds, from the `log` object of the JSON documents."""
    said = [
        (
            "Log",
            f"{count(log['events'])} events in {count(log['journeys'])} journeys, "
            f"{count(log['variants'])} variants, {count(log['activities'])} activities",
        ),
        ("Time", f"{moment(log['start'])} to {moment(log['end'])} UTC" if log["start"] else "none, only an order"),
    ]
    return said + ([("Rejected", f"{count(log['rejected_rows'])} rows")] if log["rejected_rows"] else [])


@contextmanager
def progress(quiet: bool) -> Iterator[Draw | None]:
    """Give what draws a progress bar, or None where nobody would see it."""
    if quiet or not sys.stderr.isatty():
        yield None
        return

    def draw(label: object, share: float) -> None:
        done = round(BAR * min(max(share, 0.0), 1.0))
        sys.stderr.write(f"\r\x1b[K[{'#' * done}{'.' * (BAR - done)}] {plain(str(label))}")
        sys.stderr.flush()

    try:
        yield draw
    finally:
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()


def _cut(text: str) -> str:
    """Make a cell one line that is not too long."""
    text = " ".join(text.split())
    return text if len(text) <= WIDEST else f"{text[: WIDEST - 1]}…"
