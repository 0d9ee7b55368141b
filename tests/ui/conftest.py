"""A workspace of its own for every test: the sample, or a small log; never the one of a user."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from playwright.sync_api import Browser
from streamlit.testing.v1 import AppTest

from pipeline.store import Workspace
from tests.ui import server

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "data" / "open_university" / "open_university.parquet"

SMALL = """case,event,at,channel
1,Look,2026-01-01 10:00,web
1,Buy,2026-01-01 11:00,web
2,Look,2026-01-02 10:00,app
2,Help,2026-01-02 10:30,phone
2,Look,2026-01-02 10:45,app
2,Buy,2026-01-02 12:00,app
3,Look,2026-01-03 10:00,web
4,<b>$x$</b> | **:smile:**,2026-03-01 10:00,web
"""

SHOP = """
id: shop
title: {en: The shop, vi: Cửa hàng}
goal: buy
inactive_after: 10d
stages:
  - id: find
    title: {en: Find, vi: Tìm}
    questions: [{text: {en: Is it dear?, vi: Có đắt không?}}]
    steps: [{id: look, title: {en: Looks, vi: Xem}, events: [Look], milestone: true}]
  - id: pay
    title: {en: Pay, vi: Trả tiền}
    steps:
      - {id: basket, title: {en: Basket, vi: Giỏ hàng}}
      - {id: buy, title: {en: Buys, vi: Mua}, events: [Buy], milestone: true}
"""


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample as a workspace, made once and only read."""
    path = tmp_path_factory.mktemp("sample") / "sample.duckdb"
    with Workspace(path) as workspace:
        workspace.ingest(SAMPLE)
    return path


@pytest.fixture
def small_csv(tmp_path: Path) -> Path:
    """A log of four journeys: 1 as planned, 2 with help and a repeat, 3 stopped, 4 with a name that is all markup."""
    path = tmp_path / "shop.csv"
    path.write_text(SMALL, encoding="utf-8")
    return path


@pytest.fixture
def small(tmp_path: Path, small_csv: Path) -> Path:
    """The small log as a workspace."""
    path = tmp_path / "small.duckdb"
    with Workspace(path) as workspace:
        workspace.ingest(small_csv, journey="case", activity="event", time="at")
    return path


@pytest.fixture(autouse=True, scope="session")
def close_workspaces() -> Iterator[None]:
    """Close what tests have opened. Caches may outlive a test: every workspace has a path of its own."""
    yield
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.fixture
def open_app(monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """Give a function that opens the app on a workspace, and on one of its pages."""

    def opened(
        workspace: Path, page: str = "compare", *, language: str = "en", plan: str | None = None, **address: list[str]
    ) -> AppTest:
        monkeypatch.setenv("DESIREPATH_WORKSPACE", str(workspace))
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        for name, values in {"lang": [language], **address}.items():
            app.query_params[name] = values
        if plan is not None:
            app.session_state["map_name"], app.session_state["map_text"] = "shop.yaml", plan
        app.run()
        return app if page == "compare" else app.switch_page(f"ui/{page}_page.py").run()

    return opened


@pytest.fixture
def shop() -> str:
    """A plan for the small log."""
    return SHOP


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser of the system, or the one that playwright has installed."""
    path = server.browser_path()
    if path is None:
        pytest.skip("no browser: neither chromium on the system nor one installed by playwright")
    with server.browser(path) as started:
        yield started
