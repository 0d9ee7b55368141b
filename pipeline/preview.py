"""A look into a file before it is loaded: its first rows, what its columns seem to be, and what a load would keep."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Unpack, cast

import polars as pl

from mining.messages import Message
from pipeline import heads
from pipeline.columns import moments, roles
from pipeline.columns.guessing import Guess, best, guess
from pipeline.columns.mapping import Mapping as Roles
from pipeline.columns.mapping import settle, told
from pipeline.columns.presets import Preset, preset_named, recognised, with_preset
from pipeline.columns.profiles import profile
from pipeline.ingest import IngestReport
from pipeline.options import Choices, IngestOptions, reading_and_choices
from pipeline.sources import RawTable, find, read
from pipeline.store import Session, Workspace, quoted

ROWS = 100
HEAD_ROWS = heads.ROWS
HEAD_BYTES = heads.BYTES
EXAMPLES = 5
TOP = 20
FREQUENT = f"""
    SELECT activity, count(*) AS n FROM checked WHERE activity IS NOT NULL
    GROUP BY activity ORDER BY n DESC, activity LIMIT {TOP}
"""


@dataclass(frozen=True)
class Preview:
    """What a file looks like.

    Attributes
    ----------
    format : str
        How it was read, such as csv, jsonl, parquet or xes.
    rows : polars.DataFrame
        Its first `ROWS` rows as text, under its own column names.
    guesses : dict
        For each role the columns that may play it, the likeliest first; see `pipeline.columns.guessing.Guess`.
    notes : tuple of Message
        What the reader decided by itself, such as the encoding.
    preset : Preset, optional
        The known export that it looks like.
    logs : int
        How many logs there are behind the name; the first of them is shown.
    moments : mapping of str to str
        Columns that were taken for an event each, with its name; the events and their times are the first two columns.
    """

    format: str
    rows: pl.DataFrame
    guesses: dict[str, list[Guess]]
    notes: tuple[Message, ...]
    preset: Preset | None = None
    logs: int = 1
    moments: Mapping[str, str] = field(default_factory=dict)

    @property
    def columns(self) -> list[str]:
        """The column names in file order."""
        return self.rows.columns

    @property
    def proposed(self) -> IngestOptions:
        """The options of a load by the likeliest guesses: what a wizard starts with, to be confirmed."""
        said = proposed(self.guesses)
        if self.moments:
            said = {**said, "moments": self.moments}
            said.pop("activity", None)
            said.pop("time", None)
        return said


@dataclass(frozen=True)
class RoleCheck:
    """What the chosen roles make of the rows that were looked at.

    Attributes
    ----------
    mapping : pipeline.columns.mapping.Mapping
        The roles, those that were guessed included.
    rows, journeys, activities : int
        Rows looked at; different journeys and activities in them.
    keys : tuple of str
        A few journeys.
    names : tuple of (str, int)
        The most frequent activities, with their rows.
    given, read : int
        Rows with something where their time should be, and those of them in which it can be read.
    pattern : str, optional
        How the time is written.
    unread : tuple of str
        A few times that cannot be read.
    notes : tuple of Message
        What was assumed, and what is doubtful.
    """

    mapping: Roles
    rows: int
    journeys: int
    activities: int
    keys: tuple[str, ...]
    names: tuple[tuple[str, int], ...]
    given: int
    read: int
    pattern: str | None
    unread: tuple[str, ...]
    notes: tuple[Message, ...]

    @property
    def share_read(self) -> float | None:
        """Share of the times that can be read; nothing where there are none."""
        return self.read / self.given if self.given else None


def head(path: Path, folder: Path) -> tuple[Path, bool]:
    """Give a file that is quickly read, and whether it is the whole; see `pipeline.heads.head`."""
    return heads.head(path, folder, HEAD_ROWS, HEAD_BYTES)


def preview(path: Path, **options: Unpack[IngestOptions]) -> Preview:
    """Look into a file.

    Parameters
    ----------
    **options
        Those of `pipeline.ingest.ingest` that say how to read it, such as the sheet, and its preset.

    Raises
    ------
    SourceError
        When it cannot be read.
    """
    with _looked_at(path, options) as (db, plain, choices, logs):
        several = moments.moments_of(plain, choices)
        raw = moments.of_choices(db, plain, choices)
        columns = ", ".join(
            f"CAST({quoted(c.column)} AS VARCHAR) AS {quoted(f'c{i}')}" for i, c in enumerate(raw.columns)
        )
        rows = db.frame(f"SELECT {columns} FROM {quoted(raw.view)} ORDER BY row_no LIMIT {ROWS}")
        named = rows.rename({f"c{i}": c.name for i, c in enumerate(raw.columns)})
        guesses = {role: found for role, found in guess(profile(db, raw)).items() if found}
        sure = told(raw, choices)
        guesses |= {role: [first, *guesses.get(role, [])] for role, first in sure.items()}
        names = [c.name for c in raw.columns]
        preset = preset_named(choices.preset) if choices.preset else recognised(names)
        return Preview(raw.source.format, named, guesses, raw.notes, preset, logs, several)


def check(path: Path, **options: Unpack[IngestOptions]) -> RoleCheck:
    """Say at once what the chosen roles make of a file, without loading it.

    Raises
    ------
    SourceError, MappingError
        As the load would.
    """
    with _looked_at(path, options) as (db, plain, choices, _):
        raw = moments.of_choices(db, plain, choices)
        mapping, _ = settle(db, raw, choices)
        roles.check_patterns(db, raw, mapping)
        times = roles.times(db, raw, mapping)
        read, given = roles.time(mapping, times)
        db.execute(
            f"CREATE OR REPLACE TEMP TABLE checked AS SELECT row_no, {roles.journey(raw, mapping)} AS key, "
            f"{roles.activity(raw, mapping)} AS activity, {given} AS given, ({read}) IS NOT NULL AS read "
            f"FROM {quoted(raw.view)}"
        )
        rows, journeys, activities, had, could = db.rows(
            "SELECT count(*), count(DISTINCT key), count(DISTINCT activity), count(*) FILTER (given), "
            "count(*) FILTER (given AND read) FROM checked"
        )[0]
        return RoleCheck(
            mapping=mapping,
            rows=rows,
            journeys=journeys,
            activities=activities,
            keys=_some(db, "SELECT key FROM checked WHERE key IS NOT NULL GROUP BY key ORDER BY min(row_no)"),
            names=tuple(db.rows(FREQUENT)),
            given=had,
            read=could,
            pattern=times.start.pattern if times else None,
            unread=_unread(db, raw, mapping),
            notes=(*(times.notes if times else ()), *roles.doubts(db, raw, mapping, times)),
        )


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


def proposed(guesses: dict[str, list[Guess]]) -> IngestOptions:
    """Turn the likeliest guesses into the options of a load."""
    said: dict[str, Any] = {}
    for role in ("journey", "activity", "time"):
        taken = {name for names in said.values() for name in names}
        free = next((g for g in guesses.get(role, ()) if not taken & set(g.names)), None)
        if free is not None:
            said[role] = free.names
    for role in ("journey", "activity"):
        inside = best(guesses, f"{role}_pattern")
        if inside is not None and said.get(role) == inside.names:
            said[f"{role}_pattern"] = inside.value
    timed = said.get("time", ())
    if (several := best(guesses, "moments")) is not None:
        said = {k: v for k, v in said.items() if k in ("journey", "journey_pattern")}
        said["moments"] = {column: moments.named(column) for column in several.names}
        timed = several.names
    day_0 = next((g for g in guesses.get("base_date", ()) if g.column in timed), None)
    if day_0 is not None:
        said["base_date"] = day_0.value
    return cast(IngestOptions, said)


@contextmanager
def _looked_at(path: Path, options: IngestOptions) -> Iterator[tuple[Session, RawTable, Choices, int]]:
    """Read a file into a workspace that is thrown away."""
    reading, choices = reading_and_choices(with_preset(options))
    sources = find([path], reading)
    with Workspace() as workspace, workspace.change(keep=False) as db:
        raw = read(db, sources[0], "looked_at", reading)
        yield db, raw, choices, len(sources)


def _some(db: Session, sql: str) -> tuple[str, ...]:
    return tuple(value for (value,) in db.rows(f"{sql} LIMIT {EXAMPLES}"))


def _unread(db: Session, raw: RawTable, mapping: Roles) -> tuple[str, ...]:
    """Give a few of the times that cannot be read."""
    columns = [c for c in raw.columns if c.name in mapping.time]
    if not columns:
        return ()
    text = f"concat_ws(' ', {', '.join(f'CAST({quoted(c.column)} AS VARCHAR)' for c in columns)})"
    return _some(
        db,
        f"SELECT {text} AS x FROM {quoted(raw.view)} JOIN checked AS c USING (row_no) WHERE c.given AND NOT c.read "
        "GROUP BY x ORDER BY min(row_no)",
    )
