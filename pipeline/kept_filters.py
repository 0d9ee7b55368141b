"""Filters that are kept with a workspace under a name."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing

from mining.errors import WorkspaceError
from mining.messages import N_
from pipeline.store import Session, Workspace

LONGEST_NAME = 80


def kept_filters(ws: Workspace) -> dict[str, tuple[str, ...]]:
    """Give the names and the conditions of all filters that are kept, by name."""
    with closing(ws.session()) as db:
        return _read(db)


def keep_filter(ws: Workspace, name: str, conditions: tuple[str, ...]) -> None:
    """Keep a filter; one of the same name is replaced.

    Raises
    ------
    WorkspaceError
        When the name is empty or too long, or the workspace cannot be written.
    """
    said = " ".join(name.split())
    if not 0 < len(said) <= LONGEST_NAME:
        raise WorkspaceError(
            N_("A filter needs a name of 1 to {most} characters, found {n}."), most=LONGEST_NAME, n=len(said)
        )
    _write(ws, lambda filters: filters | {said: conditions})


def drop_filter(ws: Workspace, name: str) -> None:
    """Keep a filter no longer; one that is not there is no fault."""
    _write(ws, lambda filters: {known: conditions for known, conditions in filters.items() if known != name})


def _read(db: Session) -> dict[str, tuple[str, ...]]:
    found = db.rows("SELECT value FROM meta WHERE key = 'filters'")
    kept = json.loads(found[0][0]) if found else {}
    return {name: tuple(conditions) for name, conditions in sorted(kept.items())}


def _write(ws: Workspace, changed: Callable[[dict[str, tuple[str, ...]]], dict[str, tuple[str, ...]]]) -> None:
    with ws.change() as db:
        db.begin()
        text = json.dumps(changed(_read(db)), ensure_ascii=False)
        db.execute("DELETE FROM meta WHERE key = 'filters'")
        db.execute("INSERT INTO meta VALUES ('filters', $text)", {"text": text})
