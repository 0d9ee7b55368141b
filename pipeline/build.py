"""From staged rows to the tables of the workspace: keys and names coded, events sorted once, paths collected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.store import Session, quoted


@dataclass(frozen=True)
class Attribute:
    """One attribute of the log; `column` is its physical name, ``attr_1``, ``attr_2`` ..."""

    name: str
    type: str
    column: str
    role: str | None = None
    level: str | None = None


def build(db: Session, attributes: Sequence[Attribute]) -> None:
    """Rewrite the tables of the log from the table ``staged``: ``key, activity, time, event_no, source_id, attr_...``.

    Activities keep the codes they have; new ones follow, by name. Journeys are numbered by key, variants by path.
    """
    db.execute(
        """
        INSERT INTO activities
        SELECT (SELECT count(*) FROM activities) + row_number() OVER (ORDER BY name) - 1, name
        FROM (SELECT DISTINCT activity AS name FROM staged) SEMI JOIN (
            SELECT activity AS name FROM staged EXCEPT SELECT name FROM activities
        ) USING (name)
        """
    )
    levelled = _levels(db, attributes)
    _write_events(db, [a for a in levelled if a.level == "event"])
    _write_paths(db, [a for a in levelled if a.level == "journey"])
    db.execute("DELETE FROM attributes")
    for a in levelled:
        db.execute(
            "INSERT INTO attributes VALUES ($name, $level, $type, $role, $column)",
            {"name": a.name, "level": a.level, "type": a.type, "role": a.role, "column": a.column},
        )


def _levels(db: Session, attributes: Sequence[Attribute]) -> list[Attribute]:
    """Tell which attributes are of journeys, and put their values into the table ``keyed``.

    An attribute belongs to journeys when, in each, all events carry the same value or none carries one. What only some
    events carry belongs to those events, even where it never changes: an error does not stand for the event beside it.
    """
    steady = _steady(db, attributes, "WHERE hash(key) % 64 = 0")
    ranges = "".join(
        f", min({a.column}) AS {a.column}, max({a.column}) AS last_{a.column}, count({a.column}) AS filled_{a.column}"
        for a in steady
    )
    db.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE keyed AS
        SELECT CAST(row_number() OVER (ORDER BY key) - 1 AS UINTEGER) AS journey_id, *
        FROM (SELECT key, min(time) AS start, max(time) AS "end", count(*) AS n_events{ranges} FROM staged GROUP BY key)
        """
    )
    found = db.rows(
        "SELECT 1"
        + "".join(
            f", coalesce(bool_and({a.column} IS NOT DISTINCT FROM last_{a.column} "
            f"AND filled_{a.column} IN (0, n_events)), true)"
            for a in steady
        )
        + " FROM keyed"
    )[0][1:]
    of_journeys = {a.column for a, is_one in zip(steady, found, strict=True) if is_one}
    return [replace(a, level="journey" if a.column in of_journeys else "event") for a in attributes]


def _steady(db: Session, attributes: Sequence[Attribute], where: str) -> list[Attribute]:
    """Give the attributes that may be of journeys, judged by a part of the log."""
    if not attributes:
        return []
    changes = ", ".join(
        f"min({a.column}) <> max({a.column}) OR count({a.column}) BETWEEN 1 AND count(*) - 1 AS {a.column}"
        for a in attributes
    )
    anywhere = ", ".join(f"coalesce(bool_or({a.column}), false)" for a in attributes)
    found = db.rows(f"SELECT {anywhere} FROM (SELECT {changes} FROM staged {where} GROUP BY key)")[0]
    return [a for a, changed in zip(attributes, found, strict=True) if not changed]


def _write_events(db: Session, attributes: Sequence[Attribute]) -> None:
    """Write the events, sorted by journey, time and input order; the only sort over events there is."""
    kept = "".join(f", {a.column}" for a in attributes)
    inner = "".join(f", s.{a.column}" for a in attributes)
    db.execute(
        f"""
        CREATE OR REPLACE TABLE events AS
        SELECT journey_id,
            CAST(row_number() OVER (PARTITION BY journey_id ORDER BY time, event_no) - 1 AS UINTEGER) AS position,
            event_no, activity, time, source_id{kept}
        FROM (
            SELECT k.journey_id, s.event_no, a.activity, s.time, s.source_id{inner}
            FROM staged AS s JOIN keyed AS k USING (key) JOIN activities AS a ON a.name = s.activity
        )
        ORDER BY journey_id, position
        """
    )


def _write_paths(db: Session, attributes: Sequence[Attribute]) -> None:
    """Write variants, numbered in the order of their paths, and journeys."""
    db.execute(
        """
        CREATE OR REPLACE TEMP TABLE paths AS
        SELECT journey_id, list(activity ORDER BY position) AS path FROM events GROUP BY journey_id
        """
    )
    db.execute(
        """
        CREATE OR REPLACE TABLE variants AS
        SELECT CAST(row_number() OVER (ORDER BY path) - 1 AS UINTEGER) AS variant_id, path,
            CAST(n_journeys AS UINTEGER) AS n_journeys
        FROM (SELECT path, count(*) AS n_journeys FROM paths GROUP BY path) ORDER BY variant_id
        """
    )
    values = "".join(f", k.{quoted(a.column)}" for a in attributes)
    db.execute(
        f"""
        CREATE OR REPLACE TABLE journeys AS
        SELECT k.journey_id, k.key, k.start, k."end", CAST(k.n_events AS UINTEGER) AS n_events, v.variant_id{values}
        FROM keyed AS k JOIN paths AS p USING (journey_id) JOIN variants AS v USING (path) ORDER BY k.journey_id
        """
    )


def restaged(db: Session, attributes: Sequence[Attribute]) -> str:
    """Give the query that turns the events in the workspace back into staged rows, sessions back into customers."""
    values = "".join(f", {'e' if a.level == 'event' else 'j'}.{a.column}" for a in attributes)
    gap = session_gap(db)
    key = "j.key" if gap is None else r"regexp_replace(j.key, '/\d+$', '')"
    return f"""
        SELECT {key} AS key, a.name AS activity, e.time, e.event_no, e.source_id{values}
        FROM events AS e JOIN journeys AS j USING (journey_id) JOIN activities AS a USING (activity)
    """


def session_gap(db: Session) -> float | None:
    """Give the silence in seconds at which customers were split into journeys, if they were."""
    found = db.rows("SELECT value FROM meta WHERE key = 'session_gap'")
    return float(found[0][0]) if found else None


def known_attributes(db: Session) -> list[Attribute]:
    """Give the attributes in the workspace."""
    return [Attribute(*row) for row in db.rows('SELECT name, type, "column", role, level FROM attributes')]


def split_at_silence(db: Session, gap: float) -> None:
    """Number the journeys of each customer: a new one starts after a silence longer than `gap` seconds."""
    db.execute(
        """
        CREATE OR REPLACE TEMP TABLE staged AS
        SELECT key || '/' || n AS key, * EXCLUDE (key, n)
        FROM (
            SELECT * EXCLUDE (fresh, before), 1 + sum(fresh) OVER (
                PARTITION BY key ORDER BY time, event_no ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
            ) AS n
            FROM (
                SELECT *, CASE WHEN date_diff('microsecond', before, time) > $gap_us THEN 1 ELSE 0 END AS fresh
                FROM (SELECT *, lag(time) OVER (PARTITION BY key ORDER BY time, event_no) AS before FROM staged)
            )
        )
        """,
        {"gap_us": round(gap * 1e6)},
    )
    db.execute("DELETE FROM meta WHERE key = 'session_gap'")
    db.execute("INSERT INTO meta VALUES ('session_gap', $gap)", {"gap": repr(float(gap))})
