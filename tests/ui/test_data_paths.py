"""Data: what is in the workspace can be changed: its sources, what makes a journey, how paths are cleaned."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from mining.messages import Message
from mining.recipe import Collapse, Drop, Group, Recipe, Rename
from pipeline import queries
from pipeline.chain import Chain, chain, persons
from pipeline.identity import Identity
from pipeline.loading import Job
from pipeline.rebuild import recorded_activities
from pipeline.store import Workspace
from tests.ui.shown import tables
from ui.data_steps import words
from ui.language import speaking

OpenApp = Callable[..., AppTest]
LOG = """case,event,time,mail,phone
1,Look,2026-01-01 10:00,a@x.vn,
1,look,2026-01-01 10:05,,0912345678
1,look,2026-01-01 10:05,,0912345678
1,Ping,2026-01-01 10:06,a@x.vn,
2,Buy,2026-01-02 10:00,a@x.vn,0912345678
2,Buy,2026-01-02 10:10,,
3,Look,never,b@x.vn,
"""


@pytest.fixture
def made(tmp_path: Path) -> Path:
    log, path = tmp_path / "log.csv", tmp_path / "made.duckdb"
    log.write_text(LOG, encoding="utf-8")
    with Workspace(path) as workspace:
        workspace.ingest(log, time="time")
    return path


def view(app: AppTest, name: str) -> AppTest:
    return app.segmented_control(key="data_view").set_value(name).run()


def texts(app: AppTest) -> str:
    return "\n".join(e.value for e in [*app.markdown, *app.caption, *app.success]).replace("\\", "")


def press(app: AppTest, key: str) -> AppTest:
    """Press a button, and wait for the job that it may start."""
    app.button(key=key).click().run()
    if "data_job" in app.session_state:
        assert app.session_state["data_job"].job.wait(60)
        app.run()
    assert not app.exception
    return app


def test_the_chain_of_numbers_leaves_nothing_out(made: Path) -> None:
    with Workspace(made) as workspace:
        assert chain(workspace) == Chain(7, 1, 0, 0, 0, 6, 2)
        meant = workspace.definition
        recipe = Recipe((Drop(("Ping",)), Group(("look",), "Look"), Collapse()))
        workspace.redefine(type(meant)("drop", Identity.of(["mail", "phone"]), None, None, recipe))
        found = chain(workspace)
        assert found == Chain(7, 1, 1, 1, 2, 2, 1)
        assert found.rows_in - found.rejected - found.duplicates - found.nameless - found.cleaned == found.events
        assert dict(recorded_activities(workspace).iter_rows()) == {"look": 2, "Buy": 2, "Look": 1, "Ping": 1}


def test_persons_are_tried_without_changing_anything(made: Path) -> None:
    with Workspace(made) as workspace:
        counts, tables = persons(workspace, Identity.of(["mail", "phone"]))
        assert (counts["n_ids"], counts["n_persons"], counts["n_joined"]) == (2, 1, 1)
        assert tables.persons["person"].to_list() == ["mail:a@x.vn"]
        assert queries.summary(workspace).journeys == 2
        assert workspace.definition.identity is None


def test_steps_are_said_in_words() -> None:
    with speaking("en"):
        assert words(Rename("a*", "b")) == "Rename “**a\\***” to “**b**”"
        assert words(Drop(("Ping", "x  y"))).replace("\\", "") == "Leave out “Ping”, “x␣␣y”"
        assert words(Collapse()).startswith("Count repeats of any activity")
        assert words(Group(tuple("abcdefgh"), "z")).count("“") == 7


def test_a_suggestion_is_taken_previewed_applied_and_taken_back(open_app: OpenApp, made: Path) -> None:
    app = view(open_app(made, "data"), "paths")
    assert "“Look”" in texts(app)
    press(app, "suggest_0")
    before_after = tables(app)[0]
    assert before_after.select("before", "after").rows() == [(6, 6), (2, 2), (2, 2), (4, 3)]
    press(app, "paths_apply")
    assert app.session_state["data_job"].job.state == "done"
    assert "Done: 2 journeys and 6 events" in texts(app)
    assert "These steps are applied." in texts(app)
    press(app, "step_out_0")
    press(app, "paths_apply")
    assert "Nothing is cleaned." in texts(app)


def test_steps_are_added_moved_and_kept_in_order(open_app: OpenApp, made: Path) -> None:
    app = view(open_app(made, "data"), "paths")
    app.segmented_control(key="step_kind").set_value("drop").run()
    app.multiselect(key="step_many").set_value(["Ping"]).run()
    press(app, "step_add")
    app.segmented_control(key="step_kind").set_value("rename").run()
    app.selectbox(key="step_one").set_value("Buy").run()
    app.text_input(key="step_target").input("Order").run()
    press(app, "step_add")
    assert app.session_state["paths_steps"]["steps"] == [Drop(("Ping",)), Rename("Buy", "Order")]
    press(app, "step_up_1")
    assert app.session_state["paths_steps"]["steps"] == [Rename("Buy", "Order"), Drop(("Ping",))]
    press(app, "steps_back")
    assert app.session_state["paths_steps"]["steps"] == []


def test_what_makes_a_journey_is_changed_and_shown(open_app: OpenApp, made: Path) -> None:
    app = open_app(made, "data")
    assert "A journey is one value of **case**." in texts(app)
    press(app, "definition_change")
    way = next(r.key for r in app.radio if r.key and r.key.endswith("_way"))
    app.radio(key=way).set_value("start").run()
    assert "Something is still to be chosen." in texts(app)
    start = next(s.key for s in app.selectbox if s.key and s.key.endswith("_start"))
    app.selectbox(key=start).set_value("look").run()
    press(app, "definition_apply")
    assert "With each “**look**” a new journey begins." in texts(app)
    with Workspace(made) as workspace:
        assert queries.summary(workspace).journeys == 4


def test_a_source_is_replaced(open_app: OpenApp, made: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("case,event,time\n9,Look,2026-01-01\n", encoding="utf-8")
    app = open_app(made, "data")
    press(app, "source_replace_0")
    assert "takes the place of **log.csv**" in app.info[0].value.replace("\\", "")
    app.text_input(key="load_path").input(str(other)).run()
    press(app, "load_go")
    with Workspace(made) as workspace:
        assert queries.sources(workspace)["name"].to_list() == ["other.csv"]
        assert queries.summary(workspace).events == 1


def test_a_job_at_work_is_shown_and_survives_another_page(open_app: OpenApp, made: Path) -> None:
    from ui.data_run import Running

    def wait(_workspace: Workspace, progress: object) -> None:
        until = time.monotonic() + 60
        while not job.stopping and time.monotonic() < until:
            time.sleep(0.02)
        raise KeyboardInterrupt

    app = open_app(made, "data")
    job = Job(wait, made.with_name("new.duckdb"), rows=1000)
    app.session_state["data_job"] = Running(job, "Loading *x*", str(made), ("x",))
    app.run()
    assert "Loading \\*x\\*" in "".join(m.value for m in app.markdown)
    assert [m.label for m in app.metric][:1] == ["Time so far"]
    assert not {"Rows so far", "Rows per second"} & {m.label for m in app.metric}
    assert app.get("progress")[0].proto.text == "Looking at the files …"
    job._progress(Message("Sorting events"), 0.6)
    app.run()
    assert [m.label for m in app.metric][:3] == ["Time so far", "Rows so far", "Rows per second"]
    assert app.get("progress")[0].proto.text == "60% · Sorting events …"
    assert not app.button(key="data_cancel").disabled
    app.switch_page("ui/explore_page.py").run()
    assert any("Loading" in m.value for m in app.sidebar.markdown)
    job.cancel()  # as its button does; what Data shows of the end at once is no news elsewhere
    assert job.wait(30)
    app.run()
    assert "Finished: see what it gave" in [link.proto.label for link in app.sidebar.get("page_link")]
    app.switch_page("ui/data_page.py").run()
    assert "Cancelled." in app.info[0].value
    app.switch_page("ui/explore_page.py").run()
    assert not app.sidebar.get("page_link")
    assert not made.with_name("new.duckdb").exists()


def test_ids_are_joined_over_a_file_and_parted_again(open_app: OpenApp, tmp_path: Path) -> None:
    path, crm = tmp_path / "web.duckdb", tmp_path / "crm.csv"
    crm.write_text("Card,E-Mail,Cookie\n1,a@x.vn,c1\n1,,c2\n", encoding="utf-8")
    log = tmp_path / "web.csv"
    log.write_text(
        "cookie,email,what,time\n"
        + "".join(f"c{n},,view,2026-01-0{n}\n" for n in (1, 2, 3))
        + ",z@x.vn,buy,2026-01-04\n"
    )
    with Workspace(path) as workspace:
        workspace.ingest(log, identity=["email", "cookie"], activity="what", time="time")
    app = open_app(path, "data")
    app.button(key="definition_change").click().run()
    field = next(e.key for e in app.text_input if e.key and e.key.endswith("_id_path"))
    app.text_input(key=field).input(str(tmp_path / "none.csv")).run()
    assert any("There is no file" in e.value for e in app.error)
    app.text_input(key=field).input(str(crm)).run()
    assert not app.exception
    assert "1 of 1 rows of the id table name somebody here." in texts(app)
    columns = next(e.key for e in app.multiselect if e.key and e.key.endswith("_columns"))
    app.multiselect(key=columns).set_value(["Card", "email", "cookie"]).run()
    assert "2 of 2 rows of the id table name somebody here." in texts(app)
    press(app, "definition_apply")
    assert "Ids are joined over **crm.csv**, too." in texts(app)
    with Workspace(path) as workspace:
        assert queries.journeys(workspace)["key"].to_list() == ["Card:1", "cookie:c3", "email:z@x.vn"]
    app.button(key="definition_change").click().run()
    assert "2 rows link Card, email, cookie; they are in the workspace" in texts(app)
    assert "This is how it is now." in texts(app)
    app.button(key=next(e.key for e in app.button if e.key and e.key.endswith("_id_drop"))).click().run()
    press(app, "definition_apply")
    with Workspace(path) as workspace:
        assert queries.summary(workspace).journeys == 4
        assert workspace.definition.id_table is None
