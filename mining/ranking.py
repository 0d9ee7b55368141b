"""Deviations of paths and journeys -> one row per kind and place, with its share, its effect and their uncertainty."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from mining.acceptance import Acceptance
from mining.kinds import KINDS
from mining.places import Places
from mining.rule_checks import Verdict
from mining.statistics import TOO_FEW, benjamini_hochberg, fisher_exact, newcombe, wilson

EXAMPLES = 5
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
class Population:
    """The journeys that deviations are counted in, as columns of one order.

    Attributes
    ----------
    journey_id, key : polars.Series
        Who they are.
    path : (journeys,) int array
        The path each journey took.
    outcome : (journeys,) str array
        converted, dropped or open.
    duration_s : (journeys,) float array
        From first to last event.
    place, stage : (journeys,) int array
        The furthest place and stage that the journey got to (see `mining.deviations.progress`).
    """

    journey_id: pl.Series
    key: pl.Series
    path: np.ndarray
    outcome: np.ndarray
    duration_s: np.ndarray
    place: np.ndarray
    stage: np.ndarray

    @classmethod
    def of(cls, journeys: pl.DataFrame, progress: pl.DataFrame) -> Population:
        """Join journeys (journey_id, key, path, start, end, outcome) with the progress of their paths."""
        path = journeys["path"].to_numpy()
        return cls(
            journey_id=journeys["journey_id"],
            key=journeys["key"],
            path=path,
            outcome=journeys["outcome"].cast(pl.String).to_numpy(),
            duration_s=(journeys["end"] - journeys["start"]).dt.total_microseconds().to_numpy() / 1e6,
            place=progress["place"].to_numpy()[path],
            stage=progress["stage"].to_numpy()[path],
        )

    def __len__(self) -> int:
        return len(self.path)


@dataclass(frozen=True)
class Ranking:
    """What was counted.

    Attributes
    ----------
    deviations : frame
        One row per kind and place, most journeys first. ``of`` are the journeys that the share is taken over: all, or
        those that a rule applies to. ``effect`` is the difference in the share that converted between journeys with
        and without it, among those that got as far as that place (or that the rule applies to) and are not open; null
        where either group has fewer than 30. ``median_extra_s`` compares the durations of those that converted.
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
    by_path: pl.DataFrame, by_journey: pl.DataFrame, population: Population, places: Places, beside: Beside
) -> Ranking:
    """Count, compare and rank deviations.

    Parameters
    ----------
    by_path : frame
        path, kind, touchpoint, activity, stage_id, n: what holds for every journey of a path.
    by_journey : frame
        The same with journey_id in place of path: what depends on times or attributes.
    population : Population
        All journeys compared.
    places : Places
        Of the map.
    beside : Beside
        Rules and acceptances.
    """
    rows, rules = [], []
    for values, group in _each(by_path, by_journey, population).group_by(_PLACE):
        place = dict(zip(_NAMED, values, strict=True))
        having, n = group["j"].to_numpy(), int(group["n"].sum())
        there = _got_there(place, population, places)
        rows.append(_row(place, having, n, len(population), there, population, _status(place, beside)))
    for verdict in beside.verdicts:
        broken, n, of = np.flatnonzero(verdict.times), int(verdict.times.sum()), int(verdict.applies.sum())
        rules.append(_rule_row(verdict, len(broken), of))
        if broken.size:
            place = {"kind": "rule_broken", "rule": verdict.rule.id}
            rows.append(_row(place, broken, n, of, verdict.applies, population, _status(place, beside)))
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


def _each(by_path: pl.DataFrame, by_journey: pl.DataFrame, population: Population) -> pl.DataFrame:
    """Give one row per journey and deviation; ``j`` is the row of the journey in the population."""
    rows = pl.DataFrame({"journey_id": population.journey_id, "path": population.path}).with_row_index("j")
    return pl.concat(
        [
            by_path.join(rows, on="path").select("j", *_PLACE, "n"),
            by_journey.join(rows, on="journey_id").select("j", *_PLACE, "n"),
        ]
    )


def _row(
    place: Place,
    having: np.ndarray,
    occurrences: int,
    of: int,
    there: np.ndarray,
    population: Population,
    status: dict[str, object],
) -> dict[str, object]:
    """Count one deviation and, unless it is accepted, compare; `having` are the rows of the journeys that show it."""
    low, high = wilson(len(having), of)
    counts: dict[str, object] = {
        **place,
        "journeys": len(having),
        "of": of,
        "share": len(having) / of,
        "low": low,
        "high": high,
        "occurrences": occurrences,
        "examples": population.key[having].bottom_k(EXAMPLES).sort().to_list(),
        **status,
    }
    return counts if "acceptance" in status else counts | _effect(having, there, population)


def _got_there(place: Place, population: Population, places: Places) -> np.ndarray:
    """Tell which journeys got as far as the place of the touchpoint or, where there is none, of the stage."""
    if place["touchpoint"] is not None:
        return population.place >= places.place_of[place["touchpoint"]]
    if place["stage"] is not None:
        return population.stage >= places.stages.index(place["stage"])
    return np.ones(len(population), dtype=bool)


def _effect(having: np.ndarray, there: np.ndarray, population: Population) -> dict[str, object]:
    """Compare the share that converted, and the durations, of closed journeys with and without the deviation."""
    closed = there & (population.outcome != "open")
    shows = np.zeros(len(population), dtype=bool)
    shows[having] = True
    groups = (closed & shows, closed & ~shows)
    n_with, n_without = (int(group.sum()) for group in groups)
    if min(n_with, n_without) < TOO_FEW:
        return {"n_with": n_with, "n_without": n_without}
    times = [population.duration_s[group & (population.outcome == "converted")] for group in groups]
    won_with, won_without = (len(t) for t in times)
    effect, low, high = newcombe(won_with, n_with, won_without, n_without)
    known = [t[~np.isnan(t)] for t in times]  # nothing where the log has no times
    enough = min(map(len, known)) >= TOO_FEW
    return {
        "effect": effect,
        "effect_low": low,
        "effect_high": high,
        "p": fisher_exact(won_with, n_with, won_without, n_without),
        "n_with": n_with,
        "n_without": n_without,
        "median_extra_s": float(np.median(known[0]) - np.median(known[1])) if enough else None,
    }


def _with_q(frame: pl.DataFrame) -> pl.DataFrame:
    """Fill the q-values over the ledger: all tests of this comparison."""
    tested = frame.filter(pl.col("p").is_not_null())
    q_values = pl.Series("q", benjamini_hochberg(tested["p"].to_list()), dtype=pl.Float64)
    return pl.concat([tested.with_columns(q_values), frame.filter(pl.col("p").is_null())])
