"""Names that are one name written in several ways, and those that only look so. Expected groups are made by hand."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mining.lookalikes import KINDS, differences, lookalikes

NFD = unicodedata.normalize("NFD", "Gọi điện")


def groups(*names: str) -> list[set[str]]:
    return [{name for name, _ in group.names} for group in lookalikes(dict.fromkeys(names, 1))]


def test_a_vietnamese_name_in_all_its_forms() -> None:
    counts = {"Gọi điện": 50, "gọi điện ": 4, "Goi dien": 60, NFD: 3, "GỌI ĐIỆN": 2, "Gọi dien": 1, "Gửi thư": 9}
    (group,) = lookalikes(counts)
    assert group.common == "Gọi điện"  # accents win over numbers: what has lost them cannot give them back
    assert [name for name, _ in group.names] == ["Goi dien", "Gọi điện", "gọi điện ", NFD, "GỌI ĐIỆN", "Gọi dien"]
    assert group.differ_by == ("case", "accents", "spaces", "unicode")


@pytest.mark.parametrize(
    ("one", "other", "kinds"),
    [
        ("Look", "look", ("case",)),
        ("Đơn", "đơn", ("case",)),
        ("Đơn", "Don", ("accents",)),
        ("đi", "di", ("accents",)),
        ("hoà", "hòa", ("accents",)),
        ("Gọi điện", NFD, ("unicode",)),
        ("Ｌook", "Look", ("unicode",)),
        ("Sign  up", "Sign up", ("spaces",)),
        ("Sign up", "Sign\u00a0up", ("spaces",)),
        ("Sign up", "Sign\u200b up", ("spaces",)),
        ("SignUp", "sign up", ("case", "spaces")),
        ("sign_up", "sign-up", ("punctuation",)),
        ("sign_up", "sign up", ("punctuation",)),
        ("Pay.", "Pay", ("punctuation",)),
        ("Thanh toán", "THANH_TOAN", ("case", "accents", "punctuation")),
        ("café", "cafe", ("accents",)),
    ],
)
def test_two_that_are_one(one: str, other: str, kinds: tuple[str, ...]) -> None:
    assert groups(one, other) == [{one, other}]
    assert differences(one, other) == kinds


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bán hàng", "Bạn hàng"),
        ("mua", "múa kiếm"),
        ("mùa", "múa"),
        ("dấu", "đầu"),
        ("C", "C++"),
        ("A", "A-"),
        ("A+", "A-"),
        ("1.1", "11"),
        ("1-1", "11"),
        ("-1", "1"),
        ("Step 1", "Step 2"),
        ("-", "--"),
        ("Pay", "Paid"),
        ("Why?", "Why"),
    ],
)
def test_two_that_are_two(one: str, other: str) -> None:
    assert groups(one, other) == []


def test_what_could_be_either_of_two_words_is_left_alone() -> None:
    assert groups("Bán hàng", "Bạn hàng", "Ban hang") == []
    assert groups("Bán hàng", "Bạn hàng", "bán hàng", "Ban hang", "ban hang") == [
        {"Ban hang", "ban hang"},
        {"Bán hàng", "bán hàng"},
    ]


def test_groups_with_most_occurrences_come_first() -> None:
    found = lookalikes({"a b": 1, "A B": 1, "c": 5, "C": 7})
    expected = [("C", {"C": 7, "c": 5}), ("A B", {"A B": 1, "a b": 1})]
    assert [(group.common, dict(group.names)) for group in found] == expected


def test_the_common_name_is_clean() -> None:
    (group,) = lookalikes({"Gọi\u00a0 điện\u200b": 9, "gọi điện": 1})
    assert group.common == "Gọi điện"


@given(st.text(min_size=1, max_size=12))
def test_a_name_groups_with_its_own_forms(name: str) -> None:
    others = {name, unicodedata.normalize("NFD", name), unicodedata.normalize("NFC", name), f" {name}  "}
    if name.split():
        assert groups(*others) == [others]
    assert groups(name) == []


@given(st.dictionaries(st.text("aAáàạđdD _-.1", max_size=5), st.integers(1, 9), max_size=9))
def test_groups_are_apart_and_say_why(counts: dict[str, int]) -> None:
    found = lookalikes(counts)
    names = [name for group in found for name, _ in group.names]
    assert len(names) == len(set(names))
    assert set(names) <= set(counts)
    assert all(len(group.names) > 1 and set(group.differ_by) <= set(KINDS) for group in found)
    assert all(n == counts[name] for group in found for name, n in group.names)
    assert lookalikes(dict(reversed(counts.items()))) == found
