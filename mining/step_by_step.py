"""Journeys step by step: what the first, the second, the third event is, and how journeys part from step to step."""

from __future__ import annotations

import numpy as np
import polars as pl

from mining.alignment import flat
from mining.journey_graph import END, OTHER, START

LEAST_END = 0.02  # of the journeys; a last step of fewer is told apart by how frequent it is alone


def told_apart(variants: pl.DataFrame, n_steps: int, n: int) -> list[int]:
    """Choose the activities that have a band of their own: those that happen most within the first steps.

    Journeys that end there with a rare activity are told by nothing else, so that ends come first, up to half of the
    room. What happens after the last step shown has no part in it.

    Parameters
    ----------
    variants : frame
        In the shape `mining.frames.VARIANTS`.
    n_steps : int
        How many steps are looked at.
    n : int
        How many activities to choose, at most; less frequent ones have the higher number.
    """
    codes, offsets = flat(variants["path"])
    lengths, weight = np.diff(offsets), variants["n_journeys"].to_numpy()
    seen = np.arange(len(codes)) - np.repeat(offsets[:-1], lengths) < n_steps
    happens = np.bincount(codes[seen], np.repeat(weight, lengths)[seen])
    ended = (lengths <= n_steps) & (lengths > 0)
    ends = np.bincount(codes[offsets[1:][ended] - 1], weight[ended], minlength=len(happens))
    ends[ends < LEAST_END * weight.sum()] = 0
    last = [int(code) for code in np.argsort(-ends, kind="stable")[: n // 2] if ends[code]]
    others = [int(code) for code in np.argsort(-happens, kind="stable") if happens[code] and code not in last]
    return [*last, *others[: n - len(last)]]


def step_links(variants: pl.DataFrame, n_steps: int, activities: list[int]) -> pl.DataFrame:
    """Count how journeys go on from each step to the next.

    Parameters
    ----------
    variants : frame
        In the shape `mining.frames.VARIANTS`.
    n_steps : int
        How many steps to look at.
    activities : list of int
        Those that are told apart; all others are `mining.journey_graph.OTHER`.

    Returns
    -------
    frame
        step (of the target, from 1), source (`START` at step 1), target (`END` where the journey ended at the step
        before), n_journeys; by all three.
    """
    codes, offsets = flat(variants["path"])
    nodes = np.array([*activities, OTHER, END, START], dtype=np.int32)
    other, end, start = range(len(activities), len(nodes))
    node_of = np.full(int(codes.max(initial=0)) + 1, other)
    node_of[[code for code in activities if code < len(node_of)]] = [
        number for number, code in enumerate(activities) if code < len(node_of)
    ]
    begins, lengths, weight = offsets[:-1], np.diff(offsets), variants["n_journeys"].to_numpy()
    source, counts = np.full(len(lengths), start), []
    for step in range(n_steps):
        goes_on = lengths > step
        target = np.full(len(lengths), end)
        target[goes_on] = node_of[codes[begins[goes_on] + step]]
        counts.append(np.bincount(source * len(nodes) + target, weights=weight, minlength=len(nodes) ** 2))
        source, begins, lengths, weight = (column[goes_on] for column in (target, begins, lengths, weight))
    found = np.array(counts, dtype=np.int64)
    steps, pairs = np.nonzero(found)
    links = {
        "step": steps + 1,
        "source": nodes[pairs // len(nodes)],
        "target": nodes[pairs % len(nodes)],
        "n_journeys": found[steps, pairs],
    }
    return pl.DataFrame(links).sort("step", "source", "target")


def step_matrix(links: pl.DataFrame) -> pl.DataFrame:
    """Count what journeys do at each step; who has ended stays ended, so that every step sums up to all journeys.

    Parameters
    ----------
    links : frame
        Of `step_links`.

    Returns
    -------
    frame
        step, activity (`END`: ended before this step), n_journeys; by both.
    """
    at = links.group_by("step", activity="target").agg(pl.col("n_journeys").sum())
    ended = at.filter(pl.col("activity") == END).sort("step")
    steps = pl.DataFrame({"step": at["step"].unique().sort()})
    gone = (
        steps.join(ended, on="step", how="left")
        .with_columns(activity=pl.lit(END, pl.Int32), n_journeys=pl.col("n_journeys").fill_null(0).cum_sum())
        .filter(pl.col("n_journeys") > 0)
    )
    going = at.filter(pl.col("activity") != END)
    return pl.concat([going, gone.select(going.columns)]).sort("step", "activity")
