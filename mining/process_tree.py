"""Process trees as plain values: what the inductive miner finds and what PTML files hold; each is a Petri net, too."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from mining.errors import ModelError, Problem
from mining.messages import N_
from mining.model_xml import Element, one_line, problem, shown
from mining.petri import PetriNet, build_net
from mining.petri_reduction import reduce_net

SEQUENCE, CHOICE, PARALLEL, LOOP, ANY_OF = "sequence", "choice", "parallel", "loop", "any_of"
_TAGS = {"sequence": SEQUENCE, "xor": CHOICE, "and": PARALLEL, "xorLoop": LOOP, "or": ANY_OF}
_LEAVES = ("manualTask", "automaticTask")
_DEEPEST = 100


@dataclass(frozen=True)
class ProcessTree:
    """One block of a process.

    Parameters
    ----------
    operator : str or None
        ``sequence``, ``choice`` (one of), ``parallel`` (all, in any order), ``any_of`` (one or more, in any order) or
        ``loop`` (the first child, then any number of times one of the others and the first again); None for a leaf.
    label : str or None
        The activity of a leaf; None when it is silent.
    children : tuple of ProcessTree
        The blocks inside.
    """

    operator: str | None = None
    label: str | None = None
    children: tuple[ProcessTree, ...] = ()

    @property
    def activities(self) -> frozenset[str]:
        """The labels of all leaves."""
        own = () if self.label is None else (self.label,)
        return frozenset(own).union(*(child.activities for child in self.children))


Step = tuple[str | None, list[str], list[str]]
"""A transition under construction: label, places it takes a token from, places it puts one into."""


def tree_to_net(tree: ProcessTree) -> PetriNet:
    """Give the Petri net that has the runs of a process tree.

    Examples
    --------
    >>> look, buy = ProcessTree(label="look"), ProcessTree(label="buy")
    >>> [(t.label, t.inputs, t.outputs) for t in tree_to_net(ProcessTree("sequence", None, (look, buy))).transitions]
    [('look', ((0, 1),), ((1, 1),)), ('buy', ((1, 1),), ((2, 1),))]
    """
    steps = list(_steps(tree, "source", "sink", (f"p{n}" for n in itertools.count(1))))
    places = dict.fromkeys(place for _, inputs, outputs in steps for place in [*inputs, *outputs])
    transitions = (
        (f"t{n}", label, dict.fromkeys(inputs, 1), dict.fromkeys(outputs, 1))
        for n, (label, inputs, outputs) in enumerate(steps, start=1)
    )
    return reduce_net(build_net(places, transitions, initial={"source": 1}, final={"sink": 1}))


def _steps(tree: ProcessTree, source: str, sink: str, new: Iterator[str]) -> Iterator[Step]:
    """Give what leads a token from one place to another by way of `tree`."""
    if tree.operator is None:
        yield tree.label, [source], [sink]
    elif tree.operator == SEQUENCE:
        stops = [source, *itertools.islice(new, len(tree.children) - 1), sink]
        for child, (before, after) in zip(tree.children, itertools.pairwise(stops), strict=True):
            yield from _steps(child, before, after, new)
    elif tree.operator == CHOICE:
        for child in tree.children:
            yield from _steps(child, source, sink, new)
    elif tree.operator == LOOP:
        yield from _loop_steps(tree, source, sink, new)
    else:
        yield from _parallel_steps(tree, source, sink, new)


def _loop_steps(tree: ProcessTree, source: str, sink: str, new: Iterator[str]) -> Iterator[Step]:
    """Loop between places of its own, so that no neighbour can step into it."""
    first, last = next(new), next(new)
    yield None, [source], [first]
    yield from _steps(tree.children[0], first, last, new)
    for again in tree.children[1:]:
        yield from _steps(again, last, first, new)
    yield None, [last], [sink]


def _parallel_steps(tree: ProcessTree, source: str, sink: str, new: Iterator[str]) -> Iterator[Step]:
    """Run all branches; of ``any_of``, one is chosen that must run, and the others may be left out."""
    n = len(tree.children)
    starts, ends = list(itertools.islice(new, n)), list(itertools.islice(new, n))
    if tree.operator == PARALLEL:
        yield None, [source], starts
    else:
        maybes = list(itertools.islice(new, n))
        for index, (maybe, start, end) in enumerate(zip(maybes, starts, ends, strict=True)):
            yield None, [source], [*maybes[:index], start, *maybes[index + 1 :]]
            yield None, [maybe], [start]
            yield None, [maybe], [end]
    for child, start, end in zip(tree.children, starts, ends, strict=True):
        yield from _steps(child, start, end, new)
    yield None, ends, [sink]


def tidy(tree: ProcessTree) -> ProcessTree:
    """Give the same runs with fewer blocks: nested blocks of one kind are one, and silent leaves go where they can.

    Children of a choice or of parallel branches are put in the order of the first activity in them.
    """
    if tree.operator is None:
        return tree
    parts: list[ProcessTree] = []
    for part in map(tidy, tree.children):
        nested = part.operator == tree.operator and tree.operator in (SEQUENCE, CHOICE, PARALLEL)
        parts.extend(part.children if nested else [part])
    silent = ProcessTree()
    if tree.operator in (SEQUENCE, PARALLEL):
        parts = [part for part in parts if part != silent]
    if tree.operator in (CHOICE, PARALLEL):
        parts.sort(key=lambda part: (part == silent, _first_label(part)))
    if tree.operator == CHOICE:
        parts = list(dict.fromkeys(parts))
    if not parts:
        return silent
    if len(parts) == 1 or (tree.operator == LOOP and set(parts) == {silent}):
        return parts[0]
    return ProcessTree(tree.operator, None, tuple(parts))


def _first_label(tree: ProcessTree) -> str:
    """Give the first activity of a block, "" when it has none."""
    return tree.label or next(filter(None, map(_first_label, tree.children)), "")


def read_ptml(root: Element, path: object) -> ProcessTree:
    """Give the tree of a PTML document, as ProM and pm4py write it.

    Parameters
    ----------
    root : element
        Of `mining.model_xml.read_xml`; its tag is ``ptml``.
    path : object
        Shown in errors.

    Raises
    ------
    ModelError
        With every element that is unknown, missing or not part of one tree.
    """
    trees = root.findall("processTree")
    problems = [] if len(trees) == 1 else [problem(root, N_("There are {n} trees in it; one is read."), n=len(trees))]
    elements, children = _nodes_and_links(trees[0], problems) if trees else ({}, {})
    top = trees[0].get("root") if trees else None
    if trees and top not in elements:
        problems.append(problem(trees[0], N_("The root of the tree, {name}, is not in it."), name=str(top)))
    if not problems:
        problems.extend(_not_a_tree(elements, children, str(top)))
    if problems:
        raise ModelError(N_("{path} cannot be read as a process tree."), path=path, problems=problems)
    return _tree(str(top), elements, children)


def _nodes_and_links(tree: Element, problems: list[Problem]) -> tuple[dict[str, Element], dict[str, list[str]]]:
    """Take down the nodes by id and, in order, the ids of their children."""
    elements = {e.get("id"): e for e in tree if e.tag in _TAGS or e.tag in _LEAVES}
    children: dict[str, list[str]] = {key: [] for key in elements}
    for element in tree:
        if element.tag == "parentsNode":
            source, target = element.get("sourceId"), element.get("targetId")
            if source in elements and target in elements:
                children[source].append(target)
            else:
                problems.append(problem(element, N_("A link of the tree lacks an end.")))
        elif element.tag not in _TAGS and element.tag not in _LEAVES:
            problems.append(
                problem(element, N_("{name} is of the unknown kind {tag}."), name=shown(element), tag=element.tag)
            )
    return elements, children


def _not_a_tree(elements: dict[str, Element], children: dict[str, list[str]], top: str) -> Iterator[Problem]:
    """Check that every node but the root has one parent, every block the parts it needs, and how deep it goes."""
    level = [top]
    for _ in range(_DEEPEST):
        level = list(dict.fromkeys(child for key in level for child in children[key]))
    if level:
        template = N_("Blocks stand inside one another more than {n} times. Draw the tree flatter.")
        yield problem(elements[top], template, n=_DEEPEST)
    linked = Counter(child for below in children.values() for child in below)
    for key, element in elements.items():
        if linked[key] != (key != top):
            yield problem(element, N_("{name} does not stand in exactly one block."), name=shown(element))
        n, low, high = len(children[key]), 1, len(elements)
        if element.tag in _LEAVES:
            low, high = 0, 0
        elif element.tag == "xorLoop":
            low, high = 2, 3
        if not low <= n <= high:
            yield problem(element, N_("{name} ({tag}) has {n} parts."), name=shown(element), tag=element.tag, n=n)


def _tree(key: str, elements: dict[str, Element], children: dict[str, list[str]]) -> ProcessTree:
    """Build the tree below one node."""
    element = elements[key]
    below = tuple(_tree(child, elements, children) for child in children[key])
    if element.tag in _LEAVES:
        name = one_line(element.get("name") or "")
        return ProcessTree(label=name if name and element.tag == "manualTask" else None)
    if element.tag == "xorLoop":  # do, redo and, in ProM, what comes after the loop
        loop = ProcessTree(LOOP, None, below[:2])
        return loop if len(below) == 2 else ProcessTree(SEQUENCE, None, (loop, below[2]))
    return ProcessTree(_TAGS[element.tag], None, below)
