"""An automaton as the arrays that the kernel walks: edges by label and state, distances, values as small integers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from mining.automaton import Automaton
from mining.errors import ModelError
from mining.messages import N_

CLOSE = 1024  # states up to which the distances between all of them are worked out before
_FAR = 1 << 62
_COUNT = 1 << 32  # beside a cost, room for the number of moves


@dataclass(frozen=True)
class Prepared:
    """What the kernel takes.

    Attributes
    ----------
    arrays : tuple
        The arguments of `mining.kernel.align_sorted` behind the paths.
    unreached : int
        The value of what cannot be reached.
    cost_unit, scale : int
        A value is cost x scale x cost_unit and the ties below it.
    """

    arrays: tuple[Any, ...]
    unreached: int
    cost_unit: int
    scale: int


def prepare(automaton: Automaton, longest: int) -> Prepared:
    """Prepare an automaton for paths of at most `longest` events.

    Raises
    ------
    ModelError
        When costs and ties do not fit into 62 bits.
    """
    from mining import kernel

    divisor = int(np.gcd.reduce([automaton.scale, *automaton.weights.tolist()]))
    scale, weights = automaton.scale // divisor, automaton.weights // divisor
    weight = weights[automaton.label]
    out_start = np.searchsorted(automaton.source, np.arange(automaton.n_states + 1))
    far, most = np.empty((0, 0), np.int64), automaton.n_states
    heaviest = int(weights.max(initial=0))
    dearest = heaviest * most
    if most <= CLOSE and dearest < 1 << 30:  # beyond that a cost and a number of moves do not fit beside each other
        far = kernel.distances(out_start, automaton.target, weight * _COUNT + 1, _FAR)
        known = far[far < _FAR]
        dearest, most = max(heaviest, int(known.max() // _COUNT)), int((known % _COUNT).max())
    dearest += longest * scale
    n_models = (longest + 1) * most if not weights.all() else min((longest + 1) * most, dearest)
    model_unit = 1 << n_models.bit_length()
    cost_unit = model_unit << longest.bit_length()
    of, unreached = _smallest(cost_unit * (dearest + 1))
    ahead = np.where(far < _FAR, far // _COUNT * cost_unit + far % _COUNT, unreached).astype(of)
    value = (weight * cost_unit + 1).astype(of)
    units = (of(cost_unit * scale + model_unit), of(model_unit), of(unreached))
    return Prepared(
        arrays=(*_arrays(automaton, value, out_start, ahead), *units, len(automaton.labels)),
        unreached=unreached,
        cost_unit=cost_unit,
        scale=scale,
    )


def _smallest(dearest: int) -> tuple[type[np.signedinteger[Any]], int]:
    """Give the smallest integers that hold every value, and a value above them all whose double still fits."""
    for of, bits in ((np.int32, 30), (np.int64, 62)):
        if dearest < 1 << bits:
            return of, 1 << bits
    raise ModelError(N_("The map is too large for paths this long; use weights without decimals, or fewer states."))


def _arrays(automaton: Automaton, value: np.ndarray, out_start: np.ndarray, ahead: np.ndarray) -> tuple[Any, ...]:
    """Sort the edges: by label for synchronous moves, by source for what follows, by target for what came before."""
    source, label, target = automaton.source, automaton.label, automaton.target
    by_label = np.lexsort((target, source, label))
    by_target = np.lexsort((label, source, target))
    sync_start = np.searchsorted(label[by_label], np.arange(len(automaton.labels) + 1))
    in_start = np.searchsorted(target[by_target], np.arange(automaton.n_states + 1))
    return (
        sync_start,
        (out_start, target, value, source[by_label], target[by_label], ahead),
        (in_start, by_target, source, label, value),
    )
