"""The part of a report that lets anybody make it again: files with digests, definition, map, conditions, commands."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import TYPE_CHECKING

import yaml

from pipeline.condition_words import in_words
from pipeline.language import Language
from pipeline.names import as_line, as_text
from pipeline.report.blocks import Block, Code, Column, Paragraph, Section, Table, Terms
from pipeline.report.origin import Origin, Source, folded

if TYPE_CHECKING:
    from pipeline.report import Report


def repeat_section(report: Report, origin: Origin, language: Language) -> Section:
    """Tell how to make the report again."""
    return Section(language.t("How to repeat this"), tuple(_blocks(report, origin, language)))


def _blocks(report: Report, origin: Origin, language: Language) -> Iterator[Block]:
    t = language.t
    yield Paragraph(
        t(
            "The same files, definition, map and conditions give the same numbers. A digest (SHA-256) tells whether a "
            "file is the same."
        )
    )
    yield Terms(tuple(_terms(report, origin, language)))
    if origin.definition.recipe.steps:
        yield Paragraph(t("The recipe by which paths were cleaned (recipe.yaml):"))
        yield Code(tuple(as_line(line) for line in recipe_lines(origin)))
    yield Paragraph(t("Commands, in this order:"))
    yield Code(tuple(as_line(line) for words in origin.commands(language=language.code) for line in folded(words)))


def steps(report: Report, origin: Origin, language: Language) -> Table:
    """Give everything on one sheet: what was used, and the commands."""
    t = language.t
    rows = [(word, said) for word, said in _terms(report, origin, language)]
    rows += [(t("Recipe"), as_line(line)) for line in recipe_lines(origin)] if origin.definition.recipe.steps else []
    rows += [(t("Command"), as_text(shlex.join(words))) for words in origin.commands(language=language.code)]
    return Table(t("How to repeat this"), (Column(t("What"), width=30), Column(t("Value"), width=120)), tuple(rows))


def recipe_lines(origin: Origin) -> list[str]:
    """Write the path-cleaning recipe as its file."""
    text = yaml.safe_dump(origin.definition.recipe.as_list(), allow_unicode=True, sort_keys=False, width=100)
    return text.rstrip("\n").split("\n")


def _terms(report: Report, origin: Origin, language: Language) -> Iterator[tuple[str, str]]:
    t, plan = language.t, report.findings.plan
    yield t("Product"), f"Desire Path {origin.version}"
    for source in origin.sources:
        yield t("File of the log"), _source(source, language)
    yield t("Map"), f"{as_text(origin.map)} · SHA-256 {origin.map_sha256}"
    if plan.version:
        yield t("Version of the map"), as_text(plan.version)
    yield t("Condition of the map"), _condition(plan.where, report, language)
    yield t("Condition given"), _condition(origin.where, report, language)
    yield from _journeys(origin, language)
    yield (
        t("Recipe"),
        t("{n} steps, see below", n=len(origin.definition.recipe.steps))
        if (origin.definition.recipe.steps)
        else t("none: paths as they were recorded"),
    )


def _condition(where: str | None, report: Report, language: Language) -> str:
    """Say a condition in words, and as it is written."""
    if not where:
        return language.t("none")
    written, said = as_text(where), in_words(where, language, report.known(language))
    return said if said == written else language.t("{said}, written {condition}", said=said, condition=written)


def _source(source: Source, language: Language) -> str:
    rows = language.t(
        "{name} ({format}): {rows} rows, {kept} kept, {rejected} rejected",
        name=as_text(source.name),
        format=source.format,
        rows=source.rows_in,
        kept=source.rows_kept,
        rejected=source.rows_rejected,
    )
    return f"{rows} · SHA-256 {source.sha256}"


def _journeys(origin: Origin, language: Language) -> Iterator[tuple[str, str]]:
    """Say how events became journeys."""
    t, meant = language.t, origin.definition
    person = ", ".join(as_text(column) for column in meant.identity.columns) if meant.identity else None
    yield t("Person"), person or t("the key as recorded")
    splits = []
    if meant.session_gap is not None:
        splits.append(t("after {time} of silence", time=language.duration(meant.session_gap)))
    if meant.start_activity is not None:
        splits.append(t("at “{activity}”", activity=as_text(meant.start_activity)))
    yield t("A new journey begins"), " · ".join(splits) or t("with each key")
    yield t("Equal rows"), t("left out") if meant.duplicates == "drop" else t("kept")
