"""What `discover` prints for people: where journeys begin, go most and end, and how well a model tells of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mining.messages import N_
from pipeline.cli.findings import log_facts
from pipeline.cli.text import beside, facts, more, table
from pipeline.discover import OFF_MAP, STAGE, TOUCHPOINT
from pipeline.names import Names, as_text

if TYPE_CHECKING:
    from mining.journey_map import JourneyMap
    from pipeline.language import Language

SHOWN = 12  # rows of a table on the screen; the JSON has all
DETAILS = {"activity": N_("activities"), TOUCHPOINT: N_("touchpoints"), STAGE: N_("stages")}


@dataclass(frozen=True)
class Spoken:
    """How the nodes of a graph are called.

    Attributes
    ----------
    language : Language
        In which it is said.
    titles : mapping of str to str
        Titles by id, where nodes are touchpoints or stages of a map.
    """

    language: Language
    titles: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, detail: str, plan: JourneyMap | None, language: Language) -> Spoken:
        """Look the titles up."""
        if plan is None or detail not in (TOUCHPOINT, STAGE):
            return cls(language)
        names = Names(plan, language)
        return cls(language, names.touchpoints if detail == TOUCHPOINT else names.stages)

    def short(self, name: str) -> str:
        """Give the title alone."""
        return self.language.t("(not in the plan)") if name == OFF_MAP else self.titles.get(name, as_text(name))

    def full(self, name: str) -> str:
        """Give the title, and the id beside it."""
        return beside(self.short(name), name) if name in self.titles else self.short(name)


def discovered_text(
    found: Mapping[str, Any],
    plan: JourneyMap | None,
    proposed: JourneyMap | None,
    written: Path | None,
    language: Language,
) -> str:
    """Say what was found, from the document of ``discover --json``.

    Parameters
    ----------
    found : mapping
        The document.
    plan : JourneyMap or None
        The map whose touchpoints or stages the nodes are.
    proposed : JourneyMap or None
        The map that was made of the log.
    written : Path or None
        The file that was written.
    language : Language
        In which it is said.
    """
    spoken = Spoken.of(found["detail"], plan, language)
    said = [facts(_sums(found, spoken)), _links(found, spoken)]
    if model := found.get("model"):
        said.append(facts(_model(model, language)))
    if proposed:
        said.append(facts(_map(found["map"], proposed, language)))
    if written:
        said.append(language.t("Wrote {file}.", file=str(written)))
    return "\n\n".join(part for part in said if part)


def _sums(found: Mapping[str, Any], spoken: Spoken) -> list[tuple[str, str]]:
    t, counted, what = spoken.language.t, spoken.language.counted, DETAILS[found["detail"]]
    size = t(
        "{nodes}, {links}; its nodes are {what}",
        nodes=counted("{n} node", "{n} nodes", len(found["nodes"])),
        links=counted("{n} link", "{n} links", len(found["edges"])),
        what=t(what),
    )
    said = [
        *log_facts(found["log"], spoken.language),
        (t("Graph"), size),
        (t("Begins with"), _ends(found["starts"], spoken)),
        (t("Ends with"), _ends(found["ends"], spoken)),
    ]
    if usual := found["most_common_path"]:
        path = " > ".join(map(spoken.short, usual["path"]))
        share = spoken.language.percent(usual["share"])
        journeys = counted("{n} journey, {share}", "{n} journeys, {share}", usual["journeys"], share=share)
        said.append((t("Usual"), f"{path} ({journeys})"))
    return said


def _ends(places: Sequence[Mapping[str, Any]], spoken: Spoken) -> str:
    """Name the first three places with their journeys."""
    said = ", ".join(f"{spoken.full(p['name'])} ({spoken.language.number(p['journeys'])})" for p in places[:3])
    return f"{said} …" if len(places) > 3 else said


def _links(found: Mapping[str, Any], spoken: Spoken) -> str:
    links = sorted(found["edges"], key=lambda edge: (-edge["journeys"], edge["source"], edge["target"]))
    if not links:
        return ""
    language = spoken.language
    rows = [
        [
            *(spoken.full(link["source"]), spoken.full(link["target"])),
            *(language.number(link["journeys"]), language.number(link["occurrences"])),
            *_wait(link, language),
        ]
        for link in links[:SHOWN]
    ]
    heads = (N_("From"), N_("To"), N_("Journeys"), N_("Times"), N_("Median wait"), N_("95% interval"))
    return table([language.t(head) for head in heads], rows, (0, 1)) + more(links, SHOWN, language)


def _wait(link: Mapping[str, Any], language: Language) -> tuple[str, str]:
    """Say the median wait and its interval; a dash where there are too few waits for one."""
    low, high = (language.duration(link[name]) for name in ("wait_median_low_s", "wait_median_high_s"))
    interval = low if link["wait_median_low_s"] is None else language.t("{low} to {high}", low=low, high=high)
    return language.duration(link["wait_median_s"]), interval


def _model(model: Mapping[str, Any], language: Language) -> list[tuple[str, str]]:
    t, counted = language.t, language.counted
    size = t(
        "{miner}: {places}, {transitions}, mined from {paths} of {journeys}",
        miner=model["miner"],
        places=counted("{n} place", "{n} places", model["places"]),
        transitions=counted("{n} transition", "{n} transitions", model["transitions"]),
        paths=counted("{n} path", "{n} paths", model["variants"]),
        journeys=counted("{n} journey", "{n} journeys", model["journeys"]),
    )
    return [(t("Model"), size), *_quality(model, language)]


def _map(found: Mapping[str, Any], proposed: JourneyMap, language: Language) -> list[tuple[str, str]]:
    t, counted = language.t, language.counted
    goal = Names(proposed, language).touchpoints[proposed.goal]
    size = t(
        "{stages}, {touchpoints}; goal: {goal}",
        stages=counted("{n} stage", "{n} stages", found["stages"]),
        touchpoints=counted("{n} touchpoint", "{n} touchpoints", found["touchpoints"]),
        goal=beside(goal, proposed.goal),
    )
    said = [(t("Map"), size)]
    if found["compared"]:
        fit = _fit(found["compared"], language)
        said.append((t("As compared"), t("{fit}: the journey reading, as compare tells it", fit=fit)))
    return [*said, *_quality(found, language)]


def _quality(found: Mapping[str, Any], language: Language) -> list[tuple[str, str]]:
    if found["fitness"] is None:
        return []
    fit = language.t("{fit}: the complete reading, as align tells it", fit=_fit(found, language))
    return [(language.t("Fitness"), fit), (language.t("Precision"), language.number(found["precision"], 3))]


def _fit(found: Mapping[str, Any], language: Language) -> str:
    fitness, share = language.number(found["fitness"], 3), language.percent(found["perfect_share"])
    return language.t("{fitness} ({share} of journeys fit in full)", fitness=fitness, share=share)
