"""`desirepath map diff`, and `desirepath compare` with several versions of a map."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING

from mining.errors import MapError
from mining.messages import N_
from pipeline.cli.log import check_exist, chosen, open_log
from pipeline.cli.text import beside, failed, note, out, out_json, spoken, table
from pipeline.formats import NOTHING
from pipeline.names import Names, as_text

if TYPE_CHECKING:
    from pipeline.language import Language
    from pipeline.versions import Version, VersionedFindings

DONE = 0
CHECK_FAILED = 3


def diff(arguments: Namespace) -> int:
    """Say what one map or model allows and another does not."""
    from pipeline.map_diff import map_diff, read_model

    check_exist(arguments.old, arguments.new, arguments.log)
    old, new = read_model(arguments.old), read_model(arguments.new)
    if arguments.log is None:
        found = map_diff(old, new)
    else:
        with open_log(arguments.log, arguments) as workspace:
            found = map_diff(old, new, ws=workspace, where=arguments.where)
    if arguments.json:
        out_json(found.to_dict())
    elif not arguments.quiet:
        from pipeline.cli.differing import diff_text

        out(diff_text(found, old, new, spoken(arguments)))
    return DONE


def compare_versions(arguments: Namespace) -> int:
    """Compare each journey with the version of a map that was in force when it began."""
    from pipeline.files import write_atomically
    from pipeline.map_files import read_map_file
    from pipeline.versions import compare_versions as judge

    if arguments.moves or (arguments.out and arguments.out.suffix.lower() != ".json"):
        raise MapError(N_("Several versions are written together as .json only. For more, compare with one at a time."))
    plans = [read_map_file(path) for path in arguments.map]
    where, recipe = chosen(arguments)
    with open_log(arguments.log, arguments, recipe) as workspace:
        found = judge(workspace, plans, where=where)
    document = found.to_dict()
    if arguments.out:
        write_atomically(arguments.out, (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode())
    judged = [version["findings"] for version in document["versions"] if version["findings"]]
    held = []
    if arguments.fail_on:
        held = [
            said
            for findings in judged
            for said in arguments.fail_on.holding(findings, with_accepted=arguments.fail_on_accepted)
        ]
    note([text for version in found.versions if version.findings for text in version.findings.notes], arguments)
    if arguments.json:
        out_json(document)
    elif not arguments.quiet:
        out(_versions_text(found, spoken(arguments)))
    failed(held, arguments)
    return CHECK_FAILED if held else DONE


def _versions_text(found: VersionedFindings, language: Language) -> str:
    heads = (
        *(N_("Version"), N_("From"), N_("Until"), N_("Journeys"), N_("As planned"), N_("Fitness")),
        *(N_("Converted"), N_("Dropped"), N_("Open")),
    )
    rows = [_version(version, language) for version in found.versions]
    said = [table([language.t(head) for head in heads], rows, range(3))]
    if n := found.not_judged:
        one, many = (
            "{n} journey began while no version was in force.",
            "{n} journeys began while no version was in force.",
        )
        said.append(language.counted(one, many, n))
    return "\n\n".join(said)


def _version(version: Version, language: Language) -> Sequence[str]:
    plan, found = version.plan, version.findings
    name = " ".join(filter(None, [beside(Names(plan, language).map, as_text(plan.id)), plan.version]))
    days = [language.date(version.first), language.date(version.last)]
    if found is None:
        return [name, *days, language.number(0), *[NOTHING] * 5]
    ends = found.outcomes
    return [
        *(name, *days, language.number(found.log.journeys)),
        language.percent(found.alignment.perfect_share),
        language.percent(found.alignment.fitness),
        *(language.number(n) for n in (ends.converted, ends.dropped, ends.open)),
    ]
