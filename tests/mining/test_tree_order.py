"""Branches stand in the order journeys come to them; large blocks are laid out, and no activity is lost or doubled."""

from __future__ import annotations

import itertools

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mining.frames import VARIANTS
from mining.process_tree import CHOICE, LOOP, PARALLEL, SEQUENCE, ProcessTree, tree_to_net
from mining.tree_order import in_order, laid_out, leaves, never_empty, one_line
from mining.usual_order import UsualOrder

SILENT = ProcessTree()


def leaf(name: str) -> ProcessTree:
    return ProcessTree(label=name)


def block(operator: str, *parts: str | ProcessTree) -> ProcessTree:
    return ProcessTree(operator, None, tuple(leaf(part) if isinstance(part, str) else part for part in parts))


def log(*paths: tuple[list[int], int]) -> pl.DataFrame:
    rows = [{"variant_id": n, "path": path, "n_journeys": count} for n, (path, count) in enumerate(paths)]
    return pl.DataFrame(rows, schema=VARIANTS.columns)


def test_the_mean_place_gives_the_order_and_a_majority_corrects_it() -> None:
    """By hand: the mean places are 2/7 for 7, 1/2 for 8, 5/8 for 1; yet in both journeys with 7 and 8, 8 is first."""
    paths = log(([7, 1], 5), ([1, 8, 7], 2), ([1, 2], 1))
    assert UsualOrder(paths).codes == [8, 7, 1, 2]
    assert UsualOrder(log()).codes == []


@settings(max_examples=60)
@given(paths=st.lists(st.tuples(st.lists(st.integers(0, 6), max_size=9), st.integers(1, 9)), max_size=8))
def test_no_neighbour_comes_first_in_most_journeys(paths: list[tuple[list[int], int]]) -> None:
    order = UsualOrder(log(*paths)).codes
    assert sorted(order) == sorted({code for path, _n in paths for code in path})
    for one, other in itertools.pairwise(order):
        both = [(path.index(one) < path.index(other), n) for path, n in paths if one in path and other in path]
        assert sum(n for first, n in both if first) >= sum(n for first, n in both if not first)


@settings(max_examples=60)
@given(
    paths=st.lists(st.tuples(st.lists(st.integers(0, 4), max_size=7), st.integers(1, 9)), max_size=8),
    order=st.permutations(range(5)),
)
def test_the_order_kept_is_the_share_of_pairs(paths: list[tuple[list[int], int]], order: list[int]) -> None:
    usual = UsualOrder(log(*paths))
    order = [code for code in order if code in usual.codes]
    kept = pairs = 0
    for path, n in paths:
        for a, b in itertools.combinations(order, 2):
            if a in path and b in path:
                pairs += n
                kept += n * (path.index(a) < path.index(b))
    assert usual.kept(order) == (kept / pairs if pairs else 1.0)


def test_a_line_has_what_is_rarely_left_out_once() -> None:
    """Of ten that came to pay, three went without cart; one of ten looked twice, five of ten paid twice."""
    paths = [(["look", "cart", "pay", "pay"], 5), (["look", "look", "pay"], 1), (["look", "pay"], 2)]
    paths += [(["look", "cart", "pay"], 2), (["look"], 9)]
    tree = one_line(paths, ["look", "cart", "help", "pay"])
    assert tree == block(SEQUENCE, "look", block(CHOICE, "cart", SILENT), block(LOOP, "pay", SILENT))
    assert leaves(tree) == ["look", "cart", "pay"]


def test_branches_stand_in_the_usual_order() -> None:
    tree = block(PARALLEL, "order", "arrive", block(CHOICE, SILENT, "cash", "card"))
    assert in_order(tree, ["arrive", "order", "card", "cash"]) == block(
        PARALLEL, "arrive", "order", block(CHOICE, "card", "cash", SILENT)
    )


def test_parallel_branches_are_laid_out_as_one_line() -> None:
    tree = block(PARALLEL, block(SEQUENCE, "look", "cart", "pay"), "help", block(CHOICE, "mail", "chat"))
    assert laid_out(tree, ["look", "help", "cart", "chat", "mail", "pay"]) == block(
        SEQUENCE, "look", "help", "cart", block(CHOICE, "chat", "mail"), "pay"
    )


def test_behind_a_choice_the_longer_branch_goes_on_for_all() -> None:
    tree = block(CHOICE, block(SEQUENCE, "look", "cart", "pay"), block(SEQUENCE, "arrive", "ask"))
    assert laid_out(tree, ["arrive", "look", "ask", "cart", "pay"]) == block(
        SEQUENCE,
        block(CHOICE, block(SEQUENCE, "arrive", "ask"), "look"),
        block(CHOICE, "cart", SILENT),
        block(CHOICE, "pay", SILENT),
    )


def test_small_blocks_and_loops_with_a_way_back_stay() -> None:
    small = block(PARALLEL, "a", "b", "c", "d")
    back = block(LOOP, block(PARALLEL, "e", "f", "g", "h", "i"), "j")
    tree = block(SEQUENCE, small, back)
    assert laid_out(tree, "abcdefghij") == tree


def test_the_whole_that_happens_again_stays_a_loop() -> None:
    tree = block(LOOP, block(PARALLEL, *"abcde"), SILENT)
    assert laid_out(tree, "abcde") == block(LOOP, block(SEQUENCE, *"abcde"), SILENT)


def test_no_journey_is_empty() -> None:
    assert never_empty(block(CHOICE, "a", SILENT)) == leaf("a")
    assert never_empty(block(CHOICE, "a", "b", SILENT)) == block(CHOICE, "a", "b")
    assert never_empty(block(CHOICE, "a", "b")) == block(CHOICE, "a", "b")


@st.composite
def trees(draw: st.DrawFn, names: str = "abcdefgh") -> ProcessTree:
    if len(names) == 1:
        return leaf(names)
    cut = draw(st.integers(1, len(names) - 1))
    parts = draw(trees(names[:cut])), draw(trees(names[cut:]))
    operator = draw(st.sampled_from([SEQUENCE, CHOICE, PARALLEL, LOOP]))
    if operator == LOOP:
        return block(SEQUENCE, block(LOOP, parts[0], SILENT), parts[1])
    return block(operator, *parts)


@settings(max_examples=60)
@given(tree=trees(), order=st.permutations("abcdefgh"))
def test_every_activity_stands_once_in_what_is_laid_out(tree: ProcessTree, order: list[str]) -> None:
    def labels(tree: ProcessTree) -> list[str]:
        return [name for child in tree.children for name in labels(child)] + ([tree.label] if tree.label else [])

    assert sorted(labels(laid_out(tree, order))) == sorted("abcdefgh")


@pytest.mark.parametrize("order", ["abc", "cba", "bca"])
def test_the_order_of_branches_changes_no_run(words_of, order: str) -> None:
    tree = block(SEQUENCE, block(PARALLEL, "a", block(CHOICE, "b", SILENT)), block(LOOP, "c", SILENT))
    assert words_of(tree_to_net(in_order(tree, order)), 4) == words_of(tree_to_net(tree), 4)
