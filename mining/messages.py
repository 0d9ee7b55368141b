"""Words for people that can be translated later: a template and its values, kept apart.

The ground floor knows no language. It says ``Message(N_("{n} rows have no time"), n=3)``; printed, that is English;
the app looks the template up in its catalogue first and fills the values in afterwards.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def N_(template: str) -> str:
    """Mark `template` for the message catalogue and give it back as it is."""
    return template


class Message:
    """One sentence for a person.

    Parameters
    ----------
    template : str
        English text with ``{name}`` fields, marked with `N_` where it is written.
    **values
        What the fields stand for.

    Examples
    --------
    >>> str(Message(N_("{n} rows have no time"), n=3))
    '3 rows have no time'
    """

    __slots__ = ("template", "values")

    def __init__(self, template: str, **values: Any) -> None:
        self.template = template
        self.values = values

    def text(self, translate: Callable[[str], str] = str) -> str:
        """Give the sentence, with the template put through `translate` before its fields are filled."""
        return translate(self.template).format(**self.values) if self.values else translate(self.template)

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return f"Message({self.text()!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Message) and (self.template, self.values) == (other.template, other.values)

    def __hash__(self) -> int:
        return hash((self.template, str(self.values)))
