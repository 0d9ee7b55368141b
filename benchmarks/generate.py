"""Logs of any size that behave like real ones: ``python -m benchmarks.generate 10_000_000 log.parquet``.

Journeys walk over 30 activities, from a common start, with steps that are drawn from a heavy-tailed choice and with an
end that grows likelier; so few paths are frequent and most are rare: about half as many variants as journeys. Ids are
text, times are hours to days apart, rows stand in the order of time as an export has them. Four attributes: channel and
device change from event to event, segment and region belong to the journey. The same size gives the same log.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

ACTIVITIES = tuple(f"Touchpoint {n:02d}" for n in range(1, 31))
CHANNELS = ("web", "app", "store", "call centre", "e-mail", "Zalo")
DEVICES = ("phone", "desktop", "tablet")
SEGMENTS = ("new", "returning", "loyal", "at risk")
REGIONS = tuple(f"region {n:02d}" for n in range(1, 64))
MEAN_EVENTS = 11.6
CHUNK_JOURNEYS = 400_000
START_US = 1_735_689_600_000_000  # 2025-01-01
YEAR_US = 365 * 86_400_000_000


def chunks(events: int) -> Iterator[pl.DataFrame]:
    """Give the log in parts, in the order of time, with exactly `events` rows in all."""
    rng = np.random.default_rng(20_251_122)
    journeys = max(1, round(events / MEAN_EVENTS))
    parts = max(1, round(journeys / CHUNK_JOURNEYS))
    left, made = events, 0
    for part in range(parts):
        n = journeys // parts if part < parts - 1 else journeys
        span = (START_US + part * YEAR_US // parts, YEAR_US // parts)
        frame = _walks(rng, n, span, made)
        made += n
        while part == parts - 1 and frame.height < left:
            frame = pl.concat([frame, _walks(rng, 1 + n // 20, span, made)])
            made += 1 + n // 20
        frame = frame.sort("time", maintain_order=True).head(left)
        left -= frame.height
        yield frame
        if not left:
            return


def _walks(rng: np.random.Generator, n: int, span: tuple[int, int], first: int) -> pl.DataFrame:
    """Walk `n` journeys to their ends, all of them one step at a time."""
    k = len(ACTIVITIES)
    weights = 1 / np.arange(1, k + 1) ** 1.6
    cumulated = np.cumsum(weights / weights.sum())
    journey = np.arange(n)
    at = np.zeros(n, dtype=np.int64)
    time = span[0] + rng.integers(0, span[1], n)
    steps = []
    while journey.size:
        steps.append((journey, at, time))
        stays = rng.random(journey.size) > 1 / MEAN_EVENTS
        journey, at, time = journey[stays], at[stays], time[stays]
        jump = np.minimum(np.searchsorted(cumulated, rng.random(journey.size)), k - 1)
        at = (at * 7 + 1 + jump) % k
        time = time + (rng.lognormal(8.5, 1.8, journey.size) * 1e6).astype(np.int64) + 1
    who, what, when = (np.concatenate(column) for column in zip(*steps, strict=True))
    numbers = np.arange(first, first + n, dtype=np.uint64)
    ids = pl.Series(numbers * np.uint64(0x9E3779B97F4A7C15)).cast(pl.String)  # spread, as real ids are
    frame = pl.DataFrame(
        {
            "session_id": ("s-" + ids).gather(who),
            "event": pl.Series(ACTIVITIES).gather(what),
            "time": pl.Series(when).cast(pl.Datetime("us")),
            "channel": pl.Series(CHANNELS).gather(rng.integers(0, len(CHANNELS), who.size)),
            "device": pl.Series(DEVICES).gather(rng.integers(0, len(DEVICES), who.size)),
            "segment": pl.Series(SEGMENTS).gather(rng.integers(0, len(SEGMENTS), n)).gather(who),
            "region": pl.Series(REGIONS).gather(rng.integers(0, len(REGIONS), n)).gather(who),
        }
    )
    return frame


def write(events: int, path: Path) -> None:
    """Write a log of `events` rows as Parquet, or as CSV where the name ends so."""
    if path.suffix == ".csv":
        with path.open("wb") as file:
            for n, frame in enumerate(chunks(events)):
                frame.write_csv(file, include_header=n == 0, datetime_format="%Y-%m-%d %H:%M:%S%.6f")
        return
    writer: pq.ParquetWriter | None = None
    for frame in chunks(events):
        table = frame.to_arrow().cast(
            pa.schema([(c, pa.timestamp("us") if c == "time" else pa.string()) for c in frame.columns])
        )
        writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd")
        writer.write_table(table, row_group_size=122_880)
    if writer is not None:
        writer.close()


if __name__ == "__main__":
    write(int(sys.argv[1]), Path(sys.argv[2]))
