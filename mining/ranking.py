"""Deviations of paths and journeys -> one row per kind and place, with its share, its effect and their uncertainty."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from mining.acceptance import Acceptance
from mining.deviations import PathDeviations
from mining.effects import effect
from mining.kinds import KINDS
from mining.places import Places
from mining.population import Population, There, Units
from mining.rule_checks import Verdict
from mining.statistics import benjamini_hochberg, wilson

EXAMPLES = 5
BLOCK = 1 << 12  # journeys looked at together in search of examples
Place = dict[str, str | None]
_PLACE = ["kind", "touchpoint", "activity", "stage_id"]
_NAMED = ["kind", "touchpoint", "activity", "stage"]

DEVIATIONS: dict[str, pl.DataType] = {
    "kind": pl.String(),
    "touchpoint": pl.String(),
    "activity": pl.String(),
    "stage": pl.String(),
    "rule": pl.String(),
    "journeys": pl.Int64(),
    "of": pl.Int64(),
    "share": pl.Float64(),
    "low": pl.Float64(),
    "high": pl.Float64(),
    "occurrences": pl.Int64(),
    "effect": pl.Float64(),
    "effect_low": pl.Float64(),
    "effect_high": pl.Float64(),
    "q": pl.Float64(),
    "n_with": pl.Int64(),
    "n_without": pl.Int64(),
    "median_extra_s": pl.Float64(),
    "median_extra_low_s": pl.Float64(),
    "median_extra_high_s": pl.Float64(),
    "examples": pl.List(pl.String),
    "expired": pl.Date(),
}
ACCEPTED: dict[str, pl.DataType] = {
    **{name: DEVIATIONS[name] for name in ("kind", "touchpoint", "activity", "stage", "rule", "journeys", "of")},
    **{name: DEVIATIONS[name] for name in ("share", "low", "high", "occurrences", "examples")},
    "acceptance": pl.Int64(),
}
RULES: dict[str, pl.DataType] = {
    "rule": pl.String(),
    "kind": pl.String(),
    "journeys": pl.Int64(),
    "of": pl.Int64(),
    "share": pl.Float64(),
    "low": pl.Float64(),
    "high": pl.Float64(),
    "open": pl.Int64(),
}


@dataclass(frozen=True)
class Ranking:
    """What was counted.

    Attributes
    ----------
    deviations : frame
        One row per kind and place, most journeys first. ``of`` are the journeys that the share is taken over: all, or
        those that a rule applies to. ``effect`` is the difference in the share that converted between journeys with
        and without it, among those that got as far as that place (or that the rule applies to) and are not open; with
        it are those that showed it before the goal, or without ever reaching the goal (rules apart). Null where either
        group has fewer than 30. ``median_extra_s`` is the difference of the medians of the time to the
        goal, of those that converted, with its 95% interval; null where fewer than 30 of either group did.
        ``expired`` is the last day on which it was accepted, where that is over.
    accepted : frame
        One row per deviation that is accepted, most journeys first; ``acceptance`` is the number in the map.
    rules : frame
        One row per rule that was checked, in map order: the journeys that break it, those it applies to, and those
        that cannot be judged yet (``open``).
    unmatched : tuple of Acceptance
        Those that nothing here matches.
    tests : int
        How many tests entered the ledger; what is accepted is counted, not tested.
    """

    deviations: pl.DataFrame
    accepted: pl.DataFrame
    rules: pl.DataFrame
    unmatched: tuple[Acceptance, ...]
    tests: int


@dataclass(frozen=True)
class Beside:
    """What a plan says beside its map, for the journeys of a population.

    Attributes
    ----------
    verdicts : iterable of Verdict
        Of the rules, in map order; their journeys are in the order of the population.
    accepted : sequence of Acceptance
        What leaves the ranking.
    day : date or None
        What acceptances are held against: the last day of the log. Without one none has run out.
    """

    verdicts: Iterable[Verdict] = ()
    accepted: Sequence[Acceptance] = ()
    day: date | None = None


def rank(
    by_path: PathDeviations, by_journey: pl.DataFrame, population: Population, places: Places, beside: Beside
) -> Ranking:
    """Count, compare and rank deviations.

    Parameters
    ----------
    by_path : PathDeviations
        What holds for every journey of a path.
    by_journey : frame
        journey_id, kind, touchpoint, activity, stage_id, n, early: what depends on times or attributes.
    population : Population
        All journeys compared.
    places : Places
        Of the map.
    beside : Beside
        Rules and acceptances.
    """
    rows, rules = [], []
    for place, units, having, early, n in _each(by_path, by_journey, population):
        got_there = _got_there(place, units, places)
        rows.append(_row(place, units, having, early, n, got_there, population, _status(place, beside)))
    for verdict in beside.verdicts:
        broken, n, of = np.flatnonzero(verdict.times), int(verdict.times.sum()), int(verdict.applies.sum())
        rules.append(_rule_row(verdict, len(broken), of))
        if broken.size:
            place = {"kind": "rule_broken", "rule": verdict.rule.id}
            asked = There.of(population.journeys, verdict.applies)
            row = _row(place, population.journeys, broken, broken, n, asked, population, _status(place, beside))
            rows.append(row | _share(len(broken), of))
    frame = pl.DataFrame(rows, schema=DEVIATIONS | {"p": pl.Float64(), "acceptance": pl.Int64()})
    tested = _with_q(frame.filter(pl.col("acceptance").is_null()))
    return Ranking(
        deviations=_sorted(tested.select(*DEVIATIONS)),
        accepted=_sorted(frame.filter(pl.col("acceptance").is_not_null()).select(*ACCEPTED)),
        rules=pl.DataFrame(rules, schema=RULES),
        unmatched=tuple(a for a in beside.accepted if not any(a.covers(row) for row in rows)),
        tests=tested["p"].count(),
    )


def _sorted(frame: pl.DataFrame) -> pl.DataFrame:
    order = pl.col("kind").replace_strict({kind: n for n, kind in enumerate(KINDS)}, return_dtype=pl.Int8)
    by = ["journeys", order, "touchpoint", "activity", "stage", "rule"]
    return frame.sort(by, descending=[True, False, False, False, False, False])


def _status(place: Place, beside: Beside) -> dict[str, object]:
    """Give the number of the acceptance that holds for a deviation, or the last day of those that have run out."""
    covering = [(number, acceptance) for number, acceptance in enumerate(beside.accepted) if acceptance.covers(place)]
    holding = [number for number, acceptance in covering if acceptance.holds(beside.day)]
    if holding:
        return {"acceptance": holding[0]}
    return {"expired": max((acceptance.until for _, acceptance in covering), default=None)}


def _rule_row(verdict: Verdict, broken: int, of: int) -> dict[str, object]:
    low, high = wilson(broken, of)
    return {
        "rule": verdict.rule.id,
        "kind": verdict.rule.kind,
        "journeys": broken,
        "of": of,
        "share": broken / of if of else None,
        "low": low,
        "high": high,
        "open": verdict.n_open,
    }


def _each(
    by_path: PathDeviations, by_journey: pl.DataFrame, population: Population
) -> Iterator[tuple[Place, Units, np.ndarray, np.ndarray, int]]:
    """Give every deviation: kind and place, the units that show it, those that do so early, and its occurrences."""
    for values, paths, times, early in by_path.each():
        place = dict(zip(_NAMED, values, strict=True))
        yield place, population.paths, paths, paths[early], int(times @ population.paths.size[paths])
    if by_journey.is_empty():
        return
    rows = pl.DataFrame({"journey_id": population.journey_id}).with_row_index("j")
    for values, group in by_journey.join(rows, on="journey_id").group_by(_PLACE):
        having, place = group["j"].to_numpy(), dict(zip(_NAMED, values, strict=True))
        yield place, population.journeys, having, having[group["early"].to_numpy()], int(group["n"].sum())


def _row(
    place: Place,
    units: Units,
    having: np.ndarray,
    early: np.ndarray,
    occurrences: int,
    there: There,
    population: Population,
    status: dict[str, object],
) -> dict[str, object]:
    """Count one deviation and, unless it is accepted, compare.

    `having` are the units that show it, `early` those of them that do so before the goal, if they reach it: what comes
    behind the goal cannot have led there.
    """
    shows = np.zeros(len(units.size), dtype=bool)
    shows[having] = True
    journeys = int(units.size[having].sum())
    counts: dict[str, object] = {
        **place,
        "journeys": journeys,
        **_share(journeys, len(population)),
        "occurrences": occurrences,
        "examples": [population.key[j] for j in _first(shows, units.of, min(EXAMPLES, journeys)).tolist()],
        **status,
    }
    return counts if "acceptance" in status else counts | effect(early, units, there, population)


def _share(journeys: int, of: int) -> dict[str, object]:
    low, high = wilson(journeys, of)
    return {"of": of, "share": journeys / of, "low": low, "high": high}


def _first(shows: np.ndarray, of: np.ndarray, n: int) -> np.ndarray:
    """Give the first `n` journeys of the units that show something."""
    found = np.empty(0, dtype=np.int64)
    for start in range(0, len(of), BLOCK):
        found = np.append(found, start + np.flatnonzero(shows[of[start : start + BLOCK]])[:n])
        if len(found) >= n:
            break
    return found[:n]


def _got_there(place: Place, units: Units, places: Places) -> There:
    """Give the units that got as far as the place of the touchpoint or, where there is none, of the stage."""
    if place["touchpoint"] is not None:
        return units.at_place(places.place_of[place["touchpoint"]])
    return units.at_stage(0 if place["stage"] is None else places.stages.index(place["stage"]))


def _with_q(frame: pl.DataFrame) -> pl.DataFrame:
    """Fill the q-values over the ledger: all tests of this comparison."""
    tested = frame.filter(pl.col("p").is_not_null())
    q_values = pl.Series("q", benjamini_hochberg(tested["p"].to_list()), dtype=pl.Float64)
    return pl.concat([tested.with_columns(q_values), frame.filter(pl.col("p").is_null())])
