"""What every number of a report means."""

from __future__ import annotations

from mining import found_words
from mining.messages import N_
from mining.sentences import UNTESTED
from mining.statistics import METHOD, Q_LIMIT
from pipeline.findings import Findings
from pipeline.language import Language
from pipeline.report.blocks import Terms
from pipeline.report.signs import DEVIATIONS, LEFT_HERE

Said = tuple[str, str]
JOURNEYS: tuple[Said, ...] = (
    (
        N_("Journey"),
        N_("The events of one case, in the order of their times, and of the input where times are equal."),
    ),
    (N_("Distinct path"), N_("All journeys with the same activities in the same order take one path.")),
    (
        N_("Interval"),
        N_(
            "95% of such intervals hold the true value: Wilson's for shares, Newcombe's for differences of shares. "
            "A wide interval says that there are few journeys."
        ),
    ),
)
PLAN: tuple[Said, ...] = (
    (
        N_("As planned"),
        N_("Journeys that leave the plan nowhere. Deadlines, channels and failures are not judged here."),
    ),
    (
        N_("Fitness"),
        N_(
            "1 − the cost of all moves outside the plan / the cost if nothing fits. Each journey is aligned with "
            "the plan at the least possible cost; what would come after its last event is never charged."
        ),
    ),
    (N_("Coverage"), N_("Share of events that a touchpoint of the plan stands for.")),
    (
        N_("Got as far"),
        N_("Journeys whose furthest planned place is this one or a later one, whether it happened or not."),
    ),
)
EFFECTS: tuple[Said, ...] = (
    (
        N_("Share"),
        N_("Journeys that show it, of all journeys compared. A journey counts once, however often it happens in it."),
    ),
    (
        N_("Effect on goal"),
        N_(
            "Percentage points more (+) or fewer (−) journeys reach the goal with it than without it, among closed "
            "journeys that got as far. With it are those that showed it before the goal, or never reached the goal: "
            "what comes after the goal, or is about the goal itself, is not compared. Below 30 with or without it: "
            "too few."
        ),
    ),
    (
        N_("Extra time"),
        N_(
            "How much later (or, negative, sooner) the goal is reached with it than without it: the difference of the "
            "two median times from the first event to the goal, among journeys that got as far and reached it, "
            "with it those that showed it before. Below 30 with or without it: too few."
        ),
    ),
)
DROP_OFF: tuple[Said, ...] = (
    (N_("Reached"), N_("Journeys in which the milestone happened.")),
    (found_words.WENT_ON.word, found_words.WENT_ON.means),
    (
        N_("Mature"),
        N_(
            "Journeys that reached the milestone a full window before the log ends, and are not open. "
            "Rates count only these: the others had no time to show what becomes of them."
        ),
    ),
    (N_("Drop-off rate"), N_("Dropped among mature journeys")),
    (LEFT_HERE.word, LEFT_HERE.means),
)


def definitions(found: Findings, language: Language) -> Terms:
    """Define all that the report of these findings shows."""
    kinds = set(found.deviations["kind"])
    outcomes = [(words.word, words.means) for words in found_words.OUTCOMES.values()]
    shown = [(sign.word, sign.means) for kind, sign in DEVIATIONS.items() if kind in kinds]
    terms = [*JOURNEYS, *PLAN, *outcomes]
    return Terms(
        (
            *((language.t(word), language.t(means)) for word, means in terms),
            (language.t("Window"), window_said(found, language)),
            *((language.t(word), language.t(means)) for word, means in (*shown, *EFFECTS)),
            ("q", ledger_said(found, language)),
            *((language.t(word), language.t(means)) for word, means in DROP_OFF),
            *((language.t(kind.word), f"{language.t(kind.means)} {language.t(kind.todo)}") for kind in _gaps(found)),
        )
    )


def _gaps(found: Findings) -> list[found_words.Words]:
    """Give the kinds of gaps that there are: what each means, and what to do about it."""
    kinds = set(found.gaps["kind"])
    return [words for kind, words in found_words.GAPS.items() if kind in kinds]


def window_said(found: Findings, language: Language) -> str:
    """Say which silence counts as dropped, and who says so."""
    outcomes = found.outcomes
    if (why := outcomes.no_window) is not None:
        return language.t(why)
    said = language.t("Silence of {time} counts as dropped.", time=language.duration(outcomes.inactive_after_s))
    if outcomes.inactive_after_declared:
        return said + " " + language.t("The plan says so.")
    return said + " " + language.t("95% of pauses in the log are shorter.")


def ledger_said(found: Findings, language: Language) -> str:
    """Say how many tests were made, and how false discoveries are held down; or why there were none."""
    if not found.tests:
        return language.t(UNTESTED)
    return language.counted(
        "{n} effect was tested; q-values keep false discoveries among them below {limit} ({method}). "
        "Effects are associations, not causes.",
        "{n} effects were tested; q-values keep false discoveries among them below {limit} ({method}). "
        "Effects are associations, not causes.",
        found.tests,
        limit=language.percent(Q_LIMIT, 0),
        method=language.t(str(METHOD)),
    )
