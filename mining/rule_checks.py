"""Rules held against distinct paths, exactly: how often each asks something of a path, and how often it is broken.

Off-map events are passed over. For the untimed kinds see the Declare templates precedence, response, not co-existence,
absence, init and end (Pesic, Schonenberg and van der Aalst 2007, doi 10.1109/EDOC.2007.14).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from mining.alignment import OFF_MAP, Paths
from mining.rules import Rule


@dataclass(frozen=True)
class OnPaths:
    """What a rule finds on paths.

    Attributes
    ----------
    asked : (paths,) int64 array
        How often it asks something of the path; 0 where the rule does not apply.
    broken : (paths,) int64 array
        How often that did not happen, as far as the path goes.
    """

    asked: np.ndarray
    broken: np.ndarray


@dataclass(frozen=True)
class Verdict:
    """A rule held against journeys.

    Attributes
    ----------
    rule : Rule
        The rule.
    applies : (journeys,) bool array
        Which journeys it applies to and can be judged.
    times : (journeys,) int array
        How often each of them breaks it.
    n_open : int
        Journeys it applies to that cannot be judged yet.
    """

    rule: Rule
    applies: np.ndarray
    times: np.ndarray
    n_open: int

    @classmethod
    def of(cls, rule: Rule, asked: np.ndarray, broken: np.ndarray, judged: np.ndarray) -> Verdict:
        """Sum up how often a rule asks something of each journey, how often that is broken, and who can be judged."""
        applies = (asked > 0) & judged
        return cls(rule, applies, np.where(applies, broken, 0), int((asked > 0).sum() - applies.sum()))


def on_paths(rule: Rule, paths: Paths, number_of: Mapping[str, int]) -> OnPaths:
    """Check a rule on every path, times aside.

    Parameters
    ----------
    rule : Rule
        The rule.
    paths : Paths
        The paths; their symbols are numbers of touchpoints.
    number_of : mapping
        The number of each touchpoint.

    Examples
    --------
    >>> paths = Paths(np.array([0, 1, 1]), np.array([0, 2, 3]))
    >>> found = on_paths(Rule("r", "before", ("pay",), ("cart",)), paths, {"cart": 0, "pay": 1})
    >>> found.asked.tolist(), found.broken.tolist()
    ([1, 1], [0, 1])
    """
    return _CHECKS[rule.kind](rule, paths, number_of)


def answers(rule: Rule, paths: Paths, number_of: Mapping[str, int]) -> pl.DataFrame:
    """Give what must be followed, and the first event that may be the answer.

    Returns
    -------
    frame
        path, position (of the event that asks), answer (position of the first event behind it that a rule of the kind
        ``after`` wants; null where none comes), in order.
    """
    asks, may_answer = events_of(rule.of, paths, number_of), events_of(rule.must, paths, number_of)
    path = path_of(asks, paths)
    end = paths.offsets[path + 1]
    padded = np.append(may_answer, paths.offsets[-1])
    answer = padded[np.searchsorted(may_answer, asks)]
    begin = paths.offsets[path]
    return pl.DataFrame(
        {
            "path": path.astype(np.uint32),
            "position": (asks - begin).astype(np.int32),
            "answer": (answer - begin).astype(np.int32),
            "answered": answer < end,
        }
    ).select("path", "position", answer=pl.when("answered").then("answer"))


def _before(rule: Rule, paths: Paths, number_of: Mapping[str, int]) -> OnPaths:
    asks, wanted = events_of(rule.of, paths, number_of), events_of(rule.must, paths, number_of)
    first = paths.offsets[1:].copy()
    first[path_of(wanted, paths)[::-1]] = wanted[::-1]
    path = path_of(asks, paths)
    return OnPaths(_counted(path, paths), _counted(path[asks < first[path]], paths))


def _after(rule: Rule, paths: Paths, number_of: Mapping[str, int]) -> OnPaths:
    asks, wanted = events_of(rule.of, paths, number_of), events_of(rule.must, paths, number_of)
    last = paths.offsets[:-1] - 1
    last[path_of(wanted, paths)] = wanted
    path = path_of(asks, paths)
    return OnPaths(_counted(path, paths), _counted(path[asks > last[path]], paths))


def _never_together(rule: Rule, paths: Paths, number_of: Mapping[str, int]) -> OnPaths:
    met = np.zeros(len(paths.lengths), dtype=np.int64)
    for touchpoint in rule.of:
        met[path_of(events_of([touchpoint], paths, number_of), paths)] += 1
    return OnPaths((met > 0).astype(np.int64), (met > 1).astype(np.int64))


def _at_most(rule: Rule, paths: Paths, number_of: Mapping[str, int]) -> OnPaths:
    times = _counted(path_of(events_of(rule.of, paths, number_of), paths), paths)
    return OnPaths((times > 0).astype(np.int64), np.maximum(times - (rule.most or 0), 0))


def _starts_with(rule: Rule, paths: Paths, number_of: Mapping[str, int]) -> OnPaths:
    return _at_end(rule, paths, number_of, paths.offsets[:-1].copy(), 1)


def _ends_with(rule: Rule, paths: Paths, number_of: Mapping[str, int]) -> OnPaths:
    return _at_end(rule, paths, number_of, paths.offsets[1:] - 1, -1)


def _at_end(rule: Rule, paths: Paths, number_of: Mapping[str, int], at: np.ndarray, step: int) -> OnPaths:
    """See whether the first touchpoint from `at` on is one that the rule names."""
    inside = np.flatnonzero(paths.lengths > 0)
    asked = np.zeros(len(at), dtype=bool)
    while inside.size:
        on_map = paths.symbols[at[inside]] != OFF_MAP
        asked[inside[on_map]] = True
        inside = inside[~on_map]
        at[inside] += step
        inside = inside[(at[inside] >= paths.offsets[inside]) & (at[inside] < paths.offsets[inside + 1])]
    named = [number_of[touchpoint] for touchpoint in rule.of]
    broken = asked.copy()
    broken[asked] = ~np.isin(paths.symbols[at[asked]], named)
    return OnPaths(asked.astype(np.int64), broken.astype(np.int64))


_CHECKS: dict[str, Callable[[Rule, Paths, Mapping[str, int]], OnPaths]] = {
    "before": _before,
    "after": _after,
    "never_together": _never_together,
    "at_most": _at_most,
    "starts_with": _starts_with,
    "ends_with": _ends_with,
}


def events_of(touchpoints: Sequence[str], paths: Paths, number_of: Mapping[str, int]) -> np.ndarray:
    """Give where in `paths.symbols` these touchpoints happen, in order."""
    numbers = [number_of[touchpoint] for touchpoint in touchpoints]
    if len(numbers) == 1:
        return np.flatnonzero(paths.symbols == numbers[0])
    member = np.zeros(len(number_of) + 1, dtype=bool)  # the last stands for what is off the map
    member[numbers] = True
    return np.flatnonzero(member[paths.symbols])


def path_of(events: np.ndarray, paths: Paths) -> np.ndarray:
    """Give the path of each event of `paths.symbols`."""
    found: np.ndarray = np.searchsorted(paths.offsets, events, side="right") - 1
    return found


def _counted(path: np.ndarray, paths: Paths) -> np.ndarray:
    return np.bincount(path, minlength=len(paths.lengths))
