"""From staged rows to the tables of the workspace: keys and names coded, events sorted once, paths and edges counted.

Keys are coded through their hashes: numbers are cheaper to join than text, and every journey is grouped by its key
itself before, so that two keys of one hash would be noticed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from mining.messages import N_, Message
from mining.variants import variants
from mining.walk import parts_of, walk, with_gaps
from pipeline.store import Session, query_text, quoted

Progress = Callable[[Message, float], None]
OF_EVENTS = frozenset({"end", "repeats"})  # roles of attributes that say something of single events, whatever they hold
READ, KEYED, SORTED = 0.5, 0.6, 0.85  # the share of a load that is behind when its files are read, and so on
HEAD = 200_000  # rows that are enough to see that most event attributes change within journeys


@dataclass(frozen=True)
class Attribute:
    """One attribute of the log; `column` is its physical name, ``attr_1``, ``attr_2`` ..."""

    name: str
    type: str
    column: str
    role: str | None = None
    level: str | None = None


def build(db: Session, attributes: Sequence[Attribute], progress: Progress, *, at: str = "time") -> None:
    """Rewrite the tables of the log from ``staged``: ``key, activity, time, event_no, source_id, attr_...``.

    Activities are numbered by name, journeys by key, variants by path; `at` is the column that puts events in order.
    """
    db.execute(
        """
        CREATE OR REPLACE TABLE activities AS
        SELECT CAST(row_number() OVER (ORDER BY name) - 1 AS UINTEGER) AS activity, name
        FROM (SELECT DISTINCT activity AS name FROM staged) ORDER BY activity
        """
    )
    levelled = _number_journeys(db, attributes)
    progress(Message(N_("Sorting events")), KEYED)
    _write_events(db, [a for a in levelled if a.level == "event"], at)
    progress(Message(N_("Finding paths")), SORTED)
    _write_paths(db, [a for a in levelled if a.level == "journey"])
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
    may_be = [a for a in attributes if a.role not in OF_EVENTS]
    steady = _steady(db, may_be, f"(FROM staged LIMIT {HEAD})")
    if not _keyed(db, steady):  # some attribute does change, but not in the first rows
        steady = _steady(db, steady, "staged")
        _keyed(db, steady)
    of_journeys = {a.column for a in steady}
    return [replace(a, level="journey" if a.column in of_journeys else "event") for a in attributes]


def _steady(db: Session, attributes: Sequence[Attribute], rows: str) -> list[Attribute]:
    """Give the attributes that never change within a journey of `rows`; an absent value is a value here."""
    if not attributes:
        return []
    # Hashes tell whether values are alike, for a tenth of what comparing texts costs.
    changes = ", ".join(f"min(hash({a.column})) <> max(hash({a.column})) AS {a.column}" for a in attributes)
    anywhere = ", ".join(f"coalesce(bool_or({a.column}), false)" for a in attributes)
    found = db.rows(f"SELECT {anywhere} FROM (SELECT {changes} FROM {rows} GROUP BY key)")[0]
    return [a for a, changed in zip(attributes, found, strict=True) if not changed]


def _keyed(db: Session, attributes: Sequence[Attribute]) -> bool:
    """Number the journeys by key, with their attributes; False when a journey has several values of one."""
    values = "".join(f", {a.column}" for a in attributes)
    db.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE keyed AS
        SELECT CAST(row_number() OVER (ORDER BY key) - 1 AS UINTEGER) AS journey_id, hash(key) AS key_hash, *
        FROM (SELECT DISTINCT key{values} FROM staged)
        """
    )
    alone: bool = db.value("SELECT count(*) = count(DISTINCT key) FROM keyed") if attributes else True
    return alone


def _write_events(db: Session, attributes: Sequence[Attribute], at: str) -> None:
    """Write the events, sorted by journey, time and input order; the only sort over events there is."""
    kept = "".join(f", s.{a.column}" for a in attributes)
    alone = db.value("SELECT count(*) = count(DISTINCT key_hash) FROM keyed")
    same_key = "k.key_hash = hash(s.key)" if alone else "k.key = s.key"
    db.execute(
        f"""
        CREATE OR REPLACE TABLE events AS
        SELECT k.journey_id, s.event_no, a.activity, s.time, s.source_id{kept}
        FROM staged AS s JOIN keyed AS k ON {same_key} JOIN activities AS a ON a.name = s.activity
        ORDER BY k.journey_id, s.{at} NULLS FIRST, s.event_no
        """
    )


def _write_paths(db: Session, attributes: Sequence[Attribute]) -> None:
    """Write variants, journeys, and how often activities and directly-follows pairs happen in the whole log."""
    events = db.frame("SELECT activity, epoch_us(time) AS time_us FROM events")
    activity, time_us = events["activity"].to_numpy(), with_gaps(events["time_us"])
    spans = db.frame(
        'SELECT count(*) AS n, min(time) AS start, max(time) AS "end" FROM events '
        "GROUP BY journey_id ORDER BY journey_id"
    )
    lengths = spans["n"].to_numpy()
    # Neither holds the interpreter while it works, so they share the cores.
    with ThreadPoolExecutor(1) as aside:
        parts, width = parts_of(lengths, activity, time_us), int(activity.max(initial=0)) + 1
        walking = aside.submit(walk, parts, width, timed=time_us is not None, silence=True)
        found = variants(activity, lengths)
        walked = walking.result()
    _replace(db, "variants", "FROM found_variants ORDER BY variant_id", found_variants=found.paths)
    _write_journeys(db, attributes, spans, found.of_journey)
    _replace(db, "activity_counts", "FROM walked ORDER BY activity", walked=walked.activities)
    _replace(db, "edges", "FROM walked ORDER BY source, target", walked=walked.edges)
    _replace(db, "silence", "FROM found", found=pl.DataFrame({"gap_s": [walked.silence_p95_s]}, {"gap_s": pl.Float64}))
    db.execute("CREATE OR REPLACE TEMP VIEW log_events AS FROM events")
    db.execute("CREATE OR REPLACE TEMP VIEW log_journeys AS FROM journeys")
    _replace(db, "calendar", query_text("calendar"))


def _write_journeys(db: Session, attributes: Sequence[Attribute], spans: pl.DataFrame, variant: np.ndarray) -> None:
    """Write the journeys; `spans` (n, start, end) and `variant` are in their order."""
    lengths = spans["n"].to_numpy()
    numbered = pl.DataFrame(
        {
            "journey_id": np.arange(lengths.size, dtype=np.uint32),
            "start": spans["start"].dt.replace_time_zone(None),
            "end": spans["end"].dt.replace_time_zone(None),
            "n_events": lengths.astype(np.uint32),
            "first_place": (np.cumsum(lengths) - lengths).astype(np.uint64),
            "variant_id": variant,
        }
    )
    values = "".join(f", k.{quoted(a.column)}" for a in attributes)
    _replace(
        db,
        "journeys",
        f"""
        SELECT n.journey_id, k.key, n.* EXCLUDE (journey_id){values}
        FROM numbered AS n JOIN keyed AS k USING (journey_id) ORDER BY n.journey_id
        """,
        numbered=numbered,
    )


def _replace(db: Session, table: str, query: str, **frames: pl.DataFrame) -> None:
    """Write a table anew from frames."""
    for name, frame in frames.items():
        db.register(name, frame)
    db.execute(f"CREATE OR REPLACE TABLE {table} AS {query}")
    for name in frames:
        db.forget(name)
