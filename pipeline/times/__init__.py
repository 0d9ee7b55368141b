"""Reading the time columns: from whatever they hold to UTC, with nothing guessed that the data does not prove."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from mining.errors import MappingError
from mining.messages import N_, Message
from pipeline.sources import RawColumn, RawTable
from pipeline.store import QueryFault, Session, literal, quoted
from pipeline.times import iso as time_iso
from pipeline.times import words as time_words
from pipeline.times.iso import OFFSET
from pipeline.times.numbers import Numbers, read_numbers
from pipeline.times.patterns import ORDERS, patterns_of
from pipeline.times.zones import Zone, check_timezone, zone_of

__all__ = ["OFFSET", "TimeReading", "check_timezone", "read_times"]

NUMBER = r"^[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d{1,2})?$"
MIDNIGHT = r"[ T]00:00(:00([.,]0+)?)?$"


@dataclass(frozen=True)
class TimeReading:
    """How a time is read.

    Attributes
    ----------
    sql : str
        Gives UTC, or null where there is no time to be read.
    pattern : str
        How it is written, in words or as a pattern.
    given : str
        SQL that says whether the row has anything where its time should be.
    order : str, optional
        "day first" or "month first", where that had to be told.
    notes : tuple of Message
        What was assumed.
    """

    sql: str
    pattern: str
    given: str = "true"
    order: str | None = None
    notes: tuple[Message, ...] = ()


@dataclass(frozen=True)
class _Text:
    """What a time is read from: the SQL of its text, and what to call it in messages."""

    raw: RawTable
    name: str
    sql: str
    bare: str
    zone: Zone
    order: str | None


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
        reading = _from_text(db, _Text(raw, name, both, both, zone, order), time_format, base_date)
    elif given[0].is_text:
        bare = quoted(given[0].column)
        reading = _from_text(db, _Text(raw, name, f"trim({bare})", bare, zone, order), time_format, base_date)
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
    text = _Text(raw, column.name, shown, shown, zone, order)
    if column.type in ("INTEGER", "BIGINT", "UINTEGER", "UBIGINT") and base_date is None:
        sample = _sample(db, text)
        if sample and patterns_of(sample, "compact"):
            return _by_pattern(db, text, sample)
    if column.type == "BOOLEAN" or not column.type.startswith(NUMERIC):
        raise _no_times(text, (_sample(db, text) or ["–"])[0])
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


def _from_text(db: Session, text: _Text, time_format: str | None, base_date: str | None) -> TimeReading:
    """Try the ways of writing a time, the least doubtful first."""
    if time_format is not None:
        return _explicit(db, text, time_format)
    sample = _sample(db, text)
    spaced = any(re.search(r"\d +(?:[+-]\d|Z$)", value) for value in sample)
    if base_date is None and (not sample or _share(db, time_iso.slow("x", "x", Zone(), spaced), sample) >= 0.5):
        if db.value(f"SELECT coalesce(bool_and({time_iso.plain(text.bare)}), true) FROM {quoted(text.raw.view)}"):
            return TimeReading(time_iso.quick(text.bare, text.zone), "ISO 8601")
        return TimeReading(time_iso.read(text.sql, text.bare, text.zone, spaced), "ISO 8601")
    numbers = _share(db, f"nullif(regexp_matches(x, {literal(NUMBER)}), false)", sample)
    if base_date is not None or (numbers >= 0.9 and not patterns_of(sample, "compact")):
        dotted = f"replace({text.sql}, ',', '.')"
        number = f"TRY_CAST({dotted} AS DOUBLE)"
        whole = f"coalesce(TRY_CAST({dotted} AS HUGEINT), CAST({number} AS HUGEINT))"
        return _numbers(db, Numbers(text.raw, text.name, number, whole), text.zone, base_date)
    return _by_pattern(db, text, sample)


def _explicit(db: Session, text: _Text, pattern: str) -> TimeReading:
    """Read with the pattern that was given, if it is one."""
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
    return TimeReading(f"timezone('UTC', {sql})" if zoned else text.zone.to_utc(sql), pattern)


def _sample(db: Session, text: _Text) -> list[str]:
    """Give up to a thousand different values from all over the file."""
    view = quoted(text.raw.view)
    # Counted first: with the count inside, the database reads every text before it leaves most of them out.
    step = max(1, db.value(f"SELECT count(*) FROM {view}") // 5000)
    found = db.rows(
        f"SELECT DISTINCT {text.sql} AS x FROM {view} WHERE hash(row_no) % {step} = 0 ORDER BY x LIMIT 1000"
    )
    return [x for (x,) in found if x]


def _share(db: Session, sql: str, sample: Sequence[str]) -> float:
    """Give the share of the sample that an expression over ``x`` can read."""
    query = f"SELECT coalesce(avg(CASE WHEN {sql} IS NOT NULL THEN 1 ELSE 0 END), 0) FROM (SELECT unnest($s) AS x)"
    return float(db.value(query, {"s": list(sample)}))


def _reading(text: str, patterns: Sequence[str], zone: Zone) -> str:
    """Read with the first pattern that fits."""
    plain = [p for p in patterns if "%z" not in p]
    zoned = [p for p in patterns if "%z" in p]
    ways = []
    if plain:
        ways.append(zone.to_utc(f"try_strptime({text}, [{', '.join(map(literal, plain))}])"))
    if zoned:
        ways.append(f"timezone('UTC', try_strptime({text}, [{', '.join(map(literal, zoned))}]))")
    return f"coalesce({', '.join(ways)})" if len(ways) > 1 else ways[0]


def _by_pattern(db: Session, text: _Text, sample: Sequence[str]) -> TimeReading:
    """Read by the patterns found; day before month, or after, must be proved by the rows."""
    steps = time_words.steps_for(sample)
    found = {order: patterns_of(sample, order) for order in ORDERS}
    found = {order: patterns for order, patterns in found.items() if patterns}
    if not found:
        raise _no_times(text, sample[0])
    even = time_words.sql(text.sql, steps)
    readings = {order: _reading(even, patterns, text.zone) for order, patterns in found.items()}
    order = next(iter(readings))
    if {"day first", "month first"} <= set(readings):
        order = _day_or_month_first(db, text, found, readings)
    elif len(readings) > 1:
        plain = time_words.sql("x", steps)
        order = max(readings, key=lambda o: _share(db, _reading(plain, found[o], Zone()), sample))
    told = order if order in ("day first", "month first") else None
    return TimeReading(readings[order], found[order][0], order=told)


def _no_times(text: _Text, example: str) -> MappingError:
    return MappingError(
        N_(
            "The column {column!r} of {file} does not hold times that can be read, such as {example!r}. Choose "
            "another column with --time, or say how its times are written with --time-format, such as "
            "'%d/%m/%Y %H:%M'."
        ),
        column=text.name,
        file=text.raw.source.name,
        example=example,
    )


def _day_or_month_first(db: Session, text: _Text, found: dict[str, list[str]], readings: dict[str, str]) -> str:
    """Tell by the rows that only one reading can read; refuse when no row tells, or when rows contradict each other."""
    only_day, only_month, differ, example = db.rows(
        f"""
        SELECT count(*) FILTER (d IS NOT NULL AND m IS NULL), count(*) FILTER (m IS NOT NULL AND d IS NULL),
            count(*) FILTER (d <> m), min(x)
        FROM (
            SELECT {text.sql} AS x, {readings["day first"]} AS d, {readings["month first"]} AS m
            FROM {quoted(text.raw.view)}
        )
        """
    )[0]
    if only_day and not only_month:
        return "day first"
    if only_month and not only_day:
        return "month first"
    if not differ and not only_day:
        return "day first"
    if text.order is not None and not only_day:
        return text.order
    template = (
        N_(
            "Some times in the column {column!r} of {file} can only be day first, others only month first. Make them "
            "alike, or give --time-format; rows that do not fit it are put aside."
        )
        if only_day
        else N_(
            "The times in the column {column!r} of {file}, such as {example!r}, can be read day first or month first, "
            "and no row tells which. Give --time-format {day!r} or --time-format {month!r}."
        )
    )
    raise MappingError(
        template,
        column=text.name,
        file=text.raw.source.name,
        example=example,
        day=found["day first"][0],
        month=found["month first"][0],
    )
