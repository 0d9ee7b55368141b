"""From a condition on journeys to the query that chooses them."""

from __future__ import annotations

from collections.abc import Mapping

from mining.expressions import parse
from pipeline.path_questions import ENDS, answer, end_of_path
from pipeline.store import QueryFault, Session, View, quoted
from pipeline.unlike_values import unlike

BUILT_IN = {
    "key": "j.key",
    "n_events": "j.n_events",
    "duration_s": "date_diff('microsecond', j.start, j.\"end\") / 1000000.0",
    "start": "j.start",
    "end": 'j."end"',
    "variant_id": "j.variant_id",
}
POSITION = "e.place - j.first_place AS position"


def choose(session: Session, where: str | None) -> None:
    """Make the two views that queries read, ``log_journeys`` and ``log_events``: all, or the journeys `where` chooses.

    Raises
    ------
    ExpressionError
        When the condition cannot be read, names what the log does not have, or compares what cannot be compared.
    """
    chosen = ""
    if where is not None:
        query = chosen_journeys(session, where)
        try:
            session.execute(f"CREATE OR REPLACE TEMP TABLE chosen AS {query}")
        except QueryFault as fault:
            types = dict(session.rows("SELECT name, type FROM attributes"))
            raise unlike(where, types) from fault
        chosen = " SEMI JOIN chosen USING (journey_id)"
    session.execute(f"CREATE OR REPLACE TEMP VIEW log_journeys AS SELECT * FROM journeys{chosen}")
    session.execute(f"CREATE OR REPLACE TEMP VIEW log_events AS SELECT rowid AS place, * FROM events{chosen}")


def chosen_journeys(session: Session, where: str) -> str:
    """Give the query of the ids of the journeys that meet `where`.

    An attribute of events stands for its first value in the journey; `has` asks for any.

    Raises
    ------
    ExpressionError
        When the condition cannot be read, or names what the log does not have.
    """
    expression = parse(where)
    attributes = {
        name: (level, column) for name, level, column in session.rows('SELECT name, level, "column" FROM attributes')
    }
    names = {name: name for name in (*BUILT_IN, *ENDS, *attributes)}
    used = expression.resolve(names)
    answers = {call: f"a{i}" for i, call in enumerate(expression.calls)}
    sql = expression.sql({name: f"v{i}" for i, name in enumerate(names)}, answers)
    values, joins = [], []
    for i, name in enumerate(names):
        if name not in used.values():
            continue
        if name in BUILT_IN:
            values.append(f"{BUILT_IN[name]} AS v{i}")
        elif name in ENDS:
            values.append(f"f{i}.value AS v{i}")
            joins.append(end_of_path(name, f"f{i}"))
        elif attributes[name][0] == "journey":
            values.append(f"j.{quoted(attributes[name][1])} AS v{i}")
        else:
            values.append(f"f{i}.value AS v{i}")
            joins.append(_first_value(quoted(attributes[name][1]), f"f{i}"))
    for call, column in answers.items():
        values.append(f"coalesce(q{column}.value, false) AS {column}")
        joins.append(answer(session, call, f"q{column}"))
    listed = ", ".join(["j.journey_id", *values])
    return f"SELECT journey_id FROM (SELECT {listed} FROM journeys AS j {' '.join(joins)}) WHERE {sql}"


def _first_value(column: str, alias: str) -> str:
    """Join the first value that an event attribute takes in a journey; a window over nothing goes along the rows."""
    return f"""
        LEFT JOIN (
            SELECT journey_id, {column} AS value FROM events WHERE {column} IS NOT NULL
            QUALIFY journey_id IS DISTINCT FROM lag(journey_id) OVER ()
        ) AS {alias} USING (journey_id)
    """


def chosen_events(condition: str) -> View:
    """Make a view of journey_id and position (from 0) of the events that meet `condition`.

    An attribute of journeys stands for its value in the journey of the event.

    Raises
    ------
    ExpressionError
        When the condition cannot be read, or names what the log does not have.
    """

    def query(session: Session) -> str:
        expression = parse(condition)
        values = BUILT_IN | attribute_values(session)
        used = set(expression.resolve(list(values)).values())
        sql = expression.sql({name: f"v{i}" for i, name in enumerate(values)})
        named = [f"{value} AS v{i}" for i, (name, value) in enumerate(values.items()) if name in used]
        return (
            f"SELECT journey_id, position FROM (SELECT {', '.join(['e.journey_id', POSITION, *named])} "
            f"FROM log_events AS e JOIN log_journeys AS j USING (journey_id)) WHERE {sql}"
        )

    return query


def event_values(attribute: str) -> View:
    """Make a view of journey_id, position and value (as text) of one attribute, for every event."""

    def query(session: Session) -> str:
        value = attribute_values(session)[attribute]
        return (
            f"SELECT e.journey_id, {POSITION}, CAST({value} AS VARCHAR) AS value "
            "FROM log_events AS e JOIN log_journeys AS j USING (journey_id)"
        )

    return query


def event_classes(columns: Mapping[str, str]) -> View:
    """Make a view of journey_id, position and class_id: the row of the frame ``classes`` that each event belongs to.

    Parameters
    ----------
    columns : mapping of str to str
        Column of ``classes`` -> the attribute whose values it holds as text; ``activity`` holds the code.
    """

    def query(session: Session) -> str:
        values = attribute_values(session)
        same = [
            f"CAST({values[name]} AS VARCHAR) IS NOT DISTINCT FROM c.{quoted(column)}"
            for column, name in columns.items()
        ]
        return (
            f"SELECT e.journey_id, {POSITION}, c.class_id FROM log_events AS e "
            f"JOIN log_journeys AS j USING (journey_id) JOIN classes AS c ON {' AND '.join([_SAME_ACTIVITY, *same])}"
        )

    return query


_SAME_ACTIVITY = "c.activity = e.activity"


def attribute_values(session: Session) -> dict[str, str]:
    """Give, by attribute, its value at an event: a column of ``e`` (events) or ``j`` (journeys)."""
    rows = session.rows('SELECT name, level, "column" FROM attributes')
    return {name: f"{'j' if level == 'journey' else 'e'}.{quoted(column)}" for name, level, column in rows}
