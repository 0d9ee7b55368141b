"""The planned map that is in use with a workspace, kept with it so that it comes back."""

from __future__ import annotations

import json
from contextlib import closing

from pipeline.store import Workspace


def kept_plan(ws: Workspace) -> tuple[str, str] | None:
    """Give the name and the text of the map that was in use last; None where there was none."""
    with closing(ws.session()) as db:
        found = db.rows("SELECT value FROM meta WHERE key = 'plan'")
    if not found:
        return None
    kept = json.loads(found[0][0])
    return kept["name"], kept["text"]


def keep_plan(ws: Workspace, name: str, text: str) -> None:
    """Keep a map as the one in use.

    Raises
    ------
    WorkspaceError
        When the workspace cannot be written.
    """
    with ws.change() as db:
        db.begin()
        db.execute("DELETE FROM meta WHERE key = 'plan'")
        kept = json.dumps({"name": name, "text": text}, ensure_ascii=False)
        db.execute("INSERT INTO meta VALUES ('plan', $kept)", {"kept": kept})
