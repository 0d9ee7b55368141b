"""Names from logs and maps are text in every form of a report, and never anything else."""

from __future__ import annotations

import io
import json
import re

import openpyxl
import pytest
from lxml import html

from pipeline.names import END_OF_ISOLATE, ISOLATE
from pipeline.report import Report
from tests.pipeline import pdf_text
from tests.pipeline.reports import ROLES, opened

HOSTILE = [
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "\"quoted\" 'name' & co </title></style></svg>",
    '#read("/etc/passwd") #eval("1") $x^2$ *bold* <label> @ref \\#',
    '=HYPERLINK("http://example.org","x")',
    "+1+cmd|' /C calc'!A0",
    "@SUM(A1)",
    "😀 smile",
    "مرحبا بالعالم",
    "turn \u202e around",
    "long " + "x" * 300,
    "{{ 7 * 7 }} {% raw %}",
]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """A report in which every name is out to do harm: activities, journeys, titles, conditions."""
    log = tmp_path_factory.mktemp("hostile") / "=log <b>.csv"
    rows = ["case,activity,time"]
    for number, name in enumerate(HOSTILE):
        quoted = '"' + name.replace('"', '""') + '"'
        rows += [f"{quoted},Look,2026-01-0{k} 10:00" for k in (1, 2)]
        rows += [f"{quoted},{quoted},2026-01-03 1{number % 10}:00", f"{quoted},Pay,2026-01-04 10:00"]
    log.write_text("\n".join(rows) + "\n", encoding="utf-8")
    steps = [{"id": f"t{n}", "title": name, "events": [f"never {n}"]} for n, name in enumerate(HOSTILE)]
    look = {"id": "look", "title": HOSTILE[0], "events": ["Look"], "milestone": True}
    plan = {
        "id": "shop",
        "title": HOSTILE[0] + HOSTILE[2],
        "goal": "pay",
        "stages": [
            {"id": "a", "title": HOSTILE[2], "steps": [look, *steps], "questions": [{"text": HOSTILE[0]}]},
            {"id": "b", "title": HOSTILE[3], "steps": [{"id": "pay", "events": ["Pay"], "milestone": True}]},
        ],
    }
    return opened(log, json.dumps(plan, ensure_ascii=False), **ROLES)


def test_names_are_text_on_the_page(hostile: Report) -> None:
    tree = html.document_fromstring(hostile.to_html())
    said = tree.text_content().replace(ISOLATE, "").replace(END_OF_ISOLATE, "")
    for name in HOSTILE:
        assert name in said, name
    assert not list(tree.iter("script", "img", "label"))
    assert not [name for element in tree.iter() for name in element.attrib if name.startswith("on")]
    assert len(tree.findall(".//style")) == 1


def test_what_turns_a_text_around_ends_with_its_name(hostile: Report) -> None:
    page = hostile.to_html()
    text = html.document_fromstring(page).xpath("//main//*[not(ancestor-or-self::pre or ancestor::svg)]/text()")
    for piece in (piece for piece in text if "\u202e" in piece):
        depth = 0
        for sign in piece:
            depth += {ISOLATE: 1, END_OF_ISOLATE: -1}.get(sign, 0)
            assert sign != "\u202e" or depth > 0, piece
        assert depth == 0


def test_names_are_text_in_cells(hostile: Report) -> None:
    book = openpyxl.load_workbook(io.BytesIO(hostile.to_xlsx()))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert not [cell for cell in cells if cell.hyperlink]
    values = {str(cell.value).replace(ISOLATE, "").replace(END_OF_ISOLATE, "") for cell in cells}
    assert set(HOSTILE) <= values


def test_names_are_text_on_paper(hostile: Report) -> None:
    said = pdf_text.text(hostile.to_pdf())
    squeezed = re.sub(r"\s+", "", said).replace("\u200b", "")
    for name in HOSTILE[:6]:
        assert re.sub(r"\s+", "", name) in squeezed, name
    assert "root:" not in said
