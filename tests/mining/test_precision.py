"""Escaping-edges precision against its definition tried out word by word, and against pm4py."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mining.alignment import OFF_MAP, Alignments, Paths, align
from mining.automaton import Automaton, compile_map, compile_net
from mining.journey_map import JourneyMap
from mining.petri import PetriNet
from mining.pm4py_bridge import _plain_tree
from mining.precision import escaping_edges_precision
from mining.process_tree import CHOICE, LOOP, PARALLEL, SEQUENCE, ProcessTree, tree_to_net

LEAVES = st.sampled_from([ProcessTree(label=name) for name in "abcd"] + [ProcessTree()])
TREES = st.recursive(
    LEAVES,
    lambda below: st.one_of(
        st.builds(
            lambda operator, children: ProcessTree(operator, None, tuple(children)),
            st.sampled_from([SEQUENCE, CHOICE, PARALLEL]),
            st.lists(below, min_size=1, max_size=3),
        ),
        st.builds(lambda do, redo: ProcessTree(LOOP, None, (do, redo)), below, below),
    ),
    max_leaves=6,
)
LOGS = st.dictionaries(st.text("abcdx", min_size=1, max_size=6), st.integers(1, 9), min_size=1, max_size=8)


def aligned(log: dict[str, int], automaton: Automaton) -> tuple[Alignments, np.ndarray]:
    words = sorted(log)
    number = {label: n for n, label in enumerate(automaton.labels)}
    codes = pl.Series([[ord(letter) - ord("a") for letter in word] for word in words], dtype=pl.List(pl.UInt32))
    symbol_of = np.array([number.get(chr(ord("a") + code), OFF_MAP) for code in range(26)], np.int32)
    found = align(
        Paths.from_lists(codes, symbol_of), automaton, [automaton.final], np.zeros(len(words), dtype=np.int64)
    )
    return found, np.array([log[word] for word in words])


def precision(log: dict[str, int], automaton: Automaton) -> float | None:
    return escaping_edges_precision(*aligned(log, automaton), automaton)


def enabled_after(net: PetriNet, word: str) -> set[str]:
    """Play the token game: the labels that can come next after a word, whatever silent steps are taken."""

    def closed(markings: set[frozenset]) -> set[frozenset]:
        todo = list(markings)
        while todo:
            for following in fired(todo.pop(), None):
                if following not in markings:
                    markings.add(following)
                    todo.append(following)
        return markings

    def fired(marking: frozenset, label: str | None) -> list[frozenset]:
        after = []
        for transition in net.transitions:
            tokens = Counter(dict(marking))
            tokens.subtract(dict(transition.inputs))
            if transition.label == label and min(tokens.values(), default=0) >= 0:
                tokens.update(dict(transition.outputs))
                after.append(frozenset((+tokens).items()))
        return after

    markings = closed({frozenset(net.initial)})
    for letter in word:
        markings = closed({following for marking in markings for following in fired(marking, letter)})
    return {label for label in net.labels for marking in markings if fired(marking, label)}


def by_definition(found: Alignments, n_journeys: np.ndarray, net: PetriNet) -> Fraction | None:
    """Write every prefix of every aligned path out and count."""
    moves = found.moves().filter(pl.col("kind") != "log")
    words = Counter()
    for path, n in enumerate(n_journeys.tolist()):
        labels = moves.filter(pl.col("path") == path)["label"].to_list()
        words["".join(net.labels[label] for label in labels)] += n
    weight: Counter[str] = Counter()
    taken: dict[str, set[str]] = {}
    for word, n in words.items():
        for place, letter in enumerate(word):
            weight[word[:place]] += n
            taken.setdefault(word[:place], set()).add(letter)
    of = sum(weight[prefix] * len(enabled_after(net, prefix)) for prefix in weight)
    return Fraction(sum(weight[p] * len(taken[p]) for p in weight), of) if of else None


@settings(max_examples=150)
@given(tree=TREES, log=LOGS)
def test_precision_is_what_its_definition_says(tree: ProcessTree, log: dict[str, int]) -> None:
    net = tree_to_net(tree)
    automaton = compile_net(net)
    found, n = aligned(log, automaton)
    expected = by_definition(found, n, net)
    ours = escaping_edges_precision(found, n, automaton)
    assert ours is None if expected is None else ours == pytest.approx(float(expected))


def test_a_model_of_exactly_the_log_is_precise_and_a_flower_is_not() -> None:
    """By hand: the flower offers 3 labels at the empty prefix, at a, and at ab; one is taken each time."""
    exact = ProcessTree(SEQUENCE, None, tuple(ProcessTree(label=name) for name in "abc"))
    flower = ProcessTree(
        LOOP, None, (ProcessTree(CHOICE, None, tuple(ProcessTree(label=n) for n in "abc")), ProcessTree())
    )
    assert precision({"abc": 5}, compile_net(tree_to_net(exact))) == 1
    assert precision({"abc": 5}, compile_net(tree_to_net(flower))) == pytest.approx(1 / 3)


def test_nothing_that_steps_has_no_precision() -> None:
    assert precision({"x": 3}, compile_net(tree_to_net(ProcessTree()))) is None


def test_touchpoints_that_may_happen_anywhere_count_as_offered() -> None:
    """By hand: `a` then `b`, with `c` offered before, between and after: 2 taken of 2 + 2."""
    plan = JourneyMap.parse(
        "{id: m, goal: b, stages: [{id: s, steps: [{id: a, events: a}, {id: b, events: b}]}],"
        " anywhere: [{id: c, events: c}]}"
    )
    assert precision({"ab": 1}, compile_map(plan)) == pytest.approx(1 / 2)


@pytest.mark.parametrize(
    ("tree", "log"),
    [
        ("->('a', +('b', 'c'), 'd')", {"abcd": 7, "acbd": 2}),
        ("->('a', X('b', 'c', 'd'))", {"ab": 4, "ac": 1}),
        ("*(->('a', 'b'), 'c')", {"ab": 3, "abcab": 2}),
        ("+('a', 'b', 'c')", {"abc": 6, "bac": 1, "cab": 1}),
    ],
)
@pytest.mark.filterwarnings("ignore")
def test_on_a_log_that_fits_it_is_the_number_of_pm4py(tree: str, log: dict[str, int]) -> None:
    import pm4py
    from pm4py.objects.log.obj import Event, EventLog, Trace

    theirs = pm4py.parse_process_tree(tree)
    traces = EventLog(
        Trace([Event({"concept:name": letter, "time:timestamp": n}) for n, letter in enumerate(word)])
        for word, times in log.items()
        for _ in range(times)
    )
    expected = pm4py.precision_alignments(traces, *pm4py.convert_to_petri_net(theirs))
    ours = tree_to_net(_plain_tree(theirs, {name: name for name in "abcd"}))
    assert precision(log, compile_net(ours)) == pytest.approx(expected)
