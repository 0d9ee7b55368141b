"""Where the numbers of a report come from, and the commands that make it again."""

from __future__ import annotations

import hashlib
import json
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from itertools import groupby
from typing import Any

from pipeline import queries
from pipeline.definition import Definition
from pipeline.store import Workspace

ROLES = {
    "journey": "--journey",
    "journey_pattern": "--journey-pattern",
    "activity": "--activity",
    "activity_pattern": "--activity-pattern",
    "time": "--time",
    "end": "--end",
    "order": "--order",
    "channel": "--channel",
    "actor": "--actor",
    "timezone": "--timezone",
    "zone_column": "--zone-column",
    "time_format": "--time-format",
    "base_date": "--base-date",
    "attributes": "--attribute",
}


@dataclass(frozen=True)
class Source:
    """One file of a log, known by the SHA-256 of its content, and how its columns were read."""

    name: str
    format: str
    sha256: str
    rows_in: int
    rows_kept: int
    rows_rejected: int
    mapping: dict[str, Any]


@dataclass(frozen=True)
class Origin:
    """All that a report rests on.

    Attributes
    ----------
    version : str
        Of the product.
    log, map : str
        Names of the files, as they were given.
    map_sha256 : str
        Of the content of the map.
    kept : bool
        Whether the log is a workspace; otherwise it is a file that was read for this report alone.
    where : str or None
        The condition that was given, that of the map not included.
    definition : Definition
        How events became journeys.
    """

    version: str
    log: str
    map: str
    map_sha256: str
    kept: bool
    where: str | None
    definition: Definition
    sources: tuple[Source, ...]

    @classmethod
    def of(
        cls, ws: Workspace, *, log: str, map_name: str, map_content: bytes, where: str | None = None, kept: bool = True
    ) -> Origin:
        """Look up where the log of a workspace comes from."""
        return cls(
            version=version("desirepath"),
            log=log,
            map=map_name,
            map_sha256=hashlib.sha256(map_content).hexdigest(),
            kept=kept,
            where=where,
            definition=ws.definition,
            sources=tuple(
                Source(
                    **{name: row[name] for name in ("name", "format", "sha256", "rows_in", "rows_kept")},
                    rows_rejected=row["rows_rejected"],
                    mapping=json.loads(row["mapping"]) if row["mapping"] else {},
                )
                for row in queries.sources(ws).iter_rows(named=True)
            ),
        )

    def as_dict(self) -> dict[str, Any]:
        """Give it as plain values."""
        return {
            "version": self.version,
            "log": self.log,
            "sources": [dict(source.__dict__) for source in self.sources],
            "definition": self.definition.as_dict(),
            "map": {"name": self.map, "sha256": self.map_sha256},
            "where": self.where,
            "commands": [shlex.join(words) for words in self.commands()],
        }

    def commands(self, *, language: str = "en", out: str = "report.html") -> Iterator[list[str]]:
        """Give the command lines that make the report from the files of the log, word by word."""
        if self.kept:
            yield from self._loads()
            definition = list(self._definition())
            if definition:
                yield ["desirepath", "define", self.log, *definition]
        where = ["--where", self.where] if self.where else []
        yield ["desirepath", "report", self.log, self.map, *where, "--language", language, "--out", out]

    def _loads(self) -> Iterator[list[str]]:
        """Load the files in order, those that are read alike at once."""
        alike = groupby(self.sources, key=lambda source: json.dumps(source.mapping, sort_keys=True))
        for number, (mapping, group) in enumerate(alike):
            files = [source.name for source in group]
            append = ["--append"] if number else []
            yield ["desirepath", "ingest", *files, *_roles(json.loads(mapping)), *append, "--workspace", self.log]

    def _definition(self) -> Iterator[str]:
        meant = self.definition
        if meant.identity is not None:
            yield from (part for column in meant.identity.columns for part in ("--identity", column))
        if meant.session_gap is not None:
            yield from ("--session-gap", f"{meant.session_gap:.15g}s")
        if meant.start_activity is not None:
            yield from ("--start-activity", meant.start_activity)
        if meant.duplicates != "keep":
            yield from ("--duplicates", meant.duplicates)
        if meant.recipe.steps:
            yield from ("--recipe", "recipe.yaml")


def _roles(mapping: dict[str, Any]) -> Iterator[str]:
    """Say the columns of a mapping as options."""
    if not mapping.get("time"):
        yield "--no-time"
    for role, option in ROLES.items():
        value = mapping.get(role)
        columns = value if isinstance(value, list) else [value] if value else []
        yield from (part for column in columns for part in (option, str(column)))


def folded(words: list[str], width: int = 96) -> list[str]:
    r"""Write a command over several lines where it is long, broken before options.

    Examples
    --------
    >>> folded(["desirepath", "ingest", "a.csv", "--journey", "id", "-w", "w.duckdb"], width=24)
    ['desirepath ingest a.csv \\', '  --journey id \\', '  -w w.duckdb']
    """
    groups: list[list[str]] = []
    for word in words:
        if not groups or word.startswith("-"):
            groups.append([])
        groups[-1].append(word)
    lines: list[str] = []
    for group in map(shlex.join, groups):
        if lines and len(lines[-1]) + len(group) < width:
            lines[-1] += f" {group}"
        else:
            lines.append(f"  {group}" if lines else group)
    return [line + (" \\" if number < len(lines) - 1 else "") for number, line in enumerate(lines)]
