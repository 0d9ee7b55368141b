"""What can be found, in words: the names of kinds, what each means, and what to do about a gap.

The app and the reports show the same things with marks of their own, and call them the same.
"""

from __future__ import annotations

from dataclasses import dataclass

from mining.messages import N_


@dataclass(frozen=True)
class Words:
    """The name of a kind, what it means, and what to do about it (templates of the catalogue; may be empty)."""

    word: str
    means: str
    todo: str = ""


DEVIATIONS: dict[str, Words] = {
    "missing": Words(
        N_("Skipped"),
        N_("The plan asks for this touchpoint, or in a choice for any one of them; the journey went past without."),
    ),
    "stage_skipped": Words(N_("Stage skipped"), N_("None of the touchpoints the stage requires happened.")),
    "ad_hoc": Words(N_("Unplanned"), N_("Something happened that the plan has no place for.")),
    "irregular_sequence": Words(N_("Out of order"), N_("The touchpoint happened, but not where the plan has it.")),
    "repeated": Words(N_("Repeated"), N_("The touchpoint happened again, and the plan has it once.")),
    "extra": Words(N_("Extra"), N_("A planned touchpoint happened where this journey did not need it.")),
    "failed": Words(N_("Failed"), N_("The touchpoint happened, and went wrong by the plan's own measure.")),
    "wrong_channel": Words(N_("Wrong channel"), N_("The touchpoint happened in a channel the plan does not name.")),
    "late": Words(N_("Late"), N_("The touchpoint happened after its deadline.")),
    "wrong_persona": Words(N_("Wrong persona"), N_("The touchpoint is meant for other customers than this one.")),
    "rule_broken": Words(N_("Rule broken"), N_("The plan has a rule, and the journey broke it.")),
}

STATUSES = {
    "ok": N_("As planned"),
    "skip": N_("Skipped a step"),
    "out_of_order": N_("Out of order"),
    "repeat": N_("Repeated"),
    "unplanned": N_("Unplanned"),
}
"""Of the links of a picture of the plan, by the statuses of `mining.flows`."""

OUTCOMES: dict[str, Words] = {
    "converted": Words(N_("Converted"), N_("Reached the goal of the plan.")),
    "dropped": Words(N_("Dropped"), N_("Did not reach the goal and has been silent for longer than the window.")),
    "open": Words(N_("Open"), N_("Has not reached the goal, but its last event is too recent to call it dropped.")),
}
WENT_ON = Words(N_("Went on"), N_("Reached a later milestone, or the goal."))
NO_WINDOW = N_(
    "The log has no times, so nobody can tell who is only quiet for now: journeys that did not reach the goal count as "
    "dropped, none as open."
)
NO_PAUSES = N_(
    "The pauses in the log tell of no silence after which a journey is dropped: there are none, or nearly all of them "
    "are 0. Journeys that did not reach the goal count as dropped, none as open. Say in the plan when a journey counts "
    "as dropped (inactive_after)."
)

GAPS: dict[str, Words] = {
    "unanswered_question": Words(
        N_("Unanswered questions"),
        N_("Customers ask this in the stage, and no touchpoint of the plan answers it."),
        N_("Give a touchpoint the answer, or plan one that does; then name it under `answered_by`."),
    ),
    "unmeasured": Words(
        N_("Unmeasured touchpoints"),
        N_("The plan has the touchpoint, but no event of the log is bound to it, so nobody knows whether it happens."),
        N_("Record it, or bind an event that stands for it. Until then it is never counted as skipped."),
    ),
    "silent": Words(
        N_("Silent touchpoints"),
        N_("Events are bound to the touchpoint, but not one of them occurs among these journeys."),
        N_("Check the names of the events and the tracking first; if both are right, the touchpoint is dead."),
    ),
    "skipped": Words(
        N_("Skipped touchpoints"),
        N_("Journeys went on to later parts of the plan without this touchpoint, or without any one of a choice."),
        N_("Ask why it is passed by: not needed, not found, or not offered? Make it optional, or easier to reach."),
    ),
    "off_map": Words(
        N_("Not in the plan"),
        N_("Customers do this, and the plan has no place for it."),
        N_("Plan for it where it helps them; where it is a way around a hurdle, mend the hurdle."),
    ),
    "milestone_without_touchpoint": Words(
        N_("Milestones without a touchpoint"),
        N_("Nothing leads the customer to this milestone."),
        N_("Plan the touchpoint that brings customers there."),
    ),
    "elsewhere": Words(
        N_("Seen elsewhere"),
        N_("The touchpoint happens, but for other personas or in other channels than planned."),
        N_("See whether the plan or the offer has the wrong audience."),
    ),
    "under_performing": Words(
        N_("Under-performing"),
        N_("It does worse than its peers in the same stage, beyond what chance explains."),
        N_("Compare it with its best peer, and change one thing."),
    ),
    "channel_inconsistent": Words(
        N_("Inconsistent channels"),
        N_("The same touchpoint gives different results in different channels."),
        N_("Bring the weaker channel to the level of the stronger."),
    ),
    "experience": Words(
        N_("Experience"),
        N_("Customers feel otherwise there than the plan intends."),
        N_("Read what they say at this place."),
    ),
    "missed_target": Words(
        N_("Missed targets"),
        N_("The plan sets a target, and the log does not reach it."),
        N_("Look at the deviations at this touchpoint, or set a target that can be met."),
    ),
}
