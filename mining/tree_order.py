"""Process trees as a reader expects them: branches in their usual order, large blocks laid out one after another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mining.process_tree import ANY_OF, CHOICE, LOOP, PARALLEL, SEQUENCE, ProcessTree

LARGEST_BLOCK = 4  # activities: a block with more is laid out
RARE = 0.2  # of the journeys: what fewer leave out or do again, a line has once
SILENT = ProcessTree()


def in_order(tree: ProcessTree, order: Sequence[str]) -> ProcessTree:
    """Put branches that have no order of their own by what comes first in `order`; the runs stay the same."""
    rank = {activity: place for place, activity in enumerate(order)}

    def of(tree: ProcessTree) -> ProcessTree:
        children = [of(child) for child in tree.children]
        if tree.operator in (CHOICE, PARALLEL, ANY_OF):
            children.sort(key=lambda child: _first(child, rank))
        return ProcessTree(tree.operator, tree.label, tuple(children))

    return of(tree)


def never_empty(tree: ProcessTree) -> ProcessTree:
    """Take the empty run away where the whole tree may be left out: no journey is without an event."""
    if tree.operator != CHOICE or SILENT not in tree.children:
        return tree
    left = tuple(child for child in tree.children if child != SILENT)
    return left[0] if len(left) == 1 else ProcessTree(CHOICE, None, left)


def laid_out(tree: ProcessTree, order: Sequence[str]) -> ProcessTree:
    """Give a tree that can be cut into stages: blocks of more than `LARGEST_BLOCK` activities become sequences.

    Parallel branches follow each other in `order`, so that fewer runs are left. Of a choice only what its largest
    branch begins with is chosen, and the rest of it may follow whatever was chosen, or be left out, so that there are
    more runs. What is repeated as a whole is repeated part by part; if that is the whole tree, it stays a loop.
    Whether that is better or worse is for the caller to measure.

    Examples
    --------
    >>> a, b, c, d, e = (ProcessTree(label=name) for name in "abcde")
    >>> branches = ProcessTree("sequence", None, (a, c, e)), ProcessTree("choice", None, (b, d))
    >>> tree = ProcessTree("parallel", None, branches)
    >>> [part.label or part.operator for part in laid_out(tree, "abcde").children]
    ['a', 'choice', 'c', 'e']
    """
    if tree.operator == LOOP:
        return ProcessTree(LOOP, None, (laid_out(tree.children[0], order), *tree.children[1:]))
    rank = {activity: place for place, activity in enumerate(order)}
    return in_order(_sequence(_parts(tree, rank)), order)


def one_line(paths: Iterable[tuple[Sequence[str], int]], order: Sequence[str]) -> ProcessTree:
    """Give the tree that has one step after the other in `order`, whatever else journeys do.

    Parameters
    ----------
    paths : iterable of (sequence of str, int)
        Distinct paths and the journeys that take them.
    order : sequence of str
        Steps; those that no path has are left out.

    Examples
    --------
    >>> tree = one_line([("abc", 6), ("aac", 3), ("a", 9)], "abc")
    >>> [part.label or part.operator for part in tree.children]
    ['a', 'choice', 'c']
    """
    rank = {activity: place for place, activity in enumerate(order)}
    had, again, as_far = ([0] * len(order) for _ in range(3))
    for path, n in paths:
        for activity in set(path):
            had[rank[activity]] += n
            again[rank[activity]] += n * (path.count(activity) > 1)
        for place in range(max((rank[activity] for activity in path), default=-1) + 1):
            as_far[place] += n
    parts = []
    for place, activity in enumerate(order):
        if had[place]:
            leaf = ProcessTree(label=activity)
            step = _repeated(leaf) if again[place] > RARE * had[place] else leaf
            parts.append(_optional(step) if as_far[place] - had[place] > RARE * as_far[place] else step)
    return _sequence(parts)


def leaves(tree: ProcessTree) -> list[str]:
    """Name the steps in the order in which a reader meets them."""
    own = [] if tree.label is None else [tree.label]
    return own + [name for child in tree.children for name in leaves(child)]


def _first(tree: ProcessTree, rank: dict[str, int]) -> int:
    return min((rank[activity] for activity in tree.activities), default=len(rank))


def _parts(tree: ProcessTree, rank: dict[str, int]) -> list[ProcessTree]:
    """Give what follows each other in a tree that is laid out."""
    if tree.operator == SEQUENCE:
        return [part for child in tree.children for part in _parts(child, rank)]
    if len(tree.activities) <= LARGEST_BLOCK:
        return [tree]
    if tree.operator == CHOICE:
        return _parts_of_choice(tree, rank)
    if tree.operator == LOOP:
        again = tree.children[1:]
        return [tree] if set(again) != {SILENT} else [_repeated(part) for part in _parts(tree.children[0], rank)]
    return [part for step in _merged(tree.children, rank) for part in _parts(step, rank)]


def _merged(branches: Iterable[ProcessTree], rank: dict[str, int]) -> list[ProcessTree]:
    """Put the steps of parallel branches into one line: of those that are next, always the one that comes first."""
    left = [list(branch.children) if branch.operator == SEQUENCE else [branch] for branch in branches]
    line = []
    while any(left):
        branch = min(filter(None, left), key=lambda steps: _first(steps[0], rank))
        line.append(branch.pop(0))
    return line


def _parts_of_choice(tree: ProcessTree, rank: dict[str, int]) -> list[ProcessTree]:
    largest = max(tree.children, key=lambda child: len(child.activities))
    head, *rest = _parts(largest, rank)
    if not rest:
        return [tree]
    others = tuple(child for child in tree.children if child != largest)
    return [ProcessTree(CHOICE, None, (head, *others)), *map(_optional, rest)]


def _optional(tree: ProcessTree) -> ProcessTree:
    maybe = tree.operator == CHOICE and SILENT in tree.children
    return tree if maybe else ProcessTree(CHOICE, None, (tree, SILENT))


def _repeated(tree: ProcessTree) -> ProcessTree:
    return ProcessTree(LOOP, None, (tree, SILENT))


def _sequence(parts: list[ProcessTree]) -> ProcessTree:
    return parts[0] if len(parts) == 1 else ProcessTree(SEQUENCE, None, tuple(parts))
