"""Deviations in words: where one is, how many journeys show it, and how that goes with reaching the goal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mining.choices import Skip
from mining.messages import N_
from mining.questions import shows
from mining.sentences import CAUTION, deviation
from pipeline.findings import Findings
from pipeline.report.sentences import effect_message, extra_time_said
from ui import filters
from ui.board import names, rule_name, rule_says, skip_of, stage_names
from ui.formats import duration, percent
from ui.language import _, counted, in_use, md
from ui.state import Log, Plan
from ui.text import md_escape
from ui.words import DEVIATIONS


@dataclass(frozen=True)
class Seen:
    """A comparison on screen: the log, the plan, what was found, and the filter in force."""

    log: Log
    plan: Plan
    found: Findings
    chosen: str | None = None

    def place(self, row: dict[str, Any]) -> str:
        """Name the touchpoint, the choice, the activity, the rule or the stage that a row is about, as plain text."""
        if row["rule"] is not None:
            return rule_name(self.plan.map, row["rule"])
        if (skip := self.skip(row)) is not None:
            return skip.place
        if row["touchpoint"] is not None:
            return names(self.plan.map)[row["touchpoint"]]
        return str(row["activity"]) if row["activity"] is not None else self.stage(row)

    def skip(self, row: dict[str, Any]) -> Skip | None:
        """Give how to speak of a row that tells of a skip in a choice."""
        return skip_of(self.plan.map, row)

    def stage(self, row: dict[str, Any]) -> str:
        """Name the stage of a row, as plain text; any stage for touchpoints of `anywhere`."""
        return stage_names(self.plan.map)[row["stage"]] if row["stage"] is not None else _("any stage")


def slower(seconds: float | None) -> str:
    """Say how much later or sooner one journey comes to the goal than another."""
    if seconds is None:
        return duration(None)
    words = N_("{time} sooner") if seconds < 0 else N_("{time} later")
    return _(words, time=duration(abs(seconds)))


def heading_of(seen: Seen, row: dict[str, Any]) -> str:
    """Name a deviation and its place, as Markdown."""
    sign = DEVIATIONS[row["kind"]]
    return f":{sign.badge}[{sign.glyph} {_(sign.word)}] · {md_escape(seen.place(row))}"


def told(seen: Seen, row: dict[str, Any]) -> str:
    """Say how many journeys show a deviation of the ranking, and how it goes with the goal, as Markdown."""
    return sentence(seen, row) + "  \n" + effect_sentence(row)


def to_bear_in_mind(seen: Seen, row: dict[str, Any]) -> str:
    """Say what a deviation of the ranking means, and what to be careful about in its effect, as Markdown."""
    cautious = row["effect"] is not None and row["kind"] in CAUTION
    return means(seen, row) + (" " + _(CAUTION[row["kind"]]) if cautious else "")


def means(seen: Seen, row: dict[str, Any]) -> str:
    """Say what a kind means, or what a rule asks that goes by a title, as Markdown."""
    says = seen.place(row) if row["rule"] is None else rule_says(seen.plan.map, row["rule"])
    return _(DEVIATIONS[row["kind"]].means) if says == seen.place(row) else md_escape(says)


def sentence(seen: Seen, row: dict[str, Any]) -> str:
    """Say how many journeys show a deviation, and of how many, as Markdown."""
    skip = seen.skip(row)
    said = md(
        deviation(row["kind"], skip),
        journeys=counted("{n} journey", "{n} journeys", row["journeys"]),
        share=percent(row["share"]),
        place=seen.place(row),
        stage=seen.stage(row),
        instead=skip.instead if skip else "",
    )
    return f"{said} {_base(seen, row)}"


def _base(seen: Seen, row: dict[str, Any]) -> str:
    """Name what the share of a deviation is of; of a skip also the share that Gaps gives."""
    if row["kind"] == "rule_broken":
        return ""  # said in the sentence itself
    if row["kind"] != "missing":
        return counted("The share is of {n} journey.", "The share is of all {n} journeys.", row["of"])
    there = dict(seen.found.reach.select("touchpoint", "n_there").iter_rows())[row["touchpoint"]]
    return md(
        "The share is of all {of} journeys; of the {there} that got as far it is {share}, as on Gaps.",
        of=row["of"],
        there=there,
        share=percent(row["journeys"] / there if there else None),
    )


def effect_sentence(row: dict[str, Any]) -> str:
    """Say how a deviation goes with reaching the goal, and when, as Markdown; nothing where all shown have it."""
    if filters.in_force(shows(row)):
        return ""
    message = effect_message(row, in_use())
    said = md(message.template, **message.values)
    return said if row["median_extra_s"] is None else f"{said} {md_escape(extra_time_said(row, in_use()))}"
