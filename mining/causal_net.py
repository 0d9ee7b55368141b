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
    steps = list(_causal_steps(found, names))
    return _net(steps)


def _causal_steps(found: CausalNet, names: Mapping[int, str]) -> Iterator[NamedTransition]:
    for activity in sorted(found.before.keys() | found.after.keys() | found.starts | found.ends):
        yield str(activity), names[activity], {f"{activity}<": 1}, {f"{activity}>": 1}
        if activity in found.starts:
            yield f"{activity} begins", None, {"source": 1}, {f"{activity}<": 1}
        if activity in found.ends:
            yield f"{activity} ends", None, {f"{activity}>": 1}, {"sink": 1}
        for n, group in enumerate(found.before.get(activity, ())):
            links = {f"{other}-{activity}": 1 for other in sorted(group)}
            yield f"{activity} joins {n}", None, links, {f"{activity}<": 1}
        for n, group in enumerate(found.after.get(activity, ())):
            links = {f"{activity}-{other}": 1 for other in sorted(group)}
            yield f"{activity} splits {n}", None, {f"{activity}>": 1}, links


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
