"""The moves of all paths as one frame with names, or those of one path: made when somebody asks for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
import polars as pl

from mining.chunks import in_chunks
from mining.deviations import Walked
from mining.places import Places

Found = TypeVar("Found")


@dataclass(frozen=True)
class Moves:
    """What the rows of the frames are made from.

    Attributes
    ----------
    parts : sequence of Walked
        The aligned paths, part behind part.
    paths : frame
        One row per path: path (row number), variant_id, n_journeys.
    activities : sequence of str
        The name of each activity by number.
    where : Places
        Places of the labels.
    """

    parts: Sequence[Walked]
    paths: pl.DataFrame
    activities: Sequence[str]
    where: Places

    def in_chunks(self, work: Callable[[Walked, int], Found]) -> list[Found]:
        """Call ``work(part, first)`` for some paths after the other, the first of which is `first`; see `in_chunks`."""
        found, before = [], 0
        for part in self.parts:

            def some(first: int, last: int, part: Walked = part, before: int = before) -> Found:
                return work(part.part(first, last), before + first)

            found += in_chunks(part.aligned.paths.offsets, some)
            before += len(part.aligned.cost)
        return found

    def chosen(self, keep: np.ndarray) -> Moves:
        """Give those of the paths that `keep` tells to keep; they stay what they are called."""
        firsts = np.cumsum([0, *(len(part.aligned.cost) for part in self.parts)]).tolist()
        parts = [part.chosen(keep[first:end]) for part, first, end in zip(self.parts, firsts, firsts[1:], strict=False)]
        return replace(self, parts=parts, paths=self.paths.filter(pl.Series(keep)))

    def frame(self) -> pl.DataFrame:
        """Give one row per move of each path, in order.

        Returns
        -------
        frame
            path, variant_id, n_journeys, position, kind (sync, log, model), label, touchpoint, stage_id, activity (of
            the event; null for model moves), state (of the automaton behind the move).
        """
        firsts = np.cumsum([0, *(len(part.aligned.cost) for part in self.parts)])
        return pl.concat([self._named(part, int(first)) for part, first in zip(self.parts, firsts, strict=False)])

    def of(self, path: int) -> pl.DataFrame:
        """Give those of one path."""
        first = 0
        for part in self.parts:
            if path < first + len(part.aligned.cost):
                return self._named(part.part(path - first, path - first + 1), path)
            first += len(part.aligned.cost)
        raise IndexError(path)

    def _named(self, part: Walked, first: int) -> pl.DataFrame:
        """Put names in place of numbers; the first path of the part has the number `first`."""
        moves = part.aligned.moves().with_columns(pl.col("path") + pl.lit(first, pl.UInt32))
        event = part.aligned.paths.offsets[moves["path"].to_numpy() - first] + moves["position"].to_numpy()
        numbers = np.append(part.activity, 0)[event]  # a model move at the end stands before no event
        board = self.where.frame.select("label", "touchpoint", "stage_id")
        return (
            moves.with_columns(activity=pl.Series(self.activities, dtype=pl.String).gather(numbers))
            .with_columns(activity=pl.when(pl.col("kind") != "model").then("activity"))
            .join(board, on="label", how="left", maintain_order="left")
            .join(self.paths, on="path", how="left", maintain_order="left")
            .select(
                *("path", "variant_id", "n_journeys", "position", "kind", "label"),
                *("touchpoint", "stage_id", "activity", "state"),
            )
        )
