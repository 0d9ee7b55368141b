"""What a wheel carries: all that `pip install` needs to run the command and the app, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def carried() -> set[str]:
    """Give the paths inside the wheel."""
    return {Path(file.distribution_path).as_posix() for file in WheelBuilder(str(ROOT)).recurse_included_files()}


def test_the_wheel_carries_what_the_app_needs(carried: set[str]) -> None:
    """Code, queries, catalogues, templates and the sample."""
    needed = {"app.py", "desirepath.py", ".streamlit/config.toml"}
    for folder in ("pipeline", "mining", "ui", "data"):
        left_out = {"__pycache__", "frontend"}  # the canvas is carried as built
        files = (file for file in (ROOT / folder).rglob("*") if file.is_file() and not left_out & set(file.parts))
        needed |= {file.relative_to(ROOT).as_posix() for file in files}
    assert needed - carried == set()
    assert {"data/open_university/open_university.parquet", "pipeline/sql/variants.sql"} <= carried
    assert {"ui/canvas/assets/canvas.js", "ui/canvas/pyproject.toml"} <= carried


def test_the_wheel_carries_nothing_else(carried: set[str]) -> None:
    """No tests, no workspace, no byte code."""
    floors = {"app.py", "desirepath.py", ".streamlit", "pipeline", "mining", "ui", "data"}
    assert {Path(path).parts[0] for path in carried} <= floors
    assert [path for path in carried if path.endswith((".pyc", ".duckdb"))] == []
