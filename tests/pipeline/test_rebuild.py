"""What a workspace says after files were added, replaced and removed, or journeys defined otherwise, and back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mining.errors import MappingError, WorkspaceError
from mining.recipe import Recipe
from pipeline import queries
from pipeline.definition import Definition
from pipeline.identity import Identity
from pipeline.store import Workspace
from tests.pipeline.test_ingest import ROLES, everything

QUICK = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
VALUES = st.sampled_from(["", "1", "2.5", "x", "true", "2026-01-01T00:00:00Z"])
ROWS = st.lists(
    st.tuples(
        st.sampled_from("ab"),
        st.sampled_from(["go", "Gọi", "buy"]),
        st.one_of(st.integers(0, 300), st.integers(0, 300), st.none()),
        VALUES,
        VALUES,
    ),
    min_size=1,
    max_size=8,
).filter(lambda rows: any(row[2] is not None for row in rows))
FILES = st.lists(ROWS, min_size=1, max_size=4, unique_by=str)
DEFINITIONS = st.builds(
    Definition,
    duplicates=st.sampled_from(["keep", "drop"]),
    session_gap=st.sampled_from([None, 30.0]),
    start_activity=st.sampled_from([None, "buy"]),
    recipe=st.sampled_from(
        [
            Recipe(),
            Recipe.parse("[{rename: {from: go, to: Gọi}}, {collapse: all}]"),
            Recipe.parse("[{drop: [b*]}]"),
            Recipe.parse("[{trim: {from: [go]}}, {collapse: all}]"),
            Recipe.parse("[{collapse: [go]}, {group: {activities: [go, buy], to: all}}, {collapse: all}]"),
        ]
    ),
)
Row = tuple[str, str, int | None, str, str]


def written(folder: Path, rows: list[Row], n: int) -> Path:
    """Write a file; two columns hold values of any type, and one column is there in some files only."""
    extra = f"extra_{n % 2}"
    lines = [f"case,activity,time,value,{extra}"]
    lines += [f"{c},{a},{'' if s is None else 1_767_225_600 + s},{v},{w}" for c, a, s, v, w in rows]
    path = folder / f"{n}.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def options(meant: Definition) -> dict[str, object]:
    """Say a definition as the options of a load, without the recipe."""
    roles: dict[str, object] = {**ROLES, "undated": "keep"}
    if meant.splits:
        roles["customer"] = roles.pop("journey")
        roles |= {"session_gap": meant.session_gap, "start_activity": meant.start_activity}
    return {**roles, "duplicates": meant.duplicates}


def from_scratch(files: list[Path], meant: Definition) -> dict[str, object]:
    with Workspace() as ws:
        if files:
            ws.ingest(*files, **options(meant))  # type: ignore[arg-type]
        ws.redefine(meant)
        return everything(ws)


@QUICK
@given(contents=FILES, meant=DEFINITIONS, data=st.data())
def test_every_change_equals_a_load_from_scratch(
    tmp_path: Path, contents: list[list[Row]], meant: Definition, data: st.DataObject
) -> None:
    files = [written(tmp_path, rows, n) for n, rows in enumerate(contents)]
    with Workspace() as ws:
        there: list[Path] = []
        ws.ingest(files[0], **options(meant))  # type: ignore[arg-type]
        ws.redefine(meant)
        there.append(files[0])
        for file in files[1:]:
            do = data.draw(st.sampled_from(["append", "append", "replace", "remove"]))
            if do == "remove" and len(there) > 1:
                gone = data.draw(st.sampled_from(there))
                ws.remove(gone.name)
                there.remove(gone)
            elif do == "replace":
                gone = data.draw(st.sampled_from(there))
                ws.ingest(file, replace=gone.name, **options(meant))  # type: ignore[arg-type]
                there = [f for f in there if f != gone] + [file]
            else:
                ws.ingest(file, append=True, **options(meant))  # type: ignore[arg-type]
                there.append(file)
        assert everything(ws) == from_scratch(there, meant)
        assert queries.sources(ws)["name"].to_list() == [f.name for f in there]


@QUICK
@given(contents=FILES, one=DEFINITIONS, other=DEFINITIONS)
def test_a_definition_and_back_again_changes_nothing(
    tmp_path: Path, contents: list[list[Row]], one: Definition, other: Definition
) -> None:
    files = [written(tmp_path, rows, n) for n, rows in enumerate(contents)]
    with Workspace() as ws:
        ws.ingest(*files, **ROLES, undated="keep")
        ws.redefine(one)
        before = everything(ws)
        ws.redefine(other)
        ws.redefine(one)
        assert everything(ws) == before
        assert ws.definition == one
        ws.redefine(Definition())
        assert everything(ws) == from_scratch(files, Definition())


@QUICK
@given(rows=ROWS)
def test_collapsing_keeps_the_number_of_repeats(tmp_path: Path, rows: list[Row]) -> None:
    with Workspace() as ws:
        rows = [(*row[:2], row[2] or 0, *row[3:]) for row in rows]
        ws.ingest(written(tmp_path, rows, 0), **ROLES)
        ws.redefine(Definition(recipe=Recipe.parse("[{collapse: all}]")))
        found = queries.timeline(ws, ["a", "b"]).select("key", "activity", "repeats").rows()
    expected = []
    for key in "ab":
        events = sorted((s, n, a) for n, (c, a, s, _, _) in enumerate(rows) if c == key)
        expected += [(key, a, len(list(run))) for a, run in groupby(activity for _, _, activity in events)]
    assert found == expected


def test_events_are_numbered_on_from_those_a_recipe_left_out(workspace: Workspace, tmp_path: Path) -> None:
    meant = Definition(recipe=Recipe.parse("[{collapse: all}]"))
    first = written(tmp_path, [("a", "go", 0, "", ""), ("a", "go", 0, "", ""), ("a", "go", 0, "", "")], 0)
    second = written(tmp_path, [("a", "buy", 0, "", ""), ("a", "go", 0, "", "")], 1)
    workspace.ingest(first, **ROLES)
    workspace.redefine(meant)
    workspace.ingest(second, append=True, **ROLES)
    found = queries.timeline(workspace, ["a"]).select("activity", "repeats").rows()
    assert found == [("go", 3), ("buy", 1), ("go", 1)]


def test_dropped_events_and_journeys_come_back(workspace: Workspace, write: Callable[..., Path]) -> None:
    workspace.ingest(write("case,activity,time\n1,ping,2026-01-01\n2,go,2026-01-01\n2,ping,2026-01-02\n"), **ROLES)
    meant = Definition(recipe=Recipe.parse("[{drop: [ping, pong]}]"))
    rehearsed = workspace.redefine(meant, dry_run=True)
    assert (rehearsed.before.events, rehearsed.after.events, rehearsed.after.journeys) == (3, 1, 1)
    assert [str(note) for note in rehearsed.notes] == ["step 1: no activity is called 'pong'"]
    assert queries.summary(workspace).events == 3
    workspace.redefine(meant)
    assert (queries.summary(workspace).events, queries.summary(workspace).activities) == (1, 1)
    workspace.redefine(Definition())
    assert (queries.summary(workspace).events, queries.summary(workspace).journeys) == (3, 2)


def test_persons_are_joined_on_load_and_on_append(workspace: Workspace, write: Callable[..., Path]) -> None:
    ids = ("email", "phone", "cookie")
    web = write(
        "cookie,email,what,time\nc1,,view,2026-01-01\nc1,an@x.vn,login,2026-01-02\nc2,,view,2026-01-03\n", "web.csv"
    )
    shop = write(
        "phone,email,what,time\n0903 111 222,AN@x.vn,buy,2026-01-04\n"
        ",,walk in,2026-01-05\n,unknown,walk in,2026-01-05\n",
        "shop.csv",
    )
    workspace.ingest(web, identity=ids, activity="what", time="time")
    assert queries.journeys(workspace).select("key", "n_events").rows() == [("cookie:c2", 1), ("email:an@x.vn", 2)]
    report = workspace.ingest(shop, activity="what", time="time", append=True)
    assert report.reasons == {"missing journey": 2}
    assert queries.journeys(workspace).select("key", "n_events").rows() == [("cookie:c2", 1), ("email:an@x.vn", 3)]
    workspace.remove("web.csv")
    assert queries.journeys(workspace)["key"].to_list() == ["email:an@x.vn"]
    with pytest.raises(MappingError, match="has none of the columns email, phone, cookie"):
        workspace.ingest(write("who,what,time\n1,x,2026-01-01\n", "o.csv"), activity="what", time="time", append=True)


def test_another_identity_can_be_tried_without_reading_again(workspace: Workspace, write: Callable[..., Path]) -> None:
    workspace.ingest(
        write("id,phone,what,time\n1,0903111222,view,2026-01-01\n2,+84 903 111 222,buy,2026-01-02\n"),
        journey="id",
        activity="what",
        time="time",
        attributes=["id", "phone"],
    )
    joined = replace(workspace.definition, identity=Identity.of(["phone"]))
    change = workspace.redefine(joined)
    assert (change.before.journeys, change.after.journeys) == (2, 1)
    assert "1 ids are 1 persons" in str(change.notes[0])


def test_unknown_sources_are_named(workspace: Workspace, write: Callable[..., Path]) -> None:
    file = write("case,activity,time\n1,x,2026-01-01\n", "one.csv")
    workspace.ingest(file, **ROLES)
    with pytest.raises(WorkspaceError, match=r"no source 'two.csv' in the workspace. It has: one.csv"):
        workspace.remove("two.csv")
    with pytest.raises(WorkspaceError, match=r"no source 'two.csv'"):
        workspace.ingest(write("case,activity,time\n1,y,2026-01-01\n", "3.csv"), replace="two.csv", **ROLES)


def test_removing_all_leaves_an_empty_log(tmp_path: Path, write: Callable[..., Path]) -> None:
    with Workspace(tmp_path / "w.duckdb") as ws:
        ws.ingest(write("case,activity,time,n\n1,x,2026-01-01,5\n,x,2026-01-01,5\n", "one.csv"), **ROLES)
        ws.remove("one.csv")
        assert ws.is_empty
        assert queries.summary(ws).events == 0
        assert queries.edges(ws).is_empty()
        assert queries.rejects(ws).is_empty()
    with duckdb.connect(str(tmp_path / "w.duckdb")) as connection:
        assert connection.execute("SELECT count(*) FROM source_attributes").fetchall() == [(0,)]
