"""The nodes of a plan with the log laid over it: touchpoints, activities off the plan by stage, start and end."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

START, END = "start", "end"


def touchpoint_node(touchpoint: str) -> str:
    """Give the node of a touchpoint; no activity has one like it."""
    return f"t:{touchpoint}"


def ghost_node(stage: str, activity: str) -> str:
    """Give the node of an activity that the plan does not know, in the stage where it happens."""
    return f"x:{stage}:{activity}"


def other_node(stage: str) -> str:
    """Give the node of all rare activities that the plan does not know, in the stage where they happen."""
    return f"o:{stage}"


def numbered(
    touchpoints: list[str],
    activities: Sequence[str],
    stages: Sequence[str],
    shown: Collection[tuple[str, str]] | None,
) -> tuple[list[str], np.ndarray]:
    """Name all nodes, and number that of each activity in each stage where the plan does not know it.

    Parameters
    ----------
    touchpoints : list of str
        Those of the plan; they have the first numbers.
    activities, stages : sequence of str
        Of the log, and of the plan.
    shown : collection of (stage, activity), optional
        The activities off the plan with a node of their own; all by default. The others of a stage share one.

    Returns
    -------
    list of str
        The nodes; the start and the end are the last two.
    (activities, stages) int32 array
        The number of each activity off the plan, by stage.
    """
    names = [touchpoint_node(touchpoint) for touchpoint in touchpoints]
    ghost_of = np.zeros((max(len(activities), 1), len(stages)), dtype=np.int32)
    number: dict[str, int] = {}
    for a, activity in enumerate(activities):
        for s, stage in enumerate(stages):
            own = shown is None or (stage, activity) in shown
            node = ghost_node(stage, activity) if own else other_node(stage)
            ghost_of[a, s] = number.setdefault(node, len(names) + len(number))
    return [*names, *number, START, END], ghost_of
