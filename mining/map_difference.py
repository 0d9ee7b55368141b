"""What one model allows and another does not: the difference of their languages, with example paths."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from mining.automaton import Automaton
from mining.reduction import alive
from mining.runs import Runs

MOST_EXAMPLES = 5
MOST_STATES = 20_000
_MOST_FOUND = 500


@dataclass(frozen=True)
class Example:
    """A path that one model allows and the other does not.

    Attributes
    ----------
    path : tuple of str
        Labels, from start to end.
    parts_at : int
        The first step that the other cannot take; the length of the path where it can take all but may not end there.
    """

    path: tuple[str, ...]
    parts_at: int


@dataclass(frozen=True)
class Difference:
    """What one model allows beyond another.

    Attributes
    ----------
    examples : tuple of Example
        One for each way to part, the shortest first; a way is the step before and the step that cannot be taken. First
        come those that part at different steps.
    complete : bool
        Whether all was looked through. Without examples this means that the other allows all that this one allows.
    """

    examples: tuple[Example, ...]
    complete: bool


def difference(one: Automaton, other: Automaton, *, most: int = MOST_EXAMPLES) -> Difference:
    """Find what `one` allows and `other` does not.

    Parameters
    ----------
    one, other : Automaton
        Labels that are called the same mean the same.
    most : int
        How many examples to give.
    """
    search = _Search(Runs(one), Runs(other))
    found = sorted(search.partings(), key=lambda example: len(example.path))
    chosen = _diverse(found)[:most]
    return Difference(tuple(sorted(chosen, key=lambda example: len(example.path))), search.complete)


def _diverse(found: Sequence[Example]) -> list[Example]:
    """Put the first of each step at which paths part before the others; the order is kept otherwise."""
    seen: set[str | None] = set()
    first: list[Example] = []
    others: list[Example] = []
    for example in found:
        step = example.path[example.parts_at] if example.parts_at < len(example.path) else None
        (others if step in seen else first).append(example)
        seen.add(step)
    return first + others


class _Search:
    """Walks both models at once, breadth first, and notes where the second cannot follow."""

    def __init__(self, one: Runs, other: Runs) -> None:
        self.one = one
        self.other = other
        self.complete = True
        self._same = {n: number for number, label in enumerate(other.labels) for n in _places(one.labels, label)}

    def partings(self) -> Iterator[Example]:
        """Give an example for each way to part: the step before, and the step that cannot be taken."""
        words: dict[tuple[int, int], tuple[int, ...]] = {(0, 0): ()}
        ways: set[tuple[int | None, int | None]] = set()
        todo = deque(words)
        while todo:
            at, there = pair = todo.popleft()
            word = words[pair]
            last = word[-1] if word else None
            if self.one.may_end(at) and not self.other.may_end(there) and (last, None) not in ways:
                ways.add((last, None))
                yield Example(self._named(word), len(word))
            for label in self.one.enabled(at):
                following = self.one.step(at, label)
                same = self._same.get(label)
                if same is not None and same in self.other.enabled(there):
                    after = (following, self.other.step(there, same))
                    if after not in words:
                        words[after] = (*word, label)
                        todo.append(after)
                elif (last, label) not in ways:
                    ways.add((last, label))
                    yield Example(self._named((*word, label, *_to_end(self.one, following))), len(word))
            if len(words) > MOST_STATES or len(ways) > _MOST_FOUND:
                self.complete = False
                return

    def _named(self, word: Sequence[int]) -> tuple[str, ...]:
        return tuple(self.one.labels[label] for label in word)


def _places(labels: Sequence[str], wanted: str) -> list[int]:
    return [n for n, label in enumerate(labels) if label == wanted]


def _to_end(runs: Runs, start: int) -> tuple[int, ...]:
    """Give the shortest way to an end, the one of lowest labels of several."""
    words: dict[int, tuple[int, ...]] = {start: ()}
    todo = deque(words)
    while todo:
        at = todo.popleft()
        if runs.may_end(at):
            return words[at]
        for label in runs.enabled(at):
            following = runs.step(at, label)
            if following not in words:
                words[following] = (*words[at], label)
                todo.append(following)
    raise AssertionError("an automaton has no dead ends")


def by_events(automaton: Automaton, events: Mapping[str, Sequence[str]]) -> Automaton:
    """Give the same model over events: a touchpoint can be seen by any of those that are bound to it.

    Parameters
    ----------
    automaton : Automaton
        Of a map.
    events : mapping of str to sequence of str
        Names of the events of each touchpoint. No path leads through one without any.
    """
    names = tuple(dict.fromkeys(name for label in automaton.labels for name in events[label]))
    number = {name: n for n, name in enumerate(names)}
    edges = [
        (source, number[name], target)
        for source, label, target in zip(
            automaton.source.tolist(), automaton.label.tolist(), automaton.target.tolist(), strict=True
        )
        for name in events[automaton.labels[label]]
    ]
    edges, *_ = alive(edges, set(automaton.final.nonzero()[0].tolist()), set())
    columns = np.array(sorted(edges), dtype=np.int32).reshape(-1, 3).T
    return replace(
        automaton,
        labels=names,
        weights=np.full(len(names), automaton.scale, np.int64),
        source=np.ascontiguousarray(columns[0]),
        label=np.ascontiguousarray(columns[1]),
        target=np.ascontiguousarray(columns[2]),
    )
