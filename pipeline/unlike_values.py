"""What is said where a condition compares values that cannot be compared, in place of the words of the database."""

from __future__ import annotations

from collections.abc import Mapping

from mining.errors import ExpressionError, Problem
from mining.expressions import parse
from mining.messages import N_, Message

BUILT_IN = {
    "key": "VARCHAR",
    "n_events": "BIGINT",
    "duration_s": "DOUBLE",
    "start": "TIMESTAMP",
    "end": "TIMESTAMP",
    "variant_id": "BIGINT",
    "first_activity": "VARCHAR",
    "last_activity": "VARCHAR",
}
_NUMBER = N_("{name!r} holds numbers: compare it with a number such as 10, without quotes.")
_HOLDS = {
    "VARCHAR": N_("{name!r} holds text: compare it with text in 'single quotes'."),
    "TIMESTAMP": N_("{name!r} holds times: compare it with a time such as '2026-01-31' or '2026-01-31 08:30:00'."),
    "BOOLEAN": N_("{name!r} holds true or false: compare it with one of these, without quotes."),
    "BIGINT": _NUMBER,
    "DOUBLE": _NUMBER,
}


def unlike(text: str, types: Mapping[str, str]) -> ExpressionError:
    """Say of each name in a condition what it can be compared with.

    Parameters
    ----------
    text : str
        The condition, which has been read and could not be answered.
    types : mapping of str to str
        Attribute of the log -> type of its values.
    """
    known = {**BUILT_IN, **types}
    names = dict.fromkeys(parse(text).resolve(known).values())
    return ExpressionError(
        N_("The condition {text!r} does not fit the log: its values cannot be compared."),
        text=text,
        problems=[Problem(Message(_HOLDS[known[name]], name=name)) for name in names if known[name] in _HOLDS],
    )
