"""The reading room of a workspace, beside it: the one folder of the machine that the database can read.

Also what is left of the rooms whose process was killed.
"""

from __future__ import annotations

import hashlib
import secrets
import shutil
import tempfile
from pathlib import Path
from typing import Any

from pipeline.session import PROGRESS, literal
from pipeline.store_faults import cannot_write

SPILLED = ".spilled"  # what does not fit in memory lies beside the room


def confine(connection: Any, workspace: str | Path, memory: str, read_only: bool) -> Path:
    """Shut the database off from the machine's files, its reading room aside, and give the place of that room.

    A second workspace on the same file in the same process meets a database that is shut already, and shares its room.
    """
    if connection.execute("SELECT current_setting('lock_configuration')").fetchall()[0][0]:
        return Path(connection.execute("SELECT current_setting('allowed_directories')").fetchall()[0][0][0])
    if not read_only:
        _sweep(workspace)
    room = _place(workspace)
    for setting in _settings(room, memory):
        connection.execute(f"SET {setting}")
    return room


def make(room: Path, workspace: str | Path) -> None:
    """Make a room.

    Raises
    ------
    WorkspaceError
        When the folder of the workspace cannot be written.
    """
    try:
        room.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_write(workspace, error.strerror or str(error)) from error


def _place(workspace: str | Path) -> Path:
    """Choose the place of a room; it is not made yet."""
    if isinstance(workspace, Path):
        return workspace.parent.resolve() / f"{_prefix(workspace)}{secrets.token_hex(8)}"
    return Path(tempfile.gettempdir()).resolve() / f".desirepath-{secrets.token_hex(8)}"


def _settings(room: Path, memory: str) -> tuple[str, ...]:
    """Give what shuts a database off from the machine's files, the room aside; the last of them keeps it so."""
    return (
        f"memory_limit = {literal(memory)}",
        f"temp_directory = {literal(str(room) + SPILLED)}",
        "python_enable_replacements = false",
        f"allowed_configs = [{', '.join(literal(setting.split(' ')[0]) for setting in PROGRESS)}]",
        "TimeZone = 'UTC'",
        f"allowed_directories = [{literal(str(room))}]",
        "enable_external_access = false",
        "lock_configuration = true",
    )


def _sweep(workspace: str | Path) -> None:
    """Remove the rooms of a workspace that nobody uses any more.

    Only for a process that holds the workspace for writing: the database sees to it that no other has it open then, so
    all rooms of this workspace that are there belong to processes that have ended.
    """
    if not isinstance(workspace, Path):
        return
    for left in workspace.parent.resolve().glob(f"{_prefix(workspace)}*"):
        shutil.rmtree(left, ignore_errors=True)


def _prefix(workspace: Path) -> str:
    """Give how the names of all rooms of one workspace begin."""
    return f".desirepath-{hashlib.sha256(workspace.name.encode('utf-8', 'surrogateescape')).hexdigest()[:8]}-"
