"""Which touchpoint may follow which by the plan: the links to draw, and all that are allowed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mining.automaton import Automaton
from mining.journey_map import JourneyMap, Step, Touchpoint

Link = tuple[str, str]


def spine(plan: JourneyMap) -> list[Link]:
    """Give the links of the plan as one would draw it: every step in its written order, choices side by side.

    What the plan allows besides (leaving out what is optional, another order, a return) is no part of it.

    Examples
    --------
    >>> steps = "{id: a}, {choice: [{id: b}, {id: c}]}, {id: d, events: D}"
    >>> spine(JourneyMap.parse(f"{{id: m, goal: d, stages: [{{id: s, steps: [{steps}]}}]}}"))
    [('a', 'b'), ('a', 'c'), ('b', 'd'), ('c', 'd')]
    """
    links: list[Link] = []
    _sequence([step for stage in plan.stages for step in stage.steps], [], links)
    return list(dict.fromkeys(links))


def _sequence(steps: Sequence[Step], before: list[str], links: list[Link]) -> list[str]:
    """Add the links of steps that come one after another; give the touchpoints they end with."""
    for step in steps:
        before = _step(step, before, links)
    return before


def _step(step: Step, before: list[str], links: list[Link]) -> list[str]:
    if isinstance(step, Touchpoint):
        links += [(source, step.id) for source in before]
        return [step.id]
    if step.kind == "choice":
        return [end for option in step.steps for end in _step(option, before, links)]
    return _sequence(step.steps, before, links)


def allowed(automaton: Automaton) -> set[Link]:
    """Give every pair of touchpoints that can follow one another on a path of the plan.

    Touchpoints that cannot be seen in a log are no part of it.
    """
    follows: set[Link] = set()
    for state in range(automaton.n_states):
        into = np.unique(automaton.label[automaton.target == state])
        out = np.unique(automaton.label[automaton.source == state])
        follows |= {(automaton.labels[a], automaton.labels[b]) for a in into for b in out}
    return follows
