"""SVG as text: elements, names that stay text, and how much room a text takes without a font at hand."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from mining.model_xml import xml_safe
from pipeline.language import Language

NARROW = frozenset("iljtfrI.,:;'|!()[]{}/\\ ·")
BROAD = frozenset("mwMW@%—")
ELLIPSIS = "…"
SLACK = 1.04  # fonts differ from one machine to the next


@dataclass(frozen=True)
class Picture:
    """A drawing.

    Attributes
    ----------
    width, height : float
        In pixels of the drawing.
    body : str
        The SVG elements inside.
    title : str
        What it shows, for who cannot see it.
    """

    width: float
    height: float
    body: str
    title: str

    def svg(self, *, alone: bool = False) -> str:
        """Give the SVG element; `alone` declares its name space, which a file needs and a page does not."""
        space = {"xmlns": "http://www.w3.org/2000/svg"} if alone else {}
        return el(
            "svg",
            el("title", text_of(self.title)) + self.body,
            **space,
            role="img",
            width=self.width,
            height=self.height,
            viewBox=f"0 0 {num(self.width)} {num(self.height)}",
        )


def el(tag: str, content: str = "", /, **attributes: object) -> str:
    """Write an element; `content` is written as it is, attributes are escaped, ``_`` in their names becomes ``-``.

    Examples
    --------
    >>> el("rect", x=1.50001, fill="#fff")
    '<rect x="1.5" fill="#fff"/>'
    """
    said = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(num(value) if isinstance(value, float) else str(value))}"'
        for name, value in attributes.items()
        if value is not None
    )
    return f"<{tag}{said}>{content}</{tag}>" if content else f"<{tag}{said}/>"


def num(value: float) -> str:
    """Write a coordinate: to a hundredth of a pixel."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if value else "0"


def short(language: Language, n: int) -> str:
    """Write a count as a label: in full up to five digits."""
    return language.number(n) if n < 100_000 else language.compact(n)


def text_of(said: str) -> str:
    """Give a text for the inside of an element, on one line."""
    return escape(" ".join(xml_safe(said).split()), quote=False)


def text(x: float, y: float, said: str, *, size: float, fill: str, bold: bool = False, anchor: str = "start") -> str:
    """Write one line of text."""
    return el(
        "text",
        text_of(said),
        x=float(x),
        y=float(y),
        font_size=float(size),
        fill=fill,
        font_weight=600 if bold else None,
        text_anchor=None if anchor == "start" else anchor,
    )


def length(room: float, share: float) -> float:
    """Give the length of a bar: what is not nothing can be seen."""
    return max(room * share, 1.0) if share else 0.0


def group(parts: Iterable[str], tip: str = "") -> str:
    """Put elements together, with what a page says when one points at them."""
    return el("g", (el("title", text_of(tip)) if tip else "") + "".join(parts))


def text_width(said: str, size: float, bold: bool = False) -> float:
    """Estimate the width of a text, a little too wide rather than too narrow."""
    return sum(_width(sign) for sign in said) * size * (1.06 if bold else 1.0) * SLACK


def _width(sign: str) -> float:
    if unicodedata.combining(sign):
        return 0.0
    if sign in NARROW:
        return 0.31
    if sign in BROAD:
        return 0.86
    if unicodedata.east_asian_width(sign) in "WF" or ord(sign) > 0xFFFF:
        return 1.15
    return 0.66 if sign.isupper() else 0.54


def fitted(said: str, size: float, room: float, bold: bool = False) -> str:
    """Cut a text so that it takes no more than `room`.

    Examples
    --------
    >>> fitted("Application form", 13, 60)
    'Applicat…'
    """
    said = " ".join(said.split())
    if text_width(said, size, bold) <= room:
        return said
    room -= text_width(ELLIPSIS, size, bold)
    used = 0.0
    for place, sign in enumerate(said):
        used += text_width(sign, size, bold)
        if used > room:
            return said[:place].rstrip() + ELLIPSIS
    return said


def wrapped(said: str, size: float, room: float, lines: int, bold: bool = False) -> list[str]:
    """Break a text at its blanks into at most `lines` lines; the last one is cut where it is too long."""
    found: list[str] = []
    words = said.split()
    while words and len(found) < lines - 1:
        taken = 1
        while taken < len(words) and text_width(" ".join(words[: taken + 1]), size, bold) <= room:
            taken += 1
        found.append(fitted(" ".join(words[:taken]), size, room, bold))
        words = words[taken:]
    return [*found, fitted(" ".join(words), size, room, bold)] if words else found
