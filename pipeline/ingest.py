"""Loading: files -> one raw table each -> mapping -> events and rejects, all in one transaction or not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from mining.errors import DesirePathError, MappingError, Problem, SourceError, WorkspaceError
from mining.messages import N_, Message
from pipeline import build, moments, roles, staging
from pipeline.guessing import Guess
from pipeline.ingest_report import IngestReport, SourceReport, reason_counts
from pipeline.mapping import settle
from pipeline.options import Choices, IngestOptions, Reading
from pipeline.presets import with_preset
from pipeline.sources import Source, find, read
from pipeline.staging import Staged
from pipeline.store import Session
from pipeline.times import check_timezone

if TYPE_CHECKING:
    from pipeline.store import Workspace

__all__ = ["IngestReport", "Progress", "SourceReport", "ingest"]

Progress = Callable[[Message, float], None]
_NOT_SPLIT = N_("{file} has no times, so its events cannot be split at silences. Leave --session-gap out.")


def ingest(
    workspace: Workspace,
    *files: str | Path,
    append: bool = False,
    dry_run: bool = False,
    progress: Progress | None = None,
    **options: Unpack[IngestOptions],
) -> IngestReport:
    """Load files into a workspace.

    Parameters
    ----------
    *files : str or Path
        CSV and relatives, Parquet, JSON Lines, XES; text files and XES may be packed by gzip.
    append : bool, default False
        Needed to add to a workspace that holds a log already.
    dry_run : bool, default False
        Do everything, report it, and take it back.
    progress : callable, optional
        Called with what is being done and the share that is behind.
    **options
        What the columns mean and how the files are to be read, as `pipeline.options.IngestOptions` lists it; what is
        not said is guessed where the guess is beyond doubt.

    Returns
    -------
    IngestReport

    Raises
    ------
    SourceError
        When a file cannot be read, or none of its rows can be kept.
    MappingError
        When columns are named wrongly, cannot be told, or hold times that can be read in two ways.
    WorkspaceError
        When the workspace holds another log and `append` was not given, or cannot be written.
    """
    if not files:
        raise SourceError(N_("No file was given."))
    reading, choices, gap = _parted(with_preset(options))
    _check_choices(choices, gap)
    load = _Load(workspace, reading, choices, gap, append, dry_run, progress or (lambda _message, _share: None))
    return load.run(find(files, reading))


def _parted(options: IngestOptions) -> tuple[Reading, Choices, float | None]:
    """Part what was said into how to read, what the columns mean, and where journeys are split."""
    said: dict[str, Any] = {name: value for name, value in options.items() if value is not None}
    for name in ("journey", "activity", "time", "attributes", "identity"):
        if name in said:
            said[name] = (said[name],) if isinstance(said[name], str) else tuple(said[name])
    reading = Reading(**{f.name: said[f.name] for f in fields(Reading) if f.name in said})
    choices = Choices(**{f.name: said[f.name] for f in fields(Choices) if f.name in said})
    gap = said.get("session_gap", 1800.0 if choices.customer is not None else None)
    return reading, choices, gap


def _check_choices(choices: Choices, gap: float | None) -> None:
    """Refuse options that contradict each other."""
    if choices.customer is not None and choices.journey is not None:
        raise MappingError(N_("Give either --journey or --customer, not both: a journey is one or the other."))
    if gap is not None and choices.customer is None:
        raise MappingError(N_("--session-gap splits the events of a customer: name the column with --customer."))
    if gap is not None and not gap > 0:
        raise MappingError(N_("The session gap must be longer than nothing; it is {gap} s."), gap=gap)


@dataclass
class _Load:
    """One load on its way."""

    workspace: Workspace
    reading: Reading
    choices: Choices
    session_gap: float | None
    append: bool
    dry_run: bool
    progress: Progress
    warnings: list[Message] = field(default_factory=list)
    guesses: dict[str, tuple[Guess, ...]] = field(default_factory=dict)

    def run(self, sources: Sequence[Source]) -> IngestReport:
        with self.workspace.change(keep=not self.dry_run) as db:
            check_timezone(db, self.choices.timezone)
            fresh, skipped = self._fresh(db, sources)
            staged = self._stage_all(db, fresh)
            db.begin()
            if staged:
                self._write(db, staged)
            return self._report(db, staged, skipped)

    def _fresh(self, db: Session, sources: Sequence[Source]) -> tuple[list[Source], list[str]]:
        """Leave out files whose content is in the workspace already, or twice among the files."""
        seen = {digest for (digest,) in db.rows("SELECT sha256 FROM sources")}
        holds_log = bool(seen)
        fresh, skipped = [], []
        for source in sources:
            if source.sha256 in seen:
                skipped.append(source.name)
            else:
                seen.add(source.sha256)
                fresh.append(source)
        if fresh and holds_log and not self.append:
            raise WorkspaceError(
                N_("{path} holds a log already. Give --append to add {files} to it, or choose another workspace."),
                path=self.workspace.path,
                files=", ".join(s.name for s in fresh),
            )
        gap = build.session_gap(db)
        if fresh and holds_log and gap != self.session_gap:
            raise WorkspaceError(_other_sessions(gap), path=self.workspace.path, gap=gap)
        return fresh, skipped

    def _stage_all(self, db: Session, sources: Sequence[Source]) -> list[Staged]:
        """Read every file, and go on after a faulty one, so that all faults are told at once."""
        staged, faults = [], []
        for n, source in enumerate(sources):
            self.progress(Message(N_("Reading {name}"), name=source.name), 0.7 * n / len(sources))
            try:
                staged.append(self._stage(db, source, f"raw_{n}"))
            except (SourceError, MappingError) as fault:
                faults.append(fault)
        if len(faults) == 1:
            raise faults[0]
        if faults:
            raise _together(faults)
        return staged

    def _stage(self, db: Session, source: Source, name: str) -> Staged:
        raw = moments.of_choices(db, read(db, source, name, self.reading), self.choices)
        mapping, guesses = settle(db, raw, self.choices)
        if not mapping.time:
            if self.session_gap is not None:
                raise MappingError(_NOT_SPLIT, file=source.name)
            self.warnings.append(
                Message(N_("{name} has no times: all that needs them stays unknown"), name=source.name)
            )
        roles.check_patterns(db, raw, mapping)
        times = roles.times(db, raw, mapping)
        self.warnings.extend(times.notes if times else ())
        self.warnings.extend(roles.doubts(db, raw, mapping, times))
        staged = staging.stage(db, raw, mapping, times)
        self.warnings.extend(raw.notes)
        self.guesses[raw.view] = tuple(guesses.values())
        _refuse_if_nothing_left(db, staged)
        return staged

    def _write(self, db: Session, staged: Sequence[Staged]) -> None:
        """Write everything that a load changes."""
        self.progress(Message(N_("Sorting events")), 0.7)
        known = build.known_attributes(db)
        _check_same_clock(db, staged, self.workspace)
        first_source = db.value("SELECT count(*) FROM sources")
        first_event = db.value("SELECT coalesce(max(event_no) + 1, 0) FROM events")
        old = build.restaged(db, known) if first_source else None
        attributes, parts = staging.merged(known, old, staged, first_event, first_source)
        whole = staging.union(attributes, parts)
        # What is in the workspace is about to be written anew, so it is copied; new rows are read where they are.
        db.execute(f"CREATE OR REPLACE TEMP {'VIEW' if old is None else 'TABLE'} loaded AS {whole}")
        rows = "loaded"
        if self.session_gap is not None:
            rows = build.split_at_silence(db, rows, self.session_gap)
        db.execute(f"CREATE OR REPLACE TEMP VIEW staged AS FROM {rows}")
        build.build(db, attributes)
        for source_id, part in enumerate(staged, start=first_source):
            staging.write_rejects(db, part, source_id)
            _write_source(db, part, source_id)

    def _report(self, db: Session, staged: Sequence[Staged], skipped: Sequence[str]) -> IngestReport:
        self.progress(Message(N_("Done")), 1.0)
        reports = tuple(_source_report(part, self.guesses[part.raw.view]) for part in staged)
        reasons: dict[str, int] = {}
        for part in staged:
            for reason, n in reason_counts(db, part):
                reasons[reason] = reasons.get(reason, 0) + n
        return IngestReport(
            rows_in=sum(r.rows_in for r in reports),
            rows_kept=sum(r.rows_kept for r in reports),
            rows_rejected=sum(r.rows_rejected for r in reports),
            journeys=db.value("SELECT count(*) FROM journeys"),
            events=db.value("SELECT count(*) FROM events"),
            activities=db.value("SELECT count(*) FROM activities"),
            reasons=dict(sorted(reasons.items(), key=lambda item: (-item[1], item[0]))),
            sources=reports,
            skipped=tuple(skipped),
            warnings=tuple(self.warnings),
        )


def _source_report(part: Staged, guesses: tuple[Guess, ...]) -> SourceReport:
    source = part.raw.source
    rows_in = part.rows + part.unread
    return SourceReport(source.name, source.format, rows_in, part.kept, part.rejected, part.mapping, guesses)


def _check_same_clock(db: Session, staged: Sequence[Staged], workspace: Workspace) -> None:
    """Refuse to mix events with times and events that only have an order: they cannot be put into one."""
    timed = {bool(part.mapping.time) for part in staged}
    timed |= {found for (found,) in db.rows("SELECT DISTINCT time IS NOT NULL FROM events")}
    if len(timed) > 1:
        raise WorkspaceError(
            N_("{path} would hold events with times and events without. Load them into two workspaces."),
            path=workspace.path,
        )


def _other_sessions(gap: float | None) -> str:
    if gap is None:
        return N_("The journeys in {path} are not sessions: leave --customer and --session-gap out to add to them.")
    return N_(
        "The journeys in {path} are sessions split at {gap} s: give --customer and the same --session-gap to add to "
        "them."
    )


def _together(faults: Sequence[DesirePathError]) -> DesirePathError:
    """Put the faults of several files into one error."""
    problems = [p for f in faults for p in (Problem(f.message), *f.problems)]
    kind = MappingError if all(isinstance(f, MappingError) for f in faults) else SourceError
    return kind(N_("{n} files cannot be loaded:"), n=len(faults), problems=problems)


def _refuse_if_nothing_left(db: Session, staged: Staged) -> None:
    """Refuse a file of which no row can be kept."""
    if staged.kept:
        return
    problems = [
        Problem(Message(N_("{n} rows: {reason}"), n=n, reason=reason)) for reason, n in reason_counts(db, staged)
    ]
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


def _write_source(db: Session, staged: Staged, source_id: int) -> None:
    source = staged.raw.source
    db.execute(
        """
        INSERT INTO sources
        SELECT $id, $name, $format, $bytes, $sha256, $kept + $refused, $kept, $refused, $mapping,
            timezone('UTC', now())
        """,
        {
            "id": source_id,
            "name": source.name,
            "format": source.format,
            "bytes": source.bytes,
            "sha256": source.sha256,
            "kept": staged.kept,
            "refused": staged.rejected,
            "mapping": staged.mapping.as_json(),
        },
    )
