"""How things look in a report on white paper: colours, dashes, and a glyph for each kind of deviation.

Nothing is told by colour alone: a line has its dash, a badge its glyph and its word. Colours are far enough apart for
the common kinds of colour blindness.
"""

from __future__ import annotations

from dataclasses import dataclass

from mining import found_words
from mining.messages import N_
from pipeline.palette import AMBER, BLUE, RUST, SLATE, TEAL, VIOLET, WINE

INK, SOFT, FAINT, HAIR, BAND, PAPER = "#1d2733", "#566370", "#8b97a3", "#d9dfe5", "#f5f7f9", "#ffffff"
PALE_BLUE, CHEVRON = "#dbe7f1", "#eaeef2"
LOW, HIGH = "#b9c6d3", "#17476f"  # links of the discovered graph, by how often they are taken


@dataclass(frozen=True)
class Sign:
    """How one kind of thing is shown.

    Attributes
    ----------
    word : str
        Its name (a template of the catalogue).
    glyph : str
        The path of a mark in a box of 16 by 16, drawn with a line.
    colour : str
        On white paper.
    dash : str
        Of a line in a picture; empty for a solid one.
    means : str
        What it means, in a sentence (a template of the catalogue).
    """

    word: str
    glyph: str
    colour: str
    dash: str = ""
    means: str = ""


_SKIP = "M2 11c2-5.500 9-6 11.500-1.500M13.500 5.500v4.200H9.300"
_STAGE = "M2 8h9M8 4.500 11.500 8 8 11.500M13.500 4v8"
_PLUS = "M8 3v10M3 8h10"
_BACK = "M13.500 11c-2-5.500-9-6-11.500-1.500M2.500 5.500v4.200h4.200"
_ROUND = "M12.500 5.500A5.200 5.200 0 1 0 13.200 9M12.800 2.500v3.200H9.600"
_EXTRA = "M8 2.500a5.500 5.500 0 1 0 .01 0M8 5.200v5.600M5.200 8h5.600"
_CROSS = "M4 4l8 8M12 4l-8 8"
_SWAP = "M3 5.500h9.500M10 3l2.500 2.500L10 8M13 10.500H3.500M6 8 3.500 10.500 6 13"
_CLOCK = "M8 2.500a5.500 5.500 0 1 0 .01 0M8 5v3.200l2.300 1.500"
_PERSON = "M8 2.800a2.400 2.400 0 1 0 .01 0M3.200 13.200c.4-5.600 9.200-5.600 9.600 0"
_RULE = "M8 2.200 13.800 13H2.200ZM8 6.200v3.200M8 11.200v.300"
_LEFT = "M3.500 5.500h9L8 11.500Z"
_TICK = "M3 8.500l3.300 3.300L13 4.800"
_RING = "M8 3.500a4.500 4.500 0 1 0 .01 0"

_LOOKS = {
    "missing": (_SKIP, AMBER, "9 4"),
    "stage_skipped": (_STAGE, AMBER, "9 4"),
    "ad_hoc": (_PLUS, VIOLET, "2 3.5"),
    "irregular_sequence": (_BACK, RUST, "12 3 2 3"),
    "repeated": (_ROUND, TEAL, ""),
    "extra": (_EXTRA, TEAL, ""),
    "failed": (_CROSS, RUST, ""),
    "wrong_channel": (_SWAP, VIOLET, ""),
    "late": (_CLOCK, AMBER, ""),
    "wrong_persona": (_PERSON, VIOLET, ""),
    "rule_broken": (_RULE, RUST, ""),
}
DEVIATIONS = {kind: Sign(said.word, *_LOOKS[kind], said.means) for kind, said in found_words.DEVIATIONS.items()}

FLOWS: dict[str, Sign] = {
    "ok": Sign(N_("As planned"), "", SLATE),
    "skip": DEVIATIONS["missing"],
    "out_of_order": DEVIATIONS["irregular_sequence"],
    "repeat": DEVIATIONS["repeated"],
    "unplanned": DEVIATIONS["ad_hoc"],
}
"""By the statuses of `mining.flows`."""

LEFT_HERE = Sign(N_("Left here"), _LEFT, WINE, means=N_("Dropped journeys whose last planned touchpoint it was."))
OUTCOMES: dict[str, Sign] = {
    "went_on": Sign(found_words.WENT_ON.word, _TICK, BLUE),
    "dropped": Sign(found_words.OUTCOMES["dropped"].word, _LEFT, WINE),
    "open": Sign(found_words.OUTCOMES["open"].word, _RING, "#b4bec8"),
}


def mixed(colour: str, share: float, other: str = PAPER) -> str:
    """Mix a colour with another one.

    Examples
    --------
    >>> mixed("#000000", 0.5)
    '#808080'
    """
    parts = [(int(colour[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(b + (a - b) * share):02x}" for a, b in parts)
