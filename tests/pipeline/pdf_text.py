"""Reads the text of a simple PDF back: enough for those that reports are, and independent of what writes them."""

from __future__ import annotations

import re
import zlib

_OBJECT = re.compile(rb"(\d+) 0 obj\s(.*?)\sendobj", re.S)
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.S)
_SHOWN = re.compile(rb"/(\w+) [\d.]+ Tf|\(((?:\\.|[^\\()])*)\)|(ET)|<([0-9A-Fa-f]+)>", re.S)
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def pages(pdf: bytes) -> int:
    """Count the pages."""
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def text(pdf: bytes) -> str:
    """Give all text in the order in which it is drawn, a blank after each piece."""
    objects = {int(number): body for number, body in _OBJECT.findall(pdf)}
    found = []
    for body in objects.values():
        content = _content(body)
        if b"BT" not in content or b"ET" not in content:
            continue
        fonts = _fonts(body, objects) or _fonts_of_page(body, objects)
        found.append(_drawn(content, fonts))
    return " ".join(found)


def _content(body: bytes) -> bytes:
    stream = _STREAM.search(body)
    if stream is None:
        return b""
    try:
        return zlib.decompress(stream[1])
    except zlib.error:
        return stream[1]


def _fonts_of_page(body: bytes, objects: dict[int, bytes]) -> dict[bytes, dict[bytes, str]]:
    """Look for the page whose content this is."""
    number = next(n for n, known in objects.items() if known is body)
    pages_ = [b for b in objects.values() if re.search(rb"/Contents (\[)?%d 0 R" % number, b)]
    return _fonts(pages_[0], objects) if pages_ else {}


def _fonts(body: bytes, objects: dict[int, bytes]) -> dict[bytes, dict[bytes, str]]:
    head = body.split(b"stream")[0]
    reference = re.search(rb"/Resources (\d+) 0 R", head)
    head = objects[int(reference[1])] if reference else head
    listed = re.search(rb"/Font\s*<<(.*?)>>", head, re.S)
    reference = re.search(rb"/Font (\d+) 0 R", head)
    names = listed[1] if listed else objects[int(reference[1])] if reference else b""
    return {name: _cmap(objects[int(n)], objects) for name, n in re.findall(rb"/(\w+) (\d+) 0 R", names)}


def _cmap(font: bytes, objects: dict[int, bytes]) -> dict[bytes, str]:
    reference = re.search(rb"/ToUnicode (\d+) 0 R", font)
    if reference is None:
        return {}
    pairs = re.findall(rb"<([0-9A-Fa-f]{4})>\s*<([0-9A-Fa-f]+)>", _content(objects[int(reference[1])]))
    return {bytes.fromhex(a.decode()): bytes.fromhex(b.decode()).decode("utf-16-be", "replace") for a, b in pairs}


def _drawn(content: bytes, fonts: dict[bytes, dict[bytes, str]]) -> str:
    said, font = [], {}
    for name, literal, end, digits in _SHOWN.findall(content):
        if name:
            font = fonts.get(name, {})
        elif end:
            said.append(" ")
        else:
            raw = bytes.fromhex(digits.decode()) if digits else _unescaped(literal)
            said += [font.get(raw[k : k + 2], "") for k in range(0, len(raw), 2)]
    return "".join(said)


def _unescaped(literal: bytes) -> bytes:
    def plain(found: re.Match[bytes]) -> bytes:
        sign = found[1]
        return bytes([int(sign, 8)]) if sign.isdigit() else _ESCAPES.get(sign, sign)

    return re.sub(rb"\\([0-7]{1,3}|.)", plain, literal, flags=re.S)
