"""Reading gzip: member after member, and what is no member after the last told apart.

Python's own reader steps over zeros after the last member one by one, which for gigabytes of them takes forever.
"""

from __future__ import annotations

import io
import zlib
from typing import BinaryIO

from mining.messages import N_

CHUNK = 1 << 18
ZEROS = b"\0"
PADDING = bytes(1 << 20)


class Gunzip(io.RawIOBase):
    """The content of a gzip file, of all its members; zeros after the last are padding.

    Raises
    ------
    OSError, EOFError, zlib.error
        While it is read: when something else follows, it ends early, or it is damaged.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._unzip = zlib.decompressobj(wbits=31)
        self._held = b""

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, target: object) -> int:
        """Fill `target` with what comes next; 0 at the end."""
        view = memoryview(target)  # type: ignore[arg-type]
        while True:
            if self._unzip.eof and not self._next_member():
                return 0
            packed = self._held or self._file.read(CHUNK)
            found = self._unzip.decompress(packed, len(view))
            self._held = self._unzip.unconsumed_tail
            if found:
                view[: len(found)] = found
                return len(found)
            if not packed and not self._unzip.eof:
                raise EOFError(N_("it ends before its content does"))

    def _next_member(self) -> bool:
        """Go on to the next member, if there is one."""
        rest = self._unzip.unused_data.lstrip(ZEROS)
        while not rest:
            part = self._file.read(len(PADDING))
            if not part:
                return False
            rest = b"" if part == PADDING else part.lstrip(ZEROS)
        if not rest.startswith(b"\x1f\x8b"[: len(rest)]):
            raise OSError(N_("something else follows what is packed"))
        self._unzip, self._held = zlib.decompressobj(wbits=31), rest
        return True
