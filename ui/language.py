"""Words in the reader's language: message catalogues, and the filling of templates by the rules of a locale.

Pages say ``_("{n} journeys", n=3)``. The lower floors hand up `Message`, `Problem` and `DesirePathError`, which `say`,
`say_problem` and `say_error` put into words. Where the words go into Markdown, `md` escapes what comes from data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from mining.errors import DesirePathError, Problem
from mining.localised import Text
from mining.messages import Message
from pipeline.language import LANGUAGES as LANGUAGES
from pipeline.language import Language
from ui.text import md_escape

KEY = "lang"

_spoken: ContextVar[str | None] = ContextVar("spoken", default=None)


def current() -> str:
    """Give the code of the language in use: of `speaking`, else of the visitor's session, else English."""
    chosen = _spoken.get() or _of_session()
    return chosen if chosen in LANGUAGES else "en"


def in_use() -> Language:
    """Give the language in use."""
    return Language(current())


def _of_session() -> str | None:
    from streamlit.runtime.scriptrunner import get_script_run_ctx

    if get_script_run_ctx(suppress_warning=True) is None:
        return None
    import streamlit as st

    return str(st.session_state.get(KEY, "en"))


def use(code: str) -> None:
    """Use one language for the rest of this run of a page: asking the session for each word takes longer."""
    _spoken.set(code)


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


def translate(template: str) -> str:
    """Look a template up in the current language; one that is not known stays as it is."""
    return in_use().translate(template)


def say(message: Message, *, escape: Callable[[str], str] = str) -> str:
    """Put a message into words; numbers by locale, nested messages and map texts in the current language.

    Parameters
    ----------
    message : Message
        What to say.
    escape : callable
        What values from data go through, such as `md_escape`.
    """
    return in_use().say(message, escape=escape)


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
    return in_use().counted(singular, plural, n, **values)


def local(text: Text) -> str:
    """Give a text of a map in the current language."""
    return in_use().local(text)
