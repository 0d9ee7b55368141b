"""One cursor on the workspace, and what writes SQL safely where values cannot be bound."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from mining.errors import SourceError, WorkspaceError
from mining.messages import N_
from pipeline.recall import Memory

QUERIES = Path(__file__).with_name("sql")
PROGRESS = ("enable_progress_bar = true", "enable_progress_bar_print = false", "progress_bar_time = 0")


class QueryFault(Exception):
    """The database could not do what it was asked; the text is its own. For readers, who know what it means there."""


def quoted(name: str) -> str:
    """Give `name` as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Give `text` as an SQL string, for the few places where a value cannot be bound."""
    return "'" + text.replace("'", "''") + "'"


@cache
def query_text(name: str) -> str:
    """Give the text of ``pipeline/sql/<name>.sql``."""
    return (QUERIES / f"{name}.sql").read_text(encoding="utf-8")


class Session:
    """One cursor with its frames: what a query or a change of the workspace works with."""

    def __init__(
        self, cursor: Any, room: Path, faults: Callable[[], AbstractContextManager[None]], memory: Memory
    ) -> None:
        self._cursor = cursor
        self._faults = faults
        self._memory = memory
        self.room = room
        self.in_transaction = False
        self.log_written = False
        self._stopped = False

    def begin(self) -> None:
        """From here on, all changes are kept together or not at all. Temporary tables need no transaction."""
        self.execute("BEGIN")
        self.in_transaction = True

    def end(self, keep: bool) -> None:
        """Keep what has changed since `begin`, or take it back."""
        if not self.in_transaction:
            return
        if keep:
            self._go_on()
        else:
            self._stopped = False
        self.in_transaction = False
        self.execute("COMMIT" if keep else "ROLLBACK")

    def give_up(self) -> None:
        """Take back what has not been kept, where the database has not done so by itself, and close."""
        try:
            self.end(keep=False)
        except (QueryFault, WorkspaceError):
            self.in_transaction = False
        finally:
            self.close()

    def stop(self) -> None:
        """Have what runs, and what would come next, end as Ctrl+C ends it; another thread may ask for this."""
        self._stopped = True
        self._cursor.interrupt()

    def share_done(self) -> float | None:
        """Give the share of the running statement that is behind, where the database knows it."""
        percent = float(self._cursor.query_progress())
        return None if percent < 0 else min(percent / 100, 1.0)

    def tell_progress(self) -> None:
        """Let the database know how far its statements are."""
        for setting in PROGRESS:
            self.execute(f"SET {setting}")

    def _go_on(self) -> None:
        if self._stopped:
            raise KeyboardInterrupt

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
        self._go_on()
        with self._faults():
            self._cursor.execute(sql, dict(params) if params else None)

    def frame(self, sql: str, params: Mapping[str, Any] | None = None) -> pl.DataFrame:
        """Run one query; its times leave as UTC."""
        self._go_on()
        with self._faults():
            found: pl.DataFrame = self._cursor.sql(sql, params=dict(params) if params else None).pl()
        naive = [name for name, dtype in found.schema.items() if dtype == pl.Datetime("us")]
        return found.with_columns(pl.col(naive).dt.replace_time_zone("UTC")) if naive else found

    def rows(self, sql: str, params: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """Run one query and give its rows as tuples."""
        self._go_on()
        with self._faults():
            found: list[tuple[Any, ...]] = self._cursor.execute(sql, dict(params) if params else None).fetchall()
        return found

    def value(self, sql: str, params: Mapping[str, Any] | None = None) -> Any:
        """Run one query and give the first value of its first row."""
        return self.rows(sql, params)[0][0]

    def register(self, name: str, frame: pl.DataFrame) -> None:
        """Let queries see `frame` under `name`."""
        self._go_on()
        with self._faults():
            self._cursor.register(name, frame)

    def known_journeys(self, name: str) -> pl.DataFrame | None:
        """Give the journeys (journey_id) that are known by a name; None where there are none any more."""
        return self._memory.journeys(name)

    def forget(self, name: str) -> None:
        """Take a frame out of sight again, so that its memory can be freed."""
        with self._faults():
            self._cursor.unregister(name)

    def admit(self, path: Path) -> Path:
        """Bring `path` into the reading room, as a link where the disk allows it, and give its new place."""
        suffix = "".join(s for s in path.suffixes[-2:] if s[1:].isalnum() and s.isascii())
        place = self.room / f"{secrets.token_hex(4)}{suffix[:20]}"
        try:
            os.link(path.resolve(), place)
        except OSError:
            self._copy(path, place)
        return place

    def _copy(self, path: Path, place: Path) -> None:
        try:
            shutil.copyfile(path, place)
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
                raise SourceError(N_("{path} cannot be opened: {detail}."), path=path, detail=error.strerror) from error
            raise WorkspaceError(
                N_("There is no room for {path} beside the workspace in {folder}: {why}. Free some space there."),
                path=path.name,
                folder=self.room.parent,
                why=error.strerror,
            ) from error


View = Callable[[Session], str]
"""A function that composes the query of a view, from identifiers of the workspace alone."""
