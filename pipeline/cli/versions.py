"""`desirepath map diff`, and `desirepath compare` with several versions of a map."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Mapping, Sequence
from typing import Any

from mining.errors import MapError
from mining.messages import N_
from pipeline.cli.log import check_exists, chosen, open_log
from pipeline.cli.text import count, facts, note, number, out, out_json, percent, table

DONE = 0
CHECK_FAILED = 3
SHOWN = 12  # rows of a table on the screen; the JSON has all
_ORDERS = {"before": "before", "after": "after", "either": "before or after", "never_together": "never together with"}
_SAID = {
    "added": "{touchpoint} is new",
    "removed": "{touchpoint} is gone",
    "required": "{touchpoint} must happen now",
    "optional": "{touchpoint} may be left out now",
    "repeatable": "{touchpoint} may be repeated now",
    "not_repeatable": "{touchpoint} may not be repeated any more",
    "stage": "{touchpoint} moves from stage {old} to {new}",
    "events": "{touchpoint} is seen by {new}; it was by {old}",
    "goal": "the goal is {new}; it was {old}",
    "order": "{touchpoint} happens {new} {other}; it was {old}",
}


def diff(arguments: Namespace) -> int:
    """Say what one map or model allows and another does not."""
    from pipeline.map_diff import map_diff, read_model

    for path in filter(None, (arguments.old, arguments.new, arguments.log)):
        check_exists(path)
    old, new = read_model(arguments.old), read_model(arguments.new)
    if arguments.log is None:
        found = map_diff(old, new)
    else:
        with open_log(arguments.log, arguments.quiet) as workspace:
            found = map_diff(old, new, ws=workspace, where=arguments.where)
    document = found.to_dict()
    if arguments.json:
        out_json(document)
    elif not arguments.quiet:
        out(_diff_text(document))
    return DONE


def _diff_text(found: Mapping[str, Any]) -> str:
    said = ["Both allow the same paths."] if found["same_paths"] else []
    for side, title in (("only_old", "Only the old one allows"), ("only_new", "Only the new one allows")):
        examples = found[side]["examples"]
        if examples:
            said.append("\n".join([f"{title}, for example", *(_example(e) for e in examples)]))
        if not found[side]["complete"]:
            said.append(f"{title}: there are too many ways to look through; more may differ.")
    if changes := found["changes"]:
        lines = [f"  {_sentence(change)}" for change in changes[:SHOWN]]
        more = [f"  ... and {count(len(changes) - SHOWN)} more: see --json"] if len(changes) > SHOWN else []
        said.append("\n".join(["Changed", *lines, *more]))
    if log := found["log"]:
        said.append(_log_text(log))
    return "\n\n".join(said)


def _example(example: Mapping[str, Any]) -> str:
    """Write a path, the step where the two part in brackets."""
    path, at = example["path"], example["parts_at"]
    steps = [f"[{step}]" if place == at else step for place, step in enumerate(path)]
    return "  " + " > ".join([*steps, *(["[end]"] if at == len(path) else [])])


def _sentence(change: Mapping[str, Any]) -> str:
    words = {name: "nowhere" if value is None else value for name, value in change.items()}
    if change["kind"] == "order":
        words |= {name: _ORDERS[change[name]] for name in ("old", "new")}
    return _SAID[change["kind"]].format(**words)


def _log_text(log: Mapping[str, Any]) -> str:
    fits = log["as_planned"]
    sums = [
        ("Journeys", count(log["journeys"])),
        ("As planned", f"by both {count(fits['both'])}, only by the old one {count(fits['only_old'])}, only by the new "
         f"one {count(fits['only_new'])}, by neither {count(fits['neither'])}"),
        ("Fitness", f"{number(log['fitness']['old'])} before, {number(log['fitness']['new'])} now"),
    ]  # fmt: skip
    rows = [
        [row["status"], row["kind"], row["touchpoint"] or row["activity"] or row["rule"] or "", *_journeys(row)]
        for row in log["deviations"]
        if row["status"] != "same"
    ]
    head = ["", "deviation", "touchpoint", "journeys before", "now"]
    return "\n\n".join([facts(sums), *([table(head, rows[:SHOWN], range(3))] if rows else [])])


def _journeys(row: Mapping[str, Any]) -> tuple[str, str]:
    return count(row["n_old"]), count(row["n_new"])


def compare_versions(arguments: Namespace) -> int:
    """Compare each journey with the version of a map that was in force when it began."""
    from pipeline.files import write_atomically
    from pipeline.map_files import read_map_file
    from pipeline.versions import compare_versions as judge

    check_exists(arguments.log)
    if arguments.moves or (arguments.out and arguments.out.suffix.lower() != ".json"):
        raise MapError(N_("Several versions are written together as .json only. For more, compare with one at a time."))
    plans = [read_map_file(path) for path in arguments.map]
    where, recipe = chosen(arguments)
    with open_log(arguments.log, arguments.quiet, recipe) as workspace:
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
    note([text for findings in judged for text in findings["notes"]], arguments.quiet)
    if arguments.json:
        out_json(document)
    elif not arguments.quiet:
        out(_versions_text(document))
    sys.stderr.write("".join(f"check failed: {text}\n" for text in held))
    return CHECK_FAILED if held else DONE


def _versions_text(document: Mapping[str, Any]) -> str:
    head = ["version", "from", "until", "journeys", "as planned", "fitness", "converted", "dropped", "open"]
    said = [table(head, [_version(version) for version in document["versions"]], range(3))]
    if document["not_judged"]:
        said.append(f"{count(document['not_judged'])} journeys began while no version was in force.")
    return "\n\n".join(said)


def _version(version: Mapping[str, Any]) -> Sequence[str]:
    found = version["findings"]
    name = " ".join(filter(None, [version["map"], version["version"]]))
    days = [version["from"] or "", version["until"] or ""]
    if found is None:
        return [name, *days, "0", *[""] * 5]
    outcomes = found["outcomes"]
    return [
        name,
        *days,
        count(found["log"]["journeys"]),
        percent(found["alignment"]["perfect_share"]),
        number(found["alignment"]["fitness"]),
        *(count(outcomes[kind]) for kind in ("converted", "dropped", "open")),
    ]
