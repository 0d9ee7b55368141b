"""The command that writes a report, and the report that `compare --out` writes."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from mining.messages import N_
from pipeline.cli.log import check_exist, chosen, open_log
from pipeline.cli.text import facts, note, out, say_warnings, spoken
from pipeline.store_faults import is_workspace

if TYPE_CHECKING:
    from pipeline.findings import Findings
    from pipeline.language import Language
    from pipeline.report import Report
    from pipeline.store import Workspace

DONE = 0
ENDINGS = (".html", ".htm", ".pdf", ".xlsx", ".json")


def add_report(parser: ArgumentParser, named: Callable[[str], Path], *, where: str, recipe: str) -> None:
    """Add the arguments of `report`; `named` reads the name of a file to write."""
    parser.add_argument("map", metavar="MAP", type=Path, help=N_("the planned journey map: .yaml, .json, .csv, .xlsx"))
    parser.add_argument("--where", metavar="EXPR", help=where)
    parser.add_argument("--recipe", metavar="FILE", type=Path, help=recipe)
    parser.add_argument(
        "--out",
        type=named,
        required=True,
        help=N_("the file to write: a page (.html), .pdf, a spreadsheet (.xlsx) or .json"),
    )


def report(arguments: Namespace) -> int:
    """Write a report of a comparison."""
    from mining.warm_up import load_in_background
    from pipeline.map_files import read_map_file

    check_exist(arguments.log, arguments.map, arguments.recipe)
    plan = read_map_file(arguments.map)
    where, recipe = chosen(arguments)
    load_in_background()
    from pipeline.compare import compare

    with open_log(arguments.log, arguments, recipe) as workspace:
        findings = compare(workspace, plan, where=where)
        made = report_of(workspace, findings, arguments.log, arguments.map, where)
    made.write(arguments.out, language=arguments.language)
    note([*say_warnings(plan, spoken(arguments)), *findings.notes], arguments)
    if arguments.json:
        out(made.to_json())
    elif not arguments.quiet:
        out(facts(_said(findings, arguments.out, spoken(arguments))))
    return DONE


def report_of(workspace: Workspace, findings: Findings, log: Path, map_file: Path, where: str | None) -> Report:
    """Give the report of what a command compared."""
    from pipeline.report import Origin, Report

    origin = Origin.of(
        workspace,
        log=log.name,
        map_name=map_file.name,
        map_content=map_file.read_bytes(),
        where=where,
        kept=is_workspace(log),
    )
    return Report.of(workspace, findings, origin)


def write_findings(workspace: Workspace, findings: Findings, arguments: Namespace, where: str | None) -> None:
    """Write what `compare` found: as the document of its ``--json``, or as a report."""
    if arguments.out.suffix.lower() == ".json":
        findings.write(arguments.out)
    else:
        made = report_of(workspace, findings, arguments.log, arguments.map[0], where)
        made.write(arguments.out, language=arguments.language)


def _said(findings: Findings, path: Path, language: Language) -> list[tuple[str, str]]:
    t, perfect = language.t, language.percent(findings.alignment.perfect_share)
    return [
        (t("Report"), str(path)),
        (t("Journeys"), t("{n}; {share} as planned", n=findings.log.journeys, share=perfect)),
        (t("Deviations"), language.number(findings.deviations.height)),
    ]
