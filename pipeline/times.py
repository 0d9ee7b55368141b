"""Reading the time column: from whatever it holds to UTC, with nothing guessed that the data does not prove."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mining.errors import MappingError
from mining.messages import N_
from pipeline.sources import RawColumn, RawTable
from pipeline.store import QueryFault, Session, literal, quoted
from pipeline.time_patterns import ORDERS, patterns_of

OFFSET = r":\d{2}([.,]\d+)?\s*([Zz]|UTC|GMT|[+-]\d{2}(:?\d{2})?)$"
EPOCHS = (("seconds", 1e11, "* 1e6"), ("milliseconds", 1e14, "* 1e3"), ("microseconds", 1e17, ""))
OLDEST_EPOCH = 1e8  # seconds: 1973; smaller numbers are days or counters, not times


@dataclass(frozen=True)
class TimeReading:
    """How a time column is read: SQL that gives UTC or null, and the pattern in words."""

    sql: str
    pattern: str


def read_times(
    db: Session, raw: RawTable, column: RawColumn, *, time_format: str | None = None, timezone: str = "UTC"
) -> TimeReading:
    """Find out how to read a time column.

    Parameters
    ----------
    time_format : str, optional
        A strptime pattern; without it the pattern is found from the values.
    timezone : str, default "UTC"
        Where clocks without an offset stood.

    Raises
    ------
    MappingError
        When the values can be read in two ways, or are no times.
    """
    name = quoted(column.column)
    if not column.is_text and column.type.startswith("TIMESTAMP WITH"):
        return TimeReading(_finite(f"timezone('UTC', {name})"), "typed")
    if column.type.startswith(("TIMESTAMP", "DATE")):
        return TimeReading(_finite(_to_utc(f"CAST({name} AS TIMESTAMP)", timezone)), "typed")
    if not column.is_text:
        return _epoch(db, raw, column, f"CAST({name} AS DOUBLE)", f"CAST({name} AS HUGEINT)")
    if time_format is not None:
        return _explicit(db, f"trim({name})", time_format, timezone)
    return _from_text(db, raw, column, timezone)


def check_timezone(db: Session, timezone: str) -> None:
    """See that the zone exists.

    Raises
    ------
    MappingError
        With the nearest names.
    """
    known = [name for (name,) in db.rows("SELECT name FROM pg_timezone_names()")]
    if timezone in known:
        return
    from difflib import get_close_matches

    near = get_close_matches(timezone, known, n=3, cutoff=0.5) or ["Asia/Ho_Chi_Minh", "UTC"]
    raise MappingError(
        N_("There is no time zone {name!r}. Did you mean {near}?"), name=timezone, near=", ".join(sorted(near))
    )


def _to_utc(sql: str, timezone: str) -> str:
    return sql if timezone == "UTC" else f"timezone('UTC', timezone({literal(timezone)}, {sql}))"


def _finite(sql: str) -> str:
    """Leave out what the database calls infinity."""
    return f"CASE WHEN isfinite({sql}) THEN {sql} END"


def _explicit(db: Session, text: str, pattern: str, timezone: str) -> TimeReading:
    """Read with the pattern that was given, if it is one."""
    sql = f"try_strptime({text}, {literal(pattern)})"
    try:
        kind = db.value(f"SELECT typeof(try_strptime('', {literal(pattern)}))")
    except QueryFault as fault:
        raise MappingError(
            N_("The time format {pattern!r} is not valid: {detail}. An example of a valid one is '%d/%m/%Y %H:%M'."),
            pattern=pattern,
            detail=str(fault).splitlines()[0],
        ) from fault
    zoned = kind.startswith("TIMESTAMP WITH")
    return TimeReading(f"timezone('UTC', {sql})" if zoned else _to_utc(sql, timezone), pattern)


def _from_text(db: Session, raw: RawTable, column: RawColumn, timezone: str) -> TimeReading:
    """Try the ways of writing a time, the least doubtful first."""
    text = f"trim({quoted(column.column)})"
    sample = _sample(db, raw, column)
    iso = _iso(text, timezone)
    if not sample or _share(db, _iso("x", timezone), sample) >= 0.5:
        return TimeReading(iso, "ISO 8601")
    numbers = sum(v.lstrip("-").replace(".", "", 1).isdigit() for v in sample)
    if numbers >= 0.9 * len(sample) and not patterns_of(sample, "compact"):
        number = f"TRY_CAST({text} AS DOUBLE)"
        return _epoch(db, raw, column, number, f"coalesce(TRY_CAST({text} AS HUGEINT), CAST({number} AS HUGEINT))")
    return _by_pattern(db, raw, column, sample, timezone)


def _sample(db: Session, raw: RawTable, column: RawColumn) -> list[str]:
    """Give up to a thousand different values from all over the file."""
    name = quoted(column.column)
    found = db.rows(
        f"SELECT DISTINCT trim({name}) AS x FROM {quoted(raw.view)} WHERE {name} IS NOT NULL AND hash(row_no) % "
        f"(SELECT greatest(1, count(*) // 5000) FROM {quoted(raw.view)}) = 0 ORDER BY x LIMIT 1000"
    )
    return [x for (x,) in found if x]


def _share(db: Session, sql: str, sample: Sequence[str]) -> float:
    """Give the share of the sample that an expression over ``x`` can read."""
    query = f"SELECT avg(CASE WHEN {sql} IS NOT NULL THEN 1 ELSE 0 END) FROM (SELECT unnest($s) AS x)"
    return float(db.value(query, {"s": list(sample)}))


def _iso(text: str, timezone: str) -> str:
    """Read year-month-day with any precision, with or without an offset."""
    dotted = f"replace({text}, ',', '.')"
    zoned = f"timezone('UTC', TRY_CAST({dotted} AS TIMESTAMPTZ))"
    shape = f"regexp_matches({text}, '^\\d{{4}}[-/]\\d')"
    if timezone == "UTC":
        return f"CASE WHEN {shape} THEN {zoned} END"
    local = _to_utc(f"TRY_CAST({dotted} AS TIMESTAMP)", timezone)
    return (
        f"CASE WHEN NOT {shape} THEN NULL WHEN regexp_matches({text}, {literal(OFFSET)}) THEN {zoned} ELSE {local} END"
    )


def _clean(text: str) -> str:
    """Even out commas, blanks and the Vietnamese for a.m. (SA) and p.m. (CH)."""
    spaced = f"regexp_replace(replace({text}, ',', ' '), '\\s+', ' ', 'g')"
    return f"regexp_replace(regexp_replace({spaced}, '(?i) ?SA$', ' AM'), '(?i) ?CH$', ' PM')"


def _reading(text: str, patterns: Sequence[str], timezone: str) -> str:
    """Read with the first pattern that fits."""
    plain = [p for p in patterns if not p.endswith("%z")]
    zoned = [p for p in patterns if p.endswith("%z")]
    ways = []
    if plain:
        ways.append(_to_utc(f"try_strptime({text}, [{', '.join(map(literal, plain))}])", timezone))
    if zoned:
        ways.append(f"timezone('UTC', try_strptime({text}, [{', '.join(map(literal, zoned))}]))")
    return f"coalesce({', '.join(ways)})" if len(ways) > 1 else ways[0]


def _by_pattern(db: Session, raw: RawTable, column: RawColumn, sample: Sequence[str], timezone: str) -> TimeReading:
    """Read by the patterns found; day before month, or after, must be proved by the rows."""
    text = _clean(f"trim({quoted(column.column)})")
    found = {order: patterns_of(sample, order) for order in ORDERS}
    found = {order: patterns for order, patterns in found.items() if patterns}
    if not found:
        raise MappingError(
            N_(
                "The column {column!r} of {file} does not hold times that can be read, such as {example!r}. Choose "
                "another column with --time, or say how its times are written with --time-format, such as "
                "'%d/%m/%Y %H:%M'."
            ),
            column=column.name,
            file=raw.source.name,
            example=sample[0],
        )
    readings = {order: _reading(text, patterns, timezone) for order, patterns in found.items()}
    order = next(iter(readings))
    if {"day first", "month first"} <= set(readings):
        order = _day_or_month_first(db, raw, column, found, readings)
    elif len(readings) > 1:
        order = max(readings, key=lambda o: _share(db, _reading(_clean("x"), found[o], timezone), sample))
    return TimeReading(readings[order], found[order][0])


def _day_or_month_first(
    db: Session, raw: RawTable, column: RawColumn, found: dict[str, list[str]], readings: dict[str, str]
) -> str:
    """Tell by the rows that only one reading can read; refuse when no row tells, or when rows contradict each other."""
    only_day, only_month, differ, example = db.rows(
        f"""
        SELECT count(*) FILTER (d IS NOT NULL AND m IS NULL), count(*) FILTER (m IS NOT NULL AND d IS NULL),
            count(*) FILTER (d <> m), min(x)
        FROM (
            SELECT {quoted(column.column)} AS x, {readings["day first"]} AS d, {readings["month first"]} AS m
            FROM {quoted(raw.view)}
        )
        """
    )[0]
    if only_day and not only_month:
        return "day first"
    if only_month and not only_day:
        return "month first"
    if not differ and not only_day:
        return "day first"
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
        column=column.name,
        file=raw.source.name,
        example=example,
        day=found["day first"][0],
        month=found["month first"][0],
    )


def _epoch(db: Session, raw: RawTable, column: RawColumn, number: str, whole: str) -> TimeReading:
    """Read numbers as time since 1970 by their size."""
    largest = db.value(f"SELECT max(abs({number})) FROM {quoted(raw.view)}")
    if largest is None or largest < OLDEST_EPOCH:
        raise MappingError(
            N_(
                "The column {column!r} of {file} holds numbers up to {largest}, too small to be seconds since 1970. "
                "Choose another column with --time, or turn them into dates first."
            ),
            column=column.name,
            file=raw.source.name,
            largest=largest,
        )
    for unit, limit, factor in EPOCHS:
        if largest < limit:
            exact = f"CAST({whole} AS BIGINT)" if not factor else f"CAST(round({number} {factor}) AS BIGINT)"
            return TimeReading(f"make_timestamp({exact})", f"epoch {unit}")
    return TimeReading(f"make_timestamp(CAST({whole} // 1000 AS BIGINT))", "epoch nanoseconds")
