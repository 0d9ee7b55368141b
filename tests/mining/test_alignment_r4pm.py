"""Random nets and paths: costs equal to r4pm's A* search, and moves that a token game of its own can play."""

from __future__ import annotations

import random
from collections import Counter

import numpy as np
import pytest

from mining.alignment import OFF_MAP, Alignments, Paths, align
from mining.automaton import compile_net
from mining.petri import PetriNet, build_net
from mining.r4pm_bridge import Search

NAMES = ("GROUP BY", "", "🛒", "-1", "sync", "Đặt hàng")  # what code might stumble over
STRANGE = "nobody planned this"


def random_net(rng: random.Random) -> PetriNet:
    """Grow a sound net from one step by splitting steps into sequences, choices, parallel branches and loops."""
    places = ["start", "end"]
    steps: list[tuple[str | None, list[str], list[str]]] = [(rng.choice(NAMES), ["start"], ["end"])]

    def place() -> str:
        places.append(f"p{len(places)}")
        return places[-1]

    for _ in range(rng.randint(2, 7)):
        label, inputs, outputs = steps.pop(rng.randrange(len(steps)))
        other = rng.choice([*NAMES, None])
        kind = rng.choice(["sequence", "choice", "parallel", "loop"])
        if kind == "sequence":
            middle = place()
            steps += [(label, inputs, [middle]), (other, [middle], outputs)]
        elif kind == "choice":
            steps += [(label, inputs, outputs), (other, inputs, outputs)]
        elif kind == "parallel":
            a, b, c, d = (place() for _ in range(4))
            steps += [(None, inputs, [a, b]), (label, [a], [c]), (other, [b], [d]), (None, [c, d], outputs)]
        else:
            a, b = place(), place()
            steps += [(None, inputs, [a]), (label, [a], [b]), (other, [b], [a]), (None, [b], outputs)]
    transitions = [
        (f"t{n}", label, dict.fromkeys(inputs, 1), dict.fromkeys(outputs, 1))
        for n, (label, inputs, outputs) in enumerate(steps)
    ]
    return build_net(places, transitions, initial={"start": 1}, final={"end": 1})


def random_paths(rng: random.Random, n: int) -> list[tuple[str, ...]]:
    return sorted({tuple(rng.choices([*NAMES, STRANGE], k=rng.randint(0, 8))) for _ in range(n)})


def aligned(net: PetriNet, paths: list[tuple[str, ...]]) -> Alignments:
    automaton = compile_net(net)
    code = {label: n for n, label in enumerate(automaton.labels)}
    symbols = np.array([code.get(name, OFF_MAP) for path in paths for name in path], np.int32)
    flat = Paths(symbols, np.cumsum([0, *map(len, paths)], dtype=np.int64))
    return align(flat, automaton, [automaton.final], np.zeros(len(paths), np.int64))


def plays(net: PetriNet, word: list[str]) -> bool:
    """Play the token game: whether the net can fire these labels, with silent steps between, from start to end."""

    def fired(marking: frozenset, label: str | None) -> list[frozenset]:
        found = []
        for transition in net.transitions:
            tokens = Counter(dict(marking))
            tokens.subtract(dict(transition.inputs))
            if transition.label == label and min(tokens.values(), default=0) >= 0:
                tokens.update(dict(transition.outputs))
                found.append(frozenset((+tokens).items()))
        return found

    def with_silent(markings: set[frozenset]) -> set[frozenset]:
        seen, todo = set(markings), list(markings)
        while todo:
            new = [m for m in fired(todo.pop(), None) if m not in seen]
            seen.update(new)
            todo += new
        return seen

    at = with_silent({frozenset(net.initial)})
    for label in word:
        at = with_silent({m for marking in at for m in fired(marking, label)})
    return frozenset(net.final) in at


@pytest.mark.parametrize("seed", range(40))
def test_costs_equal_r4pm_and_moves_can_be_played(seed: int) -> None:
    rng = random.Random(seed)
    net, paths = random_net(rng), random_paths(rng, 30)
    found, search, labels = aligned(net, paths), Search(net), compile_net(net).labels
    for n, path in enumerate(paths):
        known = search.align(path, 1_000_000)
        assert known is not None
        assert found.cost[n] == known.cost, path
        moves = range(found.starts[n], found.starts[n + 1])
        read = [path[found.position[m]] for m in moves if found.kind[m] != 2]
        assert tuple(read) == path
        assert sum(int(found.kind[m] != 0) for m in moves) == known.cost
        assert all(labels[found.label[m]] == path[found.position[m]] for m in moves if found.kind[m] == 0)
        assert plays(net, [labels[found.label[m]] for m in moves if found.kind[m] != 1])
