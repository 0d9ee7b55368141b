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
from functools import cached_property

import numpy as np
import polars as pl

from mining.automaton import Automaton
from mining.chunks import CHUNK, in_chunks
from mining.errors import ModelError
from mining.messages import N_
from mining.prepared import prepare

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
        codes, offsets = flat(paths)
        return cls(symbol_of.astype(np.int32)[codes], offsets)

    @property
    def lengths(self) -> np.ndarray:
        """Events per path."""
        return np.diff(self.offsets)

    def part(self, first: int, last: int) -> Paths:
        """Give the paths from `first` to before `last`."""
        offsets = self.offsets[first : last + 1]
        return Paths(self.symbols[offsets[0] : offsets[-1]], offsets - offsets[0])

    def chosen(self, keep: np.ndarray) -> Paths:
        """Give the paths that `keep` tells to keep."""
        return Paths(*chosen(self.symbols, self.offsets, keep))


def chosen(values: np.ndarray, offsets: np.ndarray, keep: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give the values of those rows that are kept, one after another, and where each of these rows begins.

    Parameters
    ----------
    values : array
        Of all rows, one after another.
    offsets : (rows + 1,) int64 array
        Where each row begins.
    keep : (rows,) bool array
        Whether a row is kept.

    Examples
    --------
    >>> [part.tolist() for part in chosen(np.arange(5), np.array([0, 2, 2, 5]), np.array([True, True, False]))]
    [[0, 1], [0, 2, 2]]
    """
    from mining.path_kernel import copy_kept

    starts = np.concatenate([[0], np.cumsum(np.diff(offsets)[keep])])
    found, first_of = np.empty(starts[-1], values.dtype), np.concatenate([[0], np.cumsum(keep)])

    def work(first: int, last: int) -> None:
        copy_kept(values, offsets, keep, first, last, found, starts[first_of[first]])

    in_chunks(offsets, work)
    return found, starts


def flat(paths: pl.Series) -> tuple[np.ndarray, np.ndarray]:
    """Give the codes of a column of lists one after another, and where each list begins, with the end of the last."""
    codes = paths.explode(empty_as_null=False, keep_nulls=False).to_numpy()
    return codes, np.concatenate([[0], np.cumsum(paths.list.len().to_numpy(), dtype=np.int64)])


@dataclass(frozen=True)
class Alignments:
    """The optimum of every path, as edges taken; what is asked for beyond them is worked out when it is asked for.

    Attributes
    ----------
    paths : Paths
        What was aligned.
    automaton : Automaton
        With what.
    cost : (paths,) float array
        In units of one log move.
    starts : (paths + 1,) int64 array
        Where the steps of each path begin.
    steps : (moves,) int32 array
        -1 for a log move; else 2 x the edge of the automaton that was taken, 1 more where the model moved alone. Silent
        steps of a net are left out: nobody did anything there.
    """

    paths: Paths
    automaton: Automaton
    cost: np.ndarray
    starts: np.ndarray
    steps: np.ndarray

    def part(self, first: int, last: int) -> Alignments:
        """Give the alignments of the paths from `first` to before `last`."""
        starts = self.starts[first : last + 1]
        return Alignments(
            paths=self.paths.part(first, last),
            automaton=self.automaton,
            cost=self.cost[first:last],
            starts=starts - starts[0],
            steps=self.steps[starts[0] : starts[-1]],
        )

    def chosen(self, keep: np.ndarray, paths: Paths) -> Alignments:
        """Give the alignments of the paths that `keep` tells to keep; `paths` are these."""
        steps, starts = chosen(self.steps, self.starts, keep)
        return Alignments(paths, self.automaton, self.cost[keep], starts, steps)

    @cached_property
    def _moves(self) -> tuple[np.ndarray, ...]:
        from mining import kernel

        paths, edges = self.paths, self.automaton
        found: tuple[np.ndarray, ...] = kernel.moves_of(
            self.steps, self.starts, paths.symbols, paths.offsets, edges.label, edges.target
        )
        return found

    @property
    def kind(self) -> np.ndarray:
        """Index into `KINDS` of each move, uint8."""
        return self._moves[0]

    @property
    def position(self) -> np.ndarray:
        """The event of each move, from 0; for a model move the event it happens before; int32."""
        return self._moves[1]

    @property
    def label(self) -> np.ndarray:
        """Label number of each move, or `OFF_MAP` for the log move of an unbound event; int32."""
        return self._moves[2]

    @property
    def state(self) -> np.ndarray:
        """The state of the automaton behind each move, int32."""
        return self._moves[3]

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


def align(
    paths: Paths,
    automaton: Automaton,
    accepts: Sequence[np.ndarray],
    accept_of: np.ndarray,
    *,
    threads: int | None = None,
    chunk: int = CHUNK,
) -> Alignments:
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
    threads : int, optional
        How many work at the same time; as many as there are processors by default. It changes no result.
    chunk : int, default `CHUNK`
        About how many events one of them takes at a time. It changes no result.

    Raises
    ------
    ModelError
        When a path cannot reach an end that is asked of it, or is too long for exact integer costs.
    """
    from mining import kernel

    plan = prepare(automaton, int(paths.lengths.max(initial=0)))
    ends = np.array(accepts, dtype=np.bool_).reshape(-1, automaton.n_states)
    wanted = np.asarray(accept_of, dtype=np.int64)

    def work(first: int, last: int) -> tuple[np.ndarray, ...]:
        some = paths.part(first, last)
        found: tuple[np.ndarray, ...] = kernel.align_sorted(
            some.symbols, some.offsets, wanted[first:last], ends, *plan.arrays
        )
        return found

    parts = in_chunks(paths.offsets, work, threads=threads, chunk=chunk)
    values, lengths, steps = (np.concatenate(column) for column in zip(*parts, strict=True))
    if (values == plan.unreached).any():
        raise ModelError(N_("The model has no path from its start to its end."))
    starts = np.concatenate([[0], np.cumsum(lengths)])
    return Alignments(paths, automaton, values // plan.cost_unit / plan.scale, starts, steps)


def warm_up() -> None:
    """Load the kernel or, the very first time, compile it into its cache on disk; no later call waits for it."""
    for weight in (1, 1 << 28):  # values of 32 bits, and of 64
        automaton = Automaton(
            labels=("a",),
            weights=np.full(1, weight, np.int64),
            scale=1,
            source=np.zeros(1, np.int32),
            label=np.zeros(1, np.int32),
            target=np.ones(1, np.int32),
            final=np.array([False, True]),
            past_goal=np.array([False, True]),
        )
        paths = Paths(np.zeros(1, np.int32), np.array([0, 1], np.int64))
        align(paths, automaton, [automaton.final], np.zeros(1, np.int64)).moves()
