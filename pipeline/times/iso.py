"""Times written year first, as ISO 8601 has them: most are plain, and reading those must cost next to nothing."""

from __future__ import annotations

from pipeline.store import literal
from pipeline.times.zones import Zone

OFFSET = r":\d{2}([.,]\d+)?\s*([Zz]|UTC|GMT|[+-]\d{2}(:?\d{2})?)$"
OFFSET_AT_END = OFFSET.removesuffix("$") + r"\s*$"


def read(text: str, bare: str, zone: Zone, spaced: bool) -> str:
    """Give the SQL that reads any precision, with or without an offset.

    Parameters
    ----------
    text, bare : str
        SQL of the value without blanks around it, and as it stands.
    spaced : bool
        Whether offsets may stand apart from their times.
    """
    return f"CASE WHEN {plain(bare)} THEN {quick(bare, zone)} ELSE {slow(text, bare, zone, spaced)} END"


def quick(bare: str, zone: Zone) -> str:
    """Give the SQL that reads plain values."""
    return zone.to_utc(f"TRY_CAST({bare} AS TIMESTAMP)")


def plain(text: str) -> str:
    """Say in SQL whether a value has no offset, no zone, no comma and no blanks around it, as most have."""
    return (
        f"{text} >= '0' AND {text} < ':' AND NOT contains({text}, '+') AND NOT contains({text}, ',') "
        f"AND {text}[-1] < ':' AND {text} NOT LIKE '%:%-%'"
    )


def even(text: str) -> str:
    """Say in SQL whether a value looks like a date written year first; some that do not are one all the same."""
    return f"{text} LIKE '____-__-__%'"


def slow(text: str, bare: str, zone: Zone, spaced: bool) -> str:
    """Read year-month-day with any precision, with or without an offset, be it `spaced` off or not."""
    dotted = f"replace({text}, ',', '.')"
    if spaced:
        dotted = f"regexp_replace({dotted}, '\\s+([+-]|Z$)', '\\1')"
    zoned = f"timezone('UTC', TRY_CAST({dotted} AS TIMESTAMPTZ))"
    # On the bare column: what stands twice in a query is worked out ahead for all rows, plain ones too.
    shape = f"regexp_matches({bare}, '^\\s*\\d{{4}}[-/]\\d')"
    if zone == Zone():
        return f"CASE WHEN {shape} THEN {zoned} END"
    local = zone.to_utc(f"TRY_CAST(replace({text}, ',', '.') AS TIMESTAMP)")
    return (
        f"CASE WHEN NOT {shape} THEN NULL WHEN regexp_matches({bare}, {literal(OFFSET_AT_END)}) THEN {zoned} "
        f"ELSE {local} END"
    )
