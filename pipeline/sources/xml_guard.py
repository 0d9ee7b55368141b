"""What is looked at before XML reaches its reader, which trusts its input.

The reader of XES follows no entities, but it takes text in other encodings than UTF-8 as it comes, stops in silence
where a file is cut off, and goes one call deeper for every attribute inside an attribute, until the process dies.
"""

from __future__ import annotations

import codecs
import re
import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.parsers import expat

from mining.errors import SourceError
from mining.messages import N_
from pipeline.sources.raw import cannot_read

Parts = Callable[[Path], Iterator[bytes]]
DEEPEST = 500
MANY = 2000  # attributes inside attributes, from which on their depth is measured
TAGS = (b"<trace", b"</trace", b"<event", b"</event")
LONGEST_TAG = 7
FRAME = (b"<event", b"<trace", b"<log", b"<?", b"<!")


def check_xml(path: Path, parts: Parts, place: Path | None = None) -> None:
    """See that a log is whole, declares no entities and is not nested beyond measure; `place` is where it lies now.

    Raises
    ------
    SourceError
        Saying which of these it is.
    """
    head, tail, nested, odd = b"", b"", 0, False
    frames = Counter[bytes]()
    place = place or path
    for part in parts(place):
        head = head or part[: 1 << 16]
        _count_frames(frames, tail[-LONGEST_TAG + 1 :], part)
        if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
            raise SourceError(
                N_("{path} declares its own document type or entities, which a log has no use for. Remove them."),
                path=path,
            )
        whole = part.count(b"<") - part.count(b"</") - part.count(b'"/>') - part.count(b'" />')
        nested += max(0, whole - sum(part.count(tag) for tag in FRAME))
        odd = odd or b"='" in part
        tail = (tail + part)[-4096:]
    if _encoding(head) == "utf-8":
        if b"</log>" not in tail and not (b"<log" in tail and tail.rstrip().endswith(b"/>")):
            raise cannot_read(path, N_("it does not end with </log>"))
        if nested > MANY or odd or _is_torn(frames):
            _check_whole(path, parts(place))


def _count_frames(frames: Counter[bytes], before: bytes, part: bytes) -> None:
    """Count where traces and events begin and end, also where one part of the file goes over into the next."""
    seam = before + part[: LONGEST_TAG - 1]
    for tag in TAGS:
        frames[tag] += part.count(tag) + seam.count(tag) - before.count(tag) - part[: LONGEST_TAG - 1].count(tag)


def _is_torn(frames: Counter[bytes]) -> bool:
    """Say whether something begins that does not end; what is empty may be written as one tag, and is looked at too."""
    return any(frames[b"<" + tag] != frames[b"</" + tag] for tag in (b"trace", b"event"))


def _check_whole(path: Path, parts: Iterator[bytes]) -> None:
    """Go through all elements; slower than the log itself is read, so only done where it might be needed."""
    parser = expat.ParserCreate()
    depth = 0

    def down(_name: str, _attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise SourceError(N_("{path} has attributes nested more than {n} deep."), path=path, n=DEEPEST)

    def up(_name: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartElementHandler, parser.EndElementHandler = down, up
    try:
        for part in parts:
            parser.Parse(part)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise cannot_read(path, error) from error


def _encoding(head: bytes) -> str:
    """Tell the encoding by its mark or by the declaration.

    Examples
    --------
    >>> _encoding(b'<?xml version="1.0" encoding="ISO-8859-1"?>'), _encoding(b"<log>")
    ('iso8859-1', 'utf-8')
    """
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    said = re.match(rb"(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)", head)
    if said is None:
        return "utf-8"
    try:
        name = codecs.lookup(said[1].decode("ascii")).name
    except LookupError:
        return "utf-8"
    return "utf-8" if name == "ascii" else name


def plain_utf8(path: Path, room: Path, parts: Parts) -> Path:
    """Give the file, rewritten as UTF-8 in the reading room when it is in another encoding.

    Raises
    ------
    SourceError
        When its bytes are not in the encoding it says.
    """
    encoding = _encoding(next(parts(path), b"")[: 1 << 16])
    if encoding == "utf-8":
        return path
    decoder = codecs.getincrementaldecoder(encoding)()
    place = room / f"{secrets.token_hex(4)}.utf8.xes"
    try:
        with place.open("w", encoding="utf-8", newline="") as out:
            for n, part in enumerate(parts(path)):
                text = decoder.decode(part)
                out.write(re.sub(r"(<\?xml[^>]*?encoding\s*=\s*[\"'])[^\"']+", r"\1utf-8", text) if n == 0 else text)
            out.write(decoder.decode(b"", final=True))
    except UnicodeDecodeError as error:
        raise cannot_read(path, error) from error
    check_xml(path, parts, place)
    return place
