"""The place of a reading room beside its workspace, and what is left of those whose process was killed."""

from __future__ import annotations

import hashlib
import secrets
import shutil
import tempfile
from pathlib import Path

SPILLED = ".spilled"  # what does not fit in memory lies beside the room


def new_room(path: str | Path) -> Path:
    """Give the place of a room for a workspace; it is not made yet."""
    if isinstance(path, Path):
        return path.parent.resolve() / f"{_prefix(path)}{secrets.token_hex(8)}"
    return Path(tempfile.gettempdir()).resolve() / f".desirepath-{secrets.token_hex(8)}"


def sweep(path: str | Path) -> None:
    """Remove the rooms of a workspace that nobody uses any more.

    Only for a process that holds the workspace for writing: the database sees to it that no other has it open then, so
    all rooms of this workspace that are there belong to processes that have ended.
    """
    if not isinstance(path, Path):
        return
    for left in path.parent.resolve().glob(f"{_prefix(path)}*"):
        shutil.rmtree(left, ignore_errors=True)


def _prefix(path: Path) -> str:
    """Give how the names of all rooms of one workspace begin."""
    return f".desirepath-{hashlib.sha256(path.name.encode('utf-8', 'surrogateescape')).hexdigest()[:8]}-"
