"""JSON Lines: one object per line. A line that is none is kept aside."""

from __future__ import annotations

import json
from collections.abc import Sequence

from mining.errors import SourceError
from mining.messages import N_
from pipeline.options import Reading
from pipeline.sources.raw import UNREADABLE_ROW, RawColumn, RawTable, Source, json_of_row
from pipeline.sources.text import prepare
from pipeline.store import QueryFault, Session, literal, quoted

NO_DELIMITER = "\x01"  # a control character: inside JSON it may only stand escaped


def read_jsonl(db: Session, source: Source, name: str, reading: Reading) -> RawTable:
    """Read JSON Lines; every value becomes text, as numbers and words may share a key. Nested values stay JSON.

    Raises
    ------
    SourceError
        When no line holds an object.
    """
    text = prepare(db, source.path)
    lines = quoted(name + "_lines")
    try:
        db.execute(
            f"CREATE TEMP TABLE {lines} AS SELECT line, "
            f"CASE WHEN json_valid(line) THEN json_type(line) = 'OBJECT' ELSE false END AS good "
            f"FROM read_csv({literal(str(text.place))}, auto_detect = false, header = false, quote = '', escape = '', "
            f"delim = '{NO_DELIMITER}', columns = {{'line': 'VARCHAR'}}, nullstr = '', null_padding = true)"
        )
    except QueryFault as fault:
        raise SourceError(N_("{path} cannot be read: {detail}"), path=source.path, detail=fault) from fault
    keys = _keys(db, lines)
    if not keys:
        raise SourceError(
            N_("{path} has no line with a JSON object. One object per line is expected, such as {example}."),
            path=source.path,
            example='{"case": "1", "activity": "visit", "time": "2026-01-31T08:00:00Z"}',
        )
    columns = tuple(RawColumn(key, f"c{i}", "VARCHAR") for i, key in enumerate(keys, start=1))
    _make_view(db, name, lines, columns)
    db.execute(
        f"CREATE TEMP TABLE {quoted(name + '_unread')} AS SELECT rowid + 1 AS line_no, "
        f"{literal(UNREADABLE_ROW)} AS reason, line AS raw FROM {lines} WHERE NOT good AND trim(line) <> ''"
    )
    return RawTable(
        source, name, columns, f"{name}_unread", json_of_row(columns), lambda rows: _lines(db, name, rows), text.notes
    )


def _keys(db: Session, lines: str) -> list[str]:
    """Give the keys of all objects, in the order in which they first appear."""
    found = db.rows(
        f"SELECT key, min(rowid) AS first, arg_min(place, rowid) AS place FROM (SELECT rowid, "
        f"unnest(json_keys(line)) AS key, generate_subscripts(json_keys(line), 1) AS place FROM {lines} WHERE good) "
        f"GROUP BY key ORDER BY first, place"
    )
    return [key for key, _, _ in found]


def _make_view(db: Session, name: str, lines: str, columns: Sequence[RawColumn]) -> None:
    """Take the objects apart once, into one column per key."""
    shape = literal(json.dumps({c.name: "VARCHAR" for c in columns}, ensure_ascii=False))
    rows = quoted(name + "_rows")
    values = ", ".join(f"nullif(o[{literal(c.name)}], '') AS {c.column}" for c in columns)
    db.execute(
        f"CREATE TEMP TABLE {rows} AS SELECT line_no, {values} FROM "
        f"(SELECT rowid + 1 AS line_no, from_json(line, {shape}) AS o FROM {lines} WHERE good)"
    )
    chosen = ", ".join(c.column for c in columns)
    db.execute(f"CREATE TEMP VIEW {quoted(name)} AS SELECT rowid AS row_no, {chosen} FROM {rows}")


def _lines(db: Session, name: str, rows: Sequence[int]) -> dict[int, int]:
    """Give the lines of rows."""
    found = db.rows(
        f"SELECT r.rowid, r.line_no FROM {quoted(name + '_rows')} AS r "
        "JOIN (SELECT unnest($rows) AS wanted) ON wanted = r.rowid",
        {"rows": list(rows)},
    )
    return dict(found)
