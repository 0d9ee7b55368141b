"""How large the automaton of a process tree can get, told before it is built."""

from __future__ import annotations

from math import prod

from mining.process_tree import ANY_OF, PARALLEL, ProcessTree


def widest(tree: ProcessTree) -> int:
    """Count the branches of the widest block without an order; each doubles the states of the map.

    Examples
    --------
    >>> widest(ProcessTree("parallel", None, tuple(ProcessTree(label=name) for name in "abc")))
    3
    """
    own = len(tree.children) if tree.operator in (PARALLEL, ANY_OF) else 0
    return max((own, *map(widest, tree.children)))


def most_states(tree: ProcessTree) -> int:
    """Give the most states that the automaton of a tree can have while before and behind the goal are one.

    Branches without an order are multiplied; what stands behind each other, or is chosen between, is added up.

    Examples
    --------
    >>> a, b, c = (ProcessTree(label=name) for name in "abc")
    >>> most_states(ProcessTree("sequence", None, (a, ProcessTree("parallel", None, (b, c)))))
    5
    """
    return 1 + _beyond_the_first(tree)


def _beyond_the_first(tree: ProcessTree) -> int:
    """Count the states behind that in which a tree begins."""
    inner = [_beyond_the_first(child) for child in tree.children]
    if tree.operator in (PARALLEL, ANY_OF):
        return prod(1 + n for n in inner) - 1
    return (tree.label is not None) + sum(inner)
