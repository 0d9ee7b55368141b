"""The automaton and the kernel against independent judges, known optima and replay."""

from __future__ import annotations

import csv
import itertools
import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mining.alignment import OFF_MAP, Alignments, Paths, align
from mining.automaton import Automaton, compile_map, compile_net
from mining.errors import ModelError
from mining.journey_map import Binding, Block, JourneyMap, Stage, Touchpoint
from mining.petri import build_net
from tests.mining.oracle import dijkstra, edit_cost, regex, words

LETTERS = "abcd"


def touchpoint(letter: str, **flags: object) -> Touchpoint:
    return Touchpoint(id=letter, events=(Binding(letter.upper()),), **flags)  # type: ignore[arg-type]


def plan_of(*stages: tuple, goal: str = "a", anywhere: str = "", **options: object) -> JourneyMap:
    named = tuple(
        Stage(id=f"s{n}", steps=tuple(steps), **(options.get(f"s{n}", {})))  # type: ignore[arg-type]
        for n, steps in enumerate(stages)
    )
    return JourneyMap(id="m", goal=goal, stages=named, anywhere=tuple(touchpoint(x) for x in anywhere))


def accepted(automaton: Automaton, word: str) -> bool:
    number = {label: n for n, label in enumerate(automaton.labels)}
    states = {0}
    for letter in word:
        states = {
            int(t)
            for s, a, t in zip(automaton.source, automaton.label, automaton.target, strict=True)
            if s in states and a == number[letter]
        }
    return any(automaton.final[s] for s in states)


def aligned(automaton: Automaton, paths: list[str], accept: np.ndarray | None = None) -> Alignments:
    number = {label: n for n, label in enumerate(automaton.labels)}
    symbols = [number.get(letter, OFF_MAP) for path in paths for letter in path]
    flat = Paths(np.array(symbols, np.int32), np.cumsum([0, *map(len, paths)]).astype(np.int64))
    return align(flat, automaton, [automaton.final if accept is None else accept], np.zeros(len(paths), np.int64))


@st.composite
def steps(draw: st.DrawFn, letters: str) -> tuple:
    """Draw steps that use every letter once, in nested blocks."""
    if len(letters) == 1:
        return (touchpoint(letters, optional=draw(st.booleans()), repeatable=draw(st.integers(0, 3)) == 0),)
    cut = draw(st.integers(1, len(letters) - 1))
    inner = draw(steps(letters[:cut])) + draw(steps(letters[cut:]))
    kind = draw(st.sampled_from(["choice", "any_order", "sequence", None]))
    if kind is None or (kind == "any_order" and any(isinstance(s, Block) or s.repeatable for s in inner)):
        return inner
    return (Block(kind, inner, optional=draw(st.integers(0, 3)) == 0),)


@settings(max_examples=60, deadline=None)
@given(steps(LETTERS), st.booleans())
def test_the_automaton_accepts_the_language_of_the_map(drawn: tuple, may_skip: bool) -> None:
    half = len(drawn) // 2
    stages = (drawn[:half], drawn[half:]) if half else (drawn,)
    plan = plan_of(*stages, s0={"may_skip": may_skip})
    automaton = compile_map(plan)
    language = words(regex(plan), LETTERS, 5)
    for n in range(6):
        for word in map("".join, itertools.product(LETTERS, repeat=n)):
            assert accepted(automaton, word) == (word in language), word


@settings(max_examples=40, deadline=None)
@given(steps(LETTERS), st.lists(st.text("abcdx", max_size=5), min_size=1, max_size=12, unique=True))
def test_costs_equal_brute_force_over_all_words(drawn: tuple, paths: list[str]) -> None:
    plan = plan_of(drawn)
    language = words(regex(plan), LETTERS, 7)
    found = aligned(compile_map(plan), sorted(paths))
    for path, cost in zip(sorted(paths), found.cost, strict=True):
        assert cost == min(edit_cost(path, word) for word in language)


def random_automaton(rng: random.Random) -> tuple[Automaton, list[tuple[int, str, int]], dict[str, float]]:
    """Make a random automaton with loops, several edges of one label, and weights that are 0 or broken."""
    n = rng.randint(2, 7)
    edges = {(s, rng.choice(LETTERS), s + 1) for s in range(n - 1)}
    edges |= {(rng.randrange(n), rng.choice(LETTERS), rng.randrange(n)) for _ in range(rng.randint(0, 8))}
    weight = {letter: rng.choice([0.0, 0.5, 1.0, 1.0, 3.0]) for letter in LETTERS}
    ordered = sorted((s, LETTERS.index(a), t) for s, a, t in edges)
    columns = np.array(ordered, dtype=np.int32).T
    automaton = Automaton(
        labels=tuple(LETTERS),
        weights=np.array([round(weight[a] * 1000) for a in LETTERS], dtype=np.int64),
        scale=1000,
        source=np.ascontiguousarray(columns[0]),
        label=np.ascontiguousarray(columns[1]),
        target=np.ascontiguousarray(columns[2]),
        final=np.arange(n) == n - 1,
        past_goal=np.zeros(n, dtype=bool),
    )
    return automaton, sorted(edges), weight


def replayed_cost(automaton: Automaton, found: Alignments, number: int, path: str, weight: dict[str, float]) -> float:
    """Walk the moves of one path: they must read the path, follow edges and end in a final state."""
    state, read, cost = 0, 0, 0.0
    edges = set(zip(automaton.source.tolist(), automaton.label.tolist(), automaton.target.tolist(), strict=True))
    for m in range(found.starts[number], found.starts[number + 1]):
        kind, label, target = ("sync", "log", "model")[found.kind[m]], int(found.label[m]), int(found.state[m])
        assert found.position[m] == read
        if kind == "log":
            assert target == state
            cost += 1
        else:
            assert (state, label, target) in edges
        if kind == "model":
            cost += weight[automaton.labels[label]]
        else:
            assert label == (automaton.labels.index(path[read]) if path[read] in automaton.labels else OFF_MAP)
            read += 1
        state = target
    assert read == len(path)
    assert automaton.final[state]
    return cost


@pytest.mark.parametrize("seed", range(150))
def test_random_automata_agree_with_a_search_and_replay(seed: int) -> None:
    rng = random.Random(seed)
    automaton, edges, weight = random_automaton(rng)
    paths = sorted({"".join(rng.choices("abcdx", k=rng.randint(0, 9))) for _ in range(20)})
    found = aligned(automaton, paths)
    final = {automaton.n_states - 1}
    for number, path in enumerate(paths):
        assert found.cost[number] == pytest.approx(dijkstra(edges, final, path, weight))
        assert replayed_cost(automaton, found, number, path, weight) == pytest.approx(found.cost[number])


def test_the_order_of_paths_does_not_matter() -> None:
    rng = random.Random(7)
    automaton, _, _ = random_automaton(rng)
    paths = sorted({"".join(rng.choices("abcdx", k=6)) for _ in range(30)})
    shuffled = rng.sample(paths, len(paths))
    first, second = aligned(automaton, paths), aligned(automaton, shuffled)

    def moves(found: Alignments, number: int) -> list[tuple[int, ...]]:
        part = slice(found.starts[number], found.starts[number + 1])
        return list(zip(found.kind[part], found.position[part], found.label[part], found.state[part], strict=True))

    for number, path in enumerate(paths):
        assert moves(first, number) == moves(second, shuffled.index(path))


def test_events_match_early_and_gaps_open_late() -> None:
    """A repeated step matches the first time; a skipped one is missed right before the next that happened."""
    automaton = compile_map(plan_of((touchpoint("a"), touchpoint("b"), touchpoint("c"))))
    found = aligned(automaton, ["aaxc"])
    said = [(("sync", "log", "model")[k], int(p)) for k, p in zip(found.kind, found.position, strict=True)]
    assert said == [("sync", 0), ("log", 1), ("log", 2), ("model", 3), ("sync", 3)]


def test_of_two_that_changed_places_the_late_one_is_out_of_order() -> None:
    automaton = compile_map(plan_of((touchpoint("a"), touchpoint("b"), touchpoint("c"))))
    found = aligned(automaton, ["acb"])
    moves = [(("sync", "log", "model")[k], int(a)) for k, a in zip(found.kind, found.label, strict=True)]
    assert moves == [("sync", 0), ("model", 1), ("sync", 2), ("log", 1)]


def test_stages_may_be_left_and_walked_again() -> None:
    plan = plan_of((touchpoint("a"),), (touchpoint("b"),), (touchpoint("c"),), s1={"may_return_to": ("s0",)})
    automaton = compile_map(plan)
    assert accepted(automaton, "abababc")
    assert not accepted(automaton, "abac")
    assert not accepted(automaton, "aabc")


def test_touchpoints_of_anywhere_are_free_between_any_two_events() -> None:
    automaton = compile_map(plan_of((touchpoint("a"), touchpoint("b")), anywhere="z"))
    assert aligned(automaton, ["ab", "zazzbz", "zb"]).cost.tolist() == [0, 0, 1]


def test_what_cannot_be_seen_is_never_missing() -> None:
    plan = plan_of((touchpoint("a"), Touchpoint(id="b"), touchpoint("c")))
    assert aligned(compile_map(plan), ["ac"]).cost.tolist() == [0]


def test_the_states_past_the_goal() -> None:
    """A journey with the goal is aligned through it and may stop behind it."""
    plan = plan_of((touchpoint("a"), touchpoint("b"), touchpoint("c")), goal="b")
    automaton = compile_map(plan)
    found = aligned(automaton, ["", "a", "ab", "abc", "b"], automaton.past_goal)
    assert found.cost.tolist() == [2, 1, 0, 0, 1]


def test_a_block_with_too_many_orders_names_itself() -> None:
    steps = tuple(Touchpoint(id=f"t{n}", events=(Binding(str(n)),)) for n in range(17))
    plan = JourneyMap(id="m", goal="t0", stages=(Stage(id="s", steps=(Block("any_order", steps, line=7),)),))
    with pytest.raises(ModelError, match=r"any_order block in line 7 \(t0, t1"):
        compile_map(plan)


def test_a_net_that_fills_up_without_limit_is_refused() -> None:
    net = build_net(["p", "q"], [("t", "a", {"p": 1}, {"p": 1, "q": 1})], initial={"p": 1}, final={"q": 1})
    with pytest.raises(
        ModelError, match=r"no bound: a can be repeated without end, and each time more tokens gather in q\."
    ):
        compile_net(net)


def test_a_net_that_cannot_end_is_refused() -> None:
    net = build_net(["p", "q", "r"], [("t", "a", {"p": 1}, {"q": 1})], initial={"p": 1}, final={"r": 1})
    with pytest.raises(ModelError, match="never reach its final marking"):
        compile_net(net)


def test_silent_steps_of_a_net_cost_nothing_and_leave_no_move() -> None:
    """a, then b or nothing, then c; and back from c to the start without a word."""
    net = build_net(
        ["p", "q", "r", "s"],
        [
            ("t1", "a", {"p": 1}, {"q": 1}),
            ("t2", "b", {"q": 1}, {"r": 1}),
            ("skip", None, {"q": 1}, {"r": 1}),
            ("t3", "c", {"r": 1}, {"s": 1}),
            ("back", None, {"s": 1}, {"p": 1}),
        ],
        initial={"p": 1},
        final={"s": 1},
    )
    automaton = compile_net(net)
    found = aligned(automaton, ["ac", "abcac", "axc", "", "bb"])
    assert found.cost.tolist() == [0, 0, 1, 2, 3]
    assert automaton.shortest(automaton.final) == 2
    assert np.diff(found.starts).tolist() == [2, 5, 3, 2, 4]
    assert found.label.max() < len(automaton.labels)


def test_very_long_and_very_odd_journeys() -> None:
    automaton = compile_map(plan_of((touchpoint("a", repeatable=True), touchpoint("b"))))
    assert aligned(automaton, ["a" * 15_000 + "b"]).cost.tolist() == [0]
    assert aligned(automaton, ["x" * 15_000]).cost.tolist() == [15_002]


PAIRS = [
    ("receipt_vs_pm4py_receipt_bpmn", "normative/receipt.bpmn"),
    ("road_fines_vs_mannhardt_RoadFines_NoData", "normative/RoadFines_NoData.pnml"),
    ("road_fines_vs_pm4py_roadtraffic_pnml", "normative/roadtraffic.pnml"),
    ("sepsis_vs_mannhardt_SepsisModel_fixed", "normative/SepsisModel_fixed.pnml"),
    *(
        (f"synthetic_{net}f0n{noise}_vs_{net}_pnml", f"synthetic/{net}.pnml")
        for net in ("a12", "a22")
        for noise in ("00", "05", "10", "20", "50")
    ),
]


@pytest.mark.parametrize(("oracle", "model"), PAIRS)
def test_every_variant_has_its_known_optimal_cost(shared_data: Path, oracle: str, model: str) -> None:
    """Costs by pm4py 2.7.23 for every variant, see ../shared/data/models/SOURCE.txt."""
    from mining.model_reader import read_petri_net

    with (shared_data / "models" / "oracles" / f"{oracle}.csv").open(encoding="utf-8") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: row["variant"].split("|"))
    automaton = compile_net(read_petri_net(shared_data / "models" / model))
    number = {label: n for n, label in enumerate(automaton.labels)}
    paths = [[number.get(name, OFF_MAP) for name in row["variant"].split("|")] for row in rows]
    flat = Paths(
        np.array([symbol for path in paths for symbol in path], np.int32),
        np.cumsum([0, *map(len, paths)]).astype(np.int64),
    )
    found = align(flat, automaton, [automaton.final], np.zeros(len(paths), np.int64))
    assert found.cost.tolist() == [float(row["optimal_cost"]) for row in rows]
