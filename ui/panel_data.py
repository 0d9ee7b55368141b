"""What the panel beside a picture says of what is chosen, as values: `ui.side_panel` draws it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from mining.following import following, journeys_at, sampled, since_before
from ui.language import _

EXAMPLES = 5
MOST_WAITS = 50_000
SEED = 20131


@dataclass(frozen=True)
class Times:
    """How long it takes from one event of a journey to another.

    Attributes
    ----------
    spans : frame
        journey_id, since, position: all of them, or a random sample.
    n : int
        How many there are in all.
    title, axis : str
        What they are, and what stands under the histogram; plain text.
    limit_s : float, optional
        The seconds that the plan allows.
    stayed : int, optional
        How many journeys were there in all, where times are known only of those that went on.
    """

    spans: pl.DataFrame
    n: int
    title: str
    axis: str
    limit_s: float | None = None
    stayed: int | None = None


@dataclass(frozen=True)
class Panel:
    """What is said of some journeys; what is not there has no meaning for them.

    Attributes
    ----------
    n, of : int
        How many they are, and of how many.
    condition : str or None
        What chooses them; None where no condition can.
    keys : sequence of str
        Some of them.
    times : int, optional
        How often it is in all.
    waits : Times, optional
        How long it takes.
    following : frame, optional
        What comes next, of `mining.following.following`.
    n_followed : int
        How many steps that is of.
    """

    n: int
    of: int
    condition: str | None
    keys: Sequence[str]
    times: int | None = None
    waits: Times | None = None
    following: pl.DataFrame | None = None
    n_followed: int = 0


def waited(spans: pl.DataFrame, n: int) -> Times:
    """Say how long after the step before something came."""
    return Times(spans, n, _("Waiting time"), _("Time since the step before"))


def until_next_step(spans: pl.DataFrame, n: int) -> Times:
    """Say how long after something the next thing came."""
    return Times(spans, n, _("Time until the next step"), _("Time since this step"))


def some_of(spans: pl.DataFrame, journeys: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """Give where spans of paths (path, since, position) are in journeys, or a random sample, and how many there are."""
    return sampled(spans, journeys, MOST_WAITS, SEED)


def of_steps(found: pl.DataFrame, journeys: pl.DataFrame, of: int, condition: str | None) -> Panel:
    """Say of some steps what there is to say: how often, how long after the step before, what comes next, and who.

    Parameters
    ----------
    found : frame
        The steps, of `mining.following.places`.
    journeys : frame
        journey_id, key, path of the journeys of the picture.
    of : int
        How many these are.
    condition : str or None
        What chooses the journeys that have the steps; None where no condition can.
    """
    times = int(found["n_journeys"].sum())
    return Panel(
        n=journeys_at(found),
        of=of,
        times=times,
        condition=condition,
        waits=waited(*some_of(since_before(found), journeys)),
        following=following(found),
        n_followed=times,
        keys=some_keys(journeys, found["path"].unique()),
    )


def some_keys(journeys: pl.DataFrame, paths: pl.Series) -> list[str]:
    """Give keys of a few of the journeys (key, path) that take certain paths; the same ones each time."""
    taken = journeys.filter(pl.col("path").is_in(paths.implode()))
    return sorted(taken["key"].sample(min(EXAMPLES, taken.height), seed=SEED).to_list())
