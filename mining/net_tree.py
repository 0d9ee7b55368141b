"""The blocks of a Petri net: a net that is built from blocks -> the process tree with the same runs.

Blocks are folded from the inside out, each into one transition, until one is left (the reduction of van Zelst and
Leemans 2020, doi 10.3390/a13110279). Where none can be folded any more, the net is not built from blocks.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from mining.errors import ModelError, Problem
from mining.messages import N_, Message
from mining.petri import PetriNet, Tokens
from mining.process_tree import CHOICE, LOOP, PARALLEL, SEQUENCE, ProcessTree, tidy

SILENT = ProcessTree()
Places = frozenset[int]


@dataclass(frozen=True)
class _Part:
    """A transition that stands for a block."""

    tree: ProcessTree
    take: Places
    put: Places


def net_to_tree(net: PetriNet) -> ProcessTree:
    """Give the process tree of a net.

    Raises
    ------
    ModelError
        When the net is not built from blocks; it names the parts that are left.
    """
    folder = _Folder(net)
    while folder.fold():
        pass
    parts = list(folder.parts.values())
    if len(parts) == 1 and (parts[0].take, parts[0].put) == (folder.start, folder.end):
        return tidy(parts[0].tree)
    if not parts and folder.start == folder.end:
        return SILENT
    problem = Message(N_("These parts do not form blocks: {parts}."), parts="; ".join(_named(p.tree) for p in parts))
    raise ModelError(
        N_(
            "The model is not built from blocks with one way in and one way out, so it is no journey map. "
            "`desirepath align` takes it as it is."
        ),
        problems=[Problem(problem)],
    )


def _named(tree: ProcessTree) -> str:
    """Name a block by the first and the last of its activities."""
    labels = list(_labels(tree)) or ["–"]
    return labels[0] if len(labels) == 1 else f"{labels[0]} … {labels[-1]}"


def _labels(tree: ProcessTree) -> Iterator[str]:
    if tree.label is not None:
        yield tree.label
    for child in tree.children:
        yield from _labels(child)


def _plain(tokens: Tokens) -> Places:
    """Give the places of single tokens."""
    if any(count != 1 for _, count in tokens):
        raise ModelError(
            N_("The model takes or puts several tokens at once, so it is no journey map. `desirepath align` takes it.")
        )
    return frozenset(place for place, _ in tokens)


class _Folder:
    """Folds one block at a time; parts are numbered as they come, so that the same net always gives the same tree."""

    def __init__(self, net: PetriNet) -> None:
        self.new = itertools.count(len(net.places))
        self.start = _plain(net.initial)
        self.end = _plain(net.final) or frozenset([next(self.new)])
        self.parts: dict[int, _Part] = {}
        self.number = itertools.count()
        for t in net.transitions:
            # Where no token need be left at the end, what takes the last one leads to a place of its own.
            self._add(ProcessTree(label=t.label), _plain(t.inputs), _plain(t.outputs) or self.end)

    def _add(self, tree: ProcessTree, take: Places, put: Places) -> None:
        """Add a transition; one that is seen splits and joins nothing itself."""
        if tree != SILENT and len(take) > 1:
            before = frozenset([next(self.new)])
            self.parts[next(self.number)] = _Part(SILENT, take, before)
            take = before
        if tree != SILENT and len(put) > 1:
            behind = frozenset([next(self.new)])
            self.parts[next(self.number)] = _Part(SILENT, behind, put)
            put = behind
        self.parts[next(self.number)] = _Part(tree, take, put)

    def fold(self) -> bool:
        """Fold one block, if there is one."""
        self.takers: dict[int, list[int]] = defaultdict(list)
        self.givers: dict[int, list[int]] = defaultdict(list)
        for n, part in self.parts.items():
            for place in part.take:
                self.takers[place].append(n)
            for place in part.put:
                self.givers[place].append(n)
        rules = (self._choice, self._sequence, self._loop, self._round, self._parallel, self._empty_branch)
        return any(rule() for rule in rules)

    def _replace(self, gone: tuple[int, ...], part: _Part) -> bool:
        for n in gone:
            del self.parts[n]
        self.parts[next(self.number)] = part
        return True

    def _choice(self) -> bool:
        """Parts that lead from the same places to the same places."""
        same: dict[tuple[Places, Places], int] = {}
        for n, part in self.parts.items():
            other = same.setdefault((part.take, part.put), n)
            if other != n:
                tree = _joined(CHOICE, self.parts[other].tree, part.tree)
                return self._replace((other, n), _Part(tree, part.take, part.put))
        return False

    def _sequence(self) -> bool:
        """Two parts with a place between them that nothing else touches."""
        for place, (giver, *others) in self.givers.items():
            takers = self.takers[place]
            if others or len(takers) != 1 or takers[0] == giver or place in self.start | self.end:
                continue
            first, second = self.parts[giver], self.parts[takers[0]]
            if first.put == second.take == {place}:
                tree = _joined(SEQUENCE, first.tree, second.tree)
                return self._replace((giver, takers[0]), _Part(tree, first.take, second.put))
        return False

    def _loop(self) -> bool:
        """A part that is the only way between two places, and one that leads back."""
        for n, do in self.parts.items():
            if len(do.take) != 1 or len(do.put) != 1 or do.take == do.put:
                continue
            (before,), (behind,) = do.take, do.put
            if self.takers[before] != [n] or self.givers[behind] != [n] or before in self.end or behind in self.start:
                continue
            for other in self.takers[behind]:
                again = self.parts[other]
                if (again.take, again.put) == (do.put, do.take):
                    return self._replace(
                        (n, other), _Part(ProcessTree(LOOP, None, (do.tree, again.tree)), do.take, do.put)
                    )
        return False

    def _round(self) -> bool:
        """A part that leads from a place to the same place: it may happen any number of times."""
        for n, part in self.parts.items():
            if part.take != part.put or len(part.take) != 1:
                continue
            (place,) = part.take
            left = next(self.new)
            for taker in self.takers[place]:
                if taker != n:
                    old = self.parts[taker]
                    self.parts[taker] = _Part(old.tree, old.take - {place} | {left}, old.put)
            if place in self.end:
                self.end = self.end - {place} | {left}
            tree = ProcessTree(LOOP, None, (SILENT, part.tree))
            return self._replace((n,), _Part(tree, part.take, frozenset([left])))
        return False

    def _parallel(self) -> bool:
        """Two parts between the same split and the same join."""
        known: dict[tuple[int, int], int] = {}
        for n, part in self.parts.items():
            ends = self._between(part)
            if ends is None:
                continue
            other = known.setdefault(ends, n)
            if other == n:
                continue
            split, join = (self.parts[end] for end in ends)
            self.parts[ends[0]] = _Part(split.tree, split.take, split.put - part.take)
            join = self.parts[ends[1]]
            self.parts[ends[1]] = _Part(join.tree, join.take - part.put, join.put)
            first = self.parts[other]
            return self._replace((other, n), _Part(_joined(PARALLEL, first.tree, part.tree), first.take, first.put))
        return False

    def _between(self, part: _Part) -> tuple[int, int] | None:
        """Give the only part before and the only one behind, where nothing else touches the places between."""
        if len(part.take) != 1 or len(part.put) != 1 or part.take == part.put:
            return None
        (before,), (behind,) = part.take, part.put
        alone = len(self.takers[before]) == len(self.givers[before]) == 1
        alone = alone and len(self.takers[behind]) == len(self.givers[behind]) == 1
        if not alone or {before, behind} & (self.start | self.end):
            return None
        return self.givers[before][0], self.takers[behind][0]

    def _empty_branch(self) -> bool:
        """A place straight from a split to a join: a branch in which nothing happens."""
        for place, givers in self.givers.items():
            takers = self.takers[place]
            if len(givers) != 1 or len(takers) != 1 or place in self.start | self.end:
                continue
            join = self.parts[takers[0]]
            if len(self.parts[givers[0]].put) > 1 and len(join.take) > 1:
                behind = next(self.new)
                self.parts[takers[0]] = _Part(join.tree, join.take - {place} | {behind}, join.put)
                self.parts[next(self.number)] = _Part(SILENT, frozenset([place]), frozenset([behind]))
                return True
        return False


def _joined(operator: str, one: ProcessTree, other: ProcessTree) -> ProcessTree:
    """Put two blocks into one; a long row of blocks is one block, not one inside another."""
    children = (part.children if part.operator == operator else (part,) for part in (one, other))
    return ProcessTree(operator, None, tuple(itertools.chain.from_iterable(children)))
