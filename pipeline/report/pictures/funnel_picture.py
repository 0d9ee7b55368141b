"""The milestones, one row each: what became of those who reached it, and the share that dropped with its interval."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import polars as pl

from pipeline.language import Language
from pipeline.palette import WINE
from pipeline.report.pictures.svg import Picture, el, fitted, group, short, text, text_width
from pipeline.report.signs import FAINT, HAIR, INK, OUTCOMES, PAPER, SOFT, mixed

NAME_W, BARS_W, RATES_W, GAP = 210.0, 500.0, 300.0, 56.0
ROW, TOP, FOOT, BAR = 40.0, 58.0, 12.0, 22.0
STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.25)


def funnel_picture(drop_off: pl.DataFrame, title_of: Callable[[str | None], str], language: Language) -> Picture:
    """Draw one row per milestone of a frame of `mining.outcomes.drop_off`; that without one is the start."""
    rows = drop_off.to_dicts()
    most = max((row["reached"] for row in rows), default=0)
    highest = max((row["high"] for row in rows if row["high"] is not None), default=0.0)
    step = next((step for step in STEPS if highest / step <= 6), STEPS[-1])
    scale = max(math.ceil(highest / step - 1e-9), 1) * step
    width = NAME_W + BARS_W + GAP + RATES_W + 24
    height = TOP + ROW * len(rows) + FOOT
    parts = [*_heads(language), *_axis(scale, step, height, language)]
    for number, row in enumerate(rows):
        y = TOP + ROW * number + ROW / 2
        parts += [
            _name(title_of(row["milestone"]), y),
            *_fates(row, most, y, language),
            *_rate(row, scale, y, language),
        ]
    return Picture(width, height, "".join(parts), language.t("Where journeys end"))


def _heads(language: Language) -> list[str]:
    """Draw the heads of the two panels; that of the bars is their legend."""
    parts, x = [], NAME_W
    for sign in OUTCOMES.values():
        word = language.t(sign.word)
        parts.append(el("rect", x=x, y=14.0, width=14.0, height=14.0, rx=3.0, fill=sign.colour))
        parts.append(text(x + 20, 25.5, word, size=12.5, fill=INK))
        x += text_width(word, 12.5) + 42
    heading = fitted(language.t("Drop-off rate and its 95% interval"), 12.5, RATES_W, bold=True)
    return [*parts, text(NAME_W + BARS_W + GAP, 25.5, heading, size=12.5, fill=INK, bold=True)]


def _axis(scale: float, step: float, height: float, language: Language) -> list[str]:
    parts = []
    for k in range(round(scale / step) + 1):
        x = _x(k * step, scale)
        parts.append(el("line", x1=x, x2=x, y1=TOP - 4, y2=height - FOOT, stroke=HAIR, stroke_width=1.0))
        parts.append(text(x, TOP - 9, language.percent(k * step, 0), size=10.5, fill=FAINT, anchor="middle"))
    return parts


def _x(share: float, scale: float) -> float:
    return NAME_W + BARS_W + GAP + (RATES_W - 60) * share / scale


def _name(title: str, y: float) -> str:
    return group([text(NAME_W - 14, y + 4.5, fitted(title, 13, NAME_W - 24), size=13, fill=INK, anchor="end")], title)


def _fates(row: Mapping[str, int], most: int, y: float, language: Language) -> list[str]:
    """Draw the bar of a milestone in its parts, each with its number where it has room."""
    parts, x = [], NAME_W
    for fate, sign in OUTCOMES.items():
        wide = (BARS_W - 60) * row[fate] / most if most else 0.0
        if not wide:
            continue
        parts.append(el("rect", x=x, y=y - BAR / 2, width=max(wide - 1, 0.6), height=BAR, rx=2.5, fill=sign.colour))
        said = short(language, row[fate])
        if text_width(said, 11, bold=True) + 10 < wide:
            ink = INK if fate == "open" else PAPER
            parts.append(text(x + wide / 2, y + 4, said, size=11, fill=ink, bold=True, anchor="middle"))
        x += wide
    return [*parts, text(x + 8, y + 4, short(language, row["reached"]), size=11.5, fill=SOFT)]


def _rate(row: Mapping[str, float | None], scale: float, y: float, language: Language) -> list[str]:
    """Draw the rate as a bar with a whisker; what has no denominator is a dash."""
    rate, low, high = row["rate"], row["low"], row["high"]
    start = _x(0.0, scale)
    if rate is None or low is None or high is None:
        return [text(start + 6, y + 4, language.percent(None), size=11.5, fill=SOFT)]
    parts = [
        el(
            "rect", x=start, y=y - 6, width=max(_x(rate, scale) - start, 1.0), height=12.0, rx=2.0,
            fill=mixed(WINE, 0.28),
        ),
        el("line", x1=_x(low, scale), x2=_x(high, scale), y1=y, y2=y, stroke=WINE, stroke_width=1.6),
        *(
            el("line", x1=_x(end, scale), x2=_x(end, scale), y1=y - 5, y2=y + 5, stroke=WINE, stroke_width=1.6)
            for end in (low, high)
        ),
        el("circle", cx=_x(rate, scale), cy=y, r=3.6, fill=WINE),
        text(_x(high, scale) + 9, y + 4, language.percent(rate), size=11.5, fill=INK, bold=True),
    ]  # fmt: skip
    return parts
