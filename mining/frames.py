"""The shapes of the frames that cross a floor, as data, and the check that every query result passes.

Times are UTC; durations are float seconds with the suffix ``_s``; shares lie in 0..1; undefined is null.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from mining.errors import FrameError
from mining.messages import N_

TIME = pl.Datetime("us", "UTC")
CODE = pl.UInt32
COUNT = pl.Int64


@dataclass(frozen=True)
class Shape:
    """What one row of a frame is, and the columns it must have, in order; further columns (attributes) may follow."""

    name: str
    row: str
    columns: Mapping[str, Any]


ACTIVITIES = Shape(
    "activities",
    "one activity of the log, most frequent first",
    {"activity": CODE, "name": pl.String, "n_events": COUNT, "n_journeys": COUNT},
)
JOURNEYS = Shape(
    "journeys",
    "one journey, by id; its attributes follow",
    {"journey_id": CODE, "key": pl.String, "start": TIME, "end": TIME, "n_events": COUNT, "variant_id": CODE},
)
VARIANTS = Shape(
    "variants",
    "one distinct path, in the order of paths: neighbours share prefixes",
    {"variant_id": CODE, "path": pl.List(CODE), "n_journeys": COUNT},
)
EDGES = Shape(
    "edges",
    "one directly-follows pair, by source and target",
    {
        "source": CODE,
        "target": CODE,
        "n": COUNT,
        "n_journeys": COUNT,
        "wait_median_s": pl.Float64,
        "wait_p95_s": pl.Float64,
        "wait_total_s": pl.Float64,
        "wait_median_low_s": pl.Float64,
        "wait_median_high_s": pl.Float64,
        "n_waits": COUNT,
    },
)
WAITS = tuple(EDGES.columns)[4:]
ENDPOINTS = Shape(
    "endpoints",
    "one activity with the journeys that start and end there",
    {"activity": CODE, "n_start": COUNT, "n_end": COUNT},
)
REJECTS = Shape(
    "rejects",
    "one refused row of a source, in file order",
    {"source": pl.String, "line_no": COUNT, "reason": pl.String, "raw": pl.String},
)
SOURCES = Shape(
    "sources",
    "one file that was read into the workspace, in the order of reading",
    {
        "source_id": CODE,
        "name": pl.String,
        "format": pl.String,
        "bytes": COUNT,
        "sha256": pl.String,
        "rows_in": COUNT,
        "rows_kept": COUNT,
        "rows_rejected": COUNT,
        "mapping": pl.String,
        "ingested_at": TIME,
    },
)
ATTRIBUTES = Shape(
    "attributes",
    "one attribute; level says whether it belongs to the journey or to its events",
    {"name": pl.String, "level": pl.String, "type": pl.String, "role": pl.String, "column": pl.String},
)
CALENDAR = Shape(
    "calendar",
    "one day with an event, in order; n_started counts the journeys whose first event is on it",
    {"day": TIME, "n_events": COUNT, "n_started": COUNT},
)
TIMELINE = Shape(
    "timeline",
    "one event of a chosen journey, in journey order; event attributes follow",
    {"key": pl.String, "position": COUNT, "activity": pl.String, "time": TIME, "gap_s": pl.Float64},
)


def check(frame: pl.DataFrame, shape: Shape) -> pl.DataFrame:
    """Give `frame` back if it has the columns and types of `shape`.

    Raises
    ------
    FrameError
        Naming every column that is missing or has another type.
    """
    wrong = [
        f"{column} is {frame.schema.get(column, 'missing')}, expected {dtype}"
        for column, dtype in shape.columns.items()
        if frame.schema.get(column) != dtype
    ]
    if wrong:
        raise FrameError(N_("The frame {name} has a wrong shape: {wrong}"), name=shape.name, wrong="; ".join(wrong))
    return frame
