r"""Names from data are text and never anything else: escaping for Markdown as Streamlit reads it, and for DOT."""

from __future__ import annotations

import re

from pipeline.names import as_text

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
# Streamlit replaces these after it has read the Markdown, so that a backslash does not help: an invisible
# word joiner parts them.
_ARROWS = re.compile(r"(?<!\S)(<->|->|<-|--|>=|<=|~=)(?!\S)")
_EMOJI = re.compile(r":(?=[\w+/-]+:)")
_LINKS = re.compile(r"(?i)(https?:|www|ftp:)(?=[/.])|(?<=[\w.])@(?=\w)")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")
JOINER = "\u2060"


def md_escape(text: object) -> str:
    r"""Give `text` so that Markdown shows it as it is, on one line.

    Markup, formulas (``$``), coloured text, icons and emoji short codes, arrows and links all stay plain characters.

    Examples
    --------
    >>> md_escape("**5$** | <b>")
    '\\*\\*5\\$\\*\\* \\| \\<b\\>'
    """
    said = as_text(text)
    said = _ARROWS.sub(lambda found: found[0][0] + JOINER + found[0][1:], said)
    said = _EMOJI.sub(":" + JOINER, said)
    said = _LINKS.sub(lambda found: found[0] + JOINER, said)
    return _PUNCTUATION.sub(r"\\\1", said)


def visible(name: str) -> str:
    r"""Give a name with a sign of its own in place of each control character.

    Examples
    --------
    >>> visible("a\0b\tc")
    'a␀b␉c'
    """
    return _CONTROLS.sub(lambda found: chr(0x2400 + ord(found[0])) if ord(found[0]) < 32 else "\ufffd", name)


def dot_escape(text: object) -> str:
    r"""Give `text` as the inside of a quoted DOT string; DOT's own escapes such as ``\N`` become plain characters.

    Examples
    --------
    >>> dot_escape('say "hi" \\N')
    'say \\"hi\\" \\\\N'
    """
    said = " ".join(str(text).split())
    return said.replace("\\", "\\\\").replace('"', '\\"')


def xml_escape(text: object) -> str:
    """Give `text` for the inside of a DOT label written in marks.

    Examples
    --------
    >>> xml_escape('<b>&"')
    '&lt;b&gt;&amp;&quot;'
    """
    said = " ".join("".join(c for c in str(text) if c.isprintable() or c.isspace()).split())
    for sign, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("'", "&#39;")):
        said = said.replace(sign, entity)
    return said


def shortened(text: str, longest: int) -> str:
    """Give `text` with at most `longest` characters, an ellipsis in place of the rest."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def bold(said: str) -> str:
    """Give a text of ours in bold, as Markdown."""
    return f"**{said}**"


def heading(said: str) -> str:
    """Give a text of ours as a small heading, in Markdown."""
    return f"#### {said}"


def small(said: str) -> str:
    """Give a text of ours in small letters, as Markdown."""
    return f":small[{said}]"
