"""The tables beside the planned map: their numbers by hand on a small log, and those of the picture on the sample."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mining.flow_nodes import START, touchpoint_node
from mining.journey_map import JourneyMap
from pipeline.compare import compare
from pipeline.findings import Findings
from pipeline.flow_waits import by_link, flow_waits
from pipeline.store import Workspace
from ui.language import speaking
from ui.scenes.laid import lay
from ui.scenes.planned import planned_scene
from ui.scenes.planned_rows import beside_rows, kinds_at, link_rows, stage_rows, touchpoint_rows

# Four journeys: as planned; with help and a second look; stopped after the first step; something else altogether.
LOG = """case,event,at
1,Look,2026-01-01 10:00
1,Buy,2026-01-01 11:00
2,Look,2026-01-02 10:00
2,Help,2026-01-02 10:30
2,Look,2026-01-02 10:45
2,Buy,2026-01-02 12:00
3,Look,2026-01-03 10:00
4,Help,2026-03-01 10:00
"""
PLAN = """
id: shop
goal: buy
inactive_after: 10d
stages:
  - id: find
    title: Find
    questions:
      - {text: Is it dear?}
      - {text: Is it near?, answered_by: [look]}
    steps: [{id: look, title: Looks, events: [Look], feeling: -1, channel: [web, app]}]
  - id: pay
    title: Pay
    steps: [{id: basket, title: Basket}, {id: buy, title: Buys, events: [Buy], milestone: true}]
"""


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[tuple[Findings, dict[tuple[str, str, str], float]]]:
    """The small log and plan compared, with the waits of its links."""
    log, plan = tmp_path / "shop.csv", tmp_path / "shop.yaml"
    log.write_text(LOG, encoding="utf-8")
    plan.write_text(PLAN, encoding="utf-8")
    with Workspace(tmp_path / "shop.duckdb") as workspace:
        workspace.ingest(log, journey="case", activity="event", time="at")
        found = compare(workspace, JourneyMap.read(plan))
        medians = flow_waits(workspace, found.journeys, lay(found).walk)
        yield found, by_link(medians)


def by_id(frame: Any) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in frame.to_dicts()}


def test_stages_by_hand(shop: tuple[Findings, Any]) -> None:
    found, _waits = shop
    with speaking("en"):
        rows = by_id(stage_rows(found, lay(found)))
    assert list(rows) == ["find", "pay"]
    find, pay = rows["find"], rows["pay"]
    assert (find["n_journeys"], find["of_before"], find["questions"]) == (4, None, "Is it dear?")
    assert (pay["n_journeys"], pay["share"], pay["of_before"], pay["questions"]) == (2, 0.5, 0.5, "")
    assert (find["left"], find["left_share"]) == (1, 0.25)  # journey 3
    assert (pay["left"], pay["left_share"]) == (0, 0.0)
    assert pay["range"] == "15% – 85%"  # Wilson, 2 of 4


def test_touchpoints_by_hand(shop: tuple[Findings, Any]) -> None:
    found, _waits = shop
    with speaking("en"):
        rows = by_id(touchpoint_rows(found, lay(found)))
    look, basket, buy = (rows[f"t:{id_}"] for id_ in ("look", "basket", "buy"))
    assert (look["n_journeys"], look["share"], look["left"], look["left_share"]) == (3, 0.75, 1, 1 / 3)
    assert (look["feeling"], look["channel"], look["marks"]) == (-1.0, "web, app", "")
    assert (basket["n_journeys"], basket["share"], basket["left"], basket["marks"]) == (
        None,
        None,
        None,
        "not measured",
    )
    assert (buy["n_journeys"], buy["marks"]) == (2, "The goal of the plan")
    deviations = {
        (row["touchpoint"], row["kind"]): row["journeys"]
        for row in found.deviations.iter_rows(named=True)
        if row["touchpoint"]
    }
    assert {
        (id_[2:], kind): row[kind] for id_, row in rows.items() for kind in kinds_at(found) if row[kind]
    } == deviations


def test_links_by_hand(shop: tuple[Findings, Any]) -> None:
    found, waits = shop
    with speaking("en"):
        rows = {(row["from_"], row["to"], row["fit"]): row for row in link_rows(found, lay(found), waits).to_dicts()}
    straight = rows["Looks", "Buys", "As planned"]
    assert (straight["n_journeys"], straight["share"], straight["wait_s"]) == (2, 0.5, (60 + 75) * 60 / 2)
    help_ = rows["Looks", "Help", "Unplanned"]
    assert (help_["n_journeys"], help_["share"], help_["n"], help_["wait_s"]) == (1, 0.25, 1, 1800)
    unseen = rows["Looks", "Basket", "As planned"]
    assert (unseen["n_journeys"], unseen["share"], unseen["n"], unseen["wait_s"]) == (None, None, None, None)


def test_what_happens_beside_the_plan_by_hand(shop: tuple[Findings, Any]) -> None:
    found, _waits = shop
    with speaking("en"):
        (row,) = beside_rows(found, lay(found)).to_dicts()
    assert (row["title"], row["stage"], row["n_journeys"], row["share"], row["n"]) == ("Help", "Find", 2, 0.5, 2)


def test_rows_are_those_of_the_picture(found: Findings) -> None:
    laid = lay(found)
    with speaking("en"):
        scene = planned_scene(found, laid, share=0.0)
        links, touchpoints = by_id(link_rows(found, laid, {})), by_id(touchpoint_rows(found, laid))
        stages, beside = by_id(stage_rows(found, laid)), beside_rows(found, laid)
    assert set(links) == {edge["id"] for edge in scene["edges"]}
    assert all(links[edge["id"]]["n_journeys"] == edge["value"] for edge in scene["edges"])
    cards = {node["id"]: node for node in scene["nodes"]}
    assert set(touchpoints) | set(beside["id"]) == set(cards)
    assert all(row["n_journeys"] == cards[id_]["value"] for id_, row in touchpoints.items())
    assert list(stages) == [stage["id"] for stage in scene["stages"]]


def test_every_dropped_journey_is_in_one_stage_or_in_none(found: Findings) -> None:
    laid = lay(found)
    with speaking("en"):
        left = stage_rows(found, laid)["left"].sum()
    anywhere = sum(laid.left.get(touchpoint_node(touchpoint.id), 0) for touchpoint in found.plan.anywhere)
    assert left + anywhere + laid.left.get(START, 0) == found.outcomes.dropped
