"""The workspace: one DuckDB file, its schema, its transactions. The only door to the database.

Two things pass through the door. Named queries come out (`Workspace.run`): a file of ``pipeline/sql`` with bound
values, on a cursor of its own, so that threads do not meet. Files come in (`Workspace.ingest`) inside one transaction
(`Workspace.change`): all of it is there afterwards, or nothing.

The database itself can read no file of the machine except those that an ingest puts into its own reading room, a
private folder that lives as long as the ingest; so no condition and no query can open anything else.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, Unpack

import duckdb
import polars as pl

from mining.errors import WorkspaceError
from mining.messages import N_
from pipeline import room, schema
from pipeline.recall import memory_of
from pipeline.session import QueryFault, Session, View, literal, query_text, quoted
from pipeline.store_faults import check_place, disk_full, is_disk_full, no_database, why_not_opened

if TYPE_CHECKING:
    from pipeline.build import Progress
    from pipeline.definition import Definition
    from pipeline.ingest import IngestReport
    from pipeline.options import IngestOptions
    from pipeline.rebuild import Change

__all__ = ["QueryFault", "Session", "View", "Workspace", "literal", "query_text", "quoted"]

MEMORY = "3GB"
# Not so where the file is one of data, such as a .csv: over it DuckDB opens a database in memory.
_IN_A_FILE = "SELECT path IS NOT NULL FROM duckdb_databases() WHERE database_name = current_database()"


class Workspace:
    """One log in one DuckDB file: events sorted by journey and time, coded to small integers, ready to be mined.

    Parameters
    ----------
    path : str or Path, default ":memory:"
        The file; made when it is absent. ``":memory:"`` keeps all of it in memory.
    read_only : bool, default False
        Open for reading alone; the file must exist.
    memory : str, default "3GB"
        How much memory the database may take; what does not fit is put aside on the disk beside the workspace.

    Raises
    ------
    WorkspaceError
        When the file is locked by another process, is no workspace, is newer than this program, or cannot be written.

    Examples
    --------
    >>> with Workspace() as workspace:
    ...     workspace.is_empty
    True
    """

    def __init__(self, path: str | Path = ":memory:", *, read_only: bool = False, memory: str = MEMORY) -> None:
        self.path = path if str(path) == ":memory:" else Path(path)
        self._created = isinstance(self.path, Path) and not self.path.exists()
        self._unused = False
        self._lock = threading.RLock()
        self._cursors = threading.Lock()  # not the one of a change: who reads does not wait for who writes
        self._changing: Session | None = None
        try:
            self._connection = _connect(self.path, read_only)
        except KeyboardInterrupt:
            if self._created:
                self._remove()
            raise
        try:
            self._room = room.confine(self._connection, self.path, memory, read_only)
            self.memory = memory_of(self.path)
            with closing(self.session()) as session:
                schema.make_or_check(session, self.path, read_only)
        except BaseException:
            self._unused = self._created
            self.close()
            raise

    @property
    def is_empty(self) -> bool:
        """Say whether nothing has been loaded yet."""
        with closing(self.session()) as session:
            return bool(session.value("SELECT count(*) = 0 FROM sources"))

    def session(self) -> Session:
        """Give a cursor of its own on this workspace."""
        with self._cursors:
            return Session(self._connection.cursor(), self._room, _named_faults, self.memory)

    @contextmanager
    def change(self, *, keep: bool = True) -> Iterator[Session]:
        """Give a session that may change the workspace: what it does after `Session.begin` is kept whole or not at all.

        Parameters
        ----------
        keep : bool, default True
            False takes everything back at the end: a rehearsal.
        """
        with self._lock:
            session = self._changing = self.session()
            self._unused = self._created and self.is_empty
            try:
                session.tell_progress()
                room.make(self._room, self.path)
                yield session
                session.end(keep)
                self._unused = self._unused and self.is_empty
            except QueryFault as fault:
                raise WorkspaceError(N_("The workspace could not be changed: {detail}"), detail=fault) from fault
            finally:
                self._changing = None
                session.give_up()
                if session.log_written:
                    self.memory.forget()
                shutil.rmtree(self._room, ignore_errors=True)

    def interrupt(self) -> None:
        """Have the change that is on its way end as Ctrl+C ends it: all of it is taken back. Any thread may ask."""
        session = self._changing
        if session is not None:
            with suppress(duckdb.Error):  # it may have just ended
                session.stop()

    def share_done(self) -> float | None:
        """Give the share of the statement that is behind, of those of a change; None where nobody knows."""
        session = self._changing
        with suppress(duckdb.Error):
            return None if session is None else session.share_done()
        return None

    def ingest(
        self,
        *files: str | Path,
        append: bool = False,
        replace: str | None = None,
        dry_run: bool = False,
        progress: Progress | None = None,
        **options: Unpack[IngestOptions],
    ) -> IngestReport:
        """Load files into the workspace. See `pipeline.ingest.ingest` for what the options mean, and for the report."""
        from pipeline.ingest import ingest

        return ingest(self, *files, append=append, replace=replace, dry_run=dry_run, progress=progress, **options)

    @property
    def definition(self) -> Definition:
        """How recorded events become journeys here."""
        from pipeline.definition import kept

        with closing(self.session()) as session:
            return kept(session)

    def redefine(
        self,
        meant: Definition,
        *,
        identity_table: str | Path | None = None,
        dry_run: bool = False,
        progress: Progress | None = None,
    ) -> Change:
        """Define journeys otherwise: by persons, split at silences, with cleaned paths.

        Nothing that was recorded is lost: the former definition gives the former journeys again.

        Parameters
        ----------
        meant : Definition
            The new definition; `dataclasses.replace` on `definition` changes one thing of it.
        identity_table : str or Path, optional
            A file whose rows each hold ids of one person. Its ids are kept; a definition that goes on with them says so
            by its `id_table`, and one without forgets them.
        dry_run : bool, default False
            Say what would change, and take it back.
        """
        from pipeline.rebuild import redefine

        return redefine(self, meant, identity_table=identity_table, dry_run=dry_run, progress=progress)

    def remove(self, source: str, *, dry_run: bool = False, progress: Progress | None = None) -> Change:
        """Take a source, by its name, out of the log again; what is left is as if it had never been loaded.

        Raises
        ------
        WorkspaceError
            When there is no source of that name.
        """
        from pipeline.rebuild import remove

        return remove(self, source, dry_run=dry_run, progress=progress)

    def run(
        self,
        name: str,
        *,
        where: str | None = None,
        frames: Mapping[str, pl.DataFrame] | None = None,
        views: Mapping[str, View] | None = None,
        **params: Any,
    ) -> pl.DataFrame:
        """Run the query of ``pipeline/sql/<name>.sql`` on a cursor of its own.

        Parameters
        ----------
        name : str
            The query. It reads the views ``log_journeys`` and ``log_events``, or the tables where it means everything.
        where : str, optional
            A condition on journeys (see `mining.expressions`); only theirs are in the two views.
        frames : mapping of str to frame, optional
            Tables the query can read besides those of the workspace.
        views : mapping of str to function, optional
            Further views it can read, where columns depend on the log; see `pipeline.selection`.
        **params
            The values it names as ``$name``.
        """
        from pipeline.selection import choose

        with closing(self.session()) as session:
            try:
                choose(session, where)
                for table, frame in (frames or {}).items():
                    session.register(table, frame)
                for view, query_of in (views or {}).items():
                    session.execute(f"CREATE OR REPLACE TEMP VIEW {quoted(view)} AS {query_of(session)}")
                return session.frame(query_text(name), params)
            except QueryFault as fault:
                raise WorkspaceError(N_("The query {name} failed: {detail}"), name=name, detail=fault) from fault

    def close(self) -> None:
        """Close the file. A file made for a load that failed is removed again."""
        self._connection.close()
        if self._unused:
            self._remove()

    def _remove(self) -> None:
        """Take the file away again."""
        if isinstance(self.path, Path):
            for leftover in (self.path, self.path.with_name(self.path.name + ".wal")):
                leftover.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None and self._created:
            self._unused = self._unused or self.is_empty  # the fault may have come before the load itself began
        self.close()


def _connect(path: str | Path, read_only: bool) -> duckdb.DuckDBPyConnection:
    """Open the file, or say what is in the way."""
    check_place(path, read_only)
    try:
        connection = duckdb.connect(str(path), read_only=read_only)
    except duckdb.Error as error:
        raise why_not_opened(path, str(error)) from error
    if isinstance(path, Path) and connection.execute(_IN_A_FILE).fetchone() != (True,):
        connection.close()
        raise no_database(path)
    return connection


def _is_interrupt(error: Exception) -> bool:
    """Say whether a signal is behind an error: while the database works, Ctrl+C arrives in one of these three forms."""
    said = str(error)
    return isinstance(error, duckdb.InterruptException) or "Query interrupted" in said or "KeyboardInterrupt" in said


@contextmanager
def _named_faults() -> Iterator[None]:
    """Give what the database cannot do as our own errors."""
    try:
        yield
    except (duckdb.Error, RuntimeError) as error:
        if _is_interrupt(error):
            raise KeyboardInterrupt from error
        if not isinstance(error, duckdb.Error):
            raise
        said = str(error)
        if is_disk_full(said):
            raise disk_full(said) from error
        raise QueryFault(said) from error
