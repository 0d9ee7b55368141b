"""One reader per kind of file, all giving the same raw table. The kind is told by content, then by name."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Sequence
from pathlib import Path

from mining.errors import Problem, SourceError
from mining.messages import N_, Message
from pipeline.options import Reading
from pipeline.sources.raw import RawColumn, RawTable, Source, fingerprint
from pipeline.store import Session

__all__ = ["RawColumn", "RawTable", "Source", "find", "read"]

AS_IT_IS = Reading()
Reader = Callable[[Session, Source, str, Reading], RawTable]


def find(files: Sequence[str | Path], reading: Reading = AS_IT_IS) -> list[Source]:
    """Look at all files before any is read.

    Raises
    ------
    SourceError
        Naming every file that is absent, a folder, empty or not a log, all at once.
    """
    problems: list[Problem] = []
    found: list[Source] = []
    for path in map(Path, files):
        problem = _problem(path)
        if problem is not None:
            problems.append(Problem(problem))
        else:
            found.append(fingerprint(path, _format(path)))
    if len(problems) == 1 and len(files) == 1:
        raise SourceError(problems[0].message.template, **problems[0].message.values)
    if problems:
        raise SourceError(
            N_("{n} of {total} files cannot be read:"), n=len(problems), total=len(files), problems=problems
        )
    return found


def _problem(path: Path) -> Message | None:
    """Say what keeps a file from being opened, if anything does."""
    if not path.exists():
        return Message(N_("{path} does not exist. Check the name."), path=path)
    if path.is_dir():
        return Message(N_("{path} is a folder. Give the files in it by name."), path=path)
    try:
        with path.open("rb") as file:
            start = file.read(4)
    except OSError as error:
        return Message(N_("{path} cannot be opened: {detail}."), path=path, detail=error.strerror)
    if not start:
        return Message(N_("{path} is empty. Give a file with a header and at least one row."), path=path)
    if start.startswith(b"PK\x03\x04"):
        return Message(N_("{path} is a ZIP archive or a spreadsheet. Unpack it, or save the sheet as CSV."), path=path)
    return None


def _format(path: Path) -> str:
    """Tell the kind of a file by its first bytes, and by its name where they leave it open."""
    start = _start(path)
    if start.startswith(b"PAR1"):
        return "parquet"
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n")
    names = {suffix.lower() for suffix in path.suffixes[-2:]}
    if ".xes" in names or (text.startswith(b"<") and b"<log" in start):
        return "xes"
    if names & {".jsonl", ".ndjson", ".json"} or text.startswith(b'{"'):
        return "jsonl"
    return "csv"


def _start(path: Path) -> bytes:
    """Give the first bytes of the content, unpacked where it is packed."""
    with path.open("rb") as file:
        if file.read(2) != b"\x1f\x8b":
            file.seek(0)
            return file.read(4096)
    try:
        with gzip.open(path) as packed:
            return packed.read(4096)
    except (OSError, EOFError):
        return b""


def read(db: Session, source: Source, name: str, reading: Reading = AS_IT_IS) -> RawTable:
    """Read one file into views and temporary tables called `name` and ``name_...``."""
    return _reader(source.format)(db, source, name, reading)


def _reader(format: str) -> Reader:
    """Give the reader of a kind of file; XES pays for its import only here."""
    if format == "parquet":
        from pipeline.sources.parquet import read_parquet as reader
    elif format == "xes":
        from pipeline.sources.xes import read_xes as reader
    elif format == "jsonl":
        from pipeline.sources.json_documents import read_json as reader
    else:
        from pipeline.sources.delimited import read_delimited as reader
    return reader
