"""What `compare` prints for people: the sums, then tables of deviations, drop-off and gaps, in one language.

Things are called by their titles, as in the app. Beside them stands what to write after ``--where`` to look at these
journeys alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from mining import found_words
from mining.messages import N_
from mining.questions import left_before_next, shows
from pipeline.cli.findings import log_holds
from pipeline.cli.text import facts, more, table
from pipeline.condition_words import Known, in_words
from pipeline.findings import Findings
from pipeline.formats import NOTHING
from pipeline.language import Language
from pipeline.names import Names, as_text
from pipeline.report import tables
from pipeline.report.blocks import Table, written
from pipeline.report.definitions import window_said
from pipeline.report.sentences import gap_said, off_map_places

SHOWN = 12  # rows of a table on the screen; the JSON has all
WHERE = "--where"


def findings_text(found: Findings, language: Language) -> str:
    """Say the findings on one screen."""
    names, t = Names(found.plan, language), language.t
    doc = found.to_dict()
    parts = [
        facts(_sums(found, names, language)),
        _rows(_deviation_heads(language), _deviations(doc["deviations"], names, language), language, left=(0, 1, 2, 8))
        or t("No deviation."),
        "" if found.accepted.is_empty() else _table(tables.accepted(found, names, language), language),
        "" if found.rules.is_empty() else _table(tables.rules(found, names, language), language),
        _rows(_drop_off_heads(language), _drop_off(found, names, language), language, left=(0, 1, 8)),
        _rows(_gap_heads(language), _gaps(found, doc, names, language), language, left=(0, 1, 2, 4, 5)),
    ]
    return "\n\n".join(part for part in parts if part)


def _sums(found: Findings, names: Names, language: Language) -> Iterator[tuple[str, str]]:
    t, log, fit, ends = language.t, found.log, found.alignment, found.outcomes
    yield t("Log"), log_holds(log.as_dict(), language)
    yield t("Time"), language.period(log.start, log.end) if log.start else t("none, only an order")
    if found.where:
        yield t("Chosen by"), in_words(found.where, language, Known.of(found.plan, {}, language))
    yield (
        t("Plan"),
        t(
            "{plan}: {touchpoints}; explains {events} of events, {journeys} of journeys",
            plan=names.map,
            touchpoints=language.counted("{n} touchpoint", "{n} touchpoints", found.map.touchpoints),
            events=language.percent(found.map.event_coverage),
            journeys=language.percent(found.map.journey_coverage),
        ),
    )
    yield (
        t("As planned"),
        language.counted(
            "{n} journey ({share}); fitness {fitness}",
            "{n} journeys ({share}); fitness {fitness}",
            fit.perfect_journeys or 0,
            share=language.percent(fit.perfect_share),
            fitness=language.percent(fit.fitness),
        ),
    )
    counts = {"converted": ends.converted, "dropped": ends.dropped, "open": ends.open}
    yield t("Outcome"), t("{converted} converted, {dropped} dropped, {open} open.", **counts)
    yield t("Window"), window_said(found, language)


def _deviation_heads(language: Language) -> list[str]:
    heads = (N_("Deviation"), N_("Where"), N_("Stage"), N_("Journeys"), N_("Share"), N_("95% interval"))
    return [*map(language.t, heads), language.t("Effect on goal (points)"), "q", WHERE]


def _deviations(rows: Iterable[dict[str, Any]], names: Names, language: Language) -> Iterator[list[str]]:
    for row in sorted(rows, key=lambda row: -row["journeys"]):
        yield [
            language.t(found_words.DEVIATIONS[row["kind"]].word),
            names.place(row),
            names.stage(row["stage"]),
            language.number(row["journeys"]),
            language.percent(row["share"]),
            language.interval(row["low"], row["high"]),
            language.points(row["effect"]),
            language.q_value(row["q"]),
            shows(row),
        ]


def _drop_off_heads(language: Language) -> list[str]:
    heads = (N_("Milestone"), N_("Stage"), N_("Reached"), N_("Went on"), N_("Dropped"), N_("Open"), N_("Drop-off rate"))
    return [*map(language.t, heads), language.t("95% interval"), WHERE]


def _drop_off(found: Findings, names: Names, language: Language) -> Iterator[list[str]]:
    for row in found.from_start.iter_rows(named=True):
        yield [
            names.milestone(row["milestone"]),
            NOTHING if row["stage"] is None else names.stage(row["stage"]),
            *(language.number(row[count]) for count in ("reached", "went_on", "dropped", "open")),
            language.percent(row["rate"]),
            language.interval(row["low"], row["high"]),
            left_before_next(row["milestone"]),
        ]


def _gap_heads(language: Language) -> list[str]:
    gap, where, stage, journeys, detail = (N_("Gap"), N_("Where"), N_("Stage"), N_("Journeys"), N_("Detail"))
    return [*map(language.t, (gap, where, stage, journeys)), "id", language.t(detail)]


def _gaps(found: Findings, doc: dict[str, Any], names: Names, language: Language) -> Iterator[list[str]]:
    places = off_map_places(doc["deviations"], names, language)
    for row in found.gaps.iter_rows(named=True):
        yield [
            language.t(found_words.GAPS[row["kind"]].word),
            names.place(row) if row["touchpoint"] or row["activity"] else NOTHING,
            names.stage(row["stage"]),
            language.number(row["journeys"]),
            as_text(row["touchpoint"] or ""),
            gap_said(row, places, language),
        ]


def _table(rows: Table, language: Language) -> str:
    """Set a table of the report in columns."""
    cells = (
        [written(cell, column.form, language) for cell, column in zip(row, rows.columns, strict=True)]
        for row in rows.rows
    )
    left = [number for number, column in enumerate(rows.columns) if column.form == "text"]
    return _rows([column.title for column in rows.columns], cells, language, left=left)


def _rows(heads: Sequence[str], rows: Iterable[list[str]], language: Language, *, left: Collection[int]) -> str:
    """Set the first rows in columns, and say how many more there are."""
    cells = list(rows)
    if not cells:
        return ""
    return table(heads, cells[:SHOWN], left) + more(cells, SHOWN, language)
