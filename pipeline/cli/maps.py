"""The commands under `desirepath map`."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mining.errors import MapError, ModelError, Problem, SourceError
from mining.messages import N_
from pipeline.cli.convert import write_new
from pipeline.cli.log import check_exist, open_log
from pipeline.cli.text import note, out, out_json, say_warnings, spoken, table

if TYPE_CHECKING:
    from mining.journey_map import JourneyMap
    from pipeline.findings import Findings

TEMPLATES = Path(__file__).resolve().parents[2] / "data" / "templates"
DONE = 0
INPUT_AT_FAULT = 1


def template(arguments: Namespace) -> int:
    """List the templates, or give one."""
    from mining.journey_map import JourneyMap

    language = spoken(arguments)
    files = {file.stem: file for file in sorted(TEMPLATES.glob("*.yaml"))}
    if arguments.name == "list":
        titles = {name: JourneyMap.read(file).title for name, file in files.items()}
        if arguments.json:
            listed = [
                {"name": name, "title": {"en": text.get("en"), "vi": text.get("vi")}} for name, text in titles.items()
            ]
            out_json({"schema": "desirepath/templates@1", "templates": listed})
        else:
            heads = [language.t(head) for head in (N_("Template"), N_("Title"))]
            out(table(heads, [[name, language.local(text)] for name, text in titles.items()], (0, 1)))
        return DONE
    if arguments.name not in files:
        raise MapError(
            N_("There is no template {name}. There are: {names}."),
            name=arguments.name,
            names=", ".join(files) or "none",
        )
    text = files[arguments.name].read_text(encoding="utf-8")
    if arguments.out:
        write_new(arguments.out, text.encode())
    if arguments.json:
        out_json(JourneyMap.parse(text, arguments.name).as_dict())
    elif not arguments.out:
        out(text)
    elif not arguments.quiet:
        out(language.t("Wrote {file}.", file=str(arguments.out)))
    return DONE


def check(arguments: Namespace) -> int:
    """Read and compile a map; say all its problems, and with a log how much of it the map explains."""
    from pipeline.map_files import read_map_file

    try:
        check_exist(arguments.map, arguments.log)
        plan = read_map_file(arguments.map)
        states = _states(plan)
    except (MapError, ModelError, SourceError) as error:
        if arguments.json:
            out_json(_verdict(arguments.map, error.problems or (Problem(error.message),), valid=False))
        raise
    note(say_warnings(plan, spoken(arguments)), arguments)
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
        found = _laid_over(plan, arguments)
        verdict["log"] = _explained(found.to_dict())
        note(found.notes, arguments)
    if arguments.json:
        out_json(verdict)
    elif not arguments.quiet:
        from pipeline.cli.checked import verdict_text

        out(verdict_text(verdict, plan, spoken(arguments)))
    return DONE


def _states(plan: JourneyMap) -> int:
    from mining.automaton import compile_map

    return compile_map(plan).n_states


def _verdict(path: Path, problems: tuple[Problem, ...], valid: bool) -> dict[str, Any]:
    """Give what `map check --json` prints; the problems of a valid map are warnings."""
    said = [{"line": problem.line, "text": problem.message.text()} for problem in problems]
    return {"schema": "desirepath/map-check@1", "file": path.name, "valid": valid, "problems": said}


def _laid_over(plan: JourneyMap, arguments: Namespace) -> Findings:
    from pipeline.compare import compare

    with open_log(arguments.log, arguments) as workspace:
        return compare(workspace, plan)


def _explained(found: Mapping[str, Any]) -> dict[str, Any]:
    """Say how much of a log the map explains, which activities nothing binds and which touchpoints never happen."""
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
