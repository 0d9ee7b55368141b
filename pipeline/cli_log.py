"""WORKSPACE as the command line takes it: a workspace, or a log that is read into memory for this one command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from mining.errors import SourceError, WorkspaceError
from mining.messages import N_

if TYPE_CHECKING:
    from pipeline.store import Progress, Workspace


def is_workspace(path: Path) -> bool:
    """Say whether a file is a DuckDB database: by its first bytes, since its name can be anything."""
    with path.open("rb") as file:
        return file.read(12)[8:] == b"DUCK"


def check_exists(path: Path) -> None:
    """Refuse a name behind which there is no file.

    Raises
    ------
    SourceError
        Saying which name.
    """
    if path.is_dir():
        raise SourceError(N_("{path} is a folder. Give a workspace or a log file."), path=path)
    if not path.exists():
        raise SourceError(N_("{path} does not exist. Check the name."), path=path)


@contextmanager
def open_log(path: Path, progress: Progress | None = None) -> Iterator[Workspace]:
    """Open a workspace for reading, or read a log into one in memory.

    Raises
    ------
    SourceError
        When there is no such file, or no row of a log can be kept.
    MappingError
        When the columns of a log cannot be told without doubt.
    WorkspaceError
        When the workspace cannot be opened, or nothing has been loaded into it.
    """
    from pipeline.store import Workspace

    check_exists(path)
    if not is_workspace(path):
        with Workspace() as workspace:
            workspace.ingest(path, progress=progress)
            yield workspace
        return
    with Workspace(path, read_only=True) as workspace:
        if workspace.is_empty:
            raise WorkspaceError(N_("{path} is empty. Load a log first: desirepath ingest FILE -w {path}"), path=path)
        yield workspace
