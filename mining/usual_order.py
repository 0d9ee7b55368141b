"""The order in which activities usually come: who goes first where two meet, and how far on in a journey each is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl


class UsualOrder:
    """The order in which journeys usually come to activities.

    They are put in the order of their mean relative place, 0 the first and 1 the last event of a journey; then one that
    in most journeys with both comes before its neighbour is moved before it. So of two that stand side by side, never
    does the second come first in most journeys (local Kemenisation, Dwork et al. 2001, doi 10.1145/371920.372165).
    Only the first time that a journey comes to an activity counts.

    Parameters
    ----------
    variants : frame
        In the shape `mining.frames.VARIANTS`.

    Attributes
    ----------
    codes : list of int
        All activities, in that order.

    Examples
    --------
    >>> order = UsualOrder(pl.DataFrame({"path": [[3, 1, 2], [2, 1]], "n_journeys": [9, 2]}))
    >>> order.codes, order.kept([1, 2, 3])
    ([3, 1, 2], 0.3103448275862069)
    """

    def __init__(self, variants: pl.DataFrame) -> None:
        codes = sorted(variants["path"].explode().drop_nulls().unique().to_list())
        self._number = number = {code: index for index, code in enumerate(codes)}
        self._before = before = np.zeros((len(codes), len(codes)), np.int64)
        place, journeys = np.zeros(len(codes)), np.zeros(len(codes), np.int64)
        for path, n in variants.select("path", "n_journeys").iter_rows():
            first: dict[int, int] = {}
            for position, code in enumerate(path):
                first.setdefault(number[code], position)
            met = np.array(list(first), np.int64)
            place[met] += n * np.array(list(first.values())) / max(len(path) - 1, 1)
            journeys[met] += n
            for index in range(met.size - 1):
                before[met[index], met[index + 1 :]] += n
        mean = place / np.maximum(journeys, 1)
        self.codes = [codes[index] for index in _by_majority(np.argsort(mean, kind="stable").tolist(), before)]

    def kept(self, codes: Sequence[int]) -> float:
        """Tell how many pairs of activities in journeys come in the order of `codes`, from 0 (none) to 1 (all)."""
        places = [self._number[code] for code in codes]
        before = self._before[np.ix_(places, places)]
        all_pairs = int(before.sum())
        return float(np.triu(before).sum() / all_pairs) if all_pairs else 1.0


def _by_majority(ranked: list[int], before: np.ndarray) -> list[int]:
    """Move each one forward past every neighbour that most journeys come to after it."""
    order: list[int] = []
    for one in ranked:
        at = len(order)
        while at and before[one, order[at - 1]] > before[order[at - 1], one]:
            at -= 1
        order.insert(at, one)
    return order
