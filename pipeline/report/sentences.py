"""Deviations and gaps in the sentences of one language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import polars as pl

from mining.condition_reader import parts
from mining.messages import N_, Message
from mining.questions import left_before_next, shows
from mining.sentences import CAUTION, deviation, effect
from mining.statistics import Q_LIMIT, TOO_FEW
from pipeline.findings import Findings
from pipeline.language import Language
from pipeline.names import Names, as_text


def deviation_said(row: dict[str, Any], names: Names, language: Language) -> str:
    """Say how many journeys show a deviation."""
    skip = names.skips.get(row["touchpoint"])
    return language.t(
        deviation(row["kind"], skip),
        journeys=language.counted("{n} journey", "{n} journeys", row["journeys"]),
        share=language.percent(row["share"]),
        place=names.place(row),
        stage=names.stage(row["stage"]),
        instead=skip.instead if skip else "",
    )


def effect_said(row: dict[str, Any], language: Language) -> str:
    """Say how a deviation goes with reaching the goal, and what to bear in mind about it."""
    said = language.say(effect_message(row, language))
    if row["effect"] is None or row["kind"] not in CAUTION:
        return said
    return f"{said} {language.t(CAUTION[row['kind']])}"


def effects_said(row: dict[str, Any], language: Language) -> Iterator[str]:
    """Say all that goes with a deviation: the effect where it was tested, the time, an acceptance that ran out."""
    if row["effect"] is not None:
        yield effect_said(row, language)
    if row["median_extra_s"] is not None:
        yield extra_time_said(row, language)
    if row["expired"]:
        day = language.date(date.fromisoformat(row["expired"]))
        yield language.t("It was accepted until {day}; it counts again.", day=day)


def extra_time_said(row: dict[str, Any], language: Language) -> str:
    """Say how much longer or shorter the way to the goal is with a deviation, and how sure that is."""
    longer = row["median_extra_s"] >= 0
    template = N_(
        "At the median the goal is reached {time} later with it than without it (95% interval {low} to {high})."
    )
    if not longer:
        template = N_(
            "At the median the goal is reached {time} sooner with it than without it (95% interval {low} to {high})."
        )
    low, high = sorted((row[name] if longer else -row[name]) for name in ("median_extra_low_s", "median_extra_high_s"))
    time = language.duration(abs(row["median_extra_s"]))
    return language.t(template, time=time, low=language.duration(low), high=language.duration(high))


def effect_message(row: dict[str, Any], language: Language) -> Message:
    """Give the template that fits the effect of a deviation, with its numbers as the language writes them."""
    values: dict[str, Any] = {"n_with": row["n_with"], "n_without": row["n_without"]}
    if row["effect"] is not None:
        sure = row["q"] <= Q_LIMIT
        sign = -1 if sure and row["effect"] < 0 else 1
        low, high = sorted((sign * row["effect_low"], sign * row["effect_high"]))

        def points(value: float) -> str:
            said = language.points(value)
            return said.removeprefix("+") if sure else said

        values |= {
            "points": language.t("{points} percentage points", points=points(sign * row["effect"])),
            "low": points(low),
            "high": points(high),
            "q": language.q_equals(row["q"]),
        }
    return Message(effect(row["kind"], row["effect"], row["q"], Q_LIMIT), **values)


def gap_said(row: dict[str, Any], places: dict[str, str], language: Language) -> str:
    """Say the rest of a gap; of what is off the map the stages where it happens."""
    if row["kind"] == "off_map":
        return places.get(row["activity"], "")
    return language.say(row["detail"], escape=as_text)


def off_map_places(deviations: list[dict[str, Any]], names: Names, language: Language) -> dict[str, str]:
    """Give by activity the stages where it happens, with their journeys."""
    said: dict[str, list[str]] = {}
    for row in deviations:
        if row["kind"] == "ad_hoc":
            place = f"{names.stage(row['stage'])} {language.number(row['journeys'])}"
            said.setdefault(row["activity"], []).append(place)
    return {activity: " · ".join(places) for activity, places in said.items()}


def told(found: Findings, names: Names, language: Language) -> Iterator[str]:
    """Say the largest loss, the most frequent deviation and the one that goes with most harm.

    What the journeys were chosen by is left out: all of them have it.
    """
    chosen = parts(found.where) if found.where else ()
    yield from _largest_loss(found, chosen, names, language)
    rows = found.to_dict()["deviations"]
    if not rows:
        yield language.t("No journey leaves the plan.")
        return
    rows = [row for row in rows if shows(row) not in chosen]
    if not rows:
        return
    yield deviation_said(rows[0], names, language)
    harm = [row for row in rows if row["effect"] is not None and row["q"] <= Q_LIMIT and row["effect"] < 0]
    if harm:
        gravest = min(harm, key=lambda row: row["effect"] * row["journeys"])
        said = effect_said(gravest, language)
        yield said if gravest is rows[0] else f"{deviation_said(gravest, names, language)} {said}"


def _largest_loss(found: Findings, chosen: Sequence[str], names: Names, language: Language) -> Iterator[str]:
    """Say where more journeys are lost than anywhere else, where there is such a place and enough to tell."""
    lost = found.from_start.filter(pl.col("dropped") > 0).sort("dropped", descending=True).to_dicts()
    if not lost or any(left_before_next(row["milestone"]) in chosen for row in lost):
        return
    worst, *others = lost
    if worst["mature"] < TOO_FEW or (others and others[0]["dropped"] == worst["dropped"]):
        return
    early = N_(
        "More journeys are lost before any milestone than after one: {dropped} of all {reached} ({rate} of the "
        "{mature} mature, 95% interval {interval})."
    )
    late = N_(
        "More journeys are lost after the milestone “{milestone}” than anywhere else: {dropped} of {reached} that "
        "reached it ({rate} of the {mature} mature, 95% interval {interval})."
    )
    template = early if worst["milestone"] is None else late
    yield language.t(
        template,
        milestone=names.milestone(worst["milestone"]),
        dropped=worst["dropped"],
        reached=worst["reached"],
        mature=worst["mature"],
        rate=language.percent(worst["rate"]),
        interval=language.interval(worst["low"], worst["high"]),
    )
