"""The joined ids as people look at them: the largest first, and only so many."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from pipeline.store import Session


@dataclass(frozen=True)
class IdentityTables:
    """What to look at; each frame holds the largest so many rows.

    Attributes
    ----------
    persons : polars.DataFrame
        One row per person with several ids, those with most ids first: person, n_ids, n_events, first, last.
    merges : polars.DataFrame
        The evidence of these persons, one row per two ids that stood side by side: person, column_a, value_a, column_b,
        value_b, n_events, n_rows, first, last, source_id, event_no.
    shared : polars.DataFrame
        One row per value that links nothing, those between most persons first: column, value, other, n_others,
        n_events, n_alone, n_persons.
    split : polars.DataFrame
        One row per person that was split again, those with most ids first: person, n_ids, n_persons, n_events.
    """

    persons: pl.DataFrame
    merges: pl.DataFrame
    shared: pl.DataFrame
    split: pl.DataFrame


def identity_tables(db: Session, *, prefix: str = "identity_", suffix: str = "", n: int = 100) -> IdentityTables:
    """Read the tables that `pipeline.identity.stitch` has made.

    Parameters
    ----------
    db : Session
    prefix, suffix : str
        Around the names ``persons``, ``merges``, ``shared`` and ``split``, where they were kept under other names.
    n : int, default 100
        How many rows of each.
    """
    names = {name: f"{prefix}{name}{suffix}" for name in ("persons", "merges", "shared", "split")}
    many = f"""
        SELECT person, n_ids, n_events, first, last FROM {names["persons"]} WHERE n_ids > 1
        ORDER BY n_ids DESC, person LIMIT $n
    """
    return IdentityTables(
        persons=db.frame(many, {"n": n}),
        merges=db.frame(
            f"SELECT * FROM {names['merges']} SEMI JOIN ({many}) USING (person) "
            "ORDER BY person, column_a, value_a, column_b, value_b",
            {"n": n},
        ),
        shared=db.frame(f'SELECT * FROM {names["shared"]} ORDER BY n_persons DESC, "column", value LIMIT $n', {"n": n}),
        split=db.frame(f"SELECT * FROM {names['split']} ORDER BY n_ids DESC, person LIMIT $n", {"n": n}),
    )
