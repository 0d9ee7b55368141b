"""Journey maps in the files that people keep them in: YAML, JSON, tables, diagrams and nets."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from mining.errors import MapError, Problem
from mining.journey_map import JourneyMap
from mining.map_table import from_table, to_table
from mining.messages import N_, Message
from pipeline.store_faults import is_workspace

MAPS = (".yaml", ".yml", ".json")
TABLES = (".csv", ".xlsx")
MODELS = (".bpmn", ".pnml", ".ptml")
WRITTEN = (*MAPS, *TABLES, ".bpmn", ".pnml", ".mmd")

_DELIMITERS = ",;\t"
_MADE = datetime(2000, 1, 1, tzinfo=UTC)  # a spreadsheet must say when it was made; the same map gives the same bytes
_WIDTH, _WIDEST = 12, 60
Written = tuple[bytes, tuple[Message, ...]]
"""The content of a file, and what it does not hold of the map."""


def read_map_file(path: Path) -> JourneyMap:
    """Read a journey map from YAML, JSON, a table of touchpoints, or a model that is built from blocks.

    What a model says in another way than the map stands in the warnings of the map.

    Raises
    ------
    MapError, ModelError, SourceError
        When there is no such file, it is of another kind, or the map is not valid.
    """
    suffix = path.suffix.lower()
    if is_workspace(path):
        raise MapError(
            N_("{path} is a workspace, and a map is expected in its place. Check the order of the two."),
            path=path,
        )
    if suffix in MODELS:
        from mining.model_map import read_model_map

        plan, notes = read_model_map(path)
        return replace(plan, warnings=tuple(map(Problem, notes)))
    if suffix in TABLES and not path.is_file():
        raise MapError(N_("There is no map {path}. Check the name."), path=path)
    if suffix == ".csv":
        rows = _read_csv(path)
    elif suffix == ".xlsx":
        rows = _read_sheet(path)
    else:
        return JourneyMap.read(path)
    if not rows:
        raise MapError(N_("{name} is empty. Start from `desirepath map template list`."), name=path.name)
    return from_table(rows[0], rows[1:], path.name)


def _read_csv(path: Path) -> list[list[str]]:
    """Read a table parted by commas, semicolons or tabs, whichever its first line has most of."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise MapError(N_("{path} is not UTF-8 text. Save the map as UTF-8."), path=path) from None
    first = text.partition("\n")[0]
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=max(_DELIMITERS, key=first.count)))


def _read_sheet(path: Path) -> list[list[str]]:
    """Read the first sheet of a workbook."""
    from pipeline.sources.spreadsheet import cell_text, opened_book

    sheet = opened_book(path).get_sheet_by_index(0)
    above: list[list[str]] = [[]] * (sheet.start[0] if sheet.start else 0)
    return [*above, *([cell_text(value) or "" for value in row] for row in sheet.iter_rows())]


def map_content(plan: JourneyMap, suffix: str) -> Written:
    """Give what a file of the kind `suffix`, one of `WRITTEN`, holds for a map."""
    models: dict[str, Callable[[JourneyMap], Written]] = {".mmd": _mermaid, ".bpmn": _bpmn, ".pnml": _pnml}
    if suffix in models:
        return models[suffix](plan)
    if suffix in TABLES:
        return (_csv if suffix == ".csv" else _sheet)(*to_table(plan)), ()
    text = json.dumps(plan.as_dict(), ensure_ascii=False, indent=1) if suffix == ".json" else plan.to_yaml()
    return text.encode(), ()


def _csv(header: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """Write a table with the mark that tells spreadsheet programs that it is UTF-8."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([header, *rows])
    return text.getvalue().encode("utf-8-sig")


def _sheet(header: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """Write a workbook of one sheet; every cell is text, so that nothing in it is ever run."""
    import xlsxwriter

    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        book.set_properties({"created": _MADE})
        sheet, bold, wrapped = book.add_worksheet("map"), book.add_format({"bold": True}), book.add_format()
        wrapped.set_text_wrap()
        wrapped.set_align("top")
        for column, cells in enumerate(zip(header, *rows, strict=True)):
            longest = max(map(len, cells))
            sheet.set_column(column, column, min(max(longest, _WIDTH), _WIDEST), wrapped)
            for row, cell in enumerate(cells):
                sheet.write_string(row, column, cell, bold if row == 0 else wrapped)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, len(rows), len(header) - 1)
    return content.getvalue()


def _mermaid(plan: JourneyMap) -> Written:
    from mining.map_mermaid import to_mermaid

    note = Message(N_("Mermaid shows stages, touchpoints, feelings and actors; nothing else of the map is in it."))
    return to_mermaid(plan).encode(), (note,)


def _bpmn(plan: JourneyMap) -> Written:
    from mining.map_tree import map_to_tree
    from mining.model_writing import tree_to_bpmn

    tree, lost = map_to_tree(plan)
    return tree_to_bpmn(tree, plan.title.get()), lost


def _pnml(plan: JourneyMap) -> Written:
    from mining.map_tree import map_to_tree
    from mining.model_writing import net_to_pnml
    from mining.process_tree import tree_to_net

    tree, lost = map_to_tree(plan)
    return net_to_pnml(tree_to_net(tree), plan.title.get()), lost
