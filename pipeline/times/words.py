"""What stands around a date and has to go, or be written alike, before a pattern fits: weekdays, words, a.m. and p.m.

Each step is a regular expression that Python and the database read alike, and what it is replaced by.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.store import literal

Step = tuple[str, str]

STEPS: tuple[Step, ...] = (
    ("[\\s\u00a0\u202f]+", " "),
    # The Vietnamese words for weekdays stand first, as "thu hai" begins like Thursday.
    (
        r"(?i)^(?:th(?:ứ|u) ?(?:hai|ba|tư|tu|năm|nam|sáu|sau|bảy|bay)|thứ ?[2-7]|ch(?:ủ|u) ?nh[ậa]t|cn|t[2-7])[ ,.]+",
        "",
    ),
    (r"(?i)^(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?[ ,.]+", ""),
    (r" ?\([^)]*\)$", ""),
    (r"(?i)\b(?:lúc|vào|at|on|the|of) ", ""),
    (
        r"(?i)(?:ng(?:à|a)y )?(\d{1,2}) (?:th(?:á|a)ng|thg|th)\.? ?(\d{1,2})(?:[ ,/]+(?:n(?:ă|a)m )?)(\d{4})",
        r"\3-\2-\1",
    ),
    (r"(?i)\b(\d{1,2}) ?(?:giờ|gio|h) ?(\d{2})(?: ?(?:phút|phut|p|m|'))?", r"\1:\2"),
    (r"(?i)(:\d{2}) ?(\d{2}) ?(?:giây|giay|s)\b", r"\1:\2"),
    (r"(?i)\b(\d{1,2}) ?(?:giờ|gio|h)(?: |,|$)", r"\1:00 "),
    (r"(:\d{2}:\d{2}),(\d+)", r"\1.\2"),
    (r"(\.\d{6})\d+", r"\1"),
    (r" ?, ?| {2,}", " "),
    (r"(?i)(\d) ?(?:SA|sáng|a\.? ?m\.?)(?: |$)", r"\1 AM "),
    (r"(?i)(\d) ?(?:CH|chiều|tối|p\.? ?m\.?)(?: |$)", r"\1 PM "),
    (r"(?i)(\d)(?:st|nd|rd|th)\b", r"\1"),
    (r"(?i)(\d) ?(?:Z|UTC|GMT)$", r"\1 +00:00"),
    (r"(?i) ?(?:UTC|GMT) ?([+-]\d)", r" \1"),
    (r"(:\d{2}(?:\.\d+)?) ?([+-]\d{2})$", r"\1 \2:00"),
    (r"^ +| +$", ""),
)


def steps_for(sample: Sequence[str]) -> list[Step]:
    """Give the steps that change any value of a sample, so that the others cost nothing."""
    values, needed = list(sample), []
    for step in STEPS:
        after = [re.sub(*step, value) for value in values]
        if after != values:
            needed.append(step)
        values = after
    return needed


def cleaned(value: str) -> str:
    """Take all steps.

    Examples
    --------
    >>> cleaned("31/12/2020,  1:05 CH")
    '31/12/2020 1:05 PM'
    >>> cleaned("Thứ Tư, ngày 31 tháng 12 năm 2025 lúc 14h05")
    '2025-12-31 14:05'
    """
    for step in STEPS:
        value = re.sub(*step, value)
    return value


def sql(text: str, steps: Sequence[Step]) -> str:
    """Give the SQL that takes the steps."""
    for pattern, replacement in steps:
        text = f"regexp_replace({text}, {literal(pattern)}, {literal(replacement)}, 'g')"
    return text
