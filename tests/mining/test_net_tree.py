"""Nets built from blocks give back a tree with their words; others are refused, with what is left."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mining.errors import ModelError
from mining.model_reader import read_petri_net
from mining.model_writing import tree_to_bpmn
from mining.net_tree import net_to_tree
from mining.petri import PetriNet, build_net
from mining.process_tree import CHOICE, LOOP, PARALLEL, SEQUENCE, ProcessTree, tree_to_net

Words = set[tuple[str, ...]]
TREES = st.recursive(
    st.sampled_from([ProcessTree(label=name) for name in "abcd"] + [ProcessTree()]),
    lambda inner: st.one_of(
        st.builds(
            lambda operator, parts: ProcessTree(operator, None, tuple(parts)),
            st.sampled_from([SEQUENCE, CHOICE, PARALLEL]),
            st.lists(inner, min_size=2, max_size=3),
        ),
        st.builds(lambda body, again: ProcessTree(LOOP, None, (body, again)), inner, inner),
    ),
    max_leaves=6,
)


@settings(max_examples=150)
@given(tree=TREES)
def test_the_net_of_a_tree_folds_into_a_tree_with_the_same_words(words_of: Callable[..., Words], tree: ProcessTree):
    net = tree_to_net(tree)
    assert words_of(tree_to_net(net_to_tree(net)), 4) == words_of(net, 4)


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tree=TREES)
def test_a_drawn_tree_folds_into_one_with_its_words(words_of: Callable[..., Words], tmp_path: Path, tree: ProcessTree):
    (tmp_path / "drawn.bpmn").write_bytes(tree_to_bpmn(tree))
    folded = net_to_tree(read_petri_net(tmp_path / "drawn.bpmn"))
    assert words_of(tree_to_net(folded), 4) == words_of(tree_to_net(tree), 4)


def net(*steps: tuple[str, str, str], start: str = "i", end: str = "o") -> PetriNet:
    places = dict.fromkeys(place for _, take, put in steps for place in [*take.split(), *put.split()])
    transitions = [(n, n, dict.fromkeys(take.split(), 1), dict.fromkeys(put.split(), 1)) for n, take, put in steps]
    return build_net(places, transitions, initial={start: 1}, final={end: 1} if end else {})


def test_blocks_by_hand() -> None:
    a, b, c, d = (ProcessTree(label=name) for name in "abcd")
    assert net_to_tree(net(("a", "i", "p q"), ("b", "p", "r"), ("c", "q", "s"), ("d", "r s", "o"))) == ProcessTree(
        SEQUENCE, None, (a, ProcessTree(PARALLEL, None, (b, c)), d)
    )
    assert net_to_tree(net(("a", "i", "o"), ("b", "o", "i"))) == ProcessTree(LOOP, None, (a, b))
    assert net_to_tree(net(("a", "i", ""), ("b", "i", ""), end="")) == ProcessTree(CHOICE, None, (a, b))
    waits = net(("a", "i", "p q"), ("b", "p", "r"), ("d", "r q", "o"))
    assert net_to_tree(waits) == ProcessTree(SEQUENCE, None, (a, b, d))


def test_a_long_row_of_steps_is_one_block() -> None:
    n = 600
    row = net(*((f"a{k}", f"p{k}", f"p{k + 1}") for k in range(n)), start="p0", end=f"p{n}")
    assert net_to_tree(row) == ProcessTree(SEQUENCE, None, tuple(ProcessTree(label=f"a{k}") for k in range(n)))


@pytest.mark.parametrize(
    ("model", "left"),
    [
        (
            # c waits for b as well as for a: the two branches touch.
            net(("s", "i", "p q"), ("a", "p", "r x"), ("b", "q x", "t"), ("c", "r", "u"), ("e", "t u", "o")),
            "s; e; a; b; c",
        ),
        (net(("a", "i", "p"), ("b", "i", "q"), ("c", "p q", "o")), "c"),
        (net(("a", "i", "p q"), ("b", "p", ""), ("c", "q", ""), end=""), "a"),
    ],
)
def test_what_is_not_built_from_blocks_names_what_is_left(model: PetriNet, left: str) -> None:
    with pytest.raises(ModelError, match="not built from blocks") as caught:
        net_to_tree(model)
    said = caught.value.problems[0].text()
    assert said.startswith("These parts do not form blocks: ")
    assert set(left.split("; ")) <= set(said.removeprefix("These parts do not form blocks: ")[:-1].split("; "))


def test_several_tokens_at_once_are_refused() -> None:
    two = build_net(["i", "o"], [("t", "a", {"i": 2}, {"o": 1})], initial={"i": 2}, final={"o": 1})
    with pytest.raises(ModelError, match="several tokens at once"):
        net_to_tree(two)


@pytest.mark.parametrize(("name", "longest"), [("a12", 7), ("a22", 10)])
def test_the_known_nets_fold_into_their_trees(
    words_of: Callable[..., Words], shared_data: Path, name: str, longest: int
) -> None:
    folder = shared_data / "models/synthetic"
    folded = net_to_tree(read_petri_net(folder / f"{name}.pnml"))
    assert words_of(tree_to_net(folded), longest) == words_of(read_petri_net(folder / f"{name}.ptml"), longest)
