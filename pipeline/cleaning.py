"""A path-cleaning recipe applied to rows: names replaced, rows left out, repeats collapsed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import polars as pl

from mining.recipe import EVERY, Collapse, Drop, Group, Recipe, Rename, matches
from pipeline.build import Attribute
from pipeline.store import Session

REPEATS = "repeats"


def clean(
    db: Session, rows: str, recipe: Recipe, attributes: Sequence[Attribute], *, at: str = "time"
) -> tuple[str, list[Attribute]]:
    """Clean the paths of `rows` (``key, activity, time, event_no`` and attributes), which `at` puts in order.

    Returns
    -------
    str
        The table of the cleaned rows.
    list of Attribute
        The attributes, with the number of repeats as one more where repeats were collapsed.
    """
    known = list(attributes)
    number = 0
    for collapses, group in groupby(recipe.steps, key=lambda step: isinstance(step, Collapse)):
        steps = list(group)
        for part in [[step] for step in steps] if collapses else [steps]:
            table, number = f"cleaned_{number}", number + 1
            if isinstance(part[0], Collapse):
                known = _with_repeats(known)
                _collapse(db, rows, part[0], known[-1].column, table, at)
            else:
                _rename(db, rows, [step for step in part if not isinstance(step, Collapse)], table)
            rows = table
    return rows, known


def _rename(db: Session, rows: str, steps: Sequence[Rename | Group | Drop], table: str) -> None:
    """Give activities the names they have after some steps; what has none is left out."""
    names = db.frame(f"SELECT DISTINCT activity AS name FROM {rows} ORDER BY name")["name"].to_list()
    after: dict[str, str | None] = {}
    for name in names:
        now: str | None = name
        for step in steps:
            now = None if now is None else step.name(now)
        after[name] = now
    frame = pl.DataFrame(
        {"activity": list(after), "renamed": list(after.values())}, {"activity": pl.String, "renamed": pl.String}
    )
    db.register("renamed_activities", frame)
    db.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE {table} AS
        SELECT r.* REPLACE (n.renamed AS activity) FROM {rows} AS r JOIN renamed_activities AS n USING (activity)
        WHERE n.renamed IS NOT NULL
        """
    )
    db.forget("renamed_activities")


def _with_repeats(attributes: Sequence[Attribute]) -> list[Attribute]:
    """Add the attribute that counts repeats, last, under a name that is free."""
    if attributes and attributes[-1].role == REPEATS:
        return list(attributes)
    name = REPEATS
    while name in {a.name for a in attributes}:
        name += "_"
    return [*attributes, Attribute(name, "BIGINT", f"attr_{len(attributes) + 1}", REPEATS)]


def _collapse(db: Session, rows: str, step: Collapse, column: str, table: str, at: str) -> None:
    """Keep the first of each run of one activity, with the number of events in the run."""
    names = db.frame(f"SELECT DISTINCT activity AS name FROM {rows} ORDER BY name")["name"].to_list()
    meant = [name for name in names if step.activities == (EVERY,) or matches(name, step.activities)]
    db.register("collapsed_activities", pl.DataFrame({"activity": meant}, {"activity": pl.String}))
    columns = {name for (name,) in db.rows(f"SELECT column_name FROM (DESCRIBE FROM {rows})")}
    before = f"coalesce({column}, 1)" if column in columns else "1"
    in_order = f"PARTITION BY key ORDER BY {at} NULLS FIRST, event_no"
    rest = f"* EXCLUDE ({column})" if column in columns else "*"
    db.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE {table} AS
        SELECT * EXCLUDE (run, opens, n) , CAST(n AS BIGINT) AS {column}
        FROM (
            SELECT *, sum(n_before) OVER (PARTITION BY key, run) AS n
            FROM (
                SELECT *, sum(opens) OVER ({in_order}) AS run
                FROM (
                    SELECT {rest}, {before} AS n_before, CASE
                        WHEN activity IS DISTINCT FROM lag(activity) OVER ({in_order})
                            OR activity NOT IN (FROM collapsed_activities) THEN 1 ELSE 0 END AS opens
                    FROM {rows}
                )
            )
        )
        WHERE opens = 1
        """
    )
    db.execute(f"ALTER TABLE {table} DROP COLUMN n_before")
    db.forget("collapsed_activities")
