"""Deviations of paths and journeys -> one row per kind and place, with its share, its effect and their uncertainty."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from mining.places import Places
from mining.statistics import TOO_FEW, benjamini_hochberg, fisher_exact, newcombe, wilson

KINDS = (
    *("missing", "stage_skipped", "ad_hoc", "irregular_sequence", "repeated", "extra"),
    *("failed", "wrong_channel", "late", "wrong_persona"),
)
EXAMPLES = 5
_PLACE = ["kind", "touchpoint", "activity", "stage_id"]

DEVIATIONS: dict[str, pl.DataType] = {
    "kind": pl.String(),
    "touchpoint": pl.String(),
    "activity": pl.String(),
    "stage": pl.String(),
    "journeys": pl.Int64(),
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


def rank(
    by_path: pl.DataFrame, by_journey: pl.DataFrame, population: Population, places: Places
) -> tuple[pl.DataFrame, int]:
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

    Returns
    -------
    frame
        One row per kind and place, most journeys first. ``effect`` is the difference in the share that converted
        between journeys with and without it, among those that got as far as that place and are not open; null where
        either group has fewer than 30. ``median_extra_s`` compares the durations of those that converted.
    int
        How many tests entered the ledger.
    """
    rows = [
        _row(dict(zip(_PLACE, place, strict=True)), group["j"].to_numpy(), int(group["n"].sum()), population, places)
        for place, group in _each(by_path, by_journey, population).group_by(_PLACE)
    ]
    frame = _with_q(pl.DataFrame(rows, schema=DEVIATIONS | {"p": pl.Float64}))
    tests = frame["p"].count()
    order = pl.col("kind").replace_strict({kind: n for n, kind in enumerate(KINDS)}, return_dtype=pl.Int8)
    return frame.drop("p").sort(
        ["journeys", order, "touchpoint", "activity", "stage"], descending=[True, False, False, False, False]
    ), tests


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
    place: dict[str, str | None], having: np.ndarray, occurrences: int, population: Population, places: Places
) -> dict[str, object]:
    """Count and compare one deviation; `having` are the rows of the journeys that show it."""
    total = len(population)
    low, high = wilson(len(having), total)
    return {
        "kind": place["kind"],
        "touchpoint": place["touchpoint"],
        "activity": place["activity"],
        "stage": place["stage_id"],
        "journeys": len(having),
        "share": len(having) / total,
        "low": low,
        "high": high,
        "occurrences": occurrences,
        "examples": population.key[having].bottom_k(EXAMPLES).sort().to_list(),
    } | _effect(having, _got_there(place, population, places), population)


def _got_there(place: dict[str, str | None], population: Population, places: Places) -> np.ndarray:
    """Tell which journeys got as far as the place of the touchpoint or, where there is none, of the stage."""
    if place["touchpoint"] is not None:
        return population.place >= places.place_of[place["touchpoint"]]
    if place["stage_id"] is not None:
        return population.stage >= places.stages.index(place["stage_id"])
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
