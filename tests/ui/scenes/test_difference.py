"""Two choices of journeys against each other, as a scene and as a table: its numbers against counts made elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from scipy.stats import false_discovery_control, fisher_exact
from statsmodels.stats.proportion import confint_proportions_2indep

from mining.flow_nodes import touchpoint_node
from mining.journey_map import JourneyMap
from mining.questions import left_after, reaches, takes, visits
from pipeline.compare import compare
from pipeline.plan_questions import settled
from pipeline.queries import summary
from pipeline.store import Workspace
from ui.scenes.changes import FEW, LESS, MORE, SAME, Change, Side, sides
from ui.scenes.difference import Difference, difference_scene
from ui.scenes.difference_rows import difference_rows

Valid = Callable[[dict[str, Any]], dict[str, Any]]
A, B = "previous_attempts > 0", "previous_attempts = 0"
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def pair(workspace: Workspace, plan: JourneyMap) -> tuple[Side, Side]:
    return sides(("Again", compare(workspace, plan, where=A)), ("First", compare(workspace, plan, where=B)))


@pytest.fixture(scope="module")
def shown(pair: tuple[Side, Side]) -> Difference:
    return Difference.between(*pair)


def test_shares_are_those_of_the_raw_rows(shown: Difference, plan: JourneyMap) -> None:
    """Counted in the file itself: learners of the module with one of the activities of a touchpoint."""
    rows = pl.read_parquet(ROOT / "data" / "open_university" / "open_university.parquet")
    rows = rows.filter(pl.col("module") == "BBB", pl.col("presentation") == "2013J", pl.col("banked") == 0)
    for touchpoint in plan.touchpoints():
        if not touchpoint.measured:
            continue
        named = [binding.activity for binding in touchpoint.events]
        change = shown.changes.nodes[touchpoint_node(touchpoint.id)]
        for (n, of), again in (((change.n_a, change.of_a), True), ((change.n_b, change.of_b), False)):
            side = rows.filter((pl.col("previous_attempts") > 0) == again)
            with_it = side.filter(pl.col("activity").is_in(named))
            assert (n, of) == (with_it["registration"].n_unique(), side["registration"].n_unique()), touchpoint.id


def test_every_count_is_that_of_the_journeys_a_filter_would_choose(
    workspace: Workspace, plan: JourneyMap, shown: Difference
) -> None:
    def counted(condition: str, side: str) -> int:
        asked = settled(workspace, plan, f"{plan.where} and {side} and {condition}")
        return summary(workspace, asked).journeys

    def agrees(change: Change, condition: str) -> None:
        assert (change.n_a, change.n_b) == (counted(condition, A), counted(condition, B)), condition

    changes, ids = shown.changes, {touchpoint_node(t.id): t.id for t in plan.touchpoints()}
    for stage, change in changes.stages.items():
        agrees(change, reaches(stage))
    for node, change in changes.left.items():
        agrees(change, left_after(ids[node]))
        had = counted(visits(ids[node]), A), counted(visits(ids[node]), B)
        assert (change.of_a, change.of_b) == had
    links = [(key, c) for key, c in changes.edges.items() if c and "other" not in f"{key[0]} {key[1]}"]
    assert len(links) > 30
    for key, link in links[::3]:
        agrees(link, takes(*key))


def test_every_test_is_in_one_ledger(shown: Difference) -> None:
    changes = shown.changes
    tested = [change for change in changes.all() if change.testable]
    assert changes.tests == len(tested) > 60
    p = [fisher_exact([[c.n_a, c.of_a - c.n_a], [c.n_b, c.of_b - c.n_b]]).pvalue for c in tested]
    expected = false_discovery_control(p, method="bh")
    assert [changes.q[change] for change in tested] == pytest.approx(expected, abs=1e-9)
    assert changes.beyond_chance == sum(q <= 0.05 for q in expected)
    for change in tested:
        low, high = confint_proportions_2indep(
            change.n_a, change.of_a, change.n_b, change.of_b, method="newcomb", compare="diff"
        )
        difference, *interval = change.difference
        assert difference == pytest.approx(change.n_a / change.of_a - change.n_b / change.of_b)
        assert interval == pytest.approx([low, high], abs=1e-9)
        beyond = MORE if difference > 0 else LESS
        assert changes.status(change) == (beyond if changes.q[change] <= 0.05 else SAME)


def test_what_few_journeys_had_is_not_tested(shown: Difference) -> None:
    few = [change for change in shown.changes.left.values() if min(change.of_a, change.of_b) < 30]
    assert all(shown.changes.status(change) == FEW for change in few)
    assert shown.changes.status(Change(3, 29, 100, 200)) == FEW
    assert shown.judged(Change(3, 29, 100, 200)) == "Too few journeys to tell: 30 are needed on each side"


def test_a_scene_is_a_minus_b(shown: Difference, valid: Valid) -> None:
    scene = valid(difference_scene(shown))
    card = next(node for node in scene["nodes"] if node["id"] == "t:passed")
    found = shown.a.found, shown.b.found
    shares = [dict(f.reach.select("touchpoint", "n_journeys").iter_rows())["passed"] / f.log.journeys for f in found]
    assert card["value"] == pytest.approx(100 * (shares[0] - shares[1]))
    assert (card["share"], card["was"]) == (pytest.approx(shares[0]), pytest.approx(shares[1]))
    assert card["status"] == LESS
    assert all(bool(edge["text"]) == (edge["status"] != SAME) for edge in scene["edges"])
    tests = shown.changes.tests
    assert scene["coverage"]["text"] == f"{shown.changes.beyond_chance} of {tests} differences beyond chance"
    assert {node["status"] for node in scene["nodes"] if node["id"].startswith("x:")} == {"unplanned"}


def test_no_difference_is_seen_between_the_same_journeys(pair: tuple[Side, Side], valid: Valid) -> None:
    scene = valid(difference_scene(Difference.between(pair[0], pair[0])))
    assert {edge["status"] for edge in scene["edges"]} == {SAME}
    assert not {node["status"] for node in scene["nodes"]} & {MORE, LESS}
    assert {edge["value"] for edge in scene["edges"]} == {0.0, None}
    assert {edge["text"] for edge in scene["edges"]} == {""}
    assert scene["coverage"]["text"] == "Nothing differs beyond chance"


def test_the_table_has_a_row_for_all_that_the_picture_shows(shown: Difference, valid: Valid) -> None:
    scene, rows = valid(difference_scene(shown)), difference_rows(shown)
    by_kind = {kind: {row["id"]: row for row in rows if row["kind"] == kind} for kind in ("stage", "node", "edge")}
    for kind, part in (("stage", "stages"), ("node", "nodes"), ("edge", "edges")):
        assert set(by_kind[kind]) == {thing["id"] for thing in scene[part]}
    for thing in (*scene["nodes"], *scene["edges"]):
        row = by_kind["edge" if "source" in thing else "node"][thing["id"]]
        assert (row["difference"] is None) == (thing["value"] is None) == (row["judged"] == "not measured")
        if row["difference"] is not None:
            assert 100 * row["difference"] == pytest.approx(thing["value"])
            assert row["difference"] == pytest.approx(row["a"] - row["b"])
    left = {row["id"]: row for row in rows if row["kind"] == "drop_off"}
    pills = {node["id"]: node["drop"]["value"] for node in scene["nodes"] if "drop" in node}
    assert pills == {id_: pytest.approx(100 * left[id_]["difference"]) for id_ in pills}
    titles = {stage["id"]: stage["label"] for stage in scene["stages"]}
    unplanned = {f"{n['label']} · {titles[n['stage']]}" for n in scene["nodes"] if n["status"] == "unplanned"}
    assert len({row["name"] for row in by_kind["node"].values()} & unplanned) == len(unplanned) > 1
