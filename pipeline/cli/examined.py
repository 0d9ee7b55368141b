"""What `quality` prints for people: the sums, every finding with examples, and what was not found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from textwrap import fill
from typing import Any

from mining.lookalikes import KINDS as DIFFERENCES
from mining.messages import N_
from pipeline.cli.findings import log_facts
from pipeline.cli.text import facts, say, table
from pipeline.language import Language
from pipeline.quality import QualityFinding, QualityReport
from pipeline.quality.kinds import KINDS

SHOWN = 3  # examples on the screen; the JSON has more
WIDTH = 118
MARKS = {"problem": N_("PROBLEM"), "warning": N_("WARNING"), "info": N_("info")}
ROLES = {"journey": N_("Journey"), "activity": N_("Activity"), "time": N_("Time")}
EXAMPLES = {
    "source": N_("File"),
    "line": N_("Line"),
    "row": N_("Row"),
    "journey": N_("Journey"),
    "id": N_("Id"),
    "activity": N_("Activity"),
    "before": N_("Activity before"),
    "time": N_("Time"),
    "time_before": N_("Time before"),
    "finish": N_("End"),
    "day": N_("Day"),
    "from": N_("From"),
    "to": N_("To"),
    "clock": N_("Clock"),
    "last": N_("Last"),
    "loaded": N_("Loaded"),
    "n": N_("Number"),
    "of": N_("Of"),
    "share": N_("Share"),
    "usual": N_("Usual"),
    "backwards": N_("Backwards"),
    "neighbours": N_("Pairs"),
    "ties": N_("Pairs at the same time"),
    "common": N_("Common name"),
    "names": N_("Written as"),
    "differ_by": N_("They differ in"),
    "attribute": N_("Attribute"),
    "value": N_("Value"),
    "values": N_("Values"),
}
"""What the values of an example are called."""


def quality_text(report: QualityReport, language: Language) -> str:
    """Say the report on the screen: the sums, every finding, and what was not found."""
    t = language.t
    rows = {"read": report.rows_in, "kept": report.rows_kept, "rejected": report.rows_rejected}
    size = log_facts(report.log.as_dict() | {"rejected_rows": 0}, language)
    sums = [*size, (t("Rows"), t("{read} read, {kept} kept, {rejected} rejected", **rows))]
    if report.zones:
        sums.append((t("Zone"), t("clocks without an offset were read as {zones}", zones=", ".join(report.zones))))
    said = [facts(sums), _columns(report, language)]
    said += [_finding(finding, language) for finding in report.findings] or [t("Nothing was found.")]
    said.append(_rest(N_("Not found: {kinds}."), report.nothing_found, language))
    said.append(_rest(N_("Cannot be told without times: {kinds}."), report.needs_times, language))
    return "\n\n".join(part for part in said if part)


def _columns(report: QualityReport, language: Language) -> str:
    """Say how many values of each column could be read, where one could not."""
    if not any(column.failed for column in report.columns):
        return ""
    heads = (N_("File"), N_("Role"), N_("Column"), N_("Values"), N_("Unreadable"), N_("Read"))
    rows = [
        [
            *(column.source, language.t(ROLES[column.role]), column.column),
            *(language.number(column.checked), language.number(column.failed), language.percent(column.rate)),
        ]
        for column in report.columns
    ]
    return table([language.t(head) for head in heads], rows, range(3))


def _finding(finding: QualityFinding, language: Language) -> str:
    mark = language.t(MARKS[finding.severity])
    share = "" if finding.share is None else f" ({language.percent(finding.share)})"
    head = f"{mark}  {say(finding.title, language)}: {say(finding.counted, language)}{share}"
    lines = [head, _indented(say(finding.said, language))]
    lines += [_indented(f"- {_example(row, language)}") for row in finding.examples[:SHOWN]]
    if finding.severity != "info":
        lines.append(_indented(f"> {say(finding.todo, language)}"))
    return "\n".join(lines)


def _example(row: Mapping[str, Any], language: Language) -> str:
    """Write an example as names and values on one line."""
    said = (f"{_name(name, language)}: {_value(name, v, language)}" for name, v in row.items() if v is not None)
    line = " ".join(", ".join(said).split())
    return line if len(line) <= WIDTH - 4 else f"{line[: WIDTH - 5]}…"


def _name(name: str, language: Language) -> str:
    """Call a value of an example, in the middle of a sentence."""
    return language.t(EXAMPLES.get(name, name)).lower()


def _value(name: str, value: Any, language: Language) -> str:
    if isinstance(value, list | tuple):
        words = [language.t(DIFFERENCES[kind]) for kind in value] if name == "differ_by" else map(str, value)
        return " | ".join(words)
    if isinstance(value, float):
        return language.percent(value)  # the only fractions among examples are shares
    if isinstance(value, datetime):
        return language.moment(value)
    if isinstance(value, date):
        return language.date(value)
    return language.number(value) if isinstance(value, int) else str(value)


def _indented(text: str) -> str:
    return fill(text, WIDTH, initial_indent="  ", subsequent_indent="    " if text[:1] in "->" else "  ")


def _rest(said: str, kinds: Sequence[str], language: Language) -> str:
    titles = ", ".join(language.t(KINDS[kind].title).lower() for kind in kinds)
    return fill(language.t(said, kinds=titles), WIDTH) if kinds else ""
