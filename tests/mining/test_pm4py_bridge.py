"""What the miner gives: trees that have the paths of the log."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from mining.pm4py_bridge import discover_tree
from mining.process_tree import LOOP, PARALLEL, SEQUENCE, ProcessTree, tree_to_net

Words = set[tuple[str, ...]]
PATHS = st.lists(st.integers(0, 3), min_size=1, max_size=5).map(tuple)


@settings(deadline=None)
@given(variants=st.dictionaries(PATHS, st.integers(1, 9), min_size=1))
def test_a_tree_without_noise_has_every_path_as_a_word(words_of: Callable[..., Words], variants):
    net = tree_to_net(discover_tree(variants, dict(enumerate("abcd")), noise=0.0))
    paths = {tuple("abcd"[code] for code in path) for path in variants}
    assert words_of(net, 5, paths) >= paths


def test_noise_leaves_out_rare_links_where_nothing_else_splits_the_log():
    """One journey of a hundred goes back from c to a: with it nothing but b beside a loop fits, without it a, b, c."""
    variants, names = {(0, 1, 2): 99, (0, 1, 2, 0, 2): 1}, dict(enumerate("abc"))
    a, b, c, silent = (ProcessTree(label=label) for label in ("a", "b", "c", None))
    loop = ProcessTree(LOOP, None, (ProcessTree(SEQUENCE, None, (a, c)), silent))
    assert discover_tree(variants, names, noise=0.0) == ProcessTree(PARALLEL, None, (loop, b))
    again = ProcessTree(LOOP, None, (c, silent))
    assert discover_tree(variants, names) == ProcessTree(SEQUENCE, None, (a, b, again))
    assert discover_tree({}, names) == silent
