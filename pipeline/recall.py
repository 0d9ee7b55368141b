"""What has been read of a log, remembered as long as the log stays what it is.

A map is edited again and again over one log. What a comparison reads of the log whatever the map says is read once, and
again when the log has been written anew. Only this process can do that: who has a workspace open keeps all others from
writing it. So all workspaces of the process on one file share one memory, and a change of the log empties it.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar
from weakref import WeakValueDictionary

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from pipeline.store import Workspace

LEAST = 1_000_000_000  # bytes
SHARE = 4  # of the memory there is, the fourth part
CONTAINER = Path("/sys/fs/cgroup/memory.max")
_KNOWN = "journeys"
AT_LEAST = 1_000  # bytes that an answer counts for, however small


def limit() -> int:
    """Give how many bytes are remembered of one log: a share of what the machine, or the container, has."""
    pages = os.sysconf("SC_PHYS_PAGES") if "SC_PHYS_PAGES" in getattr(os, "sysconf_names", ()) else 0
    memory = pages * os.sysconf("SC_PAGE_SIZE") if pages > 0 else 0
    allowed = CONTAINER.read_text(encoding="ascii").strip() if CONTAINER.exists() else ""
    return max(LEAST, min(memory, int(allowed) if allowed.isdigit() else memory) // SHARE)


LIMIT = limit()  # what is larger is read anew each time
Asked = ParamSpec("Asked")
Found = TypeVar("Found")


class Memory:
    """Answers about one log; where there are too many, those that nobody asked for longest go."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._emptied = 0

    def recall(self, question: Hashable, find: Callable[[], Found]) -> Found:
        """Give the answer to a question, found now where it is not remembered."""
        with self._lock:
            if question in self._answers:
                self._answers.move_to_end(question)
                known: Found = self._answers[question][0]
                return known
            asked_after = self._emptied
        found = find()
        size = max(_size(found), AT_LEAST)
        with self._lock:
            if asked_after == self._emptied and size <= LIMIT:  # else the answer may be one about the log as it was
                self._answers[question] = found, size
                while sum(size for _, size in self._answers.values()) > LIMIT:
                    self._answers.popitem(last=False)
        return found

    def know(self, journeys: pl.DataFrame) -> str:
        """Remember journeys (journey_id, sorted), and give the name they are known by: one made of who they are."""
        ids = journeys["journey_id"].to_numpy().astype("<u4")
        name = hashlib.sha256(ids.tobytes()).hexdigest()[:16]
        self.recall((_KNOWN, name), lambda: journeys)
        return name

    def journeys(self, name: str) -> pl.DataFrame | None:
        """Give the journeys that are known by a name; None where it is forgotten."""
        with self._lock:
            known: pl.DataFrame | None = self._answers.get((_KNOWN, name), (None, 0))[0]
            return known

    def forget(self) -> None:
        """Forget everything: the log has been written anew."""
        with self._lock:
            self._answers.clear()
            self._emptied += 1


def memory_of(path: str | Path) -> Memory:
    """Give the memory of the log in a file, the same one to all who have the file open; else one that is nobody's."""
    if not isinstance(path, Path):
        return Memory()
    file = path.stat()
    with _finding:
        return _memories.setdefault((file.st_dev, file.st_ino), Memory())


_finding = threading.Lock()
_memories: WeakValueDictionary[tuple[int, int], Memory] = WeakValueDictionary()


def remembered(ask: Callable[Concatenate[Workspace, Asked], Found]) -> Callable[Concatenate[Workspace, Asked], Found]:
    """Remember what a function of a workspace and of hashable values gives. Nobody may change the frames it gives."""

    @wraps(ask)
    def recalled(ws: Workspace, /, *args: Asked.args, **kwargs: Asked.kwargs) -> Found:
        question = ask.__module__, ask.__qualname__, args, tuple(sorted(kwargs.items()))
        return ws.memory.recall(question, lambda: ask(ws, *args, **kwargs))

    return recalled


def _size(found: object) -> int:
    """Give the bytes of the frames and arrays in an answer; what several arrays look at counts once."""
    return sum({id(part): _bytes(part) for part in _parts(found)}.values())


def _bytes(part: pl.DataFrame | np.ndarray) -> int:
    return int(part.estimated_size()) if isinstance(part, pl.DataFrame) else part.nbytes


def _parts(found: object) -> Iterator[pl.DataFrame | np.ndarray]:
    """Give the frames in an answer, and the arrays that hold what others look at."""
    if isinstance(found, np.ndarray):
        yield found.base if isinstance(found.base, np.ndarray) else found
    elif isinstance(found, pl.DataFrame):
        yield found
    else:
        inner = found if isinstance(found, list | tuple) else getattr(found, "__dict__", {}).values()
        for part in inner:
            yield from _parts(part)
