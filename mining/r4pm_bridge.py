"""The door to r4pm: its A* search, which aligns one path with a net of any size, and its miner Alpha+++.

Costs are the same everywhere. Of several optimal alignments r4pm gives any one, and near the budget it may find an
optimum in one run and not in another: the order of its search hangs on random numbers of the process.
"""

from __future__ import annotations

import json
import subprocess
import sys
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mining.errors import ModelError
from mining.messages import N_
from mining.petri import PetriNet, Tokens, build_net

MOST_TOKENS = 255  # r4pm counts the tokens of a place in a byte, and starts at 0 again behind its end
_COSTS = {"log_move_cost": 1, "model_move_cost": 1, "silent_move_cost": 0, "sync_move_cost": 0}


@dataclass(frozen=True)
class Found:
    """An optimal alignment of one path.

    Attributes
    ----------
    cost : int
        Log moves and visible model moves.
    moves : tuple of (int or None, int or None)
        The event (its place in the path, from 0) and the transition (its index in the net); None on one side makes it
        a log or a model move. Silent steps are among them.
    states : int
        How many states the search looked at.
    """

    cost: int
    moves: tuple[tuple[int | None, int | None], ...]
    states: int


class Search:
    """A net made ready to be searched.

    Parameters
    ----------
    net : PetriNet
        The net; no place of it may ever hold more than `MOST_TOKENS`, else the costs are wrong.
    """

    def __init__(self, net: PetriNet) -> None:
        self._net: Any = as_json(net)

    def align(self, path: Sequence[str], most_states: int) -> Found | None:
        """Align one path, given as labels; None when no optimum is found within `most_states` states.

        Raises
        ------
        ModelError
            When the net cannot reach its end.
        """
        from r4pm.bindings.conformance.case_centric.alignments import align_trace

        options: Any = {"cost_fn": _COSTS, "max_states": most_states}
        try:
            found = align_trace(self._net, list(path), options)
        except TypeError as error:
            if "LimitReached" in str(error):
                return None
            if "Unreachable" in str(error):
                raise ModelError(N_("The model has no path from its start to its end.")) from None
            raise ModelError(N_("The model cannot be searched: {reason}."), reason=str(error)) from None
        return Found(found["cost"], tuple(_move(move) for move in found["moves"]), found["states_visited"])


def as_json(net: PetriNet) -> dict[str, Any]:
    """Give the net in the shape of r4pm, which calls places and transitions by UUIDs; ours tell their numbers."""
    arcs = [
        {"from_to": {"type": kind, "nodes": nodes}, "weight": weight}
        for n, t in enumerate(net.transitions)
        for kind, nodes, weight in (
            *(("PlaceTransition", [_key(place), _key(n)], weight) for place, weight in t.inputs),
            *(("TransitionPlace", [_key(n), _key(place)], weight) for place, weight in t.outputs),
        )
    ]
    return {
        "places": {_key(n): {"id": _key(n)} for n in range(len(net.places))},
        "transitions": {_key(n): {"id": _key(n), "label": t.label} for n, t in enumerate(net.transitions)},
        "arcs": arcs,
        "initial_marking": _marking(net.initial),
        "final_markings": [_marking(net.final)],
    }


def _key(number: int) -> str:
    return str(uuid.UUID(int=number))


def _marking(tokens: Tokens) -> dict[str, int]:
    return {_key(place): count for place, count in tokens}


def _move(move: dict[str, Any]) -> tuple[int | None, int | None]:
    """Give event and transition of ``{kind: {trace_event_index, transition}}``."""
    ((_, parts),) = move.items()
    transition = parts.get("transition")
    return parts.get("trace_event_index"), None if transition is None else uuid.UUID(transition).int


def discover_alpha(variants: Mapping[tuple[int, ...], int], names: Mapping[int, str], *, noise: float) -> PetriNet:
    """Find the net that Alpha+++ (Kuesters and van der Aalst 2023, doi 10.48550/arXiv.2305.17767) gives.

    Parameters
    ----------
    variants : mapping of tuple of int to int
        Distinct paths, as activity codes, with their journeys. The miner sees no event.
    names : mapping of int to str
        Names of the codes.
    noise : float
        Links that are rarer than this share of the average around them are left out.

    Raises
    ------
    ModelError
        When the miner cannot work on these paths, or not within `ALPHA_LIMIT_S`: it weighs sets of activities, which
        may be more than any time is enough for.

    Notes
    -----
    The miner writes of its progress on the standard output of the process, so it works in a process of its own.
    """
    codes = sorted({code for path in variants for code in path})
    index = {code: n for n, code in enumerate(codes)}
    projection = {
        "activities": [str(code) for code in codes],
        "act_to_index": {str(code): n for code, n in index.items()},
        "traces": [[[index[code] for code in path], n] for path, n in sorted(variants.items())],
    }
    asked = json.dumps({"projection": projection, "config": _ALPHA | {"relative_df_clean_thresh": noise}})
    child = [sys.executable, "-c", _ALPHA_CHILD]
    try:
        ran = subprocess.run(child, input=asked, capture_output=True, text=True, timeout=ALPHA_LIMIT_S)
    except subprocess.TimeoutExpired as late:
        raise ModelError(
            N_(
                "Alpha+++ has found no net in {seconds} s, and may never: the log has too many activities side by "
                "side. Ask for a smaller coverage, or for another miner."
            ),
            seconds=ALPHA_LIMIT_S,
        ) from late
    if ran.returncode != 0:
        raise ModelError(N_("Alpha+++ finds no net in these paths: {why}"), why=(ran.stderr.splitlines() or ["–"])[-1])
    return _as_net(json.loads(ran.stdout.splitlines()[-1]), names)


ALPHA_LIMIT_S = 120
# The thresholds of r4pm, but no number of journeys is too small for a link to count.
_ALPHA = {
    "absolute_df_clean_thresh": 1,
    "balance_thresh": 0.2,
    "fitness_thresh": 0.75,
    "replay_thresh": 0.0,
    "log_repair_loop_df_thresh_rel": 2.0,
    "log_repair_skip_df_thresh_rel": 2.0,
}
_ALPHA_CHILD = """
import json, pathlib, sys, tempfile
from r4pm import import_item
from r4pm.bindings import discover_alphaplusplusplus
asked = json.load(sys.stdin)
with tempfile.TemporaryDirectory() as folder:
    file = pathlib.Path(folder, "projection.json")
    file.write_text(json.dumps(asked["projection"]))
    net = discover_alphaplusplusplus(import_item("EventLogActivityProjection", str(file)), asked["config"])
print()
print(json.dumps(net))
"""


def _as_net(found: dict[str, Any], names: Mapping[int, str]) -> PetriNet:
    """Turn a net of r4pm over codes into a plain one over names."""
    label: dict[str, str | None] = {key: t["label"] for key, t in found["transitions"].items()}
    initial, final = found["initial_marking"], found["final_markings"][0]
    arcs = [tuple(arc["from_to"]["nodes"]) for arc in found["arcs"]]
    look = {key: f"{key in initial} {key in final}" for key in found["places"]} | {k: v or "" for k, v in label.items()}
    rank = _ranks(look, arcs)
    name = {key: f"p{n}" for n, key in enumerate(sorted(found["places"], key=rank.__getitem__))}
    transitions = []
    for n, key in enumerate(sorted(label, key=rank.__getitem__)):
        code = label[key]
        taken = dict.fromkeys((name[source] for source, target in arcs if target == key), 1)
        put = dict.fromkeys((name[target] for source, target in arcs if source == key), 1)
        transitions.append((f"t{n}", None if code is None else names[int(code)], taken, put))
    return build_net(
        name.values(),
        transitions,
        initial={name[key]: n for key, n in initial.items()},
        final={name[key]: n for key, n in final.items()},
    )


def _ranks(look: Mapping[str, str], arcs: Sequence[tuple[str, str]]) -> dict[str, int]:
    """Order the nodes of a net by what they look like, then by their neighbours, and so on: their keys are random."""
    known = {said: n for n, said in enumerate(sorted(set(look.values())))}
    rank = {key: known[said] for key, said in look.items()}
    n_ranks = 0
    while len(set(rank.values())) != n_ranks:
        n_ranks = len(set(rank.values()))
        seen = {
            key: (
                rank[key],
                sorted(rank[source] for source, target in arcs if target == key),
                sorted(rank[target] for source, target in arcs if source == key),
            )
            for key in rank
        }
        order = {str(each): n for n, each in enumerate(sorted(seen.values()))}
        rank = {key: order[str(each)] for key, each in seen.items()}
    return rank
