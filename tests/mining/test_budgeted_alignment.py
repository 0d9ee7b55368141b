"""Alignment with nets too large for an automaton: exact where it says so, and right bounds elsewhere."""

from __future__ import annotations

import itertools
from collections import Counter

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mining.alignment import OFF_MAP, Paths, align
from mining.automaton import compile_net
from mining.budgeted_alignment import BoundedAlignments, Budget, align_within
from mining.errors import ModelError
from mining.marking_equation import MarkingEquation
from mining.petri import PetriNet, build_net
from mining.process_tree import ANY_OF, CHOICE, LOOP, PARALLEL, SEQUENCE, ProcessTree, tree_to_net
from mining.reachability import explore

GENEROUS, NONE = Budget(), Budget(per_path=1, in_all=1)


def leaf(label: str | None) -> ProcessTree:
    return ProcessTree(label=label)


def all_of(n: int) -> PetriNet:
    """All of n steps, in any order: 2 to the power of n markings, and more."""
    return tree_to_net(ProcessTree(PARALLEL, None, tuple(leaf(f"a{k:02}") for k in range(n))))


def known_cost(path: list[str], labels: tuple[str, ...]) -> int:
    """What a path costs that should have each label once, in any order: what is too much, and what is missing."""
    seen = Counter(path)
    return sum(abs(seen[label] - 1) for label in labels) + sum(n for name, n in seen.items() if name not in labels)


def exact(net: PetriNet, paths: list[list[str]]) -> list[float]:
    """Give the costs by the automaton."""
    automaton = compile_net(net)
    number = {label: n for n, label in enumerate(automaton.labels)}
    symbols = [np.array([number.get(name, OFF_MAP) for name in path], np.int32) for path in paths]
    offsets = np.cumsum([0, *map(len, paths)]).astype(np.int64)
    flat = Paths(np.concatenate([np.zeros(0, np.int32), *symbols]), offsets)
    return align(flat, automaton, [automaton.final], np.zeros(len(paths), np.int64)).cost.tolist()


def replayed(net: PetriNet, path: list[str], moves: pl.DataFrame) -> int:
    """Walk the moves: events in their order, and labels that the net can do; give what they cost."""
    cost, at, word = 0, 0, []
    for kind, position, label in moves.select("kind", "position", "label").iter_rows():
        assert position == at
        name = None if label == OFF_MAP else net.labels[label]
        if kind == "model":
            cost += 1
        else:
            assert name == path[at] if path[at] in net.labels else name is None
            cost += kind == "log"
            at += 1
        if kind != "log":
            word.append(name)
    assert at == len(path)
    assert exact(net, [word]) == [0]  # type: ignore[list-item]
    return cost


def test_more_markings_than_an_automaton_may_have_and_still_exact() -> None:
    """Sixteen steps in any order are 65,538 markings; what each path costs can be counted."""
    net = all_of(16)
    assert explore(net, 50_000) is None
    full = list(net.labels)
    paths = [full, full[::-1], full[1:], [*full, "x"], ["x", *full[3:], "a04", "a05"]]
    found = align_within(net, paths, [1] * len(paths), GENEROUS)
    assert found.lowest.tolist() == found.highest.tolist() == [known_cost(path, net.labels) for path in paths]
    assert found.shortest == 16


def test_without_any_search_the_bounds_hold_and_meet_where_nothing_fits() -> None:
    """The search gives up even on the empty path; the shortest run comes from the equation, in whole numbers."""
    net = all_of(20)
    full = list(net.labels)
    paths = [full, full[:10], ["x", "y"], []]
    found = align_within(net, paths, [5, 4, 3, 2], NONE)
    assert found.shortest == 20
    assert found.lowest.tolist() == [0, 10, 22, 20]
    assert found.highest.tolist() == [40, 30, 22, 20]
    assert found.moves.is_empty()


def test_the_most_frequent_paths_have_their_turn_first() -> None:
    net = all_of(12)
    paths = [list(order) for order in (net.labels[::-1], net.labels, [*net.labels[6:], *net.labels[:6]])]
    found = align_within(net, paths, [1, 9, 5], Budget(per_path=2_000_000, in_all=1))
    assert (found.lowest == found.highest).tolist() == [False, False, False]
    spent = Budget(per_path=2_000_000, in_all=20)  # a perfect path takes a few states
    assert (lambda f: (f.lowest == f.highest).tolist())(align_within(net, paths, [1, 9, 5], spent)) == [
        False,
        True,
        False,
    ]


def test_a_path_beside_a_known_one_has_nearer_bounds() -> None:
    """Without its first eight events a path costs eight, far too much to search; its neighbour, which fits, tells."""
    net = all_of(20)
    full = list(net.labels)
    found = align_within(net, [full, full[8:], full[:4:-1]], [3, 2, 1], Budget(per_path=2_000))
    assert found.lowest.tolist() == [0, 8, 5]
    assert found.highest.tolist() == [0, 8, 35]


def test_a_net_whose_end_is_out_of_reach_is_refused() -> None:
    stuck = build_net(["p", "q", "r"], [("t", "a", {"p": 1}, {"q": 1})], initial={"p": 1}, final={"r": 1})
    with pytest.raises(ModelError, match="no path from its start to its end"):
        align_within(stuck, [["a"]], [1], GENEROUS)
    with pytest.raises(ModelError, match="no path from its start to its end"):
        MarkingEquation(stuck).least({"a": 1})
    # The equation has a solution, but none that can be walked: each step waits for the other.
    crossed = build_net(
        ["p", "q", "r", "s"],
        [("t", "a", {"p": 1, "r": 1}, {"q": 1, "s": 1}), ("u", "b", {"s": 1}, {"r": 1})],
        initial={"p": 1},
        final={"q": 1},
    )
    assert MarkingEquation(crossed).least({}) == 2
    assert MarkingEquation(crossed).shortest(10) is None


def test_more_tokens_than_can_be_counted_are_never_searched() -> None:
    """The search would take 300 tokens for 44; the equation knows that each of them has its step."""
    crowd = build_net(["p", "q"], [("t", "a", {"p": 1}, {"q": 1})], initial={"p": 300}, final={"q": 300})
    assert MarkingEquation(crowd).most_tokens() == 300
    found = align_within(crowd, [["a"] * 300, ["a"] * 299, ["b"]], [1, 1, 1], GENEROUS)
    assert found.shortest == 300
    assert found.lowest.tolist() == [0, 1, 301]
    assert found.highest.tolist() == [600, 599, 301]
    pump = build_net(["p", "q"], [("t", "a", {"p": 1}, {"p": 1, "q": 1})], initial={"p": 1}, final={"p": 1})
    assert MarkingEquation(pump).most_tokens() == float("inf")


@pytest.mark.parametrize("n", [1, 3, 8])
def test_the_bound_of_tokens_is_that_of_parallel_branches(n: int) -> None:
    assert MarkingEquation(all_of(n)).most_tokens() == pytest.approx(n)


TREES = st.recursive(
    st.sampled_from([leaf(name) for name in "abcd"] + [leaf(None)]),
    lambda inner: st.one_of(
        st.builds(
            lambda operator, parts: ProcessTree(operator, None, tuple(parts)),
            st.sampled_from([SEQUENCE, CHOICE, PARALLEL, ANY_OF]),
            st.lists(inner, min_size=2, max_size=3),
        ),
        st.builds(lambda body, again: ProcessTree(LOOP, None, (body, again)), inner, inner),
    ),
    max_leaves=7,
)
PATHS = st.lists(st.lists(st.sampled_from("abcdx"), max_size=6), min_size=1, max_size=4)


def check(net: PetriNet, paths: list[list[str]], costs: list[float], found: BoundedAlignments) -> None:
    assert (found.lowest <= costs).all()
    assert (found.highest >= costs).all()
    for n, path in enumerate(paths):
        moves = found.moves.filter(pl.col("path") == n)
        if moves.height:
            assert replayed(net, path, moves) == found.lowest[n] == found.highest[n]


@settings(max_examples=60)
@given(tree=TREES, paths=PATHS)
def test_random_nets_cost_what_the_automaton_says(tree: ProcessTree, paths: list[list[str]]) -> None:
    net = tree_to_net(tree)
    assume(net.transitions)  # a net without any is never too large
    costs = exact(net, paths)
    found = align_within(net, paths, [1] * len(paths), GENEROUS)
    assert found.lowest.tolist() == found.highest.tolist() == costs
    check(net, paths, costs, found)
    for states, relaxed in itertools.product((1, 12), (0, 5_000)):
        check(net, paths, costs, align_within(net, paths, [1] * len(paths), Budget(states, 30, relaxed=relaxed)))
