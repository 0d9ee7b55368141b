"""Recipes applied to a log, beside the same steps in plain Python on lists of names."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mining.errors import RecipeError
from mining.recipe import Collapse, Drop, Group, Recipe, Rename, Step, Trim
from pipeline import queries
from pipeline.store import Workspace

NAMES = st.sampled_from(["a", "b", "c", "aa"])
SOME = st.lists(NAMES, min_size=1, max_size=2, unique=True).map(tuple)
STEPS = st.lists(
    st.one_of(
        st.builds(Rename, NAMES, NAMES),
        st.builds(Group, SOME, NAMES),
        st.builds(Drop, SOME),
        st.builds(Collapse, SOME) | st.just(Collapse()),
        st.builds(Trim, SOME, SOME | st.just(())) | st.builds(Trim, st.just(()), SOME),
    ),
    min_size=1,
    max_size=4,
)


def cleaned(path: list[str], step: Step) -> list[str]:
    """Apply one step to one path."""
    if isinstance(step, Rename):
        return [step.target if name == step.source else name for name in path]
    if isinstance(step, Group):
        return [step.target if name in step.activities else name for name in path]
    if isinstance(step, Drop):
        return [name for name in path if name not in step.activities]
    if isinstance(step, Collapse):
        every = step == Collapse()
        return [
            name
            for n, name in enumerate(path)
            if n == 0 or path[n - 1] != name or not (every or name in step.activities)
        ]
    first = next((n for n, name in enumerate(path) if not step.start or name in step.start), len(path))
    last = next((n for n in reversed(range(len(path))) if not step.end or path[n] in step.end), -1)
    return path[first : last + 1]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(paths=st.lists(st.lists(NAMES, min_size=1, max_size=6), min_size=1, max_size=4), steps=STEPS)
def test_a_recipe_cleans_paths_as_its_steps_do_one_by_one(
    tmp_path_factory: pytest.TempPathFactory, paths: list[list[str]], steps: list[Step]
) -> None:
    expected = {}
    for n, path in enumerate(paths):
        now = path
        for step in steps:
            now = cleaned(now, step)
        if now:
            expected[f"j{n}"] = now
    log = tmp_path_factory.mktemp("clean") / "log.csv"
    rows = [f"j{n},{name},2026-01-01 10:{k:02}" for n, path in enumerate(paths) for k, name in enumerate(path)]
    log.write_text("\n".join(["case,activity,time", *rows]) + "\n", encoding="utf-8")
    recipe = Recipe(tuple(steps))
    assert Recipe.parse(recipe.as_yaml()) == recipe
    with Workspace() as ws:
        ws.ingest(log, journey="case", activity="activity", time="time")
        ws.redefine(type(ws.definition)(recipe=recipe))
        found = queries.timeline(ws, [f"j{n}" for n in range(len(paths))])
        assert {key[0]: part["activity"].to_list() for key, part in found.group_by("key")} == expected


def test_a_trim_needs_an_end() -> None:
    with pytest.raises(RecipeError, match=r"trim\.from, trim\.to is missing"):
        Recipe.parse("[{trim: {}}]")
    with pytest.raises(RecipeError, match=r"trim\.to names no activity"):
        Recipe.parse("[{trim: {from: a, to: []}}]")


def test_the_sample_from_its_start_to_its_end(tmp_path: Path) -> None:
    with Workspace() as ws:
        ws.ingest(Path("data/open_university/open_university.parquet"))
        ws.redefine(type(ws.definition)(recipe=Recipe.parse("[{trim: {from: Module starts, to: 'Result: *'}}]")))
        first = queries.summary(ws, "first_activity = 'Module starts'").journeys
        last = queries.summary(ws, "last_activity like 'Result: %'").journeys
        assert first == last == queries.summary(ws).journeys > 0
