"""What is remembered of a log: figures are those from scratch after every change of it, whoever made the change."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mining.journey_map import JourneyMap
from mining.recipe import Recipe
from pipeline import queries, recall
from pipeline.classed_log import classed_log
from pipeline.compare import compare
from pipeline.definition import Definition
from pipeline.recall import Memory
from pipeline.store import Workspace

START = datetime(2026, 1, 1)
MAP = """
id: shop
goal: pay
{window}
personas:
  - {{id: member, where: "kind = 'm'"}}
stages:
  - id: look
    steps:
      - {{id: see, events: [S], milestone: true}}
      - {{id: read, events: [R], optional: {optional}}}
      - {{id: card, events: [C], personas: [member]}}
  - id: buy
    steps:
      - {{id: pay, events: [{{activity: P, kind: m}}, {{activity: P, kind: g}}], milestone: true}}
"""
EDITS = [
    JourneyMap.parse(MAP.format(window=window, optional=optional))
    for window in ("", "inactive_after: 3d")
    for optional in ("true", "false")
]
PLAIN = JourneyMap.parse("{id: m, goal: p, stages: [{id: s, steps: [{id: s1, events: [S]}, {id: p, events: [P]}]}]}")
FIRST = {"a": "SRP", "b": "SCP", "c": "SSR", "d": "RXP"}
SECOND = {"a": "P", "e": "SYRP", "f": "CSC"}


def write(folder: Path, name: str, journeys: dict[str, str], day: int) -> Path:
    rows = [
        {"case": key, "act": letter, "ts": START + timedelta(days=day + n), "kind": "m" if key in "bdf" else "g"}
        for key, path in journeys.items()
        for n, letter in enumerate(path)
    ]
    pl.DataFrame(rows).write_csv(folder / name)
    return folder / name


def figures(ws: Workspace, *, where: str | None = None) -> list[dict[str, Any]]:
    """Give the documents of some maps, without the seconds that they took."""
    documents = []
    for plan in (*EDITS, PLAIN):
        document = compare(ws, plan, where=where).to_dict()
        del document["alignment"]["seconds"]
        documents.append(document)
    return documents


def from_scratch(*files: Path, meant: Definition | None = None) -> list[dict[str, Any]]:
    with Workspace() as ws:
        ws.ingest(*files, journey="case", activity="act", time="ts")
        if meant is not None:
            ws.redefine(meant)
        return figures(ws)


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    return write(tmp_path, "first.csv", FIRST, 0), write(tmp_path, "second.csv", SECOND, 9)


@pytest.fixture
def ws(tmp_path: Path, files: tuple[Path, Path]) -> Iterator[Workspace]:
    with Workspace(tmp_path / "log.duckdb") as workspace:
        workspace.ingest(files[0], journey="case", activity="act", time="ts")
        yield workspace


@pytest.mark.parametrize("other", [False, True], ids=["the same workspace", "another on the same file"])
def test_figures_after_a_change_are_those_from_scratch(ws: Workspace, files: tuple[Path, Path], other: bool) -> None:
    first, second = files
    cleaned = Definition(recipe=Recipe.parse("[{drop: [X, R]}]"))
    writer = Workspace(ws.path) if other else ws
    assert figures(ws) == figures(ws) == from_scratch(first)
    writer.ingest(second, journey="case", activity="act", time="ts", append=True)
    assert figures(ws) == from_scratch(first, second)
    writer.redefine(cleaned)
    assert figures(ws) == from_scratch(first, second, meant=cleaned)
    writer.redefine(replace(cleaned, recipe=Recipe()))
    assert figures(ws) == from_scratch(first, second)
    writer.remove(first.name)
    assert figures(ws) == figures(writer) == from_scratch(second)


def test_the_log_is_read_once_for_all_edits_of_a_map(ws: Workspace, files: tuple[Path, Path]) -> None:
    read = classed_log(ws, ["kind"])
    figures(ws)
    assert classed_log(ws, ["kind"]) is read
    ws.ingest(files[1], journey="case", activity="act", time="ts", append=True, dry_run=True)
    assert figures(ws) == from_scratch(files[0])
    ws.ingest(files[1], journey="case", activity="act", time="ts", append=True)
    assert classed_log(ws, ["kind"]) is not read


def test_each_condition_has_figures_of_its_own(ws: Workspace, tmp_path: Path) -> None:
    alone = write(tmp_path, "alone.csv", {key: path for key, path in FIRST.items() if key in "bd"}, 0)
    whole, chosen = figures(ws), figures(ws, where="kind = 'm'")
    assert (figures(ws), figures(ws, where="kind = 'm'")) == (whole, chosen)
    with Workspace() as other:
        other.ingest(alone, journey="case", activity="act", time="ts")
        expected = figures(other)
    for found, wanted in zip(chosen, expected, strict=True):
        assert found["deviations"] == wanted["deviations"]
        assert found["drop_off"] == wanted["drop_off"]


def test_many_at_once_get_the_figures_of_one(ws: Workspace, files: tuple[Path, Path]) -> None:
    ws.ingest(files[1], journey="case", activity="act", time="ts", append=True)
    expected = from_scratch(*files)
    ws.memory.forget()
    with ThreadPoolExecutor(4) as pool:
        assert all(found == expected for found in pool.map(lambda _: figures(ws), range(8)))


def test_what_was_found_while_the_log_changed_is_not_remembered() -> None:
    memory = Memory()

    def found_too_early() -> str:
        memory.forget()
        return "as it was"

    assert memory.recall("question", found_too_early) == "as it was"
    assert memory.recall("question", lambda: "as it is") == "as it is"
    assert memory.recall("question", lambda: "not asked again") == "as it is"


def test_memory_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Frames of 8,000 bytes, room for three: the one that nobody asked for longest goes; too large a one stays out."""
    monkeypatch.setattr(recall, "LIMIT", 25_000)
    memory, found = Memory(), []

    def find(question: str, rows: int = 1000) -> pl.DataFrame:
        found.append(question)
        return pl.DataFrame({"n": range(rows)}, {"n": pl.Int64})

    for question in ("a", "b", "c", "a", "d", "a", "b"):
        memory.recall(question, lambda question=question: find(question))
    assert found == ["a", "b", "c", "d", "b"]
    memory.recall("large", lambda: find("large", 4000))
    memory.recall("large", lambda: find("large", 4000))
    assert found[-2:] == ["large", "large"]


@pytest.mark.parametrize(
    ("allowed", "expected"), [("max\n", 4e9), ("8000000000\n", 2e9), ("1000000\n", 1e9), (None, 4e9)]
)
def test_the_limit_is_a_share_of_the_memory_there_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, allowed: str | None, expected: float
) -> None:
    """A machine of 16 GB: a quarter of it, or of what the container may take, and 1 GB at least."""
    container = tmp_path / "memory.max"
    if allowed is not None:
        container.write_text(allowed, encoding="ascii")
    monkeypatch.setattr(recall, "CONTAINER", container)
    monkeypatch.setattr("os.sysconf", {"SC_PHYS_PAGES": 4_000_000, "SC_PAGE_SIZE": 4_000}.__getitem__)
    assert recall.limit() == expected


days = st.lists(st.integers(0, 12), min_size=1, max_size=5).map(sorted)
journeys = st.lists(st.tuples(st.text("SMPX", min_size=5, max_size=5), days), min_size=1, max_size=8)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(journeys)
def test_mature_visits_equal_brute_force(tmp_path: Path, drawn: list[tuple[str, list[int]]]) -> None:
    """Window of four days: reached before it, and not open there: unconverted, younger, and at its last milestone."""
    rows = [
        {"case": str(n), "act": letter, "ts": START + timedelta(days=day)}
        for n, (letters, of) in enumerate(drawn)
        for letter, day in zip(letters, of, strict=False)
    ]
    pl.DataFrame(rows).write_csv(tmp_path / "log.csv")
    since = max(day for _, of in drawn for day in of) - 4
    mature = dict.fromkeys("SMP", 0)
    for letters, of in drawn:
        path = letters[: len(of)]
        still_open = "P" not in path and of[-1] > since
        furthest = max((letter for letter in path if letter in "SMP"), key="SMP".index, default="")
        for letter in set(path) & set("SMP"):
            mature[letter] += of[path.index(letter)] <= since and not (still_open and letter == furthest)
    steps = ", ".join(f"{{id: {letter}, events: [{letter}], milestone: true}}" for letter in "SMP")
    plan = JourneyMap.parse(f"{{id: m, goal: P, inactive_after: 4d, stages: [{{id: s, steps: [{steps}]}}]}}")
    with Workspace() as ws:
        ws.ingest(tmp_path / "log.csv", journey="case", activity="act", time="ts")
        found = compare(ws, plan).drop_off
        assert dict(found.select("milestone", "mature").iter_rows()) == mature
        assert queries.summary(ws).journeys == len(drawn)
