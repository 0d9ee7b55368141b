"""The door to the A* search of r4pm, which aligns one path with a Petri net of any size, as far as a budget lasts.

Costs are the same everywhere. Of several optimal alignments r4pm gives any one, and near the budget it may find an
optimum in one run and not in another: the order of its search hangs on random numbers of the process.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mining.errors import ModelError
from mining.messages import N_
from mining.petri import PetriNet, Tokens

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
        The net.
    """

    def __init__(self, net: PetriNet) -> None:
        self._net: Any = _as_json(net)

    def align(self, path: Sequence[str], most_states: int) -> Found | None:
        """Align one path, given as labels; None when no optimum is found within `most_states` states.

        Raises
        ------
        ModelError
            When the net cannot reach its end, or puts more tokens into a place than r4pm can count.
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


def _as_json(net: PetriNet) -> dict[str, Any]:
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
