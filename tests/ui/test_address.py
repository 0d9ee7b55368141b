"""What a browser that is loaded again comes back to: the workspace of the address, and the plan kept with it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[2]
OpenApp = Callable[..., AppTest]


@pytest.fixture
def two(small: Path, tmp_path: Path) -> tuple[Path, Path]:
    """The default workspace, and another one beside it."""
    folder = tmp_path / "default"
    folder.mkdir()
    first, second = (Path(shutil.copyfile(small, folder / f"{name}.duckdb")) for name in ("first", "second"))
    return first, second


def opened(monkeypatch: pytest.MonkeyPatch, default: Path, asked: str | None) -> AppTest:
    """Open the app as a browser does that comes with an address."""
    monkeypatch.setenv("DESIREPATH_WORKSPACE", str(default))
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params["lang"] = "en"
    if asked is not None:
        app.query_params["workspace"] = asked
    return app.run()


def in_use(app: AppTest) -> str:
    assert not app.exception
    return Path(app.session_state["workspace"]).name


def asked(app: AppTest) -> list[str]:
    found = app.query_params.get("workspace", [])
    return [found] if isinstance(found, str) else list(found)


def test_a_workspace_beside_the_default_comes_back(monkeypatch: pytest.MonkeyPatch, two: tuple[Path, Path]) -> None:
    app = opened(monkeypatch, two[0], None)
    assert (in_use(app), asked(app)) == ("first.duckdb", [])
    app.switch_page("ui/data_page.py").run()
    next(box for box in app.selectbox if box.label == "Workspace").select("second.duckdb").run()
    assert (in_use(app), asked(app)) == ("second.duckdb", ["second.duckdb"])
    again = opened(monkeypatch, two[0], *asked(app))
    assert (in_use(again), asked(again)) == ("second.duckdb", ["second.duckdb"])


def test_an_address_opens_no_other_file(monkeypatch: pytest.MonkeyPatch, two: tuple[Path, Path], small: Path) -> None:
    (two[0].parent / "notes.txt").write_text("not for readers", encoding="utf-8")
    for name in (str(small), f"../{small.name}", small.name, "notes.txt", "", ".", "new.duckdb"):
        app = opened(monkeypatch, two[0], name)
        assert (in_use(app), asked(app)) == ("first.duckdb", []), name
    assert not (two[0].parent / "new.duckdb").exists()


def test_the_plan_in_use_comes_back_with_its_workspace(open_app: OpenApp, small: Path) -> None:
    app = open_app(small, "plan")
    app.button(key="use_support").click().run()
    assert not app.exception
    again = open_app(small)
    assert again.session_state["map_name"] == "support.yaml"
    assert again.session_state["map_text"] == app.session_state["map_text"]


def test_another_workspace_has_its_own_plan(monkeypatch: pytest.MonkeyPatch, two: tuple[Path, Path]) -> None:
    app = opened(monkeypatch, two[0], None).switch_page("ui/plan_page.py").run()
    app.button(key="use_support").click().run()
    app.switch_page("ui/data_page.py").run()

    def switched(to: Path) -> bool:
        next(box for box in app.selectbox if box.label == "Workspace").select(to.name).run()
        assert not app.exception
        return "map_text" in app.session_state

    assert (switched(two[1]), switched(two[0])) == (False, True)
