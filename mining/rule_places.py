"""Where on distinct paths a rule is broken; see `mining.rule_checks` for how often."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from mining.alignment import OFF_MAP, Paths
from mining.rule_checks import events_of, path_of
from mining.rules import Rule


def broken_at(rule: Rule, paths: Paths, number_of: Mapping[str, int]) -> pl.DataFrame:
    """Give the events that break a rule, times aside: path, position, in order.

    These are events of `of` that come too early (``before``), are never answered (``after``) or are too many
    (``at_most``), the first of each touchpoint that happens beside another (``never_together``), and the first or last
    event of the plan where it is a wrong one (``starts_with``, ``ends_with``).
    """
    events = np.sort(_broken(rule, paths, number_of))
    path = path_of(events, paths)
    position = events - paths.offsets[path]
    return pl.DataFrame({"path": path.astype(np.uint32), "position": position.astype(np.int64)})


def _broken(rule: Rule, paths: Paths, number_of: Mapping[str, int]) -> np.ndarray:
    asks = events_of(rule.of, paths, number_of)
    path, wanted = path_of(asks, paths), events_of(rule.must, paths, number_of)
    broken: np.ndarray
    if rule.kind == "before":
        first = paths.offsets[1:].copy()
        first[path_of(wanted, paths)[::-1]] = wanted[::-1]
        broken = asks[asks < first[path]]
        return broken
    if rule.kind == "after":
        last = paths.offsets[:-1] - 1
        last[path_of(wanted, paths)] = wanted
        broken = asks[asks > last[path]]
        return broken
    if rule.kind == "at_most":
        broken = asks[np.arange(len(asks)) - np.searchsorted(path, path) >= (rule.most or 0)]
        return broken
    if rule.kind == "never_together":
        firsts = np.sort(np.concatenate([_first_of_each(events_of([id_], paths, number_of), paths) for id_ in rule.of]))
        broken = np.setdiff1d(firsts, _first_of_each(firsts, paths))
        return broken
    planned = np.flatnonzero(paths.symbols != OFF_MAP)
    ends = _first_of_each(planned if rule.kind == "starts_with" else planned[::-1], paths)
    return ends[~np.isin(paths.symbols[ends], [number_of[touchpoint] for touchpoint in rule.of])]


def _first_of_each(events: np.ndarray, paths: Paths) -> np.ndarray:
    """Give of each path the event that stands first among these."""
    first: np.ndarray = events[np.unique(path_of(events, paths), return_index=True)[1]]
    return first
