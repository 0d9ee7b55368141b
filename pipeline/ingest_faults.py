"""What is wrong with a load as a whole: two clocks, nothing left, several faulty files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from mining.errors import DesirePathError, MappingError, Problem, SourceError, WorkspaceError
from mining.messages import N_, Message
from pipeline.ingest_report import reason_counts
from pipeline.options import Reading
from pipeline.sources import Source
from pipeline.sources.raw import cannot_read
from pipeline.staging import Staged
from pipeline.store import QueryFault, Session

if TYPE_CHECKING:
    from pipeline.store import Workspace


def read_late(staged: Sequence[Staged], fault: QueryFault) -> Exception:
    """Name the file behind a fault that shows only as rows are written: Parquet is read where it lies, and then."""
    late = [part.raw.source for part in staged if part.raw.source.format == "parquet"]
    return cannot_read(late[0].path, fault) if len(late) == 1 and ".parquet" in str(fault) else fault


def check_same_clock(db: Session, staged: Sequence[Staged], gone: Sequence[int], workspace: Workspace) -> None:
    """Refuse to mix events with times and events that only have an order: they cannot be put into one."""
    timed = {bool(part.mapping.time) for part in staged}
    found = db.rows("SELECT source_id, mapping FROM sources")
    timed |= {bool(json.loads(mapping)["time"]) for source, mapping in found if source not in gone}
    if len(timed) > 1:
        raise WorkspaceError(
            N_("{path} would hold events with times and events without. Load them into two workspaces."),
            path=workspace.path,
        )


def hardly_meant(
    db: Session, sources: Sequence[Source], fresh: Sequence[Source], gone: Sequence[int], reading: Reading
) -> list[Message]:
    """Say what is surely not meant: a newer export beside the older one, so that rows count twice; unused options."""
    there = {name for number, name in db.rows("SELECT source_id, name FROM sources") if number not in gone}
    again = N_("{name} is there already with other content. Load a newer export of it with --replace.")
    unused = N_("--{option} was not used: none of the files is of a kind that has it.")
    formats = {source.format for source in sources}
    return [Message(again, name=source.name) for source in fresh if source.name in there] + [
        Message(unused, option=option) for option in reading.unused(formats)
    ]


def together(faults: Sequence[DesirePathError]) -> DesirePathError:
    """Put the faults of several files into one error."""
    problems = [p for f in faults for p in (Problem(f.message), *f.problems)]
    kind = MappingError if all(isinstance(f, MappingError) for f in faults) else SourceError
    return kind(N_("{n} files cannot be loaded:"), n=len(faults), problems=problems)


def refuse_if_nothing_left(db: Session, staged: Staged) -> None:
    """Refuse a file of which no row can be kept."""
    if staged.kept:
        return
    problems = [Problem(Message(N_("{reason}: {n}"), n=n, reason=reason)) for reason, n in reason_counts(db, staged)]
    raise SourceError(
        N_(
            "{path}: none of its {n} rows can be kept, so nothing was loaded. It was read with the journey in "
            "{journey!r}, the activity in {activity!r} and the time in {time!r}."
        ),
        path=staged.raw.source.path,
        n=staged.rejected,
        journey=staged.mapping.shown("journey"),
        activity=staged.mapping.shown("activity"),
        time=staged.mapping.shown("time"),
        problems=problems,
    )
