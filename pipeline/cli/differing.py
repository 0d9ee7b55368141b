"""What `map diff` prints for people: the paths and touchpoints that differ, and what a log makes of both maps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mining import found_words
from mining.journey_map import JourneyMap
from mining.map_changes import Change
from mining.map_difference import Difference, Example
from mining.messages import N_
from pipeline.cli.text import beside, facts, more, table
from pipeline.formats import NOTHING
from pipeline.language import Language
from pipeline.map_diff import CHANGED, GONE, NEW, SAME, LogDiff, MapDiff, Model
from pipeline.names import Names, as_text

SHOWN = 12  # rows of a table on the screen; the JSON has all
MORE = N_("... and {n} more: see --json")
STATUS = {NEW: N_("new"), GONE: N_("gone"), CHANGED: N_("changed")}
ORDERS = {
    "before": N_("before"),
    "after": N_("after"),
    "either": N_("before or after"),
    "never_together": N_("never together with"),
}
CHANGES = {
    "added": N_("{touchpoint} is new"),
    "removed": N_("{touchpoint} is gone"),
    "required": N_("{touchpoint} must happen now"),
    "optional": N_("{touchpoint} may be left out now"),
    "repeatable": N_("{touchpoint} may be repeated now"),
    "not_repeatable": N_("{touchpoint} may not be repeated any more"),
    "stage": N_("{touchpoint} moves from stage {old} to {new}"),
    "events": N_("{touchpoint} is seen by {new}; it was by {old}"),
    "goal": N_("the goal is {new}; it was {old}"),
    "order": N_("{touchpoint} happens {new} {other}; it was {old}"),
}


def diff_text(found: MapDiff, old: Model, new: Model, language: Language) -> str:
    """Say what differs; parts of the maps by title and id."""
    called = _Called(found, old, new, language)
    said = [language.t("Both allow the same paths.")] if found.same else []
    said += _side(found.only_old, language.t("Only the old one allows"), called)
    said += _side(found.only_new, language.t("Only the new one allows"), called)
    if found.changes:
        lines = "\n".join(f"  {called.change(change)}" for change in found.changes[:SHOWN])
        said.append(language.t("Changed") + "\n" + lines + more(found.changes, SHOWN, language, MORE))
    if found.log:
        said += _on_log(found.log, called)
    return "\n\n".join(said)


class _Called:
    """Calls the parts of two maps by their titles in one language; what both have, as the new one does."""

    def __init__(self, found: MapDiff, old: Model, new: Model, language: Language) -> None:
        self.language = language
        plans = [Names(plan, language) for plan in (old, new) if isinstance(plan, JourneyMap)]
        self.touchpoints = {name: title for plan in plans for name, title in plan.touchpoints.items()}
        self.stages = {name: title for plan in plans for name, title in plan.stages.items()}
        self.rules = {k: v for plan in plans for k, v in plan.rules.items()}
        self._steps = self.touchpoints if found.by == "touchpoint" else {}

    def step(self, label: str) -> str:
        """Name a step of a path: a touchpoint, or an activity."""
        return self._steps.get(label) or as_text(label)

    def touchpoint(self, identifier: str | None) -> str:
        """Name a touchpoint, its id beside it."""
        return NOTHING if identifier is None else beside(self.touchpoints[identifier], identifier)

    def stage(self, identifier: str | None) -> str:
        """Name a stage, its id beside it; none for what may happen at any time."""
        return self.language.t("any stage") if identifier is None else beside(self.stages[identifier], identifier)

    def change(self, change: Change) -> str:
        """Say one thing that is not as it was."""
        ends = {name: self._end(change.kind, end) for name, end in (("old", change.old), ("new", change.new))}
        one, other = self.touchpoint(change.touchpoint), self.touchpoint(change.other)
        return self.language.t(CHANGES[change.kind], touchpoint=one, other=other, **ends)

    def _end(self, kind: str, end: str | None) -> str:
        """Say what was, or what is now."""
        if kind == "stage":
            return self.stage(end)
        if kind == "goal":
            return self.touchpoint(end)
        if not end:
            return self.language.t("no event")
        return self.language.t(ORDERS[end]) if kind == "order" else as_text(end)

    def place(self, row: Mapping[str, Any]) -> str:
        """Name what a deviation is about."""
        if row["rule"] is not None:
            return beside(self.rules[row["rule"]], row["rule"])
        if row["touchpoint"] is not None:
            return self.touchpoint(row["touchpoint"])
        return as_text(row["activity"]) if row["activity"] is not None else self.stage(row["stage"])


def _side(found: Difference, title: str, called: _Called) -> list[str]:
    language, said = called.language, []
    if found.examples:
        paths = [_path(example, called) for example in found.examples]
        said.append("\n".join([language.t("{side}, for example", side=title), *paths]))
    if not found.complete:
        said.append(language.t("{side}: there are too many ways to look through; more may differ.", side=title))
    return said


def _path(example: Example, called: _Called) -> str:
    """Write a path, the step where the two part in brackets."""
    at = example.parts_at
    steps = [called.step(label) for label in example.path]
    if at == len(steps):
        steps.append(called.language.t("end"))
    steps[at] = f"[{steps[at]}]"
    return "  " + " > ".join(steps)


def _on_log(found: LogDiff, called: _Called) -> list[str]:
    language = called.language
    rows = [_deviation(row, called) for row in found.deviations.iter_rows(named=True) if row["status"] != SAME]
    said = [facts(_counts(found, language))]
    if rows:
        heads = (*(N_("Change"), N_("Deviation"), N_("Where"), N_("Stage"), N_("Journeys before"), N_("Journeys now")),)
        shown = table([language.t(head) for head in heads], rows[:SHOWN], range(4))
        said.append(shown + more(rows, SHOWN, language, MORE))
    return said


def _counts(found: LogDiff, language: Language) -> list[tuple[str, str]]:
    t = language.t
    sides = {"old": found.old, "new": found.new}
    journeys = {name: side.log.journeys for name, side in sides.items()}
    fitness = {name: language.percent(side.alignment.fitness) for name, side in sides.items()}
    fits = {"both": found.both, "only_old": found.only_old, "only_new": found.only_new, "neither": found.neither}
    said = t(
        "by both {both}, only by the old one {only_old}, only by the new one {only_new}, by neither {neither}", **fits
    )
    return [
        (t("Journeys"), t("{old} of the old map, {new} of the new one, {n} of both", n=found.journeys, **journeys)),
        *([(t("As planned"), said)] if found.journeys else []),
        (t("Fitness"), t("{old} before, {new} now", **fitness)),
    ]


def _deviation(row: Mapping[str, Any], called: _Called) -> list[str]:
    language = called.language
    status, kind = STATUS[row["status"]], found_words.DEVIATIONS[row["kind"]]
    return [
        *(language.t(status), language.t(kind.word), called.place(row)),
        NOTHING if row["stage"] is None else called.stages.get(row["stage"], row["stage"]),
        *(language.number(row["n_old"]), language.number(row["n_new"])),
    ]
