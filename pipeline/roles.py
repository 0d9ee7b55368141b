"""The SQL of the roles of a row: its journey key, what happened, and when."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.mapping import Mapping
from pipeline.sources import RawColumn, RawTable
from pipeline.store import literal, quoted
from pipeline.times import TimeReading

BLANKS = " \t\r\n\u00a0"


def journey(raw: RawTable, mapping: Mapping) -> str:
    """Give the SQL of the journey key: text, null when nothing of it is there."""
    return _joined(_columns(raw, mapping.journey))


def activity(raw: RawTable, mapping: Mapping) -> str:
    """Give the SQL of the name of what happened: text, null when nothing of it is there."""
    return _joined(_columns(raw, mapping.activity))


def time(raw: RawTable, mapping: Mapping, times: TimeReading | None) -> tuple[str, str]:
    """Give the SQL of the time, and of whether the row has one at all."""
    if not mapping.time or times is None:
        return "NULL", "false"
    column = _columns(raw, mapping.time)[0]
    name = quoted(column.column)
    return times.sql, f"coalesce(trim({name}) <> '', false)" if column.is_text else f"{name} IS NOT NULL"


def _columns(raw: RawTable, names: Sequence[str]) -> list[RawColumn]:
    by_name = {c.name: c for c in raw.columns}
    return [by_name[name] for name in names]


def _joined(columns: Sequence[RawColumn]) -> str:
    values = [_text(column) for column in columns]
    return values[0] if len(values) == 1 else f"nullif(concat_ws(' ', {', '.join(values)}), '')"


def _text(column: RawColumn) -> str:
    """Give the SQL of a value as text without surrounding blanks, null when nothing is left."""
    return f"nullif(trim(CAST({quoted(column.column)} AS VARCHAR), {literal(BLANKS)}), '')"
