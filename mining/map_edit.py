"""A map with all of its touchpoints changed alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from mining.journey_map import JourneyMap, Step, Touchpoint


def with_each_touchpoint(plan: JourneyMap, change: Callable[[Touchpoint], Touchpoint]) -> JourneyMap:
    """Put every touchpoint of a map, those of blocks and of `anywhere` too, through `change`."""

    def of(step: Step) -> Step:
        return change(step) if isinstance(step, Touchpoint) else replace(step, steps=tuple(map(of, step.steps)))

    return replace(
        plan,
        stages=tuple(replace(stage, steps=tuple(map(of, stage.steps))) for stage in plan.stages),
        anywhere=tuple(map(change, plan.anywhere)),
    )
