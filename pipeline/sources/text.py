"""Text files as they come: any usual encoding and line end; the database gets plain UTF-8."""

from __future__ import annotations

import codecs
import io
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from mining.errors import SourceError
from mining.messages import N_, Message
from pipeline.sources import encodings, packed
from pipeline.store import Session

CHUNK = 1 << 20
SAMPLE = 1 << 18  # bytes: what a header and the first rows are looked for in
LONGEST_HEAD = 1 << 24  # bytes: where they are looked for when a line is longer than that
MARKS = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
VOWELS = set("aeiouyâăêôơưAEIOUYÂĂÊÔƠƯ")
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
PLAIN = ("utf-8", "utf-8-sig")
WIDE = ("utf-16", "utf-32")
MOSTLY = 0.9  # share of lines that must be UTF-8 for the others to count as damaged


@dataclass(frozen=True)
class TextFile:
    """A text file in the reading room: UTF-8, with one kind of line end; `long_lines` where some may be over a MB."""

    place: Path
    notes: tuple[Message, ...]
    long_lines: bool = False

    def head(self) -> str:
        """Give the first part of the text: enough for a header and a row where that is possible at all."""
        size = SAMPLE
        with self.place.open("rb") as file:
            text = file.read(size)
            while text.count(b"\n") < 2 and size < LONGEST_HEAD and (more := file.read(size)):
                text += more
                size *= 2
        return text.decode("utf-8-sig", errors="ignore")


class Look:
    """What shows of the encoding and the line ends of a text while its bytes pass by, part after part."""

    def __init__(self) -> None:
        self.marked = "utf-8"
        self.long_lines = False  # a whole part without a line end was seen
        self._begun = False
        self._is_utf8 = True
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._clean = True  # no letter is cut in two at the end of the part before
        self._returns = self._pairs = self._feeds = 0
        self._plain_feeds = False
        self._last = b""

    def see(self, chunk: bytes) -> None:
        """Take one part in."""
        if not self._begun:
            self._begun = True
            self.marked = _marked(chunk)
        if self._is_utf8 and not (self._clean and chunk.isascii()):
            self._decode(chunk)
        if b"\r" not in chunk and self._last != b"\r":
            has_feeds = b"\n" in chunk
            self._plain_feeds = self._plain_feeds or has_feeds
            self.long_lines = self.long_lines or not (has_feeds or len(chunk) < CHUNK)
        else:
            self._returns += chunk.count(b"\r")
            self._feeds += chunk.count(b"\n")
            self._pairs += chunk.count(b"\r\n") + (self._last == b"\r" and chunk[:1] == b"\n")
        self._last = chunk[-1:]

    def _decode(self, chunk: bytes) -> None:
        try:
            self._decoder.decode(chunk)
            self._clean = not self._decoder.getstate()[0]
        except UnicodeDecodeError:
            self._is_utf8 = False

    @property
    def is_utf8(self) -> bool:
        """Say whether all of it is UTF-8."""
        return self._is_utf8 and self._clean and not self.marked.startswith(WIDE)

    @property
    def even_lines(self) -> bool:
        """Say whether all lines end alike in a way the database can read."""
        every = self._pairs == self._feeds and not self._plain_feeds
        return self._returns == self._pairs and (self._pairs == 0 or every)


def prepare(db: Session, path: Path, encoding: str | None = None, look: Look | None = None) -> TextFile:
    """Bring a text file into the reading room, rewritten when the database could not read it as it is.

    Parameters
    ----------
    encoding : str, optional
        What the user says it is; told by its bytes when absent.
    look : Look, optional
        What was seen when the file was found; the file is gone through once more when absent.

    Raises
    ------
    SourceError
        When it cannot be read, or is not in the encoding.
    """
    try:
        look = look or _looked(path)
        chosen = encodings.known(encoding) if encoding else _encoding(path, look)
        notes = () if encoding or chosen in PLAIN else (_told(path, chosen),)
        if chosen in PLAIN and look.even_lines and not look.marked.startswith(WIDE):
            return TextFile(db.admit(path), notes, look.long_lines)
        place = _rewrite(path, chosen, db.room / f"{secrets.token_hex(4)}.utf8")
    except OSError as error:
        raise SourceError(N_("{path} cannot be read: {detail}."), path=path, detail=error) from error
    if not place.stat().st_size:  # nothing but a byte order mark
        raise SourceError(N_("{path} is empty. Give a file with a header and at least one row."), path=path)
    return TextFile(place, notes, look.long_lines)


def _told(path: Path, encoding: str) -> Message:
    return Message(
        N_("{name} is not UTF-8; it was read as {encoding}. If its letters look wrong, name its encoding."),
        name=path.name,
        encoding=encoding,
    )


def is_packed(path: Path) -> bool:
    """Say whether the file is packed by gzip."""
    with path.open("rb") as file:
        return packed.packing(file.read(4)) == packed.GZIP


def chunks(path: Path) -> Iterator[bytes]:
    """Give the content in parts, unpacked where it is packed by gzip."""
    return packed.chunks(path, packed.GZIP if is_packed(path) else None)


def _looked(path: Path) -> Look:
    look = Look()
    for chunk in packed.chunks(path, None):
        look.see(chunk)
    return look


def _marked(start: bytes) -> str:
    """Tell encodings that show in the first bytes: byte order marks, and the zeros of UTF-16."""
    for mark, encoding in BYTE_ORDER_MARKS:
        if start.startswith(mark):
            return encoding
    head = start[:4096]
    if len(head) > 3 and head[1::2].count(0) > len(head) * 0.15 and head[0::2].count(0) < len(head) * 0.01:
        return "utf-16-le"
    if len(head) > 3 and head[0::2].count(0) > len(head) * 0.15 and head[1::2].count(0) < len(head) * 0.01:
        return "utf-16-be"
    return "utf-8"


def _encoding(path: Path, look: Look) -> str:
    """Give the encoding that the bytes prove, or the likeliest."""
    if look.is_utf8 or look.marked != "utf-8":
        return look.marked
    sample = _not_ascii(path)
    lines = sample.split(b"\n")
    if sum(_is_utf8(line) for line in lines) >= MOSTLY * len(lines):
        return "utf-8"
    found = encodings.vietnamese(sample)
    if found is not None:
        return found
    if _has_tone_marks(sample):
        return "cp1258"
    if _is_western(sample):
        return "cp1252"
    from charset_normalizer import from_bytes

    best = from_bytes(sample).best()
    if best is None:
        raise SourceError(
            N_("{path}: the encoding of the text cannot be told. Save the file as UTF-8, or name its encoding."),
            path=path,
        )
    return best.encoding


def _not_ascii(path: Path) -> bytes:
    """Give the first lines that are not plain ASCII, from the parts of the file that have any."""
    lines: list[bytes] = []
    for chunk in packed.chunks(path, None):
        if not chunk.isascii():
            lines.extend(line for line in chunk.splitlines()[:-1] or [chunk] if not line.isascii())
        if len(lines) > 2000:
            break
    return b"\n".join(lines[:4000])


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _has_tone_marks(sample: bytes) -> bool:
    """Say whether the bytes make sense in Windows-1258: its tone marks stand alone, and always after a vowel."""
    text = sample.decode("cp1258", errors="replace")
    places = [place for place, letter in enumerate(text) if letter in MARKS]
    after_vowel = sum(1 for place in places if place and text[place - 1] in VOWELS)
    return "\ufffd" not in text and bool(places) and after_vowel >= 0.95 * len(places)


def _is_western(sample: bytes) -> bool:
    """Say whether the bytes make sense in Windows-1252: all defined, and accents sparse among plain letters."""
    try:
        text = sample.decode("cp1252")
    except UnicodeDecodeError:
        return False
    letters = [letter for letter in text if letter.isalpha()]
    accented = sum(1 for letter in letters if not letter.isascii())
    return not letters or accented <= 0.3 * len(letters)


def _rewrite(path: Path, encoding: str, place: Path) -> Path:
    """Write the text anew as UTF-8 with line feeds; what is damaged in UTF-8 stays as it is, for the database to tell.

    Raises
    ------
    SourceError
        When the encoding does not have one of the bytes.
    """
    errors = "surrogateescape" if encoding in PLAIN else "strict"
    try:
        with place.open("w", encoding="utf-8", errors=errors, newline="\n") as out:
            if encodings.needs_whole_words(encoding):
                _decode_words(path, encoding, out)
                return place
            with io.TextIOWrapper(path.open("rb"), encoding=encoding, errors=errors, newline=None) as text:
                while part := text.read(CHUNK):
                    out.write(part)
    except UnicodeError as error:
        raise SourceError(
            N_("{path} is not in the encoding {encoding}: {detail}. Name its encoding."),
            path=path,
            encoding=encoding,
            detail=error,
        ) from error
    return place


def _decode_words(path: Path, encoding: str, out: TextIO) -> None:
    """Decode part after part, each up to a place where no word is cut in two."""
    ends = io.IncrementalNewlineDecoder(None, translate=True)
    held = b""
    for chunk in packed.chunks(path, None):
        whole = held + chunk
        cut = max(whole.rfind(mark) for mark in (b"\n", b"\r", b" ", b",", b";", b"\t", b"|")) + 1
        out.write(ends.decode(encodings.decoded(whole[:cut], encoding)))
        held = whole[cut:]
    out.write(ends.decode(encodings.decoded(held, encoding), final=True))
