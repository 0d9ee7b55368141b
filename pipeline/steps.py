"""The events of chosen journeys, read part by part in their order."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import polars as pl

from mining.walk import UNKNOWN, Part
from pipeline.store import Workspace

PART = 2_000_000  # events, about, that are read at once


def parts(ws: Workspace, where: str | None = None) -> list[Part]:
    """Give all events in parts, between journeys; those of the journeys that `where` does not choose do not count."""
    lengths = ws.run("journey_lengths")["n_events"].to_numpy()
    keep = np.full(lengths.size, where is None)
    if where is not None:
        keep[ws.run("journey_ids", where=where)["journey_id"].to_numpy()] = True
    ends = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
    borders = np.unique(np.searchsorted(ends, [*range(0, int(ends[-1]), PART), int(ends[-1])]))
    return [
        Part(lengths[first:last], keep[first:last], partial(_read, ws, int(ends[first]), int(ends[last])))
        for first, last in zip(borders[:-1].tolist(), borders[1:].tolist(), strict=True)
    ]


def _read(ws: Workspace, first: int, until: int, timed: bool) -> Sequence[np.ndarray]:
    if not timed:
        return (ws.run("activity_steps", first=first, until=until)["activity"].to_numpy(),)
    found = ws.run("steps", first=first, until=until)
    return found["activity"].to_numpy(), found["time_us"].fill_null(UNKNOWN).to_numpy()


def steps_of(ws: Workspace, where: str | None = None) -> pl.DataFrame:
    """Give every event by journey and in order: journey_id, activity, time_us (null where it is not known)."""
    found, journeys = [], 0
    for part in parts(ws, where):
        activity, time_us = part.read(True)
        ids = np.arange(journeys, journeys + part.lengths.size, dtype=np.uint32)
        frame = pl.DataFrame({"journey_id": np.repeat(ids, part.lengths), "activity": activity, "time_us": time_us})
        found.append(frame.filter(pl.Series(np.repeat(part.keep, part.lengths))))
        journeys += part.lengths.size
    return pl.concat([_NO_STEPS, *found]).with_columns(pl.when(pl.col("time_us") != UNKNOWN).then("time_us"))


_NO_STEPS = pl.DataFrame(schema={"journey_id": pl.UInt32, "activity": pl.UInt32, "time_us": pl.Int64})
