"""`desirepath quality`: the quality report of a log as text or JSON, and its rejected rows as a file."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping, Sequence
from textwrap import fill
from typing import Any

from pipeline.cli.log import open_log
from pipeline.cli.text import count, facts, log_facts, out, out_json, percent, table

DONE = 0
SHOWN = 3  # examples on the screen; the JSON has more
WIDTH = 118
MARKS = {"problem": "PROBLEM", "warning": "WARNING", "info": "info"}


def quality(arguments: Namespace) -> int:
    """Say what should be known about a log before its figures are trusted."""
    from pipeline.files import write_atomically
    from pipeline.quality import quality as examine
    from pipeline.quality import rejects_csv

    with open_log(arguments.log, arguments.quiet) as workspace:
        report = examine(workspace)
        if arguments.rejects:
            write_atomically(arguments.rejects, rejects_csv(workspace))
    if arguments.json:
        out_json(report.as_dict())
    elif not arguments.quiet:
        out(quality_text(report.as_dict()))
    return DONE


def quality_text(report: Mapping[str, Any]) -> str:
    """Say the report on the screen, from its JSON document: the sums, every finding, and what was not found."""
    rows = report["rows"]
    sums = [
        *((label, text) for label, text in log_facts(report["log"]) if label != "Rejected"),
        ("Rows", f"{count(rows['in'])} read, {count(rows['kept'])} kept, {count(rows['rejected'])} rejected"),
    ]
    if report["zones"]:
        sums.append(("Zone", f"clocks without an offset were read as {', '.join(report['zones'])}"))
    said = [facts(sums), _columns(report["columns"])]
    said += [_finding(finding) for finding in report["findings"]] or ["Nothing was found."]
    said.append(_rest("Not found", report["nothing_found"]))
    said.append(_rest("Cannot be told without times", report["needs_times"]))
    return "\n\n".join(part for part in said if part)


def _columns(columns: Sequence[Mapping[str, Any]]) -> str:
    """Say how many values of each column could be read, where one could not."""
    rows = [
        [c["source"], c["role"], c["column"], count(c["checked"]), count(c["failed"]), percent(c["rate"])]
        for c in columns
    ]
    if not any(c["failed"] for c in columns):
        return ""
    return table(["source", "role", "column", "values", "unreadable", "read"], rows, range(3))


def _finding(finding: Mapping[str, Any]) -> str:
    share = "" if finding["share"] is None else f" ({_share(finding['share'])})"
    of = f"{count(finding['n'])} of {count(finding['of'])} {finding['unit']}{share}"
    lines = [f"{MARKS[finding['severity']]}  {finding['title']}: {of}", _indented(finding["text"])]
    lines += [_indented(f"- {_example(row)}") for row in finding["examples"][:SHOWN]]
    if finding["severity"] != "info":
        lines.append(_indented(f"> {finding['advice']}"))
    return "\n".join(lines)


def _example(row: Mapping[str, Any]) -> str:
    """Write an example as names and values on one line."""
    said = ", ".join(f"{name}: {_value(value)}" for name, value in row.items() if value is not None)
    said = " ".join(said.split())
    return said if len(said) <= WIDTH - 4 else f"{said[: WIDTH - 5]}…"


def _value(value: Any) -> str:
    if isinstance(value, list):
        return " | ".join(map(str, value))
    if isinstance(value, float):
        return percent(value)  # the only fractions among examples are shares
    return count(value) if isinstance(value, int) else str(value)


def _share(share: float) -> str:
    """Write a share; what is not quite nothing is not called 0 %."""
    return "<0.1 %" if 0 < share < 0.0005 else percent(share)


def _indented(text: str) -> str:
    return fill(text, WIDTH, initial_indent="  ", subsequent_indent="    " if text[:1] in "->" else "  ")


def _rest(label: str, kinds: Sequence[str]) -> str:
    from pipeline.quality.kinds import KINDS

    return fill(f"{label}: {', '.join(KINDS[kind].title.lower() for kind in kinds)}.", WIDTH) if kinds else ""
