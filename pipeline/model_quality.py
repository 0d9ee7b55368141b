"""How well a model tells of a log: fitness and precision, both from one alignment of every distinct path."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from mining import alignment
from mining.alignment import OFF_MAP, Alignments, Paths
from mining.automaton import Automaton
from mining.journey_reading import align_journeys
from mining.precision import escaping_edges_precision
from pipeline.findings import AlignmentSummary


@dataclass(frozen=True)
class ModelQuality:
    """What of the log a model allows, and what it allows beyond that.

    Attributes
    ----------
    alignment : AlignmentSummary
        In the *complete* reading; its fitness is 1 - cost / the cost of matching nothing.
    precision : float or None
        See `mining.precision.escaping_edges_precision`.
    states : int
        Of the automaton.
    """

    alignment: AlignmentSummary
    precision: float | None
    states: int


def model_quality(variants: pl.DataFrame, symbol_of: np.ndarray, automaton: Automaton) -> ModelQuality:
    """Align every path with a whole model and measure.

    Parameters
    ----------
    variants : frame
        One row per distinct path, in the order of paths: path (list of codes), n_journeys.
    symbol_of : (codes,) int array
        The label number of each code, or `OFF_MAP`.
    automaton : Automaton
        The model.

    Raises
    ------
    ModelError
        When the model has no path from its start to its end.
    """
    alignment.warm_up()
    started = time.perf_counter()
    paths = Paths.from_lists(variants["path"], symbol_of)
    found = alignment.align(paths, automaton, [automaton.final], np.zeros(variants.height, np.int64))
    worst = paths.lengths + automaton.shortest(automaton.final)
    summary = _summary(found, worst, variants, started)
    precision = escaping_edges_precision(found, _journeys(variants), automaton)
    return ModelQuality(summary, precision, automaton.n_states)


def as_compared(variants: pl.DataFrame, symbol_of: np.ndarray, automaton: Automaton, goal: int) -> AlignmentSummary:
    """Sum up the alignment of every path in the *journey* reading, which is that of a comparison.

    Parameters
    ----------
    variants, symbol_of, automaton
        As in `model_quality`.
    goal : int
        The label number of the goal.

    Raises
    ------
    ModelError
        When the goal cannot be reached in the model.
    """
    from mining.path_kernel import first_positions

    alignment.warm_up()
    started = time.perf_counter()
    paths = Paths.from_lists(variants["path"], symbol_of)
    converted = first_positions(paths.symbols, paths.offsets, goal) >= 0
    found, worst = align_journeys(paths, automaton, converted)
    return _summary(found, worst, variants, started)


def _journeys(variants: pl.DataFrame) -> np.ndarray:
    return variants["n_journeys"].cast(pl.Int64).to_numpy()


def _summary(found: Alignments, worst: np.ndarray, variants: pl.DataFrame, started: float) -> AlignmentSummary:
    seconds, n = time.perf_counter() - started, _journeys(variants)
    perfect = int(n[found.cost == 0].sum())
    return AlignmentSummary.of(float(found.cost @ n), float(worst @ n), perfect, int(n.sum()), seconds)


def symbols(names: Mapping[int, str], labels: Sequence[str]) -> np.ndarray:
    """Give for each activity code the number of the label that stands for it, by its name."""
    number = {label: n for n, label in enumerate(labels)}
    found = np.full(max(names, default=-1) + 1, OFF_MAP, np.int32)
    for code, name in names.items():
        found[code] = number.get(name, OFF_MAP)
    return found
