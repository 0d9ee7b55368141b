"""What `info`, `discover`, `align` and `ingest` print for people, from the values of their JSON documents."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pipeline.cli.text import UNDEFINED, count, duration, facts, log_facts, number, percent, table

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
    rows = [[e["source"], e["target"], count(e["journeys"]), count(e["occurrences"]), *_wait(e)] for e in edges[:SHOWN]]
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
        said.append(table(["from", "to", "journeys", "times", "median wait", "95%"], rows, (0, 1)) + _more(edges))
    return "\n\n".join(said)


def _wait(edge: Mapping[str, Any]) -> tuple[str, str]:
    """Say the median wait and its interval; a dash where there are too few waits for one."""
    low, high = edge["wait_median_low_s"], edge["wait_median_high_s"]
    return duration(edge["wait_median_s"]), UNDEFINED if low is None else f"{duration(low)} to {duration(high)}"


def _named(places: Sequence[Mapping[str, Any]]) -> str:
    """Name the first three places with their journeys."""
    said = ", ".join(f"{place['name']} ({count(place['journeys'])})" for place in places[:3])
    return f"{said} ..." if len(places) > 3 else said


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
