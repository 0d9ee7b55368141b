"""What `map check` prints for people: the sizes of a map and, over a log, how much of it the map explains."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from mining import found_words
from mining.messages import N_
from pipeline.cli.text import beside, facts
from pipeline.names import Names, as_text

if TYPE_CHECKING:
    from mining.journey_map import JourneyMap
    from pipeline.language import Language


def verdict_text(verdict: Mapping[str, Any], plan: JourneyMap, language: Language) -> str:
    """Say that a map is valid, from the document of ``map check --json``; its parts by title and id."""
    names = Names(plan, language)
    said = language.t("{file} is a valid map: {sizes}.", file=verdict["file"], sizes=_sizes(verdict["map"], language))
    pairs = [(language.t("Map"), beside(names.map, as_text(plan.id)))]
    if log := verdict.get("log"):
        pairs += _laid_over(log, names, language)
    return said + "\n" + facts(pairs)


def _sizes(found: Mapping[str, int], language: Language) -> str:
    counted = language.counted
    said = [
        counted("{n} stage", "{n} stages", found["stages"]),
        counted("{n} touchpoint", "{n} touchpoints", found["touchpoints"]),
        counted("{n} milestone", "{n} milestones", found["milestones"]),
        counted("{n} state", "{n} states", found["states"]),
    ]
    if found["rules"]:
        said.append(counted("{n} rule", "{n} rules", found["rules"]))
    if found["accepted"]:
        said.append(counted("{n} deviation accepted", "{n} deviations accepted", found["accepted"]))
    return ", ".join(said)


def _laid_over(log: Mapping[str, Any], names: Names, language: Language) -> list[tuple[str, str]]:
    t = language.t
    explained = t(
        "{events} of events, {journeys} of journeys",
        events=language.percent(log["event_coverage"]),
        journeys=language.percent(log["journey_coverage"]),
    )
    accepted = (
        f"{t(found_words.DEVIATIONS[row['kind']].word)}: {_place(row['place'], names)}" for row in log["accepted"]
    )
    off_map = (f"{as_text(gap['activity'])} ({language.number(gap['journeys'])})" for gap in log["off_map"])
    return [
        (t("Explains"), explained),
        (t("Not in the plan"), _listed(off_map, N_("nothing"), language)),
        (t("Accepted"), _listed(accepted, N_("nothing"), language)),
        (t("Never seen"), _listed((_place(name, names) for name in log["silent"]), N_("none"), language)),
        (t("Unmeasured"), _listed((_place(name, names) for name in log["unmeasured"]), N_("none"), language)),
    ]


def _listed(parts: Iterable[str], otherwise: str, language: Language) -> str:
    return ", ".join(parts) or language.t(otherwise)


def _place(identifier: str, names: Names) -> str:
    """Name a touchpoint, a rule or a stage beside its id; an activity is called as it is."""
    for known in (names.touchpoints, names.rules, names.stages):
        if identifier in known:
            return beside(known[identifier], identifier)
    return as_text(identifier)
