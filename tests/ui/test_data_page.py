"""Data: from an upload to a loaded workspace, with the roles guessed, checked and changed."""

from __future__ import annotations

import ast
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

from pipeline import queries
from pipeline.store import Workspace
from tests.ui.shown import tables
from ui.app_words import SAID, names_an_option

ROOT = Path(__file__).resolve().parents[2]
ODD = """who,what,when,note
1,A,2026-01-01 10:00,x
1,B,2026-01-01 11:00,y
2,A,2026-01-02 10:00,z
,B,2026-01-02 11:00,z
"""
MORE = "case,event,at,channel\n9,Look,2026-04-01 10:00,web\n9,Buy,2026-04-01 11:00,web\n"
OpenApp = Callable[..., AppTest]


def load_view(app: AppTest) -> AppTest:
    return app.segmented_control(key="data_view").set_value("load").run()


def upload(app: AppTest, name: str, text: str) -> AppTest:
    turn = app.session_state["load_round"]
    return app.file_uploader(key=f"load_upload_{turn}").upload(name, text.encode(), "text/csv").run()


def take(app: AppTest, path: Path | str) -> AppTest:
    return app.text_input(key="load_path").input(str(path)).run()


def columns(app: AppTest, role: str) -> str:
    return next(box.key for box in app.multiselect if box.key and box.key.startswith(f"load_columns_{role}_"))


def set_role(app: AppTest, role: str, *names: str) -> AppTest:
    return app.multiselect(key=columns(app, role)).set_value(list(names)).run()


def texts(app: AppTest) -> str:
    return "\n".join(e.value for e in [*app.markdown, *app.caption]).replace("\\", "")


def press(app: AppTest, key: str) -> AppTest:
    return app.button(key=key).click().run()


def load(app: AppTest) -> AppTest:
    """Load, and wait until the job is over."""
    press(app, "load_go")
    if "data_job" in app.session_state:
        assert app.session_state["data_job"].job.wait(60)
        app.run()
    assert not app.exception
    return app


def metrics(app: AppTest) -> dict[str, str]:
    return {m.label: m.value for m in app.metric}


def test_an_upload_is_guessed_checked_and_loaded(open_app: OpenApp, small: Path, small_csv: Path) -> None:
    app = upload(load_view(open_app(small, "data")), "orders.csv", small_csv.read_text(encoding="utf-8"))
    assert app.multiselect(key=columns(app, "journey")).value == ["case"]
    assert app.multiselect(key=columns(app, "activity")).value == ["event"]
    assert app.multiselect(key=columns(app, "time")).value == ["at"]
    said = texts(app)
    assert "**4 journeys**" in said
    assert "**clear**: its name" in said
    assert "All 8 times can be read" in said
    assert "Of 8 rows: **8 kept, 0 rejected**, **4 journeys**" in said
    copy = Path(app.session_state["load_files"][0])
    assert copy.exists()
    load(app)
    assert [e.value for e in app.error] == []
    assert metrics(app)["Journeys"] == "4"
    assert "orders.csv is loaded" in texts(app)
    assert not copy.exists()
    with Workspace(small.with_name("orders.duckdb")) as made:
        assert queries.sources(made)["name"].to_list() == ["orders.csv"]
    assert next(b for b in app.button if b.key == "loaded_first_plan").label == "Make a first plan from this log"
    press(app, "loaded_here")
    assert app.segmented_control(key="data_view").value == "here"
    assert metrics(app)["Events"] == "8"


def test_roles_that_cannot_be_guessed_are_asked_for(open_app: OpenApp, small: Path) -> None:
    app = upload(load_view(open_app(small, "data")), "odd.csv", ODD)
    set_role(app, "journey", "who")
    set_role(app, "activity", "what")
    set_role(app, "time", "when")
    assert "**3 kept, 1 rejected**, **2 journeys**" in texts(app)
    assert "missing journey: 1" in texts(app)
    set_role(app, "time", "note")
    assert "does not hold times" in app.error[0].value
    assert "--" not in app.error[0].value
    assert not [b for b in app.button if b.key == "load_go"]
    set_role(app, "activity")
    assert "Still to be chosen: Activity" in app.warning[0].value


def test_times_in_two_formats_are_read_and_what_is_lost_comes_first(open_app: OpenApp, small: Path) -> None:
    rows = "1,A,28/03/2026 10:00\n1,B,2026-03-28 11:00:30\n2,A,29/03/2026 10:00\n2,B,2026-03-29 11:00:30\n"
    app = upload(load_view(open_app(small, "data")), "both.csv", "case,event,time\n" + rows)
    assert "All 4 times can be read" in texts(app)
    assert "please check" not in texts(app)
    text = "case,event,time\n" + 3 * rows + "3,A,soon\n3,B,later\n"
    app = upload(load_view(open_app(small, "data")), "odd.csv", text)
    said = texts(app)
    assert "86% of the times can be read" in said
    assert "**please check**: only 86% of its values can be read" in said
    load(app)
    said = texts(app)
    assert said.index("To settle first") < said.index("**2 rows were rejected** · 14% of 14 rows")
    assert "**unreadable time**: 2" in said
    assert ":gray-badge[3,A,soon]" in said
    assert ":orange[:material/warning:] odd.csv is loaded" in said
    assert [b.key for b in app.button if b.proto.type == "primary"] == ["lost_again"]
    press(app, "lost_again")
    assert app.session_state["load_replaces"] == "odd.csv"


def test_a_role_in_a_header_moves_and_can_leave_a_column_out(open_app: OpenApp, small: Path, small_csv: Path) -> None:
    app = take(load_view(open_app(small, "data")), small_csv)
    roles = app.session_state["load_roles"]["roles"]
    assert roles == {"case": "journey", "event": "activity", "at": "time", "channel": "channel"}
    roles |= {"event": "out", "channel": "activity"}
    app.run()
    assert app.multiselect(key=columns(app, "activity")).value == ["channel"]
    assert "**3 activities**" in texts(app)
    load(app)
    with Workspace(small.with_name("shop.duckdb")) as made:
        assert queries.attributes(made).is_empty()
        assert queries.activities(made)["name"].to_list() == ["web", "app", "phone"]


def test_several_columns_are_joined_in_the_order_they_are_picked(open_app: OpenApp, small: Path) -> None:
    text = "id,a,b,day,clock\n1,x,y,05/03/2026,10:00\n1,x,z,13/03/2026,11:30\n"
    app = upload(load_view(open_app(small, "data")), "two.csv", text)
    set_role(app, "journey", "id")
    set_role(app, "activity", "b", "a")
    assert app.multiselect(key=columns(app, "time")).value == ["day", "clock"]
    load(app)
    with Workspace(small.with_name("two.duckdb")) as made:
        assert sorted(queries.activities(made)["name"]) == ["y x", "z x"]
        assert str(queries.summary(made).end) == "2026-03-13 11:30:00+00:00"


def test_names_with_control_characters_are_shown_and_loaded(open_app: OpenApp, small: Path) -> None:
    text = "case,act\x01ivity,time,no\x01te\n1,a,2026-01-01 10:00,x\n1,b,2026-01-01 11:00,x\n2,a,2026-01-02 10:00,y\n"
    app = upload(load_view(open_app(small, "data")), "marks.csv", text)
    set_role(app, "activity", "act\x01ivity")
    assert not app.exception
    assert "**3 kept" in texts(app)
    press(load(app), "loaded_here")
    assert not app.exception
    assert "no␁te" in tables(app)[1]["name"].to_list()


def test_a_file_can_be_added_to_the_workspace(open_app: OpenApp, small: Path) -> None:
    app = upload(load_view(open_app(small, "data")), "more.csv", MORE)
    app.radio(key="load_into").set_value("add").run()
    assert metrics(load(app))["Journeys"] == "5"


def test_what_is_added_is_made_into_journeys_as_the_workspace_does(
    open_app: OpenApp, tmp_path: Path, small_csv: Path
) -> None:
    path = tmp_path / "split.duckdb"
    with Workspace(path) as workspace:
        workspace.ingest(small_csv, customer="case", activity="event", time="at", session_gap=1800)
    app = upload(load_view(open_app(path, "data")), "more.csv", MORE)
    app.radio(key="load_into").set_value("add").run()
    assert metrics(load(app))["Journeys"] == "8"


def test_the_same_file_again_adds_nothing(open_app: OpenApp, small: Path, small_csv: Path) -> None:
    app = take(load_view(open_app(small, "data")), small_csv)
    app.radio(key="load_into").set_value("add").run()
    load(app)
    assert "Nothing new" in texts(app)
    assert "shop.csv" in app.info[0].value.replace("\\", "")


def test_several_files_become_sources_of_one_load(open_app: OpenApp, small: Path, small_csv: Path) -> None:
    app = take(load_view(open_app(small, "data")), small_csv)
    upload(app, "more.csv", MORE)
    assert len(app.session_state["load_files"]) == 2
    load(app)
    assert metrics(app) == {"Rows read": "10", "Kept": "10", "Rejected": "0", "Journeys": "5", "Activities": "4"}
    assert "2 sources are loaded" in texts(app)


def test_files_that_do_not_fit_are_said_and_can_be_taken_out(open_app: OpenApp, small: Path, small_csv: Path) -> None:
    app = take(load_view(open_app(small, "data")), small_csv)
    upload(app, "odd.csv", ODD)
    assert "odd.csv" in app.warning[-1].value.replace("\\", "")
    assert app.button(key="load_go").disabled
    press(app, next(b.key for b in app.button if b.key and b.key.startswith("load_drop_1_")))
    assert app.session_state["load_files"] == [str(small_csv)]
    assert not app.button(key="load_go").disabled


def test_a_folder_can_be_listed_one_by_one(open_app: OpenApp, small: Path, tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    folder.mkdir()
    (folder / "a.csv").write_text(MORE, encoding="utf-8")
    (folder / "b.csv").write_text(MORE.replace("9,", "8,"), encoding="utf-8")
    app = take(load_view(open_app(small, "data")), folder)
    assert "2 logs" in texts(app)
    press(app, next(b.key for b in app.button if b.key and b.key.startswith("load_parts_")))
    assert [Path(name).name for name in app.session_state["load_files"]] == ["a.csv", "b.csv"]


def test_a_name_that_is_not_there_is_said(open_app: OpenApp, small: Path) -> None:
    app = take(load_view(open_app(small, "data")), "/none/of/it.csv")
    assert "There is no file" in app.error[0].value


@pytest.mark.parametrize(("name", "text", "said"), [("empty.csv", "", "is empty"), ("head.csv", "a,b,c\n", "no rows")])
def test_a_useless_file_is_said(open_app: OpenApp, small: Path, name: str, text: str, said: str) -> None:
    app = upload(load_view(open_app(small, "data")), name, text)
    whole = texts(app) + "".join(e.value for e in app.error)
    assert said in whole
    assert name.replace(".", "\\.") in whole or name in whole
    assert tempfile.gettempdir() not in whole.replace("\\", "")
    assert not app.exception


def test_customers_are_split_at_silences_with_what_if(open_app: OpenApp, small: Path, small_csv: Path) -> None:
    app = take(load_view(open_app(small, "data")), small_csv)
    way = next(r.key for r in app.radio if r.key and r.key.endswith("_way"))
    app.radio(key=way).set_value("gap").run()
    assert "A new journey after 30 min of silence gives 6 journeys" in texts(app)
    minutes = next(n.key for n in app.number_input if n.key and n.key.endswith("_minutes"))
    app.number_input(key=minutes).set_value(80.0).run()
    assert "gives 4 journeys" in texts(app)
    load(app)
    with Workspace(small.with_name("shop.duckdb")) as made:
        assert made.definition.session_gap == 4800
        assert queries.summary(made).journeys == 4


def test_a_preset_is_recognised_and_a_row_may_hold_several_events(open_app: OpenApp, small: Path) -> None:
    text = (
        "Name,Email,Financial Status,Fulfillment Status,Created at,Paid at,Fulfilled at,Cancelled at,Lineitem name\n"
        "#1,a@x.vn,paid,fulfilled,2026-01-01 10:00:00 +0700,2026-01-01 10:05:00 +0700,2026-01-03 09:00:00 +0700,,Tea\n"
        "#2,b@x.vn,paid,,2026-01-02 10:00:00 +0700,2026-01-02 10:05:00 +0700,,,Pot\n"
    )
    app = upload(load_view(open_app(small, "data")), "orders.csv", text)
    assert "It looks like an export of Shopify" in texts(app)
    roles = app.session_state["load_roles"]["roles"]
    assert [n for n, r in roles.items() if r == "moment"] == ["Created at", "Paid at", "Fulfilled at", "Cancelled at"]
    assert roles["Email"] == "customer"
    load(app)
    with Workspace(small.with_name("orders.duckdb")) as made:
        assert sorted(queries.activities(made)["name"]) == ["Fulfilled", "Order placed", "Paid"]


def test_a_text_is_read_again_when_its_encoding_is_chosen(open_app: OpenApp, small: Path, tmp_path: Path) -> None:
    log = tmp_path / "old.csv"
    log.write_bytes("case;event;time\n1;Café bezahlt;2026-01-01\n1;b;2026-01-02\n".encode("cp1252"))
    app = take(load_view(open_app(small, "data")), log)
    assert "Café bezahlt" in texts(app)
    encoding = next(s.key for s in app.selectbox if s.key and s.key.startswith("load_encoding_"))
    app.selectbox(key=encoding).set_value("cp1258").run()
    delimiter = next(s.key for s in app.selectbox if s.key and s.key.startswith("load_delimiter_"))
    app.selectbox(key=delimiter).set_value(",").run()
    assert not app.exception
    assert list(app.session_state["load_roles"]["roles"]) == ["case;event;time"]


def test_rejected_rows_are_listed(open_app: OpenApp, tmp_path: Path) -> None:
    log, path = tmp_path / "odd.csv", tmp_path / "odd.duckdb"
    log.write_text(ODD, encoding="utf-8")
    with Workspace(path) as workspace:
        workspace.ingest(log, journey="who", activity="what", time="when")
    app = open_app(path, "data", language="vi")
    rejects = tables(app)[-1]
    assert rejects.select("line_no", "reason").rows() == [(5, "thiếu hành trình")]


def test_no_text_of_the_app_names_an_option_of_the_command_line() -> None:
    files = [p for p in (ROOT / "pipeline").rglob("*.py") if p.parent.name != "cli"]
    missing = []
    for file in [*files, *(ROOT / "mining").rglob("*.py")]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "N_":
                text = node.args[0].value if isinstance(node.args[0], ast.Constant) else ""
                if names_an_option(text) and text not in SAID:
                    missing.append(f"{file.name}:{node.lineno}: {text}")
    assert missing == []
    assert not [text for text in SAID.values() if names_an_option(text)]


def test_a_table_of_a_database_is_chosen(open_app: OpenApp, small: Path, tmp_path: Path) -> None:
    path = tmp_path / "crm.sqlite"
    with closing(sqlite3.connect(path)) as crm:
        crm.execute("CREATE TABLE orders (case_id, activity, time)")
        crm.executemany("INSERT INTO orders VALUES (?, ?, ?)", [(1, "a", "2026-01-01"), (1, "b", "2026-01-02")])
        crm.execute("CREATE TABLE people (id, name)")
        crm.execute("INSERT INTO people VALUES (1, 'x')")
        crm.commit()
    app = take(load_view(open_app(small, "data")), path)
    table = next(s.key for s in app.selectbox if s.key and s.key.startswith("load_table_"))
    assert app.selectbox(key=table).options == ["orders", "people", "a query of my own"]
    assert "All 2 times can be read" in texts(app)
    app.selectbox(key=table).set_value("people").run()
    assert sorted(app.session_state["load_roles"]["roles"]) == ["id", "name"]


def test_a_password_stays_on_this_machine(open_app: OpenApp, small: Path) -> None:
    app = take(load_view(open_app(small, "data")), "postgresql://me:secret@127.0.0.1:1/none")
    assert "me@" in texts(app).replace("\u2060", "")
    assert app.error
    shown = texts(app) + "".join(e.value for e in app.error) + "".join(str(b.key) for b in app.button)
    assert "secret" not in shown


def test_a_sheet_is_chosen_beginning_with_the_one_that_was_read(open_app: OpenApp, small: Path, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for name, rows in {
        "May": [["case_id", "activity", "time"], [1, "a", "2026-05-01"], [1, "b", "2026-05-02"]],
        "June": [["case_id", "activity", "time"], [2, "c", "2026-06-01"], [3, "c", "2026-06-02"]],
    }.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(tmp_path / "log.xlsx")
    app = take(load_view(open_app(small, "data")), tmp_path / "log.xlsx")
    sheets = next(s.key for s in app.selectbox if s.key and s.key.startswith("load_sheet_"))
    assert app.selectbox(key=sheets).value == "May"
    assert "**1 journey**" in texts(app)
    app.selectbox(key=sheets).set_value("June").run()
    assert "**2 journeys**" in texts(app)


def test_names_and_copies_are_settled_right_after_a_load_and_taken_back(open_app: OpenApp, small: Path) -> None:
    """By hand: "look" and "LOOK" are Look; the second row of journey 1 comes twice."""
    rows = ["1,Look,2026-01-01 10:00", *["1,look,2026-01-01 11:00"] * 2, "2,LOOK,2026-01-02 10:00"]
    rows += ["2,Buy,2026-01-02 11:00", "3,Look,2026-01-03 10:00"]
    text = "\n".join(["case,event,at", *rows])
    app = load(upload(load_view(open_app(small, "data")), "twice.csv", text))
    said = texts(app)
    assert "2 names differ from others only in writing" in said
    assert "1 duplicate row: it equals an earlier one" in said
    assert metrics(app)["Activities"] == "4"
    settled(app, "settle_names")
    assert (metrics(app)["Activities"], "2 names are taken together" in texts(app)) == ("2", True)
    settled(app, "settle_copies")
    assert "1 duplicate row is left out" in texts(app)
    with Workspace(app.session_state["workspace"]) as workspace:
        assert queries.summary(workspace).events == 5
    settled(app, "unsettle_copies")
    settled(app, "unsettle_names")
    assert "2 names differ from others only in writing" in texts(app)
    assert metrics(app)["Activities"] == "4"


def settled(app: AppTest, key: str) -> None:
    press(app, key)
    assert app.session_state["data_job"].job.wait(60)
    app.run()
    assert not app.exception


def test_an_upload_that_is_told_of_twice_is_taken_once() -> None:
    """On a slow machine the browser tells of an upload again with the next choice, before the widget is gone."""
    app = AppTest.from_function(_take_twice).run()
    assert not app.exception
    assert app.session_state["load_files"] == app.session_state["once"]
    assert len(app.session_state["once"]) == 1


def _take_twice() -> None:
    import io

    import streamlit as st

    from ui import data_choose

    class Upload(io.BytesIO):
        name, file_id = "new.csv", "1"

    st.session_state["told"] = [Upload(b"a,b\n1,2\n")]
    data_choose._take_uploads("told")
    st.session_state["once"] = list(st.session_state["load_files"])
    data_choose._take_uploads("told")
