"""The `desirepath` command: reads the arguments, calls one function, and turns what goes wrong into one clear message.

Nothing heavy is imported before a command runs, so `desirepath --help` answers at once. What the commands do stands in
`pipeline.cli.commands` and `pipeline.cli.maps`, what they print in `pipeline.cli.text`.

Exit codes: 0 done; 1 the input is at fault; 2 wrong usage; 3 a check asked for did not hold; 130 interrupted;
143 asked to end.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import NoReturn

from mining.errors import DesirePathError
from pipeline.cli.help import language_of
from pipeline.cli.parser import parser
from pipeline.cli.signals import INTERRUPTED, ending_when_asked, leave
from pipeline.cli.text import plain, say_error
from pipeline.cli.usage import faults
from pipeline.language import Language

INPUT_AT_FAULT = 1


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    argv : sequence of str, optional
        The arguments without the program's name; those of the process by default.

    Returns
    -------
    int
        The exit code.

    Raises
    ------
    SystemExit
        With 2 for wrong usage, with 0 after `--help` and `--version`.

    Examples
    --------
    >>> main(["info", "nowhere.duckdb"])
    1
    """
    return _run(argv, [])


def command() -> NoReturn:
    """Run one command as a process of its own, and end it."""
    asked: list[int] = []
    code = _run(None, asked)
    leave(code, bool(asked))


def _run(argv: Sequence[str] | None, asked: list[int]) -> int:
    """Run one command; `asked` gets a code for each time it was asked to end."""
    language = Language()
    try:
        language = language_of(argv)
        arguments, unknown = parser(language).parse_known_args(argv)
        if wrong := faults(arguments, unknown):
            arguments.parser.error("; ".join(wrong))
        with ending_when_asked(asked):
            code: int = arguments.run(arguments)
        return code
    except DesirePathError as error:
        return _refuse(say_error(error, language))
    except OSError as error:
        return _refuse(_what_the_system_said(error))
    except KeyboardInterrupt:
        sys.stderr.write(language.t("Interrupted; nothing was left half-written.") + "\n")
        return asked[0] if asked else INTERRUPTED


def _refuse(text: str) -> int:
    """Say on stderr why nothing was done."""
    sys.stderr.write(f"desirepath: {plain(text)}\n")
    return INPUT_AT_FAULT


def _what_the_system_said(error: OSError) -> str:
    """Name the file and the reason, without error number and class."""
    said = error.strerror or str(error)
    return f"{error.filename}: {said}" if error.filename else said
