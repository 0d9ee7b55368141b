"""The *journey* reading of an alignment: who reached the goal walks through it, anybody else may stop anywhere."""

from __future__ import annotations

import numpy as np

from mining.alignment import Alignments, Paths, align
from mining.automaton import Automaton


def align_journeys(paths: Paths, automaton: Automaton, reached: np.ndarray) -> tuple[Alignments, np.ndarray]:
    """Align every path in the *journey* reading.

    Parameters
    ----------
    paths : Paths
        The variants.
    automaton : Automaton
        The plan.
    reached : (paths,) bool array
        Whether a path has the goal.

    Returns
    -------
    Alignments
        The optimum of every path.
    (paths,) float array
        What each would cost if nothing of it matched.

    Raises
    ------
    ModelError
        As `mining.alignment.align`.
    """
    everywhere = np.ones(automaton.n_states, dtype=bool)
    aligned = align(paths, automaton, [everywhere, automaton.past_goal], reached.astype(np.int64))
    worst = paths.lengths.astype(float)
    if reached.any():
        worst += reached * automaton.shortest(automaton.past_goal)
    return aligned, worst
