"""An independent, slow and simple judge of maps and alignments: it shares no code with the automaton or the kernel.

A map is judged through a regular expression over one letter per touchpoint; alignments through a search over
(position, derivative of the expression).
"""

from __future__ import annotations

import heapq
import itertools
import re
from functools import cache

from mining.journey_map import JourneyMap, Step, Touchpoint


def regex(plan: JourneyMap) -> str:
    """Write the map as a regular expression over one letter per touchpoint; stages that return are not covered."""
    letters = {t.id: chr(ord("a") + n) for n, t in enumerate(plan.touchpoints())}

    def of(step: Step) -> str:
        if isinstance(step, Touchpoint):
            inner = letters[step.id] if step.events else ""
        elif step.kind == "choice":
            inner = "|".join(of(s) for s in step.steps)
        elif step.kind == "sequence":
            inner = "".join(of(s) for s in step.steps)
        else:
            inner = "|".join("".join(of(s) for s in order) for order in itertools.permutations(step.steps))
        inner = f"(?:{inner})"
        if step.repeatable:
            inner = f"(?:{inner})+"
        return f"(?:{inner})?" if step.optional else inner

    parts = []
    for stage in plan.stages:
        body = "(?:" + "".join(of(s) for s in stage.steps) + ")"
        parts.append(body + ("?" if stage.may_skip else ""))
    return "".join(parts)


def words(pattern: str, letters: str, longest: int) -> set[str]:
    """Give every word of the language up to a length."""
    matcher = re.compile(pattern)
    return {
        "".join(word)
        for n in range(longest + 1)
        for word in itertools.product(letters, repeat=n)
        if matcher.fullmatch("".join(word))
    }


def edit_cost(path: str, word: str, weight: dict[str, float] | None = None) -> float:
    """Give the cheapest edit of `path` into `word` by dropping events (1 each) and adding steps (their weight)."""

    @cache
    def cost(i: int, j: int) -> float:
        options = []
        if i < len(path):
            options.append(1 + cost(i + 1, j))
        if j < len(word):
            options.append((weight or {}).get(word[j], 1.0) + cost(i, j + 1))
        if i < len(path) and j < len(word) and path[i] == word[j]:
            options.append(cost(i + 1, j + 1))
        return min(options, default=0.0)

    return cost(0, 0)


def dijkstra(edges: list[tuple[int, str, int]], accept: set[int], path: str, weight: dict[str, float]) -> float:
    """Give the alignment cost by a search over (events read, state); every edge may be matched or inserted."""
    best = {(0, 0): 0.0}
    queue = [(0.0, 0, 0)]
    while queue:
        cost, read, state = heapq.heappop(queue)
        if cost > best[read, state]:
            continue
        if read == len(path) and state in accept:
            return cost
        following = [(cost + 1, read + 1, state)] if read < len(path) else []
        for source, letter, target in edges:
            if source == state:
                following.append((cost + weight[letter], read, target))
                if read < len(path) and path[read] == letter:
                    following.append((cost, read + 1, target))
        for item in following:
            if item[0] < best.get(item[1:], float("inf")):
                best[item[1:]] = item[0]
                heapq.heappush(queue, item)
    return float("inf")
