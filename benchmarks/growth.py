"""How the time of an alignment grows: ``python -m benchmarks.growth``.

Over four decades each: the nodes of the trie of variants against the plan of 30 touchpoints, and the edges of an
automaton (a chain of touchpoints that may be passed by) against the same paths. The best of three counts. Writes
``benchmarks/out/growth.json`` and draws ``docs/pictures/growth.svg``.
"""

from __future__ import annotations

import json
import sys
import time
from math import log10
from pathlib import Path

import numpy as np

from mining.alignment import Paths, align
from mining.automaton import Automaton, compile_map
from mining.journey_map import JourneyMap
from mining.warm_up import warm_up

ROOT = Path(__file__).resolve().parents[1]
PLAN = Path(__file__).with_name("generated.yaml")
PICTURE = ROOT / "docs" / "pictures" / "growth.svg"
REPORT = ROOT / "benchmarks" / "out" / "growth.json"
NODES, EDGES = range(3, 8), range(1, 6)  # powers of ten
LENGTH, REPEATS = 12, 3
LEFT, BASE, WIDTH = 60, 200, 340  # where the axes of a picture meet, and from one picture to the next
STYLE = (
    "text{font:12px sans-serif;fill:#777}tspan{font-size:9px}polyline{fill:none;stroke-width:1.5}circle{fill:#2f6fde}"
    ".axis{stroke:#999}.seen{stroke:#2f6fde}.ideal{stroke:#999;stroke-dasharray:4 4}"
)

Points = list[tuple[int, float]]


def walks(n: int, labels: int) -> Paths:
    """Draw `n` paths, sorted; heavy-tailed steps, so that neighbours share prefixes as real ones do."""
    rng = np.random.default_rng(20_251_122)
    steps = (rng.pareto(1.2, (n, LENGTH)) * 1.5).astype(np.int64).clip(0, labels - 1)
    symbols = np.cumsum(steps, axis=1) % labels
    symbols = symbols[np.lexsort(symbols.T[::-1])].astype(np.int32)
    return Paths(symbols.reshape(-1), np.arange(n + 1, dtype=np.int64) * LENGTH)


def trie_nodes(paths: Paths) -> int:
    """Count the nodes of the trie: the events that no path before shares."""
    symbols = paths.symbols.reshape(-1, LENGTH)
    differs = np.logical_or.accumulate(symbols[1:] != symbols[:-1], axis=1)
    return int(differs.sum()) + LENGTH


def chain(edges: int) -> Automaton:
    """Make a chain of touchpoints each of which may be passed by: two edges per state."""
    n = max(2, edges // 2)
    source = np.repeat(np.arange(n, dtype=np.int32), 2)[:-1]
    target = source + np.tile(np.array([1, 2], np.int32), n)[:-1]
    return Automaton(
        labels=tuple(str(number) for number in range(n + 1)),
        weights=np.ones(n + 1, np.int64),
        scale=1,
        source=source,
        label=target - 1,
        target=target,
        final=np.arange(n + 1) == n,
        past_goal=np.zeros(n + 1, dtype=bool),
    )


def seconds(paths: Paths, automaton: Automaton) -> float:
    """Give the best time of an alignment that may stop anywhere."""
    anywhere, none, best = np.ones(automaton.n_states, dtype=bool), np.zeros(len(paths.lengths), np.int64), np.inf
    for _ in range(REPEATS):
        started = time.perf_counter()
        align(paths, automaton, [anywhere], none)
        best = min(best, time.perf_counter() - started)
    return best


def by_nodes() -> Points:
    """Measure ever more paths against one plan."""
    automaton = compile_map(JourneyMap.read(PLAN))
    logs = (walks(10**power // LENGTH * 2, len(automaton.labels)) for power in NODES)
    return [(trie_nodes(paths), seconds(paths, automaton)) for paths in logs]


def by_edges() -> Points:
    """Measure the same number of paths against ever longer chains."""
    automata = [chain(10**power) for power in EDGES]
    return [(a.source.size, seconds(walks(500, min(len(a.labels), 1000)), a)) for a in automata]


def _at(x: float, y: float, scale: tuple[int, int, int, int]) -> str:
    """Place a point; `scale` are the powers of ten where the axes begin and end."""
    low_x, high_x, low_y, high_y = scale
    across, up = (log10(x) - low_x) / (high_x - low_x), (log10(y) - low_y) / (high_y - low_y)
    return f"{LEFT + across * 250:.1f},{BASE - up * 160:.1f}"


def _axes(scale: tuple[int, int, int, int]) -> list[str]:
    """Draw the axes with their powers of ten."""
    low_x, high_x, low_y, high_y = scale
    parts = [f'<polyline class="axis" points="{LEFT},40 {LEFT},{BASE} 310,{BASE}"/>']
    for power in range(low_x, high_x + 1):
        x = _at(10.0**power, 10.0**low_y, scale).split(",")[0]
        parts.append(f'<text x="{x}" y="{BASE + 18}" text-anchor="middle">10<tspan dy="-5">{power}</tspan></text>')
    for power in range(low_y, high_y + 1):
        y = _at(10.0**low_x, 10.0**power, scale).split(",")[1]
        parts.append(f'<text x="{LEFT - 6}" y="{y}" text-anchor="end">10<tspan dy="-5">{power}</tspan></text>')
    return parts


def _panel(points: Points) -> str:
    """Draw time over size, both by powers of ten; the dashed line is what grows in proportion."""
    (low_x, high_x), (low_y, high_y) = (
        (int(np.floor(log10(min(values)))), int(np.ceil(log10(max(values))))) for values in zip(*points, strict=True)
    )
    scale = (low_x, high_x, low_y, high_y)
    (first, _), (last, slowest) = points[0], points[-1]
    least = max(slowest * first / last, 10.0**low_y)
    ideal = f"{_at(least * last / slowest, least, scale)} {_at(last, slowest, scale)}"
    seen = [_at(*point, scale) for point in points]
    dots = ('<circle cx="{}" cy="{}" r="3"/>'.format(*point.split(",")) for point in seen)
    lines = f'<polyline class="ideal" points="{ideal}"/><polyline class="seen" points="{" ".join(seen)}"/>'
    return "".join((*_axes(scale), lines, *dots))


def picture(panels: dict[str, Points]) -> str:
    """Draw the panels side by side, each under its title."""
    said = "Seconds of an alignment over its size, both by powers of ten; the dashed line grows in proportion."
    parts = [
        f'<g transform="translate({n * WIDTH} 0)"><text x="{LEFT}" y="24">{title}</text>{_panel(points)}</g>'
        for n, (title, points) in enumerate(panels.items())
    ]
    size = f'viewBox="0 0 {WIDTH * len(panels)} 230" width="{WIDTH * len(panels)}" height="230"'
    opened = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img"><title>{said}</title><style>{STYLE}</style>'
    return "\n".join((opened, *parts, "</svg>\n"))


def main() -> int:
    """Measure, write and draw."""
    warm_up()
    panels = {"seconds over nodes of the trie": by_nodes(), "seconds over edges of the automaton": by_edges()}
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(json.dumps(panels, indent=1), encoding="utf-8")
    PICTURE.write_text(picture(panels), encoding="utf-8")
    sys.stdout.write(json.dumps(panels) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
