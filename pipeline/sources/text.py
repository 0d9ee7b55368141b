"""Text files as they come: any usual encoding and line end, packed or not; the database gets plain UTF-8."""

from __future__ import annotations

import codecs
import gzip
import io
import unicodedata
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from mining.errors import SourceError
from mining.messages import N_, Message
from pipeline.store import Session

CHUNK = 1 << 20
SAMPLE = 1 << 18
MARKS = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
VOWELS = set("aeiouyâăêôơưAEIOUYÂĂÊÔƠƯ")
BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True)
class TextFile:
    """A text file in the reading room: UTF-8, with one kind of line end."""

    place: Path
    notes: tuple[Message, ...]

    def head(self) -> str:
        """Give the first part of the text."""
        with self.place.open("rb") as file:
            text = file.read(SAMPLE).decode("utf-8-sig", errors="ignore")
        return text


def prepare(db: Session, path: Path) -> TextFile:
    """Bring a text file into the reading room, rewritten when the database could not read it as it is."""
    try:
        encoding, even_lines = _look(path)
    except (OSError, EOFError, zlib.error) as error:
        raise SourceError(N_("{path} cannot be read: {detail}."), path=path, detail=error) from error
    notes = () if encoding in ("utf-8", "utf-8-sig") else (_told(path, encoding),)
    if encoding in ("utf-8", "utf-8-sig") and even_lines and not is_packed(path):
        return TextFile(db.admit(path), notes)
    return TextFile(_rewrite(path, encoding, db.room / f"{path.name.removesuffix('.gz')}.utf8"), notes)


def is_packed(path: Path) -> bool:
    """Say whether the file is packed by gzip."""
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


def _told(path: Path, encoding: str) -> Message:
    return Message(N_("{name} is not UTF-8; it was read as {encoding}."), name=path.name, encoding=encoding)


def _opened(path: Path) -> BinaryIO:
    return cast(BinaryIO, gzip.open(path, "rb")) if is_packed(path) else path.open("rb")


def chunks(path: Path) -> Iterator[bytes]:
    """Give the content in parts, unpacked where it is packed."""
    with _opened(path) as file:
        while chunk := file.read(CHUNK):
            yield chunk


def _look(path: Path) -> tuple[str, bool]:
    """Give the encoding, and whether all lines end alike in a way the database can read."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_utf8, lone, pairs, feeds, last = True, 0, 0, 0, b""
    for chunk in chunks(path):
        if not last and (marked := _marked(chunk)) != "utf-8":
            return marked, marked == "utf-8-sig" and b"\r" not in chunk
        if is_utf8:
            is_utf8 = _goes_on(decoder, chunk)
        seen = last + chunk if last == b"\r" else chunk
        chunk_pairs = seen.count(b"\r\n")
        pairs += chunk_pairs
        feeds += chunk.count(b"\n")
        lone += chunk.count(b"\r") - chunk_pairs
        last = chunk[-1:]
    if is_utf8:
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            is_utf8 = False
    return ("utf-8" if is_utf8 else _legacy(path)), lone == 0 and pairs in (0, feeds)


def _goes_on(decoder: codecs.IncrementalDecoder, chunk: bytes) -> bool:
    try:
        decoder.decode(chunk)
    except UnicodeDecodeError:
        return False
    return True


def _marked(start: bytes) -> str:
    """Tell encodings that show in the first bytes: byte order marks, and the zeros of UTF-16."""
    for mark, encoding in BYTE_ORDER_MARKS:
        if start.startswith(mark):
            return encoding
    head = start[:4096]
    if len(head) > 3 and head[1::2].count(0) > len(head) * 0.3:
        return "utf-16-le"
    if len(head) > 3 and head[0::2].count(0) > len(head) * 0.3:
        return "utf-16-be"
    return "utf-8"


def _legacy(path: Path) -> str:
    """Tell a one-byte encoding by the bytes that are not ASCII, in the first parts of the file that have any."""
    lines: list[bytes] = []
    for chunk in chunks(path):
        lines.extend(line for line in chunk.splitlines() if not line.isascii())
        if len(lines) > 2000:
            break
    sample = b"\n".join(lines[:4000])
    if _is_vietnamese(sample):
        return "cp1258"
    if _is_western(sample):
        return "cp1252"
    from charset_normalizer import from_bytes

    best = from_bytes(sample).best()
    if best is None:
        raise SourceError(
            N_("{path}: the encoding of the text cannot be told. Save the file as UTF-8 and try again."), path=path
        )
    return best.encoding


def _is_vietnamese(sample: bytes) -> bool:
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
    """Write the text anew as UTF-8 with line feeds; tone marks that stand alone join their letters."""
    with (
        io.TextIOWrapper(_opened(path), encoding=encoding, newline=None) as text,
        place.open("w", encoding="utf-8", newline="\n") as out,
    ):
        held = ""
        while part := text.read(CHUNK):
            if encoding != "cp1258":
                out.write(part)
                continue
            whole, _, held = (held + part).rpartition("\n")
            out.write(unicodedata.normalize("NFC", whole + "\n") if whole else "")
        out.write(unicodedata.normalize("NFC", held))
    return place
