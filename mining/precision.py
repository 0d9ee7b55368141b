"""How much a model allows that nobody does: escaping-edges precision on aligned paths."""

from __future__ import annotations

import numpy as np

from mining.alignment import KINDS, Alignments
from mining.automaton import Automaton
from mining.runs import Runs

_LOG = KINDS.index("log")


def escaping_edges_precision(found: Alignments, n_journeys: np.ndarray, automaton: Automaton) -> float | None:
    """Give the share of what the model offers on the way that somebody takes.

    Every path is read as its optimal alignment says it should have gone: its synchronous and model moves. For each
    prefix s of these aligned paths

    - w(s) is the number of journeys that go on from s (ending is no step, and a finished journey tells nothing of what
      may follow);
    - enabled(s) are the labels with which the model can go on after s, in whichever of its states s may have led to;
    - taken(s) are the labels with which some aligned path does go on.

    The precision is the sum over all s of w(s) |taken(s)|, divided by that of w(s) |enabled(s)|. The labels that are
    enabled and never taken are the *escaping edges*.

    Parameters
    ----------
    found : Alignments
        One alignment per path; of several optimal ones the documented choice of `mining.alignment`.
    n_journeys : (paths,) int array
        Journeys of each path.
    automaton : Automaton
        The model that was aligned with.

    Returns
    -------
    float or None
        In 0..1; None where no path has a step.

    Notes
    -----
    The measure is that of Muñoz-Gama and Carmona 2010 (doi 10.1007/978-3-642-15618-2_16) on aligned paths, with one
    alignment each, as in Adriansyah et al. 2015 (doi 10.1007/s10257-014-0234-7), who count transitions where we count
    labels. pm4py's ``precision_alignments`` aligns each prefix of the log as it is, so on a log that does not fit it
    compares recorded steps with planned ones; on one that fits, the two differ only where silent steps leave open in
    which state the model is: pm4py takes those with the fewest silent steps, here all count.
    """
    visible = found.kind != _LOG
    labels = found.label[visible]
    behind = np.concatenate([[0], np.cumsum(visible)])[found.starts]
    begins, lengths = behind[:-1], np.diff(behind)
    runs = _Runs(automaton)
    rows = np.flatnonzero(lengths)
    node = np.zeros(rows.size, np.int64)  # the prefix each path stands at
    states = np.zeros(1, np.int64)  # where in the model each prefix stands
    taken = enabled = depth = 0
    while rows.size:
        weight = np.bincount(node, n_journeys[rows], states.size).astype(np.int64)
        steps, child = np.unique(node * runs.n_labels + labels[begins[rows] + depth], return_inverse=True)
        parent, label = np.divmod(steps, runs.n_labels)
        taken += int(weight[parent].sum())
        enabled += int(weight @ runs.n_enabled(states))
        states = runs.after(states[parent], label)
        depth += 1
        goes_on = lengths[rows] > depth
        rows, node = rows[goes_on], child[goes_on]
    return taken / enabled if enabled else None


class _Runs(Runs):
    """Many runs at a time."""

    def n_enabled(self, states: np.ndarray) -> np.ndarray:
        """Count the labels that each set of states can go on with."""
        met, each = np.unique(states, return_inverse=True)
        return np.array([len(self.enabled(state)) for state in met.tolist()], np.int64)[each]

    def after(self, states: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """Give where each step leads; it is one the model can take."""
        steps, each = np.unique(states * self.n_labels + labels, return_inverse=True)
        return np.array([self.step(*divmod(step, self.n_labels)) for step in steps.tolist()], np.int64)[each]
