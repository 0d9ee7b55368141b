"""The Report page: four forms to download, the command line for the same, and the page itself as a preview."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pipeline.compare import compare
from pipeline.report import Report
from ui import filters, report, state
from ui.deviations import Seen
from ui.language import speaking

OpenApp = Callable[..., AppTest]


def downloads(app: AppTest) -> list[str]:
    return [button.label for button in app.get("download_button")]


def preview(app: AppTest) -> str:
    """Give the report; it stands as an attribute of the frame that lets it do nothing."""
    [frame] = app.get("iframe")
    assert frame.proto.srcdoc.startswith("<iframe sandbox ")
    assert frame.proto.srcdoc.count("<") == 2
    return unescape(frame.proto.srcdoc)


def test_the_page_offers_every_form_and_shows_the_report(open_app: OpenApp, small: Path, shop: str) -> None:
    app = open_app(small, "report", plan=shop)
    assert not app.exception
    assert downloads(app) == ["PDF", "Page (HTML)", "Spreadsheet (XLSX)", "Data (JSON)"]
    assert any("the workspace is in use" in caption.value for caption in app.caption)
    assert [code.value for code in app.code] == [
        "desirepath report small.duckdb shop.yaml --language en --out report.pdf"
    ]
    shown = preview(app)
    assert "The shop" in shown
    assert "&lt;b&gt;$x$&lt;/b&gt; | **:smile:**" in shown
    assert "<b>$x$" not in shown


def test_the_page_speaks_vietnamese(open_app: OpenApp, small: Path, shop: str) -> None:
    app = open_app(small, "report", language="vi", plan=shop)
    assert not app.exception
    assert "Cửa hàng" in preview(app)
    assert "--language vi" in app.code[0].value


def test_the_filter_holds_for_the_report(open_app: OpenApp, small: Path, shop: str) -> None:
    app = open_app(small, "report", plan=shop)
    assert "4 journeys" in preview(app)
    app.session_state[filters.NOW] = filters.Filter(("n_events > 1",))
    app.run()
    assert not app.exception
    assert "2 journeys" in preview(app)
    assert "--where 'n_events > 1'" in app.code[0].value


def test_what_is_downloaded_is_the_report(small: Path, shop: str) -> None:
    """Outside a session, as a download is made: the language is that of the moment it was offered."""
    with state.open_workspace(str(small)) as workspace:
        plan = state.parsed(shop, "shop.yaml")
        log = state.Log(str(small), "1")
        seen = Seen(log, state.Plan("shop.yaml", shop, plan), compare(workspace, plan))
        with speaking("vi"):
            writer = report.writer(seen, "html")
        page = writer().decode()
        assert "Cửa hàng" in page
        assert page == report._report(log, shop, "shop.yaml", None).to_html("vi")
        made: Report = report._report(log, shop, "shop.yaml", None)
        assert report.writer(seen, "xlsx")() == made.to_xlsx("en")
        assert report.writer(seen, "pdf")().startswith(b"%PDF")
        assert report.writer(seen, "json")().decode() == made.to_json() + "\n"


@pytest.mark.parametrize("language", ["en", "vi"])
def test_without_a_plan_the_page_teaches(open_app: OpenApp, small: Path, language: str) -> None:
    app = open_app(small, "report", language=language)
    assert not app.exception
    assert downloads(app) == []
