"""From staged rows to the tables of the workspace: keys and names coded, events sorted once, paths and edges counted.

Keys are coded through their hashes: numbers are cheaper to join than text, and every journey is grouped by its key
itself before, so that two keys of one hash would be noticed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from mining.variants import variants
from mining.walk import walk
from pipeline.store import Session, query_text, quoted

HEAD = 200_000  # rows that are enough to see that most event attributes change within journeys


@dataclass(frozen=True)
class Attribute:
    """One attribute of the log; `column` is its physical name, ``attr_1``, ``attr_2`` ..."""

    name: str
    type: str
    column: str
    role: str | None = None
    level: str | None = None


def build(db: Session, attributes: Sequence[Attribute]) -> None:
    """Rewrite the tables of the log from ``staged``: ``key, activity, time, event_no, source_id, attr_...``.

    Activities keep the codes they have; new ones follow, by name. Journeys are numbered by key, variants by path.
    """
    db.execute(
        """
        INSERT INTO activities
        SELECT (SELECT count(*) FROM activities) + row_number() OVER (ORDER BY name) - 1, name
        FROM (SELECT DISTINCT activity AS name FROM staged) ANTI JOIN activities USING (name)
        """
    )
    levelled = _number_journeys(db, attributes)
    _write_events(db, [a for a in levelled if a.level == "event"])
    _write_paths(db, [a for a in levelled if a.level == "journey"])
    _write_counts(db)
    db.execute("DELETE FROM attributes")
    for a in levelled:
        db.execute(
            "INSERT INTO attributes VALUES ($name, $level, $type, $role, $column)",
            {"name": a.name, "level": a.level, "type": a.type, "role": a.role, "column": a.column},
        )


def _number_journeys(db: Session, attributes: Sequence[Attribute]) -> list[Attribute]:
    """Put the journeys with their numbers into the table ``keyed``, and tell which attributes are theirs.

    An attribute belongs to journeys when, in each, all events carry the same value or none carries one. What only some
    events carry belongs to those events, even where it never changes: an error does not stand for the event beside it.
    """
    steady = _steady(db, attributes)
    # Hashes of values tell whether they are alike, an absent one included, for a tenth of what comparing texts costs.
    values = "".join(
        f", any_value({a.column}) AS {a.column}, min(hash({a.column})) AS low_{a.column}, "
        f"max(hash({a.column})) AS high_{a.column}"
        for a in steady
    )
    db.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE keyed AS
        SELECT CAST(row_number() OVER (ORDER BY key) - 1 AS UINTEGER) AS journey_id, hash(key) AS key_hash, *
        FROM (SELECT key, min(time) AS start, max(time) AS "end", count(*) AS n_events{values} FROM staged GROUP BY key)
        """
    )
    alike = "".join(f", coalesce(bool_and(low_{a.column} = high_{a.column}), true)" for a in steady)
    found = db.rows(f"SELECT 1{alike} FROM keyed")[0][1:]
    of_journeys = {a.column for a, is_one in zip(steady, found, strict=True) if is_one}
    return [replace(a, level="journey" if a.column in of_journeys else "event") for a in attributes]


def _steady(db: Session, attributes: Sequence[Attribute]) -> list[Attribute]:
    """Give the attributes that may be of journeys, judged by the first rows."""
    if not attributes:
        return []
    changes = ", ".join(f"min(hash({a.column})) <> max(hash({a.column})) AS {a.column}" for a in attributes)
    anywhere = ", ".join(f"coalesce(bool_or({a.column}), false)" for a in attributes)
    found = db.rows(f"SELECT {anywhere} FROM (SELECT {changes} FROM (FROM staged LIMIT {HEAD}) GROUP BY key)")[0]
    return [a for a, changed in zip(attributes, found, strict=True) if not changed]


def _write_events(db: Session, attributes: Sequence[Attribute]) -> None:
    """Write the events, sorted by journey, time and input order; the only sort over events there is."""
    kept = "".join(f", s.{a.column}" for a in attributes)
    alone = db.value("SELECT count(*) = count(DISTINCT key_hash) FROM keyed")
    same_key = "k.key_hash = hash(s.key)" if alone else "k.key = s.key"
    db.execute(
        f"""
        CREATE OR REPLACE TABLE events AS
        SELECT k.journey_id, s.event_no, a.activity, s.time, s.source_id{kept}
        FROM staged AS s JOIN keyed AS k ON {same_key} JOIN activities AS a ON a.name = s.activity
        ORDER BY k.journey_id, s.time, s.event_no
        """
    )


def _write_paths(db: Session, attributes: Sequence[Attribute]) -> None:
    """Write variants and journeys."""
    activity = db.frame("SELECT activity FROM events")["activity"].to_numpy()
    lengths = db.frame("SELECT n_events FROM keyed ORDER BY journey_id")["n_events"].to_numpy()
    found = variants(activity, lengths)
    numbered = pl.DataFrame(
        {
            "journey_id": np.arange(lengths.size, dtype=np.uint32),
            "first_place": np.cumsum(lengths) - lengths,
            "variant_id": found.of_journey,
        }
    )
    _replace(db, "variants", "FROM found_variants ORDER BY variant_id", found_variants=found.paths)
    values = "".join(f", k.{quoted(a.column)}" for a in attributes)
    _replace(
        db,
        "journeys",
        f"""
        SELECT k.journey_id, k.key, k.start, k."end", CAST(k.n_events AS UINTEGER) AS n_events,
            CAST(n.first_place AS UBIGINT) AS first_place, n.variant_id{values}
        FROM keyed AS k JOIN numbered AS n USING (journey_id) ORDER BY k.journey_id
        """,
        numbered=numbered,
    )


def _write_counts(db: Session) -> None:
    """Write how often activities and directly-follows pairs happen in the whole log."""
    events = db.frame("SELECT journey_id, activity, epoch_us(time) AS time_us FROM events")
    time_us = None if events["time_us"].null_count() else events["time_us"].to_numpy()
    walked = walk(events["journey_id"].to_numpy(), events["activity"].to_numpy(), time_us)
    _replace(db, "activity_counts", "FROM walked ORDER BY activity", walked=walked.activities)
    _replace(db, "edges", "FROM walked ORDER BY source, target", walked=walked.edges)
    _replace(db, "silence", "FROM found", found=pl.DataFrame({"gap_s": [walked.silence_p95_s]}, {"gap_s": pl.Float64}))
    db.execute("CREATE OR REPLACE TEMP VIEW log_events AS FROM events")
    db.execute("CREATE OR REPLACE TEMP VIEW log_journeys AS FROM journeys")
    _replace(db, "calendar", query_text("calendar"))


def _replace(db: Session, table: str, query: str, **frames: pl.DataFrame) -> None:
    """Write a table anew from frames."""
    for name, frame in frames.items():
        db.register(name, frame)
    db.execute(f"CREATE OR REPLACE TABLE {table} AS {query}")
    for name in frames:
        db.forget(name)


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


def split_at_silence(db: Session, rows: str, gap: float) -> str:
    """Number the journeys of each customer in `rows`: a new one starts after a silence longer than `gap` seconds.

    Gives the table in which the keys are those of the journeys.
    """
    db.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE split AS
        SELECT key || '/' || n AS key, * EXCLUDE (key, n)
        FROM (
            SELECT * EXCLUDE (fresh, before), 1 + sum(fresh) OVER (
                PARTITION BY key ORDER BY time, event_no ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
            ) AS n
            FROM (
                SELECT *, CASE WHEN date_diff('microsecond', before, time) > $gap_us THEN 1 ELSE 0 END AS fresh
                FROM (SELECT *, lag(time) OVER (PARTITION BY key ORDER BY time, event_no) AS before FROM {rows})
            )
        )
        """,
        {"gap_us": round(gap * 1e6)},
    )
    db.execute("DELETE FROM meta WHERE key = 'session_gap'")
    db.execute("INSERT INTO meta VALUES ('session_gap', $gap)", {"gap": repr(float(gap))})
    return "split"
