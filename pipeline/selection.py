"""From a condition on journeys to the query that chooses them."""

from __future__ import annotations

from mining.expressions import parse
from pipeline.store import Session, quoted

BUILT_IN = {
    "key": "j.key",
    "n_events": "j.n_events",
    "duration_s": "date_diff('microsecond', j.start, j.\"end\") / 1000000.0",
    "start": "j.start",
    "end": 'j."end"',
}


def chosen_journeys(session: Session, where: str) -> str:
    """Give the query of the ids of the journeys that meet `where`.

    An attribute of events stands for its first value in the journey.

    Raises
    ------
    ExpressionError
        When the condition cannot be read, or names what the log does not have.
    """
    expression = parse(where)
    attributes = {
        name: (level, column) for name, level, column in session.rows('SELECT name, level, "column" FROM attributes')
    }
    names = {name: name for name in (*BUILT_IN, *attributes)}
    used = expression.resolve(names)
    sql = expression.sql({name: f"v{i}" for i, name in enumerate(names)})
    values, joins = [], []
    for i, name in enumerate(names):
        if name not in used.values():
            continue
        if name in BUILT_IN:
            values.append(f"{BUILT_IN[name]} AS v{i}")
        elif attributes[name][0] == "journey":
            values.append(f"j.{quoted(attributes[name][1])} AS v{i}")
        else:
            values.append(f"f{i}.value AS v{i}")
            joins.append(_first_value(quoted(attributes[name][1]), f"f{i}"))
    listed = ", ".join(["j.journey_id", *values])
    return (
        f"SELECT journey_id FROM (SELECT {listed} FROM journeys AS j {' '.join(joins)}) WHERE {sql} ORDER BY journey_id"
    )


def _first_value(column: str, alias: str) -> str:
    """Join the first value that an event attribute takes in a journey."""
    return (
        f"LEFT JOIN (SELECT journey_id, arg_min({column}, position) AS value FROM events WHERE {column} IS NOT NULL "
        f"GROUP BY journey_id) AS {alias} USING (journey_id)"
    )
