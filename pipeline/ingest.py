"""Loading: files -> one raw table each -> mapping -> events and rejects, all in one transaction or not at all."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from mining.errors import MappingError, SourceError, WorkspaceError
from mining.messages import N_, Message
from mining.walk import load_in_background
from pipeline import definition, kept_sources, parts, staging, undated
from pipeline.build import READ, Progress
from pipeline.columns import moments, roles
from pipeline.columns.guessing import Guess
from pipeline.columns.mapping import settle
from pipeline.columns.presets import with_preset
from pipeline.definition import Definition
from pipeline.grown import grown
from pipeline.identity import Identity
from pipeline.identity.id_table import read_id_table
from pipeline.ingest_faults import check_same_clock, hardly_meant, read_late, refuse_if_nothing_left, together
from pipeline.ingest_report import IngestReport, SourceReport, reported
from pipeline.options import Choices, IngestOptions, Reading, reading_and_choices
from pipeline.rebuild import has_recorded, rebuild
from pipeline.sessions import DEFAULT_GAP_S
from pipeline.sources import Source, find, read
from pipeline.sources.raw import cannot_read
from pipeline.store import QueryFault, Session
from pipeline.times import check_timezone

if TYPE_CHECKING:
    from pipeline.store import Workspace

__all__ = ["IngestReport", "Progress", "SourceReport", "ingest"]

_NOT_SPLIT = N_("{file} has no times, so its events cannot be split at silences. Leave --session-gap out.")


def ingest(
    workspace: Workspace,
    *files: str | Path,
    append: bool = False,
    replace: str | None = None,
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
    replace : str, optional
        The name of a source in the workspace that the files take the place of.
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
    reading, choices, wanted = parted(options)
    told = progress or (lambda _message, _share: None)
    load = _Load(workspace, reading, choices, wanted, append, replace, dry_run, told)
    return load.run(find(files, reading))


def parted(options: IngestOptions) -> tuple[Reading, Choices, dict[str, Any]]:
    """Part what was said into how to read, what the columns mean, and how journeys are defined.

    Raises
    ------
    MappingError
        When the preset is not known, or options contradict each other.
    """
    said: dict[str, Any] = {name: value for name, value in with_preset(options).items() if value is not None}
    rule = said.get("identity")
    if isinstance(rule, Identity):
        said["identity"] = rule.columns
    reading, choices = reading_and_choices(said)
    wanted: dict[str, Any] = {
        name: said[name] for name in ("duplicates", "session_gap", "start_activity") if name in said
    }
    if "identity_table" in said:
        wanted["id_table"] = said["identity_table"]
    if choices.identity is not None:
        wanted["identity"] = rule if isinstance(rule, Identity) else Identity.of(choices.identity)
    if choices.customer is not None and choices.journey is not None:
        raise MappingError(N_("Give either --journey or --customer, not both: a journey is one or the other."))
    if choices.customer is None and choices.identity is None and {"session_gap", "start_activity"} & wanted.keys():
        raise MappingError(
            N_("--session-gap and --start-activity split the events of a customer: name the column with --customer.")
        )
    if choices.customer is not None and not {"session_gap", "start_activity"} & wanted.keys():
        wanted["session_gap"] = DEFAULT_GAP_S
    return reading, choices, wanted


@dataclass
class _Load:
    """One load on its way."""

    workspace: Workspace
    reading: Reading
    choices: Choices
    wanted: dict[str, Any]
    append: bool
    replace: str | None
    dry_run: bool
    progress: Progress
    warnings: list[Message] = field(default_factory=list)
    guesses: dict[str, tuple[Guess, ...]] = field(default_factory=dict)

    def run(self, sources: Sequence[Source]) -> IngestReport:
        load_in_background()
        with self.workspace.change(keep=not self.dry_run) as db:
            check_timezone(db, self.choices.timezone)
            undated.check_choice(self.choices.undated)
            gone = [] if self.replace is None else kept_sources.called(db, self.replace)
            fresh, skipped = self._fresh(db, sources, gone)
            before, said = grown(db, fresh) if self.append else ([], [])
            gone += before
            self.warnings += said + hardly_meant(db, sources, fresh, gone, self.reading)
            if "id_table" in self.wanted:
                rule = self.wanted.get("identity", definition.kept(db).identity)
                self.wanted["id_table"] = read_id_table(db, self.wanted["id_table"], rule)
            meant = self._definition(db, bool(fresh))
            staged = self._stage_all(db, fresh, meant)
            db.begin()
            if staged:
                self._write(db, staged, meant, gone)
            self.progress(Message(N_("Done")), 1.0)
            return reported(db, staged, self.guesses, skipped, self.warnings)

    def _fresh(self, db: Session, sources: Sequence[Source], gone: Sequence[int]) -> tuple[list[Source], list[str]]:
        """Leave out files whose content is in the workspace already, or twice among the files."""
        stays = dict(db.rows("SELECT source_id, sha256 FROM sources"))
        seen = {digest for source, digest in stays.items() if source not in gone}
        fresh, skipped = [], []
        for source in sources:
            if source.sha256 in seen:
                skipped.append(source.name)
            else:
                seen.add(source.sha256)
                fresh.append(source)
        if fresh and stays and not self.append and self.replace is None:
            raise WorkspaceError(
                N_("{path} holds a log already. Give --append to add {files} to it, or choose another workspace."),
                path=self.workspace.path,
                files=", ".join(s.name for s in fresh),
            )
        return fresh, skipped

    def _definition(self, db: Session, loads: bool) -> Definition:
        """Give how journeys are defined: as in the workspace, where that holds a log, else as was said."""
        known = definition.kept(db)
        if not db.value("SELECT count(*) FROM sources"):
            return Definition(**self.wanted)
        said = Definition(**{**_as_before(known, self.wanted), **self.wanted})
        if loads and dataclasses.replace(said, recipe=known.recipe) != known:
            raise WorkspaceError(
                N_(
                    "The journeys in {path} are defined otherwise: {known}. Say the same to add to them, or change the "
                    "definition first."
                ),
                path=self.workspace.path,
                known=known.in_words(),
            )
        if known.identity is not None and self.choices.identity is None:
            self.choices = dataclasses.replace(self.choices, identity=known.identity.columns)
        return known

    def _stage_all(self, db: Session, sources: Sequence[Source], meant: Definition) -> list[staging.Staged]:
        """Read every file, and go on after a faulty one, so that all faults are told at once."""
        staged, faults = [], []
        for n, source in enumerate(sources):
            self.progress(Message(N_("Reading {name}"), name=source.name), READ * n / len(sources))
            try:
                staged.append(self._stage(db, source, f"raw_{n}", meant))
            except (SourceError, MappingError) as fault:
                faults.append(fault)
            except QueryFault as said:
                faults.append(cannot_read(source.path, said))
        if len(faults) == 1:
            raise faults[0]
        if faults:
            raise together(faults)
        return staged

    def _stage(self, db: Session, source: Source, name: str, meant: Definition) -> staging.Staged:
        raw = moments.of_choices(db, read(db, source, name, self.reading), self.choices)
        mapping, guesses = settle(db, raw, self.choices)
        if not mapping.time:
            if "session_gap" in self.wanted:
                raise MappingError(_NOT_SPLIT, file=source.name)
            self.warnings.append(
                Message(N_("{name} has no times: all that needs them stays unknown"), name=source.name)
            )
        roles.check_patterns(db, raw, mapping)
        times = roles.times(db, raw, mapping)
        self.warnings.extend(times.notes if times else ())
        self.warnings.extend(roles.doubts(db, raw, mapping, times))
        staged = staging.stage(db, raw, mapping, times, meant.identity)
        self.warnings.extend((*staged.notes, *raw.notes))
        self.guesses[raw.view] = tuple(guesses.values())
        refuse_if_nothing_left(db, staged)
        return staged

    def _write(self, db: Session, staged: Sequence[staging.Staged], meant: Definition, gone: Sequence[int]) -> None:
        """Write everything that a load changes."""
        check_same_clock(db, staged, gone, self.workspace)
        first_source = db.value("SELECT coalesce(max(source_id) + 1, 0) FROM sources")
        # A recipe may have left out the last events: new ones are numbered on from all that were recorded.
        held = "recorded" if has_recorded(db) else "events"
        event_no = db.value(f"SELECT coalesce(max(event_no) + 1, 0) FROM {held}")
        new = []
        for source_id, part in enumerate(staged, start=first_source):
            new.append(parts.fresh(part, source_id, event_no))
            event_no += part.rows
        try:
            self.warnings.extend(rebuild(db, meant, new, without=gone, progress=self.progress))
        except QueryFault as fault:
            raise read_late(staged, fault) from fault
        kept_sources.forget(db, gone)
        for part, own in zip(staged, new, strict=True):
            kept_sources.keep(db, part, own)


def _as_before(known: Definition, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Give what need not be said again to add to a log."""
    same_rule = wanted.get("identity", known.identity) == known.identity
    id_table = known.id_table if same_rule else None
    return {"duplicates": known.duplicates, "identity": known.identity, "id_table": id_table}
