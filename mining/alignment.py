"""Exact optimal alignment of every variant with an automaton (Adriansyah 2014, doi 10.6100/IR770080).

Synchronous moves cost 0, log moves 1, model moves the weight of their label. Among optimal alignments the one with the
most synchronous moves is taken, then the one with the fewest model moves; what ties remain are broken from the end of
the path: a log move before a model move before a synchronous move, then the edge with the lowest source and label.
Between two synchronous moves the log moves stand before the model moves.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from mining.automaton import Automaton
from mining.errors import ModelError
from mining.messages import N_

OFF_MAP = -1
KINDS = ("sync", "log", "model")
MOVE_KIND = pl.Enum(KINDS)


@dataclass(frozen=True)
class Paths:
    """Distinct paths as flat arrays, sorted so that neighbours share prefixes.

    Attributes
    ----------
    symbols : (events,) int32 array
        Label numbers of the automaton, or `OFF_MAP`.
    offsets : (paths + 1,) int64 array
        Where each path begins.
    """

    symbols: np.ndarray
    offsets: np.ndarray

    @classmethod
    def from_lists(cls, paths: pl.Series, symbol_of: np.ndarray) -> Paths:
        """Take a column of lists of codes, and the symbol of each code."""
        lengths = paths.list.len().to_numpy()
        codes = paths.explode(empty_as_null=False, keep_nulls=False).to_numpy()
        offsets = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
        return cls(symbol_of.astype(np.int32)[codes], offsets)

    @property
    def lengths(self) -> np.ndarray:
        """Events per path."""
        return np.diff(self.offsets)


@dataclass(frozen=True)
class Alignments:
    """The optimum of every path.

    Attributes
    ----------
    cost : (paths,) float array
        In units of one log move.
    starts : (paths + 1,) int64 array
        Where the moves of each path begin.
    kind : (moves,) uint8 array
        Index into `KINDS`.
    position : (moves,) int32 array
        The event, from 0; for a model move the event it happens before.
    label : (moves,) int32 array
        Label number, or `OFF_MAP` for the log move of an unbound event.
    state : (moves,) int32 array
        The state of the automaton behind the move.
    """

    cost: np.ndarray
    starts: np.ndarray
    kind: np.ndarray
    position: np.ndarray
    label: np.ndarray
    state: np.ndarray

    def moves(self) -> pl.DataFrame:
        """Give one row per move: path (row number of the path), position, kind, label, state; in order."""
        path = np.repeat(np.arange(len(self.cost), dtype=np.uint32), np.diff(self.starts))
        return pl.DataFrame(
            {
                "path": path,
                "position": self.position,
                "kind": pl.Series(KINDS, dtype=MOVE_KIND).gather(pl.Series(self.kind)),
                "label": self.label,
                "state": self.state,
            }
        )


def load_in_background() -> None:
    """Load the kernel on a thread of its own while files are read; who needs it meanwhile waits for just that."""
    threading.Thread(target=warm_up, name="kernel").start()


def align(paths: Paths, automaton: Automaton, accepts: Sequence[np.ndarray], accept_of: np.ndarray) -> Alignments:
    """Align every path.

    Parameters
    ----------
    paths : Paths
        The variants.
    automaton : Automaton
        The plan.
    accepts : sequence of (states,) bool arrays
        The ends that are asked for: for the *complete* reading the final states; for the *journey* reading those past
        the goal, and all.
    accept_of : (paths,) int array
        Which of `accepts` each path must end in.

    Raises
    ------
    ModelError
        When a path cannot reach an end that is asked of it, or is too long for exact integer costs.
    """
    from mining import kernel

    n_model = (int(paths.lengths.max(initial=0)) + 1) * automaton.n_states
    model_unit = 1 << n_model.bit_length()
    cost_unit = model_unit << (int(paths.lengths.max(initial=0)) + 1).bit_length()
    dearest = int(paths.lengths.max(initial=0)) * automaton.scale + int(automaton.weights.sum()) * automaton.n_states
    if cost_unit * dearest >= int(kernel.UNREACHED):
        raise ModelError(N_("The map is too large for paths this long; use weights without decimals, or fewer states."))
    values, *moves = kernel.align_sorted(  # type: ignore[call-arg]  # numba hides the signature
        paths.symbols,
        paths.offsets,
        np.asarray(accept_of, dtype=np.int64),
        np.array(accepts, dtype=np.bool_).reshape(-1, automaton.n_states),
        *_sync_edges(automaton),
        *_model_edges(automaton, cost_unit),
        cost_unit * automaton.scale,
        -model_unit,
        model_unit,
    )
    if (values == kernel.UNREACHED).any():
        raise ModelError(N_("The model has no path from its start to its end."))
    whole = values - values % model_unit  # without the model moves: cost units less fewer synchronous moves than a unit
    return _without_silent(Alignments(-(-whole // cost_unit) / automaton.scale, *moves), len(automaton.labels))


def _without_silent(found: Alignments, silent: int) -> Alignments:
    """Leave out the silent steps of a net: nobody did anything there."""
    kept = found.label != silent
    if kept.all():
        return found
    behind = np.concatenate([[0], np.cumsum(kept)])
    columns = (column[kept] for column in (found.kind, found.position, found.label, found.state))
    return Alignments(found.cost, behind[found.starts], *columns)


def _sync_edges(automaton: Automaton) -> tuple[np.ndarray, ...]:
    """Give the edges grouped by label: starts per label, sources, targets."""
    order = np.lexsort((automaton.target, automaton.source, automaton.label))
    starts = np.searchsorted(automaton.label[order], np.arange(len(automaton.labels) + 1))
    return starts.astype(np.int64), automaton.source[order], automaton.target[order]


def _model_edges(automaton: Automaton, cost_unit: int) -> tuple[np.ndarray, ...]:
    """Give the edges that a model move may take, by source, and for each state the edges that lead into it."""
    useful = automaton.source != automaton.target
    source, label, target = (column[useful] for column in (automaton.source, automaton.label, automaton.target))
    value = automaton.weights[label] * cost_unit + 1
    incoming = np.lexsort((label, source, target))
    starts = np.searchsorted(target[incoming], np.arange(automaton.n_states + 1))
    return source, target, label, value, starts.astype(np.int64), incoming.astype(np.int64)


def warm_up() -> None:
    """Load the kernel or, the very first time, compile it into its cache on disk; no later call waits for it."""
    automaton = Automaton(
        labels=("a",),
        weights=np.ones(1, np.int64),
        scale=1,
        source=np.zeros(1, np.int32),
        label=np.zeros(1, np.int32),
        target=np.ones(1, np.int32),
        final=np.array([False, True]),
        past_goal=np.array([False, True]),
    )
    paths = Paths(np.zeros(1, np.int32), np.array([0, 1], np.int64))
    align(paths, automaton, [automaton.final], np.zeros(1, np.int64))


if __name__ == "__main__":
    warm_up()
