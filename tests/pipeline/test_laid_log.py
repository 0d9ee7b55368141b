"""A filter chooses from the log that is laid over a plan: what it finds is what the chosen journeys alone give."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mining.automaton import compile_map
from mining.errors import SourceError
from mining.flows import flows
from mining.journey_map import JourneyMap
from mining.planned_links import allowed
from mining.questions import shows
from pipeline import laid_log
from pipeline.compare import compare
from pipeline.findings import Findings
from pipeline.plan_questions import settled
from pipeline.store import Workspace

START = datetime(2026, 1, 1)
LAST = ("last", "SXP", 5, [60, 61, 62])  # ends the log, so that what is open is so without the others too
TEXT = """
id: m
goal: pay
inactive_after: 3d
personas: [{{id: big, where: size > 5}}, {{id: small, where: size < 3}}]
stages:
  - {{id: look, steps: [{{id: see, events: S, milestone: true}}, {{id: read, events: {read}, optional: {optional}}}]}}
  - id: try
    may_return_to: [look]
    steps: [{{id: test, events: T, within: 1d, milestone: true}}, {{id: gift, events: G, personas: [{persona}]}}]
  - {{id: buy, steps: [{{id: pay, events: P, channel: [web], fails_when: grade < 2, milestone: true}}]}}
rules: [{{id: r, before: pay, must: read}}, {{id: q, after: see, must: test, within: 1d}}]
accepted: [{{kind: ad_hoc, activity: X, stage: look, owner: IT, reason: Trial, until: 2027-01-01}}]
"""
PLANS = [
    JourneyMap.parse(TEXT.format(read=read, optional=optional, persona=persona))
    for read, optional, persona in (
        ("R", "false", "big"),
        ("[{activity: R, channel: web}]", "true", "small"),
        ("R", "true", "big, small"),
    )
]
CONDITIONS = (
    "size > 3",
    "passes('X') or size = 2",
    "n_events > 2",
    "last_activity = 'P'",
    "duration_s < 100000",
    "size = 0",
)
JOURNEYS = st.lists(
    st.tuples(
        st.text("SRTGPX", min_size=1, max_size=6),
        st.integers(0, 9),
        st.lists(st.integers(0, 40), min_size=6, max_size=6),
    ),
    min_size=1,
    max_size=12,
)


def load(ws: Workspace, folder: Path, journeys: list[tuple[str, str, int, list[int]]]) -> None:
    rows = [
        (key, letter, START + timedelta(days=day), ("web", "shop")[(day + size) % 2], size, day % 5)
        for key, letters, size, days in journeys
        for letter, day in zip(letters, sorted(days), strict=False)
    ]
    columns = ["journey", "activity", "time", "channel", "size", "grade"]
    pl.DataFrame(rows, schema=columns, orient="row").write_csv(folder / "log.csv")
    ws.ingest(folder / "log.csv", journey="journey", activity="activity", time="time")


def said(found: Findings) -> dict[str, Any]:
    """Give all that was found, without the seconds and what is told of the condition.

    Whether a touchpoint is silent is asked of all journeys that the plan is for, so that is another question here.
    """
    document = found.to_dict()
    del document["alignment"]["seconds"], document["where"]
    document["gaps"] = [gap for gap in document["gaps"] if gap["kind"] not in ("silent", "skipped")]
    return document


def picture(found: Findings) -> list[pl.DataFrame]:
    laid = flows(found.walked, allowed(compile_map(found.plan)))
    frames = [found.journeys, found.moves.drop("variant_id"), laid.walk, laid.passed, laid.counts, laid.last]
    return [frame.select(pl.exclude("variant_id").cast(pl.String)) for frame in frames]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(JOURNEYS, st.sampled_from(PLANS), st.sampled_from(CONDITIONS))
def test_chosen_journeys_give_what_they_give_alone(
    tmp_path: Path, drawn: list[tuple[str, int, list[int]]], plan: JourneyMap, condition: str
) -> None:
    """Two oracles: a map that is for these journeys, over which they are laid by themselves; a log of them alone."""
    journeys = [LAST, *((f"k{n}", *rest) for n, rest in enumerate(drawn))]
    condition = f"key = 'last' or {condition}"
    with Workspace() as ws, Workspace() as alone:
        load(ws, tmp_path, journeys)
        compare(ws, plan)
        found = compare(ws, plan, where=condition)
        own = compare(ws, replace(plan, where=condition))
        assert said(found) == said(own)
        for some, wanted in zip(picture(found), picture(own), strict=True):
            assert some.equals(wanted)
        keys = set(found.journeys["key"])
        load(alone, tmp_path, [journey for journey in journeys if journey[0] in keys])
        wanted = said(compare(alone, plan))
        for part in ("alignment", "outcomes", "deviations", "accepted", "rules", "drop_off", "gaps", "ledger"):
            assert said(found)[part] == wanted[part]
        assert found.log == compare(alone, plan).log


@pytest.mark.parametrize("plan", PLANS[:2])
def test_a_question_about_the_plan_lays_nothing_anew(
    tmp_path: Path, plan: JourneyMap, monkeypatch: pytest.MonkeyPatch
) -> None:
    laid: list[object] = []
    align = laid_log.align_journeys

    def counted(*given: Any) -> Any:
        laid.append(given)
        return align(*given)

    monkeypatch.setattr(laid_log, "align_journeys", counted)
    with Workspace() as ws:
        load(ws, tmp_path, [LAST, ("a", "SRTP", 3, [1, 2, 3, 4]), ("b", "SXGT", 8, [1, 2, 3, 4])])
        whole = compare(ws, plan)
        once = len(laid)
        for row in whole.deviations.iter_rows(named=True):
            assert compare(ws, plan, where=shows(row)).log.journeys == row["journeys"]
            assert settled(ws, plan, shows(row)) == settled(ws, plan, shows(row))
        assert len(laid) == once
        with pytest.raises(SourceError, match=r"No journey is left to compare.* size = 99"):
            compare(ws, plan, where="size = 99")
