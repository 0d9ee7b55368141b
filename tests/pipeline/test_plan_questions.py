"""What a comparison counts can be chosen: exactly the journeys of a deviation or of a drop-off, under any filter."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from mining.automaton import compile_map
from mining.conditions import both, without
from mining.errors import ExpressionError
from mining.flow_nodes import START as BEFORE_ALL
from mining.flows import STATUSES, flows, left_at
from mining.journey_map import JourneyMap
from mining.kinds import KINDS
from mining.planned_links import allowed
from mining.questions import deviates, left_after, left_before_next, reaches, shows, takes, visits
from pipeline import queries
from pipeline.cli import main
from pipeline.compare import compare
from pipeline.discover import discover
from pipeline.findings import Findings
from pipeline.kept_plan import keep_plan
from pipeline.map_diff import map_diff
from pipeline.plan_questions import settled
from pipeline.store import Workspace
from pipeline.versions import compare_versions

START = datetime(2026, 1, 1)
TEXT = """
id: m
goal: pay
inactive_after: 3d
where: size < 9
personas: [{id: big, where: size > 5}]
stages:
  - {id: look, steps: [{id: see, events: S, milestone: true}, {id: read, events: R, repeatable: false}]}
  - id: try
    steps: [{id: test, events: T, within: 1d, milestone: true}, {id: gift, events: G, personas: [big], optional: true}]
  - id: buy
    steps: [{id: cart, events: C, channel: [web], milestone: true}, {id: pay, events: P, fails_when: "grade < 3"}]
  - {id: stay, steps: [{choice: [{id: call, events: L}, {id: mail, events: M}]}]}
anywhere: [{id: help, events: H}]
rules: [{id: r, before: pay, must: read}, {id: q, after: see, must: test, within: 1d}]
accepted: [{kind: ad_hoc, activity: X, stage: look, owner: IT, reason: Trial, until: 2027-01-01}]
"""
FILTERS = (None, "n_events > 4 and (not passes('X') or size = 2)")


@pytest.fixture(scope="module")
def plan() -> JourneyMap:
    return JourneyMap.parse(TEXT)


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three hundred journeys that follow the plan more or less."""
    draw, rows = random.Random(20131), []
    for key in range(300):
        path = [letter for letter in "SRTGCPL" if draw.random() < 0.8]
        for _ in range(draw.randrange(3)):
            path.insert(draw.randrange(len(path) + 1), draw.choice("SRTGCPLMHXY"))
        day, size = draw.random() * 30, draw.randrange(10)
        for letter in path or ["H"]:
            day += draw.random() * 2
            rows.append(
                (str(key), letter, START + timedelta(days=day), draw.choice(["web", "shop"]), size, draw.randrange(6))
            )
    file = tmp_path_factory.mktemp("log") / "log.csv"
    pl.DataFrame(rows, schema=["journey", "activity", "time", "channel", "size", "grade"], orient="row").write_csv(file)
    return file


@pytest.fixture(scope="module")
def ws(log: Path) -> Iterator[Workspace]:
    with Workspace() as workspace:
        workspace.ingest(log, journey="journey", activity="activity", time="time")
        yield workspace


def counted(ws: Workspace, plan: JourneyMap, *conditions: str | None) -> int:
    return queries.summary(ws, settled(ws, plan, both(plan.where, *conditions))).journeys


def rows_of(found: Findings) -> list[dict[str, Any]]:
    return [*found.deviations.to_dicts(), *found.accepted.to_dicts()]


@pytest.mark.parametrize("chosen", FILTERS)
def test_a_deviation_chooses_the_journeys_it_counts(ws: Workspace, plan: JourneyMap, chosen: str | None) -> None:
    found = compare(ws, plan, where=chosen)
    assert {row["kind"] for row in rows_of(found)} == set(KINDS)
    for row in rows_of(found):
        asked = shows(row)
        assert counted(ws, plan, chosen, asked) == row["journeys"], asked
    row = rows_of(found)[0]
    assert counted(ws, plan, chosen, without(shows(row))) == found.log.journeys - row["journeys"]


def test_the_examples_of_a_deviation_are_among_its_journeys(ws: Workspace, plan: JourneyMap) -> None:
    for row in rows_of(compare(ws, plan))[::4]:
        keys = queries.journeys(ws, settled(ws, plan, shows(row)))["key"]
        assert set(row["examples"]) <= set(keys)


@pytest.mark.parametrize("chosen", FILTERS)
def test_a_drop_off_chooses_the_journeys_it_counts(ws: Workspace, plan: JourneyMap, chosen: str | None) -> None:
    found = compare(ws, plan, where=chosen)
    for row in found.from_start.to_dicts():
        assert counted(ws, plan, chosen, left_before_next(row["milestone"])) == row["dropped"]
    walked = flows(found.walked, allowed(compile_map(plan)), shown=frozenset())
    left = dict(left_at(walked, found.journeys.select("path", "outcome")).iter_rows())
    left.pop(BEFORE_ALL, None)
    of_touchpoint = {f"t:{t.id}": counted(ws, plan, chosen, left_after(t.id)) for t in plan.touchpoints()}
    assert {node: n for node, n in of_touchpoint.items() if n} == left


@pytest.mark.parametrize("chosen", FILTERS)
def test_a_stage_chooses_the_journeys_that_got_there(ws: Workspace, plan: JourneyMap, chosen: str | None) -> None:
    for stage, n in compare(ws, plan, where=chosen).stages.iter_rows():
        assert counted(ws, plan, chosen, reaches(stage)) == n


def test_a_link_of_the_picture_chooses_the_journeys_that_take_it(ws: Workspace, plan: JourneyMap) -> None:
    chosen = FILTERS[1]
    found = compare(ws, plan, where=chosen)
    own = {("look", "Y"), ("buy", "X")}  # the others of a stage share a node
    walked = flows(found.walked, allowed(compile_map(plan)), shown=own)
    links = walked.counts.filter(~pl.any_horizontal(pl.col("source", "target").str.starts_with("o:")))
    assert set(links["status"]) == set(STATUSES)
    few = pl.concat([links.group_by("status").agg(pl.all().head(3)).explode(pl.exclude("status")).select(links.columns),
                     links.filter(pl.col("target").str.starts_with("x:")).head(3)])  # fmt: skip
    for source, target, status, n in few.select("source", "target", "status", "n_journeys").iter_rows():
        assert counted(ws, plan, chosen, takes(source, target, status)) == n
    for touchpoint, n in found.reach.select("touchpoint", "n_journeys").head(4).iter_rows():
        assert counted(ws, plan, chosen, visits(touchpoint)) == n


def test_a_comparison_of_these_alone_finds_the_same_in_them(ws: Workspace, plan: JourneyMap) -> None:
    whole = compare(ws, plan)
    for row in whole.deviations.unique("kind", maintain_order=True).iter_rows(named=True):
        found = compare(ws, plan, where=shows(row))
        assert found.log.journeys == row["journeys"]
        same = next(other for other in rows_of(found) if shows(other) == shows(row))
        assert (same["journeys"], same["occurrences"]) == (row["journeys"], row["occurrences"])
        assert found.where == both(plan.where, shows(row))


def test_questions_about_a_plan_join_with_all_others(ws: Workspace, plan: JourneyMap) -> None:
    one, two = deviates("missing", "read"), "not left_after('test') and lower(channel) = 'web'"
    found = queries.journeys(ws, settled(ws, plan, f"({one} or {two}) and n_events > 3"))["key"]
    ids = {asked: set(queries.journeys(ws, settled(ws, plan, asked))["key"]) for asked in (one, two, "n_events > 3")}
    assert set(found) == (ids[one] | ids[two]) & ids["n_events > 3"]
    every = queries.journeys(ws, settled(ws, plan, deviates("ad_hoc", "X")))
    of_stage = [queries.journeys(ws, settled(ws, plan, deviates("ad_hoc", "X", s.id))) for s in plan.stages]
    assert set(every["key"]) == set(pl.concat(of_stage)["key"])


def test_another_plan_or_another_log_has_other_journeys(log: Path, plan: JourneyMap, tmp_path: Path) -> None:
    asked, lenient = (
        deviates("missing", "read"),
        JourneyMap.parse(TEXT.replace("see, events: S", "see, events: [S, R]")),
    )
    with Workspace(tmp_path / "w.duckdb") as ws:
        ws.ingest(log, journey="journey", activity="activity", time="time")
        first = settled(ws, plan, asked)
        assert first == settled(ws, plan, asked) == settled(ws, plan, first)
        assert settled(ws, lenient, asked) != first
        more = tmp_path / "more.csv"
        more.write_text("journey,activity,time,channel,size,grade\nz,S,2026-01-01,web,1,5\nz,P,2026-01-02,web,1,5\n")
        ws.ingest(more, append=True, journey="journey", activity="activity", time="time")
        assert settled(ws, plan, asked) != first
        with pytest.raises(ExpressionError, match=r"changed since deviates\('missing', 'read'\) was answered"):
            queries.summary(ws, first)
        row = next(row for row in compare(ws, plan).deviations.to_dicts() if shows(row) == asked)
        assert counted(ws, plan, asked) == row["journeys"]


def test_without_a_plan_the_kept_one_is_asked(log: Path, plan: JourneyMap) -> None:
    asked = deviates("late", "test")
    with Workspace() as ws:
        ws.ingest(log, journey="journey", activity="activity", time="time")
        with pytest.raises(ExpressionError, match="there is none here"):
            discover(ws, where=asked)
        assert discover(ws, where=asked, journey_map=plan).log.journeys == counted(ws, plan, asked)
        keep_plan(ws, "m.yaml", TEXT)
        assert discover(ws, where=asked).log.journeys == counted(ws, plan, asked)
        asking = JourneyMap.parse(TEXT.replace("size < 9", asked))
        with pytest.raises(ExpressionError, match="a map itself cannot ask it"):
            compare(ws, asking)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("deviates('mising', 'read')", "'mising', which is not there. There are: missing, "),
        ("deviates('missing', 'raed')", "'raed', which is not there. There are: see, read, "),
        ("deviates('ad_hoc', 'X', 'bye')", "'bye', which is not there. There are: look, try, "),
        ("deviates('rule_broken', 'read')", "There are: r, q."),
        ("left_before_next('read')", "There are: see, test, cart."),
        ("left_after('X')", "There are: see, read, "),
        ("takes('t:sea', 't:read', 'ok')", "'t:sea', which is not there. There are: t:see, t:read, "),
        ("takes('t:see', 'x:look:Nothing', 'ok')", "'x:look:Nothing', which is not there."),
        ("takes('t:see', 't:read', 'skipp')", "'skipp', which is not there."),
    ],
)
def test_what_is_not_there_is_refused(ws: Workspace, plan: JourneyMap, asked: str, said: str) -> None:
    with pytest.raises(ExpressionError, match=said):
        compare(ws, plan, where=asked)


def test_a_failure_that_cannot_be_told_from_the_log_is_said_in_words_of_its_own(ws: Workspace) -> None:
    asking = JourneyMap.parse(TEXT.replace("grade < 3", "grade < 'bad'"))
    with pytest.raises(ExpressionError, match=r"does not fit the log(?s:.*)'grade' holds numbers"):
        compare(ws, asking)


def test_versions_are_asked_each_about_its_own(ws: Workspace, plan: JourneyMap) -> None:
    """Journeys that begin before the 11th are held against the first plan, the others against the second."""
    new = TEXT.replace("id: m\n", "id: m\nvalid_from: 2026-01-11\n").replace("repeatable: false", "optional: true")
    asked, later = deviates("missing", "test"), JourneyMap.parse(new)
    found = compare_versions(ws, [plan, later], where=asked)
    before, after = (version.findings.log.journeys for version in found.versions if version.findings)
    assert before == counted(ws, plan, asked, "start < '2026-01-11'")
    assert after == counted(ws, later, asked, "start >= '2026-01-11'")
    assert found.not_judged == 0
    diff = map_diff(later, plan, ws=ws, where=deviates("missing", "read")).log
    assert diff is not None
    assert diff.journeys == counted(ws, plan, deviates("missing", "read"))


def test_the_command_line_takes_them(log: Path, ws: Workspace, plan: JourneyMap, tmp_path: Path, capsys: Any) -> None:
    map_file, asked = tmp_path / "m.yaml", deviates("stage_skipped", "try")
    map_file.write_text(TEXT)
    recipe = tmp_path / "recipe.yaml"
    recipe.write_text(f'where: ["{asked}"]\n')
    for given in (["--where", asked], ["--recipe", str(recipe)]):
        assert main(["compare", str(log), str(map_file), *given, "--json"]) == 0
        assert f'"journeys": {counted(ws, plan, asked)}' in capsys.readouterr().out
    assert main(["report", str(log), str(map_file), "--where", asked, "--out", str(tmp_path / "r.html")]) == 0
    assert main(["discover", str(log), "--where", asked]) != 0
    assert "discover --map" in capsys.readouterr().err
