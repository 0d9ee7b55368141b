"""From rows in files to events of journeys: how many were left out where, so that nothing seems to vanish."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from pipeline.identity import Identity, stitch, usable
from pipeline.identity.id_table import FRESH, KEPT, IdTable, check_fits, read_id_table, rows_used
from pipeline.identity.tables import IdentityTables, identity_tables
from pipeline.rebuild import copy_recorded
from pipeline.store import Workspace, quoted

__all__ = ["Chain", "chain", "persons"]


@dataclass(frozen=True)
class Chain:
    """The numbers, in the order in which rows become events; each is what the one before leaves, less what goes.

    ``rows_in - rejected - duplicates - nameless - cleaned = events``.

    Attributes
    ----------
    rows_in, rejected : int
        Rows of all sources, and those of them that could not be used.
    duplicates : int
        Rows that equal an earlier one, where these are dropped.
    nameless : int
        Rows that name no person, where ids are joined.
    cleaned : int
        Events that the path-cleaning recipe drops or puts together with the one before.
    events, journeys : int
        What is looked at.
    """

    rows_in: int
    rejected: int
    duplicates: int
    nameless: int
    cleaned: int
    events: int
    journeys: int


def chain(workspace: Workspace) -> Chain:
    """Give the numbers of a workspace."""
    meant = workspace.definition
    with closing(workspace.session()) as db:
        rows_in, kept, rejected = db.rows(
            "SELECT CAST(coalesce(sum(rows_in), 0) AS BIGINT), CAST(coalesce(sum(rows_kept), 0) AS BIGINT), "
            "CAST(coalesce(sum(rows_rejected), 0) AS BIGINT) FROM sources"
        )[0]
        events, journeys = db.rows("SELECT (SELECT count(*) FROM events), (SELECT count(*) FROM journeys)")[0]
        duplicates = nameless = 0
        rows = "recorded"
        if meant.duplicates == "drop" and kept:
            rows = "(SELECT DISTINCT * EXCLUDE (event_no, source_id) FROM recorded)"
            duplicates = kept - db.value(f"SELECT count(*) FROM {rows}")
        if meant.identity is not None and kept:
            columns = dict(db.rows('SELECT name, "column" FROM attributes'))
            named = usable(meant.identity, _text(meant.identity, columns))
            nameless = db.value(f"SELECT count(*) FILTER (NOT coalesce({named}, false)) FROM {rows}")
    return Chain(rows_in, rejected, duplicates, nameless, kept - duplicates - nameless - events, events, journeys)


def _text(identity: Identity, columns: dict[str, str]) -> dict[str, str]:
    """Give the SQL of the identity columns as text."""
    return {name: f"CAST({quoted(columns[name])} AS VARCHAR)" for name in identity.columns if name in columns}


def persons(
    workspace: Workspace, identity: Identity, id_table: str | Path | IdTable | None = None
) -> tuple[dict[str, int], IdentityTables]:
    """Say what joining ids would give, and change nothing.

    Parameters
    ----------
    workspace : Workspace
    identity : Identity
    id_table : str, Path or IdTable, optional
        A file that links ids, or the one that the workspace keeps.

    Returns
    -------
    dict
        The counts of `pipeline.identity.Stitched`; with a table of ids also ``n_rows`` of it that link ids, and
        ``n_rows_used`` that name somebody in the log.
    IdentityTables

    Raises
    ------
    MappingError
        When the log has none of the columns, or the table cannot link them.
    """
    with workspace.change(keep=False) as db:
        copy_recorded(db)
        columns = dict(db.rows('SELECT name, "column" FROM attributes'))
        columns = {n: columns[n] for n in identity.columns if n in columns}
        if id_table is None:
            return stitch(db, "before", columns, identity).as_dict(), identity_tables(db)
        kept = isinstance(id_table, IdTable)
        table = id_table if isinstance(id_table, IdTable) else read_id_table(db, id_table, identity)
        check_fits(table, identity)
        rows = KEPT if kept else FRESH
        found = stitch(db, "before", columns, identity, table=rows, table_columns=table.places)
        used = {"n_rows": table.rows, "n_rows_used": rows_used(db, identity)}
        return found.as_dict() | used, identity_tables(db)
