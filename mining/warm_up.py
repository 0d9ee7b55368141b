"""All compiled loops of a comparison, loaded or compiled by walking one event along a plan of one touchpoint."""

from __future__ import annotations

import threading
from functools import cache

import numpy as np
import polars as pl

from mining import alignment, outcomes
from mining.automaton import compile_map
from mining.deviations import Walked, path_deviations
from mining.frames import CODE, VARIANTS
from mining.journey_map import Binding, JourneyMap, Stage, Touchpoint
from mining.places import places
from mining.statistics import fisher_exact


@cache
def warm_up() -> None:
    """Load the loops or, the very first time, compile them into their caches on disk; no later call does anything."""
    from mining import path_kernel

    alignment.warm_up()
    plan = _one_touchpoint()
    walked = _aligned(plan)
    found, activity = walked.aligned, walked.activity
    paths = found.paths
    path_deviations([walked], places(plan), ["a"]).chosen(np.ones(1, np.bool_))
    for values in (paths.symbols, activity):
        alignment.chosen(values, paths.offsets, np.ones(1, np.bool_))
    visits = outcomes.chosen_visits(outcomes.milestone_visits(paths, activity, plan), np.ones(1, np.bool_))
    path_kernel.tally(paths.symbols, activity, paths.offsets, np.ones(1, np.int64), 1, 1)
    path_kernel.count_visits(visits, np.zeros((1, 4), np.int64), np.zeros(1, np.int32), 1, 1, 1)
    path_kernel.at_places(np.ones(1, np.uint8), 1, np.zeros(1, np.uint32), np.zeros(1), np.zeros(4, np.int64))
    path_kernel.look_up(np.zeros(1, np.uint32), paths.symbols, activity)
    path_kernel.first_positions(paths.symbols, paths.offsets, 0)
    fisher_exact(1, 2, 1, 2)
    path_kernel.synchronous(found.steps, found.starts, found.automaton.label, np.ones(1, np.bool_), 0)


def warm_up_pictures() -> None:
    """Compile what pictures count with; only the app needs it, so a comparison does not wait for it."""
    from mining import variant_kernel, walk_kernel
    from mining.flows import flows, taking
    from mining.following import path_steps
    from mining.moves import Moves

    (codes, offsets), weight = alignment.flat(pl.Series([[0]], dtype=pl.List(CODE))), np.ones(1, np.int64)
    node_of = np.zeros(1, np.int32)
    variant_kernel.followed(codes, offsets, weight, node_of, np.zeros((2, 2), np.bool_))
    variant_kernel.links_of(codes, offsets, weight, node_of, 1, 0)
    path_steps(pl.DataFrame({"variant_id": [0], "path": [[0]], "n_journeys": [1]}, VARIANTS.columns))

    plan = _one_touchpoint()
    paths = pl.DataFrame({"path": [0], "n_journeys": [1]}, {"path": pl.UInt32, "n_journeys": pl.Int64})
    moves = Moves([_aligned(plan)], paths, ["a"], places(plan))
    flows(moves, []).walk_of(pl.Series([0]))
    taking(moves, [], ("start", "t:a", "ok"))
    one, row = np.ones(1, np.uint32), np.zeros(1, np.int64)
    rows, flow = (pl.Series(column).to_numpy() for column in (one, row))  # these cannot be written to
    walk_kernel.gather_flow_waits(one, row, row, rows, flow, row.copy(), row.copy())


def _aligned(plan: JourneyMap) -> Walked:
    """Walk one event along a plan of one touchpoint."""
    automaton = compile_map(plan)
    paths = alignment.Paths(np.zeros(1, np.int32), np.array([0, 1], np.int64))
    found = alignment.align(paths, automaton, [automaton.final], np.zeros(1, np.int64))
    return Walked(found, np.zeros(1, np.uint16))


def _one_touchpoint() -> JourneyMap:
    step = Touchpoint(id="a", events=(Binding("a"),))
    return JourneyMap(id="m", goal="a", stages=(Stage(id="s", steps=(step,)),))


def load_in_background() -> None:
    """Load the loops on a thread of their own while files are read; who needs them meanwhile waits for just that."""
    threading.Thread(target=warm_up, name="kernel").start()
