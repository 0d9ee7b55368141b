"""Old Vietnamese encodings: every letter survives, and which one a text is in is told by its syllables."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from mining.errors import SourceError
from pipeline.sources import encodings, find, read
from pipeline.sources.encodings import VNI_LETTERS, VNI_MARKS, decoded, is_syllable, known, vietnamese
from pipeline.store import Workspace

VOWELS = "aăâeêioôơuưy"
TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
SMALL = "".join(unicodedata.normalize("NFC", vowel + tone) for vowel in VOWELS for tone in TONES) + "đ"
ACCENTED = "".join(letter for letter in SMALL + SMALL.upper() if not letter.isascii())
TEXT = (
    "mã;hoạt động;lúc\n1;Gọi điện thoại;2026-01-01\n1;Trả hàng về kho ở Huế;2026-01-02\n2;Đặt mua;2026-01-03\n"
    "2;Khiếu nại vì giao chậm;2026-01-04\n3;Hủy đơn, hoàn tiền;2026-01-05\n3;Nhận quà tặng sinh nhật;2026-01-06\n"
)
FOREIGN = [
    "Réponse reçue, déjà lue;Élève à l’école;où est-ce, là;très né;été",
    "Così è più bello, però;Perché no: città e virtù",
    "Não;São Paulo;Ação concluída;você está;coração",
    "für Österreich;größer;Tür öffnen;Straße;schön",
    "años;mañana;él está aquí;tú;sé;corazón",
]


def vni(text: str) -> bytes:
    """Write text as VNI: a plain letter, then the byte of its marks."""
    out = ""
    letters = {meant: byte for byte, meant in VNI_LETTERS.items()}
    marks = {mark: byte for byte, mark in VNI_MARKS.items()}
    for letter in text:
        small = letter.lower()
        if letter.isascii():
            out += letter
            continue
        if small not in letters:
            parts = unicodedata.normalize("NFD", small)
            tone = next((mark for mark in parts if mark in TONES[1:]), "")
            base = unicodedata.normalize("NFC", parts.replace(tone, "") if tone else parts)
            horned = base in letters
            plain = letters[base] if horned else parts[0]
            rest = tone if horned else "".join(m for m in parts[1:] if m != tone) + tone
            pair = plain + marks[rest]
        else:
            pair = letters[small]
        out += pair.upper() if letter.isupper() else pair
    return out.encode("latin-1")


def coded(text: str, encoding: str) -> bytes:
    """Write text in one of the old encodings."""
    if encoding == "vni":
        return vni(text)
    if encoding == "cp1258":
        parts = (unicodedata.normalize("NFD", letter) for letter in text)
        out = b""
        for letter in parts:
            tone = next((mark for mark in letter if mark in TONES[1:]), "")
            plain = unicodedata.normalize("NFC", letter.replace(tone, "") if tone else letter)
            out += (plain + tone).encode("cp1258")
        return out
    table = encodings._table(encoding)
    return bytes(table.index(letter) for letter in text)


@pytest.mark.parametrize("encoding", encodings.BY_MARKS)
def test_every_letter_comes_back(encoding: str) -> None:
    assert len(ACCENTED) == 134
    assert [decoded(coded(letter, encoding), encoding) for letter in ACCENTED] == list(ACCENTED)
    assert decoded(coded(TEXT, encoding), encoding) == TEXT


@pytest.mark.parametrize(
    ("encoding", "as_latin", "text"),
    [
        ("tcvn3", "Céng hoµ x· héi chñ nghÜa ViÖt Nam", "Cộng hoà xã hội chủ nghĩa Việt Nam"),
        ("viscii", "Vi®t Nam", "Việt Nam"),
        ("vni", "Ñoäc laäp - Töï do - Haïnh phuùc", "Độc lập - Tự do - Hạnh phúc"),
    ],
)
def test_well_known_text(encoding: str, as_latin: str, text: str) -> None:
    assert decoded(as_latin.encode("latin-1"), encoding) == text


@pytest.mark.parametrize("encoding", encodings.BY_MARKS)
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_the_encoding_is_told_and_said(write: Callable[..., Path], encoding: str, ends: str) -> None:
    source = find([write(coded(TEXT.replace("\n", ends), encoding))])[0]
    with Workspace() as ws, ws.change(keep=False) as db:
        raw = read(db, source, "r")
        assert [c.name for c in raw.columns] == ["mã", "hoạt động", "lúc"]
        rows = db.rows("SELECT c2 FROM r ORDER BY row_no")
    assert [activity for (activity,) in rows] == [line.split(";")[1] for line in TEXT.splitlines()[1:]]
    assert [note.values["encoding"] for note in raw.notes] == [encoding]


@pytest.mark.parametrize("text", FOREIGN)
def test_other_languages_are_not_taken_for_vietnamese(text: str) -> None:
    sample = text.encode("cp1252")
    found = vietnamese(sample)
    assert found is None or decoded(sample, found) == text


@pytest.mark.parametrize("word", ["nghiêng", "Huế", "KHUYẾN", "quý", "giữ", "ươm", "thuở", "khuỷu", "ừ", "yêu"])
def test_syllables(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["réponse", "für", "ệệ", "bç", "zữ", "école"])
def test_what_is_no_syllable(word: str) -> None:
    assert not is_syllable(word)


def test_names_of_encodings() -> None:
    assert [known(n) for n in ("Windows-1258", "TCVN", "UTF_16LE", "latin1")] == [
        "cp1258",
        "tcvn3",
        "utf-16-le",
        "iso8859-1",
    ]
    for name in ("klingon", "base64", ""):
        with pytest.raises(SourceError, match=r"Give one of utf-8, utf-16, .*tcvn3, viscii, vni"):
            known(name)
