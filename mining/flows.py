"""The log laid over the plan as flows: from each event of a journey to the next, and how that fits the plan.

Every event of a journey arrives once, from the event before it or from the start, and every journey arrives once at
the end. So flows sum up to events + journeys, and those whose arriving event is a deviation sum up to the occurrences
of that deviation (see `mining.deviations`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from mining.alignment import MOVE_KIND
from mining.move_marks import MARKS
from mining.places import Places
from mining.planned_links import Link

START, END = "start", "end"
OK, SKIP, OUT_OF_ORDER, REPEAT, UNPLANNED = STATUSES = ("ok", "skip", "out_of_order", "repeat", "unplanned")
STATUS = pl.Enum(STATUSES)
MARK = pl.Enum(MARKS)


def touchpoint_node(touchpoint: str) -> str:
    """Give the node of a touchpoint; no activity has one like it."""
    return f"t:{touchpoint}"


def ghost_node(stage: str, activity: str) -> str:
    """Give the node of an activity that the plan does not know, in the stage where it happens."""
    return f"x:{stage}:{activity}"


def other_node(stage: str) -> str:
    """Give the node of all rare activities that the plan does not know, in the stage where they happen."""
    return f"o:{stage}"


@dataclass(frozen=True)
class Flows:
    """The steps of all paths over the plan.

    Attributes
    ----------
    walk : frame
        One row per event of each path, and one for its end: path, n_journeys, position (null at the end), source,
        target, mark (of the event, see `mining.move_marks`; null at the end), status (one of `STATUSES`).
    passed : frame
        One row per touchpoint of the plan that lies between source and target of a step and did not happen there: row
        (of the step in `walk`), touchpoint, missed (whether it happened nowhere else on the path).
    counts : frame
        One row per source, target and status that happens: n (steps), n_journeys (that take it at least once); the
        strongest first.
    reach : mapping of str to int
        Journeys by node.
    last : frame
        path, node: the last planned touchpoint that the path had in its place; `START` where it had none.
    """

    walk: pl.DataFrame
    passed: pl.DataFrame
    counts: pl.DataFrame
    reach: Mapping[str, int]
    last: pl.DataFrame

    def steps_past(self, touchpoint: str) -> pl.Series:
        """Give the rows of `walk` that pass a touchpoint which happens nowhere else on the path."""
        return self.passed.filter(pl.col("missed") & (pl.col("touchpoint") == touchpoint))["row"]


def flows(
    moves: pl.DataFrame,
    where: Places,
    follows: Collection[Link],
    *,
    shown: Collection[tuple[str, str]] | None = None,
) -> Flows:
    """Walk along the events of each path.

    Parameters
    ----------
    moves : frame
        One row per move of each path, in order: path, n_journeys, kind, label, activity; as in
        `pipeline.findings.Findings`.
    where : Places
        Places of the labels.
    follows : collection of (str, str)
        What may follow what by the plan; see `mining.planned_links.allowed`.
    shown : collection of (stage, activity), optional
        The unplanned activities with a node of their own; all by default. The others of a stage share one.
    """
    from mining import flow_kernel

    labels = {touchpoint: number for number, touchpoint in enumerate(where.frame["touchpoint"])}
    activities = moves["activity"].drop_nulls().unique().sort()
    names, ghost_of = _nodes(list(labels), activities.to_list(), where.stages, shown)
    allowed = np.zeros((len(labels), len(names)), dtype=bool)
    for source, target in follows:
        allowed[labels[source], labels[target]] = True
    activity = moves["activity"].cast(pl.Enum(activities)).to_physical().fill_null(0).to_numpy().astype(np.uint32)
    path, weight = moves["path"].to_numpy(), moves["n_journeys"].to_numpy()
    kind, label = moves["kind"].cast(MOVE_KIND).to_physical().to_numpy(), moves["label"].to_numpy()
    marks = flow_kernel.marked(path, kind, label, len(labels))
    stages = where.frame["stage"].fill_null(-1).to_numpy()
    steps, passed, last = flow_kernel.walked(path, kind, label, activity, marks, stages, ghost_of, allowed, len(names))
    counts, reach = flow_kernel.counted(steps, weight, len(names))
    walk = _walk(steps, path, weight, names)
    return Flows(
        walk=walk,
        passed=pl.DataFrame(
            {
                "row": passed[:, 0].astype(np.uint32),
                "touchpoint": where.frame["touchpoint"].gather(passed[:, 1]),
                "missed": passed[:, 2] > 0,
            }
        ),
        counts=_counts(counts, names),
        reach=dict(zip(names, reach.tolist(), strict=True)),
        last=pl.DataFrame({"path": walk["path"].filter(walk["position"].is_null()), "node": _last(last, names)}),
    )


def _nodes(
    touchpoints: list[str],
    activities: list[str],
    stages: tuple[str, ...],
    shown: Collection[tuple[str, str]] | None,
) -> tuple[list[str], np.ndarray]:
    """Name all nodes, and number that of each activity in each stage where the plan does not know it."""
    names = [touchpoint_node(touchpoint) for touchpoint in touchpoints]
    ghost_of = np.zeros((max(len(activities), 1), len(stages)), dtype=np.int32)
    number: dict[str, int] = {}
    for a, activity in enumerate(activities):
        for s, stage in enumerate(stages):
            own = shown is None or (stage, activity) in shown
            node = ghost_node(stage, activity) if own else other_node(stage)
            ghost_of[a, s] = number.setdefault(node, len(names) + len(number))
    return [*names, *number, START, END], ghost_of


def _walk(steps: np.ndarray, path: np.ndarray, weight: np.ndarray, names: list[str]) -> pl.DataFrame:
    """Put names to the steps."""
    node, first, ends = pl.Enum(names), steps[6], pl.col("position") < 0
    walk = pl.DataFrame(
        {
            "path": path[first],
            "n_journeys": weight[first],
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
    return (
        journeys.filter(pl.col("outcome") == "dropped")
        .join(laid.last, on="path")
        .group_by(pl.col("node").cast(pl.String))
        .agg(n_dropped=pl.len().cast(pl.Int64))
        .sort("node")
    )
