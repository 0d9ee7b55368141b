"""What `info`, `align`, `ingest` and `define` print for people, from the values of their JSON documents."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from mining.messages import N_
from pipeline.cli.text import facts, table
from pipeline.language import Language

if TYPE_CHECKING:
    from pipeline.definition import Definition
    from pipeline.ingest import IngestReport

_LEVELS = {"event": N_("an event"), "journey": N_("a journey")}
_DUPLICATES = {"keep": N_("kept"), "drop": N_("left out")}
_DECIMALS = 6  # of a fitness that is compared with what other tools compute


def log_facts(log: Mapping[str, Any], language: Language) -> list[tuple[str, str]]:
    """Say what a log holds, from the `log` object of the JSON documents."""
    t = language.t
    said = [(t("Log"), log_holds(log, language))]
    if log["events"]:
        said.append((t("Time"), _times(log, language)))
    if log["rejected_rows"]:
        said.append((t("Rejected"), language.counted("{n} row", "{n} rows", log["rejected_rows"])))
    return said


def log_holds(log: Mapping[str, Any], language: Language) -> str:
    """Say how much a log holds."""
    counted = language.counted
    return language.t(
        "{events} in {journeys}, {paths}, {activities}",
        events=counted("{n} event", "{n} events", log["events"]),
        journeys=counted("{n} journey", "{n} journeys", log["journeys"]),
        paths=counted("{n} path", "{n} paths", log["variants"]),
        activities=counted("{n} activity", "{n} activities", log["activities"]),
    )


def _times(log: Mapping[str, Any], language: Language) -> str:
    if log["start"] is None:
        return language.t("none, only an order")
    start, end = (language.moment(datetime.fromisoformat(log[name])) for name in ("start", "end"))
    return language.t("{start} to {end} (UTC)", start=start, end=end)


def info_text(
    log: Mapping[str, Any],
    sources: Sequence[Mapping[str, Any]],
    attributes: Sequence[Mapping[str, Any]],
    meant: Definition,
    language: Language,
) -> str:
    """Say what a log holds, how its journeys are made and which files it came from."""
    t = language.t
    said = [facts(log_facts(log, language)), facts(definition_facts(meant, language))]
    if attributes:
        levels = {level: t(words) for level, words in _LEVELS.items()}
        rows = [[a["name"], levels[a["level"]], a["type"].lower(), a["role"] or ""] for a in attributes]
        heads = (N_("Attribute"), N_("Belongs to"), N_("Type"), N_("Role"))
        said.append(table([t(head) for head in heads], rows, range(4)))
    said.append(_sources(sources, language))
    return "\n\n".join(said)


def _sources(sources: Sequence[Mapping[str, Any]], language: Language) -> str:
    heads = (N_("Source"), N_("Format"), N_("Rows"), N_("Kept"), N_("Rejected"))
    rows = [
        [
            *(source["name"], source["format"]),
            *(language.number(source[name]) for name in ("rows_in", "rows_kept", "rows_rejected")),
            source["sha256"][:12],
        ]
        for source in sources
    ]
    return table([*(language.t(head) for head in heads), "SHA-256"], rows, (0, 1, 5))


def definition_facts(meant: Definition, language: Language) -> list[tuple[str, str]]:
    """Say how events become journeys."""
    t, ids = language.t, meant.id_table
    person = ", ".join(meant.identity.columns) if meant.identity else t("the key as recorded")
    recipe = json.dumps(meant.recipe.as_list(), ensure_ascii=False) if meant.recipe.steps else t("none")
    said = [(t("Person"), person)]
    if ids:
        rows = language.counted("{n} row", "{n} rows", ids.rows)
        columns = ", ".join(ids.columns)
        said.append((t("Identity table"), t("{name}: {columns} in {rows}", name=ids.name, columns=columns, rows=rows)))
    return [
        *said,
        (t("Split"), _split(meant, language)),
        (t("Duplicates"), t(_DUPLICATES[meant.duplicates])),
        (t("Recipe"), recipe),
    ]


def _split(meant: Definition, language: Language) -> str:
    said = []
    if meant.session_gap is not None:
        said.append(language.t("after {duration} of silence", duration=language.duration(meant.session_gap)))
    if meant.start_activity is not None:
        said.append(language.t("where “{activity}” happens", activity=meant.start_activity))
    if len(said) > 1:
        return language.t("{one} or {other}", one=said[0], other=said[1])
    return said[0] if said else language.t("none")


def report_text(report: IngestReport, dry_run: bool, language: Language) -> str:
    """Say what an ingest kept and what it rejected, and why."""
    t, counted = language.t, language.counted
    counts = {"read": report.rows_in, "kept": report.rows_kept, "rejected": report.rows_rejected}
    rows = (
        t("{read} read, {kept} would be kept, {rejected} rejected", **counts)
        if dry_run
        else t("{read} read, {kept} kept, {rejected} rejected", **counts)
    )
    holds = t(
        "{events} in {journeys}, {activities}",
        events=counted("{n} event", "{n} events", report.events),
        journeys=counted("{n} journey", "{n} journeys", report.journeys),
        activities=counted("{n} activity", "{n} activities", report.activities),
    )
    said = [facts([(t("Rows"), rows), (t("Log"), holds)])]
    if report.reasons:
        reasons = [[t(reason), language.number(n)] for reason, n in report.reasons.items()]
        said.append(table([t("Rejected because"), t("Rows")], reasons))
    return "\n\n".join(said)


def alignment_facts(found: Mapping[str, Any], language: Language) -> list[tuple[str, str]]:
    """Say cost and fitness, or what they lie between, from the `alignment` object of ``align --json``."""
    t, number, bounds = language.t, language.number, found["bounds"]
    if found["total_cost"] is None:
        said = [
            (t("Exact"), t("{share} of journeys", share=language.percent(found["exact_share"]))),
            (t("Cost"), _between(bounds["total_cost"], 0, language)),
            (t("Fitness"), _between(bounds["fitness"], _DECIMALS, language)),
            (t("Fitting"), _between(bounds["perfect_journeys"], 0, language)),
        ]
    else:
        fits = {"n": found["perfect_journeys"], "share": language.percent(found["perfect_share"])}
        said = [
            (t("Cost"), language.by_spec(found["total_cost"], "")),
            (t("Fitness"), number(found["fitness"], _DECIMALS)),
            (t("Fitting"), language.counted("{n} journey ({share})", "{n} journeys ({share})", **fits)),
        ]
    return [*said, (t("Seconds"), number(found["seconds"], 3))]


def _between(ends: Sequence[float | None], digits: int, language: Language) -> str:
    low, high = (language.number(end, digits) for end in ends)
    return language.t("{low} to {high}", low=low, high=high)
