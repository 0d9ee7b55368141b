"""What every reader gives: one table in the database, as the file has it, and the rows it could not read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from mining.errors import SourceError
from mining.messages import N_, Message
from pipeline.store import Session, literal, quoted

if TYPE_CHECKING:
    from pipeline.sources.text import Look

MOST_COLUMNS = 2_000
WRONG_WIDTH = N_("wrong number of columns")
UNREADABLE_ROW = N_("unreadable row")
IN_ROOM = re.compile(r"[^\s'\"]*/\.desirepath-[0-9a-f-]+/[^\s'\":]+")  # in the reading room


@dataclass(frozen=True)
class Source:
    """One log as it lies on the disk: a file, or a member of an archive.

    Attributes
    ----------
    path : Path
        Where it is, for people: a member has the path of its archive before its own name.
    format : str
        What kind of log it is.
    bytes : int
        Its size; that of a packed file is the size it is packed to.
    sha256 : str
        The digest of its content, unpacked.
    shown : str
        How it is called beside other logs, such as ``"archive.zip/march.csv"``; the name of the file when empty.
    packing, member, archive : str, str, Path, optional
        How it is packed, and where in which archive.
    notes : tuple of Message
        What was decided while it was found, such as which files beside it are no logs.
    look : Look, optional
        What was seen of a text on the way.
    modified : int, optional
        When its file was written last, in ns since 1970, as it was found.
    address : str, optional
        Where a server is, with the password where it was given; never shown and never kept.
    """

    path: Path
    format: str
    bytes: int
    sha256: str
    shown: str = ""
    packing: str | None = None
    member: str | None = None
    archive: Path | None = None
    notes: tuple[Message, ...] = ()
    look: Look | None = field(default=None, compare=False, repr=False)
    modified: int | None = field(default=None, compare=False)
    address: str | None = field(default=None, compare=False, repr=False)

    @property
    def name(self) -> str:
        """How it is called: the file name, after the folder or archive it was found in."""
        name = self.shown or self.path.name
        return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")  # a name may be no text


@dataclass(frozen=True)
class RawColumn:
    """One column of the file: its name there, the column of the view that holds it, and its type in the database.

    `tidy` says that its texts are known to have no blanks around them and not to be empty.
    """

    name: str
    column: str
    type: str
    tidy: bool = False

    @property
    def is_text(self) -> bool:
        """Say whether the values are text, so that their type is still to be told."""
        return self.type == "VARCHAR"


@dataclass(frozen=True)
class RawTable:
    """A file read into the database.

    Attributes
    ----------
    view : str
        View with ``row_no`` (from 0, in file order) and one column for each of `columns`.
    unread : str
        Table with the rows that could not be read: ``line_no, reason, raw``.
    raw : str
        SQL that rebuilds the text of a row of the view.
    lines : callable
        Row numbers -> their lines in the file, those that can be known.
    notes : tuple of Message
        What the reader decided by itself, such as the encoding.
    roles : mapping of str to tuple of str
        The columns whose role the format itself tells beyond doubt; an empty tuple says that there is none.
    """

    source: Source
    view: str
    columns: tuple[RawColumn, ...]
    unread: str
    raw: str
    lines: Callable[[Sequence[int]], Mapping[int, int]]
    notes: tuple[Message, ...] = ()
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def counted_from_one(rows: Sequence[int]) -> dict[int, int]:
    """Give rows of a file without lines their number from 1."""
    return {row: row + 1 for row in rows}


def unique_names(names: Sequence[str]) -> list[str]:
    """Tell equal column names apart and name the nameless.

    Examples
    --------
    >>> unique_names(["Variant", "", "Variant"])
    ['Variant', 'column_2', 'Variant_1']
    """
    taken = set(names)
    given: dict[str, None] = {}
    for place, name in enumerate(names, start=1):
        plain = name.strip() or f"column_{place}"
        chosen, n = plain, 0
        while chosen in given or (n and chosen in taken):
            n += 1
            chosen = f"{plain}_{n}"
        given[chosen] = None
    return list(given)


def json_of_row(columns: Sequence[RawColumn]) -> str:
    """Give the SQL that shows a row as a JSON object."""
    pairs = ", ".join(f"{literal(c.name)}, {quoted(c.column)}" for c in columns)
    return f"CAST(json_object({pairs}) AS VARCHAR)"


def described(db: Session, view: str) -> tuple[RawColumn, ...]:
    """Give the columns of a view whose own names are those of the file, ``row_no`` aside."""
    found = db.rows(f"SELECT column_name, column_type FROM (DESCRIBE {quoted(view)})")
    return tuple(RawColumn(name, name, type_) for name, type_ in found if name != "row_no")


def no_unread(db: Session, name: str) -> str:
    """Make the empty table of unread rows for a file that is read whole or not at all."""
    db.execute(f"CREATE TEMP TABLE {quoted(name)} (line_no UBIGINT, reason VARCHAR, raw VARCHAR)")
    return name


def check_width(path: Path, n: int) -> None:
    """Refuse a table of more columns than any log has: each costs time, however few rows there are.

    Raises
    ------
    SourceError
        Saying how many are read.
    """
    if n > MOST_COLUMNS:
        raise SourceError(
            N_("{path} has {n} columns; more than {most} are not read. Check its delimiter, or leave columns out."),
            path=path,
            n=n,
            most=MOST_COLUMNS,
        )


def cannot_read(path: Path, detail: object) -> SourceError:
    """Say that a file is damaged or not what its name says."""
    return SourceError(
        N_(
            "{path} cannot be read as {kind}: {detail}. The file may be damaged, or be something else than its name "
            "says."
        ),
        path=path,
        kind="".join(path.suffixes[-2:]) or N_("a log"),
        detail=IN_ROOM.sub(path.name.replace("\\", r"\\"), next(iter(str(detail).splitlines()), "")).rstrip("."),
    )
