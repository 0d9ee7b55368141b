"""A change of a workspace at work in a thread of its own: how far it is, how to stop it, what it gave."""

from __future__ import annotations

import struct
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Unpack

import polars as pl

from mining.errors import DesirePathError, SourceError, WorkspaceError
from mining.messages import N_, Message
from pipeline.build import KEYED, READ, SORTED, Progress
from pipeline.definition import Definition
from pipeline.options import IngestOptions
from pipeline.sources import packed
from pipeline.store import Workspace

__all__ = ["Job", "estimated_rows", "load", "redefine", "remove"]

STEPS = (READ, KEYED, SORTED, 1.0)  # where the parts of a load end
Work = Callable[[Workspace, Progress], Any]


class Job:
    """One change at work; every attribute may be read at any time, from any thread.

    Attributes
    ----------
    message : Message
        What is being done.
    result : object
        What the change gave, once it is done: an `IngestReport` or a `pipeline.rebuild.Change`.
    error : DesirePathError, optional
        Why it could not be done. The workspace is as before.
    """

    def __init__(self, work: Work, target: Workspace | Path, *, rows: int | None = None) -> None:
        self.message = Message(N_("Looking at the files"))
        self.result: Any = None
        self.error: DesirePathError | None = None
        self.rows_ahead = rows
        self._work, self._target = work, target
        self._share = self._told = 0.0
        self._began, self._ended_at = time.monotonic(), 0.0
        self._stopping, self._over = threading.Event(), threading.Event()
        self._workspace: Workspace | None = target if isinstance(target, Workspace) else None
        self._thread = threading.Thread(target=self._run, name="desirepath-job", daemon=True)
        self._thread.start()

    @property
    def state(self) -> str:
        """One of ``running``, ``done``, ``failed`` and ``cancelled``."""
        if not self._over.is_set():
            return "running"
        if self.result is not None:
            return "done"
        return "failed" if self.error is not None else "cancelled"

    @property
    def stopping(self) -> bool:
        """Whether it was asked to stop."""
        return self._stopping.is_set()

    @property
    def share(self) -> float:
        """The share that is behind, 0..1; it never goes back."""
        if self.state == "running" and self._workspace is not None:
            part = self._workspace.share_done()
            following = next((step for step in STEPS if step > self._told), 1.0)
            self._share = max(self._share, self._told + (following - self._told) * (part or 0.0))
        return self._share

    @property
    def rows(self) -> int | None:
        """Rows that are behind: exact when done, before as estimated; None where nobody can tell."""
        read = getattr(self.result, "rows_in", None)
        if read is not None:
            return int(read)
        return None if self.rows_ahead is None else round(self.rows_ahead * self.share)

    @property
    def seconds(self) -> float:
        """How long it has been at work, or was."""
        return (self._ended_at or time.monotonic()) - self._began

    @property
    def rows_per_s(self) -> float | None:
        """Rows a second, so far."""
        rows, seconds = self.rows, self.seconds
        return rows / seconds if rows and seconds > 0 else None

    def cancel(self) -> None:
        """Ask it to stop, and take back what it has done; it may take a moment until it has."""
        self._stopping.set()
        if self._workspace is not None:
            self._workspace.interrupt()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until it is over; False when it is not yet."""
        return self._over.wait(seconds)

    def _progress(self, message: Message, share: float) -> None:
        if self._stopping.is_set():
            raise KeyboardInterrupt
        self.message, self._told = message, share
        self._share = max(self._share, share)

    def _run(self) -> None:
        """Do the work; whatever becomes of it, the job ends."""
        try:
            self.result = self._on_target()
            self._share = 1.0
        except DesirePathError as error:
            self.error = error
        except KeyboardInterrupt:
            pass  # asked for
        except BaseException:
            self.error = WorkspaceError(
                N_("A fault of this program broke it off; the terminal says more. The workspace is as it was before.")
            )
            raise
        finally:
            self._ended_at = time.monotonic()
            self._over.set()

    def _on_target(self) -> Any:
        if isinstance(self._target, Workspace):
            return self._work(self._target, self._progress)
        with Workspace(self._target) as fresh:
            self._workspace = fresh
            try:
                return self._work(fresh, self._progress)
            finally:
                self._workspace = None


def load(
    target: Workspace | Path,
    files: Sequence[str | Path],
    *,
    append: bool = False,
    replace: str | None = None,
    rows: int | None = None,
    **options: Unpack[IngestOptions],
) -> Job:
    """Start to load files.

    Parameters
    ----------
    target : Workspace or Path
        An open workspace, or the file of one that is made for this and closed afterwards.
    rows : int, optional
        How many rows to expect, for the rows per second; see `estimated_rows`.
    **options
        Those of `pipeline.ingest.ingest`.
    """
    return Job(
        lambda workspace, progress: workspace.ingest(
            *files, append=append, replace=replace, progress=progress, **options
        ),
        target,
        rows=rows,
    )


def redefine(
    target: Workspace, meant: Definition, *, identity_table: str | Path | None = None, rows: int | None = None
) -> Job:
    """Start to define journeys otherwise; see `Workspace.redefine`."""
    return Job(
        lambda workspace, progress: workspace.redefine(meant, identity_table=identity_table, progress=progress),
        target,
        rows=rows,
    )


def remove(target: Workspace, source: str, *, rows: int | None = None) -> Job:
    """Start to take a source out; see `Workspace.remove`."""
    return Job(lambda workspace, progress: workspace.remove(source, progress=progress), target, rows=rows)


def estimated_rows(path: Path, looked_at: Path, rows: int) -> int | None:
    """Estimate the rows of a file from those of its first part; None where its unpacked size is not known.

    Parameters
    ----------
    path, looked_at : Path
        The file, and the first part of it, as `pipeline.heads.head` gives them.
    rows : int
        The rows of that part.
    """
    if path == looked_at or not path.is_file():
        return rows if path == looked_at else None
    try:
        if looked_at.suffix == ".parquet":
            return int(pl.scan_parquet(path).select(pl.len()).collect().item())
        whole, part = _unpacked(path), looked_at.stat().st_size
    except (pl.exceptions.PolarsError, OSError, SourceError):
        return None
    return round(rows * whole / part) if whole and part and whole >= part else None


def _unpacked(path: Path) -> int | None:
    """Give the size of the content of a file: gzip says it in its last bytes, modulo 4 GiB."""
    with path.open("rb") as file:
        packing = packed.packing(file.read(8))
        if packing is None:
            return path.stat().st_size
        if packing == packed.ZIP:
            return sum(info.file_size for info in packed.members(path))
        if packing == packed.GZIP:
            file.seek(-4, 2)
            return int(struct.unpack("<I", file.read(4))[0])
    return None
