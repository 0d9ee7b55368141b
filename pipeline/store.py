"""The workspace: one DuckDB file, its schema, its transactions. The only door to the database.

Two things pass through the door. Named queries come out (`Workspace.run`): a file of ``pipeline/sql`` with bound
values, on a cursor of its own, so that threads do not meet. Files come in (`Workspace.ingest`) inside one transaction
(`Workspace.change`): all of it is there afterwards, or nothing.

The database itself can read no file of the machine except those that an ingest puts into its own reading room, a
private folder that lives as long as the ingest; so no condition and no query can open anything else.
"""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import duckdb
import polars as pl

from mining.errors import ExpressionError, WorkspaceError
from mining.messages import N_

if TYPE_CHECKING:
    from pipeline.ingest import IngestReport

SCHEMA_VERSION = 1
QUERIES = Path(__file__).with_name("sql")

SCHEMA = """
CREATE TABLE meta (key VARCHAR, value VARCHAR);
CREATE TABLE sources (
    source_id UINTEGER, name VARCHAR, format VARCHAR, bytes UBIGINT, sha256 VARCHAR,
    rows_in UBIGINT, rows_kept UBIGINT, rows_rejected UBIGINT, mapping VARCHAR, ingested_at TIMESTAMP
);
CREATE TABLE attributes (name VARCHAR, level VARCHAR, type VARCHAR, role VARCHAR, "column" VARCHAR);
CREATE TABLE activities (activity UINTEGER, name VARCHAR);
CREATE TABLE events (
    journey_id UINTEGER, position UINTEGER, event_no UBIGINT, activity UINTEGER, time TIMESTAMP, source_id UINTEGER
);
CREATE TABLE journeys (
    journey_id UINTEGER, key VARCHAR, start TIMESTAMP, "end" TIMESTAMP, n_events UINTEGER, variant_id UINTEGER
);
CREATE TABLE variants (variant_id UINTEGER, path UINTEGER[], n_journeys UINTEGER);
CREATE TABLE rejects (source_id UINTEGER, line_no UBIGINT, reason VARCHAR, raw VARCHAR);
"""


class QueryFault(Exception):
    """The database could not do what it was asked; the text is its own. For readers, who know what it means there."""


def quoted(name: str) -> str:
    """Give `name` as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Give `text` as an SQL string, for the few places where a value cannot be bound."""
    return "'" + text.replace("'", "''") + "'"


class Session:
    """One cursor with its frames: what a query or a change of the workspace works with."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, room: Path) -> None:
        self._cursor = cursor
        self.room = room
        self.in_transaction = False

    def begin(self) -> None:
        """From here on, all changes are kept together or not at all. Temporary tables need no transaction."""
        self.execute("BEGIN")
        self.in_transaction = True

    def end(self, keep: bool) -> None:
        """Keep what has changed since `begin`, or take it back."""
        if self.in_transaction:
            self.in_transaction = False
            self.execute("COMMIT" if keep else "ROLLBACK")

    def close(self) -> None:
        """Give up the cursor and its temporary tables."""
        self._cursor.close()

    def execute(self, sql: str, params: Mapping[str, Any] | None = None) -> None:
        """Run statements that give nothing back.

        Raises
        ------
        QueryFault
            With the words of the database.
        WorkspaceError
            When the disk is full or the file cannot be written.
        """
        with _named_faults():
            self._cursor.execute(sql, dict(params) if params else None)

    def frame(self, sql: str, params: Mapping[str, Any] | None = None) -> pl.DataFrame:
        """Run one query; its times leave as UTC."""
        with _named_faults():
            found: pl.DataFrame = self._cursor.sql(sql, params=dict(params) if params else None).pl()
        naive = [name for name, dtype in found.schema.items() if dtype == pl.Datetime("us")]
        return found.with_columns(pl.col(naive).dt.replace_time_zone("UTC")) if naive else found

    def rows(self, sql: str, params: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """Run one query and give its rows as tuples."""
        with _named_faults():
            return self._cursor.execute(sql, dict(params) if params else None).fetchall()

    def value(self, sql: str, params: Mapping[str, Any] | None = None) -> Any:
        """Run one query and give the first value of its first row."""
        return self.rows(sql, params)[0][0]

    def register(self, name: str, frame: pl.DataFrame) -> None:
        """Let queries see `frame` under `name`."""
        with _named_faults():
            self._cursor.register(name, frame)

    def admit(self, path: Path) -> Path:
        """Bring `path` into the reading room, as a link where the disk allows it, and give its new place."""
        place = self.room / f"{secrets.token_hex(4)}{''.join(path.suffixes[-2:])}"
        try:
            os.link(path.resolve(), place)
        except OSError:
            shutil.copyfile(path, place)
        return place


View = Callable[[Session], str]
"""A function that composes the query of a view, from identifiers of the workspace alone."""


class Workspace:
    """One log in one DuckDB file: events sorted by journey and time, coded to small integers, ready to be mined.

    Parameters
    ----------
    path : str or Path, default ":memory:"
        The file; made when it is absent. ``":memory:"`` keeps all of it in memory.
    read_only : bool, default False
        Open for reading alone; the file must exist.

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

    def __init__(self, path: str | Path = ":memory:", *, read_only: bool = False) -> None:
        self.path = path if str(path) == ":memory:" else Path(path)
        self._created = isinstance(self.path, Path) and not self.path.exists()
        self._unused = False
        self._lock = threading.RLock()
        try:
            self._connection = _connect(self.path, read_only)
        except KeyboardInterrupt:
            if self._created:
                self._remove()
            raise
        try:
            self._room = _harden(self._connection, self.path)
            self._check_or_create(read_only)
        except BaseException:
            self._unused = self._created
            self.close()
            raise

    def _check_or_create(self, read_only: bool) -> None:
        """Make the tables of a new file, or see that those of an old one can be understood."""
        session = Session(self._connection, self._room)
        names = {name for (name,) in session.rows("SELECT table_name FROM duckdb_tables()")}
        if not names and not read_only:
            from importlib.metadata import PackageNotFoundError, version

            try:
                program = version("desirepath")
            except PackageNotFoundError:
                program = "unknown"
            session.execute("BEGIN")
            session.execute(SCHEMA)
            session.execute(
                "INSERT INTO meta VALUES ('schema_version', $schema), ('created_with', $program)",
                {"schema": str(SCHEMA_VERSION), "program": program},
            )
            session.execute("COMMIT")
            return
        if not {"meta", "events", "journeys", "variants"} <= names:
            raise WorkspaceError(
                N_("{path} is a DuckDB file, but not a Desire Path workspace. Give another file."), path=self.path
            )
        found = int(session.value("SELECT value FROM meta WHERE key = 'schema_version'"))
        if found > SCHEMA_VERSION:
            raise WorkspaceError(
                N_(
                    "{path} was written by a newer version of Desire Path (its tables have version {found}, this "
                    "program knows {known}). Update Desire Path, or load the files into a new workspace."
                ),
                path=self.path,
                found=found,
                known=SCHEMA_VERSION,
            )

    @property
    def is_empty(self) -> bool:
        """Say whether nothing has been loaded yet."""
        with closing(self.session()) as session:
            return bool(session.value("SELECT count(*) = 0 FROM sources"))

    def session(self) -> Session:
        """Give a cursor of its own on this workspace."""
        with self._lock:
            return Session(self._connection.cursor(), self._room)

    @contextmanager
    def change(self, *, keep: bool = True) -> Iterator[Session]:
        """Give a session that may change the workspace: what it does after `Session.begin` is kept whole or not at all.

        Parameters
        ----------
        keep : bool, default True
            False takes everything back at the end: a rehearsal.
        """
        with self._lock:
            session = self.session()
            self._unused = self._created and self.is_empty
            try:
                self._open_room()
                yield session
                session.end(keep)
                self._unused = self._unused and self.is_empty
            except QueryFault as fault:
                raise WorkspaceError(N_("The workspace could not be changed: {detail}"), detail=fault) from fault
            finally:
                self._take_back(session)
                shutil.rmtree(self._room, ignore_errors=True)

    def _open_room(self) -> None:
        """Make the reading room."""
        try:
            self._room.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise _cannot_write(self.path, error.strerror or str(error)) from error

    def _take_back(self, session: Session) -> None:
        """End a transaction that failed, where the database has not ended it by itself."""
        try:
            session.end(keep=False)
        except (QueryFault, WorkspaceError):
            session.in_transaction = False
        finally:
            session.close()

    def ingest(self, *files: str | Path, **options: Any) -> IngestReport:
        """Load files into the workspace. See `pipeline.ingest.ingest` for the options and the report."""
        from pipeline.ingest import ingest

        return ingest(self, *files, **options)

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
        session = self.session()
        try:
            _choose(session, where)
            for table, frame in (frames or {}).items():
                session.register(table, frame)
            for view, query_of in (views or {}).items():
                session.execute(f"CREATE OR REPLACE TEMP VIEW {quoted(view)} AS {query_of(session)}")
            return session.frame(query_text(name), params)
        except QueryFault as fault:
            raise WorkspaceError(N_("The query {name} failed: {detail}"), name=name, detail=fault) from fault
        finally:
            session.close()

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


@cache
def query_text(name: str) -> str:
    """Give the text of ``pipeline/sql/<name>.sql``."""
    return (QUERIES / f"{name}.sql").read_text(encoding="utf-8")


def _choose(session: Session, where: str | None) -> None:
    """Make the two views that queries read: everything, or the journeys that `where` chooses."""
    if where is None:
        session.execute("CREATE OR REPLACE TEMP VIEW log_journeys AS SELECT * FROM journeys")
        session.execute("CREATE OR REPLACE TEMP VIEW log_events AS SELECT * FROM events")
        return
    from pipeline.selection import chosen_journeys

    query = chosen_journeys(session, where)
    try:
        session.execute(f"CREATE OR REPLACE TEMP TABLE chosen AS {query}")
    except QueryFault as fault:
        raise ExpressionError(
            N_("The condition {text!r} does not fit the log: {detail}"), text=where, detail=str(fault).splitlines()[0]
        ) from fault
    session.execute(
        "CREATE OR REPLACE TEMP VIEW log_journeys AS SELECT * FROM journeys SEMI JOIN chosen USING (journey_id)"
    )
    session.execute(
        "CREATE OR REPLACE TEMP VIEW log_events AS SELECT * FROM events SEMI JOIN chosen USING (journey_id)"
    )


def _connect(path: str | Path, read_only: bool) -> duckdb.DuckDBPyConnection:
    """Open the file, or say what is in the way."""
    if isinstance(path, Path):
        if read_only and not path.exists():
            raise WorkspaceError(
                N_("The workspace {path} does not exist. Check the name, or load a log first."), path=path
            )
        if not path.parent.is_dir():
            raise WorkspaceError(N_("The folder {folder} does not exist. Make it first."), folder=path.parent)
        if path.is_dir():
            raise WorkspaceError(N_("{path} is a folder. Give the name of a workspace file."), path=path)
    try:
        return duckdb.connect(str(path), read_only=read_only)
    except duckdb.Error as error:
        raise _why_not_opened(path, str(error)) from error


def _why_not_opened(path: str | Path, said: str) -> WorkspaceError:
    """Turn the words of the database about a file it cannot open into ours."""
    if "lock" in said.lower():
        return WorkspaceError(
            N_("{path} is in use by another program (perhaps the app is open on it). Close that first."), path=path
        )
    if "not a valid DuckDB database" in said:
        return WorkspaceError(N_("{path} is not a workspace: it is not a DuckDB file. Give another file."), path=path)
    if "Permission denied" in said or "Read-only" in said:
        return _cannot_write(path, N_("no permission"))
    return WorkspaceError(N_("{path} cannot be opened: {detail}"), path=path, detail=said.splitlines()[0])


def _cannot_write(path: str | Path, detail: str) -> WorkspaceError:
    return WorkspaceError(
        N_("{path} cannot be written: {detail}. Choose a folder you can write to."), path=path, detail=detail
    )


def _harden(connection: duckdb.DuckDBPyConnection, path: str | Path) -> Path:
    """Shut the database off from the machine's files, its reading room aside, and give that room.

    A second workspace on the same file in the same process meets a database that is shut already, and shares its room.
    """
    if connection.execute("SELECT current_setting('lock_configuration')").fetchall()[0][0]:
        return Path(connection.execute("SELECT current_setting('allowed_directories')").fetchall()[0][0][0])
    folder = path.parent.resolve() if isinstance(path, Path) else Path(tempfile.gettempdir()).resolve()
    room = folder / f".desirepath-{secrets.token_hex(8)}"
    for setting in (
        "python_enable_replacements = false",
        "TimeZone = 'UTC'",
        f"allowed_directories = [{literal(str(room))}]",
        "enable_external_access = false",
        "lock_configuration = true",
    ):
        connection.execute(f"SET {setting}")
    return room


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
        if any(words in said for words in ("No space left", "Disk quota", "File too large", "Could not write")):
            raise WorkspaceError(
                N_("The disk is full: the workspace could not be written ({detail}). Free some space and try again."),
                detail=said.splitlines()[0],
            ) from error
        raise QueryFault(said) from error
