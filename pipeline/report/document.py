"""The report in one language: what it says, in which order, before it gets a form."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from mining.sentences import NOT_NESTED, SOME_UNTESTED
from mining.statistics import wilson
from pipeline.findings import Findings
from pipeline.language import Language
from pipeline.names import Names, as_text
from pipeline.report import tables
from pipeline.report.blocks import (
    Block,
    Bullets,
    Document,
    Figure,
    Finding,
    Paragraph,
    Ranking,
    Section,
    Table,
    Tile,
    Tiles,
    Value,
    for_page,
)
from pipeline.report.definitions import definitions, ledger_said, window_said
from pipeline.report.paths import paths_section
from pipeline.report.pictures.funnel_picture import funnel_picture
from pipeline.report.pictures.plan_data import PlanScene, plan_scene
from pipeline.report.pictures.plan_picture import plan_picture
from pipeline.report.repeat import repeat_section
from pipeline.report.sentences import deviation_said, effects_said, told
from pipeline.report.signs import DEVIATIONS, FLOWS, LEFT_HERE, Sign

if TYPE_CHECKING:
    from pipeline.report import Report

TOLD = 12  # deviations in sentences; all stand in the table
MOST_ROWS = 60  # of a table on a page; the spreadsheet has all
EXAMPLES = 3


def document(report: Report, language: Language) -> Document:
    """Write the report."""
    found, t = report.findings, language.t
    names = Names(found.plan, language)
    sections = [
        Section(t("In short"), tuple(_short(found, names, language))),
        Section(t("The plan with the log laid over it"), tuple(_plan(found, language))),
        Section(t("Where journeys part from the plan"), tuple(_deviations(found, names, language))),
        Section(t("Where journeys end"), tuple(_ends(found, names, language))),
        *([paths_section(report.graph, language)] if report.graph is not None else []),
        Section(t("Gaps"), tuple(_gaps(found, names, language))),
        Section(t("What the numbers mean"), (definitions(found, language),)),
        *([repeat_section(report, report.origin, language)] if report.origin is not None else []),
    ]
    return Document(
        language,
        title=names.map,
        subtitle=t("The planned journey against the journeys really taken"),
        facts=tuple(_facts(found, report.chosen(language), language)),
        sections=tuple(sections),
    )


def _facts(found: Findings, chosen: str | None, language: Language) -> Iterator[str]:
    log = found.log
    yield language.t("{journeys} journeys · {events} events", journeys=log.journeys, events=log.events)
    if log.start is not None:
        yield language.period(log.start, log.end)
    if chosen:
        yield language.t("Journeys chosen by {condition}", condition=chosen)


def _short(found: Findings, names: Names, language: Language) -> Iterator[Block]:
    """Say the figures, and what matters most in a few sentences."""
    yield Tiles(tuple(_tiles(found, names, language)))
    yield Bullets(tuple(told(found, names, language)))
    for note in found.notes:
        yield Paragraph(language.say(note, escape=as_text), soft=True)


def _tiles(found: Findings, names: Names, language: Language) -> Iterator[Tile]:
    t, ends, n = language.t, found.outcomes, found.log.journeys

    def counted(count: int | None, label: str) -> Tile:
        if count is None or not n:
            return Tile(Value(count, "count"), label)
        return Tile(Value(count, "count"), label, count / n, *wilson(count, n))

    yield counted(ends.converted, t("reached the goal: {goal}", goal=names.touchpoint(found.plan.goal)))
    yield counted(ends.dropped, t("dropped"))
    yield counted(ends.open, t("still open"))
    yield counted(found.alignment.perfect_journeys, t("as planned"))
    yield Tile(Value(found.alignment.fitness, "share"), t("fitness"))
    yield Tile(Value(found.map.event_coverage, "share"), t("of events are on the map"))


def _plan(found: Findings, language: Language) -> Iterator[Block]:
    scene = plan_scene(found, language)
    yield Figure(
        plan_picture(scene, language), _caption(scene, found, language), tuple(_legend(scene, language)), broad=True
    )


def _caption(scene: PlanScene, found: Findings, language: Language) -> str:
    t = language.t
    said = [
        t("Numbers and bars are journeys; the head of a stage counts those that got as far."),
        t("Dashed grey lines are the paths of the plan; a diamond marks a milestone."),
    ]
    if any(card.left_text for card in scene.cards):
        said.append(
            t(
                "A pill at a touchpoint counts the dropped journeys whose last planned touchpoint it was, of those "
                "that had it; sentences and tables on milestones count them at the last milestone."
            )
        )
    if scene.hidden:
        said.append(t("{n} rarer flows beside the plan are not drawn.", n=scene.hidden))
    if not found.reach["n_events"].sum():
        said.append(t("No event of these journeys is bound to the plan."))
    return " ".join(said)


def _legend(scene: PlanScene, language: Language) -> Iterator[tuple[Sign, str, bool]]:
    """Explain the lines and marks that are there."""
    lines = {flow.status for flow in scene.flows}
    marks = {"skip"} if any(card.missed_text for card in scene.cards) else set()
    for status, sign in FLOWS.items():
        if status in lines | marks:
            yield sign, language.t(sign.word), status in lines
    if any(card.left_text for card in scene.cards):
        yield LEFT_HERE, language.t("Left here (last touchpoint)"), False


def _deviations(found: Findings, names: Names, language: Language) -> Iterator[Block]:
    yield from _ranked(found, names, language)
    if not found.rules.is_empty():
        yield tables.rules(found, names, language)
    if not found.accepted.is_empty():
        yield tables.accepted(found, names, language)


def _ranked(found: Findings, names: Names, language: Language) -> Iterator[Block]:
    rows = found.to_dict()["deviations"]
    if not rows:
        yield Paragraph(language.t("No journey leaves the plan."))
        return
    said = [language.t("Most journeys first."), ledger_said(found, language)]
    if found.tests and any(row["effect"] is None for row in rows[:TOLD]):
        said.append(language.t(SOME_UNTESTED))
    yield Paragraph(" ".join(said), soft=True)
    yield Ranking(tuple(_finding(row, names, language) for row in rows[:TOLD]))
    if len(rows) > TOLD:
        yield Paragraph(language.t("All {n} deviations with their numbers:", n=len(rows)))
        yield _on_page(tables.deviations(found, names, language), language)


def _finding(row: dict[str, Any], names: Names, language: Language) -> Finding:
    sign = DEVIATIONS[row["kind"]]
    examples = ", ".join(as_text(key) for key in row["examples"][:EXAMPLES])
    return Finding(
        sign,
        language.t(sign.word),
        deviation_said(row, names, language),
        language.t("95% interval") + " " + language.interval(row["low"], row["high"]),
        " ".join(effects_said(row, language)),
        language.t("For example: {keys}", keys=examples),
    )


def _ends(found: Findings, names: Names, language: Language) -> Iterator[Block]:
    t = language.t
    window = window_said(found, language)
    counted = t(NOT_NESTED, n=found.outcomes.dropped)
    rates = t("Rates count only journeys that reached the milestone a full window before the log ends.")
    yield Paragraph(f"{window} {counted} {rates}", soft=True)
    if found.log.journeys:
        yield Figure(funnel_picture(found.from_start, names.milestone, language))
        yield _on_page(tables.drop_off(found, names, language), language)


def _gaps(found: Findings, names: Names, language: Language) -> Iterator[Block]:
    if found.gaps.is_empty():
        yield Paragraph(language.t("The plan and the log know the same, and every question has an answer."))
        return
    yield _on_page(tables.gaps(found, names, language), language)


def _on_page(table: Table, language: Language) -> Table:
    """Show the columns and the first rows that a page has room for, and say where the others are."""
    table = for_page(table)
    hidden = len(table.rows) - MOST_ROWS
    if hidden <= 0:
        return table
    note = language.t("{n} more rows stand in the spreadsheet.", n=hidden)
    return Table(table.name, table.columns, table.rows[:MOST_ROWS], note)
