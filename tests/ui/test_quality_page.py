"""Quality: what was found is listed with numbers, examples and advice, in both languages, and names stay plain text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from mining.messages import Message
from pipeline.quality import QualityFinding
from pipeline.store import Workspace
from tests.ui.shown import tables
from ui.data_quality import examples

OpenApp = Callable[..., AppTest]
LOG = """case,event,at,town
1,<b>$x$</b> :smile:,2026-01-05 10:00:00,Huế
1,<B>$X$</B> :smile:,2026-01-05 10:00:00,Huế
1,Look,2026-01-05 10:03:20,huế
1,Look,2026-01-05 10:03:20,huế
2,Look,2026-01-06 10:00:01,Huế
,Look,2026-01-06 10:00:01,Huế
=1+1,,2026-01-06 10:00:01,Huế
"""


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    log, path = tmp_path / "odd.csv", tmp_path / "odd.duckdb"
    log.write_text(LOG, encoding="utf-8")
    with Workspace(path) as workspace:
        workspace.ingest(log, journey="case", activity="event", time="at")
    return path


def view(app: AppTest) -> AppTest:
    app.segmented_control(key="data_view").set_value("quality").run()
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    return "\n".join(element.value for element in (*app.markdown, *app.caption))


def more(app: AppTest, kind: str) -> str:
    return next(b.key for b in app.button if b.key and b.key.startswith(f"quality_{kind}_"))


def test_what_was_found_is_listed_with_its_numbers(open_app: OpenApp, odd: Path) -> None:
    app = view(open_app(odd, "data"))
    text = said(app)
    assert "7 rows read · 5 kept · 2 rejected · Jan 5\\, 2026 – Jan 6\\, 2026" in text
    assert "**Rejected rows**  \n:small[The reason: missing journey\\.]" not in text  # the sentence is ours, not data
    assert "**Rejected rows**  \n:small[The reason: missing journey.]" in text
    assert "**1 of 7 rows**  \n:small[:gray[14\\%]]" in text
    assert "**Exact duplicates**" in text
    assert "**1 of 5 events**  \n:small[:gray[20\\%]]" in text
    assert text.index("Problems") < text.index("Warnings") < text.index("Good to know")
    assert "Looked for, and not found" in text
    assert "Cannot be told without times" not in text
    columns = tables(app)[0]
    assert columns.select("role", "checked", "failed").rows() == [
        ("Journey", 7, 1),
        ("Activity", 6, 1),
        ("Time", 5, 0),
    ]


def test_examples_and_advice_come_on_request(open_app: OpenApp, odd: Path) -> None:
    app = view(open_app(odd, "data"))
    assert len(tables(app)) == 1
    app.button(key=more(app, "lookalike_activities")).click().run()
    assert not app.exception
    assert "Give them one name" in said(app)
    shown = tables(app)[0]
    assert shown["common"].to_list() == ["<B>$X$</B> :smile:"]
    assert shown["differ_by"].to_list() == ["capital letters"]
    app.button(key=more(app, "lookalike_activities")).click().run()
    assert len(tables(app)) == 1


def test_every_finding_can_be_opened_in_vietnamese(open_app: OpenApp, odd: Path) -> None:
    app = view(open_app(odd, "data", language="vi"))
    keys = [b.key for b in app.button if b.key and b.key.startswith("quality_")]
    for key in keys:
        app.button(key=key).click()
    app.run()
    assert not app.exception
    assert len(tables(app)) >= len([k for k in keys if "single" not in str(k)])


def test_a_clean_log_says_so(open_app: OpenApp, tmp_path: Path) -> None:
    log, path = tmp_path / "clean.csv", tmp_path / "clean.duckdb"
    steps = [(case, i) for case in range(9) for i in range(2)]
    rows = [f"{case},{'AB'[i]},2026-01-05 10:{case * 5 + i:02d}:13,{case + i}x" for case, i in steps]
    log.write_text("\n".join(["case,event,at,note", *rows]), encoding="utf-8")
    with Workspace(path) as workspace:
        workspace.ingest(log, journey="case", activity="event", time="at")
    app = view(open_app(path, "data"))
    assert "Nothing was found" in app.success[0].value
    assert [b.key for b in app.button if b.key and b.key.startswith("quality_")] == []


def test_a_log_without_times_says_what_cannot_be_told(open_app: OpenApp, tmp_path: Path) -> None:
    events = "".join(f'<event><string key="concept:name" value="{name}"/></event>' for name in "AaB")
    log, path = tmp_path / "untimed.xes", tmp_path / "untimed.duckdb"
    trace = f'<trace><string key="concept:name" value="1"/>{events}</trace>'
    log.write_text(f'<?xml version="1.0" encoding="UTF-8"?><log xes.version="1.0">{trace}</log>', encoding="utf-8")
    with Workspace(path) as workspace:
        workspace.ingest(log)
    text = said(view(open_app(path, "data")))
    assert "The log has no times" in text
    assert "**Cannot be told without times**" in text
    assert "Exact duplicates" in text[text.index("Cannot be told") :]


def test_an_empty_workspace_has_nothing_to_look_at(open_app: OpenApp, tmp_path: Path) -> None:
    path = tmp_path / "empty.duckdb"
    with Workspace(path):
        pass
    app = view(open_app(path, "data"))
    assert "This workspace is empty" in app.info[0].value


def test_examples_become_a_frame() -> None:
    rows = ({"common": "A", "names": ["A (1)", "a (2)"], "differ_by": ["case", "accents"]},)
    finding = QualityFinding("lookalike_activities", "warning", Message("x"), 2, 3, "activities", {}, rows)
    assert examples(finding).equals(
        pl.DataFrame({"common": ["A"], "names": [["A (1)", "a (2)"]], "differ_by": ["capital letters, accents"]})
    )
