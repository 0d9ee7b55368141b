"""Names that are one name written in several ways: other case, spaces, signs, accents, or another Unicode form.

What is folded away, and what never is:

- case, runs of blanks (invisible ones too), and the signs that only part words: ``Sign-Up``, ``sign_up``, ``sign up``;
- *missing* accents, not *other* accents: ``Goi dien`` is ``Gọi điện`` written in haste, but ``Bán hàng`` (to sell) and
  ``Bạn hàng`` (a customer) are two words, and ``Ban hang``, which could be either, is left alone;
- the place of a Vietnamese tone: ``hoà`` and ``hòa`` are one word; and ``đ``, which no stripping of accents touches;
- composed and decomposed letters (NFC, NFD), wide and narrow ones;
- signs that carry meaning stay: ``C`` is not ``C++``, ``A`` is not ``A-``, ``1.1`` is not ``11``.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mining.messages import N_

__all__ = ["KINDS", "Group", "bare", "differences", "lookalikes", "without_accents"]

UNICODE, CASE, SPACES, PUNCTUATION, ACCENTS = "unicode", "case", "spaces", "punctuation", "accents"
KINDS = {
    CASE: N_("capital letters"),
    ACCENTS: N_("accents"),
    SPACES: N_("spaces"),
    PUNCTUATION: N_("punctuation"),
    UNICODE: N_("Unicode form"),
}
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_PARTING = re.compile(r"(?<=\w)\s*[-‐‑‒–—−/\\|·•]\s*(?=\w)|\s*[_.,:;!'\"’‘“”`´()\[\]{}…]+\s*")
_NUMBER_POINT = re.compile(r"(?<=\d)[.,:/_\-](?=\d)")


@dataclass(frozen=True)
class Group:
    """Names that seem to be one.

    Attributes
    ----------
    common : str
        The name to use for all: the most frequent among those with the most accents, in composed letters.
    names : tuple of (str, int)
        The names with their counts, most frequent first.
    differ_by : tuple of str
        In what they differ: keys of `KINDS`.
    """

    common: str
    names: tuple[tuple[str, int], ...]
    differ_by: tuple[str, ...]


def lookalikes(counts: Mapping[str, int]) -> list[Group]:
    """Find the groups among names.

    Parameters
    ----------
    counts : mapping of str to int
        How often each name occurs.

    Returns
    -------
    list of Group
        Groups of two names or more, those with most occurrences first.

    Examples
    --------
    >>> [group.common for group in lookalikes({"Gọi điện": 7, "goi  dien": 2, "Gửi thư": 5})]
    ['Gọi điện']
    """
    same_letters: dict[str, list[str]] = defaultdict(list)
    for name in counts:
        same_letters[bare(name)].append(name)
    groups = []
    for names in same_letters.values():
        if len(names) > 1:
            groups += [_group(same, counts) for same in _by_accents(names).values() if len(same) > 1]
    return sorted(groups, key=lambda group: (-sum(n for _, n in group.names), group.common))


def differences(one: str, other: str) -> tuple[str, ...]:
    """Say in what two names of one group differ, in the order of `KINDS`.

    Examples
    --------
    >>> differences("Gọi điện", "goi  dien")
    ('case', 'accents', 'spaces')
    """
    return tuple(kind for kind in KINDS if _differ_in(kind, one, other))


def _differ_in(kind: str, one: str, other: str) -> bool:
    """Say whether two names still differ when everything but one kind of difference is folded away."""
    if kind == UNICODE:
        same = unicodedata.normalize("NFC", one) == unicodedata.normalize("NFC", other)
        return (one != other and same) or _wide(one) != _wide(other)
    left, right = _narrow(one), _narrow(other)
    for step, fold in _FOLDS.items():
        if step != kind:
            left, right = fold(left), fold(right)
    return left != right


def _narrow(name: str) -> str:
    """Bring letters to one form and leave blanks, of which there are many kinds, as they are."""
    same = "".join(c if c.isspace() else unicodedata.normalize("NFKC", c) for c in name)
    return unicodedata.normalize("NFC", same)


def _wide(name: str) -> bool:
    """Say whether a name has letters in a compatibility form, such as full width; blanks aside."""
    composed = unicodedata.normalize("NFC", "".join(name.split()))
    return unicodedata.normalize("NFKC", composed) != composed


def _no_spaces(name: str) -> str:
    return "".join(_INVISIBLE.sub("", name).split())


def _no_signs(name: str) -> str:
    """Put a blank for signs that only part words; a point between digits stays."""
    kept = _NUMBER_POINT.sub("\0", name)
    parted = _PARTING.sub(lambda found: " " if found.start() > 0 and found.end() < len(kept) else "", kept)
    return parted.replace("\0", ".") or name


def without_accents(name: str) -> str:
    """Take all accents off, and the stroke of đ.

    Examples
    --------
    >>> without_accents("Đặt hàng")
    'Dat hang'
    """
    parted = unicodedata.normalize("NFD", name)
    return "".join(c for c in parted if not unicodedata.combining(c)).replace("đ", "d").replace("Đ", "D")


# In this order: signs become blanks before blanks go.
_FOLDS: dict[str, Callable[[str], str]] = {
    CASE: str.casefold,
    PUNCTUATION: _no_signs,
    SPACES: _no_spaces,
    ACCENTS: without_accents,
}


def _folded(name: str) -> str:
    """Fold everything away but accents."""
    same = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", _INVISIBLE.sub("", name)).casefold())
    return _no_spaces(_no_signs(same)) or same


def bare(name: str) -> str:
    """Fold everything away: case, blanks, signs that only part words, accents, and the stroke of đ.

    Examples
    --------
    >>> bare("Gọi  Điện") == bare("goi_dien")
    True
    """
    return without_accents(_folded(name))


def _by_accents(names: list[str]) -> dict[int, list[str]]:
    """Part names of the same plain letters by their accents: what has fewer joins the one that has them all."""
    marks = {name: _marks(name) for name in names}
    distinct = sorted(set(marks.values()))
    tops: list[Marks] = []
    for one in distinct:
        more = any(_covers(other, one) and not _covers(one, other) for other in distinct)
        if not more and not any(_covers(top, one) for top in tops):
            tops.append(one)
    parted: dict[int, list[str]] = defaultdict(list)
    for name in names:
        over = [i for i, top in enumerate(tops) if _covers(top, marks[name])]
        # What fits several words stays alone with those who are written just like it.
        parted[over[0] if len(over) == 1 else -1 - distinct.index(marks[name])].append(name)
    return parted


Marks = tuple[tuple[tuple[str, ...], ...], tuple[tuple[str, ...], ...]]


def _marks(name: str) -> Marks:
    """Give the accents of a name: of each letter those that make it another letter, of each word its tones."""
    letters: list[tuple[str, ...]] = []
    words: list[tuple[str, ...]] = []
    said = unicodedata.normalize("NFKC", _INVISIBLE.sub("", name)).casefold()
    for word in unicodedata.normalize("NFD", _no_signs(said)).split():
        tones: list[str] = []
        for sign in word:
            if sign in _TONES:
                tones.append(sign)
            elif unicodedata.combining(sign) and letters:
                letters[-1] = (*letters[-1], sign)
            else:
                letters.append(("đ",) if sign == "đ" else ())
        words.append(tuple(sorted(tones)))
    return tuple(letters), tuple(words)


def _covers(full: Marks, less: Marks) -> bool:
    """Say whether every mark of `less` is one of `full` too, at the same place: marks may be missing, not others."""
    letters = all(not b or a == b for a, b in zip(full[0], less[0], strict=False))
    if len(full[1]) != len(less[1]):  # blanks differ: words cannot be laid over each other, so all tones together
        return letters and set(sum(less[1], ())) <= set(sum(full[1], ()))
    return letters and all(not b or a == b for a, b in zip(full[1], less[1], strict=True))


def _group(names: list[str], counts: Mapping[str, int]) -> Group:
    """Suggest the common name: the most accented, then most frequent; say in what the others differ from it."""
    ranked = sorted(names, key=lambda name: (-counts[name], name))
    best = max(ranked, key=lambda name: (_n_marks(name), counts[name], unicodedata.is_normalized("NFC", name)))
    common = " ".join(unicodedata.normalize("NFC", _INVISIBLE.sub("", best)).split()) or best
    found = {kind for name in ranked for kind in differences(best, name)}
    return Group(common, tuple((name, counts[name]) for name in ranked), tuple(k for k in KINDS if k in found))


def _n_marks(name: str) -> int:
    letters, words = _marks(name)
    return sum(map(len, letters)) + sum(map(len, words))
