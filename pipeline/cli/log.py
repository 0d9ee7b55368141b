"""WORKSPACE as the command line takes it: a workspace, or a log that is read into memory for this one command."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from mining.conditions import both
from mining.errors import MappingError, Problem, RecipeError, SourceError, WorkspaceError
from mining.messages import N_, Message
from mining.recipe import Recipe
from pipeline.cli.text import note, progress, spoken
from pipeline.store_faults import is_workspace

if TYPE_CHECKING:
    from pipeline.ingest import IngestReport, Progress
    from pipeline.store import Workspace

NEVER_LOGS = (".yaml", ".yml", ".bpmn", ".pnml", ".ptml")
READ = N_("the journey is in {journey!r}, the activity in {activity!r}, the time in {time!r}")
READ_WITHOUT_TIME = N_("the journey is in {journey!r}, the activity in {activity!r}, and there is no time")


def check_exist(*paths: Path | None) -> None:
    """Refuse names behind which there is nothing, all at once; patterns such as ``logs/*.csv`` are looked at later.

    Raises
    ------
    SourceError
        Saying which names.
    """
    missing = [path for path in paths if path is not None and not path.exists() and not _is_looked_for(path)]
    said = N_("{path} does not exist. Check the name.")
    if len(missing) == 1:
        raise SourceError(said, path=missing[0])
    if missing:
        problems = [Problem(Message(said, path=path)) for path in missing]
        raise SourceError(N_("{n} files are missing:"), n=len(missing), problems=problems)


def _is_looked_for(path: Path) -> bool:
    return bool(set("*?[") & set(str(path))) or "://" in str(path)


def columns_read(report: IngestReport) -> list[Message]:
    """Say for every file which columns were taken for what; files that are read alike are said together."""
    files: dict[Message, list[str]] = {}
    for source in report.sources:
        found = source.mapping
        columns = {role: found.shown(role) for role in ("journey", "activity", "time")}
        said = Message(READ if found.time else READ_WITHOUT_TIME, **columns)
        files.setdefault(said, []).append(source.name)
    return [_read_alike(names, said) for said, names in files.items()]


def _read_alike(names: Sequence[str], said: Message) -> Message:
    if len(names) == 1:
        return Message(N_("{name}: {said}"), name=names[0], said=said)
    return Message(N_("{name} and {n} more: {said}"), name=names[0], n=len(names) - 1, said=said)


@contextmanager
def open_log(path: Path, arguments: Namespace, recipe: Recipe | None = None) -> Iterator[Workspace]:
    """Open a workspace for reading, or read a log into one in memory, and then say how it was read.

    Parameters
    ----------
    arguments : Namespace
        Of the command: whether it is to be quiet, and in which language it speaks.
    recipe : Recipe, optional
        How paths are to be cleaned: those of a log are, those of a workspace must have been.

    Raises
    ------
    SourceError
        When there is no such file, or no row of a log can be kept.
    MappingError
        When the columns of a log cannot be told without doubt.
    WorkspaceError
        When the workspace cannot be opened, or nothing has been loaded into it.
    RecipeError
        When the paths of the workspace are cleaned otherwise.
    """
    from pipeline.store import Workspace

    check_exist(path)
    if path.suffix.lower() in NEVER_LOGS:
        raise SourceError(
            N_("{path} is a map or a model, and a log is expected in its place. Check their order: `--help` shows it."),
            path=path,
        )
    if not is_workspace(path):
        with Workspace() as workspace:
            with progress(arguments.quiet, spoken(arguments)) as bar:
                report = _read(workspace, path, bar)
            note([*columns_read(report), *report.warnings], arguments)
            if recipe is not None and recipe.steps:
                change = workspace.redefine(replace(workspace.definition, recipe=Recipe(recipe.steps)))
                note(change.notes, arguments)
            yield workspace
        return
    with Workspace(path, read_only=True) as workspace:
        if workspace.is_empty:
            raise WorkspaceError(N_("{path} is empty. Load a log first: desirepath ingest FILE -w {path}"), path=path)
        if recipe is not None and recipe.steps and recipe.steps != workspace.definition.recipe.steps:
            raise RecipeError(
                N_(
                    "The paths in {path} are not cleaned as the recipe says. Clean them so first: "
                    "desirepath define {path} --recipe FILE"
                ),
                path=path,
            )
        yield workspace


def chosen(arguments: Namespace) -> tuple[str | None, Recipe | None]:
    """Give the condition that `--where` and the recipe ask for together, and the recipe."""
    recipe = Recipe.read(arguments.recipe) if arguments.recipe else None
    return both(arguments.where, *(recipe.where if recipe else ())), recipe


def _read(workspace: Workspace, path: Path, bar: Progress | None) -> IngestReport:
    """Read a log with guessed columns; where that cannot be done, say which command can be told them."""
    try:
        return workspace.ingest(path, progress=bar)
    except MappingError as error:
        hint = Message(
            N_("name the columns with `desirepath ingest {path} -w log.duckdb`, then give log.duckdb"), path=path
        )
        raise MappingError(
            error.message.template, problems=[*error.problems, Problem(hint)], **error.message.values
        ) from error
