"""Work over many sorted paths, cut into parts of about equal size that several threads take one after the other."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import pairwise
from os import cpu_count
from typing import TypeVar

import numpy as np

CHUNK = 1 << 19  # events: rows and results of one part stay near the processor
SMALLEST = 1 << 13  # events that are worth a thread

Found = TypeVar("Found")


def in_chunks(
    offsets: np.ndarray, work: Callable[[int, int], Found], *, threads: int | None = None, chunk: int = CHUNK
) -> list[Found]:
    """Call ``work(first, last)`` for parts of the paths that hold about `chunk` events each; results in their order.

    Parameters
    ----------
    offsets : (paths + 1,) int array
        Where each path begins.
    work : function
        Given the first path of a part and the one behind its last; it should let go of the interpreter.
    threads : int, optional
        As many as there are processors by default.
    """
    workers = threads or cpu_count() or 1
    events = int(offsets[-1])
    n = max(-(-events // chunk), min(workers, events // SMALLEST), 1)
    cuts = np.searchsorted(offsets, np.linspace(0, events, n + 1)[1:-1])
    bounds = np.unique([0, *cuts.tolist(), len(offsets) - 1]).tolist()
    parts = list(pairwise(bounds)) or [(0, 0)]
    if workers == 1 or len(parts) == 1:
        return [work(*part) for part in parts]
    return list(_pool(workers).map(lambda part: work(*part), parts))


@cache
def _pool(workers: int) -> ThreadPoolExecutor:
    """Keep the threads: to start them anew takes longer than many a comparison."""
    return ThreadPoolExecutor(workers, thread_name_prefix="chunk")
