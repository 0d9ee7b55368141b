"""From names of files, folders, patterns and archives to one source per log, before any of them is read."""

from __future__ import annotations

import glob
import hashlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from mining.errors import Problem, SourceError
from mining.messages import N_, Message
from pipeline.sources import packed
from pipeline.sources.kinds import DATABASES, HEAD, LOG_NAMES, UNKNOWN_NAMES, is_binary, kind, refused
from pipeline.sources.raw import Source
from pipeline.sources.text import Look

SHOWN = 5  # names of files that were left out
TEXTS = {"csv", "jsonl", "access_log", "sequence"}


@dataclass(frozen=True)
class _Named:
    """A file that was named, or lies in a folder that was: its place, and how it is called beside the others."""

    path: Path
    shown: str
    notes: tuple[Message, ...] = ()


def find_all(files: Sequence[str | Path]) -> list[Source]:
    """Give one source per log behind the names, in order.

    Raises
    ------
    SourceError
        Naming every file that is absent, empty or not a log, all at once.
    """
    faults: list[SourceError] = []
    found: list[Source] = []
    total = 0
    for name in files:
        try:
            named = _expanded(name)
        except SourceError as fault:
            faults.append(fault)
            total += 1
            continue
        for file in named:
            total += 1
            try:
                found.extend(_sources(file))
            except SourceError as fault:
                faults.append(fault)
    if len(faults) == 1 and total == 1:
        raise faults[0]
    if faults:
        raise SourceError(
            N_("{n} of {total} files cannot be read:"),
            n=len(faults),
            total=total,
            problems=[p for fault in faults for p in (Problem(fault.message), *fault.problems)],
        )
    return found


def _expanded(name: str | Path) -> list[_Named]:
    """Give the files behind a name: itself, those of a folder, or those that fit a pattern."""
    path = Path(name)
    if path.is_dir():
        return _in_folder(path)
    if not path.exists() and glob.has_magic(str(name)):
        return _fitting(str(name))
    return [_Named(path, path.name)]


def _in_folder(folder: Path) -> list[_Named]:
    """Give the logs in a folder and the folders in it, in order of name."""
    logs, others = _logs_among(sorted(folder.rglob("*")), folder)
    if not logs:
        raise SourceError(
            N_("{path} is a folder without a log in it. Files are taken for logs by their names: {names}."),
            path=folder,
            names=", ".join(sorted(LOG_NAMES - DATABASES)),
        )
    return _told(logs, others, folder, folder)


def _fitting(pattern: str) -> list[_Named]:
    """Give the files that fit a pattern, named from its last folder without a wildcard on."""
    parts = Path(pattern).parts
    fixed = next(n for n, part in enumerate(parts) if glob.has_magic(part))
    base = Path(*parts[:fixed]) if fixed else Path()
    logs, others = _logs_among([Path(file) for file in sorted(glob.glob(pattern, recursive=True))], base)
    if not logs and not others:
        raise SourceError(N_("No file fits {pattern}. Check the name."), pattern=pattern)
    return _told(logs, others, base, pattern) if logs else _told(others, [], base, pattern)


def _logs_among(files: Sequence[Path], folder: Path) -> tuple[list[Path], list[Path]]:
    """Part the files that look like logs from the others; hidden ones are neither."""
    seen = [file for file in files if file.is_file() and not _is_hidden(file, folder)]
    logs = [file for file in seen if _may_be_log(file)]
    return logs, [file for file in seen if file not in set(logs)]


def _told(logs: Sequence[Path], others: Sequence[Path], folder: Path, place: object) -> list[_Named]:
    """Name files from their folder on; the first of them tells which were left out."""
    named = [_Named(file, file.relative_to(folder).as_posix()) for file in logs]
    left_out = _left_out(place, [file.relative_to(folder).as_posix() for file in others])
    return [replace(named[0], notes=left_out), *named[1:]]


def _left_out(place: object, names: Sequence[str]) -> tuple[Message, ...]:
    if not names:
        return ()
    shown = ", ".join(names[:SHOWN]) + (", …" if len(names) > SHOWN else "")
    return (Message(N_("{place}: these look like no logs and were left out: {names}."), place=place, names=shown),)


def _is_hidden(file: Path, folder: Path) -> bool:
    return any(part.startswith(".") or part == "__MACOSX" for part in file.relative_to(folder).parts)


def _may_be_log(file: Path) -> bool:
    """Say whether a file beside others is a log."""
    try:
        with file.open("rb") as opened:
            return _looks_like_log(file.name, opened)
    except OSError:
        return True  # what keeps it from being opened is told later


def _looks_like_log(name: str, content: BinaryIO) -> bool:
    """Tell a log among other files by its name, and where that says little, by its first lines."""
    suffix = Path(name).suffix.lower()
    if suffix not in UNKNOWN_NAMES:
        return suffix in LOG_NAMES - DATABASES  # those need to be told what to read
    from pipeline.sources.dialect import looks_delimited

    start = content.read(HEAD)
    return packed.packing(start) is not None or kind(start, name) != "csv" or looks_delimited(start)


def _sources(named: _Named) -> Iterator[Source]:
    """Give the logs in one file: itself, or the members of an archive."""
    start = _start(named.path)
    packing = packed.packing(start)
    if packing != packed.ZIP:
        yield _source(named, packing, None)
    elif packed.is_spreadsheet(named.path):
        yield _source(named, None, None)
    else:
        yield from _members(named)


def _members(named: _Named) -> Iterator[Source]:
    """Give the logs in an archive; a file that stands alone in it is one."""
    members = packed.members(named.path)
    logs = [info for info in members if len(members) == 1 or _is_log_inside(named.path, info.filename)] or members
    others = [info.filename for info in members if info not in logs]
    notes = (*named.notes, *_left_out(named.shown, others))
    for info in logs:
        member = packed.shown_member(info.filename)
        inside = _Named(named.path / member, f"{named.shown}/{member.as_posix()}", notes)
        yield replace(_source(inside, packed.ZIP, info.filename, named.path), bytes=info.file_size)
        notes = ()


def _is_log_inside(archive: Path, member: str) -> bool:
    with packed.opened(archive, packed.ZIP, member) as content:
        return _looks_like_log(packed.shown_member(member).name, content)


def _start(path: Path) -> bytes:
    """Give the first bytes of a file as it lies on the disk."""
    if not path.exists():
        raise SourceError(N_("{path} does not exist. Check the name."), path=path)
    if not path.is_file():  # a pipe that nobody writes to would be waited for
        raise SourceError(
            N_("{path} is a pipe or a device, not a file. Save what comes out of it to a file, and give that."),
            path=path,
        )
    try:
        with path.open("rb") as file:
            start = file.read(HEAD)
    except OSError as error:
        raise SourceError(N_("{path} cannot be opened: {detail}."), path=path, detail=error.strerror) from error
    if not start:
        raise _empty(path)
    return start


def _source(named: _Named, packing: str | None, member: str | None, archive: Path | None = None) -> Source:
    """Read a file once: its kind by its start, its content by a digest, and what a text needs before it is loaded."""
    place = archive or named.path
    stat = place.stat()
    parts = packed.chunks(place, packing, member)
    start = next(parts, b"")
    name = named.path.name
    if not start:
        raise _empty(named.path)
    if packing is not None:
        _check_not_packed_twice(start, named.path)
        name = name.removesuffix(Path(name).suffix) if Path(name).suffix.lower() in packed.SUFFIXES else name
    if (why := refused(start, named.path)) is not None:
        raise SourceError(why.template, **why.values)
    format = kind(start[:HEAD], name)
    if format == "csv" and is_binary(start[:HEAD]):
        raise SourceError(N_("{path} is no text and no other kind of log that is known here."), path=named.path)
    look = Look() if format in TEXTS else None
    digest = _digest(start, parts, look)
    source = Source(named.path, format, stat.st_size, digest, named.shown, packing, member, archive)
    return replace(source, look=look, notes=named.notes, modified=stat.st_mtime_ns)


def _digest(start: bytes, parts: Iterator[bytes], look: Look | None) -> str:
    """Give the SHA-256 of a content; a second thread works on it while `look` sees the same part."""
    digest = hashlib.sha256()
    with ThreadPoolExecutor(1) as pool:
        chunk: bytes | None = start
        while chunk:
            waiting = pool.submit(digest.update, chunk)
            if look is not None:
                look.see(chunk)
            following = next(parts, None)
            waiting.result()
            chunk = following
    return digest.hexdigest()


def _check_not_packed_twice(start: bytes, path: Path) -> None:
    """Refuse what is packed inside a packed file, a spreadsheet aside."""
    packing = packed.packing(start)
    if packing is not None and not (packing == packed.ZIP and b"[Content_Types].xml" in start[:HEAD]):
        raise SourceError(
            N_("{path} is packed twice: it holds another archive. Unpack it once, and give what comes out."), path=path
        )


def _empty(path: Path) -> SourceError:
    message = Message(N_("{path} is empty. Give a file with a header and at least one row."), path=path)
    return SourceError(message.template, **message.values)
