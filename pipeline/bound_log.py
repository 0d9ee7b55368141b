"""The log as a planned map sees it: events bound to touchpoints, journeys sorted by what is asked of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from mining import checks
from mining.alignment import Paths, chosen, flat
from mining.binding import bind, bound_attributes
from mining.chunks import in_chunks
from mining.conditions import both
from mining.errors import ExpressionError, SourceError
from mining.journey_map import JourneyMap
from mining.messages import N_, Message
from mining.questions import as_asked
from pipeline import queries
from pipeline.classed_log import classed_log
from pipeline.store import Workspace


@dataclass(frozen=True)
class Tally:
    """What happens in how many journeys.

    Attributes
    ----------
    journeys, events : (touchpoints + activities,) int64 arrays
        Of each touchpoint in map order and, behind those, of each activity off the map.
    on_map : int
        Journeys all of whose events are on the map.
    """

    journeys: np.ndarray
    events: np.ndarray
    on_map: int


@dataclass(frozen=True)
class BoundLog:
    """The log as the map sees it.

    Attributes
    ----------
    paths : frame
        One row per distinct path and set of exempt touchpoints: path (row number), variant_id, exempt (number of the
        set), n_journeys; sorted by set and path, so that neighbours share prefixes.
    journeys : frame
        One row per journey: journey_id, key, start, end, path, to_goal_s (seconds from its first event to its first at
        the goal; null without one, and where the time of either is not known).
    walked : Paths
        The touchpoints along each path.
    activity : (events,) int array
        The activities along each path, as numbers.
    goal_at : (paths,) int32 array
        The position of the first event of the goal on each path; -1 where it is not on it.
    present : (touchpoints,) bool array
        What happens in the journeys that the map is for, whichever of them are looked at.
    activities : list of str
        The name of each activity.
    exempt : list of frozenset
        The sets of touchpoints that are not asked of a journey.
    notes : tuple of Message
        What the map asks for and the log does not have.
    """

    paths: pl.DataFrame
    journeys: pl.DataFrame
    walked: Paths
    activity: np.ndarray
    goal_at: np.ndarray
    present: np.ndarray
    activities: list[str]
    exempt: list[frozenset[str]]
    notes: tuple[Message, ...]

    @property
    def n_journeys(self) -> np.ndarray:
        """Journeys of each path."""
        return self.paths["n_journeys"].to_numpy(writable=True)

    @property
    def converted(self) -> np.ndarray:
        """Tell which paths have the goal."""
        found: np.ndarray = self.goal_at >= 0
        return found

    def parts(self) -> Iterator[tuple[frozenset[str], slice, Paths, np.ndarray]]:
        """Give, for each set of exempt touchpoints, its paths: their rows, their touchpoints and their activities."""
        cuts = np.searchsorted(self.paths["exempt"].to_numpy(), np.arange(len(self.exempt) + 1)).tolist()
        for exempt, first, last in zip(self.exempt, cuts[:-1], cuts[1:], strict=True):
            events = slice(self.walked.offsets[first], self.walked.offsets[last])
            yield exempt, slice(first, last), self.walked.part(first, last), self.activity[events]

    def chosen(self, journeys: pl.DataFrame) -> tuple[BoundLog, np.ndarray]:
        """Give the log of some of its journeys (journey_id) alone, and which of its paths these take.

        A journey keeps its path whoever else is looked at: only numbers of paths and counts change.
        """
        some = self.journeys.join(journeys, on="journey_id", how="semi", maintain_order="left")
        n_journeys = np.bincount(some["path"].to_numpy(), minlength=self.paths.height)
        keep = n_journeys > 0
        number = (np.cumsum(keep) - 1).astype(np.uint32)
        paths = self.paths.with_columns(n_journeys=n_journeys).filter(pl.Series(keep))
        sets, exempt = np.unique(paths["exempt"].to_numpy(), return_inverse=True)
        walked = self.walked.chosen(keep)
        chosen_log = replace(
            self,
            paths=paths.with_columns(path=np.arange(paths.height, dtype=np.uint32), exempt=exempt.astype(np.int32)),
            journeys=some.with_columns(path=number[some["path"].to_numpy()]),
            walked=walked,
            activity=chosen(self.activity, self.walked.offsets, keep)[0],
            goal_at=self.goal_at[keep],
            exempt=[self.exempt[one] for one in sets.tolist()],
        )
        return chosen_log, keep

    def tally(self, plan: JourneyMap) -> Tally:
        """Count what happens in how many journeys."""
        from mining.path_kernel import tally

        n, paths, n_journeys = len(plan.touchpoints()), self.walked, self.n_journeys

        def work(first: int, last: int) -> tuple[np.ndarray, int]:
            some, events = paths.part(first, last), slice(paths.offsets[first], paths.offsets[last])
            found: tuple[np.ndarray, int] = tally(
                some.symbols, self.activity[events], some.offsets, n_journeys[first:last], n, len(self.activities)
            )
            return found

        found, whole = zip(*in_chunks(paths.offsets, work), strict=True)
        journeys, events = np.sum(found, axis=0)
        return Tally(journeys, events, int(sum(whole)))

    def has(self, touchpoint: str, plan: JourneyMap) -> np.ndarray:
        """Tell which paths have a touchpoint."""
        return _first_at(self.walked, touchpoint, plan) >= 0


def nothing_left(where: str | None) -> SourceError:
    """Say that a condition leaves no journey to compare."""
    asked = as_asked(where) if where else N_("none; the log is empty")
    return SourceError(N_("No journey is left to compare. The condition was: {where}"), where=asked)


def _of_another_log(error: ExpressionError) -> ExpressionError:
    """Say that the condition that does not fit the log is one of the map, which nobody has just typed."""
    said = N_("The plan is for some journeys only, and this log does not tell which. {why}")
    return ExpressionError(said, why=error.message, problems=error.problems)


def bound_log(ws: Workspace, plan: JourneyMap) -> BoundLog:
    """Bind the journeys that a map is for to it.

    Raises
    ------
    SourceError
        When there is none.
    ExpressionError
        When the log does not have what tells the journeys that the map is for.
    """
    attributes = bound_attributes(plan)
    try:
        log = classed_log(ws, attributes, plan.where)
    except ExpressionError as error:
        if plan.where is None or not error.problems:
            raise
        raise _of_another_log(error) from error
    if log.journeys.is_empty():
        raise nothing_left(plan.where)
    exempt, set_of_journey = _exempt_sets(ws, plan, log.journeys)
    paths, path_of_journey = _paths(set_of_journey, log.journeys["variant_id"].to_numpy())
    activities = log.classes["activity"].unique(maintain_order=True)
    walked, activity = _walked(
        _in_order(log.variants, paths["variant_id"].to_numpy()),
        bind(plan, log.classes, attributes),
        _numbers(log.classes["activity"], activities),
    )
    journeys = log.journeys.select("journey_id", "key", "start", "end", path=path_of_journey)
    goal_at = _first_at(walked, plan.goal, plan)
    return BoundLog(
        paths=paths,
        journeys=_with_goal(ws, journeys, goal_at),
        walked=walked,
        activity=activity,
        goal_at=goal_at,
        present=_present(walked, len(plan.touchpoints())),
        activities=activities.to_list(),
        exempt=exempt,
        notes=log.notes,
    )


def _paths(set_of_journey: np.ndarray, variant_of_journey: np.ndarray) -> tuple[pl.DataFrame, np.ndarray]:
    """Number the variants, apart where not the same is asked of their journeys; and give the path of each journey."""
    n_variants = int(variant_of_journey.max()) + 1
    pair = set_of_journey.astype(np.int64) * n_variants + variant_of_journey
    n_journeys = np.bincount(pair)
    pairs = np.flatnonzero(n_journeys)
    number = np.cumsum(n_journeys > 0, dtype=np.uint32) - np.uint32(1)
    sets, variants = np.divmod(pairs, n_variants)
    paths = {
        "path": np.arange(len(pairs), dtype=np.uint32),
        "variant_id": variants.astype(np.uint32),
        "exempt": sets.astype(np.int32),
        "n_journeys": n_journeys[pairs],
    }
    return pl.DataFrame(paths), number[pair]


def _first_at(walked: Paths, touchpoint: str, plan: JourneyMap) -> np.ndarray:
    """Give the first position of a touchpoint on each path; -1 where it is not on it."""
    from mining.path_kernel import first_positions

    number = next(number for number, t in enumerate(plan.touchpoints()) if t.id == touchpoint)
    found: np.ndarray = first_positions(walked.symbols, walked.offsets, number)
    return found


def _present(walked: Paths, n_touchpoints: int) -> np.ndarray:
    present = np.zeros(n_touchpoints + 1, dtype=bool)
    present[walked.symbols] = True  # off the map is -1: the last
    return present[:-1]


def _with_goal(ws: Workspace, journeys: pl.DataFrame, goal_at: np.ndarray) -> pl.DataFrame:
    """Add ``to_goal_s`` to journeys; `goal_at` is where the goal stands on each path."""
    at = pl.Series("position", goal_at[journeys["path"].to_numpy()], dtype=pl.Int64)
    reached = journeys.select("journey_id", at).filter(pl.col("position") >= 0)
    times = ws.run("seconds_to", frames={"reached": reached})
    return journeys.join(times, on="journey_id", how="left", maintain_order="left")


def _walked(paths: pl.Series, symbol_of: np.ndarray, activity_of: np.ndarray) -> tuple[Paths, np.ndarray]:
    """Give the touchpoints and the activities along paths of codes."""
    from mining.path_kernel import look_up

    codes, offsets = flat(paths)

    def work(first: int, last: int) -> tuple[np.ndarray, np.ndarray]:
        some = np.array(codes[offsets[first] : offsets[last]])
        found: tuple[np.ndarray, np.ndarray] = look_up(some, symbol_of, activity_of)
        return found

    symbols, activity = (np.concatenate(column) for column in zip(*in_chunks(offsets, work), strict=True))
    return Paths(symbols, offsets), activity


def _in_order(variants: pl.DataFrame, wanted: np.ndarray) -> pl.Series:
    """Give the paths of the variants that are wanted, in their order."""
    row = np.searchsorted(variants["variant_id"].to_numpy(), wanted)
    return variants["path"] if np.array_equal(row, np.arange(variants.height)) else variants["path"].gather(row)


def _numbers(names: pl.Series, distinct: pl.Series) -> np.ndarray:
    """Number the name of each code, in integers that are as small as they can be."""
    number = {name: n for n, name in enumerate(distinct)}
    small = np.uint16 if len(number) <= 1 << 16 else np.uint32
    return np.array([number[name] for name in names], dtype=small)


def _exempt_sets(ws: Workspace, plan: JourneyMap, journeys: pl.DataFrame) -> tuple[list[frozenset[str]], np.ndarray]:
    """Tell which touchpoints are not asked of each journey: those meant only for personas it does not belong to."""
    asked = sorted({persona for t in plan.touchpoints() for persona in t.personas})
    if not asked:
        return [frozenset()], np.zeros(journeys.height, dtype=np.int64)
    conditions = {p.id: p.where for p in plan.personas}
    member = np.ones((journeys.height, len(asked)), dtype=bool)
    for column, persona in enumerate(asked):
        if (condition := conditions[persona]) is not None:
            members = queries.journey_ids(ws, both(plan.where, condition) or condition)["journey_id"]
            member[:, column] = journeys["journey_id"].is_in(members.implode()).to_numpy()
    patterns, set_of_journey = np.unique(member, axis=0, return_inverse=True)
    exempt = [
        checks.exempt(plan, [persona for persona, is_one in zip(asked, pattern, strict=True) if is_one])
        for pattern in patterns
    ]
    return exempt, set_of_journey.reshape(-1)
