"""The marks of signs as drawings: a glyph, a small picture of it, and the sample of a line for a legend."""

from __future__ import annotations

from pipeline.report.pictures.svg import el, num
from pipeline.report.signs import LEFT_HERE, Sign


def glyph(sign: Sign, x: float, y: float, size: float, colour: str) -> str:
    """Draw the mark of a sign; that of leaving is filled."""
    scale = num(size / 16)
    solid = sign is LEFT_HERE
    return el(
        "path",
        d=sign.glyph,
        transform=f"translate({num(x)} {num(y)}) scale({scale})",
        fill=colour if solid else "none",
        stroke=None if solid else colour,
        stroke_width=None if solid else 1.7,
        stroke_linecap="round",
        stroke_linejoin="round",
    )


def mark(sign: Sign, *, alone: bool = False) -> str:
    """Give the glyph of a sign as a picture of its own, for text."""
    space = {"xmlns": "http://www.w3.org/2000/svg"} if alone else {}
    body = glyph(sign, 0, 0, 16, sign.colour)
    return el("svg", body, **space, width=16, height=16, viewBox="0 0 16 16", aria_hidden="true")


def sample(sign: Sign, *, alone: bool = False) -> str:
    """Give a piece of the line that a sign is drawn with."""
    space = {"xmlns": "http://www.w3.org/2000/svg"} if alone else {}
    line = {"fill": "none", "stroke": sign.colour, "stroke_width": 3.2, "stroke_dasharray": sign.dash or None}
    body = el("path", d="M1 8H26", **line) + el("path", d="M25 3.500l8 4.500-8 4.500Z", fill=sign.colour)
    return el("svg", body, **space, width=34, height=16, viewBox="0 0 34 16", aria_hidden="true")
