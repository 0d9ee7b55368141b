"""From names of files, folders, patterns and archives to one source per log, before any of them is read."""

from __future__ import annotations

import glob
import hashlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from mining.errors import Problem, SourceError
from mining.messages import N_, Message
from pipeline.sources import packed
from pipeline.sources.kinds import HEAD, LOG_NAMES, UNKNOWN_NAMES, is_binary, kind, refused
from pipeline.sources.raw import Source
from pipeline.sources.text import Look

TEXTS = {"csv", "jsonl", "access_log", "sequence"}


@dataclass(frozen=True)
class _Named:
    """A file that was named, or lies in a folder that was: its place, and how it is called beside the others."""

    path: Path
    shown: str


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
    files = [file for file in sorted(folder.rglob("*")) if file.is_file() and not _is_hidden(file, folder)]
    logs = [file for file in files if _may_be_log(file)]
    if not logs:
        raise SourceError(
            N_("{path} is a folder without a log in it. Files are taken for logs by their names: {names}."),
            path=folder,
            names=", ".join(sorted(LOG_NAMES)),
        )
    return [_Named(file, file.relative_to(folder).as_posix()) for file in logs]


def _fitting(pattern: str) -> list[_Named]:
    """Give the files that fit a pattern, named from its last folder without a wildcard on."""
    parts = Path(pattern).parts
    fixed = next(n for n, part in enumerate(parts) if glob.has_magic(part))
    base = Path(*parts[:fixed]) if fixed else Path()
    files = [Path(file) for file in sorted(glob.glob(pattern, recursive=True))]
    files = [file for file in files if file.is_file() and not _is_hidden(file, base)]
    if not files:
        raise SourceError(N_("No file fits {pattern}. Check the name."), pattern=pattern)
    logs = [file for file in files if _may_be_log(file)]
    return [_Named(file, file.relative_to(base).as_posix()) for file in logs or files]


def _is_hidden(file: Path, folder: Path) -> bool:
    return any(part.startswith(".") or part == "__MACOSX" for part in file.relative_to(folder).parts)


def _may_be_log(file: Path) -> bool:
    """Say whether a file beside others is a log: by its name, and where that says little, by its first lines."""
    suffix = file.suffix.lower()
    if suffix not in UNKNOWN_NAMES:
        return suffix in LOG_NAMES
    from pipeline.sources.delimited import looks_delimited

    try:
        with file.open("rb") as opened:
            start = opened.read(HEAD)
    except OSError:
        return True  # what keeps it from being opened is told later
    return packed.packing(start) is not None or kind(start, file.name) != "csv" or looks_delimited(start)


def _sources(named: _Named) -> Iterator[Source]:
    """Give the logs in one file: itself, or the members of an archive."""
    start = _start(named.path)
    packing = packed.packing(start)
    if packing != packed.ZIP:
        yield _source(named, packing, None)
    elif packed.is_spreadsheet(named.path):
        yield _source(named, None, None)
    else:
        for info in packed.members(named.path):
            member = packed.shown_member(info.filename)
            inside = _Named(named.path / member, f"{named.shown}/{member.as_posix()}")
            yield replace(_source(inside, packing, info.filename, named.path), bytes=info.file_size)


def _start(path: Path) -> bytes:
    """Give the first bytes of a file as it lies on the disk."""
    if not path.exists():
        raise SourceError(N_("{path} does not exist. Check the name."), path=path)
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
    source = Source(named.path, format, place.stat().st_size, digest, named.shown, packing, member, archive)
    return replace(source, look=look)


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
