"""A recipe file says which journeys a command looks at, and how their paths must have been cleaned."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.store import Workspace
from tests.pipeline.test_cli import MAP, refused, run_json, write_log

RECIPE = """
where: [not passes('Phone'), n_events > 1]
recipe:
  - drop: [Ask]
"""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return write_log(tmp_path / "shop.csv")


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "shop.yaml"
    path.write_text(MAP, encoding="utf-8")
    return path


@pytest.fixture
def recipe(tmp_path: Path) -> Path:
    path = tmp_path / "recipe.yaml"
    path.write_text(RECIPE, encoding="utf-8")
    return path


def test_a_log_is_looked_at_as_the_recipe_says(
    capsys: pytest.CaptureFixture[str], log: Path, plan: Path, recipe: Path
) -> None:
    found = run_json(capsys, "compare", log, plan, "--recipe", recipe)
    assert (found["log"]["journeys"], found["log"]["events"]) == (4, 8)  # four times Look, Buy once Ask is left out
    assert run_json(capsys, "compare", log, plan, "--recipe", recipe, "--where", "key <> 'j0'")["log"]["journeys"] == 3
    graph = run_json(capsys, "discover", log, "--recipe", recipe)
    assert "Buy" in str(graph["nodes"])
    assert "Ask" not in str(graph)


def test_a_workspace_must_have_been_cleaned_so(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, log: Path, plan: Path, recipe: Path
) -> None:
    place = tmp_path / "shop.duckdb"
    with Workspace(place) as made:
        made.ingest(log)
    assert "not cleaned as the recipe says" in refused(capsys, "compare", place, plan, "--recipe", recipe)
    assert main(["define", str(place), "--recipe", str(recipe), "-q"]) == 0
    capsys.readouterr()
    assert run_json(capsys, "compare", place, plan, "--recipe", recipe)["log"]["journeys"] == 4
    recipe.write_text("where: passes('Phone')", encoding="utf-8")  # no steps: nothing is asked of the workspace
    assert run_json(capsys, "compare", place, plan, "--recipe", recipe)["log"]["journeys"] == 1


def test_all_that_is_wrong_with_a_recipe_is_told_at_once(
    capsys: pytest.CaptureFixture[str], log: Path, plan: Path, recipe: Path
) -> None:
    recipe.write_text("where: ['a =', 'b > 1']\nrecipe: [{drop: []}]\n", encoding="utf-8")
    said = refused(capsys, "compare", log, plan, "--recipe", recipe)
    assert "cannot be read near" in said
    assert "names no activity" in said
