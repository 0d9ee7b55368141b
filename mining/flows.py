"""The log laid over the plan as flows: from each event of a journey to the next, and how that fits the plan.

Every event of a journey arrives once, from the event before it or from the start, and every journey arrives once at
the end. So flows sum up to events + journeys, and those whose arriving event is a deviation sum up to the occurrences
of that deviation (see `mining.deviations`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from mining.deviations import Walked
from mining.flow_nodes import ghost_node, numbered
from mining.move_marks import MARKS
from mining.moves import Moves
from mining.planned_links import Link

OK, SKIP, OUT_OF_ORDER, REPEAT, UNPLANNED = STATUSES = ("ok", "skip", "out_of_order", "repeat", "unplanned")
STATUS = pl.Enum(STATUSES)
MARK = pl.Enum(MARKS)
_Counted = tuple[np.ndarray, np.ndarray, np.ndarray]


@dataclass(frozen=True)
class FlowCounts:
    """How often each step over the plan is taken.

    Attributes
    ----------
    counts : frame
        One row per source, target and status that happens: n (steps), n_journeys (that take it at least once); the
        strongest first.
    reach : mapping of str to int
        Journeys by node.
    last : frame
        path, node: the last planned touchpoint that each path had in its place; `mining.flow_nodes.START` where
        it had none.
    """

    counts: pl.DataFrame
    reach: Mapping[str, int]
    last: pl.DataFrame


@dataclass(frozen=True)
class Flows(FlowCounts):
    """The steps of all paths over the plan, and how often each is taken.

    Attributes
    ----------
    walk : frame
        One row per event of each path, and one for its end: path, n_journeys, position (null at the end), source,
        target, mark (of the event, see `mining.move_marks`; null at the end), status (one of `STATUSES`).
    passed : frame
        One row per touchpoint of the plan that lies between source and target of a step and did not happen there: row
        (of the step in `walk`), touchpoint, missed (whether it happened nowhere else on the path).
    """

    walk: pl.DataFrame
    passed: pl.DataFrame

    @cached_property
    def past(self) -> pl.DataFrame:
        """Count the journeys of which a step passes a touchpoint: source, target, status, touchpoint, n_journeys."""
        steps = self.walk.select("path", "source", "target", "status", "n_journeys")[self.passed["row"]]
        return (
            steps.with_columns(self.passed["touchpoint"])
            .unique(["path", "source", "target", "status", "touchpoint"])
            .group_by("source", "target", "status", "touchpoint")
            .agg(pl.col("n_journeys").sum())
            .cast(dict.fromkeys(("source", "target", "status"), pl.String))
        )

    def steps_past(self, touchpoint: str) -> pl.Series:
        """Give the rows of `walk` that pass a touchpoint which happens nowhere else on the path."""
        return self.passed.filter(pl.col("missed") & (pl.col("touchpoint") == touchpoint))["row"]


@dataclass(frozen=True)
class _Board:
    """What steps run between, as numbers: see `mining.flow_kernel`."""

    names: list[str]
    stages: np.ndarray
    ghost_of: np.ndarray
    follows: np.ndarray

    @classmethod
    def of(cls, moves: Moves, follows: Collection[Link], shown: Collection[tuple[str, str]] | None) -> _Board:
        where = moves.where
        labels = {touchpoint: number for number, touchpoint in enumerate(where.frame["touchpoint"])}
        names, ghost_of = numbered(list(labels), moves.activities, where.stages, shown)
        allowed = np.zeros((len(labels), len(names)), dtype=bool)
        for source, target in follows:
            allowed[labels[source], labels[target]] = True
        return cls(names, where.frame["stage"].fill_null(-1).to_numpy(writable=True), ghost_of, allowed)

    def steps(self, part: Walked) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Walk along some paths; see `mining.flow_kernel.walked`."""
        from mining import flow_kernel

        aligned = part.aligned
        path = np.repeat(np.arange(len(aligned.cost), dtype=np.uint32), np.diff(aligned.starts))
        marks = flow_kernel.marked(path, aligned.kind, aligned.label, len(self.stages))
        found: tuple[np.ndarray, np.ndarray, np.ndarray] = flow_kernel.walked(
            path, aligned.kind, aligned.label, part.activity, marks, self.stages, self.ghost_of, self.follows,
            len(self.names),
        )  # fmt: skip
        return found

    def counted(self, steps: np.ndarray, weight: np.ndarray, last: np.ndarray) -> _Counted:
        """Count steps and journeys by link, and journeys by node; and give the last node of each path."""
        from mining import flow_kernel

        counts, reach = flow_kernel.counted(steps, weight, len(self.names))
        return counts, reach, last


def flows(moves: Moves, follows: Collection[Link], *, shown: Collection[tuple[str, str]] | None = None) -> Flows:
    """Walk along the events of each path.

    Parameters
    ----------
    moves : Moves
        The moves of the paths.
    follows : collection of (str, str)
        What may follow what by the plan; see `mining.planned_links.allowed`.
    shown : collection of (stage, activity), optional
        The unplanned activities with a node of their own; all by default. The others of a stage share one.
    """
    board, n_journeys = _Board.of(moves, follows, shown), moves.paths["n_journeys"].to_numpy()

    def work(part: Walked, first: int) -> tuple[_Counted, pl.DataFrame, np.ndarray]:
        steps, passed, last = board.steps(part)
        weight = n_journeys[first : first + len(last)]
        return board.counted(steps, weight, last), _walk(steps, part, first, weight, board.names), passed

    found = moves.in_chunks(work)
    row = 0
    for _, walk, passed in found:
        passed[:, 0] += row
        row += walk.height
    passed = np.concatenate([passed for *_, passed in found])
    summed = _summed([counts for counts, *_ in found], board, moves)
    return Flows(
        summed.counts,
        summed.reach,
        summed.last,
        walk=pl.concat([walk for _, walk, _ in found], rechunk=True),
        passed=pl.DataFrame(
            {
                "row": passed[:, 0].astype(np.uint32),
                "touchpoint": moves.where.frame["touchpoint"].gather(passed[:, 1]),
                "missed": passed[:, 2] > 0,
            }
        ),
    )


def count_flows(
    moves: Moves, follows: Collection[Link], *, shown: Collection[tuple[str, str]] | None = None
) -> FlowCounts:
    """Count the steps of `flows` without keeping them."""
    board, n_journeys = _Board.of(moves, follows, shown), moves.paths["n_journeys"].to_numpy()

    def work(part: Walked, first: int) -> _Counted:
        steps, _, last = board.steps(part)
        return board.counted(steps, n_journeys[first : first + len(last)], last)

    return _summed(moves.in_chunks(work), board, moves)


def _summed(found: Sequence[_Counted], board: _Board, moves: Moves) -> FlowCounts:
    """Sum up what was counted chunk by chunk."""
    counts, reach = (np.sum([chunk[place] for chunk in found], axis=0) for place in (0, 1))
    last = np.concatenate([chunk[2] for chunk in found])
    return FlowCounts(
        counts=_counts(counts, board.names),
        reach=dict(zip(board.names, reach.tolist(), strict=True)),
        last=pl.DataFrame({"path": moves.paths["path"], "node": _last(last, board.names)}),
    )


def taking(moves: Moves, follows: Collection[Link], link: Sequence[str]) -> np.ndarray:
    """Tell which paths take a link (source, target, status) of the picture that has its nodes.

    Parameters
    ----------
    moves, follows
        As in `flows`.
    link : sequence of str
        Two nodes and one of `STATUSES`. Where a node stands for one activity that the plan does not know, this activity
        has a node of its own; all others of a stage share one.
    """
    every = ((stage, activity) for stage in moves.where.stages for activity in moves.activities)
    board = _Board.of(moves, follows, [one for one in every if ghost_node(*one) in link])
    if not {*link[:2]} <= {*board.names}:
        return np.zeros(moves.paths.height, dtype=bool)
    source, target, status = *(board.names.index(node) for node in link[:2]), STATUSES.index(link[2])

    def work(part: Walked, _first: int) -> np.ndarray:
        steps, _, last = board.steps(part)
        found = np.zeros(len(last), dtype=bool)
        found[steps[0, (steps[2] == source) & (steps[3] == target) & (steps[5] == status)]] = True
        return found

    return np.concatenate(moves.in_chunks(work))


def _walk(steps: np.ndarray, part: Walked, first: int, weight: np.ndarray, names: list[str]) -> pl.DataFrame:
    """Put names to the steps."""
    lengths = part.aligned.paths.lengths + 1
    node, ends = pl.Enum(names), pl.col("position") < 0
    walk = pl.DataFrame(
        {
            "path": np.repeat(np.arange(first, first + len(lengths), dtype=np.uint32), lengths),
            "n_journeys": np.repeat(weight, lengths),
            "position": steps[1],
            "source": _named(steps[2], node),
            "target": _named(steps[3], node),
            "mark": _named(np.minimum(steps[4], len(MARKS) - 1), MARK),
            "status": _named(steps[5], STATUS),
        }
    )
    return walk.with_columns(mark=pl.when(~ends).then("mark"), position=pl.when(~ends).then("position"))


def _named(codes: np.ndarray, names: pl.Enum) -> pl.Series:
    return pl.Series(codes).cat.to(names)


def _counts(counts: np.ndarray, names: list[str]) -> pl.DataFrame:
    source, target, status = np.nonzero(counts[..., 0])
    frame = pl.DataFrame(
        {
            "source": [names[node] for node in source],
            "target": [names[node] for node in target],
            "status": [STATUSES[number] for number in status],
            "n": counts[source, target, status, 0],
            "n_journeys": counts[source, target, status, 1],
        },
        schema_overrides={"source": pl.String, "target": pl.String, "status": pl.String},
    )
    return frame.sort("n", "source", "target", "status", descending=[True, False, False, False])


def _last(last: np.ndarray, names: list[str]) -> pl.Series:
    """Name the last planned node of each path; the start stands where there is none."""
    return _named(np.where(last < 0, len(names) - 2, last), pl.Enum(names))


def left_at(laid: FlowCounts, journeys: pl.DataFrame) -> pl.DataFrame:
    """Count the journeys that were dropped, by the last planned touchpoint they had in its place.

    Parameters
    ----------
    laid : FlowCounts
    journeys : frame
        path, outcome of each journey.

    Returns
    -------
    frame
        node (`START` for those that had none), n_dropped; in the order of nodes.
    """
    paths = journeys.filter(pl.col("outcome") == "dropped")["path"]
    ends = pl.DataFrame({"node": laid.last["node"].gather(paths)})
    return ends.group_by("node").agg(n_dropped=pl.len().cast(pl.Int64)).cast({"node": pl.String}).sort("node")
