"""Where the parts of the picture of the plan stand: stages are columns, cards are stacked in planned order.

A lane below holds what nobody planned, in the column of the stage where it happens. Flows to the next column are
curves, within one column straight or side arcs, farther ahead they pass above the cards, farther back beneath them.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from pipeline.report.pictures.plan_data import Card, Flow, PlanScene
from pipeline.report.pictures.routes import Box, Point, Route, bends, curve, spread

CARD_W, CARD_H, GAP, GHOST_GAP, GUTTER = 174.0, 76.0, 42.0, 38.0, 104.0
HEAD, PAD, LANE = 56.0, 14.0, 46.0
CHANNEL = 6.0  # between two lines that run side by side
LOOP = 42.0  # above the first card, for its loop
MOST_BULGE, MOST_UNDER = 40.0, 26.0  # of what goes around cards, within a gutter and below the last row
WIDEST, THINNEST = 9.5, 1.5
SIDES = {
    "down": ("bottom", "top"),
    "downside": ("right", "right"),
    "upside": ("left", "left"),
    "next": ("right", "left"),
    "far": ("right", "left"),
    "back": ("left", "right"),
    "farback": ("left", "right"),
}


@dataclass(frozen=True)
class PlanLayout:
    """Places of everything.

    Attributes
    ----------
    width, height : float
        Of the whole picture.
    columns : tuple of Box
        The bands of the stages, heads included.
    boxes : dict
        Of the cards, by id.
    routes : tuple
        One for each flow of the scene, in its order.
    planned : tuple
        One for each planned link with both cards in a column, in the order of the scene.
    lane : float or None
        Where the lane of the unplanned begins.
    anytime : float or None
        Where the lane of what may happen at any time begins.
    """

    width: float
    height: float
    columns: tuple[Box, ...]
    boxes: dict[str, Box]
    routes: tuple[Route, ...]
    planned: tuple[Route, ...]
    lane: float | None
    anytime: float | None


def line_width(n: int, most: int) -> float:
    """Give the width of a flow by its journeys."""
    return THINNEST + (WIDEST - THINNEST) * (n / most) ** 0.75 if most else THINNEST


def plan_layout(scene: PlanScene) -> PlanLayout:
    """Place all parts of a scene."""
    return _Layout(scene).done()


class _Layout:
    """The places found so far."""

    def __init__(self, scene: PlanScene) -> None:
        self.scene = scene
        self.n_columns = len(scene.stages)
        self.column_of = {card.id: card.column for card in scene.cards if card.column is not None}
        # Flows first, then the planned links that no flow covers: these take their ports beside them.
        taken = {(flow.source, flow.target) for flow in scene.flows}
        bare = [Flow(a, b, "planned", 0, "") for a, b in scene.planned if (a, b) not in taken]
        self.links = [f for f in (*scene.flows, *bare) if f.source in self.column_of and f.target in self.column_of]
        self.most = max((flow.n for flow in scene.flows), default=0)
        far = [number for number, flow in enumerate(self.links) if self._span(flow) > 1]
        self.top = LOOP + sum(self._room(number) for number in far)
        self.boxes: dict[str, Box] = {}
        self.lane: float | None = None
        self.anytime: float | None = None
        self._place_cards()
        self.kinds = [self._kind(flow) for flow in self.links]
        self.ports = self._ports()

    def _span(self, flow: Flow) -> int:
        return self.column_of[flow.target] - self.column_of[flow.source]

    def _x(self, column: int) -> float:
        return PAD + GUTTER / 2 + CARD_W / 2 + column * (CARD_W + GUTTER)

    def _place_cards(self) -> None:
        stacks: dict[tuple[int, bool], list[Card]] = defaultdict(list)
        for card in self.scene.cards:
            if card.column is not None:
                stacks[card.column, card.kind == "ghost"].append(card)
        rows = max((len(stack) for (_, ghost), stack in stacks.items() if not ghost), default=1)
        ghost_rows = max((len(stack) for (_, ghost), stack in stacks.items() if ghost), default=0)
        first = HEAD + self.top + CARD_H / 2
        self.planned_end = first + (rows - 1) * (CARD_H + GAP) + CARD_H / 2
        self.end = self.planned_end + 40
        first_ghost = self.planned_end + LANE + 30 + CARD_H / 2
        for (column, ghost), stack in stacks.items():
            for row, card in enumerate(stack):
                y = (first_ghost if ghost else first) + row * (CARD_H + (GHOST_GAP if ghost else GAP))
                self.boxes[card.id] = Box(self._x(column), y, CARD_W, CARD_H)
        if ghost_rows:
            self.lane = self.planned_end + LANE
            self.end = first_ghost + (ghost_rows - 1) * (CARD_H + GHOST_GAP) + CARD_H / 2 + 30
        self._place_anytime()

    def _place_anytime(self) -> None:
        """Put what may happen at any time in rows below all else."""
        cards = [card for card in self.scene.cards if card.column is None]
        if not cards:
            return
        self.anytime = self.end + 10
        for number, card in enumerate(cards):
            row, column = divmod(number, self.n_columns)
            self.boxes[card.id] = Box(
                self._x(column), self.anytime + 34 + CARD_H / 2 + row * (CARD_H + GHOST_GAP), CARD_W, CARD_H
            )
        self.end = self.boxes[cards[-1].id].bottom + 30

    def _kind(self, flow: Flow) -> str:
        a, b, span = self.boxes[flow.source], self.boxes[flow.target], self._span(flow)
        if flow.source == flow.target:
            return "self"
        if span:
            return "next" if span == 1 else "far" if span > 1 else "back" if span == -1 else "farback"
        low, high = sorted((a.y, b.y))
        between = any(box.x == a.x and low < box.y < high for box in self.boxes.values())
        return "upside" if b.y < a.y else "downside" if between else "down"

    def _ports(self) -> dict[tuple[int, int], Point]:
        """Spread the ends of all lines along the sides of the cards, in the order of their far ends."""
        ends: dict[tuple[str, str], list[tuple[float, int, int]]] = defaultdict(list)
        for number, (flow, kind) in enumerate(zip(self.links, self.kinds, strict=True)):
            for which, (me, other) in enumerate(((flow.source, flow.target), (flow.target, flow.source))):
                if kind != "self":
                    far = self.boxes[other]
                    side = SIDES[kind][which]
                    if side in ("top", "bottom"):
                        rank = far.x
                    else:  # arcs of one column go outermost
                        outer = 1e4 if kind in ("downside", "upside") else 1.0
                        rank = (far.y - self.boxes[me].y) * outer + far.x * 1e-3
                        rank = -1e7 if kind == "far" else 1e7 if kind == "farback" else rank
                    ends[me, side].append((rank, number, which))
        ports = {}
        for (node, side), group in ends.items():
            box = self.boxes[node]
            group.sort()
            room = 44.0 if side in ("top", "bottom") else box.h - 20
            offsets = spread([max(self._width(number), 7.0) + 3 for _, number, _ in group], room)
            for offset, (_, number, which) in zip(offsets, group, strict=True):
                ports[number, which] = {
                    "left": (box.left, box.y + offset),
                    "right": (box.right, box.y + offset),
                    "top": (box.x + offset, box.top),
                    "bottom": (box.x + offset, box.bottom),
                }[side]
        return ports

    def _room(self, number: int) -> float:
        """Give how far apart a line lies from the next one that runs beside it."""
        return self._width(number) + CHANNEL

    def _width(self, number: int) -> float:
        flow = self.links[number]
        return line_width(flow.n, self.most) if flow.n else 1.2

    def _route(self, number: int) -> Route:
        flow, kind, width = self.links[number], self.kinds[number], self._width(number)
        if kind == "self":
            box = self.boxes[flow.source]
            x, y = box.right - 34, box.top
            return curve((x - 11, y), (x - 25, y - 30), (x + 25, y - 30), (x + 11, y), min(width, 3.2))
        p, q = self.ports[number, 0], self.ports[number, 1]
        if kind == "down":
            half = (q[1] - p[1]) / 2
            return curve(p, (p[0], p[1] + half), (q[0], q[1] - half), q, width)
        if kind in ("next", "back"):
            bow = max(30.0, abs(q[0] - p[0]) * 0.52) * (1 if kind == "next" else -1)
            return curve(p, (p[0] + bow, p[1]), (q[0] - bow, q[1]), q, width)
        return bends(self._corners(number, p, q), width)

    def _corners(self, number: int, p: Point, q: Point) -> list[Point]:
        """Give the corners of a line that goes around other cards."""
        kind = self.kinds[number]
        peers = [k for k in range(number) if self.kinds[k] == kind]
        if kind in ("downside", "upside"):
            mine = self.boxes[self.links[number].source].x
            inner = [k for k in peers if self.boxes[self.links[k].source].x == mine]
            bulge = 18 + sum(self._room(k) for k in inner) % MOST_BULGE + self._room(number) / 2
            x = max(p[0], q[0]) + bulge if kind == "downside" else min(p[0], q[0]) - bulge
            return [p, (x, p[1]), (x, q[1]), q]
        used = sum(self._room(k) for k in peers) + self._room(number) / 2
        inset = 16 + used % MOST_BULGE
        if kind == "far":
            y = HEAD + 12 + used
            return [p, (p[0] + inset, p[1]), (p[0] + inset, y), (q[0] - inset, y), (q[0] - inset, q[1]), q]
        y = self.planned_end + 12 + used % MOST_UNDER
        return [p, (p[0] - inset, p[1]), (p[0] - inset, y), (q[0] + inset, y), (q[0] + inset, q[1]), q]

    def done(self) -> PlanLayout:
        """Give all places."""
        routes = [self._route(number) for number in range(len(self.links))]
        by_ends = {(flow.source, flow.target): route for flow, route in zip(self.links, routes, strict=True)}
        # A planned link lies beneath the flow of the same way, whichever its status.
        planned = [by_ends[link] for link in self.scene.planned if link in by_ends]
        step = CARD_W + GUTTER
        return PlanLayout(
            width=2 * PAD + step * self.n_columns,
            height=self.end + 8,
            columns=tuple(Box(self._x(k), self.end / 2, step - 8, self.end) for k in range(self.n_columns)),
            boxes=self.boxes,
            routes=tuple(
                routes[: sum(f.source in self.column_of and f.target in self.column_of for f in self.scene.flows)]
            ),
            planned=tuple(planned),
            lane=self.lane,
            anytime=self.anytime,
        )
