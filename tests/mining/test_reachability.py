"""Which nets can be followed to the end: against pm4py's check of soundness, and by hand."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mining.errors import ModelError
from mining.model_reader import read_petri_net
from mining.petri import PetriNet, build_net
from mining.reachability import check_sound, explore


def refused(net: PetriNet) -> list[str]:
    graph = explore(net, 1000)
    assert graph is not None
    with pytest.raises(ModelError) as caught:
        check_sound(net, graph)
    return [problem.text() for problem in caught.value.problems]


def chain(*steps: tuple[str, str, str], final: str = "end") -> PetriNet:
    """A net of transitions given as (label, places taken from, places put into), a place being one letter or a word."""
    places = dict.fromkeys(place for _, take, put in steps for place in [*take.split(), *put.split()])
    transitions = [
        (
            label.lower(),
            None if label.islower() else label,
            dict.fromkeys(take.split(), 1),
            dict.fromkeys(put.split(), 1),
        )
        for label, take, put in steps
    ]
    return build_net([*places, *({final} - set(places))], transitions, initial={"start": 1}, final={final: 1})


def test_a_sound_net_passes_and_its_graph_is_all_there_is() -> None:
    net = chain(("split", "start", "p q"), ("A", "p", "r"), ("B", "q", "s"), ("C", "r s", "end"))
    graph = explore(net, 1000)
    assert graph is not None
    check_sound(net, graph)
    names = [sorted(net.places[place] for place, _ in marking) for marking in graph.markings]
    assert names == [["start"], ["p", "q"], ["q", "r"], ["p", "s"], ["r", "s"], ["end"]]
    assert [net.transitions[t].label for t in graph.way_to(4)] == [None, "A", "B"]
    assert explore(net, 5) is None
    assert explore(net, 6) is not None


def test_an_exclusive_split_joined_by_a_parallel_join_never_ends() -> None:
    net = chain(("A", "start", "p"), ("B", "start", "q"), ("C", "p q", "end"))
    assert refused(net) == [
        "It never comes to its end, end (1); after A tokens stand in p instead.",
        "These steps can never happen: C.",
    ]


def test_a_dead_end_is_named_with_the_way_to_it() -> None:
    net = chain(("A", "start", "p"), ("B", "p", "end"), ("C", "p", "trap"))
    assert refused(net) == ["After A, C tokens stand in trap, and from there it cannot come to its end, end (1)."]


def test_a_parallel_split_without_a_join_leaves_a_token_behind() -> None:
    net = chain(("split", "start", "p q"), ("A", "p", "end"), ("B", "q", "end"))
    assert refused(net) == ["It never comes to its end, end (1); after A, B tokens stand in end instead."]


def test_a_circle_without_a_way_out_is_no_way_to_the_end() -> None:
    net = chain(("A", "start", "p"), ("B", "p", "end"), ("C", "start", "q"), ("D", "q", "q"))
    assert refused(net) == ["After C tokens stand in q, and from there it cannot come to its end, end (1)."]


def test_steps_that_can_never_happen_are_named() -> None:
    net = chain(("A", "start", "end"), ("B", "gone", "end"), ("skip", "gone", "start"))
    assert refused(net) == ["These steps can never happen: B, skip."]


def test_a_net_without_bound_is_told_by_what_fills_up_and_how() -> None:
    net = chain(("A", "start", "p"), ("B", "p", "q p"), ("C", "q", "r"), ("D", "p r", "end"))
    with pytest.raises(
        ModelError, match=r"no bound: B can be repeated without end, and each time more .* gather in q\."
    ):
        explore(net, 1000)


def test_a_loop_that_only_looks_like_it_fills_up_has_a_bound() -> None:
    """Two tokens go round and round: no marking holds all of an earlier one and more."""
    net = build_net(
        ["p", "q"], [("t", "A", {"p": 1}, {"q": 1}), ("u", "B", {"q": 1}, {"p": 1})], initial={"p": 2}, final={"q": 2}
    )
    graph = explore(net, 100)
    assert graph is not None
    assert len(graph.markings) == 3
    check_sound(net, graph)


def test_many_places_that_fill_up_are_found_before_the_limit() -> None:
    """Without a check on the way, the markings of ten counters would be tried up to the limit."""
    transitions = [(f"t{n}", f"T{n}", {"p": 1}, {"p": 1, f"c{n}": 1}) for n in range(10)]
    net = build_net(["p", *(f"c{n}" for n in range(10))], transitions, initial={"p": 1}, final={"p": 1})
    with pytest.raises(ModelError, match="T0 can be repeated"):
        explore(net, 50_000)


def judged(net: PetriNet) -> str:
    """Say whether a net is sound, by tokens in dictionaries and networkx; ten tokens in a place mean: no bound."""
    graph = nx.MultiDiGraph()
    start, final = (frozenset(marking) for marking in (net.initial, net.final))
    todo = [start]
    graph.add_node(start)
    while todo:
        marking = todo.pop()
        for n, transition in enumerate(net.transitions):
            tokens = Counter(dict(marking))
            tokens.subtract(dict(transition.inputs))
            if min(tokens.values(), default=0) < 0:
                continue
            tokens.update(dict(transition.outputs))
            if max(tokens.values()) >= 10:
                return "unbounded"
            following = frozenset((+tokens).items())
            if following not in graph:
                todo.append(following)
            graph.add_edge(marking, following, step=n)
    if final not in graph or {final, *nx.ancestors(graph, final)} != set(graph):
        return "unsound"
    return "sound" if {n for _, _, n in graph.edges(data="step")} == set(range(len(net.transitions))) else "unsound"


def told(net: PetriNet) -> str:
    try:
        graph = explore(net, 50_000)
    except ModelError:
        return "unbounded"
    assert graph is not None
    try:
        check_sound(net, graph)
    except ModelError:
        return "unsound"
    return "sound"


@pytest.mark.parametrize("put", [1, 2])
def test_long_ways_without_a_pump_end_at_the_limit(put: int) -> None:
    """Tens of thousands of markings in one line, each of which could be laid over all before it."""
    net = build_net(["p", "q"], [("t", "a", {"p": 1}, {"q": put})], initial={"p": 10**6}, final={"q": 10**6})
    assert explore(net, 20_000) is None


def test_weights_and_markings_of_several_tokens_count() -> None:
    """Two of three tokens make one of the other kind, which takes the last one along."""
    net = build_net(
        ["p", "q", "r"],
        [("t", "A", {"p": 2}, {"q": 1}), ("u", "B", {"p": 1, "q": 1}, {"r": 2})],
        initial={"p": 3},
        final={"r": 2},
    )
    graph = explore(net, 100)
    assert graph is not None
    assert list(graph.markings) == [((0, 3),), ((0, 1), (1, 1)), ((2, 2),)]
    check_sound(net, graph)


ARCS = st.sets(st.integers(0, 4), min_size=1, max_size=2)


@settings(max_examples=300)
@given(steps=st.lists(st.tuples(ARCS, ARCS), min_size=1, max_size=6))
def test_random_nets_are_judged_as_brute_force_judges_them(steps: list[tuple[set[int], set[int]]]) -> None:
    places = [f"p{n}" for n in range(5)]
    arcs = [({places[p]: 1 for p in take}, {places[p]: 1 for p in put}) for take, put in steps]
    transitions = [(f"t{n}", f"T{n}", take, put) for n, (take, put) in enumerate(arcs)]
    net = build_net(places, transitions, initial={"p0": 1}, final={"p4": 1})
    assert told(net) == judged(net)


@pytest.mark.parametrize(
    "name",
    [
        "normative/RoadFines_NoData.pnml",
        "normative/SepsisModel_fixed.pnml",
        "normative/roadtraffic.pnml",
        "normative/receipt.bpmn",
        "synthetic/a12.pnml",
        "synthetic/a12.ptml",
        "synthetic/a22.pnml",
        "synthetic/a22.ptml",
    ],
)
def test_every_known_model_is_sound(shared_data: Path, name: str) -> None:
    net = read_petri_net(shared_data / "models" / name)
    graph = explore(net, 50_000)
    assert graph is not None
    check_sound(net, graph)
