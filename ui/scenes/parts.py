"""What scenes of all kinds have in common: the words of the frame, measures, and how numbers stand in a picture."""

from __future__ import annotations

from typing import Any, Literal

from mining.found_words import STATUSES as STATUSES
from mining.messages import N_
from mining.quantiles import Median
from mining.statistics import wilson
from ui.formats import NOTHING, compact, duration, interval, number, percent
from ui.language import _, counted

Scene = dict[str, Any]
Measure = Literal["journeys", "occurrences", "wait"]

VERSION = 1
LONGEST_COUNT = 999_999  # links have room for so many digits; more are written in few signs
COLUMN: dict[Measure, str] = {"journeys": "n_journeys", "occurrences": "n", "wait": "wait_median_s"}
"""The column of links that a measure is."""
MEASURES: dict[Measure, str] = {
    "journeys": N_("Journeys"),
    "occurrences": N_("Occurrences"),
    "wait": N_("Median wait"),
}
CLOCKS = ((86400.0, N_("Day {n}")), (3600.0, N_("Hour {n}")), (60.0, N_("Minute {n}")), (1.0, N_("Second {n}")))


def label(value: float | None, measure: Measure) -> str:
    """Write the number of a link; nothing where it is not known, or where nobody takes it."""
    if value is None:
        return ""
    if measure == "wait":
        return duration(value)
    if not value:
        return ""
    return number(value) if abs(value) <= LONGEST_COUNT else compact(value)


def journeys(n: int) -> str:
    """Say how many journeys."""
    return counted("{n} journey", "{n} journeys", n)


def times(n: int) -> str:
    """Say how often."""
    return counted("{n} time", "{n} times", n)


def with_share(n: int, of: int) -> str:
    """Write a count with its share, for cards: '2,286 · 54 %'."""
    return f"{number(n)} · {percent(n / of) if of else NOTHING}"


def share_of(n: int, of: int) -> str:
    """Say how many journeys, and what share: '2,286 journeys (54% of 4,200, 95% interval 53% – 56%)' (Wilson's)."""
    if not of:
        return journeys(n)
    return _("{journeys} ({share} of {of}, 95% interval {range})", journeys=journeys(n), share=percent(n / of), of=of,
             range=interval(*wilson(n, of)))  # fmt: skip


def with_door(scene: Scene) -> Scene:
    """Let the reader choose what a scene says of how much it shows, where it shows not all."""
    return scene | {"coverage": scene["coverage"] | {"door": True}}


def waits(median: Median | None) -> list[str]:
    """Say how long the time between two events is; nothing where it is not known."""
    if median is None:
        return []
    said = _("median wait {median}", median=duration(median.value))
    return [said] if median.n is None else [said, interval_of(median)]


def bounds_of(median: Median) -> str:
    """Write the interval of a median for a cell of a table; a dash where there are too few."""
    return NOTHING if median.low is None else f"{duration(median.low)} – {duration(median.high)}"


def interval_of(median: Median) -> str:
    """Say the interval of a median, and of how many times it is."""
    if median.low is None:
        return _("too few for an interval (n = {n})", n=median.n)
    low, high = duration(median.low), duration(median.high)
    return _("95% interval {low} to {high} (n = {n})", low=low, high=high, n=median.n)


def from_to(source: str, target: str) -> str:
    """Name a link."""
    return f"{source} → {target}"


def legend(*rows: tuple[str, str]) -> list[Scene]:
    """Give the rows of a legend: key and translated text."""
    return [{"key": key, "text": text} for key, text in rows]


def words(unit_s: float = 86400.0) -> Scene:
    """Give every word of the frame around a picture.

    Parameters
    ----------
    unit_s : float
        Seconds of one unit of the replay's clock.
    """
    return {
        "steps": _("Steps"),
        "links": _("Links"),
        "stages": _("Stages"),
        "legend": _("Legend"),
        "keys": _(
            "Arrow keys go from step to step, Tab to stages, marks and tools. Enter chooses, Enter again goes to what "
            "is said about it, Escape takes the choice back."
        ),
        "minimap": _("Overview of the picture"),
        "tools": _("Tools of the picture"),
        "zoom_in": _("Zoom in"),
        "zoom_out": _("Zoom out"),
        "fit": _("Fit the picture"),
        "enlarge": _("Full screen"),
        "shrink": _("Leave full screen"),
        "png": _("Save as PNG"),
        "svg": _("Save as SVG"),
        "not_in_plan": _("Not in the plan"),
        "more": _("+{n} more"),
        "fewer": _("Show fewer"),
        "selected": _("{name} chosen"),
        "cleared": _("Nothing chosen"),
        "failed": _("The picture could not be drawn. The table beside it says the same."),
        "replay": _("Replay"),
        "play": _("Play"),
        "pause": _("Pause"),
        "time": _("Time"),
        "speed": _("Speed"),
        "by_outcome": _("Colour by outcome"),
        "clock": _(dict(CLOCKS)[unit_s]),
        "on_the_way": _("{n} on the way"),
    }
