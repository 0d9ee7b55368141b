"""Files that have grown since they were loaded, as exports and server logs do: read anew, their rows come in once."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from mining.messages import N_, Message
from pipeline.sources import Source
from pipeline.store import Session

PART = 1 << 20  # bytes


def grown(db: Session, fresh: Sequence[Source]) -> tuple[list[int], list[Message]]:
    """Find what the workspace has of files that are loaded again with more at their end.

    Parameters
    ----------
    fresh : sequence of Source
        The files of a load whose content is new.

    Returns
    -------
    list of int
        The sources, by number, that begin a plain file of the same name: it takes their place.
    list of Message
        What to say of each.
    """
    known = db.rows("SELECT source_id, name, bytes, sha256 FROM sources ORDER BY source_id")
    found = [
        (number, name)
        for number, name, size, digest in known
        if any(source.name == name and _goes_on(source, size, digest) for source in fresh)
    ]
    said = N_("{name} has grown since it was loaded, and was read anew: what was there is not counted twice.")
    return [number for number, _ in found], [Message(said, name=name) for _, name in found]


def _goes_on(source: Source, size: int, sha256: str) -> bool:
    """Say whether a file begins with a content of so many bytes and that digest, and goes on."""
    if source.packing is not None or source.address is not None or source.bytes <= size:
        return False
    digest = hashlib.sha256()
    with source.path.open("rb") as file:
        while size and (part := file.read(min(size, PART))):
            digest.update(part)
            size -= len(part)
    return digest.hexdigest() == sha256
