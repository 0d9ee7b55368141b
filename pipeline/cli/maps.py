"""The commands under `desirepath map`."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mining.errors import MapError, ModelError, Problem
from mining.messages import N_
from pipeline.cli.log import check_exists, open_log
from pipeline.cli.text import count, facts, out, out_json, percent, table

if TYPE_CHECKING:
    from mining.journey_map import JourneyMap

TEMPLATES = Path(__file__).resolve().parents[2] / "data" / "templates"
DONE = 0
INPUT_AT_FAULT = 1


def template(arguments: Namespace) -> int:
    """List the templates, or give one."""
    from mining.journey_map import JourneyMap

    files = {file.stem: file for file in sorted(TEMPLATES.glob("*.yaml"))}
    if arguments.name == "list":
        titles = {name: JourneyMap.read(file).title for name, file in files.items()}
        if arguments.json:
            listed = [
                {"name": name, "title": {"en": text.get("en"), "vi": text.get("vi")}} for name, text in titles.items()
            ]
            out_json({"schema": "desirepath/templates@1", "templates": listed})
        else:
            out(table(["template", "title"], [[name, text.get("en")] for name, text in titles.items()], (0, 1)))
        return DONE
    if arguments.name not in files:
        raise MapError(
            N_("There is no template {name}. There are: {names}."),
            name=arguments.name,
            names=", ".join(files) or "none",
        )
    text = files[arguments.name].read_text(encoding="utf-8")
    if arguments.out:
        write_new(arguments.out, text)
    if arguments.json:
        out_json(JourneyMap.parse(text, arguments.name).as_dict())
    elif not arguments.out:
        out(text)
    elif not arguments.quiet:
        out(f"Wrote {arguments.out}.")
    return DONE


def write_new(path: Path, text: str) -> None:
    """Write a file that must not be there yet: a map that somebody edited is not overwritten."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise MapError(N_("{path} is already there and is left as it is. Give another name."), path=path) from None


def check(arguments: Namespace) -> int:
    """Read and compile a map; say all its problems, and with a log how much of it the map explains."""
    from pipeline.map_files import read_map_file

    if arguments.log:
        check_exists(arguments.log)
    try:
        plan = read_map_file(arguments.map)
        states = _states(plan)
    except (MapError, ModelError) as error:
        if arguments.json:
            out_json(_verdict(arguments.map, error.problems or (Problem(error.message),), valid=False))
        raise
    verdict = _verdict(arguments.map, plan.warnings, valid=True)
    verdict["map"] = {
        "id": plan.id,
        "stages": len(plan.stages),
        "touchpoints": len(plan.touchpoints()),
        "milestones": len(plan.milestones()),
        "states": states,
        "rules": len(plan.rules),
        "accepted": len(plan.accepted),
    }
    if arguments.log:
        verdict["log"] = _laid_over(plan, arguments.log, arguments.quiet)
    if arguments.json:
        out_json(verdict)
    elif not arguments.quiet:
        out(_verdict_text(verdict))
    return DONE


def _states(plan: JourneyMap) -> int:
    from mining.automaton import compile_map

    return compile_map(plan).n_states


def _verdict(path: Path, problems: tuple[Problem, ...], valid: bool) -> dict[str, Any]:
    """Give what `map check --json` prints; the problems of a valid map are warnings."""
    said = [{"line": problem.line, "text": problem.message.text()} for problem in problems]
    return {"schema": "desirepath/map-check@1", "file": path.name, "valid": valid, "problems": said}


def _laid_over(plan: JourneyMap, log: Path, quiet: bool) -> dict[str, Any]:
    """Say how much of a log the map explains, which activities nothing binds and which touchpoints never happen."""
    from pipeline.compare import compare

    with open_log(log, quiet) as workspace:
        found = compare(workspace, plan).to_dict()
    gaps = found["gaps"]
    return {
        "event_coverage": found["map"]["event_coverage"],
        "journey_coverage": found["map"]["journey_coverage"],
        "off_map": [
            {"activity": gap["activity"], "journeys": gap["journeys"]} for gap in gaps if gap["kind"] == "off_map"
        ],
        "silent": [gap["touchpoint"] for gap in gaps if gap["kind"] == "silent"],
        "unmeasured": [gap["touchpoint"] for gap in gaps if gap["kind"] == "unmeasured"],
        "accepted": [
            {"kind": row["kind"], "place": row["touchpoint"] or row["activity"] or row["rule"] or row["stage"]}
            for row in found["accepted"]
        ],
        "notes": found["notes"],
    }


def _verdict_text(verdict: Mapping[str, Any]) -> str:
    found = verdict["map"]
    beside = [what for what in ("rules", "accepted") if found[what]]
    sizes = (f"{count(found[what])} {what}" for what in ("stages", "touchpoints", "milestones", "states", *beside))
    said = [f"{verdict['file']} is a valid map: {', '.join(sizes)}."]
    said += [f"note: line {p['line']}: {p['text']}" if p["line"] else f"note: {p['text']}" for p in verdict["problems"]]
    if log := verdict.get("log"):
        explained = f"{percent(log['event_coverage'])} of events, {percent(log['journey_coverage'])} of journeys"
        said += [f"note: {text}" for text in log["notes"]]
        said.append(
            facts(
                [
                    ("Explains", explained),
                    ("Off the map", ", ".join(gap["activity"] for gap in log["off_map"]) or "nothing"),
                    ("Accepted", ", ".join(f"{row['kind']} {row['place']}" for row in log["accepted"]) or "nothing"),
                    ("Never seen", ", ".join(log["silent"]) or "none"),
                    ("Unmeasured", ", ".join(log["unmeasured"]) or "none"),
                ]
            )
        )
    return "\n".join(said)
