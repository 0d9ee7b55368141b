"""Writing the log anew from all its rows: after a load, when a source goes, and when journeys are defined otherwise."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from mining.messages import N_, Message
from pipeline import build, definition, kept_sources, parts
from pipeline.applied import Applied
from pipeline.build import Progress
from pipeline.definition import Definition
from pipeline.identity import id_table as id_tables
from pipeline.parts import Part
from pipeline.queries import LogSummary
from pipeline.session import query_text
from pipeline.store import Session

if TYPE_CHECKING:
    from pipeline.store import Workspace

NO_ROWS = "SELECT '' AS key, '' AS activity, time, event_no, source_id FROM events WHERE false"


def rebuild(
    db: Session,
    meant: Definition,
    new: Sequence[Part] = (),
    *,
    without: Collection[int] = (),
    progress: Progress = lambda _message, _share: None,
) -> tuple[Message, ...]:
    """Write events, journeys, variants and all that is counted on them anew; gives what is worth knowing about it.

    Parameters
    ----------
    meant : Definition
        How events become journeys; kept with the workspace.
    new : sequence of Part
        Rows that come in.
    without : collection of int
        Sources whose rows go.
    """
    new_ids = id_tables.keep_rows(db, meant.id_table, definition.kept(db).id_table)
    old = []
    if db.value("SELECT count(*) FROM sources"):
        copy_recorded(db)
        old = parts.kept(db, "before", without)
    every = [*old, *new]
    attributes = parts.merged(every)
    rows = parts.union(attributes, every) if every else NO_ROWS
    progress(Message(N_("Putting journeys together")), build.READ)
    if meant.forgets:
        db.execute(f"CREATE OR REPLACE TABLE recorded AS {rows}")
        db.execute("CREATE OR REPLACE TEMP VIEW loaded AS FROM recorded")
    else:
        db.execute("DROP TABLE IF EXISTS recorded")
        db.execute(f"CREATE OR REPLACE TEMP VIEW loaded AS {rows}")
    applied = Applied(db, meant, list(attributes), _some_undated(db, old, new), new_ids)
    db.execute(f"CREATE OR REPLACE TEMP VIEW staged AS FROM {applied.run('loaded')}")
    definition.keep(db, meant)
    db.log_written = True
    build.build(db, applied.attributes, progress, at=applied.at)
    return tuple(applied.notes)


def _some_undated(db: Session, old: Sequence[Part], new: Sequence[Part]) -> bool:
    """Say whether some events have no time although others have."""
    if any(part.undated for part in new):
        return True
    return bool(old) and bool(db.value("SELECT count(time) BETWEEN 1 AND count(*) - 1 FROM before"))


@dataclass(frozen=True)
class Change:
    """What a change of the log does: its size before and after, notes, and how journeys are made then."""

    before: LogSummary
    after: LogSummary
    notes: tuple[Message, ...]
    meant: Definition


def redefine(
    workspace: Workspace,
    meant: Definition,
    *,
    identity_table: str | Path | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Change:
    """Define journeys otherwise, from the rows as they were recorded. See `pipeline.store.Workspace.redefine`."""
    notes = meant.recipe.check(recorded_activities(workspace)["name"].to_list()) if meant.recipe.steps else ()
    return _changed(workspace, meant, (), dry_run, progress, notes, identity_table)


def remove(workspace: Workspace, name: str, *, dry_run: bool = False, progress: Progress | None = None) -> Change:
    """Take a source out of the log. See `pipeline.store.Workspace.remove`."""
    with closing(workspace.session()) as db:
        meant, gone = definition.kept(db), kept_sources.called(db, name)
    return _changed(workspace, meant, gone, dry_run, progress)


def _changed(
    workspace: Workspace,
    meant: Definition,
    gone: Collection[int],
    dry_run: bool,
    progress: Progress | None,
    notes: Sequence[Message] = (),
    identity_table: str | Path | None = None,
) -> Change:
    """Write the log anew and say what that changes; a rehearsal takes it back."""
    tell = progress or (lambda _message, _share: None)
    with workspace.change(keep=not dry_run) as db:
        before = _size(db)
        if identity_table is not None:
            meant = replace(meant, id_table=id_tables.read_id_table(db, identity_table, meant.identity))
        db.begin()
        found = rebuild(db, meant, without=gone, progress=tell)
        kept_sources.forget(db, gone)
        after = _size(db)
        tell(Message(N_("Done")), 1.0)
        return Change(before, after, (*notes, *found), meant)


def _size(db: Session) -> LogSummary:
    return LogSummary(**db.frame(query_text("whole_summary")).row(0, named=True))


def recorded_activities(workspace: Workspace) -> pl.DataFrame:
    """Give the activities as they were recorded, before any cleaning: name, n_events; most frequent first."""
    with closing(workspace.session()) as db:
        if has_recorded(db):
            query = "SELECT activity AS name, count(*) AS n_events FROM recorded GROUP BY 1"
        else:
            query = "SELECT name, n_events FROM activities JOIN activity_counts USING (activity)"
        return db.frame(f"SELECT name, CAST(n_events AS BIGINT) AS n_events FROM ({query}) ORDER BY 2 DESC, 1")


def has_recorded(db: Session) -> bool:
    """Say whether the rows as they were recorded stand in a table of their own."""
    found = db.value("SELECT count(*) > 0 FROM duckdb_tables() WHERE table_name = 'recorded' AND NOT temporary")
    return bool(found)


def copy_recorded(db: Session) -> None:
    """Copy the rows as they were recorded into ``before``: the tables they stand in may be about to be written anew."""
    if has_recorded(db):
        db.execute("CREATE OR REPLACE TEMP TABLE before AS FROM recorded")
        return
    values = "".join(
        f", {'e' if level == 'event' else 'j'}.{column}"
        for level, column in db.rows('SELECT level, "column" FROM attributes')
    )
    key = r"regexp_replace(j.key, '/\d+$', '')" if definition.kept(db).splits else "j.key"
    db.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE before AS
        SELECT {key} AS key, a.name AS activity, e.time, e.event_no, e.source_id{values}
        FROM events AS e JOIN journeys AS j USING (journey_id) JOIN activities AS a USING (activity)
        """
    )
