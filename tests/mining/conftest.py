"""An oracle for nets: all the words they have, by trying everything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from mining.petri import PetriNet

Words = set[tuple[str, ...]]


def all_words(net: PetriNet, longest: int, among: Words | None = None) -> Words:
    """Give every run of at most `longest` labels that ends in the final marking; only those that begin one `among`."""
    begun = None if among is None else {word[:n] for word in among for n in range(len(word) + 1)}
    final = frozenset(net.final)
    todo = [(frozenset(net.initial), ())]
    seen = set(todo)
    words: Words = set()
    while todo:
        marking, word = todo.pop()
        if marking == final:
            words.add(word)
        for transition in net.transitions:
            tokens = Counter(dict(marking))
            tokens.subtract(dict(transition.inputs))
            if min(tokens.values(), default=0) < 0:
                continue
            tokens.update(dict(transition.outputs))
            longer = word if transition.label is None else (*word, transition.label)
            state = (frozenset((+tokens).items()), longer)
            if begun is not None and longer not in begun:
                continue
            if len(longer) <= longest and tokens.total() <= 12 and state not in seen:
                seen.add(state)
                todo.append(state)
    return words


@pytest.fixture(scope="session")
def words_of() -> Callable[[PetriNet, int], Words]:
    """The oracle; a fixture, since test files cannot import one another."""
    return all_words
