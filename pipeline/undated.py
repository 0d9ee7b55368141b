"""Events without a time in a log that has times: whether they are kept, and where they stand in their journey.

The place of a row in its file is all that tells when it happened; docs/adr/0021-events-without-a-time.md says how far.
"""

from __future__ import annotations

from dataclasses import dataclass

from mining.errors import MappingError
from mining.messages import N_, Message
from pipeline.store import Session, literal, quoted

KEEP, REJECT = "keep", "reject"
HEAD = 20_000  # rows that show whether a file is written in the order of time

_KEPT = N_(
    "{name}, rows without a time: {n}. They keep their place in the file, since rows of their journeys that have a "
    "time follow them there. If they did not happen, leave them out with --undated reject."
)
_KEPT_AS_SAID = N_("{name}, rows without a time: {n}. They keep their place in the file.")
_LAST = N_(
    "{name}, rows without a time: {n}. They are rejected: {last} come last in their journeys, as what has not happened "
    "yet does. If they did happen, keep them at their place in the file with --undated keep."
)
_UNORDERED = N_(
    "{name}, rows without a time: {n}. They are rejected: the file is not in the order of time, so their place in it "
    "tells little. If that is good enough, keep them with --undated keep."
)
_ALONE = N_(
    "{name}, rows without a time: {n}. They are rejected: their journeys have no row with a time, so nothing tells "
    "when they happened. If the order in the file is enough, keep them with --undated keep."
)
NOTES = (_KEPT, _KEPT_AS_SAID, _LAST, _UNORDERED, _ALONE)


@dataclass(frozen=True)
class Undated:
    """What the places of rows without a time tell.

    Attributes
    ----------
    n : int
        Rows without a time that can be used but for that.
    n_followed : int
        Those of them that a row of their journey with a time follows in the file.
    n_last : int
        Those that stand behind every row of their journey with a time.
    in_order : bool
        Whether no row with a time stands in the file behind a later one of its journey.
    """

    n: int
    n_followed: int
    n_last: int
    in_order: bool

    @property
    def choice(self) -> str:
        """Say whether they are kept where nobody says: only what certainly happened, and whose place is certain."""
        return KEEP if self.in_order and self.n_followed and not self.n_last else REJECT

    def note(self, name: str, said: str | None) -> Message | None:
        """Give what is to be known of them; nothing where they are rejected as was said."""
        if said == REJECT:
            return None
        if said == KEEP:
            return Message(_KEPT_AS_SAID, name=name, n=self.n)
        if self.choice == KEEP:
            return Message(_KEPT, name=name, n=self.n)
        why = _LAST if self.n_last else _ALONE if not self.n_followed else _UNORDERED
        return Message(why, name=name, n=self.n, last=self.n_last)


def check_choice(said: str | None) -> None:
    """See that a choice is one.

    Raises
    ------
    MappingError
        When it is not.
    """
    if said not in (None, KEEP, REJECT):
        raise MappingError(N_("Rows without a time are either `keep` or `reject`, found {found!r}."), found=said)


def look(db: Session, table: str, reason: str) -> Undated:
    """Look at the rows of a staged relation that are rejected for this reason, among those of their journeys.

    Journeys without such rows are looked at in the head of the file alone, to see in which order it is written.
    """
    n, n_followed, n_last, n_backwards = db.rows(
        f"""
        WITH without AS (
            SELECT DISTINCT key FROM {quoted(table)} WHERE reason = {literal(reason)}
        ),
        seen AS (
            SELECT time, reason,
                max(time) OVER (of_journey ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS latest_before,
                max(time) OVER (of_journey ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS latest_after
            FROM {quoted(table)}
            WHERE (reason IS NULL OR reason = {literal(reason)}) AND (row_no < {HEAD} OR key IN (FROM without))
            WINDOW of_journey AS (PARTITION BY key ORDER BY place_no)
        )
        SELECT
            count(*) FILTER (reason IS NOT NULL),
            count(*) FILTER (reason IS NOT NULL AND latest_after IS NOT NULL),
            count(*) FILTER (reason IS NOT NULL AND latest_after IS NULL AND latest_before IS NOT NULL),
            count(*) FILTER (latest_before > time)
        FROM seen
        """
    )[0]
    return Undated(n, n_followed, n_last, n_backwards == 0)


def placed(db: Session, rows: str) -> str:
    """Give the query of staged events with their place in time: ``placed_at``, the time of those that have one.

    An event without a time stands right behind the event of its journey that comes before it in its file, or, where it
    is the first there, right before the next; where its file knows no time of the journey, it stands first.
    """
    db.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE undated_places AS
        SELECT event_no, coalesce(before, after) AS placed_at
        FROM (
            SELECT event_no, time,
                last_value(time IGNORE NULLS) OVER (
                    in_file ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
                ) AS before,
                first_value(time IGNORE NULLS) OVER (
                    in_file ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING
                ) AS after
            FROM {rows} SEMI JOIN (SELECT key FROM {rows} WHERE time IS NULL) USING (key)
            WINDOW in_file AS (PARTITION BY key, source_id ORDER BY event_no)
        )
        WHERE time IS NULL
        """
    )
    return (
        f"SELECT r.*, coalesce(r.time, u.placed_at) AS placed_at FROM {rows} AS r "
        "LEFT JOIN undated_places AS u USING (event_no)"
    )
