"""`desirepath map convert` and `map bind`: one map in many files."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import openpyxl
import pytest

from mining.errors import MapError, SourceError
from mining.journey_map import JourneyMap
from mining.model_writing import net_to_pnml, tree_to_bpmn
from mining.process_tree import CHOICE, PARALLEL, SEQUENCE, ProcessTree, tree_to_net
from pipeline.align import align
from pipeline.cli import main
from pipeline.map_files import MAPS, TABLES, map_content, read_map_file
from pipeline.store import Workspace

ROOT = Path(__file__).resolve().parents[2]
GYM = ROOT / "data" / "templates" / "gym.yaml"

SHOP = """
id: shop
title: {en: A shop, vi: Cửa hàng}
goal: buy
stages:
  - id: find
    may_skip: true
    steps: [{id: see, events: [See], repeatable: true}, {id: ask, events: [Phone, Mail], optional: true}]
  - id: get
    may_return_to: [find]
    steps: [{any_order: [{id: buy, events: [Buy]}, {id: fetch, events: [Fetch]}]}]
anywhere: [{id: help, events: [Help]}]
"""


def write(folder: Path, plan: JourneyMap, suffix: str) -> Path:
    file = folder / f"plan{suffix}"
    file.write_bytes(map_content(plan, suffix)[0])
    return file


@pytest.mark.parametrize("suffix", [*MAPS, *TABLES])
def test_what_is_written_reads_back_as_the_same_map(tmp_path: Path, suffix: str) -> None:
    plan = JourneyMap.read(GYM)
    assert read_map_file(write(tmp_path, plan, suffix)) == plan
    assert map_content(plan, suffix) == map_content(plan, suffix)


def test_a_table_is_what_spreadsheet_programs_read(tmp_path: Path) -> None:
    """Both readers of other makers see one table of texts; a formula in a title is nothing but its text."""
    plan = JourneyMap.parse("{id: m, goal: a, stages: [{id: s, steps: [{id: a, title: '=1+1', events: ['Mở thẻ']}]}]}")
    sheet = openpyxl.load_workbook(write(tmp_path, plan, ".xlsx")).active
    assert sheet is not None
    cells = [[cell.value or "" for cell in row] for row in sheet.iter_rows()]
    assert cells == [["stage", "id", "title", "events", "map id", "map goal"], ["s", "a", "=1+1", "Mở thẻ", "m", "a"]]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s"}
    with write(tmp_path, plan, ".csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == cells


def test_a_workbook_made_by_hand_is_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (
        ["stage", "id", "events", "milestone", "weight"],
        ["s", "a", 404, None, 2],
        [],
        ["s", "b", "B", True, 0.5],
    ):
        book.active.append(row)
    book.save(tmp_path / "hand made.xlsx")
    plan = read_map_file(tmp_path / "hand made.xlsx")
    assert (plan.id, plan.goal) == ("hand_made", "b")
    assert [(t.events[0].activity, t.milestone, t.weight) for t in plan.touchpoints()] == [
        ("404", False, 2.0),
        ("B", True, 0.5),
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_may_be_parted_by_what_the_country_uses(tmp_path: Path, delimiter: str) -> None:
    lines = [["stage", "id", "events", "milestone"], ["s", "a", "A", ""], ["s", "b", "Xem, rồi mua", "true"]]
    with (tmp_path / "plan.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(lines)
    assert [t.events[0].activity for t in read_map_file(tmp_path / "plan.csv").touchpoints()] == ["A", "Xem, rồi mua"]


@pytest.mark.parametrize("suffix", [".bpmn", ".pnml"])
def test_a_model_of_a_map_costs_what_the_map_costs(tmp_path: Path, suffix: str) -> None:
    """Maps are compiled in a way of their own; every journey must cost the same through the drawn blocks."""
    paths = ["SMBF", "BFSPFB", "S", "FB", "SSHBHF", "XBS", "BFSPMBF", "BSF"]
    names = {"S": "See", "M": "Mail", "P": "Phone", "B": "Buy", "F": "Fetch", "H": "Help", "X": "Other"}
    lines = [f"{n},{names[x]},2026-01-01T00:00:{at:02}" for n, p in enumerate(paths) for at, x in enumerate(p)]
    (tmp_path / "log.csv").write_text("\n".join(["case,activity,time", *lines]), encoding="utf-8")
    (tmp_path / "shop.yaml").write_text(SHOP, encoding="utf-8")
    file = write(tmp_path, JourneyMap.parse(SHOP), suffix)
    with Workspace() as ws:
        ws.ingest(tmp_path / "log.csv")
        plan, model = align(ws, tmp_path / "shop.yaml"), align(ws, file)
    assert plan.variants["cost"].to_list() == model.variants["cost"].to_list()
    assert sorted(plan.variants["cost"].to_list()) == [0, 0, 0, 0, 1, 1, 2, 3]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("gone.csv", None, r"There is no map .*gone\.csv"),
        ("gone.xlsx", None, r"There is no map .*gone\.xlsx"),
        ("empty.csv", b"", r"empty\.csv is empty"),
        ("latin.csv", "stage;Größe".encode("latin-1"), "is not UTF-8 text"),
        ("text.xlsx", b"stage,id", "cannot be read"),
        (
            "odd.csv",
            b"stage,id,evnts\ns,a,A",
            r"(?s)odd\.csv is not a table.*`evnts` is not known; did you mean `events`",
        ),
    ],
)
def test_what_is_no_map_is_refused(tmp_path: Path, name: str, content: bytes | None, said: str) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises((MapError, SourceError), match=said):
        read_map_file(tmp_path / name)


def test_convert_writes_once_and_says_what_is_lost(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    out = tmp_path / "gym.mmd"
    assert main(["map", "convert", str(GYM), str(out)]) == 0
    said = capsys.readouterr()
    assert said.out == f"Wrote {out}.\n"
    assert "note: Mermaid shows stages" in said.err
    assert out.read_text(encoding="utf-8").startswith("journey\n    title Gym membership\n")
    assert main(["map", "convert", str(GYM), str(out)]) == 1
    assert "is already there and is left as it is" in capsys.readouterr().err
    assert main(["map", "convert", str(GYM), str(tmp_path / "gym.bpmn"), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["schema"], document["map"], document["file"]) == ("desirepath/map-convert@1", "gym", "gym.bpmn")
    assert len(document["notes"]) == 3
    with pytest.raises(SystemExit):
        main(["map", "convert", str(GYM), str(tmp_path / "gym.doc")])


def test_bind_suggests_and_writes_a_map_to_read_over(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "map.yaml").write_text(
        "{id: m, goal: pay, stages: [{id: s, steps: "
        "[{id: call, title: Gọi điện}, {id: pay, events: [Pay]}, {id: x}]}]}",
        encoding="utf-8",
    )
    (tmp_path / "log.csv").write_text(
        "case,activity,time\n1,goi dien,2026-01-01\n1,Pay,2026-01-02\n1,Other,2026-01-03\n", encoding="utf-8"
    )
    arguments = ["map", "bind", str(tmp_path / "map.yaml"), str(tmp_path / "log.csv")]
    assert main([*arguments, "--json", "--out", str(tmp_path / "bound.yaml")]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "schema": "desirepath/map-bind@1",
        "map": "m",
        "suggestions": [{"touchpoint": "call", "activity": "goi dien", "by": "folded", "likeness": 1.0, "events": 1}],
        "unbound_touchpoints": ["x"],
        "unbound_activities": ["Other"],
    }
    bound = JourneyMap.read(tmp_path / "bound.yaml")
    assert [[b.activity for b in t.events] for t in bound.touchpoints()] == [["goi dien"], ["Pay"], []]
    assert main(arguments) == 0
    assert capsys.readouterr().out.splitlines() == [
        "Touchpoint       Activity  By                           Likeness  Events",
        "Gọi điện (call)  goi dien  the name, written otherwise      1.00       1",
        "Touchpoints without an event: x",
        "Activities without a touchpoint: Other",
    ]


@pytest.mark.parametrize("suffix", [".bpmn", ".pnml"])
def test_a_model_becomes_a_map_that_costs_the_same(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, suffix: str
) -> None:
    tree = ProcessTree(
        SEQUENCE,
        None,
        (
            ProcessTree(label="A"),
            ProcessTree(CHOICE, None, (ProcessTree(label="B"), ProcessTree())),
            ProcessTree(PARALLEL, None, (ProcessTree(label="C"), ProcessTree(label="D"))),
        ),
    )
    model = tmp_path / f"plan{suffix}"
    model.write_bytes(tree_to_bpmn(tree) if suffix == ".bpmn" else net_to_pnml(tree_to_net(tree)))
    paths = ["ABCD", "ADC", "BC", "AXCDD", "D"]
    lines = [f"{n},{x},2026-01-01T00:00:{at:02}" for n, p in enumerate(paths) for at, x in enumerate(p)]
    (tmp_path / "log.csv").write_text("\n".join(["case,activity,time", *lines]), encoding="utf-8")
    assert main(["map", "convert", str(model), str(tmp_path / "plan.yaml")]) == 0
    assert capsys.readouterr().err == ""
    with Workspace() as ws:
        ws.ingest(tmp_path / "log.csv")
        plan, as_it_is = align(ws, tmp_path / "plan.yaml"), align(ws, model)
    assert plan.variants["cost"].to_list() == as_it_is.variants["cost"].to_list()
    assert sorted(plan.variants["cost"].to_list()) == [0, 0, 2, 2, 2]


def test_a_model_that_is_no_map_says_what_takes_it(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    b = ProcessTree(label="B")
    model = tmp_path / "twice.pnml"
    model.write_bytes(net_to_pnml(tree_to_net(ProcessTree(SEQUENCE, None, (b, ProcessTree(label="A"), b)))))
    assert main(["map", "convert", str(model), str(tmp_path / "plan.yaml")]) == 1
    assert "these stand in several places: B. `desirepath align` takes the model" in capsys.readouterr().err
    assert not (tmp_path / "plan.yaml").exists()


@pytest.mark.parametrize("suffix", [".json", ".csv", ".xlsx"])
def test_every_command_takes_a_map_in_every_form(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, suffix: str
) -> None:
    plan = JourneyMap.parse(SHOP)
    (tmp_path / "log.csv").write_text(
        "case,activity,time\n1,See,2026-01-01\n1,Buy,2026-01-02\n2,Buy,2026-01-03\n2,Odd,2026-01-04\n", encoding="utf-8"
    )
    log = str(tmp_path / "log.csv")
    for command in (["compare", log], ["align", log], ["map", "check"]):
        said = []
        for file in (write(tmp_path, plan, ".yaml"), write(tmp_path, plan, suffix)):
            assert main([*command, str(file), "--json"]) == 0
            document = json.loads(capsys.readouterr().out)
            document.pop("file", None)
            document.get("alignment", {}).pop("seconds", None)
            said.append(document)
        assert said[0] == said[1]
