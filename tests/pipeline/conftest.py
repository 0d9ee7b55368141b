"""What the tests of the pipeline share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipeline.store import Workspace


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    """Give an empty workspace in memory."""
    with Workspace() as ws:
        yield ws


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Give a function that writes a file into a folder of its own: text as UTF-8, bytes as they are."""

    def written(content: str | bytes, name: str = "log.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return written
