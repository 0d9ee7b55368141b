"""An automaton made deterministic, as far as it is looked at: where a word leads, and what can come next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from mining.automaton import Automaton


class Runs:
    """The sets of states that words lead to, numbered as they are met; 0 is where every word begins.

    Parameters
    ----------
    automaton : Automaton
        Of a map or a net; silent steps are taken wherever they can be.
    """

    def __init__(self, automaton: Automaton) -> None:
        self.labels = automaton.labels
        self.n_labels = len(automaton.labels)
        self._outgoing: dict[int, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
        edges = (automaton.source.tolist(), automaton.label.tolist(), automaton.target.tolist())
        for source, label, target in zip(*edges, strict=True):
            self._outgoing[source][label].add(target)
        self._ends = frozenset(automaton.final.nonzero()[0].tolist())
        self._number: dict[frozenset[int], int] = {}
        self._ways: list[dict[int, set[int]]] = []
        self._is_end: list[bool] = []
        self._steps: dict[tuple[int, int], int] = {}
        self._meet({0})

    def _meet(self, states: set[int]) -> int:
        todo = list(states)
        while todo:
            more = self._outgoing[todo.pop()].get(self.n_labels, set()) - states
            states |= more
            todo += more
        met = frozenset(states)
        if met not in self._number:
            ways: dict[int, set[int]] = defaultdict(set)
            for state in states:
                for label, targets in self._outgoing[state].items():
                    if label != self.n_labels:
                        ways[label] |= targets
            self._number[met] = len(self._ways)
            self._ways.append(dict(sorted(ways.items())))
            self._is_end.append(not met.isdisjoint(self._ends))
        return self._number[met]

    def enabled(self, at: int) -> Mapping[int, object]:
        """Give the label numbers that can come next, in order."""
        return self._ways[at]

    def step(self, at: int, label: int) -> int:
        """Give where an enabled label leads."""
        if (at, label) not in self._steps:
            self._steps[at, label] = self._meet(set(self._ways[at][label]))
        return self._steps[at, label]

    def may_end(self, at: int) -> bool:
        """Tell whether the whole model may have been walked here."""
        return self._is_end[at]
