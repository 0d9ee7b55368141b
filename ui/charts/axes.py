"""Numbers and days on axes, as the reader's language writes them."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from typing import Any

import polars as pl

from ui.charts.fields import Spec
from ui.formats import date, duration
from ui.language import current

_THOUSANDS = {"en": ",", "vi": "."}
_DAYS = {"en": "%b %-d, %Y", "vi": "%d/%m/%Y"}
_MONTHS = {"en": "%b %Y", "vi": "%m/%Y"}
LEAST_MONTHS_DAYS, MOST_DAYS = 270, 5  # eight ticks of months each have a month of their own
DAY_MS = 86_400_000


def halo(*, dark: bool) -> Spec:
    """Give the look of letters behind letters, in the colour of the paper: no line strikes a label through."""
    paper = "#14191f" if dark else "#fbfaf7"
    return {"color": paper, "stroke": paper, "strokeWidth": 3.5, "strokeJoin": "round", "opacity": 0.85}


def counts(**options: Any) -> Spec:
    """Give an axis of whole numbers."""
    sign = _THOUSANDS[current()]
    return {"labelExpr": f"replace(format(datum.value, ',d'), /,/g, '{sign}')", "tickMinStep": 1, **options}


def calendar(times: pl.Series) -> Spec:
    """Give an axis of months for dates or moments, or of days where there are too few of them to name months."""
    days = (times.max() - times.min()).days if times.len() else 0  # type: ignore[operator,union-attr]  # two times
    if days >= LEAST_MONTHS_DAYS:
        return {"format": _MONTHS[current()], "tickCount": 8, "labelOverlap": True, "grid": False}
    ticks = {"tickCount": min(max(days, 1), MOST_DAYS), "tickMinStep": DAY_MS}
    return {"format": _DAYS[current()], **ticks, "labelOverlap": True, "grid": False}


MINUTE_S, DAY_S = 60.0, 86_400.0
# Round steps of time: of the small ones only so many that no label is a fraction of a larger unit but its half.
_STEPS_S = (
    *((unit * many, below) for unit, below in ((1.0, 60.0), (60.0, 3600.0)) for many in (1, 2, 5, 10, 20)),
    *((unit * 30, unit * 210) for unit in (1.0, 60.0)),
    *((3600.0 * many, 86_400.0) for many in (1, 2, 6)),
    (43_200.0, 302_400.0),
    *((86_400.0 * many * 10**power, float("inf")) for power in range(6) for many in (1, 2, 5)),
)
MOST_TICKS = 7
FLUSH_PX = 22  # a label so near to an end of the axis stands inside of it


def durations(longest_s: float, *, most: int = MOST_TICKS, **options: Any) -> Spec:
    """Give an axis of times since a start, in seconds: at most so many round numbers, written as durations."""
    steps = sorted(step for step, below in _STEPS_S if longest_s <= below)
    step = next((step for step in steps if longest_s // step <= most), steps[-1])
    ticks = [step * n for n in range(int(longest_s / step) + 1)]
    labels = {str(int(tick)): duration(tick) if tick else "0" for tick in ticks}
    expression = json.dumps(labels, ensure_ascii=False) + "[datum.value]"
    return {"values": ticks, "labelExpr": expression, "labelFlush": FLUSH_PX, "grid": False, **options}


def moments(first: datetime, last: datetime) -> Spec:
    """Give an axis of seconds since 1970 with round moments (UTC) between two; no label comes twice.

    A day is written as such; within days there are times, and the day at midnight.
    """
    start, end = first.timestamp(), last.timestamp()
    steps = sorted(step for step, below in _STEPS_S if end - start <= below)
    step = next((step for step in steps if (end - start) // step < MOST_TICKS), steps[-1])
    ticks = [n * step for n in range(math.ceil(start / step), int(end // step) + 1)] or [start]
    labels = {str(int(tick)): _moment(datetime.fromtimestamp(tick, UTC), step) for tick in ticks}
    expression = json.dumps(labels, ensure_ascii=False) + "[floor(datum.value)]"
    return {"values": ticks, "labelExpr": expression, "grid": False}


def _moment(time: datetime, step: float) -> str:
    if step >= DAY_S or (time.hour, time.minute, time.second) == (0, 0, 0):
        return date(time)
    return f"{time:%H:%M:%S}" if step < MINUTE_S else f"{time:%H:%M}"


def some(labels: list[str], many: int = 4) -> Spec:
    """Give an axis for bars that are numbered from 0, with labels for a few of them."""
    every = max(len(labels) // many, 1)
    shown = {str(bar): labels[bar] for bar in range(0, len(labels), every)}
    expression = json.dumps(shown, ensure_ascii=False) + "[datum.value]"
    return {"values": [int(bar) for bar in shown], "labelExpr": expression, "labelAngle": 0, "ticks": False}
