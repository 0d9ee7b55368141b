"""Times written by people: the patterns they follow, whether days or months come first, and other ways beside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mining.errors import MappingError
from mining.messages import N_, Message
from pipeline.store import Session, literal, quoted
from pipeline.times import words
from pipeline.times.iso import even
from pipeline.times.patterns import ORDERS, patterns_of
from pipeline.times.reading import Text, TimeReading, sample_left, share_read
from pipeline.times.zones import Zone

TO_BE_PROVED = ("day first", "month first")
_CONTRADICTED = N_(
    "Some times in the column {column!r} of {file} can only be day first, others only month first. Make them "
    "alike, or give --time-format; rows that do not fit it are put aside."
)
_NOT_TOLD = N_(
    "The times in the column {column!r} of {file}, such as {example!r}, can be read day first or month first, "
    "and no row tells which. Give --time-format {day!r} or --time-format {month!r}."
)
CERTAIN = ("year first", "named month", "week")  # no value follows one of these and another way of writing as well


def by_pattern(db: Session, text: Text, sample: Sequence[str]) -> TimeReading:
    """Read by the patterns found; day before month, or after, must be proved by the rows.

    Raises
    ------
    MappingError
        When the sample follows no pattern, or the rows do not tell the order.
    """
    found = _found(sample, list(ORDERS))
    if not found:
        raise no_times(text, sample[0])
    steps = words.steps_for(sample)
    readings = {order: _reading(words.sql(text.sql, steps), found[order], text.zone) for order in found}
    plain = words.sql("x", steps)

    def share(order: str) -> float:
        return share_read(db, _reading(plain, found[order], Zone()), sample)

    if set(TO_BE_PROVED) <= set(found):
        order = _day_or_month_first(db, text, found, readings)
    else:
        order = max(found, key=share) if len(found) > 1 else next(iter(found))
    reading = TimeReading(readings[order], found[order][0], order=_told(order))
    return reading if share(order) == 1 and not _any_year_first(db, text) else with_rest(db, text, reading)


def _any_year_first(db: Session, text: Text) -> bool:
    """Look at all rows, as a sample may have missed the few that are written so."""
    return bool(db.value(f"SELECT coalesce(bool_or({even(text.bare)}), false) FROM {quoted(text.raw.view)}"))


def with_rest(
    db: Session, text: Text, reading: TimeReading, orders: Sequence[str] = (*TO_BE_PROVED, *CERTAIN)
) -> TimeReading:
    """Read what a reading leaves in the other ways it is written, where these are certain, or proved by the rows.

    Raises
    ------
    MappingError
        When the rows do not tell whether its days or its months come first.
    """
    rest = sample_left(db, text, reading.sql)
    found = _found(rest, [o for o in orders if o not in TO_BE_PROVED or reading.order is None])
    if not found:
        return reading
    cleaned = words.sql(text.sql, words.steps_for(rest))
    readings = {order: _reading(cleaned, found[order], text.zone) for order in found}
    if set(TO_BE_PROVED) <= set(found):
        proved = _day_or_month_first(db, text, found, readings)
        readings = {order: sql for order, sql in readings.items() if order == proved or order in CERTAIN}
    note = Message(
        N_("{column!r} holds times that are written in different ways; each was read as it is written"),
        column=text.name,
    )
    return replace(
        reading,
        sql=f"coalesce({', '.join([reading.sql, *readings.values()])})",
        pattern="; ".join([reading.pattern, *(found[order][0] for order in readings)]),
        order=reading.order or next(filter(None, map(_told, readings)), None),
        notes=(*reading.notes, note),
    )


def _told(order: str) -> str | None:
    return order if order in TO_BE_PROVED else None


def _found(sample: Sequence[str], orders: Sequence[str]) -> dict[str, list[str]]:
    """Give the orders that some of the sample follow, with their patterns."""
    found = {order: patterns_of(sample, order) for order in orders} if sample else {}
    return {order: patterns for order, patterns in found.items() if patterns}


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


def no_times(text: Text, example: str) -> MappingError:
    """Say that a column holds no times."""
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


def _day_or_month_first(db: Session, text: Text, found: dict[str, list[str]], readings: dict[str, str]) -> str:
    """Tell by the rows that only one reading can read; refuse when no row tells, or when rows contradict each other."""
    only_day, only_month, differ, example = db.rows(
        f"""
        SELECT count(*) FILTER (d IS NOT NULL AND m IS NULL), count(*) FILTER (m IS NOT NULL AND d IS NULL),
            count(*) FILTER (d <> m), min(x) FILTER (d <> m)
        FROM (
            SELECT {text.sql} AS x, {readings["day first"]} AS d, {readings["month first"]} AS m
            FROM {quoted(text.raw.view)}
        )
        """
    )[0]
    order = text.order if differ else "day first"
    if only_day or only_month:
        order = None if only_day and only_month else "day first" if only_day else "month first"
    if order is not None:
        return order
    raise MappingError(
        _CONTRADICTED if only_day else _NOT_TOLD,
        column=text.name,
        file=text.raw.source.name,
        example=example,
        day=found["day first"][0],
        month=found["month first"][0],
    )
