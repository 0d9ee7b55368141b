"""Tables with a row per journey and a column for each moment of it (ordered at, paid at, sent at): each is an event."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from mining.errors import MappingError, Problem
from mining.messages import N_, Message
from pipeline.columns import presets
from pipeline.columns.guessing import Guess
from pipeline.options import Choices
from pipeline.sources import RawColumn, RawTable
from pipeline.sources.raw import unique_names
from pipeline.store import Session, literal, quoted

EVENT, TIME = "moment_event", "moment_time"


def named(column: str) -> str:
    """Give the name of the event whose time a column holds.

    Examples
    --------
    >>> named("Paid at"), named("date_registration"), named("createdAt"), named("ngày tạo")
    ('Paid', 'registration', 'created', 'tạo')
    """
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", column).replace("_", " ")
    bare = re.sub(r"(?i)^(date|time|ngày|giờ|thời gian)\b(?: of)?|\b(at|on|date|time|timestamp|datetime)$", "", parted)
    return bare.strip() or column


def of_choices(db: Session, raw: RawTable, choices: Choices) -> RawTable:
    """Unfold a table where that was asked for, or where its preset says so and nobody said what is the time."""
    found = moments_of(raw, choices)
    return unfolded(db, raw, found, told_once_by=_object(raw, choices)) if found else raw


def moments_of(raw: RawTable, choices: Choices) -> Mapping[str, str]:
    """Give the columns that are an event each, with the names of these events, if there are any."""
    if choices.moments:
        return choices.moments
    preset = _preset(raw, choices)
    if preset is None or choices.time is not None or choices.activity is not None:
        return {}
    names = {c.name for c in raw.columns}
    return {column: event for column, event in preset.moments.items() if column in names}


def _preset(raw: RawTable, choices: Choices) -> presets.Preset | None:
    if choices.preset:
        return presets.preset_named(choices.preset)
    return presets.recognised([c.name for c in raw.columns])


def _object(raw: RawTable, choices: Choices) -> tuple[str, ...]:
    """Give the columns that name what has the moments of a preset: each line of an order may repeat its dates."""
    preset = None if choices.moments else _preset(raw, choices)
    return () if preset is None else preset.columns_of("journey", [c.name for c in raw.columns]) or ()


def chosen(raw: RawTable, choices: Choices) -> tuple[Choices, dict[str, Guess]]:
    """Let the activity and the time of an unfolded table be those of its moments."""
    names = {c.column: c.name for c in raw.columns}
    if EVENT not in names:
        return choices, {}
    reason = Message(N_("each moment of a row is an event"))
    told = {
        role: Guess(role, names[column], 1.0, reason)
        for role, column in (("activity", EVENT), ("time", TIME))
        if getattr(choices, role) is None
    }
    values: dict[str, Any] = {role: guess.names for role, guess in told.items()}
    return replace(choices, **values), told


def unfolded(db: Session, raw: RawTable, moments: Mapping[str, str], *, told_once_by: Sequence[str] = ()) -> RawTable:
    """Make one row of every moment that a row has.

    Parameters
    ----------
    moments : mapping of str to str
        Columns with times -> the names of the events that happened then.
    told_once_by : sequence of str, optional
        Columns that name what has these moments: where further rows of one repeat a moment, it happened once.

    Returns
    -------
    RawTable
        With the columns of `raw`, and ahead of them the name of the event and its time. A row without any moment stays
        one row without a time, so that it is told and not lost.

    Raises
    ------
    MappingError
        When there is no such column.
    """
    pairs = list(moments.items())
    by_name = {c.name: c for c in raw.columns}
    missing = [name for name, _ in pairs if name not in by_name]
    if missing:
        raise MappingError(
            N_("{file} does not have the columns that were named. Its columns are: {known}."),
            file=raw.source.name,
            known=", ".join(by_name),
            problems=[Problem(Message(N_("moment {name!r}: there is no such column."), name=name)) for name in missing],
        )
    table, view = f"{raw.view}_moments", f"{raw.view}_unfolded"
    columns = [by_name[name] for name, _ in pairs]
    types = {c.type for c in columns}
    kind = types.pop() if len(types) == 1 else "VARCHAR"
    once = [by_name[name].column for name in told_once_by]
    db.execute(
        f"CREATE TEMP TABLE {quoted(table)} AS {_query(raw, columns, [event for _, event in pairs], kind, once)}"
    )
    db.execute(
        f"CREATE TEMP VIEW {quoted(view)} AS SELECT rowid AS row_no, * EXCLUDE (moment_origin, moment_turn) FROM "
        f"{quoted(table)}"
    )
    names = unique_names([c.name for c in raw.columns] + ["event", "time"])[-2:]
    added = (RawColumn(names[0], EVENT, "VARCHAR"), RawColumn(names[1], TIME, kind))
    return replace(raw, view=view, columns=(*added, *raw.columns), lines=lambda rows: _lines(db, raw, table, rows))


def _query(raw: RawTable, columns: Sequence[RawColumn], events: Sequence[str], kind: str, once: Sequence[str]) -> str:
    """Give the query of all moments in the order of rows, then of the columns."""
    kept = ", ".join(quoted(c.column) for c in raw.columns)
    filled = [f"nullif(trim({quoted(c.column)}), '')" if c.is_text else quoted(c.column) for c in columns]
    object_ = ", ".join(quoted(column) for column in once)
    parts = " UNION ALL ".join(
        f"SELECT row_no AS moment_origin, {turn} AS moment_turn, {literal(event)} AS moment_event, CAST({value} AS "
        f"{kind}) AS moment_time, {kept} FROM {quoted(raw.view)} WHERE {value} IS NOT NULL"
        + (f" QUALIFY row_number() OVER (PARTITION BY {object_}, {value} ORDER BY row_no) = 1" if once else "")
        for turn, (value, event) in enumerate(zip(filled, events, strict=True))
    )
    rest = (
        f"SELECT row_no, 0, {literal(events[0])}, CAST(NULL AS {kind}), {kept} FROM {quoted(raw.view)} "
        "WHERE row_no NOT IN (SELECT moment_origin FROM told)"
    )
    return f"WITH told AS ({parts}) SELECT * FROM (FROM told UNION ALL {rest}) ORDER BY moment_origin, moment_turn"


def _lines(db: Session, raw: RawTable, table: str, rows: Sequence[int]) -> Mapping[int, int]:
    """Give the lines of the rows that the moments are from."""
    found = db.rows(
        f"SELECT t.rowid, t.moment_origin FROM {quoted(table)} AS t JOIN (SELECT unnest($rows) AS wanted) ON wanted "
        f"= t.rowid",
        {"rows": list(rows)},
    )
    lines = raw.lines(sorted({origin for _, origin in found}))
    return {row: lines[origin] for row, origin in found if origin in lines}
