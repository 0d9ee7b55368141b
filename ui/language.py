"""Words in the reader's language: message catalogues, and the filling of templates by the rules of a locale.

Pages say ``_("{n} journeys", n=3)``. The lower floors hand up `Message`, `Problem` and `DesirePathError`, which `say`,
`say_problem` and `say_error` put into words. Where the words go into Markdown, `md` escapes what comes from data.
"""

from __future__ import annotations

import gettext
import io
import string
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any

from mining.errors import DesirePathError, Problem
from mining.localised import Text
from mining.messages import Message
from ui.text import md_escape

LANGUAGES = {"en": "English", "vi": "Tiếng Việt"}
KEY = "lang"
CATALOGUES = Path(__file__).with_name("locale")
# Values that lower floors mark for translation themselves: parts of a sentence, never names from data.
WORDS = frozenset({"what", "detail", "kind", "why", "where", "reason", "wanted"})

_spoken: ContextVar[str | None] = ContextVar("spoken", default=None)


def current() -> str:
    """Give the code of the language in use: of `speaking`, else of the visitor's session, else English."""
    chosen = _spoken.get() or _of_session()
    return chosen if chosen in LANGUAGES else "en"


def _of_session() -> str | None:
    from streamlit.runtime.scriptrunner import get_script_run_ctx

    if get_script_run_ctx(suppress_warning=True) is None:
        return None
    import streamlit as st

    return str(st.session_state.get(KEY, "en"))


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Use one language inside the block, whatever the session says."""
    token = _spoken.set(code)
    try:
        yield
    finally:
        _spoken.reset(token)


def of_browser(locale: str | None) -> str:
    """Give the language that fits a browser's locale best.

    Examples
    --------
    >>> of_browser("vi-VN"), of_browser("de-DE"), of_browser(None)
    ('vi', 'en', 'en')
    """
    code = (locale or "en").replace("_", "-").split("-")[0].lower()
    return code if code in LANGUAGES else "en"


@cache
def catalogue(code: str) -> gettext.NullTranslations:
    """Read the catalogue of a language; compiled in memory, so that no binary file is kept."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with (CATALOGUES / code / "LC_MESSAGES" / "desirepath.po").open("rb") as file:
        known = read_po(file, locale=code)
    compiled = io.BytesIO()
    write_mo(compiled, known)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def translate(template: str) -> str:
    """Look a template up in the current language; one that is not known stays as it is."""
    return catalogue(current()).gettext(template) if template else template


def say(message: Message, *, escape: Callable[[str], str] = str) -> str:
    """Put a message into words; numbers by locale, nested messages and map texts in the current language.

    Parameters
    ----------
    message : Message
        What to say.
    escape : callable
        What values from data go through, such as `md_escape`.
    """
    return _Filler(escape).vformat(translate(message.template), (), _translated(message.values))


def _translated(values: dict[str, Any]) -> dict[str, Any]:
    return {k: translate(v) if k in WORDS and isinstance(v, str) else v for k, v in values.items()}


def say_problem(problem: Problem) -> str:
    """Put one problem into words, its line first where it is known."""
    said = say(problem.message)
    return said if problem.line is None else _("Line {line}: {said}", line=str(problem.line), said=said)


def say_error(error: DesirePathError) -> str:
    """Put an error and all its problems into words, as plain text, one line each."""
    return "\n".join([say(error.message), *(say_problem(p) for p in error.problems)])


def _(template: str, **values: Any) -> str:
    """Say `template` in the current language as plain text."""
    return say(Message(template, **values)) if values else translate(template)


def md(template: str, **values: Any) -> str:
    """Say `template`, which may hold Markdown, with values that may not: they are escaped."""
    return say(Message(template, **values), escape=md_escape)


def counted(singular: str, plural: str, n: int, **values: Any) -> str:
    """Say one of two templates, by the plural rules of the current language; both know ``{n}``."""
    template = catalogue(current()).ngettext(singular, plural, n)
    return _Filler(str).vformat(template, (), {"n": n, **values})


def local(text: Text) -> str:
    """Give a text of a map in the current language."""
    return text.get(current())


class _Filler(string.Formatter):
    """Fills the fields of a template by the rules of the current locale."""

    def __init__(self, escape: Callable[[str], str]) -> None:
        self._escape = escape

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, Message):
            return say(value, escape=self._escape)
        if isinstance(value, Text):
            return self._escape(local(value))
        if isinstance(value, int | float) and not isinstance(value, bool):
            return _number(value, format_spec)
        return self._escape(str(format(value, format_spec)))


def _number(value: float, spec: str) -> str:
    """Write a number as Python would with `spec`, in the signs of the current locale."""
    from babel.numbers import format_decimal, format_percent

    digits = spec[spec.index(".") + 1 : -1] if "." in spec else "0"
    places = "." + "0" * int(digits) if digits.isdigit() and int(digits) else ""
    if spec.endswith("%"):
        return str(format_percent(value, f"#,##0{places}%", locale=current()))
    return str(format_decimal(value, f"#,##0{places}" if spec.endswith("f") else None, locale=current()))
