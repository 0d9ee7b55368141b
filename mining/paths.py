"""What the variants themselves tell: loops, the most common path, how much of them a picture shows, coarser steps.

All of it is exact and weighted by journeys; paths are lists of codes and are never joined into a text.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np
import polars as pl

from mining.frames import ACTIVITIES, CODE, COUNT, EDGES, ENDPOINTS, VARIANTS, WAITS, check

REPEAT, PING_PONG = "repeat", "ping_pong"


def _steps(variants: pl.DataFrame) -> pl.DataFrame:
    """One row per event of each variant: variant_id, n_journeys, activity, and the ones before and after, or null."""
    return (
        variants.select("variant_id", "n_journeys", activity="path")
        .explode("activity")
        .with_columns(before=_beside(1), after=_beside(-1))
    )


def _beside(n: int) -> pl.Expr:
    """Give the activity `n` rows before within the variant: its rows stand together, so no window is needed."""
    return pl.when(pl.col("variant_id") == pl.col("variant_id").shift(n)).then(pl.col("activity").shift(n))


def loops(variants: pl.DataFrame) -> pl.DataFrame:
    """Find repeats (A A) and ping-pong (an alternating run A B A of three or more).

    Parameters
    ----------
    variants : frame
        In the shape `VARIANTS`.

    Returns
    -------
    frame
        One row per kind and activities, most journeys first: ``kind``, ``activity``, ``other`` (the second activity of
        a ping-pong, of higher code; null for a repeat), ``n`` (repeated events, or runs) and ``n_journeys``.
    """
    steps = _steps(variants)
    repeats = steps.filter(pl.col("activity") == pl.col("before")).select(
        "variant_id", "n_journeys", "activity", kind=pl.lit(REPEAT), other=pl.lit(None, CODE)
    )
    back = pl.col("before").shift(1)  # of another variant only where there is no event before, which is no swing
    swings = steps.with_columns(swings=((pl.col("activity") == back) & (pl.col("activity") != pl.col("before"))))
    swings = swings.with_columns(swings=pl.col("swings").fill_null(False))
    begins = pl.col("swings") & ~pl.col("swings").shift(1, fill_value=False)
    runs = swings.filter(begins).select(
        "variant_id",
        "n_journeys",
        kind=pl.lit(PING_PONG),
        activity=pl.min_horizontal("activity", "before"),
        other=pl.max_horizontal("activity", "before"),
    )
    found = pl.concat([repeats, runs], how="diagonal")
    return (
        found.group_by("kind", "activity", "other", "variant_id", "n_journeys")
        .len("times")
        .group_by("kind", "activity", "other")
        .agg(n=(pl.col("times") * pl.col("n_journeys")).sum().cast(COUNT), n_journeys=pl.col("n_journeys").sum())
        .sort("n_journeys", "kind", "activity", "other", descending=[True, False, False, False])
    )


@dataclass(frozen=True)
class HappyPath:
    """The most common path: its activity codes, the journeys that take exactly it, and their share of all."""

    path: tuple[int, ...]
    n_journeys: int
    share: float


def happy_path(variants: pl.DataFrame) -> HappyPath | None:
    """Give the most common variant, the first in path order of several; None when there are none."""
    if variants.is_empty():
        return None
    best = variants.sort("n_journeys", "variant_id", descending=[True, False]).row(0, named=True)
    return HappyPath(tuple(best["path"]), best["n_journeys"], best["n_journeys"] / int(variants["n_journeys"].sum()))


def most_frequent(variants: pl.DataFrame, share: float) -> pl.DataFrame:
    """Give the fewest variants that have at least a share of the journeys, in the order of paths.

    The most common are taken first; of equally common ones the first in the order of paths.
    """
    ranked = variants.sort("n_journeys", "variant_id", descending=[True, False])
    before = pl.col("n_journeys").cum_sum() - pl.col("n_journeys")
    return ranked.filter(before < share * pl.col("n_journeys").sum()).sort("variant_id")


def without_rare(variants: pl.DataFrame, most: int, always: Collection[int] = ()) -> pl.DataFrame:
    """Leave all but the `most` activities that most journeys have out of variants; what is empty then goes, too.

    Of activities that equally many journeys have, those with the lowest codes stay; those of `always` do in any case.

    Parameters
    ----------
    variants : frame
        In the shape `VARIANTS`.
    most : int
        How many activities stay.
    always : collection of int
        Activities that stay besides.
    """
    had = counted(_steps(variants), ["activity"]).sort("n_journeys", "activity", descending=[True, False])
    if had.height <= most:
        return variants
    stays = {*had["activity"].head(most).to_list(), *always}
    left: dict[tuple[int, ...], int] = {}
    for path, n in variants.select("path", "n_journeys").iter_rows():
        if short := tuple(code for code in path if code in stays):
            left[short] = left.get(short, 0) + n
    columns = {"path": sorted(left), "n_journeys": [left[path] for path in sorted(left)]}
    return pl.DataFrame(columns).with_row_index("variant_id").cast(VARIANTS.columns)  # type: ignore[arg-type]


def shown_share(
    variants: pl.DataFrame, edges: Iterable[tuple[int, int]], starts: Iterable[int], ends: Iterable[int]
) -> float | None:
    """Give the share of journeys that can be followed from start to end in a picture.

    Parameters
    ----------
    variants : frame
        In the shape `VARIANTS`.
    edges : iterable of (int, int)
        The links shown between activities.
    starts, ends : iterable of int
        The activities with a link shown from the start, to the end.
    """
    if variants.is_empty():
        return None
    from mining.alignment import flat
    from mining.variant_kernel import followed

    codes, offsets = flat(variants["path"])
    links = [*edges, *((None, activity) for activity in starts), *((activity, None) for activity in ends)]
    drawn = sorted({code for link in links for code in link if code is not None})
    number: dict[int | None, int] = {code: node for node, code in enumerate(drawn)}
    hidden = len(number)
    node_of = np.full(max([int(codes.max(initial=0)), *drawn]) + 1, hidden, np.int32)
    node_of[drawn] = np.arange(hidden)
    shown = np.zeros((hidden + 2, hidden + 2), np.bool_)
    for source, target in links:
        shown[number.get(source, -1), number.get(target, -1)] = True
    seen = followed(codes, offsets, variants["n_journeys"].to_numpy(writable=True), node_of, shown)
    return int(seen) / int(variants["n_journeys"].sum())


@dataclass(frozen=True)
class LogFrames:
    """What a graph is made of: frames in the shapes ACTIVITIES, EDGES, ENDPOINTS and VARIANTS."""

    activities: pl.DataFrame
    edges: pl.DataFrame
    endpoints: pl.DataFrame
    variants: pl.DataFrame


def regroup(variants: pl.DataFrame, groups: pl.DataFrame) -> LogFrames:
    """Look at the same journeys in coarser (or other) steps.

    Every event stays an event, so events and journeys are as before. Waiting times are null: they cannot be told from
    variants.

    Parameters
    ----------
    variants : frame
        In the shape `VARIANTS`.
    groups : frame
        One row per activity: ``activity`` (code), ``group`` (its code in the new steps) and ``name`` (of the group).
    """
    codes = groups.select(pl.col("activity").cast(CODE), pl.col("group").cast(CODE))
    paths = (
        variants.select("n_journeys", "variant_id", activity="path")
        .explode("activity")
        .join(codes, on="activity", how="left", maintain_order="left")
        .group_by("variant_id", maintain_order=True)
        .agg(path=pl.col("group"), n_journeys=pl.col("n_journeys").first())
        .group_by("path")
        .agg(pl.col("n_journeys").sum())
    )
    order = sorted(range(paths.height), key=paths["path"].to_list().__getitem__)
    merged = paths[order].select("path", "n_journeys").with_row_index("variant_id").cast(VARIANTS.columns)  # type: ignore[arg-type]
    names = groups.select(activity=pl.col("group").cast(CODE), name="name").unique()
    return count(merged, names)


def count(variants: pl.DataFrame, names: pl.DataFrame) -> LogFrames:
    """Count events, links and ends straight from variants.

    Parameters
    ----------
    variants : frame
        In the shape `VARIANTS`.
    names : frame
        ``activity`` (code) and ``name``; those that no variant has are left out.
    """
    steps = _steps(variants)
    activities = counted(steps, ["activity"]).join(names, on="activity", how="left")
    pairs = steps.drop_nulls("after").select("variant_id", "n_journeys", source="activity", target="after")
    waits = [pl.lit(None, EDGES.columns[name]).alias(name) for name in WAITS]
    starts = pl.when(pl.col("before").is_null()).then("n_journeys").otherwise(0).sum()
    ends = pl.when(pl.col("after").is_null()).then("n_journeys").otherwise(0).sum()
    frames = LogFrames(
        activities.rename({"n": "n_events"})
        .sort("n_events", "activity", descending=[True, False])
        .select(*ACTIVITIES.columns),
        counted(pairs, ["source", "target"]).with_columns(*waits).sort("source", "target").select(*EDGES.columns),
        steps.group_by("activity").agg(n_start=starts, n_end=ends).sort("activity"),
        variants,
    )
    check(frames.activities, ACTIVITIES)
    check(frames.edges, EDGES)
    check(frames.endpoints, ENDPOINTS)
    return frames


def counted(rows: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    """Count rows and distinct journeys by key; a row stands for all the journeys of its variant."""
    return (
        rows.group_by(*by, "variant_id", "n_journeys")
        .len("times")
        .group_by(*by)
        .agg(n=(pl.col("times") * pl.col("n_journeys")).sum().cast(COUNT), n_journeys=pl.col("n_journeys").sum())
    )
