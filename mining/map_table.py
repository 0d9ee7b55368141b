"""A journey map as a table, one row per touchpoint, for people who live in spreadsheets; nothing of it is lost.

Columns are called like the keys of the map file. What a stage says stands in columns ``stage ...`` of its first row,
what the map says in columns ``map ...`` of the first row of all. Texts in several languages have a column each
(``title vi``), several values of a cell are parted by semicolons, and what does not fit that is JSON. ``block`` tells
which choice, any order or sequence a touchpoint stands in, from the outside in: ``choice 1 > sequence 2?+`` (``?``
optional, ``+`` repeatable).
"""

from __future__ import annotations

import difflib
import itertools
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mining.errors import MapError, Problem
from mining.journey_map import BLOCKS, JourneyMap
from mining.map_reader import STAGE, TOP, TOUCHPOINT
from mining.messages import N_, Message

ANYWHERE = "(anywhere)"
_LISTS = {"events", "channel", "doing", "thinking", "need", "personas", "may_return_to", "tactics"}
_APART = ("schema", "stages", "anywhere")
_PLAIN = {"map": set(TOP) - {"stages", "anywhere"}, "stage": set(STAGE) - {"steps"}, "": set(TOUCHPOINT) | {"block"}}
_SEGMENT = re.compile(rf"({'|'.join(BLOCKS)})\s*\w*\s*([?+]*)")
_YAML_BREAKS = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")

Row = dict[str, str]


def to_table(plan: JourneyMap) -> tuple[list[str], list[list[str]]]:
    """Give header and rows of a map; columns that would be empty are left out."""
    document = plan.as_dict()
    rows = list(_rows(document))
    columns = list(dict.fromkeys(name for row in rows for name, cell in row.items() if cell))
    order = {name: n for n, name in enumerate(dict.fromkeys(["stage", "block", *TOUCHPOINT, *STAGE, *TOP]))}

    def place(column: str) -> tuple[int, int, str]:
        part, key, name = _parted(column)
        return ("", "stage", "map").index(part), order[key], name

    columns.sort(key=place)
    return columns, [[row.get(name, "") for name in columns] for row in rows]


def _rows(document: Mapping[str, Any]) -> Iterator[Row]:
    top = _cells("map ", {key: value for key, value in document.items() if key not in _APART})
    counter = itertools.count(1)
    for stage in document["stages"]:
        said = _cells("stage ", {key: value for key, value in stage.items() if key not in ("id", "steps")})
        for block, touchpoint in _opened(stage.get("steps", []), "", counter) or [("", {})]:
            yield {"stage": stage["id"], "block": block, **_cells("", touchpoint), **said, **top}
            top, said = {}, {}
    for touchpoint in document.get("anywhere", []):
        yield {"stage": ANYWHERE, **_cells("", touchpoint)}


def _opened(steps: Sequence[Mapping[str, Any]], outer: str, counter: Iterator[int]) -> list[tuple[str, Any]]:
    """Give every touchpoint with the blocks it stands in."""
    found: list[tuple[str, Any]] = []
    for step in steps:
        kind = next((kind for kind in BLOCKS if kind in step), None)
        if kind is None:
            found.append((outer, step))
            continue
        signs = "?" * bool(step.get("optional")) + "+" * bool(step.get("repeatable"))
        name = f"{kind} {next(counter)}{signs}"
        found += _opened(step[kind], f"{outer} > {name}" if outer else name, counter)
    return found


def _cells(prefix: str, fields: Mapping[str, Any]) -> Row:
    """Give the cells of one part; values under names get a column each."""
    cells: Row = {}
    for key, value in fields.items():
        if isinstance(value, Mapping) and all(isinstance(part, str | int | float) for part in value.values()):
            cells.update({f"{prefix}{key} {name}": _cell(part) for name, part in value.items()})
        else:
            cells[f"{prefix}{key}"] = _cell(value)
    return cells


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and value.strip()[:1] not in ("[", "{", '"') and value == value.strip():
        return value
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list) and all(_is_word(item) for item in value):
        return "; ".join(value)
    return json.dumps(value, ensure_ascii=False)


def _is_word(item: Any) -> bool:
    return isinstance(item, str) and item == item.strip() != "" and ";" not in item and item[0] not in '[{"'


def from_table(header: Sequence[str], rows: Sequence[Sequence[str]], name: str) -> JourneyMap:
    """Read a map from a table.

    Parameters
    ----------
    header : sequence of str
        Names of the columns; those without a name are passed over.
    rows : sequence of sequence of str
        One per touchpoint; empty ones are passed over.
    name : str
        What the map is called in errors, and its id where no column says another.

    Raises
    ------
    MapError
        With every problem and its row, counted as a spreadsheet counts: the header is row 1.
    """
    columns = [" ".join(column.split()) for column in header]
    problems = [*_unknown(columns)]
    if problems:
        raise MapError(N_("{name} is not a table of touchpoints"), name=name, problems=problems)
    table = [{column: cell.strip() for column, cell in zip(columns, row, strict=False) if column} for row in rows]
    return JourneyMap.parse("\n".join(_lines(table, name)), name)


def _unknown(columns: Sequence[str]) -> Iterator[Problem]:
    """Name the columns that mean nothing, and ask for the one that tells the stages."""
    if "stage" not in columns:
        yield Problem(Message(N_("There is no column `stage`, which tells the stage of each touchpoint.")), 1)
    for column in columns:
        part, key, _ = _parted(column)
        if column and column != "stage" and key not in _PLAIN[part]:
            near = difflib.get_close_matches(key, _PLAIN[part], 1)
            hint = Message(N_("; did you mean `{near}`?"), near=near[0]) if near else ""
            yield Problem(Message(N_("the column `{column}` is not known{hint}"), column=column, hint=hint), 1)


def _parted(column: str) -> tuple[str, str, str]:
    """Part the name of a column into what it belongs to, its key, and the name under that key."""
    first, _, rest = column.partition(" ")
    part = first if first in ("map", "stage") and rest else ""
    key, _, name = (rest if part else column).partition(" ")
    return part, key, name


def _lines(table: Sequence[Row], name: str) -> Iterator[str]:
    """Write the table as JSON in which every row stands on the line of its number, so that problems name rows."""
    filled = [row for row in table if any(row.values())]
    top = {
        "id": re.sub(r"[^\w.-]+", "_", name.rpartition(".")[0] or name),
        **_fields(filled[0] if filled else {}, "map"),
    }
    writer = _Writer()
    yield f'{{{_json(top)[1:-1]}, "stages": ['
    for row in table:
        yield writer.row(row) if any(row.values()) else ""
    yield writer.close() + "}"


class _Writer:
    """Opens and closes stages and blocks as rows come along."""

    def __init__(self) -> None:
        self.stage: str | None = None
        self.blocks: list[str] = []
        self.comma = ""

    def row(self, row: Row) -> str:
        said = ""
        if row.get("stage") != self.stage:
            said += self._stage(row)
        wanted = [segment.strip() for segment in row.get("block", "").split(">") if segment.strip()]
        shared = sum(
            1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], zip(self.blocks, wanted, strict=False))
        )
        said += self._closed(shared)
        for segment in wanted[shared:]:
            found = _SEGMENT.fullmatch(segment)
            said += f"{self.comma}{{{_json(found[1] if found else segment)}: ["
            self.blocks.append(segment)
            self.comma = ""
        touchpoint = {key: value for key, value in _fields(row, "").items() if key not in ("stage", "block")}
        if touchpoint:
            said += self.comma + _json(touchpoint)
            self.comma = ", "
        return said

    def _closed(self, depth: int) -> str:
        """Close blocks until `depth` are open."""
        said = ""
        while len(self.blocks) > depth:
            found = _SEGMENT.fullmatch(self.blocks.pop())
            signs = found[2] if found else ""
            flags = {"?": ', "optional": true', "+": ', "repeatable": true'}
            said += "]" + "".join(flag for sign, flag in flags.items() if sign in signs) + "}"
            self.comma = ", "
        return said

    def _stage(self, row: Row) -> str:
        said = self._closed(0)
        if row.get("stage") == ANYWHERE:
            said += ("]}" if self.stage is not None else "") + '], "anywhere": ['
        else:
            fields = {"id": row.get("stage", ""), **_fields(row, "stage")}
            said += ("]}, " if self.stage is not None else "") + f'{{{_json(fields)[1:-1]}, "steps": ['
        self.stage, self.comma = row.get("stage", ""), ""
        return said

    def close(self) -> str:
        """Close all that is open."""
        ends = {None: "]", ANYWHERE: "]"}
        return self._closed(0) + ends.get(self.stage, "]}]")


def _fields(row: Row, part: str) -> dict[str, Any]:
    """Give what the cells of a row say about the map, the stage or the touchpoint."""
    fields: dict[str, Any] = {}
    for column, cell in row.items():
        belongs, key, name = _parted(column)
        if not cell or belongs != part or column == "stage":
            continue
        value = _value(cell, key)
        if name:
            under = fields.setdefault(key, {})
            if isinstance(under, dict):
                under[name] = value
        else:
            fields[key] = value
    return fields


def _value(cell: str, key: str) -> Any:
    if cell[0] in '[{"':
        try:
            return json.loads(cell)
        except ValueError:
            return cell
    if key in _LISTS and ";" in cell:
        return [part.strip() for part in cell.split(";") if part.strip()]
    return cell


def _json(value: Any) -> str:
    """Write a value on one line of what YAML, too, takes for one line."""
    text = json.dumps(value, ensure_ascii=False)
    return _YAML_BREAKS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
