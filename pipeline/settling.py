"""What should be settled in a log before anything else: names that are one name, and rows that came twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mining.lookalikes import lookalikes
from mining.recipe import Group, Recipe, Step
from pipeline.chain import chain
from pipeline.definition import Definition
from pipeline.rebuild import recorded_activities
from pipeline.store import Workspace

__all__ = ["ToSettle", "one_name", "to_settle", "with_copies", "with_names"]


@dataclass(frozen=True)
class ToSettle:
    """What is to be settled, and what was settled in the same way and can be taken back.

    Attributes
    ----------
    names : tuple of Group
        A step for each group of names that differ only in writing.
    taken : tuple of Group
        Such steps that the recipe has.
    copies : int
        Events that equal an earlier one, and count.
    left_out : int
        Rows that are left out, since they equal an earlier one.
    """

    names: tuple[Group, ...]
    taken: tuple[Group, ...]
    copies: int
    left_out: int

    def __bool__(self) -> bool:
        return bool(self.names or self.taken or self.copies or self.left_out)


def to_settle(ws: Workspace) -> ToSettle:
    """Look for it in a workspace that holds a log."""
    meant = ws.definition
    recorded = list(recorded_activities(ws).select("name", "n_events").iter_rows())
    offered = one_name(recorded, ())
    taken = tuple(step for step in offered if step in meant.recipe.steps)
    dropped = meant.duplicates == "drop"
    found = None if dropped else ws.run("quality_duplicates", n=1)
    copies = 0 if found is None or found.is_empty() else int(found["n_all"][0])
    return ToSettle(
        tuple(one_name(recorded, meant.recipe.steps)), taken, copies, chain(ws).duplicates if dropped else 0
    )


def one_name(recorded: Sequence[tuple[str, int]], steps: Sequence[Step]) -> list[Group]:
    """Give a step for each group of names that differ only in writing, after some steps; most frequent first.

    Parameters
    ----------
    recorded : sequence of (str, int)
        Activities as they were recorded, with their events.

    Examples
    --------
    >>> one_name([("Sign up", 7), ("SIGN UP", 2), ("Pay", 5)], ())
    [Group(activities=('SIGN UP',), target='Sign up')]
    """
    recipe, counts = Recipe(tuple(steps)), dict[str, int]()
    for name, n in recorded:
        after = recipe.after(name)
        if after is not None:
            counts[after] = counts.get(after, 0) + n
    return [
        Group(tuple(name for name, _n in group.names if name != group.common), group.common)
        for group in lookalikes(counts)
    ]


def with_names(meant: Definition, found: ToSettle, *, together: bool) -> Definition:
    """Give the definition that takes the names of `found` together, or no longer does."""
    if together:
        return replace(meant, recipe=Recipe((*meant.recipe.steps, *found.names)))
    return replace(meant, recipe=Recipe(tuple(step for step in meant.recipe.steps if step not in found.taken)))


def with_copies(meant: Definition, *, kept: bool) -> Definition:
    """Give the definition that keeps rows that equal an earlier one, or leaves them out."""
    return replace(meant, duplicates="keep" if kept else "drop")
