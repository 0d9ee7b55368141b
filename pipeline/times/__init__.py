"""Reading the time columns: from whatever they hold to UTC, with nothing guessed that the data does not prove."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from mining.errors import MappingError
from mining.messages import N_
from pipeline.sources import RawColumn, RawTable
from pipeline.store import QueryFault, Session, literal, quoted
from pipeline.times import iso as time_iso
from pipeline.times.iso import OFFSET
from pipeline.times.numbers import Numbers, read_numbers
from pipeline.times.patterns import ORDERS, patterns_of
from pipeline.times.reading import Text, TimeReading, sample_of, share_read
from pipeline.times.written import TO_BE_PROVED, by_pattern, no_times, with_rest
from pipeline.times.zones import Zone, check_timezone, zone_of

__all__ = ["OFFSET", "TimeReading", "check_timezone", "read_times"]

NUMBER = r"^[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d{1,2})?$"
MIDNIGHT = r"[ T]00:00(:00([.,]0+)?)?$"


def read_times(
    db: Session,
    raw: RawTable,
    columns: RawColumn | Sequence[RawColumn],
    *,
    time_format: str | None = None,
    timezone: str = "UTC",
    zone_column: RawColumn | None = None,
    base_date: str | None = None,
    order: str | None = None,
) -> TimeReading:
    """Find out how to read a time.

    Parameters
    ----------
    columns : RawColumn or sequence of RawColumn
        One column, or a date and a clock.
    time_format : str, optional
        A strptime pattern; without it the pattern is found from the values.
    timezone : str, default "UTC"
        Where clocks without an offset stood.
    zone_column : RawColumn, optional
        The zone of each row.
    base_date : str, optional
        The day 0 of relative day numbers.
    order : str, optional
        "day first" or "month first", for where no row of this column tells.

    Raises
    ------
    MappingError
        When the values can be read in two ways, or are no times.
    """
    given = [columns] if isinstance(columns, RawColumn) else list(columns)
    zone = zone_of(db, raw, timezone, zone_column)
    filled = " AND ".join(_filled(column) for column in given)
    name = " + ".join(column.name for column in given)
    if len(given) > 1:
        both = _date_and_clock(given)
        reading = _from_text(db, Text(raw, name, both, both, zone, order), time_format, base_date)
    elif given[0].is_text:
        bare = quoted(given[0].column)
        reading = _from_text(db, Text(raw, name, f"trim({bare})", bare, zone, order), time_format, base_date)
    else:
        reading = _typed(db, raw, given[0], zone, base_date, order)
    return replace(reading, given=filled)


def _filled(column: RawColumn) -> str:
    name = quoted(column.column)
    return f"coalesce(trim({name}) <> '', false)" if column.is_text else f"{name} IS NOT NULL"


def _date_and_clock(columns: Sequence[RawColumn]) -> str:
    """Give the SQL of the text of a date and of a clock, each without what the other says."""
    date, *clocks = columns
    parts = [f"regexp_replace(trim(CAST({quoted(date.column)} AS VARCHAR)), {literal(MIDNIGHT)}, '')"]
    for clock in clocks:
        kind = "TIME" if clock.type.startswith("TIMESTAMP") else clock.type
        parts.append(f"trim(CAST(CAST({quoted(clock.column)} AS {kind}) AS VARCHAR))")
    return " || ' ' || ".join(parts)


def _typed(
    db: Session, raw: RawTable, column: RawColumn, zone: Zone, base_date: str | None, order: str | None
) -> TimeReading:
    """Read a column that has a type: as it stands, where that is possible."""
    name = quoted(column.column)
    if column.type.startswith("TIMESTAMP WITH"):
        return TimeReading(_finite(db, raw, name, f"timezone('UTC', {name})"), "typed")
    if column.type.startswith(("TIMESTAMP", "DATE")):
        local = name if column.type == "TIMESTAMP" else f"CAST({name} AS TIMESTAMP)"
        return TimeReading(_finite(db, raw, name, zone.to_utc(local)), "typed")
    shown = f"CAST({name} AS VARCHAR)"
    text = Text(raw, column.name, shown, shown, zone, order)
    if column.type in ("INTEGER", "BIGINT", "UINTEGER", "UBIGINT") and base_date is None:
        sample = sample_of(db, text)
        if sample and patterns_of(sample, "compact"):
            return by_pattern(db, text, sample)
    if column.type == "BOOLEAN" or not column.type.startswith(NUMERIC):
        raise no_times(text, (sample_of(db, text) or ["–"])[0])
    numbers = Numbers(raw, column.name, f"CAST({name} AS DOUBLE)", f"CAST({name} AS HUGEINT)")
    return _numbers(db, numbers, zone, base_date)


NUMERIC = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "U", "FLOAT", "DOUBLE", "DECIMAL")


def _numbers(db: Session, numbers: Numbers, zone: Zone, base_date: str | None) -> TimeReading:
    sql, pattern, notes = read_numbers(db, numbers, zone, base_date)
    return TimeReading(sql, pattern, notes=notes)


def _finite(db: Session, raw: RawTable, name: str, sql: str) -> str:
    """Leave out what the database calls infinity, where there is any."""
    ends = db.value(f"SELECT coalesce(isfinite(min({name})) AND isfinite(max({name})), true) FROM {quoted(raw.view)}")
    return sql if ends else f"CASE WHEN isfinite({name}) THEN {sql} END"


def _from_text(db: Session, text: Text, time_format: str | None, base_date: str | None) -> TimeReading:
    """Try the ways of writing a time, the least doubtful first."""
    if time_format is not None:
        return _explicit(db, text, time_format)
    sample = sample_of(db, text)
    spaced = any(re.search(r"\d +(?:[+-]\d|Z$)", value) for value in sample)
    if base_date is None and (not sample or share_read(db, time_iso.slow("x", "x", Zone(), spaced), sample) >= 0.5):
        return _iso(db, text, spaced)
    numbers = share_read(db, f"nullif(regexp_matches(x, {literal(NUMBER)}), false)", sample)
    if base_date is not None or (numbers >= 0.9 and not patterns_of(sample, "compact")):
        dotted = f"replace({text.sql}, ',', '.')"
        number = f"TRY_CAST({dotted} AS DOUBLE)"
        whole = f"coalesce(TRY_CAST({dotted} AS HUGEINT), CAST({number} AS HUGEINT))"
        return _numbers(db, Numbers(text.raw, text.name, number, whole), text.zone, base_date)
    return by_pattern(db, text, sample)


def _iso(db: Session, text: Text, spaced: bool) -> TimeReading:
    """Read what is written year first; what does not look like it is read as it is written, where that is certain."""
    checks = (f"coalesce(bool_and({sql}), true)" for sql in (time_iso.plain(text.bare), time_iso.even(text.bare)))
    is_plain, is_even = db.rows(f"SELECT {', '.join(checks)} FROM {quoted(text.raw.view)}")[0]
    way = time_iso.quick(text.bare, text.zone) if is_plain else time_iso.read(text.sql, text.bare, text.zone, spaced)
    reading = TimeReading(way, "ISO 8601")
    return reading if is_even else with_rest(db, text, reading)


def _explicit(db: Session, text: Text, pattern: str) -> TimeReading:
    """Read with the pattern that was given, if it is one; where it says what day and month are, also by year first."""
    sql = f"try_strptime({text.sql}, {literal(pattern)})"
    try:
        kind = db.value(f"SELECT typeof(try_strptime('', {literal(pattern)}))")
    except QueryFault as fault:
        raise MappingError(
            N_("The time format {pattern!r} is not valid: {detail}. An example of a valid one is '%d/%m/%Y %H:%M'."),
            pattern=pattern,
            detail=str(fault).splitlines()[0],
        ) from fault
    zoned = kind.startswith("TIMESTAMP WITH")
    reading = TimeReading(f"timezone('UTC', {sql})" if zoned else text.zone.to_utc(sql), pattern)
    says_order = any(date in pattern for order in TO_BE_PROVED for date in ORDERS[order])
    if says_order and share_read(db, f"try_strptime(x, {literal(pattern)})", sample_of(db, text)) < 1:
        return with_rest(db, text, reading, ["year first"])
    return reading
