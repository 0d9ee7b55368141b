"""Numbers and days on axes, as the reader's language writes them."""

from __future__ import annotations

from typing import Any

import altair as alt

from ui.language import current

_THOUSANDS = {"en": ",", "vi": "."}
_DAYS = {"en": "%b %-d, %Y", "vi": "%-d/%-m/%Y"}
_MONTHS = {"en": "%b %Y", "vi": "%-m/%Y"}


def counts(**options: Any) -> Any:
    """Give an axis of whole numbers."""
    sign = _THOUSANDS[current()]
    return alt.Axis(labelExpr=f"replace(format(datum.value, ',d'), /,/g, '{sign}')", **options)


def days(*, months: bool = False, **options: Any) -> Any:
    """Give an axis of days, or of months."""
    return alt.Axis(format=(_MONTHS if months else _DAYS)[current()], labelOverlap=True, grid=False, **options)
