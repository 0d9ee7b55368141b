"""What the workspace keeps of each source besides its rows: its origin, its attributes, the rows that were refused."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from mining.errors import WorkspaceError
from mining.messages import N_
from pipeline.parts import Part
from pipeline.staging import Staged
from pipeline.store import Session, quoted


def called(db: Session, name: str) -> list[int]:
    """Give the sources of a name.

    Raises
    ------
    WorkspaceError
        When none has it.
    """
    known = db.rows("SELECT source_id, name FROM sources ORDER BY source_id")
    found = [source for source, called in known if called == name]
    if not found:
        raise WorkspaceError(
            N_("There is no source {name!r} in the workspace. It has: {known}."),
            name=name,
            known=", ".join(called for _, called in known) or "–",
        )
    return found


def forget(db: Session, gone: Collection[int]) -> None:
    """Take away all that is kept of sources besides their rows."""
    for source in gone:
        for table in ("sources", "source_attributes", "rejects"):
            db.execute(f"DELETE FROM {table} WHERE source_id = $source", {"source": source})


def keep(db: Session, staged: Staged, part: Part) -> None:
    """Keep all of it of a source that is being loaded; its rows are a part of the log."""
    (source_id,) = part.sources
    _keep_attributes(db, part)
    _keep_rejects(db, staged, source_id)
    _keep_origin(db, staged, source_id)


def _keep_origin(db: Session, staged: Staged, source_id: int) -> None:
    """Keep where the rows of a source come from, how many they are, and how its columns were read."""
    source = staged.raw.source
    db.execute(
        """
        INSERT INTO sources
        SELECT $id, $name, $format, $bytes, $sha256, $kept + $refused, $kept, $refused, $mapping,
            timezone('UTC', now())
        """,
        {
            "id": source_id,
            "name": source.name,
            "format": source.format,
            "bytes": source.bytes,
            "sha256": source.sha256,
            "kept": staged.kept,
            "refused": staged.rejected,
            "mapping": staged.mapping.as_json(),
        },
    )


def _keep_attributes(db: Session, part: Part) -> None:
    """Keep the attributes that a source brings, with the types it has for itself."""
    for place, own in enumerate(part.attributes):
        db.execute(
            "INSERT INTO source_attributes VALUES ($source, $name, $type, $role, $place)",
            {"source": part.sources[0], "name": own.name, "type": own.type, "role": own.role, "place": place},
        )


def _keep_rejects(db: Session, staged: Staged, source_id: int) -> None:
    """Keep the rows of a source that cannot be used, with their line, reason and text."""
    if not staged.rejected:
        return
    raw = staged.raw
    refused = db.rows(f"SELECT row_no FROM {quoted(staged.table)} WHERE reason IS NOT NULL ORDER BY row_no")
    rows = [row for (row,) in refused]
    lines = raw.lines(rows) if rows else {}
    frame = pl.DataFrame(
        {"row_no": rows, "line_no": [lines.get(row) for row in rows]}, schema={"row_no": pl.Int64, "line_no": pl.Int64}
    )
    db.register(f"{raw.view}_refused", frame)
    db.execute(
        f"""
        INSERT INTO rejects
        SELECT CAST({source_id} AS UINTEGER), line_no, reason, raw FROM (
            SELECT line_no, reason, raw FROM {quoted(raw.unread)}
            UNION ALL
            SELECT f.line_no, s.reason, r.raw
            FROM {quoted(raw.view + "_refused")} AS f
            JOIN {quoted(staged.table)} AS s ON s.row_no = f.row_no
            JOIN (SELECT row_no, {raw.raw} AS raw FROM {quoted(raw.view)}) AS r ON r.row_no = f.row_no
        ) ORDER BY line_no
        """
    )
