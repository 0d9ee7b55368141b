"""From ids that stand side by side to the links between them: each counted once, the misleading ones cut."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline.identity.values import readable
from pipeline.store import Session

if TYPE_CHECKING:
    from pipeline.identity import Identity

# Texts of one column that are the same id get the number of the first of them.
_ONE_NUMBER = """
    CREATE OR REPLACE TEMP TABLE identity_read AS
    SELECT coalesce(f.id, r.id) AS id, r.rank, r.raw, r.value
    FROM identity_read AS r LEFT JOIN (
        SELECT min(id) AS id, value FROM identity_read WHERE rank = $rank GROUP BY value HAVING count(*) > 1
    ) AS f ON r.rank = $rank AND f.value = r.value
"""

# What the identity table says goes before what events say, more of it before less, a more trusted column before a
# lesser one, a smaller value before a greater one; so the order of the rows does not matter.
_STRONGEST = """
    CREATE OR REPLACE TEMP TABLE identity_strongest AS
    SELECT l.b AS id, l.a AS parent
    FROM identity_pairs AS l JOIN identity_parts AS p ON p.id = l.b JOIN identity_too_many AS m ON m.root = p.root
    JOIN identity_numbered AS i ON i.id = l.a
    WHERE NOT l.cut
    QUALIFY row_number() OVER (PARTITION BY l.b ORDER BY l.n_rows DESC, l.n_events DESC, l.rank_a, i.value) = 1
"""


def collect(
    db: Session,
    rule: Identity,
    staged: str,
    given: Sequence[str | None],
    table: str | None,
    rows: Sequence[str | None] | None,
) -> None:
    """Number the ids, and write each combination of them that occurs once: ``identity_coded``."""
    n = len(rule.columns)
    raw = ", ".join(f"x{i}" for i in range(n))
    listed = ", ".join(f"CAST({sql or 'NULL'} AS VARCHAR) AS x{i}" for i, sql in enumerate(given))
    combined = f"""
        SELECT {raw}, count(*) AS n_events, 0 AS n_rows, min(time) AS first, max(time) AS last,
            min(event_no) AS event_no, min(source_id) AS source_id
        FROM (SELECT {listed}, time, event_no, source_id FROM {staged}) GROUP BY {raw}
    """
    if table is not None and rows is not None:
        listed = ", ".join(f"CAST({sql or 'NULL'} AS VARCHAR) AS x{i}" for i, sql in enumerate(rows))
        combined += f"""
            UNION ALL
            SELECT {raw}, 0, count(*), NULL, NULL, NULL, NULL FROM (SELECT {listed} FROM {table}) GROUP BY {raw}
        """
    db.execute(
        f"CREATE OR REPLACE TEMP TABLE identity_combined AS SELECT row_number() OVER () AS no, * FROM ({combined})"
    )
    _number(db, rule)
    codes = ", ".join(f"r{i}.id AS c{i}" for i in range(n))
    joins = " ".join(
        f"LEFT JOIN (SELECT raw, id FROM identity_read WHERE rank = {i}) AS r{i} ON r{i}.raw = x{i}" for i in range(n)
    )
    db.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE identity_coded AS
        SELECT c.no, hash({raw}) AS mark, {codes}, n_events, n_rows, first, last, event_no, source_id
        FROM identity_combined AS c {joins}
        """
    )


def _number(db: Session, rule: Identity) -> None:
    """Number the ids: ``identity_numbered`` of ``id, rank, value``, and ``identity_read`` that leads to it from texts.

    The texts are numbered; only in columns where some text is not yet the id itself can two texts be the same id.
    """
    values = " UNION ALL ".join(
        f"SELECT CAST({i} AS UTINYINT) AS rank, raw, {readable('raw', form, rule.country, rule.no_ids)} AS value "
        f"FROM (SELECT DISTINCT x{i} AS raw FROM identity_combined WHERE x{i} IS NOT NULL)"
        for i, form in enumerate(rule.forms)
    )
    db.execute(
        f"CREATE OR REPLACE TEMP TABLE identity_texts AS {values}"
    )  # whole: a filter would read each value twice
    db.execute(
        """
        CREATE OR REPLACE TEMP TABLE identity_read AS
        SELECT CAST(row_number() OVER () AS UINTEGER) AS id, * FROM identity_texts WHERE value IS NOT NULL
        """
    )
    changed = [rank for (rank,) in db.rows("SELECT DISTINCT rank FROM identity_read WHERE raw <> value")]
    db.execute("DROP TABLE identity_texts")
    for rank in changed:
        db.execute(_ONE_NUMBER, {"rank": rank})
    distinct = " UNION ALL ".join(
        f"SELECT {'DISTINCT' if rank in changed else ''} id, rank, value FROM identity_read WHERE rank = {rank}"
        for rank in range(len(rule.columns))
    )
    db.execute(f"CREATE OR REPLACE TEMP TABLE identity_numbered AS {distinct}")


def pair(db: Session, n: int) -> None:
    """Write each two ids that occur together once, the more trusted one first: ``identity_pairs``."""
    pairs = " UNION ALL ".join(
        f"SELECT c{i} AS a, c{j} AS b, CAST({i} AS UTINYINT) AS rank_a, CAST({j} AS UTINYINT) AS rank_b, n_events, "
        f"n_rows, first, last, event_no, source_id FROM identity_coded WHERE c{i} IS NOT NULL AND c{j} IS NOT NULL"
        for i in range(n)
        for j in range(i + 1, n)
    )
    nothing = (
        "SELECT c0 AS a, c0 AS b, CAST(0 AS UTINYINT) AS rank_a, CAST(0 AS UTINYINT) AS rank_b, n_events, n_rows, "
        "first, last, event_no, source_id FROM identity_coded WHERE false"
    )
    db.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE identity_pairs AS
        SELECT a, b, rank_a, rank_b, CAST(sum(n_events) AS BIGINT) AS n_events, CAST(sum(n_rows) AS BIGINT) AS n_rows,
            min(first) AS first, max(last) AS last, min(event_no) AS event_no, min(source_id) AS source_id,
            false AS cut
        FROM ({pairs or nothing}) GROUP BY a, b, rank_a, rank_b
        """
    )


def cut(db: Session, rule: Identity) -> None:
    """Find the ids that stand beside too many others, and take their links away: ``identity_cuts``."""
    db.execute(
        """
        CREATE OR REPLACE TEMP TABLE identity_cuts AS
        SELECT id, rank_other, n_others FROM (
            SELECT b AS id, rank_a AS rank_other, count(*) AS n_others FROM identity_pairs GROUP BY b, rank_a
            HAVING count(*) > $most_trusted
            UNION ALL
            SELECT a, rank_b, count(*) FROM identity_pairs GROUP BY a, rank_b HAVING count(*) > $most_lesser
        ) QUALIFY row_number() OVER (PARTITION BY id ORDER BY n_others DESC, rank_other) = 1
        """,
        {"most_trusted": rule.most_trusted, "most_lesser": rule.most_lesser},
    )
    db.execute(
        """
        UPDATE identity_pairs SET cut = true
        WHERE a IN (SELECT id FROM identity_cuts) OR b IN (SELECT id FROM identity_cuts)
        """
    )


def split_again(db: Session, rule: Identity) -> int:
    """In persons with too many values of a column, let each id follow the one more trusted id it was seen with most."""
    db.execute(
        """
        CREATE OR REPLACE TEMP TABLE identity_too_many AS
        SELECT DISTINCT root FROM (
            SELECT p.root FROM identity_parts AS p JOIN identity_numbered AS i USING (id)
            WHERE i.rank < $least GROUP BY p.root, i.rank HAVING count(*) > $most
        )
        """,
        {"least": len(rule.columns) - 1, "most": rule.most_values},
    )
    found = int(db.value("SELECT count(*) FROM identity_too_many"))
    if not found:
        return 0
    db.execute(_STRONGEST)
    for _ in rule.columns[2:]:
        db.execute(
            """
            CREATE OR REPLACE TEMP TABLE identity_strongest AS
            SELECT s.id, coalesce(above.parent, s.parent) AS parent
            FROM identity_strongest AS s LEFT JOIN identity_strongest AS above ON above.id = s.parent
            """
        )
    db.execute(
        """
        CREATE OR REPLACE TEMP TABLE identity_parts AS
        SELECT p.id, CASE WHEN m.root IS NULL THEN p.root ELSE coalesce(s.parent, p.id) END AS root, m.root AS before
        FROM identity_parts AS p LEFT JOIN identity_too_many AS m USING (root)
        LEFT JOIN identity_strongest AS s ON s.id = p.id
        """
    )
    return found
