"""A file that links ids of one person: read as any log, kept with the workspace, followed by every later change."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import networkx as nx
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mining.errors import MappingError, SourceError, WorkspaceError
from pipeline import queries
from pipeline.chain import persons
from pipeline.cli import main
from pipeline.definition import Definition
from pipeline.identity import Identity
from pipeline.store import Workspace
from tests.pipeline.test_ingest import everything

QUICK = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
Write = Callable[..., Path]
IDS = ("card", "email", "cookie")
ROLES: dict[str, Any] = {"identity": IDS, "activity": "what", "time": "time"}
WEB = "cookie,what,time\nc1,view,2026-01-01\nc2,view,2026-01-02\nc3,view,2026-01-03\n"
SHOP = "card,what,time\n007,buy,2026-01-04\n8,buy,2026-01-05\n"
CRM = "Card,E-Mail,COOKIE,name\n007,an@x.vn,c1,An\n,AN@x.vn ,c2,An\n9,b@x.vn,,Bình\n,lone@x.vn,,Chi\n"


def keys(ws: Workspace) -> list[tuple[str, int]]:
    return queries.journeys(ws).select("key", "n_events").rows()


@pytest.fixture
def web(write: Write) -> Path:
    return write(WEB, "web.csv")


@pytest.fixture
def crm(write: Write) -> Path:
    return write(CRM, "crm.csv")


def test_ids_are_joined_over_a_table_on_load_and_on_append(
    workspace: Workspace, write: Write, web: Path, crm: Path
) -> None:
    report = workspace.ingest(web, identity_table=crm, **ROLES)
    assert keys(workspace) == [("card:007", 2), ("cookie:c3", 1)]
    assert "crm.csv: 2 of 3 rows that link ids name somebody in the log" in [str(w) for w in report.warnings]
    assert "5 ids are 2 persons, 1 of them known by several ids" in [str(w) for w in report.warnings]
    kept = workspace.definition.id_table
    assert kept is not None
    assert (kept.columns, kept.others, kept.rows) == (IDS, ("name",), 3)
    shop = write(SHOP, "shop.csv")
    crm.unlink()
    workspace.ingest(shop, append=True, activity="what", time="time")
    assert keys(workspace) == [("card:007", 3), ("card:8", 1), ("cookie:c3", 1)]
    crm.write_text(CRM, encoding="utf-8")
    with Workspace() as scratch:
        scratch.ingest(web, shop, identity_table=crm, **ROLES)
        assert everything(scratch) == everything(workspace)
    with closing(workspace.session()) as db:
        columns = {
            name for (name,) in db.rows("SELECT column_name FROM duckdb_columns() WHERE table_name = 'id_table'")
        }
        evidence = db.rows(
            "SELECT value_a, value_b, n_events, n_rows FROM kept_merges WHERE person = 'card:007' ORDER BY ALL"
        )
    assert columns == {"id_0", "id_1", "id_2"}  # no names, no addresses
    assert evidence == [("007", "an@x.vn", 0, 1), ("007", "c1", 0, 1), ("an@x.vn", "c1", 0, 1), ("an@x.vn", "c2", 0, 1)]


@pytest.mark.parametrize("suffix", [".parquet", ".xlsx", ".jsonl"])
def test_a_table_may_have_any_format(workspace: Workspace, web: Path, tmp_path: Path, suffix: str) -> None:
    frame = pl.DataFrame({"card": [7, 8], "cookie": ["c1", "c3"], "spent": [1.5, None]})
    path = tmp_path / f"crm{suffix}"
    {".parquet": frame.write_parquet, ".xlsx": frame.write_excel, ".jsonl": frame.write_ndjson}[suffix](path)  # type: ignore[operator]
    workspace.ingest(web, identity_table=path, **ROLES)
    assert keys(workspace) == [("card:7", 1), ("card:8", 1), ("cookie:c2", 1)]


def test_a_table_comes_later_and_goes_again(workspace: Workspace, web: Path, crm: Path) -> None:
    workspace.ingest(web, **ROLES)
    plain = workspace.definition
    change = workspace.redefine(plain, identity_table=crm, dry_run=True)
    assert (change.before.journeys, change.after.journeys, workspace.definition.id_table) == (3, 2, None)
    change = workspace.redefine(plain, identity_table=crm)
    assert workspace.definition == change.meant
    split = workspace.redefine(replace(change.meant, session_gap=3600.0))
    assert (split.after.journeys, keys(workspace)[0]) == (3, ("card:007/1", 1))
    workspace.redefine(plain)
    assert len(keys(workspace)) == 3
    with closing(workspace.session()) as db:
        assert db.value("SELECT count(*) FROM duckdb_tables() WHERE table_name LIKE '%id_table%'") == 0
    with pytest.raises(MappingError, match=r"The ids of crm.csv are not in the workspace. Give the file"):
        workspace.redefine(change.meant)
    assert workspace.definition == plain


def test_whom_a_table_would_join_is_shown_before(workspace: Workspace, web: Path, crm: Path) -> None:
    workspace.ingest(web, **ROLES)
    rule = Identity.of(IDS)
    assert persons(workspace, rule)[0]["n_persons"] == 3
    counts, tables = persons(workspace, rule, crm)
    assert (counts["n_persons"], counts["n_joined"], counts["n_rows"], counts["n_rows_used"]) == (2, 1, 3, 2)
    assert tables.merges["n_rows"].to_list() == [1, 1, 1, 1]
    kept = workspace.redefine(workspace.definition, identity_table=crm).meant.id_table
    assert persons(workspace, rule, kept)[0] == counts


def test_another_table_is_no_addition(workspace: Workspace, write: Write, web: Path, crm: Path) -> None:
    workspace.ingest(web, identity_table=crm, **ROLES)
    shop = write(SHOP, "shop.csv")
    other = write("card,cookie\n8,c1\n", "other.csv")
    with pytest.raises(WorkspaceError, match=r"identity table crm.csv"):
        workspace.ingest(shop, append=True, identity_table=other, **ROLES)
    same = write(CRM, "renamed.csv")
    assert workspace.ingest(shop, append=True, identity_table=same, **ROLES).journeys == 3


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("who,address\n1,Hà Nội\n", r"The ids are card, email, cookie; the columns of the file are who, address"),
        ("cookie,address\nc1,Hà Nội\n", r"two of its columns at least must be called like ids"),
        ("card,cookie\n1,\n,c2\n", r"crm.csv: no row has ids in two of the columns card, cookie"),
        (
            "card,cookie\n1,C1\n2,C2\n",
            r"No id of crm.csv is on any event, .* for example: cookie c1. Of the file: card 1, cookie C1",
        ),
    ],
)
def test_a_table_that_links_nothing_is_refused(
    workspace: Workspace, write: Write, web: Path, table: str, said: str
) -> None:
    with pytest.raises(MappingError, match=said):
        workspace.ingest(web, identity_table=write(table, "crm.csv"), **ROLES)
    assert workspace.is_empty
    workspace.ingest(web, **ROLES)
    with pytest.raises(MappingError, match=said):
        workspace.redefine(workspace.definition, identity_table=write(table, "crm.csv"))
    assert len(keys(workspace)) == 3


def test_what_a_table_needs_is_said(workspace: Workspace, write: Write, web: Path, crm: Path, tmp_path: Path) -> None:
    with pytest.raises(MappingError, match=r"crm.csv links ids. Name the columns of the person with --identity"):
        workspace.ingest(web, journey="cookie", activity="what", time="time", identity_table=crm)
    with pytest.raises(SourceError, match=r"nowhere\.csv"):
        workspace.ingest(web, identity_table=tmp_path / "nowhere.csv", **ROLES)
    with pytest.raises(SourceError, match="A table of ids is one file"):
        workspace.ingest(web, identity_table=tmp_path, **ROLES)
    workspace.ingest(web, identity_table=crm, **{**ROLES, "identity": ("card", "cookie")})
    known = workspace.definition
    with pytest.raises(MappingError, match=r"Of crm.csv, the column email was not kept"):
        workspace.redefine(replace(known, identity=Identity.of(IDS)))
    with pytest.raises(MappingError, match=r"of which fewer than two name the person now \(cookie\)"):
        replace(known, identity=Identity.of(["cookie"]))
    with pytest.raises(MappingError, match="links ids"):
        replace(known, identity=None)
    assert Definition.of(json.loads(json.dumps(known.as_dict()))) == known


EVENTS = st.lists(
    st.tuples(st.sampled_from(["", "1", "2"]), st.sampled_from(["", "a", "b", "c"]), st.integers(0, 100)),
    min_size=1,
    max_size=6,
).map(lambda rows: [*rows, ("1", "a", 0)])
TABLES = st.lists(
    st.tuples(st.sampled_from(["", "1", "2", "3"]), st.sampled_from(["", "a", "b", "x"])), min_size=1, max_size=4
).map(lambda rows: [*rows, ("3", "a")])


def saved(path: Path, head: str, rows: list[tuple[Any, ...]]) -> Path:
    path.write_text("\n".join([head, *(",".join(map(str, row)) for row in rows)]) + "\n", encoding="utf-8")
    return path


@QUICK
@given(
    files=st.lists(EVENTS, min_size=2, max_size=4, unique_by=str),
    tables=st.lists(TABLES, min_size=2, max_size=2, unique_by=str),
    data=st.data(),
)
def test_every_change_with_tables_equals_a_load_from_scratch(
    tmp_path: Path, files: list[list[Any]], tables: list[list[Any]], data: st.DataObject
) -> None:
    logs = [
        saved(tmp_path / f"{n}.csv", "card,cookie,time,what", [(a, b, 1_767_225_600 + s, "x") for a, b, s in rows])
        for n, rows in enumerate(files)
    ]
    known = [saved(tmp_path / f"ids{n}.csv", "card,cookie", rows) for n, rows in enumerate(tables)]
    roles: dict[str, Any] = {"identity": ["card", "cookie"], "activity": "what", "time": "time"}
    table = data.draw(st.sampled_from([None, *known]))
    gap = None
    there = [logs[0]]
    with Workspace() as ws:
        ws.ingest(logs[0], identity_table=table, **roles)
        for log in logs[1:]:
            do = data.draw(st.sampled_from(["append", "table", "no table", "split", "remove"]))
            if do == "table":
                table = data.draw(st.sampled_from(known))
                ws.redefine(ws.definition, identity_table=table)
            elif do == "no table":
                table = None
                ws.redefine(replace(ws.definition, id_table=None))
            elif do == "split":
                gap = data.draw(st.sampled_from([None, 30.0]))
                ws.redefine(replace(ws.definition, session_gap=gap))
            elif do == "remove" and len(there) > 1:
                ws.remove(there.pop(0).name)
            else:
                ws.ingest(log, append=True, session_gap=gap, **roles)
                there.append(log)
        with Workspace() as scratch:
            scratch.ingest(*there, identity_table=table, session_gap=gap, **roles)
            assert everything(ws) == everything(scratch)
            assert ws.definition == scratch.definition
        if gap is None:
            rows = [r[:2] for log in there for r in files[logs.index(log)]]
            rows += tables[known.index(table)] if table else []
            graph = nx.Graph()
            for card, cookie in rows:
                graph.add_nodes_from(id_ for id_ in (("card", card), ("cookie", cookie)) if id_[1])
                if card and cookie:
                    graph.add_edge(("card", card), ("cookie", cookie))
            seen = {id_ for log in there for r in files[logs.index(log)] for id_ in (("card", r[0]), ("cookie", r[1]))}
            assert len(keys(ws)) == sum(bool(part & seen) for part in nx.connected_components(graph))


def test_a_table_at_the_terminal(capsys: pytest.CaptureFixture[str], web: Path, crm: Path, tmp_path: Path) -> None:
    def run(*arguments: object) -> dict[str, Any]:
        assert main([*(str(a) for a in arguments), "--json"]) == 0
        found: dict[str, Any] = json.loads(capsys.readouterr().out)
        return found

    ws, ids = tmp_path / "w.duckdb", [part for name in IDS for part in ("--identity", name)]
    roles = ["--activity", "what", "--time", "time", "-w", ws]
    assert run("ingest", web, *ids, "--identity-table", crm, *roles)["journeys"] == 2
    assert run("info", ws)["definition"]["id_table"]["columns"] == list(IDS)
    assert main(["info", str(ws)]) == 0
    assert "crm.csv: card, email, cookie in 3 rows" in capsys.readouterr().out
    gone = run("define", ws, "--no-identity-table")
    assert (gone["definition"]["id_table"], gone["after"]["journeys"]) == (None, 3)
    back = run("define", ws, "--identity-table", crm)
    assert (back["definition"]["id_table"]["name"], back["after"]["journeys"]) == ("crm.csv", 2)
    assert run("define", ws, "--no-identity")["definition"]["id_table"] is None
