"""The plan with the log laid over it, as a drawing: the header row is the funnel, the lines are the flows."""

from __future__ import annotations

from pipeline.language import Language
from pipeline.palette import BLUE, SLATE, VIOLET, WINE
from pipeline.report.pictures.marks import glyph
from pipeline.report.pictures.plan_data import Card, Flow, PlanScene, StageHead
from pipeline.report.pictures.plan_layout import HEAD, PlanLayout, line_width, plan_layout
from pipeline.report.pictures.routes import Box, Route, label_place
from pipeline.report.pictures.svg import Picture, el, fitted, group, length, num, text, text_width, wrapped
from pipeline.report.signs import (
    BAND,
    CHEVRON,
    FAINT,
    FLOWS,
    HAIR,
    INK,
    LEFT_HERE,
    PALE_BLUE,
    PAPER,
    SOFT,
    Sign,
    mixed,
)

CHIP_H = 18.0


def plan_picture(scene: PlanScene, language: Language) -> Picture:
    """Draw a scene."""
    places = plan_layout(scene)
    most = max((flow.n for flow in scene.flows), default=0)
    parts = [
        *(_column(box) for box in places.columns),
        *(_head(stage, box) for stage, box in zip(scene.stages, places.columns, strict=True)),
        *_lanes(places, language),
        *(_flow(flow, route, most) for flow, route in _weakest_first(scene, places)),
        *(_planned(route) for route in places.planned),
        *(_card(card, places.boxes[card.id]) for card in scene.cards),
        *(_marks(card, places.boxes[card.id]) for card in scene.cards),
        *_labels(scene, places),
    ]
    return Picture(places.width, places.height, "".join(parts), language.t("The plan with the log laid over it"))


def _weakest_first(scene: PlanScene, places: PlanLayout) -> list[tuple[Flow, Route]]:
    """Put the strongest last, so that they lie on top."""
    return sorted(zip(scene.flows, places.routes, strict=True), key=lambda pair: (pair[0].status != "ok", pair[0].n))


def _column(box: Box) -> str:
    return el("rect", x=box.left, y=HEAD + 6, width=box.w, height=box.h - HEAD - 6, rx=8.0, fill=BAND)


def _head(stage: StageHead, box: Box) -> str:
    """Draw the head of a column: a chevron with name, journeys, share and a bar of those that got as far."""
    x0, x1, tip = box.left - 2, box.right - 4, 11.0
    shape = f"M{num(x0)} 0H{num(x1)}L{num(x1 + tip)} {num(HEAD / 2)}L{num(x1)} {num(HEAD)}H{num(x0)}"
    shape += f"L{num(x0 + tip)} {num(HEAD / 2)}Z"
    room = box.w - 44
    used = text_width(stage.text, 11.5)
    bar = {"y": 38.0, "height": 5.0, "rx": 2.5, "x": x0 + 24}
    return group(
        [
            el("path", d=shape, fill=CHEVRON),
            text(x0 + 24, 25, fitted(stage.title, 14, room - used - 8, bold=True), size=14, fill=INK, bold=True),
            text(x1 - 12, 25, stage.text, size=11.5, fill=SOFT, anchor="end"),
            el("rect", **bar, width=room, fill=mixed(SLATE, 0.25)),
            el("rect", **bar, width=length(room, stage.share), fill=SLATE),
        ],
        stage.title,
    )


def _lanes(places: PlanLayout, language: Language) -> list[str]:
    lanes = (
        (places.lane, VIOLET, language.t("Not in the plan")),
        (places.anytime, SOFT, language.t("May happen at any time")),
    )
    return [
        el(
            "line",
            x1=16.0,
            x2=places.width - 16,
            y1=y,
            y2=y,
            stroke=colour,
            stroke_width=1.3,
            stroke_dasharray="2 5",
            stroke_opacity=0.6,
        )
        + text(22, y + 17, word, size=11.5, fill=colour, bold=True)
        for y, colour, word in lanes
        if y is not None
    ]


def _flow(flow: Flow, route: Route, most: int) -> str:
    sign, width = FLOWS[flow.status], line_width(flow.n, most)
    width = min(width, 3.2) if flow.source == flow.target else width
    line = el(
        "path",
        d=route.path,
        fill="none",
        stroke=sign.colour,
        stroke_width=width,
        stroke_dasharray=sign.dash or None,
        stroke_opacity=0.62 if flow.status == "ok" else None,
    )
    return line + el("path", d=route.arrow, fill=sign.colour, fill_opacity=0.62 if flow.status == "ok" else None)


def _planned(route: Route) -> str:
    return el("path", d=route.path, fill="none", stroke=mixed(INK, 0.5), stroke_width=1.1, stroke_dasharray="5 4")


def _card(card: Card, box: Box) -> str:
    ghost, unseen = card.kind == "ghost", card.kind == "unmeasured"
    edge = VIOLET if ghost else FLOWS["skip"].colour if card.often_missed else FAINT if unseen else HAIR
    frame = el(
        "rect",
        x=box.left,
        y=box.top,
        width=box.w,
        height=box.h,
        rx=9.0,
        fill=mixed(VIOLET, 0.05) if ghost else PAPER,
        stroke=edge,
        stroke_width=1.3,
        stroke_dasharray="5 4" if ghost or unseen else None,
    )
    x, room = box.left + 12, box.w - 24
    flag = 15.0 if card.milestone else 0.0
    lines = wrapped(card.title, 12.5, room - flag, 2, bold=True)
    y = box.top + (20 if len(lines) > 1 else 27)
    said = [
        text(x + flag, y + 15 * k, line, size=12.5, fill=SOFT if unseen else INK, bold=True)
        for k, line in enumerate(lines)
    ]
    if card.milestone:
        said.append(el("path", d=f"M{num(x + 4.5)} {num(y - 9.5)}l4.500 5-4.500 5-4.500-5Z", fill=BLUE))
    said.append(text(x, box.bottom - 21, card.text, size=11.5, fill=SOFT))
    return group([frame, *said, *([] if unseen else _bar(card, box))], card.title)


def _bar(card: Card, box: Box) -> list[str]:
    colour = VIOLET if card.kind == "ghost" else BLUE
    bar = {"x": box.left + 12, "y": box.bottom - 12, "height": 4.0, "rx": 2.0}
    room = box.w - 24
    return [
        el("rect", **bar, width=room, fill=mixed(colour, 0.16) if card.kind == "ghost" else PALE_BLUE),
        el("rect", **bar, width=length(room, card.share), fill=colour),
    ]


def _marks(card: Card, box: Box) -> str:
    """Draw the pill of those who left here, and the badge of those who went past it."""
    parts = []
    if card.left_text:
        colours = (WINE, PAPER, WINE) if card.most_left else (mixed(WINE, 0.11), WINE, PAPER)
        parts.append(_chip(box.left + 10, box.bottom + 3, LEFT_HERE, card.left_text, *colours))
    if card.missed_text:
        sign = FLOWS["skip"]
        wide = _chip_width(card.missed_text)
        colours = (mixed(sign.colour, 0.16), mixed(sign.colour, 0.6, INK), PAPER)
        parts.append(_chip(box.right - wide - 8, box.bottom - 25, sign, card.missed_text, *colours))
    return "".join(parts)


def _labels(scene: PlanScene, places: PlanLayout) -> list[str]:
    """Put the number of each flow beside its line, where it covers neither cards nor other labels."""
    taken = [*places.boxes.values()]
    taken += [Box(b.x - 36, b.bottom + 3, 90, CHIP_H) for b in places.boxes.values()]
    taken += [Box(column.x, HEAD / 2, column.w, HEAD) for column in places.columns]
    parts = []
    for flow, route in reversed(_weakest_first(scene, places)):
        sign = FLOWS[flow.status]
        wide = _chip_width(flow.text, bool(sign.glyph))
        place = label_place(route, wide + 4, CHIP_H + 3, taken)
        taken.append(place)
        ink = SOFT if flow.status == "ok" else mixed(sign.colour, 0.75, INK)
        edge = HAIR if flow.status == "ok" else sign.colour
        parts.append(_chip(place.x - wide / 2, place.y, sign, flow.text, PAPER, ink, edge))
    return parts


def _chip_width(said: str, glyph: bool = True) -> float:
    return text_width(said, 10.5, bold=True) + (26 if glyph else 13)


def _chip(x: float, y: float, sign: Sign, said: str, fill: str, ink: str, edge: str) -> str:
    """Draw a pill with a glyph and a number; `y` is its middle."""
    wide = _chip_width(said, bool(sign.glyph))
    top = y - CHIP_H / 2
    parts = [el("rect", x=x, y=top, width=wide, height=CHIP_H, rx=CHIP_H / 2, fill=fill, stroke=edge, stroke_width=1.0)]
    if sign.glyph:
        parts.append(glyph(sign, x + 6, y - 6, 12, ink))
    parts.append(text(x + (20 if sign.glyph else 6.5), y + 3.8, said, size=10.5, fill=ink, bold=True))
    return "".join(parts)
