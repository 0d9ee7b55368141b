"""What follows what on the paths of a picture: where a step or a link stands, and what comes next.

A *walk* is a frame with one row per step of each path, the end included: path, n_journeys, position (of the event,
from 0; null at the end), source, target. `path_steps` gives that of a discovered graph, `mining.flows.flows` that of a
plan with the log laid over it.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import polars as pl

from mining.alignment import flat
from mining.chunks import in_chunks
from mining.journey_graph import END, OTHER, START
from mining.paths import counted


def path_steps(variants: pl.DataFrame, nodes: Collection[int] | None = None) -> pl.DataFrame:
    """Walk along distinct paths.

    Parameters
    ----------
    variants : frame
        In the shape `mining.frames.VARIANTS`.
    nodes : collection of int, optional
        The activities with a node of their own; the others are `OTHER`.

    Returns
    -------
    frame
        path (the variant_id), n_journeys, position, source, target; by path and in order.
    """
    from mining.variant_kernel import steps_along

    codes, offsets = flat(variants["path"])
    node_of = _numbers(int(codes.max(initial=0)) + 1, nodes)
    paths, weight = (variants[name].to_numpy(writable=True) for name in ("variant_id", "n_journeys"))
    kinds = {"path": paths.dtype, "n_journeys": weight.dtype} | dict.fromkeys(
        ("position", "source", "target"), np.int32
    )
    columns = {name: np.empty(len(codes) + len(paths), kind) for name, kind in kinds.items()}

    def work(first: int, last: int) -> None:
        steps_along(codes, offsets, paths, weight, first, last, node_of, START, END, tuple(columns.values()))

    in_chunks(offsets, work)
    return pl.DataFrame(columns).with_columns(position=pl.when(pl.col("position") >= 0).then("position"))


def _numbers(n: int, nodes: Collection[int] | None) -> np.ndarray:
    """Give the node of each of `n` codes."""
    if nodes is None:
        return np.arange(n, dtype=np.int32)
    numbers = np.full(n, OTHER, dtype=np.int32)
    own = [node for node in nodes if node < n]
    numbers[own] = own
    return numbers


def places(walk: pl.DataFrame, meant: pl.Expr) -> pl.DataFrame:
    """Give the steps that are meant, with what comes after each (``next``; null after the end)."""
    return places_at(walk, walk.select(meant).to_series().arg_true())


def places_at(walk: pl.DataFrame, rows: pl.Series) -> pl.DataFrame:
    """Give the steps in some rows of a walk as `places` does."""
    found, after = walk[rows], walk.select("path", "target")[(rows + 1).clip(upper_bound=max(walk.height - 1, 0))]
    goes_on = (after["path"] == found["path"]) & (rows < walk.height - 1)
    return found.with_columns(next=pl.when(goes_on).then(after["target"]))


def steps_of(walk: pl.DataFrame, paths: pl.Series) -> pl.DataFrame:
    """Give the steps of a few paths; those of a walk lie in the order of paths."""
    wanted = paths.unique().sort()
    firsts, ends = (walk["path"].search_sorted(wanted, side) for side in ("left", "right"))
    return pl.concat([walk.head(0), *(walk[first:end] for first, end in zip(firsts, ends, strict=True))])


def since_before(found: pl.DataFrame) -> pl.DataFrame:
    """Give the spans from the event before to each step of `places`: path, since, position; none for a first event."""
    later = found.filter(pl.col("position") > 0)
    return later.select("path", "position", since=pl.col("position") - 1)


def until_next(found: pl.DataFrame, end: int | str) -> pl.DataFrame:
    """Give the spans from each step of `places` to the event behind it: path, since, position; none to the `end`."""
    goes_on = found.filter(pl.col("position").is_not_null() & (pl.col("next") != end))
    return goes_on.select("path", since="position", position=pl.col("position") + 1)


def sampled(spans: pl.DataFrame, journeys: pl.DataFrame, most: int, seed: int) -> tuple[pl.DataFrame, int]:
    """Give where spans of paths are in the journeys that take these paths, or a random sample of that.

    Parameters
    ----------
    spans : frame
        path, since, position, by path.
    journeys : frame
        journey_id, path of the journeys of the picture.
    most : int
        How many to give.
    seed : int
        The same seed draws the same ones.

    Returns
    -------
    frame
        journey_id, since, position.
    int
        How many there are in all.
    """
    path = journeys["path"].to_numpy()
    spans_of_path = np.bincount(spans["path"].to_numpy(), minlength=int(path.max(initial=0)) + 1)
    behind, first = np.cumsum(spans_of_path[path]), np.cumsum(spans_of_path) - spans_of_path
    n = int(behind[-1]) if len(behind) else 0
    drawn = np.sort(np.random.default_rng(seed).choice(n, most, replace=False)) if n > most else np.arange(n)
    journey = np.searchsorted(behind, drawn, side="right")
    of_path = path[journey]
    nth = first[of_path] + drawn - (behind[journey] - spans_of_path[of_path])
    of_span = spans.select(pl.col("since", "position").cast(pl.Int64))[nth]
    return of_span.select(journeys["journey_id"].gather(journey), "since", "position"), n


def following(found: pl.DataFrame) -> pl.DataFrame:
    """Count what comes next after the steps of `places`.

    Returns
    -------
    frame
        next, n, n_journeys; the most frequent first.
    """
    steps = found.drop_nulls("next").select("next", "n_journeys", variant_id="path")
    return counted(steps, ["next"]).sort("n", "next", descending=[True, False])


def journeys_at(found: pl.DataFrame) -> int:
    """Count the journeys that have at least one of the steps of `places`; those of a path stand together."""
    return int(found["n_journeys"].filter(found["path"] != found["path"].shift(1).fill_null(-1)).sum())
