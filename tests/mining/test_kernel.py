"""One result however the work is cut, whatever the integers, and however the model moves spread."""

from __future__ import annotations

import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mining import compiled, prepared
from mining.alignment import OFF_MAP, Alignments, Paths, align
from mining.automaton import Automaton, compile_map
from mining.chunks import in_chunks
from mining.journey_map import Binding, Block, JourneyMap, Stage, Touchpoint

ROOT = Path(__file__).resolve().parents[2]


def random_automaton(rng: random.Random, n: int = 12, labels: int = 5) -> Automaton:
    """Make an automaton with loops, several edges of one label and state, and weights that are 0 or broken."""
    edges = {(s, rng.randrange(labels), s + 1) for s in range(n - 1)}
    edges |= {(rng.randrange(n), rng.randrange(labels), rng.randrange(n)) for _ in range(2 * n)}
    source, label, target = (np.array(column, np.int32) for column in zip(*sorted(edges), strict=True))
    return Automaton(
        labels=tuple("abcdefgh"[:labels]),
        weights=np.array([rng.choice([0, 500, 1000, 1000, 3000]) for _ in range(labels)]),
        scale=1000,
        source=source,
        label=label,
        target=target,
        final=np.arange(n) == n - 1,
        past_goal=np.arange(n) > n // 2,
    )


def random_paths(rng: random.Random, n: int = 60, labels: int = 5) -> Paths:
    drawn = sorted({tuple(rng.choices(range(OFF_MAP, labels), k=rng.randint(0, 15))) for _ in range(n)})
    return Paths(
        np.array([symbol for path in drawn for symbol in path], np.int32),
        np.cumsum([0, *map(len, drawn)], dtype=np.int64),
    )


def flat(paths: list[list[int]]) -> Paths:
    symbols = np.array([symbol for path in paths for symbol in path], np.int32)
    return Paths(symbols, np.cumsum([0, *map(len, paths)], dtype=np.int64))


def both_ends(paths: Paths, automaton: Automaton, **options: int) -> Alignments:
    return align(paths, automaton, [automaton.final, automaton.past_goal], np.arange(len(paths.lengths)) % 2, **options)


def same(one: Alignments, other: Alignments) -> None:
    for name in ("cost", "starts", "steps", "kind", "position", "label", "state"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)


@pytest.mark.parametrize("seed", range(25))
def test_one_result_for_any_cut_and_any_number_of_threads(seed: int) -> None:
    rng = random.Random(seed)
    automaton, paths = random_automaton(rng), random_paths(rng)
    whole = both_ends(paths, automaton, threads=1)
    for threads in (1, 2, 5):
        for chunk in (1, 7, 100, 1 << 20):
            same(whole, both_ends(paths, automaton, threads=threads, chunk=chunk))


@pytest.mark.parametrize("seed", range(25))
def test_one_result_for_any_order_of_the_paths(seed: int) -> None:
    rng = random.Random(seed)
    automaton, paths = random_automaton(rng), random_paths(rng)
    found = align(paths, automaton, [automaton.final], np.zeros(len(paths.lengths), int))
    order = rng.sample(range(len(paths.lengths)), len(paths.lengths))
    cut = [paths.symbols[paths.offsets[n] : paths.offsets[n + 1]] for n in order]
    mixed = Paths(np.concatenate(cut), np.cumsum([0, *map(len, cut)], dtype=np.int64))
    other = align(mixed, automaton, [automaton.final], np.zeros(len(order), int), threads=2, chunk=20)
    for place, n in enumerate(order):
        expected = found.steps[found.starts[n] : found.starts[n + 1]]
        np.testing.assert_array_equal(other.steps[other.starts[place] : other.starts[place + 1]], expected)


@pytest.mark.parametrize("seed", range(25))
def test_one_result_with_and_without_distances_worked_out_before(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(seed)
    automaton, paths = random_automaton(rng), random_paths(rng)
    quick = both_ends(paths, automaton)
    monkeypatch.setattr(prepared, "CLOSE", 0)
    same(quick, both_ends(paths, automaton))


@pytest.mark.parametrize("seed", range(25))
def test_one_result_in_small_and_large_integers(seed: int) -> None:
    rng = random.Random(seed)
    automaton, paths = random_automaton(rng), random_paths(rng)
    finer = replace(automaton, weights=automaton.weights * 10_007, scale=automaton.scale * 10_007)
    assert prepared.prepare(automaton, 15).unreached == 1 << 30
    same(both_ends(paths, automaton), both_ends(paths, finer))  # what all have in common is divided out
    odd = replace(finer, labels=(*finer.labels, "z"), weights=np.array([*finer.weights, 1]))
    assert prepared.prepare(odd, 15).unreached == 1 << 62
    same(both_ends(paths, automaton), both_ends(paths, odd))


def test_no_paths_at_all() -> None:
    automaton = random_automaton(random.Random(1))
    found = align(Paths(np.empty(0, np.int32), np.zeros(1, np.int64)), automaton, [automaton.final], np.empty(0, int))
    assert (found.cost.size, found.moves().height) == (0, 0)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 9), max_size=30), st.integers(1, 30), st.integers(1, 4))
def test_every_path_is_in_one_part(lengths: list[int], chunk: int, threads: int) -> None:
    offsets = np.cumsum([0, *lengths])
    parts = in_chunks(offsets, lambda first, last: (first, last), threads=threads, chunk=chunk)
    assert [n for first, last in parts for n in range(first, last)] == list(range(len(lengths)))
    assert all(offsets[last] - offsets[first] <= chunk + max(lengths, default=0) for first, last in parts)


def touchpoints(*names: str, **flags: bool) -> tuple[Touchpoint, ...]:
    return tuple(Touchpoint(id=f"t{n}", events=(Binding(name),), **flags) for n, name in enumerate(names))  # type: ignore[arg-type]


def plan_of(steps: tuple) -> JourneyMap:
    return JourneyMap(id="m", goal="t0", stages=(Stage(id="s", steps=steps),))


def costs(plan: JourneyMap, *paths: list[int]) -> list[float]:
    automaton = compile_map(plan)
    return align(flat(list(paths)), automaton, [automaton.final], np.zeros(len(paths), int)).cost.tolist()


def test_a_thousand_touchpoints() -> None:
    plan = plan_of(touchpoints(*map(str, range(1000))))
    everything = list(range(1000))
    assert compile_map(plan).n_states == 1001
    assert costs(plan, everything, everything[::2], everything[::-1], []) == [0, 500, 2 * 999, 1000]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(st.integers(OFF_MAP, 3), max_size=7), min_size=1, max_size=8), st.booleans())
def test_allowing_more_never_costs_more(paths: list[list[int]], either: bool) -> None:
    a, b, c, d = touchpoints(*"abcd")
    strict = plan_of((a, b, c, d))
    looser = plan_of((a, Block("choice" if either else "any_order", (b, c)), d))
    loosest = plan_of((a, Block("any_order", (replace(b, optional=True), replace(c, optional=True))), d))
    ways = [costs(plan, *paths) for plan in (strict, plan_of((a, replace(b, optional=True), c, d)))]
    assert all(after <= before for before, after in zip(*ways, strict=True))
    most = costs(loosest, *paths)
    assert all(after <= before for before, after in zip(costs(looser, *paths), most, strict=True))


def test_without_a_place_for_machine_code_it_is_compiled_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(**options: bool) -> object:
        if options.pop("cache", False):
            raise RuntimeError("cannot cache function: no locator available")
        return lambda loop: ("compiled", options, loop)

    monkeypatch.setattr(compiled, "njit", refuses)
    assert compiled.compiled(len) == ("compiled", {"nogil": True}, len)


def test_what_was_compiled_once_is_loaded_in_the_next_process() -> None:
    """The machine code of the kernel is kept, that for both sizes of integers."""
    script = (
        "from mining import alignment, kernel; alignment.warm_up();"
        "print(*(sum(f.stats.cache_misses.values()) for f in (kernel.align_sorted, kernel.distances, kernel.moves_of)))"
    )
    for _ in range(2):
        done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["0", "0", "0"]
