"""JSON in its usual forms: one object per line, an array of objects, objects one after the other, nested events.

Every value becomes text, as numbers and words may share a key; numbers keep all their digits. Objects inside objects
become columns with dotted names, lists of names and values likewise; other arrays stay JSON. Of a key that stands twice
in an object the first value counts.
"""

from __future__ import annotations

import json
import mmap
import re
from collections.abc import Sequence
from pathlib import Path
from typing import cast

from mining.errors import SourceError
from mining.messages import N_, Message
from pipeline.options import Reading
from pipeline.sources.json_columns import LARGE, Level, plan_of, sample_of, taken_apart
from pipeline.sources.json_shape import Node, nested_events
from pipeline.sources.lines import with_each_line
from pipeline.sources.raw import UNREADABLE_ROW, RawColumn, RawTable, Source, cannot_read, json_of_row, unique_names
from pipeline.sources.text import prepare
from pipeline.store import QueryFault, Session, literal, quoted

NO_EVENTS = N_("no array of events in this object")
LARGEST = 1 << 28  # bytes of one line or one object
LONGEST_OUTER = 4096  # bytes of a value that is repeated for every event inside its object
DEEPEST_EVENTS = 3


def read_json(db: Session, source: Source, name: str, reading: Reading) -> RawTable:
    """Read JSON.

    Raises
    ------
    SourceError
        When there is no object in it, or one that is too large or damaged.
    """
    text = prepare(db, source.path, reading.encoding, source.look)
    level = Level(db, f"{name}_text")
    lined = _load(db, source.path, text.place, text.head(), level.table)
    db.execute(f"CREATE TEMP TABLE {quoted(name + '_unread')} (line_no UBIGINT, reason VARCHAR, raw VARCHAR)")
    _set_aside(level, name)
    if not db.value(f"SELECT count(*) FROM {quoted(level.table)} WHERE good"):
        raise SourceError(
            N_("{path} has no line with a JSON object. One object per line is expected, such as {example}."),
            path=source.path,
            example='{"case": "1", "activity": "visit", "time": "2026-01-31T08:00:00Z"}',
        )
    if not lined:
        level.notes.append(
            Message(N_("{name}: its rows are counted from the first object, not by lines"), name=source.name)
        )
    shape = _at_events(level, name)
    if not _rows(level):
        raise SourceError(N_("{path} holds no events. Give a log with at least one event."), path=source.path)
    columns = _make_rows(level, name, shape)
    if not columns:
        raise SourceError(N_("{path}: none of its objects has a field. Check its content."), path=source.path)
    return RawTable(
        source,
        name,
        columns,
        f"{name}_unread",
        json_of_row(columns),
        lambda rows: _lines(db, name, rows),
        (*text.notes, *level.notes),
    )


def _at_events(level: Level, name: str) -> Node:
    """Go in to where one object is one event, and give the shape of these."""
    shape = sample_of(level)
    for depth in range(DEEPEST_EVENTS):
        events = nested_events(shape, _rows(level) == 1)
        if events is None:
            break
        _unnest(level, name, shape, events, f"{name}_inner{depth}")
        shape = sample_of(level)
    return shape


def _rows(level: Level) -> int:
    return int(level.db.value(f"SELECT count(*) FROM {quoted(level.table)} WHERE good"))


def _load(db: Session, path: Path, place: Path, head: str, table: str) -> bool:
    """Fill the table with the objects of the file; say whether its row numbers are lines."""
    form = _form(head)
    fault: QueryFault | None = None
    if form != "lines":
        options = f"format = '{form}', maximum_object_size = "
        for largest in (1 << 24, LARGEST):
            try:
                query = f"SELECT json AS line FROM read_json_objects({literal(str(place))}, {options}{largest})"
                _keep(db, table, query)
                return False
            except QueryFault as found:
                fault = found
                if "maximum_object_size" not in str(found):
                    break
        if form == "unstructured" or "maximum_object_size" in str(fault):
            raise _not_read(path, cast(QueryFault, fault)) from fault
    if not _load_lines(db, path, place, table) and fault is not None:
        raise _not_read(path, fault) from fault
    return True


def _load_lines(db: Session, path: Path, place: Path, table: str) -> bool:
    """Fill the table with the lines of the file; say whether any is an object."""
    room = f", max_line_size = {LARGEST}, buffer_size = {LARGEST + 1}" if _has_long_line(path, place) else ""
    try:
        with_each_line(place, lambda query: _keep(db, table, f"SELECT line FROM {query}"), room)
    except QueryFault as fault:
        raise _not_read(path, fault) from fault
    return bool(db.value(f"SELECT count(*) FROM {quoted(table)} WHERE good"))


def _has_long_line(path: Path, place: Path) -> bool:
    """Say whether a line needs more memory than usual; one that needs too much is refused."""
    long = False
    with place.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        start, size = 0, len(content)
        while size - start > LARGE:
            end = content.rfind(b"\n", start, start + LARGE)
            if end < 0:
                long = True
                end = content.find(b"\n", start + LARGE)
                if (end if end >= 0 else size) - start > LARGEST:
                    raise _too_large(path)
            start = end + 1 if end >= 0 else size
    return long


def _keep(db: Session, table: str, query: str) -> None:
    """Keep what `query` gives as ``line``, in its order, and whether it is an object."""
    db.execute(f"DROP TABLE IF EXISTS {quoted(table)}")
    db.execute(
        f"CREATE TEMP TABLE {quoted(table)} AS SELECT CAST(line AS VARCHAR) AS line, "
        f"CASE WHEN json_valid(line) THEN json_type(line) = 'OBJECT' ELSE false END AS good FROM ({query})"
    )


def _too_large(path: Path) -> SourceError:
    return SourceError(
        N_("{path} has a line or an object of more than {n} MB, too large for one event. Write one event per line."),
        path=path,
        n=LARGEST >> 20,
    )


def _not_read(path: Path, fault: QueryFault) -> SourceError:
    """Say where a file is no JSON; the file is named as the user knows it."""
    said = str(fault).splitlines()[0]
    if "maximum_object_size" in said or "max_line_size" in said or "Maximum line size" in said:
        return _too_large(path)
    detail = re.sub(r"^.*?in file \"[^\"]*\", (at )?", "", said)
    return cannot_read(path, detail.strip(" ."))


def _form(head: str) -> str:
    r"""Tell by its first part how a file puts its objects: ``lines``, an ``array``, or ``unstructured``.

    Examples
    --------
    >>> _form('{"a": 1}\n{"a": 2}\n'), _form(' [{"a": 1}]'), _form('{\n "a": 1\n}'), _form('{"a": 1}{"a": 2}')
    ('lines', 'array', 'unstructured', 'unstructured')
    """
    text = head.lstrip("\ufeff \t\r\n")
    if text.startswith("["):
        return "array"
    first, ended, _ = text.partition("\n")
    if not text.startswith("{") or not ended:
        return "unstructured" if _ends_early(first) else "lines"
    try:
        json.loads(first)
        return "lines"
    except (ValueError, RecursionError):
        opened = first.rstrip().endswith(("{", "[", ",", ":"))
        return "unstructured" if opened or _ends_early(text) else "lines"


def _ends_early(text: str) -> bool:
    """Say whether a first object ends and another follows in the same line, or it goes over several lines."""
    try:
        _, end = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return False
    return "\n" in text[:end] or text[end:].lstrip(" \t").startswith("{")


def _set_aside(level: Level, name: str) -> None:
    """Put what is no object among the unread rows."""
    level.db.execute(
        f"INSERT INTO {quoted(name + '_unread')} SELECT {level.number}, {literal(UNREADABLE_ROW)}, left(line, 100000) "
        f"FROM {quoted(level.table)} WHERE NOT good AND trim(line) <> ''"
    )


def _unnest(level: Level, name: str, shape: Node, events: str, table: str) -> None:
    """Go one level in: one row for each element of the array `events`, what stands beside the array carried along."""
    db = level.db
    plan = plan_of(level, shape, without=events)
    plan.shape[events] = ["JSON"]
    outer = [f"o{i}" for i in range(1, len(level.carried) + 1)]
    new = [f"o{i}" for i in range(len(outer) + 1, len(outer) + len(plan.leaves) + 1)]
    values = [
        f"CASE WHEN strlen({leaf.sql}) <= {LONGEST_OUTER} THEN {leaf.sql} END AS {o}"
        for leaf, o in zip(plan.leaves, new, strict=True)
    ]
    cut = " + ".join(
        ["0", *(f"coalesce(CAST(strlen({leaf.sql}) > {LONGEST_OUTER} AS INT), 0)" for leaf in plan.leaves)]
    )
    lists = quoted(f"{table}_lists")
    db.execute(
        f"CREATE TEMP TABLE {lists} AS SELECT {', '.join(['line_no', 'line', *outer, *values])}, {cut} AS cut, "
        f"o[{literal(events)}] AS items FROM ({taken_apart(level, plan)})"
    )
    db.execute(
        f"INSERT INTO {quoted(name + '_unread')} SELECT line_no, {literal(NO_EVENTS)}, left(line, 100000) FROM {lists} "
        "WHERE items IS NULL"
    )
    # in two steps, since one would read the whole object again for every two thousand elements
    db.execute(
        f"CREATE TEMP TABLE {quoted(table)} AS SELECT *, coalesce(json_type(line) = 'OBJECT', false) AS good FROM "
        f"(SELECT {', '.join(['line_no', *outer, *new])}, CAST(unnest(items) AS VARCHAR) AS line FROM {lists})"
    )
    _note_what_is_lost(level, lists)
    level.carried += [leaf.name for leaf in plan.leaves]
    for old in (lists, quoted(level.table)):
        db.execute(f"DROP TABLE {old}")
    level.table, level.number = table, "line_no"
    _set_aside(level, name)


def _note_what_is_lost(level: Level, lists: str) -> None:
    """Say how many objects had no event inside, and how many values around events were too long to be repeated."""
    empty, cut = level.db.rows(f"SELECT count(*) FILTER (len(items) = 0), sum(cut) FROM {lists}")[0]
    if empty:
        level.notes.append(Message(N_("Objects with an empty list of events: {n}"), n=empty))
    if cut:
        level.notes.append(
            Message(
                N_("{n} values beside lists of events are longer than {limit} bytes and were left out"),
                n=int(cut),
                limit=LONGEST_OUTER,
            )
        )


def _make_rows(level: Level, name: str, shape: Node) -> tuple[RawColumn, ...]:
    """Take the objects apart once, into one column per value."""
    db = level.db
    plan = plan_of(level, shape)
    names = unique_names([*level.carried, *(leaf.name for leaf in plan.leaves)])
    columns = tuple(RawColumn(n, f"c{i}", "VARCHAR") for i, n in enumerate(names, start=1))
    values = [*(f"o{i}" for i in range(1, len(level.carried) + 1)), *(leaf.sql for leaf in plan.leaves)]
    chosen = ", ".join(f"nullif({sql}, '') AS {c.column}" for sql, c in zip(values, columns, strict=True))
    rows = quoted(name + "_rows")
    db.execute(f"CREATE TEMP TABLE {rows} AS SELECT line_no, {chosen} FROM ({taken_apart(level, plan)})")
    db.execute(f"DROP TABLE {quoted(level.table)}")
    listed = ", ".join(c.column for c in columns)
    db.execute(f"CREATE TEMP VIEW {quoted(name)} AS SELECT rowid AS row_no, {listed} FROM {rows}")
    return columns


def _lines(db: Session, name: str, rows: Sequence[int]) -> dict[int, int]:
    """Give the lines of rows."""
    found = db.rows(
        f"SELECT r.rowid, r.line_no FROM {quoted(name + '_rows')} AS r "
        "JOIN (SELECT unnest($rows) AS wanted) ON wanted = r.rowid",
        {"rows": list(rows)},
    )
    return dict(found)
