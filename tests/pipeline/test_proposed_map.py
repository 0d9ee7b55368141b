"""A first plan finds the order back of a journey that is known, and tells of real logs what it fits and allows."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mining.process_tree import ProcessTree
from pipeline import proposed_map
from pipeline.discover import DiscoveredGraph, discover
from pipeline.discovered_model import Mining, mined_tree
from pipeline.proposed_map import MOST_STEPS, ProposedMap, propose_map
from pipeline.store import Workspace

Level = tuple[str, ...]
"""What stands at one place of a known journey: one step, or several of which each journey takes one."""


def played(levels: Sequence[Level], *, swapped: float, seed: int, journeys: int = 400) -> Iterator[list[str]]:
    """Play a known journey out: a quarter stops on the way, and of some, two neighbours are swapped."""
    chance = random.Random(seed)
    for _ in range(journeys):
        path = [chance.choice(level) for level in levels]
        if chance.random() < 0.25:
            path = path[: chance.randint(1, len(path))]
        if chance.random() < swapped and len(path) > 1:
            at = chance.randrange(len(path) - 1)
            path[at : at + 2] = reversed(path[at : at + 2])
        yield path


def found(paths: Iterator[list[str]], folder: Path) -> DiscoveredGraph:
    rows = (f"{n},{name},2026-01-01 10:{at:02}\n" for n, path in enumerate(paths) for at, name in enumerate(path))
    log = folder / "log.csv"
    log.write_text("journey,activity,time\n" + "".join(rows), encoding="utf-8")
    with Workspace() as ws:
        ws.ingest(log)
        return discover(ws)


def levels_of(proposed: ProposedMap, levels: Sequence[Level]) -> list[int]:
    level = {name: place for place, names in enumerate(levels) for name in names}
    return [level[t.events[0].activity or ""] for t in proposed.map.touchpoints()]


@pytest.mark.parametrize(
    ("sizes", "swapped", "seed"),
    [([1, 1, 2, 1, 1], 0.0, 1), ([1, 2, 1, 1, 2, 1], 0.01, 2), ([1, 1, 1, 2, 1, 1], 0.02, 3)],
)
def test_the_order_of_a_known_journey_is_found_back(
    sizes: list[int], swapped: float, seed: int, tmp_path: Path
) -> None:
    names = random.Random(seed).sample([f"{letter} step" for letter in "abcdefghijklmnopqrst"], sum(sizes))
    levels = [tuple(names.pop() for _ in range(size)) for size in sizes]
    proposed = propose_map(found(played(levels, swapped=swapped, seed=seed), tmp_path))
    places = levels_of(proposed, levels)
    assert places == sorted(places)
    assert len(places) == sum(sizes)
    assert proposed.quality is not None
    assert proposed.compared is not None
    assert (proposed.compared.fitness or 0) > 0.95
    assert (proposed.quality.precision or 0) > 0.8


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stops=st.lists(st.sampled_from([0.0, 0.1, 0.3, 0.5]), min_size=3, max_size=5), seed=st.integers(0, 1000))
def test_journeys_that_stop_on_the_way_do_not_turn_the_order_round(
    stops: list[float], seed: int, tmp_path: Path
) -> None:
    """One step after the other, a share stops after each, and of one journey in fifty two neighbours are swapped."""
    chance, names = random.Random(seed), [f"step {n}" for n in range(len(stops))]

    def paths() -> Iterator[list[str]]:
        for _ in range(300):
            n = next((n for n, stop in enumerate(stops, 1) if chance.random() < stop), len(stops))
            path = names[:n]
            if n > 1 and chance.random() < 0.02:
                at = chance.randrange(n - 1)
                path[at : at + 2] = reversed(path[at : at + 2])
            yield path

    planned = [t.events[0].activity for t in propose_map(found(paths(), tmp_path)).map.touchpoints()]
    assert planned == [name for name in names if name in planned]
    assert len(planned) > len(names) / 2


def test_what_happens_side_by_side_is_drawn_in_its_usual_order(tmp_path: Path) -> None:
    """Two visits in either order, one way far more often: neither order is planned, but the usual one is drawn."""
    chance = random.Random(3)
    paths = ([*(["z", "b"] if chance.random() < 0.6 else ["b", "z"]), "pay"] for _ in range(200))
    plan = propose_map(found(paths, tmp_path)).map
    assert [t.id for t in plan.touchpoints()] == ["z", "b", "pay"]


def test_a_plan_that_allows_nearly_anything_says_so(tmp_path: Path) -> None:
    """Steps at random, again and again: from anywhere the map lets a journey go anywhere."""
    chance = random.Random(5)
    graph = found((chance.choices("abcdefghijkl", k=9) for _ in range(99)), tmp_path)
    everything = propose_map(graph, Mining(noise=0.0))
    (warning,) = everything.warnings
    assert everything.quality is not None
    assert str(warning).startswith("This plan allows nearly anything")
    assert f"take {everything.quality.precision:.0%}" in str(warning)
    assert str(warning) in everything.as_dict()["notes"]
    line = propose_map(found(iter([list("abc")] * 9), tmp_path))
    assert line.warnings == ()


def test_a_plan_that_fits_badly_says_so(tmp_path: Path) -> None:
    """One step in ten journeys, and in each of ninety others eight steps of its own kind: a plan of the one step."""
    chance = random.Random(7)
    graph = found(iter([["a", "b"]] * 10 + [chance.sample("cdefghijklmn", k=8) for _ in range(90)]), tmp_path)
    badly = propose_map(graph, Mining(coverage=0.1))
    assert badly.compared is not None
    assert badly.compared.fitness is not None
    assert badly.compared.fitness < 0.8
    assert f"its fitness is {badly.compared.fitness:.0%}" in str(badly.warnings[0])
    assert str(badly.warnings[0]) in badly.as_dict()["notes"]


def test_of_very_many_activities_the_common_ones_are_taken_and_it_is_said(tmp_path: Path) -> None:
    """Three steps in all journeys, and two of 400 rare ones in each."""
    chance = random.Random(11)
    rare = [f"rare {n}" for n in range(400)]
    graph = found(iter([["a", *chance.sample(rare, 2), "b", "c"] for _ in range(900)]), tmp_path)
    proposed = propose_map(graph)
    assert len(proposed.map.touchpoints()) <= MOST_STEPS
    assert not proposed.of_all
    kept = {code for code, name in graph.names.items() if name in commonest(graph)}
    events = [
        (code in kept, n) for path, n in graph.frames.variants.select("path", "n_journeys").rows() for code in path
    ]
    share = sum(n for common, n in events if not common) / sum(n for _, n in events)
    note = str(proposed.notes[0])
    assert f"The log has {len(graph.names)} activities. This plan is made of the {MOST_STEPS} that most" in note
    assert f"the others are {share:.0%} of the events" in note
    rarest = graph.frames.activities.sort("n_journeys")["name"][0]
    assert rarest not in commonest(graph)
    with_it = propose_map(graph, goal=rarest)
    goal = next(t for t in with_it.map.touchpoints() if t.id == with_it.map.goal)
    assert goal.events[0].activity == rarest


def commonest(graph: DiscoveredGraph) -> set[str]:
    ranked = graph.frames.activities.sort("n_journeys", "activity", descending=[True, False])
    return set(ranked["name"].head(MOST_STEPS))


def test_what_would_cost_too_much_is_passed_over_and_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Steps in any order: the miner is asked for no more than the work that is given, and there still is a plan."""
    chance = random.Random(13)
    graph = found(iter([chance.sample("abcdefghijklmnopqrs", k=chance.randint(2, 6)) for _ in range(80)]), tmp_path)
    spent = []

    def counted(variants: pl.DataFrame, names: dict[int, str], noise: float) -> ProcessTree:
        spent.append(int(variants["path"].list.len().sum()) * len(names) ** 2)
        return mined_tree(variants, names, noise)

    monkeypatch.setattr(proposed_map, "mined_tree", counted)
    whole = propose_map(graph)
    assert not any("Not every plan" in str(note) for note in whole.notes)
    all_of_it = sum(spent)
    spent.clear()
    monkeypatch.setattr(proposed_map, "MOST_WORK", all_of_it // 3)
    proposed = propose_map(graph)
    assert sum(spent) <= all_of_it // 3
    assert proposed.compared is not None
    assert str(proposed.notes[0]).startswith("Not every plan that could be drawn was tried")
    assert propose_map(graph).as_dict() == proposed.as_dict()


LOGS = {
    "receipt": ("receipt_wabo/receipt.xes.gz", {}, (0.93, 0.767)),
    "sepsis": ("sepsis/Sepsis_Cases.xes.gz", {}, (0.99, 0.236)),
    "helpdesk": ("helpdesk_italian/finale.csv", {"journey": "Case ID"}, (0.98, 0.989)),
}
"""File, options, and fitness (complete reading) and precision of the map of 80 % of the journeys without noise."""


@pytest.mark.parametrize("log", LOGS)
def test_on_real_logs_precision_rises_and_fitness_stays_high(shared_data: Path, log: str) -> None:
    file, options, (_fitness, before) = LOGS[log]
    with Workspace() as ws:
        ws.ingest(shared_data / file, **options)
        graph = discover(ws)
    proposed = propose_map(graph)
    assert proposed.quality is not None
    assert proposed.compared is not None
    assert (proposed.compared.fitness or 0) >= 0.8
    assert (proposed.quality.alignment.fitness or 0) >= 0.8
    assert (proposed.quality.precision or 0) > before
