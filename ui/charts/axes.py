"""Numbers and days on axes, as the reader's language writes them."""

from __future__ import annotations

import json
from typing import Any

import altair as alt

from ui.formats import duration
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


_UNITS_S = (1.0, 60.0, 3600.0, 86_400.0)
MOST_TICKS = 7


def durations(longest_s: float, **options: Any) -> Any:
    """Give an axis of times since a start, in seconds: round numbers of one unit, written as durations."""
    steps = (unit * many for unit in _UNITS_S for many in (1, 2, 5, 10, 20, 30))
    step = next((step for step in steps if longest_s / step <= MOST_TICKS), None)
    if step is None:  # years
        step = 86_400.0 * round(longest_s / 86_400 / MOST_TICKS / 100 + 0.5) * 100
    ticks = [step * n for n in range(int(longest_s / step) + 1)]
    labels = {str(int(tick)): duration(tick) for tick in ticks}
    return alt.Axis(
        values=ticks, labelExpr=json.dumps(labels, ensure_ascii=False) + "[datum.value]", grid=False, **options
    )


def some(labels: list[str], many: int = 4) -> Any:
    """Give an axis for bars that are numbered from 0, with labels for a few of them."""
    every = max(len(labels) // many, 1)
    shown = {str(bar): labels[bar] for bar in range(0, len(labels), every)}
    expression = json.dumps(shown, ensure_ascii=False) + "[datum.value]"
    return alt.Axis(values=[int(bar) for bar in shown], labelExpr=expression, labelAngle=0, ticks=False)
