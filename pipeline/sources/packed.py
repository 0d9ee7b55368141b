"""Packed files: what is in them, and its content in parts, with a limit on how far it may grow."""

from __future__ import annotations

import io
import lzma
import secrets
import shutil
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, cast

from mining.errors import SourceError, WorkspaceError
from mining.messages import N_
from pipeline.sources.gzipped import Gunzip

GZIP, ZSTD, ZIP = "gzip", "zstd", "zip"
MAGIC = ((b"\x1f\x8b", GZIP), (b"\x28\xb5\x2f\xfd", ZSTD), (b"PK\x03\x04", ZIP), (b"PK\x05\x06", ZIP))
SUFFIXES = {".gz", ".zst", ".zip"}
CHUNK = 1 << 20
ALWAYS = 1 << 28  # bytes: what any packed file may hold
RATIO = 200  # a log packs to a tenth, one of few distinct rows to a hundredth
RESERVE = 1 << 28  # bytes of the disk that stay free
MOST_MEMBERS = 10_000
DAMAGE = (OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, NotImplementedError, RuntimeError)


def packing(start: bytes) -> str | None:
    """Tell by the first bytes how a file is packed, if it is."""
    return next((kind for magic, kind in MAGIC if start.startswith(magic)), None)


def is_spreadsheet(path: Path | IO[bytes]) -> bool:
    """Say whether a ZIP archive is a spreadsheet of its own, to be read and not to be unpacked."""
    try:
        with zipfile.ZipFile(path) as archive:
            return any(name in ("xl/workbook.xml", "xl/workbook.bin") for name in archive.namelist())
    except DAMAGE:
        return False


def members(path: Path) -> list[zipfile.ZipInfo]:
    """Give the logs of a ZIP archive in order of name: no folders, no hidden files, nothing macOS adds by itself.

    Raises
    ------
    SourceError
        When it is damaged, encrypted, grows beyond reason, or holds no file.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            found = sorted((i for i in archive.infolist() if _counts(i)), key=lambda info: info.filename)
    except DAMAGE as error:
        raise _damaged(path, error) from error
    if "[Content_Types].xml" in names or names[:1] == ["mimetype"]:
        raise SourceError(
            N_("{path} is a document of an office program, not a log. Save its table as XLSX or CSV."), path=path
        )
    if not found:
        raise SourceError(N_("{path} is an archive without a file in it. Pack at least one log."), path=path)
    if any(info.flag_bits & 1 for info in found):
        raise SourceError(
            N_("{path} is encrypted. Unpack it with its password, and give the files that are in it."), path=path
        )
    if len(found) > MOST_MEMBERS or sum(i.file_size for i in found) > _most(path.stat().st_size):
        raise _bomb(path)
    return found


def _counts(info: zipfile.ZipInfo) -> bool:
    """Say whether a member is a file that somebody put there."""
    parts = PurePosixPath(info.filename.replace("\\", "/")).parts
    hidden = any(part.startswith(".") and part not in (".", "..") for part in parts)
    return not (info.is_dir() or hidden or "__MACOSX" in parts or parts[-1:] == ("Thumbs.db",))


def shown_member(name: str) -> Path:
    """Give the name of a member as it may be shown: what would lead out of the archive is left off.

    Examples
    --------
    >>> shown_member("../../etc/log.csv").as_posix()
    'etc/log.csv'
    """
    parts = [p for p in PurePosixPath(name.replace("\\", "/")).parts if p not in ("/", "..", ".")]
    return Path(*parts) if parts else Path("member")


@contextmanager
def opened(path: Path, packed: str | None, member: str | None = None) -> Iterator[BinaryIO]:
    """Open the content of a file, unpacked where it is packed.

    Raises
    ------
    SourceError
        Here or while it is read within: when it is damaged.
    """
    try:
        if packed == ZIP and member is not None:
            with zipfile.ZipFile(path) as archive, archive.open(member) as file:
                yield cast(BinaryIO, file)
        elif packed == GZIP:
            with path.open("rb") as packed_file:
                yield cast(BinaryIO, io.BufferedReader(Gunzip(packed_file), CHUNK))
        elif packed == ZSTD:
            import pyarrow

            with pyarrow.input_stream(str(path), compression="zstd") as file:
                yield cast(BinaryIO, io.BufferedReader(file, CHUNK))
        else:
            with path.open("rb", buffering=0) as file:
                yield cast(BinaryIO, file)
    except DAMAGE as error:
        if packed is None:
            raise
        raise _damaged(path / shown_member(member) if member else path, error) from error


def chunks(path: Path, packed: str | None, member: str | None = None) -> Iterator[bytes]:
    """Give the content in parts.

    Raises
    ------
    SourceError
        When it is damaged, or grows beyond reason.
    """
    most = _most(path.stat().st_size) if packed else None
    size = 0
    with opened(path, packed, member) as file:
        while chunk := file.read(CHUNK):
            size += len(chunk)
            if most is not None and size > most:
                raise _bomb(path)
            yield chunk


def unpack(room: Path, path: Path, packed: str, member: str | None, suffixes: Sequence[str]) -> Path:
    """Write the content into the reading room and give its place.

    Raises
    ------
    SourceError
        When it is damaged, or grows beyond reason.
    WorkspaceError
        When the disk has no room for it.
    """
    place = room / f"{secrets.token_hex(4)}{''.join(s for s in suffixes if s[1:].isalnum() and s.isascii())[:20]}"
    free = shutil.disk_usage(room).free - RESERVE
    size = 0
    with place.open("wb") as out:
        for chunk in chunks(path, packed, member):
            size += len(chunk)
            if size > free:
                raise _no_room(path, room)
            try:
                out.write(chunk)
            except OSError as error:
                raise _no_room(path, room) from error
    return place


def _most(size: int) -> int:
    """Give how many bytes a packed file of `size` bytes may hold."""
    return max(ALWAYS, RATIO * size)


def _bomb(path: Path) -> SourceError:
    return SourceError(
        N_(
            "{path} would grow to more than {ratio} times its size, as no log does, so it was not unpacked. If it is "
            "sound, unpack it and give the files that are in it."
        ),
        path=path,
        ratio=RATIO,
    )


def _no_room(path: Path, room: Path) -> WorkspaceError:
    return WorkspaceError(
        N_("There is no room in {folder} to unpack {path}. Free some space there."), path=path, folder=room.parent
    )


def _damaged(path: Path, error: Exception) -> SourceError:
    return SourceError(
        N_("{path} cannot be unpacked: {detail}. It may be damaged or incomplete: fetch it anew."),
        path=path,
        detail=(str(error).splitlines() or [type(error).__name__])[0].rstrip("."),
    )
