"""The SQL of the roles of a row: its journey key, what happened, and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mining.errors import MappingError
from mining.messages import N_, Message
from pipeline.columns.mapping import Mapping
from pipeline.columns.patterns import extraction
from pipeline.sources import RawColumn, RawTable
from pipeline.store import Session, literal, quoted
from pipeline.times import TimeReading, read_times

BLANKS = " \t\r\n\u00a0"
NOWHERE = "–"  # in the place of a part that a journey lacks, so that ("1", none) and (none, "1") stay two


@dataclass(frozen=True)
class Times:
    """How the time of an event is read, and the time at which it ended, where that is told."""

    start: TimeReading
    end: TimeReading | None = None

    @property
    def notes(self) -> tuple[Message, ...]:
        """What was assumed."""
        return (*self.start.notes, *(self.end.notes if self.end else ()))


def journey(raw: RawTable, mapping: Mapping) -> str:
    """Give the SQL of the journey key: text, null when nothing of it is there."""
    return _taken_out(_joined(_columns(raw, mapping.journey), NOWHERE), mapping.journey_pattern)


def activity(raw: RawTable, mapping: Mapping) -> str:
    """Give the SQL of the name of what happened: text, null when nothing of it is there."""
    return _taken_out(_joined(_columns(raw, mapping.activity)), mapping.activity_pattern)


def times(db: Session, raw: RawTable, mapping: Mapping) -> Times | None:
    """Find out how to read the times of a file; None where it has none.

    Raises
    ------
    MappingError
        When they can be read in two ways, or are no times.
    """
    if not mapping.time:
        return None
    start = _read(db, raw, mapping, mapping.time)
    if mapping.end is None:
        return Times(start)
    end = _read(db, raw, mapping, [mapping.end], start.order)
    return Times(start, end)


def _read(db: Session, raw: RawTable, mapping: Mapping, names: Sequence[str], order: str | None = None) -> TimeReading:
    return read_times(
        db,
        raw,
        _columns(raw, names),
        time_format=mapping.time_format,
        timezone=mapping.timezone,
        zone_column=_columns(raw, [mapping.zone_column])[0] if mapping.zone_column else None,
        base_date=mapping.base_date,
        order=order,
    )


def time(mapping: Mapping, times: Times | TimeReading | None) -> tuple[str, str]:
    """Give the SQL of the time, and of whether the row has one at all."""
    if not mapping.time or times is None:
        return "NULL", "false"
    start = times.start if isinstance(times, Times) else times
    return start.sql, start.given


def end(times: Times | None) -> str | None:
    """Give the SQL of the time at which an event ended, where that is told."""
    return times.end.sql if times is not None and times.end is not None else None


def order(raw: RawTable, mapping: Mapping) -> str | None:
    """Give the SQL of what puts rows of one time, or of no time, into order: a number where all values are numbers."""
    if mapping.order is None:
        return None
    column = _columns(raw, [mapping.order])[0]
    return f"TRY_CAST(trim({quoted(column.column)}) AS DOUBLE)" if column.is_text else quoted(column.column)


def doubts(db: Session, raw: RawTable, mapping: Mapping, times: Times | None) -> tuple[Message, ...]:
    """Count what is kept although it can hardly be right: ends before their starts, ends and places not readable."""
    ended, place = end(times), order(raw, mapping)
    if times is None or (ended is None and place is None):
        return ()
    unread = "false"
    if times.end is not None:
        unread = f"({ended}) IS NULL AND {times.end.given}"
    lost = "false" if place is None else f"({place}) IS NULL"
    found = db.rows(
        f"SELECT count(*) FILTER (({ended or 'NULL'}) < ({times.start.sql})), count(*) FILTER ({unread}), "
        f"count(*) FILTER ({lost}) FROM {quoted(raw.view)}"
    )[0]
    said = (
        N_("Ends before their starts in the column {column!r}: {n}."),
        N_("Ends in the column {column!r} that cannot be read and are left empty: {n}."),
        N_("Rows without a number in the column {column!r}, which come last among events of their time: {n}."),
    )
    names = (mapping.end, mapping.end, mapping.order)
    return tuple(Message(text, n=n, column=name) for text, n, name in zip(said, found, names, strict=True) if n)


def check_patterns(db: Session, raw: RawTable, mapping: Mapping) -> None:
    """See that each pattern is one, and finds something.

    Raises
    ------
    MappingError
        Naming the pattern, the column, and what stands there.
    """
    for role in ("journey", "activity"):
        pattern = getattr(mapping, f"{role}_pattern")
        if pattern is None:
            continue
        text = _joined(_columns(raw, getattr(mapping, role)), NOWHERE if role == "journey" else None)
        found = extraction(db, text, pattern)
        if db.rows(f"SELECT 1 FROM {quoted(raw.view)} WHERE ({found}) IS NOT NULL LIMIT 1"):
            continue
        example = db.rows(f"SELECT {text} AS x FROM {quoted(raw.view)} WHERE x IS NOT NULL LIMIT 1")
        raise MappingError(
            N_("The pattern {pattern!r} finds nothing in the column {column!r} of {file}, such as in {example!r}."),
            pattern=pattern,
            column=mapping.shown(role),
            file=raw.source.name,
            example=example[0][0] if example else "",
        )


def _columns(raw: RawTable, names: Sequence[str]) -> list[RawColumn]:
    by_name = {c.name: c for c in raw.columns}
    return [by_name[name] for name in names]


def _taken_out(text: str, pattern: str | None) -> str:
    return text if pattern is None else extraction(None, text, pattern)


def _joined(columns: Sequence[RawColumn], gap: str | None = None) -> str:
    """Give the SQL of values put together; `gap` keeps the place of one that is missing beside others."""
    values = [_text(column) for column in columns]
    if len(values) == 1:
        return values[0]
    filled = values if gap is None else [f"coalesce({value}, {literal(gap)})" for value in values]
    return f"CASE WHEN coalesce({', '.join(values)}) IS NOT NULL THEN concat_ws(' ', {', '.join(filled)}) END"


def untidy(column: RawColumn) -> str:
    """Give the SQL that tells texts with a blank at an end, or with nothing.

    Blanks other than no-break spaces sort before ``!``, and so does nothing at all.
    """
    name = quoted(column.column)
    blank_ends = " OR ".join(f"suffix({name}, {literal(blank)})" for blank in BLANKS)
    return f"({name} < '!' OR {blank_ends} OR prefix({name}, {literal(BLANKS[-1])}))"


def _text(column: RawColumn) -> str:
    """Give the SQL of a value as text without surrounding blanks, null when nothing is left.

    Trimming costs more than all else that is done with a value, so only values that need it are trimmed.
    """
    name = quoted(column.column)
    if not column.is_text:
        return f"CAST({name} AS VARCHAR)"
    if column.tidy:
        return name
    return f"CASE WHEN {untidy(column)} THEN nullif(trim({name}, {literal(BLANKS)}), '') ELSE {name} END"
