"""A path-cleaning recipe applied to rows: names replaced, rows left out, repeats collapsed, ends cut off."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import polars as pl

from mining.recipe import EVERY, Collapse, Naming, Recipe, Trim, matches
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
    for named, group in groupby(recipe.steps, key=lambda step: isinstance(step, Naming)):
        steps = list(group)
        for part in [steps] if named else [[step] for step in steps]:
            table, number = f"cleaned_{number}", number + 1
            if isinstance(part[0], Collapse):
                known = _with_repeats(known)
                _collapse(db, rows, part[0], known[-1].column, table, at)
            elif isinstance(part[0], Trim):
                _trim(db, rows, part[0], table, at)
            else:
                _rename(db, rows, [step for step in part if isinstance(step, Naming)], table)
            rows = table
    return rows, known


def _rename(db: Session, rows: str, steps: Sequence[Naming], table: str) -> None:
    """Give activities the names they have after some steps; what has none is left out."""
    names = _names(db, rows)
    recipe = Recipe(tuple(steps))
    after = {name: recipe.after(name) for name in names}
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
    meant = [name for name in _names(db, rows) if step.activities == (EVERY,) or matches(name, step.activities)]
    db.register("collapsed_activities", pl.DataFrame({"activity": meant}, {"activity": pl.String}))
    columns = {name for (name,) in db.rows(f"SELECT column_name FROM (DESCRIBE FROM {rows})")}
    before = f"coalesce({column}, 1)" if column in columns else "1"
    in_order = _in_order(at)
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


def _trim(db: Session, rows: str, step: Trim, table: str, at: str) -> None:
    """Keep of each journey what stands between its first start and its last end."""
    names = _names(db, rows)
    for side, patterns in (("start", step.start), ("end", step.end)):
        meant = [name for name in names if not patterns or matches(name, patterns)]
        db.register(f"trim_{side}", pl.DataFrame({"activity": meant}, {"activity": pl.String}))
    db.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE {table} AS
        SELECT * EXCLUDE (begun, ending)
        FROM (
            SELECT *,
                bool_or(activity IN (FROM trim_start)) OVER ({_in_order(at)}
                    ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS begun,
                bool_or(activity IN (FROM trim_end)) OVER ({_in_order(at)}
                    ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS ending
            FROM {rows}
        )
        WHERE begun AND ending
        """
    )
    for side in ("start", "end"):
        db.forget(f"trim_{side}")


def _names(db: Session, rows: str) -> list[str]:
    return db.frame(f"SELECT DISTINCT activity AS name FROM {rows} ORDER BY name")["name"].to_list()


def _in_order(at: str) -> str:
    return f"PARTITION BY key ORDER BY {at} NULLS FIRST, event_no"
