"""One function per command: import what it needs, call the one function that does it, print, give the exit code."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mining.errors import SourceError
from mining.messages import N_, Message
from pipeline.cli.findings import alignment_facts, info_text, log_facts
from pipeline.cli.log import check_exist, chosen, open_log
from pipeline.cli.report import write_findings
from pipeline.cli.text import facts, failed, note, out, out_json, say_warnings, spoken
from pipeline.cli.versions import compare_versions
from pipeline.store_faults import is_workspace

if TYPE_CHECKING:
    pass

DONE = 0
CHECK_FAILED = 3
ROOT = Path(__file__).resolve().parents[2]
SUFFIX = ".duckdb"


def info(arguments: Namespace) -> int:
    """Say what a log holds."""
    from pipeline import queries

    with open_log(arguments.log, arguments) as workspace:
        log = queries.summary(workspace).as_dict()
        sources = [_source(row) for row in queries.sources(workspace).iter_rows(named=True)]
        attributes = queries.attributes(workspace).select("name", "level", "type", "role").to_dicts()
        meant = workspace.definition
    if arguments.json:
        said = {"log": log, "sources": sources, "attributes": attributes, "definition": meant.as_dict()}
        out_json({"schema": "desirepath/info@1", **said})
    elif not arguments.quiet:
        out(info_text(log, sources, attributes, meant, spoken(arguments)))
    return DONE


def _source(row: Mapping[str, Any]) -> dict[str, Any]:
    """Give one row of the sources as plain JSON values."""
    import json

    mapping = json.loads(row["mapping"]) if row["mapping"] else None
    return {**row, "mapping": mapping, "ingested_at": f"{row['ingested_at']:%Y-%m-%dT%H:%M:%SZ}"}


def compare(arguments: Namespace) -> int:
    """Lay a planned map over the log."""
    from mining.warm_up import load_in_background
    from pipeline.map_files import read_map_file

    check_exist(arguments.log, *arguments.map, arguments.recipe)
    if len(arguments.map) > 1:
        return compare_versions(arguments)
    plan = read_map_file(arguments.map[0])
    where, recipe = chosen(arguments)
    load_in_background()
    from pipeline.compare import compare as lay_over

    with open_log(arguments.log, arguments, recipe) as workspace:
        findings = lay_over(workspace, plan, where=where)
        document = findings.to_dict()
        held = []
        if arguments.fail_on:
            held = arguments.fail_on.holding(document, with_accepted=arguments.fail_on_accepted)
        if arguments.out:
            write_findings(workspace, findings, arguments, where)
    if arguments.moves:
        findings.write_moves(arguments.moves)
    note([*say_warnings(plan, spoken(arguments)), *findings.notes], arguments)
    if arguments.json:
        out(findings.to_json())
    elif not arguments.quiet:
        from pipeline.cli.compared import findings_text

        out(findings_text(findings, spoken(arguments)))
    failed(held, arguments)
    return CHECK_FAILED if held else DONE


def align(arguments: Namespace) -> int:
    """Align every variant with a whole model."""
    from mining.alignment import load_in_background

    check_exist(arguments.log, arguments.model)
    load_in_background()
    from pipeline.align import align as lay_against

    with open_log(arguments.log, arguments) as workspace:
        result = lay_against(workspace, arguments.model, silent=arguments.silent)
    if arguments.moves:
        result.write_moves(arguments.moves)
    note(result.notes, arguments)
    document = result.to_dict()
    if arguments.json:
        out_json(document)
    elif not arguments.quiet:
        language = spoken(arguments)
        out(facts([*log_facts(document["log"], language), *alignment_facts(document["alignment"], language)]))
    return DONE


def app(arguments: Namespace) -> int:
    """Become the process that serves the app."""
    workspace = arguments.workspace
    if workspace is not None:
        if workspace.suffix == SUFFIX and workspace.parent.is_dir() and not workspace.exists():
            _make_empty(workspace, arguments)
        check_exist(workspace)
        if not is_workspace(workspace):
            raise SourceError(
                N_("{path} is not a workspace. Load it first: desirepath ingest {path} -w log.duckdb"), path=workspace
            )
        os.environ["DESIREPATH_WORKSPACE"] = str(workspace.resolve())
    url = f"http://127.0.0.1:{arguments.port}"
    if arguments.json:
        out_json({"schema": "desirepath/app@1", "url": url})
    elif not arguments.quiet:
        out(spoken(arguments).t("The app is at {url} (Ctrl+C ends it).", url=url))
    options = ["--server.port", str(arguments.port), "--server.address", "127.0.0.1"]
    # Replaced, not called: a signal sent to this process then reaches the server itself.
    # Its modules are those beside this one (-P), whatever stands in the folder it is called from.
    os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    os.execv(sys.executable, [sys.executable, "-P", "-m", "ui.serve", *options])


def _make_empty(path: Path, arguments: Namespace) -> None:
    """Make a workspace for the app to load into, and say so: the name may be mistyped."""
    from pipeline.store import Workspace

    with Workspace(path):
        pass
    made = N_("There was no workspace {path}, so an empty one was made. If you meant another, check the name.")
    note([Message(made, path=path)], arguments)
