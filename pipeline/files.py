"""Writing files so that there is all of it or nothing."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from mining.errors import SourceError
from mining.messages import N_


def write_atomically(path: str | Path, content: bytes) -> None:
    """Write `content` to a file beside `path` and put it in its place when it is complete.

    Raises
    ------
    SourceError
        When it cannot be written; what stood there before still does.
    """
    path = Path(path)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        draft.write_bytes(content)
        os.replace(draft, path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise SourceError(
            N_("{path} cannot be written: {why}."), path=str(path), why=error.strerror or str(error)
        ) from None
