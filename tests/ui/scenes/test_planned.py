"""The plan with the log laid over it, as a scene: its numbers are those of the table of deviations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy import stats

from mining.flow_nodes import touchpoint_node
from mining.journey_map import JourneyMap
from pipeline.compare import compare
from pipeline.findings import Findings
from pipeline.flow_waits import by_link, flow_waits
from pipeline.queries import sampled_steps, waits_at
from pipeline.store import Workspace
from ui.language import speaking
from ui.scenes.cards import badge_id
from ui.scenes.laid import lay
from ui.scenes.planned import planned_scene, played
from ui.scenes.replay import along_plan, replay

Valid = Callable[[dict[str, Any]], dict[str, Any]]


def test_the_scene_is_valid_in_both_languages(found: Findings, valid: Valid) -> None:
    laid = lay(found)
    for language in ("en", "vi"):
        with speaking(language):
            scene = valid(planned_scene(found, laid))
        assert scene["language"] == language
        assert [stage["id"] for stage in scene["stages"]] == [stage.id for stage in found.plan.stages]


def test_links_that_lead_to_a_deviation_sum_up_to_its_row(found: Findings) -> None:
    scene = planned_scene(found, lay(found), measure="occurrences", share=0.0)
    walk = lay(found).walk
    starts = walk.filter(walk["source"] == "start")
    direct = Counter[str]()
    for target, status, n in starts.select("target", "status", "n_journeys").iter_rows():
        direct[target, status] += n
    for row in found.deviations.filter(found.deviations["kind"] == "ad_hoc").iter_rows(named=True):
        node = f"x:{row['stage']}:{row['activity']}"
        into = [e["value"] for e in scene["edges"] if e["target"] == node]
        if into:
            assert sum(into) + direct[node, "unplanned"] == row["occurrences"]


def test_cards_badges_and_pills_say_what_was_found(found: Findings) -> None:
    scene = planned_scene(found, lay(found))
    cards = {node["id"]: node for node in scene["nodes"]}
    for touchpoint, n in found.reach.select("touchpoint", "n_journeys").iter_rows():
        card = cards[touchpoint_node(touchpoint)]
        assert card["value"] == (n if card["status"] != "unmeasured" else None)
    links = {edge["id"]: edge for edge in scene["edges"]}
    assert links["t:tma_1>t:tma_2>ok"]["tip"][2] == "1,413 journeys (65% of 2,187, 95% interval 63% – 67%)"
    skipped = "12% of the 1,182 journeys that got as far skipped it (95% interval 10% – 14%)"
    assert cards["t:tma_6"]["tip"][-1] == skipped
    badges = {badge["id"]: badge for part in (*scene["stages"], *scene["nodes"]) for badge in part.get("badges", ())}
    rows = {badge_id(row): row for row in found.deviations.iter_rows(named=True)}
    known = badges.keys() & rows.keys()
    assert len(known) > 10
    assert all(badges[id_]["text"].replace(",", "") == str(rows[id_]["journeys"]) for id_ in known)
    pills = sum(card["drop"]["value"] for card in cards.values() if "drop" in card)
    assert pills + lay(found).left.get("start", 0) == found.outcomes.dropped


ACCEPTED = """
accepted:
  - {kind: ad_hoc, activity: Withdraw, stage: enrol, owner: Registry, reason: May withdraw, until: 2030-01-01}
  - {kind: missing, touchpoint: cma_1, owner: Faculty, reason: Late joiners, until: 2030-01-01}
  - {kind: irregular_sequence, touchpoint: tma_2, owner: Faculty, reason: Any order, until: 2030-01-01}
  - {kind: stage_skipped, stage: first_half, owner: Faculty, reason: Transfers, until: 2030-01-01}
"""


def test_what_the_plan_accepts_is_quiet_and_still_counted(
    workspace: Workspace, plan_text: str, found: Findings, valid: Valid
) -> None:
    """The same links and cards with the same numbers; only those on which nothing else happens are marked."""
    lived_with = compare(workspace, JourneyMap.parse(plan_text + ACCEPTED))
    loud, quiet = (valid(planned_scene(f, lay(f), share=0.0)) for f in (found, lived_with))
    assert not any("accepted" in part for part in (*loud["nodes"], *loud["edges"]))
    for parts in ("nodes", "edges"):
        assert {p["id"]: p["value"] for p in quiet[parts]} == {p["id"]: p["value"] for p in loud[parts]}
    assert [node["id"] for node in quiet["nodes"] if "accepted" in node] == ["x:enrol:Withdraw"]
    edges = {edge["id"]: edge for edge in quiet["edges"]}
    assert edges["t:register>x:enrol:Withdraw>unplanned"]["tip"][-2:] == [
        "Accepted",
        "Registry answers for it, until Jan 1, 2030: May withdraw",
    ]
    assert "accepted" in edges["t:cma_1>t:tma_2>out_of_order"]
    assert "accepted" in edges["t:tma_2>t:tma_3>skip"]  # past CMA 1 alone
    assert "accepted" not in edges["t:tma_1>t:cma_1>skip"]  # past TMA 2
    assert {"key": "accepted", "text": "Accepted"} in quiet["legend"]
    badges = {b["id"]: b for part in (*quiet["stages"], *quiet["nodes"]) for b in part.get("badges", ())}
    assert {badge_id(row) for row in lived_with.accepted.iter_rows(named=True)} == {
        id_ for id_, badge in badges.items() if badge["kind"] == "accepted"
    }
    assert badges["d:missing:first_half:cma_1:"]["text"] == "63"


def test_a_link_is_only_as_accepted_as_all_that_is_passed_on_it(workspace: Workspace, plan_text: str) -> None:
    """Brute force: a skip is accepted when each step of it passes nothing but what is accepted."""
    found = compare(workspace, JourneyMap.parse(plan_text + ACCEPTED))
    laid = lay(found)
    skips = laid.walk.with_row_index("row").filter(pl.col("status") == "skip", pl.col("target") != "end")
    fine: dict[tuple[str, str], bool] = {}
    for row, source, target in skips.select("row", "source", "target").iter_rows():
        passed = laid.found.passed.filter(pl.col("row") == row).select("touchpoint", "missed").rows()
        ok = all(tp == ("cma_1" if missed else "tma_2") for tp, missed in passed)
        fine[source, target] = fine.get((source, target), True) and ok
    marked = {(source, target) for source, target, status in laid.accepted_links if status == "skip"}
    assert marked == {link for link, ok in fine.items() if ok and link[0] != "start"}


def test_the_plan_is_drawn_where_nobody_goes(found: Findings) -> None:
    laid = lay(found)
    links = {(e["source"], e["target"]): e for e in planned_scene(found, laid)["edges"] if e.get("planned")}
    assert set(laid.spine) <= links.keys()
    unseen = links["t:cma_5", "t:exam"]
    assert (unseen["value"], unseen["text"]) == (None, "")


def test_what_is_left_out_is_counted(found: Findings) -> None:
    few, every = (planned_scene(found, lay(found), share=share) for share in (0.05, 0.0))
    assert every["coverage"]["text"].endswith("links, 100% of all moves")
    assert len(few["edges"]) < len(every["edges"])
    assert not few["coverage"]["text"].endswith(" 100% of all moves")


def test_a_sample_can_be_played_with_its_outcomes(workspace: Workspace, found: Findings, valid: Valid) -> None:
    laid = lay(found)
    sampled = sampled_steps(workspace, found.where, n=50)
    steps = along_plan(sampled, laid.walk, found.journeys)
    outcomes = dict(found.journeys.select("journey_id", found.journeys["outcome"].cast(str)).iter_rows())
    links = {edge["id"] for edge in planned_scene(found, laid)["edges"]}
    tokens = replay(steps, links, found.log.journeys, outcomes)
    assert tokens is not None
    scene = valid(played(planned_scene(found, laid), tokens))
    assert {token["outcome"] for token in scene["replay"]["tokens"]} == {"converted", "dropped"}
    drawn = sampled.group_by("journey_id").len().sort("journey_id")["len"].to_list()
    assert sorted(len(token["at"]) for token in tokens["tokens"]) == sorted(drawn)


def test_a_name_that_is_markup_stays_text(small: Path, shop: str, valid: Valid) -> None:
    with Workspace(small) as workspace:
        found = compare(workspace, JourneyMap.parse(shop))
    scene = valid(planned_scene(found, lay(found)))
    assert "<b>$x$</b> | **:smile:**" in {node["label"] for node in scene["nodes"]}


def test_a_median_wait_is_that_of_all_its_events(workspace: Workspace, found: Findings) -> None:
    """Against the waits that the database looks up event by event."""
    laid = lay(found)
    keys = ["source", "target", "status"]
    steps = laid.walk.cast({"position": pl.Int64}).filter(pl.col("position") > 0)
    at = found.journeys.select("journey_id", "path").join(steps, on="path")
    spans = at.select("journey_id", "position", since=pl.col("position") - 1)
    looked_up = at.join(waits_at(workspace, spans), on=["journey_id", "position"])
    expected = {tuple(str(part) for part in key): rows["wait_s"].median() for key, rows in looked_up.group_by(keys)}
    waits = flow_waits(workspace, found.journeys, laid.walk)
    assert {link: median.value for link, median in by_link(waits).items()} == pytest.approx(expected)
    for key, rows in looked_up.drop_nulls("wait_s").group_by(keys):
        link = pl.all_horizontal(pl.col(name) == str(part) for name, part in zip(keys, key, strict=True))
        bounds = waits.filter(link).select("wait_low_s", "wait_high_s").row(0)
        low, high = stats.quantile_test(rows["wait_s"].to_numpy(), q=0, p=0.5).confidence_interval()
        assert bounds == ((None, None) if np.isnan(low) else pytest.approx((low, high)))


def test_extra_and_repeated_have_marks_of_their_own(workspace: Workspace, valid: Valid) -> None:
    """TMA 1 and CMA 1 as alternatives: who did both did one of them extra."""
    plan = JourneyMap.parse(
        """{id: m, goal: pass, stages: [{id: s, steps: [
          {choice: [{id: tma, events: [TMA 1]}, {id: cma, events: [CMA 1]}]},
          {id: pass, events: ["Result: Pass", "Result: Distinction"]}]}]}"""
    )
    found = compare(workspace, plan)
    assert "extra" in found.deviations["kind"]
    with speaking("en"):
        scene = valid(planned_scene(found, lay(found)))
    kinds = {b["id"].split(":")[1]: b["kind"] for node in scene["nodes"] for b in node.get("badges", ())}
    assert kinds["extra"] == "extra"
    assert {"key": "extra", "text": "Extra"} in scene["legend"]
