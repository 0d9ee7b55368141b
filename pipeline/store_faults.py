"""What can be wrong with a workspace file, in our words."""

from __future__ import annotations

from pathlib import Path

from mining.errors import WorkspaceError
from mining.messages import N_

DISK_FULL = ("No space left", "Disk quota", "File too large", "Could not write")


def is_workspace(path: Path) -> bool:
    """Say whether a file is a DuckDB database: by its first bytes, since its name can be anything."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(12)[8:] == b"DUCK"


def check_place(path: str | Path, read_only: bool) -> None:
    """See that a workspace can be where it is said to be.

    Raises
    ------
    WorkspaceError
        When the file, or the folder for it, is not there, or is a folder itself.
    """
    if isinstance(path, Path):
        if read_only and not path.exists():
            raise WorkspaceError(
                N_("The workspace {path} does not exist. Check the name, or load a log first."), path=path
            )
        if not path.parent.is_dir():
            raise WorkspaceError(N_("The folder {folder} does not exist. Make it first."), folder=path.parent)
        if path.is_dir():
            raise WorkspaceError(N_("{path} is a folder. Give the name of a workspace file."), path=path)


def why_not_opened(path: str | Path, said: str) -> WorkspaceError:
    """Turn the words of the database about a file it cannot open into ours."""
    if "lock" in said.lower():
        return WorkspaceError(
            N_("{path} is in use by another program (perhaps the app is open on it). Close that first."), path=path
        )
    if "not a valid DuckDB database" in said or "in-memory database" in said:
        return no_database(path)
    if "Permission denied" in said or "Read-only" in said:
        return cannot_write(path, N_("no permission"))
    return WorkspaceError(N_("{path} cannot be opened: {detail}"), path=path, detail=said.splitlines()[0])


def cannot_write(path: str | Path, detail: str) -> WorkspaceError:
    """Say that a workspace or its folder cannot be written."""
    return WorkspaceError(
        N_("{path} cannot be written: {detail}. Choose a folder you can write to."), path=path, detail=detail
    )


def no_database(path: str | Path) -> WorkspaceError:
    """Say that a file is no database at all."""
    return WorkspaceError(N_("{path} is not a workspace: it is not a DuckDB file. Give another file."), path=path)


def no_workspace(path: str | Path) -> WorkspaceError:
    """Say that a database is not one of ours."""
    return WorkspaceError(N_("{path} is a DuckDB file, but not a Desire Path workspace. Give another file."), path=path)


def newer(path: str | Path, found: int, known: int) -> WorkspaceError:
    """Say that a workspace has tables of a version that this program does not know."""
    return WorkspaceError(
        N_(
            "{path} was written by a newer version of Desire Path (its tables have version {found}, this program knows "
            "{known}). Update Desire Path, or load the files into a new workspace."
        ),
        path=path,
        found=found,
        known=known,
    )


def older(path: str | Path) -> WorkspaceError:
    """Say that a workspace has tables that this program no longer reads."""
    return WorkspaceError(
        N_("{path} was written by an older version of Desire Path. Load its files into a new workspace."), path=path
    )


def is_disk_full(said: str) -> bool:
    """Say whether the words of the database mean that nothing more can be written."""
    return any(words in said for words in DISK_FULL)


def disk_full(said: str) -> WorkspaceError:
    """Say that there is no room left."""
    return WorkspaceError(
        N_("The disk is full: the workspace could not be written ({detail}). Free some space and try again."),
        detail=said.splitlines()[0],
    )
