"""Joining the ids of persons, measured: ``python -m benchmarks.identity [EVENTS [PERSONS]]``.

Persons are seen by card, e-mail, phone and cookie, each in its share of the events, mostly one or two at a time; they
clear their cookies now and then. A few phones are shared by families, a few tablets by whole shops, and some
people type ``test@example.com``. The same size gives the same log. Prints seconds, persons and the peak of memory.
"""

from __future__ import annotations

import resource
import sys
import time

import numpy as np
import polars as pl

from pipeline.identity import Identity, stitch
from pipeline.store import Workspace

COLUMNS = ("card", "email", "phone", "cookie")
SEEN = (0.10, 0.25, 0.15, 0.80)  # the share of events that carry the id, where the person has it
HAS = (0.4, 0.6, 0.7, 1.0)
COOKIES = 4
SHARED = 0.0005  # the share of events at a shop's tablet


def events(n: int, persons: int) -> pl.DataFrame:
    """Give a log as a load stages it, in the order of time."""
    rng = np.random.default_rng(20_251_122)
    who = rng.integers(0, persons, n)
    family = np.where(rng.random(persons) < 0.05, np.arange(persons) // 3, np.arange(persons) + persons)
    cookie = who * COOKIES + np.minimum(rng.geometric(0.5, n) - 1, COOKIES - 1)
    numbers = {"card": who, "email": who, "phone": family[who], "cookie": cookie}
    written = {"card": "VN{:09d}", "email": "khach{}@example.vn", "phone": "09{:08d}", "cookie": "GA1.1.{}"}
    columns: dict[str, pl.Series] = {}
    for name, seen, has in zip(COLUMNS, SEEN, HAS, strict=True):
        there = (rng.random(persons) < has)[who] & (rng.random(n) < seen)
        before, after = written[name].split("{")[0], written[name].split("}")[1]
        width = 9 if name == "card" else 8 if name == "phone" else 1
        text = before + pl.Series(numbers[name]).cast(pl.String).str.zfill(width) + after
        columns[name] = pl.select(pl.when(pl.Series(there)).then(text)).to_series()
    frame = pl.DataFrame(columns)
    tablet, tester = pl.Series(rng.random(n) < SHARED), pl.Series(rng.random(n) < SHARED)
    return frame.select(
        pl.lit("").alias("key"),
        pl.Series("activity", np.array(["view", "call", "buy"])[rng.integers(0, 3, n)]),
        pl.Series("time", np.sort(rng.integers(0, 365 * 86_400_000_000, n))).cast(pl.Datetime("us")),
        pl.int_range(n, dtype=pl.UInt64).alias("event_no"),
        pl.lit(0, dtype=pl.UInt32).alias("source_id"),
        card="card",
        email=pl.when(tester & pl.col("email").is_not_null()).then(pl.lit("test@example.com")).otherwise("email"),
        phone="phone",
        cookie=pl.when(tablet).then(pl.lit("GA1.1.tablet")).otherwise("cookie"),
    )


def main(n: int, persons: int) -> int:
    """Make the log, join the ids, print what it took."""
    with Workspace() as workspace, workspace.change(keep=False) as db:
        db.register("made", events(n, persons))
        db.execute("CREATE TEMP TABLE staged AS SELECT * FROM made")
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        started = time.perf_counter()
        found = stitch(db, "staged", {c: c for c in COLUMNS}, Identity.of(COLUMNS))
        joined = time.perf_counter()
        db.execute(f"CREATE TEMP TABLE keyed AS {found.select}")
        written = time.perf_counter()
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(f"{n:,} events, {found.n_ids:,} ids, {found.n_persons:,} persons, {found.n_cut:,} shared ids")
        print(f"ids joined {joined - started:.1f} s, events keyed {written - joined:.1f} s")
        print(f"peak memory {before / 1e6:.1f} GB before, {after / 1e6:.1f} GB after")
    return 0


if __name__ == "__main__":
    sizes = [int(size.replace("_", "")) for size in sys.argv[1:]]
    sys.exit(main(sizes[0] if sizes else 10_000_000, sizes[1] if len(sizes) > 1 else 1_000_000))
