"""`desirepath discover`: the graph of the paths really taken, models mined from them, and a first planned map."""

from __future__ import annotations

import argparse
import json
from argparse import Namespace
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mining.errors import SourceError
from mining.messages import N_
from pipeline.cli.convert import write_new
from pipeline.cli.log import check_exist, chosen, open_log
from pipeline.cli.text import note, out, spoken

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
        "--detail",
        default="activity",
        choices=("activity", "touchpoint", "stage"),
        help=N_("what the nodes of the graph are; touchpoints and stages need --map; default: activity"),
    )
    parser.add_argument(
        "--map", metavar="MAP", type=Path, help=N_("the map that says what a touchpoint and a stage is")
    )
    parser.add_argument(
        "--miner",
        choices=MINERS,
        help=N_("mine a model, too, in this way, and tell its fitness and precision; default: inductive"),
    )
    parser.add_argument(
        "--noise",
        metavar="SHARE",
        type=_share,
        help=N_("how much of what is rare a model may leave out, 0 to 1; default: 0.2, for a map what fits best"),
    )
    parser.add_argument(
        "--coverage",
        metavar="SHARE",
        type=_share,
        help=N_(
            "mine only the most frequent paths, as many as this share of journeys takes, 0 to 1; default: 1, for a map "
            "what fits best"
        ),
    )
    parser.add_argument(
        "--goal", metavar="ACTIVITY", help=N_("the activity that means success in the map that is written")
    )
    parser.add_argument(
        "--out",
        type=named(*GRAPHS, *MODELS, *MAPS),
        help=N_(
            "write the graph (.json, .graphml, .svg), the model (.ptml, .pnml, .bpmn) or a planned map to start from "
            "(.yaml; the file must not exist)"
        ),
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

    check_exist(arguments.log, arguments.map, arguments.recipe)
    plan = read_map_file(arguments.map) if arguments.map else None
    where, recipe = chosen(arguments)
    with open_log(arguments.log, arguments, recipe) as workspace:
        graph = find(workspace, detail=arguments.detail, where=where, journey_map=plan)
    if not graph.log.journeys:
        raise SourceError(N_("No journey is left. The condition was: {where}"), where=where)
    model, proposed = _mined(graph, arguments)
    if arguments.out and arguments.out.suffix.lower() in GRAPHS:
        graph.write(arguments.out)
    document = graph.to_dict()
    if model:
        document["model"] = model.as_dict()
        note(model.notes, arguments)
    if proposed:
        document["map"] = proposed.as_dict()
        note((*proposed.warnings, *proposed.notes), arguments)
    if arguments.json:
        out(json.dumps(document, ensure_ascii=False, indent=1))
    elif not arguments.quiet:
        from pipeline.cli.discovered import discovered_text

        first = proposed.map if proposed else None
        out(discovered_text(document, plan, first, arguments.out, spoken(arguments)))
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
        write_new(arguments.out, proposed.map.to_yaml().encode())
    elif model and suffix in MODELS:
        model.write(arguments.out)
    return model, proposed
