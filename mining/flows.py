"""The log laid over the plan as flows: from each event of a journey to the next, and how that fits the plan.

Every event of a journey arrives once, from the event before it or from the start, and every journey arrives once at
the end. So flows sum up to events + journeys, and those whose arriving event is a deviation sum up to the occurrences
of that deviation (see `mining.deviations`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

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
LINK = ("source", "target", "status")


@dataclass(frozen=True)
class Board:
    """What steps run between, as numbers; see `mining.flow_kernel`.

    Attributes
    ----------
    names : list of str
        The nodes.
    stages : (labels,) int32 array
        The stage of each label, or -1.
    ghost_of : (activities, stages) int32 array
        The node of each activity off the plan, by stage.
    follows : (labels, nodes) bool array
        What may follow what by the plan.
    """

    names: list[str]
    stages: np.ndarray
    ghost_of: np.ndarray
    follows: np.ndarray

    @classmethod
    def of(cls, moves: Moves, follows: Collection[Link], shown: Collection[tuple[str, str]] | None) -> Board:
        """Number the nodes; the arguments are those of `flows`."""
        where = moves.where
        labels = {touchpoint: number for number, touchpoint in enumerate(where.frame["touchpoint"])}
        names, ghost_of = numbered(list(labels), moves.activities, where.stages, shown)
        allowed = np.zeros((len(labels), len(names)), dtype=bool)
        for source, target in follows:
            allowed[labels[source], labels[target]] = True
        return cls(names, where.frame["stage"].fill_null(-1).to_numpy(writable=True), ghost_of, allowed)

    def arrays(self, part: Walked) -> tuple[Any, ...]:
        """Give what the loops of `mining.flow_kernel` take to walk along some paths."""
        label_of = part.aligned.automaton.label
        return label_of, self.stages, self.ghost_of, self.follows


@dataclass(frozen=True)
class Flows:
    """How often each step over the plan is taken; the steps themselves are walked when somebody asks for them.

    Attributes
    ----------
    counts : frame
        One row per source, target and status that happens: n (steps), n_journeys (that take it at least once); the
        strongest first.
    past : frame
        The journeys of which such a step passes a touchpoint that did not happen there: source, target, status,
        touchpoint, n_journeys.
    reach : mapping of str to int
        Journeys by node.
    last : frame
        path, node: the last planned touchpoint that each path had in its place; `mining.flow_nodes.START` where
        it had none.
    moves : Moves
        The moves of the paths.
    board : Board
        What the steps run between.
    """

    counts: pl.DataFrame
    past: pl.DataFrame
    reach: Mapping[str, int]
    last: pl.DataFrame
    moves: Moves
    board: Board

    @property
    def walk(self) -> pl.DataFrame:
        """Give the steps of all paths.

        Returns
        -------
        frame
            One row per event of each path, and one for its end: path, n_journeys, position (null at the end), source,
            target, mark (of the event, see `mining.move_marks`; null at the end), status (one of `STATUSES`).
        """
        return self._walked[0]

    @property
    def passed(self) -> pl.DataFrame:
        """Give what the steps pass.

        Returns
        -------
        frame
            One row per touchpoint of the plan that lies between source and target of a step and did not happen there:
            row (of the step in `walk`), touchpoint, missed (whether it happened nowhere else on the path).
        """
        return self._walked[1]

    @cached_property
    def _walked(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        return _walk(self.moves, self.board)

    def walk_of(self, paths: pl.Series) -> pl.DataFrame:
        """Give the rows of `walk` of a few paths, without walking along the others."""
        keep = np.zeros(self.moves.paths.height, dtype=bool)
        keep[paths.to_numpy()] = True
        return _walk(self.moves.chosen(keep), self.board)[0]

    def steps_past(self, touchpoint: str) -> pl.Series:
        """Give the rows of `walk` that pass a touchpoint which happens nowhere else on the path."""
        return self.passed.filter(pl.col("missed") & (pl.col("touchpoint") == touchpoint))["row"]


def flows(moves: Moves, follows: Collection[Link], *, shown: Collection[tuple[str, str]] | None = None) -> Flows:
    """Walk along the events of each path, and count.

    Parameters
    ----------
    moves : Moves
        The moves of the paths.
    follows : collection of (str, str)
        What may follow what by the plan; see `mining.planned_links.allowed`.
    shown : collection of (stage, activity), optional
        The unplanned activities with a node of their own; all by default. The others of a stage share one.
    """
    from mining import flow_kernel

    board, n_journeys = Board.of(moves, follows, shown), moves.paths["n_journeys"].to_numpy()

    def work(part: Walked, first: int) -> tuple[np.ndarray, ...]:
        weight = n_journeys[first : first + len(part.aligned.cost)]
        found: tuple[np.ndarray, ...] = flow_kernel.count(*part.events, weight, board.arrays(part), len(board.names))
        return found

    links, counts, past, reach, last = zip(*moves.in_chunks(work), strict=True)
    return Flows(
        counts=_counts(np.concatenate(links), np.concatenate(counts), board),
        past=_past(np.concatenate(links), np.concatenate(past)[..., 0], board, moves),
        reach=dict(zip(board.names, np.sum(reach, axis=0)[:, 0].tolist(), strict=True)),
        last=pl.DataFrame({"path": moves.paths["path"], "node": _last(np.concatenate(last), board.names)}),
        moves=moves,
        board=board,
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
    from mining import flow_kernel

    every = ((stage, activity) for stage in moves.where.stages for activity in moves.activities)
    board = Board.of(moves, follows, [one for one in every if ghost_node(*one) in link])
    if not {*link[:2]} <= {*board.names}:
        return np.zeros(moves.paths.height, dtype=bool)
    numbers = np.array([*(board.names.index(node) for node in link[:2]), STATUSES.index(link[2])])

    def work(part: Walked, _first: int) -> np.ndarray:
        found: np.ndarray = flow_kernel.taking(*part.events, board.arrays(part), len(board.names), numbers)
        return found

    return np.concatenate(moves.in_chunks(work))


def _walk(moves: Moves, board: Board) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Write down all steps, and what they pass; see `Flows`."""
    from mining import flow_kernel

    behind = np.cumsum(np.concatenate([part.aligned.paths.lengths for part in moves.parts]) + 1)
    paths, weight = (moves.paths[name].to_numpy(writable=True) for name in ("path", "n_journeys"))
    kinds = (paths.dtype, weight.dtype, np.int32, np.uint16, np.uint16, np.uint8, np.uint8)
    columns = [np.empty(behind[-1], kind) for kind in kinds]

    def work(part: Walked, first: int) -> np.ndarray:
        end = first + len(part.aligned.cost)
        here = slice(behind[first - 1] if first else 0, behind[end - 1])
        passed: np.ndarray = flow_kernel.walk(
            *part.events, paths[first:end], weight[first:end], board.arrays(part), len(board.names),
            tuple(column[here] for column in columns),
        )  # fmt: skip
        passed[:, 0] += here.start
        return passed

    passed = np.concatenate(moves.in_chunks(work))
    return _steps(columns, pl.Enum(board.names)), _passed(passed, moves)


def _steps(columns: Sequence[np.ndarray], names: pl.Enum) -> pl.DataFrame:
    """Put names to the steps."""
    path, n_journeys, position, source, target, mark, status = columns
    walk = pl.DataFrame(
        {
            "path": path,
            "n_journeys": n_journeys,
            "position": position,
            "source": _named(source, names),
            "target": _named(target, names),
            "mark": _named(np.minimum(mark, len(MARKS) - 1), MARK),
            "status": _named(status, STATUS),
        }
    )
    happened = pl.when(pl.col("position") >= 0)
    return walk.with_columns(mark=happened.then("mark"), position=happened.then("position"))


def _passed(passed: np.ndarray, moves: Moves) -> pl.DataFrame:
    """Put names to what the steps pass."""
    touchpoints = pl.Enum(moves.where.frame["touchpoint"])
    return pl.DataFrame(
        {
            "row": passed[:, 0].astype(np.uint32),
            "touchpoint": _named(passed[:, 1], touchpoints),
            "missed": passed[:, 2] > 0,
        }
    )


def _named(codes: np.ndarray, names: pl.Enum) -> pl.Series:
    return pl.Series(codes).cat.to(names)


def _linked(links: np.ndarray, board: Board) -> pl.DataFrame:
    """Name links; the rows are those of `links`."""
    source, target, status = links.T
    nodes = pl.Series(board.names, dtype=pl.String)
    of_status = pl.Series(STATUSES).gather(status)
    return pl.DataFrame({"source": nodes.gather(source), "target": nodes.gather(target), "status": of_status})


def _counts(links: np.ndarray, counts: np.ndarray, board: Board) -> pl.DataFrame:
    """Sum up what was counted chunk by chunk."""
    frame = _linked(links, board).with_columns(n=counts[:, 0], n_journeys=counts[:, 1])
    summed = frame.group_by(LINK).agg(pl.col("n", "n_journeys").sum())
    return summed.sort("n", *LINK, descending=[True, False, False, False])


def _past(links: np.ndarray, past: np.ndarray, board: Board, moves: Moves) -> pl.DataFrame:
    """Sum up what is passed, chunk by chunk."""
    row, label = np.nonzero(past)
    touchpoint = moves.where.frame["touchpoint"].gather(label)
    frame = _linked(links[row], board).with_columns(touchpoint=touchpoint, n_journeys=past[row, label])
    return frame.group_by(*LINK, "touchpoint").agg(pl.col("n_journeys").sum()).sort(*LINK, "touchpoint")


def _last(last: np.ndarray, names: list[str]) -> pl.Series:
    """Name the last planned node of each path; the start stands where there is none."""
    return _named(np.where(last < 0, len(names) - 2, last), pl.Enum(names))


def left_at(laid: Flows, journeys: pl.DataFrame) -> pl.DataFrame:
    """Count the journeys that were dropped, by the last planned touchpoint they had in its place.

    Parameters
    ----------
    laid : Flows
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
