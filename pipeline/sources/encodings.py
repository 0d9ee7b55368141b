"""The Vietnamese encodings that Python does not know: TCVN3 (ABC), VISCII and VNI; and which encoding a text is in.

TCVN3 is read as TCVN 5712, of which it is the part without capital letters that carry a tone. Of VNI, it is the one for
Windows: a plain letter, then a byte for its marks.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from functools import cache

from mining.errors import SourceError
from mining.messages import N_

TCVN3_HIGH = (
    "ÀẢÃÁẠẶẬÈẺẼÉẸỆÌỈĨÍỊÒỎÕÓỌỘỜỞỠỚỢÙỦŨ"
    "\xa0ĂÂÊÔƠƯĐăâêôơưđẰ\u0300\u0309\u0303\u0301\u0323àảãáạẲằẳẵắẴ"
    "ẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹềểễếệìỉỄẾỒĩíịò"
    "ỔỏõóọồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵỐ"
)
TCVN3_LOW = {1: "Ú", 2: "Ụ", 4: "Ừ", 5: "Ử", 6: "Ữ", 17: "Ứ", 18: "Ự", 19: "Ỳ", 20: "Ỷ", 21: "Ỹ", 22: "Ý", 23: "Ỵ"}
VISCII_HIGH = (
    "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲ"
    "ÕắằặấầẩậẽẹếềểễệốồổỗỠƠộờởịỰỨỪỬơớƯ"
    "ÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳĐứÒÓÔạỷừửÙÚỹỵÝỡư"
    "àáâãảăữẫèéêẻìíĩỉđựòóôõỏọụùúũủýợỮ"
)
VISCII_LOW = {2: "Ẳ", 5: "Ẵ", 6: "Ẫ", 20: "Ỷ", 25: "Ỹ", 30: "Ỵ"}
GRAVE, HOOK, TILDE, ACUTE, DOT, BREVE, HAT = "\u0300", "\u0309", "\u0303", "\u0301", "\u0323", "\u0306", "\u0302"
# VNI: what a byte after a vowel adds to it, small and capital alike
VNI_MARKS = {
    "ù": ACUTE, "ø": GRAVE, "û": HOOK, "õ": TILDE, "ï": DOT,
    "ê": BREVE, "é": BREVE + ACUTE, "è": BREVE + GRAVE, "ú": BREVE + HOOK, "ü": BREVE + TILDE, "ë": BREVE + DOT,
    "â": HAT, "á": HAT + ACUTE, "à": HAT + GRAVE, "å": HAT + HOOK, "ã": HAT + TILDE, "ä": HAT + DOT,
}  # fmt: skip
VNI_LETTERS = {"ô": "ơ", "ö": "ư", "ñ": "đ", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
VNI_VOWELS = "aeouyôöAEOUYÔÖ"
BY_MARKS = ("cp1258", "tcvn3", "viscii", "vni")
SUPPORTED = ("utf-8", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "cp1258", "tcvn3", "viscii", "vni")
OTHER_NAMES = {
    "abc": "tcvn3", "tcvn": "tcvn3", "tcvn-5712": "tcvn3", "tcvn5712": "tcvn3", "tcvn5712-1": "tcvn3",
    "vni-win": "vni", "windows-vni": "vni", "ansi": "cp1252",
}  # fmt: skip
ONSET = "ngh?|nh|n|ch|c|đ|d|gh|gi|g|kh|k|ph|p|qu|th|tr|t|b|h|l|m|r|s|v|x"
NUCLEUS = (
    "oai|oay|oao|oeo|uây|uôi|ươi|ươu|uya|uyê|uyu|iêu|yêu|ai|ao|au|ay|âu|ây|eo|êu|ia|iê|iu|oa|oă|oe|oi|ôi|ơi|oo|ua|uâ|uê|ui"
    "|uơ|uô|ươ|uy|ưa|ưi|ưu|yê|[aăâeêioôơuưy]"
)
SYLLABLE = re.compile(f"(?:{ONSET})?(?:{NUCLEUS})(?:ng|nh|ch|c|m|n|p|t)?")
TONES = str.maketrans("", "", GRAVE + HOOK + TILDE + ACUTE + DOT)
WORDS = re.compile(rb"[A-Za-z\x80-\xff\x01-\x06\x11-\x19\x1e]+")
ENOUGH_WORDS = 3
SURE = 0.8  # share of words that are Vietnamese syllables; names and foreign words are not
AHEAD = 0.15


def known(name: str) -> str:
    """Give the name under which an encoding is used here.

    Raises
    ------
    SourceError
        When there is no such encoding.

    Examples
    --------
    >>> known("Windows-1252"), known("ABC"), known("UTF-16LE")
    ('cp1252', 'tcvn3', 'utf-16-le')
    """
    plain = name.strip().casefold().replace("_", "-")
    plain = OTHER_NAMES.get(plain, plain)
    if plain in BY_MARKS:
        return plain
    try:
        "".encode(plain)  # refuses what is no encoding of text, such as base64
        return codecs.lookup(plain).name
    except (LookupError, ValueError):
        raise SourceError(
            N_("There is no encoding {name!r}. Give one of {known}, or another that Python knows."),
            name=name,
            known=", ".join(SUPPORTED),
        ) from None


def needs_whole_words(encoding: str) -> bool:
    """Say whether several bytes may make one letter, so that `decoded` must be given whole words."""
    return encoding in BY_MARKS


def decoded(content: bytes, encoding: str) -> str:
    """Give the text of whole words in one of `BY_MARKS`; every letter with its marks is one character.

    Raises
    ------
    UnicodeDecodeError
        When the encoding does not have one of the bytes.

    Examples
    --------
    >>> decoded("Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam".encode("latin-1"), "vni")
    'Cộng hòa xã hội chủ nghĩa Việt Nam'
    """
    if encoding == "cp1258":
        return unicodedata.normalize("NFC", content.decode("cp1258"))
    if encoding == "vni":
        return _vni_pair().sub(_joined, content.decode("cp1252"))
    return unicodedata.normalize("NFC", codecs.charmap_decode(content, "strict", _table(encoding))[0])


@cache
def _table(encoding: str) -> str:
    """Give the character of each byte."""
    low, high = (TCVN3_LOW, TCVN3_HIGH) if encoding == "tcvn3" else (VISCII_LOW, VISCII_HIGH)
    return "".join(low.get(byte, chr(byte)) for byte in range(0x80)) + high


@cache
def _vni_pair() -> re.Pattern[str]:
    return re.compile(f"([{VNI_VOWELS}])([{''.join(VNI_MARKS)}])|[{''.join(VNI_LETTERS)}]", re.IGNORECASE)


def _joined(found: re.Match[str]) -> str:
    """Give the letter that a vowel and the byte of its marks stand for, or a byte alone."""
    letter = found.group(1) or found.group()
    plain = VNI_LETTERS.get(letter.lower(), letter.lower())
    marks = VNI_MARKS[found.group(2).lower()] if found.group(2) else ""
    whole = unicodedata.normalize("NFC", plain + marks)
    return whole.upper() if letter.isupper() else whole


def is_syllable(word: str) -> bool:
    """Say whether a word could be a Vietnamese syllable: its letters in a possible order, with one tone at most.

    Examples
    --------
    >>> is_syllable("nghiêng"), is_syllable("Đường"), is_syllable("réponse")
    (True, True, False)
    """
    parts = unicodedata.normalize("NFD", word.lower())
    toneless = parts.translate(TONES)
    return len(parts) - len(toneless) <= 1 and bool(SYLLABLE.fullmatch(unicodedata.normalize("NFC", toneless)))


def vietnamese(sample: bytes) -> str | None:
    """Give the encoding in which the words of a sample are Vietnamese syllables, if that is true of one alone."""
    words = {word for word in WORDS.findall(sample) if not word.isascii() and len(word) <= 20}
    if len(words) < ENOUGH_WORDS:
        return None
    rated = sorted(((_share(words, encoding), encoding) for encoding in BY_MARKS), reverse=True)
    (best, encoding), (second, _) = rated[0], rated[1]
    return encoding if best >= SURE and best - second >= AHEAD else None


def _share(words: set[bytes], encoding: str) -> float:
    """Give the share of words that are syllables in an encoding."""
    good = 0
    for word in words:
        try:
            good += is_syllable(decoded(word, encoding))
        except UnicodeDecodeError:
            continue
    return good / len(words)
