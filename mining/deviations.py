"""Moves -> named deviations of every path, counted as numbers; names are put to them at the end."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from mining.alignment import Alignments, chosen
from mining.chunks import in_chunks
from mining.places import Places

FOUND: dict[str, pl.DataType] = {
    "path": pl.UInt32(),
    "kind": pl.String(),
    "touchpoint": pl.String(),
    "activity": pl.String(),
    "stage_id": pl.String(),
    "n": pl.Int64(),
}
OF_LABELS = ("missing", "irregular_sequence", "repeated", "extra", "wrong_persona")
NOWHERE = -1


@dataclass(frozen=True)
class PathDeviations:
    """The deviations of all paths, sorted by kind and place, and how far the paths got.

    Attributes
    ----------
    names : frame
        One row per kind and place that there could be: kind, touchpoint, activity, stage_id.
    starts : (names + 1,) int64 array
        Where those of each row of `names` begin in the two arrays that follow.
    path : uint32 array
        The path that has it, in order.
    times : int32 array
        How often it happens there.
    early : bool array
        Whether the first of these stands before the first event of the goal, or there is none; what is about the goal
        itself never does.
    place, stage : (paths,) int32 arrays
        The furthest that a planned move stands at; 0 where there is none.
    last : (paths,) int32 array
        Label of the last synchronous move in a stage, or `NOWHERE`.
    """

    names: pl.DataFrame
    starts: np.ndarray
    path: np.ndarray
    times: np.ndarray
    early: np.ndarray
    place: np.ndarray
    stage: np.ndarray
    last: np.ndarray

    def each(self) -> Iterator[tuple[tuple[str | None, ...], np.ndarray, np.ndarray, np.ndarray]]:
        """Give the row of `names`, the paths, the times, and which are early, of every deviation that happens."""
        happen = np.flatnonzero(np.diff(self.starts))
        for number, names in zip(happen.tolist(), self.names[happen].rows(), strict=True):
            here = slice(self.starts[number], self.starts[number + 1])
            yield names, self.path[here], self.times[here], self.early[here]

    def chosen(self, keep: np.ndarray) -> PathDeviations:
        """Give those of the paths that `keep` tells to keep, numbered anew."""
        from mining.path_kernel import kept

        number = (np.cumsum(keep) - 1).astype(self.path.dtype)

        def work(first: int, last: int) -> tuple[np.ndarray, ...]:
            found: tuple[np.ndarray, ...] = kept(
                self.path, self.times, self.early, self.starts[first : last + 1], keep, number
            )
            return found

        parts = in_chunks(self.starts, work)
        lengths, *columns = (np.concatenate(column) for column in zip(*parts, strict=True))
        reached = (of_path[keep] for of_path in (self.place, self.stage, self.last))
        return PathDeviations(self.names, np.concatenate([[0], np.cumsum(lengths)]), *columns, *reached)

    def frame(self) -> pl.DataFrame:
        """Give one row per path and deviation, in the columns of `FOUND`."""
        number = np.repeat(np.arange(self.names.height), np.diff(self.starts))
        return self.names[number].with_columns(path=self.path, n=self.times).select(*FOUND).cast(pl.Schema(FOUND))


@dataclass(frozen=True)
class Walked:
    """Some paths with what is asked of them.

    Attributes
    ----------
    aligned : Alignments
        Their alignments.
    activity : (events,) int array
        The number of the activity of each event.
    exempt : collection of str
        Touchpoints that are meant for others than those who take these paths.
    """

    aligned: Alignments
    activity: np.ndarray
    exempt: Collection[str] = ()

    def part(self, first: int, last: int) -> Walked:
        """Give the paths from `first` to before `last`."""
        offsets = self.aligned.paths.offsets
        return Walked(self.aligned.part(first, last), self.activity[offsets[first] : offsets[last]], self.exempt)

    def chosen(self, keep: np.ndarray) -> Walked:
        """Give the paths that `keep` tells to keep."""
        paths = self.aligned.paths
        activity, _ = chosen(self.activity, paths.offsets, keep)
        return Walked(self.aligned.chosen(keep, paths.chosen(keep)), activity, self.exempt)

    @property
    def events(self) -> tuple[np.ndarray, ...]:
        """What loops along the moves take: the steps, where those of each path begin; and the same of its events."""
        aligned = self.aligned
        return aligned.steps, aligned.starts, aligned.paths.symbols, self.activity, aligned.paths.offsets


def path_deviations(parts: Sequence[Walked], where: Places, activities: Sequence[str]) -> PathDeviations:
    """Count what the moves of each path mean: missing, stage_skipped, ad_hoc, irregular_sequence, repeated or extra.

    Parameters
    ----------
    parts : sequence of Walked
        The paths, part behind part.
    where : Places
        Places of the labels.
    activities : sequence of str
        The name of each activity by number.

    Notes
    -----
    A log move and a model move of one touchpoint on one path are one irregularity; the first log moves are paired. An
    event off the map belongs to the stage of the last planned move before it. A stage is skipped where the path walks
    through though none of its required touchpoints happened anywhere; what is meant for others is not required. A
    synchronous move of a touchpoint meant for others is a ``wrong_persona``.
    """
    from mining.deviation_kernel import sort_in

    found = [chunk for part in parts for chunk in _counted(part, where, len(activities))]
    names = deviation_names(where, activities)
    counts = np.sum([np.bincount(what, minlength=names.height) for what, *_ in found], axis=0)
    starts = np.concatenate([[0], np.cumsum(counts)])
    path, times, early = (np.empty(starts[-1], kind) for kind in (np.uint32, np.int32, np.bool_))
    cursor, first = starts[:-1].copy(), 0
    for what, n, on_the_way, lengths, _ in found:
        sort_in(what, n, on_the_way, lengths, first, cursor, path, times, early)
        first += len(lengths)
    place, stage, last = np.concatenate([reached for *_, reached in found]).T.copy()
    return PathDeviations(names, starts, path, times, early, place, stage, last)


def deviation_names(where: Places, activities: Sequence[str]) -> pl.DataFrame:
    """Name every deviation there could be, in the order of their numbers."""
    labels, stages = where.frame, pl.Series("stage_id", where.stages, dtype=pl.String)
    of_labels = [labels.select(pl.lit(kind).alias("kind"), "touchpoint", "stage_id") for kind in OF_LABELS]
    skipped = pl.DataFrame(stages).with_columns(kind=pl.lit("stage_skipped"))
    off_map = pl.DataFrame({"activity": pl.Series(activities, dtype=pl.String)}).join(pl.DataFrame(stages), how="cross")
    every = pl.concat([*of_labels, skipped, off_map.with_columns(kind=pl.lit("ad_hoc"))], how="diagonal")
    return every.select("kind", "touchpoint", "activity", "stage_id")


def _counted(part: Walked, where: Places, n_activities: int) -> list[tuple[np.ndarray, ...]]:
    """Count the deviations of each path of a part, chunk by chunk."""
    from mining.deviation_kernel import count

    aligned, paths = part.aligned, part.aligned.paths
    known = where.frame.select(
        pl.col("stage", "place").fill_null(NOWHERE), "required", exempt=pl.col("touchpoint").is_in(list(part.exempt))
    )
    labels = tuple(np.array(column) for column in known)  # arrays of their own, always of the same types

    def work(first: int, last: int) -> tuple[np.ndarray, ...]:
        starts, offsets = aligned.starts[first : last + 1], paths.offsets[first : last + 1]
        events, moves = slice(offsets[0], offsets[-1]), slice(starts[0], starts[-1])
        found: tuple[np.ndarray, ...] = count(
            aligned.steps[moves],
            starts - starts[0],
            paths.symbols[events],
            part.activity[events],
            offsets - offsets[0],
            aligned.automaton.label,
            labels,
            where.goal,
            len(where.stages),
            n_activities,
        )
        return found

    return in_chunks(paths.offsets, work)
