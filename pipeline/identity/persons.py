"""Persons from links: components, names, the tables that people read, the query of the events under their persons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.identity import links as identity_links
from pipeline.identity.components import components
from pipeline.store import Session, literal, quoted

if TYPE_CHECKING:
    from pipeline.identity import Identity


# An identity table may name many whom the events do not know.
_N_IDS = "SELECT count(*) FROM identity_rooted WHERE shared OR root IN (SELECT root FROM identity_keys)"


@dataclass(frozen=True)
class Stitched:
    """What joining the ids has given.

    In the session stand, until it closes,

    - ``identity_persons``: ``person, n_ids, n_events, first, last, shared``; a person is named by the smallest value of
      the most trusted column they have, after the name of the column; `shared` marks a value that was cut, as the
      person of the events that carry nothing else;
    - ``identity_ids``: ``"column", value, person, shared``;
    - ``identity_merges``: ``person, column_a, value_a, column_b, value_b, n_events, n_rows, first, last, source_id,
      event_no``: two ids that belong together, on how many events and rows of the identity table, and the first event;
    - ``identity_shared``: ``"column", value, other, n_others, n_events, n_alone, n_persons``: a value that links
      nothing, beside how many values of which column it stood, on how many events, on how many of them alone, and
      between how many persons it would have been a bridge;
    - ``identity_split``: ``person, n_ids, n_persons, n_events``: what would have been one person and was split again.

    Attributes
    ----------
    select : str
        The query of the staged events with `key` replaced by the person; those that name nobody are not among them.
    n_events, n_nameless : int
        Events that name a person, and those that name nobody.
    n_ids : int
        Different ids of persons with events, and shared ones.
    n_persons, n_joined : int
        Persons with events, and how many of them have more than one id.
    n_cut, n_split : int
        Ids that link nothing, and persons that were split again.
    n_before, n_changed : int
        How many persons there would be if nothing was cut or split, and how many of the persons that would touch.
    """

    select: str
    n_events: int
    n_nameless: int
    n_ids: int
    n_persons: int
    n_joined: int
    n_cut: int
    n_split: int
    n_before: int
    n_changed: int

    def as_dict(self) -> dict[str, int]:
        """Give the counts."""
        return {name: value for name, value in self.__dict__.items() if name != "select"}


def join_ids(
    db: Session,
    rule: Identity,
    staged: str,
    given: Sequence[str | None],
    table: str | None = None,
    rows: Sequence[str | None] | None = None,
) -> Stitched:
    """Join ids; `given` and `rows` are the SQL of each identity column in the events and in the identity table."""
    identity_links.collect(db, rule, staged, given, table, rows)
    identity_links.pair(db, len(rule.columns))
    identity_links.cut(db, rule)
    components(db, "(SELECT a, b FROM identity_pairs WHERE NOT cut)", "identity_parts")
    n_split = identity_links.split_again(db, rule)
    _name_persons(db, rule)
    _show(db, rule, split=n_split > 0)
    n_before, n_changed = _without_cuts(db, split=n_split > 0)
    for table in ("read", "too_many", "strongest", "bridged"):
        db.execute(f"DROP TABLE IF EXISTS identity_{table}")
    return _stitched(db, staged, given, n_split, n_before, n_changed)


def _name_persons(db: Session, rule: Identity) -> None:
    """Give every person a name, every combination of ids its person, and every person their events."""
    db.execute(
        """
        CREATE OR REPLACE TEMP TABLE identity_rooted AS
        SELECT i.id, i.rank, i.value, coalesce(p.root, i.id) AS root, c.id IS NOT NULL AS shared
        FROM identity_numbered AS i LEFT JOIN identity_parts AS p ON p.id = i.id
        LEFT JOIN identity_cuts AS c ON c.id = i.id
        """
    )
    n = len(rule.columns)
    own = ", ".join(f"CASE WHEN h{i}.id IS NULL THEN c{i} END" for i in range(n))
    any_ = ", ".join(f"c{i}" for i in range(n))
    shared = " ".join(f"LEFT JOIN identity_cuts AS h{i} ON h{i}.id = c{i}" for i in range(n))
    db.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE identity_labels AS
        SELECT root, count(*) AS n_ids, bool_or(shared) AS shared, {_smallest(rule)} AS person
        FROM identity_rooted GROUP BY root;
        CREATE OR REPLACE TEMP TABLE identity_keys AS
        SELECT c.no, c.mark, r.root, c.n_events, c.first, c.last
        FROM (SELECT c.*, coalesce({own}, {any_}) AS id FROM identity_coded AS c {shared}) AS c
        JOIN identity_rooted AS r ON r.id = c.id
        WHERE c.n_events > 0;
        """
    )


def _smallest(rule: Identity) -> str:
    """Give the SQL of the name of a group of ids: the smallest value of the most trusted column, after its name."""
    each = (f"{literal(name + ':')} || min(value) FILTER (rank = {i})" for i, name in enumerate(rule.columns))
    return f"coalesce({', '.join(each)})"


def _show(db: Session, rule: Identity, split: bool) -> None:
    """Make the tables and views that people read."""
    names = _names(rule)
    db.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE identity_persons AS
        SELECT l.person, l.n_ids, k.n_events, k.first, k.last, l.shared
        FROM identity_labels AS l JOIN (
            SELECT root, CAST(sum(n_events) AS BIGINT) AS n_events, min(first) AS first, max(last) AS last
            FROM identity_keys GROUP BY root
        ) AS k USING (root);
        CREATE OR REPLACE TEMP VIEW identity_ids AS
        SELECT {names}[rank + 1] AS "column", value, l.person, r.shared
        FROM identity_rooted AS r JOIN identity_labels AS l USING (root);
        CREATE OR REPLACE TEMP VIEW identity_merges AS
        SELECT l.person, {names}[a.rank + 1] AS column_a, a.value AS value_a, {names}[b.rank + 1] AS column_b,
            b.value AS value_b, p.n_events, p.n_rows, p.first, p.last, p.source_id, p.event_no
        FROM identity_pairs AS p JOIN identity_rooted AS a ON a.id = p.a JOIN identity_rooted AS b ON b.id = p.b
        JOIN identity_labels AS l ON l.root = a.root
        WHERE NOT p.cut AND a.root = b.root
        """
    )
    _show_shared(db, rule)
    _show_split(db, rule, split)


def _names(rule: Identity) -> str:
    """Give the SQL of the list of the columns' names, by rank."""
    return "[" + ", ".join(literal(name) for name in rule.columns) + "]"


def _show_shared(db: Session, rule: Identity) -> None:
    """Write which values link nothing: ``identity_shared``."""
    names = _names(rule)
    carried = " UNION ALL ".join(
        f"SELECT c{i} AS id, n_events FROM identity_coded SEMI JOIN identity_cuts ON identity_cuts.id = c{i}"
        for i in range(len(rule.columns))
    )
    db.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE identity_shared AS
        SELECT {names}[r.rank + 1] AS "column", r.value, {names}[c.rank_other + 1] AS other, c.n_others,
            coalesce(e.n_events, 0) AS n_events, coalesce(k.n_events, 0) AS n_alone,
            coalesce(n.n_persons, 0) AS n_persons
        FROM identity_cuts AS c JOIN identity_rooted AS r ON r.id = c.id
        LEFT JOIN (SELECT id, CAST(sum(n_events) AS BIGINT) AS n_events FROM ({carried}) GROUP BY id) AS e
            ON e.id = c.id
        LEFT JOIN (SELECT root, CAST(sum(n_events) AS BIGINT) AS n_events FROM identity_keys GROUP BY root) AS k
            ON k.root = c.id
        LEFT JOIN (
            SELECT x.id, count(DISTINCT o.root) AS n_persons
            FROM (
                SELECT a AS id, b AS other FROM identity_pairs WHERE cut
                UNION ALL SELECT b, a FROM identity_pairs WHERE cut
            ) AS x SEMI JOIN identity_cuts ON identity_cuts.id = x.id
            JOIN identity_rooted AS o ON o.id = x.other WHERE NOT o.shared GROUP BY x.id
        ) AS n ON n.id = c.id
        """
    )


def _show_split(db: Session, rule: Identity, split: bool) -> None:
    """Write what was split again: ``identity_split``."""
    whole = "p.before" if split else "CAST(NULL AS UINTEGER)"
    db.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE identity_split AS
        SELECT person, n_ids, n_persons, coalesce(n_events, 0) AS n_events
        FROM (
            SELECT {whole} AS before, count(*) AS n_ids, count(DISTINCT r.root) AS n_persons,
                {_smallest(rule)} AS person
            FROM identity_parts AS p JOIN identity_rooted AS r USING (id) WHERE {whole} IS NOT NULL GROUP BY {whole}
        ) LEFT JOIN (
            SELECT {whole} AS before, CAST(sum(k.n_events) AS BIGINT) AS n_events
            FROM identity_keys AS k JOIN identity_parts AS p ON p.id = k.root
            WHERE {whole} IS NOT NULL GROUP BY {whole}
        ) USING (before)
        """
    )


def _without_cuts(db: Session, split: bool) -> tuple[int, int]:
    """Count the persons there would be without cuts, and the persons of now that would be others."""
    again = """
        UNION ALL
        SELECT l.a, l.b FROM identity_pairs AS l JOIN identity_parts AS p ON p.id = l.b WHERE p.before IS NOT NULL
    """
    components(
        db,
        f"""(
            SELECT DISTINCT x.root AS a, y.root AS b
            FROM (SELECT a, b FROM identity_pairs WHERE cut {again if split else ""}) AS l
            JOIN identity_rooted AS x ON x.id = l.a JOIN identity_rooted AS y ON y.id = l.b WHERE x.root <> y.root
        )""",
        "identity_bridged",
    )
    row = db.rows(
        """
        SELECT count(*), coalesce(sum(n) FILTER (n > 1), 0) FROM (
            SELECT count(*) AS n FROM (SELECT DISTINCT root FROM identity_keys) AS k
            LEFT JOIN identity_bridged AS b ON b.id = k.root GROUP BY coalesce(b.root, k.root)
        )
        """
    )[0]
    return int(row[0]), int(row[1])


def _stitched(
    db: Session, staged: str, given: Sequence[str | None], n_split: int, n_before: int, n_changed: int
) -> Stitched:
    """Count, and compose the query of the events under their persons."""
    n_all = int(db.value("SELECT coalesce(sum(n_events), 0) FROM identity_coded"))
    n_events, n_persons, n_joined = db.rows(
        "SELECT coalesce(sum(n_events), 0), count(*), count(*) FILTER (n_ids > 1) FROM identity_persons"
    )[0]
    return Stitched(
        select=events_query(db, staged, given),
        n_events=int(n_events),
        n_nameless=n_all - int(n_events),
        n_ids=int(db.value(_N_IDS)),
        n_persons=n_persons,
        n_joined=n_joined,
        n_cut=int(db.value("SELECT count(*) FROM identity_cuts")),
        n_split=n_split,
        n_before=n_before,
        n_changed=n_changed,
    )


def events_query(db: Session, staged: str, given: Sequence[str | None]) -> str:
    """Compose the query of the events under their persons.

    Events find their person by the hash of their ids, which takes a third of the time; where two combinations of ids
    should have the same hash, by the ids themselves.
    """
    texts = [f"CAST({sql or 'NULL'} AS VARCHAR)" for sql in given]
    person, mark = quoted("id person"), quoted("id mark")
    if db.value("SELECT count(*) = count(DISTINCT mark) FROM identity_keys"):
        keys = f"SELECT k.mark AS {mark}, l.person AS {person} FROM identity_keys AS k"
        same = f"hash({', '.join(texts)}) = k.{mark}"
    else:
        raw = ", ".join(f"x{i} AS {quoted(f'id {i}')}" for i in range(len(given)))
        keys = f"SELECT {raw}, l.person AS {person} FROM identity_keys AS k JOIN identity_combined AS c USING (no)"
        same = " AND ".join(f"{text} IS NOT DISTINCT FROM k.{quoted(f'id {i}')}" for i, text in enumerate(texts))
    return (
        f"SELECT s.* REPLACE (k.{person} AS key) FROM {staged} AS s "
        f"JOIN ({keys} JOIN identity_labels AS l USING (root)) AS k ON {same}"
    )
