"""What the commands print for people: messages in their language, compact tables, a progress bar."""

from __future__ import annotations

import json
import os
import re
import sys
from argparse import Namespace
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from mining.errors import DesirePathError, Problem
from mining.messages import N_, Message
from pipeline.language import Language

if TYPE_CHECKING:
    from mining.journey_map import JourneyMap

Draw = Callable[[object, float], None]  # what is being done, and the share that is behind
MORE = N_("... and {n} more: see --json or --out")
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


def spoken(arguments: Namespace) -> Language:
    """Give the language that is asked for."""
    return Language(arguments.language)


def note(texts: Iterable[object], arguments: Namespace) -> None:
    """Say on stderr what a person should know besides the result."""
    if not arguments.quiet:
        language = spoken(arguments)
        said = (language.t("note: {text}", text=say(text, language)) for text in texts)
        sys.stderr.write("".join(f"{plain(line)}\n" for line in said))


def failed(checks: Iterable[Message], arguments: Namespace) -> None:
    """Say on stderr which checks did not hold."""
    language = spoken(arguments)
    sys.stderr.write("".join(language.t("check failed: {text}", text=say(text, language)) + "\n" for text in checks))


def say(text: object, language: Language) -> str:
    """Put a message into words; of a file, all of the path: it lies on the reader's own machine.

    Examples
    --------
    >>> say(Message("{path}: {n} rows", path=PurePath("logs/a.csv"), n=1234), Language("vi"))
    'logs/a.csv: 1.234 rows'
    """
    return language.say(_with_paths(text)) if isinstance(text, Message) else str(text)


def _with_paths(message: Message) -> Message:
    told = {
        name: _with_paths(value) if isinstance(value, Message) else str(value) if isinstance(value, PurePath) else value
        for name, value in message.values.items()
    }
    return Message(message.template, **told)


def say_warnings(plan: JourneyMap, language: Language) -> list[str]:
    """Say what a reader of a map should know of it, with the lines."""
    return [say_problem(warning, language) for warning in plan.warnings]


def say_error(error: DesirePathError, language: Language) -> str:
    """Put an error and all its problems into words, a line each."""
    return "\n".join([say(error.message, language), *(f"  {say_problem(p, language)}" for p in error.problems)])


def say_problem(problem: Problem, language: Language) -> str:
    """Say one thing to mend, with its line where that is known."""
    said = say(problem.message, language)
    return said if problem.line is None else language.t("line {line}: {said}", line=str(problem.line), said=said)


def plain(text: str) -> str:
    """Take out what would steer the terminal or cannot be written: a log may call a file or a column so.

    Examples
    --------
    >>> plain("a" + chr(27) + "[31mb")
    'a�[31mb'
    """
    return UNWRITABLE.sub("\ufffd", text)


def table(head: Sequence[str], rows: Iterable[Sequence[str]], left: Collection[int] = (0,)) -> str:
    """Set rows in columns, those numbered in `left` flush left, the others flush right.

    Cells are cut where they are too long, but not in the last column: there stands what is to be read or typed in full.

    Examples
    --------
    >>> print(table(["step", "n"], [["look", "12"], ["buy", "3"]]))
    step   n
    look  12
    buy    3
    """
    cells = [[*map(_cut, row[:-1]), " ".join(row[-1].splitlines())] for row in (head, *rows)]
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


def more(rows: Collection[object], shown: int, language: Language, said: str = MORE) -> str:
    """Say how many rows are not shown, and where they are; nothing where all are shown."""
    hidden = len(rows) - shown
    return "" if hidden <= 0 else "\n" + language.t(said, n=hidden)


def beside(title: str, identifier: str) -> str:
    """Write the title of a thing with the id that a person has to type.

    Examples
    --------
    >>> beside("Final exam", "exam"), beside("exam", "exam")
    ('Final exam (exam)', 'exam')
    """
    return title if title == identifier else f"{title} ({identifier})"


@contextmanager
def progress(quiet: bool, language: Language | None = None) -> Iterator[Draw | None]:
    """Give what draws a progress bar, or None where nobody would see it."""
    if quiet or not sys.stderr.isatty():
        yield None
        return

    told = language or Language()

    def draw(label: object, share: float) -> None:
        done = round(BAR * min(max(share, 0.0), 1.0))
        sys.stderr.write(f"\r\x1b[K[{'#' * done}{'.' * (BAR - done)}] {plain(say(label, told))}")
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
