"""The first rows of a big file, as a small file of the same kind that is quickly read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from mining.errors import SourceError
from mining.messages import N_
from pipeline.sources import packed
from pipeline.sources.kinds import HEAD, kind

ROWS = 50_000
BYTES = 16_000_000
SLOWER = {"xes": 4, "sequence": 8}  # kinds of which so many times fewer bytes are read in the same time
WHOLE = {".xlsx", ".xlsm", ".xls", ".duckdb", ".db", ".sqlite", ".sqlite3"}
SPACES = re.compile(r"[\s,]*")


def head(path: Path, folder: Path, rows: int = ROWS, most: int = BYTES) -> tuple[Path, bool]:
    """Give a file that is quickly read: `path` itself, or its first rows as a file of the same name in `folder`.

    Of an archive it is the first log in it. A spreadsheet or a database stays as it is.

    Returns
    -------
    Path
        The file to look at.
    bool
        Whether it is the whole.

    Raises
    ------
    SourceError
        When it cannot be opened, or is damaged.
    """
    if not path.is_file():
        return path, True
    start = _start(path)
    packing = packed.packing(start)
    if path.suffix.lower() in WHOLE or (packing == packed.ZIP and packed.is_spreadsheet(path)):
        return path, True
    member = packed.members(path)[0].filename if packing == packed.ZIP else None
    name = _inner_name(path, packing, member)
    first = next(packed.chunks(path, packing, member), b"") if packing else start
    most //= SLOWER.get(kind(first[:HEAD], name), 1)
    if packing is None and path.stat().st_size <= most:
        return path, True
    if packing is None and (start.startswith(b"PAR1") or start.startswith(b"ARROW1")):
        return _of_table(path, folder / name, start.startswith(b"PAR1"), rows)
    content, complete = _first(packed.chunks(path, packing, member), most)
    if complete and (packing != packed.ZIP or len(packed.members(path)) == 1) and len(content) <= most:
        return path, True
    text = _cut(content, kind(content[:HEAD], name), rows, complete)
    if text is None:
        return path, True
    target = folder / name
    target.write_bytes(text)
    return target, False


def _start(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(HEAD)
    except OSError as error:
        raise SourceError(N_("{path} cannot be opened: {detail}."), path=path, detail=error.strerror) from error


def _inner_name(path: Path, packing: str | None, member: str | None) -> str:
    if member is not None:
        return packed.shown_member(member).name
    return path.name.removesuffix(path.suffix) if packing is not None else path.name


def _of_table(path: Path, target: Path, parquet: bool, rows: int) -> tuple[Path, bool]:
    """Copy the first rows of a file with columns."""
    scan = pl.scan_parquet(path) if parquet else pl.scan_ipc(path)
    try:
        first = scan.head(rows + 1).collect()
    except (pl.exceptions.PolarsError, OSError):
        return path, True  # the reader says what is wrong with it
    few = first.head(rows)
    few.write_parquet(target) if parquet else few.write_ipc(target)
    return target, first.height <= rows


def _first(chunks: Iterator[bytes], most: int) -> tuple[bytes, bool]:
    """Give the first bytes of a content, and whether these are all."""
    parts: list[bytes] = []
    size = 0
    for chunk in chunks:
        parts.append(chunk)
        size += len(chunk)
        if size > most:
            return b"".join(parts)[:most], False
    return b"".join(parts), True


def _cut(content: bytes, format: str, rows: int, complete: bool) -> bytes | None:
    """End a content where a row ends; None where it cannot be cut."""
    if complete:
        return content
    if format == "xes":
        place = content.rfind(b"</trace>")
        return content[: place + len(b"</trace>")] + b"\n</log>\n" if place >= 0 else None
    if format == "jsonl" and not _is_lined(content):
        return _elements(content, rows)
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in content[:200]
    if wide:
        return content[: len(content) - len(content) % 2]
    end = b"\n" if b"\n" in content else b"\r"
    lines = content.split(end, rows)
    return content[: len(content) - len(lines[-1])] if len(lines) > 1 else content


def _is_lined(content: bytes) -> bool:
    """Say whether each line is an object of its own."""
    first = content.lstrip(b"\xef\xbb\xbf \t\r\n").split(b"\n", 1)[0]
    try:
        return isinstance(json.loads(first), dict)
    except ValueError:
        return False


def _elements(content: bytes, rows: int) -> bytes | None:
    """Give the first objects of an array, or of objects that stand one after the other, one per line."""
    text = content.decode("utf-8-sig", errors="ignore").lstrip()
    place = 1 if text.startswith("[") else 0
    decoder = json.JSONDecoder()
    found: list[str] = []
    while len(found) < rows:
        gap = SPACES.match(text, place)
        place = gap.end() if gap else place
        try:
            value, place = decoder.raw_decode(text, place)
        except ValueError:
            break
        found.append(json.dumps(value, ensure_ascii=False))
    return "\n".join(found).encode() + b"\n" if found else None
