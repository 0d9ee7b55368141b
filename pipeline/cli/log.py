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
from pipeline.cli.text import count, note, progress

if TYPE_CHECKING:
    from pipeline.ingest import IngestReport, Progress
    from pipeline.store import Workspace


def is_workspace(path: Path) -> bool:
    """Say whether a file is a DuckDB database: by its first bytes, since its name can be anything."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(12)[8:] == b"DUCK"


def check_exists(path: Path) -> None:
    """Refuse a name behind which there is nothing; patterns such as ``logs/*.csv`` are looked at later.

    Raises
    ------
    SourceError
        Saying which name.
    """
    if not path.exists() and not set("*?[") & set(str(path)) and "://" not in str(path):
        raise SourceError(N_("{path} does not exist. Check the name."), path=path)


def columns_read(report: IngestReport) -> list[str]:
    """Say for every file which columns were taken for what."""
    files: dict[str, list[str]] = {}
    for source in report.sources:
        found = source.mapping
        time = f"the time in {found.shown('time')!r}" if found.time else "and there is no time"
        said = f"the journey is in {found.shown('journey')!r}, the activity in {found.shown('activity')!r}, {time}"
        files.setdefault(said, []).append(source.name)
    return [f"{names[0]}{_others(names)}: {said}" for said, names in files.items()]


def _others(names: Sequence[str]) -> str:
    """Say how many files are read alike, in place of a line for each."""
    return "" if len(names) < 2 else f" and {count(len(names) - 1)} more"


@contextmanager
def open_log(path: Path, quiet: bool, recipe: Recipe | None = None) -> Iterator[Workspace]:
    """Open a workspace for reading, or read a log into one in memory, and then say how it was read unless `quiet`.

    Parameters
    ----------
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

    check_exists(path)
    if not is_workspace(path):
        with Workspace() as workspace:
            with progress(quiet) as bar:
                report = _read(workspace, path, bar)
            note([*columns_read(report), *report.warnings], quiet)
            if recipe is not None and recipe.steps:
                change = workspace.redefine(replace(workspace.definition, recipe=Recipe(recipe.steps)))
                note(change.notes, quiet)
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
