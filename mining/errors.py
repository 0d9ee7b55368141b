"""Everything that can go wrong in a way the user can mend.

::

    DesirePathError
    ├── SourceError      a file cannot be read, or none of its rows can be kept
    ├── MappingError     which column is what cannot be told, or was told wrongly
    ├── MapError         the planned map is not valid; all its problems at once
    ├── RecipeError      a path-cleaning recipe is not valid
    ├── ModelError       a map or net cannot become an automaton
    ├── ExpressionError  a condition (`--where`, a persona, `fails_when`) cannot be read or names what is not there
    ├── WorkspaceError   the workspace is locked, newer than the program, damaged, read-only or out of disk
    └── FrameError       a frame does not have its shape: a fault of ours, not of the user

The text says what, where, what was found, and what to do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from mining.messages import Message


@dataclass(frozen=True)
class Problem:
    """One thing to mend: what is wrong and, where known, the line (from 1) it stands on."""

    message: Message
    line: int | None = None

    def text(self, translate: Callable[[str], str] = str) -> str:
        """Give the problem as one line, ``line 12: ...`` where the line is known."""
        said = self.message.text(translate)
        return said if self.line is None else f"{translate('line')} {self.line}: {said}"


class DesirePathError(Exception):
    """Root of the tree.

    Parameters
    ----------
    template : str
        English text with ``{name}`` fields, marked with `mining.messages.N_`.
    problems : sequence of Problem
        The single faults, when the check went on after the first.
    **values
        What the fields stand for.
    """

    def __init__(self, template: str, *, problems: Sequence[Problem] = (), **values: Any) -> None:
        self.message = Message(template, **values)
        self.problems = tuple(problems)
        super().__init__(template)

    def text(self, translate: Callable[[str], str] = str) -> str:
        """Give the message and, a line each, its problems."""
        return "\n".join([self.message.text(translate), *("  " + p.text(translate) for p in self.problems)])

    def __str__(self) -> str:
        return self.text()


class SourceError(DesirePathError):
    """A file cannot be read, or none of its rows can be kept."""


class MappingError(DesirePathError):
    """Which column is what cannot be told, or was told wrongly."""


class MapError(DesirePathError):
    """The planned map is not valid."""


class RecipeError(DesirePathError):
    """A path-cleaning recipe is not valid."""


class ModelError(DesirePathError):
    """A map or net cannot become an automaton."""


class ExpressionError(DesirePathError):
    """A condition cannot be read, or names what is not there."""


class WorkspaceError(DesirePathError):
    """The workspace cannot be opened or written."""


class FrameError(DesirePathError):
    """A frame does not have the shape it should have."""
