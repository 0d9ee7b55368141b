"""The log as a planned map sees it: events bound to touchpoints, journeys sorted by what is asked of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from mining import checks
from mining.alignment import OFF_MAP
from mining.binding import bind, bound_attributes
from mining.conditions import both
from mining.errors import SourceError
from mining.journey_map import JourneyMap
from mining.messages import N_, Message
from pipeline.classed_log import classed_log
from pipeline.store import Workspace


@dataclass(frozen=True)
class BoundLog:
    """The log as the map sees it.

    Attributes
    ----------
    paths : frame
        One row per distinct path and set of exempt touchpoints: path (row number), variant_id, exempt (number of the
        set), codes (list), n_journeys; sorted by set and path, so that neighbours share prefixes.
    journeys : frame
        One row per journey: journey_id, key, start, end, path.
    names : list of str
        Activity of each code.
    symbol_of : (codes,) int32 array
        Touchpoint number of each code, or `OFF_MAP`.
    exempt : list of frozenset
        The sets of touchpoints that are not asked of a journey.
    events : frame
        One row per event of each path: path, position, activity, touchpoint (null off the map), in order.
    notes : tuple of Message
        What the map asks for and the log does not have.
    """

    paths: pl.DataFrame
    journeys: pl.DataFrame
    names: list[str]
    symbol_of: np.ndarray
    exempt: list[frozenset[str]]
    events: pl.DataFrame
    notes: tuple[Message, ...]

    def exempt_of_path(self, plan: JourneyMap) -> pl.DataFrame:
        """Give path, touchpoint for every touchpoint not meant for the journeys of a path."""
        rows = [(number, t) for number, exempt in enumerate(self.exempt) for t in sorted(exempt)]
        sets = pl.DataFrame(rows, schema={"exempt": pl.Int32, "touchpoint": pl.String}, orient="row")
        return self.paths.select("path", "exempt").join(sets, on="exempt").select("path", "touchpoint")


def bound_log(ws: Workspace, plan: JourneyMap, where: str | None) -> BoundLog:
    """Bind the log to a map.

    Raises
    ------
    SourceError
        When no journey is left to compare.
    """
    attributes = bound_attributes(plan)
    log = classed_log(ws, attributes, where)
    if log.journeys.is_empty():
        raise SourceError(
            N_("No journey is left to compare. The condition was: {where}"), where=where or N_("none; the log is empty")
        )
    exempt, set_of_journey = _exempt_sets(ws, plan, log.journeys, where)
    journeys = log.journeys.with_columns(exempt=pl.Series(set_of_journey, dtype=pl.Int32))
    paths = (
        journeys.group_by("exempt", "variant_id")
        .agg(pl.len().cast(pl.Int64).alias("n_journeys"))
        .sort("exempt", "variant_id")
        .join(log.variants.select("variant_id", codes="path"), on="variant_id", how="left", maintain_order="left")
        .with_row_index("path")
    )
    journeys = journeys.join(paths.select("exempt", "variant_id", "path"), on=["exempt", "variant_id"], how="left")
    symbol_of = bind(plan, log.classes, attributes)
    names = log.classes["activity"].to_list()
    return BoundLog(
        paths=paths,
        journeys=journeys.select("journey_id", "key", "start", "end", "path").sort("journey_id"),
        names=names,
        symbol_of=symbol_of,
        exempt=exempt,
        events=_events(paths, names, symbol_of, [t.id for t in plan.touchpoints()]),
        notes=log.notes,
    )


def _events(paths: pl.DataFrame, names: list[str], symbol_of: np.ndarray, touchpoints: list[str]) -> pl.DataFrame:
    """Open the paths into one row per event."""
    bound = [None if symbol == OFF_MAP else touchpoints[symbol] for symbol in symbol_of]
    by_code = pl.DataFrame(
        {"activity": names, "touchpoint": bound}, schema={"activity": pl.String, "touchpoint": pl.String}
    ).with_row_index("codes")
    opened = paths.select("path", "codes").explode("codes").cast({"codes": pl.UInt32})
    return opened.join(by_code, on="codes", how="left", maintain_order="left").select(
        "path",
        pl.int_range(pl.len(), dtype=pl.Int32).over("path").alias("position"),
        "activity",
        "touchpoint",
    )


def _exempt_sets(
    ws: Workspace, plan: JourneyMap, journeys: pl.DataFrame, where: str | None
) -> tuple[list[frozenset[str]], np.ndarray]:
    """Tell which touchpoints are not asked of each journey: those meant only for personas it does not belong to."""
    asked = sorted({persona for t in plan.touchpoints() for persona in t.personas})
    conditions = {p.id: p.where for p in plan.personas}
    member = np.ones((journeys.height, len(asked)), dtype=bool)
    for column, persona in enumerate(asked):
        if conditions[persona] is not None:
            chosen = ws.run("journey_ids", where=both(where, conditions[persona]))["journey_id"]
            member[:, column] = journeys["journey_id"].is_in(chosen.implode()).to_numpy()
    patterns, set_of_journey = np.unique(member, axis=0, return_inverse=True)
    exempt = [
        checks.exempt(plan, [persona for persona, is_one in zip(asked, pattern, strict=True) if is_one])
        for pattern in patterns
    ]
    return exempt, set_of_journey.reshape(-1)
