"""What `compare` and `info` print for people, from the values of their JSON documents."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pipeline.cli.text import between, count, duration, facts, log_facts, number, percent, points, probability, table

if TYPE_CHECKING:
    from pipeline.definition import Definition
    from pipeline.ingest import IngestReport

SHOWN = 12  # rows of a table on the screen; the JSON has all


def info_text(
    log: Mapping[str, Any],
    sources: Sequence[Mapping[str, Any]],
    attributes: Sequence[Mapping[str, Any]],
    meant: Definition,
) -> str:
    """Say what a log holds, how its journeys are made and which files it came from."""
    said = [facts(log_facts(log)), facts(definition_facts(meant))]
    if attributes:
        rows = [[a["name"], a["level"], a["type"].lower(), a["role"] or ""] for a in attributes]
        said.append(table(["attribute", "of the", "type", "role"], rows, range(4)))
    rows = [
        [
            s["name"],
            s["format"],
            count(s["rows_in"]),
            count(s["rows_kept"]),
            count(s["rows_rejected"]),
            s["sha256"][:12],
        ]
        for s in sources
    ]
    said.append(table(["source", "format", "rows in", "kept", "rejected", "sha256"], rows, (0, 1, 5)))
    return "\n\n".join(said)


def definition_facts(meant: Definition) -> list[tuple[str, str]]:
    """Say how events become journeys."""
    split = [f"after {duration(meant.session_gap)} of silence"] if meant.session_gap is not None else []
    split += [f"at {meant.start_activity!r}"] if meant.start_activity is not None else []
    ids = meant.id_table
    return [
        ("Person", ", ".join(meant.identity.columns) if meant.identity else "the key as recorded"),
        *([("Identity table", f"{ids.name}: {', '.join(ids.columns)} in {count(ids.rows)} rows")] if ids else []),
        ("Split", " or ".join(split) or "no"),
        ("Duplicates", meant.duplicates),
        ("Recipe", json.dumps(meant.recipe.as_list(), ensure_ascii=False) if meant.recipe.steps else "none"),
    ]


def graph_text(graph: Mapping[str, Any]) -> str:
    """Say where journeys begin, go most and end."""
    edges = sorted(graph["edges"], key=lambda edge: (-edge["journeys"], edge["source"], edge["target"]))
    rows = [
        [e["source"], e["target"], count(e["journeys"]), count(e["occurrences"]), duration(e["wait_median_s"])]
        for e in edges[:SHOWN]
    ]
    usual = graph["most_common_path"]
    sums = [
        *log_facts(graph["log"]),
        ("Graph", f"{count(len(graph['nodes']))} nodes, {count(len(edges))} edges ({graph['detail']})"),
        ("Begin", _named(graph["starts"])),
        ("End", _named(graph["ends"])),
    ]
    if usual:
        sums.append(("Usual", f"{' > '.join(usual['path'])} ({count(usual['journeys'])}, {percent(usual['share'])})"))
    said = [facts(sums)]
    if rows:
        said.append(table(["from", "to", "journeys", "times", "median wait"], rows, (0, 1)) + _more(edges))
    return "\n\n".join(said)


def _named(places: Sequence[Mapping[str, Any]]) -> str:
    """Name the first three places with their journeys."""
    said = ", ".join(f"{place['name']} ({count(place['journeys'])})" for place in places[:3])
    return f"{said} ..." if len(places) > 3 else said


def findings_text(found: Mapping[str, Any]) -> str:
    """Say the findings on one screen: the sums, the largest deviations, the drop-off, the gaps."""
    parts = [
        _sums(found),
        _deviations(found["deviations"]),
        _accepted(found["accepted"]),
        _rules(found["rules"]),
        _drop_off(found["drop_off"]),
        _gaps(found["gaps"]),
    ]
    return "\n\n".join(part for part in parts if part)


def _sums(found: Mapping[str, Any]) -> str:
    plan, alignment, outcomes = found["map"], found["alignment"], found["outcomes"]
    return facts(
        [
            *log_facts(found["log"]),
            (
                "Map",
                f"{plan['id']}: {count(plan['touchpoints'])} touchpoints; explains {percent(plan['event_coverage'])} "
                f"of events, {percent(plan['journey_coverage'])} of journeys",
            ),
            (
                "Plan kept",
                f"by {count(alignment['perfect_journeys'])} journeys ({percent(alignment['perfect_share'])}); "
                f"fitness {number(alignment['fitness'])}",
            ),
            (
                "Outcome",
                f"{count(outcomes['converted'])} converted, {count(outcomes['dropped'])} dropped, "
                f"{count(outcomes['open'])} open ({_window(outcomes['inactive_after_s'])})",
            ),
        ]
    )


def _deviations(rows: list[dict[str, Any]]) -> str:
    head = ["deviation", "touchpoint", "stage", "journeys", "share", "95% interval", "effect on goal (points)", "q"]
    cells = [
        [
            *_what_and_where(row),
            between(row["low"], row["high"]),
            points(row["effect"]),
            probability(row["q"]),
        ]
        for row in sorted(rows, key=lambda row: -row["journeys"])[:SHOWN]
    ]
    return table(head, cells, range(3)) + _more(rows) if cells else "No deviation."


def _what_and_where(row: dict[str, Any]) -> list[str]:
    """Give the cells that deviations begin with, ranked and accepted ones alike."""
    place = row["touchpoint"] or row["activity"] or row["rule"] or ""
    return [row["kind"], place, row["stage"] or "", count(row["journeys"]), percent(row["share"])]


def _accepted(rows: list[dict[str, Any]]) -> str:
    head = ["accepted", "where", "stage", "journeys", "share", "by", "until", "reason"]
    cells = [
        [
            *_what_and_where(row),
            row["owner"],
            row["until"],
            row["reason"],
        ]
        for row in rows[:SHOWN]
    ]
    return table(head, cells, (0, 1, 2, 5, 6, 7)) + _more(rows) if cells else ""


def _rules(rows: list[dict[str, Any]]) -> str:
    head = ["rule", "broken by", "of", "share", "95% interval", "too early", "it says"]
    cells = [
        [
            row["rule"],
            *(count(row[name]) for name in ("journeys", "of")),
            percent(row["share"]),
            between(row["low"], row["high"]),
            count(row["open"]),
            row["sentence"],
        ]
        for row in rows
    ]
    return table(head, cells, (0, 6)) if cells else ""


def _drop_off(rows: list[dict[str, Any]]) -> str:
    head = ["milestone", "stage", "reached", "went on", "dropped", "open", "drop rate", "95% interval"]
    cells = [
        [
            row["milestone"],
            row["stage"] or "",
            *(count(row[name]) for name in ("reached", "went_on", "dropped", "open")),
            percent(row["rate"]),
            between(row["low"], row["high"]),
        ]
        for row in rows
    ]
    return table(head, cells, range(2)) if cells else ""


def _gaps(rows: list[dict[str, Any]]) -> str:
    head = ["gap", "where", "stage", "journeys", "detail"]
    cells = [
        [
            row["kind"],
            row.get("touchpoint") or row.get("activity") or "",
            row.get("stage") or "",
            count(row["journeys"]) if row.get("journeys") is not None else "",
            row.get("detail") or "",
        ]
        for row in rows[:SHOWN]
    ]
    return table(head, cells, (0, 1, 2, 4)) + _more(rows) if cells else ""


def _more(rows: list[Any]) -> str:
    return f"\n... and {count(len(rows) - SHOWN)} more: see --json or --out" if len(rows) > SHOWN else ""


def report_text(report: IngestReport, dry_run: bool) -> str:
    """Say what an ingest kept and what it rejected, and why."""
    rows = f"{count(report.rows_in)} read, {count(report.rows_kept)} {'would be kept' if dry_run else 'kept'}"
    holds = f"{count(report.events)} events in {count(report.journeys)} journeys"
    sums = [
        ("Rows", f"{rows}, {count(report.rows_rejected)} rejected"),
        ("Log", f"{holds}, {count(report.activities)} activities"),
    ]
    said = [facts(sums)]
    if report.reasons:
        said.append(table(["rejected because", "rows"], [[reason, count(n)] for reason, n in report.reasons.items()]))
    return "\n\n".join(said)


def _window(seconds: float | None) -> str:
    return (
        "without times none can be told to be open" if seconds is None else f"dropped = silent for {duration(seconds)}"
    )


def alignment_facts(found: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Say cost and fitness, or what they lie between, from the `alignment` object of ``align --json``."""
    bounds = found["bounds"]
    if found["total_cost"] is None:
        said = [
            ("Exact", f"{percent(found['exact_share'])} of journeys"),
            ("Cost", f"{count(bounds['total_cost'][0])} to {count(bounds['total_cost'][1])}"),
            ("Fitness", f"{number(bounds['fitness'][0], 6)} to {number(bounds['fitness'][1], 6)}"),
            ("Fitting", f"{count(bounds['perfect_journeys'][0])} to {count(bounds['perfect_journeys'][1])} journeys"),
        ]
    else:
        said = [
            ("Cost", f"{found['total_cost']:,}"),
            ("Fitness", number(found["fitness"], 6)),
            ("Fitting", f"{count(found['perfect_journeys'])} journeys ({percent(found['perfect_share'])})"),
        ]
    return [*said, ("Seconds", number(found["seconds"]))]
