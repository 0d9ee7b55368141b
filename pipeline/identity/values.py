"""The values of identity columns: what is an id at all, and when two ways of writing are the same id."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.store import literal, quoted

FORMS = ("exact", "email", "phone")

NO_IDS = (
    *("0", "-", "--", "?", ".", "null", "none", "nil", "nan", "n/a", "#n/a", "undefined", "unknown", "not set"),
    *("(not set)", "(none)", "(null)", "not provided", "anonymous", "anon", "guest", "visitor", "empty", "false"),
    *("khách lẻ", "khach le", "khách vãng lai", "khach vang lai", "khách hàng lẻ", "không có", "khong co"),
    *("không", "khong", "không rõ", "khong ro", "không xác định", "chưa có", "chua co", "ẩn danh", "trống"),
    *("00000000-0000-0000-0000-000000000000", "test@test.com", "noemail@noemail.com", "no@email.com"),
    *("0123456789", "0987654321", "1234567890", "123456789"),
)
"""What systems and people write where there is no id. ``NA`` is not among them: it can be a name."""

BLANKS = " \t\r\n\u00a0"
SHORTEST_PHONE = 7


def text_of(column: str, type_: str) -> str:
    """Give the SQL of a column's values as text; whole numbers without the ``.0`` of a floating point."""
    name = quoted(column)
    if type_ in ("DOUBLE", "FLOAT"):
        whole = f"{name} = trunc({name}) AND abs({name}) < 1e18"
        return f"CASE WHEN {whole} THEN CAST(CAST({name} AS BIGINT) AS VARCHAR) ELSE CAST({name} AS VARCHAR) END"
    return name if type_ == "VARCHAR" else f"CAST({name} AS VARCHAR)"


def readable(text: str, form: str, country: str, no_ids: Sequence[str]) -> str:
    """Give the SQL of the id that a text stands for; null where it is none.

    Parameters
    ----------
    text : str
        The SQL of the text.
    form, country, no_ids
        As `pipeline.identity.Identity` has them.
    """
    trimmed = f"trim({text}, {literal(BLANKS)})"
    plain = f"lower(nfc_normalize({trimmed}))"
    listed = ", ".join(literal(value.casefold()) for value in ("", *no_ids))
    said = {"exact": trimmed, "email": f"regexp_replace({plain}, '^mailto:', '')", "phone": _phone(trimmed, country)}
    return f"CASE WHEN {plain} NOT IN ({listed}) THEN {said[form]} END"


def _phone(text: str, country: str) -> str:
    """Give the SQL of a phone number as country code and digits; null for what is too short, or one digit only.

    A spreadsheet that took a number for a quantity has lost its leading 0: nine digits that begin as Vietnamese mobile
    numbers do are given it back.
    """
    steps = [
        (r"\.0$", ""),
        ("[^0-9+]", ""),  # "+84 (0) 912-345-678" -> "+840912345678"
        (r"^(\+|00)+", "+"),
        (rf"^\+?{country}0?([0-9]{{8,10}})$", rf"{country}\1"),
        ("^0([1-9][0-9]{7,9})$", rf"{country}\1"),
        *([("^([35789][0-9]{8})$", rf"{country}\1")] if country == "84" else []),
        (r"\+", ""),
        (f"^({'|'.join(f'{d}+' for d in range(10))}|[0-9]{{1,{SHORTEST_PHONE - 1}}})$", ""),
    ]
    digits = text
    for pattern, to in steps:
        digits = f"regexp_replace({digits}, {literal(pattern)}, {literal(to)}, 'g')"
    usual = f"regexp_full_match({text}, '0[1-9][0-9]{{8}}')"  # most are; one look instead of eight
    return f"CASE WHEN {usual} THEN {literal(country)} || substr({text}, 2) ELSE nullif({digits}, '') END"
