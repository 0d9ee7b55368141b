"""Connected components in the database, in few rounds even on long chains.

Each round is one step of Borůvka's: every id takes its smallest neighbour for a parent, which leaves trees with two ids
at the top that have taken each other; the smaller one is the root. Pointers then jump to their roots, and the links
between roots are the links of the next round. Every id joins at least one other, so each round halves their number; and
jumping halves the depth. A chain of n ids takes at most log2(n) rounds of at most log2(n) jumps over ever smaller
tables, where a label that is handed from neighbour to neighbour would take n rounds.

Which id becomes the root depends on how they are numbered; which ids have the same root does not.
"""

from __future__ import annotations

from pipeline.store import Session


def components(db: Session, links: str, out: str) -> int:
    """Write the table `out` of ``id, root``: ids have the same root when a path of links joins them.

    Parameters
    ----------
    db : Session
        Its temporary tables ``cc_...`` are used and dropped.
    links : str
        A relation of two different ids a row, ``a`` and ``b``; the order of a and b does not matter.
    out : str
        The temporary table to make, with one row for every id that has a link.

    Returns
    -------
    int
        The number of rounds.
    """
    db.execute(f"CREATE OR REPLACE TEMP TABLE cc_links AS SELECT a, b FROM {links}")
    rounds = 0
    while db.value("SELECT count(*) FROM cc_links"):
        _hook(db, f"cc_trees_{rounds}")
        db.execute(
            f"""
            CREATE OR REPLACE TEMP TABLE cc_links AS
            SELECT DISTINCT least(x.root, y.root) AS a, greatest(x.root, y.root) AS b
            FROM cc_links AS l JOIN cc_trees_{rounds} AS x ON x.id = l.a JOIN cc_trees_{rounds} AS y ON y.id = l.b
            WHERE x.root <> y.root
            """
        )
        rounds += 1
    _unfold(db, rounds, out)
    db.execute("DROP TABLE cc_links")
    return rounds


def _hook(db: Session, trees: str) -> None:
    """Give every id its smallest neighbour for a parent, then the root of its tree."""
    db.execute(
        """
        CREATE OR REPLACE TEMP TABLE cc_parents AS
        SELECT id, min(other) AS root
        FROM (SELECT a AS id, b AS other FROM cc_links UNION ALL SELECT b, a FROM cc_links) GROUP BY id
        """
    )
    up = "CASE WHEN above.root = p.id THEN least(p.id, p.root) ELSE above.root END"
    moved = True
    while moved:
        db.execute(
            f"""
            CREATE OR REPLACE TEMP TABLE {trees} AS
            SELECT p.id, {up} AS root, p.root <> {up} AS moved
            FROM cc_parents AS p JOIN cc_parents AS above ON above.id = p.root
            """
        )
        moved = bool(db.value(f"SELECT coalesce(bool_or(moved), false) FROM {trees}"))
        up = "above.root"
        db.execute(f"DROP TABLE cc_parents; ALTER TABLE {trees} RENAME TO cc_parents")
    db.execute(f"DROP TABLE IF EXISTS {trees}; ALTER TABLE cc_parents RENAME TO {trees}")


def _unfold(db: Session, rounds: int, out: str) -> None:
    """Follow the roots of every round to those of the last, from the smallest table up."""
    db.execute(f"CREATE OR REPLACE TEMP TABLE {out} AS SELECT a AS id, a AS root FROM cc_links")
    for n in reversed(range(rounds)):
        db.execute(
            f"""
            CREATE OR REPLACE TEMP TABLE {out} AS
            SELECT t.id, coalesce(o.root, t.root) AS root FROM cc_trees_{n} AS t LEFT JOIN {out} AS o ON o.id = t.root
            """
        )
        db.execute(f"DROP TABLE cc_trees_{n}")
