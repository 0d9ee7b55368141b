"""`desirepath discover`: the graph of the paths really taken, models mined from them, and a first planned map."""

from __future__ import annotations

import argparse
import json
from argparse import Namespace
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.cli.findings import graph_text
from pipeline.cli.log import check_exists, chosen, open_log
from pipeline.cli.maps import write_new
from pipeline.cli.text import count, facts, note, number, out, percent

if TYPE_CHECKING:
    from pipeline.discover import DiscoveredGraph
    from pipeline.discovered_model import DiscoveredModel
    from pipeline.proposed_map import ProposedMap

DONE = 0
GRAPHS, MODELS, MAPS = (".json", ".graphml", ".svg"), (".ptml", ".pnml", ".bpmn"), (".yaml", ".yml")
MINERS = ("inductive", "heuristics", "alpha", "dfg")


def add_discover(parser: argparse.ArgumentParser, named: Callable[..., Any]) -> None:
    """Add what `discover` may be told besides the log and the journeys."""
    parser.add_argument(
        "--detail", default="activity", choices=("activity", "touchpoint", "stage"), help="what a node is"
    )
    parser.add_argument("--map", metavar="MAP", type=Path, help="the map that says what a touchpoint and a stage is")
    parser.add_argument(
        "--miner", choices=MINERS, help="mine a model, too, and tell its fitness and precision; default: inductive"
    )
    parser.add_argument(
        "--noise", metavar="SHARE", type=_share, help="what may be left out; default: 0.2, for a map what fits best"
    )
    parser.add_argument(
        "--coverage",
        metavar="SHARE",
        type=_share,
        help="mine the most frequent paths alone, which this share of journeys takes; default: 1, for a map what fits "
        "best",
    )
    parser.add_argument("--goal", metavar="ACTIVITY", help="what means success in a map that is written")
    parser.add_argument(
        "--out",
        type=named(*GRAPHS, *MODELS, *MAPS),
        help="write the graph (.json, .graphml, .svg), the model (.ptml, .pnml, .bpmn) or a planned map to start from "
        "(.yaml; it must not exist)",
    )


def _share(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a share from 0 to 1")
    return value


def discover(arguments: Namespace) -> int:
    """Find the graph of the paths really taken and, where asked for, a model of them or a map to start from."""
    from pipeline.discover import discover as find
    from pipeline.map_files import read_map_file

    check_exists(arguments.log)
    plan = read_map_file(arguments.map) if arguments.map else None
    where, recipe = chosen(arguments)
    with open_log(arguments.log, arguments.quiet, recipe) as workspace:
        graph = find(workspace, detail=arguments.detail, where=where, journey_map=plan)
    model, proposed = _mined(graph, arguments)
    if arguments.out and arguments.out.suffix.lower() in GRAPHS:
        graph.write(arguments.out)
    document = graph.to_dict()
    if model:
        document["model"] = model.as_dict()
        note(model.notes, arguments.quiet)
    if proposed:
        document["map"] = proposed.as_dict()
        note((*proposed.warnings, *proposed.notes), arguments.quiet)
    if arguments.json:
        out(json.dumps(document, ensure_ascii=False, indent=1))
    elif not arguments.quiet:
        out("\n\n".join([graph_text(document), *_models_text(document)]))
    return DONE


def _mined(graph: DiscoveredGraph, arguments: Namespace) -> tuple[DiscoveredModel | None, ProposedMap | None]:
    """Mine and write what was asked for."""
    suffix = arguments.out.suffix.lower() if arguments.out else ""
    asked = (arguments.miner, arguments.noise, arguments.coverage) != (None, None, None)
    if suffix not in (*MODELS, *MAPS) and not asked:
        return None, None
    from pipeline.discovered_model import Mining, discover_model
    from pipeline.proposed_map import propose_map

    names = ("miner", "noise", "coverage")
    given = {name: value for name in names if (value := getattr(arguments, name)) is not None}
    mining, proposed = replace(Mining(), **given), None
    if suffix in MAPS:
        asked_for = mining if {"miner", "noise"} & given.keys() else None
        proposed = propose_map(graph, asked_for, coverage=arguments.coverage, goal=arguments.goal)
        mining = proposed.mining
    model = None if proposed and not proposed.of_all else discover_model(graph, mining)
    if proposed:
        write_new(arguments.out, proposed.map.to_yaml())
    elif model and suffix in MODELS:
        model.write(arguments.out)
    return model, proposed


def _models_text(document: dict[str, Any]) -> list[str]:
    """Say how well the model and the map tell of the log."""
    said = []
    if model := document.get("model"):
        size = f"{count(model['places'])} places, {count(model['transitions'])} transitions"
        from_ = f"mined from {count(model['variants'])} variants of {count(model['journeys'])} journeys"
        said.append(facts([("Model", f"{model['miner']}: {size}, {from_}"), *_quality(model)]))
    if plan := document.get("map"):
        size = f"{count(plan['stages'])} stages, {count(plan['touchpoints'])} touchpoints; goal: {plan['goal']}"
        said.append(facts([("Map", size), *_compared(plan["compared"]), *_quality(plan)]))
    return said


def _quality(found: dict[str, Any]) -> list[tuple[str, str]]:
    if found["fitness"] is None:
        return []
    return [
        ("Fitness", f"{_fit(found)}: the complete reading, as align tells it"),
        ("Precision", number(found["precision"])),
    ]


def _compared(found: dict[str, Any] | None) -> list[tuple[str, str]]:
    return [] if found is None else [("As compared", f"{_fit(found)}: the journey reading, as compare tells it")]


def _fit(found: dict[str, Any]) -> str:
    return f"{number(found['fitness'])} ({percent(found['perfect_share'])} of journeys fit in full)"
