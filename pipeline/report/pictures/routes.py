"""Lines between boxes: where they leave and arrive, how they bend, and where their labels find room."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.report.pictures.svg import num

Point = tuple[float, float]
CORNER = 13.0
SAMPLES = 24


@dataclass(frozen=True)
class Box:
    """A rectangle, by its centre."""

    x: float
    y: float
    w: float
    h: float

    @property
    def left(self) -> float:
        """Where it begins."""
        return self.x - self.w / 2

    @property
    def right(self) -> float:
        """Where it ends."""
        return self.x + self.w / 2

    @property
    def top(self) -> float:
        """Its upper edge."""
        return self.y - self.h / 2

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.y + self.h / 2

    def overlap(self, other: Box) -> float:
        """Give the area that two boxes share."""
        across = min(self.right, other.right) - max(self.left, other.left)
        along = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across * along if across > 0 and along > 0 else 0.0


@dataclass(frozen=True)
class Route:
    """A line with an arrow at its end.

    Attributes
    ----------
    path : str
        For the attribute ``d``; it ends inside the arrow.
    arrow : str
        The corners of the arrow.
    points : sequence of points
        Along the line, for labels.
    """

    path: str
    arrow: str
    points: tuple[Point, ...]


def curve(start: Point, first: Point, second: Point, end: Point, width: float) -> Route:
    """Draw a cubic curve."""
    end_of_line, arrow = _tip(second, end, width)
    points = tuple(_on_curve(start, first, second, end, k / SAMPLES) for k in range(SAMPLES + 1))
    path = f"M{_p(start)}C{_p(first)} {_p(second)} {_p(end_of_line)}"
    return Route(path, arrow, points)


def bends(corners: Sequence[Point], width: float) -> Route:
    """Draw straight pieces with round corners between them."""
    end_of_line, arrow = _tip(corners[-2], corners[-1], width)
    path = f"M{_p(corners[0])}"
    for before, here, after in zip(corners, corners[1:], corners[2:], strict=False):
        radius = min(CORNER, _length(before, here) / 2, _length(here, after) / 2)
        path += f"L{_p(_towards(here, before, radius))}Q{_p(here)} {_p(_towards(here, after, radius))}"
    points = tuple(_towards(a, b, _length(a, b) * k / 8) for a, b in pairwise(corners) for k in range(9))
    return Route(f"{path}L{_p(end_of_line)}", arrow, points)


def label_place(route: Route, width: float, height: float, taken: Iterable[Box]) -> Box:
    """Find the place on a line, nearest to its middle, where a label covers least of what is there."""
    known = list(taken)
    middle = (len(route.points) - 1) / 2
    order = sorted(range(1, len(route.points) - 1), key=lambda k: (abs(k - middle), k)) or [0]
    best, least = Box(*route.points[order[0]], width, height), math.inf
    for k in order:
        place = Box(*route.points[k], width, height)
        covered = sum(place.overlap(box) for box in known)
        if covered < least:
            best, least = place, covered
        if not covered:
            break
    return best


def spread(sizes: Sequence[float], room: float) -> list[float]:
    """Put lines of these widths side by side within `room`, around 0; give the middle of each."""
    total = sum(sizes)
    shrink = min(1.0, room / total) if total else 1.0
    places, used = [], -total * shrink / 2
    for size in sizes:
        places.append(used + size * shrink / 2)
        used += size * shrink
    return places


def _tip(before: Point, end: Point, width: float) -> tuple[Point, str]:
    """Give where the line ends, inside the arrow, and the corners of the arrow."""
    length, half = 6.0 + width * 0.9, 3.4 + width * 0.6
    reach = _length(before, end) or 1.0
    dx, dy = (end[0] - before[0]) / reach, (end[1] - before[1]) / reach
    back = (end[0] - dx * length, end[1] - dy * length)
    inside = (end[0] - dx * length * 0.75, end[1] - dy * length * 0.75)
    corners = (end, (back[0] - dy * half, back[1] + dx * half), (back[0] + dy * half, back[1] - dx * half))
    return inside, "M" + "L".join(_p(corner) for corner in corners) + "Z"


def _on_curve(a: Point, b: Point, c: Point, d: Point, t: float) -> Point:
    weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
    x, y = (sum(w * p[k] for w, p in zip(weights, (a, b, c, d), strict=True)) for k in (0, 1))
    return x, y


def _towards(start: Point, end: Point, by: float) -> Point:
    whole = _length(start, end) or 1.0
    return start[0] + (end[0] - start[0]) * by / whole, start[1] + (end[1] - start[1]) * by / whole


def _length(a: Point, b: Point) -> float:
    return math.hypot(b[0] - a[0], b[1] - a[1])


def _p(point: Point) -> str:
    return f"{num(point[0])} {num(point[1])}"
