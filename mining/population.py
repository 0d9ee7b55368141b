"""The journeys that deviations are counted in: one by one, or all journeys of a path together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from mining.deviations import PathDeviations


@dataclass(frozen=True)
class Units:
    """What deviations are told of: journeys one by one, or all journeys of a path together.

    Attributes
    ----------
    of : (journeys,) int array
        The unit of each journey.
    size, closed, converted : (units,) arrays
        Its journeys; those that are not open any more; those that reached the goal.
    place, stage : (units,) int arrays
        How far it got (see `mining.deviations.PathDeviations`).
    won : int array
        The units of the journeys of which the time to the goal is known, by that time.
    timed : (units,) int array
        How many of these each unit has.
    """

    of: np.ndarray
    size: np.ndarray
    closed: np.ndarray
    converted: np.ndarray
    place: np.ndarray
    stage: np.ndarray
    won: np.ndarray
    timed: np.ndarray

    @cached_property
    def at_place(self) -> Callable[[int], There]:
        """What gives the units that got to a place."""
        return _counted(self, self.place)

    @cached_property
    def at_stage(self) -> Callable[[int], There]:
        """What gives the units that got to a stage."""
        return _counted(self, self.stage)


@dataclass(frozen=True)
class Population:
    """The journeys that deviations are counted in, as columns of one order.

    Attributes
    ----------
    journey_id, key : polars.Series
        Who they are; in the order of keys.
    path : (journeys,) int array
        The path each journey took.
    closed, converted : (journeys,) bool arrays
        Whether it is not open any more; whether it reached the goal.
    won : int array
        The journeys of which the time to the goal is known, by that time.
    won_s : float array
        These times in seconds.
    place_of_path, stage_of_path : (paths,) int arrays
        The furthest place and stage that a path got to (see `mining.deviations.PathDeviations`).
    """

    journey_id: pl.Series
    key: pl.Series
    path: np.ndarray
    closed: np.ndarray
    converted: np.ndarray
    won: np.ndarray
    won_s: np.ndarray
    place_of_path: np.ndarray
    stage_of_path: np.ndarray

    @classmethod
    def of(cls, journeys: pl.DataFrame, found: PathDeviations) -> Population:
        """Join journeys (journey_id, key, path, outcome, to_goal_s) with how far their paths got."""
        to_goal_s = journeys["to_goal_s"].to_numpy()
        known = np.flatnonzero(~np.isnan(to_goal_s))
        won = known[np.argsort(to_goal_s[known], kind="stable")]
        return cls(
            journey_id=journeys["journey_id"],
            key=journeys["key"],
            path=journeys["path"].to_numpy(),
            closed=(journeys["outcome"] != "open").to_numpy(),
            converted=(journeys["outcome"] == "converted").to_numpy(),
            won=won,
            won_s=to_goal_s[won],
            place_of_path=found.place,
            stage_of_path=found.stage,
        )

    def __len__(self) -> int:
        return len(self.path)

    def beyond(self, at: np.ndarray) -> np.ndarray:
        """Count the journeys of the paths whose place or stage is that or further, for every number there is."""
        return _beyond(at, self.paths.size)

    @cached_property
    def paths(self) -> Units:
        """The journeys of each path together."""
        n = len(self.place_of_path)
        return Units(
            of=self.path,
            size=np.bincount(self.path, minlength=n),
            closed=np.bincount(self.path[self.closed], minlength=n),
            converted=np.bincount(self.path[self.converted], minlength=n),
            place=self.place_of_path,
            stage=self.stage_of_path,
            won=self.path[self.won],
            timed=np.bincount(self.path[self.won], minlength=n),
        )

    @cached_property
    def journeys(self) -> Units:
        """Each journey by itself."""
        n = len(self)
        return Units(
            of=np.arange(n, dtype=np.uint32),
            size=np.broadcast_to(True, n),
            closed=self.closed,
            converted=self.converted,
            place=self.place_of_path[self.path],
            stage=self.stage_of_path[self.path],
            won=self.won.astype(np.uint32),
            timed=np.bincount(self.won, minlength=n),
        )


@dataclass(frozen=True)
class There:
    """The units that a deviation is looked for in, and how many closed, converted and timed journeys they have."""

    mask: np.ndarray
    closed: int
    converted: int
    timed: int

    @classmethod
    def of(cls, units: Units, mask: np.ndarray) -> There:
        """Count the journeys of some units."""
        return cls(mask, *(int(those[mask].sum()) for those in (units.closed, units.converted, units.timed)))


def _counted(units: Units, at: np.ndarray) -> Callable[[int], There]:
    """Count the journeys of the units whose `at` is a number or more, for all numbers in one go."""
    counts = [_beyond(at, those) for those in (units.closed, units.converted, units.timed)]

    def there(number: int) -> There:
        return There(at >= number, *(int(those[number]) if number < len(those) else 0 for those in counts))

    return there


def _beyond(at: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Sum up the weights of those whose number is that or more, for every number there is."""
    return np.bincount(at, weights=weights)[::-1].cumsum()[::-1].astype(np.int64)
