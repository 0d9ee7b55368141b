"""A table of ids: a file whose rows each hold ids of one person, such as an export of a CRM.

Its ids are kept in the workspace as they were written, so that every later load and definition follows them; nothing
else of the file is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mining.errors import MappingError, SourceError
from mining.messages import N_
from pipeline.columns.vocabulary import folded
from pipeline.identity.values import BLANKS, text_of
from pipeline.sources import RawColumn, RawTable, find, read
from pipeline.store import Session, literal, quoted

if TYPE_CHECKING:
    from pipeline.identity import Identity

KEPT = "id_table"  # where the rows stand in the workspace
FRESH = "fresh_id_table"  # where those of a file stand that was read for the change under way


@dataclass(frozen=True)
class IdTable:
    """A file of ids, as the definition of journeys names it.

    Attributes
    ----------
    name : str
        What the file is called.
    sha256 : str
        The digest of its content.
    columns : tuple of str
        The identity columns it has; those of their rows are kept.
    others : tuple of str
        The names of its other columns.
    rows : int
        Rows with two ids at least: those that link something.
    """

    name: str = field(compare=False)
    sha256: str
    columns: tuple[str, ...]
    others: tuple[str, ...]
    rows: int

    @property
    def places(self) -> dict[str, str]:
        """The column of the kept rows that holds each identity column."""
        return {name: f"id_{place}" for place, name in enumerate(self.columns)}

    def as_dict(self) -> dict[str, Any]:
        """Give it as plain values for JSON."""
        return {name: list(v) if isinstance(v, tuple) else v for name, v in asdict(self).items()}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> IdTable:
        """Read what `as_dict` gave."""
        said: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in values.items()}
        return cls(**said)


def check_fits(table: IdTable, rule: Identity | None) -> None:
    """See that a rule can follow what is kept of a table.

    Raises
    ------
    MappingError
        When there is no rule, when it names a column that was not kept, or too few of those that were.
    """
    if rule is None:
        raise _no_rule(table.name)
    wanted = {alike(name): name for name in rule.columns if name not in table.columns}
    lacking = [wanted[alike(name)] for name in table.others if alike(name) in wanted]
    if lacking:
        raise MappingError(
            N_("Of {name}, the column {columns} was not kept. Give the file again with --identity-table."),
            name=table.name,
            columns=", ".join(lacking),
        )
    if len({*table.columns} & {*rule.columns}) < 2:
        raise MappingError(
            N_(
                "{name} links {columns}, of which fewer than two name the person now ({wanted}). Give another file "
                "with --identity-table, or leave it out with --no-identity-table."
            ),
            name=table.name,
            columns=", ".join(table.columns),
            wanted=", ".join(rule.columns),
        )


def read_id_table(db: Session, path: str | Path, rule: Identity | None) -> IdTable:
    """Read a table of ids, of any format a log may have; its rows stand in `FRESH` until they are kept.

    Raises
    ------
    SourceError
        When the file cannot be read, or is several.
    MappingError
        When no rule says which columns are ids, or fewer than two of them are in the file, or no row links two ids.
    """
    if rule is None:
        raise _no_rule(Path(path).name)
    sources = find([path])
    if len(sources) != 1:
        raise SourceError(N_("{path} holds {n} files. A table of ids is one file: name it."), path=path, n=len(sources))
    raw = read(db, sources[0], FRESH + "_file")
    matched = _matched(raw, rule)
    db.execute(_rows_query(raw, matched))
    rows = int(db.value(f"SELECT count(*) FROM {FRESH}"))
    if not rows:
        raise MappingError(
            N_("{file}: no row has ids in two of the columns {columns}, so it links nothing."),
            file=sources[0].name,
            columns=", ".join(matched),
        )
    others = tuple(c.name for c in raw.columns if c not in matched.values())
    return IdTable(sources[0].name, sources[0].sha256, tuple(matched), others, rows)


def _no_rule(name: str) -> MappingError:
    return MappingError(
        N_("{name} links ids. Name the columns of the person with --identity, the most trusted first."), name=name
    )


def alike(name: str) -> str:
    """Give the name of a column without case, accents, blanks and signs: columns that share it are taken for the same.

    Examples
    --------
    >>> alike("E-Mail"), alike("Mã khách")
    ('email', 'makhach')
    """
    return folded(name).replace(" ", "")


def _matched(raw: RawTable, rule: Identity) -> dict[str, RawColumn]:
    """Find the identity columns by their names, written in whatever way."""
    found = {}
    for name in rule.columns:
        same = [c for c in raw.columns if c.name == name] or [c for c in raw.columns if alike(c.name) == alike(name)]
        if len(same) == 1:
            found[name] = same[0]
    if len(found) < 2:
        raise MappingError(
            N_(
                "{file} cannot link ids: two of its columns at least must be called like ids of the log. The ids are "
                "{wanted}; the columns of the file are {known}. Rename its columns, or name more ids with --identity."
            ),
            file=raw.source.name,
            wanted=", ".join(rule.columns),
            known=", ".join(c.name for c in raw.columns),
        )
    return found


def _rows_query(raw: RawTable, matched: Mapping[str, RawColumn]) -> str:
    """Compose the statement that takes the ids of the rows that link two of them at least."""
    texts = [f"nullif(trim({text_of(c.column, c.type)}, {literal(BLANKS)}), '')" for c in matched.values()]
    ids = ", ".join(f"CAST({text} AS VARCHAR) AS id_{place}" for place, text in enumerate(texts))
    filled = " + ".join(f"CAST(id_{place} IS NOT NULL AS INTEGER)" for place in range(len(texts)))
    return (
        f"CREATE OR REPLACE TEMP TABLE {FRESH} AS SELECT * FROM (SELECT {ids} FROM {quoted(raw.view)}) "
        f"WHERE {filled} >= 2"
    )


def has_fresh(db: Session) -> bool:
    """Say whether rows of a table were read in the change under way."""
    found: bool = db.value(f"SELECT count(*) > 0 FROM duckdb_tables() WHERE table_name = '{FRESH}' AND temporary")
    return found


def keep_rows(db: Session, wanted: IdTable | None, known: IdTable | None) -> bool:
    """Have the rows of the wanted table in the workspace, and none where none is wanted; says whether they are new.

    Raises
    ------
    MappingError
        When they are neither there nor were read.
    """
    if wanted is None:
        db.execute(f"DROP TABLE IF EXISTS {KEPT}")
        return False
    if has_fresh(db):
        db.execute(f"CREATE OR REPLACE TABLE {KEPT} AS FROM {FRESH}")
        db.execute(f"DROP TABLE temp.{FRESH}")
        return True
    if wanted != known:
        raise MappingError(
            N_("The ids of {name} are not in the workspace. Give the file with --identity-table."), name=wanted.name
        )
    return False


def rows_used(db: Session, rule: Identity) -> int:
    """Count the rows of the table, of those that `pipeline.identity.stitch` has read, with an id of some event."""
    codes = ", ".join(f"c{place}" for place in range(len(rule.columns)))
    return int(
        db.value(
            f"""
            WITH seen AS (
                SELECT DISTINCT unnest([{codes}]) AS id FROM identity_coded WHERE n_events > 0
            ),
            listed AS (
                SELECT no, n_rows, unnest([{codes}]) AS id FROM identity_coded WHERE n_rows > 0
            )
            SELECT coalesce(sum(n_rows), 0) FROM (
                SELECT DISTINCT no, n_rows FROM listed SEMI JOIN seen USING (id)
            )
            """
        )
    )


def examples(db: Session, rule: Identity, counted: str) -> str:
    """Give an id of each column that was read, for people: of events (`counted` ``n_events``) or of the table."""
    found = []
    for place, name in enumerate(rule.columns):
        id_ = db.value(f"SELECT min(x{place}) FROM identity_combined WHERE {counted} > 0")
        if id_ is not None:
            found.append(f"{name} {id_}")
    return ", ".join(found)
