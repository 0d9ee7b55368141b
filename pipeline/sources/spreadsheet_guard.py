"""What is looked at before a spreadsheet reaches its reader, which unpacks all of it and lays out every cell.

A file of a few kilobytes can hold gigabytes of zeros, or two cells in opposite corners of a sheet with billions of
places between them; the reader would ask for the memory and the process would end.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path

from mining.errors import SourceError
from mining.messages import N_
from pipeline.sources.raw import cannot_read

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
LARGEST = 1 << 31  # bytes, unpacked
MOST_CELLS = 40_000_000
PLACE = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]{1,3})(\d{1,9})[\"']")
OVERLAP = 64


def check_spreadsheet(path: Path) -> None:
    """See that a spreadsheet can be opened with bounded memory.

    Raises
    ------
    SourceError
        When it is locked by a password, of a kind that is not read, damaged, or too large.
    """
    with path.open("rb") as file:
        start = file.read(8)
    if start == OLE:
        _check_old(path)
        return
    try:
        with zipfile.ZipFile(path) as archive:
            _check_parts(path, archive)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError) as error:
        raise cannot_read(path, error) from error


def _check_old(path: Path) -> None:
    """Tell a locked file, which is wrapped like one of the old kind, from one of the old kind."""
    content = path.read_bytes() if path.stat().st_size < 1 << 28 else b""
    if not content or ENCRYPTED in content:
        template = (
            N_("{path} is locked by a password. Save it without one, or save the sheet as CSV.")
            if content
            else N_("{path} is too large for a spreadsheet. Save the sheet as CSV.")
        )
        raise SourceError(template, path=path)


def _check_parts(path: Path, archive: zipfile.ZipFile) -> None:
    """See that the parts are what they say, and not too large."""
    parts = archive.infolist()
    if not any(part.filename == "xl/workbook.xml" for part in parts):
        raise SourceError(
            N_("{path} is a spreadsheet of a kind that is not read. Save it as .xlsx, or save the sheet as CSV."),
            path=path,
        )
    if sum(part.file_size for part in parts) > LARGEST:
        raise _too_large(path)
    for part in parts:
        _check_part(path, archive, part)


def _check_part(path: Path, archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Unpack a part, which shows whether it is as large as it says, and measure the sheet it holds."""
    is_sheet = part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml")
    widest, lowest, held = 0, 0, b""
    with archive.open(part) as file:
        while chunk := file.read(1 << 20):
            if not is_sheet:
                continue
            for letters, row in set(PLACE.findall(held + chunk)):
                lowest = max(lowest, int(row))
                widest = max(widest, _column(letters))
            held = chunk[-OVERLAP:]
    if widest * lowest > MOST_CELLS:
        raise _too_large(path)


def _column(letters: bytes) -> int:
    """Give the number of a column.

    Examples
    --------
    >>> _column(b"A"), _column(b"XFD")
    (1, 16384)
    """
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _too_large(path: Path) -> SourceError:
    return SourceError(
        N_("{path} spreads over more cells than can be held ({n:,}). Save the sheet as CSV."), path=path, n=MOST_CELLS
    )
