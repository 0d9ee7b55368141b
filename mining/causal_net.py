"""Two graphs that miners find, as Petri nets: directly-follows graphs, and the causal nets of the heuristics miner."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mining.journey_graph import END, START, Graph, needed_links
from mining.petri import NamedTransition, PetriNet, build_net
from mining.petri_reduction import reduce_net


@dataclass(frozen=True)
class CausalNet:
    """What depends on what; activities are numbers.

    Attributes
    ----------
    starts, ends : frozenset of int
        The activities a journey may begin and end with.
    before, after : mapping of int to tuple of frozenset of int
        For each activity the sets of activities that lead to it, or that it leads to. One of the sets is chosen, and
        all in it happen.
    """

    starts: frozenset[int]
    ends: frozenset[int]
    before: Mapping[int, tuple[frozenset[int], ...]]
    after: Mapping[int, tuple[frozenset[int], ...]]


def causal_net_to_net(found: CausalNet, names: Mapping[int, str]) -> PetriNet:
    """Give a causal net as a Petri net: a place on every link, and a silent step for every set that may be chosen."""
    return _net(list(_causal_steps(found, names)))


def _causal_steps(found: CausalNet, names: Mapping[int, str]) -> Iterator[NamedTransition]:
    known = {code: f"{code} {names[code]}" for code in found.before.keys() | found.after.keys()}
    for activity, name in sorted(known.items()):
        enter, leave = {f"before {name}": 1}, {f"behind {name}": 1}
        yield name, names[activity], enter, leave
        if activity in found.starts:
            yield f"{name} begins", None, {"source": 1}, enter
        if activity in found.ends:
            yield f"{name} ends", None, leave, {"sink": 1}
        for n, group in enumerate(found.before[activity]):
            yield f"{name} joins {n}", None, {f"{known[other]} to {name}": 1 for other in sorted(group)}, enter
        for n, group in enumerate(found.after[activity]):
            yield f"{name} splits {n}", None, leave, {f"{name} to {known[other]}": 1 for other in sorted(group)}


def graph_to_net(graph: Graph, *, noise: float = 0.0) -> PetriNet:
    """Give the directly-follows graph as a Petri net with one place per activity: only the last step counts.

    Parameters
    ----------
    graph : networkx.DiGraph
        Of `mining.journey_graph.journey_graph`.
    noise : float
        Links that are taken no more than this share as often as the strongest one from the same activity are left out,
        save those that an activity needs to lie between start and end. At 0 every journey is a run of the net.
    """
    needed = needed_links(graph)
    often = {(source, target): data["n"] for source, target, data in graph.edges(data=True)}
    strongest = {node: max((often[edge] for edge in graph.out_edges(node)), default=0) for node in graph}
    kept = sorted(edge for edge, n in often.items() if n > noise * strongest[edge[0]] or edge in needed)
    place = {START: "source", END: "sink"}
    return _net(
        [
            (
                f"{source}-{target}",
                None if target == END else graph.nodes[target]["name"],
                {place.get(source, str(source)): 1},
                {place.get(target, str(target)): 1},
            )
            for source, target in kept
        ]
    )


def _net(steps: list[NamedTransition]) -> PetriNet:
    """Put the steps together; journeys go from ``source`` to ``sink``."""
    places = dict.fromkeys(["source", *(place for _, _, *sides in steps for side in sides for place in side), "sink"])
    return reduce_net(build_net(places, steps, initial={"source": 1}, final={"sink": 1}))
