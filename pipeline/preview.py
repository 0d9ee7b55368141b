"""A look into a file before it is loaded: its first rows, what its columns seem to be, and what a load would keep."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Any

import polars as pl

from mining.messages import Message
from pipeline.guessing import Guess, guess
from pipeline.ingest import IngestReport
from pipeline.profiles import profile
from pipeline.sources import find, read
from pipeline.store import Workspace, quoted

ROWS = 100
HEAD_ROWS = 50_000
HEAD_BYTES = 16_000_000


@dataclass(frozen=True)
class Preview:
    """What a file looks like.

    Attributes
    ----------
    format : str
        How it was read: csv, jsonl, parquet or xes.
    rows : polars.DataFrame
        Its first `ROWS` rows as text, under its own column names.
    guesses : dict
        For each role (journey, activity, time) the columns that may play it, the likeliest first.
    notes : tuple of Message
        What the reader decided by itself, such as the encoding.
    """

    format: str
    rows: pl.DataFrame
    guesses: dict[str, list[Guess]]
    notes: tuple[Message, ...]

    @property
    def columns(self) -> list[str]:
        """The column names in file order."""
        return self.rows.columns


def head(path: Path, folder: Path) -> tuple[Path, bool]:
    """Give a file that is quickly read: `path` itself, or its first rows as a file of the same name in `folder`.

    Returns
    -------
    Path
        The file to look at.
    bool
        Whether it is the whole. XES is always read whole, since a part of it is no XES.
    """
    if path.stat().st_size <= HEAD_BYTES:
        return path, True
    source = find([path])[0]
    target = folder / path.name
    if source.format == "parquet":
        rows = pl.scan_parquet(path).head(HEAD_ROWS + 1).collect()
        rows.head(HEAD_ROWS).write_parquet(target)
        return target, rows.height <= HEAD_ROWS
    if source.format == "xes":
        return path, True
    return target, _head_of_text(path, target)


def _head_of_text(path: Path, target: Path) -> bool:
    """Copy the first lines, packed as they were; say whether these are all."""
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    with _opened(path, "rb", packed) as source, _opened(target, "wb", packed) as out:
        out.writelines(islice(source, HEAD_ROWS))
        return next(iter(source), None) is None


def _opened(path: Path, mode: str, packed: bool) -> IO[Any]:
    return gzip.open(path, mode) if packed else path.open(mode)  # type: ignore[return-value]


def preview(path: Path) -> Preview:
    """Look into a file.

    Raises
    ------
    SourceError
        When it cannot be read.
    """
    source = find([path])[0]
    with Workspace() as workspace, workspace.change(keep=False) as db:
        raw = read(db, source, "looked_at")
        columns = ", ".join(
            f"CAST({quoted(c.column)} AS VARCHAR) AS {quoted(f'c{i}')}" for i, c in enumerate(raw.columns)
        )
        rows = db.frame(f"SELECT {columns} FROM {quoted(raw.view)} ORDER BY row_no LIMIT {ROWS}")
        named = rows.rename({f"c{i}": c.name for i, c in enumerate(raw.columns)})
        return Preview(source.format, named, _told(guess(profile(db, raw))), raw.notes)


def _told(guesses: dict[str, list[Guess]]) -> dict[str, list[Guess]]:
    return {role: found for role, found in guesses.items() if found}


def rehearse(path: Path, **options: Any) -> IngestReport:
    """Do everything a load of `path` into a new workspace would do, and report it, but keep nothing.

    Parameters
    ----------
    **options
        Those of `pipeline.ingest.ingest`.

    Raises
    ------
    SourceError, MappingError
        As the load would.
    """
    with Workspace() as workspace:
        return workspace.ingest(path, **options, dry_run=True)
