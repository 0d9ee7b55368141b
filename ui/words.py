"""The words, glyphs and colours of what can be found: deviations, moves, outcomes, gaps. Never a colour alone."""

from __future__ import annotations

from dataclasses import dataclass

from mining import found_words
from mining.found_words import Words
from mining.messages import N_
from pipeline.palette import AMBER, BLUE, GREEN, RUST, SLATE, TEAL, VIOLET, WINE
from ui.language import _


@dataclass(frozen=True)
class Sign:
    """How one thing is shown.

    Attributes
    ----------
    word : str
        Its name (a template of the catalogue).
    glyph : str
        One character that tells it apart without colour.
    badge : str
        A colour of Streamlit's palette, which the theme sets to that of `light` and `dark`.
    light, dark : str
        Its colour in pictures on light and on dark paper.
    means : str
        What it means, in a sentence.
    """

    word: str
    glyph: str
    badge: str
    light: str
    dark: str
    means: str = ""

    @property
    def label(self) -> str:
        """Glyph and word in the current language."""
        return f"{self.glyph} {_(self.word)}"

    def colour(self, dark: bool) -> str:
        """Give the colour for the paper in use."""
        return self.dark if dark else self.light


def _sign(said: Words, glyph: str, badge: str, colours: tuple[str, str]) -> Sign:
    return Sign(said.word, glyph, badge, *colours, said.means)


# On light paper, and on dark.
_SLATE, _AMBER, _VIOLET = (SLATE, "#919daa"), (AMBER, "#f7d53a"), (VIOLET, "#c062d3")
_RUST, _TEAL, _WINE, _GREEN = (RUST, "#f08f6a"), (TEAL, "#35e0e6"), (WINE, "#ef257f"), (GREEN, "#4fd39a")

DEVIATIONS: dict[str, Sign] = {
    "missing": _sign(found_words.DEVIATIONS["missing"], "⤼", "orange", _AMBER),
    "stage_skipped": _sign(found_words.DEVIATIONS["stage_skipped"], "⇥", "orange", _AMBER),
    "ad_hoc": _sign(found_words.DEVIATIONS["ad_hoc"], "+", "violet", _VIOLET),
    "irregular_sequence": _sign(found_words.DEVIATIONS["irregular_sequence"], "↶", "red", _RUST),
    "repeated": _sign(found_words.DEVIATIONS["repeated"], "↻", "blue", _TEAL),
    "extra": _sign(found_words.DEVIATIONS["extra"], "⊕", "blue", _TEAL),
    "failed": _sign(found_words.DEVIATIONS["failed"], "✕", "red", _RUST),
    "wrong_channel": _sign(found_words.DEVIATIONS["wrong_channel"], "⇄", "violet", _VIOLET),
    "late": _sign(found_words.DEVIATIONS["late"], "◷", "orange", _AMBER),
    "wrong_persona": _sign(found_words.DEVIATIONS["wrong_persona"], "◐", "violet", _VIOLET),
    "rule_broken": _sign(found_words.DEVIATIONS["rule_broken"], "§", "red", _RUST),
}

# Faults of an event that stands where the plan has it.
FAULTS = ("late", "failed", "wrong_channel", "wrong_persona")
MOVES: dict[str, Sign] = {
    "planned": Sign(N_("As planned"), "✓", "gray", *_SLATE),
    "missing": DEVIATIONS["missing"],
    "ad_hoc": DEVIATIONS["ad_hoc"],
    "irregular_sequence": DEVIATIONS["irregular_sequence"],
    "repeated": DEVIATIONS["repeated"],
    "extra": DEVIATIONS["extra"],
    **{kind: DEVIATIONS[kind] for kind in FAULTS},
}

OUTCOMES: dict[str, Sign] = {
    "converted": _sign(found_words.OUTCOMES["converted"], "✓", "green", _GREEN),
    "dropped": _sign(found_words.OUTCOMES["dropped"], "▼", "red", _WINE),
    "open": _sign(found_words.OUTCOMES["open"], "○", "gray", _SLATE),
}

WENT_ON = _sign(found_words.WENT_ON, "→", "blue", (BLUE, "#6cb4ee"))


@dataclass(frozen=True)
class GapKind:
    """What a kind of gap is called, what it means and what to do about it (templates of the catalogue)."""

    word: str
    icon: str
    means: str
    todo: str


ICONS = {
    "unanswered_question": "help",
    "unmeasured": "visibility_off",
    "silent": "volume_off",
    "skipped": "step_over",
    "off_map": "add_location",
    "milestone_without_touchpoint": "flag",
    "elsewhere": "wrong_location",
    "under_performing": "south_east",
    "channel_inconsistent": "sync_problem",
    "experience": "sentiment_dissatisfied",
    "missed_target": "target",
}
GAPS: dict[str, GapKind] = {
    kind: GapKind(said.word, ICONS[kind], said.means, said.todo) for kind, said in found_words.GAPS.items()
}
