"""What is made before the server answers is what the first page asks for; a log without a plan asks for nothing."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pipeline.store import Workspace
from ui import ahead


@pytest.mark.parametrize("language", ["en", "vi"])
def test_the_first_page_finds_its_comparison_made(
    open_app: Callable[..., AppTest], sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    workspace = shutil.copyfile(sample, tmp_path / "own.duckdb")
    monkeypatch.setenv("DESIREPATH_WORKSPACE", str(workspace))
    ahead.first_picture(language)

    def again(*_: object, **__: object) -> None:
        raise AssertionError("it was made already")

    monkeypatch.setattr("pipeline.compare.compare", again)
    monkeypatch.setattr("ui.compare_map.planned_scene", again)
    app = open_app(workspace, language=language)
    assert not app.exception
    assert "94%" in [metric.value for metric in app.metric]


def test_without_a_plan_or_a_log_nothing_is_made(small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("there is nothing to compare")

    monkeypatch.setattr("pipeline.compare.compare", never)
    empty = tmp_path / "empty.duckdb"
    Workspace(empty).close()
    for workspace in (small, empty):
        monkeypatch.setenv("DESIREPATH_WORKSPACE", str(workspace))
        ahead.first_picture("en")
