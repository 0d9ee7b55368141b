r"""Taking a value out of text by a regular expression: an id out of a sentence, the path out of an address.

Patterns are those of RE2, which knows no look-around and no references back, and never runs away. The value is the
first group, or the whole match where there is no group: ``user with id '(\d+)'`` gives ``4``.
"""

from __future__ import annotations

import re

from mining.errors import MappingError
from mining.messages import N_
from pipeline.store import QueryFault, Session, literal

#: Patterns with a name, for what is asked for most.
NAMED = {
    "url-path": r"^(?:[A-Za-z][\w+.-]*:)?(?://[^/?#]*)?(/[^?#]*)",
    "url-host": r"^(?:[A-Za-z][\w+.-]*:)?//(?:[^@/?#]*@)?([^/:?#]+)",
    "url-section": r"^(?:[A-Za-z][\w+.-]*:)?(?://[^/?#]*)?(/[^/?#]*)",
}


def extraction(db: Session | None, text: str, pattern: str) -> str:
    """Give the SQL that takes a value out of `text`: null where the pattern does not fit.

    Parameters
    ----------
    db : Session, optional
        Checks the pattern first.

    Raises
    ------
    MappingError
        When it is no pattern.
    """
    known = NAMED.get(pattern, pattern)
    if db is not None:
        _check(db, known)
    return f"nullif(trim(regexp_extract({text}, {literal(known)}, {int(has_group(known))})), '')"


def has_group(pattern: str) -> bool:
    r"""Say whether a pattern has a group that keeps what it matches.

    Examples
    --------
    >>> has_group("id (?P<id>[0-9]+)"), has_group("(?:a|b)"), has_group(r"\(no\)"), has_group("[(]")
    (True, False, False, False)
    """
    bare = re.sub(r"\\.", "", pattern)
    bare = re.sub(r"\[\^?\]?[^\]]*\]", "", bare)
    return re.search(r"\((?!\?)|\(\?P?<", bare) is not None


def _check(db: Session, pattern: str) -> None:
    try:
        db.rows(f"SELECT regexp_matches('', {literal(pattern)})")
    except QueryFault as fault:
        raise MappingError(
            N_(
                "The pattern {pattern!r} is not valid: {detail}. A valid one is, for example, {example!r}; look-around "
                "and references back are not known."
            ),
            pattern=pattern,
            detail=str(fault).splitlines()[0].removeprefix("Invalid Input Error: "),
            example=r"id '(\d+)'",
        ) from fault
