"""The tables of a workspace: made in a new file, and looked at in one that is there."""

from __future__ import annotations

from pathlib import Path

from pipeline.session import Session
from pipeline.store_faults import newer, no_workspace, older

VERSION = 2
TABLES = Path(__file__).with_name("schema.sql")


def make_or_check(session: Session, path: str | Path, read_only: bool) -> None:
    """Make the tables of a new file, or see that those of an old one can be understood.

    Raises
    ------
    WorkspaceError
        When the file is no workspace, or one of another version.
    """
    names = {name for (name,) in session.rows("SELECT table_name FROM duckdb_tables()")}
    if not names and not read_only:
        _make(session)
        return
    if not {"meta", "events", "journeys", "variants"} <= names:
        raise no_workspace(path)
    found = int(session.value("SELECT value FROM meta WHERE key = 'schema_version'"))
    if found > VERSION:
        raise newer(path, found, VERSION)
    if found < VERSION:
        raise older(path)


def _make(session: Session) -> None:
    session.execute("BEGIN")
    session.execute(TABLES.read_text(encoding="utf-8"))
    session.execute(
        "INSERT INTO meta VALUES ('schema_version', $schema), ('created_with', $program)",
        {"schema": str(VERSION), "program": _program()},
    )
    session.execute("COMMIT")


def _program() -> str:
    """Give the version of this program."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("desirepath")
    except PackageNotFoundError:
        return "unknown"
