"""A customer's events parted into journeys, at a silence or at a first activity; and what other silences would give."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass

import numpy as np
import polars as pl

from mining.errors import MappingError
from mining.messages import N_, Message
from pipeline import definition
from pipeline.store import Workspace, literal, quoted

__all__ = ["DEFAULT_GAP_S", "GAPS_S", "GapHint", "gap_hint", "journeys_by_gap", "split_query"]

DEFAULT_GAP_S = 1800.0
_MINUTE, _HOUR, _DAY = 60.0, 3600.0, 86400.0
GAPS_S: tuple[float, ...] = (
    *(n * _MINUTE for n in (1, 1.5, 2, 3, 4, 5, 7, 10, 15, 20, 25, 30, 40, 50)),
    *(n * _HOUR for n in (1, 1.5, 2, 3, 4, 6, 8, 10, 12, 18)),
    *(n * _DAY for n in (1, 1.5, 2, 3, 4, 5, 7, 10, 14, 21, 30, 45, 60, 90)),
)
"""Gaps from a minute to 90 days, in seconds, as people would name them."""

_FINE_S = tuple(1.25**n for n in range(72))  # from a second to 88 days
_SMOOTH = np.array([1.0, 2.0, 3.0, 2.0, 1.0]) / 9
_LEAST_SHARE = 0.05  # of the silences, on either side of a valley
_DEEP = 0.5  # of the lower hill: what is shallower is no valley
_FEW = 100


def split_query(relation: str, *, gap: float | None = None, start_activity: str | None = None, at: str = "time") -> str:
    """Give the query of staged events whose customers are parted into journeys, ``customer/1``, ``customer/2`` ...

    Parameters
    ----------
    relation : str
        Staged events: ``key`` (the customer), ``activity``, ``time``, ``event_no`` and what else there is.
    gap : float, optional
        A new journey begins after a silence longer than so many seconds.
    start_activity : str, optional
        A new journey begins with each event of this activity; what comes before the first of them is journey 1.
    at : str
        The column with the place of events in time; that of an event without a time lies beside a neighbour's.

    Raises
    ------
    MappingError
        When neither is given, or the gap is not longer than nothing.
    """
    if gap is None and start_activity is None:
        raise MappingError(N_("Say where a customer's journeys part: at a silence, or at an activity."))
    if gap is not None and not gap > 0:
        raise MappingError(N_("The session gap must be longer than nothing; it is {gap} s."), gap=gap)
    begins = []
    if gap is not None:
        begins.append(f"date_diff('microsecond', lag({at}) OVER of_customer, {at}) > {round(gap * 1e6)}")
    if start_activity is not None:
        begins.append(f"(activity = {literal(start_activity)} AND row_number() OVER of_customer > 1)")
    fresh, before = quoted("begins journey"), "ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW"
    of_customer = f"PARTITION BY key ORDER BY {at} NULLS FIRST, event_no"
    return f"""
        SELECT * EXCLUDE ({fresh}) REPLACE (
            key || '/' || (1 + count(*) FILTER ({fresh}) OVER ({of_customer} {before})) AS key
        )
        FROM (
            SELECT *, coalesce({" OR ".join(begins)}, false) AS {fresh} FROM {relation}
            WINDOW of_customer AS ({of_customer})
        )
    """


def journeys_by_gap(
    ws: Workspace,
    gaps_s: Sequence[float] = GAPS_S,
    *,
    split: bool | None = None,
    start_activity: str | None = None,
) -> pl.DataFrame:
    """Give the number of journeys that each gap would make of the customers in a workspace.

    Parameters
    ----------
    ws : Workspace
    gaps_s : sequence of float
        Silences in seconds, more than 0.
    split : bool, optional
        Whether the journeys in the workspace are parts of customers, with keys ``customer/1``, ``customer/2`` ...;
        otherwise each journey is taken for a customer. By default what the workspace says.
    start_activity : str, optional
        An activity that begins a journey too; where `split` is not given, by default the one the workspace says.

    Returns
    -------
    polars.DataFrame
        One row per gap, by gap: gap_s, n_journeys. Exact, from one pass over the events.
    """
    us = sorted({max(round(gap * 1e6), 0) for gap in gaps_s})
    if split is None:
        with closing(ws.session()) as db:
            meant = definition.kept(db)
        split, start_activity = meant.splits, start_activity or meant.start_activity
    found = ws.run("silences", gaps=us, split=split, start=_code(ws, start_activity))
    journeys = pl.col("n_customers") + pl.col("n_starts") + pl.col("n_silences") - pl.col("n_within")
    return found.select(gap_s=pl.col("gap_us") / 1e6, n_journeys=journeys)


def _code(ws: Workspace, activity: str | None) -> int | None:
    """Give the code of an activity; one that never happened begins nothing."""
    with closing(ws.session()) as db:
        found = db.rows("SELECT activity FROM activities WHERE name = $name", {"name": activity})
    return int(found[0][0]) if found else None


@dataclass(frozen=True)
class GapHint:
    """A gap that the log itself suggests, in seconds, with the reason; None where nothing stands out."""

    gap_s: float | None
    reason: Message


def gap_hint(ws: Workspace, *, split: bool | None = None) -> GapHint:
    """Look for a gap that parts short silences from long ones. It is a hint, and never applied by itself.

    Silences within a visit and silences between visits mostly differ by orders of magnitude: counted on a logarithmic
    scale they make two hills, and a gap in the valley between them parts the fewest by chance. Without a valley, the
    gap is named where the number of journeys depends least on it.
    """
    return hint_of(journeys_by_gap(ws, _FINE_S, split=split))


def hint_of(curve: pl.DataFrame) -> GapHint:
    """Give the hint of a frame of gap_s and n_journeys; gaps should be dense on a logarithmic scale."""
    gaps = curve["gap_s"].to_numpy()
    counts = -np.diff(curve["n_journeys"].to_numpy()).astype(float)
    if counts.size < _SMOOTH.size or counts.sum() < _FEW:
        return GapHint(None, Message(N_("There are too few silences to tell short ones from long ones.")))
    density = np.convolve(counts / np.diff(np.log(gaps)), _SMOOTH, mode="same")
    valley = _valley(density, counts)
    if valley is not None:
        low, high = gaps[valley], gaps[valley + 1]
        share = float(counts[:valley].sum() / counts.sum())
        return GapHint(
            _round((low * high) ** 0.5),
            Message(
                N_("{share:.0%} of the silences are clearly shorter, the others clearly longer; few lie between."),
                share=share,
            ),
        )
    return _flattest(gaps, curve["n_journeys"].to_numpy().astype(float))


def _valley(density: np.ndarray, counts: np.ndarray) -> int | None:
    """Give the deepest bin between two hills, the middle one of equals; None where there is one hill alone."""
    before = np.maximum.accumulate(density)
    after = np.maximum.accumulate(density[::-1])[::-1]
    hills = np.minimum(before, after)
    share = np.cumsum(counts) / counts.sum()
    parts = (share >= _LEAST_SHARE) & (share <= 1 - _LEAST_SHARE) & (hills > 0)
    if not parts.any():
        return None
    depth = np.where(parts, density / np.where(hills > 0, hills, 1), np.inf)
    if depth.min() > _DEEP:
        return None
    deepest = np.flatnonzero(depth <= depth.min() + 1e-9)
    return int(deepest[deepest.size // 2])


def _flattest(gaps: np.ndarray, journeys: np.ndarray) -> GapHint:
    """Name the gap, between five minutes and a day, around which the number of journeys changes least."""
    slope = -np.gradient(np.log(journeys), np.log(gaps))
    usual = np.flatnonzero((gaps >= 5 * _MINUTE) & (gaps <= _DAY))
    best = int(usual[np.argmin(slope[usual])]) if usual.size else 0
    if not usual.size or best in (usual[0], usual[-1]):  # it goes on beyond the usual gaps
        return GapHint(
            None, Message(N_("No gap stands out: short and long silences pass into each other without a break."))
        )
    return GapHint(
        _round(float(gaps[best])),
        Message(
            N_(
                "No gap parts short silences from long ones clearly. Around this one the number of journeys depends "
                "least on the choice: a gap twice as long gives {share:.0%} fewer."
            ),
            share=max(0.0, float(1 - 2 ** -slope[best])),  # no minus from rounding
        ),
    )


def _round(gap: float) -> float:
    """Give the gap that people would name."""
    return min(GAPS_S, key=lambda named: abs(np.log(named / gap)))
