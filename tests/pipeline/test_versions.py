"""Two versions of a map: side by side on a small log, and each with the journeys of its own time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from mining.errors import MapError, ModelError, SourceError
from mining.journey_map import JourneyMap
from mining.process_tree import SEQUENCE, ProcessTree, tree_to_net
from pipeline.cli import main
from pipeline.compare import compare
from pipeline.map_diff import map_diff
from pipeline.store import Workspace
from pipeline.versions import compare_versions, in_force

OLD = """
id: shop
goal: buy
stages:
  - {id: all, steps: [{id: look, events: Look}, {id: ask, events: Ask}, {id: buy, events: Buy}]}
"""
NEW = OLD.replace("{id: ask, events: Ask}", "{id: ask, events: Ask, optional: true}, {id: pack, events: Pack}")
PATHS = {  # journey -> the day it begins, and what it does, an hour between events
    1: ("2026-01-30T10", ["Look", "Ask", "Buy"]),
    2: ("2026-01-31T23", ["Look", "Ask", "Buy"]),
    3: ("2026-02-01T00", ["Look", "Pack", "Buy"]),
    4: ("2026-02-02T10", ["Look", "Ask", "Pack", "Buy"]),
    5: ("2026-02-03T10", ["Look", "Buy"]),
}


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Workspace]:
    rows = [
        (journey, activity, f"{day[:11]}{int(day[11:]):02}:{minute:02}:00")
        for journey, (day, path) in PATHS.items()
        for minute, activity in enumerate(path)
    ]
    text = "journey,activity,time\n" + "".join(f"{j},{a},{t}\n" for j, a, t in rows)
    (tmp_path / "shop.csv").write_text(text, encoding="utf-8")
    with Workspace() as ws:
        ws.ingest(tmp_path / "shop.csv", journey="journey", activity="activity", time="time")
        yield ws


def test_two_versions_on_one_log(shop: Workspace) -> None:
    """By hand: 1 and 2 are as the old map plans, 3 and 4 as the new one, 5 as neither."""
    found = map_diff(JourneyMap.parse(OLD), JourneyMap.parse(NEW), ws=shop)
    assert [(example.path, example.parts_at) for example in found.only_old.examples] == [(("look", "ask", "buy"), 2)]
    assert [(example.path, example.parts_at) for example in found.only_new.examples] == [
        (("look", "pack", "buy"), 1),
        (("look", "ask", "pack", "buy"), 2),
    ]
    assert not found.same
    assert found.log is not None
    log = found.log
    assert (log.journeys, log.both, log.only_old, log.only_new, log.neither) == (5, 0, 2, 2, 1)
    rows = log.deviations.select("kind", "touchpoint", "activity", "n_old", "n_new", "status").rows()
    assert rows == [
        ("missing", "pack", None, 0, 3, "new"),
        ("ad_hoc", None, "Pack", 2, 0, "gone"),
        ("missing", "ask", None, 2, 0, "gone"),
    ]


def test_a_map_and_itself_are_the_same(shop: Workspace) -> None:
    found = map_diff(JourneyMap.parse(NEW), JourneyMap.parse(NEW), ws=shop)
    assert found.same
    assert found.changes == []
    assert found.log is not None
    assert (found.log.both, found.log.neither) == (2, 3)
    assert found.log.deviations["status"].unique().to_list() == ["same"]


def test_a_map_and_a_model_are_compared_by_activities(shop: Workspace) -> None:
    leaves = tuple(ProcessTree(label=name) for name in ("Look", "Buy"))
    found = map_diff(JourneyMap.parse(OLD), tree_to_net(ProcessTree(SEQUENCE, None, leaves)))
    assert (found.by, found.only_old.examples[0].path) == ("activity", ("Look", "Ask", "Buy"))
    with pytest.raises(ModelError, match=r"^With a log, both must be journey maps"):
        map_diff(JourneyMap.parse(OLD), tree_to_net(ProcessTree(SEQUENCE, None, leaves)), ws=shop)


def test_each_journey_is_judged_by_the_version_in_force_when_it_began(shop: Workspace) -> None:
    old, new = JourneyMap.parse(OLD), JourneyMap.parse(NEW + "valid_from: 2026-02-01\n")
    found = compare_versions(shop, [new, old])
    assert [(v.first, v.last) for v in found.versions] == [(None, date(2026, 1, 31)), (date(2026, 2, 1), None)]
    first, second = (version.findings for version in found.versions)
    assert first is not None
    assert second is not None
    assert (first.journeys["key"].to_list(), second.journeys["key"].to_list()) == (["1", "2"], ["3", "4", "5"])
    assert (first.alignment.perfect_journeys, second.alignment.perfect_journeys) == (2, 2)
    assert found.not_judged == 0
    again = compare(shop, old, where="key = '1' or key = '2'")
    assert first.deviations.equals(again.deviations)


def test_journeys_outside_every_version_are_counted(shop: Workspace) -> None:
    plan = JourneyMap.parse(OLD + "valid_from: 2026-01-31\nvalid_until: 2026-02-01\n")
    found = compare_versions(shop, [plan])
    assert found.not_judged == 3
    with pytest.raises(SourceError, match=r"^No journey began while one of the maps was in force"):
        compare_versions(shop, [JourneyMap.parse(OLD + "valid_from: 2030-01-01\n")])


def test_versions_follow_each_other_and_the_later_one_has_a_day_that_both_claim() -> None:
    plans = [
        JourneyMap.parse(OLD + days)
        for days in (
            "valid_from: 2026-03-01\nvalid_until: 2026-03-31\n",
            "valid_until: 2026-01-31\n",
            "valid_from: 2026-02-01\nvalid_until: 2026-12-31\n",
        )
    ]
    assert [(v.first, v.last) for v in in_force(plans)] == [
        (None, date(2026, 1, 31)),
        (date(2026, 2, 1), date(2026, 2, 28)),
        (date(2026, 3, 1), date(2026, 3, 31)),
    ]
    with pytest.raises(MapError, match=r"in force from the same day \(–\)\. Write `valid_from: <the first day>`"):
        in_force([JourneyMap.parse(OLD), JourneyMap.parse(NEW)])


def test_the_commands(tmp_path: Path, shop: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    old, new, log = (str(tmp_path / name) for name in ("old.yaml", "new.yaml", "shop.csv"))
    Path(old).write_text(OLD, encoding="utf-8")
    Path(new).write_text(NEW + "valid_from: 2026-02-01\n", encoding="utf-8")
    assert main(["map", "diff", old, new, "--log", log, "-q", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["schema"], document["same_paths"]) == ("desirepath/map-diff@1", False)
    assert [change["kind"] for change in document["changes"]] == ["added", "optional"]
    assert main(["map", "diff", old, new, "--log", log]) == 0
    said = capsys.readouterr().out
    assert "  look > ask > [buy]" in said
    assert "ask may be left out now" in said
    assert main(["compare", log, old, new, "--json", "-q", "--out", str(tmp_path / "both.json")]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [version["findings"]["log"]["journeys"] for version in document["versions"]] == [2, 3]
    assert json.loads((tmp_path / "both.json").read_text(encoding="utf-8")) == document
    assert main(["compare", log, old, new, "--fail-on", "missing > 10%", "-q"]) == 3
    assert "check failed: " in capsys.readouterr().err
    assert main(["compare", log, old, new]) == 0
    assert "shop     Feb 1, 2026" in capsys.readouterr().out
    assert main(["compare", log, old, new, "--out", str(tmp_path / "both.html")]) == 1


def test_shares_of_the_log_table_are_those_of_the_findings(shop: Workspace) -> None:
    found = map_diff(JourneyMap.parse(OLD), JourneyMap.parse(NEW), ws=shop).log
    assert found is not None
    gone = found.deviations.filter(pl.col("status") == "gone")
    assert gone["share_old"].to_list() == [0.4, 0.4]
    assert gone["share_new"].to_list() == [0.0, 0.0]


def test_maps_that_share_no_ids_are_compared_by_activities(shop: Workspace) -> None:
    other = OLD.replace("id: look", "id: see").replace("id: ask", "id: call").replace("id: buy", "id: pay")
    found = map_diff(JourneyMap.parse(OLD), JourneyMap.parse(other.replace("goal: buy", "goal: pay")), ws=shop)
    assert (found.by, found.same, found.changes) == ("activity", True, [])
    assert found.log is not None
    assert (found.log.both, found.log.neither) == (2, 3)
