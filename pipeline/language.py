"""A language as a value: its words for the templates that all floors mark, and its way of writing numbers.

A report is written in the language it is asked for, by the command line as by the app; so the catalogues are read here.
"""

from __future__ import annotations

import gettext
import io
import string
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePath
from typing import Any

from mining.localised import Text
from mining.messages import Message
from pipeline.formats import Formats

LANGUAGES = {"en": "English", "vi": "Tiếng Việt"}
CATALOGUES = Path(__file__).with_name("locale")
# Values that lower floors mark for translation themselves: parts of a sentence, never names from data.
WORDS = frozenset({"what", "detail", "kind", "why", "where", "reason", "wanted"})


@dataclass(frozen=True)
class Language(Formats):
    """One language.

    Examples
    --------
    >>> Language("en").t("{n} of {of} journeys", n=1234, of=5000)
    '1,234 of 5,000 journeys'
    """

    def translate(self, template: str) -> str:
        """Look a template up; one that is not known stays as it is."""
        return catalogue(self.code).gettext(template) if template else template

    def t(self, template: str, **values: Any) -> str:
        """Say `template` as plain text."""
        return self.say(Message(template, **values)) if values else self.translate(template)

    def say(self, message: Message, *, escape: Callable[[str], str] = str) -> str:
        """Put a message into words; numbers as the language writes them, nested messages and map texts in it, too.

        Parameters
        ----------
        message : Message
            What to say.
        escape : callable
            What values from data go through, such as one that escapes Markdown.
        """
        known = {k: self.translate(v) if k in WORDS and isinstance(v, str) else v for k, v in message.values.items()}
        return _Filler(self, escape).vformat(self.translate(message.template), (), known)

    def counted(self, singular: str, plural: str, n: int, **values: Any) -> str:
        """Say one of two templates, by the plural rules of the language; both know ``{n}``."""
        template = catalogue(self.code).ngettext(singular, plural, n)
        return _Filler(self, str).vformat(template, (), {"n": n, **values})

    def local(self, text: Text) -> str:
        """Give a text of a map in the language."""
        return text.get(self.code)


@cache
def catalogue(code: str) -> gettext.NullTranslations:
    """Read the catalogue of a language; compiled in memory, so that no binary file is kept.

    The templates are English: to say them in English takes no catalogue, nor the time to read one at every start.
    """
    if code == "en":
        return gettext.NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with (CATALOGUES / code / "LC_MESSAGES" / "desirepath.po").open("rb") as file:
        known = read_po(file, locale=code)
    compiled = io.BytesIO()
    write_mo(compiled, known)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


class _Filler(string.Formatter):
    """Fills the fields of a template by the rules of a language."""

    def __init__(self, language: Language, escape: Callable[[str], str]) -> None:
        self._language = language
        self._escape = escape

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, Message):
            return self._language.say(value, escape=self._escape)
        if isinstance(value, Text):
            return self._escape(self._language.local(value))
        if isinstance(value, PurePath):  # where it lies is nothing to a reader: of an upload, a folder of the server
            return self._escape(value.name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return self._language.by_spec(value, format_spec)
        return self._escape(str(format(value, format_spec)))
