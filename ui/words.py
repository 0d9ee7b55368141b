"""The words, glyphs and colours of what can be found: deviations, moves, outcomes, gaps. Never a colour alone."""

from __future__ import annotations

from dataclasses import dataclass

from mining.messages import N_
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


_AMBER, _VIOLET, _RUST, _TEAL = (
    ("#ca8608", "#f7d53a"),
    ("#9f45dc", "#c062d3"),
    ("#b73214", "#f08f6a"),
    ("#16657e", "#35e0e6"),
)
_SLATE, _WINE, _GREEN = ("#7d8b9c", "#919daa"), ("#6b0b22", "#ef257f"), ("#1d7a55", "#4fd39a")

DEVIATIONS: dict[str, Sign] = {
    "missing": Sign(
        N_("Skipped"),
        "⤼",
        "orange",
        *_AMBER,
        N_("The plan asks for this touchpoint; the journey went past it without it."),
    ),
    "stage_skipped": Sign(
        N_("Stage skipped"), "⇥", "orange", *_AMBER, N_("None of the touchpoints the stage requires happened.")
    ),
    "ad_hoc": Sign(N_("Unplanned"), "+", "violet", *_VIOLET, N_("Something happened that the plan has no place for.")),
    "irregular_sequence": Sign(
        N_("Out of order"), "↶", "red", *_RUST, N_("The touchpoint happened, but not where the plan has it.")
    ),
    "repeated": Sign(
        N_("Repeated"), "↻", "blue", *_TEAL, N_("The touchpoint happened again, and the plan has it once.")
    ),
    "extra": Sign(
        N_("Extra"), "⊕", "blue", *_TEAL, N_("A planned touchpoint happened where this journey did not need it.")
    ),
    "failed": Sign(
        N_("Failed"), "✕", "red", *_RUST, N_("The touchpoint happened, and went wrong by the plan's own measure.")
    ),
    "wrong_channel": Sign(
        N_("Wrong channel"), "⇄", "violet", *_VIOLET, N_("The touchpoint happened in a channel the plan does not name.")
    ),
    "late": Sign(N_("Late"), "◷", "orange", *_AMBER, N_("The touchpoint happened after its deadline.")),
    "wrong_persona": Sign(
        N_("Wrong persona"), "◐", "violet", *_VIOLET, N_("The touchpoint is meant for other customers than this one.")
    ),
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
    "converted": Sign(N_("Converted"), "✓", "green", *_GREEN, N_("Reached the goal of the plan.")),
    "dropped": Sign(
        N_("Dropped"), "▼", "red", *_WINE, N_("Did not reach the goal and has been silent for longer than the window.")
    ),
    "open": Sign(
        N_("Open"),
        "○",
        "gray",
        *_SLATE,
        N_("Has not reached the goal, but its last event is too recent to call it dropped."),
    ),
}

NO_WINDOW = N_(
    "The log has no times, so nobody can tell who is only quiet for now: journeys that did not reach the goal count as "
    "dropped, none as open."
)
WENT_ON = Sign(N_("Went on"), "→", "blue", "#1f6aa5", "#6cb4ee", N_("Reached a later milestone, or the goal."))


@dataclass(frozen=True)
class GapKind:
    """What a kind of gap is called, what it means and what to do about it (templates of the catalogue)."""

    word: str
    icon: str
    means: str
    todo: str


GAPS: dict[str, GapKind] = {
    "unanswered_question": GapKind(
        N_("Unanswered questions"),
        "help",
        N_("Customers ask this in the stage, and no touchpoint of the plan answers it."),
        N_("Give a touchpoint the answer, or plan one that does; then name it under `answered_by`."),
    ),
    "unmeasured": GapKind(
        N_("Unmeasured touchpoints"),
        "visibility_off",
        N_("The plan has the touchpoint, but no event of the log is bound to it, so nobody knows whether it happens."),
        N_("Record it, or bind an event that stands for it. Until then it is never counted as skipped."),
    ),
    "silent": GapKind(
        N_("Silent touchpoints"),
        "volume_off",
        N_("Events are bound to the touchpoint, but not one of them occurs among these journeys."),
        N_("Check the names of the events and the tracking first; if both are right, the touchpoint is dead."),
    ),
    "skipped": GapKind(
        N_("Skipped touchpoints"),
        "step_over",
        N_("Journeys went on to later parts of the plan without this touchpoint."),
        N_("Ask why it is passed by: not needed, not found, or not offered? Make it optional, or easier to reach."),
    ),
    "off_map": GapKind(
        N_("Not in the plan"),
        "add_location",
        N_("Customers do this, and the plan has no place for it."),
        N_("Plan for it where it helps them; where it is a way around a hurdle, mend the hurdle."),
    ),
    "milestone_without_touchpoint": GapKind(
        N_("Milestones without a touchpoint"),
        "flag",
        N_("Nothing leads the customer to this milestone."),
        N_("Plan the touchpoint that brings customers there."),
    ),
    "elsewhere": GapKind(
        N_("Seen elsewhere"),
        "wrong_location",
        N_("The touchpoint happens, but for other personas or in other channels than planned."),
        N_("See whether the plan or the offer has the wrong audience."),
    ),
    "under_performing": GapKind(
        N_("Under-performing"),
        "south_east",
        N_("It does worse than its peers in the same stage, beyond what chance explains."),
        N_("Compare it with its best peer, and change one thing."),
    ),
    "channel_inconsistent": GapKind(
        N_("Inconsistent channels"),
        "sync_problem",
        N_("The same touchpoint gives different results in different channels."),
        N_("Bring the weaker channel to the level of the stronger."),
    ),
    "experience": GapKind(
        N_("Experience"),
        "sentiment_dissatisfied",
        N_("Customers feel otherwise there than the plan intends."),
        N_("Read what they say at this place."),
    ),
    "missed_target": GapKind(
        N_("Missed targets"),
        "target",
        N_("The plan sets a target, and the log does not reach it."),
        N_("Look at the deviations at this touchpoint, or set a target that can be met."),
    ),
}
