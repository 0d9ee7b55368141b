"""Durations as people write them (`30m`, `2d`) and as numbers (float seconds)."""

from __future__ import annotations

import re

UNITS_S = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}
_PATTERN = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([smhdw])\s*", re.IGNORECASE)


def parse_duration(text: str) -> float:
    """Read a duration.

    Parameters
    ----------
    text : str
        A number and a unit: s, m (minutes), h, d or w. A bare number is refused, since its unit would be a guess.

    Returns
    -------
    float
        Seconds.

    Raises
    ------
    ValueError
        When `text` is not such a duration.

    Examples
    --------
    >>> parse_duration("30m")
    1800.0
    >>> parse_duration("1.5d")
    129600.0
    """
    found = _PATTERN.fullmatch(text)
    if found is None:
        raise ValueError(text)
    return float(found[1]) * UNITS_S[found[2].lower()]


def format_duration(seconds: float) -> str:
    """Write seconds in the largest unit that keeps the number at one or above, with at most one decimal.

    Examples
    --------
    >>> format_duration(129600)
    '1.5d'
    >>> format_duration(1800)
    '30m'
    """
    for unit in ("d", "h", "m", "s"):
        value = seconds / UNITS_S[unit]
        if abs(value) >= 1 or unit == "s":
            return f"{value:.1f}".removesuffix(".0") + unit
    raise AssertionError("unreachable")
