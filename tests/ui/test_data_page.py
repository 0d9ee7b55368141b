"""Data: from an upload to a loaded workspace, with the roles guessed, checked and changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pipeline import queries
from pipeline.store import Workspace

ODD = """who,what,when,note
1,A,2026-01-01 10:00,x
1,B,2026-01-01 11:00,y
2,A,2026-01-02 10:00,z
,B,2026-01-02 11:00,z
"""
OpenApp = Callable[..., AppTest]


def load_view(app: AppTest) -> AppTest:
    return app.segmented_control(key="data_view").set_value("load").run()


def upload(app: AppTest, name: str, text: str) -> AppTest:
    return app.file_uploader(key="load_upload").upload(name, text.encode(), "text/csv").run()


def role(app: AppTest, name: str) -> str:
    return next(box.key for box in app.selectbox if box.key and box.key.startswith(f"role_{name}_"))


def metrics(app: AppTest) -> dict[str, str]:
    return {m.label: m.value for m in app.metric}


def test_an_upload_is_guessed_checked_and_loaded(open_app: OpenApp, small: Path, small_csv: Path) -> None:
    app = upload(load_view(open_app(small, "data")), "orders.csv", small_csv.read_text(encoding="utf-8"))
    assert app.selectbox(key=role(app, "journey")).value == "case"
    assert app.selectbox(key=role(app, "activity")).value == "event"
    assert metrics(app) == {"Rows kept": "8", "Rejected": "0", "Journeys": "4"}
    next(b for b in app.button if b.label == "Load").click().run()
    assert not app.exception
    assert [e.value for e in app.error] == []
    assert metrics(app)["Journeys"] == "4"
    with Workspace(small.with_name("orders.duckdb")) as made:
        assert queries.sources(made)["name"].to_list() == ["orders.csv"]


def test_roles_that_cannot_be_guessed_are_asked_for(open_app: OpenApp, small: Path) -> None:
    app = upload(load_view(open_app(small, "data")), "odd.csv", ODD)
    app.selectbox(key=role(app, "journey")).select("who").run()
    app.selectbox(key=role(app, "activity")).select("what").run()
    app.selectbox(key=role(app, "time")).select("when").run()
    assert metrics(app) == {"Rows kept": "3", "Rejected": "1", "Journeys": "2"}
    assert any("missing journey: 1 row" in m.value for m in app.markdown)
    app.selectbox(key=role(app, "time")).select("note").run()
    assert "does not hold times" in app.error[0].value
    assert next(b for b in app.button if b.label == "Load").disabled


def test_names_with_control_characters_are_shown_and_loaded(open_app: OpenApp, small: Path) -> None:
    text = "case,act\x00ivity,time,no\x01te\n1,a,2026-01-01 10:00,x\n1,b,2026-01-01 11:00,x\n2,a,2026-01-02 10:00,y\n"
    app = upload(load_view(open_app(small, "data")), "nul.csv", text)
    app.selectbox(key=role(app, "activity")).select("act\x00ivity").run()
    assert not app.exception
    assert list(app.dataframe[0].value.columns) == ["case", "act␀ivity", "time", "no␁te"]
    assert metrics(app)["Rows kept"] == "3"
    next(b for b in app.button if b.label == "Load").click().run()
    assert not app.exception
    assert "no\x01te" in app.dataframe[1].value["name"].tolist()


def test_two_roles_on_one_column_are_refused(open_app: OpenApp, small: Path, small_csv: Path) -> None:
    app = upload(load_view(open_app(small, "data")), "orders.csv", small_csv.read_text(encoding="utf-8"))
    app.selectbox(key=role(app, "activity")).select("case").run()
    assert "three different columns" in app.error[0].value


def test_a_file_can_be_added_to_the_workspace(open_app: OpenApp, small: Path) -> None:
    more = "case,event,at,channel\n9,Look,2026-04-01 10:00,web\n9,Buy,2026-04-01 11:00,web\n"
    app = upload(load_view(open_app(small, "data")), "more.csv", more)
    app.radio(key="load_into").set_value("add").run()
    next(b for b in app.button if b.label == "Load").click().run()
    assert not app.exception
    assert metrics(app)["Journeys"] == "5"


def test_a_file_on_this_machine_is_read_in_place(open_app: OpenApp, small: Path, small_csv: Path) -> None:
    app = load_view(open_app(small, "data"))
    app.text_input(key="load_path").input(str(small_csv)).run()
    assert metrics(app)["Rows kept"] == "8"
    app.text_input(key="load_path").input(str(small_csv) + "x").run()
    assert "There is no file" in app.error[0].value


@pytest.mark.parametrize(("name", "text", "said"), [("empty.csv", "", "is empty"), ("head.csv", "a,b,c\n", "no rows")])
def test_a_useless_file_is_said(open_app: OpenApp, small: Path, name: str, text: str, said: str) -> None:
    app = upload(load_view(open_app(small, "data")), name, text)
    assert said in app.error[0].value
    assert not app.exception


def test_rejected_rows_are_listed(open_app: OpenApp, tmp_path: Path) -> None:
    log, path = tmp_path / "odd.csv", tmp_path / "odd.duckdb"
    log.write_text(ODD, encoding="utf-8")
    with Workspace(path) as workspace:
        workspace.ingest(log, journey="who", activity="what", time="when")
    app = open_app(path, "data", language="vi")
    rejects = app.dataframe[-1].value
    assert rejects[["line_no", "reason"]].values.tolist() == [[5, "missing journey"]]
