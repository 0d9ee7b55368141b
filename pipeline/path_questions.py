"""What a condition may ask about the events of a journey: joins on variants, and on events where a path does not tell.

Questions about a plan are answered before (see `pipeline.plan_questions`): what is left of them here is a name under
which journeys are known.
"""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches

from mining.errors import ExpressionError
from mining.expressions import candidates
from mining.messages import N_
from mining.questions import ABOUT_PLAN, AMONG, Call
from pipeline.store import Session, literal, quoted

# Names of conditions that are told by the path: the place of the activity in it.
ENDS = {"first_activity": "1", "last_activity": "len(v.path)"}


def end_of_path(name: str, alias: str) -> str:
    """Join the name of the first or the last activity."""
    return f"""
        LEFT JOIN (
            SELECT v.variant_id, a.name AS value
            FROM variants AS v JOIN activities AS a ON a.activity = v.path[{ENDS[name]}]
        ) AS {alias} USING (variant_id)
    """


def answer(session: Session, call: Call, alias: str) -> str:
    """Join the answer to a question about events, true or false.

    Raises
    ------
    ExpressionError
        When an activity or attribute is not in the log, or the question is about a plan and nobody has answered it.
    """
    if call.name in ABOUT_PLAN:
        raise ExpressionError(
            N_(
                "{question}(…) asks how journeys meet a plan, and there is none here. Ask it where a map is given "
                "(`compare`, `report`, `discover --map`); a map itself cannot ask it."
            ),
            question=call.name,
        )
    if (journeys := _journeys(session, call)) is not None:
        return f"LEFT JOIN (SELECT journey_id, true AS value FROM {journeys}) AS {alias} USING (journey_id)"
    codes = [_code(session, name) for name in call.texts]
    asked = _QUESTIONS[call.name](*codes)
    # Only paths that meet it are joined: the fewer they are, the less each journey costs.
    return f"LEFT JOIN (SELECT variant_id, true AS value FROM variants WHERE {asked}) AS {alias} USING (variant_id)"


def _journeys(session: Session, call: Call) -> str | None:
    """Give the journeys that meet a question which their paths alone do not answer."""
    if call.name == AMONG:
        return _known(session, *call.texts)
    if call.name == "has":
        return f"({_has(session, *call.texts)})"
    if call.within_s is not None:
        return f"({_within([_code(session, name) for name in call.texts], call.within_s)})"
    return None


def _known(session: Session, name: str, question: str) -> str:
    """Let the query read the journeys that are known by a name, and give the name of their table."""
    journeys = session.known_journeys(name)
    if journeys is None:
        raise ExpressionError(N_("The log has changed since {question} was answered. Ask again."), question=question)
    session.register(f"among_{name}", journeys)
    return quoted(f"among_{name}")


def _passes(a: int) -> str:
    return f"list_contains(path, {a})"


def _follows(a: int, b: int) -> str:
    """Tell whether some b comes after the first a; most often that is the first b, and nothing needs to be cut off."""
    first_a, first_b = (f"list_position(path, {code})" for code in (a, b))
    behind = f"list_contains(path[{first_a} + 1:], {b})"
    return f"({first_a} > 0 AND {first_b} > 0 AND ({first_a} < {first_b} OR {behind}))"


def _directly_follows(a: int, b: int) -> str:
    both = f"list_contains(path, {a}) AND list_contains(path, {b})"
    beside = f"list_transform(range(1, len(path)), lambda i: path[i] = {a} AND path[i + 1] = {b})"
    return f"({both} AND list_contains({beside}, true))"


_QUESTIONS: dict[str, Callable[..., str]] = {
    "passes": _passes,
    "follows": _follows,
    "directly_follows": _directly_follows,
}


def _within(codes: list[int], within_s: float) -> str:
    """Give the journeys in which a b comes at most so long after the a before it.

    Of all b after the same a the first is the nearest: it stands right behind that a once only these two are looked at.
    A window over nothing goes along the rows as they lie, which is their order, and sorts nothing.
    """
    a, b = codes
    return f"""
        SELECT DISTINCT journey_id FROM (
            SELECT journey_id, activity, time, lag(journey_id) OVER () AS journey_before,
                lag(activity) OVER () AS activity_before, lag(time) OVER () AS before
            FROM events WHERE activity IN ({a}, {b}) AND time IS NOT NULL
        )
        WHERE activity = {b} AND activity_before = {a} AND journey_before = journey_id
            AND date_diff('microsecond', before, time) <= {round(within_s * 1e6)}
    """


def _has(session: Session, attribute: str, *values: str) -> str:
    """Give the journeys in which some event has one of the values of an attribute."""
    rows = session.rows('SELECT name, level, type, "column" FROM attributes')
    known = {name: (kind, column) for name, level, kind, column in rows if level == "event"}
    hits = candidates(attribute, list(known))
    if len(hits) != 1:
        raise ExpressionError(
            N_(
                "has(…) asks for an attribute of events, and {name!r} is none. Known are: {known}. An attribute of "
                "journeys is compared by itself, as in {example}."
            ),
            name=attribute,
            known=", ".join(sorted(known)) or "–",
            example="region = 'Wales'",
        )
    kind, column = known[hits[0]]
    wanted = ", ".join(f"TRY_CAST({literal(value)} AS {kind})" for value in values)
    return f"SELECT DISTINCT journey_id FROM events WHERE {quoted(column)} IN ({wanted})"


def _code(session: Session, name: str) -> int:
    known = {found: code for code, found in session.rows("SELECT activity, name FROM activities")}
    if name not in known:
        near = get_close_matches(name, list(known), n=1, cutoff=0.6)
        raise ExpressionError(
            N_("The log has no activity {name!r}: did you mean {near!r}?")
            if near
            else N_("The log has no activity {name!r}."),
            name=name,
            near=next(iter(near), ""),
        )
    return int(known[name])
