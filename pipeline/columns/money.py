"""Amounts of money in text, such as ``971.000 ₫`` or ``$1,234.50``: read as numbers where the column proves how."""

from __future__ import annotations

from dataclasses import dataclass

from mining.messages import N_, Message
from pipeline.sources import RawColumn
from pipeline.store import Session, literal, quoted

BLANKS = " \u00a0\u202f"
CODES = ("vnd", "vnđ", "usd", "eur", "gbp", "jpy", "cny", "krw", "thb", "sgd", "aud", "cad", "chf", "inr")
CURRENCY = rf"(?i:{'|'.join(CODES)}|us\$|đ)|\p{{Sc}}"
SAME = {"Đ": "VND", "₫": "VND", "VNĐ": "VND", "€": "EUR", "£": "GBP", "US$": "USD", "₩": "KRW", "฿": "THB", "₹": "INR"}
WITHOUT_PARTS = {"VND", "KRW", "JPY"}  # three digits behind a sign are then no part of one, but thousands


@dataclass(frozen=True)
class Amounts:
    """A column of amounts: the sign of its decimals, and its one currency.

    Examples
    --------
    >>> Amounts(",", "EUR").sql("x")
    "CAST(replace(regexp_replace(x, '[^0-9,-]', '', 'g'), ',', '.') AS DOUBLE)"
    """

    decimal: str
    currency: str

    def sql(self, text: str) -> str:
        """Give the SQL of the number."""
        bare = f"regexp_replace({text}, '[^0-9{self.decimal}-]', '', 'g')"
        return f"CAST(replace({bare}, {literal(self.decimal)}, '.') AS DOUBLE)"

    def note(self, column: str) -> Message:
        """Say in what currency the numbers are, as they alone no longer tell."""
        return Message(
            N_("{column!r} holds amounts in {currency}; they were read as numbers"),
            column=column,
            currency=self.currency,
        )


def amounts(db: Session, view: str, column: RawColumn) -> Amounts | None:
    """Tell whether a column of text holds amounts of one currency, and which sign parts their decimals.

    Parameters
    ----------
    view : str
        The table with all its rows.
    """
    text = quoted(column.column)
    ways = [_amount(*way) for way in ((".", r"(,\d+)?"), (",", r"(\.\d+)?"), (".", ""), (",", ""))]
    checks = ", ".join(f"coalesce(bool_and(regexp_matches({text}, {literal(way)})), false)" for way in ways)
    found = f"list(DISTINCT regexp_extract({text}, {literal(CURRENCY)})) FILTER ({text} IS NOT NULL)"
    comma, dot, whole_comma, whole_dot, signs = db.rows(f"SELECT {checks}, {found} FROM {quoted(view)}")[0]
    names = {SAME.get(sign.upper(), sign.upper()) for sign in signs or ()}
    if not (comma or dot) or len(names) != 1:
        return None
    currency = names.pop()
    if comma and dot and not (whole_comma and whole_dot):  # the same signs mean two numbers
        if currency not in WITHOUT_PARTS or whole_comma == whole_dot:
            return None
        dot = whole_dot
    return Amounts("." if dot else ",", currency)


def _amount(groups: str, decimals: str) -> str:
    """Give the pattern of a number whose thousands a sign or a blank may part, with a currency before or behind it."""
    number = rf"(\d{{1,15}}|[1-9]\d{{0,2}}([{groups}{BLANKS}]\d{{3}}){{1,4}}){decimals}"
    return rf"^(-?({CURRENCY})[{BLANKS}]?-?{number}|-?{number}[{BLANKS}]?({CURRENCY}))$"
